"""Files on the way: partitions as Arrow files between the steps, Parquet for the accepted table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.columns import BIRTH, Column
from connectors.parsing.cells import layout
from contracts.contract import Contract
from contracts.origin import Origin

ROWS = pa.schema([("row_id", pa.int64()), ("file", pa.int16()), ("sheet", pa.int16()), ("record", pa.int64()), ("line", pa.int64())])
SET_ASIDE = pa.schema([*(field for field in ROWS if field.name != "row_id"), ("reason", pa.string())])
ORIGIN = "#"
"""Before a field's name: the column of its origins in an Arrow file."""
PLACE = "@"
"""Before the name of a column of `ROWS`, and before `bucket`."""


def part_name(number: int) -> str:
    """The name of a partition's file, without an ending.

    Examples
    --------
    >>> part_name(3)
    'part-00003'
    """
    return f"part-{number:05d}"


def place_columns(
    row_id: npt.NDArray[Any], file: npt.NDArray[Any], record: npt.NDArray[Any], line: npt.NDArray[Any]
) -> dict[str, pa.Array]:
    """The columns of `ROWS`; a feed reads one sheet of a file, so that the sheet's number is 0."""
    arrays = (row_id, file, np.zeros(len(row_id), np.int16), record, line)
    return {field.name: pa.array(values, field.type) for field, values in zip(ROWS, arrays, strict=True)}


def write_arrow(table: pa.Table, path: Path) -> None:
    """Write an uncompressed Arrow file; it is read without copying."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def read_arrow(path: Path) -> pa.Table:
    """An Arrow file, mapped into memory."""
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def parted(places: Mapping[str, pa.Array], columns: Mapping[str, Column], bucket: npt.NDArray[np.uint16] | None) -> pa.Table:
    """A partition between the steps: places, fields and their origins."""
    arrays = {f"{PLACE}{name}": values for name, values in places.items()}
    arrays |= {} if bucket is None else {f"{PLACE}bucket": pa.array(bucket)}
    arrays |= {name: column.values for name, column in columns.items()}
    return pa.table({**arrays, **{f"{ORIGIN}{name}": pa.array(column.origins) for name, column in columns.items()}})


def write_accepted(rows: pa.Table, contract: Contract, folder: Path, number: int) -> dict[str, Any]:
    """Write one partition of the accepted table, its origins, its places and its vault.

    Returns
    -------
    dict
        JSON-able: ``rows``, ``origins`` (counts by field and origin), and ``latest``: by field of type day or moment, births apart, the
        last value as days or microseconds since 1970 in UTC; null without one.
    """
    row_id = rows.column(f"{PLACE}row_id")
    fields = [name for name in contract.fields if name in rows.column_names]
    direct = [name for name in fields if contract.fields[name].personal == "direct"]
    open_ = [name for name in fields if name not in direct]
    name = f"{part_name(number)}.parquet"
    _write({"row_id": row_id, **{f: rows.column(f) for f in open_}}, folder / "accepted" / name)
    _write({"row_id": row_id, **{f: rows.column(f"{ORIGIN}{f}") for f in open_}}, folder / "origins" / name)
    _write({field.name: rows.column(f"{PLACE}{field.name}") for field in ROWS}, folder / "rows" / name)
    if direct:
        _write({"row_id": row_id, **{f: rows.column(f) for f in direct}}, folder / "vault" / name)
    origins = {f: _counts(rows.column(f"{ORIGIN}{f}")) for f in fields}
    dated = [f for f in fields if contract.fields[f].type_word in ("day", "moment") and f != BIRTH]
    return {"rows": rows.num_rows, "origins": origins, "latest": {f: _latest(rows.column(f)) for f in dated}}


def _counts(origins: pa.ChunkedArray) -> dict[str, int]:
    found = sum((np.bincount(chunk.to_numpy(), minlength=len(Origin)) for chunk in origins.chunks), np.zeros(len(Origin), np.int64))
    return {origin.word: int(found[origin]) for origin in Origin if found[origin]}


def _latest(values: pa.ChunkedArray) -> int | None:
    count = pa.int32() if pa.types.is_date32(values.type) else pa.int64()
    found: int | None = pc.max(values).cast(count).as_py()
    return found


RUNNING = ("row_id", "record", "line")


def _write(columns: Mapping[str, pa.ChunkedArray], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table(dict(columns))
    running = [name for name in table.column_names if name in RUNNING]
    dictionary = [name for name in table.column_names if name not in running and _repeats(table.column(name))]
    pq.write_table(
        table, path, compression="zstd", compression_level=1, use_dictionary=dictionary,
        column_encoding=dict.fromkeys(running, "DELTA_BINARY_PACKED"), write_statistics=False, store_schema=True,
    )  # fmt: skip


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether a dictionary pays: few different values among the first."""
    sample = column.slice(0, 2000)
    return len(sample) == 0 or len(pc.unique(sample)) < 0.5 * len(sample)


def merge(paths: Sequence[Path], schema: pa.Schema, target: Path) -> int:
    """Arrow files as one Parquet file; gives the number of rows. A dictionary of texts is read again as texts."""
    count = 0
    with pq.ParquetWriter(target, schema, compression="zstd", compression_level=1, store_schema=False) as writer:
        for table in _tables(paths):
            count += table.num_rows
            writer.write_table(table.cast(schema))
        if not count:
            writer.write_table(schema.empty_table())
    return count


def _tables(paths: Sequence[Path]) -> Iterator[pa.Table]:
    for path in paths:
        if path.exists():
            yield read_arrow(path)


def raw_texts(table: pa.Table, delimiter: str) -> pa.Array:
    """Rows as one line of text each, quoted where a cell needs it.

    Examples
    --------
    >>> raw_texts(pa.table({"a": ["1", None], "b": ["x;y", "z"]}), ";").to_pylist()
    ['1;"x;y"', ';z']
    """
    cells = [_quoted(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0), delimiter) for column in table.columns]
    if not cells:
        return pa.array([""] * table.num_rows, pa.string())
    return pc.binary_join_element_wise(*cells, delimiter, null_handling="replace", null_replacement="")


def _quoted(cells: pa.Array, delimiter: str) -> pa.Array:
    text = layout(cells)[0].tobytes()
    if not any(sign.encode() in text for sign in ('"', "\r", "\n", delimiter)):  # a tenth of the time of looking at each cell
        return cells
    special = pc.match_substring_regex(cells, f'["\\r\\n]|{_escaped(delimiter)}')
    return pc.if_else(special, pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', ""), cells)


def _escaped(delimiter: str) -> str:
    return "".join(f"\\x{{{ord(sign):x}}}" for sign in delimiter)
