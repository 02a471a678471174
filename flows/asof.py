"""The as-of date: the day at which ages, tenures and horizons are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.assumption import Assumption
from contracts.errors import SettingsError
from flows.order import Source

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
LONG_AFTER = 366
"""Days between the latest date in the data and the as-of date from which the two do not belong together."""
WRITTEN = "the day on which the newest file was written"
"""Said where another field names the same day, too: what a file says of itself is the better evidence."""


@dataclass(frozen=True)
class AsOf:
    """A day and how it was found.

    Parameters
    ----------
    day : datetime.date or None
        None where the data hold no day and none was given; then no input may depend on one.
    how : str
        In words.
    newest : datetime.date, optional
        The latest day that the submissions name.
    """

    day: date | None
    how: str
    newest: date | None = None

    @property
    def iso(self) -> str:
        """ISO day; empty where there is none."""
        return self.day.isoformat() if self.day else ""


def as_of(given: date | None, sources: Iterable[Source]) -> AsOf:
    """The day given, or the latest one that the submissions name: a day of writing, or a day or moment in a field.

    Raises
    ------
    SettingsError
        AS-OF-RANGE for a day outside `EARLIEST` to `LATEST`.
    """
    days = [(day, how) for source in sources for account in source.accounts for day, how in _days(account)]
    newest = max((day for day, _ in days), default=None)
    if given is not None:
        return AsOf(_usable(given), "given", newest)
    if not days:
        return AsOf(None, "the data hold no date, and no input needs one")
    return AsOf(*max(days, key=lambda found: (found[0], found[1] == WRITTEN)), newest)


def _usable(day: date) -> date:
    if EARLIEST <= day <= LATEST:
        return day
    raise SettingsError(
        "AS-OF-RANGE", "no age or horizon can be counted at this day", found=day.isoformat(), expected=f"a day from {EARLIEST} to {LATEST}",
        hint="correct --as-of, or leave it out: the latest date in the data is taken",
    )  # fmt: skip


def newest_day(accounts: Iterable[Mapping[str, Any]]) -> date | None:
    """The latest day that some submissions name."""
    return max((day for account in accounts for day, _ in _days(account)), default=None)


def _days(account: Mapping[str, Any]) -> list[tuple[date, str]]:
    """Days of one submission: that of writing, then those of its fields."""
    written = [(date.fromisoformat(account["written"]), WRITTEN)] if account.get("written") else []
    latest = [field["latest"] for field in account["fields"].values() if field.get("latest")]
    return [*written, *((date.fromisoformat(day), "the latest date in the data") for day in latest)]


def assumptions(found: AsOf) -> tuple[Assumption, ...]:
    """What the as-of date takes for true."""
    if found.day is None:
        return ()
    statement = f"ages, tenures and horizons are counted at {found.iso}: {found.how}"
    made = [Assumption("as-of date", statement, {"as-of date": found.iso}, "untested")]
    after = (found.day - found.newest).days if found.newest else 0
    if after > LONG_AFTER:
        evidence: dict[str, Any] = {"latest date in the data": found.newest.isoformat() if found.newest else "", "days later": after}
        made.append(Assumption("as-of date", "the data reach up to the as-of date", evidence, "refuted"))
    return tuple(made)
