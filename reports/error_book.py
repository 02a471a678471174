"""The error workbook: a client's own faulty rows with the bad cells marked and explained, to be mended and sent back as it is.

Every text is a cell of type text in the format of texts: it never becomes a formula or a number, keeps leading zeros, and goes back as
it came, without an apostrophe. Cells of a client's workbook that were numbers, days or yes and no are written as such.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from reports.error_words import WORDS, Words
from reports.theme import accent, readable
from reports.workbook import TypedCell, TypedSheet, cell_text, settle

TEXT, NUMBER, DAY, FLAG, BLANK = range(5)
"""Kinds of cells, as the readers of files number them."""
TYPES = {TEXT: "s", NUMBER: "n", DAY: "d", FLAG: "b", BLANK: "s"}
EXACT = 10**15
"""From here on a spreadsheet cuts the digits of a whole number."""
FIRST_DAY = datetime(1900, 3, 1)
"""Before it Excel counts a day that there never was."""
MARK = "FFE08A"
WIDTHS = (46, 24, 9, 17)
COVER = (26, 44, 44, 20, 10, 30)
"""Widths of our columns in front of the client's, and of the first sheet's."""
MOST_LINES = 12
Cell = tuple[Any, TypedCell]


@dataclass(frozen=True)
class Fault:
    """What is told of one kind of fault: the client's column, what is wrong, what is expected, an example, how many rows, what it costs."""

    column: str
    wrong: str
    expected: str
    example: str
    rows: int
    on_bad: str


@dataclass(frozen=True)
class Row:
    """One faulty record.

    Parameters
    ----------
    wrong : str
        One line a fault.
    file : str
    line : int
        As the client's file shows it.
    code : str
        Names the row when it comes back.
    cells : sequence of str or None
        One a column of the book.
    kinds : sequence of int
        Of the cells.
    bad : frozenset of int
        Places of the cells that are marked.
    rest : str
        What is left over of a record with too many cells.
    """

    wrong: str
    file: str
    line: int
    code: str
    cells: Sequence[str | None]
    kinds: Sequence[int]
    bad: frozenset[int]
    rest: str = ""


@dataclass(frozen=True)
class Book:
    """An error workbook.

    Parameters
    ----------
    language : str
        One of `WORDS`.
    client : str
    accent : str, optional
    files : tuple of str
        Names.
    heads : tuple of str
        All heads of the rows: our own, the client's, and ours for what is left over.
    rest : bool
        Whether the last of them is needed.
    faults : tuple of Fault
    shown, left_out : int
        Rows.
    rows : iterable of Row
    hidden : (str, tuple of str)
        Title and cells of the sheet that says what the workbook is.
    """

    language: str
    client: str
    accent: str | None
    files: tuple[str, ...]
    heads: tuple[str, ...]
    rest: bool
    faults: tuple[Fault, ...]
    shown: int
    left_out: int
    rows: Iterable[Row]
    hidden: tuple[str, tuple[str, ...]]


def write_error_book(book: Book, out: IO[bytes], scratch: Path) -> None:
    """Write the workbook; equal books are equal bytes. Unfinished sheets lie in `scratch`, which must be private."""
    words = WORDS[book.language]
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".xlsx-") as folder:
        made = Workbook(write_only=True)
        made.properties.creator = "Millrace"
        made.properties.title = cell_text(f"{words.title}: {book.client}")
        colour = readable(accent(book.accent)).removeprefix("#").upper()
        _cover(made, book, words, colour, Path(folder))
        _rows(made, book, words, colour, Path(folder))
        _hidden(made, book, Path(folder))
        raw = Path(folder) / "raw.xlsx"
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive:
            ExcelWriter(made, archive).save()
        settle(raw, out, "")


class FreeSheet(TypedSheet):
    """A sheet whose rows bring the style of each cell along; a style without a value is an empty cell that shows it."""

    rows = 0

    def add(self, cells: Sequence[Cell | None], lines: int = 1) -> None:
        """A row, so many lines of text high."""
        self.rows += 1
        if lines > 1:
            self.row_dimensions[self.rows].height = 15 * min(lines, MOST_LINES)
        self.append(cells)
        self.row_dimensions.pop(self.rows, None)  # it is written; a hundred thousand of them would be kept

    def _values_to_row(self, values: Sequence[Cell | None], row_idx: int) -> Iterator[TypedCell]:
        for number, pair in enumerate(values, 1):
            if pair is not None:
                value, cell = pair
                cell._value, cell.row, cell.column = value, row_idx, number
                yield cell


def _sheet(made: Workbook, title: str, folder: Path, widths: Sequence[int]) -> FreeSheet:
    page = FreeSheet(made, title, folder)
    made._add_sheet(page)
    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    return page


def _styled(page: FreeSheet, kind: str = "s", **style: Any) -> TypedCell:
    cell = TypedCell(page, row=1, column=1)
    cell.data_type = kind
    for name, value in style.items():
        setattr(cell, name, value)
    return cell.fix()


def _cover(made: Workbook, book: Book, words: Words, colour: str, folder: Path) -> None:
    """The first sheet: what this is, what was found, how to mend it and send it back."""
    page = _sheet(made, words.sheets[0], folder, COVER)
    page.sheet_view.showGridLines = False
    page.print_options.horizontalCentered = False
    big = _styled(page, font=Font(name="Calibri", size=18, bold=True, color=colour))
    bold = _styled(page, font=Font(name="Calibri", size=12, bold=True, color=colour))
    plain = _styled(page, font=Font(name="Calibri", size=11), alignment=Alignment(vertical="top"))
    page.add([(words.title, big)])
    for line in (*words.intro, *(() if book.left_out else (words.others,))):
        page.add([(line, plain)])
    page.add([])
    for name, said in _facts(book, words):
        page.add([(name, _styled(page, font=Font(name="Calibri", size=11, bold=True))), (cell_text(said), plain)])
    page.add([])
    page.add([(words.steps_title, bold)])
    for step in words.steps:
        page.add([(step.format(rows=words.sheets[1], code=words.own[-1]), plain)])
    page.add([])
    page.add([(words.table_title, bold)])
    _table(page, book, words, colour)
    page.close()


def _facts(book: Book, words: Words) -> Iterator[tuple[str, str]]:
    client, files, shown, left_out = words.facts
    yield client, book.client
    for n, name in enumerate(book.files[:20]):
        yield files if n == 0 else "", name
    if len(book.files) > 20:
        yield "", f"… +{words.whole(len(book.files) - 20)}"
    yield shown, words.whole(book.shown)
    if book.left_out:
        yield left_out, words.more.format(count=words.whole(book.left_out))


def _table(page: FreeSheet, book: Book, words: Words, colour: str) -> None:
    line = Border(bottom=Side("hair", color="C9CDD1"))
    head = _head(page, colour)
    text = _styled(page, alignment=Alignment(vertical="top", wrap_text=True), border=line, number_format="@")
    count = _styled(page, "n", alignment=Alignment("right", "top"), border=line, number_format="#,##0")
    right, apart = _head(page, colour, Alignment("right", "center")), _head(page, colour, Alignment(vertical="center", indent=1))
    last = _styled(page, alignment=Alignment(vertical="top", wrap_text=True, indent=1), border=line)
    page.add([*((title, head) for title in words.table[:-2]), (words.table[-2], right), (words.table[-1], apart)])
    for fault in book.faults:
        said = (fault.column, fault.wrong, fault.expected, fault.example)
        lines = max(_lines(part, width) for part, width in zip(said, COVER, strict=False))
        page.add([*((cell_text(part), text) for part in said), (fault.rows, count), (words.otherwise[fault.on_bad], last)], lines)


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a column, some blanks spared."""
    return sum(-(-len(line) // int(width * 0.95)) or 1 for line in text.split("\n"))


def _head(page: FreeSheet, colour: str, aligned: Alignment | None = None) -> TypedCell:
    fill, font = PatternFill("solid", fgColor=colour), Font(name="Calibri", size=11, bold=True, color="FFFFFF")
    return _styled(page, fill=fill, font=font, alignment=aligned or Alignment(vertical="center", wrap_text=True), number_format="@")


def _rows(made: Workbook, book: Book, words: Words, colour: str, folder: Path) -> None:
    """The client's rows: our columns in front are grey, bad cells are coloured."""
    heads = book.heads if book.rest else book.heads[:-1]
    own = len(words.own)
    page = _sheet(made, words.sheets[1], folder, (*WIDTHS, *(min(max(len(head) + 3, 12), 28) for head in heads[own:])))
    page.freeze_panes = "B2"
    page.print_title_rows = "1:1"
    page.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{book.shown + 1}"
    ours, theirs = _head(page, "5B6770"), _head(page, colour)
    page.add([(cell_text(head), ours if n < own else theirs) for n, head in enumerate(heads)], 2)
    grey = PatternFill("solid", fgColor="F1F3F4")
    wrapped = _styled(page, fill=grey, alignment=Alignment(vertical="top", wrap_text=True), number_format="@")
    said = _styled(
        page, fill=grey, alignment=Alignment(vertical="top", indent=1), number_format="@", font=Font(name="Calibri", color="5B6770")
    )
    count = _styled(page, "n", fill=grey, alignment=Alignment("right", "top"), number_format="0")
    styles = {(kind, bad): _client_cell(page, kind, bad, book.language) for kind in (TEXT, NUMBER, DAY, FLAG) for bad in (False, True)}
    for row in book.rows:
        front = [(cell_text(row.wrong), wrapped), (cell_text(row.file), said), (row.line, count), (row.code, said)]
        cells = [_cell(text, kind, at in row.bad, styles) for at, (text, kind) in enumerate(zip(row.cells, row.kinds, strict=True))]
        page.add(
            [*front, *cells, *([(cell_text(row.rest), styles[TEXT, True])] if book.rest and row.rest else [])], _lines(row.wrong, WIDTHS[0])
        )
    page.close()


def _client_cell(page: FreeSheet, kind: int, bad: bool, language: str) -> TypedCell:
    formats = {TEXT: "@", DAY: "dd.mm.yyyy" if language == "de" else "yyyy-mm-dd"}
    mark: dict[str, Any] = (
        {"fill": PatternFill("solid", fgColor=MARK), "border": Border(*[Side("thin", color="C77700")] * 4)} if bad else {}
    )
    return _styled(page, TYPES[kind], number_format=formats.get(kind, "General"), alignment=Alignment(vertical="top"), **mark)


def _cell(text: str | None, kind: int, bad: bool, styles: dict[tuple[int, bool], TypedCell]) -> Cell | None:
    if text is None or not text:
        return (None, styles[TEXT, True]) if bad else None
    value = _value(text, kind)
    return (cell_text(text), styles[TEXT, bad]) if value is None else (value, styles[kind, bad])


def _value(text: str, kind: int) -> Any:
    """What a cell that is no text holds; null where a workbook cannot hold it as that.

    Examples
    --------
    >>> _value("12.5", NUMBER), _value("1985-12-31", DAY).year, _value("true", FLAG), _value("1234567890123456", NUMBER), _value("x", TEXT)
    (12.5, 1985, '1', None, None)
    """
    try:
        if kind == NUMBER:
            number = float(text)
            return None if abs(number) >= EXACT else int(number) if number.is_integer() else number
        if kind == DAY:
            moment = datetime.fromisoformat(text)
            return moment if moment.tzinfo is None and moment >= FIRST_DAY else None
    except (ValueError, OverflowError):
        return None
    return {"true": "1", "false": "0"}.get(text) if kind == FLAG else None


def _hidden(made: Workbook, book: Book, folder: Path) -> None:
    title, cells = book.hidden
    page = _sheet(made, title, folder, (20,))
    page.sheet_state = "hidden"
    text = _styled(page, number_format="@")
    for cell in cells:
        page.add([(cell, text)])
    page.close()
