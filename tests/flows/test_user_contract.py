"""A contract that a user brings as an ODCS file does all that one in Python does: proposing, checking, taking in, in workers too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from connectors.plan import plan
from contracts import odcs, shelf
from contracts.contract import get
from contracts.errors import SettingsError
from flows.direct_conductor import Direct
from flows.intake import Arrival, intake, key_of
from flows.settings import load
from flows.stored import Stored
from flows.workspace import Workspace

VISITS = """\
version: 2.1.0
kind: DataContract
id: visits
apiVersion: v3.1.0
schema:
  - name: VisitLog
    dataGranularityDescription: one row per visit
    properties:
      - {name: visitId, primaryKey: true, logicalType: string, logicalTypeOptions: {minLength: 2, maxLength: 12}}
      - {name: cameAt, logicalType: timestamp, required: true, logicalTypeOptions: {minimum: "2020-01-01"}}
      - {name: leftAt, logicalType: timestamp}
      - {name: shop, logicalType: string, required: true, enum: [{value: north}, {value: south}]}
      - {name: spend, logicalType: number, logicalTypeOptions: {minimum: 0}}
      - {name: mail, logicalType: string, classification: PII, logicalTypeOptions: {format: email}}
    quality:
      - {metric: rowCount, mustBeGreaterThan: 0}
      - {type: custom, engine: millrace, name: before_came, implementation: {check: not_before, fields: [left_at, came_at]}}
"""
FEED = """\
feed: loyal/visits
contract: visit_log@2.1.0
status: confirmed
reading: {dates: ymd, decimal: "."}
columns:
  visit_id: visitId
  came_at: cameAt
  left_at: leftAt
  shop: {from: shop, values: {north: north, south: south}}
  spend: spend
  mail: mail
"""
CLIENT = "name: loyal\ntitle: Loyal\ncountry: DE\ncurrency: EUR\n"
ROWS = """\
visitId,cameAt,leftAt,shop,spend,mail
V001,2026-03-01 10:00,2026-03-01 11:00,north,10.50,a@b.de
V002,2026-03-02 10:00,2026-03-02 09:00,south,-1.00,b@b.de
V003,2026-03-03 10:00,,east,3.00,c@b.de
V004,2019-03-03 10:00,,north,3.00,d@b.de
V005,2026-03-03 10:00,,north,3.00,none
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The contract, a client with a feed of it, and a file."""
    (tmp_path / "visits.yaml").write_text(VISITS, encoding="utf-8")
    folder = tmp_path / "clients" / "loyal"
    folder.mkdir(parents=True)
    (folder / "visits.yaml").write_text(FEED, encoding="utf-8")
    (folder / "client.yaml").write_text(CLIENT, encoding="utf-8")
    (tmp_path / "visits.csv").write_text(ROWS, encoding="utf-8")
    return tmp_path


def space(files: Path, **more: Any) -> Workspace:
    return Workspace.of(load(home=files / "home", clients=files / "clients", **more))


def taken_in(files: Path, workers: int = 1, **more: Any) -> Stored:
    made: Stored = Direct(workers=workers).conduct(intake, space(files, **more), Arrival("loyal/visits", (files / "visits.csv",)))
    return made


def test_its_checks_judge_a_submission(files: Path) -> None:
    odcs.import_file(files / "visits.yaml", files / "home" / "contracts")
    taken = taken_in(files)
    accepted = pq.read_table(taken.folder / "accepted" / "part-00000.parquet")
    assert accepted.column("visit_id").to_pylist() == ["V001", "V002", "V005"]
    assert accepted.column("spend").to_pylist() == [10.5, None, 3.0]
    assert accepted.column("left_at").null_count == 2
    assert "mail" not in accepted.column_names
    failures = pq.read_table(taken.folder / "failures.parquet").to_pylist()
    assert {(one["field"], one["rule"]) for one in failures} == {
        ("spend", "ge"), ("shop", "category"), ("came_at", "ge"), ("mail", "str_matches"), ("left_at", "before_came"),
    }  # fmt: skip


def test_what_it_asks_and_nobody_judges_is_an_assumption(files: Path) -> None:
    odcs.import_file(files / "visits.yaml", files / "home" / "contracts")
    text = (taken_in(files).folder / "assumptions.json").read_text(encoding="utf-8")
    assert "the metric rowCount of the whole table is not judged" in text


def test_it_lives_beside_the_clients_as_well(files: Path) -> None:
    with pytest.raises(SettingsError, match="CONNECTOR-INVALID"):
        space(files).feed("loyal/visits")
    odcs.import_file(files / "visits.yaml", files / "clients" / "contracts")
    assert space(files).feed("loyal/visits").table.id == "visit_log@2.1.0"
    assert space(files).clients()[:1] != ("contracts",)


def test_its_content_decides_the_run(files: Path) -> None:
    folder = files / "clients" / "contracts"
    odcs.import_file(files / "visits.yaml", folder)

    def key() -> object:
        made = space(files)
        feed, client = made.feed("loyal/visits"), made.client("loyal")
        return key_of(plan((files / "visits.csv",), feed, client), made, None)["contract"]

    before = key()
    assert key() == before
    path = folder / "visit_log@2.1.0.odcs.yaml"
    path.write_text(VISITS.replace("minimum: 0}", "minimum: 5}"), encoding="utf-8")
    assert key() != before


def test_worker_processes_know_it(files: Path) -> None:
    odcs.import_file(files / "visits.yaml", files / "home" / "contracts")
    (files / "visits.csv").write_text(ROWS + "".join(f"W{n:05d},2026-03-01 10:00,,north,1.00,\n" for n in range(2_500)), encoding="utf-8")
    taken = taken_in(files, workers=2, partition_rows=1_000)
    assert taken.manifest["facts"]["contract"] == "visit_log@2.1.0"
    assert sum(pq.read_metadata(path).num_rows for path in (taken.folder / "accepted").glob("*.parquet")) == 2_503


def test_a_worker_finds_it_by_its_name(files: Path) -> None:
    odcs.import_file(files / "visits.yaml", files / "home" / "contracts")
    space(files)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from flows.process import leash

    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=leash, initargs=(shelf.folders(),)) as pool:
        assert pool.submit(get, "visit_log").result() == get("visit_log")
