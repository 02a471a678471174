"""Invoice lines of a web shop in 219 files, plain and gzipped, taken in as one submission."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.library import load_client
from tests.connectors.taking import Taken, origins, plain, shipped

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def paths(shared: Path) -> list[Path]:
    return sorted((shared / "data" / "online-retail" / "by-day").iterdir())


@pytest.fixture(scope="module")
def taken(paths: list[Path]) -> Taken:
    return shipped("onlineretail/transactions", paths)


@pytest.fixture(scope="module")
def lines(paths: list[Path]) -> list[dict[str, str]]:
    return [row for path in paths for row in plain(path)]


def test_ledger(taken: Taken, lines: list[dict[str, str]]) -> None:
    assert taken.ledger == {
        "records": 320_924, "accepted": 232_053, "quarantined": {"customer_id:not_null": 88_652}, "set_aside": {"header": 219},
    }  # fmt: skip
    assert sum(not row["CustomerID"] for row in lines) == 88_652
    assert {tuple(one["reasons"]) for one in taken.quarantine} == {("customer_id:not_null",), ("customer_id:not_null", "unit_price:ge")}
    assert taken.described["failures"] == {"customer_id:not_null": 88_652, "unit_price:ge": 2}
    assert taken.described["repaired"] == {}
    assert len(taken.described["files"]) == 219


def test_every_line_is_the_file_s(taken: Taken, lines: list[dict[str, str]]) -> None:
    london = ZoneInfo("Europe/London")
    there = Counter(
        (row["order_id"], row["customer_id"], row["product_id"], row["quantity"], row["unit_price"], row["product_name"],
         row["ordered_at"].astimezone(london).replace(tzinfo=None)) for row in taken.rows
    )  # fmt: skip
    wanted = Counter(
        (row["InvoiceNo"], row["CustomerID"].removesuffix(".0"), row["StockCode"], float(row["Quantity"]), float(row["UnitPrice"]),
         row["Description"].strip(), datetime.fromisoformat(row["InvoiceDate"])) for row in lines if row["CustomerID"]
    )  # fmt: skip
    assert there == wanted


def test_lines_are_numbered_within_invoices_in_the_order_of_the_file(taken: Taken) -> None:
    seen: dict[str, list[str]] = {}
    for row in taken.rows:
        seen.setdefault(row["order_id"], []).append(row["line_id"])
    assert all(numbers == [str(n) for n in range(1, len(numbers) + 1)] for numbers in seen.values())


def test_facts(taken: Taken, lines: list[dict[str, str]]) -> None:
    sold = [row for row in lines if row["CustomerID"]]
    assert "17850" in taken.column("customer_id")
    assert len(set(taken.column("customer_id"))) == 3360
    assert sum(quantity < 0 for quantity in taken.column("quantity")) == sum(int(row["Quantity"]) < 0 for row in sold) == 5565
    assert sum(price == 0 for price in taken.column("unit_price")) == 21
    nowhere = ("Unspecified", "European Community", "Channel Islands")
    assert origins(taken, "country")["absent"] == sum(row["Country"] in nowhere for row in sold) == 814
    countries = Counter(taken.column("country"))
    assert (countries["IE"], countries["US"], countries["GB"]) == tuple(
        sum(row["Country"] == name for row in sold) for name in ("EIRE", "USA", "United Kingdom")
    )
    assert taken.described["fields"]["ordered_at"]["latest"] == "2011-08-31"
    assert load_client("onlineretail").policies["quarantine_share"] > 88_652 / 320_705


def test_why_equal_lines_are_kept(lines: list[dict[str, str]]) -> None:
    """The figures that the connector's comment gives."""
    keys = Counter(tuple(row.values()) for row in lines if row["CustomerID"])
    twins = Counter(key[0] for key, n in keys.items() if n > 1 for _ in range(n))
    sizes = Counter(row["InvoiceNo"] for row in lines if row["CustomerID"])
    assert len(twins) == 985
    assert sum(sizes[invoice] == n for invoice, n in twins.items()) == 3
    single = sum(n for key, n in keys.items() if n > 1 and key[3] == "1") / sum(twins.values())
    assert single == pytest.approx(0.7, abs=0.01)
