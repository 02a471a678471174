"""What tests of the main job share: workspaces, orders, what a run holds, invented files, and the command as a user starts it."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from typer.testing import CliRunner, Result

from connectors.library import SHIPPED
from flows.deliver import deliver
from flows.direct_conductor import Direct
from flows.disk import files_in
from flows.intake import Arrival, intake
from flows.order import Order
from flows.rehearsal.rehearsal import Rehearsal
from flows.settings import Settings
from flows.stored import Stored
from flows.workspace import Workspace
from reports.facts import Facts
from reports.internal import read_facts
from tests.flows.conftest import plain_environment

NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


def workspace(home: Path, now: datetime = NOW, **settings: Any) -> Workspace:
    """A workspace on a home."""
    return Workspace.of(Settings(home=home, **settings), now)


def harbour(made: Rehearsal, **more: Any) -> Order:
    """The order of the rehearsed client: the last export of the customers, all exports of the orders."""
    lines = tuple(Arrival("harbour/transactions", (file.path,)) for file in made.of("transactions"))
    return Order("harbour", "repurchase", (Arrival("harbour/customers", (made.newest("customers").path,)), *lines), **more)


@dataclass
class Watched:
    """A pipeline's result and the steps that it did."""

    stored: Stored
    steps: list[str]


def watched(pipeline: Any, *arguments: Any) -> Watched:
    """Run a pipeline here and note which steps are done."""
    steps: list[str] = []
    made = Direct(watch=lambda title, label, what: steps.append(f"{title} {label}".strip()) if what == "done" else None)
    return Watched(made.conduct(pipeline, *arguments), steps)


def delivered(space: Workspace, order: Order) -> Stored:
    """The run of an order."""
    run = Direct().conduct(deliver, space, order)
    assert isinstance(run, Stored)
    return run


def taken_in(space: Workspace, feed: str, *paths: Path, **more: Any) -> Stored:
    """The submission of some files."""
    stored = Direct().conduct(intake, space, Arrival(feed, paths, **more))
    assert isinstance(stored, Stored)
    return stored


def facts_of(run: Stored) -> Facts:
    """What the pack shows."""
    return read_facts(run.folder / "facts.json")


def scores(run: Stored) -> pa.Table:
    """The scores table of a run's pack."""
    return pq.read_table(run.folder / "pack" / "client" / "scores.parquet")


def reproducible(run: Stored) -> dict[str, bytes]:
    """The files of a run that do not differ from run to run, by path, the manifest among them."""
    loose = {*json.loads((run.folder / "run.json").read_text())["files"], "run.json"}
    return {name: (run.folder / name).read_bytes() for name in files_in(run.folder) if name not in loose}


def subscribers(path: Path, rows: int = 600, *, seed: int = 3, labelled: bool = True, **changed: Any) -> Path:
    """An invented file of the feed telco/subscribers: people with short contracts leave.

    `changed` replaces a column's cells by one value, or by those of a function of the row number.
    """
    draw = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, TELCO if labelled else TELCO[:-1], extrasaction="ignore")
        writer.writeheader()
        for number in range(rows):
            row = _subscriber(draw, number)
            writer.writerow(row | {name: made(number) if callable(made) else made for name, made in changed.items()})
    return path


TELCO = (
    "customerID", "gender", "SeniorCitizen", "Partner", "Dependents", "tenure", "PhoneService", "MultipleLines", "InternetService",
    "OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies", "Contract", "PaperlessBilling",
    "PaymentMethod", "MonthlyCharges", "TotalCharges", "Churn",
)  # fmt: skip


def _subscriber(draw: random.Random, number: int) -> dict[str, str]:
    months, yes_no = draw.randint(1, 70), ("Yes", "No")
    term = draw.choices(("Month-to-month", "One year", "Two year"), (6, 2, 2))[0]
    monthly = round(draw.uniform(20, 110), 2)
    leaves = draw.random() < (0.55 if term == "Month-to-month" and months < 24 else 0.12)
    row = dict.fromkeys(("OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies"), "No")
    return row | {
        "customerID": f"{1000 + number}-TEST", "gender": draw.choice(("Female", "Male")), "SeniorCitizen": draw.choice("01"),
        "Partner": draw.choice(yes_no), "Dependents": draw.choice(yes_no), "PaperlessBilling": draw.choice(yes_no), "tenure": str(months),
        "PhoneService": "Yes", "MultipleLines": "No", "InternetService": draw.choice(("DSL", "Fiber optic")), "Contract": term,
        "PaymentMethod": draw.choice(("Electronic check", "Mailed check")), "MonthlyCharges": str(monthly),
        "TotalCharges": str(round(monthly * months, 2)), "Churn": "Yes" if leaves else "No",
    }  # fmt: skip


ORDER_LINE = "Bestellnummer;Position;Kundennummer;Bestelldatum;Artikelnummer;Artikel;Warengruppe;Menge;Einzelpreis;Betrag;Währung;Kanal"


def order_lines(path: Path, lines: Sequence[tuple[str, str, str, date, int, str]]) -> Path:
    """A clean file of the feed harbour/transactions: order, line, customer, day, pieces, price with a decimal comma."""
    rows = [ORDER_LINE]
    for order, line, customer, day, pieces, price in lines:
        cents = int(price.replace(",", "")) * pieces
        sign, cents = ("-" if cents < 0 else ""), abs(cents)
        amount = f"{sign}{cents // 100},{cents % 100:02d}"
        rows.append(f"{order};{line};{customer};{day:%d.%m.%Y};4711;Vase;Haushalt;{pieces};{price};{amount};EUR;Filiale")
    path.write_bytes("\r\n".join([*rows, ""]).encode("cp1252"))
    return path


def clients(folder: Path, client: str, /, **changed: tuple[str, str]) -> Path:
    """A folder of clients with a copy of a shipped one; `changed` replaces a text in one of its files: ``transactions=(old, new)``."""
    shutil.copytree(SHIPPED / client, folder / client)
    for name, (old, new) in changed.items():
        path = folder / client / f"{name}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def environment(home: Path, settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the command is started with."""
    return {**plain_environment(), "MILLRACE_HOME": str(home), "OMP_NUM_THREADS": "1", **(settings or {})}


def millrace(
    *words: str | Path, home: Path, settings: Mapping[str, str] | None = None, timeout: float = 120, **more: Any
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, started in the home's parent, so that no file of this repository is in its way."""
    command = [sys.executable, "-m", "flows.cli", *map(str, words)]
    return subprocess.run(
        command, env=environment(home, settings), cwd=home.parent, capture_output=True, text=True, timeout=timeout, check=False, **more
    )


def here(*words: str | Path, home: Path, settings: Mapping[str, str] | None = None) -> Result:
    """The command in this process: quicker, and good enough where only its words matter."""
    from flows.cli import app

    before = signal.getsignal(signal.SIGTERM)
    variables = {name: None for name in os.environ if name.startswith("MILLRACE_")}
    try:
        return CliRunner().invoke(app, [*map(str, words)], env={**variables, "MILLRACE_HOME": str(home), **(settings or {})})
    finally:
        signal.signal(signal.SIGTERM, before)
