"""What a sheet holds that its cells do not say: formulas without a value, errors, hidden and merged cells, content beside cells."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.reading.decision import Decision
from connectors.reading.guard import Sight
from connectors.reading.markup import SheetSight, column_number

NAMED = 5
"""Columns that are named at most."""


def decisions(sight: Sight, sheet: str, columns: Sequence[int], names: Sequence[str], left: int) -> dict[str, Decision]:
    """One decision for each kind that is there: formulas, errors, hidden, merged, extras.

    Parameters
    ----------
    sight : Sight
        Of the workbook.
    sheet : str
        The one that is read.
    columns : sequence of int
        Columns of the table, counted from the left of the used area.
    names : sequence of str
        What they are called.
    left : int
        Empty columns to the left of the used area.

    Examples
    --------
    >>> from collections import Counter
    >>> sight = Sight(2, {"Kunden": SheetSight(unstored=Counter({"B": 2}))}, ("macros",))
    >>> found = decisions(sight, "Kunden", (0, 1), ("id", "total"), 0)
    >>> found["formulas"].value, found["formulas"].evidence
    (2, "formulas without a stored value, read as blank: 2 in 'total'")
    >>> found["extras"].evidence
    'macros: neither run nor followed'
    """
    place = {left + j + 1: name for j, name in zip(columns, names, strict=True)}
    found = _of_sheet(sight.sheets.get(sheet, SheetSight()), place)
    if sight.extras:
        found["extras"] = Decision(len(sight.extras), f"{', '.join(sight.extras)}: neither run nor followed", 1.0)
    return found


def _of_sheet(seen: SheetSight, place: dict[int, str]) -> dict[str, Decision]:
    found = {}
    if seen.unstored:
        found["formulas"] = Decision(seen.unstored.total(), f"formulas without a stored value, read as blank: {_where(seen, place)}", 1.0)
    if seen.errors:
        found["errors"] = Decision(seen.errors, f"{seen.errors} cells show an error such as #N/A and are read as blank", 1.0)
    hidden = [name for number, name in place.items() if any(first <= number <= last for first, last in seen.hidden_columns)]
    if seen.hidden_rows or hidden:
        evidence = f"{seen.hidden_rows} hidden rows and {len(hidden)} hidden columns are read like the others"
        found["hidden"] = Decision(seen.hidden_rows + len(hidden), evidence, 1.0)
    if seen.merged:
        found["merged"] = Decision(seen.merged, f"{seen.merged} merged ranges: only the first cell of each holds its value", 1.0)
    return found


def _where(seen: SheetSight, place: dict[int, str]) -> str:
    counts = [(place.get(column_number(letters), f"column {letters}"), count) for letters, count in seen.unstored.most_common()]
    told = [f"{count} in {name!r}" for name, count in counts[:NAMED]]
    return ", ".join(told) + (f" and in {len(counts) - NAMED} other columns" if len(counts) > NAMED else "")
