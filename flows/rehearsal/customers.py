"""The customers feed: people and their history so far, as typed truth and as clean texts."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from flows.rehearsal.draws import Draws, Numbers, pick
from flows.rehearsal.history import Lines
from flows.rehearsal.lists import (
    CHANNELS,
    FEMALE,
    GENDERS,
    LAST_BEGINNINGS,
    LAST_ENDINGS,
    MAIL_DOMAINS,
    MALE,
    PHONE_STEMS,
    REGIONS,
    SEGMENTS,
    STREET_BEGINNINGS,
    STREET_ENDINGS,
    TOWN_BEGINNINGS,
    TOWN_ENDINGS,
)
from flows.rehearsal.population import PREFIXES, People
from flows.rehearsal.rows import Rows
from flows.rehearsal.texts import german_day, german_money, joined, whole_text, words
from flows.rehearsal.wording import CHANNEL_WORDS, COUNTRY_WORDS, SALUTATIONS, SEGMENT_CODES, SEGMENT_WORDS

GAPS = {
    "email": 0.08, "phone": 0.22, "region": 0.10, "birth_date": 0.07, "income": 0.20, "marketing_consent": 0.03, "preferred_channel": 0.05,
}  # fmt: skip
"""Shares of cells that the company never knew; these are gaps, not damages."""

FIRST_NUMBER = 100_200_000_000
FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ë": "e"})


@cache
def last_names() -> tuple[str, ...]:
    """Every last name."""
    return tuple(a + b for a in LAST_BEGINNINGS for b in LAST_ENDINGS)


@cache
def streets() -> tuple[str, ...]:
    """Every street."""
    return tuple(a + b for a in STREET_BEGINNINGS for b in STREET_ENDINGS)


@cache
def towns() -> tuple[str, ...]:
    """Towns, twenty for each postcode prefix."""
    return tuple(
        TOWN_BEGINNINGS[(place * 13 + town * 7) % len(TOWN_BEGINNINGS)] + TOWN_ENDINGS[(place * 3 + town) % len(TOWN_ENDINGS)]
        for place in range(len(PREFIXES))
        for town in range(20)
    )


def customer_ids(number: Numbers) -> pa.Array:
    """Customer numbers of twelve digits."""
    return whole_text(FIRST_NUMBER + number * 7)


def customer_rows(seed: int, who: People, lines: Lines, day: int) -> Rows:
    """The rows of some people as of the end of a day; `lines` are theirs.

    Examples
    --------
    >>> from flows.rehearsal.history import buy
    >>> from flows.rehearsal.population import CUSTOMERS, people
    >>> who = people(7, CUSTOMERS, np.arange(50), 50, 20_600)
    >>> rows = customer_rows(7, who, buy(7, CUSTOMERS, who, 2.5, 20_600), 20_600)
    >>> rows.text["customer_id"][3].as_py(), len(rows.text), rows.truth.num_columns
    ('100200000021', 20, 20)
    """
    draws = Draws(seed, "customers file")
    gap = {name: draws.uniform(f"gap {name}", who.number) < share for name, share in GAPS.items()}
    named = _names(draws, who, gap)
    lived = _address(draws, who, gap)
    orders, spend_cents, last_day = _so_far(lines, len(who.number), day)
    never = orders == 0
    keyed = {"customer_id": customer_ids(who.number)}
    coded = draws.uniform("group as code", who.number) < 0.7
    income_cents = (who.income * 100).astype(np.int64)
    text = {
        **keyed, "gender": words(SALUTATIONS, who.gender), **named, **lived,
        "country": words(COUNTRY_WORDS, pick(draws.uniform("country", who.number), (0.94, 0.04, 0.02))),
        "birth_date": german_day(who.birth, gap["birth_date"]),
        "segment": pc.if_else(pa.array(coded), words(SEGMENT_CODES, who.segment), words(SEGMENT_WORDS, who.segment)),
        "income": german_money(income_cents, gap["income"]),
        "signup_date": german_day(who.signup),
        "marketing_consent": _blank(words(("N", "J"), who.consent.astype(np.int64)), gap["marketing_consent"]),
        "preferred_channel": _blank(words(CHANNEL_WORDS, who.channel), gap["preferred_channel"]),
        "order_count": whole_text(orders), "total_spend": german_money(spend_cents), "last_order_date": german_day(last_day, never),
    }  # fmt: skip
    typed = {
        **keyed, "gender": words(GENDERS, who.gender), **named, **lived, "country": words(("DE",), np.zeros(len(orders), np.int64)),
        "birth_date": _days(who.birth, gap["birth_date"]),
        "segment": words(SEGMENTS, who.segment),
        "income": pa.array(who.income, mask=gap["income"]),
        "signup_date": _days(who.signup),
        "marketing_consent": pa.array(who.consent, mask=gap["marketing_consent"]),
        "preferred_channel": _blank(words(CHANNELS, who.channel), gap["preferred_channel"]),
        "order_count": pa.array(orders), "total_spend": pa.array(spend_cents / 100), "last_order_date": _days(last_day, never),
    }  # fmt: skip
    return Rows("customers", who.number, keyed["customer_id"], text, pa.table(typed), {})


def _names(draws: Draws, who: People, gap: dict[str, npt.NDArray[np.bool_]]) -> dict[str, pa.Array]:
    """Names, e-mail and telephone."""
    given = (*FEMALE, *MALE)
    first = np.where(who.female_name, who.first, who.first + len(FEMALE))
    tail = words([f"{n:02d}" for n in range(100)], draws.below("mail number", who.number, 100))
    folded = [tuple(name.translate(FOLDED).lower() for name in names) for names in (given, last_names())]
    domain = words(MAIL_DOMAINS, draws.below("domain", who.number, len(MAIL_DOMAINS)))
    mail = joined(words(folded[0], first), ".", words(folded[1], who.last), tail, "@", domain)
    digits = words([f"{n:03d}" for n in range(1000)], draws.below("phone", who.number, 1000))
    phone = joined(words(PHONE_STEMS, draws.below("phone stem", who.number, len(PHONE_STEMS))), digits)
    return {
        "first_name": words(given, first), "last_name": words(last_names(), who.last), "email": _blank(mail, gap["email"]),
        "phone": _blank(phone, gap["phone"]),
    }  # fmt: skip


def _address(draws: Draws, who: People, gap: dict[str, npt.NDArray[np.bool_]]) -> dict[str, pa.Array]:
    """Street, postcode, town and region; a postcode lies in one town, a town in one region."""
    house = words([str(n) for n in range(1, 181)], (draws.uniform("house", who.number) ** 2 * 180).astype(np.int64))
    behind = words(("", "a", "b", "; Hinterhaus"), pick(draws.uniform("behind", who.number), (0.93, 0.035, 0.02, 0.015)))
    street = words(streets(), draws.below("street", who.number, len(streets())))
    last = words([f"{n:03d}" for n in range(1000)], who.town * 50 + draws.below("postcode", who.number, 50))
    return {
        "street": joined(street, " ", house, behind), "postcode": joined(words(PREFIXES, who.prefix), last),
        "city": words(towns(), who.prefix * 20 + who.town), "region": _blank(words(REGIONS, who.region), gap["region"]),
    }  # fmt: skip


def _so_far(lines: Lines, size: int, day: int) -> tuple[Numbers, Numbers, Numbers]:
    """Orders, cents spent (returns taken off) and day of the last order up to the end of a day."""
    known = lines.day <= day
    heads = known & (lines.quantity > 0) & (lines.line == 1)
    last = np.zeros(size, dtype=np.int64)
    last[lines.owner[heads]] = lines.day[heads]
    cents = np.bincount(lines.owner[known], lines.amount_cents[known].astype(np.float64), minlength=size)
    return np.bincount(lines.owner[heads], minlength=size).astype(np.int64), cents.astype(np.int64), last


def _blank(column: pa.Array, gap: npt.NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(pa.array(gap), pa.scalar(None, pa.string()), column)


def _days(day: Numbers, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    return pa.array(day.astype(np.int32), mask=missing).cast(pa.date32())
