"""Order lines as parallel arrays: whose, when, which order, how many, how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from enrichment.days import day_number, local_days

Ints = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ONLINE = ("online", "app")
"""Channels that count as online."""
FIELDS = ("order_id", "customer_id", "ordered_at", "quantity", "unit_price", "amount", "category", "channel", "cancelled")
"""Fields that are read."""
MILLION = 1e6
WHOLE = 0.01
"""How far amount over price may lie from a whole number of pieces."""


@dataclass(frozen=True)
class Lines:
    """One entry per order line that has a customer and a day and was not cancelled.

    Parameters
    ----------
    customers : pyarrow.Array of string
        Keys, in the order of first appearance.
    owner : int64 array
        Place of the customer in `customers`.
    day : int64 array
        Days since 1970-01-01 by the client's clock.
    order : int64 array
        One code per order id.
    quantity, amount : float array
        Pieces and money; nan where unknown.
    category : int64 array
        One code per category; -1 where unknown.
    channel : int64 array
        1 for an online channel, 0 for another, -1 where unknown.
    """

    customers: pa.Array
    owner: Ints
    day: Ints
    order: Ints
    quantity: Reals
    amount: Reals
    category: Ints
    channel: Ints

    @property
    def bought(self) -> Flags:
        """Lines that are no return: a quantity above 0, or where it is unknown, an amount that is not negative."""
        return is_bought(self.quantity, self.amount)

    def take(self, which: Flags | npt.NDArray[np.intp]) -> Lines:
        """Some of the lines; `customers` stays as it is."""
        names = ("owner", "day", "order", "quantity", "amount", "category", "channel")
        return Lines(self.customers, **{name: getattr(self, name)[which] for name in names})


def read(table: pa.Table, until: date, time_zone: str) -> Lines:
    """The lines up to and including a day, from a table of the transactions contract.

    A missing amount is quantity times price; a missing quantity is amount over price where that is a whole number of pieces. Fields other
    than order_id, customer_id and ordered_at may be missing altogether. A line whose `cancelled` is true is left out.

    Parameters
    ----------
    table : pyarrow.Table
        One row per order line.
    until : datetime.date
    time_zone : str
        Whose clock tells the day of `ordered_at`.

    Examples
    --------
    >>> table = pa.table({"order_id": ["7", "7", "8"], "customer_id": ["a", "a", "b"], "ordered_at": [date(2026, 6, d) for d in (1, 1, 9)],
    ...                   "quantity": [2.0, None, 1.0], "unit_price": [5.0, 3.0, 1.0], "amount": [None, 9.0, 1.0]})
    >>> found = read(table, date(2026, 6, 8), "Europe/Berlin")
    >>> found.amount.tolist(), found.quantity.tolist(), found.customers.to_pylist()
    ([10.0, 9.0], [2.0, 3.0], ['a'])
    """
    table = table.select([name for name in FIELDS if name in table.column_names])
    day = local_days(table.column("ordered_at"), time_zone).cast(pa.int32())
    keep = pc.and_(usable(table), pc.fill_null(pc.less_equal(day, day_number(until)), False))
    mask = keep.to_numpy()
    chosen = table if mask.all() else table.filter(keep)
    customers, owner = _codes(chosen.column("customer_id"))
    quantity, amount = sums(chosen)
    return Lines(
        customers, owner, (day if mask.all() else day.filter(keep)).to_numpy().astype(np.int64), _codes(chosen.column("order_id"))[1],
        quantity, amount, _category(chosen), _channel(chosen),
    )  # fmt: skip


def totals(owner: Ints, values: Reals, size: int) -> Reals:
    """Sum by owner; unknown values (nan) count nothing. Sums of millionths are exact, whatever the order of the lines.

    Examples
    --------
    >>> totals(np.array([0, 0, 0, 1]), np.array([0.1, 0.2, 0.3, np.nan]), 2).tolist()
    [0.6, 0.0]
    """
    found = np.bincount(owner, np.nan_to_num(np.rint(values * MILLION), nan=0.0), minlength=size)
    return np.asarray(found / MILLION, dtype=np.float64)


def usable(table: pa.Table) -> pa.ChunkedArray:
    """Whether a line has a customer and a moment and was not cancelled."""
    keep = pc.and_(pc.is_valid(table.column("customer_id")), pc.is_valid(table.column("ordered_at")))
    return pc.and_not(keep, pc.fill_null(table.column("cancelled"), False)) if "cancelled" in table.column_names else keep


def sums(table: pa.Table) -> tuple[Reals, Reals]:
    """Quantity and amount of each line, either completed from the other and the price; nan where unknown."""
    quantity, price, amount = (_reals(table, name) for name in ("quantity", "unit_price", "amount"))
    with np.errstate(invalid="ignore", divide="ignore"):
        pieces = amount / price
        whole = np.rint(pieces)
        sure = np.isnan(quantity) & (np.abs(pieces - whole) <= WHOLE) & (whole != 0)
        return np.where(sure, whole, quantity), np.where(np.isnan(amount), quantity * price, amount)


def is_bought(quantity: Reals, amount: Reals) -> Flags:
    """A quantity above 0, or where it is unknown, an amount that is not negative.

    Examples
    --------
    >>> is_bought(np.array([1.0, -1.0, np.nan, np.nan]), np.array([-5.0, 5.0, np.nan, -5.0])).tolist()
    [True, False, True, False]
    """
    return np.where(np.isnan(quantity), ~(amount < 0), quantity > 0)


def _reals(table: pa.Table, name: str) -> Reals:
    if name not in table.column_names:
        return np.full(table.num_rows, np.nan)
    values = table.column(name).cast(pa.float64())
    return np.asarray(values.to_numpy(), dtype=np.float64)  # null becomes nan


def _codes(texts: pa.ChunkedArray) -> tuple[pa.Array, Ints]:
    """Distinct texts and the code of each row; null has a code of its own."""
    if pa.types.is_dictionary(texts.type):
        texts = texts.cast(texts.type.value_type)
    found = texts.cast(pa.string()).combine_chunks().dictionary_encode(null_encoding="encode")
    if isinstance(found, pa.ChunkedArray):  # no chunks stay chunked
        return pa.array([], pa.string()), np.zeros(0, np.int64)
    return found.dictionary, found.indices.to_numpy().astype(np.int64)


def _category(table: pa.Table) -> Ints:
    if "category" not in table.column_names:
        return np.full(table.num_rows, -1, np.int64)
    texts, codes = _codes(table.column("category"))
    return np.where(np.append(texts.is_valid().to_numpy(zero_copy_only=False), False)[codes], codes, -1)


def _channel(table: pa.Table) -> Ints:
    if "channel" not in table.column_names:
        return np.full(table.num_rows, -1, np.int64)
    texts, codes = _codes(table.column("channel"))
    kinds = pc.fill_null(pc.if_else(pc.is_valid(texts), pc.is_in(texts, value_set=pa.array(ONLINE)).cast(pa.int64()), None), -1)
    return np.asarray(np.append(kinds.to_numpy(zero_copy_only=False), -1)[codes], dtype=np.int64)
