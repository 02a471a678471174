"""The truth speaks of columns that are there, and the generator and the judge do what they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from connectors.proposing.proposal import Match, Proposal
from connectors.reading.block import Block, aside_table
from contracts import contract as contracts
from tests.connectors.proposing import renaming, truth
from tests.connectors.proposing.judging import judge, tally
from tests.connectors.proposing.tables import block
from tests.connectors.proposing.truth import Entry, Wanted, entries

ENTRY = Entry(
    "folder/customers.csv", ("customers", "prospects"),
    fields={
        "customer_id": Wanted((("No",),)), "email": Wanted((("Mail",), ("Mail 2",))), "birth_date": Wanted((("Born",),), dates="dmy"),
        "signup_date": Wanted((("Since",),), dates=truth.ASK), "gender": Wanted((("Sex",),), values={"f": ("female",), "m": ("male",)}),
        "total_spend": Wanted((("Spent",),), decimal=","),
    },
    may={"segment": ("Tier",)}, near={"last_order_date": {"Updated": "the record's"}},
)  # fmt: skip


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_every_header_is_in_its_file(entry: Entry, shared: Path) -> None:
    there = set(block(entry, shared, 20).table.column_names)
    assert entry.headers() <= there
    right = [contracts.get(name) for name in entry.contracts if name != truth.NONE]
    assert set(entry.fields) <= set(right[0].fields if right else ())
    assert set(entry.may) | set(entry.near) <= {name for contract in right for name in contract.fields}


def test_no_column_is_both_right_and_a_near_miss() -> None:
    for entry in entries():
        for name, near in entry.near.items():
            wanted = entry.fields.get(name)
            right = {header for choice in wanted.choices for header in choice} if wanted else set()
            assert not set(near) & (right | set(entry.may.get(name, ()))), f"{entry.name} {name}"


def _proposal(*matches: Match) -> Proposal:
    return Proposal("customers", {"customers": 1.0}, matches, (), (), ())


def _match(field: str, source: str, decision: str = "accepted", **other: object) -> Match:
    return replace(Match(field, (source,), "text", 0.9, "accepted", ()), decision=decision, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("match", "kind", "top", "precise"),
    [
        (_match("email", "Mail 2"), "", 1, 1),
        (_match("email", "Born"), "other column accepted", 0, 0),
        (_match("birth_date", "Born", dates="dmy"), "", 1, 1),
        (_match("birth_date", "Born", dates="mdy"), "written otherwise accepted", 1, 0),
        (_match("birth_date", "Born"), "written otherwise accepted", 1, 0),
        (_match("birth_date", "Born", "question", dates="dmy"), "asked without need", 1, 0),
        (_match("signup_date", "Since", dates="dmy"), "written otherwise accepted", 1, 0),
        (_match("signup_date", "Since", "question"), "", 1, 0),
        (_match("gender", "Sex", values={"F": "female"}), "", 1, 1),
        (_match("gender", "Sex", values={"f": "male"}), "written otherwise accepted", 1, 0),
        (_match("total_spend", "Spent", decimal=","), "", 1, 1),
        (_match("total_spend", "Spent", decimal="."), "written otherwise accepted", 1, 0),
        (_match("email", "Mail", part="first"), "other column accepted", 0, 0),
        (_match("last_order_date", "Updated"), "near miss accepted", 0, 0),
        (_match("last_order_date", "Since", "question"), "no source asked", 0, 0),
        (_match("segment", "Tier"), "", 0, 0),
        (_match("segment", "Sex"), "no source accepted", 0, 0),
    ],
)
def test_a_match_is_judged(match: Match, kind: str, top: int, precise: int) -> None:
    verdicts = judge(ENTRY, _proposal(match))
    assert next(one for one in verdicts if one.field == match.field).kind == kind
    found = tally(verdicts)
    assert (found.sourced, found.top, found.precise, found.settled) == (6, top, precise, 5)
    assert found.filled == (kind in ("near miss accepted", "no source accepted"))


def test_what_is_not_proposed_is_missed_and_a_made_key_needs_nothing() -> None:
    made = replace(ENTRY, fields={**ENTRY.fields, "customer_id": Wanted((("record_position",), ("Mail",)))})
    kinds = {one.field: one.kind for one in judge(made, _proposal())}
    assert (kinds["email"], kinds["customer_id"], kinds["segment"]) == ("missed", "", "")
    taken = {source: judge(made, _proposal(_match("customer_id", source)))[0].kind for source in ("record_position", "Mail", "Sex")}
    assert taken == {"record_position": "", "Mail": "", "Sex": "no source accepted"}


def _table() -> Block:
    names = ("No", "Mail", "Mail 2", "Born", "Since", "Sex", "Spent", "Tier", "Updated")
    row = np.arange(1, 3)
    return Block(pa.table({name: [f"{name} a", f"{name} b"] for name in names}), row, row, aside_table(row[:0], row[:0], [], []))


@pytest.mark.parametrize("kind", renaming.KINDS)
def test_renaming_keeps_the_columns_and_moves_the_truth(kind: str) -> None:
    one, again, other = (renaming.variant(ENTRY, _table(), kind, seed) for seed in (1, 1, 2))
    assert one.block.table.equals(again.block.table)
    assert one.block.table.column_names != other.block.table.column_names
    for name, wanted in ENTRY.fields.items():
        for before, after in zip(wanted.choices, one.entry.fields[name].choices, strict=True):
            assert one.block.table.column(after[0]).to_pylist() == [f"{before[0]} a", f"{before[0]} b"]
    assert set(one.block.table.column_names) >= one.entry.headers()


def test_every_meaning_has_words_in_every_language() -> None:
    for entry in entries():
        if entry.fields and not entry.unnamed:
            for language in renaming.LANGUAGES:
                table = replace(_table(), table=pa.table({name: ["a", "b"] for name in sorted(entry.headers())}))
                assert len(renaming.variant(entry, table, language, 1).block.table.column_names) == len(entry.headers())
