"""What each sheet of the workbook holds: heads and rows, no writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from reports import words
from reports.facts import Facts
from reports.judged import OUTCOMES, VERDICTS, files_of, label, pairs, statement
from reports.scores import OutputColumn
from reports.tables import blocks
from reports.view import head, in_short, verdict

MOST = 100_000
WIDTHS = {"text": 22, "whole": 11, "real": 12, "flag": 9, "day": 12, "moment": 18}
LONG = {"reasons": 94, "model": 20, "model_version": 15, "band": 12}
"""Widths of columns by what they hold, so that a printed row stays readable."""
NOT_SCORED = (
    ("feed", "Feed", "text", 20),
    ("file", "File", "text", 34),
    ("sheet", "Sheet", "text", 16),
    ("line", "Line in your file", "whole", 16),
    ("record", "Record", "whole", 11),
    ("reason", "Reason", "text", 70),
)


@dataclass(frozen=True)
class Head:
    """A column of a sheet. `kind` is a contract's type word, or ``share``, ``money``, ``words`` (text that wraps)."""

    title: str
    kind: str = "text"
    width: int = 18


@dataclass(frozen=True)
class Sheet:
    """One sheet; `rows` hold one value a head, in the Python type of its kind or null. Without a filter it is no table."""

    title: str
    heads: tuple[Head, ...]
    rows: Iterable[Sequence[Any]]
    filters: bool = True


def sheets(facts: Facts, scores: Sequence[Path], not_scored: Path | None) -> list[Sheet]:
    """All sheets in their order."""
    return [
        _summary(facts, _rows(scores)),
        _scores(facts, scores),
        _not_scored(not_scored),
        _quality(facts),
        _filled(facts),
        _assumptions(facts),
        _dictionary(facts),
    ]


def _rows(parts: Sequence[Path]) -> int:
    return sum(int(pq.read_metadata(path).num_rows) for path in parts)


def _summary(facts: Facts, rows: int) -> Sheet:
    status, known = facts.status, facts.evidence
    said: list[tuple[str, str]] = [
        ("Client", facts.client.title),
        ("Product", facts.product.title),
        ("Question", facts.product.question),
        ("As of", f"{words.day(known.as_of)} ({known.as_of_how})" if known.as_of else f"None: {known.as_of_how}"),
        ("Status", f"{status.word}: {head(facts)['banner']['title']}"),
        *([("Why", status.reason)] if status.reason else []),
        *([("Decided by", ", ".join(filter(None, (status.by, words.day(status.on or "")))))] if status.by else []),
        (verdict(facts)["title"].removeprefix("The ").capitalize(), f"{verdict(facts)['word'].capitalize()}: {facts.verdict.sentence}"),
        *[("In short", sentence) for sentence in in_short(facts)],
        *[("Please note", note) for note in facts.notes],
        *(
            [("Please note", f"There are {words.whole(rows)} scores, too many for a workbook: all of them are in scores.csv.")]
            if rows > MOST
            else []
        ),
    ]
    for measure in facts.measures:
        unit = measure.unit
        for band in measure.bands:
            low, high = (words.measured(value, unit, facts.client.currency) for value in (band.low, band.high))
            said.append((f"{measure.title}: {band.name}", f"{words.plural(band.count, 'customer')}, from {low} to {high}"))
    said += [(f"Check: {gate.title}", f"{OUTCOMES[gate.outcome].capitalize()}: {gate.sentence}") for gate in facts.gates]
    said += [("Model", f"{label(model)}: {words.prose(model.trained_on)}") for model in facts.trust.models]
    said += [("Run that was released" if status.word == "RELEASED" else "Run", known.run), ("Code", known.code)]
    said += [(f"SHA-256 of {file.name}", file.sha256) for file in files_of(facts)[:20]]
    return Sheet("Summary", (Head("What", "words", 40), Head("In words", "words", 96)), said, filters=False)


def output_kind(column: OutputColumn) -> str:
    """How a column of the scores is shown.

    Examples
    --------
    >>> output_kind(OutputColumn("score", "Score", "", "probability", "real"))
    'share'
    """
    return {"probability": "share", "share": "share", "money": "money"}.get(column.unit, column.kind)


def _scores(facts: Facts, parts: Sequence[Path]) -> Sheet:
    names = pq.read_schema(parts[0]).names
    columns = [c for c in facts.columns if c.name in names]
    heads = tuple(
        Head(_title(c), output_kind(c), LONG.get(c.name) or max(WIDTHS[c.kind], min(len(_title(c)) + 4, 30))) for c in columns
    )
    if _rows(parts) > MOST:
        return Sheet(
            "Scores", (Head("Note", "words", 92),), [(f"{words.whole(_rows(parts))} scores: please see scores.csv.",)], filters=False
        )
    table = pa.concat_tables(blocks(parts, facts.columns))
    if "rank" in table.column_names:
        table = table.sort_by("rank")
    return Sheet("Scores", heads, _records(table))


def _title(column: OutputColumn) -> str:
    shown = column.unit and column.unit not in ("probability", "share", "inputs")
    return f"{column.title} ({column.unit})" if shown else column.title


def _records(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _not_scored(path: Path | None) -> Sheet:
    heads = tuple(Head(title, kind, width) for _, title, kind, width in NOT_SCORED)
    return Sheet("Not scored", heads, _not_scored_rows(path) if path else [])


def _not_scored_rows(path: Path) -> Iterator[Sequence[Any]]:
    with pq.ParquetFile(path) as file:
        names = [name for name, *_ in NOT_SCORED]
        here = [name for name in names if name in file.schema_arrow.names]
        total, given = file.metadata.num_rows, 0
        for batch in file.iter_batches(10_000, columns=here):
            block = batch.slice(0, MOST - given)
            columns = [block.column(name).to_pylist() if name in here else [None] * block.num_rows for name in names]
            yield from zip(*columns, strict=True)
            given += block.num_rows
            if given >= MOST:
                break
        if total > MOST:
            yield (None, None, None, None, None, f"and {words.whole(total - MOST)} more rows")


def _quality(facts: Facts) -> Sheet:
    heads = (
        Head("Feed", "text", 22),
        Head("What", "words", 36),
        Head("Detail", "words", 62),
        Head("Count", "whole", 12),
        Head("What happened", "words", 30),
    )
    rows: list[Sequence[Any]] = []
    for feed in facts.feeds:
        ledger = feed.ledger
        rows.append(
            (
                feed.title,
                "Records received",
                f"in {words.plural(len(feed.files), 'file')}",
                ledger.records,
                "each one is in one of the next lines",
            )
        )
        rows.append((feed.title, "Records used", "", ledger.accepted, "used"))
        rows += [
            (feed.title, "Not usable", feed.quarantine_words.get(key, key), n, "not used") for key, n in sorted(ledger.quarantined.items())
        ]
        rows += [(feed.title, "Not a data row", words.set_aside(key), n, "set aside") for key, n in sorted(ledger.set_aside.items())]
        rows += [(feed.title, f"Rule: {fault.field}", fault.sentence, fault.count, fault.done) for fault in feed.faults]
        rows += [(feed.title, "Column used", f"{c.header} → {c.field}", None, "used") for c in feed.columns]
        rows += [(feed.title, "Column not used", header, None, "not used") for header in feed.unused]
        rows += [(feed.title, "Column that could help", title, None, "absent") for title in feed.absent]
    return Sheet("Data quality", heads, rows)


def _filled(facts: Facts) -> Sheet:
    origins = [Head(word.capitalize(), "whole", 12) for word in words.ORIGIN_WORDS.values()]
    heads = (
        Head("Input", "text", 34),
        Head("Meaning", "words", 44),
        *origins,
        Head("Rests on what you sent", "share", 24),
        Head("How gaps were filled", "words", 50),
    )
    rows = []
    for entry in facts.filled:
        counts = [getattr(entry, origin) for origin in words.ORIGIN_WORDS]
        gaps, cells = entry.imputed + entry.absent, sum(counts)
        rows.append((entry.title, entry.meaning, *counts, 1 - gaps / cells if cells else None, words.prose(entry.how)))
    return Sheet("What we filled", heads, rows)


def _assumptions(facts: Facts) -> Sheet:
    heads = (Head("Verdict", "text", 20), Head("Assumption", "words", 60), Head("What was measured", "words", 60), Head("Step", "text", 26))
    rows = [
        (title, statement(a), pairs(a.evidence), a.step)
        for found, title in VERDICTS.items()
        for a in facts.assumptions
        if a.verdict == found
    ]
    return Sheet("Assumptions", heads, rows)


def _dictionary(facts: Facts) -> Sheet:
    heads = (
        Head("Where", "text", 16),
        Head("Column", "text", 30),
        Head("Title", "text", 30),
        Head("Meaning", "words", 70),
        Head("Unit", "text", 18),
    )
    rows = [("Scores", c.name, c.title, c.meaning, c.unit) for c in facts.columns]
    rows += [("Input", entry.name, entry.title, entry.meaning, entry.unit) for entry in facts.filled]
    rows += [("Origin", name, words.ORIGIN_WORDS[name], meaning, "") for name, meaning in words.ORIGIN_MEANINGS.items()]
    return Sheet("Dictionary", heads, rows)
