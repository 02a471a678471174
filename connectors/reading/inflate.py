"""A file's content as a stream of bytes, whatever it is packed in, with limits."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from contracts.errors import Place, SourceError

PIECE = 4 << 20
MOST = 64 << 30
"""Inflated bytes beyond which a packed file is refused."""
FREE = 64 << 20
MOST_MEMBERS = 10_000
"""Members of an archive; a directory of more is not even read."""
STEEPEST = 250
"""From `FREE` bytes on, inflated bytes for one packed byte beyond which a file is taken for a bomb (text packs at most 100 to 1)."""


def content(path: Path, name: str, compression: str | None, piece: int = PIECE) -> Iterator[bytes]:
    """The content in pieces of about `piece` bytes.

    Raises
    ------
    SourceError
        SOURCE-TRUNCATED for a cut or damaged archive, SOURCE-ENCRYPTED, SOURCE-BOMB, SOURCE-KIND for an archive of several files.
    """
    place = Place(file=name)
    try:
        with path.open("rb") as packed, _opened(packed, compression, place) as plain:
            total = 0
            while data := plain.read(piece if compression is None or total > FREE else min(piece, 4 << 20)):
                total += len(data)
                if compression is not None:
                    _within(total, packed.tell(), place)
                yield data
    except (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, zipfile.BadZipFile):
        raise cut(place, compression or "") from None
    except OSError as error:
        if compression is None or error.errno is not None:
            raise
        raise cut(place, compression) from None


def members(path: Path) -> int:
    """How many members the end of a zip archive says it has; 0 where its end is missing."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - (1 << 16) - 100, 0))
        tail = file.read()
    end, large = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    count = int.from_bytes(tail[end + 10 : end + 12], "little") if end >= 0 else 0
    return int.from_bytes(tail[large + 32 : large + 40], "little") if count == 0xFFFF and large >= 0 else count


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
    files = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/") and m.file_size]
    if len(files) != 1:
        raise SourceError(
            "SOURCE-KIND", "the archive does not hold exactly one table", place=place, found=f"{len(files)} files",
            expected="one file", hint="unpack it and hand over the files one by one",
        )  # fmt: skip
    if files[0].flag_bits & 1:
        raise locked(place)
    return files[0]


def locked(place: Place) -> SourceError:
    """The error for anything that needs a password."""
    hint = "ask for the file without a password, over a safe channel"
    return SourceError("SOURCE-ENCRYPTED", "the file is protected by a password", place=place, hint=hint)
