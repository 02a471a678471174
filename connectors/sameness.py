"""Whether a cell of a workbook that came back holds what was written into it, whatever a spreadsheet did on the way."""

from __future__ import annotations

import math
import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Mask
from connectors.reading.block import DATE, NUMBER, TEXT, Kinds

LONG = 16_000
"""Characters from which on a cell may have been shortened for the workbook."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffd]")
_NUMBER = re.compile(r"[+-]?\d*\.?\d+")
_DATE = re.compile(r"\d+[-./ ]\d+[-./ ]\d+.*")
_CODED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")


def differing(one: pa.Array, kinds: Kinds, other: pa.Array, forms: Kinds) -> Mask:
    """Cells that hold something else now; see `same`."""
    found: Mask = pc.not_equal(one.fill_null(""), other.fill_null("")).to_numpy(zero_copy_only=False).copy()
    for row in np.flatnonzero(found).tolist():
        found[row] = not same(one[row].as_py() or "", int(kinds[row]), other[row].as_py() or "", int(forms[row]))
    return found


def same(text: str, kind: int, given: str, form: int) -> bool:
    """Whether a cell of a returned workbook holds what was written into it, whatever a spreadsheet did on the way.

    Blanks at the edges, kinds of line ends and signs that no workbook can hold do not count; nor does a number whose leading zeros a
    spreadsheet took away, or whose last digits it rounded.

    Examples
    --------
    >>> same("a\\r\\nb\\x01 ", TEXT, "a\\nb\\ufffd", TEXT), same("00123", TEXT, "123", NUMBER), same("00123", TEXT, "123", TEXT)
    (True, True, False)
    """
    one, other = (_CONTROL.sub("\ufffd", _plain(each)) for each in (text, given))
    if one == other or (len(one) >= LONG and one[:LONG] == other[:LONG]):
        return True
    if form == NUMBER and kind == TEXT:
        return one.isdigit() and one.lstrip("0") == other
    return form == kind == NUMBER and math.isclose(float(one), float(other), rel_tol=1e-14)


def alike(text: str, kind: int, given: str, form: int) -> bool:
    """Whether a cell may hold the same in another form: a text that became a number or a day, whichever way it is read.

    Examples
    --------
    >>> alike("1.234,50", TEXT, "1234.5", NUMBER), alike("03.04.85", TEXT, "1985-04-03", DATE), alike("1,5", TEXT, "15", TEXT)
    (True, True, False)
    """
    if same(text, kind, given, form):
        return True
    if form == NUMBER and kind == TEXT:
        plain = re.sub(r"[\s'\u2019]", "", text)
        readings = (plain.replace(",", ""), plain.replace(".", "").replace(",", "."))
        return any(_NUMBER.fullmatch(each) and math.isclose(float(each), float(given), rel_tol=1e-14) for each in readings)
    return form == DATE and kind == TEXT and bool(_DATE.fullmatch(text.strip())) and _parts(text) == _parts(given)


def _parts(day: str) -> list[int]:
    """Day, month and the end of the year in any order."""
    return sorted(int(part) % 100 for part in re.findall(r"\d+", day)[:3])


def _plain(text: str) -> str:
    return _CODED.sub("_", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
