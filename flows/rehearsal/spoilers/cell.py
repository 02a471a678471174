"""The cell that a spoiler gets, and what it gives: the new text, several fields' new texts, or `None` where it cannot be hurt so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Cell:
    """A clean cell in its row.

    Parameters
    ----------
    text : str
        The clean text; never empty.
    field : str
        Contract field.
    row : mapping
        The row's clean texts by field.
    draw : float
        In [0, 1); decides between variants.
    day : datetime.date
        Day of the export.
    """

    text: str
    field: str
    row: Mapping[str, str | None]
    draw: float
    day: date

    def pick(self, count: int) -> int:
        """A whole number below `count`."""
        return int(self.draw * count)


Spoilt = str | dict[str, str] | None
