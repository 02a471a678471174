"""A workbook with customers, their addresses and their orders on three sheets."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from tests.connectors.taking import Taken, origins, shipped

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def path(shared: Path) -> Path:
    return next((shared / "data" / "kpmg-sprocket").glob("*.xlsx"))


@pytest.fixture(scope="module")
def customers(path: Path) -> Taken:
    return shipped("sprocket/customers", [path])


@pytest.fixture(scope="module")
def transactions(path: Path) -> Taken:
    return shipped("sprocket/transactions", [path])


@pytest.fixture(scope="module")
def sheets(path: Path) -> dict[str, list[dict[str, Any]]]:
    book = CalamineWorkbook.from_path(str(path))
    found = {name: book.get_sheet_by_name(name).to_python() for name in ("CustomerDemographic", "CustomerAddress", "Transactions")}
    return {name: [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]] for name, rows in found.items()}


def test_ledgers(customers: Taken, transactions: Taken) -> None:
    assert customers.ledger == {"records": 4001, "accepted": 4000, "quarantined": {}, "set_aside": {"header": 1}}
    assert transactions.ledger == {"records": 20_001, "accepted": 20_000, "quarantined": {}, "set_aside": {"header": 1}}
    assert customers.described["failures"] == {"birth_date:too_old": 1}
    assert customers.described["columns"]["ignored"] == ["default"]
    assert customers.described["columns"]["unknown"] == transactions.described["columns"]["unknown"] == []


def test_every_customer_is_the_workbook_s(customers: Taken, sheets: dict[str, list[dict[str, Any]]]) -> None:
    addresses = {int(row["customer_id"]): row for row in sheets["CustomerAddress"]}
    genders = {"F": "female", "Female": "female", "Femal": "female", "M": "male", "Male": "male", "U": "unknown"}
    states = {"New South Wales": "NSW", "Victoria": "VIC"}
    for row, cells in zip(customers.rows, sheets["CustomerDemographic"], strict=True):
        number = int(cells["customer_id"])
        assert row["customer_id"] == str(number)
        assert (row["first_name"], row["last_name"]) == (cells["first_name"], cells["last_name"] or None)
        assert row["gender"] == genders[cells["gender"]]
        assert row["birth_date"] == (cells["DOB"] if isinstance(cells["DOB"], date) else None)
        assert row["tenure"] == (int(cells["tenure"]) if cells["tenure"] != "" else None)
        assert row["owns_car"] is (cells["owns_car"] == "Yes")
        home = addresses.get(number)
        assert row["street"] == (home["address"] if home else None)
        assert row["postcode"] == (str(int(home["postcode"])) if home else None)
        assert row["region"] == (states.get(home["state"], home["state"]) if home else None)
        assert row["property_valuation"] == (int(home["property_valuation"]) if home else None)


def test_facts_of_customers(customers: Taken) -> None:
    assert customers.described["repaired"] == {"gender": 1}
    assert Counter(customers.column("region")) == {"NSW": 2138, "VIC": 1021, "QLD": 837, None: 4}
    assert origins(customers, "job_industry_category") == {"supplied": 3344, "absent": 656}
    assert sum(customers.column("deceased_indicator")) == 2
    (join,) = customers.described["files"][0]["joined"]
    assert {name: join[name] for name in ("used", "met by no row", "key repeated")} == {"used": 3996, "met by no row": 3, "key repeated": 0}


def test_every_transaction_is_the_workbook_s(transactions: Taken, sheets: dict[str, list[dict[str, Any]]]) -> None:
    sydney = ZoneInfo("Australia/Sydney")
    given = {str(int(cells["transaction_id"])): cells for cells in sheets["Transactions"]}
    assert len(given) == len(transactions.rows)
    for row in transactions.rows:
        cells = given[row["order_id"]]
        assert row["customer_id"] == str(int(cells["customer_id"]))
        midnight = datetime.combine(cells["transaction_date"], datetime.min.time())
        assert row["ordered_at"].astimezone(sydney).replace(tzinfo=None) == midnight
        assert row["product_id"] == (str(int(cells["product_id"])) if cells["product_id"] else None)
        assert row["unit_price"] == cells["list_price"]
        assert row["cancelled"] is (cells["order_status"] == "Cancelled")
        assert row["quantity"] == (0 if row["cancelled"] else 1)
        assert row["channel"] == {True: "online", False: "store", "": None}[cells["online_order"]]


def test_facts_of_transactions(transactions: Taken) -> None:
    assert sum(transactions.column("cancelled")) == 179
    assert origins(transactions, "product_id") == {"supplied": 18_622, "absent": 1378}
    assert transactions.described["fields"]["ordered_at"]["latest"] == "2017-12-30"
    assert min(day for day in transactions.column("product_first_sold") if day) == date(1991, 1, 21)
