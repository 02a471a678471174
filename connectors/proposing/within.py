"""Fields that lie within the cells of one column: an address with its postcode and town, a form of address before a name."""

from __future__ import annotations

import numpy as np

from connectors.mapping import shown
from connectors.parsing import addresses, person_names
from connectors.parsing.cells import flags
from connectors.proposing.headers import header
from connectors.proposing.signals import Signals
from connectors.proposing.vocabulary import folded, meaning
from contracts.assumption import Assumption

WHOLE = 0.7
"""Share of values that are a street with a postcode and a town, from which a column holds addresses."""
OFTEN = 0.4
"""Share of addresses with a region or a country from which these are taken from them."""
SURE, MIXED = 5, 0.15
"""Names that show an order, and the share of those against it up to which it counts."""


def address_parts(seen: Signals) -> dict[str, float]:
    """Share of values in which each part of an address was found; empty where the column holds no addresses.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> column = columns(pa.table({"Anschrift": ["Hauptstr. 5, 10115 Berlin", "Am Markt 3, 80331 München"]}))[0]
    >>> address_parts(Signals(column))
    {'street': 1.0, 'postcode': 1.0, 'city': 1.0, 'region': 0.0, 'country': 0.0}
    """
    if not seen.column.filled or seen.of("letters") > 0.5 or seen.of("email") > 0.2 or seen.numbers.share > 0.5 or seen.of("code") > 0.5:
        return {}
    found = addresses.cut(seen.column.values)
    there = {name: flags(part.is_valid()) for name, part in zip(addresses.PARTS, found.parts, strict=True)}
    if seen.column.share(there["street"] & there["postcode"] & there["city"]) < WHOLE:
        return {}
    return {name: round(seen.column.share(filled), 3) for name, filled in there.items()}


def called_address(seen: Signals) -> bool:
    """The header speaks of an address or a street."""
    return bool(header(seen.label).words & {"address", "street"})


def greeted(seen: Signals) -> float:
    """Share of names that begin with a form of address."""
    first = [text.split(" ", 1)[0].strip(".").casefold() for text in seen.column.texts]
    return seen.column.share(np.array([word in person_names.SALUTATIONS for word in first], bool)) if first else 0.0


def known_names(seen: Signals) -> float:
    """Share of values that hold a common given name at one end: names of people rather than of things."""
    votes = person_names.vote(dict.fromkeys(seen.column.texts, 1))
    return (votes["first_last"] + votes["last_first"]) / max(len(seen.column.texts), 1)


def genders(seen: Signals) -> dict[str, str | bool]:
    """Forms of address before the names of a column, and the genders that they tell; titles tell none."""
    found, known = person_names.cut(seen.column.values).salutation.unique().to_pylist(), meaning("salutation")
    told = {text: next((code for word in text.split() if (code := known.get(folded(word)))), None) for text in found if text}
    return {text: code for text, code in sorted(told.items()) if code}


def order(seen: Signals, field: str) -> tuple[str | None, str, Assumption | None]:
    """The order of full names, where it is not the usual one; why, or nothing that need be said; what was taken for true.

    Without an order the names contradict one another, and a person must say it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> names = ["Weber Anna", "Klein Peter", "Vogel Julia", "Zorn Thomas", "Busch Maria", "Lang Eva"]
    >>> order(Signals(columns(pa.table({"Name": names}))[0]), "first_name")[:2]
    ('last_first', 'the family name comes first in 6 of 6 names that tell')
    """
    votes = person_names.vote(dict(zip(seen.column.texts, seen.column.counts.tolist(), strict=True)))
    given, family = votes["first_last"], votes["last_first"]
    told, step, name = given + family, f"propose {field}", shown(seen.column.name)
    if told and told >= min(SURE, seen.column.unique) and min(given, family) <= MIXED * told:
        best = "first_last" if given > family else "last_first"
        place = "given" if best == "first_last" else "family"
        said = f"the {place} name comes first in {max(given, family)} of {told} names that tell"
        return best, said, Assumption(step, f"in {name}, the {place} name comes first", votes, "held")
    if told >= SURE:
        return None, f"{given} names show the given name first, {family} the family name", None
    return "first_last", "", Assumption(step, f"in {name}, the given name comes first where there is no comma", votes, "untested")
