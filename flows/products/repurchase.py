"""Who will buy again soon."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from contracts.fields import Field
from flows.product import Product
from flows.products.churn import DERIVED, derive

if TYPE_CHECKING:
    from enrichment.step import Step

HORIZON = 90


def fill(_as_of: date | None) -> tuple[Step, ...]:
    """Income by group, region by the first digits of the postcode."""
    from enrichment.fill import Median, MostFrequent

    return (Median("income", by=("segment",)), MostFrequent("region", by=("postcode",), digits=2))


def _number(name: str, title: str, meaning: str, unit: str) -> Field:
    whole = unit in ("orders", "pieces", "categories")
    return Field(name, title, meaning, pa.int64() if whole else pa.float64(), unit=unit)


HISTORY = (
    _number("orders", "Orders", "Orders up to the as-of date.", "orders"),
    _number("spend", "Spend", "Money spent up to the as-of date, returns taken off.", "currency"),
    _number("items", "Pieces bought", "Pieces bought up to the as-of date.", "pieces"),
    _number("returns", "Pieces returned", "Pieces sent back up to the as-of date.", "pieces"),
    _number("recency_days", "Days since the last order", "From the last order to the as-of date.", "days"),
    _number("tenure_days", "Days since the first order", "From the first order to the as-of date.", "days"),
    _number("mean_basket", "Mean basket", "Money per order, returns not taken off.", "currency"),
    _number("mean_gap_days", "Mean days between orders", "Between different days of ordering; none for a customer with one.", "days"),
    _number("orders_90", "Orders in 90 days", "Orders in the last 90 days.", "orders"),
    _number("spend_90", "Spend in 90 days", "Money spent in the last 90 days, returns taken off.", "currency"),
    _number("categories", "Categories", "Different product categories bought.", "categories"),
    _number("online_share", "Share of online orders", "Orders by shop or app, of all orders.", "share"),
)

PRODUCT = Product(
    name="repurchase",
    title="Repurchase",
    question=f"Who will buy again in the next {HORIZON} days?",
    event=f"Probability to buy within {HORIZON} days",
    kind="propensity",
    base="customers",
    needs=("transactions",),
    better_with=("events",),
    label="repurchased",
    horizon_days=HORIZON,
    before=derive,
    after=fill,
    derived=(*DERIVED, *HISTORY),
    left_out=("order_count", "total_spend"),
)
