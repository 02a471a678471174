"""A million rows, each bad in three columns: memory that is bounded, exact counts, every row in the quarantine, a short report."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.flows.delivering import millrace

ROWS = 1_000_000
MEMORY = 1_000_000_000
"""Bytes of data that the command may have."""
CLIENT = "name: acme\ntitle: Acme\ncountry: DE\nlanguage: de\ntime_zone: Europe/Berlin\ncurrency: EUR\nproducts: []\n"
FEED = """feed: acme/lines
contract: transactions@1.0
status: confirmed
reading: {delimiter: ";", decimal: ",", dates: dmy}
columns: {order_id: Nr, line_id: Pos, customer_id: Kunde, ordered_at: Am, unit_price: Preis}
"""
FAULTS = {"order_id:str_length", "line_id:not_null", "unit_price:ge"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a client and a file: order numbers that are too long, no line numbers, prices below zero."""
    root = tmp_path_factory.mktemp("many")
    folder = root / "clients" / "acme"
    folder.mkdir(parents=True)
    (folder / "client.yaml").write_text(CLIENT, encoding="utf-8")
    (folder / "lines.yaml").write_text(FEED, encoding="utf-8")
    number = pa.array(np.arange(ROWS)).cast(pa.string())
    table = pa.table({
        "Nr": pc.utf8_lpad(number, 70, "0"), "Pos": pa.repeat("", ROWS), "Kunde": pc.binary_join_element_wise("C", number, ""),
        "Am": pa.repeat("01.02.2020", ROWS), "Preis": pc.binary_join_element_wise("-", number, ",50", ""),
    })  # fmt: skip
    pa.csv.write_csv(table, root / "lines.csv", pa.csv.WriteOptions(delimiter=";", quoting_style="none"))
    return root


def run(desk: Path, command: str) -> tuple[int, str]:
    done = millrace(
        command, "acme/lines", desk / "lines.csv", "--json", home=desk / "home", settings={"MILLRACE_CLIENTS": str(desk / "clients")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY)),
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, done.stdout


def test_all_of_them_are_in_the_quarantine(desk: Path) -> None:
    code, _ = run(desk, "intake")
    assert code == 0
    (folder,) = (path.parent for path in (desk / "home" / "submissions").rglob("manifest.json"))
    described = json.loads((folder / "submission.json").read_text(encoding="utf-8"))
    assert described["ledger"] == {
        "records": ROWS + 1, "accepted": 0, "quarantined": {"order_id:str_length": ROWS}, "set_aside": {"header": 1}
    }  # fmt: skip
    assert described["failures"] == dict.fromkeys(sorted(FAULTS), ROWS)
    held = pq.read_table(folder / "quarantine.parquet", columns=["row_id", "record", "reasons"])
    assert held.num_rows == ROWS == pc.count_distinct(held.column("row_id")).as_py()
    assert pc.min_max(held.column("record")).as_py() == {"min": 2, "max": ROWS + 1}
    reasons = held.column("reasons")
    assert pc.min_max(pc.list_value_length(reasons)).as_py() == {"min": 3, "max": 3}
    assert set(pc.unique(pc.list_flatten(reasons)).to_pylist()) == FAULTS


def test_the_report_is_short_and_exact(desk: Path) -> None:
    code, told = run(desk, "check")
    assert code == 1
    assert len(told) < 100_000
    found = json.loads(told)["failures"]
    assert {f"{one['field']}:{one['rule']}": one["rows"] for one in found} == dict.fromkeys(FAULTS, ROWS)
    assert all(1 <= len(one["examples"]) <= 5 for one in found)
