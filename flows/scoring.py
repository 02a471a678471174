"""Scoring: portions scored by a stored model, with reasons, origins, a profile of the input and a sample for the drift page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.landing import write_arrow
from contracts.batch import Batch
from contracts.errors import ModelError
from contracts.origin import WORDS, Origin, counts
from contracts.profile import Layout, profile
from enrichment.usual import Usual
from flows.choosing import Choice, loaded
from flows.preparing import Portion, Recipe, prepared
from flows.steps import step
from models.estimator import Propensity
from models.inputs import OTHER, Column
from models.reasons import Reasons, reasons

TOP = 1_000
"""Rows that get reasons: the highest scores of the delivery."""
SHOWN = 20_000
"""Rows of the sample for the drift page."""
SCORED = "scored.arrow"


@dataclass(frozen=True)
class Pinned:
    """A stored model by name, version and the hash over its files, and the edges that its input is counted on."""

    home: Path
    name: str
    version: str
    seal: str
    layout: Layout


@dataclass(frozen=True)
class Naming:
    """How inputs are called, how many portions there are, and the field with the outcome, if any."""

    titles: tuple[tuple[str, str], ...]
    portions: int
    outcome: str | None = None


@step("score", keep=True)
def score(item: Portion, out: Path, made: Recipe, pinned: Pinned, naming: Naming) -> dict[str, Any]:
    """Prepare and score a portion.

    Returns
    -------
    dict
        JSON-able: ``rows``, ``origins`` by field, ``profile``, ``unseen`` cells by input, ``counts`` of the steps.
    """
    model = model_of(pinned)
    batch, counted = prepared(item, made)
    names = [column.name for column in model.columns]
    found = model.score(batch.table)
    write_scored(batch, names, found.scores, top_reasons(model, batch, found.scores), dict(naming.titles), out, naming.outcome)
    filled = {name: batch.origins[name] == Origin.IMPUTED for name in names}
    write_sample(batch, names, filled, max(1, SHOWN // naming.portions), out)
    known = profile(batch.table, pinned.layout, filled)
    return {
        "rows": batch.rows,
        "origins": {name: counts(batch.origins[name]) for name in names},
        "profile": known.as_dict(),
        "unseen": dict(found.unseen),
        "counts": counted,
    }


def model_of(pinned: Pinned) -> Propensity:
    """The model of a pinned version.

    Raises
    ------
    ModelError
        MODEL-CHANGED where the version is not the one that was pinned when the run began.
    """
    found = loaded(pinned.home, pinned.name, pinned.version)
    if found.version.seal != pinned.seal or not isinstance(found.model, Propensity):
        raise ModelError("MODEL-CHANGED", f"the model {found.version.id} is not the one that the run began with", hint="start again")
    return found.model


def usual(choice: Choice, columns: Sequence[Column]) -> Usual:
    """The step that fills inputs which training never missed."""
    never = {name for name, known in choice.profile.fields.items() if known.rows and not known.nulls}
    typical = [(column.name, _typical(column)) for column in columns if column.name in never]
    return Usual(tuple((name, value) for name, value in typical if value is not None))


def _typical(column: Column) -> float | str | None:
    if column.kind == "number":
        return float(column.typical)
    name = column.categories[int(column.typical)]
    return None if name == OTHER else name


def top_reasons(model: Propensity, batch: Batch, scores: npt.NDArray[np.float64], most: int = TOP) -> tuple[npt.NDArray[np.intp], Reasons]:
    """The rows with the highest scores, and their reasons."""
    rows = np.sort(np.argsort(-scores, kind="stable")[:most])
    return rows, reasons(model, batch.table.take(pa.array(rows)))


def write_scored(
    batch: Batch,
    names: Sequence[str],
    scores: npt.NDArray[np.float64],
    found: tuple[npt.NDArray[np.intp], Reasons],
    titles: Mapping[str, str],
    out: Path,
    outcome: str | None = None,
) -> None:
    """One row per row of the batch, in its order: id, key, score, reasons of the highest, inputs by origin, and the outcome if known."""
    rows, why = found
    texts, first = _spread(rows, why.texts(titles), batch.rows), _spread(rows, _first(why, titles), batch.rows)
    table = pa.table(
        {
            "row_id": pa.array(batch.row_ids),
            "customer_id": batch.column("customer_id"),
            "score": pa.array(scores),
            "reasons": texts,
            "first_reason": first,
            **by_origin(batch, names),
        }
    )
    if outcome in batch.table.column_names:
        table = table.append_column("outcome", batch.column(str(outcome)))
    write_arrow(table, out / SCORED)


def _spread(rows: npt.NDArray[np.intp], texts: pa.Array, count: int) -> pa.Array:
    """Texts at some rows, null at the others."""
    place = np.full(count, -1, np.int64)
    place[rows] = np.arange(len(rows))
    return texts.take(pa.array(place, mask=place < 0)) if len(texts) else pa.nulls(count, pa.string())


def _first(why: Reasons, titles: Mapping[str, str]) -> pa.Array:
    named = pa.array([titles.get(name, name) for name in why.names], pa.string())
    return named.take(pa.array(why.top[:, 0])) if why.top.size else pa.nulls(len(why.top), pa.string())


def by_origin(batch: Batch, names: Sequence[str]) -> dict[str, pa.Array]:
    """How many of a row's inputs have each origin."""
    totals = np.zeros((len(WORDS), batch.rows), np.int64)
    for name in names:
        for number in range(len(WORDS)):
            totals[number] += batch.origins[name] == number
    return {word: pa.array(totals[number]) for number, word in enumerate(WORDS)}


def write_sample(batch: Batch, names: Sequence[str], filled: Mapping[str, npt.NDArray[np.bool_]], most: int, out: Path) -> None:
    """Some rows, evenly drawn, as the client sent them: filled cells are empty."""
    chosen = np.unique(np.linspace(0, max(batch.rows - 1, 0), min(most, batch.rows)).astype(np.int64))
    taken = batch.take(chosen)
    columns = {
        name: pc.if_else(pa.array(filled[name][chosen]), pa.scalar(None, taken.column(name).type), taken.column(name)) for name in names
    }
    pq.write_table(pa.table(columns), out / "sample.parquet", compression="zstd")
