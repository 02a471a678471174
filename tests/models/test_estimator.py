"""Propensities: what they score on real files, that they repeat to the byte, that they need nothing they should not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from contracts.errors import ModelError
from models.estimator import Propensity, fit, out_of_fold
from models.inputs import Floats, Input
from models.metrics import auc, quality


def cases(rows: int, seed: int) -> tuple[pa.Table, Floats]:
    """Rows whose outcome depends on a number, a category and nothing else."""
    chance = np.random.default_rng(seed)
    spend, plan = chance.normal(size=rows), chance.integers(0, 4, rows)
    label = spend + (plan == 2) * 1.5 + chance.logistic(size=rows) > 1
    table = pa.table(
        {
            "spend": pa.array(spend, mask=chance.random(rows) < 0.1),
            "plan": pa.DictionaryArray.from_arrays(pa.array(plan), pa.array(list("abcd"))).cast(pa.string()),
            "noise": chance.normal(size=rows),
            "empty": pa.nulls(rows, pa.float64()),
            "nearly": pa.array([1.0] * 5 + [None] * (rows - 5), pa.float64()),
        }
    )
    return table, label.astype(float)


INPUTS = [Input(name, "category" if name == "plan" else "number") for name in ("spend", "plan", "noise", "empty", "nearly")]


@pytest.fixture(scope="module")
def model() -> Propensity:
    return fit(*cases(3000, 1), INPUTS, seed=7)


def test_it_learns_and_is_calibrated(model: Propensity) -> None:
    table, label = cases(20_000, 2)
    found = quality(label, model.scores(table))
    assert found.auc > 0.73
    assert all(abs(b.mean_score - b.rate) < 0.06 for b in found.calibration)


def test_empty_columns_are_dropped_and_told(model: Propensity) -> None:
    assert [i.name for i in model.dropped] == ["empty", "nearly"]
    assert [i.name for i in model.inputs] == ["spend", "plan", "noise"]


def test_unseen_categories_are_counted_over_all_blocks(model: Propensity) -> None:
    table, _ = cases(250_000, 3)
    strange = table.set_column(1, "plan", pa.array(["z"] * len(table)))
    scored = model.score(strange)
    assert scored.unseen == {"spend": 0, "plan": 250_000, "noise": 0}
    assert len(scored.scores) == 250_000


def test_blocks_change_nothing(model: Propensity) -> None:
    table, _ = cases(150_000, 3)
    np.testing.assert_array_equal(model.scores(table), model.probability(model.matrix(table).values))


def test_no_rows(model: Propensity) -> None:
    assert model.scores(cases(5, 1)[0].slice(0, 0)).tolist() == []


def test_out_of_fold_scores_do_not_know_their_rows() -> None:
    table, _ = cases(1500, 4)
    label = np.random.default_rng(5).random(1500) < 0.4  # nothing to learn
    found = out_of_fold(table, label, INPUTS, seed=1)
    seen = fit(table, label, INPUTS, seed=1).scores(table)
    assert abs(auc(label, seen) - 0.5) > 0.2  # either way: calibration may turn scores that mean nothing
    for fold in range(5):
        assert abs(auc(label[found.folds == fold], found.scores[found.folds == fold]) - 0.5) < 0.12
    assert np.bincount(found.folds).tolist() == [300] * 5


def test_groups_stay_in_one_fold() -> None:
    chance = np.random.default_rng(6)
    who = np.repeat(np.arange(150), 8)
    label = np.repeat(chance.random(150) < 0.5, 8)  # each customer has one outcome and one give-away number
    table = pa.table({"mark": np.repeat(chance.normal(size=150), 8)})
    inputs = [Input("mark", "number")]
    assert auc(label, out_of_fold(table, label, inputs, seed=1, folds=3).scores) > 0.8  # the trap that groups are for
    found = out_of_fold(table, label, inputs, seed=1, folds=3, groups=who)
    assert all(len(np.unique(found.folds[who == one])) == 1 for one in range(150))
    assert auc(label, found.scores) < 0.65


@pytest.mark.parametrize("label", [[True] * 30, [0, 2] * 15, [True, None] * 15, [0.5] * 30, [True] * 7])
def test_labels_that_cannot_be_learnt(label: list[Any]) -> None:
    with pytest.raises(ModelError) as caught:
        fit(pa.table({"spend": np.arange(30.0)}), label, [Input("spend", "number")], seed=1)
    assert caught.value.code in ("MODEL-LABEL", "MODEL-NOT-FITTED")


def test_no_usable_input() -> None:
    with pytest.raises(ModelError, match="no input has enough values"):
        fit(pa.table({"spend": pa.nulls(60, pa.float64())}), [True, False] * 30, [Input("spend", "number")], seed=1)


def test_labels_of_pandas_and_arrow() -> None:
    table, label = cases(300, 9)
    plain = fit(table, label, INPUTS, seed=1).scores(table)
    for given in (pd.Series(label > 0, dtype=pd.ArrowDtype(pa.bool_())), pa.chunked_array([pa.array(label > 0)])):
        np.testing.assert_array_equal(fit(table, given, INPUTS, seed=1).scores(table), plain)


SCRIPT = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from test_estimator import INPUTS, cases
from models.estimator import fit, out_of_fold
table, label = cases(4000, 1)
scores = fit(table, label, INPUTS, seed=3).scores(table)
honest = out_of_fold(table, label, INPUTS, seed=3).scores
print(hashlib.sha256(scores.tobytes() + honest.tobytes()).hexdigest())
"""


def test_the_same_bytes_in_two_processes_with_one_and_two_threads() -> None:
    here = Path(__file__)
    digests = set()
    for threads in ("1", "2"):
        env = {**os.environ, "OMP_NUM_THREADS": threads, "PYTHONPATH": str(here.parents[2])}
        done = subprocess.run([sys.executable, "-c", SCRIPT, str(here.parent)], env=env, capture_output=True, text=True, check=True)
        digests.add(done.stdout)
    assert len(digests) == 1


def real(path: Path, separator: str, label: str, yes: str, without: set[str]) -> tuple[pa.Table, Floats, list[Input]]:
    """A public file as a table with its inputs; only numbers are numbers."""
    frame = pd.read_csv(path, sep=separator)
    if "TotalCharges" in frame:
        frame["TotalCharges"] = pd.to_numeric(frame["TotalCharges"], errors="coerce")
    names = [str(c) for c in frame if c != label and c not in without]
    inputs = [Input(c, "category" if frame[c].dtype == object else "number") for c in names]
    return pa.Table.from_pandas(frame[names], preserve_index=False), (frame[label] == yes).to_numpy().astype(np.float64), inputs


@pytest.mark.shared
def test_telco_churn(shared: Path) -> None:
    path = shared / "data" / "telco-churn" / "WA_Fn-UseC_-Telco-Customer-Churn.csv"
    table, label, inputs = real(path, ",", "Churn", "Yes", {"customerID"})
    honest = out_of_fold(table, label, inputs, seed=1)
    found = quality(label, honest.scores, honest.folds)
    assert found.fold_mean >= 0.84
    assert found.auc >= 0.84
    assert 0 < found.auc_se < 0.01
    assert 0 < found.fold_se < 0.015
    assert max(abs(b.mean_score - b.rate) for b in found.calibration) < 0.06


@pytest.mark.shared
def test_bank_with_and_without_the_leak(shared: Path) -> None:
    path = shared / "data" / "bank-marketing" / "bank-full.csv"
    honest, too_good = (_bank(path, without) for without in ({"duration"}, set[str]()))
    assert 0.78 < honest < 0.82
    assert too_good > 0.92


def _bank(path: Path, without: set[str]) -> float:
    table, label, inputs = real(path, ";", "y", "yes", without)
    return auc(label, out_of_fold(table, label, inputs, seed=1, folds=3).scores)
