"""Evidently's page: drawn in a process of its own, self-contained, without what must not be seen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.errors import RunError
from reports.drift_page import DriftColumn, DriftJob, draw, sample
from reports.plain import as_plain
from tests.reports.conftest import Opener
from tests.reports.hostile import ATTACKS

ROOT = Path(__file__).resolve().parents[2]
CANARY = "Xq7Canary"
COLUMNS = (
    DriftColumn("age", "Age", "number"),
    DriftColumn("same", "Constant", "number"),
    DriftColumn("income", ATTACKS[1], "number", "quasi"),
    DriftColumn("segment", ATTACKS[2], "category"),
    DriftColumn("consent", "Consent", "category"),
    DriftColumn("since", "Customer since", "number"),
    DriftColumn("empty", "Empty", "category"),
    DriftColumn("mail", "Mail", "category"),
    DriftColumn("faith", "Faith", "category", "sensitive"),
    DriftColumn("absent", "Web minutes", "number"),
)


def side(rows: int, shift: int, seed: int) -> pa.Table:
    random = np.random.default_rng(seed)
    gaps = random.random(rows) < 0.05 + shift / 20
    rare = [f"{CANARY}{n}" for n in range(6)]
    segment = np.concatenate([random.choice(["A", "B", ATTACKS[1]], rows - 6), rare])
    return pa.table(
        {
            "age": pa.array(random.integers(18, 80, rows) + shift, pa.int64()),
            "same": pa.array([1.0] * rows),
            "income": pa.array(np.where(random.random(rows) < 0.001, 98_765_431.0, random.lognormal(10, 0.4, rows)), mask=gaps),
            "segment": pa.array(segment.tolist()).dictionary_encode(),
            "consent": pa.array(random.random(rows) < 0.3),
            "since": pa.array(random.integers(10_000, 20_000, rows).astype("datetime64[D]")),
            "empty": pa.nulls(rows, pa.string()),
            "mail": pa.array([f"{CANARY}{n}@example.org" for n in range(rows)]),
            "faith": pa.array([CANARY] * rows),
        }
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("drift")
    tables = {"t0": side(20_000, 0, 1), "t1": side(20_000, 0, 2), "c0": side(3_000, 6, 3)}
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    job = DriftJob(
        (str(folder / "t0.parquet"), str(folder / "t1.parquet")),
        (str(folder / "c0.parquet"),),
        COLUMNS,
        str(folder / "drift.html"),
        f"Churn {ATTACKS[1]}",
        f"HELD: {ATTACKS[1]}",
    )
    (folder / "job.json").write_text(json.dumps(as_plain(job)), encoding="utf-8")
    command = [sys.executable, "-m", "reports.drift_page", str(folder / "job.json")]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=180)
    return folder / "drift.html", json.loads(done.stdout)


def test_the_result_says_what_was_drawn(drawn: tuple[Path, dict[str, Any]]) -> None:
    path, result = drawn
    assert (result["training"], result["current"]) == (20_000, 3_000)
    assert result["psi"]["Age"] > 0.1
    assert result["psi"]["Consent"] < 0.05
    assert sum(title.endswith("(given or missing)") for title in result["psi"]) == 1
    assert max(value for title, value in result["psi"].items() if "given or missing" in title) > 0.2
    assert result["left_out"] == {
        "Empty": "empty in the training data",
        "Mail": "too many different values to be shown",
        "Faith": "sensitive",
        "Web minutes": "not in the training data",
    }
    assert [entry.name for entry in path.parent.glob(".drift*")] == []


def test_nothing_is_seen_that_must_not_be(drawn: tuple[Path, dict[str, Any]]) -> None:
    text = drawn[0].read_text(encoding="utf-8")
    assert CANARY not in text
    assert "98765431" not in text
    assert "window.millraceHit" in text  # as words only:
    assert "<script>window.millraceHit" not in text
    assert "</script><script>window" not in text
    assert len(text) < 8_000_000


@pytest.mark.browser
def test_it_opens_without_the_network(drawn: tuple[Path, dict[str, Any]], opened: Opener) -> None:
    shown = opened(drawn[0], 1280)
    shown.get_by_text("Customer since").first.wait_for(timeout=20_000)
    assert shown.evaluate("window.millraceHit") is None
    assert shown.locator("h1 + p").inner_text().startswith("HELD: ")
    assert "20,000 rows" in shown.locator("h1 + p + p").inner_text()


@pytest.mark.browser
def test_one_drifted_column_is_drift_and_a_phone_can_reach_the_whole_width(drawn: tuple[Path, dict[str, Any]], opened: Opener) -> None:
    shown = opened(drawn[0], 390)
    shown.get_by_text("Dataset Drift is detected").first.wait_for(timeout=20_000)
    assert shown.evaluate("document.scrollingElement.scrollWidth") >= 1000


@pytest.mark.parametrize(
    "column",
    [
        DriftColumn("mail", "Mail", "category", "direct"),
        DriftColumn("id", "Id", "category", "none", "key"),
        DriftColumn("churned", "Churned", "category", "none", "label"),
    ],
)
def test_identifiers_are_refused(column: DriftColumn, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="DRIFT-COLUMN"):
        draw(DriftJob((), (), (column,), str(tmp_path / "drift.html"), "x"))


def test_nothing_to_draw_is_an_error_with_the_reason(tmp_path: Path) -> None:
    pq.write_table(side(20, 0, 1), tmp_path / "few.parquet")
    job = DriftJob((str(tmp_path / "few.parquet"),), (str(tmp_path / "few.parquet"),), COLUMNS, str(tmp_path / "drift.html"), "x")
    with pytest.raises(RunError, match="DRIFT-NOTHING") as caught:
        draw(job)
    assert "fewer than 30 rows" in str(caught.value.found)
    assert not (tmp_path / "drift.html").exists()
    (tmp_path / "job.json").write_text(json.dumps(as_plain(job)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "reports.drift_page", str(tmp_path / "job.json")], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("DRIFT-NOTHING")


def test_a_sample_is_even_and_repeatable(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.parquet" for n in range(3)]
    for number, path in enumerate(paths):
        pq.write_table(pa.table({"x": pa.array(range(number * 1000, number * 1000 + 1000))}), path)
    made = sample(paths, ["x", "nope"], 600, 5)["x"].to_pylist()
    assert made == sample(paths, ["x"], 600, 5)["x"].to_pylist()
    assert len(set(made)) == 600
    assert all(130 < sum(n * 1000 <= v < n * 1000 + 1000 for v in made) < 270 for n in range(3))
