"""Damaged files never give a wrong table, and two readers see the same cells: X22 and X23 of the catalogue of faults."""

from __future__ import annotations

import csv
import gzip
import random
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

import pytest

from connectors.reading.reading import read
from connectors.reading.source import Source, open_source
from contracts.errors import SourceError
from tests.connectors.reading.conftest import Taken, Writer, attempt
from tests.connectors.reading.hostile import archive, member
from tests.connectors.reading.sheets import Rows, xlsx
from tests.connectors.reading.test_truth import KNOWN

COUNT = 24
FLIPS = 300
HEADER = "id;name;town;pay"
LINES = [HEADER, *(f'{n};"Jörg ""J"" {n}";Münster {n % 7};{n},50' for n in range(1, COUNT + 1))]
TEXT = ("\n".join(LINES) + "\n").encode()
ROWS = [(str(n), f'Jörg "J" {n}', f"Münster {n % 7}", f"{n},50") for n in range(1, COUNT + 1)]
SHEET: Rows = [["id", "name", "pay"], [1.0, "Jörg", 2.5], [2.0, "Ute", 3.5], [3.0, "Max", 4.5], [4.0, "Jo", 5.5]]


def flipped(whole: bytes, seed: int) -> Iterator[tuple[int, bytes]]:
    """Copies with one bit changed, and the byte it is in."""
    dice = random.Random(seed)
    for _ in range(FLIPS):
        at = dice.randrange(8 * len(whole))
        yield at // 8, whole[: at // 8] + bytes([whole[at // 8] ^ 1 << at % 8]) + whole[at // 8 + 1 :]


def outcome(write: Writer, content: bytes, name: str) -> Taken | None:
    """What is read; None for a refusal, which must be a known one. Any other exception fails the test."""
    taken = attempt(lambda: read(write(content, name)))
    if isinstance(taken, SourceError):
        assert taken.code in KNOWN
        return None
    assert taken.records == list(range(1, len(taken.records) + 1))
    return taken


def rows_of(taken: Taken) -> list[tuple[str | None, ...]]:
    """Rows as they are, whatever the columns are called."""
    return [tuple(row.values()) for row in taken.rows]


# X22: cut at every length


def _cut(write: Writer, length: int) -> None:
    taken = outcome(write, TEXT[:length], "a.csv")
    if taken is None:
        return
    whole = TEXT[:length].count(b"\n") - 1
    assert taken.reading.header == tuple(HEADER.split(";")), length
    found = rows_of(taken)
    assert found[:whole] == ROWS[:whole], length
    # What stands in the cut line may be a row only as far as it goes: four cells that begin like those of the whole one.
    assert len(found) <= whole + 1, length
    for row, true in zip(found[whole:], ROWS[whole:], strict=False):
        assert all(then.startswith(now or "") for now, then in zip(row, true, strict=True)), length


def _splits(length: int) -> bool:
    return TEXT[length] & 0xC0 == 0x80


def test_x22_text_cut_at_every_length_gives_whole_rows_only(write: Writer) -> None:
    for length in range(len(HEADER) + 1, len(TEXT)):
        if not _splits(length):
            _cut(write, length)


def test_x22_text_cut_within_a_character_gives_whole_rows_only(write: Writer) -> None:
    for length in range(len(HEADER) + 1, len(TEXT)):
        if _splits(length):
            _cut(write, length)


@pytest.mark.parametrize(
    "pack",
    [lambda c: gzip.compress(c, mtime=0), lambda c: archive([member("a.csv", c)]), lambda _: xlsx(SHEET)],
    ids=["gzip", "zip", "xlsx"],
)
def test_x22_a_packed_file_cut_at_every_length_is_refused(write: Writer, pack: Callable[[bytes], bytes]) -> None:
    whole = pack(TEXT)
    assert outcome(write, whole, "a.bin") is not None
    for length in range(4, len(whole)):
        assert outcome(write, whole[:length], "a.bin") is None, length


# X22: one bit changed


@pytest.mark.parametrize("seed", [1, 2])
def test_x22_a_flipped_bit_in_text_touches_its_own_line_only(write: Writer, seed: int) -> None:
    for at, content in flipped(TEXT, seed):
        taken = outcome(write, content, "a.csv")
        if taken is None:
            continue
        line = TEXT.count(b"\n", 0, at)
        touched = {line, line + 1} if TEXT[at : at + 1] == b"\n" else {line}
        found = rows_of(taken)
        if 0 in touched:
            assert [row for row in found if row in ROWS] == found[-len(ROWS) :], at
            continue
        safe = [row for n, row in enumerate(ROWS, 1) if n not in touched]
        assert [row for row in found if row in safe] == safe, at
        assert len(found) <= len(safe) + 2, at


@pytest.mark.parametrize(
    ("pack", "seed"),
    [(lambda c: gzip.compress(c, mtime=0), 3), (lambda c: archive([member("a.csv", c)]), 4)],
    ids=["gzip", "zip"],
)
def test_x22_a_flipped_bit_in_a_packed_file_changes_no_cell(write: Writer, pack: Callable[[bytes], bytes], seed: int) -> None:
    whole, refused = pack(TEXT), 0
    for at, content in flipped(whole, seed):
        taken = outcome(write, content, "a.bin")
        refused += taken is None
        assert taken is None or rows_of(taken) == ROWS, at
    assert refused > FLIPS // 2


def test_x22_a_flipped_bit_in_a_workbook_changes_no_cell(write: Writer) -> None:
    whole = xlsx(SHEET)
    honest = outcome(write, whole, "a.xlsx")
    assert honest is not None
    for at, content in islice(flipped(whole, 5), FLIPS // 3):
        taken = outcome(write, content, "a.xlsx")
        assert taken is None or taken.rows == honest.rows, at


# X23: two readers


FEW = 25


def _delimited(shared: Path) -> Iterator[tuple[Path, Source]]:
    daily = 0
    for path in sorted((shared / "data").rglob("*")):
        if path.is_file():
            daily += path.parent.name == "by-day"
            if path.parent.name == "by-day" and daily % FEW:
                continue
            try:
                source = open_source(path)
            except SourceError:
                continue
            if source.kind == "delimited":
                yield path, source


def test_x23_python_s_csv_sees_the_same_cells_in_every_real_file(shared: Path) -> None:
    seen = 0
    for path, source in _delimited(shared):
        try:
            reading, blocks = read(source)
        except SourceError:
            continue
        decided = {name: decision.value for name, decision in reading.decisions.items()}
        if reading.kind != "delimited" or len(str(decided["delimiter"])) > 1 or decided.get("escape"):
            continue  # csv knows no such dialect
        second, third = (_second(source, decided, blanks=blanks) for blanks in (False, True))
        for block in blocks:
            columns = [column.to_pylist() for column in block.table.columns]
            for number, cells in zip(block.record.tolist(), zip(*columns, strict=True), strict=True):
                # A quote behind a delimiter and blanks opens a cell for us where the record then fits.
                opened = len(second[number - 1]) != len(third[number - 1]) == len(cells)
                other = third[number - 1] if opened else second[number - 1]
                assert [cell or "" for cell in cells] == other[: len(cells)], (path.name, number)
                assert not any(cell.strip() for cell in other[len(cells) :]), (path.name, number)
                seen += 1
    assert seen > 300_000


def _second(source: Source, decided: Mapping[str, object], *, blanks: bool) -> list[list[str]]:
    """Records of a file by Python's csv, by the dialect that was decided."""
    text = b"".join(source.content()).decode(str(decided["encoding"])).removeprefix("\ufeff")
    ends = {"cr": "\r", "any": "\r\n|\r|\n"}.get(str(decided["record_ends"]), "\n")
    pieces = re.findall(f"(?s).*?(?:{ends})|.+$", text)
    delimiter, quote = str(decided["delimiter"] or "\x1f"), str(decided["quote"] or '"')
    if blanks:
        pieces = [re.sub(f"(^|{re.escape(delimiter)}) +(?={re.escape(quote)})", r"\1", piece) for piece in pieces]
    return list(csv.reader(pieces, delimiter=delimiter, quotechar=quote))


def test_a_workbook_cut_before_its_directory_is_called_cut(shared: Path, tmp_path: Path) -> None:
    content = (shared / "data/readxl-workbooks/datasets.xls").read_bytes()
    for part in (0.2, 0.5, 0.8):
        path = tmp_path / "a.xls"
        path.write_bytes(content[: int(part * len(content))])
        with pytest.raises(SourceError) as caught:
            read(path)
        assert caught.value.code == "SOURCE-TRUNCATED"


def test_a_file_packed_twice_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(gzip.compress(b"id;name\n1;Ute\n")))
    with pytest.raises(SourceError) as caught:
        read(path)
    assert "packed twice" in caught.value.message
