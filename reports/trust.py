"""What a pack shows of how far the scores can be relied on: models, accuracy, drift, gates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["pass", "fail", "cannot tell"]


@dataclass(frozen=True)
class Model:
    """What made the scores. `trained_on` is a sentence; `out_of_fold` when nobody was scored by a model that saw that row's outcome."""

    name: str
    version: str
    trained_on: str
    rows: int | None = None
    out_of_fold: bool = False


@dataclass(frozen=True)
class Accuracy:
    """A measured accuracy with its standard error. `name` is e.g. ``AUC``; `rows` those measured; `sentence` says it plainly."""

    name: str
    value: float
    error: float | None
    rows: int
    sentence: str


@dataclass(frozen=True)
class Drift:
    """Training against input for one input. `psi` or a missing rate is null where it could not be measured."""

    name: str
    title: str
    psi: float | None
    missing_training: float | None
    missing_input: float | None
    outcome: Outcome
    sentence: str = ""


@dataclass(frozen=True)
class Trust:
    """Whether the scores can be relied on. `too_good` is the accuracy with the leak field `leak`, reported and not used."""

    models: tuple[Model, ...]
    accuracy: Accuracy | None = None
    too_good: Accuracy | None = None
    leak: str | None = None
    drift: tuple[Drift, ...] = ()
    drift_judged: bool = False
    drift_sentence: str = ""


@dataclass(frozen=True)
class Gate:
    """An assumption with limits. `unit` is ``share``, ``PSI`` or a word; `limit` holds on the side that `sentence` says."""

    name: str
    title: str
    measured: float | None
    limit: float | None
    unit: str
    outcome: Outcome
    sentence: str
