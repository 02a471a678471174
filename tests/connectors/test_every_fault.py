"""Random tables under random contracts: every record has one fate, and every fault of every cell is told in one pass.

The oracle judges cell by cell in plain Python: what the cell is, then each rule of its field.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts import odcs, shelf
from contracts.contract import Contract
from contracts.fields import TYPES, Field
from contracts.rules import Rule
from contracts.standard.columns import contradicts
from tests.connectors.taking import Taken, feed, take

CELLS: dict[str, dict[str, Any]] = {
    "key": {f"k{n}": f"k{n}" for n in range(40)} | {"k-too-long": "k-too-long"},
    "whole": {"0": 0, "5": 5, "-3": -3, "120": 120, "7.5": "whole_number", "zz": "whole_number", "5;": "whole_number"},
    "real": {"0.5": 0.5, "-2.5": -2.5, "99.25": 99.25, "zz": "number", "many": "number"},
    "day": {"1985-07-01": date(1985, 7, 1), "2020-02-29": date(2020, 2, 29), "2021-02-30": "date", "soon": "date"},
    "text": {word: word for word in ("a", "ab", "B7", "zz", "much longer", 'q"q', "x;y")} | {"two\nlines": "two lines"},
}
"""By kind of column: what a cell holds, and its value, or the rule that it breaks by being none."""
RULES: dict[str, tuple[tuple[str, Any], ...]] = {
    "whole": (("ge", 0), ("le", 100), ("isin", (5, 120)), ("ne", 5)),
    "real": (("gt", 0.0), ("lt", 50.0), ("in_range", (-2.5, 1.0))),
    "day": (("ge", date(2000, 1, 1)), ("lt", date(2020, 2, 29)), ("notin", (date(1985, 7, 1),))),
    "text": (("str_length", (2, 4)), ("str_matches", "[a-z]+$"), ("str_contains", "[0-9]|b"), ("isin", ("ab", "B7", "x;y"))),
}
PASSES: dict[str, Callable[[Any, Any], bool]] = {
    "ge": lambda cell, bound: cell >= bound, "gt": lambda cell, bound: cell > bound, "le": lambda cell, bound: cell <= bound,
    "lt": lambda cell, bound: cell < bound, "ne": lambda cell, bound: cell != bound,
    "in_range": lambda cell, pair: pair[0] <= cell <= pair[1], "isin": lambda cell, some: cell in some,
    "notin": lambda cell, some: cell not in some,
    "str_length": lambda cell, pair: pair[0] <= len(cell) <= pair[1],
    "str_matches": lambda cell, _: cell.isascii() and cell.isalpha() and cell.islower(),
    "str_contains": lambda cell, _: any(sign.isdigit() or sign == "b" for sign in cell),
}  # fmt: skip

BESIDE = ("who", "where", "when")
"""Columns of no field, filled in every row: a row with nothing but a few cells at the end of a file is taken for a remark."""


@dataclass(frozen=True)
class Case:
    """A contract, and the rows of a file as text; None is an empty cell."""

    contract: Contract
    kinds: dict[str, str]
    rows: list[dict[str, str | None]]

    def content(self) -> str:
        told = io.StringIO()
        writer = csv.writer(told, delimiter=";", lineterminator="\n")
        writer.writerow([*BESIDE, *self.kinds])
        writer.writerows([*(word * 2 for word in BESIDE), *((row[name] or "") for name in self.kinds)] for row in self.rows)
        return told.getvalue()

    def value(self, row: dict[str, str | None], name: str) -> tuple[Any, str | None]:
        """A cell's value, and the rule that it breaks by being none."""
        text = row[name]
        if text is None:
            return None, None
        meant = CELLS[self.kinds[name]][text]
        unreadable = self.kinds[name] in ("whole", "real", "day") and isinstance(meant, str)
        return (None, meant) if unreadable else (meant, None)

    def faults(self, row: dict[str, str | None]) -> Iterator[tuple[str, str]]:
        """Everything that is wrong with a row."""
        left: dict[str, Any] = {}
        for name, field in self.contract.fields.items():
            value, broken = self.value(row, name)
            left[name] = value
            if broken:
                yield name, broken
            elif value is None and not field.nullable:
                yield name, "not_null"
            elif value is not None:
                yield from ((name, rule) for rule, bound in field.rules if not PASSES[rule](value, bound))
        for rule in self.contract.rules:
            one, other = (left[name] for name in rule.fields)
            if one is not None and other is not None and one > other:
                yield rule.blames, rule.name

    def rejects(self, faults: list[tuple[str, str]]) -> bool:
        fields = self.contract.fields
        return any(
            fields[name].on_bad == "reject" or rule == "not_null" or (fields[name].on_bad == "blank" and not fields[name].nullable)
            for name, rule in faults
        )


@st.composite
def fields(draw: st.DrawFn, name: str, word: str) -> Field:
    asked = draw(st.lists(st.sampled_from(RULES[word]), max_size=3, unique_by=lambda one: one[0]))
    return Field(
        name, name.title(), f"A {word}.", TYPES[word], on_bad=draw(st.sampled_from(["reject", "blank", "warn"])),
        nullable=draw(st.booleans()), rules=tuple(asked),
    )  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> Case:
    key = Field("id", "Id", "The key.", pa.string(), role="key", nullable=False, rules=(("str_length", (1, 5)),))
    words = draw(st.lists(st.sampled_from(sorted(RULES)), min_size=1, max_size=4))
    possible = [fields(f"{word}_{n}", word).filter(lambda one: not contradicts(one)) for n, word in enumerate(words)]  # others are refused
    made = [draw(one) for one in possible]
    alike = [(one.name, other.name) for one in made for other in made if one.name < other.name and one.type == other.type]
    ordered = draw(st.sampled_from([*alike, None]))
    between = [Rule("ordered", "not_after", ordered)] if ordered else []
    contract = Contract("random", "1.0", "Random", "one row per row", ("id",), (key, *made), rules=tuple(between))
    kinds = {"id": "key", **{field.name: word for field, word in zip(made, words, strict=True)}}
    cells = {name: st.one_of(st.none(), st.sampled_from(list(CELLS[kind]))) for name, kind in kinds.items() if name != "id"}
    rows = draw(st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=14))
    ids = draw(st.lists(st.sampled_from([None, "k-too-long", "", ""]), min_size=len(rows), max_size=len(rows)))
    keyed = [{"id": f"k{n}" if given == "" else given, **row} for n, (given, row) in enumerate(zip(ids, rows, strict=True))]
    return Case(contract, kinds, keyed)


def taken(case: Case, more: dict[str, str] | None = None, **rest: Any) -> Taken:
    """Take the file in under the contract, which lies as an ODCS file among those that were imported."""
    spec = feed(
        contract="random@1.0", columns={name: name for name in case.kinds}, ignored=list(BESIDE),
        reading={"delimiter": ";", "quote": '"', "header_row": 1, "decimal": ".", "dates": "ymd"},
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        (Path(name) / f"random@1.0{shelf.ENDING}").write_text(odcs.export(case.contract), encoding="utf-8")
        patch.setattr(shelf, "_places", (Path(name),))
        assert spec.table == case.contract
        return take({"a.csv": case.content(), **(more or {})}, spec, **rest)


def failed(found: Taken) -> set[tuple[int, str, str]]:
    """Failures by the row's place in the file, counted from 0."""
    return {(one["row_id"] - 2, one["field"], one["rule"]) for one in found.failures}


THOROUGH = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@THOROUGH
@given(cases(), st.sampled_from([3, 250_000]))
def test_every_fault_of_every_cell_in_one_pass(case: Case, block_rows: int) -> None:
    """Those behind a failed conversion too: one cell that is no number hides nothing in its column, its row or another row."""
    found = taken(case, block_rows=block_rows)
    wrong = {n: list(case.faults(row)) for n, row in enumerate(case.rows)}
    assert failed(found) == {(n, name, rule) for n, faults in wrong.items() for name, rule in faults}
    assert len(found.failures) == sum(map(len, wrong.values()))
    held = {one["row_id"] - 2: set(one["reasons"]) for one in found.quarantine}
    assert held == {n: {f"{name}:{rule}" for name, rule in faults} for n, faults in wrong.items() if case.rejects(faults)}


@THOROUGH
@given(cases(), st.sampled_from([3, 250_000]))
def test_every_record_has_one_fate(case: Case, block_rows: int) -> None:
    found = taken(case, block_rows=block_rows)
    fates = [place["row_id"] for place in found.places] + [one["row_id"] for one in found.quarantine]
    assert sorted(fates) == [n + 2 for n in range(len(case.rows))]
    assert all(one["reasons"] and all(one["reasons"]) for one in found.quarantine)
    assert Counter(one["reasons"][0] for one in found.quarantine) == found.ledger["quarantined"]
    assert (found.ledger["records"], found.ledger["accepted"]) == (len(case.rows) + 1, len(found.rows))
    for place, row in zip(found.places, found.rows, strict=True):
        told = case.rows[place["row_id"] - 2]
        bad = {name for name, _ in case.faults(told) if case.contract.fields[name].on_bad == "blank"}
        assert row == {"row_id": place["row_id"], **{name: None if name in bad else case.value(told, name)[0] for name in case.kinds}}


def test_rows_of_one_number_in_two_files_leave_alone() -> None:
    """After joining files, index labels repeat: dropping by label would take the sound rows with the bad ones."""
    spec = feed(contract="customers@1.0", columns={"customer_id": "Nr", "age": "Alter"}, reading={"delimiter": ";"})
    one, other = "Nr;Alter\nK1;40\n;41\nK3;42\n", "Nr;Alter\nM1;50\nM2;51\n;52\n"
    found = take({"a.csv": one, "b.csv": other}, spec)
    assert sorted(where(found, found.places)) == [("a.csv", 2), ("a.csv", 4), ("b.csv", 2), ("b.csv", 3)]
    assert sorted(where(found, found.quarantine)) == [("a.csv", 3), ("b.csv", 4)]
    assert sorted(found.column("age")) == [40, 42, 50, 51]
    assert sorted(row["raw"] for row in found.quarantine) == [";41", ";52"]


def where(found: Taken, rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """File and record of some rows; files are numbered by their content."""
    names = {file["number"]: file["name"] for file in found.described["files"]}
    return [(names[row["file"]], row["record"]) for row in rows]


@THOROUGH
@given(cases(), st.sampled_from([3, 250_000]))
def test_of_two_files_only_bad_rows_leave(case: Case, block_rows: int) -> None:
    """The same rows in both files under other keys: each has the same record number twice, and in each the same rows leave."""
    content, ours = case.content(), [n + 2 for n, row in enumerate(case.rows) if case.rejects(list(case.faults(row)))]
    found = taken(case, block_rows=block_rows, more={"b.csv": re.sub(r"\bk(\d+)\b", r"m\1", content) + "\n"})
    assert sorted(where(found, found.quarantine)) == [(name, record) for name in ("a.csv", "b.csv") for record in ours]
    fates = [place["row_id"] for place in found.places] + [row["row_id"] for row in found.quarantine]
    assert len(set(fates)) == len(fates) == 2 * len(case.rows)
    letters = {"a.csv": "k", "b.csv": "m"}
    assert [row["id"][0] for row in found.rows] == [letters[name] for name, _ in where(found, found.places)]
