"""Delimited text as blocks: our own scanner accounts for the records, Arrow reads the proper ones, and the two must agree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from connectors.reading import chaff, dialect, encoding, layout, totals
from connectors.reading.block import Block, aside_table, kept, runs
from connectors.reading.chaff import REASONS, Codes, Sieve
from connectors.reading.decision import Reading, ReadingHints
from connectors.reading.dialect import Dialect
from connectors.reading.layout import Layout, Spans
from connectors.reading.quotes import Marks, Whole, fields_at, loose, requoted
from connectors.reading.scan import PROPER, UNCLOSED, UNDECODABLE, Records, scan
from connectors.reading.source import Source, valid_utf8
from contracts.errors import Place, SourceError

CHUNK = 4 << 20
SAMPLE = 512 << 10
TAILS = 5
"""Short records of one width beyond which a file is made so, and its last ones are no remarks."""
SAMPLED = 3000
"""Records of the sample that are looked at for headers and further tables."""
LONGEST = 64 << 20
"""Bytes of one line beyond which a file is refused."""
WIDEST = 20_000
"""Columns beyond which a file is refused."""
HEAVIEST = 256 << 20
"""Bytes of one block; rows that long make smaller blocks."""
MARK = b"\xef\xbb\xbf"
KEPT = 64
"""Records kept back at the end of a block, so that the end of the file is never a block of its own."""


@dataclass(frozen=True)
class _Plan:
    """Everything decided about a file."""

    place: Place
    dialect: Dialect
    marks: Marks
    layout: Layout
    sieve: Sieve
    others: Spans


@dataclass(frozen=True)
class _Stretch:
    """A chunk's records, read: nothing of its bytes is kept but the text of records that are, or may become, no rows."""

    record: Whole
    line: Whole
    codes: Codes
    is_row: npt.NDArray[np.bool_]
    columns: list[pa.Array]
    raw: dict[int, str]

    def __len__(self) -> int:
        return len(self.record)

    def cut(self, first: int, last: int) -> _Stretch:
        """The records from index `first` up to `last`."""
        low, high = int(np.count_nonzero(self.is_row[:first])), int(np.count_nonzero(self.is_row[:last]))
        raw = {i - first: text for i, text in self.raw.items() if first <= i < last}
        columns = [column.slice(low, high - low) for column in self.columns]
        own = slice(first, last)
        return _Stretch(self.record[own], self.line[own], self.codes[own], self.is_row[own], columns, raw)


def read(source: Source, hints: ReadingHints, block_rows: int) -> tuple[Reading, Iterator[Block]]:
    """What a delimited file is, and its blocks.

    Raises
    ------
    SourceError
        See `reading.read`.
    """
    plan, reading = _planned(source, hints)
    return reading, _blocks(source, plan, block_rows)


@lru_cache(maxsize=4)  # a file is sampled before it is taken in
def _planned(source: Source, hints: ReadingHints) -> tuple[_Plan, Reading]:
    assert source.survey is not None
    chosen = encoding.decide(source.survey, hints.encoding)
    name = str(chosen.value)
    sample = _sample(source, name)
    if (widest := max(sample.split(b"\n", 1)[0].count(sign) for sign in b",;\t|")) > WIDEST:
        raise _too_large(source.place, f"{widest + 1} columns", f"at most {WIDEST} columns")
    found, decisions = dialect.decide(encoding.text(sample, name), name, hints)
    if found.width > WIDEST:
        raise _too_large(source.place, f"{found.width} columns", f"at most {WIDEST} columns")
    marks = Marks(ord(found.signs.delimiter), ord(found.quote) if found.quote else -1, found.ends, found.width)
    records, _, _ = scan(_put(sample, found, source), marks, True)
    count = min(len(records), SAMPLED)
    rows = [_cells(records, i, marks, found) for i in range(count)]
    laid, others = layout.among(rows, (records.line[:count] + 1).tolist(), found.width, hints, source.place)
    headers = [tuple(row) for row in rows[laid.header : laid.first]] if laid.header is not None else []
    sieve = Sieve(max(headers, key=_filled, default=()), laid.usual, totals.pattern(hints.total_words))
    plan = _Plan(source.place, found, replace(marks, width=laid.width), laid, sieve, others)
    return plan, Reading("delimited", {"encoding": chosen, **decisions, **laid.decisions}, laid.names, filed=laid.filed)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _put(sample: bytes, found: Dialect, source: Source) -> bytes:
    """The sample with the dialect's stand-ins in it."""
    return b"".join(found.signs.content(iter([sample]), encoding.written(found.encoding), source.place))


def _sample(source: Source, name: str) -> bytes:
    """The beginning of the content up to a line end."""
    data = b""
    for piece in encoding.content(source, name):
        data += piece
        cut = max(data.rfind(b"\n", 0, SAMPLE), data.rfind(b"\r", 0, SAMPLE))
        if len(data) > SAMPLE and cut > 0:
            return data[: cut + 1]
        if len(data) > LONGEST:
            raise _too_large(source.place, "one line of more than 64 MiB", "lines")
    return data


def _too_large(place: Place, found: str, expected: str) -> SourceError:
    hint = "check the delimiter and the line ends of the file"
    return SourceError("SOURCE-TOO-LARGE", "the file is not shaped like a table", place=place, found=found, expected=expected, hint=hint)


def _cells(records: Records, index: int, marks: Marks, found: Dialect) -> list[str]:
    start, end = int(records.start[index]), int(records.end[index])
    data = records.data[start:end]
    if marks.quote < 0 or marks.quote not in data:
        cells = data.split(bytes([marks.delimiter]))
    else:
        fields = fields_at(data, 0, marks) if records.fault[index] == PROPER else None
        cells = fields[0] if fields else loose(data, marks)
        if len(cells) != marks.width and len(other := loose(data, marks)) == marks.width:
            cells = other
    return [found.signs.back(encoding.text(cell, found.encoding)) for cell in cells]


def _blocks(source: Source, plan: _Plan, block_rows: int) -> Iterator[Block]:
    held: list[_Stretch] = []
    for stretch in _stretches(source, plan):
        held.append(stretch)
        while (cut := _enough(held, block_rows)) is not None:
            ready = [*held[:-1], held[-1].cut(0, cut)]
            held = [held[-1].cut(cut, len(held[-1]))]
            yield _block(ready, plan, ends=False)
    yield _block(held, plan, ends=True)


def _enough(held: list[_Stretch], block_rows: int) -> int | None:
    """Records of the last stretch that fill a block and leave some; None while there are too few."""
    before = sum(int(np.count_nonzero(s.is_row)) for s in held[:-1])
    rows = np.cumsum(held[-1].is_row)
    size = sum(c.nbytes for s in held for c in s.columns) + sum(len(s) * 200 for s in held)
    if size > HEAVIEST and len(held[-1]) > 2 * KEPT:
        return len(held[-1]) - KEPT
    cut = int(np.searchsorted(rows, block_rows - before)) + 1
    return cut if cut + KEPT <= len(rows) else None


def _stretches(source: Source, plan: _Plan) -> Iterator[_Stretch]:
    """The whole file, chunk by chunk."""
    rest, record, line = b"", 1, 1
    for piece, final in _chunks(_content(source, plan)):
        data = rest + piece
        records, stop, lines = scan(data, plan.marks, final)
        _find_undecodable(records, plan.dialect.encoding)
        _open_behind_blanks(records, plan.marks)
        yield _stretch(records, record, line, plan)
        rest, record, line = data[stop:], record + len(records), line + lines
        if len(rest) > LONGEST:
            raise _too_large(plan.place, "one line of more than 64 MiB", "lines")


def _content(source: Source, plan: _Plan) -> Iterator[bytes]:
    found = plan.dialect
    return found.signs.content(encoding.content(source, found.encoding), encoding.written(found.encoding), source.place)


def _chunks(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Pieces of about CHUNK bytes and whether each is the last; the last one is never a mere scrap."""
    held = b""
    for piece in pieces:
        if len(held) + len(piece) > CHUNK * 3 // 2:
            yield held, False
            held = piece
        else:
            held += piece
    yield held, True


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
    if marks.quote < 0 or bytes([32, marks.quote]) not in records.data:
        return
    edge, sign = re.escape(bytes([marks.delimiter])), bytes([marks.quote])
    opening = re.compile(rb"(^|" + edge + rb") +(?=" + re.escape(sign) + rb")")
    for i in np.flatnonzero((records.fields != marks.width) & (records.fault == PROPER)).tolist():
        record, count = opening.subn(rb"\1", records.data[records.start[i] : records.end[i]])
        found = fields_at(record, 0, marks) if count else None
        if found is not None and len(found[0]) == marks.width and found[1] == len(record):
            records.fields[i] = marks.width
            records.rewritten[i] = requoted(found[0], found[3], marks)


def _stretch(records: Records, first: int, line: int, plan: _Plan) -> _Stretch:
    codes = _codes(records, first, plan)
    _shut(codes, first, plan)
    is_row = (records.fields == plan.marks.width) & (codes == 0)
    columns = _columns(records, is_row, plan)
    rows = np.flatnonzero(is_row)
    if len(rows):
        codes[rows] = chaff.sift(columns, plan.sieve)
        _surplus(columns, codes, rows, plan)
    _name_irregular(records, codes, is_row, plan)
    near = rows[chaff.closing_rows(codes[rows], ends=True)].tolist()
    raw = {i: _raw(records, i, plan) for i in {*np.flatnonzero(codes).tolist(), *near}}
    return _Stretch(np.arange(first, first + len(records)), records.line + line, codes, is_row, columns, raw)


def _block(held: list[_Stretch], plan: _Plan, ends: bool) -> Block:
    record, line, codes, is_row = (np.concatenate([getattr(s, n) for s in held]) for n in ("record", "line", "codes", "is_row"))
    columns = [pa.chunked_array(parts) for parts in zip(*(s.columns for s in held), strict=True)]
    rows = np.flatnonzero(is_row)
    of_rows = codes[rows]
    chaff.sift_closing(columns, of_rows, plan.sieve, ends)
    codes[rows] = of_rows
    raw = _joined_raw(held)
    if ends:
        _name_footer(codes, raw, plan)
    fine, left = np.flatnonzero(codes == 0), np.flatnonzero(codes)
    table = _named(columns, of_rows == 0, plan)
    reasons = [REASONS[c] for c in codes[left]]
    return Block(table, record[fine], line[fine], aside_table(record[left], line[left], reasons, [raw[i] for i in left.tolist()]))


def _joined_raw(held: list[_Stretch]) -> dict[int, str]:
    raw: dict[int, str] = {}
    before = 0
    for stretch in held:
        raw.update((before + i, text) for i, text in stretch.raw.items())
        before += len(stretch)
    return raw


def _columns(records: Records, is_row: npt.NDArray[np.bool_], plan: _Plan) -> list[pa.Array]:
    """The proper records as Arrow reads them, one array per column."""
    single = encoding.bytewise(plan.dialect.encoding)
    names = [str(j) for j in range(plan.marks.width)]
    count = int(np.count_nonzero(is_row))
    if not count:
        return [pa.array([], pa.string()) for _ in names]
    table = _arrow(_clean(records, is_row), names, pa.binary() if single else pa.string(), plan)
    if table.num_rows != count:
        raise _disagree(plan.place, f"{table.num_rows} rows read by Arrow", f"{count} rows counted by the scanner")
    arrays = [pa.concat_arrays(table.column(j).chunks) for j in range(len(names))]
    texts = [encoding.as_text(a, plan.dialect.encoding) if single else a for a in arrays]
    return [plan.dialect.signs.cells(a) for a in texts]


def _arrow(data: bytes | memoryview, names: list[str], kind: pa.DataType, plan: _Plan) -> pa.Table:
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


def _codes(records: Records, first: int, plan: _Plan) -> Codes:
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


def _shut(codes: Codes, first: int, plan: _Plan) -> None:
    """Mark what belongs to other tables of the file."""
    for start, stop in plan.others:
        low, high = max(start + 1 - first, 0), len(codes) if stop is None else stop + 1 - first
        if low < len(codes) and high > low:
            part = codes[low:high]
            part[part != chaff.BLANK] = chaff.OTHER_TABLE


def _surplus(columns: list[pa.Array], codes: Codes, rows: Whole, plan: _Plan) -> None:
    """Values in columns that have no name make a row ragged."""
    for column in columns[len(plan.layout.names) :]:
        if column.null_count < len(column):
            filled = chaff.flags(column.is_valid())
            codes[rows[filled & (codes[rows] == 0)]] = chaff.RAGGED


def _name_irregular(records: Records, codes: Codes, is_row: npt.NDArray[np.bool_], plan: _Plan) -> None:
    """Of records of another width: blank ones, repeated headers, totals."""
    for i in np.flatnonzero((codes == chaff.RAGGED) & ~is_row).tolist():
        cells = _cells(records, i, plan.marks, plan.dialect)
        codes[i] = chaff.irregular(cells, plan.sieve)


def _name_footer(codes: Codes, raw: dict[int, str], plan: _Plan) -> None:
    """Remarks of another width behind the last row."""
    rows = np.flatnonzero(codes == 0)
    widths = Counter(raw[i].count(plan.dialect.delimiter) for i in np.flatnonzero(codes == chaff.RAGGED).tolist())
    for i in range(int(rows[-1]) + 1 if len(rows) else 0, len(codes)):
        alike = codes[i] == chaff.RAGGED and widths[raw[i].count(plan.dialect.delimiter)] > TAILS  # so are others in the middle of the rows
        if codes[i] == chaff.RAGGED and not alike and chaff.remark(raw[i].split(plan.dialect.delimiter)):
            codes[i] = chaff.FOOTER


def _raw(records: Records, index: int, plan: _Plan) -> str:
    return plan.dialect.signs.raw(encoding.text(records.data[records.start[index] : records.end[index]], plan.dialect.encoding))


def _named(columns: list[pa.ChunkedArray], keep: npt.NDArray[np.bool_], plan: _Plan) -> pa.Table:
    names = plan.layout.names
    return pa.table(kept(columns[: len(names)], keep), names=list(names))
