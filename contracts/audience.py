"""What the audience product delivers: who is to be addressed, who is not, and who is the control, one row per customer."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Real, Text, Whole, field

DECISIONS = ("include", "exclude", "control")


class Audience(DataFrameModel):
    """Customers like those of a seed list, and what is to be done with each."""

    customer_id: Text = field("Customer id", "The client's own key.", role="key", on_bad="reject", nullable=False, unique=True)
    decision: Text = field("Decision", "Address the customer, leave the customer out, or keep the customer as control.", role="info",
        nullable=False, allowed=DECISIONS)
    likeness: Real | None = field("Likeness", "Probability that the customer is one of the seed list rather than of the others.",
        unit="probability", role="info", ge=0, le=1)
    rank: Whole | None = field("Rank", "1 is the most alike; null for who is left out by a rule.", role="info", ge=1)
    reason: Text | None = field("Reason", "The rule that decided: no consent, on the seed list, below the cut.", role="info")
    model: Text = field("Model", "Name of the model.", role="info", nullable=False)
    model_version: Text = field("Model version", "Version of the model.", role="info", nullable=False)


CONTRACT = of_model(
    "audience", "1.0", "Audience", "one row per customer", ("customer_id",), Audience, direction="output",
    repeats="There are none: each customer has one row.",
)  # fmt: skip
