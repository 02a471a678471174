"""Propensity: the probability of an event for each row, by calibrated gradient boosting.

Categories are codes by falling frequency at training, which uses no label, so nothing of a row's outcome can reach its own calibration.
Scores do not depend on the number of threads; a worker process that shares its cores should set OMP_NUM_THREADS=1 before it starts, as
threads that wait for a busy core make scoring many times slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from contracts.errors import ModelError
from models.inputs import Column, Floats, Input, Matrix, Table, blocks, learn, matrix

BOOSTING = {"max_iter": 100, "learning_rate": 0.08, "max_leaf_nodes": 15, "l2_regularization": 5.0, "early_stopping": False}
CALIBRATION_FOLDS = 3
FEWEST_OF_A_CLASS = 10


@dataclass(frozen=True)
class Scored:
    """Scores of rows.

    Parameters
    ----------
    scores : array of float
        Probability of the event, one per row.
    unseen : mapping of str to int
        Cells per input that training did not know.
    """

    scores: Floats
    unseen: dict[str, int]


@dataclass(frozen=True)
class OutOfFold:
    """Scores of labelled rows, each by a model that did not see the row, or any row of its group.

    Parameters
    ----------
    scores : array of float
        Probability of the event, one per row.
    folds : array of int
        Which fold a row was scored in.
    """

    scores: Floats
    folds: npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Propensity:
    """A fitted model.

    Parameters
    ----------
    estimator : sklearn.calibration.CalibratedClassifierCV
        Reads a matrix.
    columns : tuple of Column
        What each column of the matrix is.
    dropped : tuple of Input
        Inputs left out, as training had too few values of them.
    seed : int
    """

    estimator: CalibratedClassifierCV
    columns: tuple[Column, ...]
    dropped: tuple[Input, ...]
    seed: int

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Inputs that are read."""
        return tuple(Input(c.name, c.kind) for c in self.columns)

    def matrix(self, table: Table) -> Matrix:
        """A table as the estimator reads it."""
        return matrix(table, self.columns)

    def probability(self, values: Floats) -> Floats:
        """Probability of the event for the rows of a matrix."""
        if not len(values):
            return np.zeros(0)
        return np.asarray(self.estimator.predict_proba(values)[:, 1], dtype=np.float64)

    def score(self, table: Table) -> Scored:
        """Score a table, in blocks.

        Raises
        ------
        ModelError
            MODEL-INPUTS where a column is absent or of another kind.
        """
        parts, unseen = [np.zeros(0)], dict.fromkeys((c.name for c in self.columns), 0)
        for block in blocks(table):
            read = self.matrix(block)
            parts.append(self.probability(read.values))
            unseen = {name: count + read.unseen[name] for name, count in unseen.items()}
        return Scored(np.concatenate(parts), unseen)

    def scores(self, table: Table) -> Floats:
        """Probability of the event, one per row."""
        return self.score(table).scores


def fit(table: Table, label: npt.ArrayLike, inputs: Sequence[Input], *, seed: int) -> Propensity:
    """Fit gradient boosting, and calibrate it on scores from cross-validation.

    Parameters
    ----------
    table : pyarrow.Table or pandas.DataFrame
        One row per case.
    label : array of bool
        Whether the event happened, one per row.
    inputs : sequence of Input
        Columns to read; the matrix has them in this order.
    seed : int
        The same seed gives the same model.

    Raises
    ------
    ModelError
        MODEL-NOT-FITTED with too few cases of a class or no usable input, MODEL-INPUTS.

    Examples
    --------
    >>> import pyarrow as pa
    >>> age = np.arange(400) % 80
    >>> model = fit(pa.table({"age": age}), age > 40, [Input("age", "number")], seed=1)
    >>> model.scores(pa.table({"age": [10, 70]})).round(1).tolist()
    [0.0, 1.0]
    """
    y = _label(label, len(table))
    columns, dropped = learn(table, inputs)
    if not columns:
        raise ModelError("MODEL-NOT-FITTED", "no input has enough values to learn from", found=f"{len(inputs)} inputs, all nearly empty")
    folds = StratifiedKFold(CALIBRATION_FOLDS, shuffle=True, random_state=seed)
    boosting = HistGradientBoostingClassifier(random_state=seed, **BOOSTING)
    estimator = CalibratedClassifierCV(boosting, method="sigmoid", ensemble=False, cv=folds)
    estimator.fit(matrix(table, columns).values, y)
    return Propensity(estimator, columns, dropped, seed)


def out_of_fold(
    table: Table, label: npt.ArrayLike, inputs: Sequence[Input], *, seed: int, folds: int = 5, groups: npt.ArrayLike | None = None
) -> OutOfFold:
    """Score labelled rows, each by a model fitted on the other folds.

    Parameters
    ----------
    groups : array, optional
        Rows of one group, such as one customer's, stay in one fold.

    Raises
    ------
    ModelError
        MODEL-NOT-FITTED, MODEL-INPUTS.
    """
    scores, fold_of = np.full(len(table), np.nan), np.full(len(table), -1, dtype=np.int8)
    for fold, (test, model) in enumerate(folded(table, label, inputs, seed=seed, folds=folds, groups=groups)):
        scores[test], fold_of[test] = model.scores(_rows(table, test)), fold
    return OutOfFold(scores, fold_of)


def folded(
    table: Table, label: npt.ArrayLike, inputs: Sequence[Input], *, seed: int, folds: int = 5, groups: npt.ArrayLike | None = None
) -> Iterator[tuple[npt.NDArray[np.intp], Propensity]]:
    """For each fold its rows, and a model fitted on all the others; arguments and errors as of `out_of_fold`."""
    y = _label(label, len(table))
    kind: Any = StratifiedKFold if groups is None else StratifiedGroupKFold
    for train, test in kind(folds, shuffle=True, random_state=seed).split(np.zeros(len(y)), y, groups):
        yield test, fit(_rows(table, train), y[train], inputs, seed=seed)


def ranking_out_of_fold(table: Table, label: npt.ArrayLike, inputs: Sequence[Input], *, seed: int, folds: int = 5) -> Floats:
    """Scores that only rank: as `out_of_fold`, without calibration and so four times faster; good for an AUC and nothing else."""
    y = _label(label, len(table))
    scores = np.full(len(y), np.nan)
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=seed).split(np.zeros(len(y)), y):
        columns, _ = learn(_rows(table, train), inputs)
        boosting = HistGradientBoostingClassifier(random_state=seed, **BOOSTING).fit(matrix(_rows(table, train), columns).values, y[train])
        scores[test] = boosting.predict_proba(matrix(_rows(table, test), columns).values)[:, 1]
    return scores


def _rows(table: Table, which: npt.NDArray[np.intp]) -> Table:
    return table.iloc[which] if hasattr(table, "iloc") else table.take(which)


def _label(label: npt.ArrayLike, rows: int) -> npt.NDArray[np.int8]:
    """Labels as 0 and 1.

    Raises
    ------
    ModelError
        MODEL-LABEL where they are not.
    """
    raw = np.asarray(label)
    if raw.dtype == object:  # pandas' nullable booleans with a gap
        raw = np.array([np.nan if not isinstance(v, (bool, int, float, np.bool_, np.number)) else float(v) for v in raw])
    if raw.shape != (rows,) or not np.isin(raw, (0, 1)).all():
        raise ModelError("MODEL-LABEL", "the label must be yes or no on every row", expected=f"{rows} values, none missing")
    y = raw.astype(np.int8)
    if min(int(y.sum()), rows - int(y.sum())) < FEWEST_OF_A_CLASS:
        found = f"{int(y.sum())} of {rows} rows with the event"
        expected = f"at least {FEWEST_OF_A_CLASS} with it and as many without"
        raise ModelError("MODEL-NOT-FITTED", "there are too few cases to learn from", found=found, expected=expected, hint="add rows")
    return y
