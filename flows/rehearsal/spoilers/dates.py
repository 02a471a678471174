"""Damages of dates: written in another way, days that cannot be, and days in the wrong order."""

from __future__ import annotations

from datetime import date, timedelta

from flows.rehearsal.spoilers.cell import Cell, Spoilt

SERIAL_ZERO = date(1899, 12, 30)
MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")


def german(day: date) -> str:
    """A day as the files write it."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def parsed(text: str) -> date:
    """The day of a clean text."""
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def two_digit_year(cell: Cell) -> Spoilt:
    """The century left out."""
    return cell.text[:6] + cell.text[8:]


def iso_date(cell: Cell) -> Spoilt:
    """Year, month, day."""
    return f"{cell.text[6:]}-{cell.text[3:5]}-{cell.text[:2]}"


def month_name_date(cell: Cell) -> Spoilt:
    """The month as a word."""
    return f"{int(cell.text[:2])}. {MONTHS[int(cell.text[3:5]) - 1]} {cell.text[6:]}"


def serial_date(cell: Cell) -> Spoilt:
    """Days since the last but one day of 1899, as spreadsheets count them.

    Examples
    --------
    >>> serial_date(Cell("03.05.1987", "birth_date", {}, 0.0, date(2026, 6, 30)))
    '31900'
    """
    return str((parsed(cell.text) - SERIAL_ZERO).days)


def month_first(cell: Cell) -> Spoilt:
    """Month and day in American order, the day above twelve."""
    sign = "/" if cell.draw < 0.5 else "."
    return sign.join((cell.text[3:5], cell.text[:2], cell.text[6:])) if int(cell.text[:2]) > 12 else None


def day_month_swapped(cell: Cell) -> Spoilt:
    """Day and month changed places, both possible."""
    day, month = cell.text[:2], cell.text[3:5]
    return f"{month}.{day}.{cell.text[6:]}" if int(day) <= 12 and day != month else None


def impossible_day(cell: Cell) -> Spoilt:
    """A day that no year has."""
    return ("31.02.", "30.02.", "31.04.", "31.11.")[cell.pick(4)] + cell.text[6:]


def future_birth_date(cell: Cell) -> Spoilt:
    """Born some years after the export."""
    return f"{cell.text[:6]}{cell.day.year + 1 + cell.pick(30)}"


def birth_in_1843(cell: Cell) -> Spoilt:
    """Born in 1843."""
    return f"{cell.text[:6]}1843" if cell.text[:5] != "29.02" else None


def placeholder_date(cell: Cell) -> Spoilt:
    """The day zero of many systems."""
    return "01.01.1900"


def future_order_date(cell: Cell) -> Spoilt:
    """Ordered some time after the export."""
    return german(cell.day + timedelta(days=2 + cell.pick(300)))


def before_signup(cell: Cell) -> Spoilt:
    """Some time before the customer signed up."""
    return german(parsed(cell.row["signup_date"] or cell.text) - timedelta(days=20 + cell.pick(600)))
