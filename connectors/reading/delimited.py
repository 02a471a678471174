"""Delimited text as blocks: our own scanner accounts for the records, Arrow reads the proper ones, and the two must agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors.reading import chaff, tail
from connectors.reading.block import Block, aside_table, kept
from connectors.reading.chaff import REASONS, Codes
from connectors.reading.chunk import Chunk, chunk
from connectors.reading.decision import Reading, ReadingHints
from connectors.reading.outline import LONGEST, Plan, content, planned, too_large
from connectors.reading.scan import scan
from connectors.reading.source import Source
from connectors.reading.stacked import Watch

CHUNK = 4 << 20
HEAVIEST = 256 << 20
"""Bytes of one block; rows that long make smaller blocks."""
KEPT = 64
"""Records kept back at the end of a block, so that the end of the file is never a block of its own."""
TAILS = 5
"""Short records of one width beyond which a file is made so, and its last ones are no remarks."""


def read(source: Source, hints: ReadingHints, block_rows: int) -> tuple[Reading, Iterator[Block]]:
    """What a delimited file is, and its blocks.

    Raises
    ------
    SourceError
        See `reading.read`.
    """
    plan, reading = planned(source, hints)
    return reading, _blocks(source, plan, block_rows)


def _blocks(source: Source, plan: Plan, block_rows: int) -> Iterator[Block]:
    held: list[Chunk] = []
    for each in _chunks(source, plan):
        held.append(each)
        while (cut := _enough(held, block_rows)) is not None:
            ready = [*held[:-1], held[-1].cut(0, cut)]
            held = [held[-1].cut(cut, len(held[-1]))]
            yield _block(ready, plan, ends=False)
    yield _block(held, plan, ends=True)


def _enough(held: list[Chunk], block_rows: int) -> int | None:
    """Records of the last chunk that fill a block and leave some; None while there are too few."""
    before = sum(int(np.count_nonzero(s.is_row)) for s in held[:-1])
    rows = np.cumsum(held[-1].is_row)
    size = sum(c.nbytes for s in held for c in s.columns) + sum(len(s) * 200 for s in held)
    if size > HEAVIEST and len(held[-1]) > 2 * KEPT:
        return len(held[-1]) - KEPT
    cut = int(np.searchsorted(rows, block_rows - before)) + 1
    return cut if cut + KEPT <= len(rows) else None


def _chunks(source: Source, plan: Plan) -> Iterator[Chunk]:
    """The whole file, chunk by chunk."""
    rest, record, line = b"", 1, 1
    watch, held = Watch(plan), None
    for piece, final in _pieces(content(source, plan)):
        data = rest + piece
        records, stop, lines = scan(data, plan.marks, final)
        if held is not None:
            yield chunk(*held, plan, watch, records)
        held = (records, record, line)
        rest, record, line = data[stop:], record + len(records), line + lines
        if len(rest) > LONGEST:
            raise too_large(plan.place, "one line of more than 64 MiB", "lines")
    if held is not None:
        yield chunk(*held, plan, watch, None)


def _pieces(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Pieces of about CHUNK bytes and whether each is the last; the last one is never a mere scrap."""
    held = b""
    for piece in pieces:
        if len(held) + len(piece) > CHUNK * 3 // 2:
            yield held, False
            held = piece
        else:
            held += piece
    yield held, True


def _block(held: list[Chunk], plan: Plan, ends: bool) -> Block:
    record, line, codes, is_row = (np.concatenate([getattr(s, n) for s in held]) for n in ("record", "line", "codes", "is_row"))
    columns = [pa.chunked_array(parts) for parts in zip(*(s.columns for s in held), strict=True)]
    rows = np.flatnonzero(is_row)
    of_rows = codes[rows]
    ends = ends or tail.over(codes)
    tail.sift_closing(columns, of_rows, plan.sieve, ends)
    codes[rows] = of_rows
    raw = _joined_raw(held)
    if ends:
        _name_footer(codes, raw, plan)
    fine, left = np.flatnonzero(codes == 0), np.flatnonzero(codes)
    table = _named(columns, of_rows == 0, plan)
    reasons = [REASONS[c] for c in codes[left]]
    return Block(table, record[fine], line[fine], aside_table(record[left], line[left], reasons, [raw[i] for i in left.tolist()]))


def _joined_raw(held: list[Chunk]) -> dict[int, str]:
    raw: dict[int, str] = {}
    before = 0
    for each in held:
        raw.update((before + i, text) for i, text in each.raw.items())
        before += len(each)
    return raw


def _name_footer(codes: Codes, raw: dict[int, str], plan: Plan) -> None:
    """Remarks of another width behind the last row."""
    rows = np.flatnonzero(codes == 0)
    widths = Counter(raw[i].count(plan.dialect.delimiter) for i in np.flatnonzero(codes == chaff.RAGGED).tolist())
    for i in range(int(rows[-1]) + 1 if len(rows) else 0, len(codes)):
        alike = codes[i] == chaff.RAGGED and widths[raw[i].count(plan.dialect.delimiter)] > TAILS  # so are others in the middle of the rows
        if codes[i] == chaff.RAGGED and not alike and tail.remark(raw[i].split(plan.dialect.delimiter)):
            codes[i] = chaff.FOOTER


def _named(columns: list[pa.ChunkedArray], keep: npt.NDArray[np.bool_], plan: Plan) -> pa.Table:
    names = plan.layout.names
    return pa.table(kept(columns[: len(names)], keep), names=list(names))
