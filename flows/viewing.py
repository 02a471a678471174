"""Files as they are looked at before anything is taken in: what they are, a sample of their rows, how many there are, a sketch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from connectors.header import read_for
from connectors.mapping import fold
from connectors.plan import hints, opened
from connectors.proposing.column import Sample, sample
from connectors.reading.block import Block
from connectors.reading.decision import Reading
from connectors.reading.reading import BLOCK_ROWS, read, sheets
from connectors.reading.source import Source
from connectors.sheets import with_sheets
from connectors.sketch import Sketch
from connectors.spec.feed import FeedSpec
from contracts.contract import Contract, get
from contracts.errors import SourceError

GLANCE = 20_000
"""Rows that tell how columns look."""


@dataclass(frozen=True)
class View:
    """Files of one feed.

    Parameters
    ----------
    names, hashes : tuple of str
        Of the files, in the order of their content's hashes.
    reading : Reading
        Of the first one.
    sheets : int
        Sheets that its workbook has; 0 for other files.
    samples : tuple of Sample
        First rows of each.
    rows : int
        Rows of all.
    """

    names: tuple[str, ...]
    hashes: tuple[str, ...]
    reading: Reading
    sheets: int
    samples: tuple[Sample, ...]
    rows: int

    def sketch(self, feed: FeedSpec | None = None, contract: str | None = None) -> Sketch:
        """What is kept of the first file's columns, and of all files' rows; of columns that name persons no words."""
        personal = _personal(feed) if feed else set()
        if contract:
            personal |= {fold(title) for title in _titles(get(contract))}
        named = [header for header in self.samples[0].names if fold(header) in personal]
        return Sketch.of(self.samples[0].columns, self.rows, self.hashes, named)


def _personal(feed: FeedSpec) -> set[str]:
    """Folded headers of columns that feed direct identifiers."""
    fields = feed.table.fields
    direct = [spec for name, spec in feed.all_columns.items() if fields[name].personal == "direct"]
    return {fold(header) for spec in direct for header in spec.headers}


def _titles(table: Contract) -> Iterator[str]:
    for field in table.fields.values():
        if field.personal == "direct":
            yield from (field.name, field.title, *field.synonyms)


def view(paths: Sequence[Path], feed: FeedSpec | None = None) -> View:
    """Look at files; as a feed's connector reads them, where there is one.

    Raises
    ------
    SourceError
        As `connectors.reading.reading.read`; SOURCE-NONE.
    """
    if not paths:
        raise SourceError("SOURCE-NONE", "no file was given", hint="name the files of one submission")
    sources = sorted((opened(path, path.name) for path in paths), key=lambda source: source.sha256)
    seen = [_seen(source, feed) for source in sources]
    count = len(sheets(sources[0])) if seen[0][0].sheet else 0
    hashes = tuple(source.sha256 for source in sources)
    return View(tuple(s.name for s in sources), hashes, seen[0][0], count, tuple(one[1] for one in seen), sum(one[2] for one in seen))


def glance(paths: Sequence[Path], feed: FeedSpec, rows: int) -> Sketch:
    """The sketch of files from the first rows of the first one only, where the number of all is known.

    Raises
    ------
    SourceError
        As `view`.
    """
    sources = sorted((opened(path, path.name) for path in paths), key=lambda source: source.sha256)
    reading, blocks = read_for(feed, sources[0], hints(feed), GLANCE)
    if feed.joins:
        reading, blocks, _ = with_sheets(sources[0], reading, blocks, feed)
    found = sample(islice(blocks, 1))
    hashes = tuple(source.sha256 for source in sources)
    return View(tuple(s.name for s in sources), hashes, reading, 0, (found,), rows).sketch(feed)


def _seen(source: Source, feed: FeedSpec | None) -> tuple[Reading, Sample, int]:
    """What a file is, its first rows, and how many it has."""
    reading, blocks = read_for(feed, source, hints(feed), BLOCK_ROWS) if feed else read(source)
    if feed and feed.joins:
        reading, blocks, _ = with_sheets(source, reading, blocks, feed)
    counts = [0]
    passing = _counted(blocks, counts)
    found = sample(passing)
    for _ in passing:
        pass
    return reading, found, counts[0]


def _counted(blocks: Iterator[Block], counts: list[int]) -> Iterator[Block]:
    for block in blocks:
        counts[0] += block.table.num_rows
        yield block
