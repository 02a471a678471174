"""Merged cells of a header: what spans columns stands above each of them, what spans rows stands in the last of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from connectors.reading import header_rows, layout
from connectors.reading.decision import ReadingHints
from connectors.reading.layout import Layout
from connectors.reading.sight import Range
from contracts.errors import Place

Rows = list[list[str]]


def lowered(rows: Rows, ranges: Iterable[Range]) -> Rows:
    """Rows in which a cell merged over several rows stands in the last one, next to the names below its neighbours.

    Examples
    --------
    >>> lowered([["Nr", "Pay", ""], ["", "net", "gross"]], [(0, 0, 1, 0), (0, 1, 0, 2)])
    [['', 'Pay', ''], ['Nr', 'net', 'gross']]
    """
    found = [list(row) for row in rows]
    for top, left, bottom, _ in ranges:
        if top < bottom < len(found) and left < len(found[top]) and not found[bottom][left]:
            found[bottom][left], found[top][left] = found[top][left], ""
    return found


def spread(rows: Rows, ranges: Iterable[Range], below: int) -> Rows:
    """Rows in which a cell merged over several columns stands in each, down to the row before `below`.

    Examples
    --------
    >>> spread([["Nr", "Pay", ""], ["1", "2", ""]], [(0, 1, 0, 2), (1, 1, 1, 2)], 1)
    [['Nr', 'Pay', 'Pay'], ['1', '2', '']]
    """
    found = [list(row) for row in rows]
    for _, left, bottom, right in ranges:
        for row in found[bottom : bottom + 1] if bottom < below else ():
            row[left : right + 1] = [cell or row[left] for cell in row[left : right + 1]]
    return found


def _groups(row: Sequence[str], index: int, ranges: Sequence[Range]) -> bool:
    """Whether the row above a header holds nothing but names of groups of columns, each merged over some, at least two of them."""
    spans = [(left, right) for _, left, bottom, right in ranges if bottom == index and left < right and row[left].strip()]
    covered = {j for left, right in spans for j in range(left, right + 1)}
    return len(spans) > 1 and all(j in covered for j, cell in enumerate(row) if cell.strip())


def decide(rows: Rows, lines: Sequence[int], hints: ReadingHints, ranges: Sequence[Range], place: Place) -> tuple[Layout, list[str]]:
    """The layout of a sheet, and the cells that its columns are called by, as many as the sheet has columns.

    Parameters
    ----------
    rows : list of lists of str
        Cells of the first rows, all of one width.
    lines : sequence of int
        Their numbers in the sheet, from 1.
    hints : ReadingHints
    ranges : sequence of Range
        Merged ones, rows counted from the first of `rows`.
    place : Place

    Raises
    ------
    SourceError
        See `layout.decide`.

    Examples
    --------
    >>> rows = [["", "Pay", ""], ["Nr", "net", "gross"], ["1", "2", "3"], ["2", "4", "5"]]
    >>> laid, cells = decide(rows, [1, 2, 3, 4], ReadingHints(), [(0, 1, 0, 2)], Place())
    >>> laid.header, cells
    (1, ['Nr', 'net', 'gross'])
    """
    width, seen = max(map(len, rows), default=0), lowered(rows, ranges)
    laid = layout.decide(seen, lines, width, hints, place)
    if laid.header is None:
        return laid, [""] * width
    above = spread(seen, ranges, laid.first)
    first, last = laid.header, laid.first - 1
    if first == last and hints.header_row is None and not hints.header_rows:
        first, last = header_rows.extent(above, last, width)
        while first and last - first + 1 < header_rows.MOST and _groups(above[first - 1], first - 1, ranges):
            first -= 1
    if (first, last) != (laid.header, laid.first - 1):
        told = replace(hints, header_row=lines[first], header_rows=last - first + 1)
        again = layout.decide(above, lines, width, told, place)
        row = replace(laid.decisions["header_row"], value=lines[first])
        preamble = replace(again.decisions["preamble"], confidence=row.confidence, given=False)
        laid = replace(again, decisions={**again.decisions, "header_row": row, "preamble": preamble})
    cells = header_rows.joined(above[first : last + 1], width)
    return laid, cells + [""] * (width - len(cells))
