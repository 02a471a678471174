"""A feed's own field is declared as fully as one of the contract, and judged as such."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.spec.extension import ExtensionSpec
from tests.connectors.taking import feed, take

SHOE = {"from": "Schuh", "title": "Shoe size", "meaning": "European size.", "type": "whole"}


def declared(**more: Any) -> ExtensionSpec:
    return ExtensionSpec.model_validate(SHOE | more)


def test_all_of_it_reaches_the_field() -> None:
    made = declared(
        unit="EU", currency="currency", synonyms=["Größe", 42], tolerated=0.1, tolerances={"ge": 0.5}, required=True, unique=True, least=20,
        most=50, on_bad="warn", personal="quasi", role="info",
    ).field("shoe")  # fmt: skip
    assert (made.unit, made.currency, made.synonyms, made.on_bad) == ("EU", "currency", ("Größe", "42"), "warn")
    assert (made.nullable, made.required, made.unique) == (False, True, True)
    assert (made.rules, made.tolerance("ge"), made.tolerance("le")) == ((("ge", 20), ("le", 50)), 0.5, 0.1)


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ({"type": "day", "least": date(2020, 1, 1)}, (("ge", date(2020, 1, 1)),)),
        ({"type": "day", "least": "2020-01-01"}, (("ge", date(2020, 1, 1)),)),
        ({"type": "moment", "most": date(2020, 1, 1)}, (("le", datetime(2020, 1, 1, tzinfo=UTC)),)),
        ({"type": "text", "most": 9, "pattern": "^[a-z]+$"}, (("str_length", (None, 9)), ("str_matches", "^[a-z]+$"))),
        ({"type": "real", "least": 0.5}, (("ge", 0.5),)),
    ],
)
def test_bounds_are_of_the_field_s_type(more: dict[str, Any], rules: object) -> None:
    assert declared(**more).field("x").rules == rules


@pytest.mark.parametrize(
    "more",
    [
        {"pattern": "(?=a)b", "type": "text"}, {"pattern": "a"}, {"codes": ["a"]}, {"least": date(2020, 1, 1)}, {"type": "flag", "most": 1},
        {"type": "text", "least": -1}, {"tolerated": 2}, {"tolerances": {"ge": -1}}, {"type": "day", "least": 7},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        declared(**more)


def test_its_rules_judge_rows() -> None:
    extensions = {
        "shoe": {**SHOE, "least": 20, "most": 50, "required": True},
        "tier": {"from": "Stufe", "title": "Tier", "meaning": "Tier.", "type": "text", "codes": ["gold", "tin"], "pattern": "^[a-z]+$"},
    }
    spec = feed(columns={"customer_id": "Nr"}, extensions=extensions)
    taken = take({"a.csv": "Nr;Schuh;Stufe\n1;42;gold\n2;7;tin\n3;42;wood\n4;;tin\n"}, spec)
    assert taken.column("customer_id") == ["1", "3"]
    assert taken.column("tier") == ["gold", None]
    assert taken.failed == ["shoe:ge", "shoe:not_null", "tier:category"]
