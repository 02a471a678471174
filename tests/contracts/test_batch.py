"""Batches keep a table, its origins and its row ids together, on the way and on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.batch import Batch, concat, given_or_absent, missing, one_chunk, part_names, read_part, write_part
from contracts.errors import RunError
from contracts.origin import WORDS, Origin, counts, derived_from


def batch(*ages: int | None, first: int = 0) -> Batch:
    table = pa.table({"age": pa.array(ages, pa.int64()), "city": pa.array([None if a is None else f"C{a}" for a in ages], pa.string())})
    return Batch.supplied(table, np.arange(first, first + len(ages)))


def test_supplied_and_absent() -> None:
    given_ = batch(31, None)
    assert given_.rows == 2
    assert given_.origins["age"].tolist() == [Origin.SUPPLIED, Origin.ABSENT]
    assert missing(given_, "age").tolist() == [False, True]
    assert given_or_absent(pa.array([1, None]), Origin.DERIVED).tolist() == [Origin.DERIVED, Origin.ABSENT]


@pytest.mark.parametrize("hurt", ["origins", "ids", "field"])
def test_shapes_must_fit(hurt: str) -> None:
    table, marks, ids = pa.table({"age": [1, 2]}), {"age": np.zeros(2, np.uint8)}, np.arange(2)
    if hurt == "origins":
        marks = {"age": np.zeros(3, np.uint8)}
    elif hurt == "field":
        marks = {"city": np.zeros(2, np.uint8)}
    else:
        ids = np.arange(3)
    with pytest.raises(RunError, match="BATCH-SHAPE"):
        Batch(table, marks, ids)


def test_a_field_more_and_a_field_changed() -> None:
    before = batch(31, None)
    marks = np.array([Origin.DERIVED, Origin.IMPUTED], np.uint8)
    more = before.with_field("old", pa.array([False, True]), marks)
    assert more.table.column_names == ["age", "city", "old"]
    changed = more.with_field("age", pa.array([31, 40]), marks)
    assert changed.table.column_names == ["age", "city", "old"]
    assert changed.column("age").to_pylist() == [31, 40]
    assert before.column("age").to_pylist() == [31, None]
    with pytest.raises((RunError, pa.ArrowInvalid)):
        before.with_field("age", pa.array([1]), marks[:1])


@given(st.lists(st.one_of(st.none(), st.integers(0, 99)), max_size=12), st.integers(0, 12))
def test_parting_and_joining(ages: list[int | None], at: int) -> None:
    whole = batch(*ages)
    parts = [whole.take(np.arange(len(ages))[:at]), whole.take(np.arange(len(ages))[at:])]
    again = concat(parts)
    assert again.table.equals(whole.table)
    assert again.row_ids.tolist() == whole.row_ids.tolist()
    assert all(again.origins[name].tolist() == marks.tolist() for name, marks in whole.origins.items())


def test_on_disk_and_back(tmp_path: Path) -> None:
    parts = {"part-00000.parquet": batch(31, None), "part-00001.parquet": batch(40, first=7)}
    for name, part in parts.items():
        write_part(part, tmp_path, name)
    assert part_names(tmp_path) == sorted(parts)
    for name, part in parts.items():
        again = read_part(tmp_path, name)
        assert again.table.equals(part.table)
        assert again.row_ids.tolist() == part.row_ids.tolist()
        assert again.origins["city"].tolist() == part.origins["city"].tolist()
    some = read_part(tmp_path, "part-00000.parquet", ["city", "shoe_size"])
    assert some.table.column_names == list(some.origins) == ["city"]


def test_one_chunk() -> None:
    assert one_chunk(pa.chunked_array([], pa.int64())).type == pa.int64()
    assert one_chunk(pa.chunked_array([[1], [2]])).to_pylist() == [1, 2]


@given(st.lists(st.tuples(st.sampled_from(list(Origin)), st.sampled_from(list(Origin))), min_size=1, max_size=20))
def test_a_derived_cell_is_as_good_as_its_worst_input(pairs: list[tuple[Origin, Origin]]) -> None:
    one, other = (np.array(column, np.uint8) for column in zip(*pairs, strict=True))
    assert derived_from(one, other).tolist() == [max(a, b, Origin.DERIVED) for a, b in pairs]


def test_origins_by_word() -> None:
    assert WORDS == ("supplied", "repaired", "derived", "looked_up", "imputed", "absent")
    assert counts(np.array([0, 5, 5], np.uint8)) == {**dict.fromkeys(WORDS, 0), "supplied": 1, "absent": 2}
