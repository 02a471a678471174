"""Batch: a contract's table in flight, with the origin of every cell and the id of every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.errors import RunError
from contracts.origin import Origin, Origins

ROW_ID = "row_id"
RowIds = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """Some rows of a contract's table.

    Parameters
    ----------
    table : pyarrow.Table
        One column per field, one row per row of the contract; null where nothing is known.
    origins : mapping of str to uint8 array
        One `Origin` a cell, by field; the same fields and rows as `table`.
    row_ids : int64 array
        Unique over the submission, in the order of the table.

    Raises
    ------
    RunError
        BATCH-SHAPE where the three do not fit one another.

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"age": [31, None]}), np.array([5, 6]))
    >>> batch.origins["age"].tolist()
    [0, 5]
    >>> batch.with_field("old", pa.array([False, None]), np.array([2, 5], np.uint8)).table.column_names
    ['age', 'old']
    """

    table: pa.Table
    origins: Mapping[str, Origins]
    row_ids: RowIds

    def __post_init__(self) -> None:
        lengths = {len(self.row_ids), self.table.num_rows, *(len(found) for found in self.origins.values())}
        if lengths != {self.table.num_rows} or set(self.origins) != set(self.table.column_names):
            hint = "this is a fault of Millrace"
            raise RunError("BATCH-SHAPE", "a table, its origins and its row ids do not have the same shape", hint=hint)

    @classmethod
    def supplied(cls, table: pa.Table, row_ids: RowIds) -> Batch:
        """A table whose cells were all sent; a null is absent."""
        return cls(table, {name: given_or_absent(table.column(name)) for name in table.column_names}, row_ids)

    @property
    def rows(self) -> int:
        """How many rows."""
        return int(self.table.num_rows)

    def column(self, name: str) -> pa.Array:
        """A field's values as one array."""
        return one_chunk(self.table.column(name))

    def with_field(self, name: str, values: pa.Array | pa.ChunkedArray, origins: Origins) -> Batch:
        """The batch with a field more, or with another content of it."""
        place = self.table.column_names.index(name) if name in self.table.column_names else None
        table = self.table.append_column(name, values) if place is None else self.table.set_column(place, name, values)
        return replace(self, table=table, origins={**self.origins, name: origins})

    def take(self, rows: npt.NDArray[np.intp] | npt.NDArray[np.int64]) -> Batch:
        """Some rows, by position."""
        return Batch(self.table.take(pa.array(rows)), {name: found[rows] for name, found in self.origins.items()}, self.row_ids[rows])


def given_or_absent(values: pa.Array | pa.ChunkedArray, origin: Origin = Origin.SUPPLIED) -> Origins:
    """An origin for cells with a value, absent for the others."""
    there = values.is_valid().to_numpy() if isinstance(values, pa.ChunkedArray) else values.is_valid().to_numpy(zero_copy_only=False)
    return np.where(there, np.uint8(origin), np.uint8(Origin.ABSENT))


def one_chunk(values: pa.ChunkedArray) -> pa.Array:
    """A chunked array as one array."""
    if values.num_chunks == 1:
        return values.chunk(0)
    return values.combine_chunks() if values.num_chunks else pa.array([], values.type)


def concat(batches: Sequence[Batch]) -> Batch:
    """Batches of the same fields, one after the other.

    Examples
    --------
    >>> part = Batch.supplied(pa.table({"age": [31]}), np.array([5]))
    >>> concat([part, part]).rows
    2
    """
    names = batches[0].table.column_names
    origins = {name: np.concatenate([batch.origins[name] for batch in batches]) for name in names}
    return Batch(pa.concat_tables([batch.table for batch in batches]), origins, np.concatenate([batch.row_ids for batch in batches]))


def part_names(folder: Path) -> list[str]:
    """The partitions of a stored table, in order."""
    return sorted(path.name for path in (folder / "accepted").glob("part-*.parquet"))


def read_part(folder: Path, name: str, fields: Sequence[str] | None = None) -> Batch:
    """One partition of a stored table: `accepted` and `origins` below the folder.

    Parameters
    ----------
    fields : sequence of str, optional
        Only these, where they exist; all by default.
    """
    known = [field for field in pq.read_schema(folder / "accepted" / name).names if field != ROW_ID]
    chosen = known if fields is None else [field for field in known if field in fields]
    table = pq.read_table(folder / "accepted" / name, columns=[ROW_ID, *chosen], use_threads=False)
    marks = pq.read_table(folder / "origins" / name, columns=chosen, use_threads=False)
    origins = {field: marks.column(field).to_numpy() for field in chosen}
    return Batch(table.select(chosen), origins, table.column(ROW_ID).to_numpy())


def write_part(batch: Batch, folder: Path, name: str) -> None:
    """The inverse of `read_part`."""
    ids = pa.array(batch.row_ids)
    tables = {"accepted": batch.table, "origins": pa.table({field: pa.array(batch.origins[field]) for field in batch.table.column_names})}
    for kind, table in tables.items():
        (folder / kind).mkdir(parents=True, exist_ok=True)
        pq.write_table(table.add_column(0, ROW_ID, ids), folder / kind / name, compression="zstd", compression_level=1)


def missing(batch: Batch, name: str) -> npt.NDArray[np.bool_]:
    """Cells of a field without a value."""
    return np.asarray(pc.is_null(batch.column(name)).to_numpy(zero_copy_only=False), dtype=np.bool_)
