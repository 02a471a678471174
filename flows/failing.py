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

from connectors.columns import source_column
from connectors.header import read_for
from connectors.mapping import fit
from connectors.plan import GivenFile, Plan, hints, opened
from connectors.reading.block import Block
from connectors.reading.reading import BLOCK_ROWS
from connectors.sheets import with_sheets
from connectors.spec import FeedSpec
from connectors.stretch import SHIFT
from contracts.errors import Place, shape
from flows.limits import Limits

EXAMPLES = 3


@dataclass(frozen=True)
class Example:
    """One failing cell or row: where it is, as the file shows it, and the shape of what stands there."""

    file: str
    line: int
    shape: str | None


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
        where = [{"file": one.file, "line": one.line, "shape": one.shape} for one in self.examples]
        return {
            "field": name if rule else None, "rule": rule or name, "columns": list(self.columns), "rows": self.rows,
            "share": round(self.share, 6), "tolerated": self.tolerated, "beyond": self.beyond, "examples": where,
        }  # fmt: skip


def groups(out: Path, planned: Plan, rows: int) -> tuple[Group, ...]:
    """What failed in an intake, in its folder: groups beyond what is tolerated first, then by rows.

    Parameters
    ----------
    out : Path
        Where the intake wrote its tables.
    planned : Plan
    rows : int
        Records that were rows, or should have been.
    """
    quarantine = pq.read_table(out / "quarantine.parquet")
    failing = _failing(pq.read_table(out / "failures.parquet"), quarantine)
    shown = {row_id for ids in failing.values() for row_id in ids[:EXAMPLES]}
    lines = _lines(out, quarantine, shown)
    cells = _cells(planned, {key: ids[:EXAMPLES] for key, ids in failing.items()})
    found = [_group(key, ids, planned, rows, lines, cells) for key, ids in failing.items()]
    return tuple(sorted(found, key=lambda group: (not group.beyond, -group.rows, group.key)))


def _group(key: str, ids: Sequence[int], planned: Plan, rows: int, lines: Mapping[int, int], cells: Mapping[tuple[str, int], str]) -> Group:
    fields, name = planned.feed.table.fields, key.partition(":")[0]
    examples = tuple(Example(planned.files[n >> SHIFT].name, lines.get(n, 0), cells.get((name, n))) for n in ids[:EXAMPLES])
    tolerated = fields[name].tolerated if name in fields else Limits().quarantine_share
    return Group(key, len(ids), len(ids) / max(rows, 1), tolerated, examples, _headers(planned.feed, name))


def _headers(feed: FeedSpec, name: str) -> tuple[str, ...]:
    return feed.all_columns[name].headers if name in feed.all_columns else ()


def _failing(failures: pa.Table, quarantine: pa.Table) -> dict[str, list[int]]:
    """Row ids by what fails there, each once: failed checks, and the reasons of the quarantine."""
    keys = pc.binary_join_element_wise(failures.column("field"), failures.column("rule"), ":")
    pairs = pa.table({"key": keys, "row_id": failures.column("row_id")})
    reasons = quarantine.column("reasons").combine_chunks()
    parents = quarantine.column("row_id").combine_chunks().take(pc.list_parent_indices(reasons))
    both = pa.concat_tables([pairs, pa.table({"key": pc.list_flatten(reasons), "row_id": parents})])
    once = both.group_by(["key", "row_id"]).aggregate([]).sort_by([("key", "ascending"), ("row_id", "ascending")])
    if not once.num_rows:
        return {}
    found: dict[str, list[int]] = {}
    starts: list[int] = np.flatnonzero(np.append(True, _differs(once.column("key")))).tolist()
    ids = once.column("row_id").to_numpy()
    for start, end in zip(starts, [*starts[1:], once.num_rows], strict=True):
        found[once.column("key")[start].as_py()] = ids[start:end].tolist()
    return found


def _differs(keys: pa.ChunkedArray) -> Any:
    one = keys.combine_chunks()
    return pc.not_equal(one.slice(1), one.slice(0, len(one) - 1)).to_numpy(zero_copy_only=False)


def _lines(out: Path, quarantine: pa.Table, wanted: Iterable[int]) -> dict[int, int]:
    """The line of some rows, quarantined or accepted, as the client's file shows it."""
    ids = pa.array(sorted(wanted), pa.int64())
    found: dict[int, int] = {}
    accepted = (pq.read_table(path, columns=["row_id", "line"]) for path in sorted((out / "rows").glob("*.parquet")))
    for table in (quarantine.select(["row_id", "line"]), *accepted):
        there = table.filter(pc.is_in(table.column("row_id"), value_set=ids))
        found |= dict(zip(there.column("row_id").to_pylist(), there.column("line").to_pylist(), strict=True))
    return found


def _cells(planned: Plan, firsts: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], str]:
    """Shapes of the cells that fail, by field and row id, of the rows that are shown."""
    wanted = sorted(
        {(key.partition(":")[0], n) for key, ids in firsts.items() for n in ids if _headers(planned.feed, key.partition(":")[0])}
    )
    found: dict[tuple[str, int], str] = {}
    for file in planned.files:
        of_file = [(name, n) for name, n in wanted if n >> SHIFT == file.number]
        if of_file:
            found |= _cells_of(planned.feed, file, of_file)
    return found


def _cells_of(feed: FeedSpec, file: GivenFile, wanted: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    source = opened(file.path, file.name)
    reading, blocks = read_for(feed, source, hints(feed), BLOCK_ROWS)
    reading, blocks, _ = with_sheets(source, reading, blocks, feed)
    columns = fit(reading.header, feed, Place(client=feed.client, feed=feed.feed, file=file.name)).columns
    return {pair: text for block in blocks for pair, text in _in_block(block, feed, columns, wanted)}


def _in_block(
    block: Block, feed: FeedSpec, columns: Mapping[str, str], wanted: Sequence[tuple[str, int]]
) -> Iterator[tuple[tuple[str, int], str]]:
    for name, row_id in wanted:
        place = np.flatnonzero(block.record == row_id & ((1 << SHIFT) - 1))
        headers = [columns[header] for header in _headers(feed, name) if header in columns]
        if len(place) and headers:
            cells, _ = source_column(block.table.slice(int(place[0]), 1), None, headers, feed.all_columns[name].join)
            yield (name, row_id), shape(cells[0].as_py() or "")
