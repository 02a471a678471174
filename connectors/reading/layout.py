"""Where the table of a sheet or file begins: preamble, header, and what the columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TypeAlias

from connectors.reading import alignment, header_rows, heading, tables
from connectors.reading.block import named, unique_names
from connectors.reading.decision import Decision, ReadingHints
from connectors.reading.heading import DEEPEST as DEEPEST
from connectors.reading.tables import Table
from contracts.errors import Place, SourceError

SHORT = 8
"""Records of two fields that are names and values above a table, and no table."""
SHIFTED = 0.5
"""Confidence in names of which one had to be found to be missing."""
Spans: TypeAlias = tuple[tuple[int, int | None], ...]
"""First record (from 0) and the one behind the last of each stretch that is not read; None: to the end of the file."""


@dataclass(frozen=True)
class Layout:
    """How the records of a table are laid out.

    Parameters
    ----------
    header : int or None
        Index of the first header record, counted from 0; None for a table without one.
    header_rows : int
        Records of the header; 0 without one.
    names : tuple of str
        Column names, unique, one per column of the table.
    width : int
        Fields of a proper record; more than names when unnamed columns at the end hold nothing.
    usual : float
        Filled cells of an ordinary row.
    decisions : mapping of str to Decision
        header_row, preamble, columns.
    filed : tuple of str
        Names as the header has them; empty without one.
    """

    header: int | None
    header_rows: int
    names: tuple[str, ...]
    width: int
    usual: float
    decisions: dict[str, Decision]
    filed: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """Index of the first record behind the header."""
        return 0 if self.header is None else self.header + self.header_rows


def decide(rows: Sequence[Sequence[str]], lines: Sequence[int], width: int, hints: ReadingHints, place: Place) -> Layout:
    """The layout, from the first records of a file.

    Parameters
    ----------
    rows : sequence of sequences of str
        Cells of the first records.
    lines : sequence of int
        The line (sheet row) on which each starts, from 1.
    width : int
        Fields of most records.
    hints : ReadingHints
        `header_row` and `header_rows` count here.
    place : Place
        For errors.

    Raises
    ------
    SourceError
        HEADER-MISSING when the connector names a line that is not there; HEADER-NARROW when rows hold more values than the header has
        names, HEADER-WIDE when they hold fewer; SOURCE-EMPTY when there is nothing but blank records.

    Examples
    --------
    >>> layout = decide([["Export"], ["id", "name"], ["1", "Ute"], ["2", "Max"]], [1, 2, 3, 4], 2, ReadingHints(), Place())
    >>> layout.header, layout.names
    (1, ('id', 'name'))
    """
    usual = _usual(rows, width)
    if not usual:
        raise SourceError("SOURCE-EMPTY", "there are no records but blank ones", place=place, hint="ask for the file again")
    index, decision = heading.find(rows, width, usual) if hints.header_row is None else _given(lines, hints.header_row, place)
    if index is None:
        names = unique_names([""] * width)
        return Layout(None, 0, names, width, usual, _decisions(decision, lines, None, names, names))
    first, last = _extent(rows, index, width, hints)
    below = [row for row in rows[last + 1 :] if any(c.strip() for c in row)]
    usual = _usual(below, width) or usual
    cells, surplus = _without_surplus(rows[index], below, width)
    width = _fitting(cells, below, width, place, lines[index])
    short = alignment.gap(cells, [row for row in below if len(row) == width]) if len(cells) + 1 == width else None
    if short is not None:
        cells.insert(short.column, "")
    beyond = _beyond(cells, below, width, place, lines[index]) if len(cells) < width else 0
    if first < last:
        cells = header_rows.joined([cells if row is rows[index] else row for row in rows[first : last + 1]], len(cells))
    names = unique_names(cells)
    decisions = _decisions(decision, lines, first, names, cells)
    if first < last:
        decisions["header_rows"] = Decision(last - first + 1, f"{last - first + 1} rows are joined to one name per column", 0.8)
    if surplus:
        decisions["columns"] = _also(decisions["columns"], f"{surplus} more delimiters than values: its empty names left out")
    if short is not None:
        told = f"the header is one name short: column {short.column + 1} has none, {short.why}"
        decisions["columns"] = replace(_also(decisions["columns"], told), confidence=SHIFTED)
    if beyond:
        told = f"the header is {width - len(cells)} short; {beyond} of the first rows have a value beyond it and are no rows"
        decisions["columns"] = replace(_also(decisions["columns"], told), confidence=SHIFTED)
    return Layout(first, last - first + 1, names, width, usual, decisions, tuple(map(named, cells)))


def among(rows: Sequence[Sequence[str]], lines: Sequence[int], width: int, hints: ReadingHints, place: Place) -> tuple[Layout, Spans]:
    """The layout of the table that is read, and the stretches of records that are other tables.

    Parameters
    ----------
    rows, lines, width, hints, place
        As in `decide`.

    Raises
    ------
    SourceError
        As `decide`; TABLE-MISSING.

    Examples
    --------
    >>> rows = [["id", "pay", "day"], ["1", "2", "3"], ["2", "3", "4"], ["who", "age"], ["Ute", "40"], ["Max", "41"]]
    >>> among(rows, [1, 2, 3, 4, 5, 6], 3, ReadingHints(), Place())[1]
    ((3, None),)
    """
    part = parted(rows, lines, width, hints, place)
    own = slice(part.table.first, part.table.last)
    laid = decide(rows[own], lines[own], part.table.width, hints, place)
    part = shut(rows, laid, part)
    return placed(laid, part), part.others


@dataclass(frozen=True)
class Part:
    """The table that is read among those of a file or sheet.

    Parameters
    ----------
    table : Table
    others : Spans
        Stretches that are other tables.
    why : Decision, optional
        Where there are several, or the connector says which.
    """

    table: Table
    others: Spans
    why: Decision | None


def parted(rows: Sequence[Sequence[str]], lines: Sequence[int], width: int, hints: ReadingHints, place: Place) -> Part:
    """Which stretch of the first records is the table that is read.

    Raises
    ------
    SourceError
        TABLE-MISSING.
    """
    whole = [Table(0, len(rows), len(rows), width)]
    found = whole if not rows or (hints.header_row is not None and hints.table is None) else tables.split(rows, width)
    index, why = tables.choose(found, lines, hints.table, place)
    before = tuple((t.first, t.last) for t in found[:index] if _is_table(rows[t.first : t.last], t.width))
    after = ((found[index].last, None),) if index + 1 < len(found) else ()
    others = (*before, *after)
    return Part(found[index], others, why if why and (others or why.given) else None)


def shut(rows: Sequence[Sequence[str]], laid: Layout, part: Part) -> Part:
    """The part with the small tables above its header that have no header themselves."""
    if laid.header is None:
        return part
    found = tables.blocks(rows[: part.table.first + laid.header])
    apart = [(a, b) for a, b in found if all(b <= first or (last is not None and last <= a) for first, last in part.others)]
    return replace(part, others=tuple(sorted([*part.others, *apart], key=lambda span: span[0])))


def placed(laid: Layout, part: Part) -> Layout:
    """A layout of the table's own records as one of all records."""
    header = None if laid.header is None else laid.header + part.table.first
    between = [last - first for first, last in part.others if last is not None and header is not None and last <= header]
    told = laid.decisions["preamble"]
    if not told.given:
        above = 0 if header is None else header - sum(between)
        told = replace(told, value=above, evidence=_counted(above))
    found = {**laid.decisions, "preamble": told} | ({"table": part.why} if part.why else {})
    return replace(laid, header=header, decisions=found)


def _is_table(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Whether what stands above the table that is read is one itself, and no remark or list of names and values over several records."""
    if width < 3 and len(rows) <= SHORT:
        return False
    usual = _usual(rows, width)
    index, why = heading.find(rows, width, usual) if usual else (None, None)
    return index is not None and why is not None and why.confidence >= 0.8 and len(heading.below_of(rows, index, width)) > 1


def _extent(rows: Sequence[Sequence[str]], index: int, width: int, hints: ReadingHints) -> tuple[int, int]:
    if hints.header_rows:
        return index, min(index + hints.header_rows, len(rows)) - 1
    return (index, index) if hints.header_row is not None else header_rows.extent(rows, index, width)


def _without_surplus(row: Sequence[str], below: Sequence[Sequence[str]], width: int) -> tuple[list[str], int]:
    """The header's cells without empty ones at its end, and without those that make it longer than the rows."""
    cells = list(row)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    surplus = len(cells) - width
    fits = sum(len(other) == width for other in below) > 0.5 * len(below)
    if surplus > 0 and fits and sum(not cell.strip() for cell in cells) == surplus:
        return [cell for cell in cells if cell.strip()], surplus
    return cells, 0


def _decisions(
    header: Decision, lines: Sequence[int], index: int | None, names: Sequence[str], cells: Sequence[str]
) -> dict[str, Decision]:
    before = 0 if index is None else index
    header = header if index is None or header.given else replace(header, value=lines[index])
    return {
        "header_row": header,
        "preamble": Decision(before, _counted(before), header.confidence, header.given),
        "columns": of_columns(cells if index is not None else [""] * len(names), header.confidence),
    }


def _also(decision: Decision, told: str) -> Decision:
    return replace(decision, evidence=f"{decision.evidence}; {told}")


def _counted(above: int) -> str:
    return "1 record above the header" if above == 1 else f"{above} records above the header"


def of_columns(cells: Sequence[str], confidence: float) -> Decision:
    """The decision on columns, from the cells of the header.

    Examples
    --------
    >>> of_columns(["id", "", "id"], 0.9).evidence
    '3 columns; 1 without a name, called by position; 1 repeated names numbered'
    """
    unnamed = sum(not cell.strip() for cell in cells)
    repeated = len(cells) - len({" ".join(c.split()) for c in cells if c.strip()}) - unnamed
    notes = [f"{n} {what}" for n, what in ((unnamed, "without a name, called by position"), (repeated, "repeated names numbered")) if n]
    return Decision(len(cells), "; ".join([f"{len(cells)} column{'s' if len(cells) != 1 else ''}", *notes]), confidence)


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
    same, usual = (sum(len(row) == count for row in below) for count in (len(cells), width))
    if same >= usual or (2 * usual < len(below) and 20 * same > len(below)):
        return len(cells)
    if len(cells) > width:
        raise SourceError(
            "HEADER-WIDE", "the header has more names than the rows have values", place=replace(place, line=line),
            found=f"{width} values", expected=f"{len(cells)} names",
            hint="name the header's line in reading.header_row, or ask for a file whose header fits",
        )  # fmt: skip
    return width


def _beyond(cells: Sequence[str], below: Sequence[Sequence[str]], width: int, place: Place, line: int) -> int:
    """How many rows have values without a name at the end; in more than a few they would shift columns or vanish."""
    beyond = sum(any(cell.strip() for cell in row[len(cells) :]) for row in below if len(row) == width)
    if beyond > 0.1 * len(below):
        raise SourceError(
            "HEADER-NARROW", "the rows have more values than the header has names", place=replace(place, line=line),
            found=f"{width} values", expected=f"{len(cells)} names",
            hint="name the header's line in reading.header_row (0 for none), or ask for a file whose header fits",
        )  # fmt: skip
    return beyond


def _usual(rows: Sequence[Sequence[str]], width: int) -> float:
    counts = [filled for row in rows if len(row) == width and (filled := sum(bool(cell.strip()) for cell in row))]
    counts = counts or [filled for row in rows if (filled := sum(bool(cell.strip()) for cell in row))]
    return float(median(counts)) if counts else 0.0
