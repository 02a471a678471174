"""The account of a file: how many records became rows, which did not and why, and what the columns hold. Memory stays flat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.reading.block import BAD, Block
from connectors.reading.shapes import shape_counts
from contracts.digest import key_hash
from contracts.errors import Place
from contracts.ledger import Ledger

FIRST_LINES = 5
"""Lines named for each reason."""
SHAPES = 3
"""Shapes named for each column."""
KEPT_SHAPES = 1_000
"""Shapes of a column that are counted on from block to block, the most usual ones."""
MOST_DISTINCT = 16_384
"""Distinct values of a column up to which they are counted exactly; of wide files fewer."""
MEMORY = 64 << 20
"""Bytes for counting distinct values, over all columns."""

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class ColumnFacts:
    """What a column holds; no value of it.

    Parameters
    ----------
    name : str
    filled : float
        Share of the rows in which the cell holds more than white space; 0 without rows.
    distinct : int
        Different filled cells.
    exact : bool
        False where `distinct` is an estimate, about 1 % off.
    shapes : mapping of str to int
        Rows by the shape of the cell, the most usual shapes first (see `shapes`).
    """

    name: str
    filled: float
    distinct: int
    exact: bool
    shapes: Mapping[str, int]


@dataclass(frozen=True)
class Account:
    """What became of each record of a file.

    Parameters
    ----------
    ledger : Ledger
        Records that are rows (accepted), faulty ones (quarantined) and those that are no rows (set aside), by reason.
    first_lines : mapping of str to tuple of int
        By reason, the first lines on which such records begin.
    columns : tuple of ColumnFacts
        Empty where it was not asked for.
    """

    ledger: Ledger
    first_lines: Mapping[str, tuple[int, ...]]
    columns: tuple[ColumnFacts, ...] = ()


def account(blocks: Iterable[Block], names: Sequence[str] = (), place: Place | None = None) -> Account:
    """The account of a stream of blocks.

    Parameters
    ----------
    blocks : iterable of Block
    names : sequence of str
        Columns to look into.
    place : Place, optional
        For errors.

    Raises
    ------
    RunError
        LEDGER-UNBALANCED when records are missing.
    SourceError
        What reading the blocks raises.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from connectors.reading.reading import read
    >>> path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> _ = path.write_text("id;name\\n001;Ute\\n002;\\n\\n003;Max;x\\n")
    >>> reading, blocks = read(path)
    >>> found = account(blocks, reading.header)
    >>> found.ledger, found.first_lines
    (Ledger(accepted=2, quarantined={'ragged': 1}, set_aside={'header': 1, 'blank': 1}), {'header': (1,), 'blank': (4,), 'ragged': (5,)})
    >>> found.columns[1]
    ColumnFacts(name='name', filled=0.5, distinct=1, exact=True, shapes={'Aaa': 1})
    """
    tally = Tally(names)
    for block in blocks:
        tally.add(block)
    return tally.account(place)


class Tally:
    """Counts blocks as they pass.

    Parameters
    ----------
    names : sequence of str
        Columns to look into; none by default.
    """

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._rows = 0
        self._last = 0
        self._reasons: dict[str, int] = {}
        self._lines: dict[str, list[int]] = {}
        most = max(256, min(MOST_DISTINCT, MEMORY // 8 // max(len(names), 1)))
        self._columns = [_Column(name, most) for name in names]

    def add(self, block: Block) -> None:
        """Count a block."""
        self._rows += block.table.num_rows
        numbers = (block.record, block.aside.column("record").to_numpy())
        self._last = max([self._last, *(int(found[-1]) for found in numbers if len(found))])
        self._add_aside(block.aside)
        for column in self._columns:
            column.add(block.table.column(column.name))

    def _add_aside(self, aside: pa.Table) -> None:
        for entry in pc.value_counts(aside.column("reason")).to_pylist():
            reason, lines = entry["values"], self._lines.setdefault(entry["values"], [])
            self._reasons[reason] = self._reasons.get(reason, 0) + entry["counts"]
            if len(lines) < FIRST_LINES:
                found = aside.column("line").filter(pc.equal(aside.column("reason"), reason))
                lines += found.slice(0, FIRST_LINES - len(lines)).to_pylist()

    def account(self, place: Place | None = None) -> Account:
        """What was counted.

        Raises
        ------
        RunError
            LEDGER-UNBALANCED when the last record's number is not the number of records.
        """
        bad = {reason: count for reason, count in self._reasons.items() if reason in BAD}
        aside = {reason: count for reason, count in self._reasons.items() if reason not in BAD}
        ledger = Ledger(self._rows, bad, aside)
        ledger.check(self._last, place)
        lines = {reason: tuple(found) for reason, found in self._lines.items()}
        return Account(ledger, lines, tuple(column.facts(self._rows) for column in self._columns))


@dataclass
class _Column:
    """What is known of a column so far: filled cells, the smallest hashes of its values, its most usual shapes."""

    name: str
    most: int
    filled: int = 0
    smallest: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    shapes: dict[str, int] = field(default_factory=dict)

    def add(self, cells: pa.ChunkedArray) -> None:
        for chunk in cells.chunks:
            there = chunk.drop_null()
            counts = shape_counts(there)
            if any(not shape.strip() for shape in counts):
                there = there.filter(pc.not_equal(pc.utf8_trim_whitespace(there), ""))
            self._add_shapes(counts)
            self._add_hashes(key_hash(there))

    def _add_shapes(self, counts: dict[str, int]) -> None:
        for shape, count in counts.items():
            if shape.strip():
                self.filled += count
                self.shapes[shape] = self.shapes.get(shape, 0) + count
        if len(self.shapes) > KEPT_SHAPES:
            self.shapes = dict(self._usual()[:KEPT_SHAPES])

    def _usual(self) -> list[tuple[str, int]]:
        return sorted(self.shapes.items(), key=lambda item: (-item[1], item[0]))

    def _add_hashes(self, hashes: Hashes) -> None:
        """Keep the smallest: how dense they lie tells how many there are."""
        if len(self.smallest) == self.most:
            hashes = hashes[hashes < self.smallest[-1]]
        self.smallest = np.unique(np.concatenate([self.smallest, hashes]))[: self.most]

    def facts(self, rows: int) -> ColumnFacts:
        exact = len(self.smallest) < self.most
        count = len(self.smallest) if exact else round((self.most - 1) * 2.0**64 / float(self.smallest[-1]))
        return ColumnFacts(self.name, self.filled / rows if rows else 0.0, min(count, self.filled), exact, dict(self._usual()[:SHAPES]))
