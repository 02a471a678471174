"""Workbooks made byte by byte, honest and hostile ones; nothing hostile is kept as a file."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="46"/>'
    "</cellXfs></styleSheet>"
)
DAY, MOMENT, SPAN = 1, 2, 3
"""Numbers of the cell formats."""

Cell = str | float | bool | date | None
Rows = list[list[Cell]]


def letters(column: int) -> str:
    """Name of a column counted from 1."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def cell(column: int, row: int, value: Cell) -> str:
    """One cell as XML; nothing for None."""
    place = f'r="{letters(column)}{row}"'
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c {place} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c {place} s="{DAY}"><v>{value.toordinal() - 693594}</v></c>'
    if isinstance(value, str):
        return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f"<c {place}><v>{value!r}</v></c>"


def sheet_xml(rows: Sequence[Sequence[Cell]], first: tuple[int, int] = (1, 1)) -> str:
    """Rows as the XML of a sheet whose upper left cell is at `first` (row, column)."""
    top, left = first
    lines = (
        f'<row r="{r}">' + "".join(cell(c, r, value) for c, value in enumerate(row, left)) + "</row>" for r, row in enumerate(rows, top)
    )
    return wrapped("".join(lines))


def wrapped(content: str, around: str = "", behind: str = "") -> str:
    """Rows as XML in a sheet, with something ahead of them and behind."""
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{around}<sheetData>{content}</sheetData>{behind}</worksheet>'


def parts(sheets: Mapping[str, str], hidden: Sequence[str] = ()) -> dict[str, str]:
    """The members of an xlsx archive, by name; `sheets` by sheet name."""
    numbered = list(enumerate(sheets.items(), 1))
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"{" state=" + quoteattr("hidden") if name in hidden else ""}/>'
        for n, (name, _) in numbered
    )
    links = "".join(f'<Relationship Id="rId{n}" Type="{LINKS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered)
    links += f'<Relationship Id="rId99" Type="{LINKS}/styles" Target="styles.xml"/>'
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": xml for n, (_, xml) in numbered},
    }


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Members as a zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def xlsx(rows: Sequence[Sequence[Cell]], first: tuple[int, int] = (1, 1), name: str = "Kunden") -> bytes:
    """A workbook of one sheet."""
    return packed(parts({name: sheet_xml(rows, first)}))


def directory(data: bytes) -> list[int]:
    """Where the entries of a zip archive's directory begin."""
    (count, _, at) = struct.unpack("<HII", data[-12:-2])
    found = []
    for _ in range(count):
        found.append(at)
        name, extra, comment = struct.unpack("<HHH", data[at + 28 : at + 34])
        at += 46 + name + extra + comment
    return found


def patched(data: bytes, at: int, value: int, size: int = 4) -> bytes:
    """An archive with one number of its directory changed."""
    return data[:at] + value.to_bytes(size, "little") + data[at + size :]


ODS_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"' for prefix in ("office", "table", "text", "manifest")
)


def ods(rows: str) -> bytes:
    """An OpenDocument workbook of one sheet, from the XML of its rows."""
    content = (
        f'<?xml version="1.0"?><office:document-content {ODS_SPACES}><office:body><office:spreadsheet><table:table table:name="Blatt">'
        f"{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest {ODS_SPACES}><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return packed({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def ods_cell(text: str, repeated: int = 1) -> str:
    """A text cell."""
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    return f'<table:table-cell office:value-type="string"{times}><text:p>{escape(text)}</text:p></table:table-cell>'
