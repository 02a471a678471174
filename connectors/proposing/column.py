"""A column as the proposal sees it: its name, how much of it is filled, and its different values with their counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import NO_NAME, NOTHING
from connectors.reading.block import BOOLEAN, DATE, NUMBER, TEXT, Block
from connectors.reading.reading import read
from connectors.reading.source import Source
from contracts.errors import shape

MOST_ROWS = 100_000
MOST_VALUES = 2_000
_KINDS = {TEXT: "text", NUMBER: "number", DATE: "date", BOOLEAN: "boolean"}
_EMPTY = sorted(NOTHING | NO_NAME | {"-", "--", "—", ""})


@dataclass(frozen=True)
class Column:
    """One column of a file, from a sample of its rows.

    Parameters
    ----------
    name : str
        The header as the file has it.
    position : int
        From 0.
    rows, filled : int
        Rows of the sample, and those of them that hold a value; words for nothing count as empty.
    unique : int
        Different values among them.
    values : pyarrow.StringArray
        Different values, trimmed, the most frequent first, at most `MOST_VALUES`. Client values: they never leave the proposal.
    counts : int64 array
        Cells of each.
    kinds : mapping of str to int
        Cells by kind where the file says it (workbook, JSON, Parquet): text, number, date, boolean.

    Examples
    --------
    >>> column = columns(pa.table({"Ort": ["Ulm", " Ulm", None, "Bonn"]}))[0]
    >>> column.name, column.filled, column.unique, column.distinct, column.counts.tolist()
    ('Ort', 3, 2, 0.6666666666666666, [2, 1])
    """

    name: str
    position: int
    rows: int
    filled: int
    unique: int
    values: pa.StringArray
    counts: npt.NDArray[np.int64]
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def fill(self) -> float:
        """Share of rows with a value."""
        return self.filled / self.rows if self.rows else 0.0

    @property
    def distinct(self) -> float:
        """Different values per filled cell: 1 where none repeats; 0 for an empty column."""
        return self.unique / self.filled if self.filled else 0.0

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The different values as Python texts."""
        return tuple(self.values.to_pylist())

    def share(self, flags: npt.NDArray[np.bool_]) -> float:
        """Share of different values with a flag, by the square root of their count: a frequent word weighs more, but not alone."""
        weight = np.sqrt(self.counts)
        return float(weight[flags].sum() / weight.sum()) if len(weight) else 0.0

    def shapes(self, most: int = 5) -> tuple[str, ...]:
        """The commonest shapes of its values, such as ``99.99.999``: what may be kept and shown of a column."""
        found: dict[str, int] = {}
        for text, count in zip(self.texts[:200], self.counts[:200].tolist(), strict=True):
            found[shape(text)] = found.get(shape(text), 0) + count
        return tuple(sorted(found, key=lambda form: (-found[form], form))[:most])


@dataclass(frozen=True)
class Sample:
    """The first rows of a feed's files.

    Parameters
    ----------
    table : pyarrow.Table
        Text columns, at most `MOST_ROWS` rows.
    columns : tuple of Column
        In the order of the file.
    """

    table: pa.Table
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Headers."""
        return tuple(column.name for column in self.columns)


def sample(file: Source | Block | pa.Table | Iterable[Block]) -> Sample:
    """The first `MOST_ROWS` rows of a file, of its blocks, or of a table of texts."""
    if isinstance(file, pa.Table):
        file = file.slice(0, MOST_ROWS)
        return Sample(file, columns(file))
    blocks = [file] if isinstance(file, Block) else read(file)[1] if isinstance(file, Source) else file
    counted: dict[str, dict[str, int]] = {}
    tables, rows = [], 0
    for block in blocks:
        tables.append(block.table.slice(0, MOST_ROWS - rows))
        _count_kinds(counted, block, tables[-1].num_rows)
        rows += tables[-1].num_rows
        if rows >= MOST_ROWS:
            break
    table = pa.concat_tables(tables) if tables else pa.table({})
    return Sample(table, columns(table, counted))


def columns(table: pa.Table, kinds: Mapping[str, Mapping[str, int]] | None = None) -> tuple[Column, ...]:
    """Every column of a table of texts."""
    return tuple(_column(table, position, (kinds or {}).get(name, {})) for position, name in enumerate(table.column_names))


def _column(table: pa.Table, position: int, kinds: Mapping[str, int]) -> Column:
    counted = pc.value_counts(table.column(position).combine_chunks())
    values, counts = _merged(counted.field("values").cast(pa.string()), counted.field("counts"))
    order = np.argsort(-counts, kind="stable")[:MOST_VALUES]
    return Column(
        table.column_names[position], position, table.num_rows, int(counts.sum()), len(values),
        values.take(pa.array(order)), counts[order], kinds,
    )  # fmt: skip


def _merged(values: pa.Array, counts: pa.Array) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """Different values once trimmed, without the words for nothing."""
    trimmed = pc.utf8_trim_whitespace(values)
    keep = pc.fill_null(pc.invert(pc.is_in(trimmed, value_set=pa.array(_EMPTY))), False)
    keep = pc.and_(keep, pc.fill_null(pc.is_valid(trimmed), False))
    encoded = trimmed.filter(keep).dictionary_encode()
    weights = counts.filter(keep).to_numpy(zero_copy_only=False)
    total = np.bincount(encoded.indices.to_numpy(zero_copy_only=False), weights=weights, minlength=len(encoded.dictionary))
    return encoded.dictionary, total.astype(np.int64)


def _count_kinds(counted: dict[str, dict[str, int]], block: Block, rows: int) -> None:
    for name, cells in (block.kinds or {}).items():
        if name not in block.table.column_names:
            continue
        found = counted.setdefault(name, {})
        for kind, count in zip(*np.unique(cells[:rows], return_counts=True), strict=True):
            if kind in _KINDS:
                found[_KINDS[int(kind)]] = found.get(_KINDS[int(kind)], 0) + int(count)
