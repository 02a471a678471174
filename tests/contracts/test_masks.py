"""The masks say what pandera itself says, row by row, and nothing more."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from contracts.contract import get
from contracts.masks import Failing, failing

KINDS = {
    "code": (pa.string(), st.one_of(st.none(), st.text("ab1-", max_size=5), st.sampled_from(["A1", "B2", "A1"]))),
    "count": (pa.int64(), st.one_of(st.none(), st.integers(-3, 9))),
    "money": (pa.float64(), st.one_of(st.none(), st.floats(-5, 5))),
    "sure": (pa.bool_(), st.one_of(st.none(), st.booleans())),
}
SCHEMA = pandera.DataFrameSchema(
    {
        "code": pandera.Column(
            pd.ArrowDtype(pa.string()),
            [pandera.Check.str_length(1, 4, error="length"), pandera.Check.str_matches(r"^[A-Za-z0-9]+$", error="shape")],
            nullable=False, unique=True,
        ),
        "count": pandera.Column(
            pd.ArrowDtype(pa.int64()), [pandera.Check.ge(0, error="ge"), pandera.Check.isin([0, 1, 2, 5], error="isin")], nullable=True
        ),
        "money": pandera.Column(
            pd.ArrowDtype(pa.float64()), [pandera.Check.in_range(-1, 3, error="range"), pandera.Check(lambda s: s.abs() < 2, error="own")],
            nullable=True,
        ),
        "sure": pandera.Column(pd.ArrowDtype(pa.bool_()), nullable=False),
    },
    checks=[pandera.Check(lambda t: ~((t["count"] > 5) & (t["money"] > 0)), error="count:both")],
    unique=["count", "sure"],
)  # fmt: skip
ROWS = st.lists(st.tuples(*(cells for _, cells in KINDS.values())), max_size=15)


def frame_of(**columns: pa.Array) -> pd.DataFrame:
    frame: pd.DataFrame = pa.table(columns).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def table(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return frame_of(**{name: pa.array([row[n] for row in rows], kind) for n, (name, (kind, _)) in enumerate(KINDS.items())})


PANDERA = {"not_nullable": "not_null", "field_uniqueness": "unique"}


def own_verdict(frame: pd.DataFrame) -> set[tuple[str | None, str, int]]:
    """Failures that pandera's lazy report names by row."""
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # of pandera's own way to put its report together
            SCHEMA.validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = errors.failure_cases
        return {
            (None if case.schema_context == "DataFrameSchema" else str(case.column), PANDERA.get(case.check, case.check), int(case.index))
            for case in found.itertuples()
            if "multiple_fields" not in str(case.check) and case.index is not None
        }
    return set()


def ours(frame: pd.DataFrame) -> set[tuple[str | None, str, int]]:
    return {
        (one.column, one.check, row)
        for one in failing(SCHEMA, frame)
        if one.bad is not None and (one.column, one.check) != (None, "unique")
        for row in one.bad.nonzero()[0].tolist()
    }


@settings(deadline=None, max_examples=80)
@given(ROWS)
def test_the_same_rows_as_pandera(rows: list[tuple[Any, ...]]) -> None:
    """But for checks of the whole table: one null anywhere, and pandera's report may leave out rows that fail them."""
    frame = table(rows)
    own, found = own_verdict(frame), ours(frame)
    assert own <= found
    assert {one for one in found - own if one[0] or not frame.isna().any(axis=None)} == set()


def test_a_check_of_the_table_sees_rows_beside_nulls() -> None:
    frame = table([(None, None, None, False), ("a", 6, 1.0, False), ("b", 6, None, False)])
    (mask,) = [one.bad for one in failing(SCHEMA, frame) if one.check == "count:both"]
    assert mask is not None
    assert mask.tolist() == [False, True, False]


@settings(deadline=None, max_examples=40)
@given(ROWS, st.randoms(use_true_random=False))
def test_positions_do_not_depend_on_labels(rows: list[tuple[Any, ...]], random: Any) -> None:
    frame = table(rows)
    labels = [random.randrange(3) for _ in rows]
    assert ours(frame.set_axis(labels, axis=0) if rows else frame) == ours(frame)


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_rows_without_a_failure_are_valid(rows: list[tuple[Any, ...]]) -> None:
    frame = table(rows)
    bad = {row for one in failing(SCHEMA, frame) if one.bad is not None for row in one.bad.nonzero()[0].tolist()}
    kept = frame.drop(index=sorted(bad)).reset_index(drop=True)
    SCHEMA.validate(kept)


def found(schema: pandera.DataFrameSchema, frame: pd.DataFrame) -> list[Failing]:
    return list(failing(schema, frame))


def test_a_missing_column_and_a_wrong_type_name_no_row() -> None:
    schema = pandera.DataFrameSchema({name: SCHEMA.columns[name] for name in ("code", "count", "money")})
    frame = table([("a", 1, 1.0, True)])[["code"]].join(frame_of(count=pa.array(["1"])))
    assert [(one.column, one.check, one.bad) for one in found(schema, frame)] == [("count", "dtype", None), ("money", "present", None)]


def test_an_optional_column_may_be_absent() -> None:
    schema = pandera.DataFrameSchema({"a": pandera.Column(pd.ArrowDtype(pa.int64()), required=False)})
    assert found(schema, pd.DataFrame({"b": [1]})) == []


def test_a_crashing_check_is_told_by_its_class_only() -> None:
    def explode(values: pd.Series) -> pd.Series:
        raise KeyError("a client's value")

    schema = pandera.DataFrameSchema({"a": pandera.Column(pd.ArrowDtype(pa.int64()), pandera.Check(explode, error="boom"))})
    (one,) = found(schema, frame_of(a=pa.array([1])))
    assert (one.check, one.broke, one.bad) == ("boom", "KeyError", None)


def test_a_check_with_one_answer_for_all_blames_no_row() -> None:
    whole = pandera.Check(lambda values: bool(values.sum() > 5), error="sum")
    (one,) = found(pandera.DataFrameSchema({"a": pandera.Column(pd.ArrowDtype(pa.int64()), whole)}), frame_of(a=pa.array([1])))
    assert (one.check, one.bad, one.broke) == ("sum", None, None)


def test_nulls_are_no_duplicates() -> None:
    frame = table([(None, 1, 1.0, True), (None, 2, 1.0, True), ("a", 5, 1.0, True), ("a", 0, 1.0, True)])
    masks = {one.check: one.bad.tolist() for one in found(SCHEMA, frame) if one.column == "code" and one.bad is not None}
    assert masks == {"not_null": [True, True, False, False], "unique": [False, False, True, True]}


@pytest.mark.parametrize("name", ["customers", "transactions", "subscribers", "prospects"])
def test_one_bad_cell_in_a_shipped_contract(name: str) -> None:
    contract = get(name)
    needed = [field for field in contract.fields.values() if field.required]
    columns = {field.name: pa.array(["1", "2"]) if field.type == pa.string() else pa.array([1, 2]).cast(field.type) for field in needed}
    frame = frame_of(**columns, country=pa.array(["DE", "Germany"]))
    (one,) = found(contract.schema(), frame)
    assert one.bad is not None
    assert (one.column, one.bad.tolist()) == ("country", [False, True])
