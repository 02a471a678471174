"""Headers that are one name short: read where the values tell which column has no name, refused where nothing does."""

from __future__ import annotations

import pytest

from connectors.reading.alignment import gap
from contracts.errors import SourceError
from tests.connectors.reading.conftest import Taker

ROWS = [f"{n * 7:05d},2024-05-{n:02d},Ute Bär,{n}.50,u{n}@example.org" for n in range(1, 20)]
NAMES = ["Kundennr", "Datum", "Name", "Betrag", "E-Mail"]


def table(names: list[str], rows: list[str] = ROWS) -> str:
    return "\n".join([",".join(names), *rows]) + "\n"


@pytest.mark.parametrize("missing", range(4))
def test_the_column_without_a_name_is_found_by_the_names_around_it(take: Taker, missing: int) -> None:
    taken = take(table(NAMES[:missing] + NAMES[missing + 1 :]))
    expected = [name if j != missing else f"column {j + 1}" for j, name in enumerate(NAMES)]
    assert list(taken.reading.header) == expected
    assert len(taken.rows) == len(ROWS)
    told = taken.reading.decisions["columns"]
    assert told.confidence <= 0.5
    assert f"column {missing + 1} has none" in told.evidence


def test_two_names_in_one_stand_over_the_first_of_their_columns(take: Taker) -> None:
    taken = take(table(["Kundennr", "DatumName", "Betrag", "E-Mail"]))
    assert list(taken.reading.header) == ["Kundennr", "DatumName", "column 3", "Betrag", "E-Mail"]


def test_row_numbers_have_no_name(take: Taker) -> None:
    taken = take("Sepal,Petal,Species\n" + "".join(f"{n},{n}.5,{n}.25,setosa\n" for n in range(1, 30)))
    assert list(taken.reading.header) == ["column 1", "Sepal", "Petal", "Species"]
    assert [row["column 1"] for row in taken.rows] == [str(n) for n in range(1, 30)]


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (NAMES[:4], ROWS),  # a value too many at the end may be a part of another
        (["id", "Betrag", "Name"], [f"{n},3,50,Ute" for n in range(10, 30)]),  # a decimal comma
        (["a", "b", "c", "d"], ROWS),  # names that say nothing
        (["id", "Name"], [f"{n},Ute,x" for n in range(1, 30)]),
        (["Name", "Ort"], ["Ute,Ulm,Bern", "Max,Bonn,Kiel", "Jo,Trier,Wien"]),
    ],
)
def test_what_nothing_tells_is_refused(take: Taker, names: list[str], rows: list[str]) -> None:
    with pytest.raises(SourceError) as caught:
        take(table(names, rows))
    assert caught.value.code == "HEADER-NARROW"


def test_two_names_too_few_are_not_guessed(take: Taker) -> None:
    with pytest.raises(SourceError) as caught:
        take(table(["Datum", "Name", "Betrag"]))
    assert caught.value.code == "HEADER-NARROW"


def test_nothing_is_found_among_no_rows() -> None:
    assert gap(["id"], []) is None
    assert gap(["", ""], [["1", "2", "3"]]) is None
