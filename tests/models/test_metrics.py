"""Metrics against plain counting, scikit-learn and resampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from models.metrics import Quality, auc, auc_se, brier, calibration, lift, quality

pairs = st.lists(st.tuples(st.booleans(), st.integers(0, 8)), min_size=4, max_size=40).filter(lambda rows: len({y for y, _ in rows}) == 2)


@given(pairs)
def test_auc_is_the_share_of_pairs_in_order(rows: list[tuple[bool, int]]) -> None:
    yes, no = ([s for y, s in rows if y is which] for which in (True, False))
    wins = sum((a > b) + 0.5 * (a == b) for a in yes for b in no)
    assert auc([y for y, _ in rows], [s for _, s in rows]) == pytest.approx(wins / len(yes) / len(no))


@given(pairs.filter(lambda rows: 2 <= sum(y for y, _ in rows) <= len(rows) - 2))
def test_standard_error_is_delongs_formula(rows: list[tuple[bool, int]]) -> None:
    yes, no = (np.array([s for y, s in rows if y is which]) for which in (True, False))
    wins = (yes[:, None] > no) + 0.5 * (yes[:, None] == no)
    expected = np.sqrt(wins.mean(axis=1).var(ddof=1) / len(yes) + wins.mean(axis=0).var(ddof=1) / len(no))
    assert auc_se([y for y, _ in rows], [s for _, s in rows]) == pytest.approx(expected, abs=1e-12)


def test_standard_error_is_the_spread_of_resampled_aucs() -> None:
    chance = np.random.default_rng(1)
    y = chance.random(800) < 0.3
    s = chance.normal(y * 1.0)
    again = [chance.integers(0, 800, 800) for _ in range(400)]
    spread = np.std([auc(y[rows], s[rows]) for rows in again])
    assert auc_se(y, s) == pytest.approx(spread, rel=0.15)


def test_against_scikit_learn() -> None:
    chance = np.random.default_rng(2)
    y, s = chance.random(5000) < 0.2, chance.random(5000).round(2)
    assert auc(y, s) == pytest.approx(roc_auc_score(y, s))
    assert brier(y, s) == pytest.approx(brier_score_loss(y, s))


def test_one_class_has_no_auc() -> None:
    assert np.isnan(auc([1, 1], [0.1, 0.2]))
    assert np.isnan(auc_se([1, 0, 0], [0.1, 0.2, 0.3]))
    assert np.isnan(lift([0, 0], [0.1, 0.2]))


def test_lift_of_a_perfect_and_of_a_blind_ranking() -> None:
    y = np.arange(1000) < 100
    assert lift(y, np.arange(1000)[::-1]) == pytest.approx(10)
    assert lift(y, np.zeros(1000)) == pytest.approx(1)


def test_calibration_bins() -> None:
    s = np.linspace(0, 1, 1003)
    bins = calibration(np.random.default_rng(3).random(1003) < s, s)
    assert sum(b.rows for b in bins) == 1003
    assert len(bins) == 10
    assert all(abs(b.mean_score - b.rate) < 0.15 for b in bins)
    assert [b.mean_score for b in bins] == sorted(b.mean_score for b in bins)


def test_quality_with_folds_survives_json() -> None:
    chance = np.random.default_rng(4)
    y = chance.random(600) < 0.4
    found = quality(y, chance.random(600) + y * 0.5, np.arange(600) % 5)
    assert len(found.fold_auc) == 5
    assert found.fold_se > 0
    assert abs(found.fold_mean - found.auc) < 0.03
    assert Quality.from_dict(found.as_dict()) == found
