"""People called by a bank: no key, no year, and a call's length that gives the answer away."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from connectors.library import load_feed
from tests.connectors.taking import Taken, origins, plain, shipped

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def path(shared: Path) -> Path:
    return shared / "data" / "bank-marketing" / "bank-full.csv"


@pytest.fixture(scope="module")
def taken(path: Path) -> Taken:
    return shipped("bank/prospects", [path])


def test_ledger(taken: Taken) -> None:
    assert taken.ledger == {"records": 45212, "accepted": 45211, "quarantined": {}, "set_aside": {"header": 1}}
    assert taken.described["failures"] == taken.described["repaired"] == {}
    assert taken.described["columns"]["unknown"] == []


def test_every_value_is_the_file_s(taken: Taken, path: Path) -> None:
    for number, (row, cells) in enumerate(zip(taken.rows, plain(path, ";"), strict=True), 2):
        assert row["customer_id"] == str(number)
        assert (row["age"], row["balance"]) == (int(cells["age"]), float(cells["balance"]))
        assert row["days_since_contact"] == (None if cells["pdays"] == "-1" else int(cells["pdays"]))
        assert (row["contact_day"], row["contact_month"]) == (int(cells["day"]), cells["month"])
        assert row["education"] == (None if cells["education"] == "unknown" else cells["education"])
        assert row["previous_outcome"] == (None if cells["poutcome"] == "unknown" else cells["poutcome"])
        assert row["call_seconds"] == int(cells["duration"])
        assert row["responded"] is (cells["y"] == "yes")


def test_facts(taken: Taken) -> None:
    assert origins(taken, "customer_id") == {"derived": 45211}
    assert origins(taken, "days_since_contact") == {"supplied": 8257, "absent": 36954}
    assert origins(taken, "contact_channel") == {"supplied": 32191, "absent": 13020}
    assert origins(taken, "occupation") == {"supplied": 44923, "absent": 288}
    assert Counter(taken.column("marital_status")) == {"married": 27214, "single": 12790, "divorced": 5207}
    assert Counter(taken.column("responded")) == {False: 39922, True: 5289}
    assert load_feed("bank/prospects").table.fields["call_seconds"].role == "leak"
    assert [one["verdict"] for one in taken.assumptions if "position" in one["statement"]] == ["untested"]
