"""Where a cell's value comes from, one byte a cell."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

Origins = npt.NDArray[np.uint8]


class Origin(IntEnum):
    """From best to worst; the order is used by `derived_from`."""

    SUPPLIED = 0
    REPAIRED = 1
    DERIVED = 2
    LOOKED_UP = 3
    IMPUTED = 4
    ABSENT = 5

    @property
    def word(self) -> str:
        """The name in lower case, as files and pages show it."""
        return self.name.lower()


WORDS = tuple(origin.word for origin in Origin)


def derived_from(*inputs: Origins) -> Origins:
    """The origin of cells computed from others: derived, or the worst input where that is worse.

    Examples
    --------
    >>> a = np.array([0, 0, 1], dtype=np.uint8); b = np.array([0, 4, 0], dtype=np.uint8)
    >>> derived_from(a, b).tolist()
    [2, 4, 2]
    """
    worst: Origins = np.maximum.reduce([*inputs, np.full(len(inputs[0]), Origin.DERIVED, dtype=np.uint8)])
    return worst


def counts(origins: Origins) -> dict[str, int]:
    """Cells by origin word; all six words are present.

    Examples
    --------
    >>> counts(np.array([0, 0, 5], dtype=np.uint8))["supplied"]
    2
    """
    found = np.bincount(origins.ravel(), minlength=len(WORDS))
    return {word: int(n) for word, n in zip(WORDS, found, strict=True)}
