"""What the segments product delivers, one row per customer."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Real, Text, field


class Segments(DataFrameModel):
    """The kind of customer that each one is, and how surely."""

    customer_id: Text = field("Customer id", "The client's own key.", role="key", on_bad="reject", nullable=False, unique=True)
    model: Text = field("Model", "Name of the model.", role="info", nullable=False)
    model_version: Text = field("Model version", "Version of the model.", role="info", nullable=False)
    segment: Text = field("Segment", "Code of the segment.", role="info", nullable=False, str_length=(1, 60))
    segment_title: Text = field("Segment title", "What the customers of the segment have in common, in a few words.", role="info",
        nullable=False, str_length=(1, 120))
    fit: Real = field("Fit", "How well the customer fits the segment: 1 at its centre, 0 half-way to the next one.", unit="share",
        role="info", nullable=False, ge=0, le=1)
    next_segment: Text | None = field("Next segment", "Code of the segment that is the second best.", role="info", str_length=(1, 60))
    stability: Real | None = field("Stability", "Share of repeated runs on other samples that put the customer into the same segment.",
        unit="share", role="info", ge=0, le=1)


CONTRACT = of_model(
    "segments", "1.0", "Segments", "one row per customer", ("customer_id",), Segments, direction="output",
    repeats="There are none: each customer has one row.",
)  # fmt: skip
