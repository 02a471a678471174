"""Examples: an invented value for a field, so that a reader sees what is meant; never a value of anybody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from contracts.extent import extent, passing
from contracts.fields import Field

TEXTS = {
    "customer id": "C-10482", "order id": "A-77301", "line id": "2", "product id": "P-2290", "item id": "P-2290", "first name": "Mara",
    "last name": "Lind", "salutation": "Ms", "email": "mara.lind@example.org", "phone": "+49 30 1234567", "street": "Lindenallee 7",
    "city": "Bremen", "region": "Bremen", "postcode": "28195", "country": "DE", "currency": "EUR", "age band": "35-44",
    "occupation": "teacher", "segment": "regular", "preferred channel": "e-mail", "channel": "shop", "product name": "Vase, blue",
    "category": "Household", "payment method": "invoice", "model": "repurchase", "model version": "0001", "event": "login",
    "contact month": "mar", "campaign id": "spring-24", "arm": "control", "detail": "home page", "reasons": "Days since the last order",
    "account id": "AC-5521", "user id": "U-3307",
}  # fmt: skip
"""By the field's name in words."""
PLAIN = ("A-1042", "10042", "abc", "AB", "ABC", "a", "1", "x@example.org", "2024-03-15", "sample")
NUMBERS: dict[str, tuple[float, ...]] = {
    "years": (42,), "months": (18,), "days": (30,), "orders": (3,), "pieces": (2,), "purchase days": (4,), "inputs": (12,),
    "share": (0.25,), "probability": (0.31,), "currency": (49.9,), "currency per month": (29.9,), "currency per year": (38_000,),
}  # fmt: skip
DAY, BIRTH = date(2024, 3, 15), date(1984, 5, 9)


def example(field: Field) -> str | None:
    """An invented value as a file would write it, or None where none is sure to pass the field's rules.

    Examples
    --------
    >>> from contracts.contract import get
    >>> fields = get("customers").fields
    >>> [example(fields[name]) for name in ("email", "income", "gender", "birth_date", "order_count")]
    ['mara.lind@example.org', '38000', 'female', '1984-05-09', '3']
    """
    for value in _candidates(field):
        if passing(field, [value]):
            return _written(value)
    return None


def _candidates(field: Field) -> Iterator[Any]:
    kind = field.type_word
    if field.allowed:
        yield from field.allowed
    elif kind == "flag":
        yield True
    elif kind == "day":
        yield BIRTH if "birth" in field.name else DAY
    elif kind == "moment":
        yield datetime(DAY.year, DAY.month, DAY.day, 14, 30, tzinfo=UTC)
    elif kind == "text":
        yield from (text for text in (TEXTS.get(field.name.replace("_", " ")),) if text)
        yield from PLAIN
    else:
        yield from _numbers(field)


def _numbers(field: Field) -> Iterator[float]:
    """A usual one of its unit, else one within its limits."""
    cast = int if field.type_word == "whole" else float
    span = extent(field).span
    ends = [end for end in (span.low, span.high) if isinstance(end, int | float)]
    middle = [sum(ends) / 2] if len(ends) == 2 else []
    for value in (*NUMBERS.get(field.unit or "", ()), 3, 1, 0.5, *middle, *ends, *(end + 1 for end in ends), *(end - 1 for end in ends)):
        if cast is float or float(value).is_integer():
            yield cast(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)
