"""How near a header comes to a field's names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from connectors.columns import PERSONS
from connectors.proposing.headers import Header, header
from connectors.proposing.lexicon import GENERIC, MILD
from connectors.proposing.phrases import PHRASES, allowed, excluded
from connectors.proposing.shorthand import foreign
from contracts.fields import Field

_SHARED_HEAD = re.compile(r"([^\W_]+[_.: \-/|>]+)(.+)", re.S)
_SHARED_TAIL = re.compile(r"(?=.*?([_.: \-/|]+[\[(]?[^\W_]+[\])]?)$)(.+?)[_.: \-/|]+[\[(]?[^\W_]+[\])]?$", re.S)
MOST = 0.8
"""Share of headers from which a common beginning or end says nothing."""


def labels(names: Sequence[str]) -> tuple[str, ...]:
    """Headers without a beginning or an end that most of them share, such as the name of a table.

    Examples
    --------
    >>> labels(["T1.Name", "T1.City", "T1.Zip", "T1.Id"]), labels(["name_c", "city_c", "zip_c"]), labels(["id", "name"])
    (('Name', 'City', 'Zip', 'Id'), ('name', 'city', 'zip'), ('id', 'name'))
    """
    for shared in (_SHARED_HEAD, _SHARED_TAIL):
        while True:
            found = [shared.match(name) for name in names]
            counts = Counter(match[1] for match in found if match and match[2].strip())
            affix, count = counts.most_common(1)[0] if counts else ("", 0)
            if count < 3 or count < MOST * len(names):
                break
            names = [
                match[2] if match and match[1] == affix and match[2].strip() else name for name, match in zip(names, found, strict=True)
            ]
    return tuple(names)


@dataclass(frozen=True)
class Likeness:
    """How near a header comes to a field.

    Parameters
    ----------
    strength : float
        0 (nothing in common, or another meaning) to 1 (the same name).
    why : str
        In words; empty at 0.
    """

    strength: float
    why: str = ""


ONLY_AS_WRITTEN: Mapping[str, frozenset[str]] = {"marketing_consent": frozenset({"customer"})}
"""Meanings that a name of the field has elsewhere: an `abonné` may be anybody's customer, and a customer has agreed to nothing."""
NONE = Likeness(0.0)
LATER = 0.004
"""What each earlier name of a field costs the later ones."""


@lru_cache(maxsize=50_000)
def likeness(name: str, field: str, phrases: Sequence[str]) -> Likeness:
    """How near a header comes to a field with some names.

    Examples
    --------
    >>> likeness("Kunden-Nr.", "customer_id", ("customer id", "Kundennummer")).strength
    0.95
    >>> likeness("Company Name", "last_name", ("last name", "name")).strength, likeness("Emial", "email", ("email",)).strength
    (0.0, 0.8)
    """
    head = header(name)
    best, alone = NONE, _alone(phrases)
    for place, phrase in enumerate(phrases):
        found = _near(head, phrase, field, place, alone)
        if found.strength > best.strength:
            best = found
    if head.number > 1 and best.strength:
        return Likeness(best.strength * 0.6, best.why + ", but it is not the first of its kind")
    return best


@lru_cache(maxsize=2_000)
def _alone(phrases: Sequence[str]) -> frozenset[str]:
    """Meanings that by themselves name the field: several of them in one header say it twice, as in ``State/Province``."""
    return frozenset().union(*(words for phrase in phrases if len(words := header(phrase).words) == 1))


def _near(head: Header, phrase: str, field: str, place: int, alone: frozenset[str]) -> Likeness:
    other, later = header(phrase), min(place, 20) * LATER
    if head.folded == other.folded:
        return Likeness(1.0 - later, f"the header is {phrase!r}")
    if not head.words or not other.words or other.words <= ONLY_AS_WRITTEN.get(field, frozenset()):
        return NONE
    if head.words == other.words:
        return Likeness((0.8 if head.typo else 0.95) - later, f"the header means {phrase!r}{' misspelt' * head.typo}")
    extra, lacking = head.words - other.words, other.words - head.words
    if extra & foreign() or extra & excluded(field):
        return NONE
    if lacking:
        short = not extra and lacking <= MILD and not head.words <= GENERIC
        return Likeness(0.5, f"the header may be short for {phrase!r}") if short else NONE
    unknown = extra - allowed(field) - alone
    if not unknown:
        strength = (0.78 if head.typo else 0.93) - 0.03 * len(extra) - 0.05 * ("shipping" in extra) - later
        return Likeness(strength, f"the header means {phrase!r}")
    if field == "quantity" and "count" in head.words:
        return Likeness(0.7, "the header counts things")
    if other.words <= GENERIC:
        return NONE
    return Likeness(max(0.6 - 0.1 * len(unknown), 0.2), f"the header holds {phrase!r} among other words")


def phrases(field: Field) -> tuple[str, ...]:
    """All names of a field, the surest first; one that is no more than "name" says nothing about which name it is."""
    given = (field.name, field.title, *field.synonyms, *PHRASES.get(field.name, ()))
    return tuple(name for name in given if field.name not in PERSONS or header(name).words != {"name"})
