"""A chunk of a delimited file: its records, read; those that are no rows, named."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from connectors.reading import chaff, encoding, tail
from connectors.reading.block import runs
from connectors.reading.chaff import Codes
from connectors.reading.outline import Plan, cells_of
from connectors.reading.quotes import Marks, Whole, fields_at, requoted
from connectors.reading.scan import PROPER, UNCLOSED, UNDECODABLE, Records
from connectors.reading.source import valid_utf8
from connectors.reading.stacked import Watch
from contracts.errors import Place, SourceError

MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Chunk:
    """A chunk's records, read: nothing of its bytes is kept but the text of records that are, or may become, no rows.

    Parameters
    ----------
    record, line : int64 array
        Number of each record, and the line on which it starts, from 1.
    codes : uint8 array
        Why a record is no row (`chaff.REASONS`); 0 for a row.
    is_row : bool array
        Which records are in `columns`.
    columns : list of pyarrow.Array
    raw : mapping of int to str
        By index: the text of records that are, or may become, no rows.
    """

    record: Whole
    line: Whole
    codes: Codes
    is_row: npt.NDArray[np.bool_]
    columns: list[pa.Array]
    raw: dict[int, str]

    def __len__(self) -> int:
        return len(self.record)

    def cut(self, first: int, last: int) -> Chunk:
        """The records from index `first` up to `last`."""
        low, high = int(np.count_nonzero(self.is_row[:first])), int(np.count_nonzero(self.is_row[:last]))
        raw = {i - first: text for i, text in self.raw.items() if first <= i < last}
        columns = [column.slice(low, high - low) for column in self.columns]
        own = slice(first, last)
        return Chunk(self.record[own], self.line[own], self.codes[own], self.is_row[own], columns, raw)


def chunk(records: Records, first: int, line: int, plan: Plan, watch: Watch, following: Records | None) -> Chunk:
    """Records cut by the scanner as a chunk: proper ones read by Arrow, the others named.

    Parameters
    ----------
    records : Records
    first : int
        Number of the first record in the file, from 1.
    line : int
        Line on which it starts, from 1.
    plan : Plan
    watch : Watch
        For other tables.
    following : Records, optional
        Those behind them.

    Raises
    ------
    SourceError
        READER-DISAGREES.
    """
    _find_undecodable(records, plan.dialect.encoding)
    _open_behind_blanks(records, plan.marks)
    codes = _codes(records, first, plan)
    _shut(codes, first, plan)
    is_row = (records.fields == plan.marks.width) & (codes == 0)
    columns = _columns(records, is_row, plan)
    rows = np.flatnonzero(is_row)
    if len(rows):
        codes[rows] = chaff.sift(columns, plan.sieve)
        _surplus(columns, codes, rows, plan)
        _name_rule(columns, codes, rows, plan.layout.first + 1 - first)
    _name_irregular(records, codes, is_row, plan)
    watch.mark(records, codes, first, following)
    near = rows[tail.closing_rows(codes[rows], ends=True)].tolist()
    raw = {i: _raw(records, i, plan) for i in {*np.flatnonzero(codes).tolist(), *near}}
    return Chunk(np.arange(first, first + len(records)), records.line + line, codes, is_row, columns, raw)


def _find_undecodable(records: Records, name: str) -> None:
    """Mark records with bytes that are no text: outside the encoding, or NUL."""
    data = records.data[: int(records.beyond[-1])] if len(records) else b""  # a character may be cut behind the last record
    wrong = [b"\x00"] if b"\x00" in data else []
    if encoding.bytewise(name):
        wrong += [] if data.isascii() else [byte for byte in encoding.undefined(name) if byte in data]
    elif not data.isascii() and not valid_utf8(data):
        for i in range(len(records)):
            part = data[records.start[i] : records.end[i]]
            if not part.isascii() and not valid_utf8(part):
                records.fault[i] = UNDECODABLE
    for byte in wrong:
        at = np.flatnonzero(np.frombuffer(data, np.uint8) == byte[0])
        index = np.searchsorted(records.beyond, at, side="right")
        records.fault[index[index < len(records)]] = UNDECODABLE


def _open_behind_blanks(records: Records, marks: Marks) -> None:
    """Read quotes that open behind a delimiter and blanks, in records that only then have as many fields as the table."""
    odd = np.flatnonzero((records.fields != marks.width) & (records.fault == PROPER)) if marks.quote >= 0 else records.start[:0]
    edge, sign = re.escape(bytes([marks.delimiter])), re.escape(bytes([max(marks.quote, 0)]))
    opening = re.compile(rb"(^|" + edge + rb") +(?=" + sign + rb")")
    for i in odd.tolist():
        record, count = opening.subn(rb"\1", records.data[records.start[i] : records.end[i]])
        found = fields_at(record, 0, marks) if count else None
        if found is not None and len(found[0]) == marks.width and found[1] == len(record):
            records.fields[i] = marks.width
            records.rewritten[i] = requoted(found[0], found[3], marks)


def _columns(records: Records, is_row: npt.NDArray[np.bool_], plan: Plan) -> list[pa.Array]:
    """The proper records as Arrow reads them, one array per column."""
    single = encoding.bytewise(plan.dialect.encoding)
    names = [str(j) for j in range(plan.marks.width)]
    count = int(np.count_nonzero(is_row))
    if not count:
        return [pa.array([], pa.string()) for _ in names]
    table = _arrow(_clean(records, is_row), names, pa.binary() if single else pa.string(), plan)
    if table.num_rows != count:
        raise _disagree(plan.place, f"{table.num_rows} rows read by Arrow", f"{count} rows counted by the scanner")
    arrays = [column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks) for column in table.columns]
    texts = [encoding.as_text(a, plan.dialect.encoding) if single else a for a in arrays]
    return [plan.dialect.signs.cells(a) for a in texts]


def _arrow(data: bytes | memoryview, names: list[str], kind: pa.DataType, plan: Plan) -> pa.Table:
    try:
        return pa.csv.read_csv(
            pa.py_buffer(data),
            read_options=pa.csv.ReadOptions(column_names=names, use_threads=False, block_size=8 << 20),
            parse_options=pa.csv.ParseOptions(
                delimiter=plan.dialect.signs.delimiter, quote_char=plan.dialect.quote or False, double_quote=True, newlines_in_values=True
            ),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind), strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=False,
                check_utf8=False,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid:  # its message quotes the row
        raise _disagree(plan.place, "Arrow refuses a record", "records as the scanner cut them") from None


def _disagree(place: Place, found: str, expected: str) -> SourceError:
    return SourceError(
        "READER-DISAGREES", "two readers see different records in the file", place=place, found=found, expected=expected,
        hint="give delimiter and quote in the connector's reading section; if they are right, please report it with the file",
    )  # fmt: skip


def _clean(records: Records, is_row: npt.NDArray[np.bool_]) -> bytes | memoryview:
    """The proper records as bytes: whole runs as they are, rewritten ones in place."""
    plain = is_row.copy()
    plain[list(records.rewritten)] = False
    view = memoryview(records.data)
    pieces: dict[int, bytes | memoryview] = {a: view[records.start[a] : records.beyond[b - 1]] for a, b in runs(plain)}
    pieces |= {i: clean for i, clean in records.rewritten.items() if is_row[i]}
    parts = [part for i in sorted(pieces) for part in _ended(pieces[i])]
    if parts and parts[0][:3] == MARK:
        parts.insert(0, MARK)  # Arrow takes the first one for a mark and drops it
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _ended(piece: bytes | memoryview) -> list[bytes | memoryview]:
    """A run with a line end: the last one of a file may lack it."""
    return [piece] if piece[-1:] in (b"\n", b"\r") else [piece, b"\n"]


def _codes(records: Records, first: int, plan: Plan) -> Codes:
    """Reasons that the scanner alone knows; a record of another width counts as ragged until it is looked at."""
    codes = np.where(records.fields == plan.marks.width, 0, chaff.RAGGED).astype(np.uint8)
    codes[records.fault == UNDECODABLE] = chaff.UNDECODABLE
    codes[records.fault == UNCLOSED] = chaff.UNCLOSED_QUOTE
    codes[records.end - records.start == np.maximum(records.fields, 1) - 1] = chaff.BLANK  # delimiters and nothing else
    laid = plan.layout
    above, behind = (0 if laid.header is None else laid.header) + 1 - first, laid.first + 1 - first
    if behind > 0:
        codes[: max(above, 0)][codes[: max(above, 0)] != chaff.BLANK] = chaff.PREAMBLE
        codes[max(above, 0) : behind] = chaff.HEADER
    return codes


def _shut(codes: Codes, first: int, plan: Plan) -> None:
    """Mark what belongs to other tables of the file."""
    for start, stop in plan.others:
        low, high = max(start + 1 - first, 0), len(codes) if stop is None else stop + 1 - first
        if low < len(codes) and high > low:
            part = codes[low:high]
            part[part != chaff.BLANK] = chaff.OTHER_TABLE


def _surplus(columns: list[pa.Array], codes: Codes, rows: Whole, plan: Plan) -> None:
    """Values in columns that have no name make a row ragged."""
    for column in columns[len(plan.layout.names) :]:
        if column.null_count < len(column):
            filled = chaff.flags(column.is_valid())
            codes[rows[filled & (codes[rows] == 0)]] = chaff.RAGGED


def _name_rule(columns: list[pa.Array], codes: Codes, rows: Whole, index: int) -> None:
    """Take a line that is drawn right below the header for blank."""
    at = int(np.searchsorted(rows, index))
    there = index >= 0 and at < len(rows) and rows[at] == index and codes[index] == 0
    if there and chaff.ruled([cell for cell in chaff.cells_at(columns, at) if cell.strip()]):
        codes[index] = chaff.BLANK


def _name_irregular(records: Records, codes: Codes, is_row: npt.NDArray[np.bool_], plan: Plan) -> None:
    """Of records of another width: blank ones, repeated headers, totals."""
    for i in np.flatnonzero((codes == chaff.RAGGED) & ~is_row).tolist():
        cells = cells_of(records, i, plan.marks, plan.dialect)
        codes[i] = chaff.irregular(cells, plan.sieve)


def _raw(records: Records, index: int, plan: Plan) -> str:
    return plan.dialect.signs.raw(encoding.text(records.data[records.start[index] : records.end[index]], plan.dialect.encoding))
