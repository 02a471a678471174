"""Which contract a file is for: by the fields that only one of them has, and by what must be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from connectors.proposing.headers import header
from connectors.proposing.parts import Source
from connectors.spec.column import RESERVED

CANDIDATES = ("customers", "subscribers", "prospects", "transactions")
NO_CONTRACT = "none"
ENOUGH = 3.0
OWN_ENOUGH = 2.5
OWN: Mapping[str, Mapping[str, float]] = {
    "subscribers": {
        "tenure_months": 2, "contract_term": 3, "monthly_charge": 3, "total_charge": 2, "payment_method": 0.5, "churned": 3,
    },
    "prospects": {
        "previous_contacts": 2, "days_since_contact": 2, "previous_outcome": 2, "contact_channel": 1, "contacted_on": 2, "contact_month": 1,
        "responded": 3,
    },
    "customers": {
        "first_name": 1.5, "last_name": 1.5, "salutation": 1, "email": 2, "phone": 1.5, "street": 1, "city": 1, "region": 0.5,
        "postcode": 1, "country": 0.3,
        "birth_date": 2, "age": 1.5, "age_band": 1, "gender": 1.5, "marital_status": 1.5, "education": 1.5, "occupation": 1,
        "income": 1.5, "signup_date": 0.5, "marketing_consent": 1, "preferred_channel": 0.5, "segment": 0.3, "order_count": 1,
        "total_spend": 1, "last_order_date": 1,
    },
    "transactions": {
        "order_id": 2, "line_id": 0.5, "customer_id": 1, "ordered_at": 2, "product_id": 1.5, "product_name": 1, "category": 0.3,
        "quantity": 2, "unit_price": 1.5, "amount": 1.5, "currency": 0.3, "channel": 0.2, "country": 0.2,
    },
}  # fmt: skip
"""What a field says for a contract."""
ORDERS = 8.0
"""A file of orders is one even where much of it is about the people who ordered."""


def score(contract: str, found: Mapping[str, Source], headers: Sequence[str]) -> float:
    """How much speaks for a contract; 0 where something that it must have is lacking."""
    weights = dict(OWN[contract])
    if contract in ("subscribers", "prospects"):
        own = _sum(found, weights)
        return own + _sum(found, OWN["customers"]) + _keyed(found) if own >= OWN_ENOUGH else 0.0
    if contract == "transactions":
        return _sum(found, weights) + ORDERS if not left(headers) and (_orders(found) or log(found, len(headers))) else 0.0
    total = _sum(found, weights)
    return total + _keyed(found) if _people(found) else 0.0


def best(scores: Mapping[str, float]) -> str:
    """The contract with the highest score, or that there is none.

    Examples
    --------
    >>> best({"customers": 1.0, "transactions": 0.0}), best({"customers": 6.0, "prospects": 9.0})
    ('none', 'prospects')
    """
    name = max(scores, key=lambda contract: scores[contract])
    return name if scores[name] >= ENOUGH else NO_CONTRACT


def share(points: float) -> float:
    """A score as a number from 0 to 1."""
    return points / (points + ENOUGH)


def _sum(found: Mapping[str, Source], weights: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) * max(0.0, source.evidence.confidence) for name, source in found.items() if _real(source))


def _real(source: Source) -> bool:
    return not set(source.columns) & set(RESERVED) and source.evidence.points != 0.0


def _keyed(found: Mapping[str, Source]) -> float:
    key = found.get("customer_id")
    return 1.0 if key and _real(key) and "customer" in header(key.columns[0]).words else 0.0


def _people(found: Mapping[str, Source]) -> bool:
    """Something of a person that has a value: a name, a way to reach them, an age."""
    told = {
        name
        for name in ("first_name", "last_name", "email", "phone", "birth_date", "age", "gender")
        if name in found and _real(found[name])
    }
    key = found.get("customer_id")
    named = key is not None and _real(key) and "customer" in header(key.columns[0]).words
    places = {
        name for name in ("street", "city", "postcode", "income", "order_count", "total_spend") if name in found and _real(found[name])
    }
    columns = {name for source in found.values() if _real(source) for name in source.columns}
    return (bool(told) and (len(columns) > 2 or "email" in told)) or (named and len(places) > 1)


def _orders(found: Mapping[str, Source]) -> bool:
    """A time, something that was bought or paid, and an order or somebody who bought; the few columns of a bare log of purchases, too."""
    moment = found.get("ordered_at")
    if moment is None or not _real(moment):
        return False
    strong = {name for name, source in found.items() if _real(source) and source.evidence.name >= 0.75}
    bought = strong & {"quantity", "unit_price", "amount"} or strong & {"product_id"}
    whose = "order_id" in strong and bool(_words(found["order_id"]) & {"order", "invoice", "name"})
    customer = "customer_id" in strong and _words(found["customer_id"]) != {"id"}
    return bool(bought) and (whose or customer)


def left(names: Iterable[str]) -> bool:
    """Carts that were left behind: nobody bought anything."""
    return any("abandoned" in name.casefold() for name in names)


def log(found: Mapping[str, Source], columns: int) -> bool:
    """No more than a date and whose it is: purchases, where nothing else is said."""
    whose = found.get("customer_id")
    return columns <= 4 and "ordered_at" in found and _real(found["ordered_at"]) and whose is not None and _real(whose)


def _words(source: Source) -> frozenset[str]:
    return frozenset().union(*(header(name).words for name in source.columns))
