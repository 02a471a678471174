"""Error workbooks that are out: the files they were made from are kept until they are back, and what comes back is recognised.

For each file of which an error workbook was made, ``repairs/<client>/<feed>/<sha256>/`` in the home holds it under its name; so does it a
mended workbook of which the next one was made. They lie there for `KEPT_DAYS` after the last workbook that needs them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.identity import Identity, opened
from connectors.returned import Mended, hidden_cells
from contracts.digest import sha256_file
from contracts.errors import Place, SourceError
from flows.disk import erase, make_private, room
from flows.home import Home
from flows.workspace import Workspace
from reports.error_words import WORDS

KEPT_DAYS = 90
BEGINNING = 12
"""Signs of a hash that name a file to people."""


@dataclass(frozen=True)
class Given:
    """Files of a submission as they were given: plain ones, or those that a mended workbook is about.

    Parameters
    ----------
    files : tuple of Path
        The submission's own files.
    mended : tuple of Mended
        Workbooks in the order in which they are applied; the last one was given now.
    identity : Identity, optional
        What the last one says of itself.
    """

    files: tuple[Path, ...]
    mended: tuple[Mended, ...] = ()
    identity: Identity | None = None


def recognised(space: Workspace, feed: str, paths: Sequence[Path]) -> Given:
    """What was given: where one of the files is a mended error workbook, the files that it is about are found, here or beside it.

    Raises
    ------
    SourceError
        WORKBOOK-FOREIGN, WORKBOOK-DAMAGED; WORKBOOK-FEED for one of another feed, WORKBOOK-SEVERAL for more than one,
        WORKBOOK-ORIGINAL where a file that it is about is not there, WORKBOOK-BESIDE for a file that it is not about.
    """
    known = {path: identity for path in paths if (identity := identity_of(space, feed, path)) is not None}
    if not known:
        return Given(tuple(paths))
    if len(known) > 1:
        raise _refusal("WORKBOOK-SEVERAL", "more than one error workbook was given", feed, found=f"{len(known)} of them",
                       hint="of different files: take them in one after the other; copies of one workbook that several people mended: "
                            "copy their rows, with the codes, into one of them")  # fmt: skip
    path, identity = next(iter(known.items()))
    if identity.feed != feed:
        hint = f"millrace intake {identity.feed} {path.name}"
        raise _refusal("WORKBOOK-FEED", "the error workbook is about another feed", feed, path, found=identity.feed, hint=hint)
    beside = {sha256_file(other): other for other in paths if other != path and other.is_file()}
    files = tuple(_original(space.home, feed, path, file.sha256, file.name, beside) for file in identity.files)
    earlier = tuple(_original(space.home, feed, path, sha256, "an earlier mended workbook", beside) for sha256 in identity.earlier)
    strange = [other for sha256, other in beside.items() if sha256 not in {*identity.earlier, *(file.sha256 for file in identity.files)}]
    if strange:
        expected = ", ".join(f"{file.name} (sha256 {file.sha256[:BEGINNING]}…)" for file in identity.files[:5])
        raise _refusal("WORKBOOK-BESIDE", "a file was given beside the error workbook that it is not about", feed, strange[0],
                       found=f"sha256 {sha256_file(strange[0])[:BEGINNING]}…", expected=expected,
                       hint="give the workbook alone, or with the file it was made from")  # fmt: skip
    return Given(files, tuple(_mended(each) for each in (*earlier, path)), identity)


def identity_of(space: Workspace, feed: str, path: Path) -> Identity | None:
    """What an error workbook says of itself; None for any other file, a missing one among them.

    Raises
    ------
    SourceError
        As `recognised`, of this file alone.
    """
    if not path.is_file():
        return None
    cells = hidden_cells(path, path.name)
    client = feed.partition("/")[0]
    return None if cells is None else opened(cells, space.home.secret(client), Place(client=client, file=path.name))


def refuse_stray(headers: Iterable[str], feed: str) -> None:
    """Refuse the rows of an error workbook that no longer says what it is, as one saved as CSV: alone they are no submission.

    Raises
    ------
    SourceError
        WORKBOOK-STRAY.
    """
    found = set(headers)
    if any({words.own[0], words.own[-1]} <= found for words in WORDS.values()):
        raise _refusal("WORKBOOK-STRAY", "these are rows of an error workbook, without the sheet that says what they belong to", feed,
                       expected="the workbook as it was sent, saved as xlsx or ods",
                       hint="ask for the same workbook back: it was copied, or saved as another kind of file")  # fmt: skip


def _mended(path: Path) -> Mended:
    return Mended(path, os.fsencode(path.name).decode("utf-8", "replace"), sha256_file(path))


def _original(home: Home, feed: str, workbook: Path, sha256: str, name: str, beside: dict[str, Path]) -> Path:
    """A file by its hash: given, or kept."""
    if sha256 in beside:
        return beside[sha256]
    folder = _folder(home, feed) / sha256
    kept = [path for path in folder.iterdir() if sha256_file(path) == sha256] if folder.is_dir() else []
    if kept:
        return kept[0]
    raise _refusal(
        "WORKBOOK-ORIGINAL", "the file that the error workbook was made from is needed, and not kept here", feed, workbook,
        found=", ".join(f"{path.name} (sha256 {other[:BEGINNING]}…)" for other, path in list(beside.items())[:3]) or None,
        expected=f"{name} (sha256 {sha256[:BEGINNING]}…)",
        hint=f"give it beside the workbook: millrace intake {feed} ORIGINAL {workbook.name}",
    )  # fmt: skip


def _refusal(
    code: str, message: str, feed: str, path: Path | None = None, *, found: str | None = None, expected: str | None = None, hint: str
) -> SourceError:
    place = Place(client=feed.partition("/")[0], feed=feed, file=path.name if path else None)
    return SourceError(code, message, place=place, found=found, expected=expected, hint=hint)


def keep(space: Workspace, feed: str, files: Iterable[tuple[Path, str]]) -> None:
    """Keep files with their hashes, and sweep those that nothing was made of for long.

    Raises
    ------
    RunError
        DISK-FULL.
    """
    root = make_private(_folder(space.home, feed))
    for old in _left(root, space.now.timestamp()):
        erase(old)
    for path, sha256 in files:
        folder = root / sha256
        if not folder.is_dir():
            _copied(path, make_private(root / f".{sha256}.{os.getpid()}"), folder)
        os.utime(folder, (space.now.timestamp(), space.now.timestamp()))


def _copied(path: Path, fresh: Path, folder: Path) -> None:
    with room():
        try:
            shutil.copyfile(path, fresh / path.name)
            (fresh / path.name).chmod(0o600)
            fresh.rename(folder)
        finally:
            erase(fresh)


def _left(root: Path, now: float) -> Iterator[Path]:
    for folder in sorted(root.iterdir()):
        if now - folder.stat().st_mtime > KEPT_DAYS * 86_400:
            yield folder


def _folder(home: Home, feed: str) -> Path:
    client, _, name = feed.partition("/")
    return home.repairs(client, name)
