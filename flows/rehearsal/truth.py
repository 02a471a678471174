"""The truth about a rehearsal, kept as Parquet: clean rows with their place in the file, every damage, what came afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

GROUP = 100_000

DAMAGES = pa.schema({
    "damage": pa.int64(), "file": pa.string(), "feed": pa.string(), "period": pa.string(), "record": pa.int64(), "line": pa.int64(),
    "lines": pa.int32(), "key": pa.string(), "column": pa.string(), "field": pa.string(), "kind": pa.string(), "before": pa.string(),
    "after": pa.string(), "betrayed": pa.bool_(),
})  # fmt: skip
"""One row per damaged cell or record; the cells of one damage share its number. `lines` counts the physical lines it covers."""


class SteadyParquet:
    """A Parquet file whose bytes do not depend on the portions it was written in."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._schema = schema
        self._waiting: list[pa.Table] = []
        self._rows = 0

    def add(self, table: pa.Table) -> None:
        """Append rows."""
        self._waiting.append(table.select(self._schema.names).cast(self._schema))
        self._rows += table.num_rows
        while self._rows >= GROUP:
            self._flush(GROUP)

    def _flush(self, rows: int) -> None:
        everything = pa.concat_tables(self._waiting) if self._waiting else self._schema.empty_table()
        self._writer.write_table(everything.slice(0, rows).combine_chunks(), row_group_size=GROUP)
        self._waiting = [everything.slice(rows)]
        self._rows -= rows

    def close(self) -> None:
        """Write what waits, and the footer."""
        if self._rows:
            self._flush(self._rows)
        self._writer.close()


def merge_damages(parts: Iterable[Path], target: Path) -> None:
    """One table of damages out of one per file, numbered anew across files; the parts go."""
    merged = SteadyParquet(target, DAMAGES)
    offset = 0
    for path in parts:
        with pq.ParquetFile(path) as part:
            most = -1
            for batch in part.iter_batches(GROUP):
                table = pa.Table.from_batches([batch])
                number = table.column("damage").to_numpy() + offset
                most = max(most, int(number.max())) if len(number) else most
                merged.add(table.set_column(0, "damage", pa.array(np.asarray(number))))
        offset = max(offset, most + 1)
        path.unlink()
    merged.close()
