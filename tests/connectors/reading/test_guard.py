"""Hostile workbooks are refused before any reader opens them; honest oddities are not."""

from __future__ import annotations

import stat
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from connectors.reading import guard, inflate, limited
from connectors.reading.guard import Sight
from connectors.reading.reading import read
from connectors.reading.source import open_source
from contracts.errors import SourceError
from tests.connectors.reading.conftest import Taker, Writer
from tests.connectors.reading.sheets import MAIN, Rows, directory, ods, ods_cell, packed, parts, patched, sheet_xml, wrapped, xlsx

ROWS: Rows = [["id", "name"], [1.0, "Ute"], [2.0, "Max"]]


@pytest.fixture
def no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file must be refused before a reader sees it."""

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("the reader was started")

    monkeypatch.setattr(limited, "ask", opened)


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        list(read(path)[1])
    assert caught.value.hint
    assert caught.value.place.file == path.name
    return caught.value.code


def seen(content: bytes, write: Writer) -> Sight:
    return guard.look(open_source(write(content, "a.xlsx")))


def members(**changed: str | bytes) -> dict[str, str | bytes]:
    """An honest workbook's members with some put in their place; names without their folders."""
    found: dict[str, str | bytes] = dict(parts({"Kunden": sheet_xml(ROWS)}))
    return {**found, **{next((n for n in found if n.endswith(name)), name): content for name, content in changed.items()}}


def test_a_sparse_area_is_refused_at_once_and_in_little_memory(write: Writer, no_child: None) -> None:
    corner = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = write(packed(parts({"S": wrapped(corner)})), "sparse.xlsx")
    assert path.stat().st_size < 3000
    tracemalloc.start()
    started = time.process_time()
    code = refused(path)
    spent, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code == "SOURCE-BOMB"
    assert spent < 0.5
    assert peak < 50 << 20


def test_a_sparse_area_that_hides_from_the_look_meets_the_limits_of_the_child(write: Writer) -> None:
    corner = '<row><c s="0" r="A1"><v>1</v></c></row><row><c s="0" r="XFD1048576"><v>1</v></c></row>'
    started = time.monotonic()
    assert refused(write(packed(parts({"S": wrapped(corner)})), "hidden.xlsx")) == "SOURCE-TOO-LARGE"
    assert time.monotonic() - started < 5


def test_a_stray_format_at_the_far_corner_is_no_bomb(take: Taker) -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    rows = sheet_xml(ROWS).replace("</sheetData>", far + "</sheetData>")
    assert len(take(packed(parts({"S": rows})), name="a.xlsx").rows) == 2


def test_a_member_that_inflates_beyond_measure_is_refused_at_once(write: Writer, no_child: None) -> None:
    text = b"<sst><si><t>" + b"a" * (300 << 20) + b"</t></si></sst>"
    path = write(packed({**members(), "xl/sharedStrings.xml": text}), "bomb.xlsx")
    del text
    started = time.process_time()
    assert refused(path) == "SOURCE-BOMB"
    assert time.process_time() - started < 0.5


def test_more_than_can_be_inflated_in_all_is_refused(write: Writer, no_child: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MOST", 1000)
    assert refused(write(xlsx(ROWS), "a.xlsx")) == "SOURCE-TOO-LARGE"


def test_a_size_that_lies_is_found_out(write: Writer, no_child: None) -> None:
    data = packed(members())
    entry = next(at for at in directory(data) if b"sheet1.xml" in data[at : at + 80])
    assert refused(write(patched(data, entry + 24, 40), "a.xlsx")) == "SOURCE-TRUNCATED"


def test_too_many_members_are_refused_whatever_the_archive_says(write: Writer, no_child: None) -> None:
    many = {f"xl/media/{n}.png": b"" for n in range(inflate.MOST_MEMBERS + 1)}
    data = packed({**members(), **many})
    assert refused(write(data, "a.xlsx")) == "SOURCE-BOMB"
    assert refused(write(patched(data, len(data) - 12, 7, 2), "b.xlsx")) == "SOURCE-BOMB"


def test_a_directory_of_a_hundred_thousand_members_is_not_read(write: Writer, no_child: None) -> None:
    data = packed({f"{n}": b"" for n in range(70_000)})
    path, started = write(data, "a.xlsx"), time.process_time()
    assert refused(path) == "SOURCE-BOMB"
    assert time.process_time() - started < 0.2


def test_overlapping_members_are_refused(write: Writer, no_child: None) -> None:
    data = packed(members())
    first, *_, last = directory(data)
    offset = int.from_bytes(data[first + 42 : first + 46], "little")
    assert refused(write(patched(data, last + 42, offset + 5), "a.xlsx")) == "SOURCE-UNSAFE"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("again", ["xl/workbook.xml", "XL/Workbook.xml", "xl\\workbook.xml"])
def test_a_name_given_twice_is_refused(write: Writer, no_child: None, tmp_path: Path, again: str) -> None:
    path = write(packed(members()), "a.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(again, "<workbook/>")
    assert refused(path) == "SOURCE-UNSAFE"


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "/etc/passwd", "C:/evil.xml", "xl\\..\\evil.xml"])
def test_a_name_that_leads_outside_is_refused(write: Writer, no_child: None, tmp_path: Path, name: str) -> None:
    path = write(packed({**members(), name: "<a/>"}), "a.xlsx")
    assert refused(path) == "SOURCE-UNSAFE"
    assert list(tmp_path.iterdir()) == [path]


def test_a_symbolic_link_is_refused(write: Writer, no_child: None) -> None:
    data = packed({**members(), "xl/link.xml": "/etc/passwd"})
    entry = next(at for at in directory(data) if b"link.xml" in data[at : at + 80])
    assert refused(write(patched(data, entry + 38, (stat.S_IFLNK | 0o777) << 16), "a.xlsx")) == "SOURCE-UNSAFE"


def test_a_member_with_a_password_is_named_so(write: Writer, no_child: None) -> None:
    data = packed(members())
    assert refused(write(patched(data, directory(data)[-1] + 8, 1, 2), "a.xlsx")) == "SOURCE-ENCRYPTED"


def test_an_opendocument_sheet_with_a_password_is_named_so(write: Writer, no_child: None) -> None:
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    manifest = f"<manifest:manifest>{entry}</manifest:manifest>"
    sealed = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "\x81\x82", "META-INF/manifest.xml": manifest}
    assert refused(write(packed(sealed), "a.ods")) == "SOURCE-ENCRYPTED"


DECLARED = '<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y SYSTEM "file:///etc/passwd">]>'
PARTS = (
    "workbook.xml",
    "workbook.xml.rels",
    ".rels",
    "styles.xml",
    "sheet1.xml",
    "[Content_Types].xml",
    "xl/sharedStrings.xml",
    "docProps/x.xml",
)


@pytest.mark.parametrize("part", PARTS)
def test_a_document_type_in_any_part_is_refused(write: Writer, no_child: None, part: str) -> None:
    honest = str(members().get(next((n for n in members() if n.endswith(part)), part), "<sst/>"))
    hostile = DECLARED + honest.removeprefix('<?xml version="1.0"?>')
    assert refused(write(packed(members(**{part: hostile})), "a.xlsx")) == "SOURCE-UNSAFE"


@pytest.mark.parametrize(
    "head",
    [
        "<!-- <a > -->" + "<!-- " + "x" * 9000 + " -->" + DECLARED + "<styleSheet/>",
        "<?xml version='1.0'?><?note <a > ?>" + DECLARED.lower() + "<styleSheet/>",
        "<!-- " + "x" * (2 << 20) + DECLARED + "<styleSheet/>",
    ],
)  # fmt: skip
def test_a_document_type_cannot_hide_behind_comments(write: Writer, no_child: None, head: str) -> None:
    assert refused(write(packed(members(**{"styles.xml": head})), "a.xlsx")) == "SOURCE-UNSAFE"


def test_a_document_type_in_utf16_is_refused(write: Writer, no_child: None) -> None:
    assert refused(write(packed(members(**{"styles.xml": (DECLARED + "<styleSheet/>").encode("utf-16")})), "a.xlsx")) == "SOURCE-UNSAFE"


def test_the_word_in_a_cell_is_no_document_type(take: Taker) -> None:
    rows: Rows = [["id", "note"], [1.0, DECLARED], [2.0, "b"]]
    assert take(xlsx(rows), name="a.xlsx").rows[0]["note"] == DECLARED


FORMULAS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>total</t></is></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A2*2</f></c></row>'
    '<row r="3"><c r="A3"><v>2</v></c><c r="B3" s="1"><f>A3*2</f><v></v></c></row>'
    '<row r="4"><c r="A4"><v>3</v></c><c r="B4"><f t="shared" si="0"/><v/></c></row>'
    '<row r="5"><c r="A5"><v>4</v></c><c r="B5"><f>A5*2</f><v>8</v></c></row>'
    '<row r="6"><c r="A6"><v>5</v></c><c r="B6" t="str"><f>IF(A6,"","")</f><v></v></c></row>'
)


@pytest.mark.parametrize("piece", [7, 64, 1 << 20])
def test_formulas_without_a_stored_value_are_counted_wherever_the_stream_is_cut(
    write: Writer, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr("connectors.reading.markup.PIECE", piece)
    guard._look.cache_clear()
    sheet = seen(packed(parts({"S": wrapped(FORMULAS)})), write).sheets["S"]
    assert dict(sheet.unstored) == {"B": 3}
    assert (sheet.cells, sheet.bottom) == (12, 6)


def test_elements_under_a_prefix_are_seen(write: Writer) -> None:
    sheet = '<x:worksheet xmlns:x="' + MAIN + '"><x:sheetData>'
    sheet += '<x:row r="9"><x:c r="AB9"><x:f>1+1</x:f></x:c></x:row></x:sheetData></x:worksheet>'
    found = seen(packed(members(**{"sheet1.xml": sheet})), write).sheets["Kunden"]
    assert (dict(found.unstored), found.bottom, found.right) == ({"AB": 1}, 9, 28)


def test_hidden_merged_and_error_cells_are_counted(write: Writer) -> None:
    rows = '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2" ht="3" hidden="true"><c r="A2" t="e"><v>#N/A</v></c></row>'
    columns = '<cols><col min="1" max="1" width="9"/><col min="2" max="4" width="0" hidden="1"/></cols>'
    merged = '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A5:B5"/></mergeCells>'
    sheet = seen(packed(parts({"S": wrapped(rows, columns, merged)})), write).sheets["S"]
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merged, sheet.errors) == (((1, 2),), ((2, 4),), 2, 1)


def test_what_is_beside_cells_is_listed(write: Writer) -> None:
    more: dict[str, str | bytes] = {
        "xl/vbaProject.bin": b"x",
        "xl/externalLinks/externalLink1.xml": "<a/>",
        "xl/embeddings/o.bin": b"x",
        "xl/connections.xml": "<a/>",
    }
    found = seen(packed({**members(), **more}), write).extras
    assert found == ("macros", "links to other workbooks", "embedded objects", "data connections")


def test_a_filled_cell_repeated_over_millions_is_refused(write: Writer, no_child: None) -> None:
    row = '<table:table-row table:number-rows-repeated="1000000">' + ods_cell("a", 16000) + "</table:table-row>"
    assert refused(write(ods(row), "a.ods")) == "SOURCE-BOMB"


def test_blank_cells_repeated_to_the_edge_are_no_bomb(take: Taker) -> None:
    rows = "".join(
        f"<table:table-row>{ods_cell(a)}{ods_cell(b)}</table:table-row>" for a, b in (("id", "name"), ("a", "Ute"), ("b", "Max"))
    )
    rows += (
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert [row["name"] for row in take(ods(rows), name="a.ods").rows] == ["Ute", "Max"]
