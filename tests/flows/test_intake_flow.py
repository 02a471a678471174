"""Submissions: whole, known by their content, replaced and corrected, never counted twice, and private where they must be."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors import intake as taking
from contracts.contract import get
from contracts.errors import RunError, SettingsError, SourceError
from contracts.ledger import Ledger
from flows import submissions
from flows.deliver import deliver
from flows.intake import Arrival, intake
from flows.integrity import verify
from flows.order import Order, sources
from flows.products import get as product
from flows.rehearsal.rehearsal import Rehearsal
from flows.runs import of_owner
from flows.stored import Stored
from flows.workspace import Workspace
from tests.flows.delivering import clients, order_lines, subscribers, taken_in, watched, workspace

FEED = ("harbour", "customers")
LINES = ("harbour", "transactions")


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory, rehearsed: Rehearsal) -> Stored:
    """The last export of the customers, taken in; only looked at."""
    return taken_in(workspace(tmp_path_factory.mktemp("taken") / "home"), "harbour/customers", rehearsed.newest("customers").path)


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A workspace without anything."""
    return workspace(tmp_path / "home")


def parts(submission: Stored, kind: str) -> pa.Table:
    return pa.concat_tables([pq.read_table(path) for path in sorted((submission.folder / kind).glob("*.parquet"))])


def three_lines(path: Path, amount: str = "10,00") -> Path:
    lines = [(f"A{n}", "1", f"C{n % 2}", date(2026, 8, n + 1), 1, amount) for n in range(3)]
    return order_lines(path, [(o, n, c, d, q, p) for o, n, c, d, q, p in lines])


def test_a_submission_is_a_whole_folder(taken: Stored) -> None:
    names = {path.name for path in taken.folder.iterdir()}
    kept = {"accepted", "origins", "rows", "vault", "quarantine.parquet", "set_aside.parquet", "failures.parquet"}
    assert names == kept | {"assumptions.json", "submission.json", "manifest.json", "run.json", "log.jsonl"}
    assert list(taken.run["files"]) == ["log.jsonl"]  # all else is reproducible
    assert verify(taken) == []
    ids = [parts(taken, kind).column("row_id").to_pylist() for kind in ("accepted", "origins", "rows", "vault")]
    assert all(each == ids[0] for each in ids)
    assert len(set(ids[0])) == len(ids[0])


def test_every_record_is_in_the_ledger(taken: Stored, rehearsed: Rehearsal) -> None:
    ledger = Ledger.from_dict(taken.facts["ledger"])
    assert ledger.records == rehearsed.newest("customers").records
    assert ledger.accepted == parts(taken, "accepted").num_rows
    assert ledger.rows_quarantined == pq.read_metadata(taken.folder / "quarantine.parquet").num_rows
    assert ledger.rows_set_aside == pq.read_metadata(taken.folder / "set_aside.parquet").num_rows
    assert ledger.quarantined
    assert {"preamble", "header", "repeated_header", "total", "duplicate"} <= set(ledger.set_aside)
    assert taken.facts["contract"] == "customers@1.0"
    assert taken.facts["connector"] == "confirmed"
    assert taken.facts["replaces"] is None


def test_quarantine_says_where_and_why(taken: Stored, rehearsed: Rehearsal) -> None:
    table = pq.read_table(taken.folder / "quarantine.parquet")
    assert table.column_names == ["row_id", "file", "sheet", "record", "line", "reasons", "raw"]
    rows = table.to_pylist()
    assert len({row["row_id"] for row in rows}) == len(rows)
    assert not {row["row_id"] for row in rows} & set(parts(taken, "accepted").column("row_id").to_pylist())
    text = rehearsed.newest("customers").path.read_bytes().decode("cp1252").replace("\r\n", "\n").split("\n")  # as an editor counts
    for row in rows:
        assert row["reasons"]
        assert row["file"] == 0
        if row["reasons"] != ["unclosed_quote"]:  # runs over several lines
            cells = [cell for cell in row["raw"].split(";") if cell.strip() and '"' not in cell]
            assert cells
            assert all(cell in text[row["line"] - 1] for cell in cells), row["line"]
    first = [row["reasons"][0] for row in rows]
    assert {reason: first.count(reason) for reason in first} == taken.facts["ledger"]["quarantined"]


def test_identifiers_are_in_the_vault_and_nowhere_else(taken: Stored) -> None:
    direct = {name for name, field in get("customers").fields.items() if field.personal == "direct"}
    vault = parts(taken, "vault")
    assert direct - set(vault.column_names) == {"salutation"}  # this feed takes it for the gender
    assert set(vault.column_names) <= {"row_id", *direct}
    assert set(parts(taken, "accepted").column_names).isdisjoint(direct)
    assert set(parts(taken, "origins").column_names).isdisjoint(direct)
    values = {value for name in ("email", "phone", "street") for value in vault.column(name).to_pylist() if value}
    assert len(values) > 2_000
    for path in taken.folder.rglob("*.parquet"):
        if path.parent.name != "vault" and path.name != "quarantine.parquet":
            table = pq.read_table(path)
            texts = [n for n in table.column_names if pa.types.is_string(table.schema.field(n).type)]
            assert values.isdisjoint(value for n in texts for value in table.column(n).to_pylist()), path.name
    for path in taken.folder.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert not [value for value in values if value in text], path.name


def test_the_same_files_are_the_same_submission_whatever_they_are_called(bare: Workspace, tmp_path: Path) -> None:
    path = three_lines(tmp_path / "a.csv")
    first = watched(intake, bare, Arrival("harbour/transactions", (path,)))
    assert first.steps == ["take in transactions part 1", "settle", "write transactions bucket 1", "account"]
    (tmp_path / "elsewhere").mkdir()
    other = shutil.copyfile(path, tmp_path / "elsewhere" / "b.csv")
    again = watched(intake, bare, Arrival("harbour/transactions", (other,)))
    assert again.stored == first.stored
    assert again.steps == []
    assert len(of_owner(bare.home, "submissions", *LINES)) == 1


def test_several_files_are_one_submission_in_any_order(bare: Workspace, tmp_path: Path) -> None:
    one, two = three_lines(tmp_path / "a.csv"), order_lines(tmp_path / "b.csv", [("B1", "1", "C1", date(2026, 8, 9), 2, "5,00")])
    first, again = taken_in(bare, "harbour/transactions", one, two), taken_in(bare, "harbour/transactions", two, one)
    assert again == first
    assert first.facts["ledger"]["accepted"] == 4


def test_a_correction_takes_the_place_of_what_it_corrects(bare: Workspace, tmp_path: Path) -> None:
    july = taken_in(bare, "harbour/transactions", three_lines(tmp_path / "july.csv"))
    august = taken_in(bare, "harbour/transactions", order_lines(tmp_path / "aug.csv", [("B1", "1", "C1", date(2026, 8, 9), 2, "5,00")]))
    corrected = taken_in(bare, "harbour/transactions", three_lines(tmp_path / "new.csv", "12,00"), replaces=july.id[:8])
    assert corrected.facts["replaces"] == july.id
    assert [each.id for each in submissions.current(bare.home, *LINES)] == [corrected.id, august.id]
    assert submissions.newest(bare.home, *LINES) == august
    assert july.folder.is_dir()  # what packs were made of stays
    with pytest.raises(RunError, match="RUN-UNKNOWN"):
        taken_in(bare, "harbour/transactions", three_lines(tmp_path / "x.csv", "13,00"), replaces="feedface")
    assert len(of_owner(bare.home, "submissions", *LINES)) == 3


def test_the_same_files_under_another_connector_are_not_counted_twice(tmp_path: Path) -> None:
    path, home = three_lines(tmp_path / "a.csv"), tmp_path / "home"
    first = taken_in(workspace(home), "harbour/transactions", path)
    changed = workspace(home, clients=clients(tmp_path / "clients", "harbour", transactions=("[k.A.", "[fehlt, k.A.")))
    second = taken_in(changed, "harbour/transactions", path)
    assert second.id != first.id
    assert submissions.current(changed.home, *LINES) == [second]
    taken_in(changed, "harbour/customers", customers(tmp_path / "customers.csv"))
    given = sources(changed, Order("harbour", "repurchase"), product("repurchase"))
    assert [each.id for each in given["transactions"].submissions] == [second.id]


def customers(path: Path, rows: int = 3) -> Path:
    header = "Kundennummer;Anrede;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Bundesland;Land;Geburtsdatum;Kundengruppe;Jahreseinkommen;Kunde seit;Newsletter;Bevorzugter Kanal;Bestellungen;Umsatz gesamt;Letzte Bestellung"  # noqa: E501
    line = "C{};Frau;Ute;Ufer;ute{}@example.net;;Weg 1;10115;Berlin;Berlin;DE;18.01.1977;A;49780,00;02.09.2023;J;App;1;9,99;04.07.2026"
    path.write_bytes("\r\n".join([header, *(line.format(n, n) for n in range(rows)), ""]).encode("cp1252"))
    return path


def test_a_draft_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    drafts = clients(tmp_path / "clients", "harbour", transactions=("status: confirmed", "status: draft"))
    space = workspace(tmp_path / "home", clients=drafts)
    with pytest.raises(SettingsError, match="CONNECTOR-DRAFT") as met:
        taken_in(space, "harbour/transactions", three_lines(tmp_path / "a.csv"))
    assert "--draft" in str(met.value.hint)
    assert not (space.home.root / "submissions").exists()
    allowed = taken_in(space, "harbour/transactions", three_lines(tmp_path / "a.csv"), draft=True)
    assert allowed.facts["connector"] == "draft"
    with pytest.raises(SettingsError, match="CONNECTOR-DRAFT"):  # stored as a draft, and still one
        watched(deliver, space, Order("harbour", "repurchase"))


def test_a_refused_file_leaves_nothing(bare: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    three_lines(path)
    path.write_bytes(path.read_bytes().replace(b"Bestelldatum", b"Datum"))
    with pytest.raises(Exception, match="COLUMN-MISSING"):
        taken_in(bare, "harbour/transactions", path)
    assert [p.name for p in bare.home.root.rglob("*") if p.is_file() and not p.name.endswith(".lock")] == []


@pytest.mark.parametrize("rows", [1_000, 250_000])
def test_partitions_change_no_value(tmp_path: Path, rehearsed: Rehearsal, taken: Stored, rows: int) -> None:
    other = taken_in(workspace(tmp_path / "home", partition_rows=rows), "harbour/customers", rehearsed.newest("customers").path)
    assert (other.id == taken.id) is (rows == 250_000)
    assert len(list((other.folder / "accepted").iterdir())) == (2 if rows == 1_000 else 1)
    for kind in ("accepted", "origins", "rows", "vault"):
        assert parts(other, kind).sort_by("row_id").equals(parts(taken, kind).sort_by("row_id")), kind
    for name in ("quarantine", "set_aside", "failures"):
        assert sorted(map(str, rows_of(other, name))) == sorted(map(str, rows_of(taken, name))), name
    mine, theirs = (json.loads((each.folder / "submission.json").read_text()) for each in (other, taken))
    for document in (mine, theirs):
        del document["partitions"]
    assert mine == theirs


def rows_of(submission: Stored, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(submission.folder / f"{name}.parquet").to_pylist()
    return found


def test_a_damaged_submission_is_not_given_out_again(tmp_path: Path) -> None:
    space, path = workspace(tmp_path / "home"), subscribers(tmp_path / "a.csv", 60)
    run = taken_in(space, "telco/subscribers", path)
    part = next((run.folder / "accepted").iterdir())
    data = bytearray(part.read_bytes())
    data[len(data) // 2] ^= 1
    part.write_bytes(data)
    with pytest.raises(RunError, match="RUN-DAMAGED"):
        taken_in(space, "telco/subscribers", path)


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_file_that_changes_while_it_is_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    space, path = workspace(tmp_path / "home"), subscribers(tmp_path / "a.csv", 60)
    place = "opened" if when == "before" else "stream"
    right = getattr(taking, place)

    def changing(*given: Any) -> Any:
        found = right(*given) if when == "meanwhile" else None
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")
        return found or right(*given)

    monkeypatch.setattr(taking, place, changing)
    with pytest.raises(SourceError, match="SOURCE-CHANGED"):
        taken_in(space, "telco/subscribers", path)
    assert submissions.current(space.home, "telco", "subscribers") == []
