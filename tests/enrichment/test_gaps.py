"""What order lines lack, counted."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from enrichment.gaps import assumptions, gaps

MOMENT = datetime(2026, 5, 1, tzinfo=UTC)


def test_gaps_are_counted_on_usable_lines() -> None:
    table = pa.table({
        "order_id": list("12345"), "customer_id": ["a", "a", "a", None, "b"], "ordered_at": [MOMENT] * 5,
        "quantity": [2.0, None, -1.0, 1.0, None], "unit_price": [5.0, 3.0, None, 1.0, None], "amount": [None, 9.0, None, 1.0, None],
        "cancelled": [False, None, False, False, True],
    })  # fmt: skip
    assert gaps(table) == {
        "lines": 5,
        "usable": 3,
        "cancelled": 1,
        "returned": 1,
        "amount computed": 1,
        "amount unknown": 1,
        "quantity computed": 1,
        "quantity unknown": 0,
    }


def test_bare_lines() -> None:
    found = gaps(pa.table({"order_id": ["1"], "customer_id": ["a"], "ordered_at": [MOMENT]}))
    assert (found["usable"], found["amount unknown"], found["quantity unknown"]) == (1, 1, 1)


@pytest.mark.parametrize(("unknown", "verdict"), [(0, "held"), (4, "held"), (6, "refuted")])
def test_many_unknown_amounts_refute_that_sums_are_whole(unknown: int, verdict: str) -> None:
    assert assumptions({"usable": 100, "amount unknown": unknown})[0].verdict == verdict
    assert assumptions({})[0].verdict == "untested"
