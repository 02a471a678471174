"""Files for readers: written for one test, and read to the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from connectors.reading import workbook
from connectors.reading.block import Block
from connectors.reading.decision import Reading, ReadingHints
from connectors.reading.reading import read
from contracts.errors import SourceError


@dataclass(frozen=True)
class Taken:
    """A file read to its end."""

    reading: Reading
    blocks: list[Block]

    @property
    def rows(self) -> list[dict[str, str | None]]:
        """All rows."""
        return [row for block in self.blocks for row in block.table.to_pylist()]

    @property
    def line(self) -> list[int]:
        """The line of each row."""
        return [line for block in self.blocks for line in block.line.tolist()]

    @property
    def aside(self) -> list[tuple[int, int, str, str]]:
        """Record, line, reason and text of each record that is no row."""
        return [tuple(row.values()) for block in self.blocks for row in block.aside.to_pylist()]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Line and reason of each record that is no row, in order."""
        return [(line, reason) for _, line, reason, _ in sorted(self.aside)]

    @property
    def records(self) -> list[int]:
        """Numbers of all records, rows or not, in order."""
        return sorted([r for block in self.blocks for r in block.record.tolist()] + [record for record, *_ in self.aside])


def attempt(call: Callable[[], tuple[Reading, Iterator[Block]]]) -> Taken | SourceError:
    """A file read to its end, or why it was refused."""
    try:
        reading, blocks = call()
        return Taken(reading, list(blocks))
    except SourceError as error:
        return error


Writer = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write bytes or text under a name."""

    def write_file(content: bytes | str, name: str = "kunden.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


Taker = Callable[..., Taken]


@pytest.fixture
def take(write: Writer) -> Taker:
    """Write content, read it, and check what holds for every file: each record is in one place, and numbers run without gaps."""

    def take_file(content: bytes | str | Path, hints: ReadingHints | None = None, name: str = "kunden.csv", **options: Any) -> Taken:
        path = content if isinstance(content, Path) else write(content, name)
        reading, blocks = read(path, hints, **options)
        taken = Taken(reading, list(blocks))
        assert taken.records == list(range(1, len(taken.records) + 1))
        assert all(block.table.column_names == list(reading.header) for block in taken.blocks)
        return taken

    return take_file


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What one test read is not kept for another."""
    workbook._kept.cache_clear()
