"""Rows as the cells of a workbook: numbers and days typed where clean, text where a damage struck, and the same bytes every time."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from flows.rehearsal.draws import Numbers
from flows.rehearsal.inflict import Wound
from flows.rehearsal.rows import Rows
from flows.rehearsal.spoilers.dates import parsed

MOST_ROWS = 1_048_576
WHOLE = ("customer_id", "order_id", "line_id", "order_count", "quantity")
MONEY = ("income", "total_spend", "unit_price", "amount")
DAYS = ("birth_date", "signup_date", "last_order_date", "ordered_at")
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")

Value = str | int | float | date | None


def typed(name: str, text: str | None) -> Value:
    """A clean text as the value of a cell.

    Examples
    --------
    >>> typed("income", "1234,50"), typed("postcode", "01067"), typed("birth_date", "03.05.1987")
    (1234.5, '01067', datetime.date(1987, 5, 3))
    """
    if text is None:
        return None
    if name in WHOLE:
        return int(text)
    if name in MONEY:
        return float(text.replace(",", "."))
    return parsed(text) if name in DAYS else text


class WorkbookForm:
    """Writes rows to the only sheet of a workbook; records are lists of cell values."""

    def __init__(self, path: Path, sheet: str) -> None:
        self._path = path
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(sheet)

    @staticmethod
    def extra_lines(kind_name: str) -> int:
        """A record is one row of the sheet, whatever happens to it."""
        return 0

    def render(self, rows: Rows, wounds: Sequence[Wound], lost: Sequence[tuple[int, float]]) -> list[Sequence[Value]]:
        """One list of cells per row."""
        columns = {name: [typed(name, text) for text in column.to_pylist()] for name, column in rows.text.items()}
        for wound in wounds:
            columns[wound.field][wound.row] = wound.after or None
        return list(zip(*columns.values(), strict=True))

    def own(self, records: Sequence[Sequence[Value]]) -> list[Sequence[Value]]:
        """Records that are no rows."""
        return [[cell if cell != "" else None for cell in record] for record in records]

    def arrange(self, parts: Sequence[list[Sequence[Value]]], order: Numbers) -> list[Sequence[Value]]:
        """Parts put one behind the other and taken in an order."""
        everything = [record for part in parts for record in part]
        return [everything[place] for place in order.tolist()]

    def write(self, records: list[Sequence[Value]]) -> None:
        """Append records; a record without cells is an empty row."""
        for record in records:
            self._sheet.append(record)

    def close(self) -> None:
        """Save, then settle the archive's times and order."""
        raw = self._path.with_suffix(".raw")
        self._book.save(raw)
        settle(raw, self._path)
        raw.unlink()


def settle(source: Path, target: Path) -> None:
    """Copy an xlsx so that its bytes depend on its content only."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            with old.open(name) as read, new.open(entry, "w", force_zip64=True) as write:
                if name == "docProps/core.xml":
                    write.write(TIMES.sub(rb"\g<1>2026-01-01T00:00:00Z\g<3>", read.read()))
                    continue
                while block := read.read(1 << 20):
                    write.write(block)
