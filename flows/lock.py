"""Kernel file locks that say who holds them.

A lock file stays behind and means nothing by itself: the kernel frees the lock when its process ends, however it ends.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from contracts.errors import Place, RunError


@contextmanager
def held(path: Path, holder: Mapping[str, str], *, code: str, what: str, place: Place | None = None, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock at a path.

    Parameters
    ----------
    path : Path
        The lock file; its folder exists.
    holder : mapping of str to str
        What others shall read while it is held, e.g. ``{"run": "1f3a", "since": "2026-01-05 10:00:00 UTC"}``.
    code, what, place
        Of the error: ``"the feed acme/customers"``.
    wait : float
        Seconds to wait for it; 0 refuses at once.

    Raises
    ------
    RunError
        `code`, naming what holds the lock and since when.
    """
    note = json.dumps({**holder, "process": str(os.getpid())}).encode()
    lock = FileLock(path, timeout=wait, mode=0o600, fallback_to_soft=False, on_acquired=lambda handle: _write(handle, note))
    try:
        lock.acquire()
    except Timeout:
        refused = True
    else:
        refused = False
    if refused:
        raise RunError(
            code, f"{what} is locked by another process", place=place, found=_holder(path),
            hint="wait until it has ended and start again; the lock of a dead process is free at once",
        )  # fmt: skip
    try:
        yield
    finally:
        lock.release()


def _write(handle: int, note: bytes) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, note, 0)


def _holder(path: Path) -> str:
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # it has just ended, or has just begun
        return "held by a process that has not named itself yet"
    return ", ".join(f"{name} {text}" for name, text in note.items())
