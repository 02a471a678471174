"""A pack is whole, quick, and the same bytes from the same facts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from contracts.digest import sha256_file
from reports.facts import Status
from reports.internal import read_facts, write_evidence, write_facts
from reports.pack import draw, redraw
from tests.reports.sample import facts, not_scored, parts, scores

ROOT = Path(__file__).resolve().parents[2]
FILES = ["index.html", "manifest.json", "scores.csv", "scores.parquet", "scores.xlsx"]
ELSEWHERE = """
import sys, time
from pathlib import Path
from reports.internal import read_facts, write_evidence
from reports.pack import draw
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
facts = read_facts(folder / "facts.json")
import matplotlib.font_manager, openpyxl, jinja2
start = time.process_time()
draw(facts, sorted((folder / "parts").glob("*.parquet")), folder / "not_scored.parquet", out / "client")
write_evidence(facts, out / "internal")
print(time.process_time() - start)
"""


@pytest.fixture
def given_(tmp_path: Path) -> Path:
    """A folder with facts and tables, as a run leaves them."""
    parts(scores(1000), tmp_path / "parts", 2)
    pq.write_table(not_scored(46), tmp_path / "not_scored.parquet")
    write_facts(facts(1000), tmp_path / "facts.json")
    return tmp_path


def elsewhere(folder: Path, out: Path, seed: str) -> float:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(folder), str(out)], env=environment, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def bytes_of(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): sha256_file(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def test_two_processes_write_the_same_bytes(given_: Path) -> None:
    seconds = [elsewhere(given_, given_ / f"pack-{seed}", seed) for seed in ("1", "2")]
    first, second = bytes_of(given_ / "pack-1"), bytes_of(given_ / "pack-2")
    assert sorted(first) == sorted([*(f"client/{name}" for name in FILES), "internal/gates.html", "internal/gates.json"])
    assert first == second
    assert min(seconds) < 1.0


def test_the_manifest_tells_what_is_there(given_: Path) -> None:
    out = given_ / "client"
    manifest = draw(facts(1000), sorted((given_ / "parts").iterdir()), given_ / "not_scored.parquet", out)
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8")) == manifest
    assert sorted(path.name for path in out.iterdir()) == FILES
    assert sorted(manifest["files"]) == [name for name in FILES if name != "manifest.json"]
    for name, entry in manifest["files"].items():
        assert (entry["sha256"], entry["size"]) == (sha256_file(out / name), (out / name).stat().st_size)
    assert manifest["files"]["scores.csv"]["rows"] == 1000
    assert manifest["files"]["scores.csv"]["written"]["formula_guard"].startswith("an apostrophe")
    assert manifest["files"]["scores.xlsx"]["sheets"]["Not scored"] == 46
    assert manifest["status"] == "HELD"


def test_a_release_is_drawn_again(given_: Path) -> None:
    parts_ = sorted((given_ / "parts").iterdir())
    draw(facts(1000), parts_, given_ / "not_scored.parquet", given_ / "held")
    released = read_facts(given_ / "facts.json").with_status(Status("RELEASED", "income is optional", "R. Meier", "2025-07-02"))
    redraw(released, given_ / "held", given_ / "not_scored.parquet", given_ / "again")
    draw(released, parts_, given_ / "not_scored.parquet", given_ / "fresh")
    assert bytes_of(given_ / "again") == bytes_of(given_ / "fresh")
    before, after = bytes_of(given_ / "held"), bytes_of(given_ / "again")
    assert {name for name in before if before[name] != after[name]} == {"index.html", "manifest.json", "scores.xlsx"}


def test_evidence_holds_every_gate(given_: Path) -> None:
    write_evidence(facts(1000), given_ / "internal")
    known = json.loads((given_ / "internal" / "gates.json").read_text(encoding="utf-8"))
    assert [gate["name"] for gate in known["gates"]] == [gate.name for gate in facts(1000).gates]
    assert known["verdict"]["outcome"] == "fail"
    assert len(known["drift"]) == 4
