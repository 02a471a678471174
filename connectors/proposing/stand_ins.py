"""Values that stand for nothing in one column: -1 for never, 999, the last day of 9999, a word for unknown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from connectors.columns import NO_VALUE, PERSONS, kind_of
from connectors.mapping import shown
from connectors.proposing.proposal import Match
from connectors.proposing.signals import Signals, figures
from connectors.proposing.vocabulary import folded
from connectors.spec.column import RESERVED, ColumnSpec
from contracts.assumption import Assumption
from contracts.fields import Field

OFTEN, SHARE = 10, 0.005
"""Cells, and their share of the filled ones, from which a value is no slip."""
MANY = 0.03
"""Share from which a few cells are enough, and a plausible day is one that a system writes."""
APART = 2.0
"""How many times as large as the next value a row of nines must be where the contract sets no limit."""
UNKNOWN = frozenset(
    folded(word)
    for word in (*NO_VALUE, "not available", "not known", "not specified", "not provided", "missing", "no data", "undefined", "unspecified",
                 "nicht angegeben", "nicht bekannt", "keine angabe", "ohne angabe", "onbekend", "niet bekend", "niet opgegeven", "inconnu",
                 "inconnue", "non renseigné", "non communiqué", "desconocido", "desconocida", "no disponible", "sin datos", "no informado",
                 "?", "??", "???", "x", "xx", "xxx", "tbd", "na", "n.a", "n/a")
    if folded(word) not in ("keine", "none", "")
)  # fmt: skip
"""Words that say that something is not known. Those for none are left out: no earlier campaign is something that is known."""
DAYS = {
    (1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1901, 1, 1), (1800, 1, 1), (1753, 1, 1), (1700, 1, 1), (1, 1, 1), (0, 0, 0),
    (1111, 11, 11), (9999, 12, 31), (9999, 9, 9), (2999, 12, 31), (3000, 1, 1),
}  # fmt: skip
"""Year, and the other two numbers in order: days on which nothing happens."""
LIKELY = {(1970, 1, 1), (2099, 12, 31), (2100, 12, 31)}
"""Days on which something may happen, but not to so many."""
_DATE = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?|(\d{8})")


def stand_ins(match: Match, target: Field, seen: Signals) -> tuple[tuple[str, ...], Assumption | None]:
    """Words of a match's column that most likely stand for nothing, and that this is taken for true.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> from contracts import contract
    >>> field = contract.get("prospects").fields["days_since_contact"]
    >>> seen = Signals(columns(pa.table({"pdays": ["-1"] * 30 + ["5", "12", "180"]}))[0])
    >>> stand_ins(Match("days_since_contact", ("pdays",), "number", 0.9, "accepted", ()), field, seen)[0]
    ('-1',)
    """
    if match.part or len(match.sources) > 1 or set(match.sources) & set(RESERVED) or not seen.column.filled:
        return (), None
    kind = kind_of(target, ColumnSpec.model_validate({"from": match.sources, "values": dict(match.values)}))
    found = tuple(_numbers(target, seen) if kind == "number" else _days(seen) if kind in ("day", "moment") else _words(target, kind, seen))
    if not found:
        return (), None
    cells = {word: _cells(seen, word) for word in found}
    statement = f"{' and '.join(map(repr, found))} in {shown(match.sources[0])} means that nothing is known"
    evidence = {"cells": sum(cells.values()), "of": seen.column.filled, **{f"cells {word}": n for word, n in cells.items()}}
    return found, Assumption(f"propose {match.field}", statement, evidence, "untested")


def _cells(seen: Signals, word: str) -> int:
    return int(seen.column.counts[seen.column.texts.index(word)])


def _frequent(seen: Signals, place: int) -> bool:
    count, filled = int(seen.column.counts[place]), seen.column.filled
    return (count >= OFTEN and count >= SHARE * filled) or (count > 2 and count >= MANY * filled)


def _numbers(target: Field, seen: Signals) -> Iterator[str]:
    """The one negative number where there may be none, and rows of nines beyond the limit or far from all others."""
    comma = seen.column.share(np.array(["," in text for text in seen.column.texts], bool)) > 0.1
    values = figures(seen.column.values, comma)
    rules = dict(target.rules)
    low, high = rules.get("in_range", (rules.get("ge", rules.get("gt")), rules.get("le", rules.get("lt"))))[:2]
    negative = {float(value) for value in values[values < 0]}
    for place, text in enumerate(seen.column.texts):
        value = values[place]
        if np.isnan(value) or not _frequent(seen, place):
            continue
        rest = values[~np.isnan(values) & (values != value)]
        if low is not None and low >= 0 and value < 0:
            if len(negative) == 1 or _nines(-value) or value == -1:
                yield text
        elif _nines(value) and len(rest) and value > rest.max() and (value > high if high is not None else value > APART * rest.max()):
            yield text


def _nines(value: float) -> bool:
    return value >= 99 and value == int(value) and set(str(int(value))) == {"9"}


def _days(seen: Signals) -> Iterator[str]:
    for place, text in enumerate(seen.column.texts):
        day = _day(text)
        often = _frequent(seen, place)
        if often and (day in DAYS or (day in LIKELY and seen.column.counts[place] > MANY * seen.column.filled)):
            yield text


def _day(text: str) -> tuple[int, int, int] | None:
    """Year, and the other two numbers in order: how they stand does not matter for days that stand for nothing."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    if found[4]:
        year, month, day = int(found[4][:4]), int(found[4][4:6]), int(found[4][6:])
    else:
        numbers = [found[1], found[2], found[3]]
        place = 0 if len(found[1]) > 2 else 2
        year, (month, day) = int(numbers.pop(place)), map(int, numbers)
    both = ((year, month, day), (year, day, month))
    return next((each for each in both if each in DAYS | LIKELY), None)


def _words(target: Field, kind: str, seen: Signals) -> Iterator[str]:
    """Words for unknown where the parser keeps words, and codes of zeros or nines alone."""
    known = set(map(folded, target.allowed or ()))
    for place, (text, word) in enumerate(zip(seen.column.texts, seen.words, strict=True)):
        if not _frequent(seen, place) or word in known or target.name in PERSONS or target.role == "key":
            continue
        if (kind == "text" and word in UNKNOWN) or (kind in ("text", "code", "postcode") and re.fullmatch(r"0{4,}|9{5,}", text)):
            yield text
