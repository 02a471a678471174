"""The doctor on MILLRACE_HOME: its disk, its rights, its locks, and what is stored there."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from contracts.errors import MillraceError
from flows.disk import room
from flows.doctor.finding import Finding
from flows.home import Home
from flows.lock import held
from flows.standing import standing

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse"})
FREE_GIB = 2.0


def home(root: Path) -> Iterator[Finding]:
    """MILLRACE_HOME: writable, private, on a local disk with room and with locks that hold."""
    try:
        found = Home.open(root)
        with room(), tempfile.TemporaryFile(dir=found.root) as probe:
            probe.write(b"x")
        _locks(found.root)
    except (MillraceError, OSError) as error:
        code = error.code if isinstance(error, MillraceError) else type(error).__name__
        yield Finding("home", "wrong", f"MILLRACE_HOME cannot be used ({code})", "set MILLRACE_HOME to a folder of yours on a local disk")
        return
    mode = stat.S_IMODE(found.root.stat().st_mode)
    if mode == 0o700:
        yield Finding("home", "ok", "MILLRACE_HOME is writable and private")
    else:
        yield Finding("home", "wrong", f"MILLRACE_HOME has mode {mode:04o}: others may read it", "use a disk that keeps modes")
    yield _disk(found.root)
    yield from stored(found)


def stored(home: Home) -> Iterator[Finding]:
    """References and secrets, on which everything trained rests; `millrace runs verify` looks at the runs, too."""
    found = standing(home)
    damaged = [(place, one) for place, damages in found.items() for one in damages]
    for place, one in damaged:
        remedy = "restore it from a backup" if place.startswith("keys/") else "restore it from a backup, or train again"
        yield Finding("stored", "wrong", f"{place} is damaged: {one.what}", remedy)
    if found and not damaged:
        yield Finding("stored", "ok", f"{len(found)} references and secrets are whole")


def _locks(root: Path) -> None:
    with held(root / ".doctor.lock", {}, code="FEED-LOCKED", what="the home"):
        pass


def _disk(root: Path) -> Finding:
    kind, free = file_system(root), shutil.disk_usage(root).free / 2**30
    if kind in NETWORK:
        return Finding("disk", "wrong", f"MILLRACE_HOME is on a network drive ({kind}): locks and renames are not safe", "use a local disk")
    if free < FREE_GIB:
        return Finding("disk", "missing", f"{free:.1f} GiB free: large submissions may not fit", "free some space")
    return Finding("disk", "ok", f"{kind or 'a disk of unknown kind'}, {free:.0f} GiB free")


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The kind of file system a path is on; None where the system does not tell."""
    if not mounts.is_file():
        return None
    lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    fits = [(len(where), kind) for _, where, kind, *_ in lines if path.resolve().is_relative_to(where.replace("\\040", " "))]
    return max(fits)[1] if fits else None
