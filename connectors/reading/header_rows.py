"""Headers of several rows: which records they take, and the name of each column by all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from connectors.reading.heading import UNKNOWN, below_of, contrast, is_value, kind_of, letters

Rows = Sequence[Sequence[str]]
MOST = 5
"""Records that a header takes at most."""
_ASIDE = re.compile(r"\(.+\)|\[.+\]", re.DOTALL)
"""What a cell of a header says beside a name: ``(in grams)``, ``[EUR]``."""


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
    while first and last - first + 1 < MOST and _above(rows[first - 1], joined(rows[first : index + 1], width)):
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


def _above(row: Sequence[str], names: Sequence[str]) -> bool:
    return _groups(row, names) or letters(row, names)


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
