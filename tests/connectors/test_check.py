"""What one bad value does is the contract's word: its row goes, its cell goes, or it stays with a warning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandera.pandas as pandera
import pyarrow as pa
import pytest

from connectors.check import check, rule_name
from connectors.columns import Column
from contracts import checks
from contracts import contract as contracts
from contracts.contract import of_model
from contracts.errors import RunError
from contracts.fields import Field, Real, Text, field
from contracts.rules import Rule
from tests.connectors.taking import feed, take


class Things(pandera.DataFrameModel):
    """A table with one field of each kind of consequence."""

    key: Text = field("Key", "Key.", on_bad="reject", nullable=False, str_length=(1, 5))
    gone: Real = field("Gone", "Blanked when bad.", on_bad="blank", ge=0)
    stays: Real = field("Stays", "Only warned about.", on_bad="warn", ge=0)
    needed: Real = field("Needed", "Blank is as bad.", on_bad="blank", nullable=False, ge=0)


THINGS = of_model("things", "1.0", "Things", "one row per thing", ("key",), Things)


def columns(**cells: list[object]) -> dict[str, Column]:
    types = {"key": pa.string()}
    arrays = {name: pa.array(values, types.get(name, pa.float64())) for name, values in cells.items()}
    return {name: Column(values, np.where(values.is_null(), 5, 0).astype(np.uint8)) for name, values in arrays.items()}


def test_each_field_s_consequence() -> None:
    judged = check(
        columns(key=["a", "b", "c", "toolong", None], gone=[1, -1, 1, 1, 1], stays=[1, 1, -1, 1, 1], needed=[1, 1, 1, 1, 1]), THINGS
    )
    assert judged.rejected.tolist() == [False, False, False, True, True]
    assert judged.columns["gone"].values.to_pylist() == [1, None, 1, 1, 1]
    assert judged.columns["gone"].origins.tolist() == [0, 5, 0, 0, 0]
    assert judged.columns["stays"].values.to_pylist() == [1, 1, -1, 1, 1]
    named = {(int(r), f"{judged.field[n]}:{judged.rule[n]}") for r, n in zip(judged.row, judged.of, strict=True)}
    assert named == {(1, "gone:ge"), (2, "stays:ge"), (3, "key:str_length"), (4, "key:not_null")}


def test_a_blanked_cell_that_may_not_be_blank_costs_its_row() -> None:
    judged = check(columns(key=["a", "b", "c"], gone=[1, 1, 1], stays=[1, 1, 1], needed=[1, -1, None]), THINGS)
    assert judged.rejected.tolist() == [False, True, True]


def test_what_parsing_found_is_not_reported_twice() -> None:
    given = columns(key=["a", None], gone=[1, 1], stays=[1, 1], needed=[1, 1])
    given["key"] = given["key"].failing("scientific", np.array([False, True]))
    judged = check(given, THINGS)
    assert [f"{judged.field[n]}:{judged.rule[n]}" for n in judged.of] == ["key:scientific"]
    assert judged.rejected.tolist() == [False, True]


def test_the_first_reason_is_one_that_rejects() -> None:
    judged = check(columns(key=["toolong"], gone=[-1], stays=[-1], needed=[-1]), THINGS)
    first = judged.of[0]
    assert (judged.field[first], judged.rule[first]) == ("key", "str_length")
    assert len(judged.of) == 4


def test_a_broken_check_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def explodes(*_: object) -> object:
        raise ValueError("secret value")

    monkeypatch.setattr(checks, "REGISTERED", {"explodes": checks.Check("row", "{0} explodes", explodes, fields=1)})
    with pytest.raises(RunError, match="CHECK-BROKEN") as caught:
        check(columns(key=["a"]), replace(THINGS, name="broken", rules=(Rule("bang", "explodes", ("key",)),)))
    assert "secret" not in "\n".join(caught.value.lines())


def test_a_column_of_the_wrong_type_is_our_fault() -> None:
    given = {"key": Column(pa.array([1, 2]), np.zeros(2, np.uint8))}
    with pytest.raises(RunError, match="CHECK-BROKEN"):
        check(given, THINGS)


def test_no_rows() -> None:
    judged = check(columns(key=[], gone=[], stays=[], needed=[]), THINGS)
    assert len(judged.rejected) == len(judged.row) == 0


def test_rule_names() -> None:
    assert [rule_name(name) for name in ("greater_than(0)", "less_than_or_equal_to(120)", "str_length(1, 9)")] == ["gt", "le", "str_length"]


def test_codes_of_an_extension_are_checked_as_declared() -> None:
    extra = Field("tier", "Tier", "Tier.", pa.string(), on_bad="blank", allowed=("gold", "tin"))
    wide = contracts.extend(contracts.get("customers"), (extra,))
    given = {"customer_id": pa.array(["1", "2"]), "tier": pa.array(["gold", "wood"])}
    judged = check({name: Column(values, np.zeros(2, np.uint8)) for name, values in given.items()}, wide)
    assert judged.columns["tier"].values.to_pylist() == ["gold", None]
    assert (judged.field, judged.rule) == (("tier",), ("isin",))


FIELDS = {"customer_id": "Nr", "birth_date": "Geburt", "signup_date": "Seit", "last_order_date": "Zuletzt"}


def test_days_that_cannot_be() -> None:
    rows = [
        "1;01.05.1980;01.02.2020;01.03.2021",
        "2;01.01.1900;01.02.2020;",
        "3;21.12.1843;01.02.2020;",
        "4;01.09.2031;01.02.2020;",
        "5;01.05.1980;01.02.2020;31.01.2020",
        "6;01.05.2021;01.02.2020;",
    ]
    taken = take({"a.csv": "Nr;Geburt;Seit;Zuletzt\n" + "\n".join(rows) + "\n"}, feed(columns=FIELDS), received=date(2026, 8, 31))
    assert taken.failed == [
        "birth_date:after_signup_date", "birth_date:future", "birth_date:placeholder", "birth_date:too_old",
        "last_order_date:before_signup_date",
    ]  # fmt: skip
    assert taken.column("birth_date") == [date(1980, 5, 1), None, None, None, date(1980, 5, 1), None]
    assert taken.column("last_order_date") == [date(2021, 3, 1), None, None, None, None, None]
    assert len(taken.rows) == 6


LINES = {
    "order_id": "Nr", "line_id": "Pos", "customer_id": "Kunde", "ordered_at": "Am",
    "quantity": "Menge", "unit_price": "Preis", "amount": "Betrag",
}  # fmt: skip


def orders(amounts: dict[int, str], rows: int = 60) -> str:
    lines = [f"{n};1;K{n};01.02.2020;{n % 5 + 1};2,50;{amounts.get(n, f'{(n % 5 + 1) * 2.5:.2f}'.replace('.', ','))}" for n in range(rows)]
    return "Nr;Pos;Kunde;Am;Menge;Preis;Betrag\n" + "\n".join(lines) + "\n"


def test_amounts_that_are_no_products() -> None:
    spec = feed(contract="transactions@1.0", columns=LINES, reading={"decimal": ","})
    taken = take({"a.csv": orders({7: "7,60", 8: "1000", 9: ""})}, spec)
    amounts = {row["order_id"]: row["amount"] for row in taken.rows}
    assert (amounts["6"], amounts["7"], amounts["8"], amounts["9"]) == (5.0, None, 10.0, None)
    assert taken.failed == ["amount:product"]
    assert taken.described["repaired"] == {"amount": 1}
    assert {"rows": 59, "equal": 57} in [one["evidence"] for one in taken.assumptions]


def test_where_amounts_are_often_no_products_a_discount_is_no_error() -> None:
    spec = feed(contract="transactions@1.0", columns=LINES, reading={"decimal": ","})
    taken = take({"a.csv": orders(dict.fromkeys(range(0, 60, 3), "1,99"))}, spec)
    assert taken.failed == []
    assert taken.column("amount").count(1.99) == 20


@pytest.mark.parametrize(
    ("country", "text", "code", "repaired"),
    [("DE", "1067", "01067", True), ("DE", "01067", "01067", False), ("AT", "1067", "1067", False), ("GB", "1067", "1067", False)],
)
def test_postcodes_get_their_zero_back(country: str, text: str, code: str, repaired: bool) -> None:
    spec = feed(columns={"customer_id": "Nr", "postcode": "PLZ", "country": "Land"})
    taken = take({"a.csv": f"Nr;PLZ;Land\n1;{text};{country}\n"}, spec)
    assert taken.column("postcode") == [code]
    assert taken.described["repaired"] == ({"postcode": 1} if repaired else {})
