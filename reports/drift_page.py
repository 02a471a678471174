"""Evidently's picture of training against input, on a stated sample of safe columns; the gates are computed elsewhere, on all rows.

Run it in a process of its own: ``python -m reports.drift_page job.json``. What Evidently gets is settled here, because it skips
what it does not know, leaks what it shows and escapes nothing: two plain types only, every column declared, method and threshold
set, no identifiers, no rare categories, numbers within rounded percentiles, names and categories without markup.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import RunError
from reports.plain import of_plain
from reports.safe_columns import Pair, ages, categories, label, numbers

MOST_ROWS = 20_000
FEWEST_ROWS = 30


@dataclass(frozen=True)
class DriftColumn:
    """An input to draw. `personal` is its contract's class: direct identifiers and keys are refused."""

    name: str
    title: str
    kind: Literal["number", "category"]
    personal: str = "none"
    role: str = "input"


@dataclass(frozen=True)
class DriftJob:
    """What to draw: Parquet parts of both sides, the columns, where to, what the page says it is about, and the pack's verdict.

    Examples
    --------
    >>> DriftJob(("a.parquet",), ("b.parquet",), (DriftColumn("age", "Age", "number"),), "drift.html", "Churn, acme").threshold
    0.2
    """

    training: tuple[str, ...]
    current: tuple[str, ...]
    columns: tuple[DriftColumn, ...]
    out: str
    about: str
    verdict: str = ""
    threshold: float = 0.2
    rows: int = MOST_ROWS
    seed: int = 0


@dataclass(frozen=True)
class Drawn:
    """What the page shows: PSI by title on the sample, and the columns left out with the reason."""

    psi: dict[str, float]
    left_out: dict[str, str]
    training_rows: int
    current_rows: int


def draw(job: DriftJob) -> Drawn:
    """Write the page to `job.out`, which appears whole or not at all.

    Raises
    ------
    RunError
        DRIFT-COLUMN for an identifier or a key, DRIFT-NOTHING where no column can be drawn, DRIFT-PAGE where Evidently wrote nothing.
    """
    _refuse_identifiers(job.columns)
    names = [column.name for column in job.columns]
    limit = min(job.rows, MOST_ROWS)
    training = sample([Path(p) for p in job.training], names, limit, job.seed)
    current = sample([Path(p) for p in job.current], names, limit, job.seed)
    pairs, left_out = _safe(job, training, current)
    if not pairs:
        raise RunError(
            "DRIFT-NOTHING", "no column can be drawn", found="; ".join(f"{k}: {v}" for k, v in left_out.items()),
            hint="the drift gates, which look at all rows, say why",
        )  # fmt: skip
    psi = _evidently(job, pairs)
    drawn = Drawn(psi, left_out, training.num_rows, current.num_rows)
    _explain(Path(job.out), job, drawn)
    return drawn


def sample(parts: Sequence[Path], names: Sequence[str], rows: int, seed: int) -> pa.Table:
    """At most so many rows, drawn evenly over all parts by the seed; only the named columns that exist.

    Examples
    --------
    >>> sample([], ["age"], 10, 0).num_rows
    0
    """
    sizes = [int(pq.read_metadata(path).num_rows) for path in parts]
    total = sum(sizes)
    chosen = np.sort(np.random.default_rng(seed).choice(total, min(rows, total), replace=False)) if total else np.zeros(0, np.int64)
    tables, start = [], 0
    for path, size in zip(parts, sizes, strict=True):
        here = chosen[(chosen >= start) & (chosen < start + size)] - start
        known = pq.read_schema(path).names
        tables.append(pq.read_table(path, columns=[n for n in names if n in known]).take(pa.array(here)))
        start += size
    return pa.concat_tables(tables, promote_options="permissive") if tables else pa.table({})


def _refuse_identifiers(columns: Sequence[DriftColumn]) -> None:
    bad = [c.name for c in columns if c.personal == "direct" or c.role in ("key", "label", "leak")]
    if bad:
        raise RunError(
            "DRIFT-COLUMN", "identifiers, keys and outcomes are never drawn", found=", ".join(bad), hint="hand over the model's inputs only"
        )


def _safe(job: DriftJob, training: pa.Table, current: pa.Table) -> tuple[list[Pair], dict[str, str]]:
    """The columns that may be drawn, and for the others the reason."""
    pairs: list[Pair] = []
    left_out: dict[str, str] = {}
    if min(training.num_rows, current.num_rows) < FEWEST_ROWS:
        return [], {"all columns": f"fewer than {FEWEST_ROWS} rows on one side"}
    for column in job.columns:
        title = label(column.title)
        sides = [table[column.name] if column.name in table.column_names else None for table in (training, current)]
        if column.personal == "sensitive":
            left_out[title] = "sensitive"
        elif sides[0] is None or sides[1] is None:
            left_out[title] = "not in the training data" if sides[0] is None else "not in the input"
        elif isinstance(made := _made(column, title, ages(sides[0]), ages(sides[1])), str):
            left_out[title] = made
        else:
            pairs += made
    return _named_apart(pairs), left_out


def _made(column: DriftColumn, title: str, training: pa.ChunkedArray, current: pa.ChunkedArray) -> list[Pair] | str:
    if training.null_count == len(training) or current.null_count == len(current):
        return "empty in the training data" if training.null_count == len(training) else "empty in the input"
    return numbers(title, training, current) if column.kind == "number" else categories(title, training, current)


def _named_apart(pairs: list[Pair]) -> list[Pair]:
    """Two columns of one title are told apart by a number."""
    seen: dict[str, int] = {}
    named = []
    for pair in pairs:
        seen[pair.title] = seen.get(pair.title, 0) + 1
        title = pair.title if seen[pair.title] == 1 else f"{pair.title} ({seen[pair.title]})"
        named.append(Pair(title, pair.kind, pair.training, pair.current))
    return named


def _evidently(job: DriftJob, pairs: Sequence[Pair]) -> dict[str, float]:
    os.environ["DO_NOT_TRACK"] = "1"  # before the import, which reads it
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset, DataSummaryPreset

    titles = [pair.title for pair in pairs]
    definition = DataDefinition(
        numerical_columns=[pair.title for pair in pairs if pair.kind == "number"],
        categorical_columns=[pair.title for pair in pairs if pair.kind == "category"],
        text_columns=[], datetime_columns=[], unknown_columns=[], list_columns=[],
    )  # fmt: skip
    frames = [pd.DataFrame({p.title: side for p, side in zip(pairs, sides, strict=True)}) for sides in _sides(pairs)]
    training, current = (Dataset.from_pandas(frame, data_definition=definition) for frame in frames)
    drift = DataDriftPreset(
        columns=titles,
        drift_share=math.floor(1000 / len(titles)) / 1000,  # as the gates do: one column is enough
        per_column_method=dict.fromkeys(titles, "psi"),
        per_column_threshold=dict.fromkeys(titles, job.threshold),
    )
    run = Report([drift, DataSummaryPreset(columns=titles)], include_tests=True).run(current, training)
    _save(run, Path(job.out))
    metrics = [m for m in run.dict()["metrics"] if m["config"]["type"].endswith(":ValueDrift")]
    return {m["config"]["column"]: float(m["value"]) for m in metrics}


def _sides(pairs: Sequence[Pair]) -> tuple[list[pd.Series], list[pd.Series]]:
    return [pair.training for pair in pairs], [pair.current for pair in pairs]


def _save(run: Any, out: Path) -> None:
    raw = out.with_name(f".{out.name}.part")
    run.save_html(str(raw))  # a Path would write nothing and say nothing
    if not raw.is_file() or raw.stat().st_size == 0:
        raise RunError("DRIFT-PAGE", "Evidently wrote no page", hint="please report it with the run's id")


def _explain(out: Path, job: DriftJob, drawn: Drawn) -> None:
    """Say above the picture what it is drawn from, then give the file its name."""
    from reports.page import render
    from reports.words import whole

    raw = out.with_name(f".{out.name}.part")
    page = raw.read_text(encoding="utf-8")
    left_out = [f"{title} ({why})" for title, why in drawn.left_out.items()]
    note = render(
        "_drift.html.j2",
        {
            "about": job.about,
            "verdict": job.verdict,
            "training": whole(drawn.training_rows),
            "current": whole(drawn.current_rows),
            "left_out": left_out,
        },
    )
    start = page.index(">", page.index("<body")) + 1
    raw.write_text(page[:start] + note + page[start:], encoding="utf-8")
    raw.replace(out)


def main(arguments: Sequence[str]) -> int:
    """Draw the job of a JSON file; the result as one JSON line on standard output, errors on standard error."""
    try:
        drawn = draw(of_plain(DriftJob, json.loads(Path(arguments[0]).read_text(encoding="utf-8"))))
    except RunError as error:
        sys.stderr.write("\n".join(error.lines()) + "\n")
        return 1
    sys.stdout.write(
        json.dumps({"psi": drawn.psi, "left_out": drawn.left_out, "training": drawn.training_rows, "current": drawn.current_rows}) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
