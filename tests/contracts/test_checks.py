"""Registered checks say of each row what a plain loop says."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import checks
from contracts.errors import ContractError

SOME = st.none() | st.integers(0, 3)
ROWS = st.lists(st.tuples(SOME, SOME, SOME), max_size=12)
DAYS = st.dates(date(1930, 1, 1), date(2026, 8, 31))


def columns(rows: list[tuple[int | None, ...]], count: int) -> tuple[pa.ChunkedArray, ...]:
    return tuple(pa.chunked_array([pa.array([row[n] for row in rows], pa.int64())]) for n in range(count))


@given(ROWS)
def test_of_one_row(rows: list[tuple[int | None, ...]]) -> None:
    one, other = columns(rows, 2)
    plain = [None if a is None or b is None else a <= b for a, b, _ in rows]
    assert checks.judged("not_after", (one, other), {}).to_pylist() == plain
    assert checks.judged("not_before", (other, one), {}).to_pylist() == plain
    assert checks.judged("together", (one, other), {}).to_pylist() == [(a is None) == (b is None) for a, b, _ in rows]


@given(ROWS)
def test_of_all_rows_of_a_key(rows: list[tuple[int | None, ...]]) -> None:
    values: dict[tuple[int | None, ...], set[int]] = {}
    for *key, value in rows:
        if value is not None:
            values.setdefault(tuple(key), set()).add(value)
    plain = [None if None in (*key, value) else len(values[tuple(key)]) == 1 for *key, value in rows]
    assert checks.judged("one_value_within", columns(rows, 3), {}).to_pylist() == plain


def completed(born: date, day: date) -> int:
    """Completed years; who is born on the 29th of February turns a year older on the 1st of March of other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@given(st.lists(DAYS, min_size=3, max_size=30), st.lists(st.integers(-3, 3).filter(bool), max_size=1))
def test_ages_of_one_day_agree(born: list[date], wrong: list[int]) -> None:
    day = date(2026, 9, 1)
    ages = [completed(each, day) for each in born]
    table = tuple(pa.chunked_array([pa.array(values, kind)]) for values, kind in ((ages, pa.int64()), (born, pa.date32())))
    assert checks.judged("ages_agree", table, {}).to_pylist() == [True] * len(born)
    if wrong and len(born) > 3:
        off = pa.chunked_array([pa.array([ages[0] + wrong[0], *ages[1:]], pa.int64())])
        found = checks.judged("ages_agree", (off, table[1]), {}).to_pylist()
        best = max(Counter(_fits(each, born, off.to_pylist()) for each in _days(born, off.to_pylist())))
        assert sum(found) == best


def _days(born: list[date], ages: list[int]) -> list[date]:
    """Days on which somebody has just turned an age that is written: where more agree than the day before."""
    return [_turned(each, age) for each, age in zip(born, ages, strict=True)]


def _turned(born: date, age: int) -> date:
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _fits(day: date, born: list[date], ages: list[int]) -> int:
    return sum(completed(each, day) == age for each, age in zip(born, ages, strict=True))


def test_nobody_has_an_age() -> None:
    empty = (pa.chunked_array([pa.nulls(2, pa.int64())]), pa.chunked_array([pa.array([date(1970, 1, 1) + timedelta(1)] * 2)]))
    assert checks.judged("ages_agree", empty, {}).to_pylist() == [None, None]


def test_an_unknown_check_is_refused() -> None:
    with pytest.raises(ContractError, match="CHECK-UNKNOWN") as caught:
        checks.get("not_aftr")
    assert caught.value.hint == "did you mean 'not_after'?"
