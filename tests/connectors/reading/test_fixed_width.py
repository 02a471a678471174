"""Fixed width: columns found over the whole file, never taken from a delimited file, never left to blanks as delimiters."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from connectors.reading import ruler
from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read
from contracts.errors import SourceError
from tests.connectors.reading.conftest import Taker, Writer, attempt

PEOPLE = [(f"{i:05}", ("Ute", "Maximilian", "Jo Ann")[i % 3], f"{i * 37 % 1000}.50", ("Köln", "Ulm")[i % 2]) for i in range(1, 61)]


def padded(rows: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[int] = (), end: str = "\n", gap: str = " ") -> str:
    """Rows in columns; those of some numbers stand at the right."""
    lines = (gap.join(c.rjust(w) if j in right else c.ljust(w) for j, (c, w) in enumerate(zip(row, widths, strict=True))) for row in rows)
    return "".join(line + end for line in lines)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_columns_are_found_without_a_word(take: Taker, end: str, encoding: str) -> None:
    taken = take(padded([("id", "first name", "pay", "city"), *PEOPLE], (7, 13, 8, 6), (2,), end).encode(encoding))
    assert taken.reading.kind == "fixed"
    assert taken.reading.header == ("id", "first name", "pay", "city")
    assert [tuple(row.values()) for row in taken.rows] == PEOPLE
    assert taken.line == list(range(2, 62))


def test_what_comes_late_in_the_file_moves_the_columns(take: Taker) -> None:
    rows = [(f"{i:04}", "Ute", "1.50") for i in range(2000)] + [("2000", "Maximilian August", "12.50")]
    taken = take(padded(rows, (6, 20, 6), (2,)))
    assert tuple(taken.rows[-1].values()) == rows[-1]
    assert len(taken.rows) == 2001


def test_a_line_across_columns_is_ragged_and_a_short_one_too(take: Taker) -> None:
    lines = padded([(f"{i:04}", "Ute", "1.50") for i in range(2000)], (6, 20, 6), (2,)).splitlines()
    lines[500], lines[600] = "x" * 34, "0600  Ute"
    taken = take("\n".join(lines) + "\n")
    assert taken.aside == [(501, 501, "ragged", "x" * 34), (601, 601, "ragged", "0600  Ute")]
    assert len(taken.rows) == 1998


def test_lines_without_the_blanks_at_their_end_are_whole(take: Taker) -> None:
    rows = [(f"{i:04}", "Ute", ("Köln am Rhein", "Ulm an der Donau", "Wiesbaden", "")[i % 4]) for i in range(90)]
    taken = take("\n".join(line.rstrip() for line in padded(rows, (6, 6, 20)).splitlines()) + "\n")
    assert taken.reading.kind == "fixed"
    assert [tuple(row.values()) for row in taken.rows] == [(a, b, c or None) for a, b, c in rows]


def test_widths_that_are_given_part_columns_that_touch(take: Taker) -> None:
    taken = take("AID44ANDERSON\n\nCID46UTE     x\nBID45MAX\n", ReadingHints(widths=(1, 4, 8), header_row=0))
    assert [tuple(row.values()) for row in taken.rows] == [("A", "ID44", "ANDERSON"), ("B", "ID45", "MAX")]
    assert taken.reasons == [(2, "blank"), (3, "ragged")]
    assert taken.reading.decisions["widths"].given


def test_bytes_that_are_no_text_set_one_record_aside(take: Taker) -> None:
    lines = padded(PEOPLE, (7, 13, 8, 6), (2,)).encode().split(b"\n")
    lines[20], lines[30] = lines[20].replace(b"0", b"\xff"), lines[30].replace(b"0", b"\x00")
    taken = take(b"\n".join(lines), ReadingHints(encoding="utf-8"))
    assert taken.reasons == [(21, "undecodable"), (31, "undecodable")]


def test_titles_repeated_headers_and_totals_are_set_aside(take: Taker) -> None:
    lines = padded([("id", "name", "pay"), *((f"{i:04}", "Ute", "1.50") for i in range(100))], (6, 20, 8), (2,)).splitlines()
    lines[50:50] = [lines[0]]
    taken = take("\n".join(["Customers as of 2024-01-01", "", *lines, "", "Total                       150.00"]) + "\n")
    assert len(taken.rows) == 100
    assert taken.reasons == [(1, "preamble"), (2, "blank"), (3, "header"), (53, "repeated_header"), (105, "blank"), (106, "total")]


DELIMITED = {
    "one blank between words of one length": "".join(f"{i:04} Ute {i % 7} x\n" for i in range(60)),
    "dates with times": "".join(f"2024-01-{i % 28 + 1:02} 12:00:00;A{i % 10};12.50\n" for i in range(60)),
    "padded with commas": "".join(f"{i:04},{'Ute' if i % 2 else 'Maximilian':<12}, {i:>5}\n" for i in range(60)),
    "padded with bars": "".join(f"{i:04} | {'Ute' if i % 2 else 'Maximilian':<12} | {i:>5}\n" for i in range(60)),
    "blanks behind semicolons": "".join(f"{'Ute;' if i % 2 else 'Maximilian;':<14}{i * 7:>6}\n" for i in range(60)),
    "tabs": "".join(f"{i:04}\t{'Ute' if i % 2 else 'Max Meier':<12}\t{i:>5}\n" for i in range(60)),
}


@pytest.mark.parametrize("content", DELIMITED.values(), ids=DELIMITED)
def test_a_delimited_file_stays_one(take: Taker, content: str) -> None:
    assert take(content).reading.kind == "delimited"


def test_names_with_commas_do_not_divide_padded_lines(take: Taker) -> None:
    rows = [(f"{i:04}", ("Meier, Ute", "Schmidt, Max")[i % 2], "1.50") for i in range(80)]
    taken = take(padded(rows, (6, 20, 6), (2,)))
    assert [tuple(row.values()) for row in taken.rows] == rows


def test_prose_is_no_table_of_columns(take: Taker) -> None:
    words = [
        "the",
        "sender",
        "of",
        "a",
        "file",
        "knows",
        "what",
        "is",
        "in",
        "it",
        "and",
        "we",
        "do",
        "not",
        "so",
        "look",
        "before",
        "saying",
    ]
    lines = [" ".join(words[(i * 7 + j * 3) % len(words)] for j in range(12)) for i in range(40)]
    assert take("\n".join(lines) + "\n").reading.kind == "delimited"


def test_a_line_beyond_all_measure_is_refused(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruler, "LONGEST", 1000)
    with pytest.raises(SourceError) as caught:
        take("ab cd\n" * 9 + "x" * 9000, ReadingHints(widths=(2, 3)))
    assert caught.value.code == "SOURCE-TOO-LARGE"


# What holds always

CELLS = st.text(st.sampled_from("abcäß019.-/"), min_size=1, max_size=9)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
@given(st.data())
def test_what_is_written_is_read(write: Writer, data: st.DataObject) -> None:
    count, width = data.draw(st.integers(8, 40)), data.draw(st.integers(2, 6))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=count, max_size=count))
    widths = [max(len(row[j]) for row in rows) + 2 for j in range(width)]
    block_rows = data.draw(st.integers(1, 50))
    text = padded(rows, widths, gap="")
    taken = attempt(lambda: read(write(text), ReadingHints(widths=tuple(widths), header_row=0), block_rows=block_rows))
    assert not isinstance(taken, SourceError)
    assert taken.records == list(range(1, count + 1))
    got = {record: list(row.values()) for b in taken.blocks for record, row in zip(b.record.tolist(), b.table.to_pylist(), strict=True)}
    assert all(got[number] == row for number, row in enumerate(rows, 1) if number in got)
    assert len(got) + len(taken.aside) == count
    found = attempt(lambda: read(write(text), ReadingHints(header_row=0)))
    assert not isinstance(found, SourceError)
    assume(found.reading.kind == "fixed" and len(found.reading.header) == width)
    assert [list(row.values()) for row in found.rows] == [list(row.values()) for row in taken.rows]


def test_many_lines_take_no_more_memory_than_few(tmp_path: Path) -> None:
    path = tmp_path / "many.txt"
    path.write_text(padded([(f"{i:07}", "Ute", f"{i}.50") for i in range(300_000)], (10, 60, 12), (2,)))
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom connectors.reading.reading import read\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "rows = sum(b.table.num_rows for b in read(Path(sys.argv[1]), block_rows=20_000)[1])\n"
        "print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    rows, grown = map(int, done.stdout.split())
    assert rows == 300_000
    assert grown < 200


# Real files


@pytest.mark.shared
@pytest.mark.parametrize(("name", "rows", "columns"), [("CDNOW_master.txt", 69_659, 4), ("CDNOW_sample.txt", 6_919, 5)])
def test_real_files_are_cut_as_their_words_are(take: Taker, shared: Path, name: str, rows: int, columns: int) -> None:
    path = shared / "data/cdnow" / name
    taken = take(path)
    words = [tuple(line.split()) for line in path.read_text().splitlines()][-rows:]
    assert len(taken.reading.header) == columns
    assert [tuple(row.values()) for row in taken.rows] == words


@pytest.mark.shared
def test_a_real_file_of_touching_columns_is_cut_by_its_schema(take: Taker, shared: Path) -> None:
    folder = shared / "data/csvkit-examples"
    with (folder / "census2000_geo_schema.csv").open() as file:
        spans = [(int(row["start"]) - 1, int(row["length"])) for row in csv.DictReader(file)]
    taken = take(folder / "usgeo_excerpt.upl", ReadingHints(widths=tuple(length for _, length in spans), header_row=0))
    lines = (folder / "usgeo_excerpt.upl").read_text().splitlines()
    expected = [tuple(line[start : start + length].strip() or None for start, length in spans) for line in lines]
    assert [tuple(row.values()) for row in taken.rows] == expected


# Several tables

FIRST = ["id    name      pay ", *(f"{n:03d}   Ute-{n:<5} {n}.50" for n in range(1, 30))]
WORDS = ("active", "blocked", "closed", "dead", "erased", "frozen", "gone")
SECOND = ["code  meaning         since     ", *(f"{word[0].upper()}     {word:<15} 2001-02-0{n}" for n, word in enumerate(WORDS, 1))]


@pytest.mark.parametrize("title", [[], ["Codes", ""], ["Codes"]])
@pytest.mark.parametrize("table", [None, 1, 2])
def test_tables_with_columns_of_their_own_are_told_apart(take: Taker, title: list[str], table: int | None) -> None:
    taken = take("\n".join([*FIRST, "", *title, *SECOND]) + "\n", ReadingHints(table=table), name="a.txt")
    assert taken.reading.kind == "fixed"
    other = len(FIRST) + 1
    if table == 2:
        assert taken.reading.header == ("code", "meaning", "since")
        assert [row["code"] for row in taken.rows] == [word[0].upper() for word in WORDS]
        assert taken.rows[0]["meaning"] == "active"
        assert {reason for line, reason in taken.reasons if line < other} == {"other_table"}
    else:
        assert taken.reading.header == ("id", "name", "pay")
        assert [row["id"] for row in taken.rows] == [f"{n:03d}" for n in range(1, 30)]
        assert [reason for line, reason in taken.reasons if line > other and reason != "blank"] == ["other_table"] * (
            len(SECOND) + len([line for line in title if line])
        )


def test_a_table_that_is_not_there_is_refused(take: Taker) -> None:
    with pytest.raises(SourceError) as caught:
        take("\n".join([*FIRST, "", *SECOND]) + "\n", ReadingHints(table=3), name="a.txt")
    assert caught.value.code == "TABLE-MISSING"


def test_blank_lines_within_a_table_part_nothing(take: Taker) -> None:
    taken = take("\n".join([*FIRST[:15], "", *FIRST[15:]]) + "\n", name="a.txt")
    assert len(taken.rows) == 29
    assert taken.reasons == [(1, "header"), (16, "blank")]
