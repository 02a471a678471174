"""A workbook of 20 columns: written once, read by python-calamine alone, and by the reader with its look and its child.

``python -m tests.benchmarks.workbooks write FILE.xlsx ROWS``, ``... calamine FILE.xlsx``, ``... read FILE.xlsx``.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

WORDS = [f"Word{n}" for n in range(5000)]


def rows(count: int) -> Iterator[list[object]]:
    """Text, codes, numbers, dates, moments, flags and blanks."""
    dice = random.Random(1)
    yield [f"column {n}" for n in range(1, 21)]
    for n in range(count):
        words = dice.choices(WORDS, k=8)
        yield [
            n, *words[:4], f"{n}@example.org", f"{n % 99999:05d}", "DE", dice.random() < 0.5, dice.randrange(100),
            round(dice.uniform(0, 5000), 2), dice.uniform(0, 1), date(1950, 1, 1) + timedelta(dice.randrange(20_000)),
            datetime(2020, 1, 1) + timedelta(seconds=dice.randrange(10**8)), None if dice.random() < 0.3 else words[4],
            None if dice.random() < 0.3 else dice.randrange(10**6), f"{words[5]} {words[6]}", words[7], dice.choice("ABCD"), n % 7,
        ]  # fmt: skip


def write(path: Path, count: int) -> None:
    """The workbook, as openpyxl writes it."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Kunden")
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def by_calamine(path: Path) -> int:
    """Rows that python-calamine alone gives, below the header."""
    from python_calamine import CalamineWorkbook

    return sum(1 for _ in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()) - 1


def by_reader(path: Path) -> int:
    """Rows that the reader gives."""
    from connectors.reading.reading import read

    return sum(block.table.num_rows for block in read(path)[1])


if __name__ == "__main__":
    what, file = sys.argv[1], Path(sys.argv[2])
    if what == "write":
        write(file, int(sys.argv[3]))
    else:
        print({"calamine": by_calamine, "read": by_reader}[what](file), "rows")
