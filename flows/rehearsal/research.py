"""The feature-rich research table: a panel of other people of the same world, complete, with what they did next."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from flows.rehearsal.draws import Draws, Numbers, Reals
from flows.rehearsal.history import bought_after, buy, history
from flows.rehearsal.lists import CHANNELS, EDUCATIONS, GENDERS, MARITALS, OCCUPATIONS, REGIONS, SEGMENTS
from flows.rehearsal.population import Mix, People, people
from flows.rehearsal.texts import words

SURVEYED = (
    "household_size", "education", "marital_status", "occupation", "visits_90", "emails_opened_90", "nps", "web_minutes_90",
    "complaints_365", "app_user", "newsletter_clicks_90",
)  # fmt: skip
"""Columns of research that no submission carries: a third of its inputs."""


def research(seed: int, mix: Mix, size: int, day: int, orders_per_person: float) -> pa.Table:
    """One row per person of the panel: person, surveys and web traces, history as of `day`, and whether an order followed.

    Examples
    --------
    >>> from flows.rehearsal.population import PANEL
    >>> table = research(7, PANEL, 500, 20_500, 2.5)
    >>> table.num_rows, len(table.column_names), table.column("repurchased").null_count
    (500, 33, 0)
    """
    shuffled = np.argsort(Draws(seed, mix.name).uniform("place in the table", np.arange(size)), kind="stable")
    who = people(seed, mix, shuffled, size, day)  # not by sign-up, which numbers follow
    lines = buy(seed, mix, who, orders_per_person, day)
    orders, _ = bought_after(lines, size, day)
    past = history(lines, size, day)
    featured = {name: pa.array(getattr(past, name), from_pandas=True) for name in past.__dataclass_fields__}
    return pa.table({**personal(who, day), **surveyed(seed, mix, who, day), **featured, "repurchased": pa.array(orders > 0)})


def personal(who: People, day: int) -> dict[str, pa.Array]:
    """The columns that submissions carry too, complete."""
    return {
        "customer_id": pa.array([f"P{number:07d}" for number in who.number.tolist()]),
        "age": pa.array(who.age.astype(np.int64)),
        "gender": words(GENDERS, who.gender),
        "region": words(REGIONS, who.region),
        "income": pa.array(who.income),
        "segment": words(SEGMENTS, who.segment),
        "marketing_consent": pa.array(who.consent),
        "preferred_channel": words(CHANNELS, who.channel),
        "signup_days": pa.array(day - who.signup),
    }


def surveyed(seed: int, mix: Mix, who: People, day: int) -> dict[str, pa.Array]:
    """Answers and web traces, which follow the leanings and whether the person still is there."""
    draws = Draws(seed, f"{mix.name} research")
    here = np.where(who.leaves > day, 1.0, np.where(who.leaves > day - 90, 0.6, 0.22))

    def counted(name: str, level: Reals, most: int) -> Numbers:
        noise = 0.35 * draws.normal(f"{name} noise", who.number)
        return draws.poisson(name, who.number, here * np.exp(np.clip(level + noise, -6, 3.6)), most)

    visits = counted("visits", 1.3 + 0.75 * who.interest + 0.25 * who.loyal, 120)
    opened = np.where(who.consent, counted("opened", 0.9 + 0.45 * who.interest, 60), 0)
    minutes = np.round(visits * 3.2 * np.exp(0.45 * draws.normal("minutes", who.number)), 1)
    nps = np.clip(np.round(7.2 + 1.9 * who.content + 1.1 * draws.normal("nps", who.number)), 0, 10)
    return {
        "household_size": pa.array(who.household),
        "education": words(EDUCATIONS, who.education),
        "marital_status": words(MARITALS, who.marital),
        "occupation": words(OCCUPATIONS, who.occupation),
        "visits_90": pa.array(visits),
        "emails_opened_90": pa.array(opened),
        "nps": pa.array(nps.astype(np.int64)),
        "web_minutes_90": pa.array(minutes),
        "complaints_365": pa.array(draws.poisson("complaints", who.number, np.exp(-1.8 - 0.6 * who.content), 9)),
        "app_user": pa.array(who.app),
        "newsletter_clicks_90": pa.array(np.minimum(opened, counted("clicks", -0.3 + 0.6 * who.interest, 40))),
    }
