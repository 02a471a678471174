"""Codes that a workbook stores as numbers and shows with zeros before them: read as they are shown, in every kind of workbook."""

from __future__ import annotations

import struct

import pytest

from connectors.reading import biff, biff12, markup, number_format
from connectors.reading.block import NUMBER, TEXT
from tests.connectors.reading import sheets
from tests.connectors.reading.conftest import Taker

FORMATS = ("00000", "000-00-0000", "00000\\-0000;@", "0.00", "#,##0", "0", "yyyy-mm-dd")
VALUES = (1003, 78051120, 12345678, 7, 1234, 5, 45000)
SHOWN = ("01003", "078-05-1120", "01234-5678", "7", "1234", "5", "2023-03-15")


def workbook(prefix: str = "") -> bytes:
    """One column for each format, three rows."""
    formats = "".join(f'<numFmt numFmtId="{164 + n}" formatCode="{code}"/>' for n, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(FORMATS)))
    names = "".join(sheets.cell(n, 3, f"name {n}") for n in range(2, len(FORMATS) + 2))
    rows = f'<row r="3">{names}</row>'
    for row in range(4, 8):
        cells = "".join(f'<c r="{sheets.letters(n + 2)}{row}" s="{n + 1}"><v>{value}</v></c>' for n, value in enumerate(VALUES))
        rows += f'<row r="{row}">{cells}</row>'
    members = sheets.parts({"Kunden": sheets.wrapped(rows)})
    members["xl/styles.xml"] = (
        f'<styleSheet xmlns="{sheets.MAIN}"><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId="164"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
    )
    return sheets.packed(members)


def test_an_xlsx_gives_what_it_shows(take: Taker) -> None:
    taken = take(workbook(), name="a.xlsx")
    assert [tuple(row.values()) for row in taken.rows] == [SHOWN] * 4
    kinds = taken.blocks[0].kinds
    assert kinds is not None
    assert [int(kinds[f"name {n}"][0]) for n in range(2, 7)] == [TEXT, TEXT, TEXT, NUMBER, NUMBER]
    assert "4 in 'name 2' as 00000" in taken.reading.decisions["codes"].evidence


def test_a_workbook_without_such_formats_says_nothing_of_codes(take: Taker) -> None:
    taken = take(sheets.xlsx([["id", "zip"], [1.0, 1003.0], [2.0, 2.0]]), name="a.xlsx")
    assert "codes" not in taken.reading.decisions
    assert [row["zip"] for row in taken.rows] == ["1003", "2"]


def test_an_ods_gives_what_it_shows(take: Taker) -> None:
    def number(value: str, text: str) -> str:
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{text}</text:p></table:table-cell>'

    head = f"<table:table-row>{sheets.ods_cell('zip')}{sheets.ods_cell('ssn')}{sheets.ods_cell('pay')}</table:table-row>"
    row = number("1003", "01003") + number("78051120", "078-05-1120") + number("0.5", "0.50")
    other = number("90210", "90210") + number("178051120", "178-05-1120") + number("1234", "1 234")
    rows = f'<table:table-row table:number-rows-repeated="2">{row}</table:table-row><table:table-row>{other}</table:table-row>'
    taken = take(sheets.ods(head + rows), name="a.ods")
    assert [tuple(row.values()) for row in taken.rows] == [("01003", "078-05-1120", "0.5")] * 2 + [("90210", "178-05-1120", "1234")]


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


@pytest.mark.parametrize("wide", [True, False])
def test_an_xls_stream_tells_which_cells_are_codes(wide: bool) -> None:
    begin = record(biff.BEGIN, struct.pack("<HH", 0x0600 if wide else 0x0500, 5) + bytes(12))
    text = struct.pack("<HHB", 164, 5, 0) if wide else struct.pack("<HB", 164, 5)
    styles = record(biff.FORMAT, text + b"00000") + b"".join(record(biff.STYLE, struct.pack("<HH", 0, n) + bytes(16)) for n in (0, 164))
    plain = record(0x203, struct.pack("<HHHd", 0, 0, 1, 1003.0)) + record(0x203, struct.pack("<HHHd", 1, 0, 0, 1003.0))
    packed = record(0x27E, struct.pack("<HHHI", 2, 0, 1, 4014))
    many = record(biff.MULTIPLE, struct.pack("<HH", 3, 1) + struct.pack("<HIHI", 0, 4, 1, 8) + struct.pack("<H", 2))
    sheet = begin + plain + packed + many + record(biff.END, b"")
    name = b"\x01\x00A" if wide else b"\x01A"
    listed = record(biff.BOUNDSHEET, bytes(6) + name)
    start = len(begin + styles + listed + record(biff.END, b""))
    listed = record(biff.BOUNDSHEET, struct.pack("<IH", start, 0) + name + bytes(not wide))
    start = len(begin + styles + listed + record(biff.END, b""))
    listed = record(biff.BOUNDSHEET, struct.pack("<IH", start, 0) + name + bytes(not wide))
    found = biff.survey(begin + styles + listed + record(biff.END, b"") + sheet)["A"]
    assert {mask: {column: list(rows) for column, rows in columns.items()} for mask, columns in found.codes.items()} == {
        "00000": {1: [1, 3], 3: [4]}
    }
    assert found.cells == 5


def short(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + bytes([len(content)]) + content


def test_an_xlsb_tells_which_cells_are_codes() -> None:
    code = "00000".encode("utf-16-le")
    styles = short(biff12.FORMAT, struct.pack("<HI", 164, 5) + code) + short(626, b"") + short(biff12.STYLE, struct.pack("<HH", 0, 164))
    styles += (
        short(biff12.STYLES, b"")
        + b"".join(short(biff12.STYLE, struct.pack("<HH", 0, n)) for n in (0, 164))
        + short(biff12.STYLES_END, b"")
    )
    masks = biff12.masks(styles)
    assert masks == {1: "00000"}
    row = short(biff12.ROW, struct.pack("<I", 4) + bytes(9))
    cells = b"".join(
        short(kind, struct.pack("<II", column, style) + bytes(8)) for column, kind, style in ((0, 2, 1), (1, 2, 0), (2, 7, 1), (3, 5, 1))
    )
    found = biff12.survey(iter([row + cells]), masks)
    assert {column: list(rows) for column, rows in found.codes["00000"].items()} == {1: [5], 4: [5]}


@pytest.mark.parametrize("damage", [b"", b"<cellXfs>", b"<numFmts><numFmt numFmtId='x'/>", b"\xff" * 100])
def test_styles_that_are_none_give_no_masks(damage: bytes) -> None:
    assert markup.masks(damage) == {}
    assert biff12.masks(damage) == {}


@pytest.mark.parametrize("code", ["General", "0", "0%", "0.00", "#,##0", "@", "[<=99]00;000", "d/m/yy", "", '"0"0', "0" * 16])
def test_other_formats_are_no_masks(code: str) -> None:
    assert number_format.mask(code) is None
