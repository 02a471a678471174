"""One text at a time to a local time: words of months, short numbers, years of two digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from connectors.parsing.date_style import COMPACT, DAY_WORD, MONTHS, NUMERIC, WORD_DAY, DateStyle
from connectors.parsing.texts import unmarked


def local_of(text: str, style: DateStyle) -> tuple[datetime | None, bool]:
    """One text that is no plain date of ten characters; the second value says that its content had to be completed.

    Examples
    --------
    >>> from datetime import date
    >>> local_of("5.6.99 8:05", DateStyle("dmy", date(2026, 1, 1)))
    (datetime.datetime(1999, 6, 5, 8, 5), True)
    >>> local_of("Jan 5, 2020", DateStyle())[0].date(), local_of("20200105", DateStyle())[0].date()
    (datetime.date(2020, 1, 5), datetime.date(2020, 1, 5))
    >>> local_of("30. Februar 2020", DateStyle())
    (None, False)
    """
    if (bare := unmarked(text)) != text:
        return local_of(bare, style)[0], True
    for pattern in (NUMERIC, DAY_WORD, WORD_DAY, COMPACT):
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
