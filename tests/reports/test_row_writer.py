"""Rows written as text are the bytes that openpyxl writes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet._writer import WorksheetWriter

from reports import workbook
from reports.row_writer import RowWriter
from reports.workbook import TypedCell, TypedSheet, cell_text
from tests.reports.hostile import ATTACKS

VALUES = st.one_of(
    st.tuples(st.just("s"), st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(cell_text)),
    st.tuples(st.just("s"), st.sampled_from([" a", "a ", "  ", "a\nb", "&<>\"'", "=1+1", ""])),
    st.tuples(st.just("n"), st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False))),
    st.tuples(st.just("b"), st.sampled_from(["1", "0"])),
    st.tuples(st.just("d"), st.one_of(st.dates(date(1900, 1, 1)), st.datetimes(datetime(1900, 1, 1)))),
    st.tuples(st.just("n"), st.none()),
)


def _sheet(rows: list[list[tuple[str, Any]]], folder: Path, monkeypatch: pytest.MonkeyPatch, writer: type) -> bytes:
    monkeypatch.setattr(workbook, "RowWriter", writer)
    book = Workbook(write_only=True)
    page = TypedSheet(book, "Rows", folder)
    page.row_dimensions[2].height = 30
    for row in rows:
        page.cells = [_cell(page, kind) for kind, _ in row]
        page.append([value for _, value in row])
    page.close()
    return (folder / "Rows.xml").read_bytes()


def _cell(page: TypedSheet, kind: str) -> TypedCell:
    cell = TypedCell(page, row=1, column=1)
    cell.data_type, cell.font = kind, Font(bold=kind == "s")
    return cell.fix()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(VALUES, max_size=40), min_size=1, max_size=4))
def test_the_bytes_are_those_of_openpyxl(tmp_path_factory: pytest.TempPathFactory, rows: list[list[tuple[str, Any]]]) -> None:
    folder = tmp_path_factory.mktemp("rows")
    with pytest.MonkeyPatch.context() as patch:
        theirs = _sheet(rows, folder, patch, WorksheetWriter)
        assert _sheet(rows, folder, patch, RowWriter) == theirs


def test_hostile_texts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[("s", cell_text(text)) for text in ATTACKS]]
    theirs = _sheet(rows, tmp_path, monkeypatch, WorksheetWriter)
    ours = _sheet(rows, tmp_path, monkeypatch, RowWriter)
    assert ours == theirs
    assert len(ours) > 500


def test_openpyxl_writes_where_its_stream_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def __init__(self, stream: Any) -> None:
            self.element, self.write = stream.element, stream.write

    class Other(RowWriter):
        def write_row(self, xf: Any, row: Any, row_idx: int) -> None:
            super().write_row(Closed(xf), row, row_idx)

    rows = [[("s", "a & b"), ("n", 3)]]
    assert _sheet(rows, tmp_path, monkeypatch, Other) == _sheet(rows, tmp_path, monkeypatch, WorksheetWriter)
