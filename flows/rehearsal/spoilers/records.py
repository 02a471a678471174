"""Damages of a record's text: breaks, delimiters and quotes where none belong, and other content under the same key."""

from __future__ import annotations

from flows.rehearsal.spoilers.cell import Cell, Spoilt


def line_break_in_cell(cell: Cell) -> Spoilt:
    """A line break for the first blank."""
    return cell.text.replace(" ", "\n", 1) if " " in cell.text and '"' not in cell.text else None


def extra_delimiter(cell: Cell) -> Spoilt:
    """An unquoted delimiter before the last word; the text goes into the file as it is."""
    return ";".join(cell.text.rsplit(" ", 1)) if " " in cell.text and not set(cell.text) & {";", '"'} else None


def bare_line_break(cell: Cell) -> Spoilt:
    """An unquoted line end before the last word; the text goes into the file as it is."""
    return "\r\n".join(cell.text.rsplit(" ", 1)) if " " in cell.text and not set(cell.text) & {";", '"'} else None


def open_quote(cell: Cell) -> Spoilt:
    """A quote before the value and none behind; the text goes into the file as it is."""
    return f'"{cell.text}' if not set(cell.text) & {";", '"'} else None


def other_content(cell: Cell) -> Spoilt:
    """Another value of the same sort."""
    return f"{cell.text.split(';')[0]} {cell.pick(90) + 10}".replace('"', "")
