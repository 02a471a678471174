"""Columns as a matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from contracts.errors import ModelError
from models.inputs import MOST_CATEGORIES, OTHER, Column, Input, blocks, learn, matrix

PLAN = ["a"] * 40 + ["b"] * 30 + ["c"] * 20 + [None] * 10
TABLE = pa.table({"plan": PLAN, "age": [*range(90), *[None] * 10], "flag": [True, False] * 50, "spend": [1.5] * 100, "none": pa.nulls(100)})
INPUTS = [Input("plan", "category"), Input("age", "number"), Input("flag", "number"), Input("spend", "number"), Input("none", "number")]


def test_numbers_flags_categories_and_an_empty_column() -> None:
    columns, dropped = learn(TABLE, INPUTS)
    assert dropped == (Input("none", "number"),)
    assert columns[0].categories == ("a", "b", "c")
    assert [c.typical for c in columns] == [0.0, 44.5, 0.5, 1.5]
    read = matrix(TABLE, columns)
    assert read.values[[0, 50, 89]].tolist() == [[0, 0, 1, 1.5], [1, 50, 1, 1.5], [2, 89, 0, 1.5]]
    assert np.isnan(read.values[95, :2]).all()
    assert read.unseen == {"plan": 0, "age": 0, "flag": 0, "spend": 0}


@pytest.mark.parametrize("as_frame", [False, True])
def test_arrow_and_pandas_dictionaries_and_chunks_are_one(as_frame: bool) -> None:
    columns, _ = learn(TABLE, INPUTS)
    expected = matrix(TABLE, columns).values
    pieces = pa.concat_tables([TABLE.slice(0, 33), TABLE.slice(33)])
    coded = pieces.set_column(0, "plan", pieces["plan"].dictionary_encode())
    for table in (pieces, coded, TABLE.slice(0)):
        given = table.to_pandas(types_mapper=pd.ArrowDtype) if as_frame else table
        np.testing.assert_array_equal(matrix(given, columns).values, expected)
        assert learn(given, INPUTS) == learn(TABLE, INPUTS)
    np.testing.assert_array_equal(np.concatenate([matrix(b, columns).values for b in blocks(pieces, 17)]), expected)


def test_plain_pandas_columns() -> None:
    columns, _ = learn(TABLE, INPUTS)
    np.testing.assert_array_equal(matrix(TABLE.to_pandas(), columns).values, matrix(TABLE, columns).values)


def test_unseen_categories_are_missing_and_counted() -> None:
    columns, _ = learn(TABLE, INPUTS[:1])
    read = matrix(pa.table({"plan": ["b", "new", None, "newer"]}), columns)
    np.testing.assert_array_equal(read.values[:, 0], [1, np.nan, np.nan, np.nan])
    assert read.unseen == {"plan": 2}


def test_rare_categories_are_joined() -> None:
    table = pa.table({"plan": ["a"] * 40 + ["b"] * 10 + ["c"] * 9 + ["d"]})
    columns, _ = learn(table, INPUTS[:1])
    assert columns[0].categories == ("a", "b", OTHER)
    read = matrix(pa.table({"plan": ["a", "c", "unheard of", None]}), columns)
    np.testing.assert_array_equal(read.values[:, 0], [0, 2, 2, np.nan])
    assert read.unseen == {"plan": 2}


def test_at_most_200_categories() -> None:
    names = [f"c{i:03}" for i in range(300) for _ in range(10 + i // 100)]
    columns, _ = learn(pa.table({"plan": names}), INPUTS[:1])
    assert len(columns[0].categories) == MOST_CATEGORIES
    assert columns[0].categories[:2] == ("c200", "c201")
    assert columns[0].typical == MOST_CATEGORIES - 1  # most rows are among the joined ones
    assert matrix(pa.table({"plan": ["c000"]}), columns).values[0, 0] == MOST_CATEGORIES - 1


def test_infinite_numbers_are_missing_and_counted() -> None:
    columns, _ = learn(TABLE, INPUTS[3:4])
    read = matrix(pa.table({"spend": [1.0, float("inf"), float("nan")]}), columns)
    np.testing.assert_array_equal(read.values[:, 0], [1.0, np.nan, np.nan])
    assert read.unseen == {"spend": 1}


def test_an_absent_or_foreign_column_is_named() -> None:
    columns, _ = learn(TABLE, INPUTS)
    with pytest.raises(ModelError) as absent:
        matrix(TABLE.drop_columns(["age", "plan"]), columns)
    assert absent.value.code == "MODEL-INPUTS"
    assert absent.value.details == ("- plan (category)", "- age (number)")
    with pytest.raises(ModelError, match="age is not a number"):
        matrix(TABLE.set_column(1, "age", pa.array(["secret"] * 100)), columns)
    with pytest.raises(ModelError, match="MODEL-INPUTS"):
        learn(TABLE, [Input("nothing", "number")])


def test_no_rows() -> None:
    columns, _ = learn(TABLE, INPUTS)
    assert matrix(TABLE.slice(0, 0), columns).values.shape == (0, 4)
    assert learn(TABLE.slice(0, 0), INPUTS)[0] == ()


def test_columns_survive_json() -> None:
    for column in learn(TABLE, INPUTS)[0]:
        assert Column.from_dict(column.as_dict()) == column
