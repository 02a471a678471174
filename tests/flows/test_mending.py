"""The way of an error workbook: out to the client, mended, back in over the file it was made from; also through LibreOffice."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from connectors.submission import take_in
from contracts.digest import sha256_file
from flows.advice import LANGUAGES, WRONG
from flows.faults import faults
from flows.home import Home
from flows.repair import Repair
from flows.repairs import keep
from flows.stored import Stored
from flows.submissions import newest
from flows.wording import RECORDS, RULES
from flows.workspace import Workspace
from tests.conftest import OFFICES, program
from tests.flows.delivering import here, workspace
from tests.reports.hostile import ATTACKS

CLIENT = "name: acme\ntitle: Acme GmbH\ncountry: DE\nlanguage: {language}\ntime_zone: Europe/Berlin\ncurrency: EUR\nproducts: []\n"
FEED = """feed: acme/people
contract: customers@1.0
status: confirmed
reading: {dates: dmy, decimal: ","}
columns:
  customer_id: Nr
  last_name: Name
  city: Ort
  birth_date: Geburt
  income: Einkommen
  gender: {from: Anrede, values: {Frau: female, Herr: male}}
  signup_date: Seit
"""
HEADER = "Nr;Name;Ort;Geburt;Einkommen;Anrede;Seit"
WIDE = 40
"""Sound rows beside the faulty ones."""


def good(n: int) -> str:
    return f"{n:05d};Muster {n};Ulm;{n % 28 + 1:02d}.{n % 12 + 1:02d}.{1950 + n % 40};{n},50;{('Frau', 'Herr')[n % 2]};01.02.2020"


BAD = [
    "00101;=HYPERLINK(\"x\");Bonn;31.02.1980;1.000,00;Frau;01.02.2020",  # no such day; a formula in a sound cell
    "00102;+Meier;Jena;01.02.1980;viel;Herr;01.02.2020",  # no number
    "00103;-Schulz;@Celle;01.02.1980;-5;Fräulein;01.02.2020",  # too small, and a word that was not agreed: two faults
    "00104;Ohm;Kiel;01.02.1980;1,00;Frau;01.02.2020;zu viel",  # a cell too many
    "00105;Eins;Ulm;01.02.1980;1,00;Frau;01.02.2020", "00105;Zwei;Ulm;01.02.1980;2,00;Herr;01.02.2020",  # one key, two people
    ";Niemand;Ulm;01.02.1980;1,00;Frau;01.02.2020",  # no key
    "00107;Spät;Ulm;01.02.1980;1,00;Frau;01.01.1970",  # a customer before being born
    "00108;Doppelt;Ulm;99.99.1980;1,00;Frau;01.02.2020", "00108;Doppelt;Ulm;99.99.1980;1,00;Frau;01.02.2020",  # an exact repeat
]  # fmt: skip
LINES = {name: WIDE + 2 + n for n, name in enumerate(("day", "number", "two", "ragged", "one", "other", "keyless", "before", "repeat"))}


class Desk:
    """A user's client, home and files."""

    def __init__(self, root: Path, language: str = "de") -> None:
        self.root, self.home, self.clients = root, root / "home", root / "clients"
        (self.clients / "acme").mkdir(parents=True)
        (self.clients / "acme" / "client.yaml").write_text(CLIENT.format(language=language), encoding="utf-8")
        (self.clients / "acme" / "people.yaml").write_text(FEED, encoding="utf-8")
        self.file = root / "kunden.csv"
        self.file.write_text("\n".join([HEADER, *map(good, range(WIDE)), *BAD]) + "\n", encoding="utf-8")
        self.book = root / "fehler.xlsx"

    def run(self, *words: object, code: int = 0, home: Path | None = None) -> Any:
        done = here(*map(str, words), home=home or self.home, settings={"MILLRACE_CLIENTS": str(self.clients)})
        assert done.exit_code == code, done.output
        return done

    def json(self, *words: object, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(*words, "--json", code=code).stdout)
        return found

    def out(self, *files: Path, code: int = 1) -> Path:
        """An error workbook of some files; of the desk's own where none is named."""
        self.run("check", "acme/people", *(files or (self.file,)), "--errors", self.book, "--force", code=code)
        return self.book

    @property
    def space(self) -> Workspace:
        return workspace(self.home, clients=self.clients)

    @property
    def newest(self) -> Stored:
        return newest(Home.open(self.home), "acme", "people")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def rows(path: Path) -> tuple[openpyxl.Workbook, Any, dict[str, int], dict[int, int]]:
    """The workbook, its sheet of rows, the columns by their heads and the rows by the lines they stand for."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    return book, sheet, heads, {sheet.cell(row, 3).value: row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 3).value}


def mend(path: Path, to: Path) -> Path:
    """What a client mends: four cells, the record with too many, one of two deleted."""
    book, sheet, heads, at = rows(path)
    sheet.cell(at[LINES["day"]], heads["Geburt"]).value = "28.02.1980"
    sheet.cell(at[LINES["number"]], heads["Einkommen"]).value = "2.500,00"
    sheet.cell(at[LINES["two"]], heads["Einkommen"]).value = "5,00"
    sheet.cell(at[LINES["two"]], heads["Anrede"]).value = "Frau"
    sheet.cell(at[LINES["ragged"]], heads["Ort"]).value = "Kiel Nord"
    sheet.cell(at[LINES["ragged"]], sheet.max_column).value = None  # what is left over
    sheet.cell(at[LINES["repeat"]], heads["Geburt"]).value = "09.09.1980"
    sheet.cell(at[LINES["two"]], heads["Ort"]).value = "Celle"
    sheet.delete_rows(at[LINES["other"]])
    book.save(to)
    return to


def accepted(stored: Stored) -> dict[str, dict[str, Any]]:
    """Accepted rows by key, with their line."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((stored.folder / "accepted").glob("*.parquet")):
        parts = [pq.read_table(stored.folder / kind / path.name).to_pylist() for kind in ("accepted", "vault", "rows")]
        for row, vault, place in zip(*parts, strict=True):
            found[row["customer_id"]] = {**row, **vault, "line": place["line"]}
    return found


def saved_by_libreoffice(path: Path, folder: Path, kind: str = "xlsx:Calc MS Excel 2007 XML") -> Path:
    out, profile = folder / "saved", folder / "profile"
    command = [
        str(program(OFFICES)),
        "--headless",
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to",
        kind,
    ]
    subprocess.run([*command, "--outdir", str(out), str(path)], check=True, capture_output=True, timeout=180)
    return out / f"{path.stem}.{kind.partition(':')[0]}"


def test_a_client_sees_its_faulty_rows_only_with_the_bad_cells_marked_and_explained(desk: Desk) -> None:
    book, sheet, heads, at = rows(desk.out())
    assert book.sheetnames == ["Bitte lesen", "Zeilen", "millrace"]
    assert [each.sheet_state for each in book] == ["visible", "visible", "hidden"]
    assert list(at) == list(LINES.values())  # the exact repeat is not asked about twice
    marked = {
        line: {head for head, column in heads.items() if sheet.cell(row, column).fill.fgColor.rgb == "00FFE08A"} for line, row in at.items()
    }
    assert marked[LINES["day"]] == {"Geburt"}
    assert marked[LINES["two"]] == {"Einkommen", "Anrede"}
    assert marked[LINES["before"]] == {"Seit", "Geburt"}
    assert marked[LINES["one"]] == marked[LINES["keyless"]] == {"Nr"}
    assert marked[LINES["ragged"]] == {*HEADER.split(";"), "Übrig"}
    said = {line: sheet.cell(row, 1).value for line, row in at.items()}
    assert said[LINES["day"]] == "Geburt ist kein Datum, das es gibt. Erwartet: ein Datum, Tag vor Monat, zum Beispiel 31.12.1985."
    assert said[LINES["two"]].split("\n") == [
        "Anrede ist ein Wort, das nicht vereinbart ist. Erwartet: eines von: Frau, Herr.",
        "Einkommen ist kleiner als erlaubt. Erwartet: 0 oder mehr.",
    ]
    assert sheet.cell(at[LINES["day"]], heads["Datei"]).value == "kunden.csv"
    cover = [[cell.value for cell in row if cell.value is not None] for row in book.worksheets[0].iter_rows()]
    assert ["Einkommen", "ist keine Zahl", "eine Zahl", "1234,50", 1, "die Zelle bleibt leer"] in cover


def test_values_stand_in_it_as_they_were_sent_and_nothing_is_live(desk: Desk) -> None:
    _, sheet, heads, at = rows(desk.out())
    sent = {WIDE + 2 + n: row.split(";") for n, row in enumerate(BAD)}
    for line, row in at.items():
        cells = [sheet.cell(row, heads[head]) for head in HEADER.split(";")]
        assert [cell.value or "" for cell in cells] == sent[line][:7]
        assert {cell.data_type for cell in cells if cell.value} == {"s"}
        assert {cell.number_format for cell in cells if cell.value} == {"@"}
    with zipfile.ZipFile(desk.book) as archive:
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8", "replace")
            assert not re.search(r"<(?:\w+:)?f[ >/]|<hyperlink|TargetMode|quotePrefix=\"1\"", text), name
    assert desk.book.stat().st_mode & 0o777 == 0o600


def test_the_same_files_give_the_same_bytes(desk: Desk) -> None:
    first = desk.out().read_bytes()
    assert desk.out().read_bytes() == first


@pytest.mark.parametrize("language", ["en", "nl"])
def test_other_languages_get_english(tmp_path: Path, language: str) -> None:
    book, sheet, _, at = rows(Desk(tmp_path, language).out())
    assert book.sheetnames[:2] == ["Please read", "Rows"]
    assert sheet.cell(at[LINES["number"]], 1).value == "Einkommen is not a number. Expected: a number, such as 1234,50."


def check_mended(desk: Desk, mended: Path) -> None:
    """What a mended workbook brings, dry and taken in."""
    desk.json("intake", "acme/people", desk.file)
    before = desk.newest
    dry = desk.json("check", "acme/people", mended)
    taken = desk.json("intake", "acme/people", mended)
    found = taken["mended"]
    assert {**dry["mended"]} == found
    assert found["fixed"] == {
        "birth_date:date": 2, "customer_id:unique": 2, "gender:category": 1, "income:ge": 1, "income:number": 1, "ragged": 1
    }  # fmt: skip
    assert len(found["remaining"]) == sum(found["remaining"].values()) == 2
    assert found["new"] == {}
    assert found["cells"] == {"Ort": 1}
    assert (found["withdrawn"], found["left"], found["added"], found["missing"]) == (1, 0, [], [])
    ledger = taken["ledger"]
    assert ledger["records"] == WIDE + len(BAD) + 1 == dry["ledger"]["records"]
    assert ledger["quarantined"] == {"customer_id:not_null": 1, "withdrawn": 1}
    assert ledger["set_aside"] == {"duplicate": 1, "header": 1}
    assert desk.newest.label == taken["submission"] != before.label  # it takes the place of the submission that it mends
    assert taken["replaces"] == [before.id]
    after = accepted(desk.newest)
    assert len(after) == ledger["accepted"]
    assert (after["00101"]["birth_date"].isoformat(), after["00101"]["last_name"]) == ("1980-02-28", '=HYPERLINK("x")')
    assert (after["00102"]["income"], after["00103"]["income"], after["00103"]["gender"]) == (2500.0, 5.0, "female")
    assert (after["00104"]["city"], after["00104"]["line"]) == ("Kiel Nord", LINES["ragged"])
    assert (after["00105"]["last_name"], after["00108"]["birth_date"].isoformat()) == ("Eins", "1980-09-09")
    untouched = {key: row for key, row in accepted(before).items() if key not in ("00101", "00102", "00103", "00108")}
    assert {key: after[key] for key in untouched} == untouched


def test_a_mended_workbook_comes_back_over_its_file(desk: Desk) -> None:
    check_mended(desk, mend(desk.out(), desk.root / "zurueck.xlsx"))


@pytest.mark.libreoffice
def test_a_workbook_mended_and_saved_by_libreoffice_comes_back(desk: Desk, tmp_path: Path) -> None:
    opened = saved_by_libreoffice(desk.out(), tmp_path)  # opened and saved, then mended, then opened and saved again
    again = saved_by_libreoffice(mend(opened, tmp_path / "zurueck.xlsx"), tmp_path)
    check_mended(desk, again)


@pytest.mark.libreoffice
def test_libreoffice_changes_no_value(desk: Desk, tmp_path: Path) -> None:
    odd = [text.encode("utf-8", "ignore").decode().replace('"', '""') for text in (*ATTACKS, "  blanks  ", "1E5", "TRUE", "01.02.", "007")]
    lines = [f'{n:05d};"{text}";"{text}";kein Tag;1,00;Frau;01.02.2020' for n, text in enumerate(odd)]
    desk.file.write_text("\n".join([HEADER, *map(good, range(100, 400)), *lines]) + "\n", encoding="utf-8")
    before = {f"{one['field']}:{one['rule']}": one["rows"] for one in desk.json("check", "acme/people", desk.file, code=1)["failures"]}
    desk.out()
    found = desk.json("check", "acme/people", saved_by_libreoffice(desk.book, tmp_path), code=1)["mended"]
    assert (found["fixed"], found["new"], found["cells"]) == ({}, {}, {})
    assert found["remaining"] == {key.removeprefix("None:"): count for key, count in before.items()}
    assert found["remaining"]["birth_date:date"] > 0.9 * len(odd)


@pytest.mark.libreoffice
def test_saved_as_another_kind_it_is_known_or_refused_and_never_a_submission_of_its_own(desk: Desk, tmp_path: Path) -> None:
    mended = mend(desk.out(), desk.root / "zurueck.xlsx")
    found = desk.json("check", "acme/people", saved_by_libreoffice(mended, tmp_path, "ods"))
    assert found["mended"]["fixed"]["birth_date:date"] == 2
    book = openpyxl.load_workbook(mended)
    del book["millrace"]
    book.save(desk.root / "kopie.xlsx")
    book.remove(book.worksheets[0])
    book.save(desk.root / "blatt.xlsx")
    for path in (desk.root / "kopie.xlsx", saved_by_libreoffice(desk.root / "blatt.xlsx", tmp_path, "csv")):
        for command in ("check", "intake"):
            assert desk.json(command, "acme/people", path, code=1)["error"]["code"] == "WORKBOOK-STRAY"


def test_the_next_workbook_holds_what_remains_and_builds_on_the_first(desk: Desk) -> None:
    desk.run("intake", "acme/people", desk.file)
    first = mend(desk.out(), desk.root / "eins.xlsx")
    book, sheet, heads, at = rows(desk.out(first, code=0))
    assert sorted(at) == [LINES["keyless"], LINES["before"]]
    sheet.cell(at[LINES["keyless"]], heads["Nr"]).value = "00106"
    sheet.cell(at[LINES["before"]], heads["Seit"]).value = "01.01.2021"
    book.save(desk.root / "zwei.xlsx")
    found = desk.json("intake", "acme/people", desk.root / "zwei.xlsx")
    assert found["mended"]["remaining"] == found["mended"]["new"] == {}
    assert found["ledger"]["quarantined"] == {"withdrawn": 1}
    after = accepted(desk.newest)
    assert {"00101", "00106", "00108"} <= set(after)  # what the first one mended is still mended
    assert after["00107"]["signup_date"].isoformat() == "2021-01-01"
    desk.run("check", "acme/people", desk.root / "zwei.xlsx", "--errors", desk.root / "drei.xlsx")
    assert not (desk.root / "drei.xlsx").exists()  # nothing is wrong any more


def test_a_record_with_something_left_over_stays_out_and_the_next_workbook_shows_what_was_mended_of_it(desk: Desk) -> None:
    desk.run("intake", "acme/people", desk.file)
    book, sheet, heads, at = rows(desk.out())
    sheet.cell(at[LINES["ragged"]], heads["Ort"]).value = "Kiel Nord"
    book.save(desk.root / "eins.xlsx")
    said = desk.run("check", "acme/people", desk.root / "eins.xlsx", code=1).stdout
    assert "1 mended row with something left over still" in " ".join(said.split())
    found = desk.json("intake", "acme/people", desk.root / "eins.xlsx")
    assert (found["mended"]["over"], found["mended"]["remaining"]["ragged"], "ragged" in found["mended"]["fixed"]) == (1, 1, False)
    desk.run("check", "acme/people", desk.root / "eins.xlsx", "--errors", desk.book, "--force", code=1)
    book, sheet, heads, at = rows(desk.book)
    row = at[LINES["ragged"]]
    assert (sheet.cell(row, heads["Ort"]).value, sheet.cell(row, heads["Übrig"]).value) == ("Kiel Nord", "zu viel")
    sheet.cell(row, heads["Übrig"]).value = None
    book.save(desk.root / "zwei.xlsx")
    desk.run("intake", "acme/people", desk.root / "zwei.xlsx")
    assert accepted(desk.newest)["00104"]["city"] == "Kiel Nord"


@pytest.mark.parametrize("heads", [("Nr", "Name", "Ort", "Geburt", "Einkommen", "Anrede", "Seit"), ("Nr", "Name")])
def test_rows_that_got_apart_from_their_codes_are_refused_and_nothing_is_taken(desk: Desk, heads: tuple[str, ...]) -> None:
    desk.run("intake", "acme/people", desk.file)
    before = desk.newest.label
    book, sheet, at, lines = rows(desk.out())
    cells = [[sheet.cell(row, at[head]).value for head in heads] for row in sorted(lines.values())]
    for row, values in zip(sorted(lines.values()), [*cells[1:], cells[0]], strict=True):  # as where some columns alone are sorted
        for head, value in zip(heads, values, strict=True):
            sheet.cell(row, at[head]).value = value
    book.save(desk.root / "zurueck.xlsx")
    for command in ("check", "intake"):
        assert desk.json(command, "acme/people", desk.root / "zurueck.xlsx", code=1)["error"]["code"] == "WORKBOOK-SHUFFLED"
    assert desk.newest.label == before


def test_rows_in_another_form_or_filled_down_in_one_column_are_not_taken_for_rows_of_others(desk: Desk) -> None:
    book, sheet, heads, at = rows(desk.out())
    for row in at.values():
        sheet.cell(row, heads["Ort"]).value = "Ulm"
        for head in ("Geburt", "Seit"):
            with contextlib.suppress(ValueError, TypeError):
                sheet.cell(row, heads[head]).value = datetime.strptime(sheet.cell(row, heads[head]).value, "%d.%m.%Y")
        with contextlib.suppress(ValueError, TypeError):
            sheet.cell(row, heads["Einkommen"]).value = float(sheet.cell(row, heads["Einkommen"]).value.replace(".", "").replace(",", "."))
    book.save(desk.root / "zurueck.xlsx")
    assert desk.json("check", "acme/people", desk.root / "zurueck.xlsx", code=1)["mended"]["cells"]["Ort"] == 3


def test_the_same_workbook_twice_is_one_submission(desk: Desk) -> None:
    mended = mend(desk.out(), desk.root / "zurueck.xlsx")
    first = desk.json("intake", "acme/people", mended)
    assert desk.json("intake", "acme/people", mended)["submission"] == first["submission"]


def test_a_clients_workbook_goes_out_with_numbers_and_days_and_comes_back(desk: Desk) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER.split(";"))
    for n in range(WIDE):
        cells = good(n).split(";")
        sheet.append([n + 1, *cells[1:3], None, n + 0.5, *cells[5:6], None])
    sheet.append([901, "Ute", "Ulm", "irgendwann", 12.25, "Frau", None])
    sheet.append([902, "Max", "Ulm", None, -3.5, "Herr", None])
    book.save(desk.root / "kunden.xlsx")
    out, page, heads, at = rows(desk.out(desk.root / "kunden.xlsx", code=0))
    assert page.cell(at[WIDE + 2], heads["Einkommen"]).value == 12.25
    assert page.cell(at[WIDE + 2], heads["Datei"]).value == "kunden.xlsx, Sheet"
    page.cell(at[WIDE + 2], heads["Geburt"]).value = "24.12.1980"
    page.cell(at[WIDE + 3], heads["Einkommen"]).value = 3.5
    out.save(desk.root / "zurueck.xlsx")
    found = desk.json("intake", "acme/people", desk.root / "zurueck.xlsx")
    assert (found["mended"]["fixed"], found["mended"]["cells"]) == ({"birth_date:date": 1, "income:ge": 1}, {})
    after = accepted(desk.newest)
    assert (after["901"]["birth_date"].isoformat(), after["901"]["income"], after["902"]["income"]) == ("1980-12-24", 12.25, 3.5)


def test_what_was_mended_and_is_wrong_again_is_told_where_another_submission_takes_its_place(desk: Desk) -> None:
    mended = mend(desk.out(), desk.root / "zurueck.xlsx")
    book, sheet, heads, at = rows(desk.book)  # a colleague's copy
    sheet.cell(at[LINES["keyless"]], heads["Nr"]).value = "00106"
    book.save(desk.root / "kollege.xlsx")
    first = desk.json("intake", "acme/people", mended)
    assert "undone" not in first
    second = desk.json("intake", "acme/people", desk.root / "kollege.xlsx")
    back = {"birth_date:date": 2, "customer_id:unique": 2, "gender:category": 1, "income:ge": 1, "income:number": 1, "ragged": 1}
    assert second["undone"] == {"submission": first["submission"].partition("@")[2], "workbook": "zurueck.xlsx", "back": back}
    said = desk.run("intake", "acme/people", mended).stdout  # nothing new, and not what counts
    assert f"replaced   ! by {second['submission'].partition('@')[2]}" in said
    desk.run("intake", "acme/people", mended, "--replaces", "latest")
    assert desk.newest.manifest["key"]["mended"] == [sha256_file(mended)]
    path = desk.clients / "acme" / "people.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Herr: male}", "Herr: male, Divers: other}"), encoding="utf-8")
    said = desk.run("intake", "acme/people", desk.file).stdout  # the original, as under a new version of the connector
    assert "undone     ! zurueck.xlsx had mended what is wrong again here" in said
    assert "2  Birth date is not a date that exists" in said.partition("undone")[2].partition("records")[0]


def test_fields_of_the_feeds_own_are_told_in_its_words_and_with_what_follows(desk: Desk) -> None:
    path = desk.clients / "acme" / "people.yaml"
    own = "extensions:\n  nps: {from: Note, type: whole, title: Would recommend us, meaning: 0 to 10, on_bad: blank}\n"
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    desk.file.write_text("\n".join([HEADER + ";Note", *(good(n) + ";9" for n in range(WIDE)), good(99) + ";gut"]) + "\n", encoding="utf-8")
    assert "1  Would recommend us is not a whole number: cell left blank" in desk.run("intake", "acme/people", desk.file).stdout


def test_a_table_and_a_workbook_of_one_submission_are_mended_together(desk: Desk) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER.split(";"))
    for n in range(500, 540):
        sheet.append([str(n), "Muster", "Ulm", datetime(1980, 1, 1), n + 0.5, "Frau", datetime(2020, 2, 1)])
    sheet.append(["00888", "Ute", "Ulm", "kein Tag", 12.5, "Frau", datetime(2020, 2, 1)])
    book.save(desk.root / "mehr.xlsx")
    both = (desk.file, desk.root / "mehr.xlsx")
    before = desk.json("intake", "acme/people", *both)["ledger"]
    book, sheet, heads, _ = rows(desk.out(*both, code=0))
    at = {sheet.cell(row, heads["Nr"]).value: row for row in range(2, sheet.max_row + 1)}
    assert sheet.cell(at["00888"], heads["Seit"]).value == datetime(2020, 2, 1)
    sheet.cell(at["00888"], heads["Geburt"]).value = datetime(1990, 3, 4)  # a day in a sheet, a text in the table
    sheet.cell(at["00101"], heads["Geburt"]).value = datetime(1980, 2, 28)
    sheet.cell(at["00102"], heads["Einkommen"]).value = 2500.5
    book.save(desk.root / "zurueck.xlsx")
    found = desk.json("intake", "acme/people", desk.root / "zurueck.xlsx")
    told = found["mended"]
    assert (told["fixed"], told["new"], told["cells"]) == ({"birth_date:date": 2, "income:number": 1}, {}, {})
    after = accepted(desk.newest)
    assert (found["ledger"], after["00888"]["income"], after["00102"]["income"]) == (before, 12.5, 2500.5)
    assert [after[key]["birth_date"].isoformat() for key in ("00888", "00101")] == ["1990-03-04", "1980-02-28"]


def test_a_cell_of_which_fields_take_parts_is_explained_as_a_whole_and_once(desk: Desk) -> None:
    path = desk.clients / "acme" / "people.yaml"
    parts = "first_name: {from: Name, part: first}\n  last_name: {from: Name, part: last}\n"
    text = path.read_text(encoding="utf-8").replace("last_name: Name\n", parts)
    more = "postcode: {from: Ort, part: postcode}\n  city: {from: Ort, part: city}\n"
    path.write_text(text.replace("city: Ort\n", more), encoding="utf-8")
    rows_ = [good(n).replace(f"Muster {n};Ulm", f"Muster, Ute;Weg {n}, 89073 Ulm") for n in range(1, WIDE)]
    torn = "00101;Cher;Ulm;01.02.1980;1,00;Frau;01.02.2020"
    desk.file.write_text("\n".join([HEADER, *rows_, torn]) + "\n", encoding="utf-8")
    book, sheet, _, _ = rows(desk.out(code=0))
    said = sheet.cell(2, 1).value.split("\n")
    assert sorted(said) == [
        "Name enthält mehrere Angaben, die sich nicht trennen lassen. Erwartet: der ganze Name, zum Beispiel Meier, Anna.",
        "Ort enthält mehrere Angaben, die sich nicht trennen lassen. Erwartet: die ganze Anschrift: Straße, Postleitzahl, Ort,"
        " zum Beispiel Hauptstr. 1, 12345 Neustadt.",
    ]
    told = [row[0].value for row in book.worksheets[0].iter_rows() if row[1].value and str(row[1].value).startswith("enthält")]
    assert sorted(told) == ["Name", "Ort"]


def test_several_files_keep_their_rows_apart(desk: Desk) -> None:
    other = desk.root / "mehr.csv"
    other.write_text("\n".join([HEADER + ";Neu", *(good(n) + ";x" for n in range(500, 540)), good(777) + ";x",
                                "00888;Ute;Ulm;kein Tag;1,00;Frau;01.02.2020;x"]) + "\n", encoding="utf-8")  # fmt: skip
    book, sheet, heads, _ = rows(desk.out(desk.file, other, code=0))
    assert {*HEADER.split(";"), "Neu"} < set(heads)
    mine = [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, heads["Datei"]).value == "mehr.csv"]
    assert [sheet.cell(row, heads["Zeile"]).value for row in mine] == [43]
    sheet.cell(mine[0], heads["Geburt"]).value = "01.01.1990"
    book.save(desk.root / "zurueck.xlsx")
    found = desk.json("intake", "acme/people", desk.root / "zurueck.xlsx")["mended"]
    assert found["fixed"] == {"birth_date:date": 1}
    assert accepted(desk.newest)["00888"]["birth_date"].isoformat() == "1990-01-01"


def test_where_the_file_is_not_kept_it_is_asked_for_by_name_and_hash_and_may_be_given(desk: Desk) -> None:
    mended = mend(desk.out(), desk.root / "zurueck.xlsx")
    shutil.rmtree(desk.home / "repairs")
    told = desk.json("intake", "acme/people", mended, code=1)["error"]
    assert told["code"] == "WORKBOOK-ORIGINAL"
    assert re.fullmatch(r"kunden\.csv \(sha256 [0-9a-f]{12}…\)", told["expected"])
    assert desk.json("intake", "acme/people", desk.file, mended)["mended"]["fixed"]


def test_what_does_not_belong_together_is_refused(desk: Desk, tmp_path: Path) -> None:
    mended = mend(desk.out(), desk.root / "zurueck.xlsx")

    def code(*words: object) -> str:
        return str(desk.json(*words, code=1)["error"]["code"])

    other = desk.root / "anders.csv"
    other.write_text(f"{HEADER}\n{good(1)}\n", encoding="utf-8")
    assert code("intake", "acme/people", other, mended) == "WORKBOOK-BESIDE"
    shutil.copyfile(mended, desk.root / "kopie.xlsx")
    assert code("check", "acme/people", mended, desk.root / "kopie.xlsx") == "WORKBOOK-SEVERAL"
    (desk.clients / "acme" / "others.yaml").write_text(FEED.replace("acme/people", "acme/others"), encoding="utf-8")
    assert code("check", "acme/others", mended) == "WORKBOOK-FEED"
    done = desk.run("check", "acme/people", mended, "--json", code=1, home=tmp_path / "another")
    assert json.loads(done.stdout)["error"]["code"] == "WORKBOOK-FOREIGN"
    book = openpyxl.load_workbook(mended)
    book["millrace"]["A3"].value = "p" + "A" * 40
    book.save(desk.root / "falsch.xlsx")
    assert code("check", "acme/people", desk.root / "falsch.xlsx") == "WORKBOOK-FOREIGN"


def test_no_value_reaches_the_terminal(desk: Desk) -> None:
    mended = mend(desk.out(), desk.root / "zurueck.xlsx")
    shown = [
        desk.run("check", "acme/people", desk.file, "--errors", desk.book, "--force", code=1),
        desk.run("check", "acme/people", mended),
        desk.run("intake", "acme/people", mended),
    ]
    for done in shown:
        for value in ("Meier", "Schulz", "Fräulein", "HYPERLINK", "Niemand", "31.02.1980", "28.02.1980", "Kiel", "00105", "viel"):
            assert value not in done.output, value


def test_a_workbook_is_written_only_where_nothing_is_replaced_and_something_is_wrong(desk: Desk) -> None:
    desk.out()
    told = desk.json("check", "acme/people", desk.file, "--errors", desk.book, code=1)
    assert told["error"]["code"] == "OUTPUT-EXISTS"
    desk.run("check", "acme/people", desk.file, "--errors", desk.root / "a.csv", code=2)
    desk.run("check", "acme/people", "--errors", desk.root / "a.xlsx", code=2)
    desk.file.write_text("\n".join([HEADER, *map(good, range(WIDE))]) + "\n", encoding="utf-8")
    done = desk.run("check", "acme/people", desk.file, "--errors", desk.root / "leer.xlsx")
    assert "no error workbook was written" in done.output
    assert not (desk.root / "leer.xlsx").exists()


def test_a_fault_that_is_rare_is_not_crowded_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.checking.Repair", partial(Repair, most=4))
    many = [f"{n:05d};Muster;Ulm;kein Tag;1,00;Frau;01.02.2020" for n in range(5000, 5030)]
    desk.file.write_text("\n".join([HEADER, *map(good, range(1000, 1400)), *many, *BAD[1:3]]) + "\n", encoding="utf-8")
    found = desk.json("check", "acme/people", desk.file, "--errors", desk.book, "--force", code=1)
    assert found["errors"] == {"rows": 4, "left_out": 28, "language": "de"}
    _, _, _, at = rows(desk.book)
    assert {432, 433} < set(at)
    cover = " ".join(str(cell.value) for row in openpyxl.load_workbook(desk.book).worksheets[0].iter_rows() for cell in row)
    assert "28 weitere Zeilen haben Fehler" in cover
    assert "Alle anderen Zeilen sind in Ordnung" not in cover


def test_every_rule_that_has_words_has_them_in_each_language() -> None:
    told = {*RULES, *RECORDS} - {"withdrawn"}
    assert told <= set(WRONG)
    assert all(len({*texts}) == len(LANGUAGES) and all(texts) for texts in WRONG.values())


def test_kept_files_are_swept_after_a_while(desk: Desk) -> None:
    desk.out()
    kept = next((desk.home / "repairs" / "acme" / "people").iterdir())
    keep(desk.space, "acme/people", [])
    assert kept.exists()
    os.utime(kept, (0, 0))
    keep(desk.space, "acme/people", [])
    assert not kept.exists()


def test_faults_of_repeats_are_counted_once_and_shares_are_those_of_the_rule(desk: Desk, tmp_path: Path) -> None:
    found = {(one["field"], one["rule"]): one for one in desk.json("check", "acme/people", desk.file, code=1)["failures"]}
    assert found["birth_date", "date"]["rows"] == 2  # and not 3: one row is an exact repeat
    assert found["birth_date", "date"]["examples"][0] == {
        "file": "kunden.csv", "record": LINES["day"], "line": LINES["day"], "shape": "99.99.999",
    }  # fmt: skip
    assert {rule for _, rule in found} >= {"category", "ge"}  # both faults of one row
    lenient_client = CLIENT.format(language="de") + "policies: {quarantine_share: 0.5}\n"
    (desk.clients / "acme" / "client.yaml").write_text(lenient_client, encoding="utf-8")
    lenient = {(one["field"], one["rule"]): one for one in desk.json("check", "acme/people", desk.file)["failures"]}
    assert lenient[None, "ragged"]["tolerated"] == 0.5
    assert not any(one["beyond"] for one in lenient.values())


def test_of_a_clients_workbook_the_sheet_is_named(desk: Desk) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Kundenliste"
    for line in [HEADER, *map(good, range(WIDE)), BAD[1]]:
        book.active.append(line.split(";"))
    book.save(desk.root / "kunden.xlsx")
    done = desk.run("check", "acme/people", desk.root / "kunden.xlsx")
    assert "Kundenliste, line 42: 'Einkommen'" in done.output


def test_faults_of_an_intake_are_sorted_and_once(desk: Desk, tmp_path: Path) -> None:
    space = desk.space
    take_in([desk.file], space.feed("acme/people"), space.client("acme"), tmp_path / "out", tmp_path / "scratch")
    found = faults(tmp_path / "out")
    assert list(found.keys) == sorted(found.keys)
    pairs = list(zip(found.of.tolist(), found.row_id.tolist(), strict=True))
    assert pairs == sorted(set(pairs))
    assert found.rows("customer_id:unique").tolist() == [LINES["one"], LINES["other"]]
    assert found.rows("nothing").tolist() == []


def test_a_delivery_says_what_a_mended_workbook_among_its_files_brought(desk: Desk) -> None:
    client = desk.clients / "acme" / "client.yaml"
    client.write_text(client.read_text(encoding="utf-8").replace("products: []", "products: [lifetimes]"), encoding="utf-8")
    columns = "order_id: Auftrag\n  line_id: {constant: '1'}\n  customer_id: Nr\n  ordered_at: Tag\n  amount: Betrag\n"
    (desk.clients / "acme" / "orders.yaml").write_text(
        "feed: acme/orders\ncontract: transactions@1.0\nstatus: confirmed\nmode: append\nreading: {dates: dmy, decimal: \",\"}\n"
        f"columns:\n  {columns}", encoding="utf-8")  # fmt: skip
    lines = [f"A{n};{n % 60:03d};{n % 28 + 1:02d}.{n * 7 % 12 + 1:02d}.202{n % 5};{n % 90},50" for n in range(400)]
    file = desk.root / "orders.csv"
    file.write_text("\n".join(["Auftrag;Nr;Tag;Betrag", *lines, "A900;007;31.02.2023;5,00"]) + "\n", encoding="utf-8")
    desk.run("check", "acme/orders", file, "--errors", desk.book)
    book, sheet, heads, at = rows(desk.book)
    sheet.cell(at[402], heads["Tag"]).value = "28.02.2023"
    book.save(desk.root / "zurueck.xlsx")
    done = here("deliver", "acme", "--product", "lifetimes", str(desk.root / "zurueck.xlsx"), home=desk.home,
                settings={"MILLRACE_CLIENTS": str(desk.clients)})  # fmt: skip
    assert "mended     zurueck.xlsx: 1 fault fixed (" in done.stdout, done.output
    assert newest(Home.open(desk.home), "acme", "orders").facts["ledger"]["accepted"] == 401
