"""Who will say yes to this offer."""

from __future__ import annotations

from flows.product import Product
from flows.products.churn import DERIVED, derive

PRODUCT = Product(
    name="response", title="Response", question="Who will say yes to this offer?", event="Probability to say yes", kind="propensity",
    base="prospects", better_with=("transactions",), label="responded", before=derive, derived=DERIVED,
)  # fmt: skip
