"""A clean table, and how it is written as delimited text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Cell:
    """One cell of a clean table: its text, and whether it stands in quotes however it is written."""

    text: str
    quoted: bool = False


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Style:
    """How cells become text.

    Parameters
    ----------
    delimiter, quote : str
    escape : str
        Before a quote in a cell; the quote itself doubles it, ``""`` leaves it bare.
    end : str
        After each record.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    end: str = "\r\n"


@dataclass(frozen=True)
class Table:
    """Rows of equal width, the header row first."""

    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.rows[0])

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The cells' text."""
        return tuple(tuple(cell.text for cell in row) for row in self.rows)

    def but(self, row: int, column: int, text: str) -> Table:
        """The same table with another text in one cell."""
        cells = list(self.rows[row])
        cells[column] = replace(cells[column], text=text)
        return Table((*self.rows[:row], tuple(cells), *self.rows[row + 1 :]))


def table(rows: Sequence[Sequence[str]]) -> Table:
    """A table whose cells stand in quotes only where they must."""
    return Table(tuple(tuple(Cell(text) for text in row) for row in rows))


def written(cell: Cell, style: Style) -> str:
    """One cell as text.

    Examples
    --------
    >>> written(Cell('8" pan'), Style()), written(Cell("a;b"), Style()), written(Cell("a;b"), Style(";"))
    ('"8"" pan"', 'a;b', '"a;b"')
    """
    if not (cell.quoted or any(mark in cell.text for mark in (style.delimiter, style.quote, "\r", "\n"))):
        return cell.text
    return style.quote + cell.text.replace(style.quote, style.escape + style.quote) + style.quote


def line(row: Row, style: Style) -> str:
    """One record as text, without its end."""
    return style.delimiter.join(written(cell, style) for cell in row)


def text(rows: Sequence[Row], style: Style) -> str:
    """Records as text.

    Examples
    --------
    >>> text(table([["id", "note"], ["1", "a, b"]]).rows, Style(end="|"))
    'id,note|1,"a, b"|'
    """
    return "".join(line(row, style) + style.end for row in rows)


def parsed(content: str) -> Table:
    """The clean table in a well-formed file with commas and double quotes, which says of each cell whether it stood in quotes.

    Examples
    --------
    >>> parsed('id,note\\r\\n1,"8"" pan"\\r\\n').rows[1]
    (Cell(text='1', quoted=False), Cell(text='8" pan', quoted=True))
    """
    rows, row, at = [], [], 0
    while at < len(content):
        cell, at = _cell(content, at)
        row.append(cell)
        if content[at : at + 1] == ",":
            at += 1
            continue
        rows.append(tuple(row))
        row, at = [], at + (2 if content[at : at + 2] == "\r\n" else 1)
    return Table(tuple(rows))


def _cell(content: str, at: int) -> tuple[Cell, int]:
    """The cell at a place, and where it ends."""
    if content[at : at + 1] != '"':
        stop = min(found for mark in ",\r\n" if (found := content.find(mark, at)) >= 0)
        return Cell(content[at:stop]), stop
    stop = at + 1
    while content[stop] != '"' or content[stop + 1] == '"':
        stop += 2 if content[stop] == '"' else 1
    return Cell(content[at + 1 : stop].replace('""', '"'), True), stop + 1
