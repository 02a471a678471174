"""Chance by counting: a draw is a function of seed, stream and number, so rows may be made in any order and in any portions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """A family of independent streams of chance.

    Parameters
    ----------
    seed : int
        The rehearsal's seed.
    scope : str
        Sets families apart, such as ``"panel"``.

    Examples
    --------
    >>> draws = Draws(7, "people")
    >>> whole = draws.uniform("age", np.arange(1000))
    >>> bool((draws.uniform("age", np.arange(500, 600)) == whole[500:600]).all()), bool(0.4 < whole.mean() < 0.6)
    (True, True)
    """

    seed: int
    scope: str

    def bits(self, stream: str, number: Numbers) -> npt.NDArray[np.uint64]:
        """64 random bits for each number (splitmix64 of the number under a key of seed, scope and stream)."""
        digest = hashlib.blake2b(f"{self.seed}/{self.scope}/{stream}".encode(), digest_size=8).digest()
        state = number.astype(np.uint64)
        state += np.uint64(1)
        state *= np.uint64(0x9E3779B97F4A7C15)
        state += np.uint64(int.from_bytes(digest, "little"))
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            state ^= state >> np.uint64(shift)
            state *= np.uint64(factor)
        state ^= state >> np.uint64(31)
        return state

    def uniform(self, stream: str, number: Numbers) -> Reals:
        """Evenly in [0, 1)."""
        drawn: Reals = (self.bits(stream, number) >> np.uint64(11)).astype(np.float64) * 2.0**-53
        return drawn

    def normal(self, stream: str, number: Numbers) -> Reals:
        """Standard normal."""
        drawn: Reals = ndtri(np.maximum(self.uniform(stream, number), 1e-12))
        return drawn

    def below(self, stream: str, number: Numbers, limit: int) -> Numbers:
        """Whole numbers evenly in [0, limit)."""
        return (self.uniform(stream, number) * limit).astype(np.int64)

    def choice(self, stream: str, number: Numbers, weights: npt.ArrayLike) -> Numbers:
        """Positions in `weights`, each as often as its weight says.

        Examples
        --------
        >>> Draws(1, "x").choice("coin", np.arange(10_000), [3, 1]).mean().round(1)
        np.float64(0.2)
        """
        return pick(self.uniform(stream, number), weights)

    def poisson(self, stream: str, number: Numbers, mean: Reals, most: int = 60) -> Numbers:
        """Counts around `mean`, one mean a number, never above `most`."""
        return poisson(self.uniform(stream, number), mean, most)


def pick(uniform: Reals, weights: npt.ArrayLike) -> Numbers:
    """Positions in `weights` for even draws."""
    steps = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.minimum(np.searchsorted(steps / steps[-1], uniform, side="right"), len(steps) - 1).astype(np.int64)


def poisson(uniform: Reals, mean: Reals, most: int = 60) -> Numbers:
    """The smallest count whose cumulated Poisson probability exceeds the draw.

    Examples
    --------
    >>> poisson(np.array([0.1, 0.5, 0.99]), np.array([1.0, 1.0, 1.0])).tolist()
    [0, 1, 4]
    """
    count = np.zeros(len(uniform), dtype=np.int64)
    term = np.exp(-mean)
    reached = term.copy()
    open_ = np.flatnonzero(uniform >= reached)
    term, reached, mean, drawn = term[open_], reached[open_], mean[open_], uniform[open_]
    for step in range(1, most + 1):
        if not len(open_):
            break
        count[open_] = step
        term = term * mean / step
        reached = reached + term
        more = drawn >= reached
        open_, term, reached, mean, drawn = open_[more], term[more], reached[more], mean[more], drawn[more]
    return count
