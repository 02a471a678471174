"""What values say about counts, amounts and quantities."""

from __future__ import annotations

from connectors.proposing.fits import HARDLY, NO, Fit
from connectors.proposing.signals import Signals


def count(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.8 or numbers.whole < 0.98 or seen.of("lead_zero") > 0.2:
        return Fit(NO, "its values are no counts")
    if numbers.low < -1 or numbers.middle > 10_000:
        return Fit(HARDLY, "its values are no counts")
    return Fit(0.4, f"whole numbers up to {rough(numbers.high)}")


def money(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.7 or seen.of("percent") > 0.3 or seen.of("lead_zero") > 0.3:
        return Fit(NO, "its values are no amounts")
    if seen.column.filled > 20 and seen.column.unique < 3:
        return Fit(HARDLY, "it is nearly the same in all rows")
    if numbers.whole == 1 and numbers.low == 0 and numbers.high <= 1:
        return Fit(NO, "its values are 0 and 1")
    marked = seen.of("sign") > 0.3
    return Fit(0.7 if marked else 0.4, "its values carry a currency" if marked else "its values are numbers")


def price(seen: Signals) -> Fit:
    found = money(seen)
    return Fit(NO, "some values are below zero") if found.points > 0 and seen.numbers.negative > 0.02 else found


def quantity(seen: Signals) -> Fit:
    numbers = seen.numbers
    if numbers.share < 0.8 or seen.of("lead_zero") > 0.3 or seen.of("sign") > 0.2:
        return Fit(NO, "its values are no quantities")
    return Fit(0.4 if numbers.whole > 0.8 and abs(numbers.middle) < 1000 else -0.5, "its values are numbers")


def rough(value: float) -> str:
    """The order of magnitude, so that no value is told."""
    return f"about 10^{len(str(int(abs(value)))) - 1}"
