"""Scores that only rank order rows like the calibrated ones do."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from models.estimator import out_of_fold, ranking_out_of_fold
from models.inputs import Input
from models.metrics import auc


def test_the_auc_is_that_of_calibrated_scores() -> None:
    random = np.random.default_rng(3)
    table = pa.table({"age": random.integers(18, 90, 1500), "plan": random.choice(["a", "b", "c"], 1500)})
    label = random.random(1500) < table["age"].to_numpy() / 120
    inputs = [Input("age", "number"), Input("plan", "category")]
    plain = ranking_out_of_fold(table, label, inputs, seed=1)
    calibrated = out_of_fold(table, label, inputs, seed=1).scores
    assert not np.isnan(plain).any()
    assert auc(label, plain) == pytest.approx(auc(label, calibrated), abs=0.01)
