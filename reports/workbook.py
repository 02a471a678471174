"""scores.xlsx: sheets written by openpyxl a row at a time, then settled so that equal content is equal bytes.

No text ever becomes a formula, a link or an error value: each cell's type is set by the column, never guessed from the content.
"""

from __future__ import annotations

import math
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import ALL_TEMP_FILES
from openpyxl.writer.excel import ExcelWriter

from reports.facts import Facts
from reports.row_writer import RowWriter
from reports.theme import accent, readable
from reports.words import visible

if TYPE_CHECKING:
    from reports.sheets import Sheet

LONGEST = 32_767
CUT = "… (shortened)"
FORMATS = {"whole": "#,##0", "real": "#,##0.000", "share": "0.0%", "money": "#,##0.00", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}
TYPES = {"whole": "n", "real": "n", "share": "n", "money": "n", "flag": "b", "day": "d", "moment": "d"}
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write_workbook(facts: Facts, scores: Sequence[Path], not_scored: Path | None, folder: Path) -> dict[str, int]:
    """Write scores.xlsx into the folder; rows by sheet. Unfinished sheets stay in that folder, never in the system's.

    `scores` are the Parquet parts in order, `not_scored` a Parquet table with the columns of `sheets.NOT_SCORED` (those it has).
    """
    from reports.sheets import sheets  # with it come the charts: an error workbook, which is written here too, has none

    with tempfile.TemporaryDirectory(dir=folder, prefix=".xlsx-") as scratch:
        book = Workbook(write_only=True)
        book.properties.creator = "Millrace"
        book.properties.title = cell_text(f"{facts.product.title} for {facts.client.title}")
        colour = readable(accent(facts.client.accent))
        rows = {sheet.title: _write(book, sheet, Path(scratch), colour) for sheet in sheets(facts, scores, not_scored)}
        raw = Path(scratch) / "raw.xlsx"
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive:  # compressed once, when it is settled
            ExcelWriter(book, archive).save()
        settle(raw, folder / "scores.xlsx", f"{facts.evidence.as_of}T00:00:00Z" if facts.evidence.as_of else "")
    return rows


def cell_text(text: str) -> str:
    """A text as a cell can hold it: no control characters, not longer than Excel allows, nothing that Excel would decode.

    Examples
    --------
    >>> cell_text("a\\x01b"), cell_text("_x0041_"), len(cell_text("x" * 40_000))
    ('a\\ufffdb', '_x005F_x0041_', 32767)
    """
    if text.isprintable() and "_x" not in text and len(text) <= LONGEST // 2:
        return text
    text = CODED.sub("_x005F_", visible(text))
    if len(text) <= LONGEST // 2:
        return text
    while len(text) + sum(sign > "\uffff" for sign in text) > LONGEST:  # Excel counts UTF-16 units
        over = len(text) + sum(sign > "\uffff" for sign in text) - LONGEST
        text = text.removesuffix(CUT)[: -(over + len(CUT))] + CUT
    return text


def settle(raw: Path, out: Path | IO[bytes], moment: str) -> None:
    """Copy a workbook's archive with sorted entries, fixed times and one moment of creation; none where `moment` is empty."""
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda entry: (entry != "[Content_Types].xml", entry)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            with old.open(name) as source, new.open(entry, "w", force_zip64=False) as target:
                if name == "docProps/core.xml":
                    # Excel takes a workbook with an empty moment for a damaged one.
                    target.write(TIMES.sub(rb"\g<1>" + moment.encode() + rb"\g<3>" if moment else b"", source.read()))
                    continue
                while block := source.read(1 << 20):
                    target.write(block)


class TypedCell(Cell):  # type: ignore[misc]
    """A cell whose style is looked up once, not once a row; `fix` after the style is set."""

    __slots__ = ("fixed",)
    has_style = True

    def fix(self) -> TypedCell:
        """The same cell with its style settled."""
        self.fixed = super().style_id
        return self

    @property
    def style_id(self) -> int:
        """The number of the style in the workbook."""
        return int(self.fixed)


class TypedSheet(WriteOnlyWorksheet):  # type: ignore[misc]
    """A write-only sheet whose cells have the type and style of their column; openpyxl's own guesses from the content.

    One cell object a column is reused for all rows. Its stream lies in a folder of ours: openpyxl's own temporary file would
    leave a client's rows in the system's when the process is killed.
    """

    def __init__(self, book: Workbook, title: str, scratch: Path) -> None:
        super().__init__(book, title)
        self._writer: RowWriter | None = None
        self.scratch = scratch
        self.cells: list[TypedCell] = []

    def _get_writer(self) -> None:
        if self._writer is None:
            path = str(self.scratch / f"{self.title}.xml")
            ALL_TEMP_FILES.append(path)  # the writer takes it off again
            writer = RowWriter(self, path)
            writer.write_top()
            self._writer = writer

    def _values_to_row(self, values: Sequence[Any], row_idx: int) -> Iterator[TypedCell]:
        for number, (cell, value) in enumerate(zip(self.cells, values, strict=True), 1):
            if value is not None:
                cell._value, cell.row, cell.column = value, row_idx, number
                yield cell


def _write(book: Workbook, sheet: Sheet, scratch: Path, colour: str) -> int:
    page = TypedSheet(book, sheet.title, scratch)
    book._add_sheet(page)
    page.freeze_panes = "B2" if sheet.filters else "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.sheet_view.showGridLines = sheet.filters
    for number, head in enumerate(sheet.heads, 1):
        page.column_dimensions[get_column_letter(number)].width = head.width
    page.row_dimensions[1].height = 30
    page.cells = [_head_cell(page, head.kind, colour) for head in sheet.heads]
    page.append([cell_text(head.title) for head in sheet.heads])
    rows = _rows(page, sheet)
    if sheet.filters:
        page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.heads))}{rows + 1}"
    page.close()
    return rows


def _rows(page: TypedSheet, sheet: Sheet) -> int:
    kinds = [head.kind for head in sheet.heads]
    wrapped = [(number, head.width) for number, head in enumerate(sheet.heads) if head.kind == "words"]
    page.cells = [_body_cell(page, kind, not sheet.filters) for kind in kinds]
    rows = 0
    for rows, row in enumerate(sheet.rows, 1):
        lines = max((_lines(row[number], width) for number, width in wrapped), default=1)
        if lines > 1:
            page.row_dimensions[rows + 1].height = 15 * min(lines, 20)
        page.append([value if value is None else _content(value, kind) for value, kind in zip(row, kinds, strict=True)])
    return rows


def _lines(text: str | None, width: int) -> int:
    return sum(-(-len(line) // width) or 1 for line in text.split("\n")) if text else 1


def _content(value: Any, kind: str) -> Any:
    if kind not in TYPES:
        return cell_text(value) or None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if kind == "flag":
        return "1" if value else "0"
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _head_cell(page: TypedSheet, kind: str, colour: str) -> TypedCell:
    cell = TypedCell(page, row=1, column=1)
    cell.data_type = "s"
    cell.font = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=colour.removeprefix("#").upper())
    cell.alignment = Alignment("right" if kind in TYPES else "left", "center", wrap_text=True, indent=0 if kind in TYPES else 1)
    return cell.fix()


def _body_cell(page: TypedSheet, kind: str, ruled: bool) -> TypedCell:
    cell = TypedCell(page, row=1, column=1)
    cell.data_type = TYPES.get(kind, "s")
    cell.number_format = FORMATS.get(kind, "@" if kind == "text" else "General")
    number = kind in TYPES
    cell.alignment = Alignment("right" if number else "left", "top", wrap_text=kind == "words" or None, indent=0 if number else 1)
    if ruled:
        cell.border = Border(bottom=Side("hair", color="C9CDD1"))
    return cell.fix()
