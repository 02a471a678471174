"""Headers in five languages, with compounds, slips, short words and shared beginnings."""

from __future__ import annotations

import pytest

from connectors.proposing.headers import header
from connectors.proposing.names import labels, likeness, phrases
from connectors.proposing.parts import HOUSES
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
    assert header("plns").words == {"plns"}, "plans and plaats are equally near"
    assert header("zaaknummer").words == {"zaak", "id"}, "a number of something unknown"


def test_two_names_joined_are_a_full_name() -> None:
    assert header("Nom et Prénom").words == header("Vor- und Nachname").words == {"first", "last", "name"}


def test_the_second_of_its_kind_counts_less() -> None:
    assert strength("phone2", "phone") < 0.7 < strength("phone1", "phone")


def test_what_most_headers_share_says_nothing() -> None:
    assert labels(["crm.Ort", "crm.PLZ", "crm.Name", "extra"]) == ("crm.Ort", "crm.PLZ", "crm.Name", "extra")
    assert labels(["crm.Ort", "crm.PLZ", "crm.Name", "crm.Nr"]) == ("Ort", "PLZ", "Name", "Nr")


def test_another_unit_is_less() -> None:
    assert strength("tenure years", "tenure_months", "subscribers") < strength("tenure months", "tenure_months", "subscribers")


@pytest.mark.parametrize(
    ("name", "field", "table"),
    [
        ("GebDat", "birth_date", "customers"), ("fec_nac", "birth_date", "customers"), ("F. nacimiento", "birth_date", "customers"),
        ("dt_naissance", "birth_date", "customers"), ("gbdatum", "birth_date", "customers"), ("Hs.-Nr.", "house", ""),
        ("Tel. priv.", "phone", "customers"), ("tel_mobiel", "phone", "customers"), ("cod_postal", "postcode", "customers"),
        ("C.P.", "postcode", "customers"), ("Kd-Nr", "customer_id", "customers"), ("cust_no", "customer_id", "customers"),
        ("KUNNR", "customer_id", "customers"), ("Code client", "customer_id", "customers"), ("STRAS", "street", "customers"),
        ("Bundesland/Kanton", "region", "customers"), ("M/V", "gender", "customers"), ("fam. stand", "marital_status", "customers"),
        ("rev_annuel", "income", "customers"), ("nb_commandes", "order_count", "customers"), ("num_pedidos", "order_count", "customers"),
        ("n_pedido", "order_id", "transactions"), ("f_pedido", "ordered_at", "transactions"), ("Art.-Nr.", "product_id", "transactions"),
        ("PU HT", "unit_price", "transactions"), ("VK-Preis", "unit_price", "transactions"), ("uds", "quantity", "transactions"),
        ("Prijs incl. btw", "unit_price", "transactions"), ("Grundpreis pro Monat", "monthly_charge", "subscribers"),
    ],
)  # fmt: skip
def test_cut_words_and_codes_of_systems(name: str, field: str, table: str) -> None:
    found = strength(name, field, table) if table else likeness(name, field, HOUSES).strength
    assert found > 0.75


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Geburtsort", "city"), ("Adresszusatz", "street"), ("Annual Revenue", "total_spend"), ("Lieferdatum", "signup_date"),
        ("Monatseinkommen", "income"), ("IBAN", "customer_id"), ("Email Opt Out", "email"), ("nb_pedidos", "customer_id"),
    ],
)  # fmt: skip
def test_a_cut_name_of_another_thing_is_none(name: str, field: str) -> None:
    assert strength(name, field) < 0.5
