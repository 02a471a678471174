"""Who is in which arm of an experiment, one row per customer and experiment; the read-out joins it with what happened."""

from __future__ import annotations

from pandera.pandas import DataFrameModel

from contracts.contract import of_model
from contracts.fields import Moment, Real, Text, field


class Assignments(DataFrameModel):
    """Arms as they were drawn, before anybody was addressed."""

    experiment: Text = field("Experiment", "Name of the experiment.", role="key", on_bad="reject", nullable=False, str_length=(1, 100))
    customer_id: Text = field("Customer id", "The client's own key.", role="key", on_bad="reject", nullable=False)
    arm: Text = field("Arm", "Group that the customer was drawn into: a treatment, or control.", role="info", on_bad="reject",
        nullable=False, str_length=(1, 100))
    assigned_at: Moment = field("Assigned at", "Moment of the draw, in UTC.", role="info", nullable=False)
    probability: Real = field("Probability", "Chance that the draw had of this arm for this customer.", unit="probability", role="info",
        on_bad="reject", nullable=False, gt=0, le=1)
    stratum: Text | None = field("Stratum", "Group within which was drawn; null where there was one draw for all.", role="info")


CONTRACT = of_model(
    "assignments", "1.0", "Assignments", "one row per customer and experiment", ("experiment", "customer_id"), Assignments,
    direction="output", repeats="There are none: a customer is drawn once in an experiment.",
)  # fmt: skip
