"""One execution over pinned inputs, published by one rename or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contracts.errors import RunError
from flows.checkpoint import Kept
from flows.disk import FileEntry, describe, files_in, make_private, room, settle, sync, write_json
from flows.home import Home
from flows.runs import take_number
from flows.stored import MANIFEST, RECORD, Kind, Stored


@dataclass
class Run:
    """A run that is open; made by `opening.open_run`.

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
