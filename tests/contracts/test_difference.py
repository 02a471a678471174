"""Two versions of a contract: nothing is overlooked, and what is called breaking is what tables show to be breaking."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations, combinations_with_replacement, product
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import contract as contracts
from contracts.change import Change
from contracts.contract import Contract, extend, get
from contracts.difference import difference
from contracts.fields import TYPES, Field
from contracts.masks import failing
from contracts.renames import renames
from contracts.rules import ForeignKey, Rule

ALL = [get(name) for name in contracts.names()]


def made(*fields: Field, **more: Any) -> Contract:
    """A small contract."""
    given: dict[str, Any] = {"name": "t", "version": "1.0", "title": "T", "row": "one row per thing", "key": ()}
    return Contract(**(given | more), own=fields)


def one(kind: str = "text", name: str = "a", **more: Any) -> Field:
    """A field."""
    return Field(name, "A", "What a is.", TYPES[kind], **more)


def changes(old: Field, new: Field) -> list[Change]:
    """Changes from one field to another, without what is said of the version."""
    return [each for each in difference(made(old), made(new)) if each.where != "version"]


def breaks(found: list[Change] | tuple[Change, ...]) -> tuple[bool, bool]:
    """Whether anything breaks senders, and readers."""
    return any(each.senders.breaks for each in found), any(each.readers.breaks for each in found)


@pytest.mark.parametrize("contract", ALL, ids=lambda each: each.name)
def test_a_contract_does_not_differ_from_itself(contract: Contract) -> None:
    assert difference(contract, contract) == ()
    assert difference(contract, replace(contract)) == ()


@pytest.mark.parametrize(("old", "new"), list(product(ALL, ALL)), ids=lambda each: each.name)
def test_any_two_contracts_can_be_compared(old: Contract, new: Contract) -> None:
    found = difference(old, new)
    assert bool(found) == (old != new)
    assert all(each.words and each.senders.why and each.readers.why for each in found)


# Each attribute of a field and of a contract with another value for it, the kind that is told, and whom it breaks.
FIELD: list[tuple[str, Callable[[Field], Field], str, tuple[bool, bool]]] = [
    ("title", lambda f: replace(f, title=f.title + "s"), "title", (False, False)),
    ("meaning", lambda f: replace(f, meaning="Another thing."), "meaning", (False, False)),
    ("synonyms", lambda f: replace(f, synonyms=(*f.synonyms, "b")), "synonyms", (False, False)),
    ("type", lambda f: replace(f, type=pa.date32() if f.type_word != "day" else pa.bool_()), "type changed", (True, True)),
    ("unit", lambda f: replace(f, unit=f"{f.unit} more"), "unit changed", (True, True)),
    ("currency", lambda f: replace(f, currency=f"{f.currency or ''}x"), "unit changed", (True, True)),
    ("personal", lambda f: replace(f, personal="direct" if f.personal != "direct" else "none"), "personal class", (False, True)),
    ("role", lambda f: replace(f, role="leak" if f.role != "leak" else "input"), "role", (False, True)),
    ("on_bad", lambda f: replace(f, on_bad="warn" if f.on_bad != "warn" else "reject"), "bad values", (False, True)),
    ("tolerated", lambda f: replace(f, tolerated=f.tolerated / 2), "tolerated share", (True, False)),
    ("tolerances", lambda f: replace(f, tolerances=(("ge", 0.0),)), "tolerated share", (True, False)),
    ("nullable", lambda f: replace(f, nullable=not f.nullable), "may not be empty", (True, False)),
    ("required", lambda f: replace(f, required=not f.required), "required now", (True, False)),
    ("unique", lambda f: replace(f, unique=not f.unique), "rule tightened", (True, False)),
    ("allowed", lambda f: replace(f, allowed=(*(f.allowed or ()), "zz")), "rule added", (True, False)),
    ("rules", lambda f: replace(f, rules=(*f.rules, ("ne", "zz"))), "rule added", (True, False)),
]
PLAIN = one("text", unit="years", on_bad="reject")
CONTRACT: list[tuple[str, Callable[[Contract], Contract], str]] = [
    ("name", lambda c: replace(c, name="u"), "name"),
    ("version", lambda c: replace(c, version="1.1"), "version"),
    ("title", lambda c: replace(c, title="U"), "title"),
    ("row", lambda c: replace(c, row="one row per other thing"), "row"),
    ("meaning", lambda c: replace(c, meaning="More."), "meaning"),
    ("direction", lambda c: replace(c, direction="output"), "meaning"),
    ("repeats", lambda c: replace(c, repeats="Twice."), "meaning"),
    ("key", lambda c: replace(c, key=("a",)), "key changed"),
    ("duplicates", lambda c: replace(c, duplicates="keep"), "repeats"),
    ("history", lambda c: replace(c, history=True), "history"),
    ("references", lambda c: replace(c, references=(ForeignKey(("a",), "customers", ("customer_id",)),)), "reference added"),
    ("rules", lambda c: replace(c, rules=(Rule("both", "together", ("a", "b")),)), "rule added"),
    ("own", lambda c: replace(c, own=c.own[:1]), "field removed"),
    ("extensions", lambda c: extend(c, (one("day", "fresh", required=False),)), "field added"),
]  # fmt: skip
WIDE = made(one("whole", "a"), replace(one("real", "b"), meaning="Another."))


@pytest.mark.parametrize(("attribute", "mutate", "kind", "broken"), FIELD, ids=[each[0] for each in FIELD])
def test_each_attribute_of_a_field_is_compared(attribute: str, mutate: Any, kind: str, broken: tuple[bool, bool]) -> None:
    found = changes(PLAIN, mutate(PLAIN))
    assert [(each.where, each.kind, each.fields) for each in found] == [("a", kind, ("a",))]
    assert breaks(found) == broken


@pytest.mark.parametrize(("attribute", "mutate", "kind"), CONTRACT, ids=[each[0] for each in CONTRACT])
def test_each_attribute_of_a_contract_is_compared(attribute: str, mutate: Any, kind: str) -> None:
    assert kind in [each.kind for each in difference(WIDE, mutate(WIDE))]


def test_no_attribute_is_forgotten() -> None:
    assert {each[0] for each in FIELD} == {f.name for f in dataclasses.fields(Field)} - {"name"}
    assert {each[0] for each in CONTRACT} == {f.name for f in dataclasses.fields(Contract) if f.compare}


@given(st.data())
def test_several_changes_at_once_are_all_found(data: st.DataObject) -> None:
    """On real contracts: what is done to some fields is told of these fields and of no others."""
    contract = data.draw(st.sampled_from(ALL))
    names = data.draw(st.lists(st.sampled_from(sorted(contract.fields)), min_size=1, max_size=4, unique=True))
    steps = {name: data.draw(st.lists(st.sampled_from(FIELD), min_size=1, max_size=3, unique_by=lambda each: each[0])) for name in names}
    own = {field.name: field for field in contract.own}
    for name, mutations in steps.items():
        for _, mutate, _, _ in mutations:
            own[name] = mutate(own[name])
    new = replace(contract, own=tuple(own.values()))
    found = difference(contract, new)
    told = {each.where for each in found} - {"version"}
    assert told == {name for name in names if own[name] != contract.fields[name]}
    raised = replace(new, version="2.0")
    assert [each.kind for each in difference(contract, raised) if each.where == "version"] == ["version"]


# What tables show. The universe is every value that any of the rules can tell apart, so that nothing is left to chance.
NUMBERS = st.integers(-2, 6)
WHOLE_RULES = st.dictionaries(st.sampled_from(("ge", "gt", "le", "lt")), NUMBERS, max_size=3)
RANGES = st.tuples(NUMBERS, st.integers(0, 4)).map(lambda pair: {"in_range": (pair[0], pair[0] + pair[1])})
LENGTHS = st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(3, 6))).map(lambda pair: {"str_length": pair})
CODES = st.lists(st.sampled_from(("", "a", "bb", "ccc", "dddd")), min_size=1, max_size=4, unique=True).map(tuple)
UNIVERSE: dict[str, list[Any]] = {
    "whole": list(range(-4, 14)),
    "real": [n / 4 for n in range(-16, 56)],
    "text": ["", *(letter * n for letter in "abcdx" for n in range(1, 9))],
}


@st.composite
def fields(draw: st.DrawFn, kind: str) -> Field:
    rules: dict[str, Any] = {}
    allowed = None
    if kind == "text":
        rules = draw(st.one_of(st.just({}), LENGTHS))
        allowed = draw(st.one_of(st.none(), CODES))
    else:
        rules = {**draw(WHOLE_RULES), **draw(st.one_of(st.just({}), RANGES))}
    nullable, required = draw(st.booleans()), draw(st.booleans())
    return one(kind, on_bad="reject", nullable=nullable, required=required, allowed=allowed, rules=tuple(sorted(rules.items())))


def accepted(field: Field) -> set[Any]:
    """All that passes: values of the universe, None for an empty cell, "absent" for a table without the column."""
    values = [*UNIVERSE[field.type_word], None]
    table = pa.table({"a": pa.array(values, field.type)}).to_pandas(types_mapper=pd.ArrowDtype)
    bad = {n for found in failing(made(field).schema(), table) if found.bad is not None for n in found.bad.nonzero()[0].tolist()}
    without = list(failing(made(field).schema(), pd.DataFrame({"z": [1]})))
    return {value for n, value in enumerate(values) if n not in bad} | (set() if without else {"absent"})


@pytest.mark.parametrize("kind", ["whole", "real", "text"])
@given(data=st.data())
def test_breaking_is_what_a_table_shows(kind: str, data: st.DataObject) -> None:
    old, new = data.draw(fields(kind)), data.draw(fields(kind))
    before, after = accepted(old), accepted(new)
    found = changes(old, new)
    assert breaks(found) == (bool(before - after), bool(after - before)), [each.as_dict() for each in found]


@pytest.mark.parametrize("kind", ["whole", "real", "text"])
@given(data=st.data())
def test_there_and_back_are_mirror_images(kind: str, data: st.DataObject) -> None:
    old, new = data.draw(fields(kind)), data.draw(fields(kind))
    there, back = changes(old, new), changes(new, old)
    assert breaks(there) == breaks(back)[::-1]
    assert len(there) == len(back)


KEYS = [tuple(names) for count in range(4) for names in combinations("abc", count)]


@pytest.mark.parametrize(("was", "now"), list(product(KEYS, KEYS)), ids="".join)
def test_a_key_breaks_where_two_rows_show_it(was: tuple[str, ...], now: tuple[str, ...]) -> None:
    rows = list(product((0, 1), repeat=3))
    tables = [pd.DataFrame(pair, columns=list("abc")) for pair in combinations_with_replacement(rows, 2)]

    def passes(table: pd.DataFrame, key: tuple[str, ...]) -> bool:
        return not key or not table.duplicated(list(key)).any()

    shown = any(passes(t, was) and not passes(t, now) for t in tables), any(passes(t, now) and not passes(t, was) for t in tables)
    three = [replace(one("whole", name, required=True, nullable=False), meaning=name) for name in "abc"]
    assert breaks(difference(made(*three, key=was), made(*three, key=now))) == shown


def test_a_rule_that_only_warns_breaks_by_the_share_that_is_tolerated() -> None:
    old = one("whole", on_bad="warn", rules=(("ge", 0),))
    stricter = replace(old, rules=(("ge", 5),))
    assert breaks(changes(old, stricter)) == (True, False)
    assert "fails its check where more than 5 %" in changes(old, stricter)[0].senders.why
    lenient = replace(old, tolerated=1.0)
    assert breaks(changes(lenient, replace(lenient, rules=(("ge", 5),)))) == (False, False)
    assert breaks(changes(stricter, old)) == (False, False)  # such values could come before, with a warning


WIDENING = [("whole", "real", False), ("real", "whole", True), ("day", "moment", False), ("whole", "text", False), ("flag", "day", True)]


@pytest.mark.parametrize(("was", "now", "broken"), WIDENING)
def test_a_wider_type_takes_the_same_files(was: str, now: str, broken: bool) -> None:
    found = changes(one(was), one(now))
    assert [each.kind for each in found] == ["type changed"]
    assert breaks(found) == (broken, True)  # the column is another one for who reads it


def test_a_renamed_field_is_one_change() -> None:
    old = made(one("text", "zip_code", synonyms=("PLZ",)), one("whole", "b"))
    new = made(replace(one("text", "postcode", synonyms=("PLZ", "zip code")), required=True), one("whole", "b"))
    found = [each for each in difference(old, new) if each.where != "version"]
    assert [(each.kind, each.fields) for each in found] == [
        ("field renamed", ("zip_code", "postcode")), ("required now", ("zip_code", "postcode")), ("synonyms", ("zip_code", "postcode")),
    ]  # fmt: skip
    assert not found[0].senders.breaks
    unknown = difference(old, made(replace(new.own[0], synonyms=("PLZ",)), new.own[1]))
    assert next(each for each in unknown if each.kind == "field renamed").senders.breaks


def test_a_rename_goes_through_keys_rules_references_and_currencies() -> None:
    def table(name: str, money: str) -> Contract:
        named = replace(one("text", name, required=True, nullable=False), meaning="Who it is.")
        paid = replace(one("text", money), meaning="What it is paid in.")
        spent = replace(one("real", "spent", currency=money), meaning="How much.")
        rule, key = Rule("whole", "together", (name, "spent")), ForeignKey((name,), "customers", ("customer_id",))
        return made(named, paid, spent, key=(name,), rules=(rule,), references=(key,))

    found = difference(table("who", "cash"), table("person", "coin"))
    assert sorted(each.kind for each in found) == ["field renamed", "field renamed", "version not raised"]


def test_fields_that_share_nothing_are_not_taken_for_one() -> None:
    towns, years = one("text", "town", synonyms=("city",)), replace(one("whole", "age", synonyms=("years",)), title="Age", meaning="Age.")
    assert renames({"town": towns}, {"age": years}) == {}
    likely = replace(towns, name="place", synonyms=("city", "town"), meaning="Where.")
    assert renames({"town": towns}, {"age": years, "place": likely}) == {"town": "place"}


def rules_of(rule: Rule | None = None, reference: ForeignKey | None = None, on_bad: Any = "reject") -> Contract:
    pair = one("day", "a", on_bad=on_bad), replace(one("day", "b"), meaning="B.")
    return made(*pair, rules=(rule,) if rule else (), references=(reference,) if reference else ())


BEFORE = Rule("in_order", "not_after", ("a", "b"))
RULES = [
    (None, BEFORE, "rule added", (True, False)),
    (BEFORE, None, "rule removed", (False, True)),
    (BEFORE, replace(BEFORE, check="not_before"), "rule changed", (True, True)),
    (BEFORE, replace(BEFORE, words="first a, then b"), "meaning", (False, False)),
    (BEFORE, replace(BEFORE, tolerated=0.01), "tolerated share", (True, False)),
    (BEFORE, replace(BEFORE, tolerated=0.5), "tolerated share", (False, False)),
]


@pytest.mark.parametrize(("was", "now", "kind", "broken"), RULES)
def test_rules_between_fields(was: Rule | None, now: Rule | None, kind: str, broken: tuple[bool, bool]) -> None:
    found = [each for each in difference(rules_of(was), rules_of(now)) if each.where != "version"]
    assert [(each.where, each.kind) for each in found] == [("rule in_order", kind)]
    assert breaks(found) == broken
    assert found[0].fields == ("a", "b")


def test_a_rule_that_only_warns_promises_readers_nothing() -> None:
    assert breaks(difference(rules_of(BEFORE, on_bad="warn"), rules_of(on_bad="warn"))) == (False, False)
    assert breaks(difference(rules_of(on_bad="warn"), rules_of(BEFORE, on_bad="warn"))) == (True, False)
    any_number = replace(BEFORE, tolerated=1.0)
    assert breaks(difference(rules_of(on_bad="warn"), rules_of(any_number, on_bad="warn"))) == (False, False)


KEY = ForeignKey(("a",), "customers", ("customer_id",))
REFERENCES = [
    (None, KEY, "reference added", (True, False)),
    (KEY, None, "reference removed", (False, True)),
    (KEY, replace(KEY, to=("email",)), "reference changed", (True, True)),
    (KEY, replace(KEY, tolerated=0.0), "tolerated share", (True, False)),
    (None, replace(KEY, tolerated=1.0), "reference added", (False, False)),
]


@pytest.mark.parametrize(("was", "now", "kind", "broken"), REFERENCES)
def test_keys_of_other_contracts(was: ForeignKey | None, now: ForeignKey | None, kind: str, broken: tuple[bool, bool]) -> None:
    found = [each for each in difference(rules_of(reference=was), rules_of(reference=now)) if each.where != "version"]
    assert [each.kind for each in found] == [kind]
    assert breaks(found) == broken


VERSIONS = [
    ("1.0", "1.0", "required", "1.0"), ("1.0", "1.5", "required", "2.0"), ("1.0", "2.0", "required", None),
    ("1.0", "1.0", "title", "1.1"), ("1.2", "1.3", "title", None), ("1.2", "2.0", "title", None), ("2.0", "1.9", "title", "2.1"),
    ("draft", "draft", "required", None),
]  # fmt: skip


@pytest.mark.parametrize(("was", "now", "attribute", "wanted"), VERSIONS)
def test_a_version_that_says_too_little_is_told(was: str, now: str, attribute: str, wanted: str | None) -> None:
    new = replace(PLAIN, required=True) if attribute == "required" else replace(PLAIN, title="B")
    found = [each for each in difference(made(PLAIN, version=was), made(new, version=now)) if each.kind == "version not raised"]
    assert len(found) == (wanted is not None)
    if wanted and wanted != now:
        assert f"should be {wanted}" in found[0].words
    assert not any(each.breaking for each in found)


def spellings() -> Iterator[tuple[Field, Field]]:
    yield one("whole", rules=(("gt", 0), ("lt", 10))), one("whole", rules=(("in_range", (1, 9)),))
    yield one("text", rules=(("str_length", (0, 5)),)), one("text", rules=(("str_length", (None, 5)),))
    yield one("text", allowed=("a", "b")), one("text", allowed=("b", "a"))
    yield one("real", tolerances=(("ge", 0.05),)), one("real")


@pytest.mark.parametrize(("old", "new"), list(spellings()))
def test_the_same_written_in_another_way_breaks_nobody(old: Field, new: Field) -> None:
    found = changes(old, new)
    assert [each.kind for each in found] == ["rule rewritten"]
    assert breaks(found) == (False, False)


def test_no_word_tells_of_a_value_of_a_client() -> None:
    """A difference is made of contracts alone: what it says is JSON-able and complete."""
    told = changes(one("whole", rules=(("ge", 0),)), one("whole", rules=(("ge", 18),)))[0].as_dict()
    assert told == {
        "where": "a", "kind": "rule tightened", "words": "at least 18, was at least 0", "breaking": True,
        "senders": {"breaks": True, "why": "a value that was accepted may be refused now: the whole row is set apart and not used"},
        "readers": {"breaks": False, "why": "no value can come that could not come before"}, "fields": ["a"],
    }  # fmt: skip
