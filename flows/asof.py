"""The as-of date: the day at which ages, tenures and horizons are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.assumption import Assumption
from contracts.batch import part_names
from contracts.errors import Place, SettingsError
from flows.order import Source
from reports.trust import Gate
from reports.words import day as written
from reports.words import plural, whole

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
LONG_AFTER = 366
"""Days between the latest date in the data and the as-of date from which the two do not belong together."""
WRITTEN = "the day on which the newest file was written"
"""Said where another field names the same day, too: what a file says of itself is the better evidence."""
GIVEN, MOMENT = "given", "ordered_at"


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

    @property
    def given(self) -> bool:
        """Whether somebody chose it."""
        return self.how == GIVEN

    @property
    def after(self) -> int | None:
        """Days from the latest one in the data to it, negative where it is earlier; None where either is not known."""
        return (self.day - self.newest).days if self.day and self.newest else None


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
        return AsOf(_usable(given), GIVEN, newest)
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
    after = found.after
    if after is not None and after > LONG_AFTER:
        evidence: dict[str, Any] = {"latest date in the data": found.newest.isoformat() if found.newest else "", "days later": after}
        made.append(Assumption("as-of date", "the data reach up to the as-of date", evidence, "refuted"))
    return tuple(made)


def day_gates(found: AsOf, horizon_days: int) -> tuple[Gate, ...]:
    """A day that was given lies at most the product's horizon, or a year, after the data: later, nobody knows what happened in between.

    Examples
    --------
    >>> [gate.outcome for gate in day_gates(AsOf(date(2030, 1, 1), GIVEN, date(2026, 6, 28)), 90)]
    ['fail']
    """
    after, most = found.after, horizon_days or LONG_AFTER
    if not found.given or after is None or found.newest is None:
        return ()
    lies = f"{plural(after, 'day')} after" if after > 0 else "not after"
    sentence = (
        f"The as-of date, {written(found.iso)}, lies {lies} the latest date in the data, {written(found.newest.isoformat())}; "
        f"at most {whole(most)} days may lie between them."
    )
    return (Gate("as_of", "Data up to the as-of date", max(after, 0), most, "days", "fail" if after > most else "pass", sentence),)


def covered(lines: Source, time_zone: str) -> tuple[date, date] | None:
    """The first and the last day of a source's order lines on the client's calendar; None without any."""
    paths = [each.folder / "accepted" / name for each in lines.submissions for name in part_names(each.folder)]
    dated = [path for path in paths if MOMENT in pq.read_schema(path).names]
    ends = [pc.min_max(pq.read_table(path, columns=[MOMENT]).column(0)).as_py() for path in dated]
    days = [end.astimezone(ZoneInfo(time_zone)).date() for found in ends for end in found.values() if end is not None]
    return (min(days), max(days)) if days else None


def later(found: AsOf, lines: Source, time_zone: str) -> str | None:
    """The next step where a day was given that lies before the last order line; None where it does not."""
    days = covered(lines, time_zone) if found.given else None
    if days is None or found.day is None or found.day >= days[1]:
        return None
    return f"the orders run from {days[0]} to {days[1]}: give --as-of a later day than {found.iso}, or leave it out"


def check_day(found: AsOf, lines: Source, time_zone: str) -> None:
    """Refuse a day that was given and before which there is no order.

    Raises
    ------
    SettingsError
        AS-OF-BEFORE, with the days that the orders cover.
    """
    days = covered(lines, time_zone) if found.given else None
    if days and found.day and found.day < days[0]:
        raise SettingsError(
            "AS-OF-BEFORE", "the as-of date lies before all orders", place=Place(client=lines.feed.client, feed=lines.feed.feed),
            found=found.iso, expected=f"a day from {days[0]} on", hint=later(found, lines, time_zone),
        )  # fmt: skip
