"""Distances from counts against scipy's, and PSI under no drift."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import chi2, ks_2samp, wasserstein_distance

from contracts.distance import jensen_shannon, kolmogorov_smirnov, merged, psi, psi_limit, wasserstein
from contracts.profile import layout, profile

PAIRS = st.integers(1, 30).flatmap(lambda bins: st.tuples(*[st.lists(st.integers(0, 10_000), min_size=bins, max_size=bins)] * 2))
PAIRS = PAIRS.filter(lambda pair: sum(pair[0]) > 0 and sum(pair[1]) > 0)


def counted(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> tuple[tuple[float, ...], list[int], list[int]]:
    made = layout(pa.table({"x": a}), {"x": "number"})
    left, right = (list(profile(pa.table({"x": side}), made).fields["x"].counts) for side in (a, b))
    return made.fields["x"].edges, left, right


@given(PAIRS)
def test_psi_is_symmetric_not_negative_and_nothing_for_equal_shares(pair: tuple[list[int], list[int]]) -> None:
    a, b = pair
    assert psi(a, b) >= 0
    assert psi(a, b) == pytest.approx(psi(b, a))
    assert psi(a, a) == 0
    assert psi(a, [7 * n for n in a]) == pytest.approx(0, abs=1e-12)


@given(PAIRS)
def test_psi_is_jeffreys_divergence_where_no_bin_is_empty(pair: tuple[list[int], list[int]]) -> None:
    a, b = (np.array(side) + 1 for side in pair)
    p, q = a / a.sum(), b / b.sum()
    assert psi(a, b) == pytest.approx(float(np.sum(rel_entr(p, q) + rel_entr(q, p))), abs=1e-12)


def test_an_empty_bin_counts_as_half_a_row() -> None:
    assert psi([100, 0], [99, 1]) == pytest.approx((1 - 0.99) * np.log(1 / 0.99) + (0.005 - 0.01) * np.log(0.005 / 0.01))
    assert psi([100_000, 0], [90, 10]) > psi([100, 0], [90, 10]) > 0.25


@given(PAIRS)
def test_jensen_shannon_is_scipys(pair: tuple[list[int], list[int]]) -> None:
    assert jensen_shannon(*pair) == pytest.approx(float(jensenshannon(*map(np.array, pair))), abs=1e-7)
    assert jensen_shannon(*pair) <= np.sqrt(np.log(2)) + 1e-12


@given(st.integers(0, 50), st.floats(0, 2), st.floats(0.5, 2))
def test_kolmogorov_smirnov_is_scipys_within_one_bin(seed: int, shift: float, scale: float) -> None:
    random = np.random.default_rng(seed)
    a, b = random.normal(size=2_000), random.normal(shift, scale, 1_500)
    found = kolmogorov_smirnov(*counted(a, b)[1:])
    exact = float(ks_2samp(a, b).statistic)
    largest = max(max(side) / sum(side) for side in counted(a, b)[1:])
    assert exact - largest <= found <= exact + 1e-12


@pytest.mark.parametrize("shift", [0.0, 0.1, 1.0, 3.0])
def test_wasserstein_is_scipys_between_the_outer_edges(shift: float) -> None:
    random = np.random.default_rng(4)
    a, b = random.uniform(0, 10, 20_000), random.uniform(0, 10, 20_000) + shift
    edges, left, right = counted(a, b)
    inside = [np.clip(side, edges[0], edges[-1]) for side in (a, b)]
    assert wasserstein(edges, left, right) == pytest.approx(float(wasserstein_distance(*inside)), rel=0.02, abs=0.02)
    assert wasserstein(edges[:1], [1, 1], [1, 1]) is None


def test_wasserstein_of_crossing_shares_counts_both_ways() -> None:
    edges, a, b = [0.0, 1.0, 2.0, 3.0], [0, 1, 4, 1, 0], [0, 3, 0, 3, 0]
    fine = np.linspace(0, 1, 2_001)
    spread = [np.concatenate([fine + n for n, count in enumerate(side[1:-1]) for _ in range(count)]) for side in (a, b)]
    assert wasserstein(edges, a, b) == pytest.approx(float(wasserstein_distance(*spread)), abs=1e-3)


def test_one_value_far_out_in_the_reference_does_not_hide_a_shift() -> None:
    random = np.random.default_rng(8)
    a = np.append(random.normal(size=5_000), 1e6)
    _, left, right = counted(a, random.normal(1, 1, 5_000))
    assert psi(*merged(left, right)) > 0.8
    assert kolmogorov_smirnov(left, right) > 0.35


@given(PAIRS)
def test_merging_keeps_every_row_and_never_raises_psi(pair: tuple[list[int], list[int]]) -> None:
    a, b = (np.array(side) + 1 for side in pair)
    left, right = merged(a, b)
    assert (left.sum(), right.sum()) == (a.sum(), b.sum())
    assert len(left) == len(right) <= 10
    assert psi(left, right) <= psi(a, b) + 1e-9


def test_deciles_hold_a_tenth_each_and_few_bins_stay_as_they_are() -> None:
    left, _ = merged([10] * 100, [10] * 100)
    assert left.tolist() == [100] * 10
    assert merged([5, 0, 1], [1, 2, 3])[0].tolist() == [5, 0, 1]
    heavy, _ = merged([600, *[10] * 40], [1] * 41)
    assert heavy.tolist()[0] == 600


def test_values_beyond_all_that_the_reference_has_stay_a_bin_of_their_own() -> None:
    random = np.random.default_rng(2)
    a = np.minimum(random.exponential(30, 5_000).round(1), 72.0)
    edges, left, right = counted(a, np.where(random.random(5_000) < 0.3, 80.0, a))
    assert left[-1] == 0
    assert edges[-1] == pytest.approx(72)
    few = merged(left, right)
    assert (few[0][-1], len(few[0])) == (0, 10)
    assert few[1][-1] == right[-1] > 1_000
    constant = counted(np.full(500, 5.0), np.full(500, 7.0))
    assert psi(*merged(*constant[1:])) > 5


def test_the_limit_is_the_fixed_one_unless_chance_reaches_it() -> None:
    assert psi_limit(0.25, 10, 100_000, 1_000) == 0.25
    assert psi_limit(0.25, 10, 100, 100) == pytest.approx(chi2.ppf(0.95, 9) * 0.02)
    assert psi_limit(0.1, 10, 300, 300, comparisons=20) == pytest.approx(chi2.ppf(1 - 0.05 / 20, 9) * 2 / 300)
    assert psi_limit(0.25, 1, 100, 100) == 0.25


@pytest.mark.parametrize("rows", [100, 200, 1_000])
def test_chance_passes_the_limit_in_about_one_file_of_twenty(rows: int) -> None:
    random = np.random.default_rng(rows)
    found = []
    for _ in range(400):
        a, b = random.multinomial(rows, [0.1] * 10, 2)
        found.append(psi(a, b) > psi_limit(0.0, 10, rows, rows))
    assert 0.02 < np.mean(found) < 0.10


def test_sides_that_cannot_be_compared_are_an_error() -> None:
    with pytest.raises(ValueError, match="different bins"):
        psi([1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="no rows"):
        jensen_shannon([0, 0], [1, 2])
