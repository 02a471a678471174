"""Leaks: inputs that know the outcome, declared so or too good to be true."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.inputs import Floats, Input, Table, learn, matrix
from models.metrics import auc

TOO_GOOD = 0.95
STEPS = 20
FEWEST = 10
"""Rows of a step on average, at least."""


@dataclass(frozen=True)
class Leak:
    """A field that should not reach a model.

    Parameters
    ----------
    name : str
    why : {"declared", "too good"}
        Its role is leak, or it alone ranks the outcome better than `TOO_GOOD`.
    auc : float
        AUC of the field alone; nan where it has too few values.
    """

    name: str
    why: Literal["declared", "too good"]
    auc: float


def leaks(table: Table, label: npt.ArrayLike, inputs: Sequence[Input], declared: Collection[str] = ()) -> tuple[Leak, ...]:
    """Fields that leak the outcome; declared ones first, each with the AUC that it reaches alone.

    Examples
    --------
    >>> import pyarrow as pa
    >>> paid = np.arange(300) % 3 == 0
    >>> table = pa.table({"refund": np.where(paid, 5.0, 0.0), "age": np.arange(300) % 7})
    >>> [(leak.name, leak.why, leak.auc) for leak in leaks(table, paid, [Input("refund", "number"), Input("age", "number")])]
    [('refund', 'too good', 1.0)]
    """
    y = np.asarray(label).astype(bool)
    alone = {given.name: alone_auc(table, y, given) for given in inputs}
    named = [Leak(name, "declared", value) for name, value in alone.items() if name in declared]
    found = [Leak(name, "too good", value) for name, value in alone.items() if name not in declared and value > TOO_GOOD]
    return (*named, *found)


def alone_auc(table: Table, label: npt.ArrayLike, given: Input) -> float:
    """AUC of one input by the rate of the event in each of its categories or steps, missing being one of them.

    Rates are of the same rows, so an input with many small categories seems a little better than it is; steps have ten rows or more.
    """
    y = np.asarray(label).astype(bool)
    columns, _ = learn(table, [given])
    if not columns:
        return float("nan")
    codes = _steps(matrix(table, columns).values[:, 0])
    rows = np.bincount(codes)
    rates = np.bincount(codes, y) / np.maximum(rows, 1)
    return auc(y, rates[codes])


def _steps(values: Floats) -> npt.NDArray[np.intp]:
    """Distinct values, or steps of equal size where there are many; missing comes last."""
    known = values[~np.isnan(values)]
    edges = np.unique(known)
    if len(edges) > 200 or len(edges) * FEWEST > len(known):  # a step for each of a few rows would know the outcome by heart
        steps = max(1, min(STEPS, len(known) // FEWEST))
        edges = np.unique(np.quantile(known, np.arange(steps) / steps))
    return np.where(np.isnan(values), len(edges), np.searchsorted(edges, values, side="right") - 1)
