"""What the reader makes of a file, as rows of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa

from connectors.reading.reading import read
from contracts.errors import SourceError


@dataclass(frozen=True)
class Loaded:
    """A file read to its end.

    Parameters
    ----------
    rows : list of rows
        The header row first, where the file has one.
    records : list of int
        Numbers of all records, rows or not, in order.
    aside : dict of str to int
        Records that are no rows, by reason.
    headed : bool
    filed : list of str
        The names as the file has them; empty without a header.
    refused : str
        The error's code where the file was not read; empty otherwise.
    """

    rows: list[list[str]]
    records: list[int]
    aside: dict[str, int]
    headed: bool
    filed: list[str] = field(default_factory=list)
    refused: str = ""


def load(path: Path) -> Loaded:
    """Read a file without telling anything about it."""
    try:
        reading, blocks = read(path)
        parts = list(blocks)
    except SourceError as error:
        return Loaded([], [], {}, False, refused=error.code)
    decision = reading.decisions.get("header_row")
    headed = decision is None or bool(decision.value)
    rows = [list(reading.header)] if headed else []
    aside: dict[str, int] = {}
    numbers: list[int] = []
    for part in parts:
        rows += _rows(part.table)
        numbers += part.record.tolist() + part.aside.column("record").to_pylist()
        for reason, count in part.reasons().items():
            aside[reason] = aside.get(reason, 0) + count
    return Loaded(rows, sorted(numbers), aside, headed, trimmed(reading.filed))


def trimmed(names: Sequence[str]) -> list[str]:
    """Names without white space around them, and one blank for more of it within."""
    return [" ".join(name.split()) for name in names]


def _rows(table: pa.Table) -> list[list[str]]:
    columns = [column.to_pylist() for column in table.columns]
    return [[cell or "" for cell in row] for row in zip(*columns, strict=True)]


def load_as_filed(path: Path) -> Loaded:
    """The same with names as the file has them."""
    return as_filed(load(path))


def as_filed(loaded: Loaded) -> Loaded:
    """What was read, with names as the file has them."""
    return replace(loaded, rows=[loaded.filed, *loaded.rows[1:]]) if loaded.filed else loaded
