"""Texts are trimmed and emptied alike, whatever stands beside them in the column."""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa
import pytest

from connectors.parsing import texts
from connectors.parsing.cells import SAMPLE, by_unique, encode
from connectors.parsing.number_style import NumberStyle
from connectors.parsing.numbers import parse

SIGNS = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
BLANKS = [sign for sign in SIGNS if sign.isspace() or sign in texts.ODD]


@pytest.mark.parametrize("word", ["x", "ü", "ß", "日本"])
def test_blanks_of_every_kind_at_the_edges(word: str) -> None:
    cells = [f"{blank}{word}" for blank in BLANKS] + [f"{word}{blank}" for blank in BLANKS]
    values, repaired = texts.tidy(pa.array(cells))
    assert set(values.to_pylist()) == {word}
    assert not repaired.any()


def test_null_words_mean_nothing_in_any_dress() -> None:
    cells = ["n/a", " n/a ", "n/a\u00a0", "", " ", None, "N/A", "n/a x", "na"]
    parsed = texts.parse(pa.array(cells), frozenset({"n/a", ""}))
    assert parsed.values.to_pylist() == [None, None, None, None, None, None, "N/A", "n/a x", "na"]
    assert texts.vacant(pa.array(["n/a", "", None, "x"]), frozenset({""})).tolist() == [False, True, False, False]


def test_a_sliced_column_is_judged_by_its_own_cells() -> None:
    cells = pa.array(["Ã¼\n", "a", " b", "n/a"]).slice(1)
    parsed = texts.parse(cells, frozenset({"n/a"}))
    assert parsed.values.to_pylist() == ["a", "b", None]
    assert not parsed.repaired.any()


def test_a_column_with_few_texts_for_its_length_is_parsed_by_them() -> None:
    birthdays = [f"{n}" for n in np.random.default_rng(3).integers(0, 5000, 100_000)]
    assert encode(pa.array(birthdays)) is not None
    assert encode(pa.array([f"{n}" for n in range(100_000)])) is None
    assert encode(pa.array([f"{n}" for n in range(SAMPLE - 1)])) is not None
    style, nulls = NumberStyle(",", "."), frozenset({"7"})
    one, other = parse(pa.array(birthdays), style, nulls), by_unique(pa.array(birthdays[::-1]), lambda unique: parse(unique, style, nulls))
    assert one.values.to_pylist() == other.values.to_pylist()[::-1]
    assert one.values.null_count == birthdays.count("7") > 0
