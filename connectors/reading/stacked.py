"""Tables that begin behind the sample of a delimited file: found as its records pass, by the same signs, in flat memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from connectors.reading import chaff, heading, tables
from connectors.reading.chaff import Codes
from connectors.reading.outline import Plan, cells_of
from connectors.reading.quotes import Whole
from connectors.reading.scan import Records

REACH = tables.NEAR + tables.GAP
"""Records on both sides of a header that are looked at."""
RUN = 3
"""Records of the table's width behind one another with which it goes on after records of another width."""
LOOKED_AT = 20_000
"""Records behind a blank one, or first of another width, that are looked at in a file."""
TYPED = 0.7
"""Share of a column's cells that are of one type."""

Rows = list[list[str]]


class Watch:
    """Marks the records of other tables as they pass.

    Such a table begins as one within the sample does (see `tables.split`). Where it has as many fields as the table that is read, its
    columns must hold other types, too, so that no odd row is taken for a header. It ends where the header of the table that is read is said
    again, or where records have that table's width again.

    Parameters
    ----------
    plan : Plan
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._above: Rows = []
        self._width = 0  # of the other table that one is in
        closed = bool(plan.others) and plan.others[-1][1] is None  # all that follows is another table already
        self._left = 0 if closed else LOOKED_AT

    def mark(self, records: Records, codes: Codes, first: int, following: Records | None) -> None:
        """Give records of other tables their code.

        Parameters
        ----------
        records : Records
        codes : uint8 array
            Of `chaff`; changed in place.
        first : int
            Number of the first record, from 1.
        following : Records, optional
            Those behind them.
        """
        at = max(self._plan.sampled + 1 - first, 0)
        while at < len(records) and (self._left or self._width):
            begin = at if self._width else self._begin(records, codes, at, following)
            if begin is None:
                break
            at = max(self._end(codes, begin), begin + 1)
            part = codes[begin:at]
            part[part != chaff.BLANK] = chaff.OTHER_TABLE
            self._width = self._width if at == len(records) else 0
        self._above = self._rows(records, len(records) - REACH, len(records)) if self._left else []

    def _begin(self, records: Records, codes: Codes, at: int, following: Records | None) -> int | None:
        """Where the next other table begins."""
        for index in _maybe(codes, records.fields, self._plan.marks.width, at).tolist():
            if not self._left:
                return None
            self._left -= 1
            if not tables.head(self._rows(records, index, index + 1)[0]):
                continue
            rows, place = self._around(records, index, following)
            begins = tables.begins(rows, place)
            if begins is not None and self._is_other(rows, begins, place):
                self._width = len(rows[place])
                return max(int(index) - (place - begins), at)
        return None

    def _end(self, codes: Codes, at: int) -> int:
        """Where the table ends that one is in."""
        again = codes[at:] == chaff.REPEATED_HEADER
        if self._width != self._plan.marks.width:
            rows = codes[at:] == 0
            again[: max(len(rows) - RUN + 1, 0)] |= np.logical_and.reduce([rows[n : len(rows) - RUN + 1 + n] for n in range(RUN)])
        found = np.flatnonzero(again)
        return at + int(found[0]) if len(found) else len(codes)

    def _around(self, records: Records, index: int, following: Records | None) -> tuple[Rows, int]:
        """The records around one, and its place among them."""
        above = self._rows(records, index - REACH, index)
        above = self._above[len(above) - REACH :] + above if len(above) < REACH else above
        below = self._rows(records, index, index + REACH)
        if following is not None and len(below) < REACH:
            below += self._rows(following, 0, REACH - len(below))
        return above + below, len(above)

    def _rows(self, records: Records, first: int, last: int) -> Rows:
        marks = self._plan.marks
        return [cells_of(records, i, marks, self._plan.dialect) for i in range(max(first, 0), min(last, len(records)))]

    def _is_other(self, rows: Rows, begins: int, place: int) -> bool:
        """Whether the records below a header are unlike those above: of another width, or of other types in some column."""
        width = self._plan.marks.width
        below = [row for row in rows[place + 1 :] if len(row) == len(rows[place])]
        if len(rows[place]) != width:
            return len(below) > 1
        above = [row for row in rows[:begins] if len(row) == width]
        return any(a and b and a != b for a, b in zip(_kinds(above, width), _kinds(below, width), strict=True))


def _maybe(codes: Codes, fields: Whole, width: int, at: int) -> Whole:
    """Records that may be a header: one of the first three behind a blank one, or the first of some of another width."""
    blank, ragged = codes == chaff.BLANK, codes == chaff.RAGGED
    behind = blank.copy()
    for _ in range(2):
        behind[1:] |= behind[:-1]
    maybe = np.zeros(len(codes), bool)
    maybe[1:] = behind[:-1] & ~blank[1:]
    changed = np.ones(len(codes), bool)
    changed[1:] = fields[1:] != fields[:-1]
    again = np.zeros(len(codes), bool)
    again[:-2] = (fields[:-2] == fields[1:-1]) & (fields[:-2] == fields[2:])
    maybe |= ragged & changed & again & (fields != width)
    maybe[:at] = False
    maybe[codes == chaff.REPEATED_HEADER] = False
    return np.flatnonzero(maybe)


def _kinds(rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """The type of each column; empty where it has none or several."""
    found = []
    for j in range(width):
        kinds = Counter(heading.kind_of(row[j]) for row in rows if row[j].strip())
        kind, count = kinds.most_common(1)[0] if kinds else ("", 0)
        found.append(kind if count >= TYPED * kinds.total() else "")
    return found
