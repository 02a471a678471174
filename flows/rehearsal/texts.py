"""Numbers, days and words as a German company's export writes them, column by column in Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from flows.rehearsal.draws import Numbers

EPOCH = date(1970, 1, 1)
FIRST_DAY = (date(1800, 1, 1) - EPOCH).days
LAST_DAY = (date(2101, 1, 1) - EPOCH).days


def day_number(day: date) -> int:
    """Days since 1970-01-01.

    Examples
    --------
    >>> day_number(date(1970, 2, 1))
    31
    """
    return (day - EPOCH).days


def words(of: Sequence[str], code: Numbers) -> pa.Array:
    """The words at some positions.

    Examples
    --------
    >>> words(("a", "b"), np.array([1, 0])).to_pylist()
    ['b', 'a']
    """
    return pa.array(of, pa.string()).take(pa.array(code))


@cache
def _calendar() -> pa.Array:
    days = (EPOCH + timedelta(days=n) for n in range(FIRST_DAY, LAST_DAY))
    return pa.array([f"{day:%d.%m.}{day.year:04d}" for day in days], pa.string())


def german_day(day: Numbers, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Days as ``31.12.1999``; null where missing.

    Examples
    --------
    >>> german_day(np.array([0, 1]), np.array([False, True])).to_pylist()
    ['01.01.1970', None]
    """
    return _calendar().take(pa.array(day - FIRST_DAY, mask=missing))


@cache
def _cents() -> pa.Array:
    return pa.array([f",{cent:02d}" for cent in range(100)], pa.string())


def german_money(cents: Numbers, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Cents as ``1234,56``; null where missing.

    Examples
    --------
    >>> german_money(np.array([123456, -5])).to_pylist()
    ['1234,56', '-0,05']
    """
    sign = words(("", "-"), (cents < 0).astype(np.int64))
    whole = pa.array(np.abs(cents) // 100, mask=missing).cast(pa.string())
    return pc.binary_join_element_wise(sign, whole, _cents().take(pa.array(np.abs(cents) % 100)), "")


def whole_text(numbers: Numbers, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Whole numbers as text; null where missing."""
    return pa.array(numbers, mask=missing).cast(pa.string())


def joined(*parts: pa.Array | str) -> pa.Array:
    """Texts put together; null where a part is null.

    Examples
    --------
    >>> joined(pa.array(["a", None]), "-", pa.array(["b", "c"])).to_pylist()
    ['a-b', None]
    """
    return pc.binary_join_element_wise(*parts, "")
