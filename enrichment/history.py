"""History: what a customer's order lines say on a day, one row per customer; and what followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from enrichment.days import day_number
from enrichment.lines import Flags, Ints, Lines, Reals, read, totals

RECENT = 90
SPAN = 2**24
"""More days than any calendar of ours has."""

HISTORY = pa.schema([
    ("customer_id", pa.string()), ("orders", pa.int64()), ("spend", pa.float64()), ("items", pa.float64()), ("returns", pa.float64()),
    ("recency_days", pa.float64()), ("tenure_days", pa.float64()), ("mean_basket", pa.float64()), ("mean_gap_days", pa.float64()),
    ("orders_90", pa.int64()), ("spend_90", pa.float64()), ("categories", pa.int64()), ("online_share", pa.float64()),
])  # fmt: skip
FEATURES = tuple(name for name in HISTORY.names if name != "customer_id")
COUNTED = ("orders", "spend", "items", "returns", "orders_90", "spend_90", "categories")
"""Features that are 0 for a customer without any line."""


def history(lines: pa.Table, as_of: date, time_zone: str) -> pa.Table:
    """One row per customer with a line on or before a day.

    An order is a document of a customer with a bought line, its day that of the first such line, and online when one of its lines is.
    Returns are lines with a negative quantity (where it is unknown, a negative amount). `spend` and `spend_90` count returns against it,
    `mean_basket` does not. `recency_days` and `tenure_days` are counted to the as-of date from the last and the first order,
    `mean_gap_days` between different days of ordering. Values that the lines do not tell are null: a customer none of whose lines has an
    amount has no spend, one without an order no recency.

    Parameters
    ----------
    lines : pyarrow.Table
        Of the transactions contract; see `lines.read` for what may be missing. Whole customers: all lines of each.
    as_of : datetime.date
        Lines after this day, by the client's clock, are left out.
    time_zone : str

    Returns
    -------
    pyarrow.Table
        As `HISTORY`, in the order of first appearance; money in the currency of the lines.

    Examples
    --------
    >>> table = pa.table({"order_id": ["7", "8", "9"], "customer_id": ["a", "a", "a"], "ordered_at": [date(2026, m, 1) for m in (1, 5, 6)],
    ...                   "quantity": [2.0, 1.0, -1.0], "unit_price": [5.0, 8.0, 8.0], "channel": ["app", "store", "store"]})
    >>> history(table, date(2026, 6, 30), "Europe/Berlin").to_pylist()[0]  # doctest: +NORMALIZE_WHITESPACE
    {'customer_id': 'a', 'orders': 2, 'spend': 10.0, 'items': 3.0, 'returns': 1.0, 'recency_days': 60.0, 'tenure_days': 180.0,
     'mean_basket': 9.0, 'mean_gap_days': 120.0, 'orders_90': 1, 'spend_90': 0.0, 'categories': None, 'online_share': 0.5}
    """
    every, day = read(lines, as_of, time_zone), day_number(as_of)
    bought = every.take(every.bought)
    made = {**_dated(_heads(bought), len(every.customers), day), **_counted(every, bought, day)}
    made["mean_basket"] = _over(_sum_known(bought, bought.amount, len(every.customers)), made["orders"])
    arrays = {name: _array(made[name], HISTORY.field(name).type) for name in FEATURES}
    return pa.table({"customer_id": every.customers, **arrays}, schema=HISTORY)


def outcome(lines: pa.Table, as_of: date, horizon_days: int, time_zone: str) -> pa.Table:
    """Whether each customer bought in the days after a day: a label cut from the history itself.

    Returns
    -------
    pyarrow.Table
        customer_id, bought: one row per customer with a line up to the end of the horizon, a first line after `as_of` included. The
        label is whole only where the lines reach to the end of the horizon.

    Examples
    --------
    >>> table = pa.table({"order_id": ["7", "8"], "customer_id": ["a", "b"], "ordered_at": [date(2026, 5, 1), date(2026, 7, 1)]})
    >>> outcome(table, date(2026, 6, 30), 90, "Europe/Berlin").to_pylist()
    [{'customer_id': 'a', 'bought': False}, {'customer_id': 'b', 'bought': True}]
    """
    every = read(lines, as_of + timedelta(days=horizon_days), time_zone)
    bought = np.zeros(len(every.customers), dtype=np.bool_)
    bought[every.owner[every.bought & (every.day > day_number(as_of))]] = True
    return pa.table({"customer_id": every.customers, "bought": pa.array(bought)})


def _heads(bought: Lines) -> Lines:
    """One entry per order: its first day, and its channel: online where one line is, unknown where all are."""
    most = int(bought.order.max(initial=-1)) + 1
    _, at, code = np.unique(bought.owner * most + bought.order, return_index=True, return_inverse=True)
    day, channel = bought.day[at], bought.channel[at]
    np.minimum.at(day, code, bought.day)
    np.maximum.at(channel, code, bought.channel)
    heads = bought.take(at)
    return replace(heads, day=day, channel=channel)


def _dated(heads: Lines, size: int, day: int) -> dict[str, Reals | Ints]:
    orders = _count(heads.owner, size)
    first, last = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(first, heads.owner, heads.day)
    np.maximum.at(last, heads.owner, heads.day)
    first, last = (np.where(np.isfinite(end), end, np.nan) for end in (first, last))
    gaps = _distinct(heads.owner, heads.day + SPAN // 2, SPAN, size) - 1
    known = heads.channel >= 0
    return {
        "orders": orders, "recency_days": day - last, "tenure_days": day - first, "mean_gap_days": _over(last - first, gaps),
        "orders_90": _count(heads.owner[heads.day > day - RECENT], size),
        "online_share": _over(_count(heads.owner[heads.channel == 1], size), _count(heads.owner[known], size)),
    }  # fmt: skip


def _counted(every: Lines, bought: Lines, day: int) -> dict[str, Reals | Ints]:
    size, recent = len(every.customers), every.take(every.day > day - RECENT)
    told = {name: _any(every.owner[~np.isnan(getattr(every, name))], size) for name in ("quantity", "amount")}
    labelled = bought.category >= 0
    most = int(bought.category.max(initial=0)) + 1
    kinds = _distinct(bought.owner[labelled], bought.category[labelled], most, size)
    return {
        "spend": _where(told["amount"], totals(every.owner, every.amount, size)),
        "items": _where(told["quantity"], totals(bought.owner, bought.quantity, size)),
        "returns": _where(told["quantity"], totals(every.owner, np.maximum(-every.quantity, 0), size)),
        "spend_90": _where(told["amount"], totals(recent.owner, recent.amount, size)),
        "categories": _where(_any(every.owner[every.category >= 0], size), kinds),
    }


def _sum_known(lines: Lines, values: Reals, size: int) -> Reals:
    """Sum by customer; nan where none of the customer's values is known."""
    return _where(_any(lines.owner[~np.isnan(values)], size), totals(lines.owner, values, size))


def _count(owner: Ints, size: int) -> Ints:
    return np.bincount(owner, minlength=size).astype(np.int64)


def _any(owner: Ints, size: int) -> Flags:
    there = np.zeros(size, dtype=np.bool_)
    there[owner] = True
    return there


def _distinct(owner: Ints, value: Ints, most: int, size: int) -> Ints:
    """How many different values (from 0 to below `most`) each owner has."""
    pairs = np.sort(owner * most + value)
    new = np.r_[True, pairs[1:] != pairs[:-1]] if len(pairs) else np.zeros(0, np.bool_)
    return _count(pairs[new] // most, size)


def _over(above: Reals | Ints, below: Reals | Ints) -> Reals:
    """A quotient; nan where there is nothing to divide by."""
    quotient = np.full(len(below), np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient


def _where(told: Flags, values: Reals | Ints) -> Reals:
    return np.where(told, values, np.nan)


def _array(values: Reals | Ints, kind: pa.DataType) -> pa.Array:
    return pc.cast(pa.array(values, from_pandas=True), kind)
