"""A whole rehearsal: research panel, submissions of several periods, and the truth, from one seed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import Place, SettingsError
from flows.rehearsal.customers import customer_ids, customer_rows
from flows.rehearsal.damage import Feed, Form
from flows.rehearsal.history import Lines, bought_after, buy
from flows.rehearsal.population import CUSTOMERS, PANEL, People, people, signup_days
from flows.rehearsal.research import research
from flows.rehearsal.rows import Rows
from flows.rehearsal.sending import PREAMBLE, Sending, Written
from flows.rehearsal.texts import day_number
from flows.rehearsal.transactions import transaction_rows
from flows.rehearsal.truth import SteadyParquet, merge_damages
from flows.rehearsal.workbook import MOST_ROWS

AS_OF = date(2026, 8, 31)
PANEL_BEFORE = timedelta(days=120)
FEEDS: tuple[Feed, ...] = ("customers", "transactions")
RATE = 0.06
CHUNK = 80_000
COUNTED = 20_000


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal wrote.

    Parameters
    ----------
    folder : Path
        Everything is in here.
    files : tuple of Written
        The submissions, by feed and period.
    research : Path
        The panel with outcomes.
    damages, outcomes : Path
        Every damage; what each customer did after the last export. Beside them are the outcomes of earlier exports
        (``outcomes_<period>.parquet``) and the clean rows (``<feed>_<period>.parquet``).
    as_of : datetime.date
        Day of the last export.
    """

    folder: Path
    files: tuple[Written, ...]
    research: Path
    damages: Path
    outcomes: Path
    as_of: date

    def newest(self, feed: Feed) -> Written:
        """The file of a feed's last period."""
        return max((file for file in self.files if file.feed == feed), key=lambda file: file.period)

    def of(self, feed: Feed) -> tuple[Written, ...]:
        """The files of a feed, oldest first."""
        return tuple(sorted((file for file in self.files if file.feed == feed), key=lambda file: file.period))


def rehearse(
    folder: Path,
    *,
    seed: int,
    customers: int,
    periods: int = 3,
    form: Form = "csv",
    orders_per_customer: float = 2.5,
    as_of: date = AS_OF,
    panel: int = 12_000,
    feeds: tuple[Feed, ...] = FEEDS,
    rate: float = RATE,
    shares: Mapping[str, float] | None = None,
    chunk: int = CHUNK,
) -> Rehearsal:
    """Invent a retailer and write its files into a new or empty folder; the same arguments give the same bytes.

    Parameters
    ----------
    folder : Path
        Made if absent.
    seed : int
        Decides everything that is left to chance.
    customers : int
        Customers on the last day; earlier periods know fewer.
    periods : int
        Monthly exports, the last of them on `as_of`; customers are sent whole each time, orders since the export before.
    form : {"csv", "xlsx"}
        Form of the submissions.
    orders_per_customer : float
        Mean number of orders per customer up to `as_of`.
    as_of : datetime.date
        Day of the last export; the panel's day is 120 days earlier, so that its outcome is known.
    panel : int
        People in the research table; zero leaves it out.
    feeds : tuple of str
        Leave one out to save time.
    rate : float
        Share of rows to be hurt (some cannot be, so about a tenth less are); zero writes clean files.
    shares : mapping of str to float, optional
        Weights of kinds of damage among those of a feed; a kind that it does not name keeps its own.
    chunk : int
        Customers made at a time; bounds memory and changes no byte.

    Raises
    ------
    SettingsError
        REHEARSAL-SIZE where a number makes no sense or a sheet cannot hold the rows.
    """
    _check(folder, customers, periods, form, feeds)
    if form == "xlsx" and "transactions" in feeds:
        _check_lines(seed, customers, orders_per_customer, _exports(as_of, periods))
    folder.mkdir(parents=True, exist_ok=True)
    truth = folder / "truth"
    truth.mkdir(exist_ok=True)
    last, days = day_number(as_of), _exports(as_of, periods)
    start = people(seed, CUSTOMERS, np.arange(1), customers, last)
    first = buy(seed, CUSTOMERS, start, orders_per_customer, last)
    sendings = {
        (feed, n): Sending(folder, truth, feed=feed, form=form, period=f"{day:%Y-%m}", day=day, seed=seed, rate=rate, shares=shares or {},
                           schema=_rows(feed, seed, start, first, last, last).truth.schema)
        for feed in feeds for n, day in enumerate(days)
    }  # fmt: skip
    outcomes = [SteadyParquet(truth / f"outcomes_{day:%Y-%m}.parquet", OUTCOMES) for day in days]
    known = [_signed_up(customers, last, day_number(day)) for day in days]
    for begin in range(0, customers, chunk):
        who = people(seed, CUSTOMERS, np.arange(begin, min(begin + chunk, customers)), customers, last)
        lines = buy(seed, CUSTOMERS, who, orders_per_customer, last)
        for n, day in enumerate(days):
            _send(sendings, n, who, lines, begin, known[n], seed, day_number(days[n - 1]) if n else -(10**6), day_number(day))
            outcomes[n].add(_outcomes(who, lines, known[n], day))
    for period in outcomes:
        period.close()
    files = tuple(sending.close() for sending in sendings.values())
    merge_damages([sending.damages_path for sending in sendings.values()], truth / "damages.parquet")
    table = folder / "research.parquet"
    if panel:
        pq.write_table(research(seed, PANEL, panel, last - PANEL_BEFORE.days, orders_per_customer), table, compression="zstd")
    done = Rehearsal(folder, files, table, truth / "damages.parquet", truth / f"outcomes_{as_of:%Y-%m}.parquet", as_of)
    about = {"seed": seed, "customers": customers, "periods": periods, "form": form, "orders_per_customer": orders_per_customer}
    _describe(done, {**about, "panel": panel, "rate": rate, **({"shares": dict(shares)} if shares else {})})
    return done


OUTCOMES = pa.schema({
    "customer_id": pa.string(), "as_of": pa.date32(), "repurchased": pa.bool_(), "orders_next_90": pa.int64(),
    "spend_next_90": pa.float64(), "gone": pa.bool_(),
})  # fmt: skip
"""One row per customer of an export: what happened in the 90 days after it; gone means left for good by then."""


def _check(folder: Path, customers: int, periods: int, form: Form, feeds: tuple[Feed, ...]) -> None:
    if customers < 1 or periods < 1 or not set(feeds) <= set(FEEDS) or form not in ("csv", "xlsx"):
        raise SettingsError("REHEARSAL-SIZE", "a rehearsal needs a customer, a period, known feeds, and the form csv or xlsx")
    if form == "xlsx" and customers * 1.05 + PREAMBLE + 3 > MOST_ROWS:
        raise SettingsError("REHEARSAL-SIZE", "a sheet cannot hold so many rows", found=str(customers), expected="about 990,000",
                            hint="write csv")  # fmt: skip
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError("REHEARSAL-FOLDER", "the folder is not empty", place=Place(file=folder.name), hint="name a new folder")


def _check_lines(seed: int, customers: int, orders_per_customer: float, days: list[date]) -> None:
    """Refuse order lines that a sheet cannot hold, counted on some customers of all ages before anything is written."""
    ends = [day_number(day) for day in days]
    some = np.unique(np.linspace(0, customers - 1, COUNTED).astype(np.int64))
    lines = buy(seed, CUSTOMERS, people(seed, CUSTOMERS, some, customers, ends[-1]), orders_per_customer, ends[-1])
    largest = int(np.bincount(np.searchsorted(ends, lines.day), minlength=len(ends))[: len(ends)].max() * customers / len(some))
    if largest * 1.1 + PREAMBLE + 3 > MOST_ROWS:
        raise SettingsError("REHEARSAL-SIZE", "a sheet cannot hold so many order lines", found=f"about {largest:,}",
                            expected=f"at most about {int(MOST_ROWS / 1.1):,}", hint="write csv, or fewer customers")  # fmt: skip


def _exports(as_of: date, periods: int) -> list[date]:
    """The day of each export: ends of the months before, and `as_of`."""
    days = [as_of]
    while len(days) < periods:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]


def _signed_up(customers: int, last: int, day: int) -> int:
    """How many customers exist at the end of a day; they are numbered by sign-up."""
    low, high = 0, customers
    while low < high:
        middle = (low + high) // 2
        signed = int(signup_days(np.array([middle]), customers, CUSTOMERS, last)[0]) <= day
        low, high = (middle + 1, high) if signed else (low, middle)
    return low


def _send(
    sendings: dict[tuple[Feed, int], Sending], n: int, who: People, lines: Lines, begin: int, known: int, seed: int, after: int, day: int,
) -> None:
    """Append a portion of the customers to the files of a period; the header comes again before the customer in the middle."""
    count = min(max(known - begin, 0), len(who.number))
    if not count:
        return
    middle = known // 2 - begin if begin <= known // 2 < begin + count else None
    for feed in FEEDS:
        if (feed, n) not in sendings:
            continue
        rows = _rows(feed, seed, who, lines, after, day)
        rows = rows.take_first(count) if feed == "customers" else rows
        sendings[feed, n].add(rows, _header_at(feed, middle, lines, after, day))


def _rows(feed: Feed, seed: int, who: People, lines: Lines, after: int, day: int) -> Rows:
    return customer_rows(seed, who, lines, day) if feed == "customers" else transaction_rows(seed, who, lines, after, day)


def _header_at(feed: Feed, middle: int | None, lines: Lines, after: int, day: int) -> int | None:
    """Position of the first row of the customer in the middle, where the portion has it."""
    if middle is None or feed == "customers":
        return middle
    owner = lines.owner[(lines.day > after) & (lines.day <= day)]
    place = int(np.searchsorted(owner, middle))
    return place if place < len(owner) else None


def _outcomes(who: People, lines: Lines, known: int, day: date) -> pa.Table:
    number = day_number(day)
    orders, spend = bought_after(lines, len(who.number), number)
    there = who.number < known
    as_of = pa.array([day], pa.date32()).take(pa.array(np.zeros(int(there.sum()), np.int64)))
    return pa.table({
        "customer_id": customer_ids(who.number[there]), "as_of": as_of, "repurchased": pa.array(orders[there] > 0),
        "orders_next_90": pa.array(orders[there]), "spend_next_90": pa.array(spend[there]), "gone": pa.array(who.leaves[there] <= number),
    })  # fmt: skip


def _describe(done: Rehearsal, arguments: dict[str, object]) -> None:
    """Write `rehearsal.json`: arguments, files, and the drift that was built in."""
    files = [{**asdict(file), "path": file.name} for file in done.files]
    mixes = {"research": asdict(PANEL), "submissions": asdict(CUSTOMERS)}
    about = {"arguments": {**arguments, "as_of": done.as_of.isoformat()}, "panel_as_of": (done.as_of - PANEL_BEFORE).isoformat(),
             "files": files, "drift": mixes}  # fmt: skip
    (done.folder / "rehearsal.json").write_text(json.dumps(about, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
