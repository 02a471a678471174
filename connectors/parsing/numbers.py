"""Numbers: decimal mark, thousands, currency signs, percent, minus signs; exact to the last digit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Mask, Parsed, Whole, by_unique, flags, indices, layout
from connectors.parsing.texts import trim, unmarked, vacant

LONGEST = 18
LARGEST = 2.0**53
SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "zł": "PLN", "kr": "SEK", "CHF": "CHF", "Fr.": "CHF", "Kč": "CZK", "₹": "INR"}
CODES = ("EUR", "USD", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "INR")
PERCENT_UNITS = {"percent": 1.0, "%": 1.0, "share": 0.01, "probability": 0.01}
UNITS = {
    "years": r"(?:years?|yrs?|yo|y/o|jahre?|j|ans?|años?|jaar|jr)\.?(?: old| alt| oud)?",
    "months": r"(?:months?|mos?|mths?|monate?n?|mois|mes(?:es)?|maand(?:en)?)\.?",
    "days": r"(?:days?|tage?n?|jours?|días?|dagen|dag)\.?",
}
"""Words behind a number that are the unit of its field, in five languages."""
BLANK = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]?"
_LOOKALIKE = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1"})


@dataclass(frozen=True)
class NumberStyle:
    """How a column writes numbers.

    Parameters
    ----------
    decimal, thousands : str
        One character each; thousands may be empty.
    currency : str, optional
        The one that the client counts in; the sign or code of another makes a cell bad.
    unit : str, optional
        Of the field; decides what a percent sign means.
    whole : bool
        Only whole numbers are values.
    """

    decimal: str = "."
    thousands: str = ","
    currency: str | None = None
    unit: str | None = None
    whole: bool = False


def parse(values: pa.Array, style: NumberStyle, nulls: frozenset[str]) -> Parsed:
    """Numbers of a column: plain ones at once, grouped and signed ones cleaned first, the few others one by one.

    Examples
    --------
    >>> style = NumberStyle(",", ".", "EUR")
    >>> parsed = parse(pa.array(["1.234,50", "12,5 €", "7-", "1O,5", "12.49", "k.A.", "abc", None]), style, frozenset({"k.A."}))
    >>> parsed.values.to_pylist()
    [1234.5, 12.5, -7.0, 10.5, 12.49, None, None, None]
    >>> parsed.repaired.tolist(), parsed.bad.tolist()
    ([False, False, False, True, True, False, False, False], [False, False, False, False, False, False, True, False])
    >>> parse(pa.array(["-1", "-1,0", "1"]), style, frozenset({"-1"})).values.to_pylist()
    [None, None, 1.0]
    """
    return by_unique(values, lambda unique: _each(unique, style, nulls))


def _each(values: pa.Array, style: NumberStyle, nulls: frozenset[str]) -> Parsed:
    found, good = plain(values, style.decimal)
    repaired, empty = np.zeros(len(values), bool), ~flags(values.is_valid())
    rest = np.flatnonzero(~good & ~empty)
    if len(rest):
        texts = pc.utf8_trim_whitespace(values.take(pa.array(rest)))
        more, fine = plain(_cleaned(texts, style), style.decimal)
        found[rest[fine]], good[rest[fine]] = more[fine], True
        empty[rest[~fine]] = vacant(texts.filter(pa.array(~fine)), nulls)
        rest = rest[~fine & ~empty[rest]]
    _one_by_one(values, rest, style, found, good, repaired)
    _stood_in(found, good, empty, style, nulls)
    repaired &= good
    if style.whole:
        good &= (found == np.floor(found)) & (np.abs(found) <= LARGEST)
        repaired &= good
        array = pa.array(np.where(good, found, 0).astype(np.int64), mask=~good)
        return Parsed(array, ~good & ~empty, repaired, "whole_number")
    return Parsed(pa.array(found, mask=~good), ~good & ~empty, repaired, "number")


def _stood_in(found: npt.NDArray[np.float64], good: Mask, empty: Mask, style: NumberStyle, nulls: frozenset[str]) -> None:
    """Numbers that stand for nothing, such as -1 for never: those of the null words that are numbers, however a cell writes them."""
    words = [number_of(word, style)[0] for word in sorted(nulls) if any(sign.isdigit() for sign in word)]
    marks = [value for value in words if value is not None]
    if marks:
        said = good & np.isin(found, marks)
        good &= ~said
        empty |= said


def unitless(values: pa.Array, unit: str | None) -> pa.Array:
    """Numbers of a column without the unit behind them, where it is the field's own.

    Examples
    --------
    >>> unitless(pa.array(["35 years", "35 Jahre alt", "35", "3 months", None]), "years").to_pylist()
    ['35', '35', '35', '3 months', None]
    """
    data, _, _ = layout(values)
    if unit not in UNITS or not ((data | 0x20) >= ord("a")).any():
        return values
    return pc.replace_substring_regex(values, rf"(?i)^\s*([0-9]+) ?{UNITS[unit]}\s*$", r"\1")


def plain(values: pa.Array, decimal: str) -> tuple[npt.NDArray[np.float64], Mask]:
    """Numbers of digits with at most one decimal mark and a minus before them; the mask says which texts are such.

    A number of at most 18 digits is read as a whole number and divided by a power of ten. Both are exact in floating point up to 2**53
    and 10**22, so the quotient is the nearest one; longer ones are left to `number_of`.

    Examples
    --------
    >>> plain(pa.array(["-12,50", "1.2", ""]), ",")
    (array([-12.5,   0. ,   0. ]), array([ True, False, False]))
    """
    data, start, length = layout(values)
    result, fine = np.zeros(len(values)), np.zeros(len(values), bool)
    rows = np.flatnonzero((length > 0) & (length <= LONGEST))
    if not len(rows):
        return result, fine
    value, ok = _digits(data, start[rows], length[rows], ord(decimal))
    result[rows], fine[rows] = np.where(ok, value, 0.0), ok
    return result, fine


def _digits(data: npt.NDArray[np.uint8], start: Whole, length: Whole, mark: int) -> tuple[npt.NDArray[np.float64], Mask]:
    count = len(start)
    total, behind = np.zeros(count, np.int64), np.zeros(count, np.int8)
    minus = data[start] == ord("-")
    ok, marked, digit = np.ones(count, bool), np.zeros(count, bool), np.zeros(count, bool)
    last = len(data) - 1
    for position in range(int(length.max())):
        inside = length > position
        byte = data[np.minimum(start + position, last)]
        number = byte - 48  # wraps below the digits
        digit_here = (number < 10) & inside
        total = np.where(digit_here, total * 10 + number, total)
        behind += digit_here & marked
        mark_here = (byte == mark) & inside
        ok &= digit_here | ~inside | (mark_here & digit & ~marked) | (minus if position == 0 else False)
        marked |= mark_here
        digit |= digit_here
    ok &= digit & ~(marked & (behind == 0)) & (total < LARGEST)
    return np.where(minus, -total, total) / 10.0**behind, ok


@lru_cache(maxsize=64)
def _steps(style: NumberStyle) -> tuple[tuple[str, str], ...]:
    """What is taken off or turned round before a text can be a plain number; patterns that RE2 and Python read alike."""
    own = [re.escape(sign) for sign, code in SIGNS.items() if style.currency in (None, code)]
    own += [code for code in CODES if style.currency in (None, code)] + ([style.currency] if style.currency else [])
    money = "|".join(dict.fromkeys(own))
    return (
        ("\N{MINUS SIGN}|\N{EN DASH}", "-"),
        (rf"^(-?)(?:{money}){BLANK}(-?)", r"\1\2"),
        (rf"{BLANK}(?:{money})(-?)$", r"\1"),
        (r"^\+", ""),
        (r"^([0-9][^-]*[0-9]|[0-9]) ?-$", r"-\1"),
        (f"^-{BLANK}", "-"),
    )


@lru_cache(maxsize=64)
def _grouping(style: NumberStyle) -> tuple[str, str]:
    """The pattern of a grouped number, and of what groups it."""
    mark, signs = re.escape(style.decimal), (style.thousands, " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "'", "’")
    group = "|".join(re.escape(sign) for sign in dict.fromkeys(signs) if sign)
    return rf"^-?[0-9]{{1,3}}(?:(?:{group})[0-9]{{3}})+(?:{mark}[0-9]+)?$", group


def _cleaned(texts: pa.Array, style: NumberStyle) -> pa.Array:
    """Without currency and grouping, the minus in front; texts that are no such numbers stay as they are."""
    for pattern, instead in _steps(style):
        texts = pc.replace_substring_regex(texts, pattern, instead)
    pattern, group = _grouping(style)
    grouped = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    return pc.if_else(grouped, pc.replace_substring_regex(texts, group, ""), texts)


def _clean(text: str, style: NumberStyle) -> str:
    """The same for one text."""
    steps, grouped, group = _compiled(style)
    for pattern, instead in steps:
        text = pattern.sub(instead, text)
    return group.sub("", text) if grouped.search(text) else text


@lru_cache(maxsize=64)
def _compiled(style: NumberStyle) -> tuple[tuple[tuple[re.Pattern[str], str], ...], re.Pattern[str], re.Pattern[str]]:
    grouped, group = _grouping(style)
    return tuple((re.compile(pattern), instead) for pattern, instead in _steps(style)), re.compile(grouped), re.compile(group)


def _one_by_one(values: pa.Array, rows: Whole, style: NumberStyle, found: npt.NDArray[np.float64], good: Mask, repaired: Mask) -> None:
    if not len(rows):
        return
    texts = values.take(pa.array(rows)).dictionary_encode()
    outcomes = [number_of(text, style) for text in texts.dictionary.to_pylist()]
    places = indices(texts)
    number = np.array([math.nan if value is None else value for value, _ in outcomes])[places]
    settled = ~np.isnan(number)
    found[rows[settled]], good[rows[settled]] = number[settled], True
    repaired[rows] = np.array([changed for _, changed in outcomes], bool)[places] & settled


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
    one = _clean(text, style)
    return float(one.replace(style.decimal, ".")) if _written(style.decimal).fullmatch(one) else None


@lru_cache(maxsize=8)
def _written(decimal: str) -> re.Pattern[str]:
    """A number with at least one digit on either side of its mark."""
    mark = re.escape(decimal)
    return re.compile(rf"-?(?:[0-9]+(?:{mark}[0-9]*)?|{mark}[0-9]+)")


def _other_mark(text: str, style: NumberStyle) -> float | None:
    """The other convention's decimal mark where it can be nothing else: once, and not before exactly three last digits."""
    other = "." if style.decimal == "," else ","
    cleaned = _clean(text, style)
    swapped = NumberStyle(other, style.decimal, style.currency)
    single = re.fullmatch(rf"-?[0-9]+{re.escape(other)}(?:[0-9]{{1,2}}|[0-9]{{4,}})", cleaned)
    both = re.fullmatch(rf"-?[0-9]{{1,3}}(?:{re.escape(style.decimal)}[0-9]{{3}})+{re.escape(other)}[0-9]+", cleaned)
    return _settled(cleaned, swapped) if single or both else None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def typed(values: pa.Array, style: NumberStyle, nulls: frozenset[str] = frozenset()) -> Parsed:
    """Cells that a workbook holds as numbers: their text has a point and maybe an exponent, whatever the column's style.

    Examples
    --------
    >>> typed(pa.array(["1234.5", "1e-3"]), NumberStyle(",", ".")).values.to_pylist()
    [1234.5, 0.001]
    """
    found, good = plain(values, ".")
    rest = np.flatnonzero(~good & flags(values.is_valid()))
    for row in rest.tolist():
        text = values[row].as_py()
        if re.fullmatch(r"-?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?", text) and math.isfinite(float(text)):
            found[row], good[row] = float(text), True
    nothing = ~flags(values.is_valid())
    _stood_in(found, good, nothing, style, nulls)
    none = np.zeros(len(values), bool)
    if style.whole:
        good &= (found == np.floor(found)) & (np.abs(found) <= LARGEST)
        return Parsed(pa.array(np.where(good, found, 0).astype(np.int64), mask=~good), ~good & ~nothing, none, "whole_number")
    return Parsed(pa.array(found, mask=~good), ~good & ~nothing, none, "number")
