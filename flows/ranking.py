"""Ranking: all scores of a delivery in one order, bands by rank, and the parts of the scores table in that order."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.landing import read_arrow
from contracts import contract as contracts
from contracts.contract import Contract
from contracts.errors import RunError
from contracts.masks import failing
from contracts.scores import BANDS
from flows.checkpoint import Kept
from flows.scoring import SCORED, TOP
from flows.steps import step

EDGES = (0.1, 0.3, 0.7, 1.0)
"""Shares of ranks at which the bands end."""
PART_ROWS = 250_000
BINS = 25


@dataclass(frozen=True)
class Ranked:
    """All scores of a delivery: the label is empty, as there is one ranking."""

    label: str = ""


@dataclass(frozen=True)
class Stretch:
    """Some ranks that follow one another: one part of the scores table.

    Parameters
    ----------
    label : str
    first, last : int
        Ranks from 1, both included.
    output : str
        Contract of the scores.
    model, version : str
    """

    label: str
    number: int
    first: int
    last: int
    output: str
    model: str
    version: str


@step("rank", keep=True)
def rank(_item: Ranked, out: Path, parts: Sequence[Kept]) -> dict[str, Any]:
    """Rank all rows by falling score; equal scores keep the order of the submission.

    Returns
    -------
    dict
        JSON-able: ``rows``, ``mean``, ``low``, ``high``, ``edges`` and ``counts`` of a histogram, ``bands``.
    """
    scores = [read_arrow(part.out / SCORED).column("score").to_numpy() for part in parts]
    every = np.concatenate([np.zeros(0), *scores])
    order = np.argsort(-every, kind="stable")
    ranks = np.empty(len(every), np.int64)
    ranks[order] = np.arange(1, len(every) + 1)
    ends = np.cumsum([0, *(len(part) for part in scores)])
    for number, (start, end) in enumerate(itertools.pairwise(ends)):
        np.save(out / f"ranks-{number:05d}.npy", ranks[start:end])
    return {"rows": len(every), **_described(every), "bands": _bands(every[order])}


def _described(scores: npt.NDArray[np.float64]) -> dict[str, Any]:
    if not len(scores):
        return {"mean": 0.0, "low": 0.0, "high": 0.0, "edges": [], "counts": []}
    low, high = float(scores.min()), float(scores.max())
    counts, edges = np.histogram(scores, BINS, (0.0, max(float(np.ceil(high * 20) / 20), 0.05)))
    return {"mean": float(scores.mean()), "low": low, "high": high, "edges": edges.tolist(), "counts": counts.tolist()}


def band_ends(rows: int) -> list[int]:
    """The last rank of each band.

    Examples
    --------
    >>> band_ends(10), band_ends(1)
    ([1, 3, 7, 10], [1, 1, 1, 1])
    """
    return [min(rows, max(1, round(share * rows))) for share in EDGES]


def _bands(falling: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
    ends = [0, *band_ends(len(falling))]
    found = [(name, falling[a:b]) for name, a, b in zip(BANDS, ends, ends[1:], strict=False)]
    return [
        {"name": name, "count": len(part), "low": float(part.min()), "high": float(part.max()), "mean": float(part.mean())}
        for name, part in found
        if len(part)
    ]


def stretches(rows: int, output: str, model: str, version: str) -> tuple[Stretch, ...]:
    """The parts of a scores table; one, empty, where there are no rows."""
    starts = range(1, max(rows, 1) + 1, PART_ROWS)
    return tuple(
        Stretch(f"part {n + 1}", n, first, min(first + PART_ROWS - 1, rows), output, model, version) for n, first in enumerate(starts)
    )


@step("arrange", keep=True)
def arrange(item: Stretch, out: Path, parts: Sequence[Kept], ranked: Kept) -> dict[str, Any]:
    """Write one part of the scores table, in the order of rank, as its contract says.

    Returns
    -------
    dict
        JSON-able: ``reasons``, how often each is the first one.

    Raises
    ------
    RunError
        OUTPUT-CONTRACT where the part breaks its contract: our fault.
    """
    taken, ranks = [], []
    for number, part in enumerate(parts):
        mine = np.load(ranked.out / f"ranks-{number:05d}.npy", mmap_mode="r")
        rows = np.flatnonzero((mine >= item.first) & (mine <= item.last))
        taken.append(read_arrow(part.out / SCORED).take(pa.array(rows)))
        ranks.append(mine[rows])
    order = np.argsort(np.concatenate(ranks), kind="stable")
    table = pa.concat_tables(taken).take(pa.array(order)).combine_chunks()
    table = _shown(table, np.concatenate(ranks)[order], ranked["rows"], item)
    counted = _first_reasons(table)
    made = as_contract(table, contracts.get(item.output))
    pq.write_table(made, out / f"scores-{item.number:05d}.parquet", compression="zstd", compression_level=1)
    return {"reasons": counted}


def _shown(table: pa.Table, ranks: npt.NDArray[np.int64], rows: int, item: Stretch) -> pa.Table:
    """The columns that ranking adds; reasons stay with the first ranks only."""
    band = pa.array(BANDS, pa.string()).take(pa.array(np.searchsorted(np.array(band_ends(rows)[:-1]), ranks, side="left")))
    added = {
        "rank": pa.array(ranks),
        "band": band,
        "model": pa.repeat(pa.scalar(item.model), len(ranks)),
        "model_version": pa.repeat(pa.scalar(item.version), len(ranks)),
    }
    for name in ("reasons", "first_reason"):
        if name in table.column_names:
            kept = pa.array(np.where(ranks <= TOP, np.arange(len(ranks)), 0), mask=ranks > TOP)
            table = table.set_column(table.column_names.index(name), name, table.column(name).take(kept))
    for name, values in added.items():
        table = table.append_column(name, values)
    return table


def _first_reasons(table: pa.Table) -> dict[str, int]:
    if "first_reason" not in table.column_names:
        return {}
    given = table.filter(table.column("reasons").is_valid()).column("first_reason")
    return {str(one["values"]): int(one["counts"]) for one in given.value_counts().to_pylist()}


def as_contract(table: pa.Table, contract: Contract) -> pa.Table:
    """The table in the order and types of its contract, checked by it.

    Raises
    ------
    RunError
        OUTPUT-CONTRACT.
    """
    names = [name for name in contract.fields if name in table.column_names]
    made = pa.table({name: table.column(name).cast(contract.fields[name].type) for name in names})
    frame = made.to_pandas(types_mapper=pd.ArrowDtype)
    broken = [f"{bad.column or 'the table'}: {bad.check}" for bad in failing(contract.schema(), frame)]
    if broken:
        raise RunError("OUTPUT-CONTRACT", f"the scores are not as {contract.id} says", details=broken, hint="this is a fault of Millrace")
    return made
