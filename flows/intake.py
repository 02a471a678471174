"""Intake as a pipeline: a submission is read, mapped, parsed, checked and published, or it leaves nothing."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors import intake as taking
from connectors import settle as settling
from connectors.plan import Plan, Take, changed, plan
from connectors.returned import Changes, Mended
from connectors.settle import Share, shares
from connectors.spec.feed import FeedSpec
from connectors.submission import examine, finish
from contracts.errors import Place, SettingsError
from contracts.ledger import Ledger
from flows import versions
from flows.checkpoint import Kept
from flows.conductor import Conductor
from flows.disk import write_json
from flows.integrity import sound
from flows.logs import FILE as LOG
from flows.logs import logged
from flows.mending import FILE as MENDED
from flows.mending import mending, taken
from flows.opening import open_run
from flows.renewed import write_renewal
from flows.repairs import recognised, refuse_stray
from flows.run import Run
from flows.steps import step
from flows.stored import Stored
from flows.submissions import REPLACES, by_id
from flows.workspace import Workspace


@dataclass(frozen=True)
class Arrival:
    """Files that arrive for a feed.

    Parameters
    ----------
    feed : str
        As ``client/feed``.
    paths : tuple of Path
    replaces : str, optional
        Id of the submission that this one corrects.
    draft : bool
        A connector that is not confirmed may be used.
    """

    feed: str
    paths: tuple[Path, ...]
    replaces: str | None = None
    draft: bool = False

    @property
    def client(self) -> str:
        """Whose feed."""
        return self.feed.partition("/")[0]

    @property
    def name(self) -> str:
        """The feed's name within its client."""
        return self.feed.partition("/")[2]

    @property
    def label(self) -> str:
        """For people."""
        return self.feed


@dataclass(frozen=True)
class Before:
    """Files whose rows a mended workbook changes, with the mended workbooks before it."""

    label: str
    planned: Plan
    mended: tuple[Mended, ...]


@dataclass(frozen=True)
class Comparison:
    """A submission with its mended workbooks, to be compared with what it was before the last of them."""

    label: str
    planned: Plan


@step("look at before", keep=True)
def take_before(item: Before, out: Path) -> dict[str, Any]:
    """What failed before a mended workbook is applied, and which records were set aside; the rows themselves are not kept."""
    with tempfile.TemporaryDirectory(dir=out, prefix=".before-") as folder:
        paths = [file.path for file in item.planned.files]
        rows = item.planned.takes[0].block_rows
        *_, (last, _, about) = taken(paths, item.planned.feed, item.planned.client, item.mended, Path(folder), block_rows=rows)
        for name in ("failures", "quarantine", "set_aside"):
            (last / f"{name}.parquet").rename(out / f"{name}.parquet")
    return {"ledger": about["ledger"]}


@step("compare", keep=True)
def compare(item: Comparison, out: Path, before: Kept, after: Kept) -> dict[str, Any]:
    """Write down what a mended workbook brings."""
    found = mending(before.out, after.out, item.planned)
    write_json(out / MENDED, found.as_dict())
    return {"asked": found.asked}


@step("take in", keep=True)
def take(item: Take, out: Path) -> dict[str, Any]:
    """Read, map, parse and judge some files."""
    return taking.take(item, out)


@step("settle", keep=True)
def settle(item: Plan, out: Path, takes: Sequence[Kept]) -> dict[str, Any]:
    """Find repeats and clashes over the whole submission."""
    return settling.settle(takes, item, out)


@step("write", keep=True)
def share(item: Share, out: Path) -> dict[str, Any]:
    """Write one partition of the accepted table."""
    return settling.share(item, out)


@step("account", keep=True)
def account(item: Plan, out: Path, takes: Sequence[Kept], settled: Kept, shared: Sequence[Kept]) -> dict[str, Any]:
    """Prove the ledger, and write down what did not stay."""
    return finish(item, takes, settled, [each.result for each in shared], out)


def intake(conduct: Conductor, workspace: Workspace, arrival: Arrival) -> Stored:
    """Take a submission in.

    Returns
    -------
    Stored
        The submission; the same files under the same versions give the same one, without doing anything again.

    Raises
    ------
    SettingsError
        CONNECTOR-DRAFT for a connector that is not confirmed, and those of `connectors.library`.
    MillraceError
        As `connectors.submission.take_in`; FEED-LOCKED; RUN-UNKNOWN for a submission to be replaced that is not there.
    """
    feed, client = workspace.feed(arrival.feed), workspace.client(arrival.client)
    usable(feed, draft=arrival.draft)
    given = recognised(workspace, arrival.feed, arrival.paths)
    planned = plan(given.files, feed, client, block_rows=workspace.settings.partition_rows)
    replaces = by_id(workspace.home, arrival.client, arrival.name, arrival.replaces).id if arrival.replaces else None
    with open_run(
        workspace.home,
        "submissions",
        (arrival.client, arrival.name),
        key_of(planned, workspace, replaces, given.mended),
        now=workspace.now,
    ) as run:
        if run.stored is not None:
            return sound(run.stored)
        with logged(run.scratch):
            made, facts = _taken(conduct, planned, given.mended, arrival, run)
        facts |= {REPLACES: replaces}
        ledger = Ledger.from_dict(facts["ledger"])
        rows = ledger.accepted + ledger.rows_quarantined
        more = write_renewal(workspace, feed, [file.path for file in planned.files], rows, run.scratch)
        loose = (LOG, *(name for _, name in more))
        return run.publish([*made, (run.scratch / LOG, LOG), *more], facts=facts, loose=loose, now=workspace.now)


def _taken(
    conduct: Conductor, planned: Plan, mended: tuple[Mended, ...], arrival: Arrival, run: Run
) -> tuple[list[tuple[Kept | Path, str]], dict[str, Any]]:
    """The finished submission: what goes where in it, and what its manifest says."""
    feed = planned.feed
    steps = conduct.at(run.steps)
    before = steps.run(take_before, Before(f"{feed.name} as it was", planned, mended[:-1])) if mended else None
    if before is not None:
        planned = changed(planned, Changes(mended, before.out / "set_aside.parquet"))
    takes = steps.map(take, planned.takes)
    refuse_stray((name for done in takes for file in done["files"] for name in file["unknown"]), arrival.feed)
    examine(planned, takes)
    settled = steps.run(settle, planned, takes)
    shared = steps.map(share, shares(takes, settled, feed))
    done = steps.run(account, planned, takes, settled, shared)
    steps.note("ledger", table=ledger_rows(Ledger.from_dict(done["ledger"])), text=f"{arrival.feed}: every record of the submission")
    facts = {"contract": feed.table.id, "ledger": done["ledger"], "connector": feed.status}
    made: list[tuple[Kept | Path, str]] = [(done, ""), *((each, "") for each in shared)]
    if before is not None:
        made.append((steps.run(compare, Comparison(f"{feed.name} mended", planned), before, done), ""))
    return made, facts


def usable(feed: FeedSpec, *, draft: bool) -> None:
    """Refuse a connector with open questions, unless drafts are allowed."""
    if feed.status == "draft" and not draft:
        raise SettingsError(
            "CONNECTOR-DRAFT", "the connector is a draft", place=Place(client=feed.client, feed=feed.feed), expected="status: confirmed",
            hint="answer its open questions and set `status: confirmed`, or use --draft: the pack then says so",
        )  # fmt: skip


def key_of(planned: Plan, workspace: Workspace, replaces: str | None, mended: Sequence[Mended] = ()) -> dict[str, Any]:
    """Everything that decides the bytes of a submission; no path and no file name.

    A mended workbook is no file of it: the submission has the files of the one that it mends, and so takes its place.
    """
    return {
        "client": planned.client.name, "feed": planned.feed.name, "files": sorted(file.sha256 for file in planned.files),
        "connector": planned.feed.digest, "reading": planned.client.model_dump(include={"country", "language", "time_zone", "currency"}),
        "contract": [planned.feed.table.id, planned.feed.table.digest], "replaces": replaces, "settings": workspace.settings.echo(),
        "code": versions.code(), "libraries": versions.libraries(), **({"mended": [each.sha256 for each in mended]} if mended else {}),
    }  # fmt: skip


def ledger_rows(ledger: Ledger) -> list[dict[str, Any]]:
    """The ledger as rows for a table: what became of the records, and how many.

    Examples
    --------
    >>> ledger_rows(Ledger(3, {"age:ge": 1}, {"header": 1}))[-1]
    {'what': 'all records', 'records': 5}
    """
    parts = [("accepted", ledger.accepted), *((f"quarantined, {why}", n) for why, n in sorted(ledger.quarantined.items()))]
    parts += [(f"set aside, {why}", n) for why, n in sorted(ledger.set_aside.items())]
    return [{"what": what, "records": n} for what, n in (*parts, ("all records", ledger.records))]
