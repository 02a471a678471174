"""BG/NBD against published numbers, another package, simulation and plain integration."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import betaincinv, hyp2f1, roots_legendre

from contracts.errors import ModelError
from models.lifetimes import BgNbd, fit
from models.likelihood import Floats, grouped, log_likelihood

PUBLISHED = BgNbd(0.243, 4.414, 0.793, 2.426, "weeks")


def simulate(model: BgNbd, customers: int, until: float, horizon: float, seed: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Histories up to `until`, and purchases in the horizon after it, by playing the model's story purchase by purchase."""
    chance = np.random.default_rng(seed)
    rate = chance.gamma(model.r, 1 / model.alpha, customers)
    leave = chance.beta(model.a, model.b, customers)
    x, t_x, later, now = (np.zeros(customers) for _ in range(4))
    alive = np.ones(customers, dtype=bool)
    while alive.any():
        now = now + chance.exponential(1 / np.maximum(rate, 1e-12))
        inside, after = alive & (now <= until), alive & (now > until) & (now <= until + horizon)
        x[inside] += 1
        t_x[inside] = now[inside]
        later[after] += 1
        alive &= (now <= until + horizon) & (chance.random(customers) >= leave)
    return x, t_x, np.full(customers, until), later


@pytest.fixture(scope="session")
def summary() -> pa.Table:
    """The published CDNOW sample, one row per customer, as another package ships it."""
    lifetimes = pytest.importorskip("lifetimes")
    return pa_csv.read_csv(Path(lifetimes.__file__).parent / "datasets" / "cdnow_customers_summary.csv")


def columns(table: pa.Table) -> tuple[Floats, Floats, Floats]:
    x, t_x, T = (table[name].to_numpy().astype(float) for name in ("frequency", "recency", "T"))
    return x, t_x, T


def test_the_fit_has_the_published_parameters(summary: pa.Table) -> None:
    model = fit(*columns(summary), unit="weeks")
    assert (round(model.r, 3), round(model.alpha, 3), round(model.a, 3), round(model.b, 3)) == (0.243, 4.414, 0.793, 2.426)
    assert round(model.log_likelihood, 1) == -9582.4
    assert model.customers == 2357
    assert model.at_bound == ()


def test_the_published_forecast(summary: pa.Table) -> None:
    assert PUBLISHED.expected_purchases(39, 2, 30.43, 38.86).round(3) == [1.226]
    assert fit(*columns(summary), unit="weeks").expected_purchases(39, 2, 30.43, 38.86).round(3) == [1.226]


@pytest.mark.parametrize(("row", "alive"), [((1, 1.71, 38.86), 0.2122), ((2, 30.43, 38.86), 0.7266), ((26, 30.86, 31.0), 0.9689)])
def test_points_of_p_alive(row: tuple[float, float, float], alive: float) -> None:
    assert BgNbd(0.24259, 4.41353, 0.79289, 2.42576, "weeks").p_alive(*row).round(4) == [alive]


def test_one_time_buyers_are_always_alive_and_therefore_not_ranked_by_it() -> None:
    assert PUBLISHED.p_alive([0, 0], [0, 0], [1, 500]).tolist() == [1.0, 1.0]
    soon = PUBLISHED.probability_of_purchase(10, [0, 0], [0, 0], [1, 500])
    assert soon[0] > 5 * soon[1]


def test_against_the_lifetimes_package(summary: pa.Table) -> None:
    lifetimes = pytest.importorskip("lifetimes")
    other = lifetimes.BetaGeoFitter()
    other.params_ = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    x, t_x, T = columns(summary)
    np.testing.assert_allclose(PUBLISHED.p_alive(x, t_x, T), other.conditional_probability_alive(x, t_x, T), rtol=1e-9)
    theirs = other.conditional_expected_number_of_purchases_up_to_time(39, x, t_x, T)
    np.testing.assert_allclose(PUBLISHED.expected_purchases(39, x, t_x, T), theirs, rtol=1e-7)
    none = other.probability_of_n_purchases_up_to_time(39, 0)  # a customer with no past
    np.testing.assert_allclose(PUBLISHED.probability_of_purchase(39, 0, 0, 0), 1 - none, rtol=1e-9)


def test_probability_and_expectation_against_simulation() -> None:
    model = BgNbd(0.6, 5.0, 0.8, 2.0, "weeks")
    x, t_x, T, later = simulate(model, 200_000, 30.0, 20.0, seed=5)
    for low, high in ((0, 0), (1, 1), (2, 3), (4, 1000)):
        for early in (True, False):
            here = (x >= low) & (x <= high) & ((t_x < 20) == early)
            if here.sum() < 2000:
                continue
            rows = (x[here], t_x[here], T[here])
            bought, counts = later[here] > 0, later[here]
            for found, said in ((bought, model.probability_of_purchase(20, *rows)), (counts, model.expected_purchases(20, *rows))):
                assert abs(found.mean() - said.mean()) < 4 * found.std() / np.sqrt(len(found)) + 1e-4


def test_the_fit_finds_the_parameters_of_a_simulation() -> None:
    truth = BgNbd(0.8, 6.0, 0.7, 2.5, "days")
    x, t_x, T, _ = simulate(truth, 30_000, 40.0, 1.0, seed=11)
    model = fit(x, t_x, T, unit="days")
    np.testing.assert_allclose([model.r, model.alpha, model.a, model.b], [0.8, 6.0, 0.7, 2.5], rtol=0.15)
    assert model.log_likelihood >= log_likelihood(0.8, 6.0, 0.7, 2.5, grouped(x, t_x, T))


positive = st.floats(0.05, 8.0)


def equation_10(model: BgNbd, h: float, x: float, t_x: float, T: float) -> float:
    """The paper's expectation, after Euler's transformation of the hypergeometric function."""
    c, z = model.a + model.b + x - 1, h / (model.alpha + T + h)
    rest = (1 - z) ** (model.a - 1) * hyp2f1(model.a + model.b - 1 - model.r, model.a - 1, c, z)
    return float(c / (model.a - 1) * (1 - rest) * model.p_alive(x, t_x, T)[0])


@settings(max_examples=200, deadline=None)
@given(positive, st.floats(0.1, 50), positive, positive, st.integers(0, 60), st.floats(0.1, 200), st.floats(0.1, 300))
def test_expectation_is_the_published_equation(r: float, alpha: float, a: float, b: float, x: int, T: float, h: float) -> None:
    assume(abs(a - 1) > 0.01 and abs(a + b + x - 1) > 0.01 and h / (alpha + T + h) < 0.9)  # beyond, the equation itself breaks down
    model, t_x = BgNbd(r, alpha, a, b, "days"), T / 3 if x else 0.0
    assert model.expected_purchases(h, x, t_x, T)[0] == pytest.approx(equation_10(model, h, x, t_x, T), rel=1e-7, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(positive, st.floats(0.1, 50), positive, positive, st.integers(0, 3000), st.floats(0.1, 200), st.floats(0.1, 3000))
def test_expectation_is_the_mean_over_the_loss_probability(r: float, alpha: float, a: float, b: float, x: int, T: float, h: float) -> None:
    t_x = T if x else 0.0
    points, weights = roots_legendre(300)
    v = (points + 1) / 2  # v^6 is uniform: the nodes crowd where the loss probability is small and the purchases are many
    p = np.maximum(betaincinv(a, b + x, v**6), 1e-200)
    alive = -np.expm1(-(r + x) * np.log1p(p * h / (alpha + T))) / p  # purchases of an alive customer with that probability
    model = BgNbd(r, alpha, a, b, "days")
    assert model.expected_purchases(h, x, t_x, T)[0] == pytest.approx(alive @ (weights * 3 * v**5) * model.p_alive(x, t_x, T)[0], rel=1e-3)


@settings(max_examples=100, deadline=None)
@given(positive, st.floats(0.1, 50), st.floats(0.02, 60), st.floats(0.02, 500), st.integers(0, 999), st.floats(1, 900), st.floats(1, 2000))
def test_numbers_stay_sane_anywhere(r: float, alpha: float, a: float, b: float, x: int, T: float, h: float) -> None:
    model = BgNbd(r, alpha, a, b, "days")
    t_x = T / 2 if x else 0.0
    alive, soon = model.p_alive(x, t_x, T)[0], model.probability_of_purchase(h, x, t_x, T)[0]
    count = model.expected_purchases(h, x, t_x, T)[0]
    assert 0 <= soon <= alive <= 1
    assert soon * (1 - 1e-9) <= count <= (r + x) * h / (alpha + T) * (1 + 1e-9)
    assert model.expected_purchases(2 * h, x, t_x, T)[0] >= count * (1 - 1e-9)


@pytest.mark.parametrize(("a", "b", "x"), [(1.0, 2.0, 3), (1.0009, 2.0, 3), (0.9991, 2.0, 0), (0.4, 0.6, 0), (0.3, 0.7004, 0)])
def test_where_the_published_equation_is_zero_by_zero(a: float, b: float, x: int) -> None:
    t_x = 5.0 if x else 0.0
    around = [equation_10(BgNbd(0.5, 4.0, a + e, b, "days"), 30, x, t_x, 50) for e in (-2.5e-3, 2.5e-3)]
    assert BgNbd(0.5, 4.0, a, b, "days").expected_purchases(30, x, t_x, 50)[0] == pytest.approx(sum(around) / 2, rel=1e-4)


def test_grouping_changes_nothing() -> None:
    x, t_x, T, _ = simulate(PUBLISHED, 5000, 39.0, 1.0, seed=3)
    t_x, T = np.ceil(t_x), np.ceil(T)
    groups = grouped(x, t_x, T)
    assert len(groups.x) < len(x) / 3
    np.testing.assert_array_equal(np.column_stack([groups.x, groups.t_x, groups.T])[groups.inverse], np.column_stack([x, t_x, T]))
    assert groups.weights.sum() == len(x)
    whole = fit(x, t_x, T, unit="weeks")
    given = fit(groups.x, groups.t_x, groups.T, groups.weights, unit="weeks")
    assert whole == given
    assert log_likelihood(0.3, 5, 1.2, 2, groups) == pytest.approx(ungrouped_likelihood(x, t_x, T, 0.3, 5, 1.2, 2), rel=1e-12)


def ungrouped_likelihood(x: Floats, t_x: Floats, T: Floats, r: float, alpha: float, a: float, b: float) -> float:
    """The published likelihood, customer by customer, written a second time."""
    from scipy.special import betaln, gammaln

    stay = betaln(a, b + x) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + T)
    with np.errstate(invalid="ignore"):
        leave = betaln(a + 1, b + x - 1) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha) - (r + x) * np.log(alpha + t_x)
    return float(np.where(x > 0, np.logaddexp(stay, leave), stay).sum())


def test_the_unit_of_time_does_not_matter() -> None:
    x, t_x, T, _ = simulate(PUBLISHED, 8000, 39.0, 1.0, seed=4)
    weeks, days = fit(x, t_x, T, unit="weeks"), fit(x, 7 * t_x, 7 * T, unit="days")
    assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-4)
    np.testing.assert_allclose(
        days.probability_of_purchase(70, x, 7 * t_x, 7 * T), weeks.probability_of_purchase(10, x, t_x, T), rtol=1e-4
    )


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (([], [], []), "no customers"),
        (([0, 0], [0, 0], [5, 9]), "two days"),
        (([1], [6], [5]), "purchase histories"),
        (([1], [0], [5]), "purchase histories"),
        (([0.5], [1], [5]), "purchase histories"),
        (([1], [1], [float("nan")]), "purchase histories"),
    ],
)
def test_rows_that_are_no_histories_are_refused(rows: tuple[list[float], ...], says: str) -> None:
    with pytest.raises(ModelError, match=says) as caught:
        fit(*rows, unit="days")
    assert caught.value.code == "MODEL-NOT-FITTED"


def test_a_fit_without_a_maximum_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import models.lifetimes

    monkeypatch.setattr(models.lifetimes, "FLAT", 0.0)
    with pytest.raises(ModelError, match="no maximum"):
        fit([0, 1, 2], [0, 3, 5], [9, 9, 9], unit="days")


def test_a_parameter_at_its_bound_is_told() -> None:
    x, T = np.repeat([2.0, 5.0, 9.0], 50), np.full(150, 40.0)
    model = fit(x, T - 0.1, T, unit="days")  # everybody bought a moment ago: nobody is ever lost
    assert "a" in model.at_bound
    assert (model.p_alive(x, T - 0.1, T) > 0.999).all()


def test_parameters_survive_json() -> None:
    model = fit([0, 1, 2, 0, 1], [0, 3, 5, 0, 8], [9, 9, 9, 4, 9], unit="days")
    assert BgNbd.from_dict(model.as_dict()) == model


def test_a_horizon_in_the_past_is_refused() -> None:
    with pytest.raises(ModelError, match="MODEL-HORIZON"):
        PUBLISHED.probability_of_purchase(0, 1, 1, 2)


def test_many_rows_are_as_one_by_one() -> None:
    chance = np.random.default_rng(8)
    x, T = chance.poisson(3, 9000).astype(float), chance.uniform(20, 400, 9000)
    t_x = np.where(x > 0, T * chance.uniform(0.01, 1, 9000), 0.0)
    whole = PUBLISHED.expected_purchases(26, x, t_x, T)
    for row in range(0, 9000, 450):
        assert whole[row] == pytest.approx(PUBLISHED.expected_purchases(26, x[row], t_x[row], T[row])[0], rel=1e-10)
