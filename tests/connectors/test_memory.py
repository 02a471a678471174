"""Memory: only confirmed connectors teach; the client's own weighs more; shapes count; forgetting undoes; no value is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.memory import Memory, alike
from connectors.spec.feed import FeedSpec
from contracts.errors import SettingsError

SHAPES = {"Geb.-Datum": ("99.99.999",), "Kd Nr": ("999",), "Merkmal": ("A",)}


def spec(feed: str = "acme/people", status: str = "confirmed", **columns: object) -> FeedSpec:
    given = columns or {"customer_id": "Kd Nr", "birth_date": "Geb.-Datum", "segment": "Merkmal"}
    return FeedSpec.model_validate({"feed": feed, "contract": "customers@1.0", "status": status, "columns": given})


def test_a_confirmed_connector_teaches_and_a_draft_does_not(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="CONNECTOR-DRAFT"):
        Memory(tmp_path).teach(spec(status="draft"), SHAPES)
    assert Memory(tmp_path, "acme").recall("Geb.-Datum", ("99.99.999",)) == {}
    assert Memory(tmp_path).teach(spec(), SHAPES) == 3
    assert Memory(tmp_path, "acme").recall("GEB.DATUM", ("99.99.999",)) == {"birth_date": 0.9}


def test_the_clients_own_weighs_more_than_others_and_others_add_up(tmp_path: Path) -> None:
    for name in ("acme/people", "acme/people2", "best/people", "cove/people"):
        Memory(tmp_path).teach(spec(name), SHAPES)
    own, one_of = Memory(tmp_path, "acme"), Memory(tmp_path, "dune")
    assert own.recall("Kd Nr", ("999",))["customer_id"] == 0.95
    assert one_of.recall("Kd Nr", ("999",)) == {"customer_id": 0.875}  # three clients, one voice each
    assert Memory(tmp_path, "dune", without="acme").recall("Kd Nr", ("999",)) == {"customer_id": 0.75}
    assert Memory(tmp_path, "acme", without="acme/people").recall("Kd Nr", ("999",))["customer_id"] > 0.9


def test_other_shapes_under_the_same_header_weigh_half(tmp_path: Path) -> None:
    Memory(tmp_path).teach(spec(), SHAPES)
    assert Memory(tmp_path, "acme").recall("Merkmal", ("99.99.999",)) == {"segment": 0.45}
    assert alike(("A",), ("A", "B")) == 1.0


def test_what_two_connectors_say_differently_is_both_told(tmp_path: Path) -> None:
    Memory(tmp_path).teach(spec(), SHAPES)
    Memory(tmp_path).teach(spec("best/people", customer_id="Kd Nr", occupation="Merkmal"), SHAPES)
    memory = Memory(tmp_path, "best")
    assert memory.recall("Merkmal", ("A",)) == {"segment": 0.5, "occupation": 0.9}
    assert memory.teachers("merkmal", "segment") == ("acme/people",)


def test_forgetting_undoes_one_feed_and_no_other(tmp_path: Path) -> None:
    for name in ("acme/people", "best/people"):
        Memory(tmp_path).teach(spec(name), SHAPES)
    memory = Memory(tmp_path, "acme")
    assert memory.recall("Kd Nr", ("999",))["customer_id"] > 0.9
    assert memory.forget("acme/people") == 3
    assert memory.recall("Kd Nr", ("999",)) == {"customer_id": 0.5}
    assert memory.forget("acme/people") == 0


def test_a_column_that_was_corrected_is_not_remembered_as_before(tmp_path: Path) -> None:
    Memory(tmp_path).teach(spec(), SHAPES)
    Memory(tmp_path).teach(spec(customer_id="Kd Nr", occupation="Merkmal"), SHAPES)
    assert Memory(tmp_path, "acme").recall("Merkmal", ("A",)) == {"occupation": 0.9}


def test_headers_that_may_be_values_are_not_kept(tmp_path: Path) -> None:
    Memory(tmp_path).teach(spec(customer_id="column 1", email="ute@example.org", phone="0171 5550199"), {})
    kept = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("*"))
    assert "column1" in kept
    assert "ute" not in kept
    assert "5550199" not in kept


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"feed": 1, "columns": [{}]}'])
def test_a_damaged_memory_is_named_and_can_be_forgotten(tmp_path: Path, text: str) -> None:
    (tmp_path / "acme.people.json").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="MEMORY-DAMAGED") as caught:
        Memory(tmp_path, "acme").recall("x", ())
    assert "connect acme/people --forget" in str(caught.value.hint)
    assert Memory(tmp_path).forget("acme/people") == 1
    assert Memory(tmp_path, "acme").recall("x", ()) == {}


def test_what_was_confirmed_for_this_very_feed_decides_while_header_and_shapes_are_the_same(tmp_path: Path) -> None:
    Memory(tmp_path).teach(spec(), SHAPES)
    Memory(tmp_path).teach(spec("best/people", customer_id="Kd Nr", occupation="Merkmal"), SHAPES)
    memory = Memory(tmp_path, "acme", feed="acme/people")
    assert memory.recall("Merkmal", ("A",), "customers") == {"segment": 1.0}
    assert memory.recall("Merkmal", ("99.99.999",), "customers")["segment"] < 0.9


def test_orders_teach_nothing_about_customers_but_subscribers_do(tmp_path: Path) -> None:
    Memory(tmp_path).teach(spec(), SHAPES)
    memory = Memory(tmp_path, "acme")
    assert memory.recall("Kd Nr", ("999",), "transactions") == {}
    assert memory.recall("Kd Nr", ("999",), "subscribers") == {"customer_id": 0.9}


def test_a_header_that_says_nothing_is_each_clients_own(tmp_path: Path) -> None:
    Memory(tmp_path).teach(spec(customer_id="Feld 3"), {"Feld 3": ("999",)})
    assert Memory(tmp_path, "acme").recall("Feld 3", ("999",)) == {"customer_id": 0.9}
    assert Memory(tmp_path, "best").recall("Feld 3", ("999",)) == {}


def test_no_more_than_an_id_is_each_clients_own(tmp_path: Path) -> None:
    Memory(tmp_path).teach(spec(customer_id="Id"), {"Id": ("999",)})
    assert Memory(tmp_path, "acme").recall("id", ("999",)) == {"customer_id": 0.9}
    assert Memory(tmp_path, "best").recall("id", ("999",)) == {}


def test_joined_columns_and_parts_of_columns_are_not_taught(tmp_path: Path) -> None:
    taught = spec(customer_id="Kd Nr", street={"from": ["Str", "Nr"]}, first_name={"from": "Name", "part": "first"})
    assert Memory(tmp_path).teach(taught, {}) == 1
