"""Runs are whole or not there, whatever happens."""

from __future__ import annotations

import json
import os
import resource
import signal
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.errors import RunError, SourceError
from flows.direct_conductor import Direct
from flows.disk import files_in
from flows.home import Home
from flows.integrity import verify
from flows.opening import open_run
from flows.runs import of_owner
from flows.stored import run_id
from tests.flows.conftest import ROOT, plain_environment
from tests.flows.sample import CANARY, Spec, deliver

OWNER = ("acme", "churn")
SAMPLE = ROOT / "tests" / "flows" / "sample.py"


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, str(SAMPLE), str(home), *arguments]


def environment(fault: str = "", **variables: str) -> dict[str, str]:
    return {**plain_environment(), "SAMPLE_FAULT": fault, **variables}


def start(home: Path, *arguments: str, fault: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    made = environment(fault, **variables)
    return subprocess.run(command(home, *arguments), env=made, capture_output=True, text=True, timeout=60, check=False)


def bytes_of(folder: Path) -> dict[str, bytes]:
    loose = set(json.loads((folder / "run.json").read_text())["files"]) | {"run.json"}
    return {name: (folder / name).read_bytes() for name in files_in(folder) if name not in loose}


def leftovers(owner: Path) -> list[str]:
    return sorted(p.name for p in owner.iterdir() if p.name.startswith(".") and not p.name.endswith(".lock"))


def test_same_key_is_the_same_run(home: Home) -> None:
    first = Direct().conduct(deliver, Spec(home.root))
    page = (first.folder / "page.html").read_bytes()
    assert Direct().conduct(deliver, Spec(home.root)) == first
    assert (first.folder / "page.html").read_bytes() == page  # nothing was done again
    assert Direct().conduct(deliver, Spec(home.root, parts=2)).id != first.id


def test_key_order_does_not_matter_and_values_do() -> None:
    assert run_id({"a": 1, "b": 2}) == run_id({"b": 2, "a": 1}) != run_id({"a": 1, "b": 3})


def test_killed_before_every_disk_operation(tmp_path: Path) -> None:
    sweep = [sys.executable, str(ROOT / "tests/flows/publish_sweep.py"), str(tmp_path)]
    done = subprocess.run(sweep, env=plain_environment(), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["points"] > 60  # the sweep saw the whole way
    assert found["before"] > 40
    assert found["after"] >= 1  # killed between the rename and the end: visible and whole


@pytest.mark.parametrize("via", ["direct", "threads", "processes"])
def test_resumed_after_kill_skips_what_is_done(tmp_path: Path, via: str) -> None:
    log, clean = tmp_path / "log", tmp_path / "clean"
    expected = bytes_of(Path(start(clean, "--via", via).stdout.strip()))
    broken = start(tmp_path / "home", "--via", via, fault="parse part 2:kill", SAMPLE_LOG=str(log))
    assert broken.returncode != 0
    assert of_owner(Home(tmp_path / "home"), "runs", *OWNER) == []
    first = log.read_text().splitlines()
    log.unlink()
    again = start(tmp_path / "home", "--via", via, SAMPLE_LOG=str(log))
    assert again.returncode == 0, again.stderr
    assert bytes_of(Path(again.stdout.strip())) == expected
    second = log.read_text().splitlines()
    assert "cut" in first
    assert "cut" not in second  # kept
    assert "parse part 2" in second
    if via == "direct":
        assert second == ["pipeline", "parse part 2", "total", "publish"]
    assert leftovers(Path(again.stdout.strip()).parent) == []


def test_damaged_checkpoint_is_done_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    start(tmp_path / "home", fault="total:kill")
    steps = next((tmp_path / "home/runs/acme/churn").glob(".*.steps"))
    victim = next(steps.glob("parse--part-1/files/accepted/*"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"!")
    (steps / "parse--part-2" / "done.json").write_text("{}")
    again = start(tmp_path / "home", SAMPLE_LOG=str(log))
    assert log.read_text().splitlines() == ["pipeline", "parse part 1", "parse part 2", "total", "publish"]
    assert bytes_of(Path(again.stdout.strip())) == bytes_of(Path(start(tmp_path / "clean").stdout.strip()))


def test_second_process_is_refused_at_once_and_told_who(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    holder = subprocess.Popen(command(tmp_path / "home"), env=environment("parse part 1:sleep", SAMPLE_READY=str(ready)))
    try:
        await_file(ready)
        begun = time.monotonic()
        second = start(tmp_path / "home", "--parts", "2")  # another run of the same product
        assert time.monotonic() - begun < 5
        assert second.returncode == 1
        assert second.stderr.startswith("FEED-LOCKED: the product acme/churn is locked")
        assert f"process {holder.pid}" in second.stderr
        assert "since 2" in second.stderr
    finally:
        holder.kill()
        holder.wait()
    assert start(tmp_path / "home", "--parts", "2").returncode == 0  # the lock of a dead process is free at once


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT)])
@pytest.mark.parametrize("via", ["direct", "processes"])
def test_ended_by_a_signal(tmp_path: Path, number: signal.Signals, code: int, via: str) -> None:
    ready = tmp_path / "ready"
    process = subprocess.Popen(
        command(tmp_path / "home", "--via", via), env=environment("cut:sleep", SAMPLE_READY=str(ready)), stderr=subprocess.DEVNULL
    )
    await_file(ready)
    process.send_signal(number)
    assert process.wait(20) == code
    assert leftovers(tmp_path / "home/runs/acme/churn") == []  # nothing was finished, so nothing is kept
    assert start(tmp_path / "home").returncode == 0


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    made = environment("parse part 1:sleep", SAMPLE_READY=str(ready))
    process = subprocess.Popen(command(tmp_path / "home", "--via", "processes"), env=made)
    await_file(ready)
    workers = children(process.pid)
    assert workers
    process.kill()
    process.wait()
    end = time.monotonic() + 10
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < end, "a worker outlived its parent"
        time.sleep(0.05)


def test_rejection_leaves_nothing_and_a_fault_keeps_steps(tmp_path: Path) -> None:
    rejected = start(tmp_path / "a", fault="parse part 1:ours")
    assert rejected.returncode == 1
    assert rejected.stderr.splitlines() == [
        "SOURCE-EMPTY: the file is empty", "  where: file x.csv, line 7", "  step: parse, part 1", "  next: ask for it again",
    ]  # fmt: skip
    assert leftovers(tmp_path / "a/runs/acme/churn") == []
    failed = start(tmp_path / "b", fault="parse part 1:foreign")
    assert failed.stderr.startswith("ValueError: the step «parse» failed at part 1")
    assert CANARY not in failed.stderr + failed.stdout + rejected.stderr
    assert [name.rpartition(".")[2] for name in leftovers(tmp_path / "b/runs/acme/churn")] == ["steps"]


@pytest.mark.parametrize("limit", [0, 10, 200, 400, 600])
def test_full_disk(tmp_path: Path, limit: int) -> None:
    before = Path(start(tmp_path / "home", "--parts", "2").stdout.strip())
    earlier = {name: (before / name).read_bytes() for name in files_in(before)}
    full = subprocess.run(
        command(tmp_path / "home"), env=environment(), capture_output=True, text=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert full.returncode == 1
    assert full.stderr.startswith("DISK-FULL: ")
    assert "Traceback" not in full.stderr
    assert {name: (before / name).read_bytes() for name in files_in(before)} == earlier
    owner = before.parent
    assert [p.name for p in owner.iterdir() if not p.name.startswith(".")] == [before.name]
    assert not list(owner.glob(".*.part"))
    assert start(tmp_path / "home").returncode == 0


def test_everything_is_private_whatever_the_umask(tmp_path: Path) -> None:
    for fault in ("", "total:kill"):
        subprocess.run(
            command(tmp_path / "home", "--parts", "2" if fault else "3"), env=environment(fault), check=False, capture_output=True,
            preexec_fn=lambda: os.umask(0),
        )  # fmt: skip
    seen = [tmp_path / "home", *(tmp_path / "home").rglob("*")]
    assert any(path.name.endswith(".steps") for path in seen)
    hidden = [p for p in seen if p.is_file() and ".part/" in str(p)]  # unfinished: behind a folder that nobody else may enter
    assert [p for p in seen if stat.S_IMODE(p.stat().st_mode) != (0o700 if p.is_dir() else 0o600) and p not in hidden] == []


def test_sweep_removes_old_leftovers_only(home: Home) -> None:
    owner = home.runs(*OWNER)
    for name, days in (("old", 8), ("young", 6)):
        folder = owner / f".{name}.steps"
        (folder / "cut").mkdir(parents=True)
        for path in (folder / "cut", folder):
            os.utime(path, (time.time() - days * 86400,) * 2)
    (owner / ".dead.x.part").mkdir()
    with open_run(home, "runs", OWNER, {"a": 1}):
        assert [n for n in leftovers(owner) if not n.endswith(".part")] == [".young.steps"]
        assert ".dead.x.part" not in leftovers(owner)
    assert leftovers(owner) == [".young.steps"]


def test_block_without_publish_leaves_nothing(home: Home) -> None:
    with open_run(home, "runs", OWNER, {"a": 1}) as run:
        (run.work / "x").write_text("1")
    assert leftovers(run.owner) == []
    assert of_owner(home, "runs", *OWNER) == []


def test_collects_folders_and_files_and_refuses_two_at_one_place(home: Home, tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.txt").write_text("a")
    with open_run(home, "runs", OWNER, {"a": 1}) as run:
        collect = [(tmp_path / "in", "data"), (tmp_path / "in" / "deep" / "a.txt", "b.txt")]
        stored = run.publish(collect, now=datetime(2026, 1, 5, tzinfo=UTC))
    assert sorted(stored.manifest["files"]) == ["b.txt", "data/deep/a.txt"]
    assert stored.run["published"] == "2026-01-05T00:00:00+00:00"
    assert (stored.folder / "b.txt").stat().st_nlink == 1  # copied: no byte is shared with another folder
    with pytest.raises(RunError, match="RUN-CLASH"), open_run(home, "runs", OWNER, {"a": 2}) as run:
        run.publish([(tmp_path / "in", ""), (tmp_path / "in", "")])
    with pytest.raises(RunError, match="RUN-LOOSE"), open_run(home, "runs", OWNER, {"a": 2}) as run:
        run.publish(loose=["drift.html"])


def test_numbers_follow_the_order_of_publishing_not_the_clock(home: Home) -> None:
    for number, year in enumerate((2030, 2020), 1):
        with open_run(home, "runs", OWNER, {"n": number}) as run:
            assert run.publish(now=datetime(year, 1, 1, tzinfo=UTC)).number == number


def test_place_taken_by_something_else(home: Home) -> None:
    (home.runs(*OWNER) / run_id({"a": 1})).mkdir()
    with pytest.raises(RunError, match="RUN-DAMAGED"), open_run(home, "runs", OWNER, {"a": 1}):
        pass


def test_own_error_in_the_block_is_not_changed(home: Home) -> None:
    error = SourceError("SOURCE-EMPTY", "the file is empty")
    with pytest.raises(SourceError) as met, open_run(home, "submissions", OWNER, {"a": 1}):
        raise error
    assert met.value is error


def test_published_run_is_sound(home: Home) -> None:
    assert verify(Direct().conduct(deliver, Spec(home.root))) == []


def await_file(path: Path, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < end, f"{path.name} did not appear"
        time.sleep(0.02)


def children(process: int) -> list[int]:
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(each) for each in text.split()]
