"""Answers to a proposal's open questions, and what stands open in a feed's YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from connectors.proposing.proposal import Match, Proposal, Question
from connectors.spec.column import RESERVED
from contracts import contract as contracts

NONE = "none"
"""The answer that no column is the field's."""
BLANK = "blank"
"""The answer that a word means nothing."""
_PAIR = re.compile(r"([0-9a-f]{8})=([\w-]+)")
NAMED = ("first", "last", "salutation")
Writer = Callable[[Match], tuple[Match, tuple[Question, ...]]]
_OPEN = re.compile(r"^\s*# \? (\S+?): (.*)$")
_STATUS = re.compile(r"^status:[ \t]*\S+(.*)$", re.MULTILINE)


def answered(proposal: Proposal, answers: Mapping[str, str], written: Writer | None = None) -> Proposal:
    """A proposal with questions answered: by an order of dates, a decimal mark, a header, a code, or `NONE`; what is not asked is left.

    Words are explained one by one as ``token=code``, by the tokens of the question's words.

    Parameters
    ----------
    proposal : Proposal
    answers : mapping of str to str
        By the question's id.
    written : callable, optional
        How another column than the proposed one is written, and what is asked about that.

    Examples
    --------
    >>> match = Match("birth_date", ("Geb",), "day", 0.8, "question", ("the header",))
    >>> asked = Question("dates:birth_date", "Which comes first?", "birth_date", ("Geb",), ("dmy", "mdy"))
    >>> found = answered(Proposal("customers", {}, (match,), (), (), (asked,)), {"dates:birth_date": "mdy"})
    >>> found.matches[0].dates, found.matches[0].decision, found.questions
    ('mdy', 'accepted', ())
    """
    done: set[str] = set()  # a question of words stands again where some are left
    while left := [each for each in proposal.questions if each.id in answers and each.id not in done]:
        done.add(left[0].id)
        proposal = _answered(proposal, left[0], answers[left[0].id], written)
    return proposal


def _answered(proposal: Proposal, question: Question, option: str, written: Writer | None) -> Proposal:
    left = tuple(each for each in proposal.questions if each.id != question.id)
    match, settle = proposal.match(question.field), _SETTLE.get(question.id.partition(":")[0])
    if option == NONE:
        return _without(replace(proposal, questions=left), question.field)
    if match is not None and (pairs := dict(_PAIR.findall(option))):
        match, question = _by_word(match, question, pairs)
        left = (*left, question) if question.words else left
    elif match is not None and settle is not None:
        match = replace(settle(match, option), why=(*match.why, f"answered at the terminal: {option}"))
    elif match is not None and option in match.sources:
        match = replace(match, why=(*match.why, "confirmed at the terminal"))
    else:
        match = Match(question.field, (option,), "", 1.0, "accepted", ("answered at the terminal",))
        left = tuple(each for each in left if each.field != question.field)
        match, more = written(match) if written else (match, ())
        left = (*left, *more)
    waiting = any(each.field == question.field and not each.words for each in left)
    decided = replace(match, decision="question" if waiting else "accepted")
    proposal = _placed(replace(proposal, questions=left), question.field, decided)
    for other in _others(proposal, decided):
        same = replace(other, decision=decided.decision, names=decided.names if other.part in NAMED else None)
        proposal = _placed(proposal, other.field, same)
    return proposal


def _without(proposal: Proposal, name: str) -> Proposal:
    """A proposal without a field, and without those that are cut from the same column."""
    match = proposal.match(name)
    for each in (name, *(other.field for other in (_others(proposal, match) if match else ()))):
        kept = tuple(question for question in proposal.questions if question.field != each)
        proposal = _placed(replace(proposal, questions=kept), each, None)
    return proposal


def _others(proposal: Proposal, match: Match) -> tuple[Match, ...]:
    """Other parts of the same column, about which nothing is asked: what is said of one part is said of all."""
    asked = {question.field for question in proposal.questions}
    same = (each for each in proposal.matches if each.sources == match.sources and each.field != match.field)
    return tuple(each for each in same if match.part and each.part and each.field not in asked)


def _dates(match: Match, option: str) -> Match:
    return replace(match, dates=option)


def _decimal(match: Match, option: str) -> Match:
    """The answer is ``decimal ,`` or ``thousands .``, or the decimal mark alone."""
    word, _, sign = option.rpartition(" ")
    mark = sign if word != "thousands" else "," if sign == "." else "."
    return replace(match, decimal=mark, thousands="." if mark == "," else ",")


def _names(match: Match, option: str) -> Match:
    return replace(match, names=option)


def _words(match: Match, option: str) -> Match:
    """What words of unknown meaning become: empty, or one code."""
    return replace(match, otherwise={"yes": "true", "no": "false"}.get(option, option))


def _by_word(match: Match, question: Question, pairs: Mapping[str, str]) -> tuple[Match, Question]:
    """Words with what they mean, and the question about those that are left; ``blank`` makes a word mean nothing."""
    told = {match.unknown[key]: code for key, code in pairs.items() if key in match.unknown}
    values = {word: {"yes": True, "no": False}.get(code, code) for word, code in told.items() if code != BLANK}
    nothing = tuple(word for word, code in told.items() if code == BLANK)
    why = f"explained at the terminal: {len(told)} word{'s' * (len(told) != 1)}"
    match = replace(
        match, values={**match.values, **values}, null_words=(*match.null_words, *nothing), why=(*match.why, why),
        unknown={key: word for key, word in match.unknown.items() if word not in told},
    )  # fmt: skip
    return match, replace(question, words=tuple(word for word in question.words if word.token not in pairs))


_SETTLE: Mapping[str, Callable[[Match, str], Match]] = {"dates": _dates, "decimal": _decimal, "values": _words, "names": _names}
"""How a question is settled, by the beginning of its id; of any other, the answer is a header."""


def _placed(proposal: Proposal, name: str, match: Match | None) -> Proposal:
    """A proposal with another match of a field, or none; what is used and absent follows."""
    table = contracts.get(proposal.contract)
    before = {each.field: each for each in proposal.matches}
    after = {**before, name: match} if match else {key: each for key, each in before.items() if key != name}
    matches = tuple(found for key in table.fields if (found := after.get(key)))
    taken = {header for each in matches for header in each.sources}
    freed = [header for header in (before[name].sources if name in before else ()) if header not in taken and header not in RESERVED]
    places = {header: place for place, header in enumerate(proposal.shapes)}  # in the order of the file
    left = (header for header in dict.fromkeys((*proposal.unused, *freed)) if header not in taken)
    unused = tuple(sorted(left, key=lambda header: places.get(header, len(places))))
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
