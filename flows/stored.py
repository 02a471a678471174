"""A stored run or submission: its folder, its manifest, its number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from contracts.digest import sha256_json
from contracts.errors import Place, RunError
from flows.disk import read_json

Kind = Literal["runs", "submissions"]
MANIFEST = "manifest.json"
RECORD = "run.json"
ID_LENGTH = 16


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
        return read_record(self, MANIFEST)

    @cached_property
    def run(self) -> dict[str, Any]:
        """What is not: number, times, notes, files that differ from run to run."""
        return read_record(self, RECORD)

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
            known = numbers(self.folder.parent).get(self.id)
            if known is None:
                raise
            return known


def numbers_file(owner: Path) -> Path:
    """Beside the owner's folder, so that it outlives any damage within."""
    return owner.with_name(f".{owner.name}.numbers.json")


def numbers(owner: Path) -> dict[str, int]:
    """The number noted for each run of an owner's folder by its id; empty where the note is lost."""
    try:
        return {str(run): int(number) for run, number in read_json(numbers_file(owner)).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # what is lost is known from the runs themselves
        return {}


def read_record(run: Stored, file: str) -> dict[str, Any]:
    """The manifest or the record of a run, with at least what every one holds.

    Raises
    ------
    RunError
        RUN-DAMAGED where it is missing, unreadable or of another shape.
    """
    try:
        data = read_json(run.folder / file)
    except (OSError, ValueError):
        data = None
    if not isinstance(data, dict) or any(not isinstance(data.get(name), kind) for name, kind in _KEPT[file].items()):
        raise damaged(run, file)
    return data


_KEPT: dict[str, dict[str, type]] = {
    MANIFEST: {"id": str, "key": dict, "facts": dict, "files": dict},
    RECORD: {"number": int, "published": str, "files": dict},
}
"""What the records of a run hold at least."""


def damaged(run: Stored, file: str) -> RunError:
    """The error that names a file of a run as damaged."""
    return RunError(
        "RUN-DAMAGED", f"{file} of {run.label} is missing, unreadable or changed", place=Place(client=run.client),
        hint="restore the folder from a backup, or remove it and run again",
    )  # fmt: skip
