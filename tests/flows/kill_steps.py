"""Kill a delivery around its k-th kept step, for every k, start it again, and compare; in forked children of a process that runs nothing.

``python tests/flows/kill_steps.py HOME WORK CUSTOMERS TRANSACTIONS``: one JSON line, ``{"steps": [...], "kills": n, "wrong": [...]}``.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flows import checkpoint, disk, versions
from flows.deliver import deliver
from flows.direct_conductor import Direct
from flows.intake import Arrival
from flows.integrity import verify
from flows.order import Order
from flows.runs import of_owner, stored
from flows.workspace import Workspace
from tests.flows.delivering import reproducible, workspace

Hook = Callable[[int, str], None]


def hooked(after: Hook, before_record: Hook) -> None:
    """Call a hook when a kept step is done, and another when its files are written but its record is not."""
    whole, record, count = checkpoint._done, disk.write_json, [0]

    def done(function: Any, folder: Path, *rest: Any) -> Any:
        count[0] += 1
        kept = whole(function, folder, *rest)
        after(count[0], folder.name)
        return kept

    def write(path: Path, value: Any, **how: bool) -> None:
        if path.name == checkpoint.DONE:
            before_record(count[0], path.parent.name)
        record(path, value, **how)

    vars(checkpoint).update(_done=done, write_json=write)


def nothing(_number: int, _name: str) -> None:
    """The hook of an undisturbed run."""


def dies_at(k: int) -> Hook:
    """A hook that ends its process as kill -9 does."""

    def die(number: int, _name: str) -> None:
        if number == k:
            os.kill(os.getpid(), signal.SIGKILL)

    return die


def attempt(space: Workspace, order: Order, log: Path, after: Hook = nothing, before_record: Hook = nothing) -> bool:
    """Deliver in a child; True when it came to its end. The log gets a line for each step that was begun to its record."""
    child = os.fork()
    if child == 0:
        with log.open("a", buffering=1) as file:
            hooked(lambda n, name: (file.write(f"{name}\n"), after(n, name))[-1], before_record)  # type: ignore[func-returns-value]
            Direct().conduct(deliver, space, order)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def main(home: Path, work: Path, customers: Path, transactions: Path) -> None:
    """Sweep k over all steps: after each step, and for some of them between their files and their record."""
    versions.code()  # read once, for all children
    arrivals = (Arrival("harbour/customers", (customers,)), Arrival("harbour/transactions", (transactions,)))
    order = Order("harbour", "repurchase", arrivals, pages="none")
    sweep = Sweep(home, work, order)
    expected, steps = sweep.undisturbed()
    kills = [(k, late) for k in range(1, len(steps) + 1) for late in (True, False) if late or k % 5 == 4]
    wrong = [text for k, late in kills for text in sweep.killed(k, steps, expected, late=late)]
    sys.stdout.write(json.dumps({"steps": steps, "kills": len(kills), "wrong": wrong}) + "\n")


class Sweep:
    """Homes to kill in, each a copy of one that has a model."""

    def __init__(self, home: Path, work: Path, order: Order) -> None:
        self._home, self._work, self._order = home, work, order

    def _fresh(self) -> Workspace:
        shutil.rmtree(self._work / "home", ignore_errors=True)
        shutil.copytree(self._home, self._work / "home")
        (self._work / "log").unlink(missing_ok=True)
        return workspace(self._work / "home")

    def _lines(self) -> list[str]:
        return (self._work / "log").read_text().splitlines()

    def undisturbed(self) -> tuple[dict[str, dict[str, bytes]], list[str]]:
        """All bytes, and the steps in their order."""
        space = self._fresh()
        assert attempt(space, self._order, self._work / "log")
        return everything(space), self._lines()

    def killed(self, k: int, steps: list[str], expected: dict[str, dict[str, bytes]], *, late: bool) -> list[str]:
        """What is wrong when the process is killed at the k-th step and started again."""
        space, log, when = self._fresh(), self._work / "log", f"killed {'after' if late else 'within'} step {k}"
        if attempt(space, self._order, log, *((dies_at(k),) if late else (nothing, dies_at(k)))):
            return [f"{when}: it was not"]
        before = self._lines()
        wrong = [] if before == steps[: k if late else k - 1] else [f"{when}: these were done: {before}"]
        wrong += [f"{when}: a run is visible" for _ in of_owner(space.home, "runs", "harbour", "repurchase")]
        wrong += [f"{when}: {damage}" for each in stored(space.home, "submissions") for damage in verify(each)]
        log.unlink()
        if not attempt(space, self._order, log):
            return [*wrong, f"{when}: it does not go on"]
        wrong += [] if self._lines() == steps[len(before) :] else [f"{when}: done then: {self._lines()}"]
        wrong += [f"{when}: other bytes: {name}" for name in differing(everything(space), expected)]
        rest = [p for kind in ("runs", "submissions") for p in (space.home.root / kind).glob("*/*/.*") if not p.name.endswith(".lock")]
        return wrong + [f"{when}: left behind: {path.name}" for path in rest]


def everything(space: Workspace) -> dict[str, dict[str, bytes]]:
    """The bytes of all runs and submissions."""
    return {each.label: reproducible(each) for each in [*stored(space.home, "runs"), *stored(space.home, "submissions")]}


def differing(found: dict[str, dict[str, bytes]], expected: dict[str, dict[str, bytes]]) -> list[str]:
    """Runs and files that are not the same."""
    labels = sorted(found.keys() ^ expected.keys())
    both = [(label, name) for label in sorted(found.keys() & expected.keys()) for name in {**found[label], **expected[label]}]
    return labels + [f"{label} {name}" for label, name in both if found[label].get(name) != expected[label].get(name)]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
