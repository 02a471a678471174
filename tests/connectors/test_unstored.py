"""Formulas without a stored value: null with a failure at the cell; the field decides about the row, if any takes the column."""

from __future__ import annotations

from tests.connectors.reading import sheets
from tests.connectors.taking import Taken, feed, take

PEOPLE = feed(columns={"customer_id": "Nr", "last_name": "Name", "income": "Geld"})
FORMULA = "<f>A1*2</f>"


def workbook(*bad: tuple[int, str], column: str = "D") -> bytes:
    """Rows 2 to 9 below a header; some cells, and all of one column, are formulas without a value."""
    lines = ['<row r="1">' + "".join(sheets.cell(n, 1, name) for n, name in enumerate(("Nr", "Name", "Geld", "Rest"), 1)) + "</row>"]
    for row in range(2, 10):
        cells = {"A": sheets.cell(1, row, f"K{row}"), "B": sheets.cell(2, row, "Meier"), "C": sheets.cell(3, row, 1000.0 + row)}
        gaps = {column, *(letters for at, letters in bad if at == row)}
        cells |= {letters: f'<c r="{letters}{row}">{FORMULA}</c>' for letters in gaps}
        lines.append(f'<row r="{row}">' + "".join(cells[letters] for letters in sorted(cells)) + "</row>")
    return sheets.packed(sheets.parts({"S": sheets.wrapped("".join(lines))}))


def taken(content: bytes) -> Taken:
    return take({"a.xlsx": content}, PEOPLE)


def test_a_column_that_no_field_takes_costs_no_row() -> None:
    found = taken(workbook())
    assert (found.ledger["accepted"], found.failed) == (8, [])
    assert any("8 in 'Rest'" in str(one) for one in found.assumptions)


def test_a_cell_that_may_be_blank_is_null_with_a_failure() -> None:
    found = taken(workbook((4, "C"), (6, "C")))
    assert found.ledger["accepted"] == 8
    assert found.failed == ["income:unstored"] * 2
    assert [row["income"] for row in found.rows] == [1002, 1003, None, 1005, None, 1007, 1008, 1009]


def test_a_key_that_is_not_known_costs_its_row() -> None:
    found = taken(workbook((4, "A")))
    assert found.ledger["accepted"] == 7
    assert "customer_id:unstored" in found.failed
    assert sum(found.ledger["quarantined"].values()) == 1


def test_a_row_of_nothing_else_is_quarantined() -> None:
    found = taken(workbook(*((5, letters) for letters in "ABC")))
    assert (found.ledger["accepted"], found.ledger["quarantined"]) == (7, {"unstored": 1})
