"""What can be delivered: one module a product, each with a frozen `PRODUCT`.

May import `flows.product`, `contracts` and, inside its steps, `enrichment`. A new product is one module here, named in `SHIPPED`.
"""

from __future__ import annotations

from importlib import import_module

from rapidfuzz import process

from contracts.errors import SettingsError
from flows.product import Product

SHIPPED = ("churn", "lifetimes", "repurchase", "response")


def get(name: str) -> Product:
    """A product by name.

    Raises
    ------
    SettingsError
        PRODUCT-UNKNOWN, with the closest name.

    Examples
    --------
    >>> get("lifetimes").question
    'Who is still a customer, and how many purchases are to be expected?'
    """
    if name not in SHIPPED:
        near = process.extractOne(name, SHIPPED, score_cutoff=60)
        raise SettingsError(
            "PRODUCT-UNKNOWN", f"there is no product {name!r}", expected=", ".join(SHIPPED),
            hint=f"did you mean {near[0]!r}?" if near else "millrace products lists what can be delivered, and for which clients",
        )  # fmt: skip
    product: Product = import_module(f"flows.products.{name}").PRODUCT
    return product


def every() -> tuple[Product, ...]:
    """All products, by name."""
    return tuple(get(name) for name in SHIPPED)


def serving(contracts: set[str]) -> tuple[str, ...]:
    """Names of the products that some contracts are enough for.

    Examples
    --------
    >>> serving({"transactions"})
    ('lifetimes',)
    """
    return tuple(product.name for product in every() if set(product.contracts) <= contracts)


__all__ = ["churn", "lifetimes", "repurchase", "response"]
