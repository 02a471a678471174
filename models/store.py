"""Models on disk: versions under ``models/<name>/<version>/``, and the champion among them.

A version is ``card.json``, ``manifest.json``, for a propensity ``model.skops`` and ``inputs.json``, and ``profile.json`` where one was
given. Nothing is unpickled: skops builds only the types on our list, from bytes whose hash was checked. The hashes protect against damage;
who may write in the folder may also write hashes, so the folder is private.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sklearn.calibration import CalibratedClassifierCV

from contracts.digest import canonical_json
from contracts.errors import ModelError
from models import champion as pointer
from models import estimator_file, folder
from models.card import Card, libraries
from models.estimator import Propensity
from models.inputs import Column, Input
from models.lifetimes import BgNbd


@dataclass(frozen=True)
class Version:
    """A stored version.

    Parameters
    ----------
    name, version : str
        Such as ``churn.telco`` and ``0001``.
    seal : str
        Hash over all files: the identity of what is stored.
    champion : bool
        Whether it was the one in use when asked.
    """

    name: str
    version: str
    seal: str
    champion: bool = False

    @property
    def id(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True)
class Stored:
    """A version with what it holds.

    Parameters
    ----------
    version : Version
    model : Propensity or BgNbd
    card : Card
    profile : mapping, optional
        Of the reference, as given when it was saved.
    """

    version: Version
    model: Propensity | BgNbd
    card: Card
    profile: Mapping[str, Any] | None


def save(home: Path, card: Card, model: Propensity | BgNbd, profile: Mapping[str, Any] | None = None) -> Version:
    """Store a model as the next version of the card's name; it is not in use before `promote`.

    Raises
    ------
    ModelError
        MODEL-UNKNOWN-TYPE where the model holds a type that would not load again, MODEL-NAME, MODEL-LOCKED.
    """
    place = folder.named(home, "models", card.name)
    files = _files(model)
    if profile is not None:
        files["profile.json"] = canonical_json(profile)
    with folder.alone(place):
        number = f"{max((int(p.name) for p in _folders(place)), default=0) + 1:04}"
        described = replace(card, version=number, **_facts(model))
        files["card.json"] = canonical_json(described.as_dict())
        return Version(card.name, number, folder.publish(place / number, files))


def load(home: Path, name: str, version: str | None = None, *, client: str | None = None) -> Stored:
    """Load a version, the champion where none is named.

    Raises
    ------
    ModelError
        MODEL-MISSING, MODEL-DAMAGED, MODEL-UNKNOWN-TYPE, MODEL-OTHER-LIBRARY, and MODEL-SCOPE where `client` is given and not allowed.
    """
    found, files = _checked(home, name, version)
    card = Card.from_dict(json.loads(files["card.json"]))
    if client is not None:
        card.scope.check(client, f"the model {card.id}")
    profile = json.loads(files["profile.json"]) if "profile.json" in files else None
    return Stored(found, _model(files, card), card, profile)


def show(home: Path, name: str, version: str | None = None) -> Card:
    """The card of a version, the champion's where none is named; all files are checked.

    Raises
    ------
    ModelError
        MODEL-MISSING, MODEL-DAMAGED.
    """
    return Card.from_dict(json.loads(_checked(home, name, version)[1]["card.json"]))


def names(home: Path) -> tuple[str, ...]:
    """Names that have a version."""
    root = home / "models"
    return tuple(sorted(p.name for p in root.iterdir() if p.is_dir() and _folders(p))) if root.exists() else ()


def versions(home: Path, name: str) -> tuple[Version, ...]:
    """Versions of a name, oldest first; each is checked.

    Raises
    ------
    ModelError
        MODEL-DAMAGED.
    """
    place = folder.named(home, "models", name)
    return tuple(_checked(home, name, path.name)[0] for path in _folders(place))


def champion(home: Path, name: str) -> str | None:
    """The version in use, or None."""
    history = pointer.history(folder.named(home, "models", name))
    return history[-1] if history else None


def promote(home: Path, name: str, version: str) -> Version:
    """Put a version in use.

    Raises
    ------
    ModelError
        MODEL-MISSING, MODEL-DAMAGED: only a version that is whole can be put in use.
    """
    place = folder.named(home, "models", name)
    found, _ = _checked(home, name, version)
    with folder.alone(place):
        history = pointer.history(place)
        if history[-1:] != [version]:
            pointer.point(place, [*history, version])
    return replace(found, champion=True)


def rollback(home: Path, name: str) -> Version:
    """Put the version in use that was before the present one.

    Raises
    ------
    ModelError
        MODEL-NO-EARLIER, MODEL-MISSING, MODEL-DAMAGED.
    """
    place = folder.named(home, "models", name)
    if not place.exists():
        raise _missing(place, None)
    with folder.alone(place):
        history = pointer.history(place)
        if len(history) < 2:
            raise ModelError("MODEL-NO-EARLIER", f"no earlier version of {name} was in use", hint=f"millrace models list {name}")
        found, _ = _checked(home, name, history[-2])
        pointer.point(place, history[:-1])
    return replace(found, champion=True)


def _folders(place: Path) -> list[Path]:
    return sorted((p for p in place.iterdir() if p.is_dir() and p.name.isdecimal()), key=lambda p: int(p.name)) if place.exists() else []


def _checked(home: Path, name: str, version: str | None) -> tuple[Version, dict[str, bytes]]:
    place = folder.named(home, "models", name)
    current = champion(home, name)
    wanted = version or current
    if wanted is None or not (path := folder.named(place, wanted)).is_dir():
        raise _missing(place, wanted)
    files, seal = folder.read(path, f"the model {name}@{wanted}")
    return Version(name, wanted, seal, wanted == current), files


def _missing(place: Path, version: str | None) -> ModelError:
    name, known = place.name, [path.name for path in _folders(place)]
    if version is not None and known:
        return ModelError("MODEL-MISSING", f"there is no model {name}@{version}", expected=", ".join(known[-5:]), hint="name one of these")
    if known:
        return ModelError("MODEL-MISSING", f"no version of {name} is in use", hint=f"millrace models promote {name}@{known[-1]}")
    train = f"millrace train {name.partition('.')[0]} --reference TABLE|CLIENT/FEED"
    return ModelError("MODEL-MISSING", f"there is no model {name}", hint=train)


def _facts(model: Propensity | BgNbd) -> dict[str, Any]:
    """What the card says must be what the model is."""
    if isinstance(model, BgNbd):
        return {"parameters": model.as_dict(), "libraries": libraries()}
    return {"inputs": model.inputs, "dropped": model.dropped, "seed": model.seed, "libraries": libraries()}


def _files(model: Propensity | BgNbd) -> dict[str, bytes]:
    if isinstance(model, BgNbd):
        return {}
    data = estimator_file.dumps(model.estimator)
    inputs = {"columns": [c.as_dict() for c in model.columns], "dropped": [{"name": i.name, "kind": i.kind} for i in model.dropped]}
    return {"model.skops": data, "inputs.json": canonical_json({**inputs, "seed": model.seed})}


def _model(files: Mapping[str, bytes], card: Card) -> Propensity | BgNbd:
    if "model.skops" not in files:
        return BgNbd.from_dict(card.parameters)
    _check_library(card)
    data, inputs = files["model.skops"], json.loads(files["inputs.json"])
    estimator = estimator_file.loads(data)
    columns = tuple(Column.from_dict(c) for c in inputs["columns"])
    if not isinstance(estimator, CalibratedClassifierCV) or estimator.n_features_in_ != len(columns):
        raise folder.damaged(f"the model {card.id}", "another estimator than its inputs are for")
    return Propensity(estimator, columns, tuple(Input(**i) for i in inputs["dropped"]), inputs["seed"])


def _check_library(card: Card) -> None:
    """A fitted estimator is private structure of scikit-learn: another minor version may read it wrongly without a word."""
    trained, here = card.libraries["scikit-learn"], libraries()["scikit-learn"]
    if trained.split(".")[:2] != here.split(".")[:2]:
        raise ModelError(
            "MODEL-OTHER-LIBRARY", f"the model {card.id} was trained with another scikit-learn", found=trained, expected=here,
            hint=f"millrace retrain {card.name}",
        )  # fmt: skip
