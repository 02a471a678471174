"""The content of an OpenDocument workbook, looked at as bytes: what its sheets hold beside the values that a reader tells."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.reading import markup, number_format
from connectors.reading.sight import Growing, SheetSight, column_letters

WIDEST = 16_384
"""Columns that a spreadsheet has."""
MOST = 1_048_576
"""Rows that a spreadsheet has; cells that one may stand for."""

_PART = re.compile(
    rb"<table:table (?=[^>]*table:name=\"(?P<name>[^\"]*)\")"
    rb"|<table:table-column(?P<column>(?:[\s/][^>]*)?)>"
    rb"|<table:table-row(?P<row>(?:[\s/][^>]*)?)>"
    rb"|(?P<filter><table:filter-(?:and|or|condition)[ >])"
)
_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^>]*)>")
_TIMES = re.compile(rb"number-(?:rows|columns)-repeated=\"([0-9]{1,9})\"")
_SPANNED = re.compile(rb"table:number-(columns|rows)-spanned=\"([0-9]{1,6})\"")
_HIDDEN = (b'table:visibility="collapse"', b'table:visibility="filter"')
_SEPARATELY = (b"-spanned=", b"table:formula=", b'value-type="error"')
_SHOWN = re.compile(rb"<text:p>(0[0-9 -]*[0-9]|[0-9]+(?:-[0-9]+)+)</text:p>")
"""A number shown as a code, as its format says: with zeros before it, or in parts."""
_APART, _DIGIT = re.compile(rb"[ -]"), re.compile(rb"[0-9]")
_WHOLE = re.compile(rb'office:value="([0-9]{1,15})"')


@dataclass(frozen=True)
class Content:
    """What was seen of an OpenDocument workbook.

    Parameters
    ----------
    sheets : dict of str to SheetSight
        By name, in the workbook's order.
    repeated : int
        Cells that filled cells stand for because they, or their rows, are repeated.
    """

    sheets: dict[str, SheetSight] = field(default_factory=dict)
    repeated: int = 0

    @property
    def cells(self) -> int:
        """Filled cells, each counted once."""
        return sum(sheet.cells for sheet in self.sheets.values())


@dataclass
class _Look:
    """Where in the document one is: sheet, row and column counted from 0."""

    sheets: dict[str, Growing] = field(default_factory=dict)
    sight: Growing = field(default_factory=Growing)
    row: int = 0
    column: int = 0
    repeated: int = 0


def survey(pieces: Iterator[bytes]) -> Content:
    """Look through a document's content; no more of it is held than a row.

    Examples
    --------
    >>> cell = b'<table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Pay</text:p></table:table-cell>'
    >>> rows = b'<table:table-row table:visibility="collapse">' + cell + b"</table:table-row>"
    >>> sight = survey(iter([b'<table:table table:name="S"><table:table-column/>' + rows + b"</table:table>"])).sheets["S"]
    >>> sight.cells, sight.hidden_rows, sight.ranges
    (1, ((1, 1),), ((0, 0, 0, 1),))
    """
    look, rest = _Look(), b""
    for piece in pieces:
        rest = _taken(look, rest + piece, ends=False)
        rest = b"" if len(rest) > markup.LONGEST else rest
    _taken(look, rest, ends=True)
    return Content({name: sight.done() for name, sight in look.sheets.items()}, look.repeated)


def _taken(look: _Look, data: bytes, *, ends: bool) -> bytes:
    """Take in what is whole; the rest is looked at again with what follows."""
    parts = list(_PART.finditer(data))
    stops = [part.start() for part in parts[1:]]
    if ends:
        stops.append(len(data))
    for part, stop in zip(parts, stops, strict=False):
        if part["name"] is not None:
            look.sight, look.row, look.column = Growing(), 0, 0
            look.sheets[html.unescape(part["name"].decode("utf-8", "replace"))] = look.sight
        elif part["row"] is not None:
            _row(look, part["row"], data[part.end() : stop])
        elif part["column"] is not None:
            _column(look, part["column"])
        else:
            look.sight.filtered = True
    return data[parts[-1].start() if parts else max(0, len(data) - 4096) :]


def _column(look: _Look, attributes: bytes) -> None:
    times = min(_times(attributes), WIDEST)
    if any(sign in attributes for sign in _HIDDEN):
        look.sight.hide_columns(look.column + 1, look.column + times)
    look.column += times


def _row(look: _Look, attributes: bytes, cells: bytes) -> None:
    times, filled = _times(attributes), cells.count(b"office:value-type=")
    if any(sign in attributes for sign in _HIDDEN):
        look.sight.hide_rows(look.row + 1, look.row + times)
    if filled:
        look.sight.cells += filled
        look.sight.span(look.row + times, _width(cells[: cells.rfind(b"office:value-type=")]))
        if times > 1 or b"-columns-repeated=" in cells:
            look.repeated += times * sum(_times(cell) for cell in _CELL.findall(cells) if b"value-type=" in cell)
    if any(sign in cells for sign in _SEPARATELY):
        _cells(look, cells)
    if _SHOWN.search(cells):
        _codes(look, cells, times)
    look.row += times


def _width(cells: bytes) -> int:
    """Columns that cells take."""
    if b"-columns-repeated=" in cells:
        return sum(map(_times, _CELL.findall(cells + b">")))
    return cells.count(b"<table:table-cell") + cells.count(b"<table:covered-table-cell")


def _cells(look: _Look, cells: bytes) -> None:
    """Merged cells, formulas without a value and errors of a row."""
    column = 0
    for attributes in _CELL.findall(cells):
        spans = {kind: int(count) for kind, count in _SPANNED.findall(attributes)}
        if max(spans.values(), default=1) > 1:
            look.sight.merge((look.row, column, look.row + spans.get(b"rows", 1) - 1, column + spans.get(b"columns", 1) - 1))
        if b"table:formula=" in attributes and b"value-type=" not in attributes:
            look.sight.without_value(column_letters(column + 1), look.row + 1)
        look.sight.errors += b'calcext:value-type="error"' in attributes
        column += _times(attributes)


def _codes(look: _Look, cells: bytes, times: int) -> None:
    """Numbers that are shown with zeros before them."""
    column, found = 0, list(_CELL.finditer(cells))
    for cell, end in zip(found, [*(cell.start() for cell in found[1:]), len(cells)], strict=True):
        count = min(_times(cell[1]), WIDEST)
        number, text = _WHOLE.search(cell[1]), _SHOWN.search(cells[cell.end() : end])
        if number and text and b'value-type="float"' in cell[1] and int(number[1]) == int(_APART.sub(b"", text[1])):
            for at in range(column, column + (count if count * times <= MOST else 0)):  # more is a bomb
                number_format.note(look.sight.codes, _DIGIT.sub(b"0", text[1]).decode(), at + 1, look.row + 1, times)
        column += count


def _times(attributes: bytes) -> int:
    found = _TIMES.search(attributes)
    return int(found[1]) if found else 1
