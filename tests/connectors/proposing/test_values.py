"""What values say: the right name over other values is no match."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.proposing.column import columns
from connectors.proposing.signals import Signals
from connectors.proposing.values import RULES, fit
from contracts import contract


def points(field: str, values: list[str | None], table: str = "customers") -> float:
    seen = Signals(columns(pa.table({"x": pa.array(values, pa.string())}))[0])
    return fit(contract.get(table).fields[field], seen).points


@pytest.mark.parametrize(
    ("field", "good", "other"),
    [
        ("email", ["a@b.de", "c@d.fr"], ["yes", "no"]),
        ("phone", ["+49 170 123456", "06 12 34 56 78"], ["2020-01-01", "2021-02-03"]),
        ("postcode", ["89073", "01067"], ["Urban", "Rural"]),
        ("postcode", ["K1A 0B1", "SW1A 1AA"], ["Rural", "Suburban"]),
        ("region", ["NSW", "VIC"], ["enabled", "disabled"]),
        ("region", ["Bayern", "Hessen"], ["1", "2", "3", "4"]),
        ("birth_date", ["31.12.1980", "24.05.1971", "01.02.1990"], ["2021-01-01", "2021-02-01", "2022-03-01"]),
        ("age", ["33", "41", "58", "27"], ["1980", "1975", "1990", "1962"]),
        ("gender", ["m", "w"], ["cellular", "unknown"]),
        ("gender", ["Vrouw", "Man"], ["yes", "no"]),
        ("marketing_consent", ["ja", "nein"], ["2020-01-01", "2020-02-01"]),
        ("country", ["DE", "FR"], ["Berlin Mitte 3", "Paris 4"]),
        ("first_name", ["Ute", "Max", "Eva"], ["ab0bf25ab8b2a6b78af26a141dd6f455", "1bf3f17e858ba29e00d3659d1c5e7593"]),
        ("total_spend", ["12.50", "99.00", "3.10"], ["TRUE", "FALSE"]),
        ("occupation", ["nurse", "teacher", "clerk"], ["yes", "no"]),
        ("marital_status", ["ledig", "verheiratet"], ["Yes", "No"]),
        ("education", ["PhD", "Master", "Bachelor"], ["cellular", "telephone", "fax"]),
        ("street", ["12 Main St", "Hauptstr. 5"], ["a@b.de", "c@d.de"]),
        ("customer_id", ["A1", "A2", "A3", "A4", "A5"], ["1", "1", "2", "2", "1"]),
        ("income", ["52000", "31000", "78000"], ["1", "2", "3"]),
        ("segment", ["A", "B", "A", "C"], ["Mens E-Mail", "No E-Mail", "Womens E-Mail", "Mens E-Mail"]),
    ],
)  # fmt: skip
def test_the_right_values_speak_for_and_others_against(field: str, good: list[str | None], other: list[str | None]) -> None:
    assert points(field, good) > 0
    assert points(field, other) < 0


def test_an_empty_column_says_nothing_but_is_no_key() -> None:
    assert points("city", [None, None]) == 0.0
    assert points("customer_id", [None, None]) < 0


def test_every_field_of_the_contracts_has_a_rule() -> None:
    names = {name for table in ("customers", "subscribers", "prospects", "transactions") for name in contract.get(table).fields}
    assert names == set(RULES)


def test_words_for_nothing_are_no_values() -> None:
    column = columns(pa.table({"x": ["n/a", " ", "NULL", "-", "Ulm", " Ulm "]}))[0]
    assert (column.rows, column.filled, column.unique, column.texts) == (6, 2, 1, ("Ulm",))
