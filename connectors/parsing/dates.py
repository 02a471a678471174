"""Days and local times: strict, in one order per column; a day that the calendar does not have is bad."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Parsed, by_unique, flags
from connectors.parsing.date_style import DAY, DateStyle
from connectors.parsing.date_texts import local_of
from connectors.parsing.plain_dates import plain
from connectors.parsing.texts import trim, vacant

EPOCH = date(1970, 1, 1)
SERIAL_ZERO = (date(1899, 12, 30) - EPOCH).days


def parse(values: pa.Array, style: DateStyle, nulls: frozenset[str]) -> Parsed:
    """Days of a column as date32; a time of day is left out.

    Examples
    --------
    >>> style = DateStyle("dmy", date(2026, 8, 31))
    >>> cells = pa.array(["24.12.1999", "31.02.1980", "2020-02-29", "12/31/2021", "5. März 2020", "01.02.24", "-"])
    >>> parsed = parse(cells, style, frozenset({"-"}))
    >>> [str(day) for day in parsed.values.to_pylist()]
    ['1999-12-24', 'None', '2020-02-29', '2021-12-31', '2020-03-05', '2024-02-01', 'None']
    >>> parsed.bad.tolist(), parsed.repaired.tolist()
    ([False, True, False, False, False, False, False], [False, False, False, True, False, True, False])
    """
    return days(local(values, style, nulls))


def days(times: Parsed) -> Parsed:
    """Local times as days."""
    stamps = times.values
    count = np.floor_divide(pc.fill_null(stamps, 0).to_numpy(zero_copy_only=False), DAY).astype(np.int32)
    array = pa.array(count, pa.int32(), mask=~flags(stamps.is_valid())).cast(pa.date32())
    return Parsed(array, times.bad, times.repaired, "date")


def local(values: pa.Array, style: DateStyle, nulls: frozenset[str]) -> Parsed:
    """Local times as microseconds since 1970-01-01 00:00 of the client's clock (int64).

    A time with an offset of its own is out of place here: see `moments.parse`.
    """
    stamp, good, repaired = plain(values, style)
    empty = ~flags(values.is_valid())
    rest = np.flatnonzero(~good & ~empty)
    if len(rest):
        texts = values.take(pa.array(rest))
        outcome = by_unique(texts, lambda unique: _one_by_one(unique, style, nulls))
        stamp[rest] = pc.fill_null(outcome.values, 0).to_numpy(zero_copy_only=False)
        good[rest], repaired[rest] = flags(outcome.values.is_valid()), outcome.repaired
        empty[rest] = ~good[rest] & ~outcome.bad
    said = good & np.isin(stamp, _stand_ins(nulls, style))
    good, empty = good & ~said, empty | said
    return Parsed(pa.array(stamp, mask=~good), ~good & ~empty, repaired & good, "date")


def _stand_ins(nulls: frozenset[str], style: DateStyle) -> list[int]:
    """Days that stand for nothing, such as 31.12.9999: those of the null words that are dates, however a cell writes them."""
    days = [local_of(word, style)[0] for word in sorted(nulls) if any(sign.isdigit() for sign in word)]
    return [_stamp(day) for day in days if day is not None]


def _one_by_one(values: pa.Array, style: DateStyle, nulls: frozenset[str]) -> Parsed:
    texts = values.to_pylist()
    found = [(None, False) if text is None else local_of(trim(text), style) for text in texts]
    stamps = [None if moment is None else _stamp(moment) for moment, _ in found]
    nothing = vacant(pa.array([None if t is None else trim(t) for t in texts], pa.string()), nulls) | np.array(
        [t is None for t in texts], bool
    )
    bad = np.array([s is None for s in stamps], bool) & ~nothing
    return Parsed(pa.array(stamps, pa.int64()), bad, np.array([changed for _, changed in found], bool), "date")


def _stamp(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def serial(values: pa.Array) -> Parsed:
    """Cells that a workbook holds as numbers, as Excel counts days from 1900; local times as in `local`.

    Examples
    --------
    >>> days(serial(pa.array(["41245", "0.5", "41245.5"]))).values.to_pylist()
    [datetime.date(2012, 12, 2), None, datetime.date(2012, 12, 2)]
    """
    numbers = [float(text) if text and re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None for text in values.to_pylist()]
    fine = np.array([n is not None and 61 <= n < 2_958_466 for n in numbers], bool)
    day = np.array([n if ok else SERIAL_ZERO for n, ok in zip(numbers, fine, strict=True)], float)
    stamp = np.round((day + SERIAL_ZERO) * 86_400).astype(np.int64) * 1_000_000
    return Parsed(pa.array(stamp, mask=~fine), ~fine & flags(values.is_valid()), fine, "date")
