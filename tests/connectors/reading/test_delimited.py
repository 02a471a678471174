"""Delimited text: what a file is taken for, and where each of its records goes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.reading import delimited, inflate
from connectors.reading.block import BAD
from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read
from contracts.errors import SourceError
from tests.connectors.reading.conftest import Taker, Writer, attempt

ROWS = "id;name;pay\n1;Ute;2,50\n2;Jörg;3,50\n3;Käthe;4,00\n"
PEOPLE = [
    {"id": "1", "name": "Ute", "pay": "2,50"},
    {"id": "2", "name": "Jörg", "pay": "3,50"},
    {"id": "3", "name": "Käthe", "pay": "4,00"},
]


def refusal(call: Callable[[], object]) -> SourceError:
    with pytest.raises(SourceError) as caught:
        call()
    return caught.value


# Encodings


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (ROWS.encode(), "utf-8"), (ROWS.encode("utf-8-sig"), "utf-8"), (ROWS.encode("cp1252"), "cp1252"),
        (ROWS.encode("utf-16"), "utf-16-le"), (ROWS.encode("utf-16-le"), "utf-16-le"), (ROWS.encode("utf-16-be"), "utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with a mark", "cp1252", "utf-16 with a mark", "utf-16-le", "utf-16-be"],
)  # fmt: skip
def test_an_encoding_is_found(take: Taker, content: bytes, encoding: str) -> None:
    taken = take(content)
    assert taken.rows == PEOPLE
    decision = taken.reading.decisions["encoding"]
    assert str(decision.value).removesuffix("-sig") in (encoding, "utf-16")
    assert decision.evidence


def test_the_connector_s_encoding_goes_first(take: Taker) -> None:
    taken = take(ROWS.encode("cp850"), ReadingHints(encoding="cp850"))
    assert taken.rows == PEOPLE
    assert taken.reading.decisions["encoding"].given


def test_bytes_outside_the_encoding_are_quarantined_where_they_are(take: Taker) -> None:
    content = ROWS.encode() + b"4;R\xf6\xffb;1,00\n5;Ilse;2,00\n"
    taken = take(content, ReadingHints(encoding="utf-8"))
    assert taken.reasons == [(1, "header"), (5, "undecodable")]
    assert [row["id"] for row in taken.rows] == ["1", "2", "3", "5"]


def test_a_nul_quarantines_its_record_and_cuts_nothing(take: Taker) -> None:
    taken = take(b"id;name\n1;U\x00te\n2;Max\n3;Jo\n")
    assert taken.reasons == [(1, "header"), (2, "undecodable")]
    assert [row["name"] for row in taken.rows] == ["Max", "Jo"]


# Records that are no rows


def test_preamble_totals_and_repeated_header_are_set_aside(take: Taker) -> None:
    content = (
        "Kundenliste\nExportdatum: 31.07.2026\n\nid;name;stadt;pay\n1;Ute;Kiel;2,5\nid;name;stadt;pay\n2;Max;Bonn;3\n;;;\n Summe;;;5,5\n"
    )
    taken = take(content + "Quelle: eigene Erhebung\n")
    assert taken.reasons == [
        (1, "preamble"), (2, "preamble"), (3, "blank"), (4, "header"), (6, "repeated_header"), (8, "blank"), (9, "total"), (10, "footer"),
    ]  # fmt: skip
    assert taken.line == [5, 7]
    assert taken.reading.decisions["preamble"].value == 3


def test_a_total_without_blanks_is_one_where_it_adds_up(take: Taker) -> None:
    rows = [f"{n};Name {n};{n},50" for n in range(1, 9)]
    assert take("\n".join(["id;name;pay", *rows, "8;Summe;40,00"])).reasons == [(1, "header"), (10, "total")]
    assert take("\n".join(["id;name;pay", *rows, "8;Summe;41,00"])).reasons == [(1, "header")]


def test_the_connector_s_words_for_total(take: Taker) -> None:
    content = ROWS + "Endstand;;10,00\n"
    assert take(content).reasons == [(1, "header")]
    assert take(content, ReadingHints(total_words=("endstand",))).reasons == [(1, "header"), (5, "total")]


@pytest.mark.parametrize(("record", "why"), [("2;Max", "ragged"), ("2;Max;3;4", "ragged"), ("2;Max;3;", "ragged"), ("", "blank")])
def test_a_record_of_another_width_is_no_row(take: Taker, record: str, why: str) -> None:
    taken = take(ROWS + record + "\n9;Eva;1,00\n")
    assert taken.reasons == [(1, "header"), (5, why)]
    assert taken.rows[-1]["id"] == "9"


def test_the_reasons_that_mean_a_fault_are_told_apart(take: Taker) -> None:
    taken = take(b'id;name\n1;Ute\n2;Max;x\n3;"open\n4;M\x00x\n5;Eva\n6;"Jo"\n7;Al\n')
    assert {reason for _, reason in taken.reasons if reason in BAD} == {"ragged", "undecodable", "unclosed_quote"}
    assert [row["id"] for row in taken.rows] == ["1", "5", "6", "7"]


# Quotes and line ends


@pytest.mark.parametrize("at", range(2, 12))
def test_an_unclosed_quote_costs_its_record_and_no_other(take: Taker, at: int) -> None:
    rows = [f'{n};"Name {n}";Ort' for n in range(1, 13)]
    rows[at - 1] = f'{at};"Name {at};Ort'
    taken = take("\n".join(["id;name;ort", *rows]) + "\n")
    assert taken.reasons == [(1, "header"), (at + 1, "unclosed_quote")]
    assert [row["id"] for row in taken.rows] == [str(n) for n in range(1, 13) if n != at]


def test_two_unclosed_quotes_far_apart_swallow_nothing_between(take: Taker) -> None:
    rows = [f"{n};Name {n};Ort" for n in range(1, 60)]
    rows[4], rows[50] = '5;"Name 5;Ort', '51;"Name 51;Ort'
    taken = take("\n".join(["id;name;ort", *rows]) + "\n", ReadingHints(quote='"'))
    assert taken.reasons == [(1, "header"), (6, "unclosed_quote"), (52, "unclosed_quote")]


def test_line_ends_delimiters_and_quotes_inside_quotes_are_text(take: Taker) -> None:
    taken = take('id;note\n1;"a\nb;c"\n2;"say ""hi"""\n3;""\n4;\n')
    assert [row["note"] for row in taken.rows] == ["a\nb;c", 'say "hi"', "", None]
    assert taken.line == [2, 4, 5, 6]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_of_every_kind(take: Taker, end: str, last: bool) -> None:
    content = ROWS.replace("\n", end)
    taken = take(content if last else content.removesuffix(end))
    assert taken.rows == PEOPLE
    assert taken.line == [2, 3, 4]


def test_mixed_line_ends_make_the_same_records(take: Taker) -> None:
    taken = take("id;name\r\n1;Ute\n2;Max\r\n3;Jo\n\r\n4;Al\r\n")
    assert [row["id"] for row in taken.rows] == ["1", "2", "3", "4"]
    assert taken.reasons == [(1, "header"), (5, "blank")]


def test_a_lone_carriage_return_stays_in_its_cell(take: Taker) -> None:
    rows = "".join(f"{n};Name {n};Ort\n" for n in range(40))
    taken = take("id;name;ort\n" + rows + "99;Na\rme;Ort\n")
    assert taken.rows[-1]["name"] == "Na\rme"
    assert len(taken.rows) == 41


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_delimiter_is_found(take: Taker, delimiter: str) -> None:
    taken = take("".join(delimiter.join(cells) + "\n" for cells in (("id", "name", "ort"), ("1", "Ute", "Kiel"), ("2", "Max", "Bonn"))))
    assert taken.reading.decisions["delimiter"].value == delimiter
    assert taken.rows[1] == {"id": "2", "name": "Max", "ort": "Bonn"}


# Headers


def test_a_header_alone_has_no_rows(take: Taker) -> None:
    taken = take("id;name;pay\n")
    assert (taken.rows, taken.reading.header, taken.reasons) == ([], ("id", "name", "pay"), [(1, "header")])


def test_a_file_without_a_header(take: Taker) -> None:
    taken = take("1;2,50;3\n2;3,50;4\n3;1,00;5\n")
    assert taken.reading.header == ("column 1", "column 2", "column 3")
    assert len(taken.rows) == 3


def test_names_are_unique_and_never_missing(take: Taker) -> None:
    assert take("id; Name ;Name;\n1;a;b;x\n2;c;d;y\n").reading.header == ("id", "Name", "Name.2", "column 4")


def test_rows_with_more_values_than_the_header_has_names(take: Taker) -> None:
    assert refusal(lambda: take("id;name\n" + "1;Ute;9\n" * 5)).code == "HEADER-NARROW"


def test_a_header_row_given_by_the_connector(take: Taker) -> None:
    content = "a;b\nid;name\n1;Ute\n"
    assert take(content, ReadingHints(header_row=2)).reading.header == ("id", "name")
    assert refusal(lambda: take(content, ReadingHints(header_row=9))).code == "HEADER-MISSING"


# Packed, empty, foreign


def zipped(content: bytes, *more: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("kunden.csv", *more):
            archive.writestr(name, content)
    return target.getvalue()


PACKERS = [gzip.compress, bz2.compress, lzma.compress, zipped]


@pytest.mark.parametrize("pack", PACKERS)
def test_packed_files_are_read_as_their_content(take: Taker, pack: Callable[[bytes], bytes]) -> None:
    assert take(pack(ROWS.encode()), name="misnamed.txt").rows == PEOPLE


@pytest.mark.parametrize("pack", PACKERS)
def test_a_packed_file_that_is_cut_is_refused(take: Taker, pack: Callable[[bytes], bytes]) -> None:
    whole = pack("".join(f"{n};Name {n * n}\n" for n in range(5000)).encode())
    for length in (len(whole) // 3, len(whole) - 3):
        assert refusal(lambda length=length: take(whole[:length])).code == "SOURCE-TRUNCATED"  # type: ignore[misc]


def test_an_archive_of_several_files_is_refused(take: Taker) -> None:
    assert refusal(lambda: take(zipped(ROWS.encode(), "other.csv"))).code == "SOURCE-KIND"


def test_a_bomb_is_refused(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "FREE", 1 << 20)
    assert refusal(lambda: take(gzip.compress(b"a;b\n" * (8 << 20)))).code == "SOURCE-BOMB"


@pytest.mark.parametrize("content", [b"", b" \n\n  \r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00\x00"])
def test_a_file_of_nothing_is_empty(take: Taker, content: bytes) -> None:
    assert refusal(lambda: take(content)).code == "SOURCE-EMPTY"


@pytest.mark.parametrize("content", [b"P", b"1", b"\xe4", b"ab", b"id\n"])
def test_a_file_of_a_sign_or_two_is_read(take: Taker, content: bytes) -> None:
    assert len(take(content).records) == 1


@pytest.mark.parametrize("content", [b"%PDF-1.7 ", b"<html><body>", bytes(range(1, 9)) * 99])
def test_a_file_of_another_kind_is_refused(take: Taker, content: bytes) -> None:
    assert refusal(lambda: take(content)).code == "SOURCE-KIND"


def test_a_missing_file(write: Writer) -> None:
    assert refusal(lambda: read(write("x").with_name("none.csv"))).code == "SOURCE-MISSING"


def test_a_line_without_end_is_refused(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "LONGEST", 1 << 16)
    assert refusal(lambda: take("id;name;" * (1 << 16))).code == "SOURCE-TOO-LARGE"


def test_more_columns_than_a_table_has_are_refused(take: Taker) -> None:
    line = ";".join("abcdefgh" * 3000)
    assert refusal(lambda: take(f"{line}\n{line}\n")).code == "SOURCE-TOO-LARGE"


# All of it


PIECES = st.sampled_from(
    ["1", "Ute", "Summe", "id", "", " ", '"', '""', '"a;b"', '"a\nb"', ";", ";", "\n", "\n", "\r\n", "\r", "\x00", "2,50", "ä"]
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
@given(st.lists(PIECES, max_size=60), st.sampled_from(["utf-8", "cp1252", "utf-16"]), st.integers(1, 50), st.booleans())
def test_every_record_is_a_row_or_set_aside(write: Writer, pieces: list[str], encoding: str, block_rows: int, headed: bool) -> None:
    text = ("id;name;pay\n7;Eva;1,5\n" if headed else "") + "".join(pieces)
    taken = attempt(lambda: read(write(text.encode(encoding)), ReadingHints(encoding=encoding), block_rows=block_rows))
    if isinstance(taken, SourceError):
        assert taken.code in ("SOURCE-EMPTY", "SOURCE-KIND", "HEADER-NARROW", "HEADER-WIDE") or (
            taken.code == "READER-DISAGREES" and "\r" in text.replace("\r\n", "")
        )
        return
    assert taken.records == list(range(1, len(taken.records) + 1))
    assert len(taken.records) == len(taken.rows) + len(taken.aside)
    if '"' not in text and "\r" not in text.replace("\r\n", ""):
        assert len(taken.records) == text.count("\n") + (not text.endswith("\n"))
    lines = sorted([*taken.line, *(line for line, _ in taken.reasons)])
    assert lines == sorted(set(lines))
    assert all(reason for _, reason in taken.reasons)


CLEAN = st.lists(
    st.tuples(*[st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8)] * 3), min_size=1, max_size=25
)  # fmt: skip


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
@given(CLEAN, st.sampled_from(["\n", "\r\n"]))
def test_a_well_quoted_file_loses_no_cell(write: Writer, rows: list[tuple[str, str, str]], end: str) -> None:
    lines = [["id", "name", "pay"], *([f"x{n}", "y", "z"] for n in range(3)), *rows]
    text = end.join(";".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines) + end
    _, blocks = read(write(text.encode()), ReadingHints(encoding="utf-8", delimiter=";", quote='"', header_row=1))
    found = list(blocks)
    cells = {r: tuple(row.values()) for b in found for r, row in zip(b.record.tolist(), b.table.to_pylist(), strict=True)}
    aside = {row["record"]: row["reason"] for b in found for row in b.aside.to_pylist()}
    for number, line in enumerate(lines[1:], 2):
        assert cells.get(number) == tuple(line) or aside.get(number) in ("blank", "total", "footer", "repeated_header")
