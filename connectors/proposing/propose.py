"""The door: a file's columns, and what they are taken for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias

import pyarrow as pa

from connectors.mapping import shown
from connectors.proposing import choosing
from connectors.proposing.assignment import assign, grid
from connectors.proposing.column import MOST_ROWS, Sample, columns, sample
from connectors.proposing.evidence import ACCEPTED, NOT_AT_ALL, weigh
from connectors.proposing.names import labels
from connectors.proposing.parts import Source as Found
from connectors.proposing.parts import sources
from connectors.proposing.proposal import Match, Proposal, Question
from connectors.proposing.relations import refuted
from connectors.proposing.signals import Signals
from connectors.proposing.turned import turned
from connectors.proposing.unnamed import unnamed
from connectors.proposing.writing import write
from connectors.reading.block import Block
from connectors.reading.source import Source, open_source
from connectors.spec.client import ClientSpec
from connectors.spec.column import RESERVED
from contracts import contract as contracts
from contracts.assumption import Assumption
from contracts.contract import Contract

ROUNDS = 3
KEY, MAILS = "customer_id", 0.9
"""The field that an address of e-mail may stand for, and the share of a column's values that are such addresses."""
LEADING = (None, "first", "street", "birth_year")
File: TypeAlias = Source | Path | pa.Table | Sample | Iterable[Block]


class Memory(Protocol):
    """What confirmed connectors taught."""

    def recall(self, header: str, shapes: Sequence[str], contract: str) -> Mapping[str, float]:
        """Fields that a column of this name and these shapes was in tables of a contract's kind, 0 to 1."""


@dataclass(frozen=True)
class _View:
    """The columns of the files, looked at once for all contracts."""

    table: pa.Table
    seen: tuple[Signals, ...]
    memory: Memory | None

    def recalled(self, contract: str) -> list[Mapping[str, float]]:
        """What is remembered of each column."""
        if self.memory is None:
            return [{} for _ in self.seen]
        return [self.memory.recall(signals.column.name, signals.column.shapes(), contract) for signals in self.seen]


def propose(
    files: File | Sequence[File], contract: str | None = None, memory: Memory | None = None, client: ClientSpec | str | None = None
) -> Proposal:
    """What the columns of a feed's files are taken for.

    Parameters
    ----------
    files : Source, Path, pyarrow.Table, Sample or blocks, or several
        Of one feed; their first rows are looked at together.
    contract : str, optional
        Its name; without one the contract that fits best is taken, or ``"none"`` where none does.
    memory : Memory, optional
        Confirmed mappings.
    client : ClientSpec or str, optional
        For the country of its telephone numbers; the code of the country alone will do.

    Returns
    -------
    Proposal

    Raises
    ------
    ContractError
        CONTRACT-UNKNOWN.
    SourceError
        As `connectors.reading.reading.read`.

    Examples
    --------
    >>> table = pa.table({"Kundennr": ["K1", "K2"], "E-Mail": ["a@b.de", "c@d.de"], "Geb.": ["31.12.1980", "01.02.1990"]})
    >>> found = propose(table)
    >>> found.contract, [(match.field, match.sources[0], match.decision) for match in found.matches][:2]
    ('customers', [('customer_id', 'Kundennr', 'accepted'), ('email', 'E-Mail', 'accepted')])
    """
    view = _view(_sample(files), memory, client if isinstance(client, str) else client.country if client else "")
    named = (contract,) if contract else choosing.CANDIDATES
    found = {name: _sources(contracts.get(name), view) for name in named}
    headers = tuple(signals.column.name for signals in view.seen)
    scores = {name: choosing.score(name, each, headers) if not contract else 1.0 for name, each in found.items()}
    chosen = contract or choosing.best(scores)
    shares = {name: choosing.share(points) if not contract else 1.0 for name, points in scores.items()}
    shapes = {signals.column.name: signals.column.shapes() for signals in view.seen}
    if chosen == choosing.NO_CONTRACT:
        text = "No contract fits these columns. Is the file of use for one of them?"
        question = Question("contract", text, "", (), (choosing.NO_CONTRACT, *choosing.CANDIDATES))
        return Proposal(chosen, shares, (), tuple(shapes), (), (question,), (), shapes)
    return _proposal(contracts.get(chosen), found[chosen], view, shares, shapes)


def _sample(files: File | Sequence[File]) -> Sample:
    several = files if isinstance(files, list | tuple) else [files]
    samples = [file if isinstance(file, Sample) else sample(open_source(file) if isinstance(file, Path) else file) for file in several]
    if len(samples) == 1:
        return samples[0]
    table = pa.concat_tables([each.table for each in samples], promote_options="default").slice(0, MOST_ROWS).combine_chunks()
    return Sample(table, columns(table))


def _view(rows: Sample, memory: Memory | None, country: str) -> _View:
    seen = tuple(Signals(column, label, country) for column, label in zip(rows.columns, labels(rows.names), strict=True))
    return _View(rows.table, seen, memory)


def _sources(contract: Contract, view: _View) -> dict[str, Found]:
    """The best choice that the rows do not refute: what they refute is struck out, and all columns are decided again."""
    weighed = grid(contract, view.seen, view.recalled(contract.name))
    for place in (place for place, signals in enumerate(view.seen) if signals.column.name in RESERVED):  # a connector cannot name it
        for row in weighed.values():
            row[place] = NOT_AT_ALL
    chosen = assign(weighed, view.seen)
    for _ in range(ROUNDS):
        out = refuted(contract, chosen, view.seen, view.table)
        for name, (place, _) in out.items():
            weighed[name][place] = NOT_AT_ALL
        if not out:
            break
        chosen = assign(weighed, view.seen)
    found = sources(contract, chosen, view.seen)
    return found | unnamed(contract, found, view.seen)


def _proposal(
    contract: Contract, found: Mapping[str, Found], view: _View, shares: Mapping[str, float], shapes: Mapping[str, tuple[str, ...]]
) -> Proposal:
    by_name = {signals.column.name: signals for signals in view.seen}
    matches: list[Match] = []
    questions: list[Question] = []
    assumptions: list[Assumption] = []
    for name, source in found.items():
        other = _twofold(name, source, contract, view, found)
        match, question = _match(name, source, contract, view, other)
        questions += [question] if question else []
        if not set(source.columns) & set(RESERVED):
            written = write(match, contract.fields[name], by_name[source.columns[0]])
            match, assumptions = written.match, [*assumptions, *written.assumptions]
            if question and any(each.options == question.options for each in written.questions):  # the same answers: the nearer question
                questions.remove(question)
            questions += written.questions
        matches.append(match)
        assumptions.append(_assumed(match))
    used = {header for match in matches for header in match.sources}
    order = {name: place for place, name in enumerate(contract.fields)}
    return Proposal(
        contract.name, shares, tuple(sorted(matches, key=lambda match: order[match.field])),
        tuple(name for name in by_name if name not in used),
        tuple(name for name in contract.fields if name not in found), tuple(questions), tuple(assumptions), shapes,
    )  # fmt: skip


def _twofold(name: str, source: Found, contract: Contract, view: _View, found: Mapping[str, Found]) -> str:
    """Another field that an empty column might as well be, by a header of two meanings, such as ``title``; else nothing."""
    place = next((n for n, each in enumerate(view.seen) if (each.column.name,) == source.columns), None)
    if place is None or view.seen[place].column.filled:
        return ""
    seen, known = view.seen[place], view.recalled(contract.name)[place]
    left = (field for field in contract.fields.values() if field.name not in found)
    near = (field for field in left if weigh(contract, field, seen, known).confidence >= ACCEPTED)
    return next((field.title.lower() for field in near), "")


def _match(name: str, source: Found, contract: Contract, view: _View, other: str) -> tuple[Match, Question | None]:
    confidence = source.evidence.confidence
    others = tuple(view.seen[place].column.name for place in source.rivals)
    sure = confidence >= ACCEPTED and not others and not other
    match = Match(
        name, source.columns, "code" if set(source.columns) & set(RESERVED) else "text", round(confidence, 4),
        "accepted" if sure else "question", source.evidence.why, part=source.part, of=source.of,
    )  # fmt: skip
    if sure or source.part not in LEADING:  # the question about the first part of a column is about all of them
        return match, None
    field = contract.fields[name]
    text = (
        f"Which column is {field.title.lower()}: {', '.join(map(shown, (*source.columns, *others)))}?" if others
        else f"Is the column {shown(source.columns[0])} {field.title.lower()}? {field.meaning}"
    )  # fmt: skip
    if other:
        text += f" It holds no value in this file, and its header might as well mean {other}."
    mails = tuple(each.column.name for each in view.seen if name == KEY and each.of("email") > MAILS and each.column.name not in others)
    if mails:
        text += f" An e-mail address tells customers apart as well: {', '.join(map(shown, mails))}."
    if turned(field, source.columns[0]):
        text += f" A yes in it means a no here: taken, {shown(source.columns[0])} is turned round."
    forms = next(s for s in view.seen if s.column.name == source.columns[0]).column.shapes(3)
    why = (*match.why, f"{', '.join(map(shown, others))} could be it as well") if others else match.why
    options = (*source.columns, *others, *mails, "none")
    return replace(match, why=why), Question(f"column:{name}", text, name, source.columns, options, forms)


def _assumed(match: Match) -> Assumption:
    origin = {"record_position": "the record's position", "position_within": "the position within the order"}
    named = origin.get(match.sources[0], " and ".join(map(shown, match.sources)))
    evidence = {"confidence": round(match.confidence, 3), "why": list(match.why)}
    return Assumption("propose", f"{match.field} comes from {named}", evidence, "held" if match.decision == "accepted" else "untested")
