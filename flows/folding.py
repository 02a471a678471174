"""Folding: a submission whose outcomes are known scores itself, each row by a model that did not see that row's outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from contracts.batch import Batch
from contracts.fields import Field
from contracts.origin import counts
from flows.checkpoint import Kept
from flows.preparing import input_kind, read_prepared
from flows.scoring import SHOWN, TOP, write_sample, write_scored
from flows.steps import step
from models.estimator import Propensity, fit, folded, ranking_out_of_fold
from models.inputs import Input
from models.leaks import Leak, leaks
from models.metrics import Quality, quality
from models.reasons import Reasons, reasons

FOLDS = 5


@dataclass(frozen=True)
class Lesson:
    """What is learned from prepared rows.

    Parameters
    ----------
    label : str
        For the conductor: empty.
    outcome : str
        Field with the outcome.
    fields : tuple of Field
        Inputs, and fields that are known only after the outcome.
    leaks : tuple of str
        Names of the latter.
    seed : int
    """

    outcome: str
    fields: tuple[Field, ...]
    leaks: tuple[str, ...]
    seed: int
    label: str = ""

    @property
    def inputs(self) -> list[Input]:
        """What a model may read."""
        return [input_kind(field) for field in self.fields if field.name not in self.leaks]

    @property
    def titles(self) -> dict[str, str]:
        """How inputs are called."""
        return {field.name: field.title for field in self.fields}


@dataclass(frozen=True)
class Known:
    """Rows whose outcome is known."""

    batch: Batch
    rows: npt.NDArray[np.intp]
    outcome: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, batch: Batch, name: str) -> Known:
        """The rows of a batch that have an outcome."""
        label = batch.column(name)
        rows = np.flatnonzero(label.is_valid().to_numpy(zero_copy_only=False))
        return cls(batch, rows, label.take(pa.array(rows)).to_numpy(zero_copy_only=False).astype(bool))

    @property
    def table(self) -> pa.Table:
        """Their values."""
        return self.batch.table.take(pa.array(self.rows))


@step("score out of fold", keep=True)
def fold(item: Lesson, out: Path, now: Sequence[Kept], past: Sequence[Kept]) -> dict[str, Any]:
    """Score all rows of `now` by models fitted on `past`, which are the same rows where the file holds its outcomes.

    Returns
    -------
    dict
        JSON-able: ``rows``, ``origins``, ``quality``, ``too_good``, ``leaks`` found, ``inputs`` used, ``known`` rows with an outcome.
    """
    rows = read_prepared(now)
    known = Known.of(rows if past == now else read_prepared(past), item.outcome)
    found = leaks(known.table, known.outcome, [*item.inputs, *_leaking(item)], item.leaks)
    inputs = [given for given in item.inputs if given.name not in {leak.name for leak in found}]
    models, fold_of, scores = _learn(known, inputs, item.seed)
    mine = _folds_of(rows, known, fold_of, same=past == now)
    if past == now and len(known.rows) < rows.rows:
        models = [*models, fit(known.table, known.outcome, inputs, seed=item.seed)]  # saw no outcome of a row that has none
    final = _scored(rows.table, models, mine)
    names = [given.name for given in inputs]
    write_scored(rows, names, final, _reasons(rows, models, mine, final), item.titles, out)
    write_sample(rows, names, {name: np.zeros(rows.rows, bool) for name in names}, SHOWN, out)
    return {
        "rows": rows.rows, "known": len(known.rows), "inputs": names, "origins": {name: counts(rows.origins[name]) for name in names},
        "quality": quality(known.outcome, scores, fold_of).as_dict(), "too_good": _too_good(known, inputs, item, found),
        "leaks": [{"name": leak.name, "why": leak.why, "auc": None if np.isnan(leak.auc) else leak.auc} for leak in found],
    }  # fmt: skip


def _leaking(item: Lesson) -> list[Input]:
    return [input_kind(field) for field in item.fields if field.name in item.leaks]


def _learn(known: Known, inputs: Sequence[Input], seed: int) -> tuple[list[Propensity], npt.NDArray[np.int8], npt.NDArray[np.float64]]:
    table, models = known.table, []
    fold_of, scores = np.zeros(len(known.rows), np.int8), np.zeros(len(known.rows))
    for number, (test, model) in enumerate(folded(table, known.outcome, inputs, seed=seed, folds=FOLDS)):
        models.append(model)
        fold_of[test], scores[test] = number, model.scores(table.take(pa.array(test)))
    return models, fold_of, scores


def _folds_of(rows: Batch, known: Known, fold_of: npt.NDArray[np.int8], *, same: bool) -> npt.NDArray[np.int8]:
    """Which model scores a row: the one that did not see its outcome, or its customer; any where none did."""
    if same:
        mine = np.full(rows.rows, FOLDS, np.int8)
        mine[known.rows] = fold_of
        return mine
    place = pc.index_in(rows.column("customer_id"), value_set=known.batch.column("customer_id").take(pa.array(known.rows)))
    at = place.fill_null(-1).to_numpy(zero_copy_only=False)
    return np.where(at >= 0, fold_of[at], np.arange(rows.rows) % FOLDS).astype(np.int8)


def _scored(table: pa.Table, models: Sequence[Propensity], mine: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
    scores = np.zeros(table.num_rows)
    for number, model in enumerate(models):
        rows = np.flatnonzero(mine == number)
        scores[rows] = model.scores(table.take(pa.array(rows)))
    return scores


def _reasons(
    rows: Batch, models: Sequence[Propensity], mine: npt.NDArray[np.int8], scores: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.intp], Reasons]:
    """Reasons of the highest scores, each by the model that gave the score."""
    top = np.sort(np.argsort(-scores, kind="stable")[:TOP])
    names = tuple(dict.fromkeys(column.name for model in models for column in model.columns))
    places, effects = np.zeros((len(top), 3), np.intp), np.zeros((len(top), 3))
    for number, model in enumerate(models):
        here = np.flatnonzero(mine[top] == number)
        if len(here):
            found = reasons(model, rows.table.take(pa.array(top[here])))
            width = found.top.shape[1]
            places[here, :width] = np.array([names.index(name) for name in found.names])[found.top]
            effects[here, :width] = found.effect
    return top, Reasons(names, places, effects)


def _too_good(known: Known, inputs: Sequence[Input], item: Lesson, found: Sequence[Leak]) -> dict[str, Any] | None:
    """How good the scores would seem with the fields that are known only after the outcome."""
    late = [*_leaking(item), *(given for given in item.inputs if given.name in {leak.name for leak in found if leak.why == "too good"})]
    if not late:
        return None
    scores = ranking_out_of_fold(known.table, known.outcome, [*inputs, *late], seed=item.seed, folds=FOLDS)
    seen: Quality = quality(known.outcome, scores)
    return {"fields": [given.name for given in late], "auc": seen.auc, "auc_se": seen.auc_se, "rows": seen.rows}
