"""Contracts as nobody writes them: every kind of field, rule and text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from contracts.checks import judged
from contracts.contract import Contract
from contracts.fields import TYPES, Field
from contracts.rules import ForeignKey, Rule
from contracts.standard.columns import contradicts

NAMES = st.from_regex(r"[a-z][a-z0-9]{0,8}(_[a-z0-9]{1,6}){0,2}", fullmatch=True)
SIGNS = st.characters(codec="utf-8")
TEXTS = st.text(SIGNS, max_size=30)
WORDS = st.text(SIGNS, min_size=1, max_size=12)
SHARES = st.floats(0, 1)
PATTERNS = st.sampled_from([r"^[A-Z]{2}$", r"[0-9]+", r"^a|b", r"^\d{5}(-\d{4})?$", "NO", r"\.", "^"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "whole": st.integers(-(2**60), 2**60),
    "real": st.floats(-1e300, 1e300) | st.integers(-1000, 1000),
    "day": st.dates(),
    "moment": st.datetimes(timezones=st.just(UTC)),
    "text": WORDS,
}


@st.composite
def rules(draw: st.DrawFn, word: str) -> tuple[tuple[str, Any], ...]:
    """Some rules of one cell, each at most once."""
    if word == "flag":
        return ()
    value, found = VALUES[word], {}
    for name in draw(st.lists(st.sampled_from(["ge", "gt", "le", "lt", "eq", "ne", "isin", "notin", "in_range"]), unique=True, max_size=4)):
        many = name in ("isin", "notin")
        pair = name == "in_range"
        several = tuple(draw(st.lists(value, min_size=2 if pair else 1, max_size=2 if pair else 3)))
        found[name] = several if many else tuple(sorted(several)) if pair else several[0]
    if word == "text":
        for name in draw(st.lists(st.sampled_from(["str_matches", "str_contains", "str_startswith", "str_length"]), unique=True)):
            least = draw(st.none() | st.integers(0, 5))
            lengths = (least, draw(st.integers(5, 9) if least is None else st.none() | st.integers(5, 9)))
            found[name] = lengths if name == "str_length" else draw(WORDS if name == "str_startswith" else PATTERNS)
    return tuple(found.items())


@st.composite
def fields(draw: st.DrawFn, name: str, key: bool, names: list[str]) -> Field:
    """A field that some value may have; one of a key is never empty."""
    word = draw(st.sampled_from(sorted(TYPES)))
    allowed = draw(st.none() | st.lists(WORDS, min_size=1, max_size=4, unique=True).map(tuple)) if word == "text" else None
    nullable = not key and draw(st.booleans())
    made = Field(
        name, draw(TEXTS), draw(TEXTS), TYPES[word], unit=draw(st.none() | TEXTS), currency=draw(st.none() | st.sampled_from(names)),
        synonyms=tuple(draw(st.lists(TEXTS, max_size=3, unique=True))),
        personal=draw(st.sampled_from(["none", "quasi", "sensitive"] + ([] if key else ["direct"]))),
        role=draw(st.sampled_from(["key", "input", "label", "leak", "info"])), on_bad=draw(st.sampled_from(["reject", "blank", "warn"])),
        tolerated=draw(SHARES), tolerances=tuple(draw(st.dictionaries(st.sampled_from(["ge", "not_null", "isin"]), SHARES)).items()),
        nullable=nullable, required=draw(st.booleans()), unique=draw(st.booleans()), allowed=allowed, rules=draw(rules(word)),
    )  # fmt: skip
    return replace(made, allowed=None, rules=()) if contradicts(made) else made


def possible(rule: Rule, made: list[Field]) -> bool:
    """Whether a check can be made of fields of these types."""
    types = {field.name: field.type for field in made}
    try:
        judged(rule.check, tuple(pa.chunked_array([], types[name]) for name in rule.fields), {})
    except pa.ArrowException:
        return False
    return True


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    """A contract with one to five fields, rules between them, keys of other contracts and extensions."""
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    key = tuple(draw(st.permutations(names))[: draw(st.integers(0, len(names)))])
    made = [draw(fields(name, name in key, names)) for name in names]
    split = draw(st.integers(1, len(names)))
    some = st.sampled_from(names)
    between = [
        Rule(f"rule_{n}", check, (draw(some), draw(some)), words=draw(TEXTS), tolerated=draw(st.none() | SHARES))
        for n, check in enumerate(draw(st.lists(st.sampled_from(["not_after", "not_before", "together", "one_value"]), max_size=3)))
    ]
    across = draw(st.lists(st.lists(some, min_size=1, max_size=2, unique=True), max_size=2))
    references = tuple(ForeignKey(tuple(own), draw(NAMES), tuple(draw(NAMES) for _ in own), draw(SHARES)) for own in across)
    version = draw(st.from_regex(r"[0-9]{1,3}\.[0-9]{1,3}", fullmatch=True))
    return Contract(
        draw(NAMES), version, draw(TEXTS), draw(TEXTS), key, tuple(made[:split]), meaning=draw(TEXTS),
        direction=draw(st.sampled_from(["input", "output"])), duplicates=draw(st.sampled_from(["set_aside", "keep"])), repeats=draw(TEXTS),
        references=references, rules=tuple(rule for rule in between if possible(rule, made)), extensions=tuple(made[split:]),
    )  # fmt: skip
