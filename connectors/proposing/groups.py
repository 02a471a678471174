"""What values say about days, flags, words of lists and groups."""

from __future__ import annotations

import re

import numpy as np

from connectors.proposing.fits import HARDLY, NO, NOTHING, Fit, Rule
from connectors.proposing.persons import occupation, salutation
from connectors.proposing.signals import Signals
from connectors.proposing.vocabulary import meaning, says

ARMS = re.compile(r"\b(e-?mails?|mailing|sms|control|treatment|kontrolle|kontrollgruppe|controle|temoin|variant|push|no mail)\b")


def day(seen: Signals) -> Fit:
    share = seen.dates.share
    return Fit(0.7 if share > 0.8 else 0.4 if share > 0.6 else NO, f"{share:.0%} of its values are dates")


def recent_day(seen: Signals) -> Fit:
    found = day(seen)
    old = found.points > 0 and seen.dates.middle < 1975
    return Fit(NO, "its dates are too old") if old else found


def moment(seen: Signals) -> Fit:
    share = seen.dates.share
    if share < 0.6:
        return Fit(NO, "its values are no dates")
    return Fit(NO, "its dates are too old") if seen.dates.middle < 1980 else Fit(0.7, f"{share:.0%} of its values are dates")


def listed(kind: str, enough: float = 0.5) -> Rule:
    def rule(seen: Signals) -> Fit:
        share = seen.listed(kind)
        if share >= enough and not (kind in ("gender", "marital_status") and seen.numbers.share > 0.5):
            return Fit(1.2, f"{share:.0%} of its values are known words")
        return Fit(HARDLY if share > 0.15 and seen.column.unique < 40 else NO, "its values are other words")

    return rule


def flag(name: str) -> Rule:
    """For a field whose values say yes or no in words that it may have of its own, such as ``subscribed``."""

    def rule(seen: Signals) -> Fit:
        known = says(name)
        share = max(seen.listed("flag"), seen.column.share(np.array([word in known for word in seen.words], bool)))
        if share > 0.9 and seen.column.unique <= 6:
            return Fit(0.7, "its values say yes or no")
        few = seen.column.unique <= 3 and seen.numbers.share < 0.5 and seen.dates.share < 0.5
        return Fit(HARDLY if few else NO, "its values do not say yes or no")

    return rule


def label(name: str) -> Rule:
    """As `flag`, for an outcome: it is not the same in all rows."""
    told = flag(name)

    def rule(seen: Signals) -> Fit:
        if seen.column.filled > 2 and seen.column.unique == 1:
            return Fit(HARDLY, "it is the same in all rows")
        return told(seen)

    return rule


def category(seen: Signals) -> Fit:
    column = seen.column
    if seen.dates.share > 0.5 or seen.of("email") > 0.3 or seen.of("url") > 0.3 or seen.of("json") > 0.3 or seen.of("street") > 0.8:
        return Fit(NO, "its values are no groups")
    if column.filled > 40 and column.unique > 60 and column.distinct > 0.2:
        return Fit(HARDLY, "too many different values for groups")
    if seen.numbers.share > 0.8:
        return Fit(HARDLY if column.unique > 40 else -0.6, "its values are numbers")
    why = f"{column.unique} different values" if column.unique > 1 else "one value in all rows"
    return Fit(-0.4 if seen.listed("flag") > 0.9 else 0.3, why)


def segment(seen: Signals) -> Fit:
    arms = seen.column.share(np.array([bool(ARMS.search(word)) for word in seen.words], bool)) if seen.column.unique < 10 else 0.0
    return Fit(NO, "its values look like the arms of a campaign") if arms > 0.6 else category(seen)


def channel(seen: Signals) -> Fit:
    found = category(seen)
    if seen.of("two_words") > 0.7 and seen.column.unique > 20 and seen.listed("channel") < 0.3:
        return Fit(NO, "its values are names")
    if found.points <= HARDLY:
        return found
    share = seen.listed("channel")
    if share > 0.3:
        return Fit(1.0, f"{share:.0%} of its values are known ways of contact")
    return (
        Fit(NO, "its values are names or numbers")
        if seen.of("two_words") > 0.7 or seen.of("phone") > 0.5
        else Fit(-0.6, "its values are no known ways of contact")
    )


def work(seen: Signals) -> Fit:
    """Kinds of work: a title may be one, or a form of address."""
    return Fit(NO, "its values are forms of address") if seen.listed("salutation") > 0.3 else occupation(seen)


def greeting(seen: Signals) -> Fit:
    """Forms of address: a column of nothing but degrees is less of one than that beside it which says Mr or Mrs."""
    found, known = salutation(seen), meaning("salutation")
    plain = any(known.get(word) for word in seen.words)
    return found if plain or found.points <= 0 else Fit(found.points - 0.2, found.why)


def payment(seen: Signals) -> Fit:
    found = category(seen)
    return Fit(NO, "its values say yes or no") if seen.listed("flag") > 0.9 and seen.column.unique < 4 else found


def word(seen: Signals) -> Fit:
    return Fit(NOTHING)
