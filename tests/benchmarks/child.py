"""A command as a whole process: what it cost, as the operating system accounts for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
MILLRACE = str(Path(sys.executable).parent / "millrace")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Of numerical libraries; Arrow's pool is left as it is."""
KIB_PER_MB = 1024


@dataclass(frozen=True)
class Spent:
    """What one run of a command took.

    Parameters
    ----------
    cpu : float
        User and system seconds, finished children included.
    peak : float
        Largest resident memory of a process, in MiB.
    wall : float
        Seconds from start to end.
    said : dict
        Numbers that the command printed as one line of JSON, by name; empty where it printed none.
    """

    cpu: float
    peak: float
    wall: float
    said: Mapping[str, float] = field(default_factory=dict)


def spend(command: Sequence[str], *, home: Path | None = None, allowed: tuple[int, ...] = (0,)) -> Spent:
    """Run a command and wait for it.

    Parameters
    ----------
    command : sequence of str
    home : Path, optional
        Becomes `MILLRACE_HOME`.
    allowed : tuple of int
        Exit codes that are no failure of the benchmark: a held pack is a result.

    Raises
    ------
    RuntimeError
        With the end of what it printed, where it failed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    environment = {**kept, **ONE_THREAD, "PYTHONPATH": str(ROOT), **({"MILLRACE_HOME": str(home)} if home else {})}
    with tempfile.TemporaryFile() as told:
        before = os.times().elapsed
        process = subprocess.Popen(command, stdout=told, stderr=subprocess.STDOUT, env=environment, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = os.times().elapsed - before
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        text = told.read().decode(errors="replace")
    if process.returncode not in allowed:
        raise RuntimeError(f"exit code {process.returncode} of {' '.join(map(str, command))}\n{text[-3000:]}")
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / KIB_PER_MB, wall, _said(text))


def _said(text: str) -> dict[str, float]:
    last = text.strip().rpartition("\n")[2]
    return {name: float(value) for name, value in json.loads(last).items()} if last.startswith("{") else {}
