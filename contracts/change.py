"""Change: one thing in which two versions of a contract differ, and whom it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "field added", "field removed", "field renamed", "fields in another order",
    "required now", "optional now", "may not be empty", "may be empty", "type changed",
    "rule added", "rule removed", "rule tightened", "rule loosened", "rule changed", "rule rewritten",
    "codes added", "codes removed", "unit changed", "bad values", "tolerated share",
    "personal class", "role", "title", "meaning", "synonyms",
    "key changed", "repeats", "history", "reference added", "reference removed", "reference changed",
    "name", "row", "version", "version not raised",
]  # fmt: skip
"""Everything that a difference may tell."""


@dataclass(frozen=True)
class Effect:
    """What a change does to one side.

    Parameters
    ----------
    breaks : bool
        Of senders: a file that was accepted would be refused or blanked in part, or needs a column that it did not need. Of readers: an
        accepted table may hold what it could not hold before, or lacks a column that it had.
    why : str
        The reason, for people.
    """

    breaks: bool
    why: str


FILES = Effect(False, "the same files are accepted")
TABLES = Effect(False, "no value can come that could not come before")
SAME = Effect(False, "the same files are accepted, with the same values")


@dataclass(frozen=True)
class Change:
    """One difference.

    Parameters
    ----------
    where : str
        A field's name, ``key``, or another part of the contract.
    kind : str
    words : str
        What was and what is, in a sentence.
    senders, readers : Effect
        What it does to who sends files, and to who reads accepted tables.
    fields : tuple of str
        Names of the fields that it is about, the old one first; connectors and models that use them are touched.

    Examples
    --------
    >>> change = Change("age", "may not be empty", "was empty at times", Effect(True, "cells are empty"), Effect(False, "fewer values"))
    >>> change.breaking, change.as_dict()["senders"]
    (True, {'breaks': True, 'why': 'cells are empty'})
    """

    where: str
    kind: Kind
    words: str
    senders: Effect
    readers: Effect
    fields: tuple[str, ...] = ()

    @property
    def breaking(self) -> bool:
        """Whether it breaks either side."""
        return self.senders.breaks or self.readers.breaks

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        sides = {name: {"breaks": side.breaks, "why": side.why} for name, side in (("senders", self.senders), ("readers", self.readers))}
        said = {"where": self.where, "kind": self.kind, "words": self.words, "breaking": self.breaking}
        return {**said, **sides, "fields": list(self.fields)}
