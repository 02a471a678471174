"""One text at a time to a number: brackets, percent signs, letters that look like digits, the other decimal mark."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from connectors.parsing.number_style import PERCENT_UNITS, NumberStyle, clean
from connectors.parsing.texts import trim, unmarked

_LOOKALIKE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})


def number_of(text: str, style: NumberStyle) -> tuple[float | None, bool]:
    """One text that is no plain number; the second value says that its content had to be changed.

    Examples
    --------
    >>> style = NumberStyle(",", ".")
    >>> number_of("(1.200,5)", style), number_of("1.5E3", style), number_of("98l,5", style), number_of("12.3.4", style)
    ((-1200.5, False), (None, False), (981.5, True), (None, False))
    >>> number_of("'12,5", style)
    (12.5, True)
    """
    body, sign = trim(text), 1.0
    if (bare := unmarked(body)) != body:
        return number_of(bare, style)[0], True
    if re.fullmatch(r"\(.+\)", body):
        body, sign = body[1:-1].strip(), -1.0
    if body.endswith("%"):
        if style.unit not in PERCENT_UNITS:
            return None, False
        body, sign = body[:-1].strip(), sign * PERCENT_UNITS[style.unit]
    value = _settled(body, style)
    if value is not None:
        return _finite(value * sign), False
    if re.fullmatch(r"[-0-9OolI.,' ]*", body) and len(re.findall(r"[0-9]", body)) * 2 >= len(re.findall(r"[OolI]", body)):
        value = _settled(body.translate(_LOOKALIKE), style)  # letters that look like digits, among digits
        if value is not None:
            return _finite(value * sign), True
    other = _other_mark(body, style)
    return (None if other is None else _finite(other * sign)), other is not None


def _settled(text: str, style: NumberStyle) -> float | None:
    one = clean(text, style)
    return float(one.replace(style.decimal, ".")) if _written(style.decimal).fullmatch(one) else None


@lru_cache(maxsize=8)
def _written(decimal: str) -> re.Pattern[str]:
    """A number with at least one digit on either side of its mark."""
    mark = re.escape(decimal)
    return re.compile(rf"-?(?:[0-9]+(?:{mark}[0-9]*)?|{mark}[0-9]+)")


def _other_mark(text: str, style: NumberStyle) -> float | None:
    """The other convention's decimal mark where it can be nothing else: once, and not before exactly three last digits."""
    other = "." if style.decimal == "," else ","
    cleaned = clean(text, style)
    swapped = NumberStyle(other, style.decimal, style.currency)
    single = re.fullmatch(rf"-?[0-9]+{re.escape(other)}(?:[0-9]{{1,2}}|[0-9]{{4,}})", cleaned)
    both = re.fullmatch(rf"-?[0-9]{{1,3}}(?:{re.escape(style.decimal)}[0-9]{{3}})+{re.escape(other)}[0-9]+", cleaned)
    return _settled(cleaned, swapped) if single or both else None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
