"""Folders that are whole or not there: written aside, sealed by a manifest, published by one rename, checked byte by byte when read."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from filelock import FileLock, Timeout

from contracts.digest import canonical_json, sha256_bytes, sha256_json
from contracts.errors import ModelError, shape

MANIFEST = "manifest.json"
PART = ".part"
WAIT = 60.0
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")


def named(root: Path, *names: str) -> Path:
    """The folder of names below a root, which cannot lead out of it.

    Raises
    ------
    ModelError
        MODEL-NAME.

    Examples
    --------
    >>> named(Path("home"), "models", "churn.telco").as_posix()
    'home/models/churn.telco'
    """
    for name in names:
        if not _NAME.fullmatch(name) or ".." in name:
            message = "this cannot be the name of a model or a version"
            raise ModelError("MODEL-NAME", message, found=shape(name), expected="such as churn.telco")
    return root.joinpath(*names)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other writers out of a folder, and sweep what killed writers left in it.

    Raises
    ------
    ModelError
        MODEL-LOCKED when another writer stays for a minute.
    """
    _make(folder)
    lock = FileLock(folder / ".lock", timeout=WAIT, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise ModelError("MODEL-LOCKED", "another process is writing here", hint="wait for it and try again") from None
    try:
        for left in folder.glob(f".*{PART}"):
            shutil.rmtree(left)  # its writer is dead: we hold the lock
        yield
    finally:
        lock.release()


def publish(final: Path, files: Mapping[str, bytes]) -> str:
    """Write files and their manifest, and make them appear at once under the final name; return the seal.

    Only within `alone(final.parent)`.
    """
    work = final.with_name(f".{final.name}.{uuid4().hex[:8]}{PART}")
    os.mkdir(work, 0o700)  # noqa: PTH102
    try:
        manifest = sealed(files)
        for name, data in {**files, MANIFEST: canonical_json(manifest)}.items():
            _write(work / name, data)
        _sync(work)
        os.rename(work, final)  # noqa: PTH104
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    _sync(final.parent)
    return str(manifest["seal"])


def sealed(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest of files: hash and size of each, and a seal over all of them."""
    entries = {name: {"sha256": sha256_bytes(data), "size": len(data)} for name, data in sorted(files.items())}
    return {"files": entries, "seal": sha256_json(entries)}


def read(folder: Path, what: str) -> tuple[dict[str, bytes], str]:
    """All files of a published folder, and its seal; these very bytes were checked.

    Raises
    ------
    ModelError
        MODEL-DAMAGED when a byte differs, a file is missing or one too many.
    """
    try:
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    except OSError as error:
        raise damaged(what, type(error).__name__) from None
    raw = files.pop(MANIFEST, b"")
    found = sealed(files)
    if raw != canonical_json(found):
        raise damaged(what, "; ".join(_differences(raw, found)))
    return files, str(found["seal"])


def damaged(what: str, found: str) -> ModelError:
    """The error for stored bytes that are not what was published."""
    return ModelError(
        "MODEL-DAMAGED", f"{what} is damaged", found=found, expected="the bytes that were published",
        hint="restore it from a backup, roll back, or train again",
    )  # fmt: skip


def replace(path: Path, value: Any) -> None:
    """Write a JSON file whole or not at all."""
    fresh = path.with_name(f".{path.name}.{uuid4().hex[:8]}.new")
    try:
        _write(fresh, canonical_json(value))
        os.replace(fresh, path)  # noqa: PTH105
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _differences(raw: bytes, found: Mapping[str, Any]) -> list[str]:
    try:
        expected = dict(json.loads(raw)["files"])
    except (ValueError, KeyError, TypeError):
        return ["the manifest is missing or broken"]
    names = sorted(name for name in {*expected, *found["files"]} if expected.get(name) != found["files"].get(name))
    # names come from our own folder, but a damaged manifest may name anything
    return [f"{name} differs" if name in found["files"] else "a file is missing" for name in names] or ["the manifest differs"]


def _make(folder: Path) -> None:
    for path in [p for p in (*reversed(folder.parents), folder) if not p.exists()]:
        path.mkdir(mode=0o700, exist_ok=True)


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
