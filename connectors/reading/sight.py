"""What a look into a workbook's file tells of one sheet beside its values."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.reading.number_format import Codes, Rows

Span = tuple[int, int]
"""First and last row, or column, counted from 1."""
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column of a merged range, counted from 0."""
PLACES = 5
"""Cells that are named at most."""
RANGES = 2000
"""Merged ranges that are told one by one at most."""


@dataclass(frozen=True)
class SheetSight:
    """What the markup of a sheet says.

    Parameters
    ----------
    cells : int
        Cells written down, blank formatted ones too.
    bottom, right : int
        Last row with a cell, and last column with one if beyond 26 (26 otherwise), counted from 1.
    unstored : mapping of str to int
        Formulas without a stored value, by column letters.
    gaps : mapping of int to array of int
        Rows of such formulas by column, both from 1.
    places : tuple of str
        Where the first of them are, such as ``C5``.
    errors : int
        Cells that show an error such as #N/A; readers take them for blank.
    hidden_rows, hidden_columns : tuple of (int, int)
        First and last of each hidden range, counted from 1.
    merged : int
        Merged ranges.
    ranges : tuple of Range
        Some of them, from above; of xlsb and ods only, the child tells those of the others.
    filtered : bool
        Whether a filter is set, which hides rows.
    codes : Codes
        Cells that show a number as a code, filled up with zeros.
    """

    cells: int = 0
    bottom: int = 0
    right: int = 26
    unstored: Counter[str] = field(default_factory=Counter)
    gaps: Mapping[int, Rows] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    errors: int = 0
    hidden_rows: tuple[Span, ...] = ()
    hidden_columns: tuple[Span, ...] = ()
    merged: int = 0
    ranges: tuple[Range, ...] = ()
    filtered: bool = False
    codes: Codes = field(default_factory=dict)

    @property
    def area(self) -> int:
        """Cells of the rectangle that holds all."""
        return self.bottom * self.right


@dataclass
class Growing:
    """A sheet's sight as it is being looked at."""

    cells: int = 0
    bottom: int = 0
    right: int = 0
    unstored: Counter[str] = field(default_factory=Counter)
    gaps: dict[int, Rows] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    errors: int = 0
    hidden_rows: list[Span] = field(default_factory=list)
    hidden_columns: list[Span] = field(default_factory=list)
    merged: int = 0
    ranges: list[Range] = field(default_factory=list)
    filtered: bool = False
    codes: Codes = field(default_factory=dict)

    def span(self, row: int, column: int) -> None:
        """A cell there, counted from 1."""
        self.bottom, self.right = max(self.bottom, row), max(self.right, column)

    def without_value(self, letters: str, row: int) -> None:
        """A formula there without a stored value."""
        self.unstored[letters] += 1
        self.gaps.setdefault(column_number(letters), array("i")).append(row)
        if len(self.places) < PLACES:
            self.places.append(f"{letters}{row}")

    def merge(self, one: Range) -> None:
        """A merged range, told where it is among the first."""
        self.merged += 1
        if len(self.ranges) < RANGES:
            self.ranges.append(one)

    def hide_rows(self, first: int, last: int) -> None:
        """Hidden rows, counted from 1."""
        _join(self.hidden_rows, first, last)

    def hide_columns(self, first: int, last: int) -> None:
        """Hidden columns, counted from 1."""
        _join(self.hidden_columns, first, last)

    def done(self) -> SheetSight:
        """What was seen.

        Examples
        --------
        >>> growing = Growing()
        >>> [growing.hide_rows(row, row) for row in (3, 4, 9)] and growing.done().hidden_rows
        ((3, 4), (9, 9))
        """
        return SheetSight(
            self.cells, self.bottom, self.right, self.unstored, self.gaps, tuple(self.places), self.errors, tuple(self.hidden_rows),
            tuple(self.hidden_columns), self.merged, tuple(sorted(self.ranges)), self.filtered, self.codes,
        )  # fmt: skip


def _join(spans: list[Span], first: int, last: int) -> None:
    """Put a stretch to the others; one with the last where it goes on."""
    if spans and spans[-1][1] + 1 == first:
        spans[-1] = (spans[-1][0], last)
    else:
        spans.append((first, last))


def column_letters(number: int) -> str:
    """Name of a column counted from 1, as Excel gives it.

    Examples
    --------
    >>> [column_letters(number) for number in (1, 26, 27, 16384)]
    ['A', 'Z', 'AA', 'XFD']
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Number of a column as Excel names it.

    Examples
    --------
    >>> [column_number(letters) for letters in ("A", "Z", "AA", "XFD")]
    [1, 26, 27, 16384]
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
