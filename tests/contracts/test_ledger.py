"""Ledgers add up, balance, and know their reasons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import Place, RunError
from contracts.ledger import SET_ASIDE, Ledger

COUNTS = st.integers(0, 1000)
LEDGERS = st.builds(
    Ledger,
    COUNTS,
    st.dictionaries(st.sampled_from(["a:not_null", "b:date", "ragged"]), COUNTS),
    st.dictionaries(st.sampled_from(SET_ASIDE), COUNTS),
)


@given(LEDGERS, LEDGERS, LEDGERS)
def test_adding_up(a: Ledger, b: Ledger, c: Ledger) -> None:
    assert ((a + b) + c).as_dict() == (a + (b + c)).as_dict()
    assert (a + b).as_dict() == (b + a).as_dict()
    assert (a + b + c).records == a.records + b.records + c.records
    assert (a + Ledger()).records == a.records


@given(LEDGERS)
def test_as_values_and_back(ledger: Ledger) -> None:
    assert Ledger.from_dict(ledger.as_dict()) == ledger
    ledger.check(ledger.records)


@given(LEDGERS, st.integers(1, 50))
def test_a_missing_record_is_noticed(ledger: Ledger, lost: int) -> None:
    with pytest.raises(RunError, match="LEDGER-UNBALANCED") as caught:
        ledger.check(ledger.records + lost, Place(client="acme"))
    assert caught.value.place.client == "acme"


def test_the_reasons_for_setting_aside_are_a_closed_list() -> None:
    with pytest.raises(RunError, match="LEDGER-REASON"):
        Ledger(1, {}, {"looked odd": 1}).check(2)
