"""Several tables in one file or sheet: where one ends and another begins, and which of them is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.reading import heading
from connectors.reading.decision import Decision
from contracts.errors import Place, SourceError

Rows = Sequence[Sequence[str]]

NEAR = 20
"""Records behind a header that it is compared with."""
GAP = 6
"""Records above a header among which a blank one parts it from the table before."""

TURN = 3
"""Cells above and below in which a column turns from values to words."""
FULL, FEWEST = 3, 3
"""Filled cells of a record, and such records, that make a table where nothing names its columns."""


@dataclass(frozen=True)
class Table:
    """A stretch of records that is a table of its own.

    Parameters
    ----------
    first, last : int
        Index of its first record (titles and blanks above its header included) and the index behind its last.
    rows : int
        Filled records in it, its header and titles included.
    width : int
        Fields of most of its records.
    """

    first: int
    last: int
    rows: int
    width: int


def split(rows: Rows, width: int) -> list[Table]:
    """The tables among records; one where there is no second header.

    A second table begins with a header of its own: words, over values of other types; and either its records have another number of
    fields than those above, or a blank record parts it from them. A header that says the same as an earlier one begins no new table.

    Parameters
    ----------
    rows : sequence of sequences of str
    width : int
        Fields of most records.

    Examples
    --------
    >>> rows = [["id", "pay", "day"], ["1", "2", "3"], ["2", "3", "4"], ["who", "age"], ["Ute", "40"], ["Max", "41"]]
    >>> [(t.first, t.last, t.width) for t in split(rows, 3)]
    [(0, 3, 3), (3, 6, 2)]
    """
    starts, seen = [0], [_words(rows[i]) for i in range(min(len(rows), 1))]
    for i in range(1, len(rows)):
        start = begins(rows, i)
        if start is not None and _words(rows[i]) not in seen:
            starts.append(start if start > starts[-1] else i)
        if start is not None or head(rows[i]):
            seen.append(_words(rows[i]))
    parts = [(a, b) for a, b in zip(starts, [*starts[1:], len(rows)], strict=True) if b > a]
    return [Table(a, b, sum(map(_filled, rows[a:b])), _width(rows[a:b], width)) for a, b in parts]


def choose(tables: Sequence[Table], lines: Sequence[int], given: int | None, place: Place) -> tuple[int, Decision | None]:
    """Which table is read: the one the connector says, or the largest, the first of equals. None where there is but one.

    Raises
    ------
    SourceError
        TABLE-MISSING when the connector names one that is not there.

    Examples
    --------
    >>> choose([Table(0, 3, 3, 3), Table(3, 9, 6, 2)], [1, 2, 3, 4, 5, 6, 7, 8, 9], None, Place())[0]
    1
    """
    if given is not None and not 1 <= given <= len(tables):
        raise SourceError(
            "TABLE-MISSING",
            f"there is no table {given}",
            place=place,
            found=f"{len(tables)} tables",
            hint="correct reading.table, or leave it out",
        )
    index = given - 1 if given is not None else max(range(len(tables)), key=lambda i: (tables[i].rows, -i))
    if given is not None:
        return index, Decision.told(given)
    if len(tables) < 2:
        return index, None
    told = ", ".join(f"{i} from line {lines[t.first]} with {t.rows} filled records" for i, t in enumerate(tables[:5], 1))
    return index, Decision(index + 1, f"{len(tables)} tables: {told}; the largest is read", 0.7)


def blocks(rows: Rows) -> list[tuple[int, int]]:
    """Stretches of records, parted by blank ones from what follows, of which most are filled like rows: tables without a header.

    A remark spread over cells takes a record or two, and a list of names and values has two cells filled.

    Examples
    --------
    >>> blocks([["Title", "", ""], ["", "", ""], ["a", "1", "x"], ["b", "2", "y"], ["c", "3", "z"], ["", "", ""]])
    [(2, 5)]
    """
    found, start = [], 0
    for i, row in enumerate(rows):
        if _filled(row):
            continue
        full = sum(sum(bool(cell.strip()) for cell in other) >= FULL for other in rows[start:i])
        if full >= FEWEST and 2 * full > i - start:
            found.append((start, i))
        start = i + 1
    return found


def begins(rows: Rows, index: int) -> int | None:
    """Where the table of this header begins, if it is one: at itself, or at the titles and blanks above it."""
    row = rows[index]
    if not head(row):
        return None
    below = _below(rows, index)
    unlike, like = heading.contrast(row, below)
    start = _titles(rows, index)
    if like or not below or not (unlike or _turns(rows[max(0, start - NEAR) : start], below)):
        return None
    parted = any(not _filled(other) for other in rows[start:index])
    above = [len(other) for other in rows[max(0, start - NEAR) : start] if _filled(other)]
    other = bool(above) and Counter(above).most_common(1)[0][0] != len(row) and len(below) > 1
    return start if above and (parted or other) else None


def _turns(above: Rows, below: Rows) -> bool:
    """Whether a column of numbers or dates becomes one of words: the rows below are of another table, though words name words there."""
    for j in range(min(len(row) for row in below)):
        before, after = ([heading.kind_of(row[j]) for row in rows if j < len(row) and row[j].strip()] for rows in (above, below))
        if len(before) >= TURN and len(after) >= TURN and "text" not in before and set(after) == {"text"}:
            return True
    return False


def _titles(rows: Rows, index: int) -> int:
    """Index of the first of the blanks and titles above a header; a lone cell right behind rows is the last of them and no title."""
    start = index
    while start and index - start < GAP and _alone(rows[start - 1]):
        start -= 1
    while start and index - start < GAP and not _filled(rows[start - 1]):
        start -= 1
    if start > 1 and _alone(rows[start - 1]) and not _filled(rows[start - 2]):
        start -= 1
    return start


def _alone(row: Sequence[str]) -> bool:
    return sum(bool(cell.strip()) for cell in row) == 1


def head(row: Sequence[str]) -> bool:
    """Whether a record may be a header: words only, at least two, most of them different."""
    filled = [cell.strip() for cell in row if cell.strip()]
    words = len(filled) > 1 and not any(heading.is_value(cell) or cell.casefold() in heading.UNKNOWN for cell in filled)
    return words and len(set(filled)) > 0.6 * len(filled)


def _below(rows: Rows, index: int) -> list[Sequence[str]]:
    """The filled records of the same number of fields right behind a header, up to the next blank one or the next of another number."""
    found: list[Sequence[str]] = []
    for row in rows[index + 1 : index + 1 + NEAR]:
        if len(row) != len(rows[index]) or not _filled(row):
            break
        found.append(row)
    return found


def _filled(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


def _words(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell.strip().casefold() for cell in row if cell.strip())


def _width(rows: Rows, width: int) -> int:
    counts = Counter(len(row) for row in rows if _filled(row))
    return width if not counts or counts[width] * 2 >= counts.total() else counts.most_common(1)[0][0]
