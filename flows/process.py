"""How a process of ours takes signals: the command's own, and those of its workers, which end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType
from typing import NoReturn

from contracts import shelf


def leash(contracts: tuple[Path, ...] = ()) -> None:
    """In every worker process: leave Ctrl-C to the parent, end with the parent, keep threads of libraries to one, know its contracts."""
    shelf.use(contracts)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OMP_NUM_THREADS"] = "1"
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def heed_signals() -> None:
    """Turn SIGTERM into SystemExit(143), so that clean-up code runs; called once by the command."""

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(143)

    signal.signal(signal.SIGTERM, end)
