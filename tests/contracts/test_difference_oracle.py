"""What breaks, beside the verdict of datacontract-cli on the same two contracts as ODCS files; where we differ, it is for a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from datacontract.data_contract import DataContract
from open_data_contract_standard.model import OpenDataContractStandard as Standard

from contracts.contract import Contract
from contracts.difference import difference
from contracts.fields import TYPES, Field
from contracts.odcs import export
from contracts.rules import ForeignKey, Rule


def one(name: str, kind: str = "text", **more: Any) -> Field:
    """A field that costs its row where it is bad."""
    return Field(name, name.title(), f"What {name} is.", TYPES[kind], on_bad="reject", **more)


FIELDS = (
    one("k", nullable=False, required=True),
    one("n", "whole", rules=(("ge", 0), ("le", 100))),
    one("r", "real", nullable=False, required=True, rules=(("gt", 0),)),
    one("c", allowed=("a", "b")),
    one("t", rules=(("str_length", (1, 10)),)),
    one("d", "day"),
)
OLD = Contract("things", "1.0", "Things", "one row per thing", ("k",), FIELDS)


def with_(name: str, **changed: Any) -> Contract:
    """The old contract with one field changed."""
    return replace(OLD, own=tuple(replace(field, **changed) if field.name == name else field for field in FIELDS))


ALIKE: dict[str, Contract] = {
    "nothing": OLD,
    "may not be empty": with_("n", nullable=False),
    "may be empty": with_("r", nullable=True),
    "least up": with_("n", rules=(("ge", 5), ("le", 100))),
    "most up": with_("n", rules=(("ge", 0), ("le", 200))),
    "both up": with_("n", rules=(("ge", 5), ("le", 200))),
    "the same in another way": with_("n", rules=(("gt", -1), ("le", 100))),
    "zero too": with_("r", rules=(("ge", 0),)),
    "a code less": with_("c", allowed=("a",)),
    "a code more": with_("c", allowed=("a", "b", "x")),
    "no codes": with_("c", allowed=None),
    "codes": with_("t", allowed=("u", "v")),
    "shorter": with_("t", rules=(("str_length", (1, 5)),)),
    "longer": with_("t", rules=(("str_length", (1, 50)),)),
    "a pattern": with_("t", rules=(("str_length", (1, 10)), ("str_matches", "^a"))),
    "each once": with_("t", unique=True),
    "a narrower type": with_("r", type=TYPES["whole"]),
    "a column that must be there": replace(OLD, own=(*FIELDS, one("x", required=True, nullable=False))),
    "a column gone": replace(OLD, own=FIELDS[:-1]),
    "a longer key": replace(with_("n", required=True, nullable=False), key=("k", "n")),
    "a key of another contract": replace(OLD, references=(ForeignKey(("k",), "customers", ("customer_id",)),)),
    "a title": with_("n", title="Number"),
    "a meaning": with_("n", meaning="Something else."),
    "a personal class": with_("n", personal="sensitive"),
}
ONE_WAY = ("a narrower type", "a column gone")
"""The way back is a wider type, and a column more."""
OTHERWISE: dict[str, tuple[Contract, tuple[bool, bool], str]] = {
    "a wider type": (with_("n", type=TYPES["real"]), (False, True), "files hold text: what was a whole number is a number too"),
    "a column more": (replace(OLD, own=(*FIELDS, one("x"))), (False, False), "the standard has no column that may be left out"),
    "a new name": (
        replace(OLD, own=(*FIELDS[:-1], replace(FIELDS[-1], name="day"))), (False, True), "headers are mapped; this one may be left out",
    ),
    "bad values stay": (with_("n", on_bad="warn"), (False, True), "what is done with a bad value is no word of the standard's"),
    "a rule": (replace(OLD, rules=(Rule("both", "together", ("n", "t")),)), (True, False), "they do not judge a check by our own name"),
    "repeats count": (replace(OLD, duplicates="keep"), (False, True), "what a repeat means is no word of the standard's"),
}  # fmt: skip


def theirs(old: Contract, new: Contract) -> tuple[bool, bool]:
    """Whether they say that it breaks producers, and consumers."""
    files = [DataContract(data_contract=Standard.from_string(export(each)), inline_references=False) for each in (old, new)]
    producer, consumer = (bool(files[0].breaking(files[1], perspective=side).is_breaking) for side in ("producer", "consumer"))
    return producer, consumer


def ours(old: Contract, new: Contract) -> tuple[bool, bool]:
    """Whether we say that it breaks senders, and readers."""
    found = difference(old, new)
    return any(one.senders.breaks for one in found), any(one.readers.breaks for one in found)


@pytest.mark.parametrize("what", ALIKE)
def test_we_agree_where_the_standard_has_words_for_it(what: str) -> None:
    assert ours(OLD, ALIKE[what]) == theirs(OLD, ALIKE[what])
    if what not in ONE_WAY:
        assert ours(ALIKE[what], OLD) == theirs(ALIKE[what], OLD)


@pytest.mark.parametrize("what", OTHERWISE)
def test_where_we_differ_it_is_known(what: str) -> None:
    new, expected, why = OTHERWISE[what]
    assert ours(OLD, new) == expected, why
    assert theirs(OLD, new) != expected, "they have come to the same verdict: it belongs with the others now"
