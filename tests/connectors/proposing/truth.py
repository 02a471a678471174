"""What a person says of the consumer files: which contract, where each field comes from, which columns only look like it.

The form of ``truth/*.yaml`` is told in README.md beside this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from connectors.spec.column import RESERVED
from contracts import contract as contracts
from contracts.contract import Contract

HERE = Path(__file__).resolve().parent
FOLDERS = {"platform-exports": "platform-exports/", "bank-statements": "bank-statements/", "people": "", "orders": ""}
"""Files of ``truth/`` and where the paths in them start, below the shared data."""
NONE = "none"
"""Stands among contracts for a file of which none is right."""
ASK = "ask"
"""Stands for an order of dates that only a person can say."""
Sources = tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """Where a field comes from.

    Parameters
    ----------
    choices : tuple of tuple of str
        Headers, or words of `connectors.spec.column.RESERVED`; the first is the best, any is right.
    part : str, optional
        What is taken of the column, as `connectors.proposing.proposal.Match`.
    dates, decimal : str, optional
        How it is written; `ASK` where the file does not settle it.
    values : mapping of str to tuple of str
        Words of the file and the codes that are right for them.
    """

    choices: tuple[Sources, ...]
    part: str | None = None
    dates: str | None = None
    decimal: str | None = None
    values: Mapping[str, Sources] = field(default_factory=dict)

    @property
    def made(self) -> bool:
        """No column holds it: the record's position is the key."""
        return bool(set(self.choices[0]) & set(RESERVED))


@dataclass(frozen=True)
class Entry:
    """One table.

    Parameters
    ----------
    path : str
        Below the shared data.
    contracts : tuple of str
        Those that are right, the best first; `NONE` among them.
    fields : mapping of str to Wanted
        Every field of the best contract that has a source; no other has one.
    may : mapping of str to headers
        Sources that are neither asked for nor wrong.
    near : mapping of str to {header: why}
        Columns that look like the field and are not.
    unnamed : bool
        The file has no header.
    """

    path: str
    contracts: tuple[str, ...]
    sheet: str | None = None
    widths: tuple[int, ...] = ()
    unnamed: bool = False
    fields: Mapping[str, Wanted] = field(default_factory=dict)
    may: Mapping[str, Sources] = field(default_factory=dict)
    near: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.path}{'!' + self.sheet if self.sheet else ''}"

    @property
    def client(self) -> str:
        """Whose file it is: the innermost folder with a name of its own."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "platform-exports" else parts[0]

    @property
    def contract(self) -> Contract:
        """The one that its fields belong to."""
        return contracts.get(next(name for name in self.contracts if name != NONE))

    @property
    def layout(self) -> tuple[str, Sources]:
        """Equal for files of one feed."""
        return self.client, tuple(sorted(f"{name}:{wanted.choices}" for name, wanted in self.fields.items()))

    def headers(self) -> set[str]:
        """Every header that is spoken of."""
        chosen = {name for wanted in self.fields.values() for sources in wanted.choices for name in sources}
        others = {name for names in (*self.may.values(), *self.near.values()) for name in names}
        return (chosen | others) - set(RESERVED)


@cache
def entries() -> tuple[Entry, ...]:
    """All tables."""
    return tuple(_entry(raw, start) for name, start in FOLDERS.items() for raw in YAML(typ="safe").load(HERE / "truth" / f"{name}.yaml"))


def mapped(those: Iterable[Entry], *, named: bool = True) -> list[Entry]:
    """Tables whose columns are known, one of each feed; with a header or without."""
    kept: dict[tuple[str, Sources], Entry] = {}
    for entry in those:
        if entry.fields and entry.unnamed != named:
            kept.setdefault(entry.layout, entry)
    return list(kept.values())


def _entry(raw: Mapping[str, Any], start: str) -> Entry:
    return Entry(
        f"{start}{raw['file']}", tuple(raw["contracts"]), raw.get("sheet"), tuple(raw.get("widths", ())), raw.get("unnamed", False),
        {name: _wanted(value) for name, value in raw.get("fields", {}).items()},
        {name: tuple(headers) for name, headers in raw.get("may", {}).items()},
        raw.get("not", {}),
    )  # fmt: skip


def _wanted(raw: Any) -> Wanted:
    raw = raw if isinstance(raw, dict) else {"from": raw}
    choices = tuple(_several(choice) for choice in (raw["from"], *raw.get("or", ())))
    values = {str(word): tuple(str(codes).split("|")) for word, codes in raw.get("values", {}).items()}
    return Wanted(choices, raw.get("part"), raw.get("dates"), raw.get("decimal"), values)


def _several(choice: Any) -> Sources:
    return (choice,) if isinstance(choice, str) else tuple(choice)
