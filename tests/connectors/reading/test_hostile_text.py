"""Text that makes readers lose, shift or invent rows: X10 to X17 of the catalogue of faults."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read
from contracts.errors import SourceError
from tests.connectors.reading import hostile
from tests.connectors.reading.conftest import Taken, Taker, Writer, attempt
from tests.connectors.reading.hostile import cost

COUNT = 60
HEADER = "id;name;town;pay"


def line(n: int) -> str:
    """A row of four cells, with signs outside ASCII."""
    return f"{n};Jörg {n};Münster {n % 7};{n % 50},50"


def lines(count: int = COUNT) -> list[str]:
    """A header and its rows."""
    return [HEADER, *map(line, range(1, count + 1))]


def text(rows: list[str]) -> str:
    """Lines as a file."""
    return "\n".join(rows) + "\n"


def cells(n: int) -> dict[str, str]:
    """The row that `line` makes."""
    return dict(zip(HEADER.split(";"), line(n).split(";"), strict=True))


def honest(taken: Taken, but: int, count: int = COUNT) -> None:
    """All rows but one are there, unchanged and on their lines."""
    assert taken.rows == [cells(n) for n in range(1, count + 1) if n != but]
    assert taken.line == [n + 1 for n in range(1, count + 1) if n != but]


def code(path: Path, hints: ReadingHints | None = None) -> str:
    """With which a file is refused."""
    with pytest.raises(SourceError) as caught:
        list(read(path, hints)[1])
    assert caught.value.hint
    return caught.value.code


# X10: not shaped like a table


def _poured(path: Path, piece: bytes, times: int) -> Path:
    with path.open("wb") as file:
        for _ in range(times):
            file.write(piece)
    return path


@pytest.mark.parametrize(
    ("piece", "times"),
    [(b"a" * (1 << 20), 300), (b"a," * (1 << 19), 300), (b'id;name\n1;"' + b"x" * (100 << 20), 1)],
    ids=["a line of 300 MiB", "a line of 150 million cells", "a cell of 100 MiB never closed"],
)  # fmt: skip
def test_x10_one_endless_line_is_refused_in_little_memory(tmp_path: Path, piece: bytes, times: int) -> None:
    path = _poured(tmp_path / "a.csv", piece, times)
    taken = cost(path)
    path.unlink()
    assert taken.code == "SOURCE-TOO-LARGE"
    assert taken.megabytes < 200 * hostile.SLACK
    assert taken.seconds < 3 * hostile.SLACK


@pytest.mark.parametrize("columns", [1_000_000, 100_000])
def test_x10_a_million_columns_are_refused_in_little_memory(write: Writer, columns: int) -> None:
    content = ",".join(f"c{n}" for n in range(columns)) + "\n" + (",".join(["1"] * columns) + "\n") * 3
    taken = cost(write(content))
    assert taken.code == "SOURCE-TOO-LARGE"
    assert taken.megabytes < 200 * hostile.SLACK
    assert taken.seconds < 3 * hostile.SLACK


def test_x10_a_long_cell_within_the_limit_is_read_exactly(take: Taker) -> None:
    long = "x" * (5 << 20)
    taken = take(f"id;note\n1;{long}\n2;b\n3;c\n")
    assert [row["note"] for row in taken.rows] == [long, "b", "c"]


# X11, X12: more or fewer values than names


@pytest.mark.parametrize("surplus", [1, 2, 5])
def test_x11_more_values_than_names_in_every_row_is_an_error(write: Writer, surplus: int) -> None:
    rows = [HEADER, *(line(n) + f";x{n}" * surplus for n in range(1, COUNT + 1))]
    assert code(write(text(rows))) == "HEADER-NARROW"


def test_x11_empty_values_beyond_the_names_shift_nothing(take: Taker) -> None:
    taken = take(text([HEADER, *(line(n) + ";" for n in range(1, COUNT + 1))]))
    honest(taken, 0)


@pytest.mark.parametrize("at", [1, 2, 30, 59, 60])
@pytest.mark.parametrize(
    "change", [lambda row: row + ";surplus", lambda row: row.rpartition(";")[0], lambda row: "x", lambda row: row + ";" * 9 + "y"]
)
def test_x12_a_row_of_another_width_is_set_aside_where_it_is(take: Taker, at: int, change: object) -> None:
    rows = lines()
    rows[at] = change(rows[at])  # type: ignore[operator]
    taken = take(text(rows))
    honest(taken, at)
    assert taken.aside[1:] == [(at + 1, at + 1, "ragged", rows[at])]


def test_x12_many_rows_of_another_width_are_all_named(take: Taker) -> None:
    rows = lines()
    bad = [n for n in range(1, COUNT + 1) if n % 7 in (0, 3)]
    for n in bad:
        rows[n] = rows[n] + ";z" if n % 2 else rows[n].rpartition(";")[0]
    taken = take(text(rows))
    assert taken.reasons == [(1, "header"), *((n + 1, "ragged") for n in bad)]
    assert taken.rows == [cells(n) for n in range(1, COUNT + 1) if n not in bad]


# X13: quotes that are not closed


PLACES = [(at, cell) for at in range(1, COUNT + 1) for cell in (1, 3)]


@pytest.mark.parametrize(("at", "cell"), PLACES)
def test_x13_an_unclosed_quote_costs_its_row_alone(take: Taker, at: int, cell: int) -> None:
    rows = lines()
    parts = rows[at].split(";")
    parts[cell] = '"' + parts[cell]
    rows[at] = ";".join(parts)
    taken = take(text(rows))
    honest(taken, at)
    assert [(number, reason) for number, reason in taken.reasons if reason != "header"] in (
        [(at + 1, "unclosed_quote")], [(at + 1, "ragged")],
    )  # fmt: skip


@pytest.mark.parametrize(("first", "second"), [(1, 60), (5, 50), (20, 22), (1, 2), (30, 31)])
def test_x13_two_unclosed_quotes_swallow_nothing_between(take: Taker, first: int, second: int) -> None:
    rows = lines()
    for at in (first, second):
        rows[at] = rows[at].replace(";Jörg", ';"Jörg')
    taken = take(text(rows))
    between = [cells(n) for n in range(1, COUNT + 1) if n not in (first, second)]
    assert taken.rows == between
    assert {number for number, reason in taken.reasons if reason != "header"} == {first + 1, second + 1}


@pytest.mark.parametrize("at", [1, 30, 60])
def test_x13_an_unclosed_quote_among_quoted_rows(take: Taker, at: int) -> None:
    rows = [HEADER, *(f'{n};"Jörg; {n}";"Münster";{n},5' for n in range(1, COUNT + 1))]
    rows[at] = rows[at].replace(f'{at}";', f"{at};")
    taken = take(text(rows))
    assert [row["id"] for row in taken.rows] == [str(n) for n in range(1, COUNT + 1) if n != at]
    assert all(row["name"] == f"Jörg; {row['id']}" and row["town"] == "Münster" for row in taken.rows)


# X14: bytes that end a text for some readers


@pytest.mark.parametrize("at", [1, 30, 60])
@pytest.mark.parametrize("sign", ["\x00", "\x00" * 5])
def test_x14_a_nul_in_a_value_is_reported_and_cuts_nothing(take: Taker, at: int, sign: str) -> None:
    rows = lines()
    rows[at] = rows[at].replace("Jörg", f"Jö{sign}rg")
    taken = take(text(rows))
    honest(taken, at)
    assert taken.aside[1:] == [(at + 1, at + 1, "undecodable", rows[at])]


@pytest.mark.parametrize("size", [1, 4096, 1 << 20])
def test_x14_a_block_of_nuls_between_rows_is_reported(take: Taker, size: int) -> None:
    rows = lines()
    content = text(rows[:31]) + "\x00" * size + "\n" + text(rows[31:])
    taken = take(content)
    assert taken.rows == [cells(n) for n in range(1, COUNT + 1)]
    assert taken.reasons == [(1, "header"), (32, "undecodable")]


def test_x14_a_block_of_nuls_over_rows_is_reported(take: Taker) -> None:
    content = bytearray(text(lines()).encode())
    at = content.index(b"\n30;") + 6
    content[at : at + 100] = b"\x00" * 100
    taken = take(bytes(content))
    kept = [row for row in taken.rows if row["id"] is not None]
    assert kept == [cells(n) for n in range(1, COUNT + 1) if n < 30 or cells(n) in kept]
    assert len(kept) >= COUNT - 6
    assert "undecodable" in {reason for _, reason in taken.reasons}


def test_x14_nuls_behind_the_last_row_are_reported(take: Taker) -> None:
    taken = take(text(lines()).encode() + b"\x00" * 3000)
    honest(taken, 0)
    assert taken.reasons == [(1, "header"), (COUNT + 2, "undecodable")]


@pytest.mark.parametrize("at", [1, 30, 60])
def test_x14_control_z_ends_nothing(take: Taker, at: int) -> None:
    rows = lines()
    rows[at] = rows[at].replace("Jörg", "Jö\x1arg")
    taken = take(text(rows) + "\x1a")
    assert [row["name"] for row in taken.rows] == [cells(n)["name"].replace("ö", "ö\x1a" if n == at else "ö") for n in range(1, COUNT + 1)]
    assert [reason for _, reason in taken.reasons] == ["header", "ragged"]


# X15: line ends


@pytest.mark.parametrize("at", [1, 30, 60])
@pytest.mark.parametrize("quoted", [False, True])
def test_x15_a_lone_return_in_a_cell_makes_no_second_record(take: Taker, at: int, quoted: bool) -> None:
    rows = lines()
    rows[at] = rows[at].replace(f"Jörg {at}", f'"Jörg\r{at}"' if quoted else f"Jörg\r{at}")
    taken = take("\r\n".join(rows) + "\r\n")
    assert [row["name"] for row in taken.rows] == [f"Jörg\r{n}" if n == at else f"Jörg {n}" for n in range(1, COUNT + 1)]


@pytest.mark.parametrize("ends", [["\n", "\r\n"], ["\n", "\r"], ["\r\n", "\r"], ["\n", "\r\n", "\r"]])
def test_x15_mixed_line_ends_and_blank_lines_make_the_same_records(take: Taker, ends: list[str]) -> None:
    rows = lines()
    rows[20:20] = [""]
    rows[40:40] = ["", ""]
    content = "".join(row + ends[n % len(ends)] for n, row in enumerate(rows))
    taken = take(content)
    second = [dict(zip(HEADER.split(";"), row, strict=True)) for row in csv.reader(_split(content), delimiter=";") if row][1:]
    assert taken.rows == second == [cells(n) for n in range(1, COUNT + 1)]
    assert [reason for _, reason in taken.reasons] == ["header"] + ["blank"] * (_split(content)[:-1].count(""))


def _split(content: str) -> list[str]:
    return content.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_x15_line_ends_in_quoted_cells_stay_in_them(take: Taker, end: str) -> None:
    rows = [HEADER, *(f'{n};"Jörg\r\n{n}\n\n";"a\rb";{n},5' for n in range(1, COUNT + 1))]
    taken = take(end.join(rows) + end)
    assert [row["name"] for row in taken.rows] == [f"Jörg\r\n{n}\n\n" for n in range(1, COUNT + 1)]
    assert {row["town"] for row in taken.rows} == {"a\rb"}


# X16: encodings


def _positions(content: bytes) -> Iterator[int]:
    yield from range(len(HEADER) + 1, len(content), 7)


@pytest.mark.parametrize(
    "bad", [b"\xff", b"\xc3", b"\xa0\x80", b"\xed\xa0\x80", b"\xc0\xaf"], ids=["ff", "cut", "stray", "surrogate", "overlong"]
)
def test_x16_a_byte_that_is_no_utf8_costs_its_record_wherever_it_is(write: Writer, bad: bytes) -> None:
    whole = text(lines(30)).encode()
    for at in _positions(whole):
        content = whole[:at] + bad + whole[at:]
        taken = attempt(lambda content=content: read(write(content)))  # type: ignore[misc]
        assert isinstance(taken, Taken)
        hit = whole.count(b"\n", 0, at)
        assert str(taken.reading.decisions["encoding"].value) == "utf-8", at
        assert taken.rows == [cells(n) for n in range(1, 31) if n != hit], at
        assert taken.reasons == [(1, "header"), (hit + 1, "undecodable")], at


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-16", "utf-32", "cp1252", "utf-8-sig"])
def test_x16_text_in_another_encoding_is_decoded_with_evidence(take: Taker, name: str) -> None:
    taken = take(text(lines()).encode(name))
    honest(taken, 0)
    decision = taken.reading.decisions["encoding"]
    assert decision.evidence
    assert decision.confidence > 0.7


@pytest.mark.parametrize("given", [None, "cp1252"])
def test_x16_bytes_that_are_nothing_in_the_encoding_are_quarantined(take: Taker, given: str | None) -> None:
    rows = [row.encode("cp1252") for row in lines()]
    rows[30] = rows[30].replace(b"J", b"\x81")
    taken = take(b"\n".join(rows) + b"\n", ReadingHints(encoding=given))
    honest(taken, 30)
    assert taken.reasons == [(1, "header"), (31, "undecodable")]


def test_x16_text_encoded_twice_stays_as_it_is(take: Taker) -> None:
    twice = text(lines()).encode().decode("cp1252")
    taken = take(twice.encode())
    assert taken.reading.decisions["encoding"].value == "utf-8"
    assert [row["name"] for row in taken.rows] == [f"JÃ¶rg {n}" for n in range(1, COUNT + 1)]


def test_x16_an_encoding_that_does_not_exist_is_named(write: Writer) -> None:
    assert code(write(text(lines())), ReadingHints(encoding="klingon")) == "SOURCE-ENCODING"


def test_x16_utf16_cut_within_a_character_is_reported(take: Taker, write: Writer) -> None:
    content = text(lines()).encode("utf-16")[:-3]
    taken = attempt(lambda: read(write(content)))
    if isinstance(taken, SourceError):
        assert taken.code == "SOURCE-TRUNCATED"
    else:
        assert taken.rows == [cells(n) for n in range(1, COUNT)]


# X17: files of nearly nothing


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"\n",
        b"   \n \n\t\n",
        b"\r\n\r\n",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\x00" * 500,
        b";;;\n;;;\n",
    ],
)
def test_x17_a_file_of_nothing_is_empty(write: Writer, content: bytes) -> None:
    assert code(write(content)) == "SOURCE-EMPTY"


@pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
def test_x17_a_header_alone_has_no_rows(take: Taker, end: str) -> None:
    taken = take(HEADER + end)
    assert taken.reading.header == tuple(HEADER.split(";"))
    assert (taken.rows, taken.reasons[0]) == ([], (1, "header"))


def test_x17_a_file_without_a_header_loses_no_row(take: Taker) -> None:
    taken = take(text(lines()[1:]))
    assert taken.reading.decisions["header_row"].value == 0
    assert taken.reading.header == ("column 1", "column 2", "column 3", "column 4")
    assert [tuple(row.values()) for row in taken.rows] == [tuple(cells(n).values()) for n in range(1, COUNT + 1)]


@pytest.mark.parametrize(
    "names", [["id", "id", "name", "id"], ["Name", "name", "NAME", " Name "], ["pay", "pay.2", "pay", "pay.2"], ["", "id", "x", "y"]]
)
def test_x17_names_that_repeat_are_told_apart_and_told(take: Taker, names: list[str]) -> None:
    taken = take(text([";".join(names), *(line(n) for n in range(1, COUNT + 1))]))
    header = taken.reading.header
    assert len(set(header)) == len(names)
    assert [tuple(row.values()) for row in taken.rows] == [tuple(cells(n).values()) for n in range(1, COUNT + 1)]
    evidence = taken.reading.decisions["columns"].evidence
    assert ("repeated names" in evidence) == (len({" ".join(n.split()) for n in names if n.strip()}) < len([n for n in names if n.strip()]))
    assert ("without a name" in evidence) == any(not n.strip() for n in names)


def test_x17_a_header_of_64_kilobytes(take: Taker) -> None:
    names = [f"A long name of column {n} " + "x" * 40 for n in range(1000)]
    rows = [";".join(names), *(";".join(str(n * k) for k in range(1000)) for n in range(1, 5))]
    taken = take(text(rows))
    assert taken.reading.header == tuple(names)
    assert [row[names[7]] for row in taken.rows] == ["7", "14", "21", "28"]


def test_x17_a_name_of_64_kilobytes(write: Writer) -> None:
    rows = ["id;" + "x" * 65_536 + ";pay", *(f"{n};a;{n}" for n in range(1, 9))]
    taken = attempt(lambda: read(write(text(rows))))
    assert isinstance(taken, Taken)
    assert [row["pay"] for row in taken.rows] == [str(n) for n in range(1, 9)]
