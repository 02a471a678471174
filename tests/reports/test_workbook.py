"""The workbook holds what it should, in the right types, and nothing in it is live."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import sheets
from reports.facts import Facts
from reports.scores import OutputColumn
from reports.workbook import LONGEST, cell_text, write_workbook
from tests.reports.hostile import ATTACKS, hostile_facts, hostile_texts
from tests.reports.sample import facts, not_scored, parts, scores

TITLES = ["Summary", "Scores", "Not scored", "Data quality", "What we filled", "Assumptions", "Dictionary"]


def made(folder: Path, table: pa.Table, shown: Facts, rejected: pa.Table | None = None) -> Path:
    path = folder / "not_scored.parquet"
    pq.write_table(not_scored(46) if rejected is None else rejected, path)
    write_workbook(shown, parts(table, folder / "parts", 3), path, folder)
    return folder / "scores.xlsx"


def parsed(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def nothing_live(path: Path) -> None:
    for name, text in parsed(path).items():
        assert not re.search(r"<(?:\w+:)?f[ >/]", text), f"formula in {name}"
        assert "hyperlink" not in text.lower().replace("=hyperlink(", ""), f"link in {name}"
        assert 't="e"' not in text, f"error value in {name}"
        assert "TargetMode" not in text, f"outside relation in {name}"
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", text), f"control character in {name}"


def test_sheets_and_values(tmp_path: Path) -> None:
    table = scores(300)
    book = openpyxl.load_workbook(made(tmp_path, table, facts(300)))
    assert book.sheetnames == TITLES
    for sheet in book.worksheets:
        assert sheet.freeze_panes == ("A2" if sheet.title == "Summary" else "B2")
        assert (sheet.auto_filter.ref is None) == (sheet.title == "Summary")
        assert all(sheet.column_dimensions[cell.column_letter].width >= 9 for cell in sheet[1])
    sheet = book["Scores"]
    assert sheet.auto_filter.ref == "A1:M301"
    got = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    expected = [list(row.values()) for row in table.to_pylist()]
    assert [row[:3] + row[4:] for row in got] == [row[:3] + row[4:] for row in expected]
    assert [row[3] for row in got] == pytest.approx([row[3] for row in expected], abs=1e-15)
    first = sheet[2]
    assert [cell.number_format for cell in first[:6]] == ["@", "@", "@", "0.0%", "@", "#,##0"]
    assert first[0].value.startswith("0")  # a key keeps its zeros


def test_a_row_of_scores_can_be_read_when_printed(tmp_path: Path) -> None:
    table = scores(30)
    three = "Days since the last order +0.203; Mean days between orders +0.130; Orders in 90 days +0.129"
    table = table.set_column(table.schema.get_field_index("reasons"), "reasons", pa.array([three] * 30))
    sheet = openpyxl.load_workbook(made(tmp_path, table, facts(30)))["Scores"]
    for cell in sheet[2]:
        if isinstance(cell.value, str):
            assert sheet.column_dimensions[cell.column_letter].width >= len(cell.value) + 2, cell.value
    assert sum(sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]) < 270


def test_rows_that_were_not_scored(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(made(tmp_path, scores(30), facts(30)))["Not scored"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Feed", "File", "Sheet", "Line in your file", "Record", "Reason")
    assert rows[2] == ("Customers", "Kunden_2025-06.csv", None, 42, 42, "the customer number is missing")
    assert len(rows) == 47


def test_hostile_texts_stay_text(tmp_path: Path) -> None:
    table = scores(160)
    for name in ("customer_id", "band", "reasons", "model"):
        table = table.set_column(table.column_names.index(name), name, hostile_texts(160))
    rejected = pa.table({"feed": hostile_texts(20), "reason": hostile_texts(20), "sheet": hostile_texts(20), "line": list(range(20))})
    path = made(tmp_path, table, hostile_facts(), rejected)
    nothing_live(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == TITLES
    assert {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    keys = {row[0].value for row in book["Scores"].iter_rows(min_row=2)}
    assert ATTACKS[0] in keys
    assert ATTACKS[9] in keys
    assert max(len(str(key)) for key in keys) == LONGEST


@given(
    st.text(max_size=40)
    | st.builds(lambda text, n: (text * n)[:40_000], st.text("🦊x", min_size=1, max_size=9), st.integers(1_000, 40_000))
)
def test_any_text_fits_a_cell(text: str) -> None:
    held = cell_text(text)
    assert len(held.encode("utf-16-le")) // 2 <= LONGEST
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", held)
    assert not re.search(r"(?<!x005F)_x[0-9A-Fa-f]{4}_(?!x)", held.replace("_x005F_", ""))
    if len(text) < 40 and text.isprintable() and "_x" not in text:
        assert held == text


def test_each_kind_has_its_type(tmp_path: Path) -> None:
    kinds = {
        "customer_id": ("text", "", pa.array(["007", "=1"])),
        "score": ("real", "money", pa.array([1.5, float("nan")])),
        "active": ("flag", "", pa.array([True, None])),
        "seen": ("day", "", pa.array([date(2025, 6, 1), None])),
        "at": ("moment", "", pa.array([datetime(2025, 6, 1, 12, tzinfo=UTC)] * 2)),
        "n": ("whole", "", pa.array([3, None])),
        "kind": ("text", "", pa.array(["a", None]).dictionary_encode()),
    }
    columns = tuple(OutputColumn(name, name, "", unit, kind) for name, (kind, unit, _) in kinds.items())
    book = openpyxl.load_workbook(made(tmp_path, pa.table({k: v[2] for k, v in kinds.items()}), facts(2, columns=columns)))
    rows = list(book["Scores"].iter_rows(min_row=2, values_only=True))
    assert rows[0] == ("007", 1.5, True, datetime(2025, 6, 1), datetime(2025, 6, 1, 12), 3, "a")
    assert rows[1][:3] == ("=1", None, None)
    assert book["Scores"]["B2"].number_format == "#,##0.00"


def test_many_scores_are_left_to_the_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST", 50)
    book = openpyxl.load_workbook(made(tmp_path, scores(51), facts(51), not_scored(60)))
    assert "scores.csv" in str(book["Scores"]["A2"].value)
    assert book["Scores"].max_row == 2
    assert any("scores.csv" in str(row[1]) for row in book["Summary"].iter_rows(values_only=True))
    assert book["Not scored"].max_row == 52
    assert book["Not scored"]["F52"].value == "and 10 more rows"


def test_nothing_of_it_lies_in_the_system_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "system"
    elsewhere.mkdir(mode=0o500)
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    seen: list[str] = []
    real = sheets._records

    def spied(table: pa.Table) -> Any:
        yield from real(table)
        seen.extend(path.name for path in elsewhere.iterdir())

    monkeypatch.setattr(sheets, "_records", spied)
    path = made(tmp_path, scores(30), facts(30))
    assert seen == []
    assert not [entry for entry in path.parent.iterdir() if entry.name.startswith(".xlsx-")]


@pytest.mark.libreoffice
def test_libreoffice_opens_it(tmp_path: Path, office: Callable[[Path, str], Path]) -> None:
    table = scores(50).set_column(4, "band", hostile_texts(50))
    path = office(made(tmp_path, table, facts(50)), "xlsx:Calc MS Excel 2007 XML")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == TITLES
    rows = list(book["Scores"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == table["customer_id"].to_pylist()
    assert [row[3] for row in rows] == pytest.approx(table["score"].to_pylist(), abs=1e-9)
    assert [row[4] for row in rows[:5]] == [cell_text(text) for text in table["band"].to_pylist()[:5]]
    nothing_live(path)


@pytest.mark.libreoffice
def test_libreoffice_shows_coded_texts_as_they_are(tmp_path: Path, office: Callable[[Path, str], Path]) -> None:
    table = scores(2).set_column(0, "customer_id", pa.array(["_x0041_", "=1+1"]))
    shown = facts(2)
    path = made(tmp_path, table, shown)
    with zipfile.ZipFile(path) as archive:
        assert "_x005F_x0041_" in archive.read("xl/worksheets/sheet2.xml").decode()
    found = office(path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2")
    candidates = sorted(found.parent.glob("scores*Scores.csv")) or [found]
    with candidates[0].open(encoding="utf-8", newline="") as file:
        keys = [row[0] for row in csv.reader(file)][1:]
    assert keys == ["_x0041_", "=1+1"]


def test_a_pack_without_an_as_of_date_opens(tmp_path: Path) -> None:
    shown = facts(10)
    undated = replace(shown, evidence=replace(shown.evidence, as_of="", as_of_how="the data hold no date"))
    path = made(tmp_path, scores(10), undated)
    assert "dcterms:modified" not in parsed(path)["docProps/core.xml"]
    said = dict(openpyxl.load_workbook(path)["Summary"].iter_rows(values_only=True))
    assert said["As of"] == "None: the data hold no date"
