"""Release: a person takes a held pack upon themselves; the pack is drawn again and says so."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import Place, RunError
from flows import versions
from flows.conductor import Conductor
from flows.integrity import sound
from flows.opening import open_run
from flows.runs import find
from flows.steps import step
from flows.stored import Stored
from flows.workspace import Workspace
from reports import internal, pack
from reports.facts import Status

DRIFT = "pack/internal/drift.html"
"""Evidently's page; it stays what it was at the delivery."""


@dataclass(frozen=True)
class Decision:
    """Who releases which run, why, and on which day (ISO)."""

    run: str
    by: str
    reason: str
    on: str
    label: str = ""


@step("redraw", keep=True)
def redraw(item: Decision, out: Path, old: Path) -> dict[str, Any]:
    """The pack of a run under the status RELEASED; scores stay as they are."""
    facts = internal.read_facts(old / "facts.json").with_status(Status("RELEASED", item.reason, item.by, item.on))
    pack.redraw(facts, old / "pack" / "client", old / "not_scored.parquet", out / "pack" / "client")
    internal.write_evidence(facts, out / "pack" / "internal")
    internal.write_facts(facts, out / "facts.json")
    for name in ("not_scored.parquet", "assumptions.json"):
        shutil.copyfile(old / name, out / name)
    if (old / DRIFT).is_file():
        shutil.copyfile(old / DRIFT, out / DRIFT)
    return {"status": facts.status.word}


def release(conduct: Conductor, workspace: Workspace, what: str, by: str, reason: str) -> Stored:
    """Release a held pack as a run of its own, which names the one that it releases.

    Raises
    ------
    RunError
        RUN-UNKNOWN, RUN-DAMAGED, RUN-NOT-HELD, RELEASE-UNSIGNED without a name or a reason.
    """
    old = sound(find(workspace.home, what))
    place = Place(client=old.client)
    if old.facts.get("status") != "HELD":
        raise RunError(
            "RUN-NOT-HELD",
            f"{old.label} is not held",
            place=place,
            found=str(old.facts.get("status")),
            hint="only a held pack needs a release",
        )
    if not by.strip() or not reason.strip():
        raise RunError("RELEASE-UNSIGNED", "a release needs a name and a reason", place=place, hint="--by NAME --reason TEXT")
    decision = Decision(old.id, by.strip(), reason.strip(), workspace.today.isoformat())
    key = {"release": old.id, "by": decision.by, "reason": decision.reason, "on": decision.on, "code": versions.code()}
    with open_run(workspace.home, "runs", (old.client, old.name), key, now=workspace.now) as run:
        if run.stored is not None:
            return run.stored
        done = conduct.at(run.steps).run(redraw, decision, old.folder)
        facts = {**old.facts, "status": "RELEASED", "releases": old.id, "by": decision.by, "reason": decision.reason, "on": decision.on}
        loose = (DRIFT,) if (old.folder / DRIFT).is_file() else ()
        return run.publish([(done, "")], facts=facts, loose=loose, now=workspace.now)
