"""Days: strict, in the column's order; what the calendar does not have is bad, what only fits the other order is repaired."""

from __future__ import annotations

from datetime import date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.parsing.date_style import DateStyle, Order
from connectors.parsing.date_texts import local_of
from connectors.parsing.dates import days, parse, serial

NONE: frozenset[str] = frozenset()
DMY, MDY, YMD = DateStyle("dmy", date(2026, 8, 31)), DateStyle("mdy", date(2026, 8, 31)), DateStyle("ymd", date(2026, 8, 31))
FORMATS: dict[Order, tuple[str, ...]] = {
    "dmy": ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d. %B %Y", "%d %b %Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%B %d, %Y", "%b %d %Y", "%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y %I:%M %p"),
    "ymd": ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%dT%H:%M:%S"),
}


def one(text: str | None, style: DateStyle, nulls: frozenset[str] = NONE) -> tuple[date | None, bool, bool]:
    """Value, bad, repaired."""
    found = parse(pa.array([text], pa.string()), style, nulls)
    return found.values[0].as_py(), bool(found.bad[0]), bool(found.repaired[0])


@pytest.mark.parametrize(
    ("text", "style", "day"),
    [
        ("24.12.1999", DMY, date(1999, 12, 24)),
        ("4.3.2020", DMY, date(2020, 3, 4)),
        ("29.02.2020", DMY, date(2020, 2, 29)),
        ("01.02.2020", DMY, date(2020, 2, 1)),
        ("01/02/2020", MDY, date(2020, 1, 2)),
        ("2020-02-29", DMY, date(2020, 2, 29)),
        ("20200229", DMY, date(2020, 2, 29)),
        ("5. März 2020", DMY, date(2020, 3, 5)),
        ("3rd March 2020", DMY, date(2020, 3, 3)),
        ("March 3, 2020", MDY, date(2020, 3, 3)),
        ("12 déc 2019", DMY, date(2019, 12, 12)),
        ("31.12.2020 23:59", DMY, date(2020, 12, 31)),
        ("2020-12-31T23:59:59", DMY, date(2020, 12, 31)),
        (" 31.12.2020 ", DMY, date(2020, 12, 31)),
        ("31.12.2020 11:59 PM", DMY, date(2020, 12, 31)),
    ],
)
def test_good(text: str, style: DateStyle, day: date) -> None:
    assert one(text, style) == (day, False, False)


@pytest.mark.parametrize("text", [None, "", "  ", "k.A.", "00.00.0000", "31.12.9999", "9999-12-31"])
def test_null(text: str | None) -> None:
    assert one(text, DMY, frozenset({"k.A.", "00.00.0000", "31.12.9999"})) == (None, False, False)


@pytest.mark.parametrize(
    "text",
    [
        "31.02.1980", "29.02.2019", "32.01.2020", "00.01.2020", "13.13.2020", "2020-13-01", "2020-00-10", "1.2", "gestern", "12345",
        "30. Februar 2020", "5. Mond 2020", "1/2.2020", "01.02.2020 25:00", "01.02.2020 12:60", "2020-1-32", "01.02.020", "29.02.1900",
    ],
)  # fmt: skip
def test_bad(text: str) -> None:
    assert one(text, DMY) == (None, True, False)


def test_only_the_other_order_fits() -> None:
    assert one("12/31/2020", DMY) == (date(2020, 12, 31), False, True)
    assert one("31/12/2020", MDY) == (date(2020, 12, 31), False, True)
    assert one("4/13/2020", DMY) == (date(2020, 4, 13), False, True)
    assert one("13.4.20 8:05", MDY) == (date(2020, 4, 13), False, True)


def test_a_column_that_begins_with_the_year_does_not_guess_an_order() -> None:
    assert one("01.02.2020", YMD) == (None, True, False)
    assert one("31.12.2020", YMD) == (date(2020, 12, 31), False, True)


def test_two_digit_years_are_completed_where_one_century_fits() -> None:
    assert one("24.12.99", DMY) == (date(1999, 12, 24), False, True)
    assert one("01.02.24", DMY) == (date(2024, 2, 1), False, True)
    assert one("01.09.26", DMY) == (date(1926, 9, 1), False, True)  # later than the file: of the century before


def test_two_digit_years_of_birth_are_settled_by_age() -> None:
    birth = DateStyle("dmy", date(2026, 8, 31), birth=True)
    assert one("01.02.80", birth) == (date(1980, 2, 1), False, True)
    assert one("01.02.10", birth) == (date(2010, 2, 1), False, True)
    assert one("01.02.20", birth) == (None, True, False)  # six or 106 years old: neither is likely


def test_serial_numbers_of_spreadsheets() -> None:
    found = days(serial(pa.array(["1", "60", "61", "41245", "41245.75", "2958466", "x", None])))
    assert found.values.to_pylist() == [None, None, date(1900, 3, 1), date(2012, 12, 2), date(2012, 12, 2), None, None, None]
    assert found.bad.tolist() == [True, True, False, False, False, True, True, False]
    assert found.repaired.tolist() == [False, False, True, True, True, False, False, False]


@given(st.sampled_from([(order, form) for order, forms in FORMATS.items() for form in forms]), st.datetimes(datetime(1583, 1, 1)))
def test_round_trip(how: tuple[Order, str], moment: datetime) -> None:
    text = f"{moment:{how[1]}}".replace(f"{moment:%Y}", f"{moment.year:04d}")
    assert one(text, DateStyle(how[0]))[:2] == (moment.date(), False)


@given(st.integers(1, 2400), st.integers(1, 12), st.integers(1, 31))
def test_the_calendar_is_python_s(year: int, month: int, day: int) -> None:
    try:
        there: date | None = date(year, month, day)
    except ValueError:
        there = None
    assert one(f"{year:04d}-{month:02d}-{day:02d}", DMY)[0] == there
    assert one(f"{day:02d}.{month:02d}.{year:04d}", DMY)[0] == there


@given(st.text("0123456789.-/: TZ", max_size=20))
def test_all_at_once_and_one_by_one_agree(text: str) -> None:
    for style in (DMY, MDY, YMD):
        alone, changed = local_of(text.strip(), style)
        value, bad, repaired = one(text, style)
        assert (value, repaired) == ((alone.date(), changed) if alone else (None, False))
        assert bad == (alone is None and bool(text.strip()))
