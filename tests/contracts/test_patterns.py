"""Patterns of a contract: held to the start of a text, in time that grows with the text alone, refused where that cannot be."""

from __future__ import annotations

import re
from time import process_time

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.contract import Contract, extend, get
from contracts.errors import ContractError
from contracts.fields import Field
from contracts.masks import failing
from contracts.patterns import fault


def contract(pattern: str, rule: str = "str_matches") -> Contract:
    code = Field("code", "Code", "Code.", pa.string(), rules=((rule, pattern),))
    return Contract("codes", "1.0", "Codes", "one row per code", (), (code,))


def passed(pattern: str, texts: list[str | None], rule: str = "str_matches") -> list[bool]:
    frame = pa.table({"code": pa.array(texts, pa.string())}).to_pandas(types_mapper=pd.ArrowDtype)
    found = [one.bad for one in failing(contract(pattern, rule).schema(), frame)]
    assert all(bad is not None for bad in found)
    return [not any(bad is not None and bad[row] for bad in found) for row in range(len(texts))]


def test_alternatives_are_held_to_the_start_all_of_them() -> None:
    texts = ["ab", "ba", "xa", "xb", "", None]
    assert passed("a|b", texts) == passed("^a|b", texts) == passed("^(a|b)", texts) == [True, True, False, False, False, True]
    assert passed("^a|b", texts, "str_contains") == [True, True, False, True, False, True]


def test_anywhere_with_groups_and_with_what_only_re2_knows() -> None:
    assert passed("(a|b)+", ["xa", "\nb", "x", ""], "str_contains") == [True, True, False, False]
    assert passed("(?i)A", ["a", "b"]) == passed("(?i)A", ["ba", "b"], "str_contains") == [True, False]
    assert passed(r"^\pL+\z", ["ä", "1"]) == passed(r"\pL\z", ["1ä", "1"], "str_contains") == [True, False]


def test_to_the_end_only_where_the_pattern_says_so() -> None:
    assert passed("[0-9]{2}", ["12", "123", "1"]) == [True, True, False]
    assert passed("[0-9]{2}$", ["12", "123", "12\n"]) == [True, False, False]


PIECES = st.sampled_from(["a", "b", ".", "[ab]", "a+", "b*", "a?", "(a|b)", "|", "^", "^a|b", "b|ab"])


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, min_size=1, max_size=5).map("".join), st.lists(st.text("abx", max_size=5), min_size=1, max_size=5))
def test_the_meaning_is_that_of_a_match_from_the_start(pattern: str, texts: list[str]) -> None:
    if fault(pattern):
        return
    assert passed(pattern, list(texts)) == [re.match(pattern, text) is not None for text in texts]
    assert passed(pattern, list(texts), "str_contains") == [re.search(pattern, text) is not None for text in texts]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){25}$"])
def test_a_pattern_that_never_ends_elsewhere_ends_at_once(pattern: str) -> None:
    before = process_time()
    assert passed(pattern, ["a" * 50_000 + "!"] * 3) == [False] * 3
    assert process_time() - before < 2


@pytest.mark.parametrize("pattern", ["(?=a)b", r"(a)\1", "(?<!a)b", "a++", "[", "(", r"\Qa", "((a{100}){100}){100}"])
@pytest.mark.parametrize("rule", ["str_matches", "str_contains"])
def test_a_pattern_that_cannot_be_used_is_refused_when_the_contract_is_made(pattern: str, rule: str) -> None:
    with pytest.raises(ContractError, match="PATTERN-UNKNOWN") as caught:
        contract(pattern, rule)
    assert "field code" in "\n".join(caught.value.lines())


def test_and_when_a_feed_extends_one() -> None:
    with pytest.raises(ContractError, match="PATTERN-UNKNOWN"):
        extend(get("customers"), (Field("tier", "Tier", "Tier.", pa.string(), rules=(("str_matches", "(?!x)"),)),))
