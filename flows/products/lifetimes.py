"""Who is still a customer, and how many purchases to expect; fitted on the submission itself."""

from __future__ import annotations

from flows.product import Product

PRODUCT = Product(
    name="lifetimes", title="Lifetimes", question="Who is still a customer, and how many purchases are to be expected?",
    event="Probability of at least one purchase in the next 90 days", kind="lifetimes", base="transactions", better_with=("customers",),
    output="lifetimes", horizon_days=90, gates=("rows",),
)  # fmt: skip
