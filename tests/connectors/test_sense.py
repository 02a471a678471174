"""What fields betray beside one another: towns and postcodes in each other's column, letters that were lost."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest

from connectors.columns import Column, Setting
from connectors.parsing import codes, dates, numbers, texts
from connectors.parsing.cells import Parsed
from connectors.parsing.date_style import DateStyle
from connectors.parsing.number_style import NumberStyle
from connectors.sense import judge
from contracts import contract
from contracts.origin import Origin

CUSTOMERS = contract.get("customers")
GERMAN = Setting("DE", "EUR", "de", "Europe/Berlin")


def judged(setting: Setting = GERMAN, **columns: Sequence[str | None]) -> dict[str, Column]:
    """Columns of texts after judging."""
    parsed = {name: texts.parse(pa.array(values, pa.string()), frozenset()) for name, values in columns.items()}
    return judge({name: Column.of(column) for name, column in parsed.items()}, CUSTOMERS, setting)


def test_postcode_and_town_are_put_in_their_columns() -> None:
    found = judged(postcode=["Schönau", "10115", "Ulm", "Bonn", None], city=["79677", "Berlin", "1067", None, "Hof"])
    assert found["postcode"].values.to_pylist() == ["79677", "10115", "01067", "Bonn", None]
    assert found["city"].values.to_pylist() == ["Schönau", "Berlin", "Ulm", None, "Hof"]
    assert found["city"].origins.tolist() == [Origin.REPAIRED, Origin.SUPPLIED, Origin.REPAIRED, Origin.ABSENT, Origin.SUPPLIED]
    assert found["postcode"].bad.tolist() == [False, False, False, True, False]


def test_a_town_of_digits_is_flagged_and_postcodes_of_letters_may_be_right_elsewhere() -> None:
    assert judged(postcode=["10115"], city=["123"])["city"].bad.tolist() == [True]
    british = Setting("GB", "GBP", "en", "Europe/London")
    found = judged(british, postcode=["ASCN", "SW1A 1AA"], city=["Ascension", "London"])
    assert found["postcode"].bad.tolist() == [False, False]


def test_a_zero_is_put_back_only_where_the_country_can_be_right() -> None:
    some = judged(postcode=["1067"] * 30 + ["10115"] * 2)["postcode"]
    assert set(some.values.to_pylist()) == {"01067", "10115"}
    assert some.origins.tolist() == [Origin.REPAIRED] * 30 + [Origin.SUPPLIED] * 2
    none = judged(postcode=["2000"] * 40 + ["30161"])["postcode"]
    assert none.bad.tolist() == [True] * 40 + [False]
    assert "02000" not in none.values.to_pylist()
    few = judged(postcode=["1067"] * 3)["postcode"]
    assert few.values.to_pylist() == ["01067"] * 3


@pytest.mark.parametrize(
    ("name", "lost"), [("M?ller", True), ("?hler", True), ("Stra?e 5", True), ("Müller?", False), ("Was ? Wie", False), ("", False)]
)
def test_letters_that_were_lost(name: str, lost: bool) -> None:
    assert judged(last_name=["Ute", name, None])["last_name"].bad.tolist() == [False, lost, False]


@pytest.mark.parametrize(
    ("text", "clean"), [("M&uuml;ller", "Müller"), ("a &amp;amp; b", "a & b"), ("&nbsp;Ulm&#32;", "Ulm"), ("AT&T; &x", "AT&T; &x")]
)
def test_entities(text: str, clean: str) -> None:
    parsed = texts.parse(pa.array([text]), frozenset())
    assert parsed.values.to_pylist() == [clean]
    assert parsed.repaired.tolist() == [text != clean]


def test_apostrophe_before_a_number() -> None:
    style = NumberStyle(",", ".")
    nothing: frozenset[str] = frozenset()
    outcomes: list[tuple[Parsed, object]] = [
        (codes.parse(pa.array(["'00123", "'n", "O'Neil"]), nothing), ["00123", "'n", "O'Neil"]),
        (numbers.parse(pa.array(["'-1.234,5", "'7", "1'234,5"]), style, nothing), [-1234.5, 7.0, 1234.5]),
    ]
    for parsed, values in outcomes:
        assert parsed.values.to_pylist() == values
        assert not parsed.bad.any()
    assert [parsed.repaired.tolist() for parsed, _ in outcomes] == [[True, False, False], [True, True, False]]
    day = dates.parse(pa.array(["'24.12.1999"]), DateStyle(), nothing)
    assert [str(value) for value in day.values.to_pylist()] == ["1999-12-24"]
    assert day.repaired.tolist() == [True]
