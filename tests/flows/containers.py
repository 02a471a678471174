"""A password-protected workbook as Excel stores it: a compound file with two streams, the second of which is noise without the password."""

from __future__ import annotations

import random
import struct

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def encrypted(size: int = 8_192) -> bytes:
    """The container of an encrypted workbook.

    Examples
    --------
    >>> encrypted()[:8].hex()
    'd0cf11e0a1b11ae1'
    """
    info = struct.pack("<HHI", 4, 4, 0x40) + b'<encryption xmlns="http://schemas.microsoft.com/office/2006/encryption"/>'
    streams = [info.ljust(4_096, b"\0"), struct.pack("<Q", size - 8) + random.Random(1).randbytes(size - 8)]
    chains, starts, sector = [FAT, END], [], 2
    for stream in streams:
        count = len(stream) // SECTOR
        starts.append(sector)
        chains += [*range(sector + 1, sector + count), END]
        sector += count
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(SECTOR, b"\xff")
    entries = [
        _entry("Root Entry", 5, END, 0, child=2),
        _entry("EncryptionInfo", 2, starts[0], len(streams[0])),
        _entry("EncryptedPackage", 2, starts[1], len(streams[1]), left=1),
        _entry("", 0, 0, 0),
    ]
    return _header() + table + b"".join(entries) + b"".join(streams)


def _header() -> bytes:
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4_096, END, 0, END, 0)
    return head + struct.pack("<I", 0).ljust(109 * 4, b"\xff")


def _entry(name: str, kind: int, start: int, size: int, *, left: int = FREE, child: int = FREE) -> bytes:
    text = name.encode("utf-16-le")
    place = struct.pack("<BBIII", kind, 1, left, FREE, child)
    return text.ljust(64, b"\0") + struct.pack("<H", len(text) + 2 if name else 0) + place + bytes(36) + struct.pack("<IQ", start, size)
