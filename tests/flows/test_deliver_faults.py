"""The main job under bad luck: killed at any step, a full disk, a lock; and no value of a client where it does not belong."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.errors import RunError
from flows.integrity import verify
from flows.lock import held as lock
from flows.packing import Drawing, draw_drift
from flows.rehearsal.rehearsal import Rehearsal, rehearse
from flows.runs import stored
from flows.scored import Picture
from flows.workspace import Workspace
from reports.drift_page import DriftColumn
from tests.flows.conftest import ROOT, plain_environment
from tests.flows.delivering import harbour, here, millrace, taken_in

SURNAME, MAIL, AMOUNT = "Quittenbaumer", "quirinusla.q77131@example.net", "77131,31"
CANARIES = (SURNAME, "quirinusla", "77131,31", "77131.31", "77,131", "77.131", "77\u00a0131")


def test_killed_at_any_step_and_started_again(tmp_path: Path, trained: Path) -> None:
    made = rehearse(tmp_path / "files", seed=5, customers=150, periods=1, panel=0)
    (tmp_path / "work").mkdir()
    files = [str(made.newest("customers").path), str(made.newest("transactions").path)]
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/flows/kill_steps.py"), str(trained), str(tmp_path / "work"), *files],
        env={**plain_environment(), "OMP_NUM_THREADS": "1"}, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert len(found["steps"]) == 15
    assert found["kills"] == 18


def arguments(made: Rehearsal) -> list[str]:
    """All of the rehearsed client's files, as words of the command."""
    lines = [str(file.path) for file in made.of("transactions")]
    return ["harbour", f"customers={made.newest('customers').path}", f"transactions={lines[0]}", *lines[1:]]


def test_full_disk(space: Workspace, rehearsed: Rehearsal) -> None:
    limit = 40_000
    done = millrace(
        "deliver", *arguments(rehearsed), "--pages", "client", home=space.home.root,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert re.search(r"^DISK-FULL: ", done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr
    assert stored(space.home, "runs") == []
    assert not list((space.home.root / "runs").glob("*/*/[!.]*"))
    assert not list(space.home.root.glob("*/*/*/.*.part"))
    assert all(verify(each) == [] for each in stored(space.home, "submissions"))


def test_full_disk_while_the_pack_is_made_then_room_again(space: Workspace, rehearsed: Rehearsal) -> None:
    for arrival in harbour(rehearsed).arrivals:
        taken_in(space, arrival.feed, *arrival.paths)
    limit = 700_000  # the scores fit, the workbook before it is packed does not
    full = millrace(
        "deliver", "harbour", "--pages", "client", home=space.home.root,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert full.returncode == 1, full.stderr
    assert "DISK-FULL: " in full.stderr
    assert "finished steps are kept" in full.stderr
    assert "Traceback" not in full.stderr
    assert stored(space.home, "runs") == []
    kept = {path.parent.name for path in space.home.root.glob("runs/harbour/repurchase/.*.steps/*/done.json")}
    assert kept >= {"score--part-1", "rank", "arrange--part-1"}
    assert "pack" not in kept
    again = here("deliver", "harbour", "--pages", "client", home=space.home.root)
    assert "HELD" in again.stdout, again.stderr
    assert verify(stored(space.home, "runs")[0]) == []


def test_full_disk_met_by_the_process_that_draws(tmp_path: Path) -> None:
    table = pa.table({"age": pa.array(range(20, 80))})
    for name in ("a", "b"):
        pq.write_table(table, tmp_path / f"{name}.parquet")
    picture = Picture((tmp_path / "a.parquet",), (tmp_path / "b.parquet",), (DriftColumn("age", "Age", "number", "none", "input"),))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(RunError, match="DISK-FULL"):
            draw_drift(Drawing(picture, "Age", "READY", 0.25), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not (tmp_path / "drift.html").exists()


def test_locked_product(space: Workspace, rehearsed: Rehearsal) -> None:
    folder = space.home.runs("harbour", "repurchase")
    with lock(folder / ".lock", {"run": "abc", "since": "then"}, code="X", what="it"):
        done = here("deliver", *arguments(rehearsed), "--json", "--pages", "none", home=space.home.root)
    error = json.loads(done.stdout)["error"]
    assert done.exit_code == 1
    assert error["code"] == "FEED-LOCKED"
    assert error["message"] == "the product harbour/repurchase is locked by another process"
    assert error["found"].startswith("run abc, since then, process ")
    assert "wait" in error["hint"]
    assert stored(space.home, "runs") == []


def with_canaries(made: Rehearsal, folder: Path) -> Rehearsal:
    """The same files, in which one customer and one order line are known by values that occur nowhere else, one row of them damaged."""
    folder = shutil.copytree(made.folder, folder / "files")
    path = folder / made.newest("customers").path.name
    lines = path.read_bytes().decode("cp1252").split("\r\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("1002"))
    for n, born in ((at, "18.01.1977"), (at + 40, SURNAME), (at + 80, f"18.01.1977;{SURNAME}")):  # sound, one bad cell, one cell too many
        cells = lines[n].split(";")
        assert len(cells) == 20
        cells[2:5], cells[11], cells[13] = ["Quirinusla", SURNAME, MAIL], born, AMOUNT
        lines[n] = ";".join(cells)
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return replace(made, folder=folder, files=tuple(replace(file, path=folder / file.path.name) for file in made.files))


def texts(path: Path) -> Iterator[str]:
    """A file as text: members of an archive unpacked, tables read, bytes in two encodings."""
    data = path.read_bytes()
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        yield from (str(table.column(name).to_pylist()) for name in table.column_names)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    yield data.decode("utf-8", "replace")
    yield data.decode("utf-16-le", "replace")


def telling(path: Path) -> list[str]:
    """The canaries that a file holds."""
    return [canary for canary in CANARIES if any(canary.lower() in text.lower() for text in texts(path))]


def test_no_value_leaves_the_data_files(space: Workspace, rehearsed: Rehearsal, tmp_path: Path) -> None:
    made = with_canaries(rehearsed, tmp_path)
    done = millrace("deliver", *arguments(made), "--verbose", home=space.home.root)
    assert done.returncode == 1, done.stderr  # held: the panel is unlike the customers
    run = stored(space.home, "runs")[0]
    assert b"<html" in (run.folder / "pack/internal/drift.html").read_bytes()
    assert set(run.run["files"]) == {"log.jsonl", "pack/internal/drift.html"}
    assert verify(run) == []
    said = [here("runs", "show", run.label, *more, home=space.home.root).stdout for more in ([], ["--json"])]
    said += [here("assumptions", run.label, home=space.home.root).stdout, done.stdout, done.stderr]
    assert not [text for text in said for canary in CANARIES if canary.lower() in text.lower()]
    holding = {path.relative_to(space.home.root): telling(path) for path in sorted(space.home.root.rglob("*")) if path.is_file()}
    where = {"/".join(path.parts[:1] + path.parts[2:3] + path.parts[4:]): found for path, found in holding.items() if found}
    assert where == {
        "submissions/customers/accepted/part-00000.parquet": ["77131.31"],
        "submissions/customers/vault/part-00000.parquet": [SURNAME, "quirinusla"],
        "submissions/customers/quarantine.parquet": [SURNAME, "quirinusla", "77131,31"],
    }
    log = [json.loads(line) for line in (run.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert any(line["message"].startswith("score part 1") for line in log)
    assert here("release", run.label, "--by", "R. Meier", "--reason", "a trial", home=space.home.root).exit_code == 0
    later = next(each for each in stored(space.home, "runs") if each.id != run.id)
    drawn = "pack/internal/drift.html"
    assert (later.folder / drawn).read_bytes() == (run.folder / drawn).read_bytes()
    assert (list(later.run["files"]), verify(later)) == ([drawn], [])


def test_an_error_holds_no_value(space: Workspace, rehearsed: Rehearsal, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    lines = rehearsed.newest("customers").path.read_bytes().decode("cp1252").split("\r\n")
    whole = [cells for cells in (line.split(";") for line in lines) if len(cells) == 20]
    bad = [";".join([*row[:11], SURNAME if n else row[11], *row[12:]]) for n, row in enumerate(whole) if not n or row[0] != whole[0][0]]
    path.write_bytes("\r\n".join(bad).encode("cp1252"))
    for more in ([], ["--json"]):
        done = millrace("intake", "harbour/customers", path, "--verbose", *more, home=space.home.root)
        assert done.returncode == 1
        assert "FIELD-UNPARSABLE" in done.stdout + done.stderr
        assert SURNAME.lower() not in (done.stdout + done.stderr).lower()
    assert not [p for p in space.home.root.rglob("*") if p.is_file() and telling(p)]
    assert stored(space.home, "submissions") == []
