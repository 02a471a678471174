"""The tables that are spoken of, read by the reader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from connectors.reading.block import Block
from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read
from tests.connectors.proposing.truth import Entry


def block(entry: Entry, shared: Path, rows: int | None = None) -> Block:
    """The first stretch of a table, at most so many rows."""
    hints = ReadingHints(sheet=entry.sheet, widths=entry.widths)
    first = next(iter(read(shared / "data" / entry.path, hints)[1]))
    return first if rows is None else cut(first, rows)


def cut(whole: Block, rows: int) -> Block:
    """Its first rows."""
    kinds = None if whole.kinds is None else {name: cells[:rows] for name, cells in whole.kinds.items()}
    return replace(whole, table=whole.table.slice(0, rows), record=whole.record[:rows], line=whole.line[:rows], kinds=kinds)


def renamed(whole: Block, names: dict[str, str], order: list[str]) -> Block:
    """Other headers, in another order; `names` has one for each column."""
    kinds = None if whole.kinds is None else {names[name]: cells for name, cells in whole.kinds.items() if name in names}
    table = whole.table.select(order)
    return replace(whole, table=table.rename_columns([names[name] for name in order]), kinds=kinds)
