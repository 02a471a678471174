"""The transactions feed: order lines of a period, as typed truth and as clean texts."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from flows.rehearsal.catalogue import CATEGORIES, catalogue
from flows.rehearsal.customers import customer_ids
from flows.rehearsal.draws import Numbers
from flows.rehearsal.history import Lines
from flows.rehearsal.lists import CHANNELS
from flows.rehearsal.population import People
from flows.rehearsal.rows import Rows
from flows.rehearsal.texts import EPOCH, german_day, german_money, joined, whole_text, words
from flows.rehearsal.wording import CHANNEL_WORDS

ZONE = ZoneInfo("Europe/Berlin")


@cache
def _midnight(day: int) -> int:
    """Microseconds since 1970 (UTC) at which a German day begins."""
    moment = datetime.combine(EPOCH + timedelta(days=day), time(), ZONE).astimezone(UTC)
    return round(moment.timestamp()) * 1_000_000


def moments(day: Numbers) -> pa.Array:
    """The beginnings of German days, in UTC.

    Examples
    --------
    >>> str(moments(np.array([20_634]))[0])
    '2026-06-29 22:00:00+00:00'
    """
    found, which = np.unique(day, return_inverse=True)
    starts = np.array([_midnight(int(one)) for one in found], dtype=np.int64)
    return pa.array(starts[which] if len(day) else starts).cast(pa.timestamp("us", tz="UTC"))


def transaction_rows(seed: int, who: People, lines: Lines, after: int, day: int) -> Rows:
    """The order lines from the day after `after` to the end of `day`.

    Examples
    --------
    >>> from flows.rehearsal.history import buy
    >>> from flows.rehearsal.population import CUSTOMERS, people
    >>> who = people(7, CUSTOMERS, np.arange(50), 50, 20_600)
    >>> rows = transaction_rows(7, who, buy(7, CUSTOMERS, who, 2.5, 20_600), 0, 20_600)
    >>> len(rows.text), rows.key[0].as_py()
    (12, '4000000000/1')
    """
    lines = lines.take((lines.day > after) & (lines.day <= day))
    articles = catalogue(seed)
    keyed = {"order_id": whole_text(lines.order), "line_id": whole_text(lines.line), "customer_id": customer_ids(who.number[lines.owner])}
    sold = {
        "product_id": words(articles.ids, lines.product), "product_name": words(articles.names, lines.product),
        "category": words(tuple(CATEGORIES), lines.category),
    }  # fmt: skip
    euro = words(("EUR",), np.zeros(len(lines.day), dtype=np.int64))
    text = {
        **keyed, "ordered_at": german_day(lines.day), **sold, "quantity": whole_text(lines.quantity),
        "unit_price": german_money(lines.price_cents), "amount": german_money(lines.amount_cents), "currency": euro,
        "channel": words(CHANNEL_WORDS, lines.channel),
    }  # fmt: skip
    typed = {
        **keyed, "ordered_at": moments(lines.day), **sold, "quantity": pa.array(lines.quantity.astype(np.float64)),
        "unit_price": pa.array(lines.price_cents / 100), "amount": pa.array(lines.amount_cents / 100), "currency": euro,
        "channel": words(CHANNELS, lines.channel),
    }  # fmt: skip
    known = {"signup_date": german_day(who.signup[lines.owner])}
    return Rows("transactions", lines.code, joined(keyed["order_id"], "/", keyed["line_id"]), text, pa.table(typed), known)
