"""What bytes are, judged by the bytes; a file's name is never believed."""

from __future__ import annotations

import re

DELIMITED, WORKBOOK, JSON, PARQUET = "delimited", "workbook", "json", "parquet"

COMPRESSED = ((b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\xfd7zXZ\x00", "xz"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"))

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

PARQUET_MARKS = (b"PAR1", b"PARE")
"""Of a plain file and of one whose footer is encrypted."""

FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"{\\rtf", "an RTF document"),
    (b"$FL2", "an SPSS file"),
    (b"<stata_dta>", "a Stata file"),
)

_JSON = re.compile(rb"\s*(\{\s*(\"|\}\s*$)|\[\s*(\{\s*\"|\[|\"|\]\s*$|-?\d+\s*,\s*[-\d]))")
_MARKUP = re.compile(rb"\s*<(\?xml|!doctype|!--|html|table|workbook|[a-z]+[ >:])", re.IGNORECASE)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def compression(head: bytes) -> str | None:
    """The packing that the first bytes announce.

    Examples
    --------
    >>> compression(b"\\x1f\\x8b\\x08"), compression(b"id;name")
    ('gzip', None)
    """
    return next((name for magic, name in COMPRESSED if head.startswith(magic)), None)


def foreign(head: bytes) -> str | None:
    """What a file that is neither text nor a workbook is, in words; None where it may be delimited text.

    Examples
    --------
    >>> foreign(b"%PDF-1.7"), foreign(b"id;name\\n1;Ute\\n")
    ('a PDF document', None)
    """
    if head.startswith(PARQUET_MARKS):
        return "a Parquet file that is packed once more"
    if (packing := compression(head)) is not None:
        return f"packed twice: a {packing} file within a packed one"
    for magic, words in FOREIGN:
        if head.startswith(magic):
            return words
    if _MARKUP.match(_plain(head)):
        return "an HTML page or XML document"
    if head[257:262] == b"ustar":
        return "a tar archive"
    if dbase(head):
        return "a dBase table"
    return "a binary file" if binary(head) else None


def json(head: bytes) -> bool:
    """Whether text begins as JSON does that may hold rows, in whatever Unicode encoding.

    Examples
    --------
    >>> json(b'[{"id": 1}]'), json('{"id": 1}'.encode("utf-16")), json(b"[id];[name]")
    (True, True, False)
    """
    return _JSON.match(_plain(head)) is not None


def _plain(head: bytes) -> bytes:
    """Text without its mark, one byte for each ASCII character."""
    text = head.removeprefix(_BOMS[0]).removeprefix(_BOMS[1]).removeprefix(_BOMS[2])
    return text.replace(b"\x00", b"") if b"\x00" in text[:4] else text


def dbase(head: bytes) -> bool:
    """A dBase header: version byte, a date, and a header length that fits whole field descriptors."""
    if len(head) < 32 or head[0] not in (0x03, 0x30, 0x83, 0x8B, 0xF5) or not (1 <= head[2] <= 12 and 1 <= head[3] <= 31):
        return False
    return int.from_bytes(head[8:10], "little") % 32 in (0, 1, 8)


def binary(head: bytes) -> bool:
    """Whether control characters other than line ends, tabs (upright ones too), NULs and separators are more than two in a hundred bytes.

    The first control character is such a separator, as data warehouses write it.

    NUL bytes alone say nothing: UTF-16 text is full of them, and damaged text has some. Where nearly all of them stand on one side of the
    byte pairs, the characters of UTF-16 are counted.

    Examples
    --------
    >>> binary(bytes(range(1, 9)) * 9), binary("Łódź;Größe\\n".encode("utf-16-le") * 9)
    (True, False)
    """
    if head.startswith(_BOMS):
        return False
    if (wide := utf16(head)) is not None:
        head = head[: len(head) // 2 * 2].decode(wide, "replace").encode("utf-8", "replace")
    controls = len(head) - len(head.translate(None, bytes([*range(2, 9), *range(14, 28)])))
    return controls > 0.02 * len(head)


def utf16(head: bytes) -> str | None:
    """The byte order of UTF-16 text without a mark, by the NULs of its ASCII characters; None for anything else.

    Examples
    --------
    >>> utf16("id;name".encode("utf-16-be")), utf16(b"id;name")
    ('utf-16-be', None)
    """
    pairs = len(head) // 2
    even, odd = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if not pairs or max(even, odd) < 0.3 * pairs or min(even, odd) > 0.1 * max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def ole_kind(content: bytes) -> str:
    """What an OLE container holds: ``encrypted``, ``xls``, ``cut`` or ``other``, by the names in its directory."""
    if _wide("EncryptedPackage") in content:
        return "encrypted"
    if _wide("Workbook") in content or _wide("Book") in content:
        return "xls"
    sector = 1 << min(int.from_bytes(content[30:32], "little"), 20)
    return "cut" if (int.from_bytes(content[48:52], "little") + 1) * sector + 128 > len(content) else "other"


def _wide(name: str) -> bytes:
    return name.encode("utf-16-le") + b"\x00\x00"
