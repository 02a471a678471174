"""An OLE compound file, the container of xls: one of its streams, whatever the container says about itself."""

from __future__ import annotations

import struct

FREE = 0xFFFFFFFA
"""Numbers from here on are no sector."""
SMALL = 4096
"""Streams below this size lie in small sectors."""


def stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """The first stream of one of these names; empty where the container has none or makes no sense.

    Parameters
    ----------
    data : bytes
        The whole file.
    names : tuple of str

    Examples
    --------
    >>> stream(b"no container", ("Workbook",))
    b''
    """
    try:
        return _stream(data, names)
    except (struct.error, IndexError, ValueError):
        return b""


def _stream(data: bytes, names: tuple[str, ...]) -> bytes:
    size, small = 1 << struct.unpack_from("<H", data, 30)[0] % 32, 1 << struct.unpack_from("<H", data, 32)[0] % 32
    if not (64 <= size <= 65536 and 16 <= small <= 4096):
        return b""
    first, limit = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0] or SMALL
    table = _table(data, size)
    directory = _chain(data, table, first, size, len(data))
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    wanted = [entry for name in names for entry in entries if _name(entry) == name and entry[66] == 2]
    if not wanted:
        return b""
    start, length = struct.unpack_from("<I", wanted[0], 116)[0], struct.unpack_from("<I", wanted[0], 120)[0]
    if length >= limit:
        return _chain(data, table, start, size, length)
    root = struct.unpack_from("<I", entries[0], 116)[0]
    store = _chain(data, table, root, size, len(data))
    packed = _chain(data, table, struct.unpack_from("<I", data, 60)[0], size, len(data))
    return _chain(store, _numbers(packed), start, small, length, header=0)


def _name(entry: bytes) -> str:
    return entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0) % 64].decode("utf-16-le", "replace")


def _table(data: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows each."""
    sectors = list(struct.unpack_from("<109I", data, 76))
    more, left = struct.unpack_from("<I", data, 68)[0], len(data) // size
    while more < FREE and left > 0:
        block = _numbers(data[(more + 1) * size : (more + 2) * size])
        sectors, more, left = sectors + list(block[:-1]), block[-1], left - 1
    own = [sector for sector in sectors if sector < FREE][: len(data) // size + 1]
    return _numbers(b"".join(data[(sector + 1) * size : (sector + 2) * size] for sector in own))


def _chain(data: bytes, table: tuple[int, ...], sector: int, size: int, length: int, header: int = 1) -> bytes:
    """The bytes of a chain of sectors, at most `length`; a chain that never ends stops there."""
    parts, left = [], length
    while sector < len(table) and left > 0:
        parts.append(data[(sector + header) * size : (sector + header) * size + min(size, left)])
        sector, left = table[sector], left - size
    return b"".join(parts)


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
