"""What an intake published of a rehearsed submission, in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Spot = tuple[str, int]


@dataclass(frozen=True)
class Taken:
    """What an intake published, in memory.

    Parameters
    ----------
    rows : pyarrow.Table
        ``file`` (name) and ``line`` of each accepted row, in the order of `values`.
    row_ids : numpy.ndarray
        Of each accepted row.
    values : dict of pyarrow arrays
        Accepted values by field, direct identifiers included.
    origins : dict of numpy.ndarray
        Origins by field; a field without is taken as supplied.
    quarantined : dict
        ``(file, line)`` to reasons.
    set_aside : dict
        ``(file, line)`` to the reason.
    failures : set of (int, str)
        Row id and field.
    """

    rows: pa.Table
    row_ids: npt.NDArray[np.int64]
    values: Mapping[str, pa.ChunkedArray]
    origins: Mapping[str, npt.NDArray[np.uint8]]
    quarantined: Mapping[Spot, tuple[str, ...]]
    set_aside: Mapping[Spot, str]
    failures: frozenset[tuple[int, str]]

    @cached_property
    def places(self) -> dict[Spot, int]:
        """Position of each accepted row by its spot."""
        return {spot: n for n, spot in enumerate(spots_of(self.rows))}


def spots_of(rows: pa.Table) -> list[Spot]:
    """File and line of each row, in order."""
    return list(zip(rows.column("file").to_pylist(), rows.column("line").to_pylist(), strict=True))


def read_taken(submission: Path) -> Taken:
    """Read a published submission folder."""
    files = [entry["name"] for entry in json.loads((submission / "submission.json").read_text(encoding="utf-8"))["files"]]
    parts = {name: _parts(submission / name) for name in ("accepted", "origins", "rows", "vault")}
    accepted, rows = parts["accepted"], parts["rows"]
    ids = accepted.column("row_id").to_numpy()
    order = _positions(rows.column("row_id").to_numpy(), ids)
    values = {name: accepted.column(name) for name in accepted.column_names if name != "row_id"}
    vault = parts["vault"]
    if vault.num_rows:
        kept = pa.array(_positions(vault.column("row_id").to_numpy(), ids))
        values |= {name: vault.column(name).take(kept) for name in vault.column_names if name != "row_id"}
    origins = {name: parts["origins"].column(name).to_numpy() for name in parts["origins"].column_names if name != "row_id"}
    rows = rows.take(pa.array(order))
    placed = pa.table({"file": pa.array(files).take(rows.column("file").combine_chunks()), "line": rows.column("line")})
    quarantine, aside = (pq.read_table(submission / f"{name}.parquet").to_pylist() for name in ("quarantine", "set_aside"))
    failures = pq.read_table(submission / "failures.parquet").to_pylist()
    return Taken(
        placed, ids, values, origins, {(files[q["file"]], q["line"]): tuple(q["reasons"]) for q in quarantine},
        {(files[s["file"]], s["line"]): s["reason"] for s in aside}, frozenset((f["row_id"], f["field"]) for f in failures),
    )  # fmt: skip


def _parts(folder: Path) -> pa.Table:
    paths = sorted(folder.glob("part-*.parquet")) if folder.exists() else []
    return pa.concat_tables([pq.read_table(path) for path in paths]) if paths else pa.table({"row_id": pa.array([], pa.int64())})


def _positions(of: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where each wanted id is."""
    order = np.argsort(of, kind="stable")
    return order[np.searchsorted(of[order], wanted)]
