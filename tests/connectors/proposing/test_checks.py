"""Check digits, telephone numbers, columns without a name, numbers in thousands: what they are not, and what is asked."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from connectors.proposing.column import columns
from connectors.proposing.propose import propose
from connectors.proposing.signals import Signals
from connectors.proposing.values import fit
from contracts import contract
from tests.connectors.proposing.kinds import cells

SEED = 3


def seen(kind: str, country: str = "") -> Signals:
    texts = cells(kind, np.random.default_rng(SEED)).tolist()
    return Signals(columns(pa.table({"x": pa.array(texts, pa.string())}))[0], None, country)


@pytest.mark.parametrize("kind", ["iban_de", "iban_es", "ean"])
@pytest.mark.parametrize("field", ["customer_id", "phone", "postcode", "total_spend"])
def test_accounts_and_articles_are_nobodys_fields(kind: str, field: str) -> None:
    assert fit(contract.get("customers").fields[field], seen(kind)).points <= -3


def test_a_tax_number_is_hardly_a_key_and_plain_numbers_may_be_one() -> None:
    key = contract.get("customers").fields["customer_id"]
    assert -3 < fit(key, seen("nif")).points < -1
    assert fit(key, seen("key_long")).points > 0


def test_an_article_number_is_a_products_key() -> None:
    assert fit(contract.get("transactions").fields["product_id"], seen("ean")).points > 0.5


def test_the_clients_country_tells_which_digits_can_be_called() -> None:
    phone = contract.get("customers").fields["phone"]
    bare, spanish, german = (fit(phone, seen("phone_es", country)).points for country in ("", "ES", "DE"))
    assert bare < 0.5
    assert spanish == 1.0
    assert german == bare


def test_columns_without_names_are_asked_about_by_their_values() -> None:
    kinds = ["digits", "first", "last", "email", "phone_nl", "zip_nl", "city_nl", "dmy-_birth", "iban_de"]
    rng = np.random.default_rng(SEED)
    found = propose(pa.table({f"F{place}": cells(kind, rng) for place, kind in enumerate(kinds, 1)}), "customers")
    asked = {match.field: match.sources[0] for match in found.matches if match.decision == "question"}
    assert asked == {
        "customer_id": "F1", "first_name": "F2", "last_name": "F3", "phone": "F5", "postcode": "F6", "city": "F7", "birth_date": "F8",
    }  # fmt: skip
    email = found.match("email")
    assert email is not None
    assert (email.sources, email.decision) == (("F4",), "accepted")
    assert found.unused == ("F9",)


def test_one_column_without_a_name_among_others_is_left() -> None:
    rng = np.random.default_rng(SEED)
    found = propose(pa.table({"Kundennr": cells("digits", rng), "E-Mail": cells("email", rng), "Feld 3": cells("first", rng)}), "customers")
    assert found.match("first_name") is None


@pytest.mark.parametrize("header", ["Umsatz in Tsd.", "Umsatz (T€)", "Umsatz (kEUR)", "Umsatz in Mio. EUR"])
def test_numbers_in_thousands_are_asked_about(header: str) -> None:
    rng = np.random.default_rng(SEED)
    found = propose(
        pa.table({"Kundennr": cells("digits", rng), "E-Mail": cells("email", rng), header: cells("money_comma", rng)}), "customers"
    )
    assert [question.id for question in found.questions] == ["unit:total_spend"]
    assert found.questions[0].options == (header, "none")


def test_a_currency_in_the_header_is_no_question() -> None:
    rng = np.random.default_rng(SEED)
    found = propose(
        pa.table({"Kundennr": cells("digits", rng), "E-Mail": cells("email", rng), "Umsatz (EUR)": cells("money_comma", rng)}), "customers"
    )
    assert not found.questions


def test_two_days_of_one_meaning_are_a_question() -> None:
    rng = np.random.default_rng(SEED)
    table = {
        "Kundennr": cells("digits", rng),
        "E-Mail": cells("email", rng),
        "Anmeldedatum": cells("dmy", rng),
        "Kunde seit": cells("dmy", rng),
    }
    found = propose(pa.table(table), "customers")
    assert [question.id for question in found.questions] == ["column:signup_date"]


def test_a_key_under_a_name_of_no_meaning_is_asked_about_before_the_position_serves() -> None:
    rng = np.random.default_rng(SEED)
    found = propose(pa.table({"Zorblax": cells("key_k", rng), "E-Mail": cells("email", rng), "Vorname": cells("first", rng)}), "customers")
    key = found.match("customer_id")
    assert key is not None
    assert (key.sources, key.decision) == (("Zorblax",), "question")


@pytest.mark.parametrize("kind", ["iban_de", "nif", "ean"])
def test_numbers_of_accounts_and_taxes_under_a_strange_name_are_no_key(kind: str) -> None:
    rng = np.random.default_rng(SEED)
    found = propose(pa.table({"Zorblax": cells(kind, rng), "E-Mail": cells("email", rng), "Vorname": cells("first", rng)}), "customers")
    key = found.match("customer_id")
    assert key is not None
    assert key.sources == ("record_position",)
