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
    "", "preamble", "header", "repeated_header", "total", "blank", "footer", "other_table", "ragged", "undecodable", "unclosed_quote",
    "unstored",
)  # fmt: skip
"""Why a record is no row; the first means that it is one."""
PREAMBLE, HEADER, REPEATED_HEADER, TOTAL, BLANK, FOOTER, OTHER_TABLE, RAGGED, UNDECODABLE, UNCLOSED_QUOTE, UNSTORED = range(1, len(REASONS))


_RULE = re.compile(r"[+|:]*[-=─━]{3,}[-=─━+|: ]*")

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


def ruled(cells: Sequence[str]) -> bool:
    """Whether filled cells are nothing but a line that is drawn below a header or around a table.

    Examples
    --------
    >>> ruled(["----", ":---:"]), ruled(["+----+------+"]), ruled(["--", "-"]), ruled(["---", "1"])
    (True, True, False, False)
    """
    return all(_RULE.fullmatch(cell.strip()) for cell in cells)


def irregular(cells: Sequence[str], sieve: Sieve) -> int:
    """The code of a record that has more or fewer cells than the table has columns.

    Examples
    --------
    >>> sieve = Sieve(("id", "day", "pay"), 3, totals.pattern())
    >>> [REASONS[irregular(cells, sieve)] for cells in ([""], ["Total", "12"], ["id", "day", "pay", ""], ["1", "2"])]
    ['blank', 'total', 'repeated_header', 'ragged']
    """
    filled = [cell for cell in cells if cell.strip()]
    if not filled or ruled(filled):
        return BLANK
    if len(cells) >= len(sieve.header) > 0 and _same(cells, sieve.header) and not any(c.strip() for c in cells[len(sieve.header) :]):
        return REPEATED_HEADER
    if len(filled) <= max(2.0, 0.5 * sieve.usual) and totals.is_total(cells, sieve.said):
        return TOTAL
    return RAGGED
