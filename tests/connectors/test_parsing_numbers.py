"""Numbers: what is one is read to the last digit, what is not is bad, what was nearly one is repaired and says so."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.parsing.number_style import NumberStyle
from connectors.parsing.numbers import parse, typed

NONE: frozenset[str] = frozenset()
GERMAN = NumberStyle(",", ".", "EUR")
ENGLISH = NumberStyle(".", ",", "USD")
FRENCH = NumberStyle(",", " ", "EUR")


def one(text: str | None, style: NumberStyle, nulls: frozenset[str] = NONE) -> tuple[float | None, bool, bool]:
    """Value, bad, repaired."""
    found = parse(pa.array([text], pa.string()), style, nulls)
    return found.values[0].as_py(), bool(found.bad[0]), bool(found.repaired[0])


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("0", GERMAN, 0.0),
        ("1.234,56", GERMAN, 1234.56),
        ("1.234.567", GERMAN, 1234567.0),
        ("-0,5", GERMAN, -0.5),
        ("12,5-", GERMAN, -12.5),
        ("\N{MINUS SIGN}3,5", GERMAN, -3.5),
        ("+3,5", GERMAN, 3.5),
        ("(12,50)", GERMAN, -12.5),
        ("12,50 €", GERMAN, 12.5),
        ("€12,50", GERMAN, 12.5),
        ("EUR 1.200,00", GERMAN, 1200.0),
        (" 7 ", GERMAN, 7.0),
        (",5", GERMAN, 0.5),
        ("1,234.50", ENGLISH, 1234.5),
        ("$1,234.50", ENGLISH, 1234.5),
        ("-$5", ENGLISH, -5.0),
        ("1 234,5", FRENCH, 1234.5),
        ("1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567,5", FRENCH, 1234567.5),
        ("1'234.5", ENGLISH, 1234.5),
        ("00042", ENGLISH, 42.0),
        ("123456789012345678901", ENGLISH, 123456789012345678901.0),
    ],
)
def test_good(text: str, style: NumberStyle, value: float) -> None:
    assert one(text, style) == (value, False, False)


@pytest.mark.parametrize("text", [None, "", "   ", "k.A."])
def test_null(text: str | None) -> None:
    assert one(text, GERMAN, frozenset({"k.A."})) == (None, False, False)


@pytest.mark.parametrize(
    "text",
    [
        "abc", "1.2.3", "12,34,56", "1.23.456", "--5", "5--", "1,5E3", "1e5", "NaN", "inf", "0x1F", "12 %", "$5", "5 USD",
        "1-2", "-", ",", "€", "٣", "½", "1..2", "1.234.56,7", "12 34",
    ],
)  # fmt: skip
def test_bad_in_german(text: str) -> None:
    assert one(text, GERMAN) == (None, True, False)


@pytest.mark.parametrize(
    ("text", "value"), [("1O,5", 10.5), ("98l,5", 981.5), ("l2", 12.0), ("12.49", 12.49), ("1,234.50", 1234.5), ("12.4999", 12.4999)]
)
def test_repaired_in_german(text: str, value: float) -> None:
    assert one(text, GERMAN) == (value, False, True)


def test_a_point_before_three_digits_groups_and_is_never_taken_for_the_other_convention() -> None:
    assert one("1.234", GERMAN) == (1234.0, False, False)
    assert one("1,234", ENGLISH) == (1234.0, False, False)


def test_letters_among_few_digits_are_no_number() -> None:
    assert one("OOl1", GERMAN)[1]


def test_percent_needs_a_unit_that_knows_it() -> None:
    assert one("12,5 %", NumberStyle(",", ".", unit="percent"))[0] == 12.5
    assert one("12,5%", NumberStyle(",", ".", unit="share"))[0] == pytest.approx(0.125)
    assert one("12,5 %", NumberStyle(",", "."))[1]


def test_another_currency_is_bad_and_without_one_of_its_own_a_column_takes_any() -> None:
    assert one("5 $", GERMAN)[1]
    assert one("5 $", NumberStyle(",", "."))[0] == 5.0


def test_whole_numbers() -> None:
    found = parse(pa.array(["3", "3,0", "3,5", "12l", "99999999999999999999", None]), NumberStyle(",", ".", whole=True), NONE)
    assert found.values.type == pa.int64()
    assert found.values.to_pylist() == [3, 3, None, 121, None, None]
    assert found.bad.tolist() == [False, False, True, False, True, False]
    assert found.repaired.tolist() == [False, False, False, True, False, False]


def test_a_number_that_stands_for_nothing_is_null_however_it_is_written() -> None:
    cells = pa.array(["-1", "-1,0", " -1 ", "1-", "1", "k.A."])
    found = parse(cells, NumberStyle(",", ".", whole=True), frozenset({"-1", "k.A."}))
    assert found.values.to_pylist() == [None, None, None, None, 1, None]
    assert not found.bad.any()
    assert typed(pa.array(["-1.0", "0"]), GERMAN, frozenset({"-1"})).values.to_pylist() == [None, 0.0]


def test_typed_cells_have_a_point_whatever_the_column_says() -> None:
    found = typed(pa.array(["1234.5", "1.5e-7", "-2e+3", "1.234", None, "x"]), GERMAN)
    assert found.values.to_pylist() == [1234.5, 1.5e-7, -2000.0, 1.234, None, None]
    assert found.bad.tolist() == [False, False, False, False, False, True]


def written(value: Decimal, style: NumberStyle, grouped: bool) -> str:
    text = f"{value:,f}" if grouped else f"{value:f}"
    return text.translate(str.maketrans(",.", style.thousands + style.decimal))


@given(st.decimals(-10**12, 10**12, places=2), st.sampled_from([GERMAN, ENGLISH, FRENCH]), st.booleans())
def test_round_trip(value: Decimal, style: NumberStyle, grouped: bool) -> None:
    assert one(written(value, style, grouped), style) == (float(value), False, False)


@given(st.integers(-(2**53), 2**53), st.booleans())
def test_whole_round_trip(value: int, grouped: bool) -> None:
    style = NumberStyle(",", ".", whole=True)
    assert one(written(Decimal(value), style, grouped), style) == (value, False, False)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_typed_number_is_itself(value: float) -> None:
    assert typed(pa.array([repr(value)]), GERMAN).values.to_pylist() == [value]


@given(st.lists(st.one_of(st.none(), st.text("0123456789.,-+€ lO()%k.A", max_size=9)), max_size=20))
def test_a_cell_does_not_look_at_its_neighbours(texts: list[str | None]) -> None:
    found = parse(pa.array(texts, pa.string()), GERMAN, frozenset({"k.A."}))
    assert list(zip(found.values.to_pylist(), found.bad.tolist(), found.repaired.tolist(), strict=True)) == [
        one(text, GERMAN, frozenset({"k.A."})) for text in texts
    ]
    there = [value is not None for value in found.values.to_pylist()]
    assert not any(bad and value for bad, value in zip(found.bad, there, strict=True))
    assert not any(repaired and not value for repaired, value in zip(found.repaired, there, strict=True))
