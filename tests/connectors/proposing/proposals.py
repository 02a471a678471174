"""Proposals for the tables, with the contract named and without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.memory import Memory
from connectors.proposing.proposal import Proposal
from connectors.proposing.propose import propose
from connectors.reading.block import Block
from connectors.reading.source import open_source
from tests.connectors.proposing.judging import Verdict, judge
from tests.connectors.proposing.truth import Entry


@dataclass(frozen=True)
class Judged:
    """A table, what was proposed for it, and what became of its fields.

    Parameters
    ----------
    chosen : str
        The contract that was taken where none was named; ``none`` for a person to say.
    questions : int
        With the right contract named.
    """

    entry: Entry
    chosen: str
    questions: int
    verdicts: tuple[Verdict, ...]

    @property
    def contract_right(self) -> bool:
        """The contract chosen is one of those that are right."""
        return self.chosen in self.entry.contracts


def judged(entry: Entry, block: Block, memory: Memory | None = None) -> Judged:
    """Propose without a contract, then with the right one."""
    free = proposed(block, None, memory)
    if not entry.fields:
        return Judged(entry, free.contract, 0, ())
    name = entry.contract.name
    proposal = free if free.contract == name else proposed(block, name, memory)
    questions = sum(not question.id.startswith("contract") for question in proposal.questions)
    return Judged(entry, free.contract, questions, tuple(judge(entry, proposal)))


def proposed(block: Block, contract: str | None, memory: Memory | None = None) -> Proposal:
    """The proposal for one table."""
    return propose([block], contract, memory)


def proposed_file(path: Path) -> Proposal:
    """The proposal for a file on disk."""
    return propose(open_source(path))


def verdicts(those: Iterable[Judged]) -> Sequence[Verdict]:
    """Of all tables."""
    return [verdict for one in those for verdict in one.verdicts]
