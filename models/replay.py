"""Mask replay: how good a model is where a feed has gaps, measured on labelled rows that have none of them.

Reference rows get the gaps of a feed: each takes the gaps of one sampled row of the feed, drawn with a seed, so that what is missing
together stays together. Three models are compared, fold by fold and always on rows that they did not see: with full data; the same model
under the gaps; one trained under the gaps as well. Standard errors are those of the rows; another seed moves a figure by less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold

from contracts.accuracy import Accuracy, Shift
from contracts.errors import ModelError
from models.estimator import BOOSTING, Propensity, fit
from models.gaps import Gaps, masked
from models.inputs import Column, Floats, Input, learn, matrix
from models.metrics import auc, auc_se, brier

MOST_ROWS = 12_000
FOLDS = 5

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Gain:
    """What it would bring to have some inputs on every row, with the present model and with one trained under the gaps left."""

    name: str
    inputs: tuple[str, ...]
    as_is: Shift
    retrained: Shift


@dataclass(frozen=True)
class Replay:
    """The comparison.

    Parameters
    ----------
    rows, events, folds, seed : int
        What was measured on: reference rows, those with the event, folds, and the seed of folds, draws and models.
    full, as_is, retrained : Accuracy
        With full data; the same models under the gaps; models trained under the gaps.
    lost, regained : Shift
        From full data to the gaps; from there to the retrained model.
    gains : tuple of Gain
        Largest first, by what they bring to a retrained model.
    """

    rows: int
    events: int
    folds: int
    seed: int
    full: Accuracy
    as_is: Accuracy
    retrained: Accuracy
    lost: Shift
    regained: Shift
    gains: tuple[Gain, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)


def replay(
    table: pa.Table,
    label: npt.ArrayLike,
    inputs: Sequence[Input],
    gaps: Gaps,
    *,
    seed: int,
    give: Mapping[str, Sequence[str]] | None = None,
    most: int = MOST_ROWS,
    folds: int = FOLDS,
) -> Replay:
    """Measure a model with full data, under a feed's gaps, and trained under them.

    Parameters
    ----------
    table : pyarrow.Table
        Labelled rows, one per case, with at least the inputs; gaps of their own stay, and count towards those of the feed.
    label : array of bool
    inputs : sequence of Input
        What the model reads; those that `gaps` does not name are there.
    gaps : Gaps
    seed : int
        The same seed gives the same figures.
    give : mapping of str to sequence of str
        What else is tried: a name, and the inputs that would be there on every row.
    most, folds : int
        Rows are drawn where there are more of them.

    Raises
    ------
    ModelError
        MODEL-NOT-FITTED where there are too few rows or no input; MODEL-INPUTS.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> age, plan = rng.normal(size=600), rng.normal(size=600)
    >>> table, inputs = pa.table({"age": age, "plan": plan}), [Input("age", "number"), Input("plan", "number")]
    >>> gaps = Gaps.none(["age", "plan"]).opened(["age"])
    >>> found = replay(table, age + 0.3 * plan > 0, inputs, gaps, seed=1, give={"Age": ["age"]}, folds=3)
    >>> found.full.auc > 0.95, found.as_is.auc < 0.8, found.gains[0].as_is.clear
    (True, True, True)
    """
    rows, y = _drawn(table, np.asarray(label).astype(bool), most, seed)
    if not inputs or min(int(y.sum()), int((~y).sum())) < 2 * folds:
        found = f"{int(y.sum())} of {len(y)} rows with the event, {len(inputs)} inputs"
        raise ModelError("MODEL-NOT-FITTED", "there are too few rows to measure on", found=found, hint="add rows whose outcome is known")
    given = dict(give or {})
    gaps, scores = gaps.beyond(rows, seed), _Scores.empty(len(y), given)
    row_of = np.random.default_rng(seed).integers(0, len(gaps.states), len(y))
    split = StratifiedKFold(folds, shuffle=True, random_state=seed).split(np.zeros(len(y)), y)
    for train, test in split:
        _fold(_Fold(rows, y, tuple(inputs), gaps, row_of, train, test, seed), given, scores)
    return _compared(y, scores, given, folds, seed)


def difference(label: npt.ArrayLike, better: npt.ArrayLike, worse: npt.ArrayLike) -> Shift:
    """The AUC of one score less that of another on the same rows, with its standard error after DeLong; nan below two rows of a class.

    Examples
    --------
    >>> difference([0, 1, 0, 1], [0.1, 0.9, 0.2, 0.8], [0.1, 0.9, 0.2, 0.8])
    Shift(auc=0.0, se=0.0)
    """
    y = np.asarray(label).astype(bool)
    one, other = (_placements(y, np.asarray(s, dtype=np.float64)) for s in (better, worse))
    above, below = one[0] - other[0], one[1] - other[1]
    if min(len(above), len(below)) < 2:
        return Shift(float("nan"), float("nan"))
    return Shift(float(above.mean()), float(np.sqrt(above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below))))


def _placements(y: Flags, s: Floats) -> tuple[Floats, Floats]:
    """For each row with the event the share of the others that it outranks, and for each other the share that outranks it."""
    yes, no = s[y], s[~y]
    ranks = rankdata(s)
    return (ranks[y] - rankdata(yes)) / len(no), 1 - (ranks[~y] - rankdata(no)) / len(yes)


@dataclass
class _Scores:
    """Scores by the way they came about; `ranked` by models without calibration, which are four times quicker."""

    full: Floats
    as_is: Floats
    retrained: Floats
    ranked: Floats
    given: dict[str, tuple[Floats, Floats]]

    @classmethod
    def empty(cls, rows: int, given: Mapping[str, Any]) -> _Scores:
        blank = np.full(rows, np.nan)
        return cls(blank.copy(), blank.copy(), blank.copy(), blank.copy(), {name: (blank.copy(), blank.copy()) for name in given})


@dataclass(frozen=True, eq=False)
class _Fold:
    """Rows to learn from, rows to score, and the gaps that each takes."""

    table: pa.Table
    label: Flags
    inputs: tuple[Input, ...]
    gaps: Gaps
    row_of: npt.NDArray[np.int64]
    train: npt.NDArray[np.intp]
    test: npt.NDArray[np.intp]
    seed: int

    def under(self, rows: npt.NDArray[np.intp], columns: Sequence[Column], gaps: Gaps | None = None) -> pa.Table:
        return masked(self.table.take(rows), columns, gaps or self.gaps, self.row_of[rows])

    def fitted(self, table: pa.Table) -> Propensity | None:
        """A calibrated model; none where the gaps leave nothing to learn from."""
        used = [given for given in self.inputs if learn(table, [given])[0]]
        return fit(table, self.label[self.train], used, seed=self.seed) if used else None

    def ranking(self, columns: Sequence[Column], gaps: Gaps) -> Floats:
        """Scores of the rows to be scored by a model trained under some gaps, good to rank by."""
        train = self.under(self.train, columns, gaps)
        known = learn(train, self.inputs)[0]
        if not known:
            return np.full(len(self.test), float(self.label[self.train].mean()))
        boosting = HistGradientBoostingClassifier(random_state=self.seed, **BOOSTING)
        boosting.fit(matrix(train, known).values, self.label[self.train])
        test = matrix(self.under(self.test, columns, gaps), known).values
        return np.asarray(boosting.predict_proba(test)[:, 1], dtype=np.float64)


def _fold(fold: _Fold, given: Mapping[str, Sequence[str]], scores: _Scores) -> None:
    """Score the rows of a fold in every way."""
    test, rate = fold.test, float(fold.label[fold.train].mean())
    model = fit(fold.table.take(fold.train), fold.label[fold.train], fold.inputs, seed=fold.seed)
    scores.full[test] = model.scores(fold.table.take(test))
    scores.as_is[test] = model.scores(fold.under(test, model.columns))
    again = fold.fitted(fold.under(fold.train, model.columns))
    scores.retrained[test] = rate if again is None else again.scores(fold.under(test, model.columns))
    if given:
        scores.ranked[test] = fold.ranking(model.columns, fold.gaps)
    for name, names in given.items():
        gaps = fold.gaps.closed(names)
        as_is, retrained = scores.given[name]
        as_is[test] = model.scores(fold.under(test, model.columns, gaps))
        retrained[test] = fold.ranking(model.columns, gaps)


def _compared(y: Flags, scores: _Scores, given: Mapping[str, Sequence[str]], folds: int, seed: int) -> Replay:
    gains = [
        Gain(name, tuple(names), difference(y, scores.given[name][0], scores.as_is), difference(y, scores.given[name][1], scores.ranked))
        for name, names in given.items()
    ]
    return Replay(
        len(y),
        int(y.sum()),
        folds,
        seed,
        _accuracy(y, scores.full),
        _accuracy(y, scores.as_is),
        _accuracy(y, scores.retrained),
        difference(y, scores.as_is, scores.full),
        difference(y, scores.retrained, scores.as_is),
        tuple(sorted(gains, key=lambda gain: (-gain.retrained.auc, gain.name))),
    )


def _accuracy(y: Flags, s: Floats) -> Accuracy:
    errors = (s - y) ** 2
    return Accuracy(auc(y, s), auc_se(y, s), brier(y, s), float(errors.std(ddof=1) / np.sqrt(len(y))))


def _drawn(table: pa.Table, y: Flags, most: int, seed: int) -> tuple[pa.Table, Flags]:
    """The rows, or so many of them, in their order."""
    if len(y) <= most:
        return table, y
    rows = np.sort(np.random.default_rng(seed).choice(len(y), most, replace=False))
    return table.take(rows), y[rows]
