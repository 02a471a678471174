"""Ages and spans, on days that everybody can check."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.batch import Batch
from contracts.origin import Origin
from enrichment.days import Age, AgeByYear, DaysSince, completed_years, local_days

BIRTHS = st.dates(date(1906, 1, 1), date(2030, 12, 31))


def batch(**columns: list[object]) -> Batch:
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    return Batch.supplied(table, np.arange(table.num_rows) + 10)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2000, 2, 29), date(2001, 2, 28), 0),
        (date(2000, 2, 29), date(2001, 3, 1), 1),
        (date(2000, 2, 29), date(2004, 2, 28), 3),
        (date(2000, 2, 29), date(2004, 2, 29), 4),
        (date(1990, 6, 30), date(2026, 6, 29), 35),
        (date(1990, 6, 30), date(2026, 6, 30), 36),
        (date(1965, 12, 31), date(2026, 1, 1), 60),
        (date(2026, 6, 30), date(2026, 6, 30), 0),
        (date(2026, 7, 1), date(2026, 6, 30), None),
    ],
)
def test_completed_years(born: date, day: date, years: int | None) -> None:
    assert completed_years(pa.array([born]), day).to_pylist() == [years]


@given(BIRTHS, BIRTHS)
def test_completed_years_count_birthdays(born: date, day: date) -> None:
    birthdays = sum((year, born.month, born.day) <= (day.year, day.month, day.day) for year in range(born.year + 1, day.year + 1))
    assert completed_years(pa.array([born]), day).to_pylist() == [birthdays if born <= day else None]


def test_an_age_that_was_sent_stays() -> None:
    done = Age(date(2026, 6, 30)).transform(batch(birth_date=[date(1990, 1, 1), date(1980, 1, 1), None], age=[None, 20, None]))
    assert done.table["age"].to_pylist() == [36, 20, None]
    assert done.origins["age"].tolist() == [Origin.DERIVED, Origin.SUPPLIED, Origin.ABSENT]


def test_impossible_births_give_no_age() -> None:
    done = Age(date(2026, 6, 30)).transform(batch(birth_date=[date(1843, 12, 21), date(2027, 1, 1), date(1906, 6, 30), date(1905, 6, 30)]))
    assert done.table["age"].to_pylist() == [None, None, 120, None]
    assert done.table["age"].type == pa.int64()


def test_an_age_is_no_better_than_its_birth_date() -> None:
    known = batch(birth_date=[date(1990, 1, 1)] * 3)
    marks = np.array([Origin.REPAIRED, Origin.IMPUTED, Origin.LOOKED_UP], np.uint8)
    done = Age(date(2026, 6, 30)).transform(Batch(known.table, {"birth_date": marks}, known.row_ids))
    assert done.origins["age"].tolist() == [Origin.DERIVED, Origin.IMPUTED, Origin.LOOKED_UP]


@pytest.mark.parametrize(("off", "verdict"), [(0, "held"), (1, "held"), (2, "refuted")])
def test_ages_sent_beside_birth_dates_are_evidence(off: int, verdict: str) -> None:
    step = Age(date(2026, 6, 30))
    _, counts = step.apply(batch(birth_date=[date(1990, 1, 1)] * 40, age=[36 - off] * 40))
    assert [found.verdict for found in step.judged(counts)] == [verdict]
    assert [found.verdict for found in step.assumptions()] == ["untested"]


@pytest.mark.parametrize(("day", "age"), [(date(2026, 6, 30), 35), (date(2026, 7, 1), 36)])
def test_an_age_by_the_year_is_right_or_one_year_off(day: date, age: int) -> None:
    step = AgeByYear(day)
    known = batch(birth_year=[1990, 2030, 1800])
    done, counts = step.apply(known)
    assert done.table["age"].to_pylist() == [age, None, None]
    assert counts == {"ages": 1}
    assert [found.evidence["ages"] for found in step.judged(counts)] == [1]
    assert step.judged({"ages": 0}) == ()


def test_a_birth_date_is_better_than_a_year() -> None:
    known = batch(birth_date=[date(1990, 12, 31), None], birth_year=[1990, 1990])
    done = AgeByYear(date(2026, 8, 1)).transform(Age(date(2026, 8, 1)).transform(known))
    assert done.table["age"].to_pylist() == [35, 36]


def test_the_day_is_that_of_the_clock() -> None:
    late = pa.array(
        [datetime(2026, 6, 29, 21, 59, tzinfo=UTC), datetime(2026, 6, 29, 22, 0, tzinfo=UTC), datetime(1969, 12, 31, 23, 30, tzinfo=UTC)]
    )
    assert local_days(late, "Europe/Berlin").to_pylist() == [date(2026, 6, 29), date(2026, 6, 30), date(1970, 1, 1)]
    assert local_days(late, "UTC").to_pylist() == [date(2026, 6, 29), date(2026, 6, 29), date(1969, 12, 31)]
    assert local_days(pa.array([date(2026, 6, 29)]), "Asia/Tokyo").to_pylist() == [date(2026, 6, 29)]


def test_days_since() -> None:
    step = DaysSince("signup_date", "signup_days", date(2026, 6, 30))
    done, counts = step.apply(
        batch(signup_date=[date(2026, 6, 30), date(2024, 2, 29), None, date(2026, 7, 1)], signup_days=[None, 5, None, None])
    )
    assert done.table["signup_days"].to_pylist() == [0, 5, None, None]
    assert done.origins["signup_days"].tolist() == [Origin.DERIVED, Origin.SUPPLIED, Origin.ABSENT, Origin.ABSENT]
    assert counts == {"known": 3, "later": 1}
    assert step.judged(counts)[0].verdict == "refuted"
    assert step.judged({"known": 1000, "later": 2})[0].verdict == "held"
