"""One sheet of an untrusted workbook as Arrow on standard output: a script for a process of its own, with limits on what it may use.

It is run by `limited` with ``python -I`` and imports nothing of ours. The job comes as JSON on standard input::

    {"path": "...", "sheet": "Kunden" or null, "list": false, "rows": 20000, "cells": 999, "memory": bytes, "cpu": seconds, "file": bytes}

The answer is an Arrow file: for each column of the used area its text and the kind of each cell (the numbers of `block`); what the
sheets are called, which one was taken and where its used area starts is in the schema's metadata. The exit status says what went
wrong, no other word.
"""

from __future__ import annotations

import datetime as dt
import errno
import gc
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, islice
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import python_calamine as calamine

DONE, KIND, DAMAGED, LOCKED, TOO_LARGE, FULL = 0, 3, 4, 5, 6, 7
"""Exit statuses."""
STRING, FLOAT, DAY, FLAG, BLANK, WHOLE, CLOCK, SPAN, MOMENT = range(9)
KINDS = np.array([0, 1, 2, 3, 4, 1, 0, 0, 2], np.uint8)
"""The kind of a cell as `block` numbers it, by the types above; times of day and durations are text."""
TYPES = {str: STRING, float: FLOAT, dt.date: DAY, dt.datetime: MOMENT, bool: FLAG, int: WHOLE, dt.time: CLOCK, dt.timedelta: SPAN}
GLANCED = 500
"""Rows of a sheet that are looked at to tell whether it holds a table."""
VALUES = 400_000
"""Cells that are held as Python values at once."""
ROOM = 4_000_000
"""Places that any sheet may have."""
GAP = 50
"""Blank rows behind which a table is over."""
RANGES = 2000
"""Merged ranges that are told one by one, the uppermost."""
EXACT = 2.0**53
"""From here on whole numbers have lost digits."""

Codes = npt.NDArray[np.uint8]


def numbers_text(values: Sequence[float]) -> pa.Array:
    """Whole numbers with all their digits, others as short as they can be told apart.

    Examples
    --------
    >>> numbers_text([1.0, 0.1, -2.5, 4111111111111111.0, 1e16, 1e-7]).to_pylist()
    ['1', '0.1', '-2.5', '4111111111111111', '1e+16', '1e-07']
    """
    found = np.array(values, np.float64)
    size = np.abs(found)
    whole = (np.floor(found) == found) & (size < EXACT)
    short = ~whole & (size >= 1e-4) & (size < 1e9)  # Arrow and Python write these alike, Arrow faster
    parts = [
        (whole, pa.array(found[whole].astype(np.int64)).cast(pa.string())),
        (short, pa.array(found[short]).cast(pa.string())),
        (~whole & ~short, pa.array([repr(v) for v in found[~whole & ~short].tolist()], pa.string())),
    ]
    return _in_place([(np.flatnonzero(mask), texts) for mask, texts in parts if len(texts)])


def moment_text(value: dt.datetime) -> str:
    """A day and time as ISO text, the day alone at midnight.

    Examples
    --------
    >>> moment_text(dt.datetime(2024, 5, 1)), moment_text(dt.datetime(2024, 5, 1, 9, 30))
    ('2024-05-01', '2024-05-01T09:30:00')
    """
    return value.isoformat().removesuffix("T00:00:00")


def span_text(value: dt.timedelta) -> str:
    """A duration in hours, minutes and seconds.

    Examples
    --------
    >>> span_text(dt.timedelta(days=1, hours=3, seconds=5))
    '27:00:05'
    """
    seconds = abs(round(value.total_seconds()))
    return f"{'-' if value < dt.timedelta() else ''}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


TEXTS: dict[int, Callable[[Sequence[Any]], pa.Array]] = {
    STRING: lambda values: pa.array(values, pa.string()),
    FLOAT: numbers_text,
    WHOLE: lambda values: pa.array([str(v) for v in values], pa.string()),
    DAY: lambda values: pa.array(values, pa.date32()).cast(pa.string()),
    MOMENT: lambda values: pa.array([moment_text(v) for v in values], pa.string()),
    FLAG: lambda values: pa.array(["true" if v else "false" for v in values], pa.string()),
    CLOCK: lambda values: pa.array([v.isoformat() for v in values], pa.string()),
    SPAN: lambda values: pa.array([span_text(v) for v in values], pa.string()),
}


def column(cells: Sequence[Any]) -> tuple[pa.Array, pa.Array]:
    """Cells as text, blank ones null, and the kind of each.

    Examples
    --------
    >>> texts, kinds = column(("name", "", 3.0, True, dt.date(2024, 5, 1)))
    >>> texts.to_pylist(), kinds.to_pylist()
    (['name', None, '3', 'true', '2024-05-01'], [0, 4, 1, 3, 2])
    """
    present = sorted({TYPES[kind] for kind in set(map(type, cells))})
    if len(present) == 1:
        codes = np.full(len(cells), present[0], np.uint8)
        texts = TEXTS[present[0]](cells)
    else:
        codes = np.fromiter(map(TYPES.__getitem__, map(type, cells)), np.uint8, len(cells))
        masks = [(codes == code, code) for code in present]
        texts = _in_place([(np.flatnonzero(mask), TEXTS[code](list(compress(cells, mask)))) for mask, code in masks])
    blank, kinds = _lengths(texts) == 0, KINDS[codes]
    kinds[blank] = BLANK
    if FLOAT in present:  # "nan" and "inf", which only a damaged file holds, are words
        kinds[(codes == FLOAT) & ~_finite(cells, codes)] = STRING
    return _nulled(texts, blank), pa.array(kinds)


def _finite(cells: Sequence[Any], codes: Codes) -> npt.NDArray[np.bool_]:
    finite = np.ones(len(cells), bool)
    mask = codes == FLOAT
    finite[mask] = np.isfinite(np.fromiter(compress(cells, mask), np.float64))
    return finite


def _in_place(parts: Sequence[tuple[npt.NDArray[np.int64], pa.Array]]) -> pa.Array:
    """Texts put together at their places."""
    if not parts:
        return pa.array([], pa.string())
    if len(parts) == 1:
        return parts[0][1]
    places = np.concatenate([rows for rows, _ in parts])
    back = np.empty(len(places), np.int64)
    back[places] = np.arange(len(places))
    return pa.concat_arrays([texts for _, texts in parts]).take(pa.array(back))


def _lengths(texts: pa.Array) -> npt.NDArray[np.int32]:
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.diff(offsets)


def _nulled(texts: pa.Array, blank: npt.NDArray[np.bool_]) -> pa.Array:
    if not blank.any():
        return texts
    _, offsets, data = texts.buffers()
    return pa.StringArray.from_buffers(len(texts), offsets, data, pa.py_buffer(np.packbits(~blank, bitorder="little").tobytes()))


def fullness(rows: Sequence[Sequence[Any]], height: int) -> float:
    """About how many cells of a sheet are filled, judged by its first rows; 0 where these are no table.

    Examples
    --------
    >>> fullness([["id", "name"], [1.0, "Ute"]], 500), fullness([["Contents", ""], ["", "see next sheet"]], 2)
    (1000.0, 0.0)
    """
    filled = [sum(cell != "" for cell in row) for row in rows]
    ends = max((n for n, count in enumerate(filled, 1) if count), default=0)
    if len(filled) - ends >= GAP:  # what stands far below is no part of the table
        height = ends
    filled = filled[:ends]
    full, width = [count for count in filled if count], max((len(row) for row in rows), default=0)
    if len(full) < 2 or median(full) < min(2, width) or (width == 1 and len(full) < len(filled)):
        return 0.0  # a single column is a list where nothing in it is blank
    return float(sum(full) / len(filled) * max(height, len(filled)))


def heading(rows: Sequence[Sequence[Any]]) -> list[str]:
    """The first row that is filled like most, all of it text: what a sheet's table is called by; empty where there is none.

    Examples
    --------
    >>> heading([["Report", ""], ["id", "name"], [1.0, "Ute"], [2.0, "Max"]]), heading([[1.0, 2.0]])
    (['id', 'name'], [])
    """
    filled = [[cell for cell in row if cell != ""] for row in rows]
    usual = median(len(row) for row in filled if row) if any(filled) else 0
    first: list[Any] = next((row for row in filled if row and len(row) >= usual), [])
    return first if all(isinstance(cell, str) for cell in first) else []


class _NoPandas:
    """Keeps Arrow from importing pandas, which it does to tell whether a value is a series."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


class Book:
    """A workbook's worksheets; chart sheets and macro modules are none."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:  # noqa: PTH123  (by content: a path would be judged by its ending)
            self._book = calamine.CalamineWorkbook.from_filelike(file)
        sheets = [m for m in self._book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        self.hidden = {m.name: m.visible != calamine.SheetVisibleEnum.Visible for m in sheets}
        self.tables: dict[str, float] = {}
        self.alike: list[str] = []

    def sheet(self, name: str) -> Any:
        """A sheet, read whole."""
        return self._book.get_sheet_by_name(name)

    def named(self, wanted: str) -> tuple[str | None, str, Any]:
        """The sheet of a name, spelt so or with other case or blanks."""
        folded = [name for name in self.hidden if _fold(name) == _fold(wanted)]
        found = wanted if wanted in self.hidden else folded[0] if len(folded) == 1 else None
        return found, "given" if found == wanted else "folded", None if found is None else self.sheet(found)

    def choose(self) -> tuple[str | None, str, Any]:
        """The visible sheet with the largest table, and why it was taken; `tables` has about how many cells each table has."""
        visible = [name for name, hidden in self.hidden.items() if not hidden]
        if len(visible) == 1:
            return visible[0], "only", self.sheet(visible[0])
        best: tuple[float, str | None, Any] = (-1.0, None, None)
        headings = {}
        for name in visible:
            sheet = self.sheet(name)
            rows = sheet.to_python(nrows=GLANCED) if sheet.end else []
            size = fullness(rows, sheet.height) if rows else -0.5
            self.tables[name], headings[name] = max(size, 0.0), heading(rows)
            if size > best[0]:
                best = (size, name, sheet)
            del sheet, rows
        self.alike = [name for name in visible if name != best[1] and headings[name] and headings[name] == headings[str(best[1])]]
        tables = sum(size > 0 for size in self.tables.values())
        return best[1], "largest" if tables > 1 else "table" if tables else "none", best[2]

    def sizes(self) -> list[list[int]]:
        """Last row and column of each sheet's used area, counted from 1; zeros for an empty one."""
        ends = [self.sheet(name).end or (-1, -1) for name in self.hidden]
        return [[row + 1, column + 1] for row, column in ends]


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def answer(job: dict[str, Any], target: Any) -> None:
    """Read what the job asks for, and write it."""
    book = Book(job["path"])
    about: dict[str, Any] = {"sheets": list(book.hidden), "hidden": list(book.hidden.values())}
    if job["list"]:
        return _write(target, {**about, "sizes": book.sizes()}, 0, [])
    name, why, sheet = book.choose() if job["sheet"] is None else book.named(job["sheet"])
    about = {**about, "sheet": name, "why": why, "tables": book.tables, "alike": book.alike, "start": [0, 0], "merged": []}
    if sheet is None or sheet.end is None:
        return _write(target, about, 0, [])
    (row, first), (bottom, last) = sheet.start, sheet.end
    if sparse(bottom - row + 1, last - first + 1, job["cells"]):
        raise MemoryError
    about = {**about, "start": [row, first], "merged": merged(sheet)}
    rows = islice(sheet.iter_rows(), row, None)  # rows come from the first of the sheet, columns from the first used one
    count = max(1, min(job["rows"], VALUES // (last - first + 1)))
    return _write(target, about, last - first + 1, _batches(rows, count))


def sparse(rows: int, columns: int, cells: int) -> bool:
    """Whether a sheet's used area has far more places than its file has cells; a column alone costs as much as many places.

    Examples
    --------
    >>> sparse(1_048_576, 3, 3), sparse(16_384, 2, 32_768), sparse(200, 16_384, 3), sparse(1_048_576, 26, 3)
    (False, False, True, True)
    """
    return rows * columns > max(ROOM, 100 * cells) or (rows + 1000) * columns > max(ROOM, 1000 * cells)


def merged(sheet: Any) -> list[list[int]]:
    """Merged ranges from above: first row, first column, last row, last column, counted from 0; of xlsx and xls only."""
    ranges = sorted((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return [list(one) for one in ranges[:RANGES]]


def _batches(rows: Iterator[Sequence[Any]], count: int) -> Iterator[list[pa.Array]]:
    while block := list(islice(rows, count)):
        yield [array for cells in zip(*block, strict=True) for array in column(cells)]


def _write(target: Any, about: dict[str, Any], width: int, batches: Iterable[list[pa.Array]]) -> None:
    fields = [field for j in range(width) for field in (pa.field(f"text {j}", pa.string()), pa.field(f"kind {j}", pa.uint8()))]
    schema = pa.schema(fields, {"about": json.dumps(about)})
    with pa.ipc.new_file(target, schema) as writer:
        for arrays in batches:
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def limit(job: dict[str, Any]) -> None:
    """Cap this process; systems without such limits have the parent's clock."""
    try:
        import resource
    except ImportError:
        return
    wanted = (
        (resource.RLIMIT_AS, job["memory"]),
        (resource.RLIMIT_CPU, job["cpu"]),
        (resource.RLIMIT_FSIZE, job["file"]),
        (resource.RLIMIT_CORE, 0),
    )
    for which, most in wanted:
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))


def verdict(error: BaseException) -> int:
    """The exit status for an error.

    Examples
    --------
    >>> verdict(MemoryError()) == TOO_LARGE, verdict(OSError(errno.ENOSPC, "")) == FULL, verdict(calamine.CalamineError()) == DAMAGED
    (True, True, True)
    """
    if isinstance(error, calamine.PasswordError):
        return LOCKED
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in (errno.EFBIG, errno.ENOMEM)):
        return TOO_LARGE
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    return KIND if isinstance(error, calamine.CalamineError) and "detect file format" in str(error) else DAMAGED


def main() -> int:
    """Do one job."""
    job = json.load(sys.stdin.buffer)
    out = os.fdopen(os.dup(1), "wb")  # never closed: closing writes once more what could not be written
    os.dup2(2, 1)  # nothing but the answer goes to standard output
    limit(job)
    try:
        answer(job, pa.PythonFile(out, "w"))
        out.flush()
    except BaseException as error:  # a panic of the reader is no Exception; none of their texts leaves
        return verdict(error)
    return DONE


if __name__ == "__main__":
    sys.meta_path.insert(0, _NoPandas())
    gc.disable()  # values make no rings
    os._exit(main())  # without taking millions of cells apart one by one
