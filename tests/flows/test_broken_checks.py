"""A check of ours that crashes is our fault: it is said so, with a code, and no word of it blames the client's file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pytest

from contracts import checks
from tests.flows.delivering import here

SECRET = "Quirinusla77131"
CLIENT = "name: acme\ntitle: Acme\ncountry: DE\nlanguage: de\ntime_zone: Europe/Berlin\ncurrency: EUR\nproducts: []\n"
FEED = """feed: acme/people
contract: customers@1.0
status: confirmed
reading: {dates: ymd}
columns: {customer_id: Nr, birth_date: Geburt, signup_date: Seit, last_order_date: Zuletzt, city: Ort}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound file, whose contract's rules between dates have a check that crashes."""
    folder = tmp_path / "clients" / "acme"
    folder.mkdir(parents=True)
    (folder / "client.yaml").write_text(CLIENT, encoding="utf-8")
    (folder / "people.yaml").write_text(FEED, encoding="utf-8")
    path = tmp_path / "people.csv"
    rows = [f"K{n};1980-05-0{n};2020-02-0{n};2021-03-0{n};{SECRET}" for n in range(1, 9)]
    path.write_text("\n".join(["Nr;Geburt;Seit;Zuletzt;Ort", *rows]) + "\n", encoding="utf-8")

    def explodes(*columns: pa.ChunkedArray) -> pa.ChunkedArray:
        raise ValueError(f"{SECRET}: {columns[0][0]}")

    broken = {name: replace(check, judge=explodes) if check.scope == "row" else check for name, check in checks.REGISTERED.items()}
    monkeypatch.setattr(checks, "REGISTERED", MappingProxyType(broken))
    return path


@pytest.mark.parametrize("command", ["check", "intake"])
def test_it_is_told_as_our_fault_and_leaves_nothing(file: Path, tmp_path: Path, command: str) -> None:
    settings = {"MILLRACE_CLIENTS": str(tmp_path / "clients")}
    done = here(command, "acme/people", file, home=tmp_path / "home", settings=settings)
    assert done.exit_code == 1
    assert done.stdout == ""
    told = done.stderr.splitlines()
    said = told[next(n for n, line in enumerate(told) if line.startswith("CHECK-BROKEN")) :]
    assert [line for line in said if not line.startswith("  step: ")] == [
        "CHECK-BROKEN: the check birth_date:after_signup_date of customers@1.0 cannot be applied to the table",
        "  found: ValueError", "  next: this is a fault of Millrace, not of the file",
    ]  # fmt: skip
    assert SECRET not in done.output
    assert "Traceback" not in done.output
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [path.name for path in kept if path.suffix in (".parquet", ".arrow", ".json")] == []


def test_as_json_it_has_the_same_code(file: Path, tmp_path: Path) -> None:
    done = here("check", "acme/people", file, "--json", home=tmp_path / "home", settings={"MILLRACE_CLIENTS": str(tmp_path / "clients")})
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["error"]["code"] == "CHECK-BROKEN"
    assert SECRET not in done.output
