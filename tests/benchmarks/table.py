"""Rows of the benchmarks' table: what was measured, and whether it is within its limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Series:
    """One figure of one command, over its runs.

    Parameters
    ----------
    name : str
    values : tuple of float
    unit : str
        ``s`` or ``MiB``.
    """

    name: str
    values: tuple[float, ...]
    unit: str

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.values)

    def cells(self) -> list[str]:
        """For the table: name, minimum, median, maximum, unit."""
        digits = 2 if self.unit == "s" else 0
        return [self.name, *(f"{value:,.{digits}f}" for value in (min(self.values), self.middle, max(self.values))), self.unit]


@dataclass(frozen=True)
class Claim:
    """A number that must not be passed.

    Parameters
    ----------
    text : str
        What is held against what.
    value, limit : float
    unit : str
        Empty for a ratio.
    """

    text: str
    value: float
    limit: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        """Whether it is kept."""
        return self.value <= self.limit

    def cells(self) -> list[str]:
        """For the table."""
        digits, unit = (0, f" {self.unit}") if self.unit == "MiB" else (2, f" {self.unit}" if self.unit else "")
        return [self.text, f"{self.value:,.{digits}f}{unit}", f"{self.limit:,.{digits}f}{unit}", "holds" if self.holds else "**broken**"]


@dataclass(frozen=True)
class Report:
    """What one benchmark found."""

    series: tuple[Series, ...]
    claims: tuple[Claim, ...]


def ratio(text: str, above: Series, below: Series, limit: float) -> Claim:
    """The medians of two figures of one run, the first over the second."""
    return Claim(text, above.middle / below.middle, limit)


def at_most(text: str, found: Series, limit: float) -> Claim:
    """A median and its limit."""
    return Claim(text, found.middle, limit, found.unit)


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown.

    Examples
    --------
    >>> print(markdown(["what", "s"], [["intake", "6.1"]]))
    | what | s |
    | --- | --- |
    | intake | 6.1 |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
