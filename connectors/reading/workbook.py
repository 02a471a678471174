"""A sheet of a workbook as blocks: read by a limited child, then sifted like any other file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process

from connectors.reading import amendment, chaff, guard, layout, limited, merges, notes, tail, totals
from connectors.reading.block import UNSTORED, Block, Kinds, aside_table, kept, unique_names
from connectors.reading.chaff import REASONS, Codes, Sieve
from connectors.reading.decision import Decision, Reading, ReadingHints
from connectors.reading.layout import Layout, Spans
from connectors.reading.limited import Answer
from connectors.reading.sight import Range, SheetSight
from connectors.reading.source import Source
from contracts.errors import Place, SourceError

SAMPLE = layout.DEEPEST + 500
"""Rows from which the layout is decided."""
NAMED = 5
"""Other sheets that are named at most."""
KEPT = 64
"""Rows of a last block at least, so that the end of a sheet is never a block of its own."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook.

    Parameters
    ----------
    name : str
    rows, columns : int
        Last row and last column that hold anything, counted from 1 as a spreadsheet program shows them; 0 for an empty sheet.
    hidden : bool
    """

    name: str
    rows: int
    columns: int
    hidden: bool


@dataclass(frozen=True)
class _Plan:
    """Everything decided about a sheet.

    Parameters
    ----------
    answer : Answer
    layout : Layout
    sieve : Sieve
    columns : tuple of int
        Those of the used area that are the table's; the others are empty below the header and have no name.
    names : tuple of str
        What they are called.
    others : Spans
        Stretches of rows that are other tables.
    """

    answer: Answer
    layout: Layout
    sieve: Sieve
    columns: tuple[int, ...]
    names: tuple[str, ...]
    others: Spans


def sheets(source: Source) -> tuple[Sheet, ...]:
    """The worksheets of a workbook in its order.

    Raises
    ------
    SourceError
        See `reading.read`.
    """
    sight = guard.look(source)
    about = limited.ask(source.path, None, source.place, limited.LIMITS.for_cells(sight.cells, sight.size), listing=True).about
    every = zip(about["sheets"], about["sizes"], about["hidden"], strict=True)
    return tuple(Sheet(name, rows, columns, hidden) for name, (rows, columns), hidden in every)


def cells(source: Source, sheet: str) -> tuple[pa.Table, int, int]:
    """All cells of a sheet as they stand, nothing sifted: text and kind of each column in turn, and where its first row and column are.

    Raises
    ------
    SourceError
        See `reading.read`.
    """
    answer = _answered(source, sheet)
    _chosen(answer, sheet, replace(source.place, sheet=sheet))
    first, left = answer.about["start"]
    return answer.table, first, left


def read(source: Source, hints: ReadingHints, block_rows: int, sheet: str | None) -> tuple[Reading, Iterator[Block]]:
    """What a sheet is, and its blocks.

    A record is a row of the sheet's used area; its line is the row's number in the sheet. Cells keep their kind beside their text.
    A hidden sheet is never taken unless it is named. Hidden rows and columns are read like the others, as a filter or a narrow view of
    the sender's says nothing about them, and the decision `hidden` says which they are.

    Raises
    ------
    SourceError
        See `reading.read`.
    """
    sight = guard.look(source)
    answer = _answered(source, sheet)
    chosen = _chosen(answer, sheet, source.place)
    place = replace(source.place, sheet=str(chosen.value))
    seen = sight.sheets.get(str(chosen.value), SheetSight())
    ranges = [(top, left, bottom, right) for top, left, bottom, right in answer.about["merged"]] or list(seen.ranges)
    plan, decisions = _planned(answer, hints, ranges, place)
    told = notes.decisions(seen, sight.extras, _shown(plan, ranges))
    return Reading("workbook", {"sheet": chosen, **decisions, **told}, plan.names, str(chosen.value)), _blocks(plan, block_rows)


def _shown(plan: _Plan, ranges: Sequence[Range]) -> notes.Shown:
    """Where the table stands in the sheet."""
    top, left = plan.answer.about["start"]
    columns = {left + j + 1: name for j, name in zip(plan.columns, plan.names, strict=True)}
    return notes.Shown(columns, top + plan.layout.first + 1, top + plan.answer.table.num_rows, tuple(ranges))


def _answered(source: Source, sheet: str | None) -> Answer:
    """A sheet as the child read it; what was read last is kept, as a plan and an intake ask for the same."""
    return _kept(source, sheet, limited.LIMITS)


@lru_cache(maxsize=2)
def _kept(source: Source, sheet: str | None, limits: limited.Limits) -> Answer:
    sight = guard.look(source)
    answer = limited.ask(source.path, sheet, source.place, limits.for_cells(sight.cells, sight.size))
    seen = sight.sheets.get(str(answer.about["sheet"]), SheetSight())
    return replace(answer, table=amendment.amended(answer.table, answer.about["start"], seen))


def _chosen(answer: Answer, wanted: str | None, place: Place) -> Decision:
    """Which sheet was taken and why."""
    about = answer.about
    name, hidden = about["sheet"], dict(zip(about["sheets"], about["hidden"], strict=True))
    if name is None:
        raise _missing(hidden, wanted, place)
    unseen = sum(hidden.values())
    aside = f"; {unseen} hidden, not looked at" if unseen else ""
    if wanted is not None:
        spelt = "" if about["why"] == "given" else ", but for case and blanks"
        return Decision(name, "given by the connector" + spelt + ("; the sheet is hidden" if hidden[name] else ""), 1.0, True)
    if len(hidden) - unseen == 1:
        return Decision(name, ("the only visible sheet" if unseen else "the only sheet") + aside, 1.0)
    evidence, confidence = _compared(name, about["tables"], about["alike"])
    return Decision(name, evidence + aside, confidence)


def _compared(name: str, tables: Mapping[str, float], alike: Sequence[str]) -> tuple[str, float]:
    """Why a sheet was taken of several, by about how many cells the table of each has.

    Examples
    --------
    >>> _compared("Daten", {"Titel": 0.0, "Daten": 900.0, "Codes": 30.0}, [])
    ("the largest table of 3 visible sheets: about 900 filled cells; 30 in 'Codes', no table in 'Titel'", 0.9)
    """
    several, size = f"{len(tables)} visible sheets", tables[name]
    others = sorted((other for other in tables if other != name), key=lambda other: -tables[other])
    told = [f"{tables[other]:,.0f} in {other!r}" if tables[other] else f"no table in {other!r}" for other in others]
    if not size:
        return f"none of {several} looks like a table", 0.3
    if not tables[others[0]]:
        return f"the only one of {several} that holds a table: about {size:,.0f} filled cells", 0.95
    near = tables[others[0]] / size
    evidence = f"the largest table of {several}: about {size:,.0f} filled cells; {', '.join(told[:NAMED])}"
    evidence += f" and {len(told) - NAMED} others" if len(told) > NAMED else ""
    if alike:
        listed = ", ".join(repr(other) for other in alike[:NAMED])
        return f"{evidence}; the same header in {listed}, not read", 0.3
    return evidence, 0.5 if near > 0.2 else 0.9 if near <= 0.05 else 0.7


def _missing(hidden: dict[str, bool], wanted: str | None, place: Place) -> SourceError:
    if wanted is None:
        return SourceError(
            "SHEET-MISSING", "the workbook has no visible sheet", place=place, found=f"{len(hidden)} hidden sheets",
            hint="name the sheet in reading.sheet, or ask for the workbook with its sheet shown", details=_listed(hidden),
        )  # fmt: skip
    near = process.extractOne(wanted.casefold(), {name: name.casefold() for name in hidden})
    return SourceError(
        "SHEET-MISSING", f"the workbook has no sheet {wanted!r}", place=place, found=f"{len(hidden)} other sheets", details=_listed(hidden),
        hint=f"the closest is {near[2]!r}: correct reading.sheet" if near else "correct reading.sheet",
    )  # fmt: skip


def _listed(hidden: dict[str, bool]) -> list[str]:
    return [f"sheet {name!r}" + (" (hidden)" if unseen else "") for name, unseen in hidden.items()][:50]


def _planned(answer: Answer, hints: ReadingHints, ranges: Sequence[Range], place: Place) -> tuple[_Plan, dict[str, Decision]]:
    table, (first, left) = answer.table, answer.about["start"]
    texts = [column.slice(0, SAMPLE).to_pylist() for column in table.columns[::2]]
    # Empty columns on the left are put back, so that a column without a name is called by its number in the sheet.
    rows = [[""] * left + [cell or "" for cell in cells] for cells in zip(*texts, strict=True)]
    lines = list(range(first + 1, first + 1 + len(rows)))
    part = layout.parted(rows, lines, left + len(texts), hints, place)
    start, stop = part.table.first, part.table.last
    shifted = [(top - first - start, west, bottom - first - start, east) for top, west, bottom, east in ranges if top >= first + start]
    laid, header = merges.decide(rows[start:stop], lines[start:stop], hints, shifted, place)
    part = layout.shut(rows, laid, part)
    laid = layout.placed(laid, part)
    last = stop if stop < len(rows) else table.num_rows
    if any(not name.strip() for name in header):
        last = _last(answer, laid, hints, last)
    own = tuple(j - left for j in range(left, len(header)) if header[j].strip() or _filled(answer, j - left, laid.first, last))
    names = unique_names(header)
    headers = rows[laid.header : laid.first] if laid.header is not None else []
    said = max(headers, key=lambda row: sum(map(bool, row)), default=[])
    sieve = Sieve(tuple(said[left + j] for j in own) if said else (), laid.usual, totals.pattern(hints.total_words))
    plan = _Plan(answer, laid, sieve, own, tuple(names[left + j] for j in own), part.others)
    columns = layout.of_columns([header[left + j] for j in own], laid.decisions["columns"].confidence)
    empty = len(texts) - len(own)
    columns = replace(columns, evidence=f"{columns.evidence}; {empty} empty ones without a name left out") if empty else columns
    return plan, {**laid.decisions, "columns": columns}


def _last(answer: Answer, laid: Layout, hints: ReadingHints, last: int) -> int:
    """Where the rows of a table end and its notes begin: what stands in these makes no column."""
    first = max(laid.first, last - tail.COMPARED)
    columns = [column.slice(first, last - first).combine_chunks() for column in answer.table.columns[::2]]
    sieve = Sieve((), laid.usual, totals.pattern(hints.total_words))
    codes = chaff.sift(columns, sieve)
    tail.sift_closing(columns, codes, sieve, ends=True)
    rows = np.flatnonzero(codes == 0)
    return first + int(rows[-1]) + 1 if len(rows) else last


def _filled(answer: Answer, column: int, first: int, last: int) -> bool:
    """Whether a column holds anything in a stretch of rows."""
    cells = answer.table.column(2 * column).slice(first, last - first)
    return bool(cells.null_count < len(cells))


def _blocks(plan: _Plan, block_rows: int) -> Iterator[Block]:
    count, first = plan.answer.table.num_rows, 0
    while first < count:
        last = first + block_rows if first + block_rows + KEPT < count else count
        yield _block(plan, first, last, ends=last == count)
        first = last


def _block(plan: _Plan, first: int, last: int, ends: bool) -> Block:
    table = plan.answer.table.slice(first, last - first)
    everything = [column.combine_chunks() for column in table.columns[::2]]
    columns = [everything[j] for j in plan.columns]
    codes = chaff.sift(columns, plan.sieve)
    _name_unstored(codes, table)
    _name_above(codes, everything, plan, first)
    _shut(codes, everything, plan, first)
    tail.sift_closing(columns, codes, plan.sieve, ends)
    keep, index = codes == 0, np.arange(first, last)
    kinds = {name: _kinds(table, j)[keep] for name, j in zip(plan.names, plan.columns, strict=True)}
    line = index + plan.answer.about["start"][0] + 1
    left = np.flatnonzero(~keep)
    raw = ["" if codes[i] == chaff.BLANK else _raw(chaff.cells_at(everything, i)) for i in left.tolist()]
    aside = aside_table(index[left] + 1, line[left], [REASONS[c] for c in codes[left]], raw)
    return Block(pa.table(kept(columns, keep), names=list(plan.names)), index[keep] + 1, line[keep], aside, kinds)


def _name_above(codes: Codes, everything: Sequence[pa.Array], plan: _Plan, first: int) -> None:
    """The header and what is above it, judged by all columns: a remark may stand beside the table."""
    above = max(0, min(plan.layout.first - first, len(codes)))
    if not above:
        return
    empty = chaff.empties([column.slice(0, above) for column in everything])
    codes[:above] = np.where(empty == len(everything), chaff.BLANK, chaff.PREAMBLE)
    heads = np.arange(first, first + above) >= (plan.layout.first if plan.layout.header is None else plan.layout.header)
    codes[:above][heads] = chaff.HEADER


def _name_unstored(codes: Codes, table: pa.Table) -> None:
    """Rows of nothing but formulas without a stored value: they are not blank, and what they hold is not known."""
    held = np.zeros(len(codes), bool)
    for kinds in table.columns[1::2] if (codes == chaff.BLANK).any() else ():
        held |= chaff.flags(pc.equal(kinds.combine_chunks(), UNSTORED))
    codes[held & (codes == chaff.BLANK)] = chaff.UNSTORED


def _shut(codes: Codes, everything: Sequence[pa.Array], plan: _Plan, first: int) -> None:
    """Mark what belongs to other tables of the sheet."""
    for start, stop in plan.others:
        low, high = max(start - first, 0), len(codes) if stop is None else min(stop - first, len(codes))
        if low < high:
            empty = chaff.empties([column.slice(low, high - low) for column in everything])
            codes[low:high] = np.where(empty == len(everything), chaff.BLANK, chaff.OTHER_TABLE)


def _kinds(table: pa.Table, column: int) -> Kinds:
    kinds = table.column(2 * column + 1).combine_chunks()
    return np.frombuffer(kinds.buffers()[1], np.uint8)[kinds.offset : kinds.offset + len(kinds)]


def _raw(cells: Sequence[str]) -> str:
    """Cells as one line, parted by tabs, without empty ones at the end."""
    filled = max((j for j, cell in enumerate(cells, 1) if cell), default=0)
    return "\t".join('"' + c.replace('"', '""') + '"' if any(s in c for s in '"\t\r\n') else c for c in cells[:filled])
