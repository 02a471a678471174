"""What values say about fields of a person: names, ways to reach them, places, birth, gender, work."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from connectors.parsing.cells import flags
from connectors.parsing.numbers import UNITS
from connectors.proposing.fits import HARDLY, NO, NOTHING, Fit, digest, is_text
from connectors.proposing.numbering import rough
from connectors.proposing.signals import Signals
from connectors.proposing.vocabulary import meaning

AGED = rf"(?i)^[0-9]{{1,3}} ?{UNITS['years']}$"

"""A number of years with its unit."""
STANDING = frozenset((-1, -9, -99, -999, 999, 9999, 99999, 999999))
"""Numbers that stand for nothing where ages are."""
EMPTY = frozenset((0, 1, 1111, 1700, 1753))
"""Years that stand for nothing where births are."""


def person(seen: Signals) -> Fit:
    if digest(seen):
        return Fit(-0.5, "its values are digests")
    if not is_text(seen):
        return Fit(NO, "its values are no names")
    if seen.listed("gender") > 0.6 or (seen.column.filled > 60 and seen.column.unique < 6):
        return Fit(NO, "too few different values for names")
    if seen.of("one_word") < 0.5 and seen.of("two_words") > 0.5:
        return Fit(-1.0, "most values are names of several words")
    return Fit(0.5, "its values look like names")


def full_name(seen: Signals) -> Fit:
    """For a column that holds first and last names."""
    if not seen.column.filled:
        return Fit(NOTHING)
    if digest(seen) or (not is_text(seen) and seen.of("two_words") < 0.5):
        return Fit(HARDLY, "its values are no names")
    several = seen.of("two_words")
    return Fit(0.6 if several > 0.6 else HARDLY, f"{several:.0%} of its values are two words or more")


def email(seen: Signals) -> Fit:
    share = seen.of("email")
    if digest(seen):
        return Fit(-0.5, "its values are digests")
    return Fit(1.7 if share > 0.8 else 1.0 if share > 0.45 else NO, f"{share:.0%} of its values are e-mail addresses")


def phone(seen: Signals) -> Fit:
    share, marked = seen.of("phone"), seen.of("phone_marked")
    if share < 0.4 or seen.dates.share > 0.5 or seen.of("ip") > 0.3:
        return Fit(HARDLY if share > 0.2 else NO, f"{share:.0%} of its values are written like telephone numbers")
    if marked > 0.5:
        return Fit(1.0, f"{marked:.0%} of its values are written as telephone numbers are")
    return Fit(0.1, "its values have as many digits as telephone numbers")


def street(seen: Signals) -> Fit:
    share = seen.of("street")
    if (
        seen.of("email") > 0.2
        or seen.of("url") > 0.2
        or seen.numbers.share > 0.6
        or seen.dates.share > 0.3
        or seen.of("json") > 0.3
        or digest(seen)
    ):
        return Fit(NO, "its values are no streets")
    if share > 0.4:
        return Fit(0.9, f"{share:.0%} of its values are words with a number")
    return Fit(0.1 if seen.of("letters") > 0.5 and seen.column.distinct > 0.3 else -0.5, "hardly a value has a house number")


def city(seen: Signals) -> Fit:
    if not is_text(seen) or seen.listed("gender") > 0.6:
        return Fit(NO, "its values are no places")
    if seen.states > 0.6:
        return Fit(NO, "its values are states of a record")
    return Fit(0.4, "its values are words without digits")


def region(seen: Signals) -> Fit:
    if seen.states > 0.5 or seen.numbers.share > 0.5 or (seen.listed("flag") > 0.8 and seen.regions < 0.5):
        return Fit(NO, "its values are no states or provinces")
    if not is_text(seen):
        return Fit(HARDLY, "its values are no states or provinces")
    return (
        Fit(1.0, f"{seen.regions:.0%} of its values are known states or provinces")
        if seen.regions > 0.4
        else Fit(0.1, "its values are words")
    )


def postcode(seen: Signals) -> Fit:
    share = seen.of("postcode")
    if share < 0.3:
        return Fit(NO if seen.of("digits") < 0.1 else HARDLY, f"{share:.0%} of its values are written like postcodes")
    return Fit(0.6 if share > 0.7 else 0.2, f"{share:.0%} of its values are written like postcodes")


def country(seen: Signals) -> Fit:
    share = seen.listed("country")
    if seen.of("letters") < 0.5 or seen.listed("flag") > 0.8:
        return Fit(NO, "its values are no countries")
    return Fit(1.3 if share > 0.7 else 0.4 if share > 0.3 else HARDLY, f"{share:.0%} of its values are known countries")


def birth(seen: Signals) -> Fit:
    dates = seen.dates
    if dates.share < 0.6:
        return Fit(NO, "its values are no dates")
    early, narrow = (dates.first < 1800 and dates.first not in EMPTY), (dates.last - dates.first < 4 and seen.column.unique > 20)
    if dates.timed > 0.5 or early or dates.middle > 2015 or narrow:
        return Fit(NO, "its dates are no birth dates")
    return Fit(1.0 if dates.middle < 2003 else -0.3, "its dates are as those of births are")


def birth_year(seen: Signals) -> Fit:
    """For a column of years of birth."""
    numbers = seen.numbers
    fine = numbers.share > 0.9 and numbers.whole == 1 and numbers.low > 1850 and numbers.high < 2030 and 1920 < numbers.middle < 2012
    return Fit(0.8, "its values are years as those of births are") if fine else Fit(NO, "its values are no years of birth")


def age(seen: Signals) -> Fit:
    numbers = seen.numbers
    spelt = seen.column.share(flags(pc.match_substring_regex(seen.column.values, AGED))) if numbers.share < 0.8 else 0.0
    if spelt > 0.8:
        return Fit(0.9, f"{spelt:.0%} of its values are numbers of years")
    low, high = (numbers.low < 0 and numbers.low not in STANDING), (numbers.high > 130 and numbers.high not in STANDING)
    if numbers.share < 0.8 or numbers.whole < 0.95 or low or high or not 12 <= numbers.middle <= 130:
        return Fit(NO, "its values are no ages")
    return Fit(0.7 if seen.column.unique > 5 or seen.column.filled < 20 else HARDLY, "its values are whole numbers as ages are")


def band(seen: Signals) -> Fit:
    share = seen.of("band")
    return (
        Fit(1.0, "its values are ranges")
        if share > 0.5
        else Fit(NO if seen.listed("flag") > 0.8 or seen.numbers.share > 0.8 else HARDLY, "its values are no ranges")
    )


def gender(seen: Signals) -> Fit:
    if seen.column.unique <= 4 and seen.numbers.share > 0.9 and seen.numbers.whole == 1 and 0 <= seen.numbers.low <= seen.numbers.high < 10:
        return Fit(-0.9, "its values are codes that only the sender can explain")
    sexes = seen.column.share(np.array([meaning("gender").get(word) in ("female", "male") for word in seen.words], bool))
    share = seen.listed("gender") if sexes > 0.3 else 0.0
    return (
        Fit(1.3 if seen.column.unique < 12 else 0.4, f"{share:.0%} of its values are words for a gender")
        if share > 0.5
        else Fit(NO, "its values are no genders")
    )


def salutation(seen: Signals) -> Fit:
    share = seen.listed("salutation")
    if share > 0.5 and seen.numbers.share < 0.5:
        return Fit(1.3, f"{share:.0%} of its values are forms of address")
    return Fit(NO if seen.column.unique > 12 or seen.numbers.share > 0.5 else HARDLY, "its values are no forms of address")


def occupation(seen: Signals) -> Fit:
    if (
        (not is_text(seen) and seen.of("code") < 0.8)
        or seen.numbers.share > 0.5
        or seen.dates.share > 0.5
        or seen.states > 0.6
        or seen.listed("flag") > 0.8
    ):
        return Fit(NO, "its values are no kinds of work")
    return Fit(0.2, "its values are words") if seen.column.unique > 2 else Fit(-0.5, "few different values")


def income(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.7 or numbers.negative > 0.01:
        return Fit(NO, "its values are no incomes")
    return (
        Fit(0.5, f"its middle value is {rough(numbers.middle)}")
        if numbers.middle > 300
        else Fit(HARDLY, "its values are too small for an income")
    )
