"""Fit-gap map: what a product needs of a client's files, what is there, and what the gaps cost, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from contracts.accuracy import Accuracy, Shift

Kind = Literal["supplied", "derived", "looked_up", "imputed", "absent"]
KINDS: tuple[Kind, ...] = ("supplied", "derived", "looked_up", "imputed", "absent")


@dataclass(frozen=True)
class Link:
    """A field that an input comes from, and the file's columns that it is read from: none where the client does not send it.

    A field that is not `known` is in no contract: a column that only the rows have that a model learned from.
    """

    contract: str
    field: str
    title: str
    columns: tuple[str, ...] = ()
    known: bool = True


@dataclass(frozen=True)
class Input:
    """An input of a model.

    Parameters
    ----------
    name, title, meaning : str
    kind : {"supplied", "derived", "looked_up", "imputed", "absent"}
        The best origin that any cell of the sample has.
    fill : float
        Share of the sample's rows with a value that is not made up: supplied, repaired, derived or looked up.
    shares : mapping of str to float
        Share of the rows by origin.
    links : tuple of Link
        Where it comes from, or would come from.
    step : str
        What derives it; empty where it is taken over.
    how : str
        What stands in its gaps; empty where they stay empty.
    unknown : float
        Share of the rows with a word that the model does not know, which it cannot tell from a gap.
    """

    name: str
    title: str
    meaning: str
    kind: Kind
    fill: float
    shares: Mapping[str, float]
    links: tuple[Link, ...] = ()
    step: str = ""
    how: str = ""
    unknown: float = 0.0


@dataclass(frozen=True)
class Help:
    """What one more thing from the client would bring: to the present model, and to one retrained for the gaps that remain."""

    title: str
    inputs: tuple[str, ...]
    as_is: Shift
    retrained: Shift


@dataclass(frozen=True)
class Cost:
    """What the gaps cost, measured by replaying them on labelled rows.

    Parameters
    ----------
    rows, events, folds, seed : int
        What was measured on.
    of : str
        Whose rows, in words.
    full, as_is, retrained : Accuracy
        With full data, under the gaps, and trained again under the gaps.
    lost, regained : Shift
    helps : tuple of Help
        The largest first.
    own : bool
        The rows are those of the files themselves: their own gaps are in every figure, and only what is left out to try it is new.
    """

    rows: int
    events: int
    folds: int
    seed: int
    of: str
    full: Accuracy
    as_is: Accuracy
    retrained: Accuracy
    lost: Shift
    regained: Shift
    helps: tuple[Help, ...] = ()
    own: bool = False


@dataclass(frozen=True)
class Connected:
    """A feed: its contract, what was looked at, and how far its connector can be relied on (confirmed, draft or proposed)."""

    name: str
    contract: str
    status: str
    rows: int
    files: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    questions: int = 0


@dataclass(frozen=True)
class FitGap:
    """The map of one product for one client.

    Parameters
    ----------
    client, product, title, question : str
        Title of the client; name, title and question of the product.
    feeds : tuple of Connected
    missing : tuple of str
        Contracts without which there is no pack.
    inputs : tuple of Input
    rows : int
        Of the sample behind the fill rates.
    model : str
        ``name@version``, or empty.
    cost : Cost, optional
        None where nothing can be measured; `notes` then say why.
    measured : Accuracy, optional
        The accuracy on the client's own outcomes, once there are any.
    without : tuple of str
        What was left out to try it.
    notes : tuple of str
        What must be known to read the map.
    accent : str, optional
        The client's colour.
    """

    client: str
    product: str
    title: str
    question: str
    feeds: tuple[Connected, ...] = ()
    missing: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    rows: int = 0
    model: str = ""
    cost: Cost | None = None
    measured: Accuracy | None = None
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    accent: str | None = None

    @property
    def serves(self) -> bool:
        """Whether a pack could be made: every feed that is needed is there."""
        return not self.missing

    @property
    def confirmed(self) -> bool:
        """Whether every connector was confirmed by a person."""
        return all(feed.status == "confirmed" for feed in self.feeds)

    def of_kind(self, kind: Kind) -> tuple[Input, ...]:
        """Inputs of one kind, in their order."""
        return tuple(one for one in self.inputs if one.kind == kind)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able; `null` stands for what was not measured."""
        return {
            "client": self.client, "product": self.product, "serves": self.serves, "confirmed": self.confirmed,
            "missing": list(self.missing), "without": list(self.without), "model": self.model or None, "sample_rows": self.rows,
            "feeds": [asdict(feed) for feed in self.feeds],
            "counts": {kind: len(self.of_kind(kind)) for kind in KINDS},
            "inputs": [asdict(one) for one in self.inputs],
            "cost": asdict(self.cost) if self.cost else None,
            "measured": asdict(self.measured) if self.measured else None,
            "notes": list(self.notes),
        }  # fmt: skip
