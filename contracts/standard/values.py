"""Values that rules ask for, such as a bound or a list of codes: taken from YAML, and fitting their rule and the type of their field."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

LARGEST = 2**63
_ORDERED = ("ge", "gt", "le", "lt")
_TEXTUAL = ("str_startswith", "str_endswith", "str_matches", "str_contains")
_KINDS = {
    "text": "a text", "whole": "a whole number", "real": "a number", "flag": "true or false", "day": "a day such as 2026-08-31",
    "moment": "a day or a moment such as 2026-08-31T12:00:00+00:00",
}  # fmt: skip


def told(value: Any) -> Any:
    """A rule's value as YAML holds it.

    Examples
    --------
    >>> told((1, 64)), told(date(2026, 8, 31))
    ([1, 64], '2026-08-31')
    """
    if isinstance(value, tuple | list):
        return [told(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def taken(value: Any, word: str) -> Any:
    """A value from YAML as a field of this type has it; ValueError where it is no day or time.

    Examples
    --------
    >>> taken("2020-01-01", "moment"), taken([1, 2], "whole")
    (datetime.datetime(2020, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), (1, 2))
    """
    if isinstance(value, list):
        return tuple(taken(each, word) for each in value)
    if not isinstance(value, str):
        return int(value) if word == "whole" and isinstance(value, float) and value.is_integer() else value
    if word == "day":
        return datetime.fromisoformat(value).date()
    if word == "moment":
        return _moment(datetime.fromisoformat(value))
    return value


def _moment(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("before the year 1 or after the year 9999") from None


def fitting(rule: str, value: Any, word: str) -> Any:
    """A rule's value as a field of this type has it.

    Parameters
    ----------
    rule : str
        By pandera's name, such as ``ge`` or ``isin``.
    value : object
        As YAML holds it.
    word : str
        The field's type, as in `contracts.fields.TYPES`.

    Raises
    ------
    ValueError
        Where it does not fit; the words say what would.

    Examples
    --------
    >>> fitting("in_range", ["2020-01-01", "2030-01-01"], "day")
    (datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))
    >>> fitting("ge", "many", "whole")
    Traceback (most recent call last):
    ValueError: a number
    """
    wanted = _wanted(rule, word)
    try:
        found = taken(value, word) if rule != "str_length" else tuple(value) if isinstance(value, list) else value
        good = _FIT.get(rule, _one)(found, rule, word)
    except (ValueError, TypeError):
        good = False
    if not good:
        vast = isinstance(value, int) and not -LARGEST <= value < LARGEST
        raise ValueError("a number of at most 18 digits" if vast else wanted)
    return found


def _wanted(rule: str, word: str) -> str:
    """What a value must be, for people."""
    kind = _KINDS["real" if word == "whole" and rule in (*_ORDERED, "in_range") else word]
    if rule in _TEXTUAL or rule == "str_length":
        needed = "a text" if rule in _TEXTUAL else "the least and the most characters, such as [1, 64]"
        return needed if word == "text" else "a property of the type string"
    if rule in ("isin", "notin"):
        return f"a list, each entry {kind}"
    if word == "flag" and rule not in ("eq", "ne"):
        return "a property of a type that has an order"
    return f"the least and the most, each {kind}" if rule == "in_range" else kind


def is_value(value: Any, word: str) -> bool:
    """Whether a value is one of this type, and a number one that a column can hold.

    Examples
    --------
    >>> is_value(1.5, "real"), is_value(float("nan"), "real"), is_value(True, "whole"), is_value(2**70, "whole")
    (True, False, False, False)
    """
    if word == "flag":
        return isinstance(value, bool)
    if word in ("whole", "real"):
        number = isinstance(value, int | float) and not isinstance(value, bool) and (word == "real" or isinstance(value, int))
        return number and math.isfinite(value) and (isinstance(value, float) or -LARGEST <= value < LARGEST)
    if word == "text":
        return isinstance(value, str)
    return isinstance(value, datetime) if word == "moment" else type(value) is date


def _one(value: Any, rule: str, word: str) -> bool:
    """A bound of a whole number may lie between two of them."""
    ordered = rule in _ORDERED or rule == "in_range"
    return is_value(value, "real" if word == "whole" and ordered else word) and not (word == "flag" and ordered)


def _many(value: Any, _: str, word: str) -> bool:
    return isinstance(value, tuple) and bool(value) and all(is_value(each, word) for each in value)


def _pair(value: Any, rule: str, word: str) -> bool:
    ends = value[:2] if isinstance(value, tuple) and 2 <= len(value) <= 4 and all(isinstance(each, bool) for each in value[2:]) else ()
    return bool(ends) and all(_one(each, rule, word) for each in ends) and ends[0] <= ends[1]


def _textual(value: Any, _: str, word: str) -> bool:
    return word == "text" and isinstance(value, str)


def _length(value: Any, _: str, word: str) -> bool:
    ends = value if isinstance(value, tuple) else (value, value)
    counts = [each for each in ends if each is not None]
    whole = all(isinstance(each, int) and not isinstance(each, bool) and 0 <= each < LARGEST for each in counts)
    return word == "text" and 1 <= len(ends) <= 2 and bool(counts) and whole and counts == sorted(counts)


_FIT: Mapping[str, Callable[[Any, str, str], bool]] = {
    "isin": _many, "notin": _many, "in_range": _pair, "str_length": _length, **dict.fromkeys(_TEXTUAL, _textual),
}  # fmt: skip
