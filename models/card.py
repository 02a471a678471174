"""Model card: what a model is, what it was trained on, how good it is, what it takes for true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

from contracts.assumption import Assumption
from models.inputs import Input
from models.metrics import Quality
from models.scope import Scope


@dataclass(frozen=True)
class Trained:
    """The rows a model learned from.

    Parameters
    ----------
    reference : str
        Content hash of the stored reference rows; of the submission for a model fitted on it.
    rows : int
    label : str, optional
        The field that holds the outcome; none for lifetimes.
    label_rate : float, optional
        Share of rows with the event.
    as_of : str
        The day that ages and tenures were counted at, ISO.
    first, last : str, optional
        Time span of the rows, ISO days, where rows have a time.
    """

    reference: str
    rows: int
    label: str | None
    label_rate: float | None
    as_of: str
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True)
class TooGood:
    """What the model would have seemed with fields that are known only after the outcome."""

    fields: tuple[str, ...]
    auc: float
    auc_se: float


@dataclass(frozen=True)
class Card:
    """Everything about a model but its trees.

    Parameters
    ----------
    name, version : str
        Such as ``churn.telco`` and ``0001``; the version is given when the model is stored.
    product : str
    scope : Scope
    trained : Trained
    seed : int, optional
        None for a model without chance.
    inputs, dropped : tuple of Input
        What is read, and what was left out for lack of values.
    quality : Quality, optional
        Out of fold.
    too_good : TooGood, optional
        Beside `quality`, where leak fields were there.
    parameters : mapping
        Of a model that is a few numbers, such as lifetimes.
    libraries : mapping
        Versions that fitted it.
    assumptions : tuple of Assumption
    """

    name: str
    product: str
    scope: Scope
    trained: Trained
    seed: int | None = None
    version: str = ""
    inputs: tuple[Input, ...] = ()
    dropped: tuple[Input, ...] = ()
    quality: Quality | None = None
    too_good: TooGood | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=lambda: libraries())
    assumptions: tuple[Assumption, ...] = ()

    @property
    def id(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "name": self.name, "version": self.version, "product": self.product, "scope": self.scope.as_dict(),
            "trained": asdict(self.trained), "seed": self.seed,
            "inputs": [asdict(i) for i in self.inputs], "dropped": [asdict(i) for i in self.dropped],
            "quality": self.quality.as_dict() if self.quality else None,
            "too_good": {**asdict(self.too_good), "fields": list(self.too_good.fields)} if self.too_good else None,
            "parameters": dict(self.parameters), "libraries": dict(self.libraries),
            "assumptions": [a.as_dict() for a in self.assumptions],
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Card:
        """The inverse of `as_dict`."""
        good, much = data["quality"], data["too_good"]
        return cls(
            name=data["name"], version=data["version"], product=data["product"], scope=Scope.from_dict(data["scope"]),
            trained=Trained(**data["trained"]), seed=data["seed"],
            inputs=tuple(Input(**i) for i in data["inputs"]), dropped=tuple(Input(**i) for i in data["dropped"]),
            quality=Quality.from_dict(good) if good else None,
            too_good=TooGood(tuple(much["fields"]), much["auc"], much["auc_se"]) if much else None,
            parameters=data["parameters"], libraries=data["libraries"],
            assumptions=tuple(Assumption.from_dict(a) for a in data["assumptions"]),
        )  # fmt: skip


def libraries() -> dict[str, str]:
    """Versions of the libraries that decide what a model is.

    Examples
    --------
    >>> sorted(libraries())
    ['numpy', 'scikit-learn', 'scipy', 'skops']
    """
    return {name: version(name) for name in ("numpy", "scikit-learn", "scipy", "skops")}
