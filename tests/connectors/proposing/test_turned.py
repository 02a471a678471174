"""Headers whose yes is a no: asked about, taken turned round, never taken as they stand; and headers of two meanings over no value."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.answering import answered
from connectors.columns import Setting, parse_column
from connectors.parsing.styles import Style
from connectors.proposing.proposal import Proposal
from connectors.proposing.propose import propose
from connectors.proposing.turned import refuses, turned
from connectors.spec.column import ColumnSpec
from contracts import contract

CONSENT = contract.get("customers").fields["marketing_consent"]
SETTING = Setting("DE", "EUR", "de", "Europe/Berlin")
HEADERS = (
    "Email Opt Out", "HasOptedOutOfEmail", "optedOut", "Unsubscribed", "Do Not Call", "DoNotBulkEmail", "No Marketing",
    "newsletter_refused", "Newsletter abgemeldet", "Werbewiderspruch", "Werbesperre", "Keine Werbung", "Kein Newsletter",
    "Nicht anrufen", "Robinson", "afgemeld", "Geen reclame", "désabonné", "désinscrit", "Ne pas contacter", "refus newsletter",
    "Baja newsletter", "no desea publicidad",
)  # fmt: skip


def people(**columns: list[str | None]) -> pa.Table:
    rows = len(next(iter(columns.values())))
    return pa.table({
        "customer_id": [f"K{n:05d}" for n in range(rows)], "email": [f"u.{n}@firma.de" for n in range(rows)],
        **{name: pa.array(values, pa.string()) for name, values in columns.items()},
    })  # fmt: skip


def asked(header: str, words: tuple[str | None, ...] = ("TRUE", "FALSE", "FALSE")) -> Proposal:
    return propose(people(**{header: [words[n % len(words)] for n in range(60)]}), "customers")


@pytest.mark.parametrize("header", HEADERS)
def test_a_refusal_is_asked_about_and_taken_turned_round(header: str) -> None:
    found = asked(header)
    match = found.match("marketing_consent")
    assert match is not None
    assert match.decision == "question"
    question = next(each for each in found.questions if each.field == "marketing_consent")
    assert "A yes in it means a no here" in question.text
    taken = answered(found, {question.id: header}).match("marketing_consent")
    assert taken is not None
    assert (taken.decision, taken.values) == ("accepted", {"FALSE": True, "TRUE": False})


@pytest.mark.parametrize("header", ["Email Opt In", "Newsletter", "accepts_marketing", "Einwilligung", "toestemming", "consentement"])
def test_a_consent_stays_one(header: str) -> None:
    match = asked(header).match("marketing_consent")
    assert match is not None
    assert (match.decision, dict(match.values)) == ("accepted", {})


@pytest.mark.parametrize("header", ["Member", "Current customer", "Kunde", "is_client", "Still customer"])
def test_being_a_customer_is_no_consent(header: str) -> None:
    assert asked(header).match("marketing_consent") is None


def test_words_are_read_as_they_were_turned_and_one_that_comes_later_as_well() -> None:
    match = asked("Email Opt Out", ("false",)).match("marketing_consent")
    assert match is not None
    spec = ColumnSpec.model_validate({"from": match.sources, "values": dict(match.values)})
    cells = pa.array(["false", "FALSE", "true", "True", None])
    parsed = parse_column(cells, None, CONSENT, spec, Style(), SETTING)
    assert parsed.values.to_pylist() == [True, True, False, False, None]


def test_a_word_that_says_itself_what_it_means_is_not_turned() -> None:
    match = asked("Opt-out status", ("subscribed", "unsubscribed")).match("marketing_consent")
    assert match is not None
    assert match.values == {"subscribed": True, "unsubscribed": False}


def test_the_day_of_a_refusal_is_no_day_of_signing_up() -> None:
    days: list[str | None] = [f"{1 + n % 28:02d}.03.2024" for n in range(60)]
    found = propose(people(**{"abgemeldet am": days}), "customers")
    assert found.match("signup_date") is None


def test_a_telephone_number_is_no_refusal() -> None:
    assert not refuses("Phone No")
    assert not turned(contract.get("customers").fields["phone"], "Phone No")


@pytest.mark.parametrize("header", ["title", "Titel"])
def test_a_header_of_two_meanings_over_no_value_is_asked_about(header: str) -> None:
    found = asked(header, (None,))
    question = next(each for each in found.questions if each.columns == (header,))
    assert "might as well mean" in question.text
    assert {found.matches[n].field for n in range(len(found.matches)) if found.matches[n].sources == (header,)} == {question.field}
    assert asked("Anrede", (None,)).questions == ()
    assert asked(header, ("Mr", "Mrs", "Ms")).questions == ()
