"""Gates: assumptions with limits that can hold a release, the verdict over them, and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.errors import RunError
from contracts.ledger import Ledger
from flows.drift import Comparison, compare, drift, worst
from flows.drift_gates import drift_gates
from flows.limits import Limits
from flows.phrases import beside, every, listed, shares
from reports.facts import Status, Verdict
from reports.trust import Gate, Outcome
from reports.words import plural, whole

__all__ = ["Comparison", "FeedRows", "Limits", "compare", "drift", "drift_gates", "exit_code", "row_gates", "status", "verdict"]

EXIT_CODES = {"pass": 0, "fail": 1, "cannot tell": 3}
"""As the command line ends."""


@dataclass(frozen=True)
class FeedRows:
    """A feed's rows.

    Parameters
    ----------
    title : str
    ledger : Ledger
        Accepted and quarantined records are rows; those set aside are not.
    faulty : int
        Accepted rows in which at least one check failed: a cell was left blank, or kept with a warning.

    Raises
    ------
    RunError
        GATE-COUNTS where there are more faulty rows than accepted ones.
    """

    title: str
    ledger: Ledger
    faulty: int

    def __post_init__(self) -> None:
        if not 0 <= self.faulty <= self.ledger.accepted:
            raise RunError(
                "GATE-COUNTS", f"the feed {self.title} has a number of faulty rows that cannot be", found=whole(self.faulty),
                expected=f"0 to {whole(self.ledger.accepted)}", hint="this is a fault of Millrace",
            )  # fmt: skip

    @property
    def rows(self) -> int:
        """Records that are rows."""
        return self.ledger.accepted + self.ledger.rows_quarantined


def row_gates(feeds: Sequence[FeedRows], limits: Limits) -> tuple[Gate, ...]:
    """Two gates a feed: the share of rows that pass every check, and the share that could not be used.

    Examples
    --------
    >>> [gate.outcome for gate in row_gates([FeedRows("Customers", Ledger(98, {"ragged": 2}), 7)], Limits())]
    ['pass', 'pass']
    """
    return tuple(gate for feed in feeds for gate in (_passed(feed, limits), _quarantined(feed, limits)))


def _passed(feed: FeedRows, limits: Limits) -> Gate:
    name, title = f"pass_rate:{feed.title}", f"{feed.title}: rows that pass every check"
    if not feed.rows:
        return _no_rows(feed, name, title, limits.pass_rate)
    good = feed.ledger.accepted - feed.faulty
    rate = good / feed.rows
    told, limit = beside(rate, limits.pass_rate, shares)
    outcome: Outcome = "pass" if rate >= limits.pass_rate else "fail"
    some = f"{'only ' if outcome == 'fail' else ''}{whole(good)} of {plural(feed.rows, 'row')} ({told})"
    who = {0: "no row", feed.rows: every(feed.rows, "row")}.get(good, some)
    sentence = f"In {feed.title}, {who} passed every check; at least {limit} must{limits.note('pass_rate')}."
    return Gate(name, title, rate, limits.pass_rate, "share", outcome, sentence)


def _quarantined(feed: FeedRows, limits: Limits) -> Gate:
    name, title = f"quarantine_share:{feed.title}", f"{feed.title}: rows that could not be used"
    if not feed.rows:
        return _no_rows(feed, name, title, limits.quarantine_share)
    part = feed.ledger.rows_quarantined / feed.rows
    told, limit = beside(part, limits.quarantine_share, shares)
    some = f"{whole(feed.ledger.rows_quarantined)} of {plural(feed.rows, 'row')} ({told}) could not be used"
    what = some if part else f"{every(feed.rows, 'row')} could be used"
    sentence = f"In {feed.title}, {what}; at most {limit} may be left out{limits.note('quarantine_share')}."
    return Gate(name, title, part, limits.quarantine_share, "share", "pass" if part <= limits.quarantine_share else "fail", sentence)


def _no_rows(feed: FeedRows, name: str, title: str, limit: float) -> Gate:
    return Gate(name, title, None, limit, "share", "cannot tell", f"{feed.title} had no rows, so there is no share to measure.")


def verdict(gates: Sequence[Gate], drift_judged: bool, why_not: str = "") -> Verdict:
    """All gates in words that can be read aloud to the client.

    Parameters
    ----------
    gates : sequence of Gate
    drift_judged : bool
        Whether the input was compared with training data.
    why_not : str
        Why it was not, as the end of a sentence.

    Examples
    --------
    >>> passed = Gate("psi", "Drift of the inputs", 0.1, 0.25, "PSI", "pass", "")
    >>> verdict([passed], True).sentence
    'These scores can be used: the only check passed.'
    >>> verdict([passed], False, "the model learned from this very file").sentence
    'These scores can be used: the only check passed. Drift was not judged: the model learned from this very file.'
    """
    outcome: Outcome = worst([gate.outcome for gate in gates]) if gates else "cannot tell"
    unjudged = "" if drift_judged else f" Drift was not judged{': ' if why_not else ''}{why_not.rstrip('.')}."
    return Verdict(outcome, _opening(gates, outcome) + unjudged)


def _opening(gates: Sequence[Gate], outcome: Outcome) -> str:
    if not gates:
        return "We cannot say whether these scores can be used: no check applied."
    counts = Counter(gate.outcome for gate in gates)
    total = plural(len(gates), "check")
    if outcome == "pass":
        return f"These scores can be used: {every(len(gates), 'check')} passed."
    concerned = listed([gate.title for gate in gates if gate.outcome == outcome])
    open_too = f", and {whole(counts['cannot tell'])} could not be decided" if outcome == "fail" and counts["cannot tell"] else ""
    if outcome == "fail":
        return f"Please wait with these scores: {whole(counts['fail'])} of {total} failed ({concerned}){open_too}."
    return f"We cannot say whether these scores can be used: {whole(counts['cannot tell'])} of {total} could not be decided ({concerned})."


def status(gates: Sequence[Gate], draft: str = "") -> Status:
    """Where the pack stands: a gate that fails holds it, with the reason; a draft stays one.

    Parameters
    ----------
    gates : sequence of Gate
    draft : str
        Why the pack is a draft, as a sentence; empty where it is none.

    Examples
    --------
    >>> status(()).word, status((), "The connector has open questions.").word
    ('READY', 'DRAFT')
    """
    failed = [gate for gate in gates if gate.outcome == "fail"]
    if failed:
        more = f" {plural(len(failed) - 1, 'more check')} failed." if len(failed) > 1 else ""
        return Status("HELD", " ".join(part for part in (failed[0].sentence + more, draft) if part))
    if draft:
        return Status("DRAFT", draft)
    unknown = [gate.title for gate in gates if gate.outcome == "cannot tell"]
    return Status("READY", f"Not decided: {listed(unknown)}." if unknown else "")


def exit_code(verdict: Verdict) -> int:
    """How the command line ends: 0 passed, 1 failed and held, 3 cannot tell.

    Examples
    --------
    >>> exit_code(Verdict("cannot tell", ""))
    3
    """
    return EXIT_CODES[verdict.outcome]
