"""What may be drawn: nothing rare, nothing exact, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.safe_columns import MISSING, MOST_CATEGORIES, OTHERS, RARE, ages, categories, label, numbers

FLOATS = st.floats(-1e12, 1e12) | st.sampled_from([float("nan"), float("inf"), float("-inf")])
NUMBERS = st.lists(st.none() | FLOATS | st.integers(-(10**6), 10**6).map(float), min_size=1, max_size=80)
WORDS = st.lists(st.none() | st.sampled_from("abcdefghij") | st.text(max_size=3), min_size=1, max_size=120)


def column(values: Sequence[object], kind: pa.DataType | None = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, kind)])


@given(NUMBERS, NUMBERS)
def test_numbers_are_plain_and_inside(left: list[float | None], right: list[float | None]) -> None:
    made = numbers("x", column(list(left), pa.float64()), column(list(right), pa.float64()))
    usable = [[v for v in side if v is not None and np.isfinite(v)] for side in (left, right)]
    if isinstance(made, str):
        assert not all(usable) or not any(usable)
        return
    for side, given_side in zip((made[0].training, made[0].current), (left, right), strict=True):
        assert side.dtype == np.dtype("float64")
        assert len(side) == len(given_side)
        assert side.notna().sum() == sum(v is not None and bool(np.isfinite(v)) for v in given_side)
        for value in side.dropna():
            assert float(f"{value:.2e}") == pytest.approx(value, rel=1e-9, abs=1e-290)
    assert (len(made) == 2) == any(v is None or not np.isfinite(v) for v in [*left, *right])


def test_the_exact_extreme_is_not_there() -> None:
    salaries = [*range(30_000, 40_000), 987_654]
    made = numbers("Income", column(list(salaries)), column(list(salaries)))
    assert not isinstance(made, str)
    assert made[0].training.max() < 41_000


@given(WORDS, WORDS)
def test_no_rare_category(left: list[str | None], right: list[str | None]) -> None:
    made = categories("x", column(list(left), pa.string()), column(list(right), pa.string()))
    assert not isinstance(made, str)
    pair = made[0]
    shown = set(pair.training) | set(pair.current)
    common = {label(v) for side in (left, right) for v in side if v is not None and side.count(v) >= RARE}
    assert shown <= common | {OTHERS, MISSING}
    assert len(shown) <= MOST_CATEGORIES + 2
    assert (pair.training == MISSING).sum() == left.count(None)
    assert len(pair.current) == len(right)


def test_identifiers_are_left_out() -> None:
    mails = [f"p{n}@example.org" for n in range(500)]
    assert categories("Mail", column(list(mails)), column(list(mails))) == "too many different values to be shown"


def test_flags_are_words_or_numbers() -> None:
    flags = column([True] * 20 + [False] * 20)
    made = categories("Flag", flags, flags)
    assert not isinstance(made, str)
    assert set(made[0].training) == {"true", "false"}
    assert not isinstance(numbers("Flag", flags, flags), str)


@pytest.mark.parametrize(
    "values", [[date(2025, 1, 1), None, date(2025, 1, 11)], [datetime(2025, 1, 1, tzinfo=UTC), None, datetime(2025, 1, 11, tzinfo=UTC)]]
)
def test_days_become_ages(values: list[object]) -> None:
    assert ages(column(values)).to_pylist() == [10.0, None, 0.0]


@given(st.text(max_size=300))
def test_a_label_means_nothing_to_a_page(text: str) -> None:
    made = label(text)
    assert 0 < len(made) <= 60
    assert not set(made) & set("<>&/\"'`\\{}$\n")
