"""Histories: equal to those of the rehearsal's research table, and to a plain count for any lines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment.history import FEATURES, HISTORY, history, outcome
from enrichment.joined import bucket_of
from enrichment.lines import ONLINE
from flows.rehearsal.customers import customer_ids
from flows.rehearsal.history import bought_after, buy
from flows.rehearsal.history import history as research_history
from flows.rehearsal.population import CUSTOMERS, people
from flows.rehearsal.transactions import transaction_rows

EPOCH = date(1970, 1, 1)
DAY = 20_600
AS_OF = EPOCH + timedelta(days=DAY)
ZONE = "Europe/Berlin"
SIZE = 3000

SCHEMA = pa.schema([
    ("order_id", pa.string()), ("line_id", pa.string()), ("customer_id", pa.string()), ("ordered_at", pa.timestamp("us", tz="UTC")),
    ("category", pa.string()), ("quantity", pa.float64()), ("unit_price", pa.float64()), ("amount", pa.float64()), ("channel", pa.string()),
    ("cancelled", pa.bool_()),
])  # fmt: skip


def lines(*rows: Mapping[str, Any]) -> pa.Table:
    """Order lines; what a row does not name is as given here."""
    usual = {"order_id": "1", "line_id": "1", "customer_id": "a", "ordered_at": at(0), "quantity": 1.0, "amount": 10.0}
    return pa.Table.from_pylist([{**usual, **row} for row in rows], schema=SCHEMA)


def at(before: int) -> datetime:
    """Noon of a day before the as-of date."""
    return datetime(AS_OF.year, AS_OF.month, AS_OF.day, 12, tzinfo=UTC) - timedelta(days=before)


def features(table: pa.Table, customer: str = "a") -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {row["customer_id"]: row for row in history(table, AS_OF, ZONE).to_pylist()}
    return found[customer]


@pytest.fixture(scope="module")
def rehearsed() -> tuple[Any, Any, pa.Table]:
    who = people(7, CUSTOMERS, np.arange(SIZE), SIZE, DAY)
    bought = buy(7, CUSTOMERS, who, 2.5, DAY)
    return who, bought, transaction_rows(7, who, bought, -1_000_000, DAY + 90).truth


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_is_the_one_of_the_research_table(rehearsed: tuple[Any, Any, pa.Table], name: str) -> None:
    who, bought, table = rehearsed
    mine = history(table, AS_OF, ZONE)
    place = pc.index_in(mine.column("customer_id"), value_set=customer_ids(who.number)).to_numpy()
    known = getattr(research_history(bought, SIZE, DAY), name)[place].astype(np.float64)
    np.testing.assert_array_equal(mine.column(name).to_numpy().astype(np.float64), known)
    assert mine.num_rows > 2000
    assert np.isfinite(known).any()


def test_the_outcome_is_the_one_of_the_research_table(rehearsed: tuple[Any, Any, pa.Table]) -> None:
    who, bought, table = rehearsed
    mine = outcome(table, AS_OF, 90, ZONE)
    known = pa.array(bought_after(bought, SIZE, DAY)[0] > 0)
    place = pc.index_in(mine.column("customer_id"), value_set=customer_ids(who.number))
    assert mine.column("bought").to_pylist() == known.take(place).to_pylist()
    assert pc.sum(mine.column("bought")).as_py() == pc.sum(known).as_py() > 100


def test_a_return_alone_is_no_order() -> None:
    found = features(lines({"quantity": -2.0, "amount": -20.0}))
    assert found["orders"] == found["items"] == found["orders_90"] == 0
    assert (found["returns"], found["spend"], found["spend_90"]) == (2.0, -20.0, -20.0)
    assert [found[name] for name in ("recency_days", "tenure_days", "mean_basket", "mean_gap_days", "online_share")] == [None] * 5


def test_the_last_day_counts_and_the_next_does_not() -> None:
    midnight = datetime(2026, 5, 27, 22, 0, tzinfo=UTC)  # 28 May in Berlin
    table = lines({"ordered_at": midnight - timedelta(seconds=1)}, {"order_id": "2", "ordered_at": midnight})
    assert [history(table, date(2026, 5, day), ZONE)["orders"].to_pylist() for day in (26, 27, 28)] == [[], [1], [2]]
    assert history(table, date(2026, 5, 27), "UTC")["orders"].to_pylist() == [2]


def test_the_ninetieth_day() -> None:
    assert [features(lines({"ordered_at": at(before)}))["orders_90"] for before in (0, 89, 90)] == [1, 1, 0]


def test_cancelled_lines_are_left_out() -> None:
    table = lines({"cancelled": True}, {"order_id": "2", "cancelled": False}, {"order_id": "3", "cancelled": None})
    assert features(table)["orders"] == 2
    assert history(table.filter(pc.field("order_id") == "1"), AS_OF, ZONE).num_rows == 0
    assert outcome(lines({"ordered_at": at(-5), "cancelled": True}), AS_OF, 90, ZONE).num_rows == 0


def test_amounts_come_from_quantity_and_price() -> None:
    table = lines({"quantity": 3.0, "unit_price": 0.1, "amount": None}, {"quantity": 2.0, "unit_price": 5.0, "amount": 9.0})
    assert features(table)["spend"] == 9.3
    assert features(table.drop(["amount"]))["spend"] == 10.3


def test_quantities_come_from_amount_and_price_where_that_is_sure() -> None:
    sure = {"quantity": None, "unit_price": 9.99, "amount": 29.97}
    back = {"quantity": None, "unit_price": 9.99, "amount": -9.99}
    vague = {"quantity": None, "unit_price": 9.99, "amount": 7.5}
    found = features(lines(sure, back, vague))
    assert (found["items"], found["returns"]) == (3.0, 1.0)


def test_without_a_quantity_a_negative_amount_is_a_return() -> None:
    table = lines(
        {"quantity": None, "amount": -5.0},
        {"order_id": "2", "quantity": None, "amount": 7.0},
        {"order_id": "3", "quantity": None, "amount": None},
    )
    assert features(table)["orders"] == 2


def test_fields_that_are_missing_altogether_give_null() -> None:
    bare = lines({}).select(["order_id", "line_id", "customer_id", "ordered_at"])
    found = features(bare)
    assert found["orders"] == 1
    assert {name for name in FEATURES if found[name] is None} == {
        "spend", "items", "returns", "mean_basket", "mean_gap_days", "spend_90", "categories", "online_share",
    }  # fmt: skip


def test_an_order_of_many_lines_and_a_number_used_by_two() -> None:
    table = lines(
        {"category": "x", "channel": "store"}, {"line_id": "2", "category": "y", "channel": None, "ordered_at": at(3)},
        {"customer_id": "b", "channel": "app"},
    )  # fmt: skip
    mine, other = features(table), features(table, "b")
    assert (mine["orders"], mine["recency_days"], mine["categories"], mine["mean_basket"], mine["online_share"]) == (1, 3.0, 2, 20.0, 0.0)
    assert (other["orders"], other["online_share"], other["categories"]) == (1, 1.0, None)


def test_lines_of_nobody_and_no_lines() -> None:
    assert history(lines({"customer_id": None}), AS_OF, ZONE).num_rows == 0
    empty = history(SCHEMA.empty_table(), AS_OF, ZONE)
    assert (empty.num_rows, empty.schema) == (0, HISTORY)
    assert outcome(SCHEMA.empty_table(), AS_OF, 90, ZONE).num_rows == 0


def test_the_outcome_looks_so_far_and_no_further() -> None:
    table = lines(
        {"customer_id": "today"}, {"customer_id": "first day", "ordered_at": at(-1)}, {"customer_id": "last day", "ordered_at": at(-90)},
        {"customer_id": "too late", "ordered_at": at(-91)}, {"customer_id": "back", "ordered_at": at(-2), "quantity": -1.0},
        {"customer_id": "unknown", "ordered_at": at(-2), "quantity": None, "amount": None},
    )  # fmt: skip
    found = dict(zip(*outcome(table, AS_OF, 90, ZONE).to_pydict().values(), strict=True))
    assert found == {"today": False, "first day": True, "last day": True, "back": False, "unknown": True}


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


CENTS = st.integers(-99_999, 99_999).map(lambda cents: cents / 100)
LINE = st.fixed_dictionaries({
    "order_id": st.sampled_from(["1", "2", "3", "4", "5"]), "customer_id": st.sampled_from(["a", "b", "c", "ä", ""]),
    "ordered_at": st.integers(-20, 200).map(at), "quantity": maybe(st.sampled_from([-2.0, 0.0, 1.0, 2.0, 1.5])),
    "unit_price": maybe(st.just(7.3)), "amount": maybe(CENTS), "category": maybe(st.sampled_from(["x", "y", ""])),
    "channel": maybe(st.sampled_from(["online", "app", "store"])), "cancelled": maybe(st.booleans()),
})  # fmt: skip
TABLES = st.lists(LINE, max_size=25).map(lambda rows: lines(*rows))


def plainly(table: pa.Table) -> dict[str, dict[str, Any]]:
    """The same features, counted line by line."""
    mine: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        day = (AS_OF - row["ordered_at"].date()).days  # noon is the same day in Berlin
        if row["cancelled"] or day < 0:
            continue
        quantity, price, amount = row["quantity"], row["unit_price"], row["amount"]
        if (
            quantity is None
            and amount is not None
            and price
            and round(amount / price)
            and abs(amount / price - round(amount / price)) <= 0.01
        ):
            quantity = float(round(amount / price))
        if amount is None and row["quantity"] is not None and price is not None:
            amount = row["quantity"] * price
        bought = quantity > 0 if quantity is not None else not (amount is not None and amount < 0)
        mine.setdefault(row["customer_id"], []).append({**row, "before": day, "quantity": quantity, "amount": amount, "bought": bought})
    return {customer: plain_features(rows) for customer, rows in mine.items()}


def plain_features(rows: list[dict[str, Any]]) -> dict[str, Any]:
    bought = [row for row in rows if row["bought"]]
    orders = {row["order_id"]: [other for other in bought if other["order_id"] == row["order_id"]] for row in bought}
    days = {order: max(row["before"] for row in found) for order, found in orders.items()}
    channels = [{row["channel"] for row in found} - {None} for found in orders.values()]
    known = [found for found in channels if found]

    def total(some: list[dict[str, Any]], name: str) -> float:
        return float(sum(row[name] for row in some if row[name] is not None))

    def told(some: list[dict[str, Any]], name: str) -> bool:
        return any(row[name] is not None for row in some)

    distinct = len(set(days.values()))
    return {
        "orders": len(orders), "spend": total(rows, "amount") if told(rows, "amount") else None,
        "items": total(bought, "quantity") if told(rows, "quantity") else None,
        "returns": sum(max(-(row["quantity"] or 0), 0) for row in rows) if told(rows, "quantity") else None,
        "recency_days": min(days.values()) if days else None, "tenure_days": max(days.values()) if days else None,
        "mean_basket": total(bought, "amount") / len(orders) if told(bought, "amount") else None,
        "mean_gap_days": (max(days.values()) - min(days.values())) / (distinct - 1) if distinct > 1 else None,
        "orders_90": sum(day < 90 for day in days.values()),
        "spend_90": total([row for row in rows if row["before"] < 90], "amount") if told(rows, "amount") else None,
        "categories": len({row["category"] for row in bought} - {None}) if told(rows, "category") else None,
        "online_share": sum(bool(found & set(ONLINE)) for found in known) / len(known) if known else None,
    }  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_any_history_is_the_plain_count(table: pa.Table) -> None:
    mine, known = {row.pop("customer_id"): row for row in history(table, AS_OF, ZONE).to_pylist()}, plainly(table)
    assert set(mine) == set(known)
    for customer, found in known.items():
        for name, value in found.items():
            here = mine[customer][name]
            assert here == value or (None not in (here, value) and math.isclose(here, value, rel_tol=1e-9, abs_tol=1e-6)), (customer, name)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(table: pa.Table, chance: Any) -> None:
    rows = list(range(table.num_rows))
    chance.shuffle(rows)
    shuffled = table.take(pa.array(rows, pa.int64()))
    assert by_customer(history(table, AS_OF, ZONE)) == by_customer(history(shuffled, AS_OF, ZONE))


@settings(max_examples=60, deadline=None)
@given(TABLES, st.integers(0, 3))
def test_the_histories_of_buckets_are_those_of_the_whole(table: pa.Table, bits: int) -> None:
    bucket = bucket_of(table["customer_id"], bits)
    parts = [history(table.filter(pa.array(bucket == number)), AS_OF, ZONE) for number in range(1 << bits)]
    assert by_customer(pa.concat_tables(parts)) == by_customer(history(table, AS_OF, ZONE))
    labels = [outcome(table.filter(pa.array(bucket == number)), AS_OF, 15, ZONE) for number in range(1 << bits)]
    assert by_customer(pa.concat_tables(labels)) == by_customer(outcome(table, AS_OF, 15, ZONE))


def by_customer(table: pa.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=lambda row: str(row["customer_id"]))


def test_dictionaries_and_dates_are_read_as_well() -> None:
    table = lines({"category": "x", "channel": "app"}, {"order_id": "2", "ordered_at": at(30), "category": None, "channel": "store"})
    coded = table.set_column(3, "ordered_at", table["ordered_at"].cast(pa.date32()))
    for name in ("order_id", "customer_id", "category", "channel"):
        coded = coded.set_column(coded.column_names.index(name), name, coded[name].dictionary_encode())
    assert history(coded, AS_OF, ZONE).equals(history(table, AS_OF, ZONE))
