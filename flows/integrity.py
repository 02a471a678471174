"""Whether every byte of a stored run or submission is as its manifest says."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contracts.errors import Place, RunError
from flows.disk import FileEntry, files_in
from flows.stored import MANIFEST, RECORD, Stored, damaged, read_record, run_id


@dataclass(frozen=True)
class Damage:
    """One thing that is not as the manifest says."""

    path: str
    what: str


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
        raise damaged(run, name)
    return run.folder / name


def _compared(path: Path, name: str, entry: FileEntry) -> list[Damage]:
    if not path.is_file():
        return [Damage(name, "missing")]
    if path.stat().st_size != entry.size:
        return [Damage(name, f"{path.stat().st_size} bytes instead of {entry.size}")]
    return [] if FileEntry.of(path) == entry else [Damage(name, "changed")]


def _readable(run: Stored, file: str) -> bool:
    try:
        read_record(run, file)
    except RunError:
        return False
    return True
