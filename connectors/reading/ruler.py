"""Where the columns of a fixed-width file are: between character columns that are blank in every line."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from connectors.reading.block import Whole, runs

FIRST, LAST = 5, 3
"""Lines at the beginning and at the end that say nothing about columns: titles, headers, totals."""
SHORT = 40
"""Lines below which only the first says nothing."""
FEWEST = 5
"""Lines from which columns are inferred."""
CROSSING = 0.002
"""The share of lines that may hold something between two columns; they are no rows."""
EVEN = 0.95
"""The share of lines of one length from which shorter ones are no rows."""
LONGEST = 20_000
"""Characters of a line at most."""


@dataclass(frozen=True)
class Ruler:
    """How lines are cut.

    Parameters
    ----------
    cuts : tuple of int
        Where columns begin, without the first, which begins at 0.
    width : int
        Characters up to which lines may hold something; 0 for no limit.
    least : int
        Characters that a line has at least.
    blank : bool
        Whether the character at each cut is blank in every row.
    """

    cuts: tuple[int, ...]
    width: int = 0
    least: int = 0
    blank: bool = True

    @property
    def spans(self) -> list[tuple[int, int | None]]:
        """Start and end of each column."""
        return list(zip((0, *self.cuts), (*self.cuts, self.width or None), strict=True))

    def fits(self, line: str) -> bool:
        """Whether a line can be a row.

        Examples
        --------
        >>> [Ruler((3,)).fits(line) for line in ("abc def", "abcdefg", "a")]
        [True, False, True]
        """
        crossed = self.blank and any(line[cut : cut + 1].strip() for cut in self.cuts)
        beyond = self.width and line[self.width :].strip()
        return not crossed and not beyond and len(line) >= self.least

    def cells(self, line: str) -> list[str]:
        """A line's cells; of a line that cannot be a row, its words, or what wide gaps part.

        Examples
        --------
        >>> Ruler((3,)).cells("abc def"), Ruler((3,)).cells("customer  name")
        (['abc', 'def'], ['customer', 'name'])
        """
        if self.fits(line):
            return [line[first:last].strip() for first, last in self.spans]
        words = line.split()
        return words if len(words) == len(self.cuts) + 1 else [part for part in line.strip().split("  ") if part.strip()]


def given(widths: Sequence[int]) -> Ruler:
    """The ruler that a connector gives.

    Examples
    --------
    >>> given((1, 3, 2)).spans
    [(0, 1), (1, 4), (4, 6)]
    """
    ends = np.cumsum(widths).tolist()
    return Ruler(tuple(ends[:-1]), ends[-1], 0, False)


class Profile:
    """How many lines hold something at each character, over all lines seen."""

    def __init__(self) -> None:
        self.filled: Whole = np.zeros(0, np.int64)
        self.lengths: Counter[int] = Counter()
        self.first: list[str] = []
        self.last: deque[str] = deque(maxlen=LAST)
        self.lines = 0

    def add(self, lines: Sequence[str]) -> None:
        """Count lines; blank ones say nothing."""
        told = [line for line in lines if line.strip()]
        self.lines += len(told)
        self.lengths.update(map(len, told))
        self.first += told[: FIRST - len(self.first)]
        self.last.extend(told[-LAST:])
        for many in _alike(told):
            self._count(filled(many), 1)

    def _count(self, counts: Whole, sign: int) -> None:
        if len(counts) > len(self.filled):
            self.filled = np.concatenate([self.filled, np.zeros(len(counts) - len(self.filled), np.int64)])
        self.filled[: len(counts)] += sign * counts

    def ruler(self) -> Ruler | None:
        """The columns of most lines; None where there are less than two."""
        short = self.lines < SHORT
        left_out = self.first[:1] if short else [*self.first, *self.last]
        for line in left_out:
            self._count(filled([line]), -1)
        found = columns(self.filled, self.lines - len(left_out))
        for line in left_out:
            self._count(filled([line]), 1)
        if self.lines - len(left_out) < FEWEST or len(found) < 2:
            return None
        usual, count = self.lengths.most_common(1)[0]
        even = count >= EVEN * self.lines
        return Ruler(_cuts(found, self.filled), usual if even else 0, usual if even else 0)


def _alike(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """Stretches of lines, cut so that no table of them is large."""
    first, widest = 0, 0
    for i, line in enumerate(lines):
        widest = max(widest, len(line))
        if (i + 1 - first) * widest > 4_000_000 and i > first:
            yield lines[first:i]
            first, widest = i, len(line)
    if first < len(lines):
        yield lines[first:]


def table(lines: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Lines as rows of characters, short ones filled up with blanks."""
    width = max(map(len, lines))
    codes = np.frombuffer("".join(line.ljust(width) for line in lines).encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes.reshape(len(lines), width)


def filled(lines: Sequence[str]) -> Whole:
    """By character, how many lines hold something.

    Examples
    --------
    >>> filled(["ab c", "a  d"]).tolist()
    [2, 1, 0, 2]
    """
    return np.asarray(np.count_nonzero(table(lines) > 32, axis=0), np.int64)


def columns(counts: Whole, lines: int) -> list[tuple[int, int]]:
    """Stretches of characters that are filled in more than a few lines.

    Examples
    --------
    >>> columns(np.array([9, 9, 0, 0, 3, 9]), 9)
    [(0, 2), (4, 6)]
    """
    return runs(counts > int(CROSSING * lines))


def _cuts(found: Sequence[tuple[int, int]], counts: Whole) -> tuple[int, ...]:
    """Where the next column begins: at the last blank before it, or where the fewest lines hold something."""
    cuts = []
    for (_, end), (start, _) in pairwise(found):
        gap = counts[end:start]
        cuts.append(end + int(np.flatnonzero(gap == gap.min())[-1]))
    return tuple(cuts)
