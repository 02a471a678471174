"""What a field asks for, in plain words: its type, its limits, what becomes of a bad value, how personal it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from contracts.extent import Extent, Span, extent
from contracts.fields import Field

TYPES = {
    "text": "text",
    "whole": "a whole number",
    "real": "a number",
    "flag": "yes or no",
    "day": "a day",
    "moment": "a day with its time of day",
}
PERSONAL = {
    "none": "not personal",
    "quasi": "personal: tells who is meant only together with other fields",
    "sensitive": "sensitive: a matter that people keep to themselves",
    "direct": "names a person directly: kept apart from the table, never in a model, a picture or a report",
}
ROLES = {  # in models
    "key": "not used: it names the row",
    "input": "may be learnt from",
    "label": "the outcome that is to be foretold",
    "leak": "kept from them: known only after the outcome",
    "info": "not used as it is",
}
ON_BAD = {
    "reject": "the whole row is set apart and not used",
    "blank": "the cell is left empty, the rest of the row is used",
    "warn": "it stays as it is, with a warning",
}


def type_words(field: Field) -> str:
    """The type.

    Examples
    --------
    >>> from contracts.contract import get
    >>> type_words(get("customers").fields["birth_date"])
    'a day'
    """
    return TYPES.get(field.type_word, field.type_word)


def on_bad(field: Field) -> str:
    """What becomes of a bad value; where the field may not be empty, a blanked cell would cost its row.

    Examples
    --------
    >>> from contracts.contract import get
    >>> on_bad(get("customers").fields["income"])
    'the cell is left empty, the rest of the row is used'
    """
    return ON_BAD[effective(field)]


def effective(field: Field) -> str:
    """What a bad value does in the end: ``reject``, ``blank`` or ``warn``."""
    return "reject" if field.on_bad == "blank" and not field.nullable else field.on_bad


def unit(field: Field, titles: Mapping[str, str]) -> str:
    """What its numbers count; empty where nothing is said.

    Parameters
    ----------
    field : Field
    titles : mapping
        Titles of fields, for the one that names the currency.

    Examples
    --------
    >>> from contracts.contract import get
    >>> unit(get("customers").fields["income"], {}), unit(get("customers").fields["age"], {})
    ("money per year, in the client's currency", 'years')
    """
    if field.unit is None or not field.unit.startswith("currency"):
        return field.unit or ""
    named = f"the currency that stands in {titles.get(field.currency, field.currency)}" if field.currency else "the client's currency"
    return f"money{field.unit.removeprefix('currency')}, in {named}"


def limits(field: Field) -> tuple[str, ...]:
    """What values are let through, beside the codes.

    Examples
    --------
    >>> from contracts.contract import get
    >>> fields = get("customers").fields
    >>> limits(fields["age"]), limits(fields["customer_id"]), limits(fields["country"])
    (('0 to 120',), ('1 to 64 characters',), ('of the form ^[A-Z]{2}$',))
    """
    return tuple(_limits(extent(field)))


def _limits(found: Extent) -> Iterator[str]:
    if found.span != Span():
        yield span(found.span)
    if found.length != Span():
        yield f"{span(found.length)} character{'' if found.length.high == 1 else 's'}"
    yield from (rule(name, value) for name, value in found.rest)


def span(limit: Span) -> str:
    """A range.

    Examples
    --------
    >>> span(Span(0, None)), span(Span(0, 1, open_low=True)), span(Span(None, 5, open_high=True)), span(Span(3, 3))
    ('at least 0', 'more than 0, at most 1', 'less than 5', 'exactly 3')
    """
    if limit == Span():
        return "any"
    if limit.low is not None and limit.high is not None and not (limit.open_low or limit.open_high):
        return f"exactly {value(limit.low)}" if limit.low == limit.high else f"{value(limit.low)} to {value(limit.high)}"
    low = f"{'more than' if limit.open_low else 'at least'} {value(limit.low)}" if limit.low is not None else ""
    high = f"{'less than' if limit.open_high else 'at most'} {value(limit.high)}" if limit.high is not None else ""
    return ", ".join(part for part in (low, high) if part)


def rule(name: str, given: Any) -> str:
    """Another rule.

    Examples
    --------
    >>> rule("str_matches", "^[A-Z]{2}$"), rule("notin", ("x", "y")), rule("vat_number", "DE")
    ('of the form ^[A-Z]{2}$', 'not x or y', 'the rule vat number (DE)')
    """
    known = {
        "str_matches": "of the form {}", "str_contains": "with a part of the form {}", "str_startswith": "beginning with {}",
        "str_endswith": "ending with {}", "ne": "not {}", "notin": "not {}",
    }  # fmt: skip
    said = listed(given, "or") if isinstance(given, tuple | list | frozenset) else value(given)
    return known[name].format(said) if name in known else f"the rule {name.replace('_', ' ')} ({said})"


def value(given: Any) -> str:
    """A limit: numbers without needless decimals, days as ISO.

    Examples
    --------
    >>> value(120.0), value(0.5), value(date(2020, 1, 31)), value(1000000)
    ('120', '0.5', '2020-01-31', '1,000,000')
    """
    if isinstance(given, bool) or not isinstance(given, int | float):
        return given.isoformat() if isinstance(given, date) else str(given)
    return f"{given:,.0f}" if float(given).is_integer() else f"{given:,}"


def percent(part: float) -> str:
    """A share that was set by a person.

    Examples
    --------
    >>> percent(0.05), percent(0.125), percent(0)
    ('5 %', '12.5 %', '0 %')
    """
    return f"{100 * part:.4g} %"


def listed(items: Iterable[Any], joined: str = "and") -> str:
    """Some things in a row.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *first, last = map(value, items)
    return f"{', '.join(first)} {joined} {last}" if first else last
