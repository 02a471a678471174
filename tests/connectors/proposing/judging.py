"""A proposal held against the truth, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.proposing.proposal import Match, Proposal
from connectors.spec.column import RESERVED
from tests.connectors.proposing.truth import ASK, Entry, Wanted


@dataclass(frozen=True)
class Verdict:
    """What became of one field of one table.

    Parameters
    ----------
    sourced : bool
        A column of the file holds it.
    counted : bool
        False where the truth leaves it open whether it is filled.
    filled, right : bool
        Something was proposed; the columns proposed are right.
    written : bool
        So are the order of dates, the decimal mark, and every code that was given; nothing was to be asked that was not.
    whole : bool
        No word of the file that has a code is left without one.
    accepted : bool
    near : str
        Why the column taken is none, where the truth warns of it.
    confidence : float
        That was given to the columns; 0 where none were.
    """

    table: str
    field: str
    sourced: bool
    counted: bool
    filled: bool
    right: bool
    written: bool
    whole: bool
    accepted: bool
    asked: bool
    near: str = ""
    found: tuple[str, ...] = ()
    confidence: float = 0.0

    @property
    def wrong(self) -> bool:
        """Accepted, and the connector would go on with something false."""
        return self.accepted and self.counted and not (self.right and self.written)

    @property
    def kind(self) -> str:
        """A word for the table of faults; empty for what is well."""
        if not self.counted or (self.right and self.written and (self.accepted or self.asked)):
            return ""
        if not self.filled:
            return "missed" if self.sourced else ""
        if not self.sourced and not self.right:
            return f"{'near miss' if self.near else 'no source'} {'accepted' if self.accepted else 'asked'}"
        if not self.right:
            return f"other column {'accepted' if self.accepted else 'asked'}"
        return "asked without need" if self.written else f"written otherwise {'accepted' if self.accepted else 'asked'}"


def judge(entry: Entry, proposal: Proposal) -> list[Verdict]:
    """One verdict for each field of the contract."""
    return [_verdict(entry, name, proposal) for name in entry.contract.fields]


def _verdict(entry: Entry, name: str, proposal: Proposal) -> Verdict:
    wanted, match = entry.fields.get(name), proposal.match(name)
    sourced = wanted is not None and not wanted.made
    must_ask = wanted is not None and wanted.dates == ASK
    if match is None:
        return Verdict(entry.name, name, sourced, True, False, False, True, True, False, must_ask)
    open_choice = set(match.sources) <= set(entry.may.get(name, ()))
    right = open_choice or (wanted is not None and _right(wanted, match))
    near = next((why for header, why in entry.near.get(name, {}).items() if header in match.sources), "")
    return Verdict(
        entry.name, name, sourced, sourced or not open_choice, True, right, wanted is None or _written(wanted, match),
        wanted is None or not _unsaid(wanted, match), match.decision == "accepted", must_ask, near if not right else "", match.sources,
        match.confidence,
    )  # fmt: skip


def _right(wanted: Wanted, match: Match) -> bool:
    return match.sources in wanted.choices and (match.part == wanted.part or bool(set(match.sources) & set(RESERVED)))


def _written(wanted: Wanted, match: Match) -> bool:
    """A style that is not given is found at intake; it may stay open where it is the plain one."""
    dates = match.decision == "question" if wanted.dates == ASK else match.dates in _orders(wanted)
    decimal = wanted.decimal in (None, match.decimal) or (match.decimal is None and wanted.decimal == ".")
    return dates and decimal and all(code in wanted.values[word] for word, code in _given(wanted, match).items())


def _orders(wanted: Wanted) -> tuple[str | None, ...]:
    return ("dmy", "mdy", "ymd", None) if wanted.dates is None else (wanted.dates, None) if wanted.dates == "ymd" else (wanted.dates,)


def _given(wanted: Wanted, match: Match) -> dict[str, str]:
    folded = {word.casefold(): word for word in wanted.values}
    return {folded[word.casefold()]: _code(code) for word, code in match.values.items() if word.casefold() in folded}


def _code(code: str | bool) -> str:
    return str(code).lower() if isinstance(code, bool) else code


def _unsaid(wanted: Wanted, match: Match) -> list[str]:
    """Words with a code that the match does not give; a word that is the code itself needs none."""
    given = _given(wanted, match)
    return [word for word, codes in wanted.values.items() if word not in given and word.casefold() not in codes]


@dataclass(frozen=True)
class Tally:
    """Verdicts as figures.

    Parameters
    ----------
    sourced, top, settled : int
        Fields with a source; those whose columns are right, accepted or not; those that need no person.
    accepted, precise, taken : int
        Accepted matches, those of them that are right in everything, and those of them for fields with a source that need no person.
    unsourced, filled, asked : int
        Fields without a source, those that were filled nevertheless, those that were asked about.
    written, whole : int
        Of `top`: read as they are written; no code missing.
    """

    sourced: int
    top: int
    settled: int
    accepted: int
    precise: int
    taken: int
    unsourced: int
    filled: int
    asked: int
    written: int
    whole: int

    @property
    def share_top(self) -> float:
        """Top proposal right, of the fields with a source."""
        return _share(self.top, self.sourced)

    @property
    def precision(self) -> float:
        """Right in everything, of what was accepted."""
        return _share(self.precise, self.accepted)

    @property
    def share_accepted(self) -> float:
        """Accepted and right, of the fields with a source that need no person."""
        return _share(self.taken, self.settled)

    @property
    def share_filled(self) -> float:
        """Accepted, of the fields without a source."""
        return self.filled / self.unsourced if self.unsourced else 0.0


def tally(verdicts: Iterable[Verdict]) -> Tally:
    """Add up."""
    those = [one for one in verdicts if one.counted]
    sourced = [one for one in those if one.sourced]
    top = [one for one in sourced if one.right]
    settled = [one for one in sourced if not one.asked]
    accepted = [one for one in those if one.accepted]
    unsourced = [one for one in those if not one.sourced]
    wrong = [one for one in unsourced if one.filled and not one.right]
    return Tally(
        len(sourced), len(top), len(settled), len(accepted), sum(not one.wrong for one in accepted),
        sum(one.accepted and not one.wrong for one in settled), len(unsourced), sum(one.accepted for one in wrong),
        sum(not one.accepted for one in wrong), sum(one.written for one in top), sum(one.whole for one in top),
    )  # fmt: skip


BANDS = (0.0, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99)
"""Lower ends of bands of confidence; below the first that is accepted a person is asked."""


def bands(verdicts: Iterable[Verdict]) -> list[tuple[float, int, float, float]]:
    """By band of confidence: its lower end, matches in it, their mean confidence, the share of them whose columns are right.

    Examples
    --------
    >>> one = Verdict("t", "email", True, True, True, True, True, True, True, False, confidence=0.96)
    >>> bands([one, one])
    [(0.95, 2, 0.96, 1.0)]
    """
    found: dict[float, list[Verdict]] = {}
    for one in verdicts:
        if one.counted and one.filled and one.confidence:
            found.setdefault(max(low for low in BANDS if low <= one.confidence), []).append(one)
    return [
        (low, len(those), sum(one.confidence for one in those) / len(those), sum(one.right for one in those) / len(those))
        for low, those in sorted(found.items())
    ]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
