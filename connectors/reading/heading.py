"""Which records are the header of a table, and what the columns are called by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from connectors.reading.decision import Decision

DEEPEST = 100
"""Records among which a header is looked for."""
UNKNOWN = frozenset(
    {"-", "--", "—", "–", ".", "..", "?", "x", "n/a", "na", "n.a.", "none", "null", "nil", "nan", "unknown", "unbekannt", "k.a.", "tbd"}
)
"""What stands in a cell of a row for want of a value, and is no name."""

LISTED = ",;|/"
"""What parts the words of a list in one cell."""
FEW = 0.5
"""Confidence in the header of a lone column that nothing sets apart from what stands below it."""

Rows = Sequence[Sequence[str]]

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?[-+]?\d[\d.,'’\u00a0 ]*(?:[eE][-+]?\d+)?\s?[%€$£¥)]?")
_MONTH = r"(?:jan|feb|m[aä]r|mrz|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,6}\.?"
_DATE = re.compile(
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(?::\d{2})?"
    rf"|\d{{1,2}}[-. ]{{1,2}}{_MONTH}[- ]\d{{2,4}}|{_MONTH}[- ]\d{{2,4}}",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+")
_AROUND = " '\"()[].:‘’“”"
_ALPHABET = list("abcdefghijklmnopqrstuvwxyz")
_YEAR = re.compile(r"(?:(?:0?[1-9]|1[0-2])\.)?(?:19|20)\d\d")
"""A year, or a month of one."""


def find(rows: Rows, width: int, usual: float) -> tuple[int | None, Decision]:
    """The first row that is filled like a whole row, unless it looks like the rows below it.

    Parameters
    ----------
    rows : sequence of sequences of str
        Cells of the first records.
    width : int
        Fields of most records.
    usual : float
        Filled cells of an ordinary row.

    Returns
    -------
    int or None, Decision
        Index of the header, and why.

    Examples
    --------
    >>> find([["Export"], ["id", "name"], ["1", "Ute"], ["2", "Max"]], 2, 2.0)[0]
    1
    """
    least = max(min(2, width), 0.6 * usual)
    for index, row in enumerate(rows[:DEEPEST]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled < least or not (width * 0.6 <= len(row)) or _counts_columns(rows, index):
            continue
        index = _fuller(rows, index, width)
        behind = sum(any(cell.strip() for cell in other) for other in rows[index + 1 :])
        found, why = _judged(index, rows[index], below_of(rows, index, width), behind)
        return (found, why) if found is not None else _narrow(rows, index, width) or (found, why)
    return None, Decision(0, "no row is filled like a header; columns are called by their position", 0.4)


def _narrow(rows: Rows, index: int, width: int) -> tuple[int | None, Decision] | None:
    """The record right above the first full row, where it is shorter and yet its header."""
    names = [cell for cell in rows[index - 1] if cell.strip()] if index else []
    if len(names) < 2 or len(names) < len(rows[index - 1]) or any(map(is_value, names)):
        return None
    unlike, like = contrast(rows[index - 1], below_of(rows, index - 1, width))
    return (index - 1, Decision(index, f"names above values of another type in {unlike} columns", 0.6)) if unlike > like else None


def below_of(rows: Rows, index: int, width: int) -> list[Sequence[str]]:
    """The filled records of the table's width behind a record."""
    return [row for row in rows[index + 1 :] if len(row) == width and any(cell.strip() for cell in row)]


def _fuller(rows: Rows, index: int, width: int) -> int:
    """The fullest row of names before values begin: what stands above it is a remark spread over cells."""
    best, most = index, sum(bool(cell.strip()) for cell in rows[index])
    for later, row in enumerate(rows[index + 1 : index + 10], index + 1):
        if any(is_value(cell) for cell in row if cell.strip()):
            break
        filled = sum(bool(cell.strip()) for cell in row)
        if filled > most and len(row) == width:
            unlike, like = contrast(row, below_of(rows, later, width))
            best, most = (later, filled) if unlike > like else (best, most)
    return best


def _judged(index: int, row: Sequence[str], below: Rows, behind: int) -> tuple[int | None, Decision]:
    """Whether the first full row is the header; `behind` counts the filled rows behind it, `below` has those of the table's width."""
    unlike, like = contrast(row, below)
    texts = [cell.strip() for cell in row if cell.strip()]
    if like > unlike:
        return None, Decision(0, f"the first full row is like the rows below in {like} columns: no header", 0.8)
    if unlike:
        return index, Decision(
            index + 1, f"first full row; names above values of another type in {unlike} columns", min(0.99, 0.8 + 0.05 * unlike)
        )
    if 10 * len(below) < behind > 10:
        return None, Decision(0, "few of the rows are as long as the first full row, and nothing sets it apart: no header", 0.5)
    if len(set(texts)) == len(texts) and not any(map(is_value, texts)):
        if len(row) == 1:
            return index, Decision(index + 1, "the first cell of a lone column, which nothing sets apart from those below", FEW)
        return index, Decision(index + 1, "first full row; all cells differ and none is a value", 0.7)
    return (
        (None, Decision(0, "the first full row holds values: no header", 0.6))
        if below
        else (None, Decision(0, "the only row holds values: no header", 0.6))
        if any(map(is_value, texts))
        else (index, Decision(index + 1, "the only full row", 0.5))
    )


def contrast(row: Sequence[str], below: Rows) -> tuple[int, int]:
    """Columns in which a row's cell is of another type than those below, and columns in which it is of the same.

    Examples
    --------
    >>> contrast(["id", "day", "who"], [["1", "2024-01-02", "Ute"], ["2", "2024-01-03", "Max"]])
    (2, 0)
    """
    unlike = like = 0
    below = _without_headers(row, below[:200])
    for j, cell in enumerate(row):
        cells = [r[j] for r in below if j < len(r) and r[j].strip()]
        if not cells or not cell.strip():
            continue
        kind, count = Counter(map(kind_of, cells)).most_common(1)[0]
        if kind != "text":
            same = kind_of(cell) == kind and count >= 0.7 * len(cells)
            # A year above numbers that are no years is a name.
            same = same and not (
                _YEAR.fullmatch(cell.strip()) and sum(_YEAR.fullmatch(c.strip()) is not None for c in cells) < 0.5 * len(cells)
            )
            named = kind_of(cell) == "text" or (kind, kind_of(cell)) == ("number", "date")  # days are names above counts
            unlike, like = unlike + (not same and count >= 0.7 * len(cells) and named), like + same
        elif len(cells) > 2 and cells.count(cell) > 0 and len(set(cells)) < 0.7 * len(cells):
            like += 1  # a category that recurs below
        elif _lists(cell, cells):
            like += 1
        elif len(cells) >= 8 and cell not in cells and len(set(cells)) <= 0.25 * len(cells):
            unlike += 1  # no category of a column of categories
    return unlike, like


def _lists(cell: str, below: Sequence[str]) -> bool:
    """Whether a column holds lists of words, as baskets are, and at least half of a cell's words stand in lists below, too."""
    sign = max(LISTED, key=lambda sign: sum(sign in other for other in below))
    if len(below) < 8 or sum(sign in other for other in below) < 0.2 * len(below):
        return False
    words = [word.strip() for word in cell.split(sign) if word.strip()]
    known = {word.strip() for other in below for word in other.split(sign)}
    return 2 * sum(word in known for word in words) >= len(words) > 0


def _without_headers(row: Sequence[str], below: Rows) -> Rows:
    """The rows without the few that are headers of further tables: nothing but words, one of them as in the row."""
    others = [
        other for other in below
        if not any(a == b != "" for a, b in zip(row, other, strict=False)) or any(is_value(cell) for cell in other if cell.strip())
    ]  # fmt: skip
    return others if len(others) > 0.8 * len(below) else below


def kind_of(cell: str) -> str:
    cell = cell.strip()
    if _DATE.fullmatch(cell):
        return "date"
    if _NUMBER.fullmatch(cell):
        return "number"
    return "mail" if _MAIL.fullmatch(cell) else "text"


def is_value(cell: str) -> bool:
    """Whether a cell looks like a number, a date or an address, and not like a name; a year may be a name."""
    return kind_of(cell) != "text" and _YEAR.fullmatch(cell) is None


def _counts_columns(rows: Rows, index: int) -> bool:
    """Whether a row counts the columns that the next one names."""
    below = [cell.strip() for cell in rows[index + 1]] if index + 1 < len(rows) else []
    return bool(below) and not any(map(is_value, filter(None, below))) and letters(rows[index], below)


def letters(row: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row counts the columns, each by a letter or number of its own over a name: ``A``, ``'B'``, ``(c)``, ``4.``"""
    cells = [(j, cell.strip(_AROUND)) for j, cell in enumerate(row) if cell.strip()]
    signs = [cell.casefold() for _, cell in cells]
    if len(signs) < 3 or not all(j < len(names) and names[j] for j, _ in cells):
        return False
    first = int(signs[0]) if signs[0].isdecimal() else 0
    return signs == [str(first + n) for n in range(len(signs))] if first else signs == _ALPHABET[: len(signs)]
