"""Made-up facts and scores of a mail-order house, for the tests of packs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.assumption import Assumption
from contracts.contract import get
from contracts.ledger import Ledger
from reports.facts import Client, Evidence, Facts, Product, Status, Verdict
from reports.feed import Column, Decision, Fault, Feed, NotScored, Reason, SourceFile
from reports.scores import Band, Filled, Measure, OutputColumn, output_columns
from reports.trust import Accuracy, Drift, Gate, Model, Trust

REASONS = (
    "ordered 12 days ago; 7 orders so far",
    "newsletter opened often; buys shoes and outdoor",
    "basket of 84 on average; 3 categories",
    "customer for 2,140 days; last order 31 days ago",
)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def scores(rows: int, seed: int = 7) -> pa.Table:
    """A table of the scores contract, in order of rank."""
    random = np.random.default_rng(seed)
    score = np.sort(random.beta(1.6, 4.2, rows))[::-1]
    rank = np.arange(1, rows + 1)
    part = rank / rows
    band = np.select([part <= 0.1, part <= 0.3, part <= 0.7], ["very high", "high", "medium"], "low")
    supplied, absent = random.integers(12, 17, rows), random.integers(0, 3, rows)
    columns = {
        "customer_id": pa.array([f"{n:08d}" for n in random.permutation(rows)]),
        "model": pa.array(["repurchase"] * rows),
        "model_version": pa.array(["0003"] * rows),
        "score": pa.array(score),
        "band": pa.array(band.tolist()),
        "rank": pa.array(rank),
        "reasons": pa.array([REASONS[n % 4] if n < rows // 4 else None for n in range(rows)], pa.string()),
        **{
            name: pa.array(values)
            for name, values in {
                "supplied": supplied,
                "repaired": random.integers(0, 2, rows),
                "derived": np.full(rows, 4),
                "looked_up": random.integers(0, 2, rows),
                "imputed": 20 - supplied - absent,
                "absent": absent,
            }.items()
        },
    }
    return pa.table(columns)


def not_scored(rows: int) -> pa.Table:
    words = ("the date of birth 31.02. does not exist", "the customer number is missing", "the row has more cells than the header")
    return pa.table(
        {
            "feed": ["Customers"] * rows,
            "file": ["Kunden_2025-06.csv"] * rows,
            "sheet": pa.nulls(rows, pa.string()),
            "line": [5 + 37 * n for n in range(rows)],
            "record": [5 + 37 * n for n in range(rows)],
            "reason": [words[n % 3] for n in range(rows)],
        }
    )


def parts(table: pa.Table, folder: Path, count: int = 1) -> list[Path]:
    """The table as so many Parquet files, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    step = -(-max(table.num_rows, 1) // count)
    paths = [folder / f"part-{n:05d}.parquet" for n in range(count)]
    for number, path in enumerate(paths):
        pq.write_table(table.slice(number * step, step), path)
    return paths


def facts(rows: int = 14_169, status: Status | None = None, columns: tuple[OutputColumn, ...] | None = None) -> Facts:
    """The facts of a held pack of the product `repurchase`."""
    return Facts(
        client=Client("harbour", "Harbour Versandhaus", "EUR", "#1f5f8b"),
        product=Product("repurchase", "Repurchase", "Who will buy again in the next 90 days?"),
        status=status or Status("HELD", "One check failed: income is missing far more often than when the model was trained."),
        verdict=Verdict("fail", "Please wait with these scores: a third of the incomes are missing, and the model leans on income."),
        feeds=(_customers(rows), _transactions(rows)),
        filled=_filled(rows),
        measures=(_measure(rows),),
        columns=columns or output_columns(get("scores")),
        trust=_trust(),
        gates=_gates(),
        assumptions=_assumptions(),
        evidence=Evidence(
            "9f31c2aa74d05b16",
            digest("code"),
            "2025-06-30",
            "the latest order date in the files",
            {"harbour/customers": digest("customers.yaml"), "harbour/transactions": digest("transactions.yaml")},
            {"pyarrow": "26.0.0", "scikit-learn": "1.9.1", "openpyxl": "3.1.5"},
            {"partition_rows": 250_000},
        ),
        not_scored=NotScored(
            46,
            (
                Reason("the date of birth does not exist", 21),
                Reason("the customer number is missing", 17),
                Reason("the row has more cells than the header", 8),
            ),
        ),
        notes=("The customer file has no country: Germany was assumed for everybody, because you agreed to it.",),
    )


def _customers(rows: int) -> Feed:
    held = {"birth_date:date": 21, "customer_id:nullable": 17, "ragged": 8}
    aside = {"preamble": 3, "header": 1, "repeated_header": 1, "total": 1, "blank": 4, "duplicate": 112}
    decisions = (
        Decision("encoding", "Windows-1252", "4,811 letters ä, ö, ü, ß read as German words; UTF-8 would be broken in 4,811 places"),
        Decision("delimiter", "semicolon", "20 cells in every one of 14,337 lines"),
        Decision("numbers", "decimal comma", "agreed in the connector", given=True),
        Decision("dates", "day first", "9,120 dates have a first number above 12"),
    )
    headers = (
        "Kundennummer",
        "Anrede",
        "PLZ",
        "Ort",
        "Geburtsdatum",
        "Kundengruppe",
        "Jahreseinkommen",
        "Kunde seit",
        "Newsletter",
        "Bevorzugter Kanal",
    )
    fields = (
        "Customer id",
        "Gender",
        "Postcode",
        "City",
        "Birth date",
        "Segment",
        "Income",
        "Signup date",
        "Marketing consent",
        "Preferred channel",
    )
    file = SourceFile("Kunden_2025-06.csv", digest("a"), 2_481_204, "delimited text", "Windows-1252", ";", None, 3, 1, decisions)
    faults = (
        Fault("Birth date", "The day does not exist, such as 99.99.9999", 21, "row not scored"),
        Fault("Income", "The income is below zero", 33, "cell left blank"),
        Fault("Segment", "A misspelt group was matched to the closest known one", 204, "put right"),
    )
    words = {
        "birth_date:date": "The date of birth does not exist",
        "customer_id:nullable": "The customer number is missing",
        "ragged": "The row has more cells than the header",
    }
    return Feed(
        "harbour/customers",
        "Customers",
        "customers@1.0",
        "harbour/customers",
        "2c7d91e0aa41f00b",
        (file,),
        Ledger(rows, held, aside),
        tuple(map(Column, headers, fields)),
        ("Vorname", "Nachname", "E-Mail", "Telefon", "Bundesland"),
        ("Household size", "Education"),
        faults,
        0,
        False,
        words,
    )


def _transactions(rows: int) -> Feed:
    held, aside = {"customer_id:nullable": 310}, {"header": 1, "total": 1, "duplicate": 58}
    file = SourceFile("Umsaetze_H1.xlsx", digest("b"), 11_904_551, "workbook", None, None, "Bestellungen", 0, 1)
    columns = tuple(map(Column, ("Bestellnummer", "Bestelldatum", "Betrag"), ("Order id", "Order date", "Amount")))
    return Feed(
        "harbour/transactions",
        "Transactions",
        "transactions@1.0",
        "harbour/transactions",
        "77aa03d2c1b9e644",
        (file,),
        Ledger(rows * 7, held, aside),
        columns,
        ("Artikel",),
        (),
        (),
        12,
        False,
        {"customer_id:nullable": "The customer number is missing"},
    )


def _filled(rows: int) -> tuple[Filled, ...]:
    def some(share: float) -> int:
        return int(rows * share)

    def rest(name: str, title: str, how: str, unit: str = "", **counts: int) -> Filled:
        return Filled(name, title, f"{title} of the customer", unit, supplied=rows - sum(counts.values()), how=how, **counts)

    return (
        rest(
            "age",
            "Age",
            "from the date of birth; the median of the segment where it is missing",
            "years",
            derived=some(0.94),
            imputed=rows - some(0.94),
        ),
        rest("gender", "Gender", "", repaired=some(0.01), absent=some(0.08)),
        rest("region", "Region", "from the first digits of the postcode", looked_up=some(0.97), absent=rows - some(0.97)),
        rest("income", "Income", "the median of segment and region", "EUR a year", imputed=some(0.34)),
        rest("segment", "Segment", "the closest known group", repaired=204),
        rest("preferred_channel", "Preferred channel", "", absent=some(0.19)),
        rest("marketing_consent", "Marketing consent", ""),
        rest("signup_days", "Days since sign-up", "from the day of sign-up", "days", derived=rows),
        rest("orders", "Orders", "counted in the transactions", "orders", derived=rows),
        rest("spend", "Spend", "added up from the transactions", "EUR", derived=rows),
        rest("recency_days", "Days since the last order", "from the transactions", "days", derived=some(0.98), absent=rows - some(0.98)),
        rest("web_minutes_90", "Minutes on the website, 90 days", "not sent", "minutes", absent=rows),
        rest("visits_90", "Visits, 90 days", "the usual value at training", "visits", imputed=rows),
    )


def _measure(rows: int) -> Measure:
    table = scores(rows) if rows else scores(1)
    score = table["score"].to_numpy()
    counts, edges = np.histogram(score, 25, (0, 1))
    bands = []
    for name in ("very high", "high", "medium", "low"):
        found = score[table["band"].to_numpy(zero_copy_only=False) == name]
        if len(found):
            bands.append(Band(name, len(found), float(found.min()), float(found.max()), float(found.mean())))
    reasons = (Reason("Days since the last order", 912), Reason("Orders", 640), Reason("Income", 221))
    return Measure(
        "score",
        "Probability to buy again",
        "probability",
        rows,
        float(score.mean()),
        float(score.min()),
        float(score.max()),
        tuple(map(float, edges)),
        tuple(map(int, counts)),
        tuple(bands),
        reasons,
    )


def _trust() -> Trust:
    return Trust(
        (Model("repurchase", "0003", "trained on the research panel of 2024, harbour’s rows left out", 40_000, True),),
        Accuracy(
            "AUC", 0.8123, 0.0041, 40_000, "Of two customers of whom one buys again, the score ranks the right one first 81 times in 100."
        ),
        Accuracy("AUC", 0.9411, 0.002, 40_000, "It is known only after the call, so it cannot help to decide whom to call."),
        "the call’s duration",
        (
            Drift("age", "Age", 0.021, 0.03, 0.06, "pass", ""),
            Drift("income", "Income", 0.312, 0.04, 0.34, "fail", "Missing eight times as often as at training."),
            Drift("segment", "Segment", 0.064, 0.0, 0.0, "pass", ""),
            Drift("web_minutes_90", "Minutes on the website, 90 days", None, 0.02, 1.0, "cannot tell", "You did not send it."),
        ),
        True,
        "Two of four inputs look as they did when the model learned; income does not.",
    )


def _gates() -> tuple[Gate, ...]:
    return (
        Gate("pass_rate", "Rows that pass every rule", 0.9941, 0.95, "share", "pass", "99.4 % of the rows passed; at least 95 % must."),
        Gate("quarantine", "Rows that could not be used", 0.0032, 0.05, "share", "pass", "0.3 % could not be used; at most 5 % may."),
        Gate("missing", "Missing values: income", 0.34, 0.2, "share", "fail", "34 % of the incomes are missing; at most 20 % may."),
        Gate(
            "drift", "Drift: minutes on the website", None, 0.2, "PSI", "cannot tell", "The column is absent, so nothing could be compared."
        ),
    )


def _assumptions() -> tuple[Assumption, ...]:
    return (
        Assumption("parse customers", "Days come before months in the dates of birth", {"cells with a day above 12": 9120}, "held"),
        Assumption("history", "An order on the as-of day counts as of that day", {}, "untested"),
        Assumption(
            "fill income", "Incomes are missing at random within a segment", {"share missing by segment": {"A": 0.12, "B": 0.61}}, "refuted"
        ),
    )
