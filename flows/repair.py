"""An error workbook out of a dry intake: which rows it shows, their cells as the client sent them, what is said of each fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa

from connectors.identity import SHEET, Identity, Shown, row_code, sealed
from connectors.mapping import fit
from connectors.overlay import stream
from connectors.parsing.styles import Style
from connectors.plan import GivenFile, Plan, hints
from connectors.reading.block import BAD, BLANK, TEXT, Block, unique_names
from connectors.reading.decision import Reading
from connectors.reading.reading import BLOCK_ROWS
from connectors.spec.feed import FeedSpec
from connectors.stretch import SHIFT
from connectors.torn import split
from contracts.errors import Place
from flows.advice import WHOLE_ROW, Advice, advice, language_of, titled
from flows.failing import headers
from flows.faults import Faults, Whole
from flows.wording import outcome
from reports.error_book import Book, Fault, Row, write_error_book
from reports.error_words import WORDS

MOST = 100_000
"""Rows of a workbook."""
MOST_COLUMNS = 16_000
"""Columns that Excel holds beside ours."""
TOGETHER = 5_000
"""Rows whose cells are held as Python values at once."""


@dataclass(frozen=True)
class Repair:
    """What an error workbook is made of.

    Parameters
    ----------
    planned : Plan
        Of the dry intake, with the mended workbooks that were applied.
    found : Faults
    most : int
        Rows at most.
    """

    planned: Plan
    found: Faults
    most: int = MOST

    @cached_property
    def language(self) -> str:
        """That the client is spoken to in."""
        return language_of(self.planned.client.language)

    @cached_property
    def rows(self) -> Whole:
        """Ids of the rows that are shown, ascending."""
        return self.found.chosen(self.most)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The client's headers: those of the first file, then what others have besides."""
        every = (name for file in self.planned.files for name in self._header(file))
        return tuple(dict.fromkeys(every))[:MOST_COLUMNS]

    def _header(self, file: GivenFile) -> tuple[str, ...]:
        reading, _, _ = stream(self.planned.feed, file, hints(self.planned.feed), BLOCK_ROWS, self.planned.takes[0].changes)
        return reading.header

    @cached_property
    def said(self) -> dict[str, Advice]:
        """What is said of each fault."""
        styles: Mapping[str, Style] = dict(self.planned.takes[0].styles)
        return {key: advice(key, self.planned.feed, styles, self.language) for key in self.found.keys}

    @cached_property
    def identity(self) -> Identity:
        """What the workbook says of itself."""
        words = WORDS[self.language]
        held_back = self.rows[np.isin(self.rows, self.found.rejected)]
        files = tuple(
            Shown(file.name, file.sha256, _records(self.rows, file.number), _records(held_back, file.number)) for file in self.planned.files
        )
        earlier = tuple(one.sha256 for one in self.planned.takes[0].changes.mended)
        left_out = len(self.found.every) - len(self.rows)
        return Identity(
            self.planned.feed.feed, self.language, words.sheets[1], words.own, words.rest, self.columns, files, earlier, left_out
        )


def _records(rows: Whole, number: int) -> tuple[int, ...]:
    low, high = np.searchsorted(rows, (number << SHIFT, (number + 1) << SHIFT)).tolist()
    return tuple((rows[low:high] & ((1 << SHIFT) - 1)).tolist())


def write_repair(repair: Repair, secret: bytes, out: IO[bytes], scratch: Path) -> int:
    """Write the error workbook; the number of rows in it.

    Parameters
    ----------
    repair : Repair
    secret : bytes
        The client's; seals what the workbook says of itself.
    out : binary file
    scratch : Path
        A private folder.
    """
    cells = sealed(repair.identity, secret)
    client, found = repair.planned.client, repair.found
    book = Book(
        repair.language, client.title, client.theme.get("accent"), tuple(file.name for file in repair.planned.files),
        unique_names((*repair.identity.own, *repair.columns, repair.identity.rest)), any(key in BAD for key in found.keys),
        tuple(_faults(repair)), len(repair.rows), repair.identity.left_out, _rows(repair, cells[1]), (SHEET, cells),
    )  # fmt: skip
    write_error_book(book, out, scratch)
    return len(repair.rows)


def blames(key: str, feed: FeedSpec, columns: Mapping[str, str], header: Sequence[str]) -> tuple[str, ...]:
    """Headers of a file whose cells a fault is about; all of them where the record is no row.

    Parameters
    ----------
    key : str
    feed : FeedSpec
    columns : mapping of str to str
        The connector's headers and those of the file.
    header : sequence of str
        Of the file.

    Examples
    --------
    >>> from connectors.library import load_feed
    >>> feed = load_feed("harbour/customers")
    >>> blames("birth_date:after_signup_date", feed, {"Geburtsdatum": "Geb.", "Kunde seit": "Seit"}, ("Nr", "Geb.", "Seit"))
    ('Geb.', 'Seit')
    """
    name, _, rule = key.partition(":")
    if not rule:
        return tuple(header)
    way, _, other = rule.partition("_")
    names = f"{name}+{other}" if way in ("before", "after") else name
    return tuple(columns[each] for each in headers(feed, names) if each in columns)


def _faults(repair: Repair) -> Iterator[Fault]:
    """What was found, the costliest first, then by rows; several fields of one column may say the same of it."""
    order = {"reject": 0, "blank": 1, "warn": 2}
    feed, whole_row = repair.planned.feed, f"({WHOLE_ROW[repair.language == 'de']})"
    said: dict[tuple[str, str, str, str, str], list[Whole]] = {}
    for key in repair.found.keys:
        told, (name, _, rule) = repair.said[key], key.partition(":")
        column = " + ".join(titled(each, feed) for each in name.split("+")) if rule else whole_row
        cost = outcome(key, feed.table)
        said.setdefault((column, told.wrong, told.expected, told.example, cost), []).append(repair.found.rows(key))
    counted = [(words, len(np.unique(np.concatenate(rows)))) for words, rows in said.items()]
    for (column, wrong, expected, example, cost), count in sorted(counted, key=lambda one: (order[one[0][4]], -one[1], one[0])):
        yield Fault(column, wrong, expected, example, count, cost)


def _rows(repair: Repair, seal: str) -> Iterator[Row]:
    """The rows, file by file, record by record."""
    feed, marks = repair.planned.feed, iter(repair.found.by_row(repair.rows))
    for file in repair.planned.files:
        wanted = np.array(_records(repair.rows, file.number), np.int64)
        if not len(wanted):
            continue
        reading, blocks, _ = stream(feed, file, hints(feed), BLOCK_ROWS, repair.planned.takes[0].changes)
        columns = fit(reading.header, feed, Place(client=feed.client, feed=feed.feed, file=file.name)).columns
        name = f"{file.name}, {reading.sheet}" if reading.sheet else file.name
        place = _Place(repair, reading, dict(columns))
        for block in blocks:
            for one in place.records(block, wanted):
                _, keys = next(marks)
                bad = frozenset(at for key in keys for at in place.bad[key])
                code = row_code(seal, file.number, one.number)
                yield Row(place.wrong(keys), name, one.line, code, one.cells, one.kinds, bad, one.rest)


@dataclass(frozen=True)
class Record:
    """A record: its number and line, its cells by the workbook's columns and their kinds, and what is left over of it."""

    number: int
    line: int
    cells: list[str | None]
    kinds: list[int]
    rest: str = ""


@dataclass(frozen=True)
class _Place:
    """How the records of one file stand in the workbook."""

    repair: Repair
    reading: Reading
    columns: Mapping[str, str]

    @cached_property
    def _at(self) -> dict[str, int]:
        return {name: n for n, name in enumerate(self.repair.columns)}

    @cached_property
    def bad(self) -> dict[str, tuple[int, ...]]:
        """Places of the cells that each fault is about."""
        blamed = {key: blames(key, self.repair.planned.feed, self.columns, self.reading.header) for key in self.repair.found.keys}
        return {key: tuple(self._at[header] for header in names if header in self._at) for key, names in blamed.items()}

    def wrong(self, keys: Sequence[str]) -> str:
        """All faults of a row in words, one a line."""
        said = self.repair.said
        return "\n".join(dict.fromkeys(f"{self._named(key)}{said[key].wrong}{self._expected(key)}." for key in keys))

    def _named(self, key: str) -> str:
        name, _, rule = key.partition(":")
        return f"{' + '.join(titled(each, self.repair.planned.feed) for each in name.split('+'))} " if rule else ""

    def _expected(self, key: str) -> str:
        said, n = self.repair.said[key], self.repair.language == "de"
        example = f", {('such as', 'zum Beispiel')[n]} {said.example}" if said.example and said.example not in said.expected else ""
        return f". {('Expected', 'Erwartet')[n]}: {said.expected}{example}" if said.expected else ""

    def records(self, block: Block, wanted: Whole) -> Iterator[Record]:
        """The wanted records of a block in order."""
        there = np.append(block.record, block.aside.column("record").to_numpy())
        mine = np.intersect1d(wanted, there)
        for start in range(0, len(mine), TOGETHER):
            some = mine[start : start + TOGETHER]
            yield from sorted((*self._rows(block, some), *self._faulty(block, some)), key=lambda each: each.number)

    def _rows(self, block: Block, wanted: Whole) -> Iterator[Record]:
        rows = np.flatnonzero(np.isin(block.record, wanted))
        names = [name for name in block.table.column_names if name in self._at]
        texts = [column.to_pylist() for column in block.table.select(names).take(pa.array(rows)).columns]
        forms = [block.kinds[name][rows].tolist() if block.kinds else [TEXT] * len(rows) for name in names]
        for n, (number, line) in enumerate(zip(block.record[rows].tolist(), block.line[rows].tolist(), strict=True)):
            yield Record(number, line, *self._spread(names, [column[n] for column in texts], [form[n] for form in forms]))

    def _faulty(self, block: Block, wanted: Whole) -> Iterator[Record]:
        """Records that are no rows, split as well as can be."""
        names = block.table.column_names
        for one in block.aside.filter(pa.array(np.isin(block.aside.column("record").to_numpy(), wanted))).to_pylist():
            cells, rest = split(one["raw"], self.reading, len(names), one["reason"])
            yield Record(one["record"], one["line"], *self._spread(names, cells, [TEXT] * len(cells)), rest)

    def _spread(self, names: Sequence[str], cells: Sequence[str | None], kinds: Sequence[int]) -> tuple[list[str | None], list[int]]:
        texts: list[str | None] = [None] * len(self.repair.columns)
        forms = [BLANK] * len(self.repair.columns)
        for name, cell, kind in zip(names, cells, kinds, strict=True):
            if name in self._at:
                texts[self._at[name]], forms[self._at[name]] = cell, kind
        return texts, forms
