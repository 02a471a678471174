"""Where the table of a sheet or file begins: preamble, header, and what the columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from connectors.reading.block import unique_names
from connectors.reading.decision import Decision
from contracts.errors import Place, SourceError

DEEPEST = 100
"""Records among which a header is looked for."""

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?[-+]?\d[\d.,'’\u00a0 ]*(?:[eE][-+]?\d+)?\s?[%€$£¥)]?")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T ]\d{1,2}:\d{2}.*)?|\d{1,2}:\d{2}(?::\d{2})?|\d{1,2}[- ]\w{3}[- ]\d{2,4}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Layout:
    """How the records of a table are laid out.

    Parameters
    ----------
    header : int or None
        Index of the header record, counted from 0; None for a table without one.
    names : tuple of str
        Column names, unique, one per column of the table.
    width : int
        Fields of a proper record; more than names when unnamed columns at the end hold nothing.
    usual : float
        Filled cells of an ordinary row.
    decisions : mapping of str to Decision
        header_row, preamble, columns.
    """

    header: int | None
    names: tuple[str, ...]
    width: int
    usual: float
    decisions: dict[str, Decision]

    @property
    def first(self) -> int:
        """Index of the first record behind the header."""
        return 0 if self.header is None else self.header + 1


def decide(rows: Sequence[Sequence[str]], lines: Sequence[int], width: int, given: int | None, place: Place) -> Layout:
    """The layout, from the first records of a file.

    Parameters
    ----------
    rows : sequence of sequences of str
        Cells of the first records.
    lines : sequence of int
        The line (sheet row) on which each starts, from 1.
    width : int
        Fields of most records.
    given : int, optional
        `ReadingHints.header_row`.
    place : Place
        For errors.

    Raises
    ------
    SourceError
        HEADER-MISSING when the connector names a line that is not there; HEADER-NARROW when rows hold more values than the header has
        names; SOURCE-EMPTY when there is nothing but blank records.

    Examples
    --------
    >>> layout = decide([["Export"], ["id", "name"], ["1", "Ute"], ["2", "Max"]], [1, 2, 3, 4], 2, None, Place())
    >>> layout.header, layout.names
    (1, ('id', 'name'))
    """
    usual = _usual(rows, width)
    if not usual:
        raise SourceError("SOURCE-EMPTY", "there are no records but blank ones", place=place, hint="ask for the file again")
    header, decision = _header(rows, width, usual) if given is None else _given(lines, given, place)
    if header is None:
        names = unique_names([""] * width)
        return Layout(None, names, width, usual, _decisions(decision, lines, None, names, names))
    cells = list(rows[header])
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    below = [row for row in rows[header + 1 :] if any(c.strip() for c in row)]
    width = _fitting(cells, below, width, place, lines[header])
    if len(cells) < width:
        _refuse_narrow(cells, below, width, place, lines[header])
    names = unique_names(cells)
    return Layout(header, names, width, usual, _decisions(decision, lines, header, names, cells))


def _decisions(
    header: Decision, lines: Sequence[int], index: int | None, names: Sequence[str], cells: Sequence[str]
) -> dict[str, Decision]:
    before = 0 if index is None else index
    header = header if index is None or header.given else replace(header, value=lines[index])
    return {
        "header_row": header,
        "preamble": Decision(before, f"{before} records above the header", header.confidence, header.given),
        "columns": of_columns(cells if index is not None else [""] * len(names), header.confidence),
    }


def of_columns(cells: Sequence[str], confidence: float) -> Decision:
    """The decision on columns, from the cells of the header.

    Examples
    --------
    >>> of_columns(["id", "", "id"], 0.9).evidence
    '3 columns; 1 without a name, called by their position; 1 repeated names numbered'
    """
    unnamed = sum(not cell.strip() for cell in cells)
    repeated = len(cells) - len({" ".join(c.split()) for c in cells if c.strip()}) - unnamed
    notes = [
        f"{n} {what}" for n, what in ((unnamed, "without a name, called by their position"), (repeated, "repeated names numbered")) if n
    ]
    return Decision(len(cells), "; ".join([f"{len(cells)} columns", *notes]), confidence)


def _given(lines: Sequence[int], given: int, place: Place) -> tuple[int | None, Decision]:
    if given == 0:
        return None, Decision.told(0)
    if given not in lines:
        raise SourceError(
            "HEADER-MISSING", f"no record starts on line {given}, where the connector says the header is", place=place,
            hint="correct reading.header_row, or leave it out",
        )  # fmt: skip
    return list(lines).index(given), Decision.told(given)


def _fitting(cells: Sequence[str], below: Sequence[Sequence[str]], width: int, place: Place, line: int) -> int:
    """The width that rows really have: that of the sample's majority, or the header's where rows below go with it."""
    if len(cells) == width or not below:
        return len(cells) if not below else width
    same = sum(len(row) == len(cells) for row in below)
    if same >= sum(len(row) == width for row in below):
        return len(cells)
    if len(cells) > width:
        raise SourceError(
            "HEADER-WIDE", "the header has more names than the rows have values", place=replace(place, line=line),
            found=f"{width} values", expected=f"{len(cells)} names",
            hint="name the header's line in reading.header_row, or ask for a file whose header fits",
        )  # fmt: skip
    return width


def _refuse_narrow(cells: Sequence[str], below: Sequence[Sequence[str]], width: int, place: Place, line: int) -> None:
    """Values without a name at the end would shift columns or vanish; empty ones may."""
    beyond = sum(any(cell.strip() for cell in row[len(cells) :]) for row in below if len(row) == width)
    if beyond > 0.1 * len(below):
        raise SourceError(
            "HEADER-NARROW", "the rows have more values than the header has names", place=replace(place, line=line),
            found=f"{width} values", expected=f"{len(cells)} names",
            hint="name the header's line in reading.header_row (0 for none), or ask for a file whose header fits",
        )  # fmt: skip


def _usual(rows: Sequence[Sequence[str]], width: int) -> float:
    counts = [filled for row in rows if len(row) == width and (filled := sum(bool(cell.strip()) for cell in row))]
    counts = counts or [filled for row in rows if (filled := sum(bool(cell.strip()) for cell in row))]
    return float(median(counts)) if counts else 0.0


def _header(rows: Sequence[Sequence[str]], width: int, usual: float) -> tuple[int | None, Decision]:
    """The first row that is filled like a whole row, unless it looks like the rows below it."""
    least = max(min(2, width), 0.6 * usual)
    for index, row in enumerate(rows[:DEEPEST]):
        filled = sum(bool(cell.strip()) for cell in row)
        if filled < least or not (width * 0.6 <= len(row)):
            continue
        index = _fuller(rows, index, width)
        return _judged(index, rows[index], _below(rows, index, width))
    return None, Decision(0, "no row is filled like a header; columns are called by their position", 0.4)


def _below(rows: Sequence[Sequence[str]], index: int, width: int) -> list[Sequence[str]]:
    return [row for row in rows[index + 1 :] if len(row) == width and any(cell.strip() for cell in row)]


def _fuller(rows: Sequence[Sequence[str]], index: int, width: int) -> int:
    """The fullest row of names before values begin: what stands above it is a remark spread over cells."""
    best, most = index, sum(bool(cell.strip()) for cell in rows[index])
    for later, row in enumerate(rows[index + 1 : index + 10], index + 1):
        if any(_value(cell) for cell in row if cell.strip()):
            break
        filled = sum(bool(cell.strip()) for cell in row)
        if filled > most and len(row) == width:
            unlike, like = contrast(row, _below(rows, later, width))
            best, most = (later, filled) if unlike > like else (best, most)
    return best


def _judged(index: int, row: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[int | None, Decision]:
    unlike, like = contrast(row, below)
    texts = [cell.strip() for cell in row if cell.strip()]
    if like > unlike:
        return None, Decision(0, f"the first full row is like the rows below in {like} columns: no header", 0.8)
    if unlike:
        return index, Decision(
            index + 1, f"first full row; names above values of another type in {unlike} columns", min(0.99, 0.8 + 0.05 * unlike)
        )
    if len(set(texts)) == len(texts) and not any(map(_value, texts)):
        return index, Decision(index + 1, "first full row; all cells differ and none is a value", 0.7)
    return (
        (None, Decision(0, "the first full row holds values: no header", 0.6))
        if below
        else (index, Decision(index + 1, "the only full row", 0.5))
    )


def contrast(row: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Columns in which a row's cell is of another type than those below, and columns in which it is of the same.

    Examples
    --------
    >>> contrast(["id", "day", "who"], [["1", "2024-01-02", "Ute"], ["2", "2024-01-03", "Max"]])
    (2, 0)
    """
    unlike = like = 0
    for j, cell in enumerate(row):
        cells = [r[j] for r in below[:200] if j < len(r) and r[j].strip()]
        if not cells or not cell.strip():
            continue
        kind, count = Counter(map(_type, cells)).most_common(1)[0]
        if kind != "text":
            same = _type(cell) == kind and count >= 0.7 * len(cells)
            # A year above numbers that are no years is a name.
            same = same and not (
                _YEAR.fullmatch(cell.strip()) and sum(_YEAR.fullmatch(c.strip()) is not None for c in cells) < 0.5 * len(cells)
            )
            unlike, like = unlike + (not same and count >= 0.7 * len(cells) and _type(cell) == "text"), like + same
        elif len(cells) > 2 and cells.count(cell) > 0 and len(set(cells)) < 0.7 * len(cells):
            like += 1  # a category that recurs below
    return unlike, like


def _type(cell: str) -> str:
    cell = cell.strip()
    if _DATE.fullmatch(cell):
        return "date"
    if _NUMBER.fullmatch(cell):
        return "number"
    return "mail" if _MAIL.fullmatch(cell) else "text"


def _value(cell: str) -> bool:
    return _type(cell) != "text" and _YEAR.fullmatch(cell) is None
