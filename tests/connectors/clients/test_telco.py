"""Subscribers of a telecoms company: every value as the file has it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.connectors.taking import Taken, origins, plain, shipped

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def path(shared: Path) -> Path:
    return next((shared / "data" / "telco-churn").glob("*.csv"))


@pytest.fixture(scope="module")
def taken(path: Path) -> Taken:
    return shipped("telco/subscribers", [path])


def test_ledger(taken: Taken) -> None:
    assert taken.ledger == {"records": 7044, "accepted": 7043, "quarantined": {}, "set_aside": {"header": 1}}
    assert taken.described["failures"] == taken.described["repaired"] == {}
    assert taken.described["columns"]["unknown"] == taken.described["columns"]["ignored"] == []


def test_every_value_is_the_file_s(taken: Taken, path: Path) -> None:
    terms = {"Month-to-month": "month", "One year": "one_year", "Two year": "two_year"}
    taken_up = {"Yes": "taken", "No": "not_taken", "No internet service": "not_available", "No phone service": "not_available"}
    for row, cells in zip(taken.rows, plain(path), strict=True):
        assert row["customer_id"] == cells["customerID"]
        assert row["gender"] == cells["gender"].lower()
        assert row["tenure_months"] == int(cells["tenure"])
        assert row["monthly_charge"] == float(cells["MonthlyCharges"])
        assert row["total_charge"] == (float(cells["TotalCharges"]) if cells["TotalCharges"].strip() else None)
        assert row["contract_term"] == terms[cells["Contract"]]
        assert row["churned"] is (cells["Churn"] == "Yes")
        assert row["senior_citizen"] is (cells["SeniorCitizen"] == "1")
        assert row["partner"] is (cells["Partner"] == "Yes")
        for field, header in (("multiple_lines", "MultipleLines"), ("streaming_tv", "StreamingTV"), ("tech_support", "TechSupport")):
            assert row[field] == taken_up[cells[header]]


def test_facts(taken: Taken) -> None:
    assert origins(taken, "total_charge") == {"supplied": 7032, "absent": 11}
    assert {row["tenure_months"] for row in taken.rows if row["total_charge"] is None} == {0}
    assert Counter(taken.column("churned")) == {False: 5174, True: 1869}
    assert Counter(taken.column("internet_service")) == {"fibre": 3096, "dsl": 2421, "not_taken": 1526}
    assert Counter(taken.column("online_backup")) == {"not_taken": 3088, "taken": 2429, "not_available": 1526}
    assert Counter(taken.column("payment_method"))["electronic_check"] == 2365
