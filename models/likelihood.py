"""The likelihood of BG/NBD (see `lifetimes`), on rows of which equal ones are joined."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln

Floats = npt.NDArray[np.float64]


class Groups(NamedTuple):
    """Distinct (x, t_x, T) rows, how often each occurs, and where each customer's row is among them."""

    x: Floats
    t_x: Floats
    T: Floats
    weights: Floats
    inverse: npt.NDArray[np.intp]


def grouped(x: npt.ArrayLike, t_x: npt.ArrayLike, T: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Groups:
    """Join equal rows; the fit needs one row of each kind, and so does scoring.

    Examples
    --------
    >>> groups = grouped([0, 2, 0], [0, 5, 0], [9, 9, 9])
    >>> groups.weights.tolist(), groups.inverse.tolist()
    ([2.0, 1.0], [0, 1, 0])
    """
    x, t_x, T = arrays(x, t_x, T)
    counts = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    order = np.lexsort((T, t_x, x))
    table = np.column_stack([x, t_x, T])[order]
    first = np.r_[True, (table[1:] != table[:-1]).any(axis=1)] if len(x) else np.zeros(0, dtype=bool)
    inverse = np.empty(len(x), dtype=np.intp)
    inverse[order] = np.cumsum(first) - 1
    kept = table[first]
    return Groups(kept[:, 0], kept[:, 1], kept[:, 2], _counted(inverse, counts, len(kept)), inverse)


def log_likelihood(r: float, alpha: float, a: float, b: float, groups: Groups) -> float:
    """Log-likelihood of grouped rows."""
    return -loss(np.log([r, alpha, a, b]), rows(*groups[:4]))[0]


class Rows(NamedTuple):
    """Rows for the likelihood: gamma functions are only needed once for each count of purchases."""

    counts: Floats
    per_count: Floats
    which: npt.NDArray[np.intp]
    x: Floats
    t_x: Floats
    T: Floats
    weights: Floats


def rows(x: Floats, t_x: Floats, T: Floats, weights: Floats) -> Rows:
    """Rows with their distinct counts of purchases."""
    counts, which = np.unique(x, return_inverse=True)
    return Rows(counts, _counted(which, weights, len(counts)), which, x, t_x, T, weights)


def loss(theta: Floats, given: Rows) -> tuple[float, Floats]:
    """Minus the log-likelihood, and its slope in the logarithms of the parameters."""
    r, alpha, a, b = np.exp(theta)
    n, per_count, which, x, t_x, T, weights = given
    safe = np.where(n > 0, b + n - 1, 1.0)
    common = gammaln(r + n) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) - gammaln(a + b + n) + gammaln(b + n) - gammaln(b)
    log_T, log_t = np.log(alpha + T), np.log(alpha + t_x)
    ahead = np.where(n > 0, np.log(a) - np.log(safe), -np.inf)[which] + (r + x) * (log_T - log_t)  # log odds of being lost
    value = _dot(per_count, common) + _dot(weights, np.logaddexp(0.0, ahead) - (r + x) * log_T)
    lost = weights * logistic(ahead)
    stay = weights - lost
    lost_per_count = _counted(which, lost, len(n))
    both = _dot(per_count, digamma(a + b) - digamma(a + b + n))
    slope_r = _dot(per_count, digamma(r + n) - digamma(r) + np.log(alpha)) - _dot(stay, log_T) - _dot(lost, log_t)
    slope_alpha = weights.sum() * r / alpha - _dot(r + x, stay / (alpha + T) + lost / (alpha + t_x))
    slope_b = both + _dot(per_count, digamma(b + n) - digamma(b)) - _dot(lost_per_count, 1 / safe)
    return -value, -np.array([slope_r * r, slope_alpha * alpha, (both + lost.sum() / a) * a, slope_b * b])


def _counted(which: npt.NDArray[np.intp], weights: Floats, length: int) -> Floats:
    return np.bincount(which, weights, length).astype(np.float64, copy=False)


def _dot(left: Floats, right: Floats) -> float:
    """A sum of products without BLAS, whose threads change the last digit and stall on busy cores."""
    return float((left * right).sum())


def logistic(value: Floats) -> Floats:
    """1 / (1 + exp(-value)), also far out."""
    return np.asarray(np.exp(-np.logaddexp(0.0, -value)))


def arrays(*values: npt.ArrayLike) -> tuple[Floats, ...]:
    """Values as arrays of float, a single number as an array of one."""
    return tuple(np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in values)
