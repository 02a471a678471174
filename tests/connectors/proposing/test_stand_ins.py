"""Values that stand for nothing: proposed where they are frequent and out of place, left alone where they may be meant."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from connectors.proposing.column import columns
from connectors.proposing.proposal import Match
from connectors.proposing.propose import propose
from connectors.proposing.signals import Signals
from connectors.proposing.stand_ins import stand_ins
from contracts import contract


def found(field: str, values: list[str], table: str = "prospects") -> tuple[str, ...]:
    target = contract.get(table).fields[field]
    return stand_ins(Match(field, ("x",), "", 0.9, "accepted", ()), target, Signals(columns(pa.table({"x": values}))[0]))[0]


AGES = [str(20 + n % 60) for n in range(300)]
DAYS = [f"{1 + n % 28:02}.{1 + n % 12:02}.{1950 + n % 50}" for n in range(300)]


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("days_since_contact", ["-1"] * 200 + AGES, ("-1",)),
        ("age", ["999"] * 20 + AGES, ("999",)),
        ("age", ["-99"] * 20 + AGES, ("-99",)),
        ("income", ["999999"] * 20 + AGES, ("999999",)),
        ("birth_date", ["01.01.1900"] * 20 + DAYS, ("01.01.1900",)),
        ("birth_date", ["31.12.9999"] * 20 + DAYS, ("31.12.9999",)),
        ("signup_date", ["9999-12-31 00:00:00"] * 20 + DAYS, ("9999-12-31 00:00:00",)),
        ("signup_date", ["1970-01-01"] * 60 + DAYS, ("1970-01-01",)),
        ("occupation", ["unknown"] * 20 + ["clerk"] * 300, ("unknown",)),
        ("city", ["Unbekannt"] * 20 + ["Ulm"] * 300, ("Unbekannt",)),
        ("postcode", ["00000"] * 20 + ["89073"] * 300, ("00000",)),
    ],
)
def test_what_stands_for_nothing(field: str, values: list[str], words: tuple[str, ...]) -> None:
    assert found(field, values) == words


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("age", ["99"] * 20 + AGES),
        ("age", ["999"] * 2 + AGES * 10),
        ("total_spend", ["-1"] * 20 + AGES),
        ("days_since_contact", ["999"] * 20 + [str(n) for n in range(300, 990)]),
        ("birth_date", ["01.01.1970"] * 4 + DAYS),
        ("birth_date", ["01.01.1900", *DAYS]),
        ("previous_outcome", ["none"] * 20 + ["success"] * 300),
        ("last_name", ["Unknown"] * 20 + ["Weber"] * 300),
        ("education", ["unknown"] * 20 + ["primary"] * 300),
        ("customer_id", ["00000"] * 20 + AGES),
    ],
)
def test_what_may_be_meant_stays(field: str, values: list[str]) -> None:
    assert found(field, values) == ()


def test_it_is_said_and_assumed() -> None:
    table = pa.table({"Kundennr": [f"K{n}" for n in range(320)], "Alter": ["999"] * 20 + AGES, "Geburtsdatum": ["01.01.1900"] * 20 + DAYS})
    proposal = propose(table, "customers")
    match = proposal.match("birth_date")
    assert match is not None
    assert match.null_words == ("01.01.1900",)
    assert match.why[-1] == "6% of its cells hold '01.01.1900', taken for nothing"
    said = [one for one in proposal.assumptions if "nothing is known" in one.statement]
    assert [(one.verdict, one.evidence["cells"]) for one in said] == [("untested", 20), ("untested", 20)]


@pytest.mark.shared
def test_the_bank_marks_never_with_minus_one(shared: Path) -> None:
    proposal = propose(shared / "data" / "bank-marketing" / "bank-full.csv", "prospects")
    words = {match.field: match.null_words for match in proposal.matches if match.null_words}
    assert words["days_since_contact"] == ("-1",)
    assert set(words) == {"days_since_contact", "occupation", "previous_outcome", "contact_channel"}
