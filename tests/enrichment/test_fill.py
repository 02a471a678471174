"""Typical values of similar customers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.batch import Batch, concat
from contracts.errors import RunError
from contracts.origin import Origin
from enrichment.fill import Median, MostFrequent
from enrichment.groups import found_in, keys, numbered
from enrichment.learned import ENOUGH, Group, evenness


def batch(**columns: object) -> Batch:
    table = pa.table(columns)
    return Batch.supplied(table, np.arange(table.num_rows) + 100)


def incomes(vip: int, new: int) -> Batch:
    """So many rows of each segment, and two of another; vip earn 50, new 10 and 20 by turns."""
    values = [50.0] * vip + [10.0, 20.0] * (new // 2) + [1000.0, None]
    return batch(segment=pa.array(["vip"] * vip + ["new"] * new + ["rare"] * 2), income=pa.array(values))


def asked(*segments: str | None) -> Batch:
    return batch(segment=pa.array(segments, pa.string()), income=pa.nulls(len(segments), pa.float64()))


def test_medians_by_group() -> None:
    step = Median("income", by=("segment",)).fit(incomes(40, 30))
    done = step.transform(asked("vip", "new", "rare", "other", None))
    assert done.table["income"].to_pylist() == [50.0, 15.0, 50.0, 50.0, 50.0]
    assert done.origins["income"].tolist() == [Origin.IMPUTED] * 5


def test_a_group_needs_enough_values() -> None:
    assert Median("income", by=("segment",)).fit(incomes(40, ENOUGH)).learned.groups == (
        Group(("new",), 15.0, 30),
        Group(("vip",), 50.0, 40),
    )
    assert [group.by for group in Median("income", by=("segment",)).fit(incomes(40, ENOUGH - 2)).learned.groups] == [("vip",)]


def test_without_groups_there_is_one_median() -> None:
    step = Median("income").fit(incomes(41, 30))
    assert step.transform(asked("new")).table["income"].to_pylist() == [50.0]
    assert step.how == "the median of all customers"


def test_the_median_of_whole_numbers_is_whole() -> None:
    step = Median("age").fit(batch(age=pa.array([30, 33], pa.int64())))
    assert step.transform(batch(age=pa.array([None], pa.int64()))).table["age"].to_pylist() == [32]
    json.dumps(step.as_dict())


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.one_of(st.none(), st.integers(-50, 50))), max_size=150))
@settings(max_examples=60, deadline=None)
def test_medians_are_numpys(rows: list[tuple[str | None, int | None]]) -> None:
    sample = batch(
        group=pa.array([one for one, _ in rows], pa.string()), x=pa.array([None if x is None else float(x) for _, x in rows], pa.float64())
    )
    learned = Median("x", by=("group",)).fit(sample).learned
    known = {name: [x for one, x in rows if one == name and x is not None] for name in ("a", "b")}
    assert [(group.by, group.value, group.values) for group in learned.groups] == [
        ((name,), float(np.median(values)), len(values)) for name, values in known.items() if len(values) >= ENOUGH
    ]
    every = [x for _, x in rows if x is not None]
    assert learned.overall == (float(np.median(every)) if every else None)


def regions() -> Batch:
    postcodes = ["53111", "53225"] * 20 + ["80331"] * 35 + ["01067"] * 5 + ["80333", None, "53999"]
    region = ["NRW"] * 39 + ["Hessen"] + ["Bayern"] * 35 + ["Sachsen"] * 5 + [None, None, None]
    return batch(postcode=pa.array(postcodes), region=pa.array(region))


def test_the_region_by_the_first_digits_of_the_postcode() -> None:
    step = MostFrequent("region", by=("postcode",), digits=2).fit(regions())
    done = step.transform(regions())
    assert done.table["region"].to_pylist()[-3:] == ["Bayern", "NRW", "NRW"]
    assert done.table["region"].to_pylist()[39] == "Hessen"
    assert done.origins["region"].tolist()[-4:] == [Origin.SUPPLIED, *[Origin.IMPUTED] * 3]
    assert step.assumptions()[0].evidence["right_share"] == round(74 / 80, 4)


def test_equally_frequent_values_and_flags() -> None:
    assert MostFrequent("region").fit(batch(region=pa.array(["b", "a", "b", "a"]))).learned.overall == "a"
    flags = batch(marketing_consent=pa.array([True, False, True, None]))
    step = MostFrequent("marketing_consent").fit(flags)
    assert step.transform(flags).table["marketing_consent"].to_pylist() == [True, False, True, True]


def test_two_fields_make_a_group() -> None:
    rows = [("a", "x", 1), ("a", "y", 2), ("b", "x", 3), ("b", None, 4)] * 40
    sample = batch(
        p=pa.array([p for p, _, _ in rows]), q=pa.array([q for _, q, _ in rows]), n=pa.array([n for _, _, n in rows], pa.int64())
    )
    step = MostFrequent("n", by=("p", "q")).fit(sample)
    some = batch(p=pa.array(["b", "a", "b", "b", None]), q=pa.array(["x", "y", "y", None, "x"]), n=pa.nulls(5, pa.int64()))
    assert step.transform(some).table["n"].to_pylist() == [3, 2, 1, 1, 1]
    assert step.how == "the most frequent value among customers with the same p and q"


def test_imputed_cells_are_not_learned_from() -> None:
    sample = batch(income=pa.array([10.0, 10.0, 90.0, 90.0, 90.0]))
    marks = np.array([0, 1, 4, 4, 4], np.uint8)
    assert Median("income").fit(Batch(sample.table, {"income": marks}, sample.row_ids)).learned.overall == 10.0


def test_nothing_learned_fills_nothing() -> None:
    gaps = asked("vip")
    for step in (Median("income"), Median("income").fit(gaps), Median("other").fit(gaps)):
        assert step.transform(gaps) is gaps


def test_a_field_that_is_missing_altogether_is_made() -> None:
    step = Median("income", by=("segment",)).fit(incomes(40, 30))
    done = step.transform(batch(segment=pa.array(["new"])))
    assert done.table["income"].to_pylist() == [15.0]
    assert step.transform(batch(country=pa.array(["DE"]))).table["income"].to_pylist() == [50.0]


def test_dictionaries_are_filled_as_text() -> None:
    sample = batch(region=pa.array(["a", "a", None]).dictionary_encode())
    assert MostFrequent("region").fit(sample).transform(sample).table["region"].to_pylist() == ["a", "a", "a"]


def test_a_field_of_another_kind() -> None:
    with pytest.raises(RunError, match="FILL-KIND"):
        Median("segment").fit(asked("vip"))
    with pytest.raises(RunError, match="FILL-KIND"):
        MostFrequent("born").fit(batch(born=pa.array([date(2000, 1, 1)])))


@pytest.mark.parametrize("step", [Median("income", by=("segment",)), MostFrequent("segment", digits=1)])
def test_what_was_learned_survives_json(step: Median | MostFrequent) -> None:
    fitted = step.fit(incomes(40, 30))
    again = type(step).from_dict(json.loads(json.dumps(fitted.as_dict())))
    assert again == fitted
    assert again.transform(asked("new", None)).table.equals(fitted.transform(asked("new", None)).table)


@pytest.mark.parametrize(
    ("first", "second", "verdict"), [(10, 10, "untested"), (0, 15, "untested"), (0, 60, "refuted"), (100, 40, "refuted")]
)
def test_gaps_that_fall_unevenly_refute(first: int, second: int, verdict: str) -> None:
    income = pa.array([None] * first + [1.0] * (100 - first) + [None] * second + [1.0] * (100 - second), pa.float64())
    sample = batch(segment=pa.array(["a"] * 100 + ["b"] * 100), income=income)
    found = Median("income", by=("segment",)).fit(sample).assumptions()[0]
    assert found.verdict == verdict
    assert (found.evidence["lowest_share"], found.evidence["highest_share"]) == (min(first, second) / 100, max(first, second) / 100)
    assert Median("income").fit(sample).assumptions()[0].verdict == "untested"


@pytest.mark.parametrize(("rows", "first", "second"), [(30, 3, 10), (5000, 50, 500)])
def test_what_chance_may_do_or_is_small_refutes_nothing(rows: int, first: int, second: int) -> None:
    gaps = np.r_[np.arange(rows) < first, np.arange(rows) < second]
    found = evenness(gaps, np.repeat([0, 1], rows))
    assert found["highest_share"] - found["lowest_share"] > 0.05
    assert not found["uneven"]


def test_the_distance_tells_whether_groups_help() -> None:
    sample = incomes(40, 40)
    assert Median("income", by=("segment",)).fit(sample).learned.evidence["distance_ratio"] < 0.7
    assert Median("income").fit(sample).learned.evidence["distance_ratio"] == 1.0


def test_groups_are_numbered_in_order() -> None:
    sample = batch(p=pa.array(["b", "a", None, "b"]), q=pa.array(["y", "x", "x", "x"]))
    codes, named = numbered(keys(sample, ("p", "q")), 4)
    assert (codes.tolist(), named) == ([2, 0, -1, 1], [("a", "x"), ("b", "x"), ("b", "y")])
    assert found_in(keys(sample, ("p", "q")), [("b", "y"), ("a", "x")], 4).tolist() == [0, 1, -1, -1]
    assert numbered((), 2)[0].tolist() == [-1, -1]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c", None]),
        st.one_of(st.none(), st.floats(0, 1e6, allow_nan=False)),
        st.one_of(st.none(), st.sampled_from("xyz")),
    ),
    max_size=60,
)
MARKS = st.sampled_from([Origin.SUPPLIED, Origin.REPAIRED, Origin.IMPUTED])


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(0, 60), MARKS)
def test_rows_stay_parts_are_the_whole_and_nothing_is_overwritten(
    rows: list[tuple[str | None, float | None, str | None]], cut: int, mark: Origin
) -> None:
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    kinds = (pa.string(), pa.float64(), pa.string())
    whole = batch(
        **{name: pa.array(list(values), kind) for name, values, kind in zip(("segment", "income", "code"), columns, kinds, strict=True)}
    )
    whole = replace(whole, origins={name: np.where(found == Origin.ABSENT, found, np.uint8(mark)) for name, found in whole.origins.items()})
    for step in (Median("income", by=("segment",)).fit(incomes(40, 30)), MostFrequent("code", by=("segment",)).fit(whole)):
        done = step.transform(whole)
        parts = concat([step.transform(whole.take(part)) for part in np.split(np.arange(len(rows)), [cut])])
        assert done.table.equals(parts.table)
        assert all((done.origins[name] == parts.origins[name]).all() for name in done.origins)
        assert (done.row_ids == whole.row_ids).all()
        for name in whole.table.column_names:
            there = whole.table[name].is_valid().to_numpy()
            assert done.table[name].filter(pa.array(there)).equals(whole.table[name].filter(pa.array(there)))
            assert (done.origins[name][there] == whole.origins[name][there]).all()
