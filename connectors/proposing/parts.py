"""Fields that are no column of their own: parts of names, a street in two columns, a year of birth, a salutation's gender, positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from connectors.mapping import shown
from connectors.proposing.assignment import Choice
from connectors.proposing.checks import against
from connectors.proposing.evidence import Evidence
from connectors.proposing.headers import header
from connectors.proposing.names import likeness
from connectors.proposing.persons import band, birth_year, full_name
from connectors.proposing.phrases import excluded
from connectors.proposing.shorthand import foreign, meanings
from connectors.proposing.signals import Signals
from connectors.proposing.within import OFTEN, address_parts, called_address, greeted, known_names
from connectors.spec.column import POSITION, WITHIN, Part
from contracts.contract import Contract

FULL_NAMES = (
    "full name", "name", "customer name", "contact name", "nom complet", "volledige naam", "nombre completo", "first and last name",
)  # fmt: skip
MEANT = frozenset().union(*meanings().values())
"""Everything that a known word of a header means."""
PEOPLE = ("customer", "contact", "contact person", "person")
"""Names of a full name where the values are such."""
BIRTH_YEARS = (
    "birth year", "year of birth", "Geburtsjahr", "Jahrgang", "geboren im Jahr", "geboortejaar", "année de naissance", "año de nacimiento",
)  # fmt: skip
HOUSES = ("house number", "street number", "Hausnummer", "huisnummer", "numéro de rue", "número de casa", "house")
FEWEST = 8
"""Different names from which they tell that they are those of people."""
TIMES = ("time", "order time", "Uhrzeit", "heure", "hora", "tijd")


PERSONAL = frozenset(
    (
        "first_name",
        "last_name",
        "salutation",
        "email",
        "phone",
        "street",
        "city",
        "postcode",
        "birth_date",
        "age",
        "gender",
        "marketing_consent",
    )
)
"""Fields that show that a bare name is that of a person."""


@dataclass(frozen=True)
class Source:
    """Where a field comes from.

    Parameters
    ----------
    columns : tuple of str
        Headers, or a reserved word.
    evidence : Evidence
        For it.
    rivals : tuple of int
        As in `assignment.Choice`.
    part : str, optional
        What of its cells, as `connectors.spec.column.Part`.
    of : str, optional
        For the position within a group.
    sure : bool
        Its decision does not depend on rivals.
    """

    columns: tuple[str, ...]
    evidence: Evidence
    rivals: tuple[int, ...] = ()
    part: Part | None = None
    of: str | None = None


def sources(contract: Contract, chosen: Mapping[str, Choice], seen: Sequence[Signals]) -> dict[str, Source]:
    """The sources of all fields: the columns chosen, then what can be made of columns that are left, then what a position gives."""
    found = {name: Source((seen[c.column].column.name,), c.evidence, c.rivals) for name, c in chosen.items()}
    taken = {choice.column for choice in chosen.values()}
    for more in (_number, _names, _greeting, _address, _house, _band, _year, _time, _gender, _customer):
        found |= more(contract, found, seen, taken)
    return {name: found[name] for name in contract.fields if name in found} | _positions(contract, found, seen, taken)


def _best(seen: Sequence[Signals], phrases: tuple[str, ...], kind: str, allowed: set[int], least: float = 0.75) -> tuple[int, float] | None:
    ranked = [(likeness(s.label, kind, phrases).strength, -place) for place, s in enumerate(seen) if place in allowed]
    strength, place = max(ranked, default=(0.0, 0))
    return (-place, strength) if strength >= least else None


def _free(seen: Sequence[Signals], taken: set[int]) -> set[int]:
    return set(range(len(seen))) - taken


def _number(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """Shops call an order by its number: a column that is just called a name and holds numbers such as ``#1001``."""
    if "order_id" not in contract.fields or "order_id" in found:
        return {}
    named = [n for n in sorted(_free(seen, taken)) if header(seen[n].label).words == {"name"} and seen[n].of("number_sign") > 0.9]
    if not named:
        return {}
    taken.add(named[0])
    why = ("the header is a name", "its values are numbers as shops give them to orders")
    return {"order_id": Source((seen[named[0]].column.name,), Evidence(2.6, 0.8, 0.8, why))}


def _names(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """A column that is just called a name: a full name where the file has no other, else the part that is missing."""
    lacking = [name for name in ("first_name", "last_name") if name in contract.fields and name not in found]
    best = _best(seen, FULL_NAMES, "full_name", _free(seen, taken)) if lacking else None
    if best is None and len(lacking) == 2:
        told = {place for place in _free(seen, taken) if full_name(seen[place]).points > 0}
        best = _best(seen, PEOPLE, "full_name", told)
    if best is None:
        return {}
    place, strength = best
    column, values = seen[place].column, full_name(seen[place])
    people = values.points > 0 and column.unique >= FEWEST and known_names(seen[place]) > OFTEN
    if header(seen[place].label).words == {"name"} and not PERSONAL & set(found) and not people:
        return {}
    if len(lacking) == 1:
        other = "first" if lacking[0] == "last_name" else "last"
        if values.points < 0 and column.filled and seen[place].of("letters") > 0.7:
            said = ("the header says a name", f"another column holds the {other} name")
            return {lacking[0]: Source((column.name,), Evidence(2.9, strength, 0.5, said))}
        return {}
    if column.filled and values.points < 0 and (seen[place].of("letters") < 0.1 or seen[place].of("hash") > 0.5):
        return {}
    weight = -4.0 + 7.2 * strength + 2 * max(values.points, -0.6)
    why = (f"the header {shown(column.name)} means a full name", values.why, "the column is taken twice: for the first and the last name")
    parts: tuple[tuple[str, Part], ...] = (("first_name", "first"), ("last_name", "last"))
    taken.add(place)
    return {name: Source((column.name,), Evidence(weight, strength, values.points, why), part=part) for name, part in parts}


def _greeting(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """Forms of address before the names, where no column has them; they tell the gender too."""
    names = found.get("last_name")
    if names is None or names.part != "last" or "salutation" in found or "salutation" not in contract.fields:
        return {}
    share = greeted(next(s for s in seen if s.column.name == names.columns[0]))
    if share < OFTEN:
        return {}
    evidence = replace(names.evidence, why=(f"{share:.0%} of the names begin with a form of address",))
    fields = ("salutation", "gender") if "gender" not in found else ("salutation",)
    return {name: Source(names.columns, evidence, part="salutation") for name in fields}


def _address(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """An address in one cell: the street of it, and the postcode, the town, the region and the country that no column holds."""
    if "street" not in contract.fields:
        return {}
    street = found["street"].columns[0] if "street" in found else None
    for place, signals in enumerate(seen):
        column = signals.column.name
        if (place in taken and column != street) or (street is not None and column != street):
            continue
        parts = address_parts(signals)
        if not parts or not (called_address(signals) or column == street or not PERSONAL.isdisjoint(found)):
            continue
        taken.add(place)
        why = (f"{parts['postcode']:.0%} of its values are addresses with a postcode and a town in one cell", "the column is cut")
        evidence = Evidence(3.4 if called_address(signals) else 0.8, 0.5, 1.0, why)
        wanted = [n for n in ("postcode", "city", *(n for n in ("region", "country") if parts[n] > OFTEN)) if n not in found]
        return {name: Source((column,), evidence, part=cast(Part, name)) for name in ("street", *wanted)}
    return {}


def _band(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """Ranges of ages in a column that is just called the age."""
    if "age_band" not in contract.fields or "age_band" in found or "age" in found:
        return {}
    aged = [n for n in sorted(_free(seen, taken)) if header(seen[n].label).words == {"age"} and band(seen[n]).points > 0]
    if not aged:
        return {}
    taken.add(aged[0])
    why = ("the header is the age", band(seen[aged[0]]).why)
    return {"age_band": Source((seen[aged[0]].column.name,), Evidence(3.0, 0.8, 1.0, why))}


def _house(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """A street whose house numbers are in a column of their own; in the file's order of the two."""
    street = found.get("street")
    best = _best(seen, HOUSES, "house", _free(seen, taken)) if street else None
    if street is None or street.part or best is None or not seen[best[0]].column.filled:
        return {}
    if max(seen[best[0]].of(pattern) for pattern in ("letters", "street")) > 0.3:
        return {}
    place = next(n for n, s in enumerate(seen) if s.column.name == street.columns[0])
    if seen[place].of("street") > 0.5:
        return {}
    taken.add(best[0])
    both = sorted((place, best[0]))
    why = (*street.evidence.why, f"{shown(seen[best[0]].column.name)} holds the house number")
    sure = Evidence(max(street.evidence.weight, 2.6), street.evidence.name, street.evidence.points, why)
    return {"street": Source(tuple(seen[n].column.name for n in both), sure)}


def _year(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """The age from a year of birth, where neither an age nor a day of birth is there."""
    if "age" not in contract.fields or "age" in found or "birth_date" in found:
        return {}
    best = _best(seen, BIRTH_YEARS, "birth_year", _free(seen, taken), 0.5)
    values = birth_year(seen[best[0]]) if best else None
    if best is None or values is None or values.points < 0:
        return {}
    taken.add(best[0])
    why = ("the header means a year of birth", values.why, "the age is counted from it")
    return {"age": Source((seen[best[0]].column.name,), Evidence(2.6, best[1], values.points, why), part="birth_year")}


def _time(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """A moment whose time of day is in a column of its own."""
    moment = found.get("ordered_at")
    best = _best(seen, TIMES, "time", _free(seen, taken)) if moment else None
    if moment is None or best is None or seen[best[0]].of("time_only") < 0.9:
        return {}
    date = next(s for s in seen if s.column.name == moment.columns[0])
    if date.of("clock") > 0.1:
        return {}
    taken.add(best[0])
    why = (*moment.evidence.why, f"{shown(seen[best[0]].column.name)} holds the time of day")
    evidence = Evidence(moment.evidence.weight, moment.evidence.name, moment.evidence.points, why)
    return {"ordered_at": Source((moment.columns[0], seen[best[0]].column.name), evidence, moment.rivals)}


def _gender(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """The gender from a form of address, where no column has it."""
    salutation = found.get("salutation")
    if salutation is None or "gender" in found or "gender" not in contract.fields:
        return {}
    column = next(s for s in seen if s.column.name == salutation.columns[0])
    if column.listed("salutation") < 0.8:
        return {}
    why = ("no column holds the gender", "the form of address tells it", f"the column {shown(column.column.name)} is taken twice")
    return {"gender": Source(salutation.columns, Evidence(2.6, salutation.evidence.name, 1.0, why))}


def _customer(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """Orders without a customer's key: the e-mail address tells customers apart."""
    if "order_id" not in contract.fields or "customer_id" in found:
        return {}
    mails = [s for n, s in enumerate(seen) if n not in taken and s.of("email") > 0.8 and "email" in header(s.label).words]
    if not mails:
        return {}
    why = ("no column is a key of customers", "e-mail addresses tell customers apart")
    return {"customer_id": Source((mails[0].column.name,), Evidence(2.4, 0.5, 0.5, why))}


def _positions(contract: Contract, found: Mapping[str, Source], seen: Sequence[Signals], taken: set[int]) -> dict[str, Source]:
    """Keys that no column has: the record's position, or the position within the order; a column that looks like a key is asked about."""
    given: dict[str, Source] = {}
    for name in contract.key:
        if name in found:
            continue
        if name == "line_id":
            why = ("no column numbers the lines of an order", "their position within the order does")
            given[name] = Source((WITHIN,), Evidence(4.0, 0.0, 0.0, why), of="order_id")
            continue
        place = next((n for n in sorted(_free(seen, taken)) if _like_a_key(seen[n], name)), None)
        if place is None:
            given[name] = Source((POSITION,), Evidence(3.0, 0.0, 0.0, ("no column is a key", "the record's position serves")))
        else:
            said = "the header does not tell, but its values look like a key"
            given[name] = Source((seen[place].column.name,), Evidence(0.8, 0.3, 0.5, (said,)))
    return given


def _like_a_key(seen: Signals, name: str) -> bool:
    """A column whose values are codes that never repeat, or hardly ever where its header speaks of a number."""
    words, column = header(seen.label).words, seen.column
    strange = not words & MEANT
    if (
        words & (foreign() | excluded(name))
        or against(name, seen) is not None
        or column.rows < 3
        or column.fill < 0.99
        or not (column.rows > 9 or words & {"id", "code"} or strange)
    ):
        return False
    if (
        seen.of("code") < 0.95
        or seen.of("one_word") > 0.5
        or seen.dates.share > 0.3
        or seen.of("phone_marked") > 0.5
        or seen.of("url") > 0.3
    ):
        return False
    if seen.numbers.share > 0.9 and seen.numbers.whole < 1:
        return False
    if name == "customer_id":
        return column.distinct > (0.7 if "id" in words else 0.999)
    return column.unique > 4 and seen.of("letters") < 0.5 and (strange or bool(words & {"id", "code"}))
