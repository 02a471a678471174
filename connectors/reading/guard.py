"""A look into a workbook's archive before any reader opens it: sizes, overlaps, names, document types, sparse areas."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import IO

from connectors.reading import biff, biff12, compound, index, inflate, markup, opendocument
from connectors.reading.sight import SheetSight
from connectors.reading.source import Source
from contracts.errors import Place, SourceError

MOST = 2 << 30
"""Inflated bytes of all members."""
HEAD = 1 << 20
"""Bytes within which a document's first element must stand; nothing but comments can be before it."""
FREE = 8 << 20
"""Inflated bytes of a member from which on it may not be packed more than `inflate.STEEPEST` to one."""
TEXT = 1 << 20
"""Bytes without a mark beyond which a cell is refused."""
STYLES = 32 << 20
"""Bytes of a workbook's styles that are looked at."""
LARGEST_XLS = 256 << 20
WIDEST_AREA = 4_000_000
MOST_REPEATED = 1_000_000
COLUMN = 1000
"""Places that a column alone costs as much time as."""
SPARSEST = 100
"""A sheet with a larger area, and this many times as many places as cells, is refused."""
KINDS = {"xlsx": "xl/workbook.xml", "xlsb": "xl/workbook.bin", "ods": "content.xml"}
"""By the member that makes an archive one."""
MANIFEST = "META-INF/manifest.xml"
LARGEST_MANIFEST = 1 << 20
EXTRAS = (
    ("macros", "vbaproject.bin"), ("links to other workbooks", "/externallinks/"), ("embedded objects", "/embeddings/"),
    ("data connections", "/connections."), ("controls", "/activex/"), ("macros", "/basic/"), ("macros", "/scripts/"),
)  # fmt: skip

_SHEET12 = re.compile(r"^xl/worksheets/[^/]*\.bin$", re.IGNORECASE)


@dataclass(frozen=True)
class Sight:
    """What a workbook's archive shows.

    Parameters
    ----------
    cells : int
        Of all sheets, as far as they can be counted.
    sheets : mapping of str to SheetSight
        By name.
    size : int
        Inflated bytes of all that holds cells.
    extras : tuple of str
        Kinds of content beside cells: macros, links to other workbooks. None of it is ever run or followed.
    """

    cells: int = 0
    sheets: Mapping[str, SheetSight] = field(default_factory=dict)
    extras: tuple[str, ...] = ()
    size: int = 0


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
            file.seek(0)
            return _of_xls(compound.stream(file.read(LARGEST_XLS), ("Workbook", "Book")), place)
        try:
            with zipfile.ZipFile(file) as archive:
                _check_directory(archive, place)
                return _of_members(archive, place)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError):
            raise inflate.cut(place, "workbook") from None


def _of_xls(records: bytes, place: Place) -> Sight:
    sheets = {name: _checked(sheet, place) for name, sheet in biff.survey(records).items()}
    extras = ("macros",) if biff.has_macros(records) else ()
    return Sight(sum(sheet.cells for sheet in sheets.values()), sheets, extras, len(records))


def _check_directory(archive: zipfile.ZipFile, place: Place) -> None:
    members = archive.infolist()
    if len(members) > inflate.MOST_MEMBERS:  # the archive's end may have said fewer
        raise inflate.crowded(place, len(members))
    if any(member.flag_bits & 1 for member in members) or _locked_ods(archive):
        raise inflate.locked(place)
    names = [member.filename.lower().replace("\\", "/") for member in members]
    if words := inflate.suspicious(members):
        raise _unsafe(place, words)
    if len(kinds := [kind for kind, name in KINDS.items() if name in names]) > 1:
        raise _unsafe(place, f"its archive is two kinds of workbook at once, {' and '.join(kinds)}")
    _check_sizes(members, place)


def _locked_ods(archive: zipfile.ZipFile) -> bool:
    """Whether the directory of an OpenDocument file says that its members are encrypted; the archive itself does not."""
    if MANIFEST not in archive.namelist():
        return False
    with archive.open(MANIFEST) as file:
        return b"encryption-data" in file.read(LARGEST_MANIFEST)


def _check_sizes(members: list[zipfile.ZipInfo], place: Place) -> None:
    for member in members:
        if member.file_size > FREE and member.file_size > inflate.STEEPEST * member.compress_size:
            found = f"{member.file_size >> 20} MiB from {max(member.compress_size >> 10, 1)} KiB"
            raise bomb(place, found, f"at most {inflate.STEEPEST} bytes for one")
    total = sum(member.file_size for member in members)
    if total > MOST:
        raise SourceError(
            "SOURCE-TOO-LARGE", "the workbook is larger than can be read", place=place, found=f"{total >> 20} MiB inflated",
            expected=f"at most {MOST >> 20} MiB", hint="ask for the sheet as CSV, or in several workbooks",
        )  # fmt: skip


def _of_members(archive: zipfile.ZipFile, place: Place) -> Sight:
    found: dict[str, SheetSight] = {}
    sheets: Mapping[str, SheetSight] = {}
    size, masks = 0, _masks(archive)
    for member in archive.infolist():
        if member.is_dir() or not member.file_size:
            continue
        with archive.open(member) as content:
            name = _element(content, place)
        with archive.open(member) as content:
            if name == b"worksheet":
                found[member.filename] = _of_sheet(archive, member, markup.survey(_pieces(content, place), masks), place)
            elif _SHEET12.search(member.filename):
                found[member.filename] = _checked(biff12.survey(_pieces(content, None), masks), place)
            elif member.filename == "content.xml":
                sheets = _of_ods(_pieces(content, place), place)
            elif name == b"sst":
                for _ in _pieces(content, place):  # read to its end: sizes may lie
                    pass
            else:
                continue
        size += member.file_size
    sheets = sheets or {name: found.get(part, SheetSight()) for name, part in index.parts(archive).items()}
    cells = sum(sight.cells for sight in found.values()) or sum(sight.cells for sight in sheets.values())
    return Sight(cells, sheets, _extras(archive.namelist()), size)


def _masks(archive: zipfile.ZipFile) -> dict[int, str]:
    """The styles of a workbook that show numbers as codes."""
    for name, found in (("xl/styles.xml", markup.masks), ("xl/styles.bin", biff12.masks)):
        if name in archive.namelist():
            with archive.open(name) as content:
                return found(content.read(STYLES))
    return {}


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


def _pieces(content: IO[bytes], place: Place | None) -> Iterator[bytes]:
    """A member's content; where a place is given it is markup, and no text in it may be longer than a piece."""
    while piece := content.read(markup.PIECE):
        if place is not None and len(piece) >= TEXT and b"<" not in piece and b"\x00" not in piece:
            raise bomb(place, f"a cell of more than {TEXT >> 20} MiB of text", "at most 32,767 characters in a cell")
        yield piece


def _of_sheet(archive: zipfile.ZipFile, member: zipfile.ZipInfo, sight: SheetSight, place: Place) -> SheetSight:
    """A sheet that seems sparse is looked at more closely: rows and cells that only carry a format span nothing."""
    if not _sparse(sight):
        return sight
    with archive.open(member) as content:
        bottom, right = markup.extent(_pieces(content, place))
    return _checked(replace(sight, bottom=bottom, right=right), place)


def _sparse(sight: SheetSight) -> bool:
    room = sight.area + COLUMN * sight.right
    return room > WIDEST_AREA and sight.area > SPARSEST * sight.cells


def _checked(sight: SheetSight, place: Place) -> SheetSight:
    if _sparse(sight):
        raise bomb(place, f"{sight.cells} cells over an area of {sight.area}", f"at most {SPARSEST} places for a cell")
    return sight


def _of_ods(pieces: Iterator[bytes], place: Place) -> Mapping[str, SheetSight]:
    """Sheets of an OpenDocument workbook; a filled cell that is repeated millions of times is refused."""
    seen = opendocument.survey(pieces)
    if seen.repeated > MOST_REPEATED and seen.repeated > SPARSEST * seen.cells:
        raise bomb(place, f"{seen.cells} cells repeated to {seen.repeated}", f"at most {SPARSEST} places for a cell")
    return {name: _checked(sheet, place) for name, sheet in seen.sheets.items()}


def _extras(names: list[str]) -> tuple[str, ...]:
    lower = ["/" + name.lower().replace("\\", "/") for name in names]
    return tuple(dict.fromkeys(words for words, sign in EXTRAS if any(sign in name for name in lower)))


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
