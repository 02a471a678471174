"""Choosing: the model that scores a client's pack, pinned when the run starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.errors import ModelError, Place
from contracts.profile import Layout, Profile
from flows.home import Home
from flows.product import Product
from models import store
from models.card import Card


@dataclass(frozen=True)
class Choice:
    """A stored version that may be used for the client.

    Parameters
    ----------
    name, version, seal : str
        Which one, and the hash over its files.
    card : Card
    profile : Profile
        Of its reference rows, on the edges that the input is counted on.
    layout : Layout
    """

    name: str
    version: str
    seal: str
    card: Card
    profile: Profile
    layout: Layout

    @property
    def id(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"


def choose(home: Home, product: Product, client: str) -> Choice | None:
    """The champion of the client's own models of the product, else of those that may be used for it; None without any.

    Raises
    ------
    ModelError
        MODEL-MISSING where versions are stored but none is in use; MODEL-DAMAGED, MODEL-UNKNOWN-TYPE, MODEL-OTHER-LIBRARY.
    """
    for name in (f"{product.name}.{client}", product.name):
        version = store.champion(home.root, name)
        if version is None:
            _refuse_unused(home, name, client)
            continue
        found = loaded(home.root, name, version)
        if not found.card.scope.allows(client):
            continue
        layout, profile = described(found.profile)
        return Choice(name, found.version.version, found.version.seal, found.card, profile, layout)
    return None


def _refuse_unused(home: Home, name: str, client: str) -> None:
    """A model that is there must not be passed over for the want of a note which version is in use."""
    stored = [version.version for version in store.versions(home.root, name)]
    usable = [number for number in stored if store.show(home.root, name, number).scope.allows(client)]
    if usable:
        raise ModelError(
            "MODEL-MISSING", f"models of {name} are stored, but none is in use", place=Place(client=client),
            found=", ".join(f"{name}@{number}" for number in usable[-5:]), expected="a version in use",
            hint=f"millrace models promote {name}@{usable[-1]}; champion.json, which names it, is lost",
        )  # fmt: skip


@lru_cache(maxsize=4)
def loaded(home: Path, name: str, version: str) -> store.Stored:
    """A stored version, checked and read once in a process: a version never changes."""
    return store.load(home, name, version)


def described(stored: Mapping[str, Any] | None) -> tuple[Layout, Profile]:
    """Layout and profile as they are stored with a model.

    Raises
    ------
    ModelError
        MODEL-DAMAGED where the model has none.
    """
    if stored is None or set(stored) != {"layout", "profile"}:
        raise ModelError("MODEL-DAMAGED", "the model has no profile of the rows that it learned from", hint="train it anew")
    return Layout.from_dict(stored["layout"]), Profile.from_dict(stored["profile"])


def untrained(product: Product, client: str, feed: str) -> ModelError:
    """The error for a submission that has no outcome to learn from, where no model may be used."""
    return ModelError(
        "MODEL-MISSING", f"there is no model of {product.name} for {client}, and the submission holds no outcome to learn from",
        place=Place(client=client, feed=feed), expected=f"a model, or a file with the outcome ({product.label})",
        hint=f"millrace train {product.name} --reference TABLE|CLIENT/FEED, with rows whose outcome is known",
    )  # fmt: skip
