"""Distances between two distributions, from counts on the same bins.

All take counts and return plain numbers, so they hold for any number of rows at the same cost. They compare values that are there;
missing ones are judged by their rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Counts = Sequence[int] | npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]

MOST_MERGED = 10
HALF_A_ROW = 0.5


def psi(reference: Counts, current: Counts) -> float:
    """Population stability index: the sum over bins of (p - q) ln(p / q); 0 for equal shares, unbounded.

    A bin that is empty on one side counts as half a row there (the correction of Haldane, Annals of Human Genetics 20, 1956, and Anscombe,
    Biometrika 43, 1956, for the logarithm of a ratio of counts), so that one new value costs the more, the more rows agree that it was
    not there. A bin that is empty on both sides counts nothing.

    Raises
    ------
    ValueError
        Where a side has no rows, or the bins differ in number.

    Examples
    --------
    >>> psi([50, 50], [500, 500]), round(psi([50, 50], [75, 25]), 3)
    (0.0, 0.275)
    """
    a, b = _pair(reference, current)
    used = (a > 0) | (b > 0)
    p, q = np.maximum(a[used], HALF_A_ROW) / a.sum(), np.maximum(b[used], HALF_A_ROW) / b.sum()
    return float(np.sum((p - q) * np.log(p / q)))


def merged(reference: Counts, current: Counts, most: int = MOST_MERGED) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Neighbouring bins put together until about equal shares of the reference, at most `most` bins.

    PSI grows with the number of bins where nothing drifted: on average by (bins - 1)(1/n + 1/m). A hundred bins of a thousand rows each
    side would read 0.2; ten read 0.02. An open bin at an end that the reference left empty stays by itself: it holds what is new.

    Examples
    --------
    >>> a, b = merged([10] * 100, [20] * 50 + [0] * 50)
    >>> a.tolist()[:2], b.tolist()[4:6], len(a)
    ([100, 100], [200, 0], 10)
    """
    a, b = np.asarray(reference, dtype=np.int64), np.asarray(current, dtype=np.int64)
    if len(a) <= most or not a.any():
        return a, b
    groups = most - int(a[0] == 0) - int(a[-1] == 0)
    middle = (np.cumsum(a) - a / 2) / a.sum()
    group = np.minimum((middle * groups).astype(np.int64), groups - 1)
    group[0] -= a[0] == 0
    group[-1] += a[-1] == 0
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    return np.add.reduceat(a, starts), np.add.reduceat(b, starts)


def psi_limit(limit: float, bins: int, n: int, m: int, comparisons: int = 1) -> float:
    """The PSI that counts as drift: the fixed limit, or what chance alone reaches in 5 % of files where rows are few.

    Where nothing drifted, PSI is distributed like chi-square with bins - 1 degrees of freedom times (1/n + 1/m) (Yurdakul, Statistical
    properties of population stability index, Western Michigan University, 2018).

    Parameters
    ----------
    limit : float
        The fixed limit, such as 0.25.
    bins : int
    n, m : int
        Rows with a value on both sides.
    comparisons : int
        Inputs compared at once; the 5 % are for all of them together.

    Examples
    --------
    >>> psi_limit(0.25, 10, 50_000, 50_000), round(psi_limit(0.25, 10, 100, 100), 3)
    (0.25, 0.338)
    """
    if bins < 2:
        return limit
    from scipy.special import chdtri

    return max(limit, float(chdtri(bins - 1, 0.05 / comparisons)) * (1 / n + 1 / m))


def jensen_shannon(reference: Counts, current: Counts) -> float:
    """Jensen-Shannon distance with the natural logarithm: 0 for equal shares, 0.8326 where no bin is shared.

    Examples
    --------
    >>> jensen_shannon([1, 1], [5, 5]), round(jensen_shannon([1, 0], [0, 1]), 4)
    (0.0, 0.8326)
    """
    a, b = _pair(reference, current)
    p, q = a / a.sum(), b / b.sum()
    middle = (p + q) / 2
    return float(np.sqrt(max((_entropy(p, middle) + _entropy(q, middle)) / 2, 0.0)))


def _entropy(p: Floats, q: Floats) -> float:
    there = p > 0
    return float(np.sum(p[there] * np.log(p[there] / q[there])))


def kolmogorov_smirnov(reference: Counts, current: Counts) -> float:
    """Largest difference of the two cumulated shares at the edges: right to within one bin's share. For numbers only.

    Examples
    --------
    >>> kolmogorov_smirnov([10, 10], [15, 5])
    0.25
    """
    return float(np.max(np.abs(_gaps(reference, current))))


def wasserstein(edges: Sequence[float], reference: Counts, current: Counts) -> float | None:
    """How far values moved between the first and the last edge, in the field's unit; null with fewer than two edges.

    Rows are taken to lie evenly in their bins. What moved within the two open bins is not seen, so one value far out does not count.

    Examples
    --------
    >>> wasserstein([0.0, 1.0, 2.0], [0, 10, 0, 0], [0, 0, 10, 0])
    1.0
    """
    if len(edges) < 2:
        return None
    gaps, widths = _gaps(reference, current)[:-1], np.diff(edges)
    left, right = gaps[:-1], gaps[1:]
    crossing = left * right < 0
    total = np.abs(left) + np.abs(right)
    heights = np.where(crossing, (left**2 + right**2) / np.where(total > 0, total, 1), total) / 2
    return float(np.sum(heights * widths))


def _gaps(reference: Counts, current: Counts) -> Floats:
    a, b = _pair(reference, current)
    gaps: Floats = np.cumsum(a) / a.sum() - np.cumsum(b) / b.sum()
    return gaps


def _pair(reference: Counts, current: Counts) -> tuple[Floats, Floats]:
    a, b = np.asarray(reference, dtype=np.float64), np.asarray(current, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError("the two sides are counted on different bins")
    if not (a.sum() and b.sum()):
        raise ValueError("a side has no rows to compare")
    return a, b
