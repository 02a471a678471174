"""The benchmarks: each a function that runs commands and holds their figures against limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.benchmarks.bench import Bench, Client, Runs, millrace, script
from tests.benchmarks.child import spend
from tests.benchmarks.table import Claim, Report, at_most, ratio

MOST_MEMORY = 1.1e9 / 2**20
"""1.1 GB in MiB."""
FEED = "harbour/customers"
VERDICTS = (0, 1, 3)
"""Exit codes of a delivery: done, held, cannot tell."""


def intake(bench: Bench) -> Report:
    """File to accepted Parquet, against the plain way and against reading the file as text; and its memory at five times the rows."""
    file, large = bench.customers(bench.rows), bench.customers(5 * bench.rows)
    mine = _taken_in(bench, "intake", file)
    plain = bench.repeat("plain intake", lambda out: script("plain", "customers", file, out))
    spend(script("agreement", mine.last / "home", FEED, plain.last / "out", "customer_id"))
    text = bench.repeat("pyarrow, text only", lambda _: script("text", file))
    many = _taken_in(bench, "intake of five times the rows", large)
    return Report(
        (mine.cpu, plain.cpu, text.cpu, mine.peak, plain.peak, many.cpu, many.peak),
        (
            ratio("intake / plain intake, CPU", mine.cpu, plain.cpu, 0.25),
            ratio("intake / pyarrow reading text, CPU", mine.cpu, text.cpu, 10),
            at_most("peak memory of the intake", mine.peak, MOST_MEMORY),
            ratio("peak memory, five times the rows / once", many.peak, mine.peak, 1.3),
        ),
    )


def _taken_in(bench: Bench, name: str, file: Path) -> Runs:
    return bench.repeat(name, lambda _: millrace("intake", FEED, file, "--quiet"))


def deliver(bench: Bench) -> Report:
    """Two files to scores without pages, with a trained model, against the plain way."""
    client = bench.client(bench.rows, orders_per_customer=1.0)
    home, model = _trained(bench, client.research), bench.folder / "plain.model"
    spend(script("plain_delivery", "train", client.research, model))
    mine = bench.repeat("deliver without pages", lambda _: _delivery(client, "none"), home=home, allowed=VERDICTS)
    plain = bench.repeat("plain deliver", lambda out: script("plain_delivery", "deliver", client.customers, client.orders, model, out))
    for feed, key in (("customers", "customer_id"), ("transactions", "line_id")):
        spend(script("agreement", mine.last / "home", f"harbour/{feed}", plain.last / "out" / feed, key))
    return Report(
        (mine.cpu, plain.cpu, mine.peak, plain.peak),
        (
            ratio("deliver / plain deliver, CPU", mine.cpu, plain.cpu, 0.5),
            at_most("peak memory of deliver", mine.peak, MOST_MEMORY),
        ),
    )  # fmt: skip


def _delivery(client: Client, pages: str) -> list[str]:
    given = (f"customers={client.customers}", f"transactions={client.orders}")
    return millrace("deliver", "harbour", "--product", "repurchase", *given, "--pages", pages, "--quiet")


def _trained(bench: Bench, research: Path) -> Path:
    """A home with a model in it."""
    home = bench.folder / "trained"
    if not home.exists():
        spend(millrace("train", "repurchase", "--reference", research, "--quiet"), home=home)
    return home


def scoring(bench: Bench) -> Report:
    """A table scored by a stored model against bare `predict_proba` on a ready matrix; and the gates on all its rows."""
    research = bench.client(1000).research
    runs = bench.repeat("scoring", lambda _: script("scoring", research, str(bench.rows)))
    bare, mine = runs.said("bare", "predict_proba on a ready matrix, CPU"), runs.said("score", "scoring of a table, CPU")
    gates = runs.said("gates", "profile, drift and missing-rate gates of all rows, CPU")
    return Report(
        (bare, mine, gates),
        (ratio("scoring / predict_proba, CPU", mine, bare, 1.2), at_most("gates on all rows, CPU", gates, 1.0)),
    )


def small(bench: Bench) -> Report:
    """What a person waits for: the help, and a delivery of 1,000 rows with the client's page."""
    client = bench.client(1000)
    home = _trained(bench, client.research)
    shown = bench.repeat("millrace --help", lambda _: millrace("--help"))
    delivered = bench.repeat("deliver of 1,000 rows", lambda _: _delivery(client, "client"), home=home, allowed=VERDICTS)
    return Report(
        (shown.cpu, delivered.cpu),
        (
            at_most("millrace --help, CPU", shown.cpu, 0.3),
            at_most("deliver of 1,000 rows, drift page left out, CPU", delivered.cpu, 3.0),
        ),
    )  # fmt: skip


def rehearsal(bench: Bench) -> Report:
    """A file of ten times the rows is rehearsed in memory that does not grow with them."""
    once = bench.repeat("rehearsal", lambda out: script("rehearsing", out, str(bench.rows), "customers"))
    seldom = replace(bench, times=1)
    ten = seldom.repeat("rehearsal of ten times the rows", lambda out: script("rehearsing", out, str(10 * bench.rows), "customers"))
    return Report(
        (once.cpu, once.peak, ten.cpu, ten.peak),
        (
            Claim("rehearsal of ten times the rows / ten rehearsals, CPU", ten.cpu.middle / (10 * once.cpu.middle), 1.2),
            ratio("peak memory, ten times the rows / once", ten.peak, once.peak, 1.3),
        ),
    )


def clean(bench: Bench) -> Report:
    """A clean file of 20 columns read with its ledger, against pyarrow's own reader; and its memory at five times the rows."""
    file, large = (bench.folder / f"clean-{rows}.csv" for rows in (bench.rows, 5 * bench.rows))
    for path, rows in ((file, bench.rows), (large, 5 * bench.rows)):
        if not path.exists():
            spend(script("clean", "write", path, str(rows)))
    mine = bench.repeat("clean file", lambda _: script("clean", "read", file))
    arrow = bench.repeat("pyarrow's own reader", lambda _: script("clean", "arrow", file))
    many = bench.repeat("clean file of five times the rows", lambda _: script("clean", "read", large))
    return Report(
        (mine.cpu, arrow.cpu, mine.peak, many.cpu, many.peak),
        (
            ratio("clean file / pyarrow's own reader, CPU", mine.cpu, arrow.cpu, 2.5),
            ratio("peak memory, five times the rows / once", many.peak, mine.peak, 1.3),
        ),
    )


def workbook(bench: Bench) -> Report:
    """A workbook of a tenth of the rows and 20 columns, guard and child included, against python-calamine alone."""
    file = bench.folder / f"workbook-{bench.rows // 10}.xlsx"
    if not file.exists():
        spend(script("workbooks", "write", file, str(bench.rows // 10)))
    mine = bench.repeat("workbook", lambda _: script("workbooks", "read", file))
    alone = bench.repeat("python-calamine alone", lambda _: script("workbooks", "calamine", file))
    return Report(
        (mine.cpu, alone.cpu, mine.peak, alone.peak),
        (ratio("workbook / python-calamine alone, CPU", mine.cpu, alone.cpu, 2.5),),
    )


def validation(bench: Bench) -> Report:
    """A typed table checked against the same checks written by hand, with no, few and many bad rows."""
    runs = bench.repeat("validation", lambda _: script("validating", str(bench.rows)))
    series, claims = [], []
    for percent, limit in ((0, 1.5), (5, 1.5), (50, 2.0)):
        for what, name in (("masks", "masks"), ("check", "check and split")):
            mine = runs.said(f"{what}-{percent}", f"{name}, {percent} % bad rows, CPU")
            hand = runs.said(f"{what}-by-hand-{percent}", f"{name} by hand, {percent} % bad rows, CPU")
            series += [mine, hand]
            claims.append(ratio(f"{name} / by hand, {percent} % bad rows, CPU", mine, hand, limit))
    return Report(tuple(series), tuple(claims))


def quarantine(bench: Bench) -> Report:
    """Every row bad in three columns: a complete quarantine."""
    runs = bench.repeat("quarantine", lambda out: script("quarantining", out, str(bench.rows)))
    spent, extra = runs.said("quarantine", "quarantine of every row, CPU"), replace(runs.said("extra", "and memory for it"), unit="MiB")
    limits = (at_most("quarantine of every row, CPU", spent, 3.0), at_most("memory for it", extra, 3e8 / 2**20))
    return Report((spent, extra), limits)


CASES: dict[str, Callable[[Bench], Report]] = {
    case.__name__: case for case in (small, clean, workbook, validation, quarantine, intake, scoring, deliver, rehearsal)
}
"""By name, in the order they are run."""
