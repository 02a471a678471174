"""Parquet: every value as text without loss, structs as columns, hostile files refused by name."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import random
import time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.reading import parquet
from connectors.reading.block import BLANK, BOOLEAN, DATE, NUMBER, TEXT
from connectors.reading.reading import read
from contracts.errors import SourceError
from tests.connectors.reading.conftest import Taker, Writer, attempt


def packed(table: pa.Table, **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def refused(call: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        call()
    assert caught.value.hint
    return caught.value


VALUES = {
    "code": (["00123", "1E5", None, ""], pa.string(), ["00123", "1E5", None, ""], TEXT),
    "whole": ([2**63 - 1, -1, None, 0], pa.int64(), ["9223372036854775807", "-1", None, "0"], NUMBER),
    "real": ([0.1, 1e22, None, -2.5], pa.float64(), ["0.1", "1e+22", None, "-2.5"], NUMBER),
    "money": ([Decimal("1.50"), Decimal("-0.01"), None, Decimal("0.00")], pa.decimal128(10, 2), ["1.50", "-0.01", None, "0.00"], NUMBER),
    "flag": ([True, False, None, True], pa.bool_(), ["true", "false", None, "true"], BOOLEAN),
    "day": (
        [dt.date(2024, 2, 29), dt.date(1, 1, 1), None, dt.date(9999, 12, 31)],
        pa.date32(),
        ["2024-02-29", "0001-01-01", None, "9999-12-31"],
        DATE,
    ),
    "moment": (
        [dt.datetime(2024, 1, 2, 3, 4, 5, 60000), dt.datetime(2024, 1, 2), None, dt.datetime(2024, 1, 2, 0, 0, 1)],
        pa.timestamp("us"),
        ["2024-01-02T03:04:05.06", "2024-01-02", None, "2024-01-02T00:00:01"],
        DATE,
    ),
    "clock": (
        [dt.time(3, 4), dt.time(23, 59, 59, 500), None, dt.time(0)],
        pa.time64("us"),
        ["03:04:00", "23:59:59.0005", None, "00:00:00"],
        TEXT,
    ),
    "city": (["Köln", "Köln", None, "Ulm"], pa.dictionary(pa.int8(), pa.string()), ["Köln", "Köln", None, "Ulm"], TEXT),
    "raw": ([b"text", b"", None, "ä".encode()], pa.binary(), ["text", "", None, "ä"], TEXT),
    "tags": ([["a", 'b"'], [], None, [None]], pa.list_(pa.string()), ['["a","b\\""]', "[]", None, "[null]"], TEXT),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_are_kept_exactly_with_their_kind(take: Taker, name: str) -> None:
    values, kind, texts, number = VALUES[name]
    taken = take(packed(pa.table({"id": pa.array([1, 2, 3, 4]), name: pa.array(values, kind)})))
    assert taken.reading.kind == "parquet"
    assert [row[name] for row in taken.rows] == texts
    kinds = taken.blocks[0].kinds
    assert kinds is not None
    assert kinds[name].tolist() == [BLANK if text is None else number for text in texts]


def test_structs_become_columns_and_what_is_in_lists_json(take: Taker) -> None:
    rows = [
        {"id": 1, "at": {"zip": "00123", "geo": {"x": 1.5}}, "lines": [{"sku": "a", "n": 2}, None]},
        {"id": 2, "at": None, "lines": None},
    ]
    taken = take(packed(pa.Table.from_pylist(rows)))
    assert taken.reading.header == ("id", "at.zip", "at.geo.x", "lines")
    assert [tuple(row.values()) for row in taken.rows] == [("1", "00123", "1.5", '[{"sku":"a","n":2},null]'), ("2", None, None, None)]


def test_time_zones_and_maps(take: Taker) -> None:
    table = pa.table({
        "at": pa.array([0], pa.timestamp("ms", "Europe/Berlin")), "map": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int8())),
    })  # fmt: skip
    assert take(packed(table)).rows == [{"at": "1970-01-01T00:00:00+00:00", "map": '{"k":1}'}]


def test_row_groups_of_any_size_give_the_same_rows(take: Taker) -> None:
    table = pa.table({"id": pa.array(range(1000)), "empty": pa.nulls(1000, pa.string())})
    whole = take(packed(table))
    parts = take(packed(table, row_group_size=7), block_rows=100)
    assert whole.rows == parts.rows
    assert parts.line == list(range(1, 1001))
    assert max(len(block.record) for block in parts.blocks) <= 100


def test_blank_rows_are_set_aside(take: Taker) -> None:
    taken = take(packed(pa.table({"id": ["1", None, "3"], "name": ["a", None, ""]})))
    assert [row["id"] for row in taken.rows] == ["1", "3"]
    assert taken.aside == [(2, 2, "blank", "")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PAR1abc", "SOURCE-TRUNCATED"), (b"PARE" + bytes(100) + b"PARE", "SOURCE-ENCRYPTED"),
        (packed(pa.table({"id": pa.array([], pa.int64())})), "SOURCE-EMPTY"),
        (packed(pa.table({"id": [1], "raw": [b"\xff\xfe"]})), "SOURCE-KIND"),
        (packed(pa.table({"id": ["1"] * 50}))[:-30], "SOURCE-TRUNCATED"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(take: Taker, content: bytes, code: str) -> None:
    assert refused(lambda: take(content)).code == code


def test_a_packed_parquet_file_is_named(take: Taker) -> None:
    error = refused(lambda: take(gzip.compress(packed(pa.table({"id": [1]})))))
    assert (error.code, "Parquet" in error.message) == ("SOURCE-KIND", True)


def test_a_value_repeated_beyond_all_measure_is_refused(take: Taker) -> None:
    text = pa.array(["x" * (4 << 20)])
    table = pa.table({"id": pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), text)})
    content = packed(table)
    assert len(content) < 1 << 20
    started = time.perf_counter()
    assert refused(lambda: take(content)).code in ("SOURCE-TOO-LARGE", "SOURCE-BOMB")
    assert time.perf_counter() - started < 20


def test_far_more_blank_cells_than_bytes_are_refused(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "FREE_CELLS", 1000)
    monkeypatch.setattr(parquet, "STEEPEST", 1)
    content = packed(pa.table({"id": pa.nulls(200_000, pa.int8())}))
    assert refused(lambda: take(content)).code == "SOURCE-BOMB"


def test_a_file_damaged_anywhere_is_never_a_crash(write: Writer) -> None:
    content = packed(pa.table({"id": pa.array(range(300)), "name": [f"Ute {i}" for i in range(300)]}), use_dictionary=False)
    dice = random.Random(7)
    for _ in range(8):
        broken = bytearray(content)
        for _ in range(3):
            broken[dice.randrange(4, len(broken))] ^= 1 << dice.randrange(8)
        path = write(bytes(broken))
        found = attempt(lambda path=path: read(path))  # type: ignore[misc]
        if isinstance(found, SourceError):
            assert found.code in ("SOURCE-TRUNCATED", "SOURCE-KIND", "SOURCE-TOO-LARGE", "SOURCE-BOMB", "SOURCE-EMPTY", "SOURCE-ENCRYPTED")


def test_blocks_that_nobody_wants_leave_no_process(write: Writer) -> None:
    path = write(packed(pa.table({"id": range(100_000)}), row_group_size=1000))
    _, blocks = read(path, block_rows=1000)
    assert next(blocks).table.num_rows == 1000
    blocks.close()  # type: ignore[attr-defined]


KINDS = st.sampled_from([
    (pa.string(), st.text(st.characters(exclude_categories=["Cs"]), max_size=5)), (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    (pa.float64(), st.floats(allow_nan=False)), (pa.date32(), st.dates()), (pa.decimal128(20, 6), st.decimals(-(10**9), 10**9, places=6)),
])  # fmt: skip


def back(kind: pa.DataType, text: str) -> object:
    """A value from its text."""
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return int(text) if pa.types.is_integer(kind) else float(text)
    return dt.date.fromisoformat(text) if pa.types.is_date(kind) else Decimal(text) if pa.types.is_decimal(kind) else text


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
@given(st.data())
def test_what_is_written_is_read(write: Writer, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 20))
    columns = []
    for _ in range(data.draw(st.integers(1, 5))):
        kind, values = data.draw(KINDS)
        columns.append((kind, data.draw(st.lists(st.one_of(st.none(), values), min_size=count, max_size=count))))
    table = pa.table([pa.array(values, kind) for kind, values in columns], names=[f"c{j}" for j in range(len(columns))])
    taken = attempt(lambda: read(write(packed(table, row_group_size=5)), block_rows=7))
    assert not isinstance(taken, SourceError)
    assert taken.records == list(range(1, count + 1))
    got = {record: row for b in taken.blocks for record, row in zip(b.record.tolist(), b.table.to_pylist(), strict=True)}
    for number, row in enumerate(table.to_pylist(), 1):
        if number in got:
            assert {n: t if t is None else back(table.schema.field(n).type, t) for n, t in got[number].items()} == row
        else:
            assert all(value is None or not str(value).strip() for value in row.values())
