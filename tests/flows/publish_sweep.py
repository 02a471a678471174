"""Kill a run at its k-th disk operation, for every k, in forked children of a process without threads.

``python tests/flows/publish_sweep.py FOLDER``: one JSON line, ``{"points": n, "before": n, "after": n, "wrong": [...]}``.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from flows.direct_conductor import Direct
from flows.home import Home
from flows.integrity import verify
from flows.runs import of_owner
from tests.flows.sample import Spec, deliver

WATCHED = ("open", "os.", "shutil.", "tempfile.")


def die_at(k: int, home: Path) -> None:
    """Count this process's operations on paths below the home and end it, as kill -9 does, before the k-th."""
    seen = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event.startswith(WATCHED) and any(str(a).startswith(str(home)) for a in arguments if isinstance(a, str | os.PathLike)):
            seen += 1
            if seen == k:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    sync = os.fsync

    def fsync(fd: Any) -> None:  # the one operation of ours that raises no audit event
        count("os.fsync", (str(home),))
        sync(fd)

    os.fsync = fsync


def attempt(k: int, home: Path) -> bool:
    """Run the pipeline in a child that dies at k; True when it came to its end."""
    child = os.fork()
    if child == 0:
        die_at(k, home)
        Direct().conduct(deliver, Spec(home, parts=2))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def content(folder: Path) -> dict[str, bytes]:
    """The reproducible files of a run with their bytes, the manifest too."""
    names = [*json.loads((folder / "manifest.json").read_text())["files"], "manifest.json"]
    return {name: (folder / name).read_bytes() for name in names}


def judge(home: Path, expected: dict[str, bytes]) -> tuple[list[str], bool]:
    """What is wrong after a kill, before and after the next start; and whether the run was visible."""
    found = of_owner(Home(home), "runs", "acme", "churn")
    wrong = [f"visible but damaged: {damage}" for run in found for damage in verify(run)]
    again = Direct().conduct(deliver, Spec(home, parts=2))
    if content(again.folder) != expected:
        wrong.append("the next start ended with other bytes")
    rest = [p.name for p in again.folder.parent.iterdir() if p.name != again.id and not p.name.endswith(".lock")]
    if rest:
        wrong.append(f"left behind: {rest}")
    return wrong, bool(found)


def main(folder: Path) -> None:
    """Sweep k until the child comes to its end."""
    expected = content(Direct().conduct(deliver, Spec(folder / "undisturbed", parts=2)).folder)
    wrong: list[str] = []
    before = after = k = 0
    while True:
        k += 1
        home = folder / f"home-{k}"
        done = attempt(k, home)
        if done:
            break
        found, visible = judge(home, expected)
        wrong += [f"killed before operation {k}: {text}" for text in found]
        after, before = after + visible, before + (not visible)
        shutil.rmtree(home)
    sys.stdout.write(json.dumps({"points": k - 1, "before": before, "after": after, "wrong": wrong}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
