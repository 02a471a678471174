"""One file's score as the Pollock benchmark gives it: success, and precision, recall, F1 of header, records and cells; 10 at most.

Truth and what was read are both rows of text, the header row first (a file without a header has its first data row there).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Rows = Sequence[Sequence[str]]
Triple = tuple[float, float, float]

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class Score:
    """What one file got.

    Parameters
    ----------
    success : float
        1 where the file was read.
    header, records, cells : tuple of three floats
        Precision (hits of those in the truth), recall (hits of those read), F1.
    """

    success: float
    header: Triple
    records: Triple
    cells: Triple

    @property
    def f1(self) -> Triple:
        """F1 of header, records and cells."""
        return self.header[2], self.records[2], self.cells[2]

    @property
    def total(self) -> float:
        """The simple score: the sum of the ten."""
        return self.success + sum(self.header) + sum(self.records) + sum(self.cells)


REFUSED = Score(0.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
"""A file that was not read."""


def score(truth: Rows, read: Rows) -> Score:
    """Compare what was read with the truth.

    Examples
    --------
    >>> score([["id", "pay"], ["1", "2.50"]], [["ID", "pay"], ["1", "2.5"]])
    Score(success=1.0, header=(1.0, 1.0, 1.0), records=(1.0, 1.0, 1.0), cells=(0.5, 0.5, 0.5))
    >>> score([], [["anything"]]).total
    10.0
    """
    header = _hits(map(normal, _first(truth)), map(normal, _first(read)))
    records = _hits(map(_record, truth[1:]), map(_record, read[1:]))
    return Score(1.0, header, records, _hits(_cells(truth), _cells(read)))


def normal(cell: str) -> str:
    """A cell of a header or record as it is compared: in lower case, a number by its value.

    Examples
    --------
    >>> normal("Name"), normal("2.50"), normal("2.5"), normal("007"), normal("1e5")
    ('name', '2.5', '2.5', '7.0', '1e5')
    """
    return str(float(cell)) if len(cell) < 16 and NUMBER.fullmatch(cell) else cell.lower()


def _first(rows: Rows) -> Sequence[str]:
    return rows[0] if rows else ()


def _record(row: Sequence[str]) -> str:
    return "".join(map(normal, row))


def _cells(rows: Rows) -> Iterable[str]:
    return (cell for row in rows for cell in row)


def _hits(truth: Iterable[str], read: Iterable[str]) -> Triple:
    wanted, found = Counter(truth), Counter(read)
    hits = (wanted & found).total()
    if not wanted:
        return 1.0, 1.0, 1.0
    if not hits:
        return 0.0, 0.0, 0.0
    precision, recall = hits / wanted.total(), hits / found.total()
    return precision, recall, 2 * precision * recall / (precision + recall)
