"""Scored: what a way of scoring hands to the pack: parts with scores, and everything that is said about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from contracts.assumption import Assumption
from contracts.fields import Field
from enrichment.step import Step
from enrichment.usual import Usual
from flows.checkpoint import Kept
from flows.drift import Comparison
from flows.wording import titled
from models.inputs import Input
from reports.drift_page import DriftColumn
from reports.scores import Filled
from reports.trust import Accuracy, Model


@dataclass(frozen=True)
class Picture:
    """What the drift page is drawn from: reference rows, samples of the input, the columns."""

    training: tuple[Path, ...]
    current: tuple[Path, ...]
    columns: tuple[DriftColumn, ...]


@dataclass(frozen=True)
class Scored:
    """The outcome of scoring.

    Parameters
    ----------
    parts : tuple of Kept
        Each with a file of scores; their order is that of the submission.
    model, version : str
        As the scores name them.
    models : tuple of Model
    filled : tuple of Filled
    accuracy, too_good : Accuracy, optional
    leak : str, optional
        Title of the field that knows the outcome.
    compared : tuple of Comparison
        Training against input; empty where drift is not judged.
    drift_sentence, why_not : str
        Of the pack and of the verdict.
    picture : Picture, optional
    assumptions : tuple of Assumption
    notes : tuple of str
    """

    parts: tuple[Kept, ...]
    model: str
    version: str
    models: tuple[Model, ...]
    filled: tuple[Filled, ...] = ()
    accuracy: Accuracy | None = None
    too_good: Accuracy | None = None
    leak: str | None = None
    compared: tuple[Comparison, ...] = ()
    drift_sentence: str = ""
    why_not: str = ""
    picture: Picture | None = None
    assumptions: tuple[Assumption, ...] = ()
    notes: tuple[str, ...] = ()


def fields_of(inputs: Iterable[Input], known: Mapping[str, Field]) -> tuple[Field, ...]:
    """Inputs of a model as fields; one that no contract knows is called by its name.

    Examples
    --------
    >>> fields_of([Input("web_minutes_90", "number")], {})[0].title
    'Web minutes 90'
    """
    kinds = {"number": pa.float64(), "category": pa.string()}
    return tuple(
        known.get(given.name)
        or Field(given.name, titled(given.name), "A column of the rows that the model learned from.", kinds[given.kind])
        for given in inputs
    )


def filled(fields: Sequence[Field], origins: Sequence[Mapping[str, Mapping[str, int]]], steps: Iterable[Step]) -> tuple[Filled, ...]:
    """Cells of each input by origin, added up over the parts, and how its gaps were filled."""
    how: dict[str, list[tuple[str, bool]]] = {}
    for one in steps:
        for name in one.fills:
            how.setdefault(name, []).append((one.how, isinstance(one, Usual)))
    made = []
    for field in fields:
        total: Counter[str] = Counter()
        for part in origins:
            total.update(part.get(field.name, {}))
        worked = total.get("derived") or total.get("imputed") or total.get("looked_up")
        # The usual value stands at the end of every field's steps, also where it had nothing left to fill.
        said = [text for text, usual in how.get(field.name, []) if worked and (total.get("imputed") or not usual)]
        made.append(Filled(field.name, field.title, field.meaning, field.unit or "", **total, how="; ".join(dict.fromkeys(said))))
    return tuple(made)


def deed(event: str) -> str:
    """What a customer does of whom an event is foreseen.

    Examples
    --------
    >>> deed("Probability to say yes"), deed("Chance of rain")
    ('say yes', 'do it')
    """
    return event.removeprefix("Probability to ") if event.startswith("Probability to ") else "do it"


def ranks_first(value: float, deed: str = "do it") -> str:
    """An AUC as a sentence.

    Examples
    --------
    >>> ranks_first(0.8123, "leave")
    'Of two customers, one who will leave and one who will not, the score ranks the one who will first 81 times in 100.'
    """
    pair = f"one who will {deed} and one who will not"
    return f"Of two customers, {pair}, the score ranks the one who will first {round(100 * value)} times in 100."


def auc(value: float, error: float | None, rows: int, sentence: str) -> Accuracy:
    """An AUC as the pack shows it."""
    return Accuracy("AUC", value, error, rows, sentence)
