"""What the invented people buy and send back, and the features of such a history.

Everybody buys at an own rate until a silent drop-out; lately and in the future the rate is multiplied by a boost that surveys and web
traces reflect and that past orders hardly show.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from flows.rehearsal.catalogue import catalogue
from flows.rehearsal.draws import Draws, Numbers, Reals
from flows.rehearsal.lists import CHANNELS, ONLINE
from flows.rehearsal.population import Mix, People, people

HORIZON = 90
RECENT = 60
MOST_ORDERS = 60
MOST_LINES = 4
FIRST_ORDER_SHARE = 0.85


@dataclass(frozen=True)
class Lines:
    """One entry per order line, sorted by person, day, order and line; a return has a negative quantity and an order of its own.

    `owner` is the position of the person in the `People` they were made for; `code` names the line for chance; money is in cents.
    """

    owner: Numbers
    day: Numbers
    order: Numbers
    line: Numbers
    product: Numbers
    category: Numbers
    quantity: Numbers
    price_cents: Numbers
    channel: Numbers
    code: Numbers

    @property
    def amount_cents(self) -> Numbers:
        """Quantity times price."""
        return self.quantity * self.price_cents

    def take(self, which: npt.NDArray[np.bool_] | Numbers) -> Lines:
        """Some of the lines."""
        return Lines(**{name: getattr(self, name)[which] for name in self.__dataclass_fields__})


def spans(who: People, last_day: int) -> tuple[Reals, Reals]:
    """Days at the ordinary and at the boosted rate, up to `HORIZON` days after `last_day`."""
    turn = last_day - RECENT
    plain = np.clip(np.minimum(who.leaves, turn) - who.signup, 0, None)
    boosted = np.clip(np.minimum(who.leaves, last_day + HORIZON) - np.maximum(who.signup, turn), 0, None)
    return plain.astype(np.float64), boosted.astype(np.float64)


@cache
def orders_a_day(seed: int, mix: Mix, orders_per_person: float, last_day: int) -> tuple[float, float]:
    """Rate of a person with relative rate one, and share of people who order on the day they sign up, so that the mean comes out."""
    pilot = people(seed, mix, np.arange(20_000), 20_000, last_day)
    first = min(FIRST_ORDER_SHARE, 0.4 * orders_per_person)
    plain, boosted = spans(pilot, last_day)
    seen = np.clip(boosted - np.clip(np.minimum(pilot.leaves, last_day + HORIZON) - last_day, 0, HORIZON), 0, None)
    exposure = float((pilot.rate * (plain + pilot.boost * seen)).mean())
    return (orders_per_person - first) / exposure, first


def buy(seed: int, mix: Mix, who: People, orders_per_person: float, last_day: int) -> Lines:
    """All lines of some people up to `HORIZON` days after `last_day`.

    Examples
    --------
    >>> from flows.rehearsal.population import CUSTOMERS
    >>> who = people(7, CUSTOMERS, np.arange(3000), 3000, 20_600)
    >>> lines = buy(7, CUSTOMERS, who, 2.5, 20_600)
    >>> past = lines.take((lines.day <= 20_600) & (lines.quantity > 0))
    >>> bool(2.2 < len(np.unique(past.order)) / 3000 < 2.8)
    True
    """
    draws = Draws(seed, f"{mix.name} orders")
    scale, first_share = orders_a_day(seed, mix, orders_per_person, last_day)
    owner, day, nth = _order_days(draws, who, scale, first_share, last_day)
    return _with_returns(draws, _order_lines(seed, draws, who, owner, day, nth))


def _order_days(draws: Draws, who: People, scale: float, first_share: float, last_day: int) -> tuple[Numbers, Numbers, Numbers]:
    """Owner, day and position (by time) of every order."""
    plain, boosted = spans(who, last_day)
    first = (draws.uniform("first", who.number) < first_share).astype(np.int64)
    early = draws.poisson("early", who.number, scale * who.rate * plain, MOST_ORDERS // 2)
    late = draws.poisson("late", who.number, scale * who.rate * who.boost * boosted, MOST_ORDERS // 2 - 2)
    count = first + early + late
    owner = np.repeat(np.arange(len(who.number)), count)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    when = draws.uniform("when", who.number[owner] * 64 + nth)
    start = np.maximum(who.signup, last_day - RECENT)[owner]
    day = np.where(nth < (first + early)[owner], who.signup[owner] + when * plain[owner], start + when * boosted[owner])
    day = np.where(nth < first[owner], who.signup[owner], day).astype(np.int64)
    order = np.argsort(owner * 200_000 + day, kind="stable")
    return owner, day[order], nth


def _order_lines(seed: int, draws: Draws, who: People, owner: Numbers, day: Numbers, nth: Numbers) -> Lines:
    code = who.number[owner] * 64 + nth
    articles = catalogue(seed)
    count = 1 + draws.poisson("lines", code, np.full(len(code), 0.6), MOST_LINES - 1)
    of = np.repeat(np.arange(len(code)), count)
    line = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count) + 1
    line_code = code[of] * 8 + line
    product = (draws.uniform("product", line_code) ** 1.4 * len(articles.ids)).astype(np.int64)
    usual = draws.uniform("channel", code) < 0.72
    channel = np.where(usual, who.channel[owner], draws.choice("other channel", code, (0.45, 0.1, 0.3, 0.09, 0.06)))
    return Lines(
        owner=owner[of], day=day[of], order=4_000_000_000 + code[of], line=line, product=product, category=articles.category[product],
        quantity=1 + draws.poisson("quantity", line_code, np.full(len(of), 0.35), 5), price_cents=articles.price_cents[product],
        channel=channel[of], code=line_code,
    )  # fmt: skip


def _with_returns(draws: Draws, bought: Lines) -> Lines:
    """The lines with the returns between them, each a document of its own some days later."""
    share = catalogue(draws.seed).return_share[bought.product]
    back = np.flatnonzero(draws.uniform("returned", bought.code) < share)
    gone = bought.take(back)
    pieces = np.minimum(gone.quantity, 1 + draws.below("pieces", gone.code, 3))
    later = {
        "day": gone.day + 4 + draws.below("days back", gone.code, 25), "order": gone.order + 3_000_000_000, "quantity": -pieces,
        "code": -gone.code,
    }  # fmt: skip
    names = Lines.__dataclass_fields__
    both = Lines(**{name: np.concatenate([getattr(bought, name), later.get(name, getattr(gone, name))]) for name in names})
    return both.take(np.lexsort((both.line, both.order, both.day, both.owner)))


@dataclass(frozen=True)
class History:
    """Features of each person's history on a day; NaN where there is nothing to say. Money is in euros."""

    orders: Numbers
    spend: Reals
    items: Numbers
    returns: Numbers
    recency_days: Reals
    tenure_days: Reals
    mean_basket: Reals
    mean_gap_days: Reals
    orders_90: Numbers
    spend_90: Reals
    categories: Numbers
    online_share: Reals


def history(lines: Lines, size: int, day: int) -> History:
    """The history of `size` people as of the end of a day.

    An order is a document with a bought line; spend counts returns against it, `mean_basket` does not; `mean_gap_days` is taken between
    different days of ordering; `online_share` is the share of orders by shop or app.
    """
    known = lines.take(lines.day <= day)
    bought = known.take(known.quantity > 0)
    heads = bought.take(np.flatnonzero(np.r_[True, bought.order[1:] != bought.order[:-1]]) if len(bought.day) else np.zeros(0, np.int64))
    days = heads.take(_starts(heads.owner, heads.day))
    orders, gaps = _count(heads.owner, size), _count(days.owner, size) - 1
    first, last = _ends(heads, size)
    recent = known.day > day - 90
    with np.errstate(invalid="ignore", divide="ignore"):
        return History(
            orders=orders, spend=_total(known, size) / 100, items=_count(bought.owner, size, bought.quantity),
            returns=_count(known.owner, size, np.maximum(-known.quantity, 0)), recency_days=day - last, tenure_days=day - first,
            mean_basket=_total(bought, size) / 100 / orders, mean_gap_days=np.where(gaps > 0, (last - first) / gaps, np.nan),
            orders_90=_count(heads.owner[heads.day > day - 90], size), spend_90=_total(known.take(recent), size) / 100,
            categories=_distinct(bought, size),
            online_share=_count(heads.owner[np.isin(heads.channel, [CHANNELS.index(word) for word in ONLINE])], size) / orders,
        )  # fmt: skip


def bought_after(lines: Lines, size: int, day: int) -> tuple[Numbers, Reals]:
    """Orders of each person in the `HORIZON` days after a day, and the money bought for (euros)."""
    ahead = lines.take((lines.day > day) & (lines.day <= day + HORIZON) & (lines.quantity > 0))
    return _count(ahead.owner[ahead.line == 1], size), _total(ahead, size) / 100


def _count(owner: Numbers, size: int, weights: Numbers | None = None) -> Numbers:
    return np.bincount(owner, weights, minlength=size).astype(np.int64)


def _total(lines: Lines, size: int) -> Reals:
    """Cents by person; sums of whole cents are exact."""
    return np.bincount(lines.owner, lines.amount_cents.astype(np.float64), minlength=size).astype(np.float64)


def _starts(owner: Numbers, value: Numbers) -> npt.NDArray[np.bool_]:
    """Whether owner or value differs from the entry before (sorted by both)."""
    return np.r_[True, (owner[1:] != owner[:-1]) | (value[1:] != value[:-1])] if len(owner) else np.zeros(0, bool)


def _ends(heads: Lines, size: int) -> tuple[Reals, Reals]:
    """First and last day of ordering of each person."""
    first, last = np.full(size, np.nan), np.full(size, np.nan)
    first[heads.owner[::-1]] = heads.day[::-1]
    last[heads.owner] = heads.day
    return first, last


def _distinct(bought: Lines, size: int) -> Numbers:
    pairs = np.unique(bought.owner * 64 + bought.category)
    return _count(pairs // 64, size)
