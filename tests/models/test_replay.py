"""Mask replay against what is known of invented rows: no gaps cost nothing, more gaps never help, the same seed is the same answer."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ModelError
from models.estimator import out_of_fold
from models.gaps import EMPTY, FILLED, THERE, Gaps, masked
from models.inputs import Column, Input
from models.metrics import auc, auc_se
from models.replay import difference, replay

NAMES = ("strong", "middle", "weak", "plan")
INPUTS = [Input("strong", "number"), Input("middle", "number"), Input("weak", "number"), Input("plan", "category")]
SEED = 3


def rows(count: int = 1_200, seed: int = 0) -> tuple[pa.Table, np.ndarray]:
    """Labelled rows whose inputs matter more and less."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(count, 3))
    plan = rng.choice(["a", "b", "c"], count)
    logit = 1.5 * numbers[:, 0] + 0.8 * numbers[:, 1] + 0.2 * numbers[:, 2] + 0.8 * (plan == "a") - 0.5
    label = rng.random(count) < 1 / (1 + np.exp(-logit))
    return pa.table({**{name: numbers[:, place] for place, name in enumerate(NAMES[:3])}, "plan": plan}), label


TABLE, LABEL = rows()


def share(*shares: float, state: np.uint8 = EMPTY, rows: int = 1_000) -> Gaps:
    """Gaps on the first so many rows of each input: a larger share holds all gaps of a smaller one."""
    place = np.random.default_rng(1).permutation(rows)[:, None] / rows
    return Gaps(NAMES, np.where(place < np.array(shares), state, THERE).astype(np.uint8))


def test_no_gaps_are_full_data() -> None:
    found = replay(TABLE, LABEL, INPUTS, Gaps.none(NAMES), seed=SEED)
    assert found.full == found.as_is == found.retrained
    assert (found.lost.auc, found.regained.auc) == (0, 0)
    assert found.rows == len(LABEL)
    assert found.events == int(LABEL.sum())


def test_full_data_is_what_training_measures() -> None:
    found = replay(TABLE, LABEL, INPUTS, Gaps.none(NAMES), seed=SEED)
    scores = out_of_fold(TABLE, LABEL, INPUTS, seed=SEED).scores
    assert found.full.auc == pytest.approx(auc(LABEL, scores), abs=1e-12)
    assert found.full.auc_se == pytest.approx(auc_se(LABEL, scores), abs=1e-12)
    assert found.full.brier == pytest.approx(float(np.mean((scores - LABEL) ** 2)), abs=1e-12)


def test_the_same_seed_is_the_same_answer_and_another_is_near() -> None:
    gaps = share(0.5, 0.2, 0, 1)
    one, same, other = (replay(TABLE, LABEL, INPUTS, gaps, seed=seed, folds=3, give={"Plan": ["plan"]}) for seed in (5, 5, 6))
    assert one == same
    assert one != other
    assert one.as_is.auc == pytest.approx(other.as_is.auc, abs=4 * one.as_is.auc_se)


@pytest.mark.parametrize("state", [EMPTY, FILLED])
def test_more_gaps_never_help_beyond_chance(state: np.uint8) -> None:
    found = [replay(TABLE, LABEL, INPUTS, share(part, part, part, part, state=state), seed=SEED, folds=3) for part in (0, 0.4, 1)]
    for less, more in pairwise(found):
        for one, other in ((less.as_is, more.as_is), (less.retrained, more.retrained)):
            assert other.auc <= one.auc + 2 * one.auc_se
            assert other.brier >= one.brier - 2 * one.brier_se
    assert found[0].as_is.auc - found[1].as_is.auc > 0.05
    assert found[-1].retrained.auc == pytest.approx(0.5, abs=0.05)  # nothing is left


def test_an_input_given_back_undoes_its_gap_and_the_important_one_comes_first() -> None:
    gaps = Gaps.none(NAMES).opened(["strong", "weak"])
    found = replay(TABLE, LABEL, INPUTS, gaps, seed=SEED, folds=3, give={"W": ["weak"], "S": ["strong"], "both": ["strong", "weak"]})
    assert [gain.name for gain in found.gains][-1] == "W"
    gains = {gain.name: gain for gain in found.gains}
    assert gains["S"].retrained.clear
    assert not gains["W"].retrained.clear
    assert gains["both"].as_is.auc == pytest.approx(-found.lost.auc, abs=1e-12)


def test_a_model_trained_under_the_gaps_uses_what_is_left() -> None:
    rng = np.random.default_rng(4)
    strong = rng.normal(size=1_200)
    table = pa.table({"strong": strong, "echo": strong + rng.normal(scale=0.7, size=1_200)})
    label = strong + rng.normal(scale=0.5, size=1_200) > 0
    inputs = [Input("strong", "number"), Input("echo", "number")]
    found = replay(table, label, inputs, Gaps.none(["strong", "echo"]).opened(["strong"]), seed=SEED, folds=3)
    assert found.lost.clear
    assert found.lost.auc < 0
    assert found.regained.clear
    assert found.regained.auc > 0
    assert found.retrained.brier < found.as_is.brier


def test_gaps_that_rows_have_themselves_count_towards_those_of_the_feed() -> None:
    own = np.random.default_rng(2).random(len(LABEL)) < 0.4
    table = TABLE.set_column(0, "strong", pa.array(np.asarray(TABLE["strong"]), mask=own))
    left = share(0.4, 0, 0, 0).beyond(table, SEED)
    assert left.share("strong") < 0.03  # nothing is to be added
    more = share(0.7, 0, 0, 0).beyond(table, SEED).share("strong")
    assert own.mean() + (1 - own.mean()) * more == pytest.approx(0.7, abs=0.04)
    assert share(1, 0, 0, 0).beyond(table, SEED).share("strong") == 1


def test_rows_are_bounded_and_only_drawn_ones_count() -> None:
    found = replay(TABLE, LABEL, INPUTS, Gaps.none(NAMES), seed=SEED, most=600, folds=3)
    assert found.rows == 600
    assert found.folds == 3


@given(st.lists(st.sampled_from([THERE, FILLED, EMPTY]), min_size=1, max_size=20))
def test_masked_cells_are_their_own_typical_or_empty(cells: list[np.uint8]) -> None:
    table = pa.table({"plan": [f"p{place}" for place in range(len(cells))]})
    gaps = Gaps(("plan",), np.array(cells, np.uint8)[:, None])
    found = masked(table, [Column("plan", "category", ("x", "y"), 1.0)], gaps, np.arange(len(cells)))["plan"].to_pylist()
    assert found == [f"p{place}" if cell == THERE else "y" if cell == FILLED else None for place, cell in enumerate(cells)]


def test_gaps_of_a_row_stay_together() -> None:
    gaps = Gaps(("strong", "weak"), np.array([[0, 0], [2, 2]], np.uint8))
    found = masked(TABLE, [], gaps, np.random.default_rng(0).integers(0, 2, len(LABEL)))
    empty = [found[name].is_null().to_numpy() for name in ("strong", "weak")]
    assert (empty[0] == empty[1]).all()
    assert 0.4 < empty[0].mean() < 0.6


def test_the_error_of_a_difference_is_that_of_resampling() -> None:
    rng = np.random.default_rng(0)
    y = rng.random(400) < 0.4
    one = y + rng.normal(size=400)
    other = one + rng.normal(size=400)
    draws = []
    for _ in range(600):
        picked = rng.integers(0, 400, 400)
        draws.append(auc(y[picked], one[picked]) - auc(y[picked], other[picked]))
    found = difference(y, one, other)
    assert found.auc == pytest.approx(auc(y, one) - auc(y, other))
    assert found.se == pytest.approx(float(np.std(draws)), rel=0.12)


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ModelError, match="MODEL-NOT-FITTED"):
        replay(TABLE.slice(0, 12), LABEL[:12], INPUTS, Gaps.none(NAMES), seed=SEED)
