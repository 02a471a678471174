"""What no row tells by itself is judged once all rows are known, counted and told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts import checks
from contracts.errors import RunError
from tests.connectors.taking import feed, take

LINES = {"order_id": "Nr", "line_id": "Pos", "customer_id": "Kunde", "ordered_at": "Am"}
STATEMENT = "An order is one customer's."


def told(rows: list[str], **more: object) -> dict[str, object]:
    taken = take({"a.csv": "\n".join(["Nr;Pos;Kunde;Am", *rows]) + "\n"}, feed(contract="transactions@1.0", columns=LINES), **more)  # type: ignore[arg-type]
    (found,) = [one for one in taken.assumptions if one["statement"] == STATEMENT]
    assert len(taken.rows) == len(rows)  # nobody loses a row
    return dict(found)


def lines(strange: int) -> list[str]:
    return [f"A{n};{m};K{n if m < 2 or n >= strange else 99};01.02.202{n % 5}" for n in range(40) for m in (1, 2)]


@pytest.mark.parametrize(("strange", "verdict"), [(0, "held"), (2, "held"), (3, "refuted")])
def test_an_order_of_two_customers(strange: int, verdict: str) -> None:
    found = told(lines(strange))
    assert (found["step"], found["verdict"]) == ("check things", verdict)
    assert found["evidence"] == {"rows": 80, "rows against it": 2 * strange, "share": 2 * strange / 80, "tolerated": 0.05}


def test_it_does_not_depend_on_the_partitions() -> None:
    assert told(lines(3), block_rows=7) == told(lines(3))


def test_rows_that_do_not_stay_do_not_count() -> None:
    clash = ["A1;9;K1;01.02.2021", "A1;9;K7;01.02.2021"]  # one key, two contents: both are quarantined
    taken = take({"a.csv": "\n".join(["Nr;Pos;Kunde;Am", *lines(0), *clash]) + "\n"}, feed(contract="transactions@1.0", columns=LINES))
    (found,) = [one for one in taken.assumptions if one["statement"] == STATEMENT]
    assert (found["evidence"]["rows"], found["evidence"]["rows against it"]) == (80, 0)


def test_a_rule_that_breaks_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def explodes(*_: object) -> object:
        raise ValueError("secret value")

    broken = replace(checks.REGISTERED["one_value"], judge=explodes)
    monkeypatch.setattr(checks, "REGISTERED", {**checks.REGISTERED, "one_value": broken})
    with pytest.raises(RunError, match="CHECK-BROKEN") as caught:
        told(lines(0))
    assert "secret" not in "\n".join(caught.value.lines())


def test_events_without_a_key_are_set_aside_once_only() -> None:
    spec = feed(contract="events@1.0", columns={"customer_id": "Nr", "occurred_at": "Am", "event": "Was"}, reading={"dates": "ymd"})
    rows = ["1;2026-03-01 10:00;login", "1;2026-03-01 10:00;login", "1;2026-03-01 10:01;login"]
    taken = take({"a.csv": "\n".join(["Nr;Am;Was", *rows]) + "\n"}, spec)
    assert len(taken.rows) == 2
    kept = take({"a.csv": "\n".join(["Nr;Am;Was", *rows]) + "\n"}, spec.model_copy(update={"duplicates": "keep"}))
    assert len(kept.rows) == 3


@pytest.mark.parametrize(("rows", "verdict"), [(["1;a", "2;b", "3;"], "held"), (["1;a", "2;b", "3;a"], "refuted")])
def test_a_field_that_is_to_be_unique_without_being_the_key(rows: list[str], verdict: str) -> None:
    card = {"from": "Karte", "title": "Card", "meaning": "Number of the card.", "type": "text", "unique": True}
    spec = feed(contract="customers@1.0", columns={"customer_id": "Nr"}, extensions={"card": card})
    taken = take({"a.csv": "\n".join(["Nr;Karte", *rows]) + "\n"}, spec)
    (found,) = [one for one in taken.assumptions if one["statement"] == "Card is another one in every row"]
    assert (found["verdict"], found["evidence"]["rows"]) == (verdict, 3 if verdict == "refuted" else 2)
    assert len(taken.rows) == 3
