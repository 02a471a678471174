"""Numbers: decimal mark, thousands, currency signs, percent, minus signs; exact to the last digit."""

from __future__ import annotations

import math
import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Mask, Parsed, Whole, by_unique, flags, indices, layout
from connectors.parsing.number_style import NumberStyle, cleaned
from connectors.parsing.number_texts import number_of
from connectors.parsing.plain_numbers import LARGEST, plain
from connectors.parsing.texts import vacant

UNITS = {
    "years": r"(?:years?|yrs?|yo|y/o|jahre?|j|ans?|años?|jaar|jr)\.?(?: old| alt| oud)?",
    "months": r"(?:months?|mos?|mths?|monate?n?|mois|mes(?:es)?|maand(?:en)?)\.?",
    "days": r"(?:days?|tage?n?|jours?|días?|dagen|dag)\.?",
}
"""Words behind a number that are the unit of its field, in five languages."""


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
        more, fine = plain(cleaned(texts, style), style.decimal)
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
