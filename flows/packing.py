"""Packing: the facts of a delivery, the client's pack, our own evidence, and the drift page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from contracts import contract as contracts
from contracts.assumption import Assumption, write_assumptions
from contracts.errors import RunError
from flows import versions
from flows.across import Referring, key_gates
from flows.across import assumptions as of_keys
from flows.asof import assumptions as of_day
from flows.asof import day_gates
from flows.checkpoint import Kept
from flows.disk import disk_full, says_full
from flows.drift_gates import drift_gates
from flows.gates import FeedRows, row_gates, status, verdict
from flows.order import Order, Source
from flows.propensity import Task
from flows.received import faulty_rows, feed, ledger, write_not_scored
from flows.renewed import assumed_by
from flows.scored import Picture, Scored
from flows.steps import step
from flows.tolerances import tolerance_gates
from reports import internal, pack
from reports.drift_page import DriftJob
from reports.facts import Client, Evidence, Facts, Product, Verdict
from reports.feed import Reason
from reports.judged import by_chance
from reports.plain import as_plain
from reports.scores import Band, Measure, output_columns
from reports.trust import Accuracy, Gate, Trust

DRAFT = "The connector of {} is a draft: open questions remain about how its files are to be read."


def gates_of(task: Task, scored: Scored, across: Sequence[Referring] = ()) -> tuple[Gate, ...]:
    """The gates that the product asks for, those of rules and keys that fail too often, and that of an as-of date which was given."""
    rows = [FeedRows(source.feed.table.title, ledger(source), faulty_rows(source)) for source in task.sources.values()]
    asked = "rows" in task.product.gates
    found = (*row_gates(rows, task.limits), *tolerance_gates(task.sources.values(), task.limits)) if asked else ()
    drifted = drift_gates(scored.compared, task.limits) if "drift" in task.product.gates and scored.compared else ()
    return (*found, *key_gates(across), *drifted, *day_gates(task.day, task.product.horizon_days))


def facts_of(
    task: Task, order: Order, scored: Scored, ranked: Kept, arranged: Sequence[Kept], run: str, across: Sequence[Referring] = ()
) -> Facts:
    """Everything that the pack shows, but the rows without a score, which are counted when they are written."""
    gates, drafts = gates_of(task, scored, across), [source.feed.feed for source in task.sources.values() if source.feed.status == "draft"]
    judged = bool(scored.compared)
    output = contracts.get(task.product.output)
    return Facts(
        client=Client(task.client.name, task.client.title, task.client.currency, task.client.theme.get("accent")),
        product=Product(task.product.name, task.product.title, task.product.question),
        status=status(gates, DRAFT.format(", ".join(drafts)) if drafts else "Asked for as a draft." if order.draft else ""),
        verdict=_with_accuracy(verdict(gates, judged, scored.why_not), scored.accuracy),
        feeds=tuple(feed(source, task.day, _wanted(task, source)) for source in task.sources.values()),
        filled=scored.filled,
        measures=(measure(task, ranked, arranged),),
        columns=output_columns(output),
        trust=Trust(
            scored.models,
            scored.accuracy,
            scored.too_good,
            scored.leak,
            tuple(found.drift for found in scored.compared),
            judged,
            scored.drift_sentence,
        ),
        gates=gates,
        assumptions=(*of_sources(task.sources), *of_keys(across), *of_day(task.day), *scored.assumptions),
        evidence=evidence(task, run),
        notes=(*_position_note(task.base), *scored.notes),
    )


def _with_accuracy(found: Verdict, accuracy: Accuracy | None) -> Verdict:
    """A verdict on the files alone must not recommend scores that foresee nothing."""
    if not by_chance(accuracy) or accuracy is None:
        return found
    said = f"These scores rank no better than chance would ({accuracy.name} {accuracy.value:.3f}): do not choose customers by them."
    return replace(found, sentence=f"{said} {found.sentence.replace('These scores can be used', 'The files themselves are sound')}")


def _wanted(task: Task, source: Source) -> list[str]:
    return [name for name, field in source.feed.table.fields.items() if field.role == "input" and source.contract == task.product.base]


def _position_note(base: Source) -> tuple[str, ...]:
    note = "The file has no key: the customer id in this pack is the number of the record in the file."
    return (note,) if base.by_position else ()


def of_sources(sources: Mapping[str, Source]) -> tuple[Assumption, ...]:
    """What was taken for true at the intake of each submission; the same twice is said once."""
    found = [
        one for source in sources.values() for each in source.submissions for one in assumed_by(each)
    ]
    seen: dict[str, Assumption] = {}
    for one in found:
        seen.setdefault(json.dumps(one.as_dict(), sort_keys=True), one)
    return tuple(seen.values())


def measure(task: Task, ranked: Kept, arranged: Sequence[Kept]) -> Measure:
    """The score as the pack shows it."""
    counted: Counter[str] = Counter()
    for part in arranged:
        counted.update(part["reasons"])
    commonest = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
    return Measure(
        "score",
        task.product.event,
        "probability",
        ranked["rows"],
        ranked["mean"],
        ranked["low"],
        ranked["high"],
        tuple(ranked["edges"]),
        tuple(ranked["counts"]),
        tuple(Band(**band) for band in ranked["bands"]),
        tuple(Reason(text, count) for text, count in commonest),
    )


def evidence(task: Task, run: str) -> Evidence:
    """What the pack was made of."""
    connectors = {source.feed.feed: source.feed.digest[:16] for source in task.sources.values()}
    settings = {
        **task.workspace.settings.echo(),
        **{f"limit {name}": value for name, value in task.limits.as_dict().items() if not isinstance(value, list)},
    }
    return Evidence(run, versions.code(), task.day.iso, task.day.how, connectors, versions.libraries(), settings)


@dataclass(frozen=True)
class Packing:
    """What is packed; `facts` as plain values, so that it can be compared with an earlier packing."""

    facts: dict[str, Any]
    pages: bool
    label: str = ""


@step("pack", keep=True)
def pack_up(item: Packing, out: Path, sources: Sequence[Source], arranged: Sequence[Kept]) -> dict[str, Any]:
    """Write the client's pack, gate evidence, facts and assumptions."""
    facts = Facts.from_dict(item.facts)
    facts = replace(facts, not_scored=write_not_scored(sources, out / "not_scored.parquet"))
    scores = [path for part in arranged for path in sorted(part.out.glob("scores-*.parquet"))]
    client = out / "pack" / "client"
    if item.pages:
        pack.draw(facts, scores, out / "not_scored.parquet", client)
        internal.write_evidence(facts, out / "pack" / "internal")
    else:
        pack.tables_only(facts, scores, client)
    internal.write_facts(facts, out / "facts.json")
    write_assumptions(facts.assumptions, out / "assumptions.json")
    return {"status": facts.status.word, "outcome": facts.verdict.outcome, "not_scored": facts.not_scored.count}


@dataclass(frozen=True)
class Drawing:
    """A drift page to be drawn."""

    picture: Picture
    about: str
    verdict: str
    threshold: float
    label: str = ""


@step("draw drift", keep=True)
def draw_drift(item: Drawing, out: Path) -> dict[str, Any]:
    """Evidently's page, in a process of its own; where nothing can be drawn, the reason.

    Raises
    ------
    RunError
        DRIFT-PAGE where the process fails, DISK-FULL.
    """
    picture = item.picture
    job = DriftJob(
        tuple(map(str, picture.training)),
        tuple(map(str, picture.current)),
        picture.columns,
        str(out / "drift.html"),
        item.about,
        item.verdict,
        item.threshold,
    )
    path = out / "job.json"
    path.write_text(json.dumps(as_plain(job)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "reports.drift_page", str(path)], capture_output=True, text=True, check=False, cwd=versions.ROOT
    )
    path.unlink()
    if done.returncode == 0:
        return {"drawn": True, **json.loads(done.stdout)}
    if "DRIFT-NOTHING" in done.stderr:
        return {"drawn": False}
    if says_full(done.stderr):
        raise disk_full()
    raise RunError(
        "DRIFT-PAGE", "the drift page could not be drawn", found=f"exit code {done.returncode}", hint="--pages client leaves it out"
    )
