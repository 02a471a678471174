"""Invented submissions with known damages, taken in and judged: one trial after another, each from its seed alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from connectors.library import load_client, load_feed
from connectors.submission import take_in
from contracts.errors import MillraceError
from flows.rehearsal.damage import KINDS, Feed, Form
from flows.rehearsal.judge import judge
from flows.rehearsal.rehearsal import rehearse
from flows.rehearsal.verdicts import Verdicts, together

RATES = (0.06, 0.15, 0.30)
SHARES: Mapping[str, float] = {
    **{kind.name: 1.0 if kind.transactions else 1.5 for kind in KINDS if kind.share},
    "thousands_dot": 2.0, "thousands_blank": 2.0, "letter_o_for_zero": 2.0, "letter_l_for_one": 2.0, "month_first": 1.5,
    "mojibake": 2.0, "double_mojibake": 2.0, "html_entity": 2.0, "lost_letter": 3.0, "day_month_swapped": 3.5, "factor_ten": 2.0,
    "phone_with_letters": 2.0, "lost_leading_zero": 20.0, "trailing_minus": 12.0, "return_as_sale": 12.0, "number_as_text": 4.0,
}  # fmt: skip
"""Weights under which each kind occurs about as often as any other: few cells can be hurt in the rarer ways."""
CUSTOMERS_PER_LINE = 0.31
"""Customers that give an order line at 2.5 orders a customer."""
FEWEST = 20
"""Rows of a file below which nothing can be said of its columns."""
MONTHS = 6
"""Files of a client of small files."""


@dataclass(frozen=True)
class Trial:
    """One invented client's files of one feed.

    Parameters
    ----------
    feed, form, rate, seed
        As in `rehearse`.
    customers : int
        How many there are at last.
    periods : int
        Exports; each file is taken in alone.
    """

    feed: Feed
    form: Form
    rate: float
    seed: int
    customers: int
    periods: int = 1


@dataclass(frozen=True)
class Outcome:
    """What became of a trial's damages; `rows` and `files` that were taken in, and those that were refused, with the error's code."""

    trial: Trial
    verdicts: Verdicts
    rows: int
    files: int
    refused: tuple[tuple[str, str], ...] = ()


def run(trial: Trial) -> Outcome:
    """Write the files, take each in, and judge."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        done = rehearse(
            folder / "files", seed=trial.seed, customers=trial.customers, periods=trial.periods, form=trial.form, panel=0,
            feeds=(trial.feed,), rate=trial.rate, shares=SHARES,
        )  # fmt: skip
        spec, client = load_feed(f"harbour/{trial.feed}"), load_client("harbour")
        found, rows, refused = [], 0, []
        for n, file in enumerate(file for file in done.files if file.rows >= FEWEST):
            try:
                take_in([file.path], spec, client, folder / f"out-{n}", folder / f"between-{n}")
            except MillraceError as error:
                refused.append((file.name, error.code))
                continue
            found.append(judge(done.folder / "truth", folder / f"out-{n}"))
            rows += file.rows
        return Outcome(trial, together(found), rows, len(found), tuple(refused))


def trials(form: Form, rows: int, per_file: int, seed: int, rates: tuple[float, ...] = RATES) -> Iterator[Trial]:
    """Trials of both feeds that hurt about as many rows at each rate: `rows` at the highest one, more at lower ones.

    Examples
    --------
    >>> [(trial.feed, trial.rate, trial.customers) for trial in trials("csv", 1000, 5000, 1, (0.15, 0.3))]
    [('customers', 0.15, 2000), ('transactions', 0.15, 620), ('customers', 0.3, 1000), ('transactions', 0.3, 310)]
    """
    feeds: tuple[tuple[Feed, float], ...] = (("customers", 1.0), ("transactions", CUSTOMERS_PER_LINE))
    for rate in rates:
        wanted = rows * max(rates) / rate
        count = max(1, round(wanted / per_file))
        for n in range(count):
            for feed, each in feeds:
                yield Trial(feed, form, rate, seed + n, round(wanted / count * each))


def small(form: Form, count: int, seed: int) -> Iterator[Trial]:
    """Many files of some dozens to some hundreds of rows, about `count` of each feed: a header and a total each."""
    feeds: tuple[Feed, ...] = ("customers", "transactions")
    for n in range(-(-count // MONTHS)):
        for feed in feeds:
            yield replace(Trial(feed, form, RATES[n % len(RATES)], seed + n, 150 if feed == "customers" else 400), periods=MONTHS)
