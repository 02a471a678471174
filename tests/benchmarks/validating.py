"""Validation by itself: ``python -m tests.benchmarks.validating ROWS`` prints CPU seconds as JSON.

A typed table of 20 columns, its contract, and the same checks written by hand with Arrow's kernels, as one would who knows the contract and
needs nothing more: which rows fail what, bad cells left blank, rows that cannot be used apart. Both must find the same. Each figure is the
median of five runs by turns, at 0, 5 and 50 % of rows with two bad cells each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from statistics import median
from time import process_time
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

from connectors.check import Judged, check
from connectors.columns import Column
from contracts.contract import of_model
from contracts.fields import Day, Flag, Real, Text, Whole, field
from contracts.masks import failing
from contracts.rules import Rule

Mask = npt.NDArray[np.bool_]
SHARES = (0, 5, 50)
"""Percent of the rows that are bad."""
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$"
PHONE = r"^\+?[0-9 ()/.\-]{5,30}$"
POSTCODE = r"^[0-9A-Za-z][0-9A-Za-z \-]{1,9}$"
COUNTRY = r"^[A-Z]{2}$"
GENDERS = ("female", "male", "other", "unknown")
SEGMENTS = ("gold", "silver", "tin")
DAY_BOUND = pd.Timestamp("1900-01-01").date()


class Members(pandera.DataFrameModel):
    """One row per member: 20 columns, 24 checks of values, 2 of gaps, 1 of the row."""

    key: Text = field("Key", "Key.", on_bad="reject", nullable=False, str_length=(1, 64))
    first: Text = field("First", "First name.", str_length=(1, 100))
    last: Text = field("Last", "Last name.", str_length=(1, 100))
    email: Text = field("E-mail", "E-mail.", str_matches=EMAIL)
    phone: Text = field("Phone", "Phone.", str_matches=PHONE)
    street: Text = field("Street", "Street.", str_length=(1, 200))
    postcode: Text = field("Postcode", "Postcode.", str_matches=POSTCODE)
    city: Text = field("City", "City.", str_length=(1, 100))
    region: Text = field("Region", "Region.", str_length=(1, 100))
    country: Text = field("Country", "Country.", str_matches=COUNTRY)
    born: Day = field("Born", "Birth.", ge=DAY_BOUND)
    age: Whole = field("Age", "Age.", ge=0, le=120)
    gender: Text = field("Gender", "Gender.", allowed=GENDERS)
    segment: Text = field("Segment", "Segment.", allowed=SEGMENTS)
    income: Real = field("Income", "Income.", ge=0)
    since: Day = field("Since", "Since.", on_bad="warn", ge=DAY_BOUND)
    consent: Flag = field("Consent", "Consent.")
    orders: Whole = field("Orders", "Orders.", on_bad="reject", nullable=False, ge=0, lt=100_000)
    spend: Real = field("Spend", "Spend.", in_range=(-1e6, 1e6))
    score: Real = field("Score", "Score.", ge=0, le=1)


MEMBERS = of_model(
    "members", "1.0", "Members", "one row per member", ("key",), Members, rules=(Rule("after_birth", "not_before", ("since", "born")),)
)
BAD: dict[str, Any] = {
    "key": "k" * 70, "first": "", "email": "nobody.example.org", "phone": "none", "street": "", "postcode": "?", "country": "Germany",
    "age": 130, "gender": "?", "segment": "lead", "income": -1.0, "orders": -1, "spend": 2e6, "score": 1.5,
    "since": pd.Timestamp("1890-01-01").date(),
}  # fmt: skip
"""What stands in bad cells."""


def table(rows: int, percent: int) -> pa.Table:
    """Rows with two bad cells each in so many percent of them, and gaps of their own."""
    dice = np.random.default_rng(1)
    named = {name: pa.array(words) for name, words in _words().items()}
    picked = {name: words.take(pa.array(dice.integers(0, len(words), rows))) for name, words in named.items()}
    number = pa.array(np.arange(rows)).cast(pa.string())
    day = np.datetime64("1940-01-01") + dice.integers(0, 20_000, rows)
    columns = {
        "key": pc.binary_join_element_wise("C", number, ""), "first": picked["first"], "last": picked["last"],
        "email": pc.binary_join_element_wise(pc.utf8_lower(picked["last"]), number, "@example.org", ""),
        "phone": pc.binary_join_element_wise("+49 30 ", number, ""),
        "street": pc.binary_join_element_wise(picked["street"], number, " "), "postcode": picked["postcode"],
        "city": picked["city"], "region": picked["region"], "country": picked["country"],
        "born": pa.array(day), "age": pa.array(dice.integers(18, 90, rows)), "gender": picked["gender"], "segment": picked["segment"],
        "income": pa.array(np.round(dice.random(rows) * 90_000, 2)), "since": pa.array(day + 7000),
        "consent": pa.array(dice.random(rows) < 0.5),
        "orders": pa.array(dice.integers(0, 60, rows)), "spend": pa.array(np.round(dice.random(rows) * 9000, 2)),
        "score": pa.array(dice.random(rows)),
    }  # fmt: skip
    gaps = {name: pa.array(dice.random(rows) < 0.1) for name in ("email", "phone", "income", "region", "gender")}
    columns |= {name: pc.if_else(gap, pa.scalar(None, columns[name].type), columns[name]) for name, gap in gaps.items()}
    return pa.table(_spoilt(columns, dice, rows, percent))


def _words() -> dict[str, list[str]]:
    return {
        "first": [f"Anna{n}" for n in range(900)], "last": [f"Müller{n}" for n in range(5000)],
        "street": [f"Lange Straße {n}" for n in range(3000)], "postcode": [f"{n:05d}" for n in range(1000, 9000)],
        "city": [f"Neustadt {n}" for n in range(2000)], "region": [f"Land {n}" for n in range(16)],
        "country": ["DE", "AT", "CH"], "gender": list(GENDERS), "segment": list(SEGMENTS),
    }  # fmt: skip


def _spoilt(columns: dict[str, pa.Array], dice: np.random.Generator, rows: int, percent: int) -> dict[str, pa.Array]:
    bad = np.flatnonzero(dice.random(rows) * 100 < percent)
    first = dice.integers(0, len(BAD), len(bad))
    second = (first + dice.integers(1, len(BAD), len(bad))) % len(BAD)
    for place, (name, value) in enumerate(BAD.items()):
        mask = np.zeros(rows, bool)
        mask[bad[(first == place) | (second == place)]] = True
        columns[name] = pc.if_else(pa.array(mask), pa.scalar(value, columns[name].type), columns[name])
    return columns


# ---- by hand


def rules(of: dict[str, pa.Array]) -> Iterator[tuple[str, str, pa.Array]]:
    """Every rule of the table: field, rule, and which rows pass it; null where there is nothing to judge."""
    for name, most in (("key", 64), ("first", 100), ("last", 100), ("street", 200), ("city", 100), ("region", 100)):
        length = pc.utf8_length(of[name])
        yield name, "str_length", pc.and_(pc.greater_equal(length, 1), pc.less_equal(length, most))
    for name, pattern in (("email", EMAIL), ("phone", PHONE), ("postcode", POSTCODE), ("country", COUNTRY)):
        yield name, "str_matches", pc.match_substring_regex(of[name], pattern)
    for name, codes in (("gender", GENDERS), ("segment", SEGMENTS)):
        known = pc.is_in(of[name], value_set=pa.array(codes), skip_nulls=True)
        yield name, "isin", pc.or_(known, of[name].is_null()) if of[name].null_count else known
    yield "age", "ge", pc.greater_equal(of["age"], 0)
    yield "age", "le", pc.less_equal(of["age"], 120)
    yield "income", "ge", pc.greater_equal(of["income"], 0.0)
    yield "orders", "ge", pc.greater_equal(of["orders"], 0)
    yield "orders", "lt", pc.less(of["orders"], 100_000)
    yield "spend", "in_range", pc.and_(pc.greater_equal(of["spend"], -1e6), pc.less_equal(of["spend"], 1e6))
    yield "score", "ge", pc.greater_equal(of["score"], 0.0)
    yield "score", "le", pc.less_equal(of["score"], 1.0)
    for name in ("born", "since"):
        yield name, "ge", pc.greater_equal(of[name], pa.scalar(DAY_BOUND))
    yield "since", "after_birth", pc.greater_equal(of["since"], of["born"])


def masks_by_hand(of: dict[str, pa.Array]) -> list[tuple[str, str, Mask]]:
    """Rules that any row fails, and these rows."""
    found = []
    for name in ("key", "orders"):
        if of[name].null_count:
            found.append((name, "not_null", of[name].is_null().to_numpy(zero_copy_only=False)))
    for name, rule, passed in rules(of):
        if pc.all(passed).as_py() is False:  # nulls do not count
            found.append((name, rule, pc.invert(pc.fill_null(passed, True)).to_numpy(zero_copy_only=False)))
    return found


def check_by_hand(of: dict[str, pa.Array]) -> tuple[dict[str, pa.Array], Mask, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The table with bad cells blank, rows that cannot be used, and failures by row: the row, and the place of its rule."""
    found, rejected, made = masks_by_hand(of), np.zeros(len(of["key"]), bool), dict(of)
    for name, _, bad in found:
        if name in ("key", "orders"):
            rejected |= bad
        elif name != "since":
            made[name] = pc.if_else(pa.array(bad), pa.scalar(None, made[name].type), made[name])
    rows = [np.flatnonzero(bad) for _, _, bad in found]
    row = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    rule = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    order = np.argsort(row, kind="stable")
    return made, rejected, row[order], rule[order]


# ---- measured


def main(rows: int) -> None:
    """Measure and print."""
    print(json.dumps({name: seconds for percent in SHARES for name, seconds in measured(rows, percent).items()}))


def measured(rows: int, percent: int) -> dict[str, float]:
    """CPU seconds of masks and of whole checks, ours and by hand, with so many percent of bad rows."""
    whole = table(rows, percent)
    of = {name: column.combine_chunks() for name, column in zip(whole.column_names, whole.columns, strict=True)}
    frame = whole.to_pandas(types_mapper=pd.ArrowDtype)
    columns = {name: Column(values, np.zeros(rows, np.uint8)) for name, values in of.items()}
    (masks, found), (masks_plain, plain) = by_turns(lambda: list(failing(MEMBERS.schema(), frame)), lambda: masks_by_hand(of))
    assert sum(int(one.bad.sum()) for one in found if one.bad is not None) == sum(int(bad.sum()) for _, _, bad in plain)
    (checked, judged), (checked_plain, outcome) = by_turns(lambda: check(columns, MEMBERS), lambda: check_by_hand(of))
    assert_same(judged, outcome)
    return {
        f"masks-{percent}": masks, f"masks-by-hand-{percent}": masks_plain,
        f"check-{percent}": checked, f"check-by-hand-{percent}": checked_plain,
    }  # fmt: skip


def assert_same(judged: Judged, plain: tuple[dict[str, pa.Array], Mask, npt.NDArray[np.int64], npt.NDArray[np.int64]]) -> None:
    """Compare the outcome of both ways.

    Raises
    ------
    AssertionError
        Where they differ.
    """
    made, rejected, row, _ = plain
    assert np.array_equal(judged.rejected, rejected), "other rows are rejected"
    assert np.array_equal(judged.row, row), "other failures"
    assert all(judged.columns[name].values.equals(values) for name, values in made.items()), "other cells are blank"


def by_turns(one: Callable[[], Any], other: Callable[[], Any]) -> list[tuple[float, Any]]:
    """CPU seconds of two acts, the median of five runs by turns, and their outcomes."""
    spent: list[list[float]] = [[], []]
    outcomes: list[Any] = [None, None]
    for _ in range(5):
        for n, act in enumerate((one, other)):
            before = process_time()
            outcomes[n] = act()
            spent[n].append(process_time() - before)
    return [(median(times), outcome) for times, outcome in zip(spent, outcomes, strict=True)]


if __name__ == "__main__":
    main(int(sys.argv[1]))
