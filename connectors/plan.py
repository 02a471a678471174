"""The plan of an intake: files in the order of their content, what their columns look like, and which steps take them in."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.columns import Setting, declared_style, kind_of, parse_column, source_column
from connectors.header import read_for
from connectors.mapping import Fit, fit
from connectors.parsing.styles import Style, Vote, vote_dates, vote_decimal, vote_floated
from connectors.reading.block import Block
from connectors.reading.decision import Reading, ReadingHints
from connectors.reading.reading import BLOCK_ROWS
from connectors.reading.source import Source, open_source
from connectors.relation import AMOUNT, FEWEST, Products, count
from connectors.returned import UNCHANGED, Changes
from connectors.sheets import with_sheets
from connectors.spec.client import ClientSpec
from connectors.spec.column import ColumnSpec
from connectors.spec.feed import FeedSpec
from contracts.assumption import Assumption, Verdict
from contracts.digest import sha256_file
from contracts.errors import Place, SourceError

SAMPLE_ROWS = 20_000
SAMPLE_FILES = 6
TOGETHER = 24 << 20
"""Bytes of small files that one step takes in."""


@dataclass(frozen=True)
class GivenFile:
    """A file of the submission: its number in the order of content hashes, and what it is called."""

    number: int
    path: Path
    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Take:
    """Some files that one step takes in.

    Parameters
    ----------
    label : str
        For people, no file name: ``customers part 3``.
    files : tuple of GivenFile
    feed, client : specs
    styles : tuple of (str, Style)
        How each field's column is written.
    received : datetime.date, optional
        Stands for the date of writing where a file does not say it.
    several : bool
        The submission has more than one file.
    block_rows : int
        Rows of a partition at most.
    multiplied : bool
        Amounts are quantity times unit price.
    changes : Changes
        What mended workbooks lay over the files.
    """

    label: str
    files: tuple[GivenFile, ...]
    feed: FeedSpec
    client: ClientSpec
    styles: tuple[tuple[str, Style], ...]
    received: date | None
    several: bool
    block_rows: int = BLOCK_ROWS
    multiplied: bool = False
    changes: Changes = UNCHANGED

    @property
    def hints(self) -> ReadingHints:
        """What the connector says about the files."""
        return hints(self.feed)

    def setting(self, written: date | None) -> Setting:
        """What the columns of a file have in common."""
        client = self.client
        words, day = self.feed.reading.null_words, written or self.received
        return Setting(client.country, client.currency, client.language, client.time_zone, words, day, self.multiplied)


@dataclass(frozen=True)
class Plan:
    """What is to be taken in, and the assumptions made so far."""

    feed: FeedSpec
    client: ClientSpec
    files: tuple[GivenFile, ...]
    takes: tuple[Take, ...]
    assumptions: tuple[Assumption, ...]


def plan(paths: Sequence[Path], feed: FeedSpec, client: ClientSpec, *, received: date | None = None, block_rows: int = BLOCK_ROWS) -> Plan:
    """Open the files, compare their headers with the connector, and vote on what the connector leaves open.

    Votes are taken on the first rows of some files, so they do not depend on how the submission is cut into partitions.

    Raises
    ------
    SourceError
        As `open_source`; SOURCE-TWICE where two files have the same content, SOURCE-NONE without files.
    ColumnsError
        COLUMNS-WRONG-FEED, COLUMN-MISSING.
    """
    files = _in_order(paths, client, feed)
    samples = [_sample(file, feed) for file in _spread(files)]
    styles, votes = _styles(samples, feed, client)
    products = _products(samples, feed, client, styles)
    like = Take("", (), feed, client, tuple(sorted(styles.items())), received, len(files) > 1, block_rows, products.kept)
    takes = tuple(replace(like, label=f"{feed.name} part {n}", files=group) for n, group in enumerate(_groups(files), 1))
    votes_taken = (_assumed(name, vote, feed) for name, vote in votes)
    return Plan(feed, client, files, takes, (*_of_headers(samples, feed), *votes_taken, *_of_products(products, feed)))


def changed(planned: Plan, changes: Changes) -> Plan:
    """The plan with mended rows laid over its files; what columns look like stays as the files alone say."""
    return replace(planned, takes=tuple(replace(item, changes=changes) for item in planned.takes))


def hints(feed: FeedSpec) -> ReadingHints:
    """The reading section of a connector as the reader takes it."""
    return ReadingHints(**{field.name: getattr(feed.reading, field.name) for field in fields(ReadingHints)})


def opened(path: Path, name: str) -> Source:
    """A source; a large file is not looked at twice in a process."""
    state = path.stat() if path.is_file() else None
    return _opened(path, name, state.st_mtime_ns, state.st_size) if state and state.st_size > TOGETHER // 2 else open_source(path, name)


@lru_cache(maxsize=4)
def _opened(path: Path, name: str, _changed: int, _size: int) -> Source:
    return open_source(path, name)


def _in_order(paths: Sequence[Path], client: ClientSpec, feed: FeedSpec) -> tuple[GivenFile, ...]:
    place = Place(client=client.name, feed=feed.feed)
    if not paths:
        raise SourceError("SOURCE-NONE", "no file was given", place=place, hint="name the files of the submission")
    found = sorted((_met(path) for path in paths), key=lambda file: (file.sha256, file.name))
    for one, other in pairwise(found):
        if one.sha256 == other.sha256:
            raise SourceError(
                "SOURCE-TWICE", "two files have the same content", place=replace(place, file=one.name),
                found=f"the content of {other.name}", hint="give each file once",
            )  # fmt: skip
    return tuple(replace(file, number=n) for n, file in enumerate(found))


def _met(path: Path) -> GivenFile:
    """A file by its content; a small one is hashed, and looked at only by the step that takes it in."""
    size = path.stat().st_size if path.is_file() else 0
    if 0 < size <= TOGETHER // 2:
        return GivenFile(0, path, _name(path), sha256_file(path), size)
    source = opened(path, _name(path))
    return GivenFile(0, source.path, source.name, source.sha256, source.size)


def _name(path: Path) -> str:
    """What a file is called; bytes that are no UTF-8 are shown as such, as a name must be written to tables."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _groups(files: Sequence[GivenFile]) -> Iterator[tuple[GivenFile, ...]]:
    """Small files together, large ones alone, in order."""
    held: list[GivenFile] = []
    for file in files:
        if held and sum(f.size for f in held) + file.size > TOGETHER:
            yield tuple(held)
            held = []
        held.append(file)
    yield tuple(held)


def _spread(files: Sequence[GivenFile]) -> list[GivenFile]:
    step = max(1, -(-len(files) // SAMPLE_FILES))
    return list(files[::step])


@dataclass(frozen=True)
class Sample:
    """The first rows of a file."""

    file: GivenFile
    reading: Reading
    fit: Fit
    block: Block | None


def _sample(file: GivenFile, feed: FeedSpec) -> Sample:
    source = opened(file.path, file.name)
    reading, blocks = read_for(feed, source, hints(feed), SAMPLE_ROWS)
    reading, blocks, _ = with_sheets(source, reading, blocks, feed)
    found = fit(reading.header, feed, Place(client=feed.client, feed=feed.feed, file=file.name, sheet=reading.sheet))
    return Sample(file, reading, found, next(blocks, None))


def _styles(samples: Sequence[Sample], feed: FeedSpec, client: ClientSpec) -> tuple[dict[str, Style], list[tuple[str, Vote]]]:
    styles: dict[str, Style] = {}
    votes: list[tuple[str, Vote]] = []
    for name, spec in feed.all_columns.items():
        kind = kind_of(feed.table.fields[name], spec)
        said: dict[str, Any] = declared_style(spec, feed)
        what = {"number": "decimal", "day": "dates", "moment": "dates", "code": "floated", "postcode": "floated"}.get(kind)
        if spec.headers and spec.part is None and what and what not in said:
            vote = _vote(what, _cells(samples, spec), client)
            votes += [(name, vote)] if what != "floated" or any(vote.evidence.values()) else []
            said[what] = vote.value
            if what == "decimal":
                said.setdefault("thousands", "." if vote.value == "," else ",")
        styles[name] = Style(**said)
    return styles, votes


def _vote(what: str, cells: pa.Array, client: ClientSpec) -> Vote:
    if what == "decimal":
        return vote_decimal(cells, client.language)
    return vote_dates(cells, client.country) if what == "dates" else vote_floated(cells)


def _cells(samples: Sequence[Sample], spec: ColumnSpec) -> pa.Array:
    """Text cells of a column in the samples; typed cells of a workbook have no vote."""
    parts = [pa.array([], pa.string())]
    for sample in samples:
        headers = [sample.fit.columns[h] for h in spec.headers if h in sample.fit.columns]
        if sample.block is not None and headers:
            cells, kinds = source_column(sample.block.table, sample.block.kinds, headers, spec.join)
            parts.append(cells if kinds is None else cells.filter(pa.array(kinds == 0)))
    return pa.concat_arrays(parts)


def _products(samples: Sequence[Sample], feed: FeedSpec, client: ClientSpec, styles: Mapping[str, Style]) -> Products:
    """How often amounts of the samples are quantity times unit price."""
    specs = {name: feed.all_columns[name] for name in AMOUNT if name in feed.all_columns}
    setting = Setting(client.country, client.currency, client.language, client.time_zone, feed.reading.null_words)
    found = []
    for sample in samples if len(specs) == len(AMOUNT) else ():
        headers = {name: [sample.fit.columns[h] for h in spec.headers if h in sample.fit.columns] for name, spec in specs.items()}
        if sample.block is not None and all(headers.values()):
            table, kinds = sample.block.table, sample.block.kinds
            cells = {name: source_column(table, kinds, headers[name], spec.join) for name, spec in specs.items()}
            one, other, product = (parse_column(*cells[n], feed.table.fields[n], specs[n], styles[n], setting).values for n in AMOUNT)
            found.append((one, other, product))
    return count(found)


def _of_products(products: Products, feed: FeedSpec) -> Iterator[Assumption]:
    if products.rows:
        verdict: Verdict = "held" if products.kept else "untested" if products.rows < FEWEST else "refuted"
        evidence = {"rows": products.rows, "equal": products.equal}
        yield Assumption(f"parse {feed.name}", "an amount is quantity times unit price", evidence, verdict)


_SAID: Mapping[str, Mapping[str | bool, str]] = {
    "decimal": {",": "the decimal mark is a comma", ".": "the decimal mark is a point"},
    "dates": {"dmy": "days come before months", "mdy": "months come before days", "ymd": "years come first"},
    "floated": {True: "codes that end in .0 are whole numbers", False: "codes with a point are taken as they are"},
}


def _assumed(name: str, vote: Vote, feed: FeedSpec) -> Assumption:
    return Assumption(f"parse {feed.name}", f"{name}: {_SAID[vote.what][vote.value]}", vote.evidence, vote.verdict)


def _of_headers(samples: Sequence[Sample], feed: FeedSpec) -> Iterator[Assumption]:
    for name, there in dict.fromkeys(pair for sample in samples for pair in sample.fit.near):
        yield Assumption(
            f"map {feed.name}",
            f"the column {there!r} is the connector's {name!r}",
            {"equal but for": "case, blanks, dashes, umlauts"},
            "untested",
        )
