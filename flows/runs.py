"""Stored runs and submissions: find them, list them, check every byte."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from contracts.digest import sha256_json
from contracts.errors import Place, RunError
from flows.disk import FileEntry, files_in, read_json, write_json
from flows.home import Home, safe

Kind = Literal["runs", "submissions"]
MANIFEST = "manifest.json"
RECORD = "run.json"
ID_LENGTH = 16
_ID = re.compile(f"[0-9a-f]{{{ID_LENGTH}}}")


def run_id(key: Any) -> str:
    """The id that a key gives: the same key is the same run.

    Examples
    --------
    >>> run_id({"client": "acme", "files": ["ab"]}) == run_id({"files": ["ab"], "client": "acme"})
    True
    """
    return sha256_json(key)[:ID_LENGTH]


@dataclass(frozen=True)
class Stored:
    """A published folder of a run or a submission.

    Parameters
    ----------
    kind : {"runs", "submissions"}
        What it is.
    client, name : str
        Whose, and which product (runs) or feed (submissions).
    id : str
        Sixteen hex digits.
    folder : Path
        Where its files are.
    """

    kind: Kind
    client: str
    name: str
    id: str
    folder: Path

    @property
    def label(self) -> str:
        """``acme/churn@1f3a...``; no value of a client."""
        return f"{self.client}/{self.name}@{self.id}"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What is reproducible: id, key, facts, files with hash and size."""
        return _read(self, MANIFEST)

    @cached_property
    def run(self) -> dict[str, Any]:
        """What is not: number, times, notes, files that differ from run to run."""
        return _read(self, RECORD)

    @property
    def facts(self) -> dict[str, Any]:
        """What the pipeline wrote into the manifest."""
        facts: dict[str, Any] = self.manifest["facts"]
        return facts

    @property
    def number(self) -> int:
        """1 for the first of this client and feed or product; order does not depend on a clock.

        Raises
        ------
        RunError
            RUN-DAMAGED where neither the run nor the record beside its owner's folder says it.
        """
        try:
            return int(self.run["number"])
        except RunError:
            known = _numbers(self.folder.parent).get(self.id)
            if known is None:
                raise
            return known


@dataclass(frozen=True)
class Damage:
    """One thing that is not as the manifest says."""

    path: str
    what: str


def stored(home: Home, kind: Kind = "runs", client: str | None = None, name: str | None = None) -> list[Stored]:
    """All published folders, newest first."""
    found = [each for owner, label in _owners(home, kind, client, name) for each in _in(owner, kind, *label)]
    return sorted(found, key=_when, reverse=True)


def _when(each: Stored) -> tuple[str, str, str, int]:
    """What orders runs; a damaged one is the oldest, so that it hides no other."""
    try:
        return str(each.run["published"]), each.client, each.name, each.number
    except RunError:
        return "", each.client, each.name, _placed(each)[1]


def of_owner(home: Home, kind: Kind, client: str, name: str) -> list[Stored]:
    """The published folders of one client and feed or product, in the order of their numbers.

    A damaged one whose number nobody knows is the last: it may be the newest, and to give out an older one in its place would be wrong.
    """
    owner = home.root / kind / safe(client, "client") / safe(name)
    return sorted(_in(owner, kind, client, name), key=_placed)


def _placed(each: Stored) -> tuple[bool, int]:
    try:
        return False, each.number
    except RunError:
        return True, 0


def take_number(owner: Path, run: str) -> int:
    """The next number of an owner's folder, whose lock is held, noted for a run; that of a damaged or removed run is never given again."""
    noted = _numbers(owner)
    places = [_placed(Stored("runs", "", "", folder.name, folder)) for folder in _published(owner)]
    number = max([*noted.values(), *(known for _, known in places)], default=0) + sum(lost for lost, _ in places) + 1
    write_json(_noted(owner), {**noted, run: number})
    return number


def _noted(owner: Path) -> Path:
    """Beside the owner's folder, so that it outlives any damage within."""
    return owner.with_name(f".{owner.name}.numbers.json")


def _numbers(owner: Path) -> dict[str, int]:
    try:
        return {str(run): int(number) for run, number in read_json(_noted(owner)).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # what is lost is known from the runs themselves
        return {}


def find(home: Home, what: str, kind: Kind = "runs") -> Stored:
    """A run by its id, the beginning of its id, ``client/name@id`` or ``client/name@latest``.

    Raises
    ------
    RunError
        RUN-UNKNOWN, with what there is; RUN-AMBIGUOUS for a beginning that several ids share.
    """
    owner, _, wanted = what.rpartition("@")
    client, _, name = owner.partition("/")
    if owner and wanted == "latest":
        choice = of_owner(home, kind, client, name)[-1:]
    else:
        pool = of_owner(home, kind, client, name) if owner else stored(home, kind)
        choice = [each for each in pool if wanted and each.id.startswith(wanted)]
        choice = [each for each in choice if each.id == wanted] or choice
    if len(choice) == 1:
        return choice[0]
    raise _not_one(home, what, kind, choice)


def verify(run: Stored) -> list[Damage]:
    """Compare every file with the manifest; empty when all is well.

    Missing, changed, cut and added files are named, and a manifest that belongs to another run, client or feed.
    """
    if lost := [Damage(name, "missing or unreadable") for name in (MANIFEST, RECORD) if not _readable(run, name)]:
        return lost
    try:
        manifest, record = run.manifest, run.run
        listed = {name: FileEntry(**entry) for name, entry in {**record["files"], **manifest["files"]}.items()}
        foreign = [key for key in ("id", "kind", "client", "name") if manifest[key] != getattr(run, key)]
        foreign += ["key"] if run_id(manifest["key"]) != run.id else []
    except (KeyError, TypeError, AttributeError):
        return [Damage(MANIFEST, "missing or unreadable")]
    damages = [Damage(MANIFEST, f"its {key} is not this folder's") for key in foreign]
    damages += [damage for name, entry in sorted(listed.items()) for damage in _compared(run.folder / name, name, entry)]
    unlisted = set(files_in(run.folder)) - set(listed) - {MANIFEST, RECORD}
    return damages + [Damage(name, "not in the manifest") for name in sorted(unlisted)]


def sound(run: Stored) -> Stored:
    """Return the run if every file is as its manifest says.

    Raises
    ------
    RunError
        RUN-DAMAGED, one line per damaged file.
    """
    damages = verify(run)
    if damages:
        raise RunError(
            "RUN-DAMAGED", f"{len(damages)} files of {run.label} are not as its manifest says", place=Place(client=run.client),
            details=[f"{d.path}: {d.what}" for d in damages], hint="restore the folder from a backup, or remove it and run again",
        )  # fmt: skip
    return run


def intact(run: Stored, name: str) -> Path:
    """The path of one file of a run, if it is as the manifest says.

    Raises
    ------
    RunError
        RUN-DAMAGED.
    """
    entry = {**run.run["files"], **run.manifest["files"]}.get(name)
    if not isinstance(entry, dict) or set(entry) != {"sha256", "size"} or _compared(run.folder / name, name, FileEntry(**entry)):
        raise _damaged(run, name)
    return run.folder / name


def _compared(path: Path, name: str, entry: FileEntry) -> list[Damage]:
    if not path.is_file():
        return [Damage(name, "missing")]
    if path.stat().st_size != entry.size:
        return [Damage(name, f"{path.stat().st_size} bytes instead of {entry.size}")]
    return [] if FileEntry.of(path) == entry else [Damage(name, "changed")]


def _readable(run: Stored, file: str) -> bool:
    try:
        _read(run, file)
    except RunError:
        return False
    return True


def _read(run: Stored, file: str) -> dict[str, Any]:
    try:
        data = read_json(run.folder / file)
    except (OSError, ValueError):
        data = None
    if not isinstance(data, dict) or any(not isinstance(data.get(name), kind) for name, kind in _KEPT[file].items()):
        raise _damaged(run, file)
    return data


_KEPT: dict[str, dict[str, type]] = {
    MANIFEST: {"id": str, "key": dict, "facts": dict, "files": dict},
    RECORD: {"number": int, "published": str, "files": dict},
}
"""What the records of a run hold at least."""


def _damaged(run: Stored, file: str) -> RunError:
    return RunError(
        "RUN-DAMAGED", f"{file} of {run.label} is missing, unreadable or changed", place=Place(client=run.client),
        hint="restore the folder from a backup, or remove it and run again",
    )  # fmt: skip


def _owners(home: Home, kind: Kind, client: str | None, name: str | None) -> Iterator[tuple[Path, tuple[str, str]]]:
    for folder in sorted((home.root / kind).glob("*/*")):
        owner = (folder.parent.name, folder.name)
        if folder.is_dir() and client in (None, owner[0]) and name in (None, owner[1]):
            yield folder, owner


def _in(owner: Path, kind: Kind, client: str, name: str) -> list[Stored]:
    return [Stored(kind, client, name, folder.name, folder) for folder in _published(owner)]


def _published(owner: Path) -> list[Path]:
    """Published folders only: a name with a dot is unfinished, and a folder that has neither a run's name nor a manifest is not ours.

    A run appears by one rename, so that one without its manifest is neither unfinished nor to be resumed, but damaged.
    """
    folders = [] if not owner.is_dir() else [f for f in owner.iterdir() if f.is_dir() and not f.name.startswith(".")]
    return [f for f in folders if _ID.fullmatch(f.name) or (f / MANIFEST).is_file()]


def _not_one(home: Home, what: str, kind: Kind, choice: list[Stored]) -> RunError:
    one = "submission" if kind == "submissions" else "run"
    if choice:
        return RunError("RUN-AMBIGUOUS", f"several {kind} begin so", found=f"{len(choice)} {kind}", details=[each.label for each in choice])
    names = [each.label for each in stored(home, kind)]
    near = difflib.get_close_matches(what, [*names, *(n.rpartition("@")[0] + "@latest" for n in names)], n=1)
    hint = f"did you mean {near[0]}?" if near else f"millrace runs list shows all; a {one} is named by its id or as client/name@latest"
    return RunError("RUN-UNKNOWN", f"there is no such {one}", found=what[:120], hint=hint)
