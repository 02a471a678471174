"""Answers to a proposal's open questions, and what stands open in a feed's YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from connectors.proposing.proposal import Match, Proposal, Question
from connectors.spec import RESERVED
from contracts import contract as contracts

NONE = "none"
"""The answer that no column is the field's."""
_OPEN = re.compile(r"^\s*# \? (\S+?): (.*)$")
_STATUS = re.compile(r"^status:[ \t]*\S+(.*)$", re.MULTILINE)


def answered(proposal: Proposal, answers: Mapping[str, str]) -> Proposal:
    """A proposal with questions answered: by an order of dates, a decimal mark, a header, a code, or `NONE`; what is not asked is left.

    Examples
    --------
    >>> match = Match("birth_date", ("Geb",), "day", 0.8, "question", ("the header",))
    >>> asked = Question("dates:birth_date", "Which comes first?", "birth_date", ("Geb",), ("dmy", "mdy"))
    >>> found = answered(Proposal("customers", {}, (match,), (), (), (asked,)), {"dates:birth_date": "mdy"})
    >>> found.matches[0].dates, found.matches[0].decision, found.questions
    ('mdy', 'accepted', ())
    """
    for question in proposal.questions:
        if question.id in answers:
            proposal = _answered(proposal, question, answers[question.id])
    return proposal


def _answered(proposal: Proposal, question: Question, option: str) -> Proposal:
    left = tuple(each for each in proposal.questions if each.id != question.id)
    match, more = proposal.match(question.field), any(each.field == question.field for each in left)
    proposal = replace(proposal, questions=left)
    if option == NONE:
        kept = tuple(each for each in left if each.field != question.field)
        return _placed(replace(proposal, questions=kept), question.field, None)
    if match is None or question.id.partition(":")[0] not in _SETTLE:
        made = Match(question.field, (option,), "", 1.0, "accepted", ("answered at the terminal",))
        if match is not None and match.sources == (option,):
            made = replace(match, decision="accepted", why=(*match.why, "confirmed at the terminal"))
        return _placed(proposal, question.field, made)
    settled = _SETTLE[question.id.partition(":")[0]](match, question, option)
    why = (*match.why, f"answered at the terminal: {option}")
    return _placed(proposal, question.field, replace(settled, decision="question" if more else "accepted", why=why))


def _dates(match: Match, _: Question, option: str) -> Match:
    return replace(match, dates=option)


def _decimal(match: Match, _: Question, option: str) -> Match:
    return replace(match, decimal=option, thousands="." if option == "," else ",")


def _word(match: Match, question: Question, option: str) -> Match:
    """A word's meaning: the word is the rest of the question's id."""
    word = question.id.split(":", 2)[2]
    meaning: str | bool = {"true": True, "false": False}.get(option, option)
    return replace(match, values={**match.values, word: meaning})


_SETTLE = {"dates": _dates, "decimal": _decimal, "value": _word}
"""How a question is settled, by the beginning of its id; of any other, the answer is a header."""


def _placed(proposal: Proposal, name: str, match: Match | None) -> Proposal:
    """A proposal with another match of a field, or none; what is used and absent follows."""
    table = contracts.get(proposal.contract)
    before = {each.field: each for each in proposal.matches}
    after = {**before, name: match} if match else {key: each for key, each in before.items() if key != name}
    matches = tuple(found for key in table.fields if (found := after.get(key)))
    taken = {header for each in matches for header in each.sources}
    freed = [header for header in (before[name].sources if name in before else ()) if header not in taken and header not in RESERVED]
    unused = tuple(header for header in dict.fromkeys((*proposal.unused, *freed)) if header not in taken)
    absent = tuple(key for key in table.fields if key not in after and (key in proposal.absent or key == name))
    return replace(proposal, matches=matches, unused=unused, absent=absent)


def open_questions(text: str) -> tuple[tuple[str, str], ...]:
    """Id and beginning of the questions that stand open in a feed's YAML.

    Examples
    --------
    >>> open_questions("columns:\\n  # ? dates:birth_date: Which comes first?\\n  city: Ort\\n")
    (('dates:birth_date', 'Which comes first?'),)
    """
    found = (_OPEN.match(line) for line in text.splitlines())
    return tuple((each[1], each[2]) for each in found if each)


def confirmed(text: str) -> str:
    """The YAML of a feed with its status set to confirmed; nothing else changes.

    Examples
    --------
    >>> confirmed("feed: a/b\\nstatus: draft  # for now\\n")
    'feed: a/b\\nstatus: confirmed  # for now\\n'
    """
    if _STATUS.search(text):
        return _STATUS.sub(r"status: confirmed\1", text, count=1)
    return re.sub(r"^(contract:.*)$", r"\1\nstatus: confirmed", text, count=1, flags=re.MULTILINE)
