"""What the lifetimes product delivers, one row per customer."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Real, Text, Whole, field
from contracts.scores import BANDS


class Lifetimes(DataFrameModel):
    """One row per customer with at least one purchase."""

    customer_id: Text = field("Customer id", "The client's own key.", role="key", on_bad="reject", nullable=False, unique=True)
    model: Text = field("Model", "Name of the model.", role="info", nullable=False)
    model_version: Text = field("Model version", "Version of the model.", role="info", nullable=False)
    score: Real = field("Will buy", "Probability of at least one purchase in the horizon.", unit="probability", on_bad="reject",
        nullable=False, ge=0, le=1)
    expected_purchases: Real = field("Expected purchases", "Purchase days expected in the horizon.", unit="purchase days", nullable=False,
        ge=0)
    band: Text = field("Band", "Group by rank: the first 10 %, the next 20 %, the next 40 %, the rest.", role="info", nullable=False,
        allowed=BANDS)
    rank: Whole = field("Rank", "1 is the highest score.", role="info", nullable=False, ge=1)
    purchases: Whole = field("Purchases", "Days with a purchase so far.", unit="purchase days", nullable=False, ge=1)
    repeats: Whole = field("Repeats", "Purchase days after the first.", unit="purchase days", nullable=False, ge=0)
    last_purchase_days: Real = field("Last purchase", "Days from the first to the last purchase.", unit="days", nullable=False, ge=0)
    observed_days: Real = field("Observed", "Days from the first purchase to the as-of date.", unit="days", nullable=False, ge=0)


CONTRACT = of_model(
    "lifetimes", "1.0", "Lifetimes", "one row per customer with at least one purchase", ("customer_id",), Lifetimes, direction="output",
    repeats="There are none: each customer has one row.",
)  # fmt: skip
