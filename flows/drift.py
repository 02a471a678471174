"""Drift of a model's inputs: training against input on all rows, from counts, and the gates on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.distance import merged, psi, psi_limit
from contracts.errors import ContractError
from contracts.profile import FieldProfile, Profile
from flows.limits import Limits
from flows.phrases import beside, numbers, points
from reports.trust import Drift, Outcome
from reports.words import share, whole

WORST: tuple[Outcome, ...] = ("fail", "cannot tell", "pass")


@dataclass(frozen=True)
class Comparison:
    """One input on both sides.

    Parameters
    ----------
    name, title : str
    training, now : FieldProfile
    psi, psi_limit : float or None
        Of the values that are there; null where they are too few.
    spread, gaps : Outcome
        Of the distribution, and of the missing rate.
    limits : Limits
    """

    name: str
    title: str
    training: FieldProfile
    now: FieldProfile
    psi: float | None
    psi_limit: float | None
    spread: Outcome
    gaps: Outcome
    limits: Limits

    @property
    def outcome(self) -> Outcome:
        """The worse of the two."""
        return worst((self.spread, self.gaps))

    @property
    def rise(self) -> float | None:
        """By how much the missing rate rose, as a difference of shares; null where a side has no rows."""
        before, after = self.training.missing, self.now.missing
        return None if before is None or after is None else round(after - before, 12)

    @property
    def drift(self) -> Drift:
        """As pages show it."""
        told = [gaps_told(self) if self.gaps == "fail" else "", spread_told(self)]
        return Drift(self.name, self.title, self.psi, self.training.missing, self.now.missing, self.outcome, " ".join(filter(None, told)))


def worst(outcomes: Sequence[Outcome]) -> Outcome:
    """The worst of several; pass where there are none.

    Examples
    --------
    >>> worst(("pass", "cannot tell", "pass"))
    'cannot tell'
    """
    return min(outcomes, key=WORST.index, default="pass")


def compare(reference: Profile, current: Profile, titles: Mapping[str, str], limits: Limits) -> tuple[Comparison, ...]:
    """Compare every input of the reference's layout; a field that the current table lacked is missing in all of its rows.

    Raises
    ------
    ContractError
        PROFILE-LAYOUT where the two are counted on different bins.
    """
    if reference.layout != current.layout:
        raise ContractError("PROFILE-LAYOUT", "profiles with different bins cannot be compared", hint="count both on the same layout")
    return tuple(_compared(reference, current, name, titles.get(name, name), limits) for name in reference.layout.fields)


def drift(reference: Profile, current: Profile, titles: Mapping[str, str], limits: Limits) -> tuple[Drift, ...]:
    """`compare` as pages show it."""
    return tuple(found.drift for found in compare(reference, current, titles, limits))


def _compared(reference: Profile, current: Profile, name: str, title: str, limits: Limits) -> Comparison:
    training, now = reference.fields[name], current.fields[name]
    value = limit = None
    spread: Outcome = "cannot tell"
    if min(training.known, now.known) >= limits.fewest_rows:
        number = reference.layout.fields[name].kind == "number"
        a, b = merged(training.counts, now.counts) if number else (training.counts, now.counts)
        value, limit = psi(a, b), psi_limit(limits.psi, len(a), training.known, now.known, len(reference.fields))
        spread = "pass" if value <= limit else "fail"
    elif training.rows and now.rows and training.known == now.known == 0:
        spread = "pass"
    found = Comparison(name, title, training, now, value, limit, spread, "pass", limits)
    return Comparison(name, title, training, now, value, limit, spread, _gaps(found), limits)


def _gaps(found: Comparison) -> Outcome:
    """The missing rate; of few rows it says something only where nothing is there at all."""
    few = min(found.training.rows, found.now.rows) < found.limits.fewest_rows
    if found.rise is None or (few and found.now.known):
        return "cannot tell"
    return "fail" if found.rise > found.limits.missing_rise else "pass"


def gaps_told(found: Comparison, name: str = "") -> str:
    """A missing rate that rose too much; with a name as a sentence that stands alone."""
    subject = f"{name} is missing" if name else "Missing"
    now = f"in {share(found.now.missing)} of the rows" if found.now.known else "in every row"
    allowed = f"at most {points(found.limits.missing_rise)} more are allowed{found.limits.note('missing_rise')}"
    return f"{subject} {now}; at training it was {share(found.training.missing)}, and {allowed}."


def spread_told(found: Comparison, name: str = "") -> str:
    """The distribution, where there is something to say of it."""
    if found.spread == "cannot tell":
        return "" if found.gaps == "fail" and not found.now.known else _too_few(found, name)
    if found.psi is None or found.psi_limit is None:
        return f"{name or 'It'} is missing in every row, just as at training."
    value, limit = beside(found.psi, found.psi_limit, numbers)
    if found.spread == "fail":
        return f"{name or 'It'} is spread differently from training: PSI {value}, where {allowed(found, limit)}."
    by_chance = found.psi > found.limits.psi
    return f"PSI {value} is above {numbers(found.limits.psi, 0)}, but {allowed(found, limit)}." if by_chance else ""


def allowed(found: Comparison, limit: str) -> str:
    """The limit of PSI, and where it comes from."""
    if found.psi_limit == found.limits.psi:
        return f"at most {limit} is allowed{found.limits.note('psi')}"
    return f"with so few rows chance alone reaches {limit}"


def _too_few(found: Comparison, name: str) -> str:
    subject, fewest = f"{name} has too" if name else "Too", whole(found.limits.fewest_rows)
    sides = f"{whole(found.training.known)} at training, {whole(found.now.known)} now"
    return f"{subject} few values to compare: {sides}; at least {fewest} are needed on both sides{found.limits.note('fewest_rows')}."
