"""Files that are whole or not there: private modes, fsync, hashes, a full disk told as such."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.digest import sha256_file
from contracts.errors import RunError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""No space left, quota used up, or the process's own limit on file size."""


@dataclass(frozen=True)
class FileEntry:
    """What a manifest says of one file."""

    sha256: str
    size: int

    @classmethod
    def of(cls, path: Path) -> FileEntry:
        """Read and hash a file."""
        return cls(sha256_file(path), path.stat().st_size)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {"sha256": self.sha256, "size": self.size}


def is_full(error: BaseException) -> bool:
    """Whether an error says that no more can be written.

    Examples
    --------
    >>> is_full(OSError(errno.ENOSPC, "")), is_full(OSError(errno.ENOENT, ""))
    (True, False)
    """
    return isinstance(error, OSError) and error.errno in FULL


def says_full(stderr: str) -> bool:
    """Whether a process of ours died for want of space, by what it wrote last.

    Examples
    --------
    >>> says_full("Traceback ...\\nOSError: [Errno 28] No space left on device\\n"), says_full("OSError: [Errno 2] x"), says_full("")
    (True, False, False)
    """
    found = re.match(r"OSError: \[Errno (\d+)\]", (stderr.splitlines() or [""])[-1])
    return found is not None and int(found[1]) in FULL


def disk_full() -> RunError:
    """The error for a full disk; it names no path."""
    return RunError(
        "DISK-FULL", "the disk is full, or the limit on file size is reached; nothing half-written was published",
        hint="free some space and start again: finished steps are kept, earlier runs are untouched",
    )  # fmt: skip


@contextmanager
def room() -> Iterator[None]:
    """Turn an operating-system error about space into DISK-FULL; let everything else pass.

    Raises
    ------
    RunError
        DISK-FULL.
    """
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise disk_full() from None


def make_private(folder: Path) -> Path:
    """Make a folder, and its missing parents, with mode 0700 whatever the umask; return it."""
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)  # another process may make it at the same moment
        path.chmod(0o700)
    return folder


def erase(folder: Path) -> None:
    """Remove a folder with all it holds; a missing one is fine.

    It is renamed first, so that a kill half-way leaves nothing under the old name.
    """
    doomed = folder.with_name(f".gone-{folder.name.lstrip('.')}")
    if folder.exists():
        if doomed.exists():
            shutil.rmtree(doomed)
        folder.rename(doomed)
    if doomed.exists():
        shutil.rmtree(doomed)


def files_in(folder: Path) -> list[str]:
    """Relative paths of all files below a folder, sorted, with forward slashes."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


def describe(folder: Path, known: Mapping[str, FileEntry] | None = None) -> dict[str, FileEntry]:
    """Size and hash of every file below a folder; files in `known` are not read again."""
    known = known or {}
    return {name: known.get(name) or FileEntry.of(folder / name) for name in files_in(folder)}


def settle(folder: Path) -> None:
    """Make a tree private (0700, 0600) and bring it to the disk: files first, then folders, deepest first."""
    folders = [folder]
    for path in folder.rglob("*"):
        if path.is_dir():
            folders.append(path)
        else:
            path.chmod(0o600)
            sync(path)
    for path in sorted(folders, key=lambda p: len(p.parts), reverse=True):
        path.chmod(0o700)
        sync(path)


def sync(path: Path) -> None:
    """fsync a file or a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: Any, *, ordered: bool = False) -> None:
    """Write a JSON file whole or not at all: private temporary file, fsync, rename, fsync of the folder.

    Keys are sorted, unless their order says something.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, sort_keys=not ordered, ensure_ascii=False, allow_nan=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(0o600)
    fresh.replace(path)
    sync(path.parent)


def read_json(path: Path) -> Any:
    """The inverse of `write_json`."""
    return json.loads(path.read_text(encoding="utf-8"))
