"""What workbooks hold beside their values is seen in every kind of them: hidden rows and columns, merged cells, errors, filters."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from connectors.reading import biff, biff12, compound, guard, markup, merges, opendocument
from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read
from connectors.reading.source import open_source
from contracts.errors import Place, SourceError
from tests.connectors.reading.conftest import Taker, Writer
from tests.connectors.reading.sheets import ODS_SPACES, Rows, cell, ods, ods_cell, packed, parts, sheet_xml, wrapped

ROWS: Rows = [["id", "name"], [1.0, "Ute"], [2.0, "Max"]]


def record(kind: int, content: bytes) -> bytes:
    """A record of an xls stream."""
    return struct.pack("<HH", kind, len(content)) + content


def record12(kind: int, content: bytes) -> bytes:
    """A record of an xlsb part; kinds below 128, or of two bytes."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(content)]) + content


# xls


def xls_stream() -> bytes:
    """Two sheets: one with hidden rows 2 and 3, a hidden column, an error, a formula that fails and a filter; one with a single cell."""
    begin = record(biff.BEGIN, struct.pack("<HH", 0x0600, 0x10) + bytes(12))
    rows = b"".join(record(biff.ROW, struct.pack("<7HH", n, 0, 3, 255, 0, 0, 0x20 if n in (1, 2) else 0, 15)) for n in range(4))
    cells = b"".join(record(0x203, struct.pack("<HHHd", n, 0, 15, 1.0)) + record(0xFD, struct.pack("<HHHI", n, 1, 15, 0)) for n in range(4))
    error = record(biff.BOOLERR, struct.pack("<HHHBB", 4, 2, 15, 0x2A, 1)) + record(biff.BOOLERR, struct.pack("<HHHBB", 5, 2, 15, 1, 0))
    failed = record(biff.FORMULA, struct.pack("<HHH", 6, 2, 15) + b"\x02\x00\x07\x00\x00\x00\xff\xff" + bytes(8))
    columns = record(biff.COLUMNS, struct.pack("<5HH", 1, 1, 2000, 15, 1, 0)) + record(
        biff.COLUMNS, struct.pack("<5HH", 2, 2, 2000, 15, 0, 0)
    )
    chart = begin + record(biff.END, b"")
    many = record(biff.MULTIPLE, struct.pack("<HH", 7, 0) + bytes(12) + struct.pack("<H", 1))
    first = begin + columns + record(biff.FILTERED, b"") + chart + rows + cells + error + failed + many + record(biff.END, b"")
    second = begin + record(0x203, struct.pack("<HHHd", 0, 0, 15, 1.0)) + record(biff.END, b"")
    names = [(b"\x05\x00Daten", first), (b"\x02\x01" + "Łó".encode("utf-16-le"), second)]
    size = len(begin) + sum(10 + len(name) for name, _ in names) + 4
    listed, at = b"", size
    for name, sheet in names:
        listed, at = listed + record(biff.BOUNDSHEET, struct.pack("<IH", at, 0) + name), at + len(sheet)
    return begin + listed + record(biff.END, b"") + first + second


def test_an_xls_stream_is_seen_sheet_by_sheet() -> None:
    found = biff.survey(xls_stream())
    assert list(found) == ["Daten", "Łó"]
    sheet = found["Daten"]
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.errors, sheet.filtered) == (((2, 3),), ((2, 2),), 2, True)
    assert (sheet.bottom, sheet.right) == (8, 3)
    assert (found["Łó"].bottom, found["Łó"].right, found["Łó"].hidden_rows) == (1, 1, ())


def test_an_xls_stream_cut_anywhere_or_pointing_anywhere_is_no_trouble() -> None:
    whole = xls_stream()
    for length in range(len(whole)):
        biff.survey(whole[:length])
    for at in range(0, len(whole) - 4, 3):
        biff.survey(whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4 :])


def container(stream: bytes, name: str = "Workbook") -> bytes:
    """An OLE container of one stream: header, table, directory, and the stream in sectors from the third."""
    count = -(-len(stream) // 512)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[n + 3 for n in range(count - 1)], 0xFFFFFFFE, *[0xFFFFFFFF] * (126 - count))
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0), (name, 2, 2, len(stream))]
    directory = b"".join(
        text.encode("utf-16-le").ljust(64, b"\x00")
        + struct.pack("<HBB", 2 * len(text) + 2, kind, 1) + bytes(48) + struct.pack("<III", start, size, 0)
        for text, kind, start, size in entries
    )  # fmt: skip
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + struct.pack("<108I", *[0xFFFFFFFF] * 108)
    return head + table + directory.ljust(512, b"\x00") + stream.ljust(512 * count, b"\x00")


def test_a_stream_is_found_in_its_container_whatever_the_container_says() -> None:
    stream = bytes(range(256)) * 20
    whole = container(stream)
    assert compound.stream(whole, ("Workbook", "Book")) == stream
    assert compound.stream(whole, ("Other",)) == b""
    circle = bytearray(whole)
    struct.pack_into("<I", circle, 512 + 4 * 3, 2)  # the second sector is followed by the first again
    assert len(compound.stream(bytes(circle), ("Workbook",))) == len(stream)
    for length in range(0, len(whole), 97):
        compound.stream(whole[:length], ("Workbook",))


def test_real_xls_streams_are_found_whole(shared: Path) -> None:
    sight = guard.look(open_source(shared / "data/superstore/Sample - Superstore.xls"))
    assert [(name, sheet.bottom, sheet.right) for name, sheet in sight.sheets.items()] == [
        ("Orders", 9995, 21), ("Returns", 297, 2), ("People", 5, 2),
    ]  # fmt: skip
    assert sight.extras == ("macros",)


# xlsb


def xlsb_sheet() -> bytes:
    """Row 5 hidden, columns B to D hidden, an error, a merged range, a filter."""
    row = [record12(0, struct.pack("<IIHBBBI", n, 0, 300, 0, 0x10 if n == 4 else 0, 0, 0) + bytes(8)) for n in (3, 4)]
    cells = (
        record12(7, struct.pack("<III", 0, 0, 0)) + record12(5, struct.pack("<IId", 1, 0, 2.5)) + record12(3, struct.pack("<IIB", 2, 0, 7))
    )
    columns = record12(60, struct.pack("<IIIIH", 1, 3, 2000, 0, 1))
    tail = record12(176, struct.pack("<4I", 3, 4, 0, 1)) + record12(162, b"") + record12(1, struct.pack("<II", 900, 0))
    return columns + row[0] + cells + row[1] + cells + tail


@pytest.mark.parametrize("piece", [1, 7, 4096])
def test_an_xlsb_sheet_is_seen_wherever_the_stream_is_cut(piece: int) -> None:
    data = xlsb_sheet()
    sheet = biff12.survey(data[at : at + piece] for at in range(0, len(data), piece))
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.errors, sheet.filtered) == (((5, 5),), ((2, 4),), 2, True)
    assert (sheet.merged, sheet.ranges, sheet.bottom, sheet.right) == (1, ((3, 0, 4, 1),), 5, 3)


# ods


def ods_sheet() -> str:
    """Rows 3 and 4 hidden, column B hidden, merged header cells, a formula without a value, an error."""
    head = '<table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Pay</text:p></table:table-cell>'
    formula = '<table:table-cell table:formula="of:=1+1"/>'
    error = '<table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
    rows = [
        f"{ods_cell('Nr')}{head}<table:covered-table-cell/>", f"{ods_cell('x')}{ods_cell('net')}{ods_cell('gross')}",
        f"{ods_cell('1')}{ods_cell('a')}{formula}", f"{ods_cell('2')}{ods_cell('b')}{error}",
    ]  # fmt: skip
    hide = [' table:visibility="collapse"' if n > 1 else "" for n in range(4)]
    body = "".join(f"<table:table-row{hidden}>{cells}</table:table-row>" for cells, hidden in zip(rows, hide, strict=True))
    return f'<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>{body}'


@pytest.mark.parametrize("piece", [11, 300, 1 << 20])
def test_an_ods_sheet_is_seen_wherever_the_stream_is_cut(piece: int) -> None:
    data = f'<x {ODS_SPACES}><table:table table:name="A &amp; B">{ods_sheet()}</table:table></x>'.encode()
    sheet = opendocument.survey(data[at : at + piece] for at in range(0, len(data), piece)).sheets["A & B"]
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.errors) == (((3, 4),), ((2, 2),), 1)
    assert (sheet.ranges, dict(sheet.unstored), sheet.places) == (((0, 1, 0, 2),), {"C": 1}, ("C3",))
    assert (sheet.cells, sheet.bottom) == (10, 4)


def test_an_ods_workbook_tells_what_its_cells_do_not(take: Taker) -> None:
    decisions = take(ods(ods_sheet()), name="a.ods").reading.decisions
    assert decisions["hidden"].evidence.startswith("2 hidden rows (3 to 4) and 1 hidden columns")
    assert decisions["formulas"].value == 1
    assert decisions["merged"].value == 1


def test_rows_that_never_end_are_looked_at_once() -> None:
    data = b'<table:table table:name="S">' + b"<table:table-row>" * 60_000
    assert opendocument.survey(iter([data])).cells == 0


# xlsx


def test_hidden_rows_and_columns_are_read_and_named(take: Taker) -> None:
    rows = "".join(
        f'<row r="{n}"{" hidden=" + chr(34) + "1" + chr(34) if n in (2, 3, 5) else ""}>{cell(1, n, f"k{n}")}{cell(2, n, float(n))}</row>'
        for n in range(1, 7)
    )
    around = '<cols><col min="2" max="2" hidden="1"/></cols>'
    behind = '<autoFilter ref="A1:B6"><filterColumn colId="0"/></autoFilter>'
    head = f'<row r="1">{cell(1, 1, "id")}{cell(2, 1, "cost")}</row>'
    sheet = wrapped(head + rows[rows.index('<row r="2"') :], around, behind)
    taken = take(packed(parts({"S": sheet})), name="a.xlsx")
    assert len(taken.rows) == 5
    hidden = taken.reading.decisions["hidden"]
    assert hidden.value == 4
    assert hidden.evidence == "3 hidden rows (2 to 3, 5) and 1 hidden columns ('cost') are read like the others; a filter is set"


def test_rows_hidden_below_the_table_are_not_told(take: Taker) -> None:
    empty = '<row r="90" hidden="1"/><row r="91" hidden="1"/>'
    sheet = sheet_xml(ROWS).replace("</sheetData>", empty + "</sheetData>")
    assert "hidden" not in take(packed(parts({"S": sheet})), name="a.xlsx").reading.decisions


MERGED = '<mergeCells count="3"><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/><mergeCell ref="D1:E1"/></mergeCells>'


def test_a_merged_header_stands_above_all_its_columns(take: Taker) -> None:
    numbered: Rows = [[n, 1.5, 2.5, 3.5, 4.5] for n in (1.0, 2.0, 3.0)]
    rows: Rows = [["Nr", "North", None, "South", None], [None, "net", "gross", "net", "gross"], *numbered]
    sheet = sheet_xml(rows).replace("</worksheet>", MERGED + "</worksheet>")
    taken = take(packed(parts({"S": sheet})), name="a.xlsx")
    assert taken.reading.header == ("Nr", "North net", "North gross", "South net", "South gross")
    assert [reason for _, reason in taken.reasons] == ["header", "header"]
    assert taken.reading.decisions["header_row"].value == 1
    assert len(taken.rows) == 3
    assert taken.reading.decisions["merged"].evidence == "merged ranges: 3 above or beside the rows"


def test_a_title_merged_over_the_table_is_no_header(take: Taker) -> None:
    rows: Rows = [["Report of May", None], *ROWS]
    behind = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    taken = take(packed(parts({"S": sheet_xml(rows).replace("</worksheet>", behind + "</worksheet>")})), name="a.xlsx")
    assert taken.reading.header == ("id", "name")
    assert taken.reasons == [(1, "preamble"), (2, "header")]


def test_merged_cells_among_the_rows_are_not_filled_but_told(take: Taker) -> None:
    rows: Rows = [["id", "group", "pay"], [1.0, "A", 1.5], [2.0, None, 2.5], [3.0, "B", 3.5]]
    behind = '<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>'
    taken = take(packed(parts({"S": sheet_xml(rows).replace("</worksheet>", behind + "</worksheet>")})), name="a.xlsx")
    assert [row["group"] for row in taken.rows] == ["A", None, "B"]
    assert taken.reading.decisions["merged"].evidence == (
        "merged ranges: 1 among the rows, where only the first cell holds the value (B2:B3)"
    )


def test_a_given_header_row_goes_before_merged_cells() -> None:
    rows = [["North", "", "South", ""], ["x", "y", "x", "y"], ["1", "2", "3", "4"]]
    laid, cells = merges.decide(rows, [1, 2, 3], ReadingHints(header_row=2), [(0, 0, 0, 1), (0, 2, 0, 3)], Place())
    assert (laid.header, cells) == (1, ["x", "y", "x", "y"])


# Sheets


def test_a_stray_cell_far_below_a_cover_does_not_make_it_a_table(take: Taker) -> None:
    blank: Rows = [[None, None]] * 900
    cover: Rows = [["Sales", "2024"], ["by", "Ute"], *blank, ["x", "y"]]
    book = parts({"Cover": sheet_xml(cover), "Data": sheet_xml(ROWS + ROWS[1:] * 5)})
    assert take(packed(book), name="a.xlsx").reading.sheet == "Data"


def test_a_table_parted_over_sheets_is_told(take: Taker) -> None:
    book = parts({"2023": sheet_xml(ROWS), "2024": sheet_xml(ROWS + ROWS[1:]), "Codes": sheet_xml([["code", "text"], ["a", "b"]])})
    decision = take(packed(book), name="a.xlsx").reading.decisions["sheet"]
    assert (decision.value, decision.confidence) == ("2024", 0.3)
    assert decision.evidence.endswith("the same header in '2023', not read")


# Hostile ones


def refused(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        list(read(path)[1])
    return caught.value


def test_a_wide_sparse_sheet_is_refused(write: Writer) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>1</v></c></row><row r="200"><c r="A200"><v>1</v></c></row>'
    assert refused(write(packed(parts({"S": wrapped(far)})), "a.xlsx")).code == "SOURCE-BOMB"


def test_rows_repeated_to_millions_of_cells_are_refused(write: Writer) -> None:
    rows = f'<table:table-row table:number-rows-repeated="999">{ods_cell("a", 1000)}</table:table-row>' * 3
    assert refused(write(ods(rows), "a.ods")).code == "SOURCE-BOMB"


def test_a_far_cell_of_an_ods_sheet_is_refused(write: Writer) -> None:
    rows = f"<table:table-row>{ods_cell('a')}</table:table-row>"
    rows += '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    rows += f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{ods_cell("b")}</table:table-row>'
    assert refused(write(ods(rows), "a.ods")).code == "SOURCE-BOMB"


def test_a_text_of_millions_of_signs_is_refused(write: Writer) -> None:
    members: dict[str, str | bytes] = {**parts({"S": sheet_xml(ROWS)})}
    members["xl/sharedStrings.xml"] = b"<sst><si><t>" + b"a" * (3 << 20) + b"</t></si></sst>"
    assert refused(write(packed(members), "a.xlsx")).found == "a cell of more than 1 MiB of text"


def test_an_archive_that_is_two_kinds_of_workbook_is_refused_with_both(write: Writer) -> None:
    members = {**parts({"S": sheet_xml(ROWS)}), "mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}
    error = refused(write(packed(members), "a.xlsx"))
    assert error.code == "SOURCE-UNSAFE"
    assert "xlsx and ods" in "\n".join(error.lines())


def test_formats_far_away_span_nothing(write: Writer, take: Taker) -> None:
    far = '<row r="1048576"><c r="A1048576" s="1"/><c r="XFD1048576" s="1"></c></row>'
    rows = sheet_xml(ROWS).replace("</sheetData>", far + "</sheetData>")
    assert markup.extent(iter([rows.encode()])) == (3, 2)
    assert len(take(packed(parts({"S": rows})), name="a.xlsx").rows) == 2
