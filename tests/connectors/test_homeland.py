"""The country of a client that is met for the first time: what tells it, what does not, and what is assumed then."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.homeland import told
from connectors.newcomer import ASSUMED, guessed
from connectors.proposing.column import columns


def land(**table: list[str]) -> str | None:
    found = told(columns(pa.table({name.replace("_", " "): values for name, values in table.items()})))
    return found[0] if found else None


@pytest.mark.parametrize(("table", "wanted"), [
    ({"Country": ["United States", "United States", "Canada"]}, "US"),
    ({"Land": ["Österreich", "Österreich", "Schweiz", "AT"]}, "AT"),
    ({"Land": ["Brasil"]}, "BR"),
    ({"state": ["nsw", "vic", "qld", "nsv"]}, "AU"),
    ({"State/Province": ["TX", "CA", "NY"]}, "US"),
    ({"phone number": ["+44 20 7946 0958", "0044 1632 960983", "+44 161 496 0018"]}, "GB"),
    ({"Voornaam": ["Jan"], "Achternaam": ["Bos"]}, "NL"),
])  # fmt: skip
def test_values_and_headers_tell_it(table: dict[str, list[str]], wanted: str) -> None:
    assert land(**table) == wanted


@pytest.mark.parametrize("table", [
    {"Country": ["US", "DE", "FR", "GB"]},
    {"state": ["active", "ca", "closed", "open"]},
    {"state": ["WA", "WA", "WA"]},
    {"phone": ["020 7946 0958", "+1 5551234", "0161 4960018"]},
    {"name": ["Lee"]},
])  # fmt: skip
def test_what_is_mixed_or_means_something_else_tells_nothing(table: dict[str, list[str]]) -> None:
    assert land(**table) is None


def test_two_headers_of_a_language_among_many_tell_nothing() -> None:
    plain = {f"field {n}": ["x"] for n in range(40)}
    assert land(**plain, custom_landing_page=["x"], best_seller=["x"], sort_order=["x"]) is None


def test_a_country_column_goes_before_the_language_of_the_headers() -> None:
    assert land(Vorname=["Urs"], Nachname=["Frei"], PLZ=["8001"], Land=["Schweiz"]) == "CH"


def test_what_is_assumed_is_said_and_a_country_without_known_habits_keeps_its_code() -> None:
    assert guessed("a")[0].country == "US"
    assert guessed("a")[1] == (ASSUMED,)
    client, why = guessed("a", ("BR", "country: 100% of 'Land' name it"))
    assert (client.country, client.time_zone) == ("BR", "UTC")
    assert "not known here" in why[0]
    assert guessed("a", ("DE", "the headers"), "AT")[0].country == "AT"
