"""Fields within the cells of one column are proposed as parts, drafted, and what is drafted runs."""

from __future__ import annotations

import pyarrow as pa
import pytest
from ruamel.yaml import YAML

from connectors.answering import answered
from connectors.drafting import Draft, compose
from connectors.proposing.proposal import Match, Proposal
from connectors.proposing.propose import propose
from connectors.reading.decision import Reading
from connectors.spec.feed import FeedSpec
from tests.connectors.taking import take

IDS = [f"K{n:04}" for n in range(40)]
MAILS = [f"m{n}@example.org" for n in range(40)]
GIVEN = ("Anna", "Peter", "Julia", "Thomas", "Maria", "Hans", "Eva", "Karl")
FAMILY = ("Weber", "Klein", "Zorn", "Busch", "Lang")


def proposed(**columns: list[str]) -> Proposal:
    return propose(pa.table({"Kundennr": IDS, "E-Mail": MAILS, **columns}), "customers")


def match(found: Proposal, field: str) -> Match:
    one = found.match(field)
    assert one is not None
    return one


def drafted(found: Proposal) -> FeedSpec:
    return FeedSpec.model_validate(YAML(typ="safe", pure=True).load(compose(Draft("acme/people", found, Reading("delimited")))))


def csv(found: dict[str, list[str]]) -> str:
    rows = [list(found), *map(list, zip(*found.values(), strict=True))]
    return "".join(";".join(row) + "\n" for row in rows)


def test_an_address_in_one_cell_is_cut_and_what_is_drafted_runs() -> None:
    places = [f"Lindenweg {n + 1}, {10115 + 50 * n} Bad Homburg" for n in range(40)]
    found = proposed(Anschrift=places)
    assert {name: match(found, name).part for name in ("street", "postcode", "city")} == {
        "street": "street", "postcode": "postcode", "city": "city",
    }  # fmt: skip
    assert found.match("country") is None
    taken = take({"a.csv": csv({"Kundennr": IDS, "E-Mail": MAILS, "Anschrift": places})}, drafted(found))
    assert taken.rows[3]["street"] == "Lindenweg 4"
    assert taken.rows[3]["postcode"] == "10265"
    assert set(taken.column("city")) == {"Bad Homburg"}


def test_a_column_of_streets_stays_whole() -> None:
    found = proposed(Straße=[f"Lindenweg {n}" for n in range(40)], Ort=["Ulm"] * 40)
    assert match(found, "street").part is None


def test_names_whose_family_name_comes_first_are_cut_in_that_order() -> None:
    names = [f"{FAMILY[n % 5]} {GIVEN[n % 8]}" for n in range(40)]
    found = proposed(Name=names)
    assert (match(found, "last_name").names, match(found, "last_name").decision) == ("last_first", "accepted")
    taken = take({"a.csv": csv({"Kundennr": IDS, "E-Mail": MAILS, "Name": names})}, drafted(found))
    assert (taken.rows[0]["first_name"], taken.rows[0]["last_name"]) == ("Anna", "Weber")


def test_names_in_both_orders_are_asked_about_once_and_the_answer_counts_for_both_parts() -> None:
    names = [f"{FAMILY[n % 5]} {GIVEN[n % 8]}" if n % 2 else f"{GIVEN[n % 8]} {FAMILY[n % 5]}" for n in range(40)]
    found = proposed(Name=names)
    assert [question.id for question in found.questions] == ["names:first_name"]
    settled = answered(found, {"names:first_name": "last_first"})
    assert {name: (match(settled, name).names, match(settled, name).decision) for name in ("first_name", "last_name")} == {
        "first_name": ("last_first", "accepted"), "last_name": ("last_first", "accepted"),
    }  # fmt: skip
    gone = answered(found, {"names:first_name": "none"})
    assert (gone.match("first_name"), gone.match("last_name"), "Name" in gone.unused) == (None, None, True)


@pytest.mark.parametrize(("words", "part"), [(GIVEN, "first"), (("Blue", "Large", "Wooden", "Green", "Small", "Red", "Old", "New"), None)])
def test_names_of_people_are_told_from_those_of_things(words: tuple[str, ...], part: str | None) -> None:
    names = [f"{words[n % 8]} {('Weber', 'Chair', 'Zorn', 'Busch', 'Lang')[n % 5]}" for n in range(40)]
    found = propose(pa.table({"Kundennr": IDS, "Name": names, "Umsatz": [f"{n},50" for n in range(40)]}), "customers").match("first_name")
    assert (found.part if found else None) == part


def test_forms_of_address_before_names_tell_the_gender() -> None:
    names = [f"{'Frau' if n % 2 else 'Herr'} {GIVEN[n % 8]} {FAMILY[n % 5]}" for n in range(40)]
    found = proposed(Name=names)
    assert (match(found, "salutation").part, match(found, "gender").values) == ("salutation", {"Frau": "female", "Herr": "male"})
    taken = take({"a.csv": csv({"Kundennr": IDS, "E-Mail": MAILS, "Name": names})}, drafted(found))
    assert set(taken.column("gender")) == {"female", "male"}


def test_a_year_of_birth_is_kept_as_a_year() -> None:
    years = [str(1950 + n) for n in range(40)]
    found = proposed(Jahrgang=years)
    feed = drafted(found)
    assert "age" not in feed.columns
    taken = take({"a.csv": csv({"Kundennr": IDS, "E-Mail": MAILS, "Jahrgang": years})}, feed)
    assert taken.column("birth_year")[:2] == [1950, 1951]


@pytest.mark.parametrize("unit", ["Jahre", "years old", "ans", "años", "jaar"])
def test_ages_with_their_unit(unit: str) -> None:
    ages = [f"{20 + n} {unit}" for n in range(40)]
    found = proposed(Alter=ages)
    assert match(found, "age").decision == "accepted"
    assert take({"a.csv": csv({"Kundennr": IDS, "E-Mail": MAILS, "Alter": ages})}, drafted(found)).column("age")[:2] == [20, 21]


def test_ranges_under_the_header_of_an_age_are_an_age_band() -> None:
    found = proposed(Alter=[("18-29", "30-39", "40-49", "50+")[n % 4] for n in range(40)])
    assert match(found, "age_band").sources == ("Alter",)
    assert found.match("age") is None


def test_a_question_about_names_stands_once_in_the_draft() -> None:
    names = [f"{FAMILY[n % 5]} {GIVEN[n % 8]}" if n % 2 else f"{GIVEN[n % 8]} {FAMILY[n % 5]}" for n in range(40)]
    text = compose(Draft("acme/people", proposed(Name=names), Reading("delimited")))
    assert [line.split(":")[0] for line in text.splitlines() if line.startswith("  # ? ")] == ["  # ? names"]
