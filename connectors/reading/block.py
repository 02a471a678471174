"""A stretch of a file: its rows as text, and the records that are no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

TEXT, NUMBER, DATE, BOOLEAN, BLANK, UNSTORED = range(6)
"""Kinds of cells, where the file says them: workbooks, JSON, Parquet. The last one is a formula whose value the workbook does not hold."""

WITHDRAWN = "withdrawn"
"""Reason of a row that its sender deleted from an error workbook; no reader gives it."""
BAD = ("ragged", "undecodable", "unclosed_quote", "unstored", WITHDRAWN)
"""Reasons of `Block.aside` that mean a faulty record (quarantine); the others are reasons for setting aside."""

ASIDE = pa.schema([("record", pa.int64()), ("line", pa.int64()), ("reason", pa.string()), ("raw", pa.string())])

Whole = npt.NDArray[np.int64]
Kinds = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Block:
    """One stretch of a file; each record of the file is in exactly one block, in `table` or in `aside`.

    Parameters
    ----------
    table : pyarrow.Table
        One row per data record, string columns named by `Reading.header`, one chunk each. Cells keep their text. An empty cell is null;
        a quoted empty cell of a delimited file is ``""``.
    record, line : int64 array
        One per row of `table`: number of the record in the file or sheet from 1; line on which it starts as an editor shows it
        (workbooks: row of the sheet; Parquet: the record's number).
    aside : pyarrow.Table
        One row per record that is no row: record, line, reason, raw text. Reasons in `BAD` mean quarantine.
    kinds : mapping of str to uint8 array, optional
        Workbooks, JSON, Parquet: the kind of each cell, by column.
    """

    table: pa.Table
    record: Whole
    line: Whole
    aside: pa.Table
    kinds: Mapping[str, Kinds] | None = None

    @property
    def records(self) -> int:
        """Records in this block, rows or not."""
        return int(self.table.num_rows + self.aside.num_rows)

    def reasons(self) -> dict[str, int]:
        """Records of `aside` by reason."""
        counts: dict[str, int] = {}
        for reason in self.aside.column("reason").to_pylist():
            counts[reason] = counts.get(reason, 0) + 1
        return counts


def aside_table(record: Whole, line: Whole, reason: Sequence[str], raw: Sequence[str]) -> pa.Table:
    """The `aside` part of a block.

    Examples
    --------
    >>> aside_table(np.array([1]), np.array([1]), ["header"], ["id;name"]).num_rows
    1
    """
    return pa.table(
        [pa.array(record, pa.int64()), pa.array(line, pa.int64()), pa.array(reason, pa.string()), pa.array(raw, pa.string())], schema=ASIDE
    )


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Column names: trimmed, repeated ones numbered, missing ones named by position.

    Examples
    --------
    >>> unique_names(["Name", " Name ", "", "Ort"])
    ('Name', 'Name.2', 'column 3', 'Ort')
    """
    taken: set[str] = set()
    result = []
    for position, name in enumerate(names, 1):
        base = named(name) or f"column {position}"
        unique, copy = base, 2
        while unique in taken:
            unique, copy = f"{base}.{copy}", copy + 1
        taken.add(unique)
        result.append(unique)
    return tuple(result)


def named(cell: str) -> str:
    """A cell of a header as a name: one blank for more white space, and no signs of no width, such as a second byte order mark.

    Examples
    --------
    >>> named(" full\\nname "), named("\\ufeffid")
    ('full name', 'id')
    """
    return " ".join(cell.replace("\ufeff", "").replace("\u200b", "").split())


def runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches of true flags, as first and last index plus one.

    Examples
    --------
    >>> runs(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def kept(arrays: Sequence[pa.Array | pa.ChunkedArray], keep: npt.NDArray[np.bool_]) -> list[pa.Array]:
    """Columns without the rows that are not kept, each in one chunk; few runs are joined, many are picked.

    Examples
    --------
    >>> kept([pa.array(["id", "1", "2"]), pa.chunked_array([["a"], ["b", "c"]])], np.array([False, True, True]))[1].to_pylist()
    ['b', 'c']
    """
    pieces, columns = runs(keep), [a if isinstance(a, pa.ChunkedArray) else pa.chunked_array([a]) for a in arrays]
    if len(pieces) < 1000:
        return [_one([chunk for first, last in pieces for chunk in column.slice(first, last - first).chunks]) for column in columns]
    return [_one(column.filter(keep).chunks) for column in columns]


def _one(chunks: Sequence[pa.Array]) -> pa.Array:
    return chunks[0] if len(chunks) == 1 else pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())
