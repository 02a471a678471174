"""Numbers counted from days: ages and spans up to the as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from contracts.assumption import Assumption, Verdict
from contracts.batch import Batch, missing
from contracts.origin import derived_from
from enrichment.cells import put
from enrichment.step import Counts, Step

EPOCH = date(1970, 1, 1)
OLDEST = 120
"""Years; the contract's highest age."""
ENOUGH = 30
"""Rows from which on a comparison says something."""
AGREEING = 0.95

Ints = npt.NDArray[np.int64]


def local_days(moments: pa.Array | pa.ChunkedArray, time_zone: str = "UTC") -> pa.Array | pa.ChunkedArray:
    """Days (date32) of dates, or of moments as the clock of the time zone shows them.

    Examples
    --------
    >>> late = pa.array([1_767_222_000], pa.timestamp("s", "UTC"))  # 2025-12-31 23:00 in UTC
    >>> local_days(late, "Europe/Berlin").to_pylist()
    [datetime.date(2026, 1, 1)]
    """
    if not pa.types.is_timestamp(moments.type):
        return moments.cast(pa.date32())
    local = moments if moments.type.tz is None else pc.local_timestamp(moments.cast(pa.timestamp(moments.type.unit, time_zone)))
    return pc.floor_temporal(local, unit="day").cast(pa.date32())


def day_number(day: date) -> int:
    """Days since 1970-01-01.

    Examples
    --------
    >>> day_number(date(1970, 1, 2))
    1
    """
    return (day - EPOCH).days


def completed_years(births: pa.Array, day: date) -> pa.Array:
    """Completed years on a day, null for a birth after it; who was born on 29 February has birthday on 1 March in ordinary years.

    Examples
    --------
    >>> births = pa.array([date(2000, 2, 29), date(2000, 3, 1), date(2030, 1, 1)])
    >>> completed_years(births, date(2021, 2, 28)).to_pylist(), completed_years(births, date(2021, 3, 1)).to_pylist()
    ([20, 20, None], [21, 21, None])
    """
    in_year = pc.add(pc.multiply(pc.month(births), 100), pc.day(births))
    before = pc.greater(in_year, day.month * 100 + day.day)
    years = pc.subtract(pc.subtract(day.year, pc.year(births)), before.cast(pa.int64()))
    return pc.if_else(pc.greater_equal(years, 0), years, pa.scalar(None, pa.int64()))


@dataclass(frozen=True)
class Age(Step):
    """Age in completed years from the birth date, where no age was sent.

    A birth after the as-of date, or more than 120 years before it, gives no age.

    Parameters
    ----------
    as_of : datetime.date

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"birth_date": [date(1990, 6, 30), date(1990, 7, 1)], "age": [None, 30]}), np.array([1, 2]))
    >>> done = Age(date(2026, 6, 30)).transform(batch)
    >>> done.table["age"].to_pylist(), done.origins["age"].tolist()
    ([36, 30], [2, 0])
    """

    as_of: date

    name = "age"
    needs = ("birth_date",)
    fills = ("age",)
    why = "An age follows from the birth date."

    @property
    def how(self) -> str:
        """In the client's words."""
        return f"completed years from the birth date to {self.as_of.isoformat()}"

    def transform(self, batch: Batch) -> Batch:
        """Fill the ages."""
        return self.apply(batch)[0]

    def apply(self, batch: Batch) -> tuple[Batch, Counts]:
        """Fill the ages, and count rows where an age was sent beside the birth date."""
        if "birth_date" not in batch.table.column_names:
            return batch, {}
        years = completed_years(local_days(batch.column("birth_date")), self.as_of)
        years = pc.if_else(pc.less_equal(years, OLDEST), years, pa.scalar(None, pa.int64()))
        done = put(batch, "age", years, derived_from(batch.origins["birth_date"]))
        return done, _compared(batch, years)

    def assumptions(self) -> tuple[Assumption, ...]:
        """That the as-of date is the day for which ages are wanted."""
        return self.judged({})

    def judged(self, counts: Counts) -> tuple[Assumption, ...]:
        """With the rows where an age was sent too: at most a year of difference is agreement, as the client may count on another day."""
        both, agree = counts.get("both", 0), counts.get("agree", 0)
        verdict: Verdict = "untested" if both < ENOUGH else "held" if agree >= AGREEING * both else "refuted"
        evidence = {"as-of date": self.as_of.isoformat(), **counts}
        return (Assumption(self.name, "the birth date is that of the customer, so that the age follows from it", evidence, verdict),)


def _compared(batch: Batch, years: pa.Array) -> Counts:
    if "age" not in batch.table.column_names:
        return {"both": 0, "agree": 0}
    apart = pc.abs(pc.subtract(batch.column("age").cast(pa.float64()), years.cast(pa.float64())))
    return {"both": len(apart) - apart.null_count, "agree": pc.sum(pc.less_equal(apart, 1)).as_py() or 0}


@dataclass(frozen=True)
class AgeByYear(Step):
    """Age from the year of birth, where neither an age nor a birth date was sent: right, or one year off.

    The birthday is taken to be past from July on, as it is for half of all people at the end of June. A year after the as-of date, or more
    than 120 years before it, gives no age.

    Parameters
    ----------
    as_of : datetime.date

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"birth_year": [1990, 1880, None], "age": [None, None, 30]}), np.array([1, 2, 3]))
    >>> done = AgeByYear(date(2026, 3, 31)).transform(batch)
    >>> done.table["age"].to_pylist(), done.origins["age"].tolist()
    ([35, None, 30], [2, 5, 0])
    """

    as_of: date

    name = "age by year"
    needs = ("birth_year",)
    fills = ("age",)
    why = "An age follows from the year of birth, but for one year."

    @property
    def how(self) -> str:
        """In the client's words."""
        return f"years from the year of birth to {self.as_of.isoformat()}, right or one year off"

    def transform(self, batch: Batch) -> Batch:
        """Fill the ages."""
        return self.apply(batch)[0]

    def apply(self, batch: Batch) -> tuple[Batch, Counts]:
        """Fill the ages, and count those that were filled."""
        if "birth_year" not in batch.table.column_names:
            return batch, {"ages": 0}
        passed = self.as_of.year - (self.as_of.month < 7)
        years = pc.subtract(passed, batch.column("birth_year").cast(pa.int64()))
        years = pc.if_else(pc.and_(pc.greater_equal(years, 0), pc.less_equal(years, OLDEST)), years, pa.scalar(None, pa.int64()))
        done = put(batch, "age", years, derived_from(batch.origins["birth_year"]))
        return done, {"ages": _filled(done) - _filled(batch)}

    def assumptions(self) -> tuple[Assumption, ...]:
        """That a year more or less does not matter."""
        return self.judged({})

    def judged(self, counts: Counts) -> tuple[Assumption, ...]:
        """With the number of ages, where there are any."""
        if counts and not counts.get("ages"):
            return ()
        said = "an age counted from a year of birth is right but for one year, and that does not matter"
        return (Assumption(self.name, said, {"as-of date": self.as_of.isoformat(), **counts}, "untested"),)


def _filled(batch: Batch) -> int:
    """Rows with an age."""
    return len(batch.column("age")) - batch.column("age").null_count if "age" in batch.table.column_names else 0


@dataclass(frozen=True)
class DaysSince(Step):
    """Days from a day in a field to the as-of date; none where the day lies after it.

    Parameters
    ----------
    source, target : str
        The field with the day or the moment, and the field to be filled.
    as_of : datetime.date
    time_zone : str
        Whose clock tells the day of a moment.

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"signup_date": [date(2026, 6, 1), date(2026, 7, 1)]}), np.array([1, 2]))
    >>> DaysSince("signup_date", "signup_days", date(2026, 6, 30)).transform(batch).table["signup_days"].to_pylist()
    [29, None]
    """

    source: str
    target: str
    as_of: date
    time_zone: str = "UTC"

    @property
    def name(self) -> str:
        """Names the target."""
        return f"days in {self.target}"

    @property
    def needs(self) -> tuple[str, ...]:
        """The day."""
        return (self.source,)

    @property
    def fills(self) -> tuple[str, ...]:
        """The target."""
        return (self.target,)

    @property
    def why(self) -> str:
        """The day says it."""
        return f"The number of days follows from {self.source}."

    @property
    def how(self) -> str:
        """In the client's words."""
        return f"days from {self.source} to {self.as_of.isoformat()}"

    def transform(self, batch: Batch) -> Batch:
        """Fill the days."""
        return self.apply(batch)[0]

    def apply(self, batch: Batch) -> tuple[Batch, Counts]:
        """Fill the days, and count days after the as-of date."""
        if self.source not in batch.table.column_names:
            return batch, {}
        ahead = pc.subtract(day_number(self.as_of), local_days(batch.column(self.source), self.time_zone).cast(pa.int32()).cast(pa.int64()))
        later = pc.less(ahead, 0)
        days = pc.if_else(later, pa.scalar(None, pa.int64()), ahead)
        done = put(batch, self.target, days, derived_from(batch.origins[self.source]))
        known = int((~missing(batch, self.source)).sum())
        return done, {"known": known, "later": pc.sum(later).as_py() or 0}

    def assumptions(self) -> tuple[Assumption, ...]:
        """That no day lies after the as-of date."""
        return self.judged({})

    def judged(self, counts: Counts) -> tuple[Assumption, ...]:
        """With the days that lie after it."""
        known, later = counts.get("known", 0), counts.get("later", 0)
        verdict: Verdict = "untested" if not known else "refuted" if later > (1 - AGREEING) * known else "held"
        evidence = {"as-of date": self.as_of.isoformat(), **counts}
        return (Assumption(self.name, f"{self.source} holds days up to the as-of date; a later one is left out", evidence, verdict),)
