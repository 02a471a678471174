"""How a match's column is written: order of dates, decimal mark, words and their codes; and what of it only a person can say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from connectors.columns import kind_of
from connectors.mapping import shown
from connectors.parsing.styles import vote_decimal
from connectors.proposing.proposal import Match, Question
from connectors.proposing.signals import Signals
from connectors.proposing.stand_ins import stand_ins
from connectors.proposing.within import genders, order
from connectors.proposing.wording import said
from connectors.spec.column import ColumnSpec
from contracts.assumption import Assumption
from contracts.fields import Field

MINORITY = 0.02
THOUSANDS = re.compile(
    r"(?i)\b(in )?(tsd|tds|thousands?|tausend|duizend(en)?|milliers|miles de|mio|mln|millions?|millionen)\b|[kT][€$£](?!\w)|[€$£]k\b"
    r"|\bk(eur|euro?s?|usd|gbp)\b|\bt(eur|usd)\b|[(\[ ]'?0?00'?s?[)\]]"
)
"""Headers of numbers that stand for a thousand or a million times as much."""


@dataclass(frozen=True)
class Written:
    """A match with its writing, its questions and what was taken for true."""

    match: Match
    questions: tuple[Question, ...] = ()
    assumptions: tuple[Assumption, ...] = field(default_factory=tuple)


def write(match: Match, target: Field, seen: Signals) -> Written:
    """Complete a match by what its column shows.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> from contracts import contract
    >>> seen = Signals(columns(pa.table({"DOB": ["01/02/1980", "03/04/1990"]}))[0])
    >>> match = Match("birth_date", ("DOB",), "day", 0.99, "accepted", ())
    >>> written = write(match, contract.get("customers").fields["birth_date"], seen)
    >>> written.match.decision, written.questions[0].id, written.questions[0].options
    ('question', 'dates:birth_date', ('dmy', 'mdy'))
    """
    found, taken = stand_ins(match, target, seen)
    written = _written(replace(match, null_words=found) if found else match, target, seen)
    if taken is None:
        return written
    share = f"{taken.evidence['cells'] / taken.evidence['of']:.0%} of its cells hold {' or '.join(map(repr, found))}, taken for nothing"
    named = replace(written.match, why=(*written.match.why, share))
    return replace(written, match=named, assumptions=(*written.assumptions, taken))


def _written(match: Match, target: Field, seen: Signals) -> Written:
    kind = kind_of(target, ColumnSpec.model_validate({"from": match.sources}))
    match = replace(match, parse=kind)
    if match.part in ("first", "last", "salutation"):
        return _named(match, target, seen)
    if match.part is not None:
        return Written(match)
    if kind in ("day", "moment"):
        return _dates(match, seen)
    if kind == "number":
        return _number(match, seen)
    if target.allowed or kind in ("country", "flag", "currency"):
        found, questions = said(match, target, seen, kind)
        return Written(found, questions)
    return Written(match)


def _named(match: Match, target: Field, seen: Signals) -> Written:
    """A part of full names: in which order these are written is asked once, for the first name."""
    if match.field == "gender":
        match = replace(match, values=genders(seen), otherwise="blank")
    best, why, taken = order(seen, match.field)
    names = None if best == "first_last" else best
    match = replace(match, names=names, why=(*match.why, why) if why and match.part != "salutation" else match.why)
    assumed = (taken,) if taken and match.part == "first" else ()
    if best is not None or match.part != "first":
        return Written(match, (), assumed)
    text = f"Does {shown(match.sources[0])} write the given name first or the family name, where there is no comma? {why}."
    question = Question(f"names:{match.field}", text, match.field, match.sources, ("first_last", "last_first"), seen.column.shapes(3))
    return Written(replace(match, decision="question"), (question,))


def _dates(match: Match, seen: Signals) -> Written:
    header = shown(match.sources[0])
    dates, step = seen.dates, f"propose {match.field}"
    if not dates.share:
        return Written(match)
    if seen.of("compact_date") > 0.5:
        return Written(replace(match, dates="ymd", why=(*match.why, "dates are written as yyyymmdd")))
    votes = {name: count for name, count in (dates.votes or {}).items() if count}
    day, month = votes.get("dmy", 0), votes.get("mdy", 0)
    mixed = min(day, month) > MINORITY * (day + month)
    if dates.ambiguous or mixed:
        options = (dates.order, *(o for o in ("dmy", "mdy") if o != dates.order)) if dates.order != "ymd" else ("dmy", "mdy")
        text = (
            f"Does {header} write days or months first? "
            + (f"{day} values only work with days first, {month} with months first." if mixed else "No value has a day above 12.")
        )  # fmt: skip
        question = Question(f"dates:{match.field}", text, match.field, match.sources, options, seen.column.shapes(3))
        guess = Assumption(step, f"{header} is written {options[0]}", votes, "untested")
        return Written(replace(match, decision="question", dates=options[0]), (question,), (guess,))
    if not votes:
        return Written(match)
    count = votes.get(dates.order, 0)
    said = f"{count} {'value' if count == 1 else 'values'} can only be read as {dates.order}"
    held = Assumption(step, f"{header} is written {dates.order}", votes, "held")
    return Written(replace(match, dates=dates.order, why=(*match.why, said)), (), (held,))


def _number(match: Match, seen: Signals) -> Written:
    """The decimal mark; numbers in thousands are asked about, as a connector does not multiply."""
    if seen.column.filled and THOUSANDS.search(match.sources[0]):
        header = shown(match.sources[0])
        text = f"The header of {header} speaks of thousands, and a connector does not multiply: are its numbers to be taken as they are?"
        question = Question(f"unit:{match.field}", text, match.field, match.sources, (*match.sources, "none"), seen.column.shapes(3))
        return Written(replace(match, decision="question"), (question,))
    if not seen.column.filled or seen.column.kinds.get("number", 0) > 0.9 * seen.column.filled:
        return Written(match)
    header = shown(match.sources[0])
    vote = vote_decimal(seen.column.values, "en")
    if vote.verdict == "held":
        mark = str(vote.value)
        why = f"{vote.evidence['comma' if mark == ',' else 'point']} values show the decimal mark {mark!r}"
        held = Assumption(f"propose {match.field}", f"the decimal mark of {header} is {mark!r}", vote.evidence, "held")
        return Written(replace(match, decimal=mark, thousands="." if mark == "," else ",", why=(*match.why, why)), (), (held,))
    if not vote.evidence["either"]:
        return Written(match)
    text = f"Is the mark in the numbers of {header} a decimal mark or does it group thousands? Each has three digits behind it."
    marks = sorted({sign for text in seen.column.texts[:200] for sign in text if sign in ".,"})
    options = tuple(f"decimal {mark}" for mark in marks) + tuple(f"thousands {mark}" for mark in marks)
    question = Question(f"decimal:{match.field}", text, match.field, match.sources, options, seen.column.shapes(3))
    return Written(replace(match, decision="question"), (question,))
