"""Moments in UTC from local times of the client's clock, or from times with an offset of their own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Parsed, Whole, flags
from connectors.parsing.date_style import DAY, DateStyle
from connectors.parsing.date_texts import local_of
from connectors.parsing.dates import local
from connectors.parsing.texts import trim

MOMENT = pa.timestamp("us", tz="UTC")
_OFFSET = re.compile(r"(?P<rest>.*\d) ?(?P<z>Z|[+-]\d{2}:?\d{2})")


def parse(values: pa.Array, style: DateStyle, zone: str, nulls: frozenset[str]) -> Parsed:
    """Moments of a column; a day without a time is its beginning on the client's clock.

    Of a local hour that comes twice when clocks go back, the first is meant; an hour that is left out in spring counts on from before.

    Examples
    --------
    >>> cells = pa.array(["01.07.2020 12:00", "2020-01-01T00:00:00+01:00", "32.01.2020"])
    >>> parsed = parse(cells, DateStyle("dmy"), "Europe/Berlin", frozenset())
    >>> [str(value) for value in parsed.values.to_pylist()]
    ['2020-07-01 10:00:00+00:00', '2019-12-31 23:00:00+00:00', 'None']
    """
    found = local(values, style, nulls)
    stamps = pc.fill_null(found.values, 0).to_numpy(zero_copy_only=False)
    good, bad = flags(found.values.is_valid()), found.bad.copy()
    utc = to_utc(stamps, zone)
    for row in np.flatnonzero(bad).tolist():
        own = with_offset(trim(values[row].as_py()), style)
        if own is not None:
            utc[row], good[row], bad[row] = own, True, False
    return Parsed(pa.array(utc, mask=~good).cast(MOMENT), bad, found.repaired, "date")


def placed(times: Parsed, zone: str) -> Parsed:
    """Local times as moments."""
    utc = to_utc(pc.fill_null(times.values, 0).to_numpy(zero_copy_only=False), zone)
    return Parsed(pa.array(utc, mask=flags(times.values.is_null())).cast(MOMENT), times.bad, times.repaired, times.rule)


def with_offset(text: str, style: DateStyle) -> int | None:
    """A time that names its own offset, as microseconds since 1970 in UTC.

    Examples
    --------
    >>> with_offset("1970-01-01T01:00:00+01:00", DateStyle()), with_offset("1970-01-01", DateStyle())
    (0, None)
    """
    match = _OFFSET.fullmatch(text)
    moment, _ = local_of(match["rest"], style) if match and ":" in match["rest"] else (None, False)
    if match is None or moment is None:
        return None
    sign, digits = match["z"][0], match["z"][1:].replace(":", "")
    shift = timedelta() if match["z"] == "Z" else timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if sign == "-" else 1)
    return (moment - shift - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def to_utc(stamps: Whole, zone: str) -> Whole:
    """Local microseconds to UTC; offsets are looked up once a day, and one by one on days when they change."""
    days, place = np.unique(np.floor_divide(stamps, DAY), return_inverse=True)
    start, end = (np.array([offset(zone, int(day + later) * DAY) for day in days], np.int64) for later in (0, 1))
    result: Whole = stamps - start[place]
    for row in np.flatnonzero((start != end)[place]).tolist():
        result[row] = stamps[row] - offset(zone, int(stamps[row]))
    return result


@lru_cache(maxsize=100_000)
def offset(zone: str, stamp: int) -> int:
    """Microseconds that a zone's clock is ahead of UTC at a local time.

    Examples
    --------
    >>> offset("Europe/Berlin", 0) // 3_600_000_000
    1
    """
    try:
        moment = datetime(1970, 1, 1) + timedelta(microseconds=stamp)
    except OverflowError:
        return 0
    shift = moment.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()
    return shift // timedelta(microseconds=1)


def day_of(moments: pa.Array, zone: str) -> Whole:
    """The local day of each moment, as days since 1970; 0 for null.

    Examples
    --------
    >>> day_of(pa.array([82_800_000_000], MOMENT), "Europe/Berlin").tolist()
    [1]
    """
    stamps = pc.fill_null(moments.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    days, place = np.unique(np.floor_divide(stamps, DAY // 24), return_inverse=True)
    utc = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=int(hour)) for hour in days]
    shift = np.array(
        [(moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()) // timedelta(microseconds=1) for moment in utc], np.int64
    )
    result: Whole = np.floor_divide(stamps + shift[place], DAY)
    return result
