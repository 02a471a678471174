"""Files that a command writes where a user wants them: whole or not at all, never over another one unless told."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from contracts.errors import Place, RunError
from flows.disk import room, sync

HANDLES = Path("/proc/self/fd")
"""Where Linux shows the files that a process holds."""


@contextmanager
def outlets(targets: Sequence[Path], sources: Sequence[Path] = (), *, force: bool = False) -> Iterator[list[IO[bytes]]]:
    """Binary files to write to, private to the user; each gets its name at the end, all of them or, on an error, none.

    Parameters
    ----------
    targets : sequence of Path
    sources : sequence of Path
        Files that are read meanwhile.
    force : bool
        Whether a file of that name may be replaced.

    Raises
    ------
    RunError
        OUTPUT-EXISTS, OUTPUT-FOLDER, OUTPUT-TWICE where a file would be read and written or written twice, DISK-FULL.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with outlets([path]) as (file,):
    ...     _ = file.write(b"x"), path.exists()
    >>> path.read_bytes()
    b'x'
    """
    places = [_checked(path, force) for path in targets]
    if len({*places, *(path.resolve() for path in sources)}) < len(places) + len(sources):
        message = "one file would be read and written, or written twice"
        raise _refusal("OUTPUT-TWICE", message, places[0], "name another file for the output")
    fresh = [path.with_name(f".{path.name}.{os.getpid()}.new") for path in places]
    try:
        with room():
            with ExitStack() as held:
                with ExitStack() as stack:
                    files = [stack.enter_context(_created(path, place)) for path, place in zip(fresh, places, strict=True)]
                    kept = [os.dup(file.fileno()) for file in files]
                    for handle in kept:
                        held.callback(os.close, handle)
                    yield files
                for handle, path in zip(kept, fresh, strict=True):
                    _named(handle, path)
            for path in fresh:
                sync(path)
            for path, place in zip(fresh, places, strict=True):
                _publish(path, place, force)
    finally:
        for path in fresh:
            path.unlink(missing_ok=True)


def _checked(path: Path, force: bool) -> Path:
    place = path.resolve()
    if not place.parent.is_dir():
        raise _refusal("OUTPUT-FOLDER", "the folder of the output is not there", path, "make the folder first, or name another one")
    if place.exists() and not (force and place.is_file()):
        hint = "name another file, or say --force to replace this one" if place.is_file() else "name a file"
        raise _refusal("OUTPUT-EXISTS", "there is something of that name already", path, hint)
    return place


def _refusal(code: str, message: str, path: Path, hint: str) -> RunError:
    return RunError(code, message, place=Place(file=path.name), hint=hint)


def _created(path: Path, place: Path) -> IO[bytes]:
    """A file to write to: without a name where the system has such files, so that nothing is left of it wherever this process ends."""
    try:
        return os.fdopen(_nameless(path.parent) or os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=1 << 20)
    except (PermissionError, FileNotFoundError):
        raise _refusal("OUTPUT-FOLDER", "the folder of the output may not be written to", place, "name a file in another folder") from None


def _nameless(folder: Path) -> int | None:
    flag = getattr(os, "O_TMPFILE", None)
    try:
        return None if flag is None or not HANDLES.is_dir() else os.open(folder, os.O_WRONLY | flag, 0o600)
    except PermissionError:
        raise
    except OSError:  # a file system without such files
        return None


def _named(handle: int, path: Path) -> None:
    """Give a file without a name one; by `src_dir_fd` the link goes to the file that the handle stands for."""
    if not os.fstat(handle).st_nlink:
        os.link(HANDLES / str(handle), path, src_dir_fd=handle, follow_symlinks=True)


def _publish(fresh: Path, place: Path, force: bool) -> None:
    """Give a file its name; a link never replaces what came there meanwhile."""
    if force:
        fresh.replace(place)
    else:
        try:
            os.link(fresh, place)
        except FileExistsError:
            raise _refusal("OUTPUT-EXISTS", "a file of that name came up meanwhile", place, "name another file") from None
        except OSError:  # a file system without links
            fresh.rename(place)
    sync(place.parent)
