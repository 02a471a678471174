"""Counts add up over any partition, in any order, and tell what the whole table tells."""

from __future__ import annotations

import itertools
import json
import time
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import ContractError
from contracts.profile import FieldLayout, FieldProfile, Layout, Profile, empty, layout, profile

KINDS: dict[str, Any] = {"spend": "number", "orders": "number", "active": "number", "plan": "category"}
ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(-1e6, 1e6), st.sampled_from([0.0, 9.99, float("nan"), float("inf"), -float("inf")])),
        st.one_of(st.none(), st.integers(0, 6)),
        st.one_of(st.none(), st.booleans()),
        st.one_of(st.none(), st.sampled_from(["", "a", "b", "(other)", "ü"])),
    ),
    max_size=120,
)


def table(rows: list[tuple[Any, ...]]) -> pa.Table:
    types = (pa.float64(), pa.int64(), pa.bool_(), pa.string())
    columns = [pa.array([row[n] for row in rows], kind) for n, kind in enumerate(types)]
    return pa.table(dict(zip(KINDS, columns, strict=True)))


def reference(rows: int = 2_000, seed: int = 3) -> pa.Table:
    random = np.random.default_rng(seed)
    spend = np.where(random.random(rows) < 0.3, 0.0, random.lognormal(3, 1, rows))
    plan = random.choice(["basic", "plus", "pro"], rows, p=[0.6, 0.3, 0.1])
    return pa.table({"spend": spend, "orders": random.poisson(2, rows), "active": random.random(rows) < 0.4, "plan": plan})


def by_hand(values: list[float], edges: tuple[float, ...]) -> tuple[int, ...]:
    """The counts by the definition of a bin."""
    bounds = [-float("inf"), *edges, float("inf")]
    pairs = itertools.pairwise(bounds)
    return tuple(sum(1 for v in values if (low < v <= high) or v == low == -float("inf")) for low, high in pairs)


@given(ROWS, st.lists(st.integers(0, 120), max_size=5), st.randoms(use_true_random=False))
def test_counts_add_up_over_any_split_in_any_order(rows: list[tuple[Any, ...]], cuts: list[int], random: Any) -> None:
    made, whole = layout(reference(500), KINDS), table(rows)
    bounds = sorted({0, len(rows), *(min(cut, len(rows)) for cut in cuts)})
    parts = [profile(whole.slice(low, high - low), made) for low, high in itertools.pairwise(bounds)]
    random.shuffle(parts)
    assert sum(parts, empty(made)) == profile(whole, made)
    middle = len(parts) // 2
    assert sum(parts[:middle], empty(made)) + sum(parts[middle:], empty(made)) == profile(whole, made)


@given(ROWS, st.data())
def test_each_cell_is_counted_once_by_the_definition_of_its_bin(rows: list[tuple[Any, ...]], data: Any) -> None:
    made = layout(reference(500), KINDS)
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows))), dtype=np.bool_)
    found = profile(table(rows), made, {"spend": mask}).fields
    known = [row[0] for row, gone in zip(rows, mask, strict=True) if not gone and row[0] is not None and row[0] == row[0]]
    assert found["spend"] == FieldProfile(len(rows), len(rows) - len(known), by_hand(known, made.fields["spend"].edges))
    flags = [row[2] for row in rows if row[2] is not None]
    assert found["active"].counts == (flags.count(False), flags.count(True))
    for field in found.values():
        assert sum(field.counts) + field.nulls == len(rows)


def test_categories_are_counted_by_name_and_others_together() -> None:
    made = Layout({"plan": FieldLayout("category", names=("b", "a"))})
    whole = pa.table({"plan": ["a", "b", None, "", "(other)", "a"]})
    assert profile(whole, made).fields["plan"] == FieldProfile(6, 1, (1, 2, 2))
    masked = profile(whole, made, {"plan": np.array([True, False, True, False, False, False])})
    assert masked.fields["plan"] == FieldProfile(6, 2, (1, 1, 2))


@pytest.mark.parametrize("columns", [1, 3])
def test_dictionaries_chunks_codes_and_decimals_count_like_plain_columns(columns: int) -> None:
    made = Layout({"plan": FieldLayout("category", names=("1", "2")), "price": FieldLayout("number", edges=(1.5,))})
    plain = pa.table({"plan": pa.array(["1", "2", None, "3"]), "price": pa.array([1.0, 1.5, None, 2.0])})
    codes = pa.array([1, 2, None, 3], pa.int8())
    prices = pa.array([Decimal("1.00"), Decimal("1.50"), None, Decimal("2.00")])
    wanted = profile(pa.concat_tables([plain] * columns), made)
    for plan in (codes, plain["plan"].combine_chunks().dictionary_encode(), plain["plan"].cast(pa.large_string())):
        assert profile(pa.concat_tables([pa.table({"plan": plan, "price": prices})] * columns), made) == wanted


def test_bins_hold_equal_shares_of_the_reference() -> None:
    values = np.random.default_rng(5).normal(size=10_000)
    made = layout(pa.table({"x": values}), {"x": "number"})
    counts = profile(pa.table({"x": values}), made).fields["x"].counts
    assert len(made.fields["x"].edges) == 99
    assert set(counts) == {100}


@pytest.mark.parametrize("rows", [0, 5, 19, 20, 250, 999, 5_000])
def test_no_bin_and_no_name_stands_for_fewer_than_ten_rows(rows: int) -> None:
    random = np.random.default_rng(rows)
    whole = pa.table({"x": random.normal(size=rows), "city": pa.array([f"c{n}" for n in random.zipf(1.4, rows)], pa.string())})
    made = layout(whole, {"x": "number", "city": "category"})
    found = profile(whole, made).fields
    assert len(made.fields["x"].edges) < 100
    assert len(made.fields["city"].names) <= 50
    assert min(found["x"].counts) >= min(rows, 10)
    assert min(found["city"].counts[:-1], default=10) >= 10


def test_the_rarest_names_and_the_extremes_are_not_in_a_layout() -> None:
    whole = pa.table({"income": [*range(1_000), 987_654_321], "name": ["frequent"] * 992 + ["Zacharias"] * 9})
    text = json.dumps(layout(whole, {"income": "number", "name": "category"}).as_dict())
    assert "frequent" in text
    assert "Zacharias" not in text
    assert "987654321" not in text


def test_names_are_the_most_frequent_ones_in_a_fixed_order() -> None:
    values = [f"c{n:03d}" for n in range(80) for _ in range(10 + n // 20)]
    random = np.random.default_rng(1)
    layouts = {layout(pa.table({"city": random.permutation(values)}), {"city": "category"}).fields["city"] for _ in range(3)}
    names = layouts.pop().names
    assert not layouts
    assert names == tuple(f"c{n:03d}" for n in [*range(60, 80), *range(40, 60), *range(20, 30)])


def test_a_rounding_error_moves_no_frequent_value_to_another_bin() -> None:
    made = layout(pa.table({"x": [9.99, 19.98, 29.97] * 200}), {"x": "number"})
    exact = profile(pa.table({"x": [9.99, 19.98, 29.97]}), made)
    assert profile(pa.table({"x": [np.nextafter(v, np.inf) for v in (9.99, 19.98, 29.97)]}), made) == exact
    assert profile(pa.table({"x": [np.nextafter(v, -np.inf) for v in (9.99, 19.98, 29.97)]}), made) == exact


def test_a_constant_reference_tells_other_values() -> None:
    made = layout(pa.table({"x": [5] * 100}), {"x": "number"})
    assert profile(pa.table({"x": [4, 5, 5, 6]}), made).fields["x"].counts == (1, 2, 1)


def test_an_absent_field_is_missing_everywhere() -> None:
    made = layout(reference(), KINDS)
    found = profile(reference(100).drop_columns(["plan"]), made)
    assert (found.fields["plan"].missing, found.fields["spend"].missing) == (1.0, 0.0)
    assert profile(pa.table({"plan": pa.nulls(3)}), made).fields["plan"].missing == 1.0
    assert empty(made).fields["plan"].missing is None


def test_a_layout_made_without_filled_cells_is_that_of_the_others() -> None:
    whole = reference()
    mask = np.arange(len(whole)) % 3 == 0
    filled = whole.set_column(0, "spend", pa.array(np.where(mask, 7.0, whole["spend"].to_numpy())))
    kinds: dict[str, Any] = {"spend": "number"}
    assert layout(filled, kinds, {"spend": mask}) == layout(whole.filter(pa.array(~mask)), kinds)


@given(ROWS)
@settings(max_examples=20)
def test_profiles_survive_json(rows: list[tuple[Any, ...]]) -> None:
    made = profile(table(rows), layout(table(rows), KINDS))
    assert Profile.from_dict(json.loads(json.dumps(made.as_dict(), allow_nan=False))) == made


def test_what_cannot_be_counted_is_an_error() -> None:
    made = layout(reference(), KINDS)
    with pytest.raises(ContractError, match="PROFILE-LAYOUT"):
        _ = empty(made) + empty(layout(reference(), {"spend": "number"}))
    with pytest.raises(ContractError, match="PROFILE-KIND"):
        profile(pa.table({"spend": ["12"]}), made)
    with pytest.raises(ContractError, match="PROFILE-KIND"):
        layout(pa.table({"day": pa.array([1], pa.date32())}), {"day": "category"})
    with pytest.raises(ContractError, match="PROFILE-MASK"):
        profile(reference(10), made, {"spend": np.zeros(9, np.bool_)})


def test_a_million_rows_of_twenty_fields_are_counted_in_under_a_second() -> None:
    random = np.random.default_rng(0)
    number = pa.array(random.normal(size=1_000_000), mask=random.random(1_000_000) < 0.05)
    text = pa.array([f"c{n}" for n in range(60)]).take(pa.array(random.integers(0, 60, 1_000_000)))
    whole = pa.table({**{f"n{i}": number for i in range(12)}, **{f"c{i}": text for i in range(8)}})
    made = layout(whole.slice(0, 50_000), {name: "number" if name[0] == "n" else "category" for name in whole.column_names})
    started = time.process_time()
    profile(whole, made)
    assert time.process_time() - started < 1
