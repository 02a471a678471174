"""Damages of identifiers and addresses: postcodes, telephone numbers, e-mail addresses, long customer numbers."""

from __future__ import annotations

from flows.rehearsal.spoilers.cell import Cell, Spoilt


def lost_leading_zero(cell: Cell) -> Spoilt:
    """A postcode taken for a number."""
    return cell.text[1:] if cell.text.startswith("0") else None


def neighbours_swapped(cell: Cell) -> Spoilt:
    """Postcode and town in each other's column."""
    return {"postcode": cell.row["city"] or "", "city": cell.text} if cell.row["city"] else None


def phone_with_letters(cell: Cell) -> Spoilt:
    """A letter for the last digit, or a word behind."""
    return f"{cell.text[:-1]}x" if cell.draw < 0.5 else f"{cell.text} abends"


def email_without_at(cell: Cell) -> Spoilt:
    """The @ is gone, or became (at)."""
    return cell.text.replace("@", "" if cell.draw < 0.5 else "(at)")


def email_with_blank(cell: Cell) -> Spoilt:
    """A blank after the first point or before the @."""
    return cell.text.replace(".", ". ", 1) if cell.draw < 0.5 else cell.text.replace("@", " @")


def scientific_id(cell: Cell) -> Spoilt:
    """A long number as a narrow column of a spreadsheet shows it.

    Examples
    --------
    >>> from datetime import date
    >>> scientific_id(Cell("100200123457", "customer_id", {}, 0.0, date(2026, 6, 30)))
    '1,0020E+11'
    """
    return f"{float(cell.text):.4E}".replace(".", ",")
