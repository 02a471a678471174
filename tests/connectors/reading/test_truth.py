"""Real files give what a person sees in them: kind, encoding, delimiter, header, every column's cells, and why records are no rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from connectors.reading.block import Block
from connectors.reading.decision import Reading, ReadingHints
from connectors.reading.reading import read
from contracts.errors import SourceError
from tests.connectors.reading import oracle
from tests.connectors.reading.oracle import Entry

KNOWN = frozenset(re.findall(r"[A-Z]+-[A-Z-]*[A-Z]", str(read.__doc__)))
"""Codes with which a file may be refused: those that `read` promises."""
EACH = 20
"""Of a folder of many files of one kind, one in so many is read."""

def _cases() -> Iterator[object]:
    for folder in oracle.FOLDERS:
        for entry in oracle.entries(folder):
            name = f"{entry['path']}{'!' + entry['sheet'] if 'sheet' in entry else ''}"
            yield pytest.param(entry, id=name)


@pytest.mark.parametrize("entry", list(_cases()))
def test_a_real_file_gives_what_is_in_it(shared: Path, entry: Entry) -> None:
    path = shared / "data" / entry["path"]
    if "refused" in entry:
        with pytest.raises(SourceError) as caught:
            read(path)
        assert caught.value.code == entry["refused"]
        return
    reading, blocks = read(path, ReadingHints(sheet=entry.get("sheet"), widths=tuple(entry.get("widths", ()))))
    _same_decisions(reading, entry)
    _same_records(reading, list(blocks), entry)


def _same_decisions(reading: Reading, entry: Entry) -> None:
    decided = {name: decision.value for name, decision in reading.decisions.items()}
    expected: Entry = {name: entry[name] for name in ("encoding", "delimiter") if name in entry}
    if "header" in entry:
        expected["header_row"] = next(iter(entry["header"]), 0)
    assert (reading.kind, {name: decided.get(name) for name in expected}) == (entry["kind"], expected)
    assert list(reading.header) == list(entry["columns"])


def _same_records(reading: Reading, blocks: list[Block], entry: Entry) -> None:
    left: dict[str, list[int]] = {}
    for line, reason in sorted((row["line"], row["reason"]) for b in blocks for row in b.aside.to_pylist()):
        left.setdefault(reason, []).append(line)
    assert left == oracle.aside(entry)
    assert sum(b.table.num_rows for b in blocks) == entry["rows"]
    found = {name: oracle.digest(cell for b in blocks for cell in b.table.column(name).to_pylist()) for name in reading.header}
    assert found == entry["columns"]


def test_a_name_that_nothing_sets_apart_is_doubtful(shared: Path) -> None:
    """A lone column of words: its first cell may be its name or one of them, and the connector may say which."""
    path = shared / "data/spreadsheet-horrors/excel_properties.xls"
    assert read(path)[0].decisions["header_row"].confidence <= 0.5
    reading, blocks = read(path, ReadingHints(header_row=0))
    assert (reading.header, sum(block.table.num_rows for block in blocks)) == (("column 1",), 18)


@pytest.fixture(scope="module")
def ends(shared: Path) -> dict[Path, str]:
    """Of every real file, the code of its refusal; empty where it was read and its records are numbered without a gap."""
    files = sorted(path for path in (shared / "data").rglob("*") if path.is_file())
    daily = [path for path in files if path.parent.name == "by-day"]
    assert len(files) > len(daily) > 200
    return {path: _end(path) for path in files if path not in daily or path in daily[::EACH]}


def _end(path: Path) -> str:
    try:
        numbers = np.sort(np.concatenate([part for b in read(path)[1] for part in (b.record, b.aside.column("record").to_numpy())]))
    except SourceError as error:
        return error.code if error.hint else "no next step"
    return "" if len(numbers) and (numbers == np.arange(1, len(numbers) + 1)).all() else "records are lost"


def test_every_real_file_is_read_whole_or_refused_by_a_known_code(ends: dict[Path, str]) -> None:
    assert {path.name: end for path, end in ends.items() if end not in KNOWN | {""}} == {}


def test_nothing_is_refused_but_what_is_no_table(ends: dict[Path, str]) -> None:
    refused = {path.name: end for path, end in ends.items() if end}
    kinds = ("complex.html", "rowcolspan.html", "testdbf.dbf")
    assert refused == {**dict.fromkeys(kinds, "SOURCE-KIND"), "file_no_payload.csv": "SOURCE-EMPTY"}
