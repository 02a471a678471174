"""What a sheet holds that its cells do not say: formulas without a value, errors, hidden and merged cells, content beside cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.reading.decision import Decision
from connectors.reading.sight import Range, SheetSight, Span, column_letters, column_number

NAMED = 5
"""Columns, rows and ranges that are named at most."""


@dataclass(frozen=True)
class Shown:
    """Where a table stands in its sheet.

    Parameters
    ----------
    columns : mapping of int to str
        Names by the column's number in the sheet, from 1.
    first, last : int
        First row below the header, and last row of the used area, from 1.
    ranges : tuple of Range
        Merged ones in the sheet.
    """

    columns: Mapping[int, str]
    first: int
    last: int
    ranges: tuple[Range, ...] = ()


def decisions(seen: SheetSight, extras: Sequence[str], shown: Shown) -> dict[str, Decision]:
    """One decision for each kind that is there: formulas, codes, errors, hidden, merged, extras.

    Parameters
    ----------
    seen : SheetSight
        Of the sheet that is read.
    extras : sequence of str
        Kinds of content beside cells, of the whole workbook.
    shown : Shown

    Examples
    --------
    >>> from collections import Counter
    >>> found = decisions(SheetSight(unstored=Counter({"B": 2}), places=("B3", "B9")), ("macros",), Shown({1: "id", 2: "total"}, 2, 9))
    >>> found["formulas"].value, found["formulas"].evidence
    (2, "formulas without a stored value, read as blank: 2 in 'total' (B3, B9)")
    >>> found["extras"].evidence
    'macros: neither run nor followed'
    """
    made = {
        "formulas": _formulas(seen, shown), "codes": _codes(seen, shown), "errors": _errors(seen),
        "hidden": _hidden(seen, shown), "merged": _merged(shown),
        "extras": Decision(len(extras), f"{', '.join(extras)}: neither run nor followed", 1.0) if extras else None,
    }  # fmt: skip
    return {name: decision for name, decision in made.items() if decision is not None}


def _formulas(seen: SheetSight, shown: Shown) -> Decision | None:
    if not seen.unstored:
        return None
    counts = [(shown.columns.get(column_number(letters), f"column {letters}"), count) for letters, count in seen.unstored.most_common()]
    where = _listed([f"{count} in {name!r}" for name, count in counts], "columns")
    count = seen.unstored.total()
    places = ", ".join(seen.places) + (", …" if count > len(seen.places) else "")
    return Decision(count, f"formulas without a stored value, read as blank: {where} ({places})", 1.0)


def _codes(seen: SheetSight, shown: Shown) -> Decision | None:
    """Numbers that a format fills up with zeros."""
    told: list[str] = []
    count = 0
    for mask, columns in seen.codes.items():
        for number, rows in columns.items():
            if number in shown.columns and (cells := sum(row >= shown.first for row in rows)):
                told.append(f"{cells} in {shown.columns[number]!r} as {mask}")
                count += cells
    evidence = f"numbers shown with zeros before them, read as they are shown: {_listed(told, 'columns')}"
    return Decision(count, evidence, 1.0) if told else None


def _errors(seen: SheetSight) -> Decision | None:
    return Decision(seen.errors, f"{seen.errors} cells show an error such as #N/A and are read as blank", 1.0) if seen.errors else None


def _hidden(seen: SheetSight, shown: Shown) -> Decision | None:
    names = [name for number, name in shown.columns.items() if any(first <= number <= last for first, last in seen.hidden_columns)]
    spans = [(first, min(last, shown.last)) for first, last in seen.hidden_rows if first <= shown.last]
    rows = sum(last - first + 1 for first, last in spans)
    told = [
        f"{rows} hidden rows ({_listed([_span(span) for span in spans], 'stretches')})" if rows else "",
        f"{len(names)} hidden columns ({_listed([repr(name) for name in names], 'columns')})" if names else "",
    ]
    filtered = "; a filter is set" if seen.filtered else ""
    if not rows and not names:
        return None
    return Decision(rows + len(names), f"{' and '.join(filter(None, told))} are read like the others{filtered}", 1.0)


def _merged(shown: Shown) -> Decision | None:
    """Merged ranges within the table; of those among its rows only the first cell holds the value."""
    if not shown.ranges:
        return None
    among = [one for one in shown.ranges if one[2] >= shown.first - 1 and any(one[1] < number <= one[3] + 1 for number in shown.columns)]
    told = []
    if len(among) < len(shown.ranges):
        told.append(f"{len(shown.ranges) - len(among)} above or beside the rows")
    if among:
        where = _listed([_range(one) for one in among], "ranges")
        told.append(f"{len(among)} among the rows, where only the first cell holds the value ({where})")
    return Decision(len(shown.ranges), f"merged ranges: {'; '.join(told)}", 1.0)


def _span(span: Span) -> str:
    return str(span[0]) if span[0] == span[1] else f"{span[0]} to {span[1]}"


def _range(one: Range) -> str:
    top, left, bottom, right = one
    return f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"


def _listed(words: Sequence[str], what: str) -> str:
    return ", ".join(words[:NAMED]) + (f" and {len(words) - NAMED} other {what}" if len(words) > NAMED else "")
