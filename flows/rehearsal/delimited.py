"""Rows as the lines of a German export: semicolons, cp1252, Windows line ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.rehearsal.draws import Numbers
from flows.rehearsal.inflict import CELL_BREAKS, Wound, replaced
from flows.rehearsal.rows import Rows

END = "\r\n"
MAY_NEED_QUOTES = ("street", "product_name")
"""The only fields whose clean texts may hold a delimiter or a quote."""


def quoted(text: str) -> str:
    """A value as a cell of the file, in quotes where it needs them.

    Examples
    --------
    >>> quoted("Ahornweg 3; Hinterhaus"), quoted("Ahornweg 3")
    ('"Ahornweg 3; Hinterhaus"', 'Ahornweg 3')
    """
    return '"' + text.replace('"', '""') + '"' if set(text) & {";", '"', "\n", "\r"} else text


def without_delimiter(line: str, draw: float) -> str:
    """A line that lost one of its delimiters."""
    parts = line.split(";")
    at = 1 + int(draw * (len(parts) - 1))
    return ";".join(parts[:at]) + ";".join(parts[at:])


class DelimitedForm:
    """Writes lines of text to a file; records are Arrow texts without their line ends."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    @staticmethod
    def extra_lines(kind_name: str) -> int:
        """Further physical lines that a damage adds to a record."""
        return 1 if kind_name == CELL_BREAKS else 0

    def render(self, rows: Rows, wounds: Sequence[Wound], lost: Sequence[tuple[int, float]]) -> pa.Array:
        """One line of text per row."""
        cells = [self._column(name, column, [w for w in wounds if w.field == name]) for name, column in rows.text.items()]
        lines = pc.binary_join_element_wise(*cells, ";")
        at = np.array([row for row, _ in lost], dtype=np.int64)
        return replaced(lines, at, [without_delimiter(lines[row].as_py(), draw) for row, draw in lost])

    @staticmethod
    def _column(name: str, column: pa.Array, wounds: Sequence[Wound]) -> pa.Array:
        if name in MAY_NEED_QUOTES:
            special = pc.match_substring_regex(column, '[;"]')
            column = pc.if_else(special, pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', ""), column)
        texts = [w.after if w.kind.scope == "line" else quoted(w.after) for w in wounds]
        return pc.fill_null(replaced(column, np.array([w.row for w in wounds], dtype=np.int64), texts), "")

    def own(self, records: Sequence[Sequence[object]]) -> pa.Array:
        """Records that are no rows: titles, headers, totals, blank lines."""
        return pa.array([";".join("" if cell is None else str(cell) for cell in record) for record in records], pa.string())

    def arrange(self, parts: Sequence[pa.Array], order: Numbers) -> pa.Array:
        """Parts put one behind the other and taken in an order."""
        return pa.concat_arrays(parts).take(pa.array(order))

    def write(self, records: pa.Array) -> None:
        """Append records."""
        ended = pc.binary_join_element_wise(records, END, "")
        _, offsets, data = ended.buffers()
        if data is not None and len(ended):
            first, last = np.frombuffer(offsets, np.int32, len(ended) + 1, ended.offset * 4)[[0, -1]]
            self._file.write(str(memoryview(data)[first:last], "utf-8").encode("cp1252"))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
