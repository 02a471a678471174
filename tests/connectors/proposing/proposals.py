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
from contracts.errors import ColumnsError
from tests.connectors.proposing.judging import Verdict, judge
from tests.connectors.proposing.truth import NONE, Entry


@dataclass(frozen=True)
class Judged:
    """A table, what was proposed for it, and what became of its fields.

    Parameters
    ----------
    chosen : str
        The contract that was taken where none was named; `NONE` where it was left to a person.
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
    chosen = NONE if free is None or _left_open(free) else free.contract
    if not entry.fields:
        return Judged(entry, chosen, 0, ())
    name = entry.contract.name
    proposal = free if free is not None and free.contract == name else proposed(block, name, memory)
    assert proposal is not None, f"a named contract gives a proposal: {entry.name}"
    questions = sum(not question.id.startswith("contract") for question in proposal.questions)
    return Judged(entry, chosen, questions, tuple(judge(entry, proposal)))


def proposed(block: Block, contract: str | None, memory: Memory | None = None) -> Proposal | None:
    """The proposal for one table; nothing where no contract fits."""
    try:
        return propose([block], contract, memory, memory.client if memory else None)
    except ColumnsError:
        if contract is not None:
            raise
        return None


def proposed_file(path: Path) -> Proposal:
    """The proposal for a file on disk."""
    return propose([open_source(path)])


def _left_open(proposal: Proposal) -> bool:
    return proposal.contract == "" or any(question.id.startswith("contract") for question in proposal.questions)


def verdicts(those: Iterable[Judged]) -> Sequence[Verdict]:
    """Of all tables."""
    return [verdict for one in those for verdict in one.verdicts]
