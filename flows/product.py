"""Product: a question that a pack answers, and everything that decides how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from contracts.contract import Contract
from contracts.fields import Field

if TYPE_CHECKING:  # steps are imported when a chain is built
    from enrichment.step import Step

Kind = Literal["propensity", "lifetimes"]
Steps = Callable[[date | None], "tuple[Step, ...]"]


def no_steps(_as_of: date | None) -> tuple[Step, ...]:
    """Nothing to derive and nothing to fill."""
    return ()


@dataclass(frozen=True)
class Product:
    """What can be delivered.

    Parameters
    ----------
    name, title, question : str
        The question is what the pack answers, for people.
    event : str
        What a score is the probability of: ``"Probability to leave"``.
    kind : {"propensity", "lifetimes"}
        Trained on outcomes, or fitted on histories.
    base : str
        Contract of the rows that are scored.
    needs, better_with : tuple of str
        Other contracts: without the first there is no pack, with the second a better one.
    output : str
        Contract of the scores.
    label : str or None
        The field with the outcome; where no contract has it, it is cut from the history (see `horizon_days`).
    horizon_days : int
        How far ahead the question looks; 0 where the client's label says it.
    before, after : callable
        The steps of the enrichment, given the as-of date: those that derive, then those that fill gaps; a history is joined in between.
    derived : tuple of Field
        Inputs that the steps make.
    left_out : tuple of str
        Input fields of the contract that are not used: they would know the outcome, or say the same as a derived one.
    gates : tuple of str
        Which gates are judged, of: rows, drift.
    sections : tuple of str
        Sections of the pack, in their order.

    Examples
    --------
    >>> from flows.products import get
    >>> get("churn").base, get("churn").label
    ('subscribers', 'churned')
    """

    name: str
    title: str
    question: str
    event: str
    kind: Kind
    base: str
    needs: tuple[str, ...] = ()
    better_with: tuple[str, ...] = ()
    output: str = "scores"
    label: str | None = None
    horizon_days: int = 0
    before: Steps = no_steps
    after: Steps = no_steps
    derived: tuple[Field, ...] = ()
    left_out: tuple[str, ...] = ()
    gates: tuple[str, ...] = ("rows", "drift")
    sections: tuple[str, ...] = ("received", "set_aside", "filled", "scores", "trust", "assumptions", "evidence")

    @property
    def contracts(self) -> tuple[str, ...]:
        """Contracts without which there is no pack."""
        return (self.base, *self.needs)

    @property
    def from_history(self) -> bool:
        """Whether the outcome is cut from the history: what followed a day that lies `horizon_days` before the last one."""
        return self.kind == "propensity" and "transactions" in self.needs

    def inputs(self, contract: Contract) -> dict[str, Field]:
        """Fields that a model of this product may read, by name: the contract's inputs, then the derived ones.

        Direct identifiers, keys, labels, leaks, days and moments are none.
        """
        own = {
            name: field
            for name, field in contract.fields.items()
            if field.role == "input"
            and field.personal != "direct"
            and name not in self.left_out
            and field.type_word not in ("day", "moment")
        }
        return {**own, **{field.name: field for field in self.derived}}

    def leaks(self, contract: Contract) -> dict[str, Field]:
        """Fields that are known only after the outcome."""
        return {name: field for name, field in contract.fields.items() if field.role == "leak"}
