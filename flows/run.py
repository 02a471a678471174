"""One execution over pinned inputs: locked, resumable, published by one rename or not at all."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contracts.errors import MillraceError, Place, RunError, StepFailed, StepsFailed
from flows.checkpoint import Kept
from flows.disk import FileEntry, describe, erase, files_in, make_private, room, settle, sync, write_json
from flows.home import Home, safe
from flows.lock import held
from flows.runs import take_number
from flows.stored import MANIFEST, RECORD, Kind, Stored, run_id

LEFT_DAYS = 7
_log = logging.getLogger("millrace.run")


@dataclass
class Run:
    """A run that is open; made by `open_run`.

    Parameters
    ----------
    id : str
        From the key.
    steps : Path
        Where kept steps are: ``conduct.at(run.steps)``.
    work : Path
        The private folder that becomes the run.
    scratch : Path
        For temporary files; never published.
    stored : Stored or None
        The published run: set from the start where the same inputs were run before.
    """

    home: Home
    kind: Kind
    client: str
    name: str
    id: str
    key: Mapping[str, Any]
    started: datetime
    owner: Path
    part: Path
    stored: Stored | None = None
    _linked: dict[str, FileEntry] = field(default_factory=dict)

    @property
    def steps(self) -> Path:
        """Beside the run, so that sweeping its folder does not lose them."""
        return self.owner / f".{self.id}.steps"

    @property
    def work(self) -> Path:
        """What is written here is published."""
        return self.part / "whole"

    @property
    def scratch(self) -> Path:
        """What is written here is removed."""
        return self.part / "scratch"

    def publish(
        self,
        collect: Iterable[tuple[Kept | Path, str]] = (),
        *,
        facts: Mapping[str, Any] | None = None,
        loose: Sequence[str] = (),
        notes: Mapping[str, Any] | None = None,
        now: datetime | None = None,
    ) -> Stored:
        """Gather the files, write the manifest, bring all to the disk and rename once.

        Parameters
        ----------
        collect : iterable of (Kept or Path, str)
            What goes where in the run: a kept step's files, a folder or a file; ``""`` is the run's root.
        facts : mapping
            Reproducible, for the manifest; no raw value.
        loose : sequence of str
            Files that differ from run to run: listed with their hashes in run.json.
        notes : mapping
            Not reproducible, for run.json.
        now : datetime, optional
            When it is published; the clock where not given.

        Raises
        ------
        RunError
            RUN-CLASH for two files at one place, RUN-LOOSE for a loose file that is missing, DISK-FULL.
        """
        with room():
            for source, place in collect:
                self._gather(source, place)
            self._write_manifest(facts or {}, loose, notes or {}, now or datetime.now(UTC))
            settle(self.work)
            final = self.owner / self.id
            self.work.rename(final)  # under the lock and checked before: there is nothing at this name
            sync(self.owner)
        self.stored = Stored(self.kind, self.client, self.name, self.id, final)
        return self.stored

    def _gather(self, source: Kept | Path, place: str) -> None:
        root = source.out if isinstance(source, Kept) else source
        known = source.files if isinstance(source, Kept) else {}
        prefix = f"{place.strip('/')}/" if place.strip("/") else ""
        names = sorted(known) or ([""] if root.is_file() else files_in(root))
        for name in names:
            target = (prefix + name).rstrip("/")
            self._place(root / name if name else root, target)
            if name in known:
                self._linked[target] = known[name]

    def _place(self, source: Path, target: str) -> None:
        path = self.work / target
        if path.exists():
            raise RunError("RUN-CLASH", "two files have the same place in the run", found=target)
        make_private(path.parent)
        if source.is_relative_to(self.steps) or source.is_relative_to(self.part):
            try:
                os.link(source, path)
            except PermissionError:  # a file system without hard links
                shutil.copyfile(source, path)
        else:
            shutil.copyfile(source, path)  # never share bytes with another run

    def _write_manifest(self, facts: Mapping[str, Any], loose: Sequence[str], notes: Mapping[str, Any], now: datetime) -> None:
        files = describe(self.work, self._linked)
        if missing := sorted(set(loose) - set(files)):
            raise RunError("RUN-LOOSE", "files named as not reproducible are missing", details=missing)
        listed = {name: entry.as_dict() for name, entry in files.items()}
        whose = {"id": self.id, "kind": self.kind, "client": self.client, "name": self.name}
        fixed = {name: entry for name, entry in listed.items() if name not in loose}
        write_json(self.work / MANIFEST, {**whose, "key": self.key, "facts": facts, "files": fixed})
        times = {"started": self.started.isoformat(), "published": now.isoformat()}
        number = take_number(self.owner, self.id)
        write_json(self.work / RECORD, {"number": number, **times, "notes": notes, "files": {name: listed[name] for name in loose}})


@contextmanager
def open_run(
    home: Home, kind: Kind, owner: tuple[str, str], key: Mapping[str, Any], *, wait: float = 0.0, now: datetime | None = None
) -> Iterator[Run]:
    """Open the run of a key under its locks; what is not published when the block ends is gone.

    Kept steps stay when it was interrupted, killed, or failed by a fault of the machine or of Millrace, so that the next start resumes.
    A rejection (any other error of ours) leaves nothing.

    Parameters
    ----------
    home : Home
        Where runs are kept.
    kind : {"runs", "submissions"}
        What is run.
    owner : (str, str)
        Client, and product or feed.
    key : mapping
        JSON-able; everything that decides the bytes, no path and no file name.
    wait : float
        Seconds to wait for the lock.
    now : datetime, optional
        When it starts; the clock where not given.

    Raises
    ------
    RunError
        FEED-LOCKED, RUN-DAMAGED when the run's place is taken by something else, DISK-FULL.

    Examples
    --------
    >>> home = Home.open(Path(tempfile.mkdtemp()) / "home")
    >>> with open_run(home, "runs", ("acme", "churn"), {"files": ["ab"]}) as run:
    ...     _ = (run.work / "scores.csv").write_text("1")
    ...     first = run.publish()
    >>> with open_run(home, "runs", ("acme", "churn"), {"files": ["ab"]}) as run:
    ...     run.stored == first
    True
    """
    client, name = owner
    number, started = run_id(key), now or datetime.now(UTC)
    with room():
        folder = home.owner(kind, client, name)
        one = "feed" if kind == "submissions" else "product"
        about = {"run": number, "since": f"{started:%Y-%m-%d %H:%M:%S} UTC"}
        place = Place(client=safe(client), feed=f"{client}/{name}" if kind == "submissions" else None)
        with (
            held(folder / ".lock", about, code="FEED-LOCKED", what=f"the {one} {client}/{name}", place=place, wait=wait),
            held(folder / f".{number}.lock", about, code="RUN-LOCKED", what=f"the run {number}", place=place, wait=wait),
        ):
            sweep(folder, number)
            yield from _opened(Run(home, kind, client, name, number, key, started, folder, folder / "unopened"))


def _opened(run: Run) -> Iterator[Run]:
    final = run.owner / run.id
    if final.exists():
        run.stored = Stored(run.kind, run.client, run.name, run.id, final)
        _ = run.stored.manifest  # RUN-DAMAGED where the folder is not a run
        erase(run.steps)
        yield run
        return
    run.part = Path(tempfile.mkdtemp(prefix=f".{run.id}.", suffix=".part", dir=run.owner))
    make_private(run.work)
    make_private(run.scratch)
    keep = False
    try:
        yield run
    except BaseException as error:
        keep = resumable(error)
        raise
    finally:
        shutil.rmtree(run.part)
        if run.stored or not keep or not any(run.steps.glob("*/done.json")):
            erase(run.steps)


def resumable(error: BaseException) -> bool:
    """Whether a run that ended so may go on later: not when the input was judged and refused.

    Examples
    --------
    >>> from contracts.errors import SourceError
    >>> resumable(KeyboardInterrupt()), resumable(SourceError("SOURCE-EMPTY", "the file is empty"))
    (True, False)
    """
    if isinstance(error, StepsFailed):
        return any(resumable(each) for each in error.errors)
    return isinstance(error, StepFailed | RunError) or not isinstance(error, MillraceError)


def sweep(owner: Path, keep: str, days: float = LEFT_DAYS) -> list[str]:
    """Remove what dead runs left in an owner's folder, whose lock we hold; return the names.

    Half-written folders go at once: their writer is dead. Kept steps of other runs go when they are older than `days`.
    """
    gone = []
    for path in sorted(owner.glob(".*")):
        half = path.name.endswith(".part") or path.name.startswith(".gone-")
        old = path.name.endswith(".steps") and path.name != f".{keep}.steps" and time.time() - _touched(path) > days * 86400
        if half or old:
            shutil.rmtree(path)
            gone.append(path.name)
            _log.info("removed what a dead run left: %s", path.name)
    return gone


def _touched(folder: Path) -> float:
    """When a folder, or a step's folder in it, was last changed."""
    return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
