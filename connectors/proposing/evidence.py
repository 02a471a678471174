"""All evidence for one column and one field, as one number and its reasons."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from connectors.proposing.headers import header
from connectors.proposing.names import NONE, Likeness, likeness, phrases
from connectors.proposing.shorthand import foreign
from connectors.proposing.signals import Signals
from connectors.proposing.turned import refuses, turned
from connectors.proposing.values import fit_for
from contracts.contract import Contract
from contracts.fields import Field

BASE, BY_NAME, BY_VALUES = -4.0, 8.0, 2.0
UNNAMED, BY_PROOF = -3.6, 3.6
DECIDED, FIRM, BY_PERSON = 1.0, 0.9, 9.0
"""Weight of a lesson that decides; from which it speaks against other fields; log odds of what a person confirmed, beyond what
any header and values come to."""
AGAINST = -0.5
ROUND = 0.5
"""Strength of a header whose yes is the field's no: it is asked about, never taken."""
PROVED = frozenset({"email", "phone", "gender", "marital_status", "contact_month", "contract_term", "salutation"})
"""Fields that values alone may show."""
OTHERWISE: Mapping[str, frozenset[str]] = {"gender": frozenset({"salutation", "title"})}
"""Headers that say what the values are, however they look: a form of address tells the gender and is none."""
SHOWN = frozenset({"phone", "birth_date", "ordered_at", "country", "currency", "street", "region"})
"""Fields that are asked about where a column has no name of its own but such values."""
BLANK = re.compile(r"(?i)(column|col|field|var|variable|unnamed|spalte|feld|kolom|veld|colonne|champ|columna|campo|f|c|v|x)?[ _:.\-]*\d+")
ACCEPTED, ASKED = 0.9, 0.6
"""Confidence from which a match is accepted, and from which it is asked about; below, the field stays without a source."""


@dataclass(frozen=True)
class Evidence:
    """What speaks for a column as the source of a field.

    Parameters
    ----------
    weight : float
        Log odds.
    name, points : float
        Of the header, 0 to 1; of the values, -3 to 2.
    why : tuple of str
        Reasons, without client values.
    """

    weight: float
    name: float
    points: float
    why: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """0 to 1."""
        return 1 / (1 + math.exp(-self.weight))


NOT_AT_ALL = Evidence(-9.0, 0.0, 0.0, ())


def weigh(contract: Contract, field: Field, seen: Signals, recalled: Mapping[str, float]) -> Evidence:
    """The evidence for a column as a field's source.

    Parameters
    ----------
    recalled : mapping of str to float
        Fields that confirmed connectors gave a column of this name, 0 to 1.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> from contracts import contract
    >>> customers, seen = contract.get("customers"), Signals(columns(pa.table({"PLZ": ["89073", "01067", "50667", "10115"]}))[0])
    >>> found = weigh(customers, customers.fields["postcode"], seen, {})
    >>> round(found.confidence, 2), found.why[0]
    (0.99, "the header is 'PLZ'")
    """
    if recalled and max(recalled.values()) >= DECIDED:
        return _decided(field, recalled)
    name = _recalled(_named(contract, field, seen), contract, field, seen, recalled)
    if name.strength == 0 and field.name in SHOWN and BLANK.fullmatch(seen.label):
        found = fit_for(contract.key, field, seen)
        shows = found.points >= 0.7 and not (field.name == "street" and seen.of("postcode") > 0.7)
        weight = 0.5 + min(found.points, 1.3) if shows else NOT_AT_ALL.weight
        return Evidence(weight, 0.0, found.points, ("the header says nothing", found.why))
    if name.strength == 0 and (field.name not in PROVED or header(seen.label).words & (foreign() | OTHERWISE.get(field.name, frozenset()))):
        return NOT_AT_ALL
    found = fit_for(contract.key, field, seen)
    points = found.points + _of_bare_id(contract, field, seen)
    named = name.strength > 0
    weight = BASE + BY_NAME * name.strength + BY_VALUES * points if named else UNNAMED + BY_PROOF * points
    return Evidence(weight, name.strength, points, tuple(why for why in (name.why, found.why) if why))


def _decided(field: Field, recalled: Mapping[str, float]) -> Evidence:
    """What a person confirmed for this very feed, under the same header and with the same shapes, holds."""
    if recalled.get(field.name, 0.0) < DECIDED:
        return NOT_AT_ALL
    return Evidence(BY_PERSON, 1.0, 1.0, ("confirmed before for this feed and header",))


def _named(contract: Contract, field: Field, seen: Signals) -> Likeness:
    if _bare_id(contract, field, seen):
        return Likeness(0.92, "the header is no more than an id")
    if turned(field, seen.label):
        return Likeness(ROUND, "a yes in it is a no here") if seen.column.filled else NONE
    if field.type_word != "flag" and refuses(seen.label):
        return NONE
    found = likeness(seen.label, field.name, phrases(field))
    if _wrong_unit(field, seen.label):
        return replace(found, strength=found.strength * 0.6, why=found.why + ", but in another unit")
    return found if found.strength else NONE


def _wrong_unit(field: Field, name: str) -> bool:
    words = header(name).words
    return (field.unit == "months" and "annual" in words) or (field.unit == "years" and "month" in words)


def _recalled(name: Likeness, contract: Contract, field: Field, seen: Signals, recalled: Mapping[str, float]) -> Likeness:
    """A header with what is remembered of it, where the values do not speak against that; what is firm lowers other fields."""
    weight = recalled.get(field.name, 0.0)
    if weight and _borne(contract, field, seen):
        return Likeness(max(name.strength, 0.6 + 0.4 * weight), f"confirmed before for this header; {name.why}".rstrip("; "))
    firm = [other for other, known in recalled.items() if known >= FIRM and other in contract.fields]
    if not weight and any(_borne(contract, contract.fields[other], seen) for other in firm):
        return replace(name, strength=name.strength * (1 - 0.5 * max(recalled.values())))
    return name


def _borne(contract: Contract, field: Field, seen: Signals) -> bool:
    """The values do not speak against a field: a lesson is no more than a name."""
    return fit_for(contract.key, field, seen).points > AGAINST


def _of_bare_id(contract: Contract, field: Field, seen: Signals) -> float:
    """A column that is called no more than ``id`` is the row's key where it never repeats, and the customer's where it does."""
    if not _bare_id(contract, field, seen):
        return 0.0
    unique = seen.column.distinct > 0.99
    if field.name == "customer_id":
        return -1.5 if unique else 0.5
    return -0.1 if unique else -1.5


def _bare_id(contract: Contract, field: Field, seen: Signals) -> bool:
    keys = ("order_id", "customer_id")
    return field.name in keys and "order_id" in contract.fields and header(seen.label).words == {"id"}
