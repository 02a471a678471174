"""The workers of a pipeline: threads, or processes that end with the one that started them."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Literal

from contracts import shelf
from flows.process import leash


class Crew:
    """Workers, started when they are first needed and kept for the whole pipeline."""

    def __init__(self) -> None:
        self._pool: Executor | None = None

    def at_work(self, workers: int, kind: Literal["processes", "threads"]) -> Executor:
        """The pool, started where there is none."""
        if self._pool is None and kind == "threads":
            self._pool = ThreadPoolExecutor(workers)
        elif self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(workers, mp_context=context, initializer=leash, initargs=(shelf.folders(),))
        return self._pool

    def leave(self, *, wait: bool) -> None:
        """Let the workers go."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=True)
            self._pool = None
