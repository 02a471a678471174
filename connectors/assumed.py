"""What an intake takes for true: how files were read, when they were written, what columns hold, what a key names, what was joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors import whole
from connectors.mapped import of_mapping
from connectors.plan import Plan
from connectors.settle import Done
from connectors.spec.column import POSITION
from connectors.spec.feed import FeedSpec
from contracts.assumption import Assumption

Files = Sequence[Mapping[str, Any]]
SURE = 0.95
"""Confidence from which a decision of the reader counts as tested."""
READ = {
    "encoding": "the encoding is {}",
    "delimiter": "cells are separated by {}",
    "header_row": "the header is in line {}",
    "sheet": "the table is on the sheet {}",
}
"""Decisions that a whole file hangs on."""
SEEN = ("formulas", "errors", "hidden", "merged", "extras")
"""What a workbook holds beyond its cells; each is said where it occurs."""


def assumed(planned: Plan, takes: Sequence[Done], settled: Done) -> Iterator[Assumption]:
    """All assumptions of an intake but those of its plan, in the order of the steps."""
    feed = planned.feed
    files = [file for done in takes for file in done["files"]]
    yield from _of_reading(files, feed)
    yield from _of_writing(planned, files)
    yield from of_mapping(takes, feed)
    if settled["key"]:
        yield _of_key(settled, feed, {"duplicates": settled["duplicates"], "clashing rows": settled["clashes"]})
    yield from _of_sheets(files, feed)
    yield from whole.assumptions(settled["whole"], feed)
    for asked in feed.table.unjudged:
        yield Assumption(f"check {feed.name}", f"{feed.table.id}: {asked}", {}, "untested")


def _of_reading(files: Files, feed: FeedSpec) -> Iterator[Assumption]:
    """One for each decision and value, however many files share it, with the lowest confidence."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for file in files:
        for name, made in file["reading"]["decisions"].items():
            if name in READ and not made["given"] and made["value"] not in (None, ""):
                found.setdefault((name, str(made["value"])), []).append(made)
    for (name, value), decisions in found.items():
        lowest = min(decisions, key=lambda made: float(made["confidence"]))
        evidence = {"files": len(decisions), "lowest confidence": round(float(lowest["confidence"]), 3), "there": lowest["evidence"]}
        yield Assumption(
            f"read {feed.name}", READ[name].format(_shown(value)), evidence, "held" if lowest["confidence"] >= SURE else "untested"
        )
    for file in files:
        seen = [file["reading"]["decisions"][name] for name in SEEN if name in file["reading"]["decisions"]]
        for made in seen:
            yield Assumption(f"read {feed.name}", made["evidence"], {"sheet": file["reading"]["sheet"]}, "untested")


def _shown(value: str) -> str:
    return {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", " ": "blanks"}.get(value, value)


def _of_writing(planned: Plan, files: Files) -> Iterator[Assumption]:
    feed = planned.feed
    said = sum(1 for file in files if file["written"])
    if said:
        evidence = {"files that say so above the header": said, "latest": max(file["written"] for file in files if file["written"])}
        yield Assumption(
            f"read {feed.name}", "files were written on the day that they name above the header; no value lies after it", evidence, "held"
        )
    received = planned.takes[0].received if planned.takes else None
    if said < len(files):
        statement = (
            "nothing was recorded after the day of receipt" if received else "no day of writing is known; days in the future are not judged"
        )
        yield Assumption(
            f"read {feed.name}",
            statement,
            {"files": len(files) - said, **({"received": received.isoformat()} if received else {})},
            "untested",
        )


def _of_sheets(files: Files, feed: FeedSpec) -> Iterator[Assumption]:
    for file in files:
        for sheet in file["joined"]:
            evidence = {name: n for name, n in sheet.items() if name != "sheet"}
            yield Assumption(
                f"join {feed.name}",
                f"the sheet {sheet['sheet']} has one row for each key",
                evidence,
                "refuted" if sheet["key repeated"] else "held",
            )


def _of_key(settled: Done, feed: FeedSpec, counts: Mapping[str, int]) -> Assumption:
    step, key = f"settle {feed.name}", settled["key"]
    if any(feed.all_columns[name].source == (POSITION,) for name in feed.table.key):
        return Assumption(step, f"{key} is the record's position: no two rows are one, however equal", {}, "untested")
    repeats = "kept" if (feed.duplicates or feed.table.duplicates) == "keep" else "set aside"
    names = "names" if len(feed.table.key) == 1 else "name"
    statement = f"{key} {names} a row: exact repeats are {repeats}, rows of one key with different content are all quarantined"
    return Assumption(step, statement, counts, "held" if not settled["clashes"] else "refuted")
