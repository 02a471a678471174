"""scores.csv for people and scores.parquet for machines, streamed part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from contracts.errors import RunError
from reports.scores import OutputColumn

DANGEROUS = r"^[\s\x00]*[=+\-@＝＋－＠]|^[\t\r]"
HARMLESS = r"^(?:[+-]?\d+(?:[.,]\d+)*|\+\d[\d ()/.-]{5,24})$"  # numbers and telephone numbers
CSV_POLICY = {
    "encoding": "utf-8",
    "delimiter": ",",
    "quoting": "texts",
    "formula_guard": "an apostrophe before texts that begin like a formula (= + - @ tab return); numbers and telephone numbers stay",
}
BLOCK = 65_536


def guarded(texts: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Texts that no spreadsheet takes for a formula when it opens a CSV file: an apostrophe before the dangerous ones.

    Examples
    --------
    >>> guarded(pa.array(["=1+1", "-12,5", "+49 170 1234567", "a=b", None])).to_pylist()
    ["'=1+1", '-12,5', '+49 170 1234567', 'a=b', None]
    """
    risky = pc.and_not(pc.match_substring_regex(texts, DANGEROUS), pc.match_substring_regex(texts, HARMLESS))
    if not pc.any(risky).as_py():
        return texts
    return pc.if_else(risky, pc.binary_join_element_wise("'", texts, ""), texts)


def blocks(parts: Sequence[Path], columns: Sequence[OutputColumn]) -> Iterator[pa.Table]:
    """The scores in their order, a block at a time, with the declared columns only and the types of the first part.

    Raises
    ------
    RunError
        SCORES-COLUMNS where a part has a column that is not declared, or other columns than the first part.
    """
    schema = _schema(parts, columns)
    for path in parts:
        with pq.ParquetFile(path) as file:
            _declared(path, file.schema_arrow, columns, schema)
            for batch in file.iter_batches(BLOCK, columns=schema.names):
                yield _plain(pa.table(batch)).select(schema.names).cast(schema)


def write_tables(parts: Sequence[Path], columns: Sequence[OutputColumn], folder: Path) -> int:
    """Write scores.csv and scores.parquet; the number of rows.

    Raises
    ------
    RunError
        SCORES-NONE without a part, SCORES-COLUMNS as `blocks`.
    """
    schema = _schema(parts, columns)
    header = pa.schema([pa.field(guarded(pa.array([f.name])).to_pylist()[0], f.type) for f in schema])
    rows = 0
    with ExitStack() as stack:
        csv = stack.enter_context(pacsv.CSVWriter(str(folder / "scores.csv"), header))
        parquet = stack.enter_context(pq.ParquetWriter(folder / "scores.parquet", schema, compression="zstd"))
        for block in _evenly(blocks(parts, columns)):
            parquet.write_table(block)
            csv.write_table(_for_people(block).rename_columns(header.names))
            rows += block.num_rows
    return rows


def _evenly(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Blocks of one size, so that the bytes do not depend on how the scores were parted."""
    kept: list[pa.Table] = []
    have = 0
    for table in tables:
        kept.append(table)
        have += table.num_rows
        while have >= BLOCK:
            whole = pa.concat_tables(kept)
            yield whole.slice(0, BLOCK).combine_chunks()
            kept, have = [whole.slice(BLOCK)], have - BLOCK
    if have:
        yield pa.concat_tables(kept).combine_chunks()


def _for_people(block: pa.Table) -> pa.Table:
    for number, column in enumerate(block.schema):
        if pa.types.is_string(column.type):
            block = block.set_column(number, column.name, guarded(block[column.name]))
    return block


def _schema(parts: Sequence[Path], columns: Sequence[OutputColumn]) -> pa.Schema:
    if not parts:
        raise RunError("SCORES-NONE", "there is no table of scores to pack")
    found = pq.read_schema(parts[0])
    return pa.schema([pa.field(c.name, _type(found.field(c.name).type)) for c in columns if c.name in found.names])


def _type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind


def _plain(table: pa.Table) -> pa.Table:
    """Dictionaries to their values; categories read from different parts differ."""
    for number, column in enumerate(table.schema):
        if pa.types.is_dictionary(column.type):
            table = table.set_column(number, column.name, table[column.name].cast(column.type.value_type))
    return table


def _declared(path: Path, found: pa.Schema, columns: Sequence[OutputColumn], schema: pa.Schema) -> None:
    known = {c.name for c in columns}
    extra = sorted(set(found.names) - known)
    missing = sorted(set(schema.names) - set(found.names))
    if extra or missing:
        raise RunError(
            "SCORES-COLUMNS",
            "a table of scores has other columns than declared",
            found=", ".join(found.names),
            expected=", ".join(schema.names),
            details=(f"part {path.name}", *(f"not declared: {name}" for name in extra), *(f"missing: {name}" for name in missing)),
        )
