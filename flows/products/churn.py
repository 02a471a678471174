"""Who is about to leave."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from contracts.fields import Field
from flows.product import Product

if TYPE_CHECKING:
    from enrichment.step import Step


def derive(as_of: date | None) -> tuple[Step, ...]:
    """Age and time since sign-up, where the file has the days, or the years of birth."""
    from enrichment.days import Age, AgeByYear, DaysSince

    return () if as_of is None else (Age(as_of), AgeByYear(as_of), DaysSince("signup_date", "signup_days", as_of))


DERIVED = (
    Field("age", "Age", "Age in completed years on the as-of date.", pa.int64(), unit="years", personal="quasi"),
    Field("signup_days", "Days since sign-up", "Days from the sign-up to the as-of date.", pa.int64(), unit="days"),
)

PRODUCT = Product(
    name="churn", title="Churn", question="Who is about to leave?", event="Probability to leave", kind="propensity", base="subscribers",
    better_with=("transactions", "events"), label="churned", before=derive, derived=DERIVED,
)  # fmt: skip
