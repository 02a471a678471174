"""Random tables under random contracts: the masks are pandera's own verdict on every row, whatever the partition and the labels."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from contracts.contract import Contract
from contracts.fields import TYPES, Field
from contracts.masks import failing
from contracts.rules import Rule

Found = set[tuple[str | None, str, int]]
VALUES: dict[str, list[Any]] = {
    "text": ["", "a", "b", "ab", "ba", "A1", "ä€", " a", "a\n", "x" * 9, "12", "+"],
    "whole": [0, 1, -1, 5, 120, 2**40, -(2**63)],
    "real": [0.0, -0.0, 1.5, -1.5, 1e300, 5e-324, math.nan, math.inf, -math.inf],
    "flag": [True, False],
    "day": [date(1900, 1, 1), date(1970, 1, 1), date(2020, 2, 29), date(9999, 12, 31)],
    "moment": [datetime(1970, 1, 1, tzinfo=UTC), datetime(2020, 2, 29, 23, 59, 59, 999999, UTC), datetime(1901, 1, 1, tzinfo=UTC)],
}
PATTERNS = ["^[a-z]+$", "a|b", "^a|b", ".", "[0-9]{2}", "^$", r"^\s", "(a+)+$", "ä"]
NAMES = ("a", "b", "c", "d")


@st.composite
def bounds(draw: st.DrawFn, word: str) -> tuple[str, Any]:
    values = st.sampled_from([value for value in VALUES[word] if value == value])
    rule = draw(st.sampled_from(["ge", "gt", "le", "lt", "eq", "ne", "in_range"]))
    return rule, tuple(sorted((draw(values), draw(values)))) if rule == "in_range" else draw(values)


@st.composite
def rules(draw: st.DrawFn, word: str) -> tuple[str, Any]:
    some = st.lists(st.sampled_from([value for value in VALUES[word] if value == value]), min_size=1, max_size=3)
    given = [st.tuples(st.sampled_from(["isin", "notin"]), some.map(tuple))]
    given += [bounds(word)] if word not in ("text", "flag") else []
    if word == "text":
        length = st.tuples(st.integers(0, 2), st.integers(0, 9)).map(lambda pair: (min(pair), max(pair)))
        given += [st.tuples(st.just("str_length"), length), st.tuples(st.just("str_matches"), st.sampled_from(PATTERNS))]
        given += [st.tuples(st.just("str_contains"), st.sampled_from(PATTERNS))]
    rule: tuple[str, Any] = draw(st.one_of(given))
    return rule


@st.composite
def fields(draw: st.DrawFn, name: str) -> Field:
    word = draw(st.sampled_from(sorted(TYPES)))
    asked = draw(st.lists(rules(word), max_size=3, unique_by=lambda one: one[0]))
    return Field(
        name, name.upper(), name, TYPES[word], nullable=draw(st.booleans()), unique=draw(st.booleans()), rules=tuple(asked),
        required=draw(st.booleans()),
    )  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A contract and a table for it; one column may be of another type, one may be absent."""

    contract: Contract
    table: pa.Table

    @property
    def frame(self) -> pd.DataFrame:
        return framed(self.table)

    @property
    def nulls(self) -> bool:
        return any(column.null_count for column in self.table.columns)


def framed(table: pa.Table) -> pd.DataFrame:
    """As it is, in the chunks that it has."""
    columns = {name: pd.Series(pd.arrays.ArrowExtensionArray(table.column(name))) for name in table.column_names}
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    made = tuple(draw(fields(name)) for name in NAMES[: draw(st.integers(1, 4))])
    count = draw(st.integers(0, 12))
    alike = [(one.name, other.name) for one in made for other in made if one.name != other.name and one.type == other.type]
    between = tuple(
        Rule(f"{check}_{'_'.join(pair)}", check, pair)
        for pair in (draw(st.sets(st.sampled_from(alike), max_size=2)) if alike else ())
        for check in [draw(st.sampled_from(["not_after", "together"]))]
    )
    columns = {}
    for field in made:
        value = st.one_of(st.none(), st.sampled_from(VALUES[field.type_word]))
        columns[field.name] = pa.array(draw(st.lists(value, min_size=count, max_size=count)), field.type)
    odd = draw(st.sampled_from([None, None, None, "absent", "dtype"]))
    if odd == "absent" and len(columns) > 1:
        del columns[made[-1].name]
    if odd == "dtype":
        columns[made[-1].name] = pa.array([b"x"] * count, pa.binary())
    contract = Contract("random", "1.0", "Random", "one row per row", (), made, rules=between)
    return Case(contract, pa.table(columns))


def masks(schema: pandera.DataFrameSchema, frame: pd.DataFrame) -> Found:
    """What the masks say, by row; -1 where no row is to blame."""
    return {
        (one.column, one.check, row)
        for one in failing(schema, frame)
        for row in ([-1] if one.bad is None else one.bad.nonzero()[0].tolist())
    }


OWN = {"not_nullable": "not_null", "field_uniqueness": "unique", "column_in_dataframe": "present"}


def verdict(schema: pandera.DataFrameSchema, frame: pd.DataFrame) -> Found:
    """What pandera says of each column, and of the rules between them; all together, its report can crash as it mixes their values."""
    found = reported(pandera.DataFrameSchema(checks=schema.checks), frame)
    for name, column in schema.columns.items():
        found |= reported(pandera.DataFrameSchema({name: column}), frame[[one for one in frame if one == name]])
    return found


def reported(schema: pandera.DataFrameSchema, frame: pd.DataFrame) -> Found:
    """What one report of pandera says."""
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # of pandera's own way to put its report together
            schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return set(_told(errors.failure_cases))
    return set()


def _told(cases: pd.DataFrame) -> Iterator[tuple[str | None, str, int]]:
    case: Any
    for case in cases.itertuples():
        check = OWN.get(str(case.check), str(case.check))
        if check.startswith("dtype("):
            yield str(case.column), "dtype", -1
        elif check == "present":
            yield str(case.failure_case), check, -1
        elif case.index is not None and case.index == case.index:
            yield None if case.schema_context == "DataFrameSchema" else str(case.column), check, int(case.index)


def odd(case: Case) -> set[str]:
    """Columns whose type is not the contract's: pandera goes on with their checks, which can only crash."""
    return {name for name in case.table.column_names if case.table.column(name).type != case.contract.fields[name].type}


def local(found: Found) -> Found:
    """Without what the whole table is needed for."""
    return {one for one in found if one[1] != "unique"}


THOROUGH = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@THOROUGH
@given(cases())
def test_the_masks_are_pandera_s_own_verdict(case: Case) -> None:
    """But for rules between fields: one null anywhere in the table, and pandera's report may leave out rows that fail them."""
    schema, frame = case.contract.schema(), case.frame
    found, own = masks(schema, frame), verdict(schema, frame)
    of_rules = {one for one in found if one[0] is None}
    assert found - of_rules == {one for one in own if one[0] is not None and (one[0] not in odd(case) or one[1] == "dtype")}
    if not case.nulls:
        assert of_rules == {one for one in own if one[0] is None}


@THOROUGH
@given(cases(), st.integers(1, 13))
def test_the_masks_of_partitions_are_those_of_the_whole(case: Case, size: int) -> None:
    schema = case.contract.schema()
    parts = [(start, masks(schema, framed(case.table.slice(start, size)))) for start in range(0, case.table.num_rows, size)]
    moved = {(name, check, row + start if row >= 0 else row) for start, found in parts for name, check, row in local(found)}
    if parts:
        assert moved == local(masks(schema, case.frame))


@THOROUGH
@given(cases(), st.integers(1, 5), st.data())
def test_chunks_and_labels_are_nothing_to_them(case: Case, size: int, data: st.DataObject) -> None:
    schema, count = case.contract.schema(), case.table.num_rows
    whole = masks(schema, case.frame)
    pieces = [case.table.slice(start, size) for start in range(0, count, size)]
    frame = framed(pa.concat_tables(pieces)) if pieces else case.frame
    labels = data.draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    assert masks(schema, frame) == whole
    assert masks(schema, frame.set_axis(labels, axis=0)) == whole


@THOROUGH
@given(cases())
def test_a_check_that_only_warns_blames_the_same_rows(case: Case) -> None:
    schema, warning = case.contract.schema(), replace(case.contract, name="warning").schema()
    own = {check.error for column in warning.columns.values() for check in column.checks}
    for check in [*warning.checks, *(check for column in warning.columns.values() for check in column.checks)]:
        check.raise_warning = True
    assert masks(schema, case.frame) == masks(warning, case.frame)
    warned = {one.check for one in failing(warning, case.frame) if one.warns}
    assert warned == {one.check for one in failing(warning, case.frame) if one.column is None or one.check in own} - {"present"}


@THOROUGH
@given(cases())
def test_what_no_mask_blames_is_valid(case: Case) -> None:
    """The rows that are left pass pandera's own validation."""
    schema = case.contract.schema()
    found = masks(schema, case.frame)
    if any(row < 0 for _, _, row in found):
        return
    kept = case.frame.drop(index=sorted({row for _, _, row in found})).reset_index(drop=True)
    if not kept.isna().any(axis=None) or not any(field.unique for field in case.contract.fields.values()):  # nulls are duplicates to it
        schema.validate(kept)
