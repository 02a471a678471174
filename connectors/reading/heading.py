"""Which records are the header of a table, and what the columns are called by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from connectors.reading.decision import Decision

DEEPEST = 100
"""Records among which a header is looked for."""
MOST = 5
"""Records that a header takes at most."""
UNKNOWN = frozenset(
    {"-", "--", "—", "–", ".", "..", "?", "x", "n/a", "na", "n.a.", "none", "null", "nil", "nan", "unknown", "unbekannt", "k.a.", "tbd"}
)
"""What stands in a cell of a row for want of a value, and is no name."""

Rows = Sequence[Sequence[str]]

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?[-+]?\d[\d.,'’\u00a0 ]*(?:[eE][-+]?\d+)?\s?[%€$£¥)]?")
_MONTH = r"(?:jan|feb|m[aä]r|mrz|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-z]{0,6}\.?"
_DATE = re.compile(
    r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(?::\d{2})?"
    rf"|\d{{1,2}}[-. ]{{1,2}}{_MONTH}[- ]\d{{2,4}}|{_MONTH}[- ]\d{{2,4}}",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+")
_ASIDE = re.compile(r"\(.+\)|\[.+\]", re.DOTALL)
"""What a cell of a header says beside a name: ``(in grams)``, ``[EUR]``."""
_YEAR = re.compile(r"(?:19|20)\d\d")


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
        if filled < least or not (width * 0.6 <= len(row)):
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
            unlike, like = unlike + (not same and count >= 0.7 * len(cells) and kind_of(cell) == "text"), like + same
        elif len(cells) > 2 and cells.count(cell) > 0 and len(set(cells)) < 0.7 * len(cells):
            like += 1  # a category that recurs below
        elif len(cells) >= 8 and cell not in cells and len(set(cells)) <= 0.25 * len(cells):
            unlike += 1  # no category of a column of categories
    return unlike, like


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


def extent(rows: Rows, index: int, width: int) -> tuple[int, int]:
    """First and last record of the header around its fullest row.

    A row above belongs to it when it names groups of columns: names below it repeat, or are missing, and it tells them apart. A row
    below belongs to it when it repeats the header word for word, or holds words where the rows behind it hold values.

    Parameters
    ----------
    rows : sequence of sequences of str
        Cells of the first records.
    index : int
        The header as `find` gives it.
    width : int

    Examples
    --------
    >>> extent([["Report"], ["North", "", "South", ""], ["x", "y", "x", "y"], ["1", "2", "3", "4"], ["5", "6", "7", "8"]], 2, 4)
    (1, 2)
    >>> extent([["id", "weight"], ["", "(kg)"], ["a", "1"], ["b", "2"]], 0, 2)
    (0, 1)
    """
    last = index
    while last + 1 < min(len(rows), index + MOST) and _continues(rows, last + 1, rows[index], width):
        last += 1
    first = index
    while first and last - first + 1 < MOST and _groups(rows[first - 1], joined(rows[first : index + 1], width)):
        first -= 1
    return first, last


def joined(rows: Rows, width: int) -> list[str]:
    """The names of the columns by several header rows, joined with a blank; the name of a group stands for all its columns.

    Examples
    --------
    >>> joined([["North", "", "South", ""], ["x", "y", "x", "y"]], 4)
    ['North x', 'North y', 'South x', 'South y']
    """
    if len(rows) == 1:
        return [cell.strip() for cell in rows[0]]
    names = [_cell(rows[-1], j) for j in range(width)]
    for row in reversed(rows[:-1]):
        names = [" ".join(filter(None, (above, name))) for above, name in zip(_spread(row, names), names, strict=True)]
    return names


def _cell(row: Sequence[str], j: int) -> str:
    return row[j].strip() if j < len(row) else ""


def _spread(row: Sequence[str], below: Sequence[str]) -> list[str]:
    """A row of group names over all columns of each group; a name above an empty cell stands for its own column only."""
    filled, group = [], ""
    cells = [_cell(row, j) for j in range(len(below))]
    alone = sum(map(bool, cells)) > 0.5 * len(cells) and len(set(below)) == len(below)
    for cell, name in zip(cells, below, strict=True):
        group = cell if cell and name else "" if cell or not name or alone else group
        filled.append(cell or group)
    return filled


def _groups(row: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a row above a header tells apart names that repeat, or names columns that have no name."""
    filled = [cell for cell in row if cell.strip()]
    if len(row) < len(names) or len(filled) < 2 or any(map(is_value, filled)):
        return False
    above = _spread(row, names)
    whole = [" ".join(filter(None, pair)) for pair in zip(above, names, strict=True)]
    unnamed = [j for j, name in enumerate(names) if not name]
    return len(set(whole)) > len(set(names)) and (len(set(whole)) == len(whole) or (bool(unnamed) and all(above[j] for j in unnamed)))


def _continues(rows: Rows, index: int, header: Sequence[str], width: int) -> bool:
    """Whether the row at `index`, right below header rows, is one of them."""
    row, below = rows[index], below_of(rows, index, width)
    cells = [cell.strip() for cell in row]
    filled = [cell for cell in cells if cell]
    if not filled or len(row) != width or any(is_value(cell) or cell.casefold() in UNKNOWN for cell in filled):
        return False
    if len(below) < 2 and not all(_ASIDE.fullmatch(cell) for cell in filled):
        return False
    unlike, like = contrast(row, below)
    if like or not unlike:
        return False
    unnamed = all(not _cell(header, j) for j, cell in enumerate(cells) if cell)  # it names those that the header does not
    if unnamed or all(_ASIDE.fullmatch(cell) for cell in filled):
        return True
    if cells == [cell.strip() for cell in header]:
        return True
    always = [j for j in range(width) if all(_cell(other, j) for other in below[:50])]
    return 2 * sum(not cells[j] for j in always) >= len(always) > 0 or _contrasts(cells, below, width)


def _contrasts(cells: Sequence[str], below: Rows, width: int) -> bool:
    """Whether a row holds words in nearly all columns whose rows hold values, at least three of them and half of all columns."""
    kinds = [Counter(kind_of(cell) for row in below[:50] if (cell := _cell(row, j))).most_common(1) for j in range(width)]
    typed = [j for j, kind in enumerate(kinds) if kind and kind[0][0] != "text"]
    named = [j for j in typed if cells[j] and kind_of(cells[j]) == "text"]
    return len(typed) >= max(3, 0.5 * width) and len(named) >= 0.8 * len(typed)
