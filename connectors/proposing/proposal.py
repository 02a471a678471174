"""What is proposed for a file: the contract, a match for each field, and what is left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any, Literal

from connectors.spec.column import Part
from contracts.assumption import Assumption

Decision = Literal["accepted", "question"]


_STYLE = ("dates", "decimal", "thousands", "part", "names", "of")


@dataclass(frozen=True)
class Match:
    """Where one field comes from.

    Parameters
    ----------
    field : str
        Of the contract.
    sources : tuple of str
        Headers; several are joined with `join`. A word of `connectors.spec.column.RESERVED` where the record's position serves.
    parse : str
        The parser, as `connectors.spec.column.Kind`, or the field's type word.
    confidence : float
        0 to 1: how sure it is that this is the field's source.
    decision : {"accepted", "question"}
    why : tuple of str
        Reasons for people; no client value.
    join : str
        Between several columns.
    values : mapping
        The file's words and what they mean in the contract, where the contract has codes.
    otherwise : str
        What a word beyond `values` becomes: ``fail`` or ``blank``.
    dates : {"dmy", "mdy", "ymd"}, optional
        Order of day, month and year.
    decimal, thousands : str, optional
        Of numbers.
    null_words : tuple of str
        Words of the column that stand for nothing, beside those known anywhere.
    part : str, optional
        What of each cell the field takes, as `connectors.spec.column.Part`. ``birth_year`` for the age: the year is what can be kept.
    names : {"first_last", "last_first"}, optional
        The order of full names.
    unknown : mapping of str to str
        Words of the column that no list knows and that ten rows or more hold, by the token of `Word`. Client values: they stay here.
    of : str, optional
        For ``position_within``: the field whose groups are counted.

    Examples
    --------
    >>> Match("email", ("E-Mail",), "email", 0.99, "accepted", ("the header is a known name",)).as_dict()["from"]
    ['E-Mail']
    """

    field: str
    sources: tuple[str, ...]
    parse: str
    confidence: float
    decision: Decision
    why: tuple[str, ...]
    join: str = " "
    values: Mapping[str, str | bool] = made(default_factory=dict)
    otherwise: str = "fail"
    dates: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    null_words: tuple[str, ...] = ()
    part: Part | None = None
    names: str | None = None
    of: str | None = None
    unknown: Mapping[str, str] = made(default_factory=dict, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        style = {name: getattr(self, name) for name in _STYLE if getattr(self, name) is not None}
        return {
            "field": self.field, "from": list(self.sources), "parse": self.parse, "confidence": round(self.confidence, 3),
            "decision": self.decision, "why": list(self.why), **({"values": dict(self.values)} if self.values else {}), **style,
            **({"null_words": list(self.null_words)} if self.null_words else {}),
        }  # fmt: skip


@dataclass(frozen=True)
class Word:
    """A word of a column that no list knows: what an answer names it by, and how it is shown, as it is or by its shape."""

    token: str
    shown: str


@dataclass(frozen=True)
class Question:
    """What only a person can say.

    Parameters
    ----------
    id : str
        Stable within a proposal, such as ``dates:birth_date``.
    text : str
        The question.
    field : str
        Whose answer it is.
    columns : tuple of str
        Headers it is about.
    options : tuple of str
        Possible answers, the likeliest first; headers, ``dmy``/``mdy``, codes of the contract, or ``none``.
    examples : tuple of str
        Shapes of values, never values; codes of non-personal fields that at least ten rows hold.
    words : tuple of Word
        Of ``values:`` questions: what is to be explained, each by itself.
    """

    id: str
    text: str
    field: str
    columns: tuple[str, ...]
    options: tuple[str, ...]
    examples: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "id": self.id, "text": self.text, "field": self.field, "columns": list(self.columns), "options": list(self.options),
            "examples": list(self.examples), **({"words": [word.shown for word in self.words]} if self.words else {}),
        }  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """What a file's columns are taken for.

    Parameters
    ----------
    contract : str
        Name of the contract.
    contracts : mapping of str to float
        Every contract that was thought of and how well the file fits it, 0 to 1.
    matches : tuple of Match
        One per field that has a source, accepted or asked about, in the contract's order.
    unused : tuple of str
        Headers that no match takes.
    absent : tuple of str
        Fields without a source.
    questions : tuple of Question
        The most important first.
    assumptions : tuple of Assumption
        What is taken for true, with its evidence.
    shapes : mapping of str to tuple of str
        Commonest shapes of each column's values, by header: what a memory may keep.
    """

    contract: str
    contracts: Mapping[str, float]
    matches: tuple[Match, ...]
    unused: tuple[str, ...]
    absent: tuple[str, ...]
    questions: tuple[Question, ...]
    assumptions: tuple[Assumption, ...] = ()
    shapes: Mapping[str, tuple[str, ...]] = made(default_factory=dict)

    def match(self, name: str) -> Match | None:
        """The match of a field."""
        return next((match for match in self.matches if match.field == name), None)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able: what ``millrace connect --json`` prints."""
        return {
            "contract": self.contract, "contracts": {name: round(score, 3) for name, score in self.contracts.items()},
            "columns": [match.as_dict() for match in self.matches], "unused": list(self.unused), "absent": list(self.absent),
            "questions": [question.as_dict() for question in self.questions],
            "assumptions": [assumption.as_dict() for assumption in self.assumptions],
        }  # fmt: skip
