"""The conductor: one pipeline, several ways to run it.

A pipeline is a plain function over a conductor's three verbs: `run` a step, `map` it over items, `note` something for people.
`flows.direct_conductor` does it in this process, `flows.prefect_conductor` on Prefect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from contracts.errors import RunError
from flows.steps import card, label

Watch = Callable[[str, str, Literal["started", "done", "failed"]], None]
Table = Sequence[Mapping[str, Any]]


class Conductor(Protocol):
    """What a pipeline may ask for."""

    def at(self, steps: Path) -> Conductor:
        """The same conductor, keeping its steps in a run's folder."""

    def run(self, function: Callable[..., Any], item: Any, *rest: Any) -> Any:
        """Do one step."""

    def map(self, function: Callable[..., Any], items: Iterable[Any], *rest: Any) -> list[Any]:
        """Do one step for each item; results in the items' order, errors once all have ended."""

    def note(self, key: str, *, link: str | None = None, table: Table | None = None, text: str = "") -> None:
        """Show something to people; counts and codes only."""


class Places:
    """Which kept steps a run has had: two must never share a folder."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()

    def claim(self, function: Callable[..., Any], items: list[Any]) -> None:
        """Note the places of a kept step's items.

        Raises
        ------
        RunError
            STEP-TWICE where a title and label come again.
        """
        about = card(function)
        for item in items if about.keep else ():
            place = (about.title, label(item))
            if place in self._taken:
                raise RunError(
                    "STEP-TWICE", f"the kept step «{about.title}» has the label {place[1]!r} twice", hint="give every item its own label"
                )
            self._taken.add(place)
