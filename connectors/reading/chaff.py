"""Rows of a table that are no rows: blank ones, repeated headers, totals, footers. Found column by column, never cell by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.reading import totals

REASONS = (
    "", "preamble", "header", "repeated_header", "total", "blank", "footer", "other_table", "ragged", "undecodable", "unclosed_quote"
)  # fmt: skip
"""Why a record is no row; the first means that it is one."""
PREAMBLE, HEADER, REPEATED_HEADER, TOTAL, BLANK, FOOTER, OTHER_TABLE, RAGGED, UNDECODABLE, UNCLOSED_QUOTE = range(1, len(REASONS))

TAIL = 12
"""Rows at the end of a table, or before a repeated header, that are looked at more closely."""
NEAR = 50
"""Rows above a totals row among which the one before it is looked for."""
COMPARED = 2000
"""Records at the end of a table that its last ones are compared with."""
SUMMED = 1_000_000
"""Rows beyond which no column is added up to prove a totals row."""

Codes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sieve:
    """What a table's rows are compared with.

    Parameters
    ----------
    header : tuple of str
        Cells of the header record as they are; empty without one.
    usual : float
        Filled cells of an ordinary row.
    said : re.Pattern
        Matches a cell that says total.
    """

    header: tuple[str, ...]
    usual: float
    said: re.Pattern[str]


def sift(columns: Sequence[pa.Array], sieve: Sieve) -> Codes:
    """For each row 0, or the code of the reason why it is none.

    Parameters
    ----------
    columns : sequence of pyarrow string arrays
        Nulls are empty cells.
    sieve : Sieve

    Examples
    --------
    >>> rows = [["1", "3,5", "a", "x"], ["id", "pay", "by", "in"], [None] * 4, [None, "3,5", "Summe", None]]
    >>> columns = [pa.array(cells, pa.string()) for cells in zip(*rows)]
    >>> [REASONS[c] for c in sift(columns, Sieve(("id", "pay", "by", "in"), 4, totals.pattern()))]
    ['', 'repeated_header', 'blank', 'total']
    """
    codes = np.zeros(len(columns[0]), np.uint8)
    empty = empties(columns)
    codes[_blank(columns, empty)] = BLANK
    codes[_repeated(columns, sieve.header)] = REPEATED_HEADER
    filled = len(columns) - empty
    sparse = np.flatnonzero((codes == 0) & (filled <= max(1.0, 0.5 * sieve.usual)) & (filled < sieve.usual))
    codes[_totals(columns, sparse, sieve)] = TOTAL
    return codes


def flags(array: pa.Array) -> Flags:
    """A boolean Arrow array without nulls as numpy; Arrow's own conversion imports pandas.

    Examples
    --------
    >>> flags(pa.array([True, False, True])).tolist()
    [True, False, True]
    """
    bits = np.frombuffer(array.buffers()[1], np.uint8)
    return np.unpackbits(bits, count=array.offset + len(array), bitorder="little")[array.offset :].view(bool)


def empties(columns: Sequence[pa.Array]) -> npt.NDArray[np.int64]:
    """Null cells in each row."""
    empty = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        if column.null_count == len(column):
            empty += 1
        elif column.null_count:
            empty += flags(column.is_null())
    return empty


def cells_at(columns: Sequence[pa.Array], index: int) -> list[str]:
    """A row's cells, null as empty."""
    return [column[index].as_py() or "" for column in columns]


def _blank(columns: Sequence[pa.Array], empty: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Rows whose cells are all null, empty or white space."""
    first = columns[0]
    hollow = pc.less_equal(pc.binary_length(first), 0)
    white = pc.or_kleene(hollow, pc.starts_with(first, " "))
    maybe = np.flatnonzero((empty < len(columns)) & flags(pc.fill_null(white, True)))
    for column in columns:
        if not len(maybe):
            break
        trimmed = pc.utf8_trim_whitespace(column.take(pa.array(maybe)))
        maybe = maybe[flags(pc.fill_null(pc.equal(trimmed, ""), True))]
    return np.union1d(np.flatnonzero(empty == len(columns)), maybe)


def _repeated(columns: Sequence[pa.Array], header: Sequence[str]) -> npt.NDArray[np.int64]:
    """Rows that say again what the header says, but for case and white space."""
    named = [j for j, name in enumerate(header[: len(columns)]) if name.strip()]
    if not named:
        return np.empty(0, np.int64)
    key = named[0]
    raw = np.flatnonzero(flags(pc.fill_null(pc.equal(columns[key], header[key]), False)))
    rows = [i for i in raw.tolist() if _same(cells_at(columns, i), header)]
    return np.array(rows, np.int64)


def _same(cells: Sequence[str], header: Sequence[str]) -> bool:
    return [c.strip().casefold() for c in cells[: len(header)]] == [c.strip().casefold() for c in header[: len(cells)]]


def _totals(columns: Sequence[pa.Array], sparse: npt.NDArray[np.int64], sieve: Sieve) -> npt.NDArray[np.int64]:
    """Of sparsely filled rows, those that say total."""
    if not len(sparse):
        return sparse
    picked = pa.array(sparse)
    said = np.zeros(len(sparse), bool)
    for column in columns:
        cells = column.take(picked)
        words = cells.unique().to_pylist() if len(sparse) < 10_000 else pc.value_counts(cells).field("values").to_pylist()
        hits = [w for w in words if w and len(w) < 80 and sieve.said.fullmatch(w)]
        if hits:
            said |= flags(pc.is_in(cells, pa.array(hits, pa.string())))
    return np.array([i for i in sparse[said].tolist() if totals.is_total(cells_at(columns, i), sieve.said)], np.int64)


def closing_rows(codes: Codes, ends: bool) -> list[int]:
    """Rows that stand at the end of a table (of one part of it, where the header is repeated), last first."""
    breaks = np.flatnonzero(codes == REPEATED_HEADER).tolist() + ([len(codes)] if ends else [])
    return [i for stop in breaks for i in range(stop - 1, max(stop - TAIL, 0) - 1, -1)]


def sift_closing(columns: Sequence[pa.Array], codes: Codes, sieve: Sieve, ends: bool) -> None:
    """Mark totals without blanks and footers: these stand at the end of a table only.

    Examples
    --------
    >>> rows = [pa.array(["a", "b", "Total"]), pa.array(["1,5", "2,0", "3,5"])]
    >>> codes = np.zeros(3, np.uint8)
    >>> sift_closing(rows, codes, Sieve(("who", "pay"), 2, totals.pattern()), True)
    >>> [REASONS[c] for c in codes]
    ['', '', 'total']
    """
    for i in closing_rows(codes, ends):
        if codes[i] == 0 and _proved(columns, codes, i, sieve):
            codes[i] = TOTAL
    for i in np.flatnonzero(codes == REPEATED_HEADER).tolist():
        _name_titles(columns, codes, i)
    if not ends or sieve.usual < 3:
        return
    _name_scattered(columns, codes)
    rare = _lone_rows_are_rare(columns, codes)
    for i in range(len(codes) - 1, max(0, len(codes) - TAIL) - 1, -1):
        if codes[i] == 0:
            cells = cells_at(columns, i)
            if not (remark(cells) or (rare and _word(cells))):
                break
            codes[i] = FOOTER


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


def irregular(cells: Sequence[str], sieve: Sieve) -> int:
    """The code of a record that has more or fewer cells than the table has columns.

    Examples
    --------
    >>> sieve = Sieve(("id", "day", "pay"), 3, totals.pattern())
    >>> [REASONS[irregular(cells, sieve)] for cells in ([""], ["Total", "12"], ["id", "day", "pay", ""], ["1", "2"])]
    ['blank', 'total', 'repeated_header', 'ragged']
    """
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return BLANK
    if len(cells) >= len(sieve.header) > 0 and _same(cells, sieve.header) and not any(c.strip() for c in cells[len(sieve.header) :]):
        return REPEATED_HEADER
    if len(filled) <= max(2.0, 0.5 * sieve.usual) and totals.is_total(cells, sieve.said):
        return TOTAL
    return RAGGED


def remark(cells: Sequence[str]) -> bool:
    """Whether the only filled cell of a row is a sentence rather than a value.

    Examples
    --------
    >>> remark(["Exported on 2024-01-02", "", ""]), remark(["4711", "", ""]), remark(["Ute", "", ""])
    (True, False, False)
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 and any(c.isalpha() for c in filled[0]) and (" " in filled[0] or len(filled[0]) > 40 or filled[0][0] in "*#-=(")
