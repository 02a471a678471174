"""Gates on drift: one for each input that fails or cannot be judged, one for all others together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.drift import Comparison, allowed, gaps_told, spread_told
from flows.limits import Limits
from flows.phrases import MOST_NAMED, beside, counted, listed, numbers, points
from reports.trust import Gate
from reports.words import plural, whole


def drift_gates(compared: Sequence[Comparison], limits: Limits) -> tuple[Gate, ...]:
    """Gates on the missing rates and the distributions of a model's inputs.

    Inputs that fail have a gate of their own, and so have up to three that cannot be judged (more share one). All that pass share one
    gate for their missing rates and one for PSI, which name the worst of them: so each input is accounted for on a page that stays short.

    Parameters
    ----------
    compared : sequence of Comparison
        As `flows.drift.compare` gives them.
    """
    gaps = [found for found in compared if found.gaps == "pass"]
    spread = [found for found in compared if found.spread == "pass"]
    return (
        *(_gaps_failed(found) for found in compared if found.gaps == "fail"),
        *(_spread_failed(found) for found in compared if found.spread == "fail"),
        *_undecided([found for found in compared if found.outcome == "cannot tell"], len(compared), limits),
        *([_gaps_passed(gaps, len(compared), limits)] if gaps else []),
        *([_spread_passed(spread, len(compared), limits)] if spread else []),
    )


def _gaps_failed(found: Comparison) -> Gate:
    sentence = gaps_told(found, listed([found.title]))
    return Gate(f"missing:{found.name}", f"Missing values: {found.title}", found.rise, found.limits.missing_rise, "share", "fail", sentence)


def _spread_failed(found: Comparison) -> Gate:
    return _spread_gate(found, found.psi, found.psi_limit)


def _spread_gate(found: Comparison, measured: float | None, limit: float | None) -> Gate:
    sentence = spread_told(found, listed([found.title]))
    return Gate(f"psi:{found.name}", f"Drift: {found.title}", measured, limit, "PSI", found.spread, sentence)


def _undecided(compared: Sequence[Comparison], every: int, limits: Limits) -> Iterator[Gate]:
    if len(compared) <= MOST_NAMED:
        yield from (_undecided_one(found, limits) for found in compared)
        return
    subject = f"All {whole(every)} inputs" if len(compared) == every else f"{whole(len(compared))} of the {plural(every, 'input')}"
    needed = f"at least {whole(limits.fewest_rows)} are needed at training and now{limits.note('fewest_rows')}"
    sentence = f"{subject} have too few values to compare; {needed}: {listed([found.title for found in compared])}."
    yield Gate("psi:undecided", "Drift of inputs with few values", None, limits.psi, "PSI", "cannot tell", sentence)


def _undecided_one(found: Comparison, limits: Limits) -> Gate:
    if found.spread == "cannot tell":
        return _spread_gate(found, None, limits.psi)
    rows = f"{whole(found.training.rows)} at training, {whole(found.now.rows)} now"
    sentence = f"{listed([found.title])} has too few rows to compare how often it is missing: {rows}."
    return Gate(f"missing:{found.name}", f"Missing values: {found.title}", None, limits.missing_rise, "share", "cannot tell", sentence)


def _gaps_passed(compared: Sequence[Comparison], every: int, limits: Limits) -> Gate:
    worst = max(compared, key=lambda found: found.rise or 0)
    rise, subject = worst.rise or 0.0, counted([found.title for found in compared], every, "input")
    most = f"at most {points(limits.missing_rise)} more are allowed{limits.note('missing_rise')}"
    one = len(compared) == 1
    if rise <= 0:
        sentence = f"{subject} {'is' if one else 'are'} missing no more often than at training; {most}."
    else:
        at = "" if one else f" (“{worst.title}”)"
        sentence = f"{subject} {'is' if one else 'are'} missing up to {points(rise)} more often than at training{at}; {most}."
    return Gate("missing", "Missing values of the inputs", rise, limits.missing_rise, "share", "pass", sentence)


def _spread_passed(compared: Sequence[Comparison], every: int, limits: Limits) -> Gate:
    worst = max(compared, key=lambda found: -1.0 if found.psi is None else found.psi)
    subject, one = counted([found.title for found in compared], every, "input"), len(compared) == 1
    if worst.psi is None or worst.psi_limit is None:
        sentence = f"{subject} {'has' if one else 'have'} no values now, just as at training."
        return Gate("psi", "Drift of the inputs", None, limits.psi, "PSI", "pass", sentence)
    value, limit = beside(worst.psi, worst.psi_limit, numbers)
    furthest = f"PSI {value}" if one else f"“{worst.title}” moved furthest, with PSI {value}"
    sentence = f"{subject} {'is' if one else 'are'} spread much as at training: {furthest}, where {allowed(worst, limit)}."
    return Gate("psi", "Drift of the inputs", worst.psi, worst.psi_limit, "PSI", "pass", sentence)
