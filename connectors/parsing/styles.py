"""Votes: how a column writes numbers, dates and codes, where the connector does not say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa

from connectors.parsing import codes
from connectors.parsing.date_style import Order, order_votes
from connectors.parsing.texts import trim

COMMA_LANGUAGES = frozenset(("de", "fr", "es", "it", "nl", "pl", "pt", "da", "sv", "nb", "fi", "cs"))
MONTH_FIRST = frozenset(("US",))
_ONE = re.compile(r"[0-9]([.,])([0-9]+)(?![.,0-9])")


@dataclass(frozen=True)
class Style:
    """How one column is written.

    Parameters
    ----------
    decimal, thousands : str
        Of numbers.
    dates : {"dmy", "mdy", "ymd"}
        Of dates.
    floated : bool
        Codes that end in ``.0`` are whole numbers that some program took for real ones.
    """

    decimal: Literal[",", "."] = "."
    thousands: str = ","
    dates: Order = "dmy"
    floated: bool = True


@dataclass(frozen=True)
class Vote:
    """What was decided about a column, and why.

    Parameters
    ----------
    what : str
        ``decimal``, ``dates`` or ``floated``.
    value : str or bool
        The decision.
    evidence : dict
        Counts of different texts that can only be read in one way.
    verdict : {"held", "untested"}
        Untested where no text decides.
    """

    what: str
    value: str | bool
    evidence: dict[str, Any]
    verdict: Literal["held", "refuted", "untested"]


def vote_decimal(values: pa.Array, language: str) -> Vote:
    """The decimal mark of a column of numbers.

    A text decides when both marks occur (the last one), one mark occurs more than once (it groups), or other than three digits follow.

    Examples
    --------
    >>> vote_decimal(pa.array(["1.234,5", "12,50", "1.234"]), "en").value, vote_decimal(pa.array(["1.234"]), "de")
    (',', Vote(what='decimal', value=',', evidence={'comma': 0, 'point': 0, 'either': 1}, verdict='untested'))
    """
    tally = Counter(_mark(trim(text)) for text in values.unique().to_pylist() if text)
    evidence = {"comma": tally[","], "point": tally["."], "either": tally["?"]}
    if tally[","] == tally["."]:
        return Vote("decimal", "," if language in COMMA_LANGUAGES else ".", evidence, "untested")
    return Vote("decimal", "," if tally[","] > tally["."] else ".", evidence, "held")


def _mark(text: str) -> str:
    """The decimal mark that a text proves, ``?`` where it could be either, nothing where there is none."""
    marks = [sign for sign in text if sign in ".,"]
    if len(set(marks)) == 2:
        return marks[-1] if marks.count(marks[-1]) == 1 else ""
    if len(marks) > 1:
        return "," if marks[0] == "." else "."
    one = _ONE.search(text)
    if one is None:
        return ""
    return one[1] if len(one[2]) != 3 or re.match(r"-?0[.,]", text) else "?"


def vote_dates(values: pa.Array, country: str) -> Vote:
    """The order of day, month and year in a column of dates.

    Examples
    --------
    >>> vote_dates(pa.array(["31.12.2020", "01.02.2020"]), "DE")
    Vote(what='dates', value='dmy', evidence={'dmy': 1, 'mdy': 0, 'ymd': 0}, verdict='held')
    >>> vote_dates(pa.array(["01/02/2020"]), "US").value
    'mdy'
    """
    votes = order_votes(values)
    usual: Order = "mdy" if country in MONTH_FIRST else "dmy"
    best: Order = max(("dmy", "mdy"), key=lambda order: (votes[order], order == usual))
    if not votes["dmy"] and not votes["mdy"] and votes["ymd"]:
        best = "ymd"
    decided = votes["dmy"] != votes["mdy"] or (votes["ymd"] and not votes["dmy"])
    return Vote("dates", best, {str(order): count for order, count in votes.items()}, "held" if decided else "untested")


def vote_floated(values: pa.Array) -> Vote:
    """Whether codes that end in ``.0`` are whole numbers.

    Examples
    --------
    >>> vote_floated(pa.array(["17850.0", "12"])).value
    True
    """
    dotted = [text for text in values.unique().to_pylist() if text and "." in text and re.fullmatch(codes.DOTTED, trim(text))]
    ending = sum(text.strip().endswith(".0") for text in dotted)
    return Vote("floated", ending == len(dotted), {"codes ending in .0": ending, "other codes with a point": len(dotted) - ending}, "held")
