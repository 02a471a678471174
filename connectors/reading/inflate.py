"""A file's content as a stream of bytes, whatever it is packed in, with limits."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from contracts.errors import Place, SourceError

PIECE = 4 << 20
STEP = 64 << 10
MOST = 64 << 30
"""Inflated bytes beyond which a packed file is refused."""
FREE = 64 << 20
MOST_MEMBERS = 10_000
"""Members of an archive; a directory of more is not even read."""
STEEPEST = 250
"""From `FREE` bytes on, inflated bytes for one packed byte beyond which a file is taken for a bomb (text packs at most 100 to 1)."""
NAMED = 20
"""Members of an archive that an error names."""
DIRECTORY = 16 << 20
"""Bytes of an archive's directory at most."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)

_ELSEWHERE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:|[\\\x00-\x1f]")
_DEVICE = re.compile(r"(?:^|/)(?:con|prn|aux|nul|(?:com|lpt)[0-9])\s*(?:[./]|$)", re.IGNORECASE)


def content(path: Path, name: str, compression: str | None, piece: int = PIECE) -> Iterator[bytes]:
    """The content in pieces of about `piece` bytes.

    Raises
    ------
    SourceError
        SOURCE-TRUNCATED for a cut or damaged archive, SOURCE-ENCRYPTED, SOURCE-BOMB, SOURCE-KIND for an archive of several files,
        SOURCE-UNSAFE for overlapping members and names that lead elsewhere.
    """
    place = Place(file=name)
    try:
        with path.open("rb") as packed, _opened(packed, compression, place) as plain:
            if compression is None:
                yield from iter(lambda: plain.read(piece), b"")
            else:
                yield from _inflated(packed, plain, piece, place)
    except (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile):
        raise cut(place, compression or "") from None
    except OSError as error:
        if compression is None or error.errno is not None:
            raise
        raise cut(place, compression) from None


def _inflated(packed: IO[bytes], plain: IO[bytes], piece: int, place: Place) -> Iterator[bytes]:
    """Pieces joined from short reads: what was consumed must be seen often, and zipfile reads as far ahead as it is asked for."""
    held: list[bytes] = []
    total = size = 0
    while data := plain.read(min(piece, STEP)):
        total, size = total + len(data), size + len(data)
        held.append(data)
        _within(total, packed.tell(), place)
        if size >= piece:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def members(path: Path) -> int:
    """How many members a zip archive has, by its end and by its directory, whichever is more; 0 where its end is missing."""
    with path.open("rb") as file:
        size = path.stat().st_size
        file.seek(max(size - (1 << 16) - 100, 0))
        tail = file.read()
        end, large = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
        if end < 0:
            return 0
        told, length = int.from_bytes(tail[end + 10 : end + 12], "little"), int.from_bytes(tail[end + 12 : end + 16], "little")
        if told == 0xFFFF and large >= 0:
            told, length = int.from_bytes(tail[large + 32 : large + 40], "little"), int.from_bytes(tail[large + 40 : large + 48], "little")
        before = size - len(tail) + (large if 0 <= large < end else end)
        file.seek(max(before - min(length, DIRECTORY), 0))
        counted = file.read(min(length, DIRECTORY)).count(b"PK\x01\x02")
    return max(told, counted, length // 46 if length > DIRECTORY else 0)


def suspicious(files: Sequence[zipfile.ZipInfo]) -> str | None:
    """What is wrong with an archive's directory, in words; None for an honest one.

    Examples
    --------
    >>> suspicious([zipfile.ZipInfo("../kunden.csv")])
    'a member of its archive has a name that leads outside'
    """
    names = [file.orig_filename for file in files]
    if any(_ELSEWHERE.search(name) or _DEVICE.search(name) for name in names) or any(stat.S_ISLNK(f.external_attr >> 16) for f in files):
        return "a member of its archive has a name that leads outside"
    if len({name.lower() for name in names}) < len(names):
        return "two members of its archive have one name"
    end = 0
    for file in sorted(files, key=lambda file: file.header_offset):
        if file.header_offset < end:
            return "members of its archive overlap"
        end = file.header_offset + 30 + len(file.orig_filename.encode()) + file.compress_size
    return None


def crowded(place: Place, count: int) -> SourceError:
    """The error for an archive of more members than a workbook or a packed table can have."""
    return SourceError(
        "SOURCE-BOMB", "the archive holds far more files than a workbook does", place=place, found=f"{count} members",
        expected=f"at most {MOST_MEMBERS}", hint="ask for the table as CSV",
    )  # fmt: skip


def cut(place: Place, what: str) -> SourceError:
    """The error for an archive or workbook whose end is missing."""
    hint = "ask for the file again; check that the transfer was complete"
    return SourceError("SOURCE-TRUNCATED", f"the {what} file is cut or damaged", place=place, hint=hint)


def _within(total: int, packed: int, place: Place) -> None:
    if total > MOST or (total > FREE and total > STEEPEST * packed):
        raise SourceError(
            "SOURCE-BOMB", "the packed file inflates far beyond what a table does", place=place,
            found=f"more than {total >> 20} MiB from {max(packed >> 10, 1)} KiB", expected=f"at most {STEEPEST} bytes for one",
            hint="ask for the file unpacked",
        )  # fmt: skip


@contextmanager
def _opened(packed: IO[bytes], compression: str | None, place: Place) -> Iterator[IO[bytes]]:
    if compression == "zip":
        with zipfile.ZipFile(packed) as archive, archive.open(_member(archive, place)) as plain:
            yield plain
    elif compression == "gzip":
        with gzip.GzipFile(fileobj=packed) as plain:
            yield plain  # type: ignore[misc]
    elif compression == "bz2":
        with bz2.BZ2File(packed) as plain:
            yield plain
    elif compression == "xz":
        with lzma.LZMAFile(packed) as plain:
            yield plain
    else:
        yield packed


def _member(archive: zipfile.ZipFile, place: Place) -> zipfile.ZipInfo:
    """The one table in an archive; the names of members are judged and never used."""
    every = archive.infolist()
    if any(member.flag_bits & 1 for member in every):
        raise locked(place)
    if words := suspicious(every):
        hint = "ask for the table unpacked, or packed anew"
        raise SourceError("SOURCE-UNSAFE", f"the archive is refused: {words}", place=place, hint=hint)
    files = [m for m in every if not m.is_dir() and not m.filename.startswith("__MACOSX/") and m.file_size]
    if len(files) != 1:
        raise SourceError(
            "SOURCE-KIND", "the archive does not hold exactly one table", place=place, found=f"{len(files)} files",
            expected="one file", hint="unpack it and hand over the files one by one", details=_listed(files),
        )  # fmt: skip
    if files[0].compress_type not in METHODS:
        raise SourceError(
            "SOURCE-KIND", "the archive is packed in a way that is not read", place=place, found=f"method {files[0].compress_type}",
            expected="deflate, bzip2 or lzma", hint="ask for the table unpacked, or packed by another program",
        )  # fmt: skip
    _within(files[0].file_size, files[0].compress_size, place)
    return files[0]


def _listed(files: Sequence[zipfile.ZipInfo]) -> list[str]:
    """What an archive holds, for people; its names were judged before."""
    more = [f"and {len(files) - NAMED} more"] if len(files) > NAMED else []
    return [f"file {file.filename[:100]!r}" for file in files[:NAMED]] + more


def locked(place: Place) -> SourceError:
    """The error for anything that needs a password."""
    hint = "ask for the file without a password, over a safe channel"
    return SourceError("SOURCE-ENCRYPTED", "the file is protected by a password", place=place, hint=hint)
