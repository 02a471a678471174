"""What the values of a column say for and against a field: points and reasons. What a field is not counts more than what it is."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.proposing import checks
from connectors.proposing.fits import NO, NOTHING, Fit, Rule
from connectors.proposing.groups import (
    category,
    channel,
    day,
    flag,
    greeting,
    label,
    listed,
    moment,
    payment,
    recent_day,
    segment,
    word,
    work,
)
from connectors.proposing.keys import foreign_key, key, line, order, product, sku
from connectors.proposing.numbering import count, money, price, quantity
from connectors.proposing.persons import (
    age,
    band,
    birth,
    city,
    country,
    email,
    gender,
    income,
    person,
    phone,
    postcode,
    region,
    street,
)
from connectors.proposing.signals import Signals
from contracts.fields import Field

FEW_VALUES = 4
"""Below as many different values, evidence against a column counts less."""
STRICT = frozenset(
    {
        "contact_channel",
        "preferred_channel",
        "email",
        "birth_date",
        "signup_date",
        "last_order_date",
        "contacted_on",
        "ordered_at",
        "age",
        "gender",
        "marketing_consent",
        "currency",
        "salutation",
        "occupation",
    }
)
"""Fields for which even few values tell."""

RULES: Mapping[str, Rule] = {
    "customer_id": key, "first_name": person, "last_name": person, "salutation": greeting, "email": email, "phone": phone,
    "street": street, "city": city, "region": region, "postcode": postcode, "country": country, "birth_date": birth, "age": age,
    "age_band": band, "gender": gender, "marital_status": listed("marital_status"), "education": listed("education"),
    "occupation": work, "income": income, "signup_date": recent_day, "marketing_consent": flag("marketing_consent"),
    "preferred_channel": channel,
    "segment": segment, "order_count": count, "total_spend": money, "last_order_date": recent_day,
    "tenure_months": count, "contract_term": listed("contract_term"), "monthly_charge": price, "total_charge": price,
    "payment_method": payment, "churned": label("churned"), "previous_contacts": count, "days_since_contact": count,
    "previous_outcome": category,
    "contact_channel": channel, "contacted_on": recent_day, "contact_month": listed("contact_month"), "responded": label("responded"),
    "order_id": order, "line_id": line, "ordered_at": moment, "product_id": sku, "product_name": product, "category": category,
    "quantity": quantity, "unit_price": price, "amount": money, "currency": listed("currency", 0.7), "channel": category,
}  # fmt: skip
_BY_TYPE: Mapping[str, Rule] = {"text": word, "whole": count, "real": quantity, "flag": flag(""), "day": day, "moment": moment}


def fit(field: Field, seen: Signals) -> Fit:
    """What a column's values say about a field; nothing where it is empty.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> from contracts import contract
    >>> fields, table = contract.get("customers").fields, pa.table({"x": ["a@b.de", "c@d.fr"], "zip": ["Urban", "Rural"]})
    >>> [fit(fields[f], Signals(c)).points > 0 for f, c in zip(("email", "postcode"), columns(table))]
    [True, False]
    """
    if not seen.column.filled:
        return Fit(NO if field.role == "key" else NOTHING, "the sample holds no value")
    if told := checks.against(field.name, seen):
        return told
    rule = RULES.get(field.name) or _BY_TYPE[field.type_word]
    found = rule(seen)
    if field.name == "phone" and -2 < found.points < 1:
        found = checks.called(seen) or found
    if found.points < 0 and seen.column.unique < FEW_VALUES and field.name not in STRICT:
        return Fit(found.points * (0.3 + 0.15 * seen.column.unique), found.why)
    return found


def fit_for(contract_key: tuple[str, ...], field: Field, seen: Signals) -> Fit:
    """As `fit`; the customer's key repeats where it is not the table's own."""
    if field.name == "customer_id" and contract_key != ("customer_id",):
        return (checks.against(field.name, seen) or foreign_key(seen)) if seen.column.filled else Fit(NO, "the sample holds no value")
    return fit(field, seen)
