"""A damaged file and its truth."""

from __future__ import annotations

from dataclasses import dataclass

from tests.connectors.reading.pollock.score import Rows

LAYOUT = "layout"
"""The part of the damages that a reader must find out: delimiters, header rows, stacked tables, preambles, quotes, escapes."""


@dataclass(frozen=True)
class Damaged:
    """One file.

    Parameters
    ----------
    name : str
    kind : str
        The damage, in words; files of one kind are scored together.
    content : bytes
    truth : rows
        The clean table, the header row first.
    weight : float
        How many of a sample of real files have this damage.
    part : str
        `LAYOUT` or another word.
    headed : bool
        False where the truth has no header row.
    lines : int, optional
        Records in the file where each is one line; None where that cannot be said.
    """

    name: str
    kind: str
    content: bytes
    truth: Rows
    weight: float = 1.0
    part: str = ""
    headed: bool = True
    lines: int | None = None
