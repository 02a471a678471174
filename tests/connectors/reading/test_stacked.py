"""Tables that begin far down in a file: their records are named as such, wherever they begin and wherever pieces of the file end."""

from __future__ import annotations

import pytest

from connectors.reading import delimited
from tests.connectors.reading.conftest import Taken, Taker

HEAD = "id,name,pay"
COUNT = 4000
PEOPLE = [f"{n},Ute Bär,{n}.50" for n in range(COUNT)]
SAME = ["code,since,meaning", *(f"C{n},2024-05-{n % 28 + 1:02d},meaning {n % 7}" for n in range(300))]
WIDER = ["code,since,meaning,until", *(f"C{n},2024-05-{n % 28 + 1:02d},m{n % 7},2025-01-01" for n in range(300))]
NARROWER = ["code,since", *(f"C{n},2024-05-{n % 28 + 1:02d}" for n in range(300))]


def text(*parts: list[str]) -> str:
    return "\n".join(line for part in parts for line in part) + "\n"


def others(taken: Taken) -> list[int]:
    return [line for line, reason in taken.reasons if reason == "other_table"]


@pytest.mark.parametrize("size", [delimited.CHUNK, 50_000, 7_001])
@pytest.mark.parametrize("between", [[""], ["", ""], [",,"], ["", "Codes", ""], ["", "Codes"]])
def test_a_table_of_as_many_fields_is_found(take: Taker, monkeypatch: pytest.MonkeyPatch, size: int, between: list[str]) -> None:
    monkeypatch.setattr(delimited, "CHUNK", size)
    taken = take(text([HEAD], PEOPLE, between, SAME))
    assert len(taken.rows) == COUNT
    assert others(taken) == [COUNT + 2 + n for n, line in enumerate([*between, *SAME]) if line.strip(",")]


@pytest.mark.parametrize("table", [WIDER, NARROWER])
@pytest.mark.parametrize("between", [[], [""], ["", "Codes", ""]])
@pytest.mark.parametrize("size", [delimited.CHUNK, 20_000])
def test_a_table_of_another_width_is_found(
    take: Taker, monkeypatch: pytest.MonkeyPatch, table: list[str], between: list[str], size: int
) -> None:
    monkeypatch.setattr(delimited, "CHUNK", size)
    taken = take(text([HEAD], PEOPLE, between, table))
    assert len(taken.rows) == COUNT
    assert len(others(taken)) == len(table) + sum(map(bool, between))
    assert {reason for _, reason in taken.reasons} <= {"header", "blank", "other_table"}


def test_the_table_goes_on_where_its_header_is_said_again(take: Taker) -> None:
    taken = take(text([HEAD], PEOPLE, [""], SAME, ["", HEAD], PEOPLE[:50], [""], SAME))
    assert len(taken.rows) == COUNT + 50
    assert len(others(taken)) == 2 * len(SAME)
    assert [reason for _, reason in taken.reasons].count("repeated_header") == 1


def test_the_table_goes_on_behind_one_of_another_width(take: Taker) -> None:
    taken = take(text([HEAD], PEOPLE, WIDER, PEOPLE[:50]))
    assert len(taken.rows) == COUNT + 50
    assert len(others(taken)) == len(WIDER)


@pytest.mark.parametrize(
    "odd",
    [
        "x,Ute Bär,siehe Akte",  # words where a number belongs, but rows like the others below
        "name,vorname,nachname",
        "Summe,,",
    ],
)
def test_an_odd_row_behind_a_blank_one_is_no_header(take: Taker, odd: str) -> None:
    taken = take(text([HEAD], PEOPLE, ["", odd], PEOPLE))
    assert others(taken) == []
    assert len(taken.rows) >= 2 * COUNT


def test_blank_records_between_all_rows_cost_little_and_part_nothing(take: Taker) -> None:
    taken = take("\n".join(f"{line}\n" for line in [HEAD, *PEOPLE]))
    assert len(taken.rows) == COUNT
    assert others(taken) == []


def test_ragged_rows_are_no_table(take: Taker) -> None:
    wrong = [f"{n},Ute,{n},50" for n in range(20)]
    taken = take(text([HEAD], PEOPLE, wrong, PEOPLE))
    assert others(taken) == []
    assert [reason for _, reason in taken.reasons].count("ragged") == len(wrong)
