"""Mended rows over the records of a file: only what was changed counts, every record keeps its place, and what comes back may be odd."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pytest

from connectors.identity import MARK, SHEET, Identity, Shown, opened, row_code, sealed
from connectors.overlay import patched
from connectors.reading.block import BLANK, NUMBER, TEXT, Block, aside_table
from connectors.reading.decision import Decision, Reading
from connectors.returned import Mended, Returned, returned
from connectors.sameness import same
from connectors.torn import split
from contracts.digest import sha256_file
from contracts.errors import Place, SourceError

OWN = ("What", "File", "Line", "Code")
HEADER = ("Nr", "Ort", "Code")
READING = Reading("delimited", {"delimiter": Decision.told(";"), "quote": Decision.told('"')}, HEADER)
SECRET = b"a secret"


def block(rows: Sequence[Sequence[str | None]], first: int = 2, raw: Sequence[tuple[int, str, str]] = ()) -> Block:
    """Rows with records and lines from a number on; faulty records as record, reason, text."""
    gone = {record for record, _, _ in raw}
    records = np.array([n for n in range(first, first + len(rows) + len(raw)) if n not in gone], np.int64)
    table = pa.table({name: pa.array([row[n] for row in rows], pa.string()) for n, name in enumerate(HEADER)})
    record = np.array([r for r, _, _ in raw], np.int64)
    return Block(table, records, records * 10, aside_table(record, record * 10, [w for _, w, _ in raw], [t for _, _, t in raw]))


def workbook(path: Path, rows: Sequence[tuple[int, Sequence[Any]]], *, records: Sequence[int] = (), rejected: Sequence[int] = (),
             heads: Sequence[str] = ("Nr", "Ort", "Code.2"), above: int = 0) -> Returned:  # fmt: skip
    """A workbook that came back; record 0 is a row without a code."""
    shown = tuple(records) or tuple(sorted({record for record, _ in rows if record}))
    about = Identity("acme/people", "en", "Rows", OWN, "Left over", HEADER, (Shown("a.csv", "00", shown, tuple(rejected)),))
    cells = sealed(about, SECRET)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Rows"
    for _ in range(above):
        sheet.append(["a remark"])
    sheet.append([*OWN, *heads])
    for record, values in rows:
        sheet.append(["", "", "", row_code(cells[1], 0, record) if record else "", *values])
    hidden = book.create_sheet(SHEET)
    hidden.sheet_state = "hidden"
    for cell in cells:
        hidden.append([cell])
    book.save(path)
    return returned(Mended(path, path.name, sha256_file(path)))


def rows_of(found: Block) -> dict[int, tuple[str | None, ...]]:
    return dict(zip(found.record.tolist(), (tuple(row.values()) for row in found.table.to_pylist()), strict=True))


def test_a_workbook_that_comes_back_as_it_went_changes_nothing(tmp_path: Path) -> None:
    given = block([("007", "Ulm ", "a\x01b"), ("8", None, "x\r\ny")])
    found = workbook(tmp_path / "a.xlsx", [(2, ("007", "Ulm", "a\ufffdb")), (3, ("8", None, "x\ny"))])
    laid, touched = patched(given, 0, found, READING)
    assert laid.table.equals(given.table)
    assert laid.kinds is None
    assert touched == []


def test_changed_cells_go_over_the_record_whatever_the_order_of_rows_and_columns(tmp_path: Path) -> None:
    given = block([("1", "Ulm", "x"), ("2", "Bonn", "y"), ("3", "Jena", "z")])
    found = workbook(tmp_path / "a.xlsx", [(4, ("z", "3", "Celle")), (2, ("x2", "1", "Ulm"))], heads=("Code.2", "Nr", "Ort"), above=3)
    laid, touched = patched(given, 0, found, READING)
    assert rows_of(laid) == {2: ("1", "Ulm", "x2"), 3: ("2", "Bonn", "y"), 4: ("3", "Celle", "z")}
    assert {one.header: one.row_id.tolist() for one in touched} == {"Ort": [4], "Code": [2]}
    assert found.moved
    assert patched(given, 1, found, READING)[1] == []  # another file of the submission


def test_a_number_keeps_its_kind_and_lost_zeros_are_no_change(tmp_path: Path) -> None:
    given = block([("007", "Ulm", "x"), ("008", "Bonn", "y")])
    found = workbook(tmp_path / "a.xlsx", [(2, (7, "Ulm", 12.5)), (3, (9, None, "y"))])
    laid, _ = patched(given, 0, found, READING)
    assert rows_of(laid) == {2: ("007", "Ulm", "12.5"), 3: ("9", None, "y")}
    assert laid.kinds is not None
    assert {name: kind.tolist() for name, kind in laid.kinds.items()} == {
        "Nr": [TEXT, NUMBER],
        "Ort": [TEXT, BLANK],
        "Code": [NUMBER, TEXT],
    }


def test_a_faulty_record_becomes_a_row_at_its_place_once_it_was_changed(tmp_path: Path) -> None:
    given = block([("1", "Ulm", "x"), ("9", "Jena", "z")], raw=[(3, "ragged", "2;Bonn;y;more"), (4, "ragged", "3;Celle")])
    found = workbook(tmp_path / "a.xlsx", [(3, ("2", "Bad Bonn", "y")), (4, ("3", "Celle", None))])
    laid, touched = patched(given, 0, found, READING)
    assert rows_of(laid) == {2: ("1", "Ulm", "x"), 3: ("2", "Bad Bonn", "y"), 5: ("9", "Jena", "z")}
    assert laid.line.tolist() == [20, 30, 50]
    assert laid.aside.to_pylist() == [{"record": 4, "line": 40, "reason": "ragged", "raw": "3;Celle"}]
    assert laid.records == given.records
    assert {one.header for one in touched} == set(HEADER)


WITH_REST = ("Nr", "Ort", "Code.2", "Left over")


def test_a_record_that_was_changed_stays_faulty_while_something_is_left_over_and_keeps_what_was_mended(tmp_path: Path) -> None:
    given = block([("1", "Ulm", "x")], raw=[(3, "ragged", "2;Bonn;y;more"), (4, "unclosed_quote", '3;"Celle;z;a;b')])
    found = workbook(tmp_path / "a.xlsx", [(3, ("2", "Bonn", "y", None)), (4, ("3", "Celle; Nord", "z", "a;b"))], heads=WITH_REST)
    laid, touched = patched(given, 0, found, READING)
    assert rows_of(laid) == {2: ("1", "Ulm", "x"), 3: ("2", "Bonn", "y")}  # to empty what is left over is to mend it
    (kept,) = laid.aside.to_pylist()
    assert (kept["record"], kept["reason"]) == (4, "ragged")
    assert split(kept["raw"], READING, 3, "ragged") == (["3", "Celle; Nord", "z"], "a;b")
    assert {one.row_id.tolist() == [3, 4] for one in touched} == {True}
    gone = workbook(tmp_path / "b.xlsx", [(3, ("2", "Bonn", "y")), (4, ("3", '"Celle', "z"))])  # the column is gone: no cell was mended
    assert patched(given, 0, gone, READING) == (given, [])


def test_another_form_of_a_cell_does_not_mend_a_faulty_record(tmp_path: Path) -> None:
    given = block([("1", "Ulm", "x")], raw=[(3, "ragged", "1.234,50;03.04.1985")])
    form = [(3, (1234.5, datetime(1985, 4, 3), None))]
    assert patched(given, 0, workbook(tmp_path / "a.xlsx", form), READING) == (given, [])
    other = [(3, (1234.6, datetime(1985, 4, 3), None))]
    assert list(rows_of(patched(given, 0, workbook(tmp_path / "b.xlsx", other), READING)[0])) == [2, 3]


def test_no_row_is_taken_for_deleted_while_one_stands_there_under_a_code_that_is_not_its_own(tmp_path: Path) -> None:
    twice = [(2, ("1", "Ulm", "x")), (2, ("2", "Bonn", "y"))]  # filled down over the code of record 3
    found = workbook(tmp_path / "a.xlsx", twice, records=(2, 3), rejected=(3,))
    assert (found.gone.tolist(), found.withdrawn.tolist(), found.strayed) == ([3], [], 2)
    new = workbook(tmp_path / "b.xlsx", [(2, ("1", "Ulm", "x")), (0, ("4", "new", "c"))], records=(2, 3), rejected=(3,))
    assert (new.withdrawn.tolist(), new.strayed) == ([3], 0)  # a row that the client added has nothing in our columns


def test_columns_that_are_there_twice_and_further_sheets_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, [(2, ("1", "Bonn", "x", "Jena"))], heads=("Nr", "Ort", "Code.2", "Ort"))
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["Rows"]).title = "Copy"
    book.move_sheet("Copy", -5)
    book.save(path)
    found = returned(Mended(path, "a.xlsx", sha256_file(path)))
    assert (found.doubled, found.sheets, found.table.column("Ort").to_pylist()) == (("Ort",), ("Copy",), ["Bonn"])


def test_a_deleted_row_is_withdrawn_only_where_it_had_been_held_back(tmp_path: Path) -> None:
    given = block([("1", "Ulm", "x"), ("2", "Bonn", "y"), ("3", "Jena", "z")])
    found = workbook(tmp_path / "a.xlsx", [(4, ("3", "Jena", "z"))], records=(2, 3, 4), rejected=(3, 4))
    laid, _ = patched(given, 0, found, READING)
    assert list(rows_of(laid)) == [2, 4]
    assert laid.aside.to_pylist() == [{"record": 3, "line": 30, "reason": "withdrawn", "raw": "2;Bonn;y"}]
    assert (found.gone.tolist(), found.withdrawn.tolist()) == ([2, 3], [3])


def test_rows_without_a_code_and_with_one_twice_are_told_and_not_used(tmp_path: Path) -> None:
    rows = [(2, ("1", "Ulm", "changed")), (3, ("2", "Bonn", "a")), (3, ("2", "Bonn", "b")), (0, ("4", "new", "c"))]
    found = workbook(tmp_path / "a.xlsx", rows, rejected=(2, 3))
    assert (found.row_id.tolist(), found.added, found.repeated) == ([2], (5,), (3, 4))
    assert found.gone.tolist() == []
    laid, _ = patched(block([("1", "Ulm", "x"), ("2", "Bonn", "y")]), 0, found, READING)
    assert rows_of(laid) == {2: ("1", "Ulm", "changed"), 3: ("2", "Bonn", "y")}


def test_a_column_that_is_gone_leaves_its_cells_and_a_strange_one_is_told(tmp_path: Path) -> None:
    found = workbook(tmp_path / "a.xlsx", [(2, ("1", "Bonn", "new"))], heads=("Nr", "Stadt", "Code.2"))
    assert (found.missing, found.foreign) == (("Ort",), ("Stadt",))
    laid, _ = patched(block([("1", "Ulm", "x")]), 0, found, READING)
    assert rows_of(laid) == {2: ("1", "Ulm", "new")}


def test_without_the_codes_nothing_is_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, [(2, ("1", "Ulm", "x"))])
    book = openpyxl.load_workbook(path)
    book["Rows"]["D1"].value = "Something"
    book.save(path)
    with pytest.raises(SourceError, match="WORKBOOK-CODES"):
        returned(Mended(path, "a.xlsx", sha256_file(path)))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda cells: (cells[0], cells[1], cells[2] + "A"), "WORKBOOK-FOREIGN"),
        (lambda cells: (cells[0], "0" * 64, cells[2]), "WORKBOOK-FOREIGN"),
        (lambda cells: (cells[0], "ü", cells[2]), "WORKBOOK-FOREIGN"),
        (lambda cells: cells[:1], "WORKBOOK-DAMAGED"),
        (lambda cells: ("hello", *cells[1:]), "WORKBOOK-DAMAGED"),
        (lambda cells: (), "WORKBOOK-DAMAGED"),
    ],
)
def test_an_identity_that_is_not_ours_is_refused(change: Any, code: str) -> None:
    about = Identity("acme/people", "en", "Rows", OWN, "Left over", HEADER, (Shown("a.csv", "00", (2, 3)),))
    cells = change(sealed(about, SECRET))
    with pytest.raises(SourceError, match=code):
        opened(cells, SECRET, Place(file="a.xlsx"))
    assert opened(sealed(about, SECRET), SECRET, Place()) == about
    with pytest.raises(SourceError, match="WORKBOOK-FOREIGN"):
        opened(sealed(about, b"another"), SECRET, Place())


def test_a_content_that_inflates_without_end_is_damage() -> None:
    with pytest.raises(SourceError, match="WORKBOOK-DAMAGED"):
        opened((MARK, "", "p" + "A" * 40), None, Place())


def test_many_records_fit_the_hidden_sheet() -> None:
    many = tuple(range(2, 600_000, 5))
    about = Identity("acme/people", "en", "Rows", OWN, "Left over", HEADER, (Shown("a.csv", "00", many, many[::2]),))
    cells = sealed(about, SECRET)
    assert max(map(len, cells)) < 32_767
    assert opened(cells, SECRET, Place()) == about


@pytest.mark.parametrize(
    ("text", "kind", "given", "form", "expected"),
    [
        ("=1+1", TEXT, "=1+1", TEXT, True), ("'=1+1", TEXT, "=1+1", TEXT, False), ("1", TEXT, "1", NUMBER, True),
        ("0.30000000000000004", NUMBER, "0.3", NUMBER, True), ("0.31", NUMBER, "0.3", NUMBER, False),
        ("x" * 40_000, TEXT, "x" * 32_000 + "… (shortened)", TEXT, True), ("_x0041_", TEXT, "_x005F_x0041_", TEXT, True),
        ("a", TEXT, "", BLANK, False), ("", TEXT, "", BLANK, True),
    ],
)  # fmt: skip
def test_what_counts_as_a_change(text: str, kind: int, given: str, form: int, expected: bool) -> None:
    assert same(text, kind, given, form) is expected
