"""What a connector's mapping takes for true: which column is which field, and what its words mean; with what was met in the cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.columns import kind_of
from connectors.mapping import shown
from connectors.settle import Done
from connectors.spec.column import RESERVED, ColumnSpec
from connectors.spec.feed import FeedSpec
from contracts.assumption import Assumption, Verdict
from contracts.fields import Field

TELLING = frozenset(("number", "day", "moment", "flag", "category", "country", "email"))
"""Parsers that other columns would hardly get through; any text is a name or a code."""


def of_mapping(takes: Sequence[Done], feed: FeedSpec) -> Iterator[Assumption]:
    """One for each field that comes from a column.

    Held where the cells could be read as values of the field and would hardly be so by chance; untested where any text could be; refuted
    where more are none than the contract tolerates. Statements hold headers, and counts in place of words.
    """
    for name, spec in feed.all_columns.items():
        met = [done["tallies"][name] for done in takes if name in done["tallies"]]
        if met and not set(spec.source) & set(RESERVED):
            filled, bad = (sum(int(one[what]) for one in met) for what in ("filled", "bad"))
            evidence = {"connector": feed.status, "cells read": filled, "cells that are no values of it": bad}
            yield Assumption(f"map {feed.name}", _statement(feed.table.fields[name], spec), evidence, _verdict(feed, name, filled, bad))


def _statement(field: Field, spec: ColumnSpec) -> str:
    """A sentence for people.

    Examples
    --------
    >>> from contracts import contract
    >>> fields = contract.get("customers").fields
    >>> _statement(fields["last_name"], ColumnSpec.model_validate({"from": "Name", "part": "last"}))
    "last name is cut from 'Name': what cannot be cut without a guess is left empty"
    >>> _statement(fields["gender"], ColumnSpec.model_validate({"from": "Sex", "values": {"w": "female"}, "null_words": ["-"]}))
    "gender is in 'Sex'; 1 word is explained; 1 word means that nothing is known"
    """
    columns = " and ".join(map(shown, spec.source))
    title = field.title[:1].lower() + field.title[1:]
    if spec.part == "birth_year":
        return f"{title} is in {columns}, as a year of four digits"
    if spec.part:
        return f"{title} is cut from {columns}: what cannot be cut without a guess is left empty"
    said = [f"{title} is in {columns}"]
    said += [f"{_words(spec.values)} explained"] if spec.values else []
    nothing = len(spec.null_words)
    said += [f"{nothing} word{'s mean' if nothing > 1 else ' means'} that nothing is known"] if nothing else []
    said += [_OTHERWISE.get(str(spec.otherwise), "any other word is taken for one code")] if spec.otherwise != "fail" else []
    return "; ".join(said)


_OTHERWISE = {"blank": "any other word is left empty"}


def _words(values: Mapping[str, Any]) -> str:
    return f"{len(values)} words are" if len(values) > 1 else "1 word is"


def _verdict(feed: FeedSpec, name: str, filled: int, bad: int) -> Verdict:
    field = feed.table.fields[name]
    if bad and bad > field.tolerated * (filled + bad):
        return "refuted"
    return "held" if filled and kind_of(field, feed.all_columns[name]) in TELLING else "untested"
