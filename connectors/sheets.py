"""Other sheets of a workbook, joined to the left of the feed's own sheet before mapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors.mapping import fold
from connectors.parsing import codes
from connectors.reading.block import BAD, BLANK, Block
from connectors.reading.decision import Reading
from connectors.reading.reading import read
from connectors.reading.source import Source
from connectors.spec.feed import FeedSpec, JoinSpec
from contracts.errors import ColumnsError, Place


@dataclass
class Joined:
    """A sheet held in memory, and an account of its rows.

    Parameters
    ----------
    sheet : str
    on, own : str
        Header of the key in the feed's sheet and in this one.
    table, kinds
        Its rows; `names` are the columns it adds.
    place : dict of str to int
        Row of each key that occurs once.
    used : set of int
        Rows that met a key so far.
    facts : dict
        Counts of rows that cannot meet a key.
    """

    sheet: str
    on: str
    own: str
    table: pa.Table
    kinds: dict[str, npt.NDArray[np.uint8]] | None
    names: dict[str, str]
    place: dict[str, int]
    used: set[int]
    facts: dict[str, int]

    def account(self) -> dict[str, Any]:
        """Counts of its rows: used, met by no key, with a repeated or blank key, and its records that are no rows."""
        unmet = len(self.place) - len(self.used)
        return {"sheet": self.sheet, "rows": self.table.num_rows, "used": len(self.used), "met by no row": unmet, **self.facts}

    def add(self, block: Block) -> Block:
        """The block with this sheet's columns; empty cells where no row has the key."""
        keys = codes.parse(_chunk(block.table.column(self.on)), frozenset()).values.to_pylist()
        rows = np.array([self.place.get(key, -1) if key is not None else -1 for key in keys], np.int64)
        self.used.update(rows[rows >= 0].tolist())
        take, gone = pa.array(np.where(rows < 0, 0, rows), mask=rows < 0), rows < 0
        table, kinds = block.table, dict(block.kinds or {})
        for there, name in self.names.items():
            cells = _chunk(self.table.column(there))
            table = table.append_column(name, cells.take(take) if len(cells) else pa.nulls(len(rows), pa.string()))
            if self.kinds is not None:
                kinds[name] = np.where(gone, BLANK, self.kinds[there][np.where(gone, 0, rows)] if len(cells) else BLANK).astype(np.uint8)
        return replace(block, table=table, kinds=kinds or None)


def with_sheets(source: Source, reading: Reading, blocks: Iterator[Block], feed: FeedSpec) -> tuple[Reading, Iterator[Block], list[Joined]]:
    """A feed's sheet with the sheets that its connector joins.

    Raises
    ------
    ColumnsError
        JOIN-KEY where a sheet lacks the key.
    """
    sheets: list[Joined] = []
    for join in feed.joins:
        sheets.append(_load(source, reading, join, feed))
        reading = replace(reading, header=(*reading.header, *sheets[-1].names.values()))
    return reading, (_added(block, sheets) for block in blocks) if sheets else blocks, sheets


def _added(block: Block, sheets: list[Joined]) -> Block:
    for sheet in sheets:
        block = sheet.add(block)
    return block


def _load(source: Source, main: Reading, join: JoinSpec, feed: FeedSpec) -> Joined:
    reading, blocks = read(source, sheet=join.sheet)
    parts = list(blocks)
    on, own = (next((h for h in header if fold(h) == fold(join.on)), None) for header in (main.header, reading.header))
    if on is None or own is None:
        raise ColumnsError(
            "JOIN-KEY", f"{'the sheet to be joined' if own is None else 'the sheet of the feed'} has no column {join.on!r}",
            place=Place(client=feed.client, feed=feed.feed, file=source.name, sheet=join.sheet if own is None else main.sheet),
            hint="correct `on` in the connector's joins",
        )  # fmt: skip
    table = pa.concat_tables([part.table for part in parts]).combine_chunks()
    kinds = (
        {name: np.concatenate([part.kinds[name] for part in parts if part.kinds]) for name in reading.header}
        if parts and parts[0].kinds
        else None
    )
    keys = codes.parse(_chunk(table.column(own)), frozenset()).values.to_pylist()
    place, repeated = _places(keys)
    names = {name: name if name not in main.header else f"{join.sheet}.{name}" for name in reading.header if name != own}
    aside = [reason for part in parts for reason in part.aside.column("reason").to_pylist()]
    facts = {
        "key repeated": repeated, "key blank": sum(key is None for key in keys), "faulty records": sum(r in BAD for r in aside),
        "records that are no rows": sum(r not in BAD for r in aside),
    }  # fmt: skip
    return Joined(join.sheet, on, own, table, kinds, names, place, set(), facts)


def _places(keys: list[str | None]) -> tuple[dict[str, int], int]:
    """Row of each key that occurs once; nothing says which of several rows is right."""
    place: dict[str, int] = {}
    repeated: set[str] = set()
    for row, key in enumerate(keys):
        if key is not None:
            repeated |= {key} if key in place else set()
            place.setdefault(key, row)
    count = sum(key in repeated for key in keys)
    return {key: row for key, row in place.items() if key not in repeated}, count


def _chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() if column.num_chunks else pa.array([], column.type)
