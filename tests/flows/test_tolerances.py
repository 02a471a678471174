"""What share of rows may break a rule is the contract's word, rule by rule: it decides a check, and holds a delivery."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from connectors.spec.feed import FeedSpec
from contracts import odcs, shelf
from contracts.contract import Contract, get
from contracts.fields import Field
from flows.failing import tolerated
from flows.limits import Limits
from flows.order import Source
from flows.submissions import newest
from flows.tolerances import beyond, tolerance_gates
from flows.workspace import Workspace
from tests.flows.delivering import here, taken_in, workspace

ROWS = 100
CLIENT = "name: acme\ntitle: Acme\ncountry: DE\nlanguage: de\ntime_zone: Europe/Berlin\ncurrency: EUR\nproducts: []\n"
FEED = """feed: acme/people
contract: customers@1.0
status: confirmed
reading: {decimal: "."}
columns: {customer_id: Nr, age: Alter, income: Einkommen}
extensions:
  score: {from: Punkte, title: Score, meaning: Points., type: whole, tolerated: 0.5}
"""


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    folder = tmp_path / "clients" / "acme"
    folder.mkdir(parents=True)
    (folder / "client.yaml").write_text(CLIENT, encoding="utf-8")
    (folder / "people.yaml").write_text(FEED, encoding="utf-8")
    return workspace(tmp_path / "home", clients=tmp_path / "clients")


def people(path: Path, ages: int = 0, incomes: int = 0, scores: int = 0) -> Path:
    """A hundred people, some of them with an age of 200, a negative income, or points that are no number."""
    rows = [f"K{n};{200 if n < ages else 40};{-1 if n < incomes else 1000};{'viele' if n < scores else 7}" for n in range(ROWS)]
    path.write_text("\n".join(["Nr;Alter;Einkommen;Punkte", *rows]) + "\n", encoding="utf-8")
    return path


def source(space: Workspace) -> Source:
    return Source(space.feed("acme/people"), (newest(space.home, "acme", "people"),))


@pytest.mark.parametrize(
    ("bad", "keys"),
    [
        ({}, []), ({"ages": 5}, []), ({"ages": 6}, ["age:le"]), ({"scores": 50}, []), ({"scores": 51}, ["score:whole_number"]),
        ({"ages": 9, "incomes": 20, "scores": 52}, ["income:ge", "age:le", "score:whole_number"]),
    ],
)  # fmt: skip
def test_a_delivery_and_a_check_hold_what_is_beyond(space: Workspace, tmp_path: Path, bad: dict[str, int], keys: list[str]) -> None:
    file = people(tmp_path / "people.csv", **bad)
    taken_in(space, "acme/people", file)
    assert [one.key for one in beyond(source(space), Limits())] == keys
    assert [gate.outcome for gate in tolerance_gates([source(space)], Limits())] == ["fail"] * bool(keys)
    done = here("check", "acme/people", file, "--json", home=tmp_path / "home", settings={"MILLRACE_CLIENTS": str(tmp_path / "clients")})
    told: dict[str, Any] = json.loads(done.stdout)
    assert [f"{one['field']}:{one['rule']}" for one in told["failures"] if one["beyond"]] == sorted(keys, key=lambda key: -_share(bad, key))
    assert done.exit_code == (1 if keys else 0)


def _share(bad: dict[str, int], key: str) -> int:
    return bad[f"{key.partition(':')[0]}s"]


def test_the_gate_says_what_and_how_much(space: Workspace, tmp_path: Path) -> None:
    taken_in(space, "acme/people", people(tmp_path / "people.csv", ages=6, incomes=9))
    (gate,) = tolerance_gates([source(space)], Limits())
    assert (gate.measured, gate.limit) == (0.09, 0.05)
    assert gate.sentence == (
        "In Customers, 9 rows (9\u00a0%) cannot be taken as sent: Income is smaller than allowed; at most 5\u00a0% may. "
        "1 more rule is broken too often."
    )


def test_a_row_that_occurs_twice_fails_once(space: Workspace, tmp_path: Path) -> None:
    file = people(tmp_path / "people.csv", ages=5)
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines, *lines[1:4]]), encoding="utf-8")
    taken_in(space, "acme/people", file)
    assert source(space).accounts[0]["failures"]["age:le"] == 8
    assert beyond(source(space), Limits()) == ()


def test_a_rule_may_have_a_share_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an imported contract: of one field, one rule is strict and another lenient."""
    customers = get("customers")
    age = replace(customers.fields["age"], tolerances=(("ge", 0.0), ("le", 0.3)))
    key = replace(customers.fields["customer_id"], tolerances=(("not_null", 0.0),))
    own: tuple[Field, ...] = tuple({"age": age, "customer_id": key}.get(one.name, one) for one in customers.own)
    made: Contract = replace(customers, name="members", own=own)
    (tmp_path / f"members@1.0{shelf.ENDING}").write_text(odcs.export(made), encoding="utf-8")
    monkeypatch.setattr(shelf, "_places", (tmp_path,))
    feed = FeedSpec.model_validate({**YAML(typ="safe").load(FEED), "contract": "members@1.0"})
    rules = ("ge", "le", "whole_number", "unique")
    assert [tolerated(feed, f"age:{rule}", Limits(quarantine_share=0.01)) for rule in rules] == [0.0, 0.3, 0.05, 0.01]
    assert tolerated(feed, "customer_id:not_null", Limits()) == 0.0


def test_a_client_s_own_limit_counts_for_what_holds_rows_back(space: Workspace) -> None:
    own = Limits().with_policies({"quarantine_share": 0.3})
    keys = ("customer_id:not_null", "customer_id:str_length", "age:le", "ragged")
    assert [tolerated(space.feed("acme/people"), key, own) for key in keys] == [0.3, 0.3, 0.05, 0.3]
    assert [tolerated(space.feed("acme/people"), key, Limits()) for key in keys] == [0.05] * 4
    strict = Limits().with_policies({"quarantine_share": 0.01})
    assert [tolerated(space.feed("acme/people"), key, strict) for key in keys] == [0.05, 0.05, 0.05, 0.01]
