"""BG/NBD: how often customers will buy again, from how often and how lately they bought.

The model of Fader, Hardie and Lee (Marketing Science 24(2), 2005, 275-284). While alive, a customer buys at a rate λ ~ Gamma(r, rate α);
after each repeat purchase the customer is lost with probability p ~ Beta(a, b). A customer is the row (x, t_x, T): repeat purchases, time
of the last one, time observed, both since the first purchase.

Given that a customer is alive at T, the likelihood is λ^x e^(-λT) (1 - p)^x, so λ ~ Gamma(r + x, α + T) and p ~ Beta(a, b + x),
independent. Two results follow.

- Loss can only come with a purchase, so the wait for the next one is exponential in λ, and

  P(X(T, T + h) >= 1 | x, t_x, T) = P(alive at T) · (1 - ((α + T) / (α + T + h))^(r + x)).

- An alive customer with λ and p is still so after s with probability e^(-λps). Over λ, and over the horizon,

  E[X(T, T + h) | x, t_x, T] = P(alive at T) · E_p[(1 - (1 + p h / (α + T))^-(r + x)) / p],  p ~ Beta(a, b + x),

  which the paper gives as equation 10 with Gauss's hypergeometric function. scipy's is infinite or nan for long horizons of frequent
  buyers, and the equation is 0/0 near a = 1 and a + b + x = 1. The mean over p has no such place: with p = 1 / (1 + e^-y), equal steps in y
  converge exponentially, and both ends of the sum are geometric series.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln

from contracts.errors import ModelError
from models.likelihood import Floats, Groups, arrays, grouped, log_likelihood, logistic, loss, rows

Unit = Literal["days", "weeks"]
NAMES = ("r", "alpha", "a", "b")

# The fit runs on the logarithms of the parameters, with the mean T as unit of time. Beyond these bounds the likelihood is flat.
LOWER = np.log([1e-4, 1e-5, 1e-5, 1e-5])
UPPER = np.log([1e3, 1e5, 1e2, 1e4])
STARTS = np.log([[1.0, 1.0, 1.0, 2.0], [0.2, 0.2, 0.3, 3.0], [3.0, 2.0, 0.1, 1.0]])
FLAT = 1e-5
"""Largest slope of the mean log-likelihood that counts as a maximum."""
BLOCK = 4096


@dataclass(frozen=True)
class BgNbd:
    """Fitted parameters.

    Parameters
    ----------
    r, alpha, a, b : float
        Shape and rate of the purchase rate; the two shapes of the loss probability.
    unit : {"days", "weeks"}
        Unit of `alpha`, of t_x and T, and of every horizon.
    log_likelihood : float
        At the maximum, over all customers.
    customers, distinct : int
        Customers, and distinct rows among them.
    slope : float
        Largest slope of the mean log-likelihood in the logarithm of a parameter that is not at a bound.
    at_bound : tuple of str
        Parameters that ran to a bound: the data do not tell them from an extreme.

    Examples
    --------
    >>> model = BgNbd(0.243, 4.414, 0.793, 2.426, "weeks")
    >>> model.expected_purchases(39, [2], [30.43], [38.86]).round(3).tolist()
    [1.226]
    >>> model.probability_of_purchase(39, [2], [30.43], [38.86]).round(3).tolist()
    [0.555]
    """

    r: float
    alpha: float
    a: float
    b: float
    unit: Unit
    log_likelihood: float = float("nan")
    customers: int = 0
    distinct: int = 0
    slope: float = float("nan")
    at_bound: tuple[str, ...] = ()

    def p_alive(self, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Probability that a customer is still alive at T.

        It is 1 for every customer with x = 0, however long ago they bought: in this model nobody is lost before a first repeat. Never rank
        customers by it (on CDNOW that ranks worse than chance); rank by `probability_of_purchase`.
        """
        x, t_x, T = arrays(x, t_x, T)
        # b + x - 1 is only used where x > 0
        lost = np.log(self.a) - np.log(np.where(x > 0, self.b + x - 1, 1.0)) + (self.r + x) * np.log((self.alpha + T) / (self.alpha + t_x))
        return np.asarray(np.where(x > 0, logistic(-lost), 1.0))

    def probability_of_purchase(self, horizon: float, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Probability of at least one purchase in the horizon after T."""
        x, t_x, T = arrays(x, t_x, T)
        soon = -np.expm1(-(self.r + x) * np.log1p(_positive(horizon) / (self.alpha + T)))
        return np.asarray(self.p_alive(x, t_x, T) * soon)

    def expected_purchases(self, horizon: float, x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike) -> Floats:
        """Expected number of purchases in the horizon after T."""
        x, t_x, T = arrays(x, t_x, T)
        ahead = _positive(horizon) / (self.alpha + T)
        parts = [slice(start, start + BLOCK) for start in range(0, len(x), BLOCK)]
        alive = [self._expected_alive(x[part], ahead[part]) for part in parts]
        return np.asarray(self.p_alive(x, t_x, T) * np.concatenate([np.zeros(0), *alive]))

    def _expected_alive(self, x: Floats, ahead: Floats) -> Floats:
        """The mean over p; `ahead` is h / (α + T)."""
        step = min(0.3, 0.7 / np.sqrt(self.a))
        counts, which = np.unique(x, return_inverse=True)
        low = -22 - np.log(max(1.0, self.b + counts[-1], ((self.r + x) * ahead).max()))
        y = np.arange(low, 26 + step, step)
        weights = np.exp(
            -self.a * np.logaddexp(0, -y) - (self.b + counts[:, None]) * np.logaddexp(0, y) - betaln(self.a, self.b + counts)[:, None]
        )
        weights[:, 0] /= -np.expm1(-self.a * step)  # all steps further left, where only p^a still changes
        weights[:, -1] /= -np.expm1(-(self.b + counts) * step)  # all steps further right, where only (1 - p)^(b + x) does
        p = np.exp(-np.logaddexp(0, -y))
        bought = -np.expm1(-(self.r + x)[:, None] * np.log1p(ahead[:, None] * p))
        return np.asarray(step * (bought * (weights / p)[which]).sum(axis=1))

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {**asdict(self), "at_bound": list(self.at_bound)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> BgNbd:
        """The inverse of `as_dict`."""
        return cls(**{**data, "at_bound": tuple(data["at_bound"])})


def fit(x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, weights: npt.ArrayLike | None = None, *, unit: Unit) -> BgNbd:
    """Fit by maximum likelihood.

    Parameters
    ----------
    x, t_x, T : array of float
        One row per customer: repeat purchases, time of the last one, time observed.
    weights : array of float, optional
        How many customers a row stands for.
    unit : {"days", "weeks"}
        Unit of t_x and T.

    Raises
    ------
    ModelError
        MODEL-NOT-FITTED where the rows cannot be such histories, nobody bought twice, or no maximum is found.
    """
    groups = grouped(x, t_x, T, weights)
    _check(groups)
    scale = float(np.average(groups.T, weights=groups.weights))
    scaled = rows(groups.x, groups.t_x / scale, groups.T / scale, groups.weights / groups.weights.sum())
    limits = list(zip(LOWER, UPPER, strict=True))
    options = {"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9}
    found = [minimize(loss, start, args=(scaled,), jac=True, method="L-BFGS-B", bounds=limits, options=options) for start in STARTS]
    best = min(found, key=lambda result: float(result.fun))
    bound = (best.x <= LOWER + 1e-6) | (best.x >= UPPER - 1e-6)
    slope = float(np.abs(np.where(bound, 0.0, loss(best.x, scaled)[1])).max())
    if not np.isfinite(best.fun) or slope > FLAT:
        raise _not_fitted("the likelihood has no maximum that could be found", found=f"slope {slope:.1e}", expected=f"at most {FLAT:.0e}")
    r, alpha, a, b = (float(v) for v in np.exp(best.x) * [1, scale, 1, 1])
    total = log_likelihood(r, alpha, a, b, groups)
    names = tuple(name for name, at in zip(NAMES, bound, strict=True) if at)
    return BgNbd(r, alpha, a, b, unit, total, int(groups.weights.sum()), len(groups.x), slope, names)


def _positive(horizon: float) -> float:
    if not horizon > 0:
        raise ModelError("MODEL-HORIZON", "a horizon lies in the future", found=f"{horizon:g}", expected="more than 0")
    return horizon


def _check(groups: Groups) -> None:
    x, t_x, T, weights, _ = groups
    if not len(x) or not (weights > 0).all():
        raise _not_fitted("there are no customers to fit on", found=f"{len(x)} rows")
    fine = (x >= 0) & (x == np.round(x)) & (t_x >= 0) & (t_x <= T) & ((x > 0) == (t_x > 0)) & np.isfinite(T)
    if not fine.all():
        expected = "whole x >= 0, 0 <= t_x <= T, and t_x above 0 exactly where x is"
        raise _not_fitted("some rows cannot be purchase histories", found=f"{int((~fine).sum())} distinct rows", expected=expected)
    if not (x > 0).any():
        raise _not_fitted("no customer bought on two days", expected="customers with a repeat purchase")


def _not_fitted(message: str, *, found: str | None = None, expected: str | None = None) -> ModelError:
    hint = "send a longer history: more months, more customers"
    return ModelError("MODEL-NOT-FITTED", message, found=found, expected=expected, hint=hint)
