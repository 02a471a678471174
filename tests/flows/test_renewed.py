"""An intake records what its connector takes for true, and what is otherwise than in earlier files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.flows.delivering import here
from tests.flows.test_connecting import HEADER, Desk, people


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def taken(desk: Desk, path: Path, *more: str) -> list[dict[str, Any]]:
    """Take a file in; what was assumed."""
    done = desk_run(desk, "intake", "acme/people", str(path), *more)
    assert done.exit_code == 0, done.output
    found = desk_run(desk, "assumptions", "acme/people@latest", "--submission", "--json")
    assert found.exit_code == 0, found.output
    return list(json.loads(found.stdout))


def desk_run(desk: Desk, *words: str) -> Any:
    return here(*words, home=desk.home, settings={"MILLRACE_CLIENTS": str(desk.clients)})


def test_a_mapping_is_assumed_with_what_was_met(desk: Desk, tmp_path: Path) -> None:
    first = put(tmp_path / "a.csv", people(28))
    desk.run("connect", "acme/people", first)
    desk.run("connect", "acme/people", "--confirm")
    found = {one["statement"]: one for one in taken(desk, first) if one["step"] == "map people"}
    birth = found["birth date is in 'Geburtsdatum'"]
    assert birth["verdict"] == "held"
    assert birth["evidence"] == {"connector": "confirmed", "cells read": 120, "cells that are no values of it": 0}
    assert found["first name is in 'Vorname'"]["verdict"] == "untested"


def test_a_column_that_does_not_hold_its_field_is_refuted(desk: Desk, tmp_path: Path) -> None:
    first = put(tmp_path / "a.csv", people(28))
    desk.run("connect", "acme/people", first)
    desk.run("connect", "acme/people", "--confirm")
    broken = people(28).replace(".195", ".xx5").replace(".196", ".xx6")
    found = {one["statement"]: one for one in taken(desk, put(tmp_path / "b.csv", broken))}
    assert found["birth date is in 'Geburtsdatum'"]["verdict"] == "refuted"


def test_what_is_otherwise_than_before_is_assumed_not_to_matter(desk: Desk, tmp_path: Path) -> None:
    first = put(tmp_path / "a.csv", people(28))
    desk.run("connect", "acme/people", first)
    desk.run("connect", "acme/people", "--confirm")
    assert not [one for one in taken(desk, first) if one["step"] == "renew people"]
    changed = people(27, rows=20, header=HEADER.replace("Filialcode", "Filialkode")).replace("Ulm", "Wien")
    found = [one for one in taken(desk, put(tmp_path / "b.csv", changed)) if one["step"] == "renew people"]
    said = " ".join(one["statement"] for one in found)
    assert all(one["verdict"] == "untested" for one in found)
    usual = "20 rows, where 60 to 240 would be usual"
    for part in (usual, "'Filialcode' seems to be called 'Filialkode' now", "'Ort' holds a word never seen"):
        assert part in said
    assert "Wien" not in said


@pytest.mark.parametrize(
    ("header", "cells", "fields"),
    [
        ("Name", ["Anna Weber", "Klein, Peter", "Herr Karl Zorn", "Eva von Stein"], {"first_name", "last_name"}),
        ("Anschrift", ["Hauptstr. 5, 10115 Berlin", "Am Markt 3, 80331 München"], {"street", "postcode", "city"}),
    ],
)
def test_a_draft_with_parts_runs_from_the_file_to_its_assumptions(
    desk: Desk, tmp_path: Path, header: str, cells: list[str], fields: set[str]
) -> None:
    lines = [f"K{n:05};{cells[n % len(cells)]};m{n}@example.org" for n in range(60)]
    path = put(tmp_path / "a.csv", "\n".join([f"Kundennummer;{header};E-Mail", *lines]) + "\n")
    found = desk.json("connect", "acme/people", path)
    assert {one["field"] for one in found["columns"] if one.get("part")} == fields
    assert desk.json("check", "acme/people", path)["passed"]
    assert desk.json("check", "acme/people")["passed"]
    said = [one["statement"] for one in taken(desk, path, "--draft")]
    assert sum(f"is cut from '{header}'" in text for text in said) == len(fields)


def test_a_word_that_nobody_explained_is_told_by_check(desk: Desk, tmp_path: Path) -> None:
    lines = [f"K{n:05};m{n}@example.org;{('24 Monate', '12 Monate', 'monatlich', 'Prepaid')[n % 4]};{n % 50};nein" for n in range(120)]
    path = put(tmp_path / "a.csv", "\n".join(["Kundennummer;E-Mail;Vertrag;Laufzeit Monate;gekündigt", *lines]) + "\n")
    desk.json("connect", "acme/people", path)
    found = desk.json("check", "acme/people", path, code=1)
    assert found["open"] == ["values:contract_term"]
    assert [(one["field"], one["rule"], one["rows"]) for one in found["failures"]] == [("contract_term", "category", 30)]
    assert "open       ? values:contract_term: No list knows 1 word of 'Vertrag'" in desk.run("check", "acme/people", path, code=1).stdout
