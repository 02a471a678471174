"""A file as it was received: what it is, its hash, and a survey of its bytes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow

from connectors.reading import inflate, signature
from contracts.errors import Place, SourceError

HEAD = 1 << 20
HIGH_LINES = 64 << 10

AROUND = 200
"""Bytes of a line shown on each side of a high byte."""
PLACES = 150
"""Places with high bytes looked at in one piece of a file."""


@dataclass(frozen=True)
class Survey:
    """Facts about the whole content, gathered in the pass that hashes it.

    Parameters
    ----------
    size : int
        Inflated bytes.
    head : bytes
        The first mebibyte.
    ascii, utf8 : bool
        Whether all bytes are.
    high : bytes
        Up to 64 KiB of text around bytes above 127, from all over the file.
    nuls : int
        NUL bytes.
    """

    size: int
    head: bytes
    ascii: bool
    utf8: bool
    high: bytes
    nuls: int


@dataclass(frozen=True)
class Source:
    """A received file.

    Parameters
    ----------
    path : Path
    name : str
        As the client sees it, for messages.
    sha256 : str
        Of the file as received.
    size : int
        Bytes as received.
    kind : str
        ``delimited`` (any text in lines, fixed width included), ``workbook``, ``json`` or ``parquet``.
    compression : str, optional
        gzip, bz2, xz, zip; None for plain.
    survey : Survey, optional
        Text only.
    """

    path: Path
    name: str
    sha256: str
    size: int
    kind: str
    compression: str | None = None
    survey: Survey | None = None

    @property
    def place(self) -> Place:
        """For errors."""
        return Place(file=self.name)

    def content(self) -> Iterator[bytes]:
        """The inflated content in pieces."""
        return inflate.content(self.path, self.name, self.compression)


def open_source(path: Path, name: str | None = None) -> Source:
    """Look at a file: one pass over its bytes.

    Parameters
    ----------
    path : Path
    name : str, optional
        How messages call it; the file's own name by default.

    Raises
    ------
    SourceError
        SOURCE-MISSING, SOURCE-EMPTY, SOURCE-TRUNCATED, SOURCE-ENCRYPTED, SOURCE-BOMB, SOURCE-KIND.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.xls"
    >>> _ = path.write_text("id;name\\n1;Ute\\n")
    >>> open_source(path).kind
    'delimited'
    """
    place = Place(file=name or path.name)
    if not path.is_file():
        raise SourceError("SOURCE-MISSING", "there is no such file", place=place, hint="check the path; a folder is not a file")
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise _empty(place)
    packing = signature.compression(head)
    if head.startswith(signature.OLE):
        return _ole(path, place, size)
    if packing == "zip" and _is_workbook(path, place):
        return Source(path, str(place.file), _digest(path), size, signature.WORKBOOK)
    if head.startswith(signature.PARQUET_MARKS):
        return Source(path, str(place.file), _digest(path), size, signature.PARQUET)
    survey, sha256 = _survey(path, str(place.file), packing)
    _refuse_foreign(survey, place)
    kind = signature.JSON if signature.json(survey.head[:4096]) else signature.DELIMITED
    return Source(path, str(place.file), sha256, size, kind, packing, survey)


def _empty(place: Place) -> SourceError:
    return SourceError("SOURCE-EMPTY", "the file holds nothing", place=place, hint="ask for the file again")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ole(path: Path, place: Place, size: int) -> Source:
    with path.open("rb") as file:
        kind = signature.ole_kind(file.read(256 << 20))
    if kind == "encrypted":
        raise inflate.locked(place)
    if kind == "cut":
        raise inflate.cut(place, "workbook")
    if kind == "other":
        raise _kind(place, "an Office document that is no workbook")
    return Source(path, str(place.file), _digest(path), size, signature.WORKBOOK)


def _is_workbook(path: Path, place: Place) -> bool:
    if (count := inflate.members(path)) > inflate.MOST_MEMBERS:
        raise inflate.crowded(place, count)
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise inflate.cut(place, "zip or workbook") from None
    if "[Content_Types].xml" in names or "mimetype" in names:
        if "content.xml" in names or any(n.lower().startswith("xl/workbook.") for n in names):
            return True
        raise _kind(place, "an Office document that is no workbook")
    return False


def _survey(path: Path, name: str, packing: str | None) -> tuple[Survey, str]:
    digest = hashlib.sha256()
    head, high, size, nuls, plain, utf8 = b"", b"", 0, 0, True, True
    tail = b""
    for data in inflate.content(path, name, packing):
        if packing is None:
            digest.update(data)
        size += len(data)
        nuls += data.count(b"\x00") if b"\x00" in data else 0
        head += data[: HEAD - len(head)] if len(head) < HEAD else b""
        if data.isascii() and not tail:
            continue
        plain = False
        if len(high) < HIGH_LINES:
            high += b"\n".join(_around_high(data))[:16384] + b"\n"
        utf8, tail = _still_utf8(tail + data) if utf8 else (False, b"")
    survey = Survey(size, head, plain, utf8 and not tail, high, nuls)
    return survey, digest.hexdigest() if packing is None else _digest(path)


def _around_high(data: bytes) -> Iterator[bytes]:
    """Stretches of lines around bytes above 127, the first ones.

    Examples
    --------
    >>> list(_around_high("id\\n1;Käthe\\n2;Ute\\n3;Jörg".encode("cp1252")))
    [b'1;K\\xe4the', b'3;J\\xf6rg']
    """
    places = np.flatnonzero(np.frombuffer(data, np.uint8) >= 0x80)
    end = found = 0
    for _ in range(PLACES):
        found += int(np.searchsorted(places[found:], end))
        if found >= len(places):
            return
        at = int(places[found])
        first = max(end, at - AROUND)
        first = max(first, data.rfind(b"\n", first, at) + 1, data.rfind(b"\r", first, at) + 1)
        stops = [stop for stop in (data.find(sign, at, at + AROUND) for sign in (b"\n", b"\r")) if stop >= 0]
        end = min([*stops, min(at + AROUND, len(data))])
        yield data[first:end]


def _still_utf8(data: bytes) -> tuple[bool, bytes]:
    """Whether data is UTF-8 up to a sequence cut at its end, and that cut sequence."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:
            whole = back >= (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4)
            data, tail = (data, b"") if whole else (data[:-back], data[-back:])
            break
        if byte < 0x80:
            tail = b""
            break
    else:
        tail = b""
    return valid_utf8(data), tail


def valid_utf8(data: bytes) -> bool:
    """Whether data is strict UTF-8; about 4 GB/s.

    Examples
    --------
    >>> valid_utf8("Käthe".encode()), valid_utf8("Käthe".encode("cp1252"))
    (True, False)
    """
    offsets = pyarrow.py_buffer(len(data).to_bytes(8, "little").rjust(16, b"\x00"))
    try:
        pyarrow.Array.from_buffers(pyarrow.large_string(), 1, [None, offsets, pyarrow.py_buffer(data)]).validate(full=True)
    except pyarrow.ArrowInvalid:
        return False
    return True


def _refuse_foreign(survey: Survey, place: Place) -> None:
    if not survey.size or not survey.head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise _empty(place)
    words = signature.foreign(survey.head[:4096])
    if words:
        raise _kind(place, words)


def _kind(place: Place, words: str) -> SourceError:
    return SourceError(
        "SOURCE-KIND", f"the file is {words}", place=place,
        expected="delimited text, fixed width or JSON (plain, gz, bz2, xz, zip), Parquet, or a workbook (xlsx, xlsm, xls, xlsb, ods)",
        hint="ask for the table as CSV or xlsx",
    )  # fmt: skip
