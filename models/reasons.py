"""Reasons: which inputs moved a row's score, by putting a usual value in the place of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.inputs import Floats, Table

if TYPE_CHECKING:  # scikit-learn is not needed to read reasons
    from models.estimator import Propensity

SMALL = 0.0005
"""A change of the score below this shows as 0.000 and is no reason."""


@dataclass(frozen=True)
class Reasons:
    """The inputs that moved each row's score most, most first.

    Parameters
    ----------
    names : tuple of str
        Inputs that `top` counts in.
    top : array of int, one row per row and one column per reason
        Which input.
    effect : array of float, of the same shape
        Score minus the score with the input's usual value: above 0 raised the score. 0 where there is no such reason.
    """

    names: tuple[str, ...]
    top: npt.NDArray[np.intp]
    effect: Floats

    def texts(self, titles: Mapping[str, str] | None = None) -> pa.Array:
        """One text per row without any value of the row, such as ``Tenure +0.120; Contract -0.031``; null where nothing moved it.

        Parameters
        ----------
        titles : mapping of str to str, optional
            What to call an input.
        """
        called = np.array([(titles or {}).get(name, name) for name in self.names], dtype=object)
        found = [
            "; ".join(f"{title} {effect:+.3f}" for title, effect in zip(called[top], effects, strict=True) if abs(effect) >= SMALL)
            for top, effects in zip(self.top, self.effect, strict=True)
        ]
        return pa.array([text or None for text in found], pa.string())


def reasons(model: Propensity, table: Table, most: int = 3) -> Reasons:
    """Reasons for every row of a table; give it the first ranks only, as each input costs one more scoring.

    The usual value is the median, or the most frequent category, of the rows that the model learned from. Inputs are exchanged one at a
    time, so that of two inputs that say the same each may seem to matter little.
    """
    values = model.matrix(table).values
    score = model.probability(values)
    effects = np.zeros((len(values), len(model.columns)))
    for place, column in enumerate(model.columns):
        usual = values.copy()
        usual[:, place] = column.typical
        moved = ~((values[:, place] == column.typical) | (np.isnan(values[:, place]) & np.isnan(column.typical)))
        effects[moved, place] = score[moved] - model.probability(usual[moved])
    top = np.argsort(-np.abs(effects), axis=1, kind="stable")[:, :most]
    return Reasons(tuple(c.name for c in model.columns), top, np.take_along_axis(effects, top, axis=1))
