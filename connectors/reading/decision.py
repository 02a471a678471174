"""What was decided about a file, and what a connector may give instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Decision:
    """One decision about a file.

    Parameters
    ----------
    value : str, int, float, bool or None
        What was decided.
    evidence : str
        Why, in words for people; counts and positions, never a cell.
    confidence : float
        Between 0 and 1; 1 where given or proved.
    given : bool
        True when the connector says so and nothing was detected.

    Examples
    --------
    >>> Decision(";", "20 columns in 99 % of 500 records", 0.98).as_dict()["value"]
    ';'
    """

    value: str | int | float | bool | None
    evidence: str
    confidence: float
    given: bool = False

    @classmethod
    def told(cls, value: str | int | float | bool | None) -> Decision:
        """A decision that the connector made."""
        return cls(value, "given by the connector", 1.0, True)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)


@dataclass(frozen=True)
class ReadingHints:
    """What a connector may say about a file; None is found out.

    Parameters
    ----------
    encoding : str, optional
        As Python names it.
    delimiter : str, optional
        One or several characters.
    quote, escape : str, optional
        One character each; ``""`` for a file without quoting or escaping.
    widths : tuple of int
        Characters of each column of a fixed-width file; empty to find out.
    path : str, optional
        Of JSON: where its rows are, as ``data.customers``. A list within each row may be named, as ``lines`` or ``data.orders.lines``: then
        each of its elements is a row, beside it the cells around the list.
    sheet : str, optional
        Name of the sheet of a workbook.
    table : int, optional
        Which of several tables in the file or sheet, counted from 1.
    header_row : int, optional
        Line (workbooks: sheet row) of the header as an editor shows it, counted from 1; 0 for a file without a header.
    header_rows : int, optional
        Records that the header takes, from `header_row` on.
    total_words : tuple of str
        Words that mark a totals row, beside those known.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    widths: tuple[int, ...] = ()
    path: str | None = None
    sheet: str | None = None
    table: int | None = None
    header_row: int | None = None
    header_rows: int | None = None
    total_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What a file is taken for.

    Parameters
    ----------
    kind : str
        ``delimited``, ``fixed``, ``workbook``, ``json`` or ``parquet``.
    decisions : mapping of str to Decision
        By name, those that the kind has: encoding, delimiter, quote, record_ends, sheet, header_row, preamble, columns; of fixed width
        widths; of JSON shape, path and lists, header_row where rows are arrays; of Parquet rows; of a workbook also what its cells do not
        say, where it is there: formulas, codes, errors, hidden, merged, extras (see `notes`).
    header : tuple of str
        Column names of the blocks' tables: trimmed, unique, ``column 17`` where the file has none.
    sheet : str, optional
        The sheet read.
    filed : tuple of str
        The names as the file has them: empty where there is none, repeated where it repeats them. Empty without a header.
    """

    kind: str
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    sheet: str | None = None
    filed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        decisions = {name: decision.as_dict() for name, decision in self.decisions.items()}
        return {"kind": self.kind, "sheet": self.sheet, "header": list(self.header), "decisions": decisions}
