"""Failures of a dry intake by field and rule, with the first places as the client's file shows them, and shapes in place of values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.check import rejects
from connectors.columns import source_column
from connectors.mapping import fit
from connectors.overlay import stream
from connectors.plan import Plan, hints
from connectors.reading.block import Block
from connectors.reading.reading import BLOCK_ROWS
from connectors.spec.feed import FeedSpec
from connectors.stretch import SHIFT
from contracts.errors import Place, shape
from flows.faults import faults
from flows.limits import Limits

EXAMPLES = 5


@dataclass(frozen=True)
class Example:
    """One failing cell or row: where it is, as the file shows it, and the shape of what stands there; the sheet of a workbook."""

    file: str
    line: int
    shape: str | None
    record: int = 0
    sheet: str | None = None


@dataclass(frozen=True)
class Group:
    """All failures of one field and rule.

    Parameters
    ----------
    key : str
        ``field:rule``, or the reason why a record is no row.
    rows : int
        How many fail.
    share : float
        Of all rows.
    tolerated : float
        Share that may fail.
    examples : tuple of Example
        The first ones.
    columns : tuple of str
        Headers that feed the field.
    """

    key: str
    rows: int
    share: float
    tolerated: float
    examples: tuple[Example, ...]
    columns: tuple[str, ...] = ()

    @property
    def beyond(self) -> bool:
        """Whether more fail than is tolerated."""
        return self.share > self.tolerated

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        name, _, rule = self.key.partition(":")
        where = [
            {"file": one.file, **({"sheet": one.sheet} if one.sheet else {}), "record": one.record, "line": one.line, "shape": one.shape}
            for one in self.examples
        ]
        return {
            "field": name if rule else None, "rule": rule or name, "columns": list(self.columns), "rows": self.rows,
            "share": round(self.share, 6), "tolerated": self.tolerated, "beyond": self.beyond, "examples": where,
        }  # fmt: skip


def groups(out: Path, planned: Plan, rows: int, limits: Limits) -> tuple[Group, ...]:
    """What failed in an intake, in its folder: groups beyond what is tolerated first, then by rows.

    Parameters
    ----------
    out : Path
        Where the intake wrote its tables.
    planned : Plan
    rows : int
        Records that were rows, or should have been.
    limits : Limits
        With the client's own.
    """
    found = faults(out)
    firsts = {key: found.rows(key)[:EXAMPLES].tolist() for key in found.keys}
    lines = _lines(out, {row_id for ids in firsts.values() for row_id in ids})
    cells, sheets = _cells(planned, firsts)
    every = [
        Group(
            key, count, count / max(rows, 1), tolerated(planned.feed, key, limits),
            tuple(
                Example(
                    planned.files[n >> SHIFT].name, lines.get(n, 0), cells.get((key.partition(":")[0], n)), n & ((1 << SHIFT) - 1),
                    sheets.get(n >> SHIFT),
                )
                for n in firsts[key]
            ),
            headers(planned.feed, key.partition(":")[0]),
        )
        for key, count in found.counts.items()
    ]  # fmt: skip
    return tuple(sorted(every, key=lambda group: (not group.beyond, -group.rows, group.key)))


def tolerated(feed: FeedSpec, key: str, limits: Limits) -> float:
    """Share of rows that may have a fault.

    The share that may be held back counts for records that are no rows and for keys that occur twice. Where a client has a limit of its
    own for it, that counts for all that holds rows back, unless the contract allows more.

    Examples
    --------
    >>> from connectors.library import load_feed
    >>> feed, own = load_feed("harbour/customers"), Limits().with_policies({"quarantine_share": 0.3})
    >>> [tolerated(feed, key, own) for key in ("income:ge", "ragged", "customer_id:unique", "customer_id:not_null")]
    [0.05, 0.3, 0.3, 0.3]
    >>> tolerated(feed, "customer_id:not_null", Limits())
    0.05
    """
    name, _, rule = key.partition(":")
    if name not in feed.table.fields or rule == "unique":
        return limits.quarantine_share
    stated = feed.table.tolerance(name, rule)
    agreed = "quarantine_share" in limits.own and rejects(feed.table, name, rule)
    return max(stated, limits.quarantine_share) if agreed else stated


def headers(feed: FeedSpec, name: str) -> tuple[str, ...]:
    """The connector's headers for a field, or for the fields of a key such as ``order_id+line_id``."""
    return tuple(header for each in name.split("+") if each in feed.all_columns for header in feed.all_columns[each].headers)


def _lines(out: Path, wanted: Iterable[int]) -> dict[int, int]:
    """The line of some rows, quarantined or accepted, as the client's file shows it."""
    ids = pa.array(sorted(wanted), pa.int64())
    found: dict[int, int] = {}
    for path in (out / "quarantine.parquet", *sorted((out / "rows").glob("*.parquet"))):
        table = pq.read_table(path, columns=["row_id", "line"])
        there = table.filter(pc.is_in(table.column("row_id"), value_set=ids))
        found |= dict(zip(there.column("row_id").to_pylist(), there.column("line").to_pylist(), strict=True))
    return found


def _cells(planned: Plan, firsts: Mapping[str, Sequence[int]]) -> tuple[dict[tuple[str, int], str], dict[int, str]]:
    """Shapes of the cells that fail, by field and row id, of the rows that are shown; and the sheets of the files that have some."""
    wanted = sorted(
        {(key.partition(":")[0], n) for key, ids in firsts.items() for n in ids if headers(planned.feed, key.partition(":")[0])}
    )
    found: dict[tuple[str, int], str] = {}
    sheets: dict[int, str] = {}
    for file in planned.files:
        if any(n >> SHIFT == file.number for ids in firsts.values() for n in ids):
            reading, blocks, _ = stream(planned.feed, file, hints(planned.feed), BLOCK_ROWS, planned.takes[0].changes)
            sheets |= {file.number: reading.sheet} if reading.sheet else {}
            place = Place(client=planned.client.name, feed=planned.feed.feed, file=file.name)
            columns = fit(reading.header, planned.feed, place).columns
            of_file = [(name, n) for name, n in wanted if n >> SHIFT == file.number]
            for block in blocks if of_file else ():
                found |= dict(_in_block(block, planned.feed, columns, of_file))
    return found, sheets


def _in_block(
    block: Block, feed: FeedSpec, columns: Mapping[str, str], wanted: Sequence[tuple[str, int]]
) -> Iterator[tuple[tuple[str, int], str]]:
    for name, row_id in wanted:
        place = np.flatnonzero(block.record == row_id & ((1 << SHIFT) - 1))
        there = [columns[header] for header in headers(feed, name) if header in columns]
        if len(place) and there:
            join = feed.all_columns[name].join if name in feed.all_columns else " "
            cells, _ = source_column(block.table.slice(int(place[0]), 1), None, there, join)
            yield (name, row_id), shape(cells[0].as_py() or "")
