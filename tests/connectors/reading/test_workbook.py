"""Workbooks: every row is a row or set aside with a reason, cells keep their kind, a reader that fails is an ordinary refusal."""

from __future__ import annotations

import io
import json
import random
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from connectors.reading import guard, limited, workbook, workbook_child
from connectors.reading.block import BLANK, BOOLEAN, DATE, NUMBER, TEXT
from connectors.reading.decision import ReadingHints
from connectors.reading.limited import Answer, Limits
from connectors.reading.reading import read, sheets
from connectors.reading.source import open_source
from connectors.reading.workbook import Sheet
from contracts.errors import Place, RunError, SourceError
from tests.connectors.reading.conftest import Taker, Writer, attempt
from tests.connectors.reading.sheets import (
    MOMENT,
    SPAN,
    Cell,
    Rows,
    cell,
    ods,
    ods_cell,
    packed,
    parts,
    sheet_xml,
    wrapped,
    xlsx,
)  # fmt: skip

ROWS: Rows = [["id", "name", "pay"], [1.0, "Ute", 2.5], [2.0, "Max", 3.5], [3.0, "Jo", 4.0]]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's work done here: many small files in little time."""

    def ask(path: Path, sheet: str | None, place: Place, limits: Limits, *, listing: bool = False) -> Answer:
        target = io.BytesIO()
        job = {"path": str(path), "sheet": sheet, "list": listing, "rows": 7, "cells": limits.cells}
        workbook_child.answer(job, pa.PythonFile(target, "w"))
        table = pa.ipc.open_file(pa.BufferReader(target.getvalue())).read_all()
        return Answer(table, {**json.loads(table.schema.metadata[b"about"])})

    monkeypatch.setattr(limited, "ask", ask)


def many(count: int, *more: Cell) -> Rows:
    """Numbered rows that end alike."""
    return [[float(n), f"Name {n}", *more] for n in range(count)]


def refusal(call: Callable[[], object]) -> SourceError:
    with pytest.raises(SourceError) as caught:
        call()
    return caught.value


# Cells


def test_cells_keep_their_kind_beside_their_text(take: Taker) -> None:
    head = [cell(n, 1, name) for n, name in enumerate(("text", "number", "date", "yes", "moment", "span", "nothing", "error"), 1)]
    row = [
        cell(1, 2, " 00123 "), cell(2, 2, 1234.5), cell(3, 2, date(2024, 2, 29)), cell(4, 2, True),
        f'<c r="E2" s="{MOMENT}"><v>45351.75</v></c>',
        f'<c r="F2" s="{SPAN}"><v>1.5</v></c>', '<c r="H2" t="e"><v>#N/A</v></c>',
    ]  # fmt: skip
    taken = take(packed(parts({"S": wrapped(f'<row r="1">{"".join(head)}</row><row r="2">{"".join(row)}</row>')})), name="a.xlsx")
    [found], kinds = taken.rows, taken.blocks[0].kinds
    assert kinds is not None
    assert list(found.values())[:6] == [" 00123 ", "1234.5", "2024-02-29", "true", "2024-02-29T18:00:00", "36:00:00"]
    assert "nothing" not in found or found["nothing"] is None
    assert [int(kinds[name][0]) for name in ("text", "number", "date", "yes", "moment", "span", "error")] == [
        TEXT, NUMBER, DATE, BOOLEAN, DATE, TEXT, BLANK,
    ]  # fmt: skip
    assert taken.reading.decisions["errors"].value == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (-0.0, "0"), (0.1, "0.1"), (12345678901234.0, "12345678901234"), (999999999999999.0, "999999999999999"),
     (4111111111111111.0, "4111111111111111"), (9007199254740991.0, "9007199254740991"), (1e16, "1e+16"),
     (1e22, "1e+22"), (1e-7, "1e-07"), (0.1 + 0.2, "0.30000000000000004"), (12345678901.25, "12345678901.25"), (-2.5, "-2.5")],
)  # fmt: skip
def test_numbers_are_written_as_their_shortest_text(value: float, text: str) -> None:
    assert workbook_child.numbers_text([value]).to_pylist() == [text]


@settings(derandomize=True, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_numbers_are_python_s_text_for_any_number(values: list[float]) -> None:
    expected = [str(int(v)) if v.is_integer() and abs(v) < 2**53 else repr(v) for v in values]
    assert workbook_child.numbers_text(values).to_pylist() == expected


MIXED = st.one_of(
    st.just(""), st.text(st.characters(exclude_categories=["Cs"]), max_size=5), st.floats(), st.integers(-(2**31), 2**31), st.booleans(),
    st.dates(), st.datetimes(), st.times(), st.timedeltas(timedelta(), timedelta(days=99)),
)  # fmt: skip


@settings(derandomize=True, deadline=None)
@given(st.lists(MIXED, min_size=1, max_size=40))
def test_any_mixture_of_cells_keeps_its_order_and_kinds(cells: list[object]) -> None:
    texts, kinds = workbook_child.column(cells)
    texts.validate(full=True)
    for value, text, kind in zip(cells, texts.to_pylist(), kinds.to_pylist(), strict=True):
        if value == "" and isinstance(value, str):
            assert (text, kind) == (None, BLANK)
        elif isinstance(value, str):
            assert (text, kind) == (value, TEXT)
        elif isinstance(value, bool):
            assert (text, kind) == (str(value).lower(), BOOLEAN)
        elif isinstance(value, datetime):
            assert (datetime.fromisoformat(text), kind) == (value, DATE)
        elif isinstance(value, date):
            assert (text, kind) == (value.isoformat(), DATE)
        elif isinstance(value, int | float):
            assert kind == (NUMBER if abs(value) != float("inf") and value == value else TEXT)
            assert float(text) == value or value != value
        else:
            assert kind == TEXT


# Rows


MESSY: Rows = [
    ["Kundenliste", None, None, None], ["Export", date(2024, 5, 1), None, None], [None] * 4, ["Nr", "Name", "Ort", "Umsatz"],
    [1.0, "Ute", "Kiel", 10.5], [2.0, "Max", "Bonn", 20.0], [None, " ", None, None],
    ["Nr", "Name", "Ort", "Umsatz"], [3.0, "Jo", "Ulm", 5.0],
    [4.0, "Eva", None, 1.0], ["Summe", None, None, 36.5], ["Erstellt am 1. Mai, vertraulich", None, None, None],
]  # fmt: skip
REASONS = [
    (1, "preamble"),
    (2, "preamble"),
    (3, "blank"),
    (4, "header"),
    (7, "blank"),
    (8, "repeated_header"),
    (11, "total"),
    (12, "footer"),
]


def test_rows_that_are_no_rows_are_set_aside_with_their_place(take: Taker) -> None:
    taken = take(xlsx(MESSY), name="a.xlsx")
    assert taken.reasons == REASONS
    assert taken.line == [5, 6, 9, 10]
    assert [row["Nr"] for row in taken.rows] == ["1", "2", "3", "4"]
    assert taken.aside[1][3] == "Export\t2024-05-01"
    assert {n: taken.reading.decisions[n].value for n in ("sheet", "header_row", "preamble", "columns")} == {
        "sheet": "Kunden", "header_row": 4, "preamble": 3, "columns": 4,
    }  # fmt: skip


def test_positions_are_those_of_the_sheet_wherever_the_table_begins(take: Taker) -> None:
    taken = take(xlsx([["id", "", "pay"], *ROWS[1:]], first=(5, 3)), name="a.xlsx")
    assert taken.line == [6, 7, 8]
    assert taken.records == [1, 2, 3, 4]
    assert taken.reading.header == ("id", "column 4", "pay")
    assert taken.reading.decisions["header_row"].value == 5


def test_a_remark_beside_the_table_makes_no_column(take: Taker) -> None:
    beside: Rows = [[None, None, None, None, "last page"], *ROWS]
    taken = take(xlsx(beside), name="a.xlsx")
    assert taken.reading.header == ("id", "name", "pay")
    assert taken.aside[0][2:] == ("preamble", "\t\t\t\tlast page")
    assert "2 empty ones" in taken.reading.decisions["columns"].evidence


def test_values_in_a_column_without_a_name_are_kept(take: Taker) -> None:
    rows: Rows = [["id", "name"], [1.0, "Ute", "extra"], [2.0, "Max"]]
    assert take(xlsx(rows), name="a.xlsx").rows[0] == {"id": "1", "name": "Ute", "column 3": "extra"}


def test_a_header_below_a_remark_spread_over_cells(take: Taker) -> None:
    rows: Rows = [
        ["at", "the", "top", None, "of"], ["Nr", "Name", "Alter", "Kind", "Tag"],
        *many(5, 20.0, True, date(2024, 1, 1)),
    ]  # fmt: skip
    taken = take(xlsx(rows), name="a.xlsx")
    assert taken.reading.decisions["header_row"].value == 2
    assert taken.reasons == [(1, "preamble"), (2, "header")]


@pytest.mark.parametrize("block_rows", [1, 3, 70, 100, 10_000])
def test_blocks_cut_anywhere_say_the_same(take: Taker, block_rows: int) -> None:
    rows: Rows = [*MESSY[:6], *many(200, "Ulm", 1.5), ["Summe", None, None, 330.5]]
    taken = take(xlsx(rows), name="a.xlsx", block_rows=block_rows)
    assert taken.reasons == [*REASONS[:4], (207, "total")]
    assert taken.line == list(range(5, 207))
    assert [row["Nr"] for row in taken.rows][:3] == ["1", "2", "0"]
    assert all(block.records <= block_rows + workbook.KEPT for block in taken.blocks)


def test_hints_go_before_what_is_found(take: Taker) -> None:
    assert take(xlsx(ROWS), ReadingHints(header_row=0), name="a.xlsx").reading.header == ("column 1", "column 2", "column 3")
    assert take(xlsx(ROWS), ReadingHints(header_row=2), name="a.xlsx").reading.header == ("1", "Ute", "2.5")
    rows: Rows = [*ROWS, ["Endstand", None, 10.0]]
    assert take(xlsx(rows), ReadingHints(total_words=("endstand",)), name="a.xlsx").reasons == [(1, "header"), (5, "total")]


def test_a_header_row_that_is_not_there(take: Taker) -> None:
    assert refusal(lambda: take(xlsx(ROWS), ReadingHints(header_row=99), name="a.xlsx")).code == "HEADER-MISSING"


def test_a_sheet_of_a_header_alone_has_no_rows(take: Taker) -> None:
    taken = take(xlsx(ROWS[:1]), name="a.xlsx")
    assert taken.rows == []
    assert taken.reading.header == ("id", "name", "pay")
    assert taken.reasons == [(1, "header")]


CELLS = st.one_of(
    st.none(), st.sampled_from(["id", "name", "Total", "Summe", "Ute", " ", "a long remark"]),
    st.floats(-1e6, 1e6).map(lambda v: round(v, 3)),
    st.booleans(), st.dates(date(1950, 1, 1), date(2050, 1, 1)),
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=30), st.integers(1, 9), st.integers(1, 30))
def test_every_row_of_the_used_area_is_in_one_place(write: Writer, in_process: None, rows: Rows, first: int, block_rows: int) -> None:
    path = write(xlsx(rows, first=(first, first)), "a.xlsx")
    taken = attempt(lambda: read(path, block_rows=block_rows))
    if isinstance(taken, SourceError):
        assert taken.code == "SOURCE-EMPTY"
        assert not any(_filled(value) for row in rows for value in row)
        return
    used = [n for n, row in enumerate(rows, first) if any(value is not None for value in row)]
    assert taken.records == list(range(1, used[-1] - used[0] + 2))
    assert sorted([*taken.line, *(line for line, _ in taken.reasons)]) == list(range(used[0], used[-1] + 1))
    blank = {line for line, reason in taken.reasons if reason == "blank"}
    expected = sum(value is not None for n, row in enumerate(rows, first) if n not in blank for value in row)
    in_rows = sum(text is not None for row in taken.rows for text in row.values())
    in_aside = sum(bool(text) for *_, raw in taken.aside for text in raw.split("\t"))
    assert in_rows + in_aside == expected
    assert not any(_filled(value) for n in blank for value in rows[n - first])


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


# Sheets


THREE = {"Titel": sheet_xml([["Report"], [None], ["see below"]]), "Daten": sheet_xml(ROWS * 3), "Codes": sheet_xml(ROWS)}


def test_the_sheet_that_holds_a_table_is_taken(take: Taker) -> None:
    taken = take(packed(parts({"Titel": THREE["Titel"], "Daten": THREE["Daten"]})), name="a.xlsx")
    assert taken.reading.sheet == taken.reading.decisions["sheet"].value == "Daten"
    assert taken.reading.decisions["sheet"].evidence == "the only one of 2 visible sheets that holds a table: about 36 filled cells"


def test_of_several_tables_the_largest_is_taken_and_that_is_said(take: Taker) -> None:
    decision = take(packed(parts(THREE)), name="a.xlsx").reading.decisions["sheet"]
    assert (decision.value, decision.confidence) == ("Daten", 0.3)
    assert decision.evidence == (
        "the largest table of 3 visible sheets: about 36 filled cells; 12 in 'Codes', no table in 'Titel'; "
        "the same header in 'Codes', not read"
    )


def test_a_hidden_sheet_is_never_taken_silently(take: Taker, write: Writer) -> None:
    content = packed(parts({"Alt": sheet_xml(ROWS * 9), "Neu": sheet_xml(ROWS)}, hidden=["Alt"]))
    decision = take(content, name="a.xlsx").reading.decisions["sheet"]
    assert (decision.value, decision.evidence) == ("Neu", "the only visible sheet; 1 hidden, not looked at")
    named = take(content, name="a.xlsx", sheet="Alt").reading.decisions["sheet"]
    assert named.given
    assert "hidden" in named.evidence
    assert sheets(write(content, "a.xlsx")) == (Sheet("Alt", 36, 3, True), Sheet("Neu", 4, 3, False))


def test_a_workbook_whose_sheets_are_all_hidden_is_refused(take: Taker) -> None:
    error = refusal(lambda: take(packed(parts({"Alt": sheet_xml(ROWS)}, hidden=["Alt"])), name="a.xlsx"))
    assert error.code == "SHEET-MISSING"
    assert error.details == ("sheet 'Alt' (hidden)",)


def test_a_named_sheet_is_found_but_for_case_and_blanks(take: Taker) -> None:
    decision = take(packed(parts(THREE)), ReadingHints(sheet=" daten "), name="a.xlsx").reading.decisions["sheet"]
    assert (decision.value, decision.given) == ("Daten", True)
    assert "but for case" in decision.evidence


def test_the_argument_goes_before_the_hint(take: Taker) -> None:
    assert take(packed(parts(THREE)), ReadingHints(sheet="Daten"), name="a.xlsx", sheet="Codes").reading.sheet == "Codes"


def test_a_missing_sheet_names_those_there_and_the_closest(take: Taker) -> None:
    error = refusal(lambda: take(packed(parts(THREE)), ReadingHints(sheet="Datne"), name="a.xlsx"))
    assert error.code == "SHEET-MISSING"
    assert error.details == ("sheet 'Titel'", "sheet 'Daten'", "sheet 'Codes'")
    assert error.hint == "the closest is 'Daten': correct reading.sheet"


def test_an_empty_sheet_is_refused(take: Taker) -> None:
    error = refusal(lambda: take(packed(parts({"Leer": wrapped("")})), name="a.xlsx"))
    assert (error.code, error.place.sheet) == ("SOURCE-EMPTY", "Leer")


def test_formulas_without_a_value_are_told_not_invented(take: Taker) -> None:
    formula = '<row r="5"><c r="A5"><v>4</v></c><c r="B5" t="inlineStr"><is><t>Al</t></is></c><c r="C5"><f>C4+1</f></c></row>'
    content = packed(parts({"S": sheet_xml(ROWS).replace("</sheetData>", formula + "</sheetData>")}))
    taken = take(content, name="a.xlsx")
    assert taken.rows[-1] == {"id": "4", "name": "Al", "pay": None}
    assert taken.reading.decisions["formulas"].evidence == "formulas without a stored value, read as blank: 1 in 'pay' (C5)"


def test_a_plain_workbook_has_no_notes(take: Taker) -> None:
    assert set(take(xlsx(ROWS), name="a.xlsx").reading.decisions) == {"sheet", "header_row", "preamble", "columns"}


def test_a_workbook_is_known_by_its_content_not_its_name(take: Taker) -> None:
    assert len(take(xlsx(ROWS), name="export.csv").rows) == 3
    assert len(
        take(
            ods("".join(f"<table:table-row>{ods_cell(a)}{ods_cell(b)}</table:table-row>" for a, b in ("xy", "ab", "cd"))), name="a.xls"
        ).rows
    )


# The child


@pytest.mark.parametrize(
    ("limits", "rows"),
    [(Limits(memory=170 << 20), 20_000), (Limits(file=1000), 300), (replace(Limits(), wall=0.01), 3)],  # type: ignore[arg-type]
    ids=["memory", "file", "wall"],
)
def test_a_child_that_wants_too_much_is_an_ordinary_refusal(
    take: Taker, monkeypatch: pytest.MonkeyPatch, limits: Limits, rows: int
) -> None:
    monkeypatch.setattr(limited, "LIMITS", limits)
    monkeypatch.setattr(Limits, "for_cells", lambda self, *_: self)
    table: Rows = [["id", "name", "pay"], *many(rows, 2.5)]
    error = refusal(lambda: take(xlsx(table), name="a.xlsx"))
    assert error.code == "SOURCE-TOO-LARGE"
    assert error.hint


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="no limit of computing time on this system")
def test_a_child_that_computes_too_long_is_stopped(write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limited, "ENVIRONMENT", {})
    script = tmp_path / "slow.py"
    script.write_text(
        "import json, sys\nsys.path.insert(0, " + repr(str(Path(workbook_child.__file__).parent)) + ")\nimport workbook_child\n"
        "workbook_child.limit(json.load(sys.stdin))\nwhile True: pass\n"
    )
    monkeypatch.setattr(workbook_child, "__file__", str(script))
    error = refusal(lambda: limited.ask(write(xlsx(ROWS), "a.xlsx"), None, Place(), Limits(cpu=1, wall=30)))
    assert error.code == "SOURCE-TOO-LARGE"


def test_a_child_that_cannot_start_is_no_fault_of_the_file(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(RunError) as caught:
        take(xlsx(ROWS), name="a.xlsx")
    assert caught.value.code == "READER-BROKEN"


def test_a_full_disk_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(limited._refusal(workbook_child.FULL, Limits(), Place()), OSError)
    assert limited._refusal(workbook_child.LOCKED, Limits(), Place()).code == "SOURCE-ENCRYPTED"  # type: ignore[attr-defined]
    assert limited._refusal(-11, Limits(), Place()).code == "SOURCE-TRUNCATED"  # type: ignore[attr-defined]


def test_nothing_is_left_behind_by_success_or_failure(take: Taker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert len(take(xlsx(ROWS), name="a.xlsx").rows) == 3
    with pytest.raises(SourceError):
        take(packed(parts({"S": wrapped('<row r="1"><c r="A1" t="n"><v>secret</v></c></row>')})), name="b.xlsx")
    assert list(temporary.iterdir()) == []


def test_a_value_of_the_file_is_in_no_error(take: Taker) -> None:
    error = refusal(lambda: take(packed(parts({"S": wrapped('<row r="1"><c r="A1" t="n"><v>canary-4711</v></c></row>')})), name="b.xlsx"))
    assert error.code == "SOURCE-TRUNCATED"
    assert "canary" not in "\n".join(error.lines())


def test_a_workbook_cut_anywhere_is_never_a_table(write: Writer) -> None:
    whole = xlsx(ROWS)
    for length in range(4, len(whole), 37):
        path = write(whole[:length], "a.xlsx")
        code = refusal(lambda path=path: list(read(path)[1])).code  # type: ignore[misc]
        assert code in ("SOURCE-TRUNCATED", "SOURCE-KIND")


def test_a_flipped_bit_is_never_another_table(write: Writer, take: Taker) -> None:
    whole, dice = xlsx(ROWS), random.Random(5)
    honest = take(whole, name="a.xlsx").rows
    for _ in range(25):
        at = dice.randrange(8 * len(whole))
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        try:
            _, blocks = read(write(bytes(flipped), "a.xlsx"))
        except SourceError:
            continue
        assert [row for block in blocks for row in block.table.to_pylist()] == honest


# Real files


KPMG = "data/kpmg-sprocket/KPMG_VI_New_raw_data_update_final.xlsx"


def test_sprocket_s_five_sheets(shared: Path, take: Taker) -> None:
    path = shared / KPMG
    assert [(s.name, s.rows, s.columns) for s in sheets(path)] == [
        ("Title Sheet", 99, 9), ("Transactions", 20001, 13), ("NewCustomerList", 1001, 23), ("CustomerDemographic", 4001, 13),
        ("CustomerAddress", 4000, 6),
    ]  # fmt: skip
    assert take(path).reading.sheet == "Transactions"
    counted = {
        name: len(take(path, sheet=name).rows) for name in ("Transactions", "NewCustomerList", "CustomerDemographic", "CustomerAddress")
    }
    assert counted == {"Transactions": 20000, "NewCustomerList": 1000, "CustomerDemographic": 4000, "CustomerAddress": 3999}
    new = take(path, sheet="NewCustomerList").reading
    assert new.header[16:21] == ("column 17", "column 18", "column 19", "column 20", "column 21")
    assert new.decisions["hidden"].value == 5


@pytest.mark.parametrize("sheet", ["NewCustomerList", "CustomerDemographic"])
def test_sprocket_s_cells_are_those_that_another_reader_sees(shared: Path, take: Taker, sheet: str) -> None:
    taken = take(shared / KPMG, sheet=sheet)
    book = load_workbook(shared / KPMG, read_only=True, data_only=True)
    theirs = list(book[sheet].iter_rows(min_row=2, values_only=True))
    book.close()
    for mine, other in zip(taken.rows, theirs, strict=True):
        assert list(mine.values()) == [_as_text(value) for value in other[: len(mine)]]


def _as_text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("T00:00:00")
    if isinstance(value, int | float):
        return str(workbook_child.numbers_text([float(value)])[0])
    return str(value)


@pytest.mark.parametrize(
    ("path", "sheet", "header_row", "rows"),
    [
        ("superstore/Sample - Superstore.xls", "Orders", 1, 9994),
        ("readxl-workbooks/deaths.xlsx", "arts", 5, None),
        ("readxl-workbooks/deaths.xlsx", "other", 5, None),
        ("readxl-workbooks/datasets.xls", "quakes", 1, 1000),
        ("csvkit-examples/ne_1033_data.xlsx", None, 1, 1036),
        ("csvkit-examples/test_skip_lines.xls", None, 4, 3),
        ("csvkit-examples/sheets.xlsx", None, 1, 3),
        ("spreadsheet-horrors/blank_line.ods", None, 1, 3),
        ("spreadsheet-horrors/simple.xls", None, 1, 6),
        ("spreadsheet-horrors/ods_formats.ods", None, 1, 5),
    ],
)
def test_real_workbooks(shared: Path, take: Taker, path: str, sheet: str | None, header_row: int, rows: int | None) -> None:
    taken = take(shared / "data" / path, sheet=sheet)
    assert taken.reading.decisions["header_row"].value == header_row
    assert rows is None or len(taken.rows) == rows


def test_a_report_s_hidden_sheets_are_told(shared: Path, take: Taker) -> None:
    taken = take(shared / "data/spreadsheet-horrors/large.xlsx")
    assert taken.reading.decisions["sheet"].evidence == "the only visible sheet; 2 hidden, not looked at"
    assert taken.reading.decisions["extras"].evidence == "data connections: neither run nor followed"


def test_the_look_counts_every_cell_of_a_real_sheet(shared: Path) -> None:
    sight = guard.look(open_source(shared / "data/csvkit-examples/ne_1033_data.xlsx"))
    assert sight.cells == 1037 * 14 - 4


def merged_header(*ranges: str, top: list[str | None]) -> bytes:
    rows: list[list[str | float | bool | date | None]] = [[float(n), "Ute", "Bär", n * 1.5, n * 2.5] for n in range(1, 9)]
    content = sheet_xml([top, [None, "first", "last", "net", "gross"], *rows])
    merges = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    return packed(parts({"S": content.replace("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")}))


def test_groups_merged_over_names_that_differ_are_part_of_the_header(take: Taker) -> None:
    taken = take(merged_header("A1:A2", "B1:C1", "D1:E1", top=["Nr", "Person", None, "Pay", None]), name="a.xlsx")
    assert taken.reading.header == ("Nr", "Person first", "Person last", "Pay net", "Pay gross")
    assert taken.reasons == [(1, "header"), (2, "header")]


@pytest.mark.parametrize("ranges", [["A1:E1"], ["B1:D1"]])
def test_a_title_merged_over_the_names_is_no_group(take: Taker, ranges: list[str]) -> None:
    title: list[str | None] = ["Report 2024", None] if ranges == ["A1:E1"] else ["made", "by merging"]
    taken = take(merged_header(*ranges, top=title), name="a.xlsx")
    assert taken.reading.header[1:] == ("first", "last", "net", "gross")
    assert taken.reasons == [(1, "preamble"), (2, "header")]
