"""Headers in five languages, with compounds, slips, short words and shared beginnings."""

from __future__ import annotations

import pytest

from connectors.proposing.names import header, labels, likeness, phrases
from contracts import contract


def strength(name: str, field: str, table: str = "customers") -> float:
    return likeness(name, field, phrases(contract.get(table).fields[field])).strength


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Kunden-Nr.", "customer_id"), ("klantnummer", "customer_id"), ("Vorname", "first_name"), ("achternaam", "last_name"),
        ("E-Mail-Adresse", "email"), ("Téléphone", "phone"), ("Straße", "street"), ("woonplaats", "city"), ("Code postal", "postcode"),
        ("país", "country"), ("Geb.-Datum", "birth_date"), ("fecha_de_nacimiento", "birth_date"), ("date de naissance", "birth_date"),
        ("geslacht", "gender"), ("Familienstand", "marital_status"), ("Kunde seit", "signup_date"), ("BillingCity", "city"),
        ("customerEmail", "email"), ("Zipcode*", "postcode"), ("Birthday (yyyy-mm-dd)", "birth_date"),
    ],
)  # fmt: skip
def test_known_in_five_languages(name: str, field: str) -> None:
    assert strength(name, field) > 0.8


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Company Name", "last_name"), ("Ad Name", "first_name"), ("Lead Owner", "first_name"), ("campaign_id", "customer_id"),
        ("verified_email", "email"), ("updated_at", "signup_date"), ("E-mail 1 - Type", "email"), ("Sales Rep", "first_name"),
        ("Name", "last_name"), ("order_id", "customer_id"), ("PhoneService", "phone"),
    ],
)  # fmt: skip
def test_a_near_name_of_another_thing_is_none(name: str, field: str) -> None:
    assert strength(name, field) == 0.0


def test_one_slip_is_taken_back_and_counts_less() -> None:
    assert header("Emial").words == {"email"}
    assert header("Statu").words == {"status"}
    assert 0.7 < strength("Emial", "email") < strength("mail address", "email")


def test_number_of_is_a_count_and_number_a_key() -> None:
    assert header("Number of orders").words == header("Anzahl Bestellungen").words == {"count", "order"}
    assert header("order number").words == header("Bestellnummer").words == {"order", "id"}


def test_short_words_stand_for_the_one_they_can_be() -> None:
    assert header("PHN").words == {"phone"}
    assert header("strt").words == {"strt"}, "street and start are equally near"
    assert header("lidnummer").words == {"lid", "id"}, "a number of something unknown"


def test_two_names_joined_are_a_full_name() -> None:
    assert header("Nom et Prénom").words == header("Vor- und Nachname").words == {"first", "last", "name"}


def test_the_second_of_its_kind_counts_less() -> None:
    assert strength("phone2", "phone") < 0.7 < strength("phone1", "phone")


def test_what_most_headers_share_says_nothing() -> None:
    assert labels(["crm.Ort", "crm.PLZ", "crm.Name", "extra"]) == ("crm.Ort", "crm.PLZ", "crm.Name", "extra")
    assert labels(["crm.Ort", "crm.PLZ", "crm.Name", "crm.Nr"]) == ("Ort", "PLZ", "Name", "Nr")


def test_another_unit_is_less() -> None:
    assert strength("tenure years", "tenure_months", "subscribers") < strength("tenure months", "tenure_months", "subscribers")
