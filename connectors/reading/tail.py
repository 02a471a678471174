"""The last rows of a table, or of one part of it: totals without blanks, notes, titles of what follows. They are no rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from connectors.reading import totals
from connectors.reading.chaff import BLANK, FOOTER, OTHER_TABLE, PREAMBLE, REPEATED_HEADER, TOTAL, Codes, Sieve, cells_at, empties

TAIL = 12
"""Rows at the end of a table, or before a repeated header, that are looked at more closely."""
NEAR = 50
"""Rows above a totals row among which the one before it is looked for."""
COMPARED = 2000
"""Records at the end of a table that its last ones are compared with."""
SUMMED = 1_000_000
"""Rows beyond which no column is added up to prove a totals row."""
_MARK = re.compile(r"[(\[]?(?:\d{1,2}|[a-z]|[ivx]{1,4})[)\].:]{0,2}|[*†‡#§]{1,4}\)?", re.IGNORECASE)
"""What stands before a note."""


def over(codes: Codes) -> bool:
    """Whether another table begins behind the last row: then the one that is read ends there.

    Examples
    --------
    >>> from connectors.reading.chaff import HEADER
    >>> over(np.array([0, 0, OTHER_TABLE])), over(np.array([OTHER_TABLE, HEADER, 0]))
    (True, False)
    """
    rows, others = np.flatnonzero(codes == 0), np.flatnonzero(codes == OTHER_TABLE)
    return len(rows) > 0 and len(others) > 0 and bool(others[-1] > rows[-1])


def closing_rows(codes: Codes, ends: bool) -> list[int]:
    """Rows that stand at the end of a table (of one part of it, where the header is repeated), last first."""
    breaks = np.flatnonzero(codes == REPEATED_HEADER).tolist() + ([len(codes)] if ends else [])
    return [i for stop in breaks for i in range(stop - 1, max(stop - TAIL, 0) - 1, -1)]


def sift_closing(columns: Sequence[pa.Array], codes: Codes, sieve: Sieve, ends: bool) -> None:
    """Mark totals without blanks and footers: these stand at the end of a table only.

    Examples
    --------
    >>> from connectors.reading.chaff import REASONS
    >>> rows = [pa.array(["a", "b", "Total"]), pa.array(["1,5", "2,0", "3,5"])]
    >>> codes = np.zeros(3, np.uint8)
    >>> sift_closing(rows, codes, Sieve(("who", "pay"), 2, totals.pattern()), True)
    >>> [REASONS[c] for c in codes]
    ['', '', 'total']
    """
    if over(codes):
        stop, ends = int(np.flatnonzero(codes == 0)[-1]) + 1, True
        columns, codes = [column.slice(0, stop) for column in columns], codes[:stop]
    for i in closing_rows(codes, ends):
        if codes[i] == 0 and _proved(columns, codes, i, sieve):
            codes[i] = TOTAL
    for i in np.flatnonzero(codes == REPEATED_HEADER).tolist():
        _name_titles(columns, codes, i)
    if not ends or min(sieve.usual + 1, len(columns)) < 3:
        return
    if sieve.usual >= 3:
        _name_scattered(columns, codes)
    notes = _notes(columns, codes)
    if sieve.usual >= 3 or (notes and _no_remarks(columns, codes, notes[-1])):
        codes[notes] = FOOTER


def _notes(columns: Sequence[pa.Array], codes: Codes) -> list[int]:
    """The last rows of a table that are remarks rather than rows, last first."""
    found: list[int] = []
    rare = _lone_rows_are_rare(columns, codes)
    for i in range(len(codes) - 1, max(0, len(codes) - TAIL) - 1, -1):
        if codes[i] == 0:
            cells = cells_at(columns, i)
            if not (remark(cells) or (rare and _word(cells)) or _footnote(columns, codes, i, cells)):
                break
            found.append(i)
    return found


def _no_remarks(columns: Sequence[pa.Array], codes: Codes, last: int) -> bool:
    """Whether no row before one is a remark, as far as the last records tell."""
    first = max(last - COMPARED, 0)
    parts = [column.slice(first, last - first) for column in columns]
    arrays = [part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in parts]
    rows = codes[first:last] == 0
    lone = np.flatnonzero(rows & (len(columns) - empties(arrays) == 1))
    return bool(rows.any()) and not any(remark(cells_at(arrays, i)) for i in lone.tolist())


def _name_scattered(columns: Sequence[pa.Array], codes: Codes) -> None:
    """Mark the last rows that are all sparse where one of them lacks what every row above has: remarks in changing columns."""
    first = max(len(codes) - TAIL, 0)
    cells = {i: cells_at(columns, i) for i in range(first, len(codes)) if codes[i] == 0}
    sparse = [i for i, row in cells.items() if 3 * sum(bool(cell.strip()) for cell in row) <= len(columns)]
    tail = [i for i in cells if sparse and i >= sparse[0]]
    if len(columns) < 5 or len(sparse) < 2 or tail != sparse or len(cells) - len(tail) < len(tail):
        return
    above = [cells[i] for i in cells if i < tail[0]]
    always = [j for j in range(len(columns)) if all(row[j].strip() for row in above)]
    texts = all(not totals.numeric(cell) for i in tail for cell in cells[i] if cell.strip())
    if len(always) > 0.5 * len(columns) and texts and any(not cells[i][j].strip() for i in tail for j in always[:1]):
        codes[tail] = FOOTER


def _lone_rows_are_rare(columns: Sequence[pa.Array], codes: Codes) -> bool:
    """Whether rows of one filled cell are rare in a table, as far as its last records but the very last tell."""
    first, last = max(len(codes) - COMPARED, 0), max(len(codes) - TAIL, 0)
    parts = [column.slice(first, last - first) for column in columns]
    arrays = [part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part for part in parts]
    lone = (len(columns) - empties(arrays) == 1) & (codes[first:last] == 0)
    return len(lone) >= TAIL and bool(np.count_nonzero(lone) <= 0.01 * len(lone))


def _footnote(columns: Sequence[pa.Array], codes: Codes, index: int, cells: Sequence[str]) -> bool:
    """Whether a row is the mark of a note and its text, and no row above has such a mark in that column."""
    filled = [j for j, cell in enumerate(cells) if cell.strip()]
    if len(filled) != 2 or not _MARK.fullmatch(cells[filled[0]].strip()) or not remark(["", cells[filled[1]]]):
        return False
    above = columns[filled[0]].slice(max(index - COMPARED, 0), index - max(index - COMPARED, 0)).to_pylist()
    rows = codes[max(index - COMPARED, 0) : index] == 0
    marks = sum(bool(cell) and _MARK.fullmatch(cell.strip()) is not None for cell, row in zip(above, rows, strict=True) if row)
    return len(above) > 1 and marks <= 0.01 * len(above)


def _word(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and not totals.numeric(filled[0])


def _name_titles(columns: Sequence[pa.Array], codes: Codes, header: int) -> None:
    """Mark what stands alone between a blank row and a repeated header: the title of what follows."""
    titles: list[int] = []
    for i in range(header - 1, max(header - TAIL, 0) - 1, -1):
        if titles and codes[i] in (BLANK, TOTAL):
            codes[titles] = PREAMBLE
            return
        if codes[i] == BLANK:
            continue
        if codes[i] or sum(bool(cell.strip()) for cell in cells_at(columns, i)) != 1:
            return
        titles.append(i)


def _proved(columns: Sequence[pa.Array], codes: Codes, index: int, sieve: Sieve) -> bool:
    """Whether a row says total and its numbers sum up the rows above, or those since the last header or total."""
    cells = cells_at(columns, index)
    if index > SUMMED or not _says_total(cells, sieve):
        return False
    headers = np.flatnonzero(codes[:index] == REPEATED_HEADER)
    said = [i + 1 for i in range(index - 1, max(index - NEAR, 0) - 1, -1) if _says_total(cells_at(columns, i), sieve)][:1]
    firsts = dict.fromkeys((*said, int(headers[-1]) if len(headers) else 0, 0))
    return any(_agree(columns, codes, first, index, cells) for first in firsts)


def _says_total(cells: Sequence[str], sieve: Sieve) -> bool:
    return any(cell and len(cell) < 80 and sieve.said.fullmatch(cell) for cell in cells)


def _agree(columns: Sequence[pa.Array], codes: Codes, first: int, index: int, cells: Sequence[str]) -> bool:
    above = pa.array(first + np.flatnonzero(codes[first:index] == 0))
    parts = [column.take(above).to_pylist() if totals.numeric(cell) and cell else [] for column, cell in zip(columns, cells, strict=True)]
    return totals.agrees([[text or "" for text in column] for column in parts], cells)


def remark(cells: Sequence[str]) -> bool:
    """Whether the only filled cell of a row is a sentence rather than a value.

    Examples
    --------
    >>> remark(["Exported on 2024-01-02", "", ""]), remark(["4711", "", ""]), remark(["Ute", "", ""])
    (True, False, False)
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    if len(filled) != 1 or not any(sign.isalpha() for sign in filled[0]):
        return False
    return " " in filled[0] or len(filled[0]) > 40 or filled[0][0] in "*#-=(" or filled[0][-1] == ":"
