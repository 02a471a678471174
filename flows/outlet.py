"""Files that a command writes where a user wants them: whole or not at all, never over another one unless told."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from contracts.errors import Place, RunError
from flows.disk import room, sync


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
            with ExitStack() as stack:
                files = [stack.enter_context(_created(path, place)) for path, place in zip(fresh, places, strict=True)]
                yield files
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
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb", buffering=1 << 20)
    except (PermissionError, FileNotFoundError):
        raise _refusal("OUTPUT-FOLDER", "the folder of the output may not be written to", place, "name a file in another folder") from None


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
