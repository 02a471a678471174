"""Points for and against, and what columns of text have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from connectors.proposing.signals import Signals

NO, HARDLY, NOTHING = -3.0, -1.2, 0.0
"""It is another thing; it is probably another thing; nothing is known."""


@dataclass(frozen=True)
class Fit:
    """Points for (above 0) or against a field, and why."""

    points: float
    why: str = ""


Rule = Callable[[Signals], Fit]


def is_text(seen: Signals) -> bool:
    """Names of people or things: no numbers, dates, flags, addresses of the net."""
    return (
        seen.of("letters") > 0.7
        and seen.listed("flag") < 0.8
        and seen.of("email") < 0.2
        and seen.of("hash") < 0.5
        and seen.of("json") < 0.3
    )


def digest(seen: Signals) -> bool:
    return seen.of("hash") > 0.5
