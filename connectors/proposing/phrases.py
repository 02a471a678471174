"""Further names of fields, and the meanings that a header may or may not have beside a field's name: more than `lexicon` has."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from connectors.proposing import lexicon


def _all(words: str) -> frozenset[str]:
    return frozenset(words.split())


PHRASES: Mapping[str, tuple[str, ...]] = {
    "customer_id": (
        "customer code",
        "customer reference",
        "account number",
        "account id",
        "subscriber key",
        "contract account",
    ),
    "salutation": ("social title", "salutation code"),
    "full_name": ("contact name",),
    "phone": ("contact number",),
    "street": ("street house", "street house number", "postal address", "address house number"),
    "city": ("post town", "city of residence"),
    "marital_status": ("civil status", "civil state", "familial status", "familial situation", "civil"),
    "occupation": ("line of work", "employment status", "title"),
    "income": ("household income",),
    "marketing_consent": ("email consent", "email status", "marketing status"),
    "segment": (
        "customer type",
        "client type",
        "loyalty tier",
        "loyalty level",
        "loyalty status",
        "membership level",
        "membership type",
        "level",
    ),
    "order_count": ("payment count", "count of invoices"),
    "total_spend": ("total billed amount", "cumulative revenue", "facturación total", "importe total", "total amount"),
    "last_order_date": ("last invoice",),
    "tenure_months": ("months since", "customer since months"),
    "contract_term": ("commitment", "tenure", "looptijd", "contract commitment", "tipo de contrato", "type de contrat"),
    "monthly_charge": ("month amount", "month price", "monthly bill", "monthly rate"),
    "total_charge": ("total invoiced", "billed to date", "total billed"),
    "contact_channel": ("contact type", "tipo de contacto", "contacted via", "type de contact"),
    "contacted_on": ("date of call",),
    "previous_outcome": (
        "result of last campaign",
        "previous campaign result",
        "résultat campagne précédente",
        "resultado campaña anterior",
        "Ergebnis letzte Kampagne",
        "resultaat vorige campagne",
    ),
    "responded": ("accepted offer", "said yes"),
    "order_id": ("order code",),
    "ordered_at": ("booked on", "invoice date"),
    "product_id": ("reference", "product reference", "product key"),
    "product_name": ("order line description", "product description"),
    "category": ("product family", "famille", "product department", "group"),
    "unit_price": ("item cost", "cost per unit"),
    "amount": ("price total", "price amount", "line value"),
    "channel": ("order source", "order method"),
}
"""Further names of fields, after those of the contracts."""

ALLOWS: Mapping[str, frozenset[str]] = {
    "age": _all("annual"),
    "country": _all("id"),
    "region": _all("id"),
    "currency": _all("id"),
    "occupation": _all("group status"),
    "tenure_months": _all("count since customer contract"),
    "monthly_charge": _all("unit charge amount price"),
    "contract_term": _all("commitment customer"),
    "days_since_contact": _all("last previous"),
    "gender": _all("code contact"),
    "marital_status": _all("code"),
    "education": _all("code"),
    "marketing_consent": _all("consent online signup"),
    "segment": _all("code loyalty customer"),
    "total_spend": _all("customer amount total"),
    "order_count": _all("total"),
    "product_id": _all("line order id"),
    "category": _all("code product id"),
    "product_name": _all("line description name"),
    "line_id": _all("order invoice"),
    "amount": _all("total line"),
    "payment_method": _all("code"),
    "previous_contacts": _all("count"),
    "contact_month": _all("name"),
    "street": _all("id house"),
    "last_order_date": _all("date"),
    "income": _all("household unit"),
    "salutation": _all("code contact"),
    "order_id": _all("reference"),
    "preferred_channel": _all("code"),
    "quantity": _all("unit"),
    "unit_price": _all("order"),
    "email": _all("name"),
}
"""As `lexicon.ALLOWS`, beside what stands there."""

EXCLUDES: Mapping[str, frozenset[str]] = {
    "first_name": _all("created last"),
    "last_name": _all("first"),
    "city": _all("birth order"),
    "country": _all("birth"),
    "region": _all("birth"),
    "postcode": _all("birth"),
    "total_spend": _all("annual previous last"),
    "income": _all("month order"),
    "email": _all("count status"),
    "phone": _all("count date status"),
    "order_count": _all("days line previous"),
    "last_order_date": _all("count amount total id"),
    "signup_date": _all("order contact"),
    "ordered_at": _all("shipping birth payment"),
    "previous_contacts": _all("last days"),
    "monthly_charge": _all("count annual"),
    "responded": _all("count"),
}
"""As `lexicon.EXCLUDES`, beside what stands there."""


@cache
def allowed(field: str) -> frozenset[str]:
    """Meanings that a header may have beside a field's name."""
    return lexicon.ALLOWS.get(field, frozenset()) | ALLOWS.get(field, frozenset())


@cache
def excluded(field: str) -> frozenset[str]:
    """Meanings beside a field's name that make it another thing."""
    return lexicon.EXCLUDES.get(field, frozenset()) | EXCLUDES.get(field, frozenset())
