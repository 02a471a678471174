"""What the values of a column say for and against a field: points and reasons. What a field is not counts more than what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from connectors.proposing.signals import Signals
from connectors.proposing.vocabulary import meaning
from contracts.fields import Field

NO, HARDLY, NOTHING = -3.0, -1.2, 0.0
ARMS = re.compile(r"\b(e-?mails?|mailing|sms|control|treatment|kontrolle|kontrollgruppe|controle|temoin|variant|push|no mail)\b")
FEW_VALUES = 4
"""Below as many different values, evidence against a column counts less."""


@dataclass(frozen=True)
class Fit:
    """Points for (above 0) or against a field, and why."""

    points: float
    why: str = ""


Rule = Callable[[Signals], Fit]


def fit(field: Field, seen: Signals) -> Fit:
    """What a column's values say about a field; nothing where it is empty.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> from contracts import contract
    >>> fields, table = contract.get("customers").fields, pa.table({"x": ["a@b.de", "c@d.fr"], "zip": ["Urban", "Rural"]})
    >>> [fit(fields[f], Signals(c)).points > 0 for f, c in zip(("email", "postcode"), columns(table))]
    [True, False]
    """
    if not seen.column.filled:
        return Fit(NO if field.role == "key" else NOTHING, "the sample holds no value")
    rule = RULES.get(field.name) or _BY_TYPE[field.type_word]
    found = rule(seen)
    if found.points < 0 and seen.column.unique < FEW_VALUES and field.name not in STRICT:
        return Fit(found.points * (0.3 + 0.15 * seen.column.unique), found.why)
    return found


def _is_text(seen: Signals) -> bool:
    """Names of people or things: no numbers, dates, flags, addresses of the net."""
    return seen.of("letters") > 0.7 and seen.listed("flag") < 0.8 and seen.of("email") < 0.2 and seen.of("hash") < 0.5 and seen.of("json") < 0.3


def _digest(seen: Signals) -> bool:
    return seen.of("hash") > 0.5


def _key(seen: Signals) -> Fit:
    column = seen.column
    if seen.dates.share > 0.5 or seen.of("time_only") > 0.5:
        return Fit(NO, "its values are dates")
    if column.filled > 4 and column.distinct < 0.6 or column.filled > 1 and column.unique == 1:
        return Fit(NO, "its values repeat")
    if seen.of("text") > 0.3 or seen.of("json") > 0.3:
        return Fit(NO, "its values are texts")
    if column.rows > 4 and column.fill < 0.7:
        return Fit(HARDLY, "many rows lack it")
    if seen.numbers.share > 0.9 and seen.numbers.whole < 0.9:
        return Fit(NO, "its values have decimals")
    if _digest(seen) or seen.of("code") < 0.6 or seen.of("one_word") > 0.9:
        return Fit(HARDLY, "its values do not look like keys")
    return Fit(0.6 if column.distinct > 0.99 else -0.3 if column.distinct < 0.9 else 0.2, f"{column.distinct:.0%} of its values differ")


def _order(seen: Signals) -> Fit:
    found = _foreign_key(seen)
    lacking = seen.column.rows > 4 and seen.column.fill < 0.9
    return Fit(HARDLY, "some rows lack it") if lacking and found.points > HARDLY else found


def _foreign_key(seen: Signals) -> Fit:
    if seen.dates.share > 0.5 or seen.of("text") > 0.3 or seen.of("json") > 0.3:
        return Fit(NO, "its values are no keys")
    if seen.numbers.share > 0.9 and (seen.numbers.whole < 0.9 or seen.numbers.negative > 0):
        return Fit(NO, "its values are quantities")
    if seen.of("code") < 0.6:
        return Fit(HARDLY, "its values do not look like keys")
    few = seen.column.filled > 20 and seen.column.unique < 5
    return Fit(HARDLY if few else 0.3, "few different values" if few else "its values look like keys")


def _person(seen: Signals) -> Fit:
    if _digest(seen):
        return Fit(-0.5, "its values are digests")
    if not _is_text(seen):
        return Fit(NO, "its values are no names")
    if seen.listed("gender") > 0.6 or seen.column.filled > 60 and seen.column.unique < 6:
        return Fit(NO, "too few different values for names")
    if seen.of("one_word") < 0.5 and seen.of("two_words") > 0.5:
        return Fit(-1.0, "most values are names of several words")
    return Fit(0.5, "its values look like names")


def full_name(seen: Signals) -> Fit:
    """For a column that holds first and last names."""
    if not seen.column.filled:
        return Fit(NOTHING)
    if _digest(seen) or not _is_text(seen) and seen.of("two_words") < 0.5:
        return Fit(HARDLY, "its values are no names")
    several = seen.of("two_words")
    return Fit(0.6 if several > 0.6 else HARDLY, f"{several:.0%} of its values are two words or more")


def _email(seen: Signals) -> Fit:
    share = seen.of("email")
    if _digest(seen):
        return Fit(-0.5, "its values are digests")
    return Fit(1.7 if share > 0.8 else 1.0 if share > 0.45 else NO, f"{share:.0%} of its values are e-mail addresses")


def _phone(seen: Signals) -> Fit:
    share, marked = seen.of("phone"), seen.of("phone_marked")
    if share < 0.4 or seen.dates.share > 0.5 or seen.of("ip") > 0.3:
        return Fit(HARDLY if share > 0.2 else NO, f"{share:.0%} of its values are written like telephone numbers")
    if marked > 0.5:
        return Fit(1.0, f"{marked:.0%} of its values are written as telephone numbers are")
    return Fit(0.1, "its values have as many digits as telephone numbers")


def _street(seen: Signals) -> Fit:
    share = seen.of("street")
    if seen.of("email") > 0.2 or seen.of("url") > 0.2 or seen.numbers.share > 0.6 or seen.dates.share > 0.3 or seen.of("json") > 0.3 or _digest(seen):
        return Fit(NO, "its values are no streets")
    if share > 0.4:
        return Fit(0.9, f"{share:.0%} of its values are words with a number")
    return Fit(0.1 if seen.of("letters") > 0.5 and seen.column.distinct > 0.3 else -0.5, "hardly a value has a house number")


def _city(seen: Signals) -> Fit:
    if not _is_text(seen) or seen.listed("gender") > 0.6:
        return Fit(NO, "its values are no places")
    if seen.states > 0.6:
        return Fit(NO, "its values are states of a record")
    return Fit(0.4, "its values are words without digits")


def _region(seen: Signals) -> Fit:
    if seen.states > 0.5 or seen.numbers.share > 0.5 or seen.listed("flag") > 0.8 and seen.regions < 0.5:
        return Fit(NO, "its values are no states or provinces")
    if not _is_text(seen):
        return Fit(HARDLY, "its values are no states or provinces")
    return Fit(1.0, f"{seen.regions:.0%} of its values are known states or provinces") if seen.regions > 0.4 else Fit(0.1, "its values are words")


def _postcode(seen: Signals) -> Fit:
    share = seen.of("postcode")
    if share < 0.3:
        return Fit(NO if seen.of("digits") < 0.1 else HARDLY, f"{share:.0%} of its values are written like postcodes")
    return Fit(0.6 if share > 0.7 else 0.2, f"{share:.0%} of its values are written like postcodes")


def _country(seen: Signals) -> Fit:
    share = seen.listed("country")
    if seen.of("letters") < 0.5 or seen.listed("flag") > 0.8:
        return Fit(NO, "its values are no countries")
    return Fit(1.3 if share > 0.7 else 0.4 if share > 0.3 else HARDLY, f"{share:.0%} of its values are known countries")


def _birth(seen: Signals) -> Fit:
    dates = seen.dates
    if dates.share < 0.6:
        return Fit(NO, "its values are no dates")
    if dates.timed > 0.5 or dates.first < 1800 or dates.middle > 2015 or dates.last - dates.first < 4 and seen.column.unique > 20:
        return Fit(NO, "its dates are no birth dates")
    return Fit(1.0 if dates.middle < 2003 else -0.3, f"its dates are from {dates.first} to {dates.last}")


def birth_year(seen: Signals) -> Fit:
    """For a column of years of birth."""
    numbers = seen.numbers
    fine = numbers.share > 0.9 and numbers.whole == 1 and 1850 < numbers.low and numbers.high < 2030 and 1920 < numbers.middle < 2012
    return Fit(0.8, f"its values are years from {numbers.low:.0f} to {numbers.high:.0f}") if fine else Fit(NO, "its values are no years of birth")


def _day(seen: Signals) -> Fit:
    share = seen.dates.share
    return Fit(0.7 if share > 0.8 else 0.4 if share > 0.6 else NO, f"{share:.0%} of its values are dates")


def _recent_day(seen: Signals) -> Fit:
    found = _day(seen)
    old = found.points > 0 and seen.dates.middle < 1975
    return Fit(NO, "its dates are too old") if old else found


def _age(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.8 or numbers.whole < 0.95 or numbers.low < 0 or numbers.high > 130 or numbers.middle < 12:
        return Fit(NO, "its values are no ages")
    return Fit(0.7 if seen.column.unique > 5 or seen.column.filled < 20 else HARDLY, f"whole numbers from {numbers.low:.0f} to {numbers.high:.0f}")


def _band(seen: Signals) -> Fit:
    share = seen.of("band")
    return Fit(1.0, "its values are ranges") if share > 0.5 else Fit(NO if seen.listed("flag") > 0.8 or seen.numbers.share > 0.8 else HARDLY, "its values are no ranges")


def _listed(kind: str, enough: float = 0.5) -> Rule:
    def rule(seen: Signals) -> Fit:
        share = seen.listed(kind)
        if share >= enough and not (kind in ("gender", "marital_status") and seen.numbers.share > 0.5):
            return Fit(1.2, f"{share:.0%} of its values are known words")
        return Fit(HARDLY if share > 0.15 and seen.column.unique < 40 else NO, "its values are other words")

    return rule


def _gender(seen: Signals) -> Fit:
    if seen.column.unique <= 4 and seen.numbers.share > 0.9 and seen.numbers.whole == 1 and 0 <= seen.numbers.low <= seen.numbers.high < 10:
        return Fit(-0.9, "its values are codes that only the sender can explain")
    sexes = seen.column.share(np.array([meaning("gender").get(word) in ("female", "male") for word in seen.words], bool))
    share = seen.listed("gender") if sexes > 0.3 else 0.0
    return Fit(1.3 if seen.column.unique < 12 else 0.4, f"{share:.0%} of its values are words for a gender") if share > 0.5 else Fit(NO, "its values are no genders")


def _occupation(seen: Signals) -> Fit:
    if not _is_text(seen) and seen.of("code") < 0.8 or seen.numbers.share > 0.5 or seen.dates.share > 0.5 or seen.states > 0.6 or seen.listed("flag") > 0.8:
        return Fit(NO, "its values are no kinds of work")
    return Fit(0.2, "its values are words") if seen.column.unique > 2 else Fit(-0.5, "few different values")


def _income(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.7 or numbers.negative > 0.01:
        return Fit(NO, "its values are no incomes")
    return Fit(0.5, f"its middle value is {_rough(numbers.middle)}") if numbers.middle > 300 else Fit(HARDLY, "its values are too small for an income")


def _rough(value: float) -> str:
    """The order of magnitude, so that no value is told."""
    return f"about 10^{len(str(int(abs(value)))) - 1}"


def _count(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.8 or numbers.whole < 0.98 or seen.of("lead_zero") > 0.2:
        return Fit(NO, "its values are no counts")
    if numbers.low < -1 or numbers.middle > 10_000:
        return Fit(HARDLY, "its values are no counts")
    return Fit(0.4, f"whole numbers up to {_rough(numbers.high)}")


def _money(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.7 or seen.of("percent") > 0.3 or seen.of("lead_zero") > 0.3:
        return Fit(NO, "its values are no amounts")
    if seen.column.filled > 20 and seen.column.unique < 3:
        return Fit(HARDLY, "it is nearly the same in all rows")
    if numbers.whole == 1 and numbers.low == 0 and numbers.high <= 1:
        return Fit(NO, "its values are 0 and 1")
    marked = seen.of("sign") > 0.3
    return Fit(0.7 if marked else 0.4, "its values carry a currency" if marked else "its values are numbers")


def _price(seen: Signals) -> Fit:
    found = _money(seen)
    return Fit(NO, "some values are below zero") if found.points > 0 and seen.numbers.negative > 0.02 else found


def _quantity(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.8 or seen.of("lead_zero") > 0.3 or seen.of("sign") > 0.2:
        return Fit(NO, "its values are no quantities")
    return Fit(0.4 if numbers.whole > 0.8 and abs(numbers.middle) < 1000 else -0.5, "its values are numbers")


def _flag(seen: Signals) -> Fit:
    share = seen.listed("flag")
    if share > 0.9 and seen.column.unique <= 4:
        return Fit(0.7, "its values say yes or no")
    return Fit(HARDLY if seen.column.unique <= 3 and seen.numbers.share < 0.5 and seen.dates.share < 0.5 else NO, "its values do not say yes or no")


def _label(seen: Signals) -> Fit:
    if seen.column.filled > 2 and seen.column.unique == 1:
        return Fit(HARDLY, "it is the same in all rows")
    return _flag(seen)


def _segment(seen: Signals) -> Fit:
    arms = seen.column.share(np.array([bool(ARMS.search(word)) for word in seen.words], bool)) if seen.column.unique < 10 else 0.0
    return Fit(NO, "its values look like the arms of a campaign") if arms > 0.6 else _category(seen)


def _channel(seen: Signals) -> Fit:
    found = _category(seen)
    if found.points <= HARDLY:
        return found
    share = seen.listed("channel")
    if share > 0.3:
        return Fit(1.0, f"{share:.0%} of its values are known ways of contact")
    return Fit(NO, "its values are names or numbers") if seen.of("two_words") > 0.7 or seen.of("phone") > 0.5 else Fit(-0.6, "its values are no known ways of contact")


def _category(seen: Signals) -> Fit:
    column = seen.column
    if seen.dates.share > 0.5 or seen.of("email") > 0.3 or seen.of("url") > 0.3 or seen.of("json") > 0.3 or seen.of("street") > 0.8:
        return Fit(NO, "its values are no groups")
    if column.filled > 40 and column.unique > 60 and column.distinct > 0.2:
        return Fit(HARDLY, "too many different values for groups")
    if seen.numbers.share > 0.8:
        return Fit(HARDLY if column.unique > 40 else -0.6, "its values are numbers")
    return Fit(-0.4 if seen.listed("flag") > 0.9 else 0.3, f"{column.unique} different values")


def _sku(seen: Signals) -> Fit:
    if seen.dates.share > 0.5 or seen.of("json") > 0.3 or seen.of("email") > 0.3 or seen.numbers.share > 0.8 and seen.numbers.whole < 0.9:
        return Fit(NO, "its values are no keys of products")
    return Fit(0.3 if seen.of("code") > 0.5 or _digest(seen) else -0.2, "its values look like codes")


def _product(seen: Signals) -> Fit:
    if seen.numbers.share > 0.5 or seen.dates.share > 0.5 or seen.of("email") > 0.3 or seen.of("json") > 0.3 or seen.listed("flag") > 0.8:
        return Fit(NO, "its values are no names of products")
    if seen.of("code") > 0.9 and seen.of("one_word") < 0.5 and not _digest(seen):
        return Fit(HARDLY, "its values look like codes")
    return Fit(0.3, "its values are words")


def _moment(seen: Signals) -> Fit:
    share = seen.dates.share
    if share < 0.6:
        return Fit(NO, "its values are no dates")
    return Fit(NO, "its dates are too old") if seen.dates.middle < 1980 else Fit(0.7, f"{share:.0%} of its values are dates")


def _line(seen: Signals) -> Fit:
    numbers = seen.numbers
    fine = numbers.share > 0.9 and numbers.whole == 1 and numbers.low >= 0 and (numbers.high < 1000 or seen.column.distinct > 0.99)
    return Fit(0.3, "small whole numbers, or all different") if fine else Fit(NO, "its values are no lines of an order")


def _payment(seen: Signals) -> Fit:
    found = _category(seen)
    return Fit(NO, "its values say yes or no") if seen.listed("flag") > 0.9 and seen.column.unique < 4 else found


def _salutation(seen: Signals) -> Fit:
    share = seen.listed("salutation")
    if share > 0.5 and seen.numbers.share < 0.5:
        return Fit(1.3, f"{share:.0%} of its values are forms of address")
    return Fit(NO if seen.column.unique > 12 or seen.numbers.share > 0.5 else HARDLY, "its values are no forms of address")


def _word(seen: Signals) -> Fit:
    return Fit(NOTHING)


STRICT = frozenset({"contact_channel", "email", "birth_date", "signup_date", "last_order_date", "contacted_on", "ordered_at", "age", "gender", "marketing_consent", "currency"})
"""Fields for which even few values tell."""

RULES: Mapping[str, Rule] = {
    "customer_id": _key, "first_name": _person, "last_name": _person, "salutation": _salutation, "email": _email, "phone": _phone,
    "street": _street, "city": _city, "region": _region, "postcode": _postcode, "country": _country, "birth_date": _birth, "age": _age,
    "age_band": _band, "gender": _gender, "marital_status": _listed("marital_status"), "education": _listed("education"),
    "occupation": _occupation, "income": _income, "signup_date": _recent_day, "marketing_consent": _flag, "preferred_channel": _channel,
    "segment": _segment, "order_count": _count, "total_spend": _money, "last_order_date": _recent_day,
    "tenure_months": _count, "contract_term": _listed("contract_term"), "monthly_charge": _price, "total_charge": _price,
    "payment_method": _payment, "churned": _label, "previous_contacts": _count, "days_since_contact": _count, "previous_outcome": _category,
    "contact_channel": _channel, "contacted_on": _recent_day, "contact_month": _listed("contact_month"), "responded": _label,
    "order_id": _order, "line_id": _line, "ordered_at": _moment, "product_id": _sku, "product_name": _product, "category": _category,
    "quantity": _quantity, "unit_price": _price, "amount": _money, "currency": _listed("currency", 0.7), "channel": _category,
}  # fmt: skip
_BY_TYPE: Mapping[str, Rule] = {"text": _word, "whole": _count, "real": _quantity, "flag": _flag, "day": _day, "moment": _moment}


def fit_for(contract_key: tuple[str, ...], field: Field, seen: Signals) -> Fit:
    """As `fit`; the customer's key repeats where it is not the table's own."""
    if field.name == "customer_id" and contract_key != ("customer_id",):
        return _foreign_key(seen) if seen.column.filled else Fit(NO, "the sample holds no value")
    return fit(field, seen)
