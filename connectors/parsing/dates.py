"""Days and local times: strict, in one order per column; a day that the calendar does not have is bad."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Mask, Parsed, Whole, by_unique, flags, layout
from connectors.parsing.texts import trim, unmarked, vacant

Order = Literal["dmy", "mdy", "ymd"]
EPOCH = date(1970, 1, 1)
DAY = 86_400_000_000
SERIAL_ZERO = (date(1899, 12, 30) - EPOCH).days
MONTHS: dict[str, int] = {}
for _n, _words in enumerate((
    "january jan januar jän jänner januari janvier enero ene",
    "february feb februar februari février fév febrero",
    "march mar märz mär maerz mrz maart mrt mars marzo",
    "april apr avril avr abril abr",
    "may mai mei mayo",
    "june jun juni juin junio",
    "july jul juli juillet julio",
    "august aug augustus août agosto ago",
    "september sep sept septembre septiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre déc diciembre dic",
), 1):  # fmt: skip
    MONTHS |= dict.fromkeys(_words.split(), _n)

_TIME = (
    r"(?:[T ]+(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r" ?(?P<ap>[AaPp]\.?[Mm]\.?)?(?: Uhr)? ?(?P<z>Z|[+-]\d{2}:?\d{2})?)?"
)
_NUMERIC = re.compile(r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})" + _TIME)
_DAY_WORD = re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[. -]+(?P<w>[^\W\d]+)\.?[, -]+(?P<y>\d{4}|\d{2})" + _TIME)
_WORD_DAY = re.compile(r"(?P<w>[^\W\d]+)\.? +(?P<d>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y>\d{4})" + _TIME)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _TIME)


@dataclass(frozen=True)
class DateStyle:
    """How a column writes dates.

    Parameters
    ----------
    order : {"dmy", "mdy", "ymd"}
    latest : datetime.date, optional
        No two-digit year means a later day than this.
    birth : bool
        Two-digit years are years of birth: of people between 10 and 100 years old.
    """

    order: Order = "dmy"
    latest: date | None = None
    birth: bool = False


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
    stamp, good, repaired = _fixed(values, style)
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


def _fixed(values: pa.Array, style: DateStyle) -> tuple[Whole, Mask, Mask]:
    """Dates of ten characters, alone or with HH:MM or HH:MM:SS, all at once."""
    data, start, length = layout(values)
    stamp, good, repaired = np.zeros(len(values), np.int64), np.zeros(len(values), bool), np.zeros(len(values), bool)
    for size in (10, 16, 19):
        rows = np.flatnonzero(length == size)
        if len(rows):
            signs = (
                data[start[rows][:, None] + np.arange(size)]
                if len(rows) < len(values) or size * len(rows) != len(data)
                else data.reshape(-1, size)
            )
            stamp[rows], good[rows], repaired[rows] = _matrix(signs, style)
    return stamp, good, repaired


def _matrix(signs: npt.NDArray[np.uint8], style: DateStyle) -> tuple[Whole, Mask, Mask]:
    number = signs - 48  # wraps below the digits
    digit = number < 10
    year_last = _all(digit, (0, 1, 3, 4, 6, 7, 8, 9)) & _separated(signs, 2, 5)
    year_first = _all(digit, (0, 1, 2, 3, 5, 6, 8, 9)) & _separated(signs, 4, 7)
    a, b, tail = _two(number, 0), _two(number, 3), _two(number, 6) * 100 + _two(number, 8)
    day, month = (b, a) if style.order == "mdy" else (a, b)
    swapped = year_last & (month > 12) & (day <= 12)
    day, month = np.where(swapped, month, day), np.where(swapped, day, month)
    if style.order == "ymd":  # nothing says which comes first unless one of them is no month
        year_last &= (a > 12) | (b > 12) | (a == b)
    day, month = np.where(year_first, _two(number, 8), day), np.where(year_first, _two(number, 5), month)
    year = np.where(year_first, _two(number, 0) * 100 + _two(number, 2), tail)
    clock, timed = _clock(signs, number, digit)
    good = (year_last | year_first) & timed & _on_calendar(year, month, day)
    stamp = _days(year, month, day) * DAY + clock
    return np.where(good, stamp, 0), good, good & ~year_first & (swapped if style.order != "ymd" else True)


def _all(digit: Mask, places: tuple[int, ...]) -> Mask:
    found = digit[:, places[0]].copy()
    for place in places[1:]:
        found &= digit[:, place]
    return found


def _separated(signs: npt.NDArray[np.uint8], first: int, second: int) -> Mask:
    one = signs[:, first]
    same: Mask = (one == signs[:, second]) & ((one == 0x2E) | (one == 0x2F) | (one == 0x2D))
    return same


def _two(number: npt.NDArray[np.uint8], place: int) -> Whole:
    return number[:, place].astype(np.int64) * 10 + number[:, place + 1]


def _clock(signs: npt.NDArray[np.uint8], number: npt.NDArray[np.uint8], digit: Mask) -> tuple[Whole, Mask]:
    """Microseconds of the day, and whether the time is one."""
    width = signs.shape[1]
    if width == 10:
        return np.zeros(len(signs), np.int64), np.ones(len(signs), bool)
    hour, minute = _two(number, 11), _two(number, 14)
    fine = _all(digit, (11, 12, 14, 15)) & ((signs[:, 10] == 0x20) | (signs[:, 10] == 0x54)) & (signs[:, 13] == 0x3A)
    second = np.zeros(len(signs), np.int64)
    if width == 19:
        second = _two(number, 17)
        fine &= _all(digit, (17, 18)) & (signs[:, 16] == 0x3A) & (second < 60)
    return (hour * 3600 + minute * 60 + second) * 1_000_000, fine & (hour < 24) & (minute < 60)


_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def _on_calendar(year: Whole, month: Whole, day: Whole) -> Mask:
    known = (month >= 1) & (month <= 12)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _LENGTHS[np.where(known, month, 0)] + (leap & (month == 2))
    fine: Mask = known & (day >= 1) & (day <= longest) & (year >= 1)
    return fine


def _days(year: Whole, month: Whole, day: Whole) -> Whole:
    """Days since 1970-01-01 on the Gregorian calendar; years count from March, so that the leap day is the last."""
    y = year - (month <= 2)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    days: Whole = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468
    return days


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


def local_of(text: str, style: DateStyle) -> tuple[datetime | None, bool]:
    """One text that is no plain date of ten characters; the second value says that its content had to be completed.

    Examples
    --------
    >>> local_of("5.6.99 8:05", DateStyle("dmy", date(2026, 1, 1)))
    (datetime.datetime(1999, 6, 5, 8, 5), True)
    >>> local_of("Jan 5, 2020", DateStyle())[0].date(), local_of("20200105", DateStyle())[0].date()
    (datetime.date(2020, 1, 5), datetime.date(2020, 1, 5))
    >>> local_of("30. Februar 2020", DateStyle())
    (None, False)
    """
    if (bare := unmarked(text)) != text:
        return local_of(bare, style)[0], True
    for pattern in (_NUMERIC, _DAY_WORD, _WORD_DAY, _COMPACT):
        match = pattern.fullmatch(text)
        if match and not match["z"]:
            return _from_match(match, style)
    return None, False


def _from_match(match: re.Match[str], style: DateStyle) -> tuple[datetime | None, bool]:
    parts = match.groupdict()
    if "w" in parts:
        month = MONTHS.get(parts["w"].lower(), 0)
        year, changed = _year(parts["y"], month, int(parts["d"]), style)
        return _built(year, month, int(parts["d"]), parts), changed
    if "a" not in parts:
        return _built(int(parts["y"]), int(parts["m"]), int(parts["d"]), parts), False
    return _numeric(parts, style)


def _numeric(parts: dict[str, str], style: DateStyle) -> tuple[datetime | None, bool]:
    a, b, c = parts["a"], parts["b"], parts["c"]
    if len(a) == 4 and len(c) <= 2:
        return _built(int(a), int(b), int(c), parts), False
    if len(a) > 2 or len(c) not in (2, 4):
        return None, False
    if style.order == "ymd" and len(c) == 2:
        year, changed = _year(a, int(b), int(c), style)
        return _built(year, int(b), int(c), parts), changed
    day, month = (int(b), int(a)) if style.order == "mdy" else (int(a), int(b))
    if style.order == "ymd" and day <= 12 and month <= 12 and day != month:
        return None, False
    swapped = month > 12 >= day
    day, month = (month, day) if swapped else (day, month)
    year, completed = _year(c, month, day, style)
    return _built(year, month, day, parts), swapped or completed or style.order == "ymd"


def _year(text: str, month: int, day: int, style: DateStyle) -> tuple[int, bool]:
    """The year in full; 0 where no century or more than one fits."""
    if len(text) == 4:
        return int(text), False
    latest = style.latest
    if latest is None:
        return (0, True) if style.birth else (int(text) + (2000 if int(text) < 50 else 1900), True)
    if style.birth:
        fits = [century + int(text) for century in (1900, 2000) if 10 <= latest.year - century - int(text) < 100]
    else:
        fits = [
            century + int(text) for century in (2000, 1900) if (century + int(text), month, day) <= (latest.year, latest.month, latest.day)
        ][:1]
    return (fits[0] if len(fits) == 1 else 0), True


def _built(year: int, month: int, day: int, parts: Mapping[str, str | None]) -> datetime | None:
    hour, minute, second = (int(parts[name] or 0) for name in ("h", "mi", "s"))
    half = (parts["ap"] or "").lower().replace(".", "")
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "pm" else 0) if half else hour
    fraction = int((parts["f"] or "0").ljust(6, "0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, fraction)
    except ValueError:  # the calendar or the clock does not have it
        return None


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


def order_votes(values: pa.Array) -> dict[Order, int]:
    """How many different texts can only be read in one order.

    Examples
    --------
    >>> order_votes(pa.array(["31.12.2020", "12/31/2020", "1.2.2020", "2020-01-31"]))
    {'dmy': 1, 'mdy': 1, 'ymd': 1}
    """
    votes: dict[Order, int] = {"dmy": 0, "mdy": 0, "ymd": 0}
    for text in values.unique().to_pylist():
        match = _NUMERIC.fullmatch(trim(text or ""))
        if match:
            a, b = int(match["a"]), int(match["b"])
            votes["ymd"] += len(match["a"]) == 4
            votes["dmy"] += len(match["a"]) <= 2 and 12 < a <= 31 and b <= 12
            votes["mdy"] += len(match["a"]) <= 2 and 12 < b <= 31 and a <= 12
    return votes
