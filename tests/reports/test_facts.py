"""Facts survive JSON, and nothing else passes for facts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import RunError
from reports.facts import Facts, Status
from reports.plain import as_plain, of_plain
from reports.scores import Filled, Measure
from tests.reports.hostile import hostile_facts
from tests.reports.sample import facts

COUNTS = st.integers(0, 10**9)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("made", [facts(), facts(0), hostile_facts()])
def test_facts_survive_json(made: Facts) -> None:
    assert Facts.from_dict(json.loads(json.dumps(made.as_dict()))) == made


@given(st.builds(Filled, name=st.text(), title=st.text(), supplied=COUNTS, absent=COUNTS, how=st.text()))
def test_any_input_survives_json(entry: Filled) -> None:
    assert of_plain(Filled, json.loads(json.dumps(as_plain(entry)))) == entry


@given(st.lists(FINITE), st.lists(COUNTS), FINITE)
def test_any_measure_survives_json(edges: list[float], counts: list[int], mean: float) -> None:
    entry = Measure("score", "Score", "probability", 1, mean, mean, mean, tuple(edges), tuple(counts))
    assert of_plain(Measure, json.loads(json.dumps(as_plain(entry)))) == entry


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", {1, 2}, object()])
def test_only_plain_values_are_facts(value: Any) -> None:
    with pytest.raises(RunError, match="FACTS-VALUE"):
        as_plain({"value": value})


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"status": {"word": "FINE"}},
        {"notes": "one"},
        {"notes": [1]},
        {"client": None},
        {"client": {"name": "a"}},
        {"feeds": {}},
    ],
)
def test_other_shapes_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RunError, match="FACTS-SHAPE"):
        Facts.from_dict(facts(10).as_dict() | change)


def test_a_release_changes_the_status_only() -> None:
    released = facts(10).with_status(Status("RELEASED", "asked by phone", "R. Meier", "2025-07-02"))
    assert released.as_dict() | {"status": facts(10).as_dict()["status"]} == facts(10).as_dict()
