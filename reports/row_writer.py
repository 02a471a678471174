"""A sheet's rows as text: openpyxl makes an element of each cell before it writes it, which is most of what a workbook costs.

The bytes are openpyxl's own. Where its stream cannot be written to, it writes the row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.compat import safe_string
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter


class RowWriter(WorksheetWriter):  # type: ignore[misc]
    """openpyxl's writer of a sheet, for cells with a style that hold plain values: no formula, link, comment or rich text."""

    def write_row(self, xf: Any, row: Iterable[Any], row_idx: int) -> None:
        """Write a row; the cells are looked at one after the other, so that one may serve for several."""
        put = getattr(xf, "_file", None)
        if not callable(put):
            super().write_row(xf, row, row_idx)
            return
        with xf.element("row", {"r": f"{row_idx}", **dict(self.ws.row_dimensions.get(row_idx, {}))}):
            put("".join([_text(cell) for cell in row]))


def _text(cell: Any) -> str:
    """A cell as XML."""
    value, kind = cell._value, cell.data_type
    start = f'<c r="{cell.coordinate}" s="{cell.style_id}" t='
    if kind == "s":
        return f'{start}"inlineStr"><is><t{_kept(value)}>{escape(value)}</t></is></c>' if value else f'{start}"inlineStr" />'
    if kind == "d":
        kind, value = "n", to_excel(value, cell.parent.parent.epoch) if isinstance(value, date) else value
    return f'{start}"{kind}"><v>{escape(safe_string(value))}</v></c>' if value != "" else f'{start}"{kind}" />'


def _kept(value: str) -> str:
    """What keeps blanks at the ends of a text."""
    stripped = value.strip()
    return ' xml:space="preserve"' if stripped and stripped != value else ""
