"""Arrivals: files named on a command line, or found in the inbox, as submissions of feeds."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from connectors.plan import plan
from contracts.errors import ColumnsError, MillraceError, Place, SettingsError, SourceError
from flows.intake import Arrival
from flows.repairs import identity_of
from flows.workspace import Workspace

LONGEST = 255
"""Bytes of a file's name."""


def named(workspace: Workspace, client: str, words: Sequence[str], *, draft: bool = False) -> tuple[Arrival, ...]:
    """Words such as ``customers=a.csv b.csv transactions=orders/``: a file without a feed belongs to the feed before it.

    Files before any feed are given to the feed whose columns they have. A folder stands for its files, a pattern for those it matches.

    Raises
    ------
    SettingsError
        FEED-UNKNOWN; FILE-UNCLEAR where several feeds, or none, have a file's columns.
    SourceError
        SOURCE-MISSING, SOURCE-NONE.
    """
    files: dict[str, list[Path]] = {}
    loose: list[Path] = []
    current: str | None = None
    for word in words:
        head, mark, tail = word.partition("=")
        named_here = mark and not _there(Path(word))
        if named_here:
            current = f"{client}/{head.removeprefix(client + '/')}"
            workspace.feed(current)
        found = expanded(tail if named_here else word)
        (loose if current is None else files.setdefault(current, [])).extend(found)
    for feed, paths in attributed(workspace, client, loose).items():
        files.setdefault(feed, []).extend(paths)
    return arrivals(files, draft=draft)


def arrivals(files: Mapping[str, Sequence[Path]], *, draft: bool = False) -> tuple[Arrival, ...]:
    """One arrival a feed, by the feeds' names."""
    return tuple(Arrival(feed, tuple(paths), draft=draft) for feed, paths in sorted(files.items()))


def expanded(word: str) -> list[Path]:
    """A file, the files of a folder, or those that a pattern matches.

    Raises
    ------
    SourceError
        SOURCE-NONE for a folder without files, or a pattern that nothing matches.
    """
    path = Path(word)
    if not word:  # which would stand for the present folder
        raise SourceError("SOURCE-NONE", "a file's name is empty", hint="name the files of the submission")
    if not _there(path) and len(os.fsencode(path.name)) > LONGEST:
        raise SourceError("SOURCE-MISSING", "there is no such file: its name is too long", hint="check the path")
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
    elif any(sign in word for sign in "*?[") and not path.exists():
        found = sorted(each for each in path.parent.glob(path.name) if each.is_file())
    else:
        return [path]
    if not found:
        raise SourceError("SOURCE-NONE", "there are no files there", place=Place(file=path.name), hint=_elsewhere(path))
    return found


def _elsewhere(path: Path) -> str:
    """The next step for a folder without files of its own."""
    folders = sorted(each.name for each in path.iterdir() if each.is_dir() and _holds(each)) if path.is_dir() else []
    return f"its folder {folders[0]!r} has files: name that" if folders else "name the files of the submission"


def _there(path: Path) -> bool:
    """Whether something is at a path; a name that no system takes is at none."""
    try:
        return path.exists()
    except OSError:
        return False


def attributed(workspace: Workspace, client: str, paths: Sequence[Path]) -> dict[str, list[Path]]:
    """Files by the feed whose connector their columns fit; a workbook may hold several feeds. A mended error workbook names its feed.

    Raises
    ------
    SettingsError
        FILE-UNCLEAR.
    """
    files: dict[str, list[Path]] = {}
    for path in paths:
        mended = identity_of(workspace, client, path)
        if mended is not None and mended.feed.startswith(f"{client}/"):
            files.setdefault(mended.feed, []).append(path)
            continue
        fits, errors = [], []
        for feed in workspace.feeds(client):
            error = misfit(workspace, feed, path)
            fits += [feed] if error is None else []
            errors += [(feed, error)] if error is not None else []
        by_workbook = len(fits) > 1 and path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
        if not fits or (len(fits) > 1 and not by_workbook):
            raise _unclear(client, path, fits, errors)
        for feed in fits:
            files.setdefault(feed, []).append(path)
    return files


def misfit(workspace: Workspace, feed: str, path: Path) -> MillraceError | None:
    """Why a file is none of a feed; None where its columns fit.

    Raises
    ------
    SourceError
        Where the file cannot be read at all.
    """
    spec = workspace.feed(feed)
    try:
        plan([path], spec, workspace.client(spec.client))
    except ColumnsError as error:
        return error
    except SourceError as error:
        if error.code in ("SHEET-MISSING", "HEADER-MISSING"):
            return error
        raise
    return None


def _unclear(client: str, path: Path, fits: Sequence[str], errors: Sequence[tuple[str, MillraceError]]) -> SettingsError:
    message = "the file fits several feeds" if fits else f"the file fits no feed of {client}"
    details = [f"{feed}: fits" for feed in fits] or [f"{feed}: {error.message}" for feed, error in errors]
    return SettingsError(
        "FILE-UNCLEAR",
        message,
        place=Place(client=client, file=path.name),
        details=details,
        hint="say which feed it is: FEED=FILE",
    )


def inbox(workspace: Workspace, client: str, *, draft: bool = False) -> tuple[Arrival, ...]:
    """What lies in ``inbox/<client>/``: in a folder named like a feed, or beside it and known by its columns.

    Raises
    ------
    SettingsError
        FILE-UNCLEAR; INBOX-SEVERAL where several whole lists wait for one feed.
    """
    root = workspace.settings.inbox / client
    if not root.is_dir():
        return ()
    files = {
        feed: expanded(str(root / feed.partition("/")[2])) for feed in workspace.feeds(client) if _holds(root / feed.partition("/")[2])
    }
    loose = [path for path in sorted(root.iterdir()) if path.is_file() and not path.name.startswith(".")]
    for feed, paths in attributed(workspace, client, loose).items():
        files[feed] = [*files.get(feed, []), *paths]
    for feed, paths in files.items():
        if len(paths) > 1 and workspace.feed(feed).mode == "snapshot":
            raise _several(feed, paths)
    return arrivals(files, draft=draft)


def _several(feed: str, paths: Sequence[Path]) -> SettingsError:
    """Several states of the same list contradict one another; which of them belong together is the sender's to say."""
    client, _, name = feed.partition("/")
    return SettingsError(
        "INBOX-SEVERAL", "several files wait for a feed of which each file is the whole list", place=Place(client=client, feed=name),
        found=f"{len(paths)} files", expected="one file, or the parts of one list",
        hint=f"name the newest, or those that belong together: millrace deliver {client} {name}=FILE",
    )  # fmt: skip


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(each.is_file() and not each.name.startswith(".") for each in folder.iterdir())


def replacing(arrival: Arrival, submission: str | None) -> Arrival:
    """The arrival as a correction of a submission."""
    return replace(arrival, replaces=submission)
