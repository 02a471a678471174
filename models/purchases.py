"""Order lines -> one row per customer: repeat purchases, time of the last one, time observed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from models.lifetimes import Unit

DAYS = {"days": 1.0, "weeks": 7.0}
EPOCH = date(1970, 1, 1)
SPAN = 2**24
"""More days than any calendar of ours has."""


@dataclass(frozen=True)
class Histories:
    """One row per customer with a purchase on or before `until`, in the order of first appearance.

    Parameters
    ----------
    customers : pyarrow.Array of string
        Keys.
    x : array of float
        Repeat purchases: days with a purchase, less the first.
    t_x, T : array of float
        From the first purchase to the last one, and to `until`, in `unit`.
    unit : {"days", "weeks"}
    until : date
        The last day counted.
    """

    customers: pa.Array
    x: npt.NDArray[np.float64]
    t_x: npt.NDArray[np.float64]
    T: npt.NDArray[np.float64]
    unit: Unit
    until: date


def histories(
    transactions: pa.Table | pd.DataFrame,
    until: date,
    *,
    unit: Unit,
    time_zone: str = "UTC",
    key: str = "customer_id",
    moment: str = "ordered_at",
    quantity: str = "quantity",
) -> Histories:
    """Count purchases, merged by the day they have in the client's time zone.

    Lines with a quantity of 0 or below, cancelled or returned, are no purchases; a line without quantity counts. Lines without a customer
    or a moment, and those after `until`, are left out.

    Examples
    --------
    >>> lines = pa.table({"customer_id": ["a", "a", "b", "a"], "ordered_at": [date(2024, 1, d) for d in (1, 1, 3, 8)],
    ...                   "quantity": [1.0, 2.0, 1.0, 1.0]})
    >>> found = histories(lines, date(2024, 1, 15), unit="weeks")
    >>> found.customers.to_pylist(), found.x.tolist(), found.t_x.tolist(), found.T.round(2).tolist()
    (['a', 'b'], [1.0, 0.0], [1.0, 0.0], [2.0, 1.71])
    """
    names = [name for name in (key, moment, quantity) if name in _names(transactions)]
    chosen = transactions if isinstance(transactions, pa.Table) else pa.Table.from_pandas(transactions[names], preserve_index=False)
    table = chosen.select(names)
    days = _days(table[moment], time_zone)
    keep = pc.and_(pc.is_valid(table[key]), pc.fill_null(pc.less_equal(days, (until - EPOCH).days), False))
    if quantity in names:
        keep = pc.and_(keep, pc.fill_null(pc.greater(table[quantity], 0), True))
    bought = table[key].cast(pa.string()).filter(keep).combine_chunks().dictionary_encode()
    customers, day = bought.dictionary, days.filter(keep).to_numpy().astype(np.int64)
    # One number per customer and day; Arrow's own grouping does not keep the order of appearance.
    pairs = np.unique(bought.indices.to_numpy(zero_copy_only=False).astype(np.int64) * SPAN + day + SPAN // 2)
    starts = np.searchsorted(pairs, np.arange(len(customers) + 1) * SPAN)
    first, last = (pairs[edge] % SPAN - SPAN // 2 for edge in (starts[:-1], starts[1:] - 1))
    size = DAYS[unit]
    x, t_x, T = np.diff(starts) - 1.0, (last - first) / size, ((until - EPOCH).days - first) / size
    return Histories(customers, x, t_x, T, unit, until)


def _names(transactions: pa.Table | pd.DataFrame) -> list[str]:
    return list(transactions.column_names if isinstance(transactions, pa.Table) else transactions.columns)


def _days(moments: pa.ChunkedArray, time_zone: str) -> pa.ChunkedArray:
    """Days since 1970 of dates, or of moments as the clock of the time zone shows them."""
    if not pa.types.is_timestamp(moments.type):
        return moments.cast(pa.date32()).cast(pa.int32())
    local = moments if moments.type.tz is None else pc.local_timestamp(moments.cast(pa.timestamp("us", time_zone)))
    return local.cast(pa.date32()).cast(pa.int32())
