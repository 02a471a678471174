"""Rows and ledger of a file written as they are read: CSV, JSON lines, Parquet; cells stay as they are, column by column."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from connectors.reading.block import Block
from connectors.reading.decision import Reading

CSV, JSON_LINES, PARQUET = "csv", "jsonl", "parquet"
FORMS = (CSV, PARQUET, JSON_LINES)
"""Forms in which rows are written; also the endings of their files."""
LEDGER = pa.schema([("record", pa.int64()), ("line", pa.int64()), ("state", pa.string()), ("raw", pa.string())])
ROW = "row"
"""State of a record that is a row; that of any other is its reason."""
PIECE = 1 << 14
"""Rows written together."""
_ESCAPED = np.isin(np.arange(256), [*range(32), ord('"'), ord("\\")])
"""Bytes that JSON does not take as they are."""

Write = Callable[[pa.Table], None]


@contextmanager
def opened(file: IO[bytes], form: str, schema: pa.Schema, *, header: Sequence[str] | None = None) -> Iterator[Write]:
    """What writes tables of one schema to a file.

    CSV is UTF-8 with commas and line feeds; a cell stands in quotes only where it must, null and an empty text are both empty. JSON lines
    have null and ``""``. A cell that begins like a formula is not changed.

    Parameters
    ----------
    file : binary file
    form : str
        One of `FORMS`.
    schema : pyarrow.Schema
        Texts and whole numbers.
    header : sequence of str, optional
        CSV: the first line, the schema's names by default; without any there is no such line.

    Examples
    --------
    >>> table, file = pa.table({"id": ["1", "2"], "say": ['a "b", c', None]}), io.BytesIO()
    >>> with opened(file, CSV, table.schema) as write:
    ...     write(table)
    >>> file.getvalue().decode()
    'id,say\\n1,"a ""b"", c"\\n2,\\n'
    """
    if form == PARQUET:
        with pq.ParquetWriter(file, schema, compression="zstd", compression_level=1) as writer:
            yield writer.write_table
    elif form == JSON_LINES:
        yield _in_pieces(lambda table: file.write(_joined(_json_cells(table))))
    else:
        names = schema.names if header is None else header
        file.write(_header(names) if names else b"")
        yield _in_pieces(lambda table: _write_csv(table, file))


def rows(file: IO[bytes], form: str, reading: Reading) -> AbstractContextManager[Write]:
    """What writes the rows of a file; CSV has the names that the file has: none where it has no header, an empty one where one is empty."""
    header = reading.decisions.get("header_row")
    schema = pa.schema([(name, pa.string()) for name in reading.header])
    names = (reading.filed or reading.header) if header is None or header.value else ()
    return opened(file, form, schema, header=names)


def ledger_of(block: Block) -> pa.Table:
    """A block's records in their order, one row each: number, line, state, and the raw text of those that are no rows.

    Examples
    --------
    >>> from connectors.reading.block import aside_table
    >>> whole = lambda *numbers: np.array(numbers, np.int64)
    >>> block = Block(pa.table({"id": ["1"]}), whole(2), whole(2), aside_table(whole(1), whole(1), ["header"], ["id"]))
    >>> ledger_of(block).to_pylist()[1]
    {'record': 2, 'line': 2, 'state': 'row', 'raw': None}
    """
    rows = len(block.record)
    order = pa.array(np.argsort(np.concatenate([block.record, block.aside.column("record").to_numpy()]), kind="stable"))
    parts = zip(
        (block.record, block.line, pa.repeat(ROW, rows), pa.nulls(rows, pa.string())),
        (block.aside.column(name) for name in ("record", "line", "reason", "raw")),
        LEDGER.types,
        strict=True,
    )
    columns = [pa.chunked_array([pa.array(own, kind), *aside.chunks], kind).take(order) for own, aside, kind in parts]
    return pa.table(columns, schema=LEDGER)


def _in_pieces(write: Callable[[pa.Table], Any]) -> Write:
    def whole(table: pa.Table) -> None:
        for first in range(0, table.num_rows, PIECE):
            write(table.slice(first, PIECE))

    return whole


def _header(names: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(names)
    return line.getvalue().encode()


def _write_csv(table: pa.Table, file: IO[bytes]) -> None:
    """Arrow's own writer where no cell needs quotes, as it would set all of them; a lone empty cell would be a blank line."""
    cells = [_one(column) for column in table.columns]
    alone = len(cells) == 1
    special = [alone or _is_special(column) for column in cells]
    if any(special):
        pairs = zip(cells, special, strict=True)
        quoted = [_quoted(column, alone=alone) if marked else pc.fill_null(column, "") for column, marked in pairs]
        file.write(_joined([part for column in quoted for part in (",", column)][1:]))
    else:
        plain = pa.csv.WriteOptions(include_header=False, quoting_style="none", batch_size=PIECE)
        pa.csv.write_csv(pa.table(cells, names=table.column_names), file, plain)


def _one(column: pa.ChunkedArray) -> pa.Array:
    """A column's texts in one chunk of its own, so that its bytes are these cells' and no others."""
    return pa.concat_arrays(column.cast(pa.string()).chunks) if column.num_chunks else pa.array([], pa.string())


def _bytes(texts: pa.Array) -> memoryview:
    """The cells' bytes, one behind the other."""
    _, offsets, values = texts.buffers()
    if values is None or not len(texts):
        return memoryview(b"")
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return memoryview(values)[bounds[0] : bounds[-1]]


def _is_special(texts: pa.Array) -> bool:
    data = bytes(_bytes(texts))
    return any(sign in data for sign in (b'"', b",", b"\n", b"\r"))


def _quoted(texts: pa.Array, *, alone: bool) -> pa.Array:
    texts = pc.fill_null(texts, "")
    special = pc.match_substring_regex(texts, '[",\r\n]' + ("|^$" if alone else ""))
    return pc.if_else(special, pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', ""), texts)


def _json_cells(table: pa.Table) -> list[pa.Array]:
    cells = []
    for place, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True)):
        before = ("{" if place == 0 else ",") + json.dumps(name, ensure_ascii=False) + ":"
        values = pc.binary_join_element_wise(before + '"', _escaped(_one(column)), '"', "")
        cells.append(pc.fill_null(values, before + "null"))
    return [*cells, "}"]


def _escaped(texts: pa.Array) -> pa.Array:
    octets = np.frombuffer(_bytes(texts), np.uint8)
    found = np.unique(octets[_ESCAPED[octets]])
    for sign in map(chr, sorted(found.tolist(), reverse=True)):  # the backslash first
        texts = pc.replace_substring(texts, sign, json.dumps(sign)[1:-1])
    return texts


def _joined(parts: Sequence[Any]) -> memoryview:
    """Lines of a file from arrays and texts side by side: the bytes of one array of texts."""
    return _bytes(pc.binary_join_element_wise(*parts, "\n", ""))
