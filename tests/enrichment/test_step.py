"""Chains of steps, and writing into empty cells."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from contracts.batch import Batch
from contracts.errors import RunError
from contracts.origin import Origin
from enrichment.cells import empty, put
from enrichment.days import Age, DaysSince
from enrichment.fill import Median, MostFrequent
from enrichment.step import Chain, Counting, Learner, Step, added
from enrichment.usual import Usual

AS_OF = date(2026, 6, 30)


def batch(**columns: pa.Array) -> Batch:
    table = pa.table(columns)
    return Batch.supplied(table, np.arange(table.num_rows) + 7)


def people() -> Batch:
    births = [date(1990, 1, 1), None, date(1950, 1, 1), None]
    return batch(birth_date=pa.array(births, pa.date32()), age=pa.array([None, 20, None, None], pa.int64()))


def test_a_fill_learns_from_what_was_derived_before_it() -> None:
    chain = Chain((Age(AS_OF), Median("age"))).fit(people())
    done, counts = chain.apply(people())
    assert done.table["age"].to_pylist() == [36, 20, 76, 36]
    assert done.origins["age"].tolist() == [Origin.DERIVED, Origin.SUPPLIED, Origin.DERIVED, Origin.IMPUTED]
    assert (counts["age"]["filled"], counts["median age"]["filled"]) == (2, 1)
    assert chain.transform(people()).table.equals(done.table)


def test_a_step_without_its_needs_is_skipped() -> None:
    signup = DaysSince("signup_date", "signup_days", AS_OF)
    chain = Chain((Age(AS_OF), signup, MostFrequent("age_band", by=("age",)), Usual((("visits", 3.0),))))
    some = batch(signup_date=pa.array([date(2026, 6, 1)]))
    done, counts = chain.fit(some).apply(some)
    assert done.table.column_names == ["signup_date", "signup_days", "visits"]
    assert list(counts) == ["days in signup_days", "usual values"]
    assert chain.skipped(["signup_date"]) == ("age", "most frequent value age_band by age")
    assert chain.skipped(["birth_date"]) == ("days in signup_days",)
    assert len(chain.fit(some).assumptions(counts)) == 2


def test_counts_of_parts_add_up_to_evidence() -> None:
    chain = Chain((Age(AS_OF), Median("age"))).fit(people())
    many = batch(birth_date=pa.array([date(1990, 1, 1)] * 20, pa.date32()), age=pa.array([36] * 20))
    total = added([chain.apply(many)[1], chain.apply(many)[1]])
    assert total["age"] == {"filled": 0, "both": 40, "agree": 40}
    assert [found.verdict for found in chain.assumptions(total)] == ["held", "untested"]
    assert [found.verdict for found in chain.assumptions()] == ["untested", "untested"]


def test_what_a_chain_learned_can_be_stored() -> None:
    chain = Chain((Age(AS_OF), Median("age"), MostFrequent("age")))
    fitted = chain.fit(people())
    stored = json.loads(json.dumps(fitted.learned()))
    assert list(stored) == ["median age", "most frequent value age"]
    assert chain.with_learned(stored) == fitted
    assert chain.with_learned({}) == chain


def test_names_must_differ() -> None:
    with pytest.raises(RunError, match="CHAIN-NAMES"):
        Chain((Age(AS_OF), Age(date(2026, 7, 1))))


@dataclass(frozen=True)
class Turned(Step):
    """A step that breaks the rule."""

    name = "turned"
    needs = ()
    fills = ()
    why = how = ""

    def transform(self, batch: Batch) -> Batch:
        return batch.take(np.arange(batch.rows)[::-1].astype(np.int64))


def test_a_step_that_changes_the_rows_is_caught() -> None:
    with pytest.raises(RunError, match="STEP-ROWS"):
        Chain((Turned(),)).transform(people())
    assert Turned().fit(people()) == Turned()
    assert Turned().assumptions() == ()


def test_all_steps_speak_to_people() -> None:
    steps: tuple[Step, ...] = (
        Age(AS_OF),
        DaysSince("signup_date", "signup_days", AS_OF),
        Median("income"),
        MostFrequent("region"),
        Usual((("visits", 1.0),)),
    )
    assert all(one.how and one.why.endswith(".") and one.fills for one in steps)
    assert [isinstance(one, Counting) for one in steps] == [True, True, False, False, True]
    assert [isinstance(one, Learner) for one in steps] == [False, False, True, True, False]


def test_put_keeps_the_type_of_the_field() -> None:
    done = put(batch(n=pa.array([1, None], pa.int64())), "n", pa.array([9.0, 2.0]), np.array([3, 3], np.uint8))
    assert done.table["n"].to_pylist() == [1, 2]
    assert done.table["n"].type == pa.int64()
    assert done.origins["n"].tolist() == [Origin.SUPPLIED, Origin.LOOKED_UP]


def test_put_makes_a_field_even_without_a_value() -> None:
    done = put(batch(n=pa.array([1])), "m", pa.nulls(1, pa.float64()), Origin.DERIVED)
    assert (done.table["m"].to_pylist(), done.origins["m"].tolist()) == ([None], [Origin.ABSENT])
    assert empty(done, "m", pa.string()) is done
