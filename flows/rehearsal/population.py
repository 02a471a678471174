"""Who the invented people are: what a company may know of them, and the leanings that drive what they do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from flows.rehearsal.draws import Draws, Numbers, Reals, pick
from flows.rehearsal.lists import CHANNELS, LAST_BEGINNINGS, LAST_ENDINGS, REGION_PREFIXES, REGION_SHARES, REGIONS, SEGMENTS, TOWN_ENDINGS

Flags = npt.NDArray[np.bool_]
DAYS_A_YEAR = 365.25
PREFIXES = tuple(prefix for region in REGIONS for prefix in REGION_PREFIXES[region])
PREFIX_REGION = np.array([REGIONS.index(region) for region in REGIONS for _ in REGION_PREFIXES[region]])


@dataclass(frozen=True)
class Mix:
    """How a group of people is composed; two mixes of one world differ here and nowhere else.

    Parameters
    ----------
    name : str
        Names the group's streams of chance.
    age : float
        Centre of the ages, in years.
    urban : float
        Weight of the city states among the regions.
    female : float
        Share of women.
    online : float
        Push towards the online channels.
    history_years : float
        Years since the oldest sign-up.
    """

    name: str
    age: float
    urban: float
    female: float
    online: float
    history_years: float


PANEL = Mix("panel", age=45.0, urban=1.6, female=0.52, online=0.30, history_years=2.5)
CUSTOMERS = Mix("customers", age=50.0, urban=1.0, female=0.57, online=0.0, history_years=3.0)
"""The known drift between training and submissions is the difference of these two."""


@dataclass(frozen=True)
class People:
    """One entry per person; codes are positions in the tuples of `lists`, days are days since 1970-01-01.

    `rate` is the relative rate of buying, `leaves` the day of silent drop-out, `boost` the factor on the rate in the recent past and the
    future, `loyal`, `interest` and `content` the leanings behind them.
    """

    number: Numbers
    gender: Numbers
    female_name: Flags
    first: Numbers
    last: Numbers
    prefix: Numbers
    region: Numbers
    town: Numbers
    birth: Numbers
    age: Reals
    income: Reals
    education: Numbers
    occupation: Numbers
    marital: Numbers
    household: Numbers
    consent: Flags
    app: Flags
    channel: Numbers
    segment: Numbers
    signup: Numbers
    leaves: Numbers
    rate: Reals
    boost: Reals
    loyal: Reals
    interest: Reals
    content: Reals


def signup_days(number: Numbers, size: int, mix: Mix, last_day: int) -> Numbers:
    """Sign-up day of each number; later numbers signed up later, and lately more than long ago."""
    place = (number + 0.5) / size
    return (last_day - mix.history_years * DAYS_A_YEAR * (1.0 - place**0.75)).astype(np.int64)


@cache
def _prefix_weights(urban: float) -> tuple[float, ...]:
    share = np.array(REGION_SHARES) * np.where(np.isin(REGIONS, ["Berlin", "Hamburg", "Bremen"]), urban, 1.0)
    each = share / np.array([len(REGION_PREFIXES[region]) for region in REGIONS])
    return tuple(each[PREFIX_REGION].tolist())


def people(seed: int, mix: Mix, number: Numbers, size: int, last_day: int) -> People:
    """The people with the given numbers out of a group of `size`, as of `last_day`.

    Examples
    --------
    >>> whole = people(7, CUSTOMERS, np.arange(2000), 2000, 20_600)
    >>> part = people(7, CUSTOMERS, np.arange(900, 950), 2000, 20_600)
    >>> bool((part.birth == whole.birth[900:950]).all()), bool((whole.signup <= 20_600).all())
    (True, True)
    """
    draws = Draws(seed, mix.name)
    age = np.clip(mix.age + 16.5 * draws.normal("age", number) + 1.5 * draws.normal("age tail", number), 18.05, 89.9)
    gender = pick(draws.uniform("gender", number), (mix.female, 1 - mix.female - 0.012, 0.012))
    prefix = pick(draws.uniform("postcode", number), _prefix_weights(mix.urban))
    education = pick(np.clip(draws.uniform("education", number) - (age - 48) / 600, 0, 0.999), (0.03, 0.16, 0.52, 0.29))
    occupation = _occupation(draws, number, age)
    loyal, interest, content = (draws.normal(name, number) for name in ("loyal", "interest", "content"))
    income = _income(draws, number, age, education, occupation)
    consent = draws.uniform("consent", number) < 1 / (1 + np.exp(-(0.4 + 0.6 * loyal - 0.01 * (age - 48))))
    app = draws.uniform("app", number) < 1 / (1 + np.exp(-(mix.online + 0.4 * interest - 0.045 * (age - 42) - 0.2)))
    channel = _channel(draws, number, age, app, mix.online)
    region = PREFIX_REGION[prefix]
    signup = signup_days(number, size, mix, last_day)
    rate = np.exp(
        0.42 * loyal + 0.35 * consent + 0.25 * (gender == 0) + 0.22 * np.log(income / 36_000) - ((age - 46) / 30) ** 2 * 0.35
        + 0.25 * np.isin(channel, (0, 1)) + 0.12 * ((region * 7) % 5 - 2) + 0.30 * draws.normal("rate", number)
    )  # fmt: skip
    stay = 3.8 * np.exp(0.35 * content + 0.25 * loyal) * -np.log1p(-draws.uniform("leaves", number))
    return People(
        number=number, gender=gender, female_name=(gender == 0) | ((gender == 2) & (number % 2 == 0)),
        first=draws.below("first", number, 52), last=draws.below("last", number, len(LAST_BEGINNINGS) * len(LAST_ENDINGS)),
        prefix=prefix, region=region, town=draws.below("town", number, len(TOWN_ENDINGS)),
        birth=(last_day - age * DAYS_A_YEAR).astype(np.int64), age=age, income=income, education=education, occupation=occupation,
        marital=_marital(draws, number, age), household=1 + draws.poisson("household", number, np.where(age > 62, 0.7, 1.3), most=5),
        consent=consent, app=app, channel=channel, segment=_segment(draws, number, loyal, last_day - signup), signup=signup,
        leaves=signup + 1 + (stay * DAYS_A_YEAR).astype(np.int64), rate=rate,
        boost=np.exp(0.90 * interest + 0.35 * content - 0.10), loyal=loyal, interest=interest, content=content,
    )  # fmt: skip


def _occupation(draws: Draws, number: Numbers, age: Reals) -> Numbers:
    """Positions in `lists.OCCUPATIONS`; the old are mostly retired, the young often study."""
    drawn = draws.uniform("occupation", number)
    working = pick(drawn, (0.50, 0.08, 0.11, 0.20, 0.0, 0.02, 0.05, 0.04))
    young = pick(drawn, (0.35, 0.02, 0.02, 0.15, 0.0, 0.42, 0.01, 0.03))
    retired = draws.uniform("retired", number) < 1 / (1 + np.exp(-(age - 64.5) * 0.9))
    return np.where(retired, 4, np.where(age < 25, young, working))


def _income(draws: Draws, number: Numbers, age: Reals, education: Numbers, occupation: Numbers) -> Reals:
    """Gross income per year in whole tens."""
    level = np.array([9.9, 10.05, 10.42, 10.85])[education] + np.array([0.1, 0.2, 0.15, -0.05, -0.45, -1.2, -0.9, -0.9])[occupation]
    drawn = np.exp(level - ((age - 50) / 55) ** 2 + 0.36 * draws.normal("income", number))
    rounded: Reals = np.clip(np.round(drawn / 10) * 10, 4_800, 390_000)
    return rounded


def _marital(draws: Draws, number: Numbers, age: Reals) -> Numbers:
    drawn = draws.uniform("marital", number)
    shares = ((0.75, 0.08, 0.16, 0.01, 0), (0.24, 0.52, 0.1, 0.13, 0.01), (0.07, 0.57, 0.03, 0.12, 0.21))
    young, middle, old = (pick(drawn, share) for share in shares)
    return np.where(age < 30, young, np.where(age < 65, middle, old))


def _channel(draws: Draws, number: Numbers, age: Reals, app: Flags, online: float) -> Numbers:
    """Positions in `lists.CHANNELS`."""
    leaning = np.stack([
        0.9 + online - (age - 48) * 0.02, np.where(app, 0.9, -3.0), -0.1 + (age - 48) * 0.015,
        -1.6 + (age - 48) * 0.03, -1.9 + (age - 48) * 0.05,
    ])  # fmt: skip
    drawn = np.stack([draws.uniform(f"channel {name}", number) for name in CHANNELS])
    noise = -np.log(-np.log(np.clip(drawn, 1e-12, 1 - 1e-12)))
    best: Numbers = np.argmax(leaning + noise, axis=0).astype(np.int64)
    return best


def _segment(draws: Draws, number: Numbers, loyal: Reals, tenure: Numbers) -> Numbers:
    """Positions in `lists.SEGMENTS`: the client's own, rough label."""
    rough = loyal + 0.9 * draws.normal("segment", number)
    label: Numbers = np.where(tenure < 200, SEGMENTS.index("new"), np.where(rough > 2.2, 3, np.where(rough > 0.2, 0, 1)))
    return label
