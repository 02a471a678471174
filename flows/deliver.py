"""Deliver as a pipeline: intake of what arrived, join, enrich, score, judge, pack, publish."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.errors import Place, RowsError
from contracts.ledger import Ledger
from flows import versions
from flows.across import referring
from flows.asof import as_of, check_day
from flows.checkpoint import Kept
from flows.choosing import Choice, choose
from flows.conductor import Conductor
from flows.customer_lifetimes import by_lifetimes
from flows.intake import intake, ledger_rows
from flows.integrity import sound
from flows.lessons import by_folds
from flows.limits import Limits
from flows.logs import FILE as LOG
from flows.logs import logged
from flows.opening import open_run
from flows.order import Order, Source, check_named, ordered, sources
from flows.packing import Drawing, Packing, draw_drift, facts_of, pack_up
from flows.propensity import SEED, Task, by_model, labelled
from flows.ranking import Ranked, arrange, rank, stretches
from flows.received import ledger
from flows.release import DRIFT
from flows.run import Run
from flows.scored import Scored
from flows.stored import Stored
from flows.workspace import Workspace
from models import reference
from reports.facts import Facts

Made = tuple[list[tuple[Kept | Path, str]], tuple[str, ...], dict[str, Any]]
"""What goes where in the run, what of it differs from run to run, and what the manifest says."""


def deliver(conduct: Conductor, workspace: Workspace, order: Order) -> Stored:
    """Make a pack.

    Returns
    -------
    Stored
        The run; the same inputs under the same versions give the same one, without doing anything again.

    Raises
    ------
    MillraceError
        Of the intake; PRODUCT-UNKNOWN, PRODUCT-NOT-SERVED, SUBMISSION-MISSING, ROWS-NONE, AS-OF-BEFORE, KEY-DAMAGED, MODEL-MISSING,
        MODEL-DAMAGED, FEED-LOCKED, DISK-FULL.
    """
    client, product = ordered(workspace, order)
    limits = Limits().with_policies(client.policies, client.name)
    workspace.home.check_secret(client.name)
    arrived = [intake(conduct, workspace, arrival) for arrival in order.arrivals]
    check_named(workspace, order)
    given = sources(workspace, order, product, arrived)
    _refuse_empty(given[product.base])
    task = Task(workspace, client, product, given, as_of(order.as_of, given.values()), limits)
    if lines := given.get("transactions"):
        check_day(task.day, lines, client.time_zone)
    choice = choose(workspace.home, product, client.name) if product.kind == "propensity" else None
    with open_run(workspace.home, "runs", (client.name, product.name), key_of(task, order, choice), now=workspace.now) as run:
        if run.stored is not None:
            return sound(run.stored)
        with logged(run.scratch):
            made, loose, facts = _made(conduct, task, order, choice, run)
        return run.publish([*made, (run.scratch / LOG, LOG)], facts=facts, loose=(*loose, LOG), now=workspace.now)


def _refuse_empty(base: Source) -> None:
    if not ledger(base).accepted:
        raise RowsError(
            "ROWS-NONE",
            "no row of the submission could be used",
            place=Place(client=base.feed.client, feed=base.feed.feed),
            hint="the quarantine of the submission says why, row by row",
        )


def key_of(task: Task, order: Order, choice: Choice | None) -> dict[str, Any]:
    """Everything that decides the bytes of a pack; no path and no file name."""
    return {
        "client": task.client.model_dump(mode="json"),
        "product": task.product.name,
        "as_of": task.day.iso,
        "how": task.day.how,
        "submissions": {contract: [each.id for each in source.submissions] for contract, source in task.sources.items()},
        "model": [choice.id, choice.seal] if choice else None,
        "seed": SEED,
        "limits": task.limits.as_dict(),
        "draft": order.draft,
        "pages": order.pages,
        "settings": task.workspace.settings.echo(),
        "code": versions.code(),
        "libraries": versions.libraries(),
    }


def _made(conduct: Conductor, task: Task, order: Order, choice: Choice | None, run: Run) -> Made:
    if choice and order.pages == "all":  # the drift page shows these rows
        reference.check(task.workspace.home.root, choice.name, choice.card.trained.reference)
    steps = conduct.at(run.steps)
    across = referring(steps, task.sources)
    scored = _scored(steps, task, choice)
    ranked = steps.run(rank, Ranked(), scored.parts)
    arranged = steps.map(arrange, stretches(ranked["rows"], task.product.output, scored.model, scored.version), scored.parts, ranked)
    facts = facts_of(task, order, scored, ranked, arranged, run.id, across)
    packed = steps.run(pack_up, Packing(facts.as_dict(), order.pages != "none"), list(task.sources.values()), arranged)
    drawn = _drawn(steps, task, scored, facts) if order.pages == "all" else None
    _tell(conduct, task, facts)
    loose = (DRIFT,) if drawn is not None and drawn["drawn"] else ()
    return [(packed, ""), *([(drawn, "pack/internal")] if loose and drawn is not None else [])], loose, _facts(task, facts, packed, choice)


def _scored(conduct: Conductor, task: Task, choice: Choice | None) -> Scored:
    if task.product.kind == "lifetimes":
        return by_lifetimes(conduct, task)
    return by_model(conduct, task, choice) if choice else by_folds(conduct, task)


def _drawn(conduct: Conductor, task: Task, scored: Scored, facts: Facts) -> Kept | None:
    if scored.picture is None:
        return None
    about, verdict = f"{task.product.title}, {task.client.title}", f"{facts.status.word}: {facts.verdict.sentence}"
    found: Kept = conduct.run(draw_drift, Drawing(scored.picture, about, verdict, min(task.limits.psi, 1.0)))
    return found


def _facts(task: Task, facts: Facts, packed: Kept, choice: Choice | None) -> dict[str, Any]:
    """What the manifest says of the run."""
    total = sum((ledger(source) for source in task.sources.values()), Ledger())
    return {
        "as_of": task.day.iso,
        "outcome": facts.verdict.outcome,
        "status": facts.status.word,
        "ledger": total.as_dict(),
        "not_scored": packed["not_scored"],
        "scored": facts.measures[0].count,
        "model": choice.id if choice else facts.trust.models[0].version,
        "known_outcome": labelled(task) if task.product.label else False,
    }


def _tell(conduct: Conductor, task: Task, facts: Facts) -> None:
    """The verdict, the pack's place and the ledger, for people who watch the run."""
    settings, place = task.workspace.settings, f"{task.client.name}/{task.product.name}"
    conduct.note(
        "verdict", text=f"**{facts.status.word}**: {facts.verdict.sentence}\n\nPack: `runs/{place}/{facts.evidence.run}/pack/client`"
    )
    if settings.pack_url:
        conduct.note("pack", link=f"{settings.pack_url.rstrip('/')}/{place}/{facts.evidence.run}/pack/client/index.html", text="the pack")
    rows: list[Mapping[str, Any]] = [
        {"feed": source.feed.feed, **row} for source in task.sources.values() for row in ledger_rows(ledger(source))
    ]
    conduct.note("ledger", table=rows, text="every record of every file")
