"""What the markup of a sheet says against the values that a reader of it gives: codes with zeros, formulas without a value."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.reading.block import BLANK, TEXT, UNSTORED
from connectors.reading.chaff import flags
from connectors.reading.number_format import shown
from connectors.reading.sight import SheetSight

Whole = npt.NDArray[np.int64]
FARTHEST = 20_000_000
"""Places down to a formula beyond which they are not filled up."""


def amended(table: pa.Table, start: Sequence[int], seen: SheetSight) -> pa.Table:
    """A sheet's cells: codes as it shows them, as text, their zeros being no part of the numbers stored; formulas without a value so named.

    Parameters
    ----------
    table : pyarrow.Table
        For each column of the sheet's used area its text and the kind of each cell.
    start : sequence of int
        Row and column of the used area, from 0.
    seen : SheetSight

    Examples
    --------
    >>> sheet = pa.table({"text 0": ["zip", "1003", None], "kind 0": pa.array([0, 1, 4], pa.uint8())})
    >>> amended(sheet, (0, 0), SheetSight(codes={"00000": {1: array("i", [2])}}, gaps={1: array("i", [3])})).to_pydict()
    {'text 0': ['zip', '01003', None], 'kind 0': [0, 0, 5]}
    """
    for template, columns in seen.codes.items():
        for number, rows in columns.items():
            table = _coded(table, *_placed(table, start, number, rows), template)
    table = _reaching(table, start, seen)
    for number, rows in seen.gaps.items():
        table = _unstored(table, *_placed(table, start, number, rows))
    return table


def _reaching(table: pa.Table, start: Sequence[int], seen: SheetSight) -> pa.Table:
    """The cells down to the last formula without a value: a reader's area ends with the last value."""
    last = max((max(rows) for number, rows in seen.gaps.items() if 0 <= 2 * (number - 1 - start[1]) < table.num_columns), default=0)
    more = last - start[0] - table.num_rows
    if more <= 0 or more * table.num_columns > FARTHEST:
        return table
    blank = [pa.nulls(more, pa.string()), pa.repeat(pa.scalar(BLANK, pa.uint8()), more)]
    below = pa.table([blank[n % 2] for n in range(table.num_columns)], schema=table.schema)
    return pa.concat_tables([table, below])


def _placed(table: pa.Table, start: Sequence[int], number: int, rows: array[int]) -> tuple[int, Whole]:
    """Where a column's texts are in the table, and the rows that it has; no rows where it has not the column."""
    at, index = 2 * (number - 1 - start[1]), np.unique(np.array(rows, np.int64) - 1 - start[0])
    return at, index[(index >= 0) & (index < (table.num_rows if 0 <= at < table.num_columns else 0))]


def _coded(table: pa.Table, at: int, index: Whole, template: str) -> pa.Table:
    if not len(index):
        return table
    texts = table.column(at).combine_chunks()
    found = shown(texts.take(pa.array(index)), template)
    mask = _mask(len(texts), index[flags(found.is_valid())])
    table = table.set_column(at, table.field(at), pc.replace_with_mask(texts, mask, found.drop_null()))
    return _of_kind(table, at + 1, mask, TEXT)


def _unstored(table: pa.Table, at: int, index: Whole) -> pa.Table:
    if not len(index):
        return table
    blank = pc.equal(table.column(at + 1).combine_chunks(), BLANK)
    return _of_kind(table, at + 1, pc.and_(_mask(table.num_rows, index), blank), UNSTORED)


def _mask(count: int, index: Whole) -> pa.Array:
    found = np.zeros(count, bool)
    found[index] = True
    return pa.array(found)


def _of_kind(table: pa.Table, at: int, mask: pa.Array, kind: int) -> pa.Table:
    kinds = pc.if_else(mask, pa.scalar(kind, pa.uint8()), table.column(at).combine_chunks())
    return table.set_column(at, table.field(at), kinds)
