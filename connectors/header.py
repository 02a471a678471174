"""A connector knows its headers: a row that holds them is the header, whatever it looks like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from connectors.mapping import fold
from connectors.reading.block import Block
from connectors.reading.decision import Decision, Reading, ReadingHints
from connectors.reading.reading import read
from connectors.reading.source import Source
from connectors.spec.feed import FeedSpec

DEEPEST = 100
"""Rows among which the header is looked for."""


def read_for(feed: FeedSpec, source: Source, hints: ReadingHints, block_rows: int) -> tuple[Reading, Iterator[Block]]:
    """What a file is, and its blocks, as `reading.read`; where the reader took another row for the header, the connector's words decide.

    Raises
    ------
    SourceError
        As `reading.read`.
    """
    reading, blocks = read(source, hints, block_rows=block_rows)
    wanted = {fold(name) for name in feed.headers}
    known = count(reading.header, wanted)
    if hints.header_row is not None or known == len(wanted):
        return reading, blocks
    first = next(blocks, None)
    line = None if first is None else line_of(first, wanted, max(known, len(wanted) // 2))
    if line is None:
        return reading, chain([] if first is None else [first], blocks)
    reading, blocks = read(source, replace(hints, header_row=line), block_rows=block_rows)
    why = Decision(line, "the row that holds the connector's headers", 0.99, False)
    return replace(reading, decisions={**reading.decisions, "header_row": why}), blocks


def count(cells: Iterable[str | None], wanted: set[str]) -> int:
    """How many of the wanted headers are among some cells.

    Examples
    --------
    >>> count(["Nr.", "ORT", None], {"ort", "plz"})
    1
    """
    return len(wanted & {fold(cell) for cell in cells if cell})


def line_of(block: Block, wanted: set[str], more_than: int) -> int | None:
    """The line of the first row with the most of the wanted headers, where it has more than a number of them."""
    rows = block.table.slice(0, DEEPEST).to_pylist()
    found = [count(row.values(), wanted) for row in rows]
    best = max(found, default=0)
    return int(block.line[found.index(best)]) if best > more_than else None
