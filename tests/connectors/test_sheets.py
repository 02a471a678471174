"""Sheets joined to a feed's own: by keys that occur once, with an account of every row that met none."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from contracts.errors import ColumnsError
from tests.connectors.taking import Taken, feed, take

Rows = list[list[object]]
PEOPLE: Rows = [["Nr", "Name", "Ort"], [1, "Ute", "Kiel"], [2, "Jan", "Jena"], ["003", "Eva", "Hof"], [4, "Max", "Bonn"]]
HOMES: Rows = [
    ["NR", "Weg", "Ort", "Seit", "Geld"],
    [1.0, "Gasse 1", "Ulm", datetime(2020, 5, 1), 12.5],
    ["2", "Hof 2", "Bonn", None, "7,5"],
    ["003", "Allee 3", "Bern", "01.06.2021", 3],
    [9, "Weg 9", "Köln", None, None],
]
COLUMNS = {
    "customer_id": "Nr", "last_name": "Name", "region": "Ort", "street": "Weg", "city": "Homes.Ort",
    "signup_date": "Seit", "income": "Geld",
}  # fmt: skip
SPEC = feed(columns=COLUMNS, reading={"sheet": "People", "decimal": ",", "dates": "dmy"}, joins=[{"sheet": "Homes", "on": "Nr"}])


def workbook(**sheets: Rows) -> bytes:
    book = Workbook()
    book.remove(book["Sheet"])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def joined(people: Rows = PEOPLE, homes: Rows = HOMES) -> Taken:
    return take({"a.xlsx": workbook(People=people, Homes=homes)}, SPEC)


def account(taken: Taken) -> dict[str, int]:
    (found,) = taken.described["files"][0]["joined"]
    return {name: count for name, count in found.items() if name not in ("sheet", "faulty records", "records that are no rows") and count}


def test_cells_of_both_sheets_each_by_its_kind() -> None:
    taken = joined()
    assert taken.column("customer_id") == ["1", "2", "003", "4"]
    assert taken.column("street") == ["Gasse 1", "Hof 2", "Allee 3", None]
    assert taken.column("signup_date") == [date(2020, 5, 1), None, date(2021, 6, 1), None]
    assert taken.column("income") == [12.5, 7.5, 3.0, None]
    assert account(taken) == {"rows": 4, "used": 3, "met by no row": 1}


def test_a_name_of_both_sheets_is_told_apart() -> None:
    taken = joined()
    assert taken.column("city") == ["Ulm", "Bonn", "Bern", None]
    assert taken.column("region") == ["Kiel", "Jena", "Hof", "Bonn"]


def test_a_key_that_repeats_joins_nothing_as_no_row_is_the_right_one() -> None:
    taken = joined(homes=[*HOMES, [1, "Gasse 7", "Ulm", None, None], [None, "Nirgends", None, None, None]])
    assert taken.column("street") == [None, "Hof 2", "Allee 3", None]
    assert account(taken) == {"rows": 6, "used": 2, "met by no row": 1, "key repeated": 2, "key blank": 1}
    assert [one["verdict"] for one in taken.assumptions if one["step"].startswith("join")] == ["refuted"]


def test_a_key_of_the_feed_s_sheet_may_repeat_or_be_blank() -> None:
    taken = joined(people=[*PEOPLE, [None, "Ohne", "Hof"]])
    assert taken.ledger["quarantined"] == {"customer_id:not_null": 1}
    assert taken.column("street") == ["Gasse 1", "Hof 2", "Allee 3", None]


@pytest.mark.parametrize(("people", "homes", "sheet"), [("Nummer", "NR", "People"), ("Nr", "Nummer", "Homes")])
def test_a_missing_key_says_in_which_sheet(people: str, homes: str, sheet: str) -> None:
    with pytest.raises(ColumnsError, match="JOIN-KEY") as caught:
        joined([[people, *PEOPLE[0][1:]], *PEOPLE[1:]], [[homes, *HOMES[0][1:]], *HOMES[1:]])
    assert caught.value.place.sheet == sheet
