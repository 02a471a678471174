"""A connected feed in lines for a terminal; nothing of the file but its headers and shapes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from shutil import get_terminal_size

from connectors.proposing.proposal import Match, Proposal
from connectors.renewal import Change
from connectors.spec.column import RESERVED
from flows.commands.sight import named
from flows.connected import Connected
from flows.viewing import View
from reports.words import DELIMITERS, plural

WIDTH = 10
MOST_LINES = 120
"""Lines of a difference shown on a terminal; the document has all."""
LONGEST = 26
SAID = {"record_position": "(its record's number)", "position_within": "(its place in the group)"}


def width() -> int:
    """Of the terminal; 100 where there is none."""
    return max(60, min(120, get_terminal_size((100, 24)).columns))


def wrapped(front: str, text: str) -> Iterator[str]:
    """A text behind its front, its further lines below its first."""
    room = max(24, width() - len(front))
    lines = textwrap.wrap(text.replace("\u00a0", " "), room, break_on_hyphens=False) or [""]
    yield (front + lines[0]).rstrip()
    yield from (" " * len(front) + line for line in lines[1:])


def row(name: str, text: str) -> Iterator[str]:
    """A line with its name in front."""
    yield from wrapped(f"{name:<{WIDTH}} ", text)


def lines(found: Connected, paths: tuple[Path, ...]) -> list[str]:
    """What the file is taken for, what is open, what was written, and what to do next."""
    said = [f"{found.feed}  {found.status}"]
    said += row("client", f"new: {found.newcomer[0]} ({'; '.join(found.newcomer[1:])})") if found.newcomer else []
    if found.seen and found.proposal:
        said += [*_file(found.seen), *_contract(found.proposal), *_counts(found.proposal), "", *_matches(found), ""]
        said += [*_left(found.proposal), *_memory(found)]
    said += list(change_lines(found.changes))
    said += list(_questions(found))
    if found.kept:
        said += list(row("kept", f"{found.feed.partition('/')[2]}.yaml stays as it is: {found.kept}"))
        said += [f"  {line}" for line in found.diff[:MOST_LINES]]
        said += [f"  … {plural(len(found.diff) - MOST_LINES, 'more line')}: see --json"] if len(found.diff) > MOST_LINES else []
        said += list(row("", "nothing in it would change")) if not found.diff else []
    said += list(row("written", f"{', '.join(found.written)} in {found.folder}")) if found.written else []
    if found.problem:
        said += list(row("problem", f"{found.problem.code}: {found.problem.message}"))
        said += [line for detail in (*found.problem.details, found.problem.hint or "") if detail for line in row("", detail)]
    said += list(row("memory", f"{plural(found.learnt, 'column')} learnt; --forget undoes it")) if found.learnt else []
    return [*said, *_next(found, paths)]


def _file(seen: View) -> Iterator[str]:
    said = {name: one.value for name, one in seen.reading.decisions.items()}
    how = [str(said["encoding"])] if said.get("encoding") else []
    how += [DELIMITERS.get(str(said["delimiter"]), str(said["delimiter"]))] if said.get("delimiter") else []
    how += [f"sheet {seen.reading.sheet} of {seen.sheets}"] if seen.reading.sheet else []
    where = f"header in {'row' if seen.reading.sheet else 'line'} {said.get('header_row')}"
    how += [where] if said.get("header_row") else ["no header"] if "header_row" in said else []
    more = f" and {len(seen.names) - 1} more" if len(seen.names) > 1 else ""
    columns = plural(len(seen.samples[0].columns), "column")
    yield from row("file", f"{seen.names[0]}{more}: {plural(seen.rows, 'row')}, {columns} ({', '.join(how)})")


def _contract(proposal: Proposal) -> Iterator[str]:
    others = sorted(
        ((score, name) for name, score in proposal.contracts.items() if name != proposal.contract and score >= 0.05), reverse=True
    )
    text = ", ".join(f"{name} {score:.0%}" for score, name in others[:2])
    sure = proposal.contracts.get(proposal.contract, 1.0)
    yield from row("contract", f"{proposal.contract}" + (f" ({sure:.0%}; {text})" if others else ""))


def _counts(proposal: Proposal) -> Iterator[str]:
    accepted = sum(match.decision == "accepted" for match in proposal.matches)
    asked = len(proposal.matches) - accepted
    parts = [plural(accepted, "field") + " matched", *([f"{asked} asked about"] if asked else [])]
    yield from row("columns", ", ".join([*parts, f"{plural(len(proposal.unused), 'column')} not used"]))


def _matches(found: Connected) -> Iterator[str]:
    assert found.proposal is not None
    shown = [("field", "column", "sure"), *(_match(match) for match in found.proposal.matches)]
    first, second, third = (max(map(len, texts)) for texts in zip(*shown, strict=True))
    reasons = ["why", *("; ".join(match.why) for match in found.proposal.matches)]
    marks = [" ", *("?" if match.decision == "question" else " " for match in found.proposal.matches)]
    for mark, (field, source, sure), why in zip(marks, shown, reasons, strict=True):
        front = f"{mark} {field:<{first}}  {source:<{second}}  {sure:>{third}}  "
        if width() - len(front) < 24:
            yield front.rstrip()
            front = " " * 6
        yield from wrapped(front, why)


def _match(match: Match) -> tuple[str, str, str]:
    source = SAID[match.sources[0]] if match.sources[0] in RESERVED else " + ".join(named(header) for header in match.sources)
    return match.field, source if len(source) <= LONGEST else source[: LONGEST - 1] + "…", f"{match.confidence:.0%}".replace("%", " %")


def _left(proposal: Proposal) -> Iterator[str]:
    if proposal.unused:
        yield from row("not used", ", ".join(named(header) for header in proposal.unused))
    if proposal.absent:
        yield from row("absent", ", ".join(proposal.absent))


def _memory(found: Connected) -> Iterator[str]:
    feeds = sorted({feed for names in found.teachers.values() for feed in names})
    if feeds:
        fields = ", ".join(list(found.teachers)[:6]) + (", …" if len(found.teachers) > 6 else "")
        yield from row("memory", f"{', '.join(feeds)} spoke for {plural(len(found.teachers), 'field')}: {fields}")


def change_lines(changes: tuple[Change, ...]) -> Iterator[str]:
    """What differs from earlier files; what somebody should look at first begins with an exclamation mark."""
    for n, change in enumerate(changes):
        yield from row("since last" if n == 0 else "", f"{'! ' if change.grave else ''}{change.text}")


def _questions(found: Connected) -> Iterator[str]:
    if not found.open:
        return
    yield from row("open", plural(len(found.open), "question") + ":")
    asked = {question.id: question for question in found.proposal.questions} if found.proposal else {}
    for id, text in found.open:
        question = asked.get(id)
        yield from wrapped("  ? ", question.text if question else text)
        for word in question.words if question else ():
            yield from wrapped("      ", word.shown)
        if question and question.examples and not question.words:
            yield from wrapped("      values look like ", " · ".join(question.examples))
        if question and question.options:
            yield from wrapped("      one of ", ", ".join(question.options))


def _next(found: Connected, paths: tuple[Path, ...]) -> Iterator[str]:
    files = " ".join(quote(str(path)) for path in paths) or "FILE"
    if found.kept and found.diff:
        yield from row("next", f"take over what is right of the difference in {found.folder / found.feed.partition('/')[2]}.yaml, then:")
        yield from row("", f"millrace check {found.feed} {files}")
    elif found.status == "confirmed":
        yield from row("next", f"millrace intake {found.feed} {files}")
    elif found.problem:
        yield from row("next", f"correct {found.folder / found.feed.partition('/')[2]}.yaml, or answer at the terminal; then again")
    else:
        yield from row("next", f"millrace check {found.feed} {files}")
        after = "once the questions are answered: " if found.open else "if it is right: "
        yield from row("", f"{after}millrace connect {found.feed} --confirm")
