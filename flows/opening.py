"""Opening a run: locked, resumable, and what dead runs left swept away."""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from contracts.errors import MillraceError, Place, RunError, StepFailed, StepsFailed
from flows.disk import erase, make_private, room
from flows.home import Home, safe
from flows.lock import held
from flows.run import Run
from flows.stored import Kind, Stored, run_id

LEFT_DAYS = 7
_log = logging.getLogger("millrace.run")


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
