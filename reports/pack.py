"""The whole pack of a client: page, workbook, tables and their manifest; and the same again under another status."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import copyfile
from typing import Any

import pyarrow.parquet as pq

from contracts.digest import sha256_file
from reports.facts import Facts
from reports.page import page
from reports.tables import CSV_POLICY, write_tables
from reports.workbook import write_workbook

TABLES = ("scores.csv", "scores.parquet")


def draw(facts: Facts, scores: Sequence[Path], not_scored: Path | None, folder: Path) -> dict[str, Any]:
    """Write ``pack/client``: index.html, scores.xlsx, scores.csv, scores.parquet, manifest.json.

    Parameters
    ----------
    facts : Facts
        All that is shown.
    scores : sequence of Path
        The Parquet parts of the scores, in order, with the columns of `facts.columns`.
    not_scored : Path, optional
        A Parquet table of the rows without a score: any of feed, file, sheet, line, record, reason (`sheets.NOT_SCORED`).
    folder : Path
        Where to; made if need be.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    RunError
        SCORES-NONE, SCORES-COLUMNS, THEME-ACCENT.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = write_tables(scores, facts.columns, folder)
    return _shown(facts, [folder / "scores.parquet"], not_scored, folder, rows)


def redraw(facts: Facts, old: Path, not_scored: Path | None, folder: Path) -> dict[str, Any]:
    """The pack again with other facts, for instance after a release: the tables of scores are taken over from the old pack."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        copyfile(old / name, folder / name)
    rows = int(pq.read_metadata(folder / "scores.parquet").num_rows)
    return _shown(facts, [folder / "scores.parquet"], not_scored, folder, rows)


def tables_only(facts: Facts, scores: Sequence[Path], folder: Path) -> dict[str, Any]:
    """A pack without pages and workbook: scores.csv, scores.parquet, manifest.json; gives the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = write_tables(scores, facts.columns, folder)
    return _sealed(facts, folder, _tables(rows))


def _tables(rows: int) -> dict[str, Mapping[str, Any]]:
    return {"scores.csv": {"rows": rows, "written": CSV_POLICY}, "scores.parquet": {"rows": rows}}


def _shown(facts: Facts, scores: Sequence[Path], not_scored: Path | None, folder: Path, rows: int) -> dict[str, Any]:
    (folder / "index.html").write_text(page(facts), encoding="utf-8", newline="\n")
    sheets = write_workbook(facts, scores, not_scored, folder)
    return _sealed(facts, folder, {"index.html": {}, **_tables(rows), "scores.xlsx": {"sheets": sheets}})


def _sealed(facts: Facts, folder: Path, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    files = {name: {"sha256": sha256_file(folder / name), "size": (folder / name).stat().st_size, **more} for name, more in known.items()}
    manifest = {"run": facts.evidence.run, "status": facts.status.word, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest
