"""A whole file: contract, sources, styles, codes, questions; and what may not be in a proposal."""

from __future__ import annotations

import json

import pyarrow as pa

from connectors.proposing.proposal import Match, Proposal
from connectors.proposing.propose import propose

PEOPLE = {
    "Kundennr": ["K1", "K2", "K3"],
    "Anrede": ["Frau", "Herr", "Frau"],
    "Vorname": ["Ute", "Max", "Eva"],
    "Nachname": ["Kern", "Bauer", "Lang"],
    "Telefon": ["0731 12345", "0221 98765", "030 555666"],
    "Geburtsdatum": ["31.12.1980", "24.05.1971", "01.02.1990"],
    "Umsatz": ["1.234,50", "99,90", "12,00"],
    "Newsletter": ["J", "N", "J"],
    "Bemerkung": ["ruft gern an", "nur per Post", "neu hier"],
}
ORDERS = {
    "Invoice No": ["7001", "7001", "7002"],
    "Customer ID": ["12", "12", "13"],
    "Order Date": ["2024-01-31", "2024-01-31", "2024-02-03"],
    "SKU": ["A-1", "B-2", "A-1"],
    "Qty": ["1", "2", "1"],
    "Unit Price": ["9.99", "5.00", "9.99"],
}


def proposed(table: dict[str, list[str]], contract: str | None = None) -> Proposal:
    return propose(pa.table(table), contract)


def match(proposal: Proposal, field: str) -> Match:
    found = proposal.match(field)
    assert found is not None, field
    return found


def test_people_are_customers_with_styles_and_codes() -> None:
    found = proposed(PEOPLE)
    assert found.contract == "customers"
    assert match(found, "customer_id").sources == ("Kundennr",)
    assert (match(found, "birth_date").dates, match(found, "total_spend").decimal) == ("dmy", ",")
    assert dict(match(found, "gender").values) == {"Frau": "female", "Herr": "male"}
    assert any("taken twice" in why for why in match(found, "gender").why)
    assert found.unused == ("Bemerkung",)
    assert not found.questions
    assert "email" in found.absent


def test_orders_are_transactions_and_lines_are_counted() -> None:
    found = proposed(ORDERS)
    assert found.contract == "transactions"
    assert {m.field: m.sources[0] for m in found.matches} == {
        "order_id": "Invoice No", "line_id": "position_within", "customer_id": "Customer ID", "ordered_at": "Order Date",
        "product_id": "SKU", "quantity": "Qty", "unit_price": "Unit Price",
    }  # fmt: skip
    assert match(found, "line_id").of == "order_id"


def test_the_order_of_columns_changes_nothing() -> None:
    mixed = {name: PEOPLE[name] for name in reversed(PEOPLE)}
    assert proposed(mixed).matches == proposed(PEOPLE).matches


def test_days_that_could_be_months_are_asked_about() -> None:
    found = proposed({**PEOPLE, "Geburtsdatum": ["01.02.1980", "03.04.1971", "05.06.1990"]})
    assert match(found, "birth_date").decision == "question"
    assert [q.id for q in found.questions] == ["dates:birth_date"]


def test_numbers_that_could_be_grouped_are_asked_about() -> None:
    found = proposed({**PEOPLE, "Umsatz": ["1.234", "2.500", "3.100"]})
    assert [q.id for q in found.questions] == ["decimal:total_spend"]


def test_a_full_name_is_taken_twice_and_says_so() -> None:
    found = proposed({"Full Name": ["Ute Kern", "Max Bauer"], "Email": ["u@k.de", "m@b.de"]})
    first, last = match(found, "first_name"), match(found, "last_name")
    assert first.sources == last.sources == ("Full Name",)
    assert (first.part, last.part) == ("first", "last")
    assert "taken twice" in " ".join(first.why)
    assert match(found, "customer_id").sources == ("record_position",)


def test_a_name_beside_a_surname_is_a_first_name() -> None:
    found = proposed({"Name": ["Ute", "Max"], "Surname": ["Kern", "Bauer"], "Email": ["u@k.de", "m@b.de"]})
    assert match(found, "first_name").sources == ("Name",)
    assert match(found, "first_name").part is None


def test_a_house_number_is_joined_to_its_street() -> None:
    found = proposed(
        {"Vorname": ["Ute", "Max"], "Strasse": ["Hauptstrasse", "Am Markt"], "Hausnummer": ["5", "12a"], "Ort": ["Ulm", "Bonn"]}
    )
    assert match(found, "street").sources == ("Strasse", "Hausnummer")


def test_a_year_of_birth_gives_the_age() -> None:
    found = proposed({"Vorname": ["Ute", "Max", "Eva"], "Geburtsjahr": ["1980", "1971", "1990"]}, "customers")
    assert (match(found, "age").sources, match(found, "age").part) == (("Geburtsjahr",), "birth_year")


def test_the_total_of_an_order_is_not_the_amount_of_its_lines() -> None:
    table = {**ORDERS, "Total": ["19.99", "", "9.99"]}
    assert proposed({**ORDERS, "Total": ["9.99", "10.00", "9.99"]}).match("amount") is not None
    assert propose(pa.table({name: [cell or None for cell in cells] for name, cells in table.items()})).match("amount") is None


def test_a_file_of_neither_people_nor_orders_has_no_contract() -> None:
    found = proposed({"id": ["x1", "x2"], "name": ["Welcome mail", "Goodbye mail"], "created": ["2021-04-12", "2021-03-16"]})
    assert found.contract == "none"
    assert [q.id for q in found.questions] == ["contract"]


def test_h_and_m_in_spanish() -> None:
    found = proposed({"Nombre": ["Ana", "Luis", "Eva"], "Apellidos": ["Gil", "Paz", "Rey"], "Sexo": ["M", "H", "M"]})
    assert dict(match(found, "gender").values) == {"M": "female", "H": "male"}


def test_a_memory_settles_what_a_header_does_not_say() -> None:
    class Taught:
        def recall(self, header: str, shapes: object, contract: str) -> dict[str, float]:
            return {"segment": 0.9} if header == "ZK7" else {}

    table = pa.table({**PEOPLE, "ZK7": ["A", "B", "A"]})
    assert propose(table).match("segment") is None
    assert match(propose(table, memory=Taught()), "segment").sources == ("ZK7",)


def test_no_value_of_a_person_is_in_a_proposal() -> None:
    told = json.dumps(proposed({**PEOPLE, "Geburtsdatum": ["01.02.1980", "03.04.1971", "05.06.1990"]}).as_dict(), ensure_ascii=False)
    values = [cell for name in ("Kundennr", "Vorname", "Nachname", "Telefon", "Umsatz", "Bemerkung") for cell in PEOPLE[name]]
    assert not [value for value in [*values, "1980", "1971", "1990"] if value in told]
    assert list(json.loads(told)["columns"][0])[:6] == ["field", "from", "parse", "confidence", "decision", "why"]


class Said:
    """A memory of one lesson."""

    def __init__(self, header: str, **fields: float) -> None:
        self.header, self.fields = header, fields

    def recall(self, header: str, shapes: object, contract: str) -> dict[str, float]:
        return self.fields if header == self.header else {}


def test_a_memory_does_not_beat_values_that_speak_against_it() -> None:
    table = pa.table({"Name": ["Ute Kern", "Max Bauer", "Eva Lang"], "Email": ["u@k.de", "m@b.de", "e@l.de"]})
    found = propose(table, memory=Said("Name", last_name=0.95))
    assert (match(found, "first_name").part, match(found, "last_name").part) == ("first", "last")
    assert propose(table, "customers", memory=Said("Email", birth_date=0.95)).match("birth_date") is None


def test_what_was_confirmed_for_this_feed_is_accepted_and_the_column_is_nothing_else() -> None:
    found = propose(pa.table({**PEOPLE, "ZK7": ["x1", "x2", "x3"]}), memory=Said("Umsatz", income=1.0))
    assert found.contract == "customers"
    assert (match(found, "income").sources, match(found, "income").decision) == (("Umsatz",), "accepted")
    assert found.match("total_spend") is None


def test_a_contract_is_chosen_by_what_was_confirmed() -> None:
    class All:
        def recall(self, header: str, shapes: object, contract: str) -> dict[str, float]:
            fields = {"A1": "customer_id", "B2": "email", "C3": "first_name"}
            return {fields[header]: 1.0} if contract != "transactions" else {}

    table = pa.table({"A1": ["7", "8", "9"], "B2": ["u@k.de", "m@b.de", "e@l.de"], "C3": ["Ute", "Max", "Eva"]})
    assert propose(table, memory=All()).contract == "customers"
