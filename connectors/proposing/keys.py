"""What values say about keys of customers, orders, lines and products."""

from __future__ import annotations

from connectors.proposing.fits import HARDLY, NO, Fit, digest
from connectors.proposing.signals import Signals


def key(seen: Signals) -> Fit:
    column = seen.column
    if seen.dates.share > 0.5 or seen.of("time_only") > 0.5:
        return Fit(NO, "its values are dates")
    if (column.filled > 4 and column.distinct < 0.6) or (column.filled > 1 and column.unique == 1):
        return Fit(NO, "its values repeat")
    if seen.of("text") > 0.3 or seen.of("json") > 0.3:
        return Fit(NO, "its values are texts")
    if column.rows > 4 and column.fill < 0.7:
        return Fit(HARDLY, "many rows lack it")
    if seen.numbers.share > 0.9 and seen.numbers.whole < 0.9:
        return Fit(NO, "its values have decimals")
    if digest(seen) or seen.of("code") < 0.6 or seen.of("one_word") > 0.9:
        return Fit(HARDLY, "its values do not look like keys")
    return Fit(0.6 if column.distinct > 0.99 else -0.3 if column.distinct < 0.9 else 0.2, f"{column.distinct:.0%} of its values differ")


def order(seen: Signals) -> Fit:
    found = foreign_key(seen)
    lacking = seen.column.rows > 4 and seen.column.fill < 0.9
    return Fit(HARDLY, "some rows lack it") if lacking and found.points > HARDLY else found


def foreign_key(seen: Signals) -> Fit:
    if seen.dates.share > 0.5 or seen.of("text") > 0.3 or seen.of("json") > 0.3:
        return Fit(NO, "its values are no keys")
    if seen.numbers.share > 0.9 and (seen.numbers.whole < 0.9 or seen.numbers.negative > 0):
        return Fit(NO, "its values are quantities")
    if seen.of("code") < 0.6:
        return Fit(HARDLY, "its values do not look like keys")
    few = seen.column.filled > 20 and seen.column.unique < 5
    return Fit(HARDLY if few else 0.3, "few different values" if few else "its values look like keys")


def sku(seen: Signals) -> Fit:
    if seen.dates.share > 0.5 or seen.of("json") > 0.3 or seen.of("email") > 0.3 or (seen.numbers.share > 0.8 and seen.numbers.whole < 0.9):
        return Fit(NO, "its values are no keys of products")
    return Fit(0.3 if seen.of("code") > 0.5 or digest(seen) else -0.2, "its values look like codes")


def product(seen: Signals) -> Fit:
    if seen.numbers.share > 0.5 or seen.dates.share > 0.5 or seen.of("email") > 0.3 or seen.of("json") > 0.3 or seen.listed("flag") > 0.8:
        return Fit(NO, "its values are no names of products")
    if seen.of("code") > 0.9 and seen.of("one_word") < 0.5 and not digest(seen):
        return Fit(HARDLY, "its values look like codes")
    return Fit(0.3, "its values are words")


def line(seen: Signals) -> Fit:
    numbers = seen.numbers
    fine = numbers.share > 0.9 and numbers.whole == 1 and numbers.low >= 0 and (numbers.high < 1000 or seen.column.distinct > 0.99)
    return Fit(0.3, "small whole numbers, or all different") if fine else Fit(NO, "its values are no lines of an order")
