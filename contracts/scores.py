"""What a supervised product delivers, one row per customer."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Real, Text, Whole, field

BANDS = ("very high", "high", "medium", "low")


class Scores(DataFrameModel):
    """One row per scored customer."""

    customer_id: Text = field("Customer id", "The client's own key.", role="key", on_bad="reject", nullable=False, unique=True)
    model: Text = field("Model", "Name of the model.", role="info", nullable=False)
    model_version: Text = field("Model version", "Version of the model.", role="info", nullable=False)
    score: Real = field("Score", "Probability of the event the product asks about.", unit="probability", on_bad="reject", nullable=False,
        ge=0, le=1)
    band: Text = field("Band", "Group by rank: the first 10 %, the next 20 %, the next 40 %, the rest.", role="info", nullable=False,
        allowed=BANDS)
    rank: Whole = field("Rank", "1 is the highest score.", role="info", nullable=False, ge=1)
    reasons: Text | None = field("Reasons", "The inputs that moved this score most; null beyond the first ranks.", role="info")
    supplied: Whole = field("Supplied", "Inputs of this row that the client sent.", unit="inputs", role="info", nullable=False, ge=0)
    repaired: Whole = field("Repaired", "Inputs settled from damaged values.", unit="inputs", role="info", nullable=False, ge=0)
    derived: Whole = field("Derived", "Inputs computed from others.", unit="inputs", role="info", nullable=False, ge=0)
    looked_up: Whole = field("Looked up", "Inputs taken from a table by a key.", unit="inputs", role="info", nullable=False, ge=0)
    imputed: Whole = field("Imputed", "Inputs filled with a usual value.", unit="inputs", role="info", nullable=False, ge=0)
    absent: Whole = field("Absent", "Inputs left empty.", unit="inputs", role="info", nullable=False, ge=0)


CONTRACT = of_model(
    "scores", "1.0", "Scores", "one row per scored customer", ("customer_id",), Scores, direction="output",
    repeats="There are none: each customer has one row.",
)  # fmt: skip
