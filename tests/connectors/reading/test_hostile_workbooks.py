"""Workbooks that want memory, secrets or silence: X4 to X9 and X21 of the catalogue of faults."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

from connectors.reading.block import BAD, NUMBER, UNSTORED
from connectors.reading.reading import read, sheets
from contracts.errors import SourceError
from tests.connectors.reading import hostile
from tests.connectors.reading.conftest import Taken, Taker, Writer, attempt
from tests.connectors.reading.hostile import Member, archive, cost, member, repeated
from tests.connectors.reading.sheets import MAIN, Rows, ods, ods_cell, packed, parts, sheet_xml, wrapped, xlsx

ROWS: Rows = [["id", "name"], [1.0, "Ute"], [2.0, "Max"]]
SECRET = "canary-secret"
MEGABYTES, SECONDS = 200, 0.5
"""What refusing a workbook may take."""


def refusal(path: Path) -> SourceError:
    """Why a file is refused."""
    with pytest.raises(SourceError) as caught:
        list(read(path)[1])
    assert caught.value.hint
    return caught.value


def refused_cheaply(path: Path, *codes: str) -> None:
    """Refused by one of these codes in little time and memory, whoever does it: this process or its child."""
    taken = cost(path)
    assert taken.code in codes
    assert taken.megabytes < MEGABYTES * hostile.SLACK
    assert taken.child_megabytes < MEGABYTES * hostile.SLACK
    assert taken.seconds + taken.child_seconds < SECONDS * hostile.SLACK


def put(book: Mapping[str, str], **changed: str | bytes) -> dict[str, str | bytes]:
    """A workbook's members with others in their place; names without their folders."""
    return {**book, **{next((n for n in book if n.endswith(name)), name): content for name, content in changed.items()}}


# X4: one string of hundreds of megabytes


def _long_string(ratio: str, size: int = 300 << 20) -> bytes:
    block = b"a" * hostile.BLOCK if ratio == "steep" else _mixed(hostile.BLOCK)
    start, end = f'<sst xmlns="{MAIN}"><si><t>'.encode(), b"</t></si></sst>"
    body = repeated(block, size // len(block))
    crc = zlib.crc32(start)
    for _ in range(size // len(block)):
        crc = zlib.crc32(block, crc)
    pack = zlib.compressobj(6, zlib.DEFLATED, -15)
    head = pack.compress(start) + pack.flush(zlib.Z_FULL_FLUSH)
    middle = body.removesuffix(hostile.deflated(b""))
    strings = Member("xl/sharedStrings.xml", head + middle + hostile.deflated(end), len(start) + len(end) + size, zlib.crc32(end, crc))
    rows = wrapped('<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>0</v></c></row>')
    book = put(parts({"S": rows}), **{"xl/_rels/workbook.xml.rels": _with_strings(parts({"S": rows})["xl/_rels/workbook.xml.rels"])})
    return archive([*(member(name, str(content).encode()) for name, content in book.items()), strings])


def _mixed(size: int) -> bytes:
    """Letters that pack about 150 to one: fewer than a bomb does."""
    scrap = b"".join(b"%07d" % (n * 7919 % 10_000_019) for n in range(40))
    return (scrap * (size // len(scrap) + 1))[:size]


def _with_strings(links: str) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    return links.replace("</Relationships>", f'<Relationship Id="rId98" Type="{kind}" Target="sharedStrings.xml"/></Relationships>')


@pytest.mark.parametrize("ratio", ["steep", "flat"])
def test_x4_one_shared_string_of_300_megabytes_is_refused(write: Writer, ratio: str) -> None:
    path = write(_long_string(ratio), "a.xlsx")
    assert path.stat().st_size < 4 << 20
    refused_cheaply(path, "SOURCE-BOMB", "SOURCE-TOO-LARGE")


def test_x4_a_string_of_a_cell_s_length_is_read(take: Taker) -> None:
    long = "y" * 32_767
    assert [row["name"] for row in take(xlsx([*ROWS, [3.0, long]]), name="a.xlsx").rows] == ["Ute", "Max", long]


# X5: two cells far apart

CORNERS = {
    "with places": '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "places in another order": '<row><c s="0" r="A1"><v>1</v></c></row><row><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "text": '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row><row r="1048576"><c r="XFD1048576" t="str"><v>b</v></c></row>',
    "under a prefix": "",
    "quoted singly": "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
}


def _sparse(kind: str) -> bytes:
    if kind == "under a prefix":
        rows = CORNERS["with places"].replace("<", "<x:").replace("<x:/", "</x:")
        return packed(parts({"S": f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'}))
    return packed(parts({"S": wrapped(CORNERS[kind])}))


@pytest.mark.parametrize("kind", CORNERS)
def test_x5_two_cells_at_the_corners_are_refused(write: Writer, kind: str) -> None:
    path = write(_sparse(kind), "a.xlsx")
    assert path.stat().st_size < 3000
    refused_cheaply(path, "SOURCE-BOMB", "SOURCE-TOO-LARGE")


def test_x5_two_cells_at_the_corners_of_an_ods_are_refused(write: Writer) -> None:
    gap = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    far = f'<table:table-row><table:table-cell table:number-columns-repeated="16383"/>{ods_cell("b")}</table:table-row>'
    content = ods(f"<table:table-row>{ods_cell('a')}</table:table-row>{gap}{far}")
    refused_cheaply(write(content, "a.ods"), "SOURCE-BOMB", "SOURCE-TOO-LARGE")


def _record(kind: int, content: bytes = b"") -> bytes:
    """A record of an xlsb part: kind and length in groups of seven bits."""
    low = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    return low + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _xlsb(cells: Sequence[tuple[int, int, str]]) -> bytes:
    """A binary workbook of one sheet: row, column and text of its cells."""
    last = (max(row for row, _, _ in cells), max(column for _, column, _ in cells))
    rows = b"".join(
        _record(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
        + b"".join(_record(6, struct.pack("<II", c, 0) + _wide(t)) for r, c, t in cells if r == row)
        for row in sorted({row for row, _, _ in cells})
    )
    sheet = (
        _record(0x81) + _record(0x94, struct.pack("<IIII", 0, last[0], 0, last[1])) + _record(0x91) + rows + _record(0x92) + _record(0x82)
    )
    bundle = _record(0x9C, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("S"))
    book = _record(0x83) + _record(0x8F) + bundle + _record(0x90) + _record(0x9D, bytes(26)) + _record(0x84)
    links = parts({"S": ""})["xl/_rels/workbook.xml.rels"].replace("sheet1.xml", "sheet1.bin")
    main = parts({})["_rels/.rels"].replace("workbook.xml", "workbook.bin")
    types = parts({})["[Content_Types].xml"]
    names = ("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.bin.rels", "xl/workbook.bin", "xl/worksheets/sheet1.bin")
    return packed(dict(zip(names, (types, main, links.replace("styles.xml", "styles.bin"), book, sheet), strict=True)))


def test_x5_two_cells_at_the_corners_of_an_xlsb_are_refused(write: Writer, take: Taker) -> None:
    table = [(0, 0, "id"), (0, 1, "name"), (1, 0, "a"), (1, 1, "Ute"), (2, 0, "b"), (2, 1, "Max")]
    assert [row["name"] for row in take(_xlsb(table), name="b.xlsb").rows] == ["Ute", "Max"]
    refused_cheaply(write(_xlsb([*table, (1_048_575, 16_383, "far")]), "a.xlsb"), "SOURCE-BOMB", "SOURCE-TOO-LARGE")


@pytest.mark.parametrize("kind", ["blank", "styled"])
def test_x5_stray_formatting_at_the_corner_is_honest(take: Taker, kind: str) -> None:
    stray = '<c r="XFD1048576" s="1"/>' if kind == "styled" else '<c r="XFD1048576"/>'
    content = sheet_xml(ROWS).replace("</sheetData>", f'<row r="1048576">{stray}</row></sheetData>')
    taken = take(packed(parts({"S": content})), name="a.xlsx")
    assert [row["name"] for row in taken.rows] == ["Ute", "Max"]
    assert taken.reading.header == ("id", "name")


# X6: entities

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "empty": "<!DOCTYPE a>",
    "internal entity": '<!DOCTYPE a [<!ENTITY x "lol">]>',
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]>',
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file://{secret}">]>',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]>',
}
PARTS = ("workbook.xml", "workbook.xml.rels", ".rels", "styles.xml", "sheet1.xml", "[Content_Types].xml", "xl/sharedStrings.xml")


def _declared(content: str, doctype: str) -> str:
    return '<?xml version="1.0"?>' + doctype + content.removeprefix('<?xml version="1.0"?>')


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_x6_a_document_type_in_any_part_is_refused(write: Writer, doctype: str) -> None:
    book = parts({"Kunden": sheet_xml(ROWS)})
    for part in PARTS:
        honest = book.get(next((n for n in book if n.endswith(part)), ""), "<sst/>")
        path = write(packed(put(book, **{part: _declared(honest, DOCTYPES[doctype].replace("{secret}", "/etc/hostname"))})), "a.xlsx")
        assert refusal(path).code == "SOURCE-UNSAFE", part


def test_x6_the_secret_is_never_opened_and_nothing_is_called(write: Writer, tmp_path: Path) -> None:
    secret = tmp_path / SECRET
    secret.write_text(SECRET)
    doctype = DOCTYPES["external entity"].replace("{secret}", str(secret))
    for name, content in _with_entities(doctype).items():
        taken = cost(write(content, name))
        assert taken.code == "SOURCE-UNSAFE"
        assert taken.child_seconds == 0
        assert not [seen for seen in taken.seen if SECRET in seen or seen.startswith("socket.")]


def _with_entities(doctype: str) -> dict[str, bytes]:
    sheet = sheet_xml(ROWS).replace("Ute", "&x;")
    book = packed(put(parts({"S": sheet}), **{"sheet1.xml": _declared(sheet, doctype)}))
    content = ods(f"<table:table-row>{ods_cell('id')}</table:table-row>")
    return {"a.xlsx": book, "a.ods": _in_ods(content, doctype)}


def _in_ods(content: bytes, doctype: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        members = {name: whole.read(name).decode() for name in whole.namelist()}
    return packed({**members, "content.xml": _declared(members["content.xml"], doctype)})


# X7: what is beside cells

BESIDE = {
    "macros": ("xl/vbaProject.bin", "vba"),
    "links to other workbooks": ("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
    "embedded objects": ("xl/embeddings/oleObject1.bin", "ole"),
    "data connections": ("xl/connections.xml", '<connections><connection odcFile="http://127.0.0.1:9/x"/></connections>'),
    "controls": ("xl/activeX/activeX1.xml", "<ocx/>"),
}


@pytest.mark.parametrize("what", BESIDE)
def test_x7_what_is_beside_cells_is_listed_and_left_alone(write: Writer, what: str) -> None:
    name, content = BESIDE[what]
    path = write(packed({**parts({"S": sheet_xml(ROWS)}), name: content}), "a.xlsm")
    taken = attempt(lambda: read(path))
    assert isinstance(taken, Taken)
    assert [row["name"] for row in taken.rows] == ["Ute", "Max"]
    assert what in taken.reading.decisions["extras"].evidence


def test_x7_nothing_is_called_and_a_dde_cell_is_its_stored_text(write: Writer) -> None:
    dde = '<row r="4"><c r="A4"><v>3</v></c><c r="B4" t="str"><f>cmd|\'/c calc\'!A1</f><v>stored</v></c></row>'
    link = '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    rows = sheet_xml(ROWS).replace("</sheetData>", dde + "</sheetData>")
    path = write(packed({**parts({"S": rows}), "xl/externalLinks/externalLink1.xml": link}), "a.xlsx")
    taken = attempt(lambda: read(path))
    assert isinstance(taken, Taken)
    assert [row["name"] for row in taken.rows] == ["Ute", "Max", "stored"]
    assert not [seen for seen in cost(path).seen if seen.startswith("socket.")]


# X8: formulas without a stored value


def test_x8_formulas_without_a_value_are_reported_and_never_filled(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "pay", "twice"], [1, 2.5, "=B2*2"], [2, 3.5, "=B3*2"], [3, 4.0, 8.0]):
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    taken = attempt(lambda: read(path))
    assert isinstance(taken, Taken)
    assert [row["twice"] for row in taken.rows] == [None, None, "8"]
    told = taken.reading.decisions["formulas"]
    assert told.value == 2
    assert "2 in 'twice'" in told.evidence
    kinds = taken.blocks[0].kinds
    assert kinds is not None
    assert kinds["twice"].tolist() == [UNSTORED, UNSTORED, NUMBER]


def test_x8_a_row_of_nothing_but_such_formulas_is_quarantined(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "pay"], [1, 2.5], ["=A2+1", "=B2*2"], [], [3, 4.0]):
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    taken = attempt(lambda: read(path))
    assert isinstance(taken, Taken)
    assert taken.reasons == [(1, "header"), (3, "unstored"), (4, "blank")]
    assert "unstored" in BAD


@pytest.mark.parametrize("rows", [1, 30])
def test_x8_rows_of_such_formulas_at_the_end_are_not_lost(tmp_path: Path, rows: int) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "pay"], [1, 2.5], *([f"=A{n}+1", f"=B{n}*2"] for n in range(2, rows + 2))):
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    taken = attempt(lambda: read(path))
    assert isinstance(taken, Taken)
    assert taken.reasons == [(1, "header"), *((n, "unstored") for n in range(3, rows + 3))]
    assert taken.records == list(range(1, rows + 3))


# X9: what a spreadsheet hides


def _hiding(tmp_path: Path) -> Path:
    book = Workbook()
    first = book.active
    assert first is not None
    first.title, first.sheet_state = "Intern", "hidden"
    sheet = book.create_sheet("Kunden")
    for row in (["id", "name", "town", "pay"], [1, "Ute", "Kiel", 2.5], [2, "Max", "Bonn", 3.5], [3, "Jo", "Köln", 4.5]):
        first.append([f"x {cell}" for cell in row])
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    sheet.auto_filter.ref = "A1:D4"
    book.defined_names["Bereich"] = DefinedName("Bereich", attr_text="Kunden!$A$1:$D$4")
    path = tmp_path / "a.xlsx"
    book.save(path)
    return path


def test_x9_a_hidden_first_sheet_is_not_taken(tmp_path: Path) -> None:
    path = _hiding(tmp_path)
    taken = attempt(lambda: read(path))
    assert isinstance(taken, Taken)
    assert taken.reading.sheet == "Kunden"
    assert "1 hidden" in taken.reading.decisions["sheet"].evidence
    assert [(sheet.name, sheet.hidden) for sheet in sheets(path)] == [("Intern", True), ("Kunden", False)]


def test_x9_a_hidden_sheet_is_read_only_by_name_and_told(tmp_path: Path) -> None:
    path = _hiding(tmp_path)
    taken = attempt(lambda: read(path, sheet="Intern"))
    assert isinstance(taken, Taken)
    assert taken.rows[0]["x name"] == "x Ute"
    assert "hidden" in taken.reading.decisions["sheet"].evidence


def test_x9_hidden_rows_and_columns_are_read_and_told(tmp_path: Path) -> None:
    path = _hiding(tmp_path)
    taken = attempt(lambda: read(path))
    assert isinstance(taken, Taken)
    assert [row["town"] for row in taken.rows] == ["Kiel", "Bonn", "Köln"]
    hidden = taken.reading.decisions["hidden"]
    assert hidden.value == 2
    assert "1 hidden rows" in hidden.evidence
    assert "1 hidden columns" in hidden.evidence


def test_x9_a_merged_header_names_each_of_its_columns(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "2023", None, "2024", None], [None, "pay", "days", "pay", "days"], [1, 2.5, 3, 4.5, 5], [2, 3.5, 4, 5.5, 6]):
        sheet.append(row)
    for span in ("A1:A2", "B1:C1", "D1:E1"):
        sheet.merge_cells(span)
    path = tmp_path / "a.xlsx"
    book.save(path)
    taken = attempt(lambda: read(path))
    assert isinstance(taken, Taken)
    assert taken.reading.header == ("id", "2023 pay", "2023 days", "2024 pay", "2024 days")
    assert [tuple(row.values()) for row in taken.rows] == [("1", "2.5", "3", "4.5", "5"), ("2", "3.5", "4", "5.5", "6")]
    assert taken.reading.decisions["merged"].value == 3


# X21: files that are not what their names say

TABLE = "id;name\n1;Ute\n2;Max\n"
PAGE = "<html><body><table><tr><td>id</td><td>name</td></tr><tr><td>1</td><td>Ute</td></tr></table></body></html>"


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.xlsx", "a.gz", "a.zip", "a.parquet", "a.json", "a"])
def test_x21_the_name_decides_nothing(take: Taker, name: str) -> None:
    for content in (TABLE.encode(), xlsx(ROWS)):
        assert [row["name"] for row in take(content, name=name).rows] == ["Ute", "Max"]


@pytest.mark.parametrize("name", ["a.xls", "a.csv"])
@pytest.mark.parametrize(
    ("content", "word"),
    [
        (PAGE.encode(), "HTML"), (b"\xef\xbb\xbf\n" + PAGE.encode(), "HTML"),
        (("<!-- x -->" + PAGE).encode("utf-16"), "HTML"),
        (b"%PDF-1.7\n" + b"1;2\n" * 50, "PDF"), (b"\x7fELF" + bytes(range(64)) * 50, "binary"), (b"MZ" + bytes(range(200)) * 20, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "picture"), (b"SQLite format 3\x00" + bytes(500), "SQLite"),
    ],
    ids=["html", "html after a mark", "html in utf-16", "pdf", "elf", "exe", "png", "sqlite"],
)  # fmt: skip
def test_x21_a_file_of_another_kind_is_named_by_its_content(write: Writer, name: str, content: bytes, word: str) -> None:
    error = refusal(write(content, name))
    assert error.code == "SOURCE-KIND"
    assert word in error.message
    assert error.place.file == name


@pytest.mark.parametrize("head", [PAGE, TABLE, TABLE * 2000, "%PDF-1.7\n"], ids=["html", "csv", "long csv", "pdf"])
def test_x21_a_workbook_behind_another_file_is_never_a_table(write: Writer, head: str) -> None:
    path = write(head.encode() + xlsx(ROWS), "a.xlsx")
    taken = attempt(lambda: read(path))
    if isinstance(taken, SourceError):
        assert taken.code in ("SOURCE-KIND", "SOURCE-UNSAFE", "SOURCE-TRUNCATED")
    else:
        assert all(tuple(row.values()) in (("1", "Ute"), ("2", "Max"), ("id", "name")) for row in taken.rows)
        assert {reason for _, reason in taken.reasons} & set(BAD)


def test_x21_a_workbook_with_a_page_inside_its_archive_is_the_workbook(take: Taker) -> None:
    book = put(parts({"S": sheet_xml(ROWS)}), **{"index.html": PAGE})
    assert [row["name"] for row in take(packed(book), name="a.html").rows] == ["Ute", "Max"]


@pytest.mark.parametrize("kind", ["docx", "pptx", "odt", "jar", "epub"])
def test_x21_an_archive_that_is_no_workbook_is_named(write: Writer, kind: str) -> None:
    main = {"docx": "word/document.xml", "pptx": "ppt/presentation.xml", "jar": "META-INF/MANIFEST.MF"}.get(kind, "mimetype")
    types = {"[Content_Types].xml": "<Types/>"} if kind in ("docx", "pptx") else {"a/b.class": "x"}
    text = {"odt": "application/vnd.oasis.opendocument.text", "epub": "application/epub+zip"}.get(kind, "<a/>")
    assert refusal(write(packed({**types, main: text}), "a.xlsx")).code == "SOURCE-KIND"
