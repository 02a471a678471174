"""Rehearsed submissions with their truth: no damage that a file betrays is taken for a value, and nothing sound is harmed."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.library import load_client, load_feed
from connectors.submission import take_in
from flows.rehearsal.damage import Feed, Form
from flows.rehearsal.judge import judge, judge_tables
from flows.rehearsal.rehearsal import Rehearsal, rehearse
from flows.rehearsal.taken import read_taken
from flows.rehearsal.verdicts import Verdicts


def judged(done: Rehearsal, feed: str, folder: Path) -> Verdicts:
    """What the intake of the newest file of customers, or of all files of transactions, made of the damages."""
    paths = [done.newest("customers").path] if feed == "customers" else [file.path for file in done.of("transactions")]
    take_in(paths, load_feed(f"harbour/{feed}"), load_client("harbour"), folder / feed, folder / f"between-{feed}")
    return judge(done.folder / "truth", folder / feed)


@pytest.mark.parametrize(("form", "customers", "seed", "rate"), [("csv", 5000, 7, 0.06), ("csv", 5000, 21, 0.15), ("xlsx", 1000, 7, 0.06)])
def test_nothing_is_silently_wrong(tmp_path: Path, form: Form, customers: int, seed: int, rate: float) -> None:
    done = rehearse(tmp_path / "r", seed=seed, customers=customers, periods=2, panel=0, form=form, rate=rate)
    for feed in ("customers", "transactions"):
        verdicts = judged(done, feed, tmp_path)
        assert verdicts.count("damages") > 30
        assert [kind for kind in verdicts.kinds if kind.betrayed and (kind.wrong or kind.unread)] == []
        assert (dict(verdicts.harmed_cells), verdicts.harmed_rows) == ({}, 0)
        assert verdicts.count("repaired") + verdicts.count("harmless") >= 0.4 * verdicts.count("damages")


@pytest.mark.parametrize("feed", ["customers", "transactions"])
def test_clean_files_are_taken_as_they_are(tmp_path: Path, feed: Feed) -> None:
    done = rehearse(tmp_path / "r", seed=3, customers=1500, periods=1, panel=0, rate=0.0)
    spec, client = load_feed(f"harbour/{feed}"), load_client("harbour")
    described = take_in([done.newest(feed).path], spec, client, tmp_path / "out", tmp_path / "between")
    assert described["ledger"]["quarantined"] == described["failures"] == described["repaired"] == {}
    truth = pq.read_table(next((done.folder / "truth").glob(f"{feed}_*.parquet")))
    verdicts = judge_tables(pq.read_table(done.damages), truth, read_taken(tmp_path / "out"))
    assert described["ledger"]["accepted"] == truth.num_rows
    assert (dict(verdicts.harmed_cells), verdicts.harmed_rows) == ({}, 0)
