"""Hostile files, made byte by byte when a test asks for them, and what reading one costs in a process of its own."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
SLACK = 3
"""Times a bound that was measured, below which a busy machine must stay."""
DEFLATED, STORED = 8, 0
BLOCK = 16 << 20

_WATCHED = """
import json, resource, sys, time
from pathlib import Path
from connectors.reading.reading import read
from contracts.errors import SourceError

seen = set()


def watch(event, arguments):
    if event.startswith("socket.") or event == "open":
        seen.add(event if event != "open" else str(arguments[0]))


def memory(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name)) / 1024


before, began = memory("VmRSS"), time.process_time()
sys.addaudithook(watch)
rows, code = 0, ""
try:
    for block in read(Path(sys.argv[1]))[1]:
        rows += block.table.num_rows
except SourceError as error:
    code = error.code
spent = time.process_time() - began
children = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "code": code, "rows": rows, "seconds": spent, "megabytes": memory("VmHWM") - before, "seen": sorted(seen),
    "child_seconds": children.ru_utime + children.ru_stime, "child_megabytes": children.ru_maxrss / 1024,
}))
"""


@dataclass(frozen=True)
class Cost:
    """What became of a file, and what it took.

    Parameters
    ----------
    code : str
        Of the refusal; empty where it was read.
    rows : int
    seconds, megabytes : float
        Computing and memory beyond what the reader needs to start, in the reading process.
    child_seconds, child_megabytes : float
        Of the limited child; 0 where none was started.
    seen : tuple of str
        Files opened, and ``socket.…`` for anything done with a network.
    """

    code: str
    rows: int
    seconds: float
    megabytes: float
    child_seconds: float
    child_megabytes: float
    seen: tuple[str, ...]


def cost(path: Path) -> Cost:
    """Read a file in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, str(path)], cwd=ROOT, capture_output=True, text=True, env={**os.environ}, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return Cost(**{**found, "seen": tuple(found["seen"])})


@dataclass(frozen=True)
class Member:
    """A member of a zip archive, as it is and as the archive says it is.

    Parameters
    ----------
    name : str
    packed : bytes
        As it lies in the archive.
    size, crc : int
        Of the content, as the archive says.
    method, flags : int
    mode : int
        Unix mode; a symbolic link has one.
    at : int, optional
        Where the directory says it begins; where it does by default.
    """

    name: str
    packed: bytes
    size: int
    crc: int = 0
    method: int = DEFLATED
    flags: int = 0
    mode: int = 0
    at: int | None = None


def member(name: str, content: bytes, **changed: Any) -> Member:
    """An honest member, with some of it changed."""
    return replace(Member(name, deflated(content), len(content), zlib.crc32(content)), **changed)


def deflated(content: bytes) -> bytes:
    """Content as a raw deflate stream."""
    pack = zlib.compressobj(6, zlib.DEFLATED, -15)
    return pack.compress(content) + pack.flush()


def repeated(block: bytes, times: int) -> bytes:
    """A raw deflate stream of a block again and again: packed once, so that gigabytes cost nothing to make."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (pack.compress(block) + pack.flush(zlib.Z_FULL_FLUSH)) * times + deflated(b"")


def archive(members: Sequence[Member]) -> bytes:
    """A zip archive written by hand: nothing in it is checked."""
    body, directory = b"", b""
    for one in members:
        name, at = one.name.encode(), len(body) if one.at is None else one.at
        size, large = (one.size, b"") if one.size < 1 << 32 else (0xFFFFFFFF, struct.pack("<HHQ", 1, 8, one.size))
        common = struct.pack("<HHHHHIIIHH", 45, one.flags, one.method, 0, 33, one.crc, len(one.packed), size, len(name), len(large))
        body += b"PK\x03\x04" + common + name + large + one.packed
        directory += b"PK\x01\x02" + b"\x2d\x03" + common + struct.pack("<HHHII", 0, 0, 0, one.mode << 16, at) + name + large
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    return body + directory + b"PK\x05\x06" + end


def gzipped(packed: bytes, name: bytes = b"") -> bytes:
    """A gzip file around a raw deflate stream; its end is left out, for it is never reached."""
    return b"\x1f\x8b\x08" + (b"\x08" if name else b"\x00") + b"\x00" * 4 + b"\x02\xff" + (name + b"\x00" if name else b"") + packed
