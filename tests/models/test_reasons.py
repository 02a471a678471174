"""Reasons: what moved a score, with which sign, and nothing of the row's values."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from models.estimator import Propensity, fit
from models.inputs import Input
from models.reasons import Reasons, reasons

NAMES = ("spend", "age", "plan", "noise")


def cases(rows: int, seed: int) -> pa.Table:
    chance = np.random.default_rng(seed)
    columns = {name: chance.normal(size=rows) for name in NAMES if name != "plan"}
    return pa.table({**columns, "plan": np.array(["usual", "bad"])[(chance.random(rows) < 0.3).astype(int)]})


@pytest.fixture(scope="module")
def model() -> Propensity:
    table = cases(6000, 1)
    bad = np.array(table["plan"].to_pylist()) == "bad"
    odds = 2.0 * table["spend"].to_numpy() - 1.0 * table["age"].to_numpy() + 2.0 * bad - 1
    label = np.random.default_rng(2).logistic(size=6000) < odds
    return fit(table, label, [Input(n, "category" if n == "plan" else "number") for n in NAMES], seed=1)


def test_the_inputs_that_matter_come_first_with_their_sign(model: Propensity) -> None:
    rows = pa.table({"spend": [2.5, 0.0, -0.02], "age": [0.0, -2.0, 0.0], "plan": ["usual", "bad", "usual"], "noise": [3.0, 0.0, 0.0]})
    found = reasons(model, rows)
    assert found.top.shape == found.effect.shape == (3, 3)
    assert NAMES[found.top[0, 0]] == "spend"
    assert found.effect[0, 0] > 0.2
    assert {NAMES[i] for i in found.top[1, :2]} == {"age", "plan"}
    assert (found.effect[1, :2] > 0.1).all()
    assert np.abs(found.effect[2]).max() < 0.1


def test_an_effect_is_the_difference_of_two_scores(model: Propensity) -> None:
    table = cases(300, 3)
    found = reasons(model, table)
    usual = table.set_column(0, "spend", pa.array([model.columns[0].typical] * 300))
    difference = model.scores(table) - model.scores(usual)
    for row in range(300):
        if 0 in found.top[row]:
            assert found.effect[row, list(found.top[row]).index(0)] == pytest.approx(difference[row], abs=1e-12)
    assert (np.diff(np.abs(found.effect), axis=1) <= 0).all()


def test_a_missing_value_can_be_a_reason(model: Propensity) -> None:
    rows = pa.table({"spend": pa.array([None], pa.float64()), "age": [0.0], "plan": ["bad"], "noise": [0.0]})
    found = reasons(model, rows)
    assert NAMES[found.top[0, 0]] == "plan"
    assert reasons(model, rows.slice(0, 0)).top.shape == (0, 3)


def test_texts_hold_titles_and_effects_only() -> None:
    found = Reasons(("spend", "age"), np.array([[0, 1], [1, 0]]), np.array([[0.25, -0.1], [0.0001, 0.0]]))
    assert found.texts({"spend": "Spend per year"}).to_pylist() == ["Spend per year +0.250; age -0.100", None]
