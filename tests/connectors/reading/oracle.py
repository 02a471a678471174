"""What real files must give, and a second reading of them that shares no line with ours.

A file of ``truth/`` holds one entry for each file of a folder of the shared data, written by looking at the file: its kind, encoding and
delimiter, the lines of its header, the lines that are no rows with their reason, or the code with which it must be refused. `columns`
and `rows` are written by::

    python -m tests.connectors.reading.oracle SHARED [FOLDER...]

which reads the file by Python's csv, calamine or json as the entry says; each column is kept as a hash, so no cell is in an entry.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook
from ruamel.yaml import YAML

TRUTH = Path(__file__).parent / "truth"
FOLDERS = ("spreadsheet-horrors", "readxl-workbooks", "bank-statements", "platform-exports", "others")
Entry = dict[str, Any]


def entries(folder: str) -> list[Entry]:
    """What is known of a folder's files; `others` names files by their path in the shared data."""
    found: list[Entry] = YAML(typ="safe").load(TRUTH / f"{folder}.yaml")
    return [{**entry, "path": entry["file"] if folder == "others" else f"{folder}/{entry['file']}"} for entry in found]


def digest(cells: Iterable[str | None]) -> str:
    """A column as twelve signs; an empty cell and a missing one are the same here."""
    content = "".join(f"{len(cell or '')}:{cell or ''}" for cell in cells)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def names(cells: Sequence[Sequence[str]], width: int) -> list[str]:
    """Column names: header rows joined by a blank, missing ones by their position, repeated ones numbered."""
    joined = [" ".join(" ".join(row[j] for row in cells if j < len(row)).split()) or f"column {j + 1}" for j in range(width)]
    found: list[str] = []
    for name in joined:
        copies = (f"{name}.{n}" for n in range(2, width + 1))
        found.append(next(copy for copy in copies if copy not in found) if name in found else name)
    return found


def records(path: Path, entry: Entry) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each record."""
    if entry["kind"] == "workbook":
        yield from _sheet(path, entry)
    elif entry["kind"] == "fixed":
        yield from ((n, _cut(line, entry["slices"])) for n, line in enumerate(_text(path, entry).splitlines(), 1))
    elif entry["kind"] == "json":
        yield from enumerate(_documents(path, entry), 1)
    else:
        yield from _delimited(path, entry)


def _delimited(path: Path, entry: Entry) -> Iterator[tuple[int, list[str]]]:
    end = entry.get("ends", "\n")
    text = _text(path, entry)
    for sign in entry.get("blanks_before_quotes", ()):
        text = text.replace(f'{sign} "', f'{sign}"')
    lines = [line + "\n" for line in text.removesuffix(end).split(end)]
    reader = csv.reader((line.replace("\r\n", "\n") for line in lines), delimiter=entry["delimiter"] or "\x00")
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def _text(path: Path, entry: Entry) -> str:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            content = archive.read(archive.namelist()[0])
    return content.decode(entry["encoding"]).removeprefix("\ufeff")


def _cut(line: str, slices: Sequence[Sequence[int]]) -> list[str]:
    return [line[first:last].strip() for first, last in slices]


def _documents(path: Path, entry: Entry) -> Iterator[list[str]]:
    text = path.read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()] if entry["path_to_rows"] is None else json.loads(text)
    for key in filter(None, (entry["path_to_rows"] or "").split(".")):
        rows = rows[key]
    for row in rows:
        flat = dict(_flat(row, ""))
        yield ["" if (value := flat.get(name)) is None else str(value) for name in entry["names"]]


def _flat(row: dict[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, value


def _sheet(path: Path, entry: Entry) -> Iterator[tuple[int, list[str]]]:
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(entry["sheet"])
    for line, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
        if sheet.start is not None and line > sheet.start[0]:
            yield line, [written(cell) for cell in row]


def written(cell: object) -> str:
    """A workbook's cell as text."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, date | time):
        return cell.isoformat().removesuffix("T00:00:00")
    if isinstance(cell, timedelta):
        hours, rest = divmod(int(cell.total_seconds()), 3600)
        return f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return str(cell)


def aside(entry: Entry) -> dict[str, list[int]]:
    """The lines of records that are no rows, by reason; ``[3, [7, 9]]`` means lines 3, 7, 8 and 9."""
    found = {"header": entry.get("header", []), **entry.get("aside", {})}
    return {reason: _lines(lines) for reason, lines in found.items() if lines}


def _lines(spans: Sequence[int | Sequence[int]]) -> list[int]:
    return [n for span in spans for n in ([span] if isinstance(span, int) else range(span[0], span[1] + 1))]


def measured(path: Path, entry: Entry) -> Entry:
    """Rows of a file and its columns, by the second reading."""
    left = {line: reason for reason, lines in aside(entry).items() for line in lines}
    every = list(records(path, entry))
    rows = [cells for line, cells in every if line not in left]
    header = [cells for line, cells in every if left.get(line) == "header"]
    width = len(entry["names"]) if "names" in entry else entry.get("width") or max(map(len, header or rows))
    assert all(len(cells) == width or (not any(cells[width:]) and len(cells) >= width) for cells in rows), path.name
    own = [j for j in range(width) if j not in entry.get("left_out", ())]
    called = entry.get("names") or names(header, width)
    return {"rows": len(rows), "columns": {called[j]: digest(cells[j] for cells in rows) for j in own}}


def main(shared: str, *folders: str) -> None:
    """Write rows and columns of each entry."""
    yaml = YAML()
    yaml.width = 140
    for folder in folders or FOLDERS:
        place = TRUTH / f"{folder}.yaml"
        found = yaml.load(place)
        for entry in found:
            if "refused" not in entry:
                path = Path(shared) / "data" / (entry["file"] if folder == "others" else f"{folder}/{entry['file']}")
                entry.update(measured(path, entry))
                entry.fa.set_block_style()
        yaml.dump(found, place)


if __name__ == "__main__":
    main(*sys.argv[1:])
