"""What the recommendations product delivers, one row per customer and place on the list."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Flag, Real, Text, Whole, field


class Recommendations(DataFrameModel):
    """What to offer to whom, best first."""

    customer_id: Text = field("Customer id", "The client's own key.", role="key", on_bad="reject", nullable=False)
    rank: Whole = field("Rank", "Place on the customer's list; 1 is the best.", role="key", on_bad="reject", nullable=False, ge=1)
    item_id: Text = field("Item id", "The client's own key of the item.", role="info", nullable=False, str_length=(1, 200))
    score: Real = field("Score", "How much speaks for the item, to be compared within one customer only.", role="info", nullable=False)
    reason: Text | None = field("Reason", "An item of the customer that this one is like, or that it is popular.", role="info")
    known: Flag = field("Known", "The customer had to do with the item before.", role="info", nullable=False)
    model: Text = field("Model", "Name of the model.", role="info", nullable=False)
    model_version: Text = field("Model version", "Version of the model.", role="info", nullable=False)


CONTRACT = of_model(
    "recommendations", "1.0", "Recommendations", "one row per customer and recommended item", ("customer_id", "rank"), Recommendations,
    direction="output", repeats="There are none: each place on a customer's list is one row.",
)  # fmt: skip
