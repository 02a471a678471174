"""Plain dates, of ten characters alone or with a time behind, a whole column at once on its bytes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors.parsing.cells import Mask, Whole, layout
from connectors.parsing.date_style import DAY, DateStyle


def plain(values: pa.Array, style: DateStyle) -> tuple[Whole, Mask, Mask]:
    """Dates of ten characters, alone or with HH:MM or HH:MM:SS, all at once: microseconds, which texts are such, which were repaired.

    Examples
    --------
    >>> stamps, good, _ = plain(pa.array(["02.01.1970", "1970-01-01 00:01", "5.6.99"]), DateStyle())
    >>> stamps.tolist(), good.tolist()
    ([86400000000, 60000000, 0], [True, True, False])
    """
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
