"""Everything a pack shows, as plain values: flows fill them, pages and workbooks only format them.

Facts are kept as JSON in the run, so that a pack can be drawn again, for instance after a release. Shares are between 0 and 1;
days are ISO dates as text; a null measure means that it was not or could not be measured. No raw client value belongs here, but
names that the client gave to files, sheets and columns do. Their parts: `feed`, `scores`, `trust`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from contracts.assumption import Assumption
from reports.feed import Feed, NotScored
from reports.plain import as_plain, of_plain
from reports.scores import Filled, Measure, OutputColumn
from reports.trust import Gate, Outcome, Trust


@dataclass(frozen=True)
class Client:
    """Whom the pack is for; `accent` is a colour such as ``#1f5f8b``, `currency` an ISO 4217 code."""

    name: str
    title: str
    currency: str | None = None
    accent: str | None = None


@dataclass(frozen=True)
class Product:
    """What was asked."""

    name: str
    title: str
    question: str


@dataclass(frozen=True)
class Status:
    """Where the pack stands; `reason` says why it is held or a draft, or why it was released, `by` whom and `on` which day."""

    word: Literal["READY", "HELD", "DRAFT", "RELEASED"] = "READY"
    reason: str = ""
    by: str | None = None
    on: str | None = None


@dataclass(frozen=True)
class Verdict:
    """The whole pack in one sentence that can be read aloud."""

    outcome: Outcome
    sentence: str


@dataclass(frozen=True)
class Evidence:
    """What this pack was made of. `libraries` are versions by name; `as_of_how` says how the as-of date was chosen."""

    run: str
    code: str
    as_of: str
    as_of_how: str
    connectors: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str | int | float | bool | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """All that a pack shows; `as_dict` and `from_dict` are inverses.

    Examples
    --------
    >>> facts = Facts(
    ...     Client("acme", "Acme"), Product("churn", "Churn", "Who is about to leave?"), Status(), Verdict("pass", "All is well."),
    ...     feeds=(), filled=(), measures=(), columns=(), trust=Trust(()), gates=(), assumptions=(),
    ...     evidence=Evidence("1f3a", "c0de", "2025-06-30", "latest date in the data"),
    ... )
    >>> Facts.from_dict(facts.as_dict()) == facts
    True
    >>> facts.with_status(Status("RELEASED", "checked by phone", "R. Meier", "2025-07-02")).status.word
    'RELEASED'
    """

    client: Client
    product: Product
    status: Status
    verdict: Verdict
    feeds: tuple[Feed, ...]
    filled: tuple[Filled, ...]
    measures: tuple[Measure, ...]
    columns: tuple[OutputColumn, ...]
    trust: Trust
    gates: tuple[Gate, ...]
    assumptions: tuple[Assumption, ...]
    evidence: Evidence
    not_scored: NotScored = field(default_factory=NotScored)
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        plain: dict[str, Any] = as_plain(self)
        return plain

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Facts:
        """The inverse of `as_dict`; raises RunError FACTS-SHAPE for anything else."""
        return of_plain(cls, data)

    def with_status(self, status: Status) -> Facts:
        """The same facts under another status."""
        return replace(self, status=status)
