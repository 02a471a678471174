"""Releases: a person takes a held pack upon themselves; the pack says who, when and why, and the scores stay as they are."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.errors import RunError
from flows.direct_conductor import Direct
from flows.integrity import verify
from flows.release import release
from flows.runs import of_owner
from flows.stored import Stored
from flows.workspace import Workspace
from tests.flows.conftest import Held
from tests.flows.delivering import facts_of, here, workspace

WHY = "Checked by phone with the client: the panel is of another year."


@pytest.fixture
def space(tmp_path: Path, held: Held) -> Workspace:
    """A copy of the home with the held pack, a day later."""
    shutil.copytree(held.space.home.root, tmp_path / "home")
    return workspace(tmp_path / "home", datetime(2026, 9, 2, 23, 30, tzinfo=UTC))


def released(space: Workspace, what: str = "harbour/repurchase@latest", by: str = "R. Meier", reason: str = WHY) -> Stored:
    run = Direct().conduct(release, space, what, by, reason)
    assert isinstance(run, Stored)
    return run


def test_the_pack_says_who_when_and_why(space: Workspace, held: Held) -> None:
    run = released(space)
    status = facts_of(run).status
    assert (status.word, status.by, status.on, status.reason) == ("RELEASED", "R. Meier", "2026-09-02", WHY)
    assert (run.facts["status"], run.facts["releases"], run.facts["outcome"]) == ("RELEASED", held.run.id, "fail")
    page = (run.folder / "pack/client/index.html").read_text(encoding="utf-8")
    assert "RELEASED" in page
    assert "R. Meier" in page
    assert WHY in page
    assert verify(run) == []


def test_the_verdict_is_that_before_the_release(space: Workspace, held: Held) -> None:
    run = released(space)
    said = here("runs", "show", run.label, home=space.home.root).stdout.splitlines()
    assert "verdict    before the release: Please wait with these scores" in "\n".join(said)
    assert f"released   by R. Meier on 2 September 2026: {WHY}" in said
    page = (run.folder / "pack/client/index.html").read_text(encoding="utf-8")
    assert "The verdict before the release:" in page
    assert f'<dt>Run that was released</dt><dd class="hash">{held.run.id}</dd>' in page
    old = (held.run.folder / "pack/client/index.html").read_text(encoding="utf-8")
    assert "<dt>Run</dt>" in old
    assert "before the release" not in old


def test_scores_stay_and_the_held_run_too(space: Workspace, held: Held) -> None:
    run = released(space)
    for name in ("scores.csv", "scores.parquet"):
        assert (run.folder / "pack/client" / name).read_bytes() == (held.run.folder / "pack/client" / name).read_bytes(), name
    assert (run.folder / "not_scored.parquet").read_bytes() == (held.run.folder / "not_scored.parquet").read_bytes()
    old, new = of_owner(space.home, "runs", "harbour", "repurchase")
    assert (old.id, old.facts["status"], verify(old)) == (held.run.id, "HELD", [])
    assert (new.id, new.number) == (run.id, 2)


def test_the_same_release_is_one_run_and_another_is_another(space: Workspace, held: Held) -> None:
    what = held.run.id[:8]
    first = released(space, what)
    assert released(space, what) == first
    assert released(space, what, by="S. Schulz").id != first.id


@pytest.mark.parametrize(("by", "reason"), [("", WHY), ("R. Meier", "  ")])
def test_a_release_is_signed(space: Workspace, by: str, reason: str) -> None:
    with pytest.raises(RunError, match="RELEASE-UNSIGNED"):
        released(space, by=by, reason=reason)
    assert len(of_owner(space.home, "runs", "harbour", "repurchase")) == 1


def test_only_a_held_pack_is_released(space: Workspace) -> None:
    run = released(space)
    with pytest.raises(RunError, match="RUN-NOT-HELD") as met:
        released(space, run.label)
    assert met.value.found == "RELEASED"


def test_a_damaged_pack_is_not_released(space: Workspace, held: Held) -> None:
    path = space.home.root / "runs/harbour/repurchase" / held.run.id / "pack/client/scores.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(RunError, match="RUN-DAMAGED"):
        released(space)


def test_markup_in_a_reason_stays_text(space: Workspace) -> None:
    run = released(space, reason="<script>alert(1)</script> & more")
    page = (run.folder / "pack/client/index.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_by_the_command(space: Workspace) -> None:
    home = space.home.root
    words = ("release", "harbour/repurchase@latest", "--by", "R. Meier", "--reason", WHY)
    document = json.loads(here(*words, "--json", home=home).stdout)
    assert (document["status"], document["outcome"]) == ("RELEASED", "fail")
    said = here("runs", "show", "harbour/repurchase@latest", home=home)
    assert "RELEASED" in said.stdout.splitlines()[0]
    assert "next" not in said.stdout
    assert here(*words[:-2], home=home).exit_code == 2  # without a reason
    again = here(*words, home=home)
    assert (again.exit_code, again.stderr.split(":")[0]) == (1, "RUN-NOT-HELD")
