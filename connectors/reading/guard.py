"""A look into a workbook's archive before any reader opens it: sizes, overlaps, names, document types, sparse areas."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from connectors.reading import inflate, markup
from connectors.reading.markup import SheetSight
from connectors.reading.source import Source
from contracts.errors import Place, SourceError

MOST = 2 << 30
"""Inflated bytes of all members."""
HEAD = 1 << 20
"""Bytes within which a document's first element must stand; nothing but comments can be before it."""
INDEX = 16 << 20
"""Bytes of the list of sheets at most."""
WIDEST_AREA = 50_000_000
SPARSEST = 100
"""A sheet with a larger area, and this many times as many places as cells, is refused."""
EXTRAS = (
    ("macros", "vbaproject.bin"), ("links to other workbooks", "/externallinks/"), ("embedded objects", "/embeddings/"),
    ("data connections", "/connections.xml"), ("controls", "/activex/"),
)  # fmt: skip

_OUTSIDE = re.compile(r"(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[A-Za-z]:|[\x00-\x1f]")
_WIDE_ROW = re.compile(rb"<table:table-row([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell([^>]*)>")
_TIMES = re.compile(rb"number-(?:rows|columns)-repeated=\"([0-9]{1,9})\"")


@dataclass(frozen=True)
class Sight:
    """What a workbook's archive shows.

    Parameters
    ----------
    cells : int
        Of all sheets, as far as they can be counted: none in xls and xlsb.
    sheets : mapping of str to SheetSight
        By name; xlsx and xlsm only.
    extras : tuple of str
        Kinds of content beside cells: macros, links to other workbooks. None of it is ever run or followed.
    """

    cells: int = 0
    sheets: Mapping[str, SheetSight] = field(default_factory=dict)
    extras: tuple[str, ...] = ()


def look(source: Source) -> Sight:
    """Look at a workbook; the same file is looked at once in a process.

    Raises
    ------
    SourceError
        SOURCE-BOMB for sizes or areas that no table has; SOURCE-UNSAFE for overlapping or repeated members, names that lead outside,
        document types; SOURCE-TOO-LARGE; SOURCE-ENCRYPTED; SOURCE-TRUNCATED for a damaged archive.
    """
    return _look(source.path, source.name, source.sha256)


@lru_cache(maxsize=8)
def _look(path: Path, name: str, _sha256: str) -> Sight:
    place = Place(file=name)
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return Sight()
        try:
            with zipfile.ZipFile(file) as archive:
                _check_directory(archive, place)
                return _of_members(archive, place)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise inflate.cut(place, "workbook") from None


def _check_directory(archive: zipfile.ZipFile, place: Place) -> None:
    members = archive.infolist()
    if len(members) > inflate.MOST_MEMBERS:  # the archive's end may have said fewer
        raise inflate.crowded(place, len(members))
    if any(member.flag_bits & 1 for member in members):
        raise inflate.locked(place)
    names = [member.filename.lower().replace("\\", "/") for member in members]
    if len(set(names)) < len(names):
        raise _unsafe(place, "two members of its archive have one name")
    if any(_OUTSIDE.search(member.filename) or stat.S_ISLNK(member.external_attr >> 16) for member in members):
        raise _unsafe(place, "a member of its archive has a name that leads outside")
    _check_sizes(members, place)
    _check_overlaps(members, place)


def _check_sizes(members: list[zipfile.ZipInfo], place: Place) -> None:
    for member in members:
        if member.file_size > inflate.FREE and member.file_size > inflate.STEEPEST * member.compress_size:
            found = f"{member.file_size >> 20} MiB from {max(member.compress_size >> 10, 1)} KiB"
            raise bomb(place, found, f"at most {inflate.STEEPEST} bytes for one")
    total = sum(member.file_size for member in members)
    if total > MOST:
        raise SourceError(
            "SOURCE-TOO-LARGE", "the workbook is larger than can be read", place=place, found=f"{total >> 20} MiB inflated",
            expected=f"at most {MOST >> 20} MiB", hint="ask for the sheet as CSV, or in several workbooks",
        )  # fmt: skip


def _check_overlaps(members: list[zipfile.ZipInfo], place: Place) -> None:
    """No member may begin before the one ahead of it ends: overlapping ones inflate the same bytes again and again."""
    end = 0
    for member in sorted(members, key=lambda m: m.header_offset):
        if member.header_offset < end:
            raise _unsafe(place, "members of its archive overlap")
        end = member.header_offset + 30 + len(member.filename.encode()) + member.compress_size


def _of_members(archive: zipfile.ZipFile, place: Place) -> Sight:
    parts: dict[str, SheetSight] = {}
    cells = 0
    for member in archive.infolist():
        if member.is_dir() or not member.file_size:
            continue
        with archive.open(member) as content:
            name = _element(content, place)
        if name == b"worksheet":
            with archive.open(member) as content:
                parts[member.filename] = _checked(markup.survey(_pieces(content)), place)
        elif member.filename == "content.xml":
            with archive.open(member) as content:
                cells += _of_ods(_pieces(content), place)
    extras = _extras(archive.namelist())
    return Sight(cells + sum(part.cells for part in parts.values()), _by_name(archive, parts), extras)


def _element(content: IO[bytes], place: Place) -> bytes | None:
    """Name of a member's first element where it is XML; no document type may be declared before it."""
    head = content.read(4096)
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return None
    while (found := markup.root(head)) is None and len(head) < HEAD and (more := content.read(1 << 16)):
        head += more
    if markup.declares(head):
        raise _unsafe(place, "a part of it declares a document type or entities")
    if found is None:
        raise _unsafe(place, "a part of it holds no element where one must be")
    return found[1]


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(markup.PIECE):
        yield piece


def _checked(sight: SheetSight, place: Place) -> SheetSight:
    if sight.area > WIDEST_AREA and sight.area > SPARSEST * sight.cells:
        raise bomb(place, f"{sight.cells} cells over an area of {sight.area}", f"at most {SPARSEST} places for a cell")
    return sight


def _of_ods(pieces: Iterator[bytes], place: Place) -> int:
    """Cells of an OpenDocument sheet; a filled cell that is repeated millions of times is refused."""
    rest, cells, repeated = b"", 0, 0
    for piece in pieces:
        data = rest + piece
        cut = max(data.rfind(b"<table:table-row"), 0) if len(data) < markup.LONGEST else len(data)
        cells, repeated, rest = cells + data[:cut].count(b"office:value-type="), repeated + _repeats(data[:cut]), data[cut:]
    cells, repeated = cells + rest.count(b"office:value-type="), repeated + _repeats(rest)
    if repeated > WIDEST_AREA and repeated > SPARSEST * cells:
        raise bomb(place, f"{cells} cells repeated to {repeated}", f"at most {SPARSEST} places for a cell")
    return cells


def _repeats(data: bytes) -> int:
    """Cells that repeated rows and cells with a value stand for."""
    count = 0
    for attributes, content in _WIDE_ROW.findall(data) if b"-repeated=" in data else ():
        times = _times(attributes)
        if times > 1 or b"-columns-repeated=" in content:
            filled = sum(_times(cell) for cell in _ODS_CELL.findall(content) if b"value-type=" in cell)
            count += times * filled
    return count


def _times(attributes: bytes) -> int:
    found = _TIMES.search(attributes)
    return int(found[1]) if found else 1


def _extras(names: list[str]) -> tuple[str, ...]:
    lower = ["/" + name.lower().replace("\\", "/") for name in names]
    return tuple(words for words, sign in EXTRAS if any(sign in name for name in lower))


def _by_name(archive: zipfile.ZipFile, parts: Mapping[str, SheetSight]) -> dict[str, SheetSight]:
    """The sheets by the names that the workbook gives them; none where its list cannot be understood."""
    try:
        book = _xml(archive, "xl/workbook.xml")
        links = {link["Id"]: link["Target"] for link in _xml(archive, "xl/_rels/workbook.xml.rels") if "Id" in link and "Target" in link}
    except (KeyError, ParseError, DefusedXmlException):
        return {}
    found = {}
    for sheet in book:
        target = links.get(sheet.get("id", ""))
        if target is not None and "name" in sheet:
            part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            found[sheet["name"]] = parts.get(part, SheetSight())
    return found


def _xml(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """Attributes of all elements of a small part, without their name spaces."""
    with archive.open(name) as content:
        document = fromstring(content.read(INDEX))
    return [{key.rpartition("}")[2]: value for key, value in sorted(element.attrib.items())} for element in document.iter()]


def bomb(place: Place, found: str, expected: str) -> SourceError:
    """The error for a workbook that would fill the memory."""
    return SourceError(
        "SOURCE-BOMB", "the workbook asks for far more room than a table does", place=place, found=found, expected=expected,
        hint="ask for the sheet as CSV; in Excel, delete the rows and columns beyond the table",
    )  # fmt: skip


def _unsafe(place: Place, what: str) -> SourceError:
    return SourceError(
        "SOURCE-UNSAFE",
        f"the workbook is refused: {what}",
        place=place,
        hint="ask for the table as CSV, or saved anew by a spreadsheet program",
    )
