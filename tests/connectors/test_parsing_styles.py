"""Votes: a style is held where texts of the column prove it, untested where none does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.parsing.styles import vote_dates, vote_decimal, vote_floated


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.234,5"], ","), (["1,234.5"], "."), (["12,50", "3"], ","), (["12.5"], "."), (["1.234.567"], ","), (["1,234,567"], "."),
        (["0,125"], ","), (["0.125"], "."), (["-0,125"], ","), (["1.234", "5,5"], ","), (["5.5", "7.25", "3,1"], "."),
    ],
)  # fmt: skip
def test_decimal_mark_is_proved(texts: list[str], mark: str) -> None:
    vote = vote_decimal(pa.array(texts), "en")
    assert (vote.value, vote.verdict) == (mark, "held")


@pytest.mark.parametrize(("language", "mark"), [("de", ","), ("en", "."), ("fr", ",")])
def test_without_proof_the_language_decides_and_it_is_said(language: str, mark: str) -> None:
    for texts in (["1.234", "12"], ["7"], [], [None]):
        vote = vote_decimal(pa.array(texts, pa.string()), language)
        assert (vote.value, vote.verdict) == (mark, "untested")


def test_dates_are_decided_by_days_above_twelve() -> None:
    assert vote_dates(pa.array(["31.12.2020", "01.02.2020", "13/01/2020"]), "US").value == "dmy"
    assert vote_dates(pa.array(["12/31/2020", "01/02/2020"]), "DE").value == "mdy"
    assert vote_dates(pa.array(["2020-12-31"]), "DE").value == "ymd"
    assert vote_dates(pa.array(["12/31/2020"]), "DE").verdict == "held"


@pytest.mark.parametrize(("country", "order"), [("US", "mdy"), ("DE", "dmy"), ("AU", "dmy")])
def test_without_proof_the_country_decides(country: str, order: str) -> None:
    vote = vote_dates(pa.array(["01/02/2020", "03/04/2020"]), country)
    assert (vote.value, vote.verdict) == (order, "untested")


def test_codes_are_floated_only_where_all_of_them_end_so() -> None:
    assert vote_floated(pa.array(["17850.0", "12", None])).value
    assert not vote_floated(pa.array(["17850.0", "1.25"])).value
    assert vote_floated(pa.array(["A1", "B2"])).evidence == {"codes ending in .0": 0, "other codes with a point": 0}


@given(st.lists(st.decimals(-(10**6), 10**6, places=2), min_size=1, max_size=20), st.sampled_from([",", "."]), st.booleans())
def test_a_written_column_is_recognised(values: list[Decimal], mark: str, grouped: bool) -> None:
    """Two places behind the mark decide, whatever stands before it."""
    table = str.maketrans({",": "." if mark == "," else ",", ".": mark})
    texts = [(f"{value:,f}" if grouped else f"{value:f}").translate(table) for value in values]
    assert vote_decimal(pa.array(texts), "en").value == mark


@given(st.lists(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=1, max_size=20), st.sampled_from(["dmy", "mdy"]))
def test_an_order_is_never_taken_for_the_other(days: list[date], order: str) -> None:
    vote = vote_dates(pa.array([f"{day:%d.%m.%Y}" if order == "dmy" else f"{day:%m/%d/%Y}" for day in days]), "DE")
    assert vote.value == order or vote.verdict == "untested"
    assert (vote.verdict == "held") == any(day.day > 12 for day in days)
