"""Several tables in a fixed-width file: stretches of lines between blank ones that have columns of their own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from connectors.reading import ruler, tables
from connectors.reading.block import runs
from connectors.reading.layout import Part
from connectors.reading.tables import Table
from contracts.errors import Place


def parted(lines: Sequence[str], given: int | None, place: Place) -> Part:
    """Which stretch of the first lines is the table that is read; all of them where they have the same columns.

    Parameters
    ----------
    lines : sequence of str
    given : int, optional
        Which table, from 1, where the connector says it; else the largest.
    place : Place

    Raises
    ------
    SourceError
        TABLE-MISSING.

    Examples
    --------
    >>> people = [f"{n:03d}  Ute   {n}.50" for n in range(9)]
    >>> codes = ["A    active", "B   blocked", "C    closed", "D      dead", "E    emeritus", "F     final"]
    >>> [(part.table.first, part.table.last) for part in (parted([*people, "", *codes], table, Place()) for table in (None, 2))]
    [(0, 10), (10, 16)]
    """
    found = split(lines)
    index, why = tables.choose(found, list(range(1, len(lines) + 1)), given, place)
    before = tuple((table.first, table.last) for table in found[:index])
    after = ((found[index].last, None),) if index + 1 < len(found) else ()
    return Part(found[index], (*before, *after), why)


def split(lines: Sequence[str]) -> list[Table]:
    """The tables among lines; one where no stretch has columns that another has not."""
    filled = np.array([bool(line.strip()) for line in lines], bool)
    spans = [(first, last) for first, last in runs(filled) if _columns(lines[first:last]) > 1]
    groups: list[tuple[int, int]] = []
    for span in spans:
        if groups and _alike(lines[slice(*groups[-1])], lines[slice(*span)]):
            groups[-1] = (groups[-1][0], span[1])
        else:
            groups.append(span)
    if len(groups) < 2:
        return [Table(0, len(lines), int(filled.sum()), 0)]
    starts = [0, *(_title(filled, first) for first, _ in groups[1:])]
    ends = [*starts[1:], len(lines)]
    return [Table(a, b, int(filled[a:b].sum()), 0) for a, b in zip(starts, ends, strict=True)]


def _title(filled: np.ndarray[tuple[int], np.dtype[np.bool_]], first: int) -> int:
    """The first of a line or two that stand alone above a table, as its title."""
    lengths = [(value, len(list(group))) for value, group in groupby(filled[:first][::-1].tolist())]
    if len(lengths) > 2 and lengths[1][0] and lengths[1][1] <= 2:
        return first - lengths[0][1] - lengths[1][1]
    return first


def _columns(lines: Sequence[str]) -> int:
    """Columns of a stretch; 0 where it is too short to tell."""
    body = lines[1:]
    if len(body) < ruler.FEWEST or max(map(len, body)) > ruler.LONGEST:
        return 0
    return len(ruler.columns(ruler.filled(body), len(body)))


def _alike(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether two stretches have as many columns together as each alone, so that one ruler serves both."""
    together = _columns([line for line in (*above, *below) if line.strip()])
    return together == max(_columns([line for line in above if line.strip()]), _columns(below))
