"""The conductor: one pipeline, several ways to run it; this one runs it here.

A pipeline is a plain function over a conductor's three verbs: `run` a step, `map` it over items, `note` something for people.
`Direct` needs no server: a plain loop, threads, or spawned processes. `flows.prefect_conductor` does the same on Prefect.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from pathlib import Path
from types import FrameType
from typing import Any, Literal, NoReturn, Protocol

from contracts import shelf
from contracts.errors import MillraceError, RunError, StepFailed
from flows.checkpoint import Kept
from flows.steps import StepCard, attempt, card, contained, finish, label, plain, step

Watch = Callable[[str, str, Literal["started", "done", "failed"]], None]
Table = Sequence[Mapping[str, Any]]
_log = logging.getLogger("millrace.conductor")


class Conductor(Protocol):
    """What a pipeline may ask for."""

    def at(self, steps: Path) -> Conductor:
        """The same conductor, keeping its steps in a run's folder."""

    def run(self, function: Callable[..., Any], item: Any, *rest: Any) -> Any:
        """Do one step."""

    def map(self, function: Callable[..., Any], items: Iterable[Any], *rest: Any) -> list[Any]:
        """Do one step for each item; results in the items' order, errors once all have ended."""

    def note(self, key: str, *, link: str | None = None, table: Table | None = None, text: str = "") -> None:
        """Show something to people; counts and codes only."""


@dataclass(frozen=True)
class Direct:
    """Run pipelines in this process, without a server.

    Parameters
    ----------
    workers : int
        1 is a plain loop; more run mapped steps side by side.
    kind : {"processes", "threads"}
        What the workers are.
    watch : callable, optional
        Called with title, label and what happened, for a progress line.
    steps : Path, optional
        Where kept steps are; see `at`.

    Examples
    --------
    >>> @step("square")
    ... def square(item): return item * item
    >>> Direct().conduct(lambda conduct: conduct.map(square, [1, 2, 3]))
    [1, 4, 9]
    """

    workers: int = 1
    kind: Literal["processes", "threads"] = "processes"
    watch: Watch | None = None
    steps: Path | None = None
    _crew: Crew = field(default_factory=lambda: Crew(), repr=False)
    _places: Places = field(default_factory=lambda: Places(), repr=False)

    def conduct(self, pipeline: Callable[..., Any], *args: Any, title: str | None = None) -> Any:
        """Run a whole pipeline as ``pipeline(conductor, *args)``; nothing but our own errors leaves it.

        Raises
        ------
        MillraceError
            Of the pipeline.
        """
        _log.info("%s begins", title or getattr(pipeline, "__name__", "pipeline"))
        try:
            result = contained(pipeline, self, *args)
        except BaseException:
            self._crew.leave(wait=False)  # work that waits is dropped, work that runs is ended by its own process
            raise
        self._crew.leave(wait=True)
        return result

    def at(self, steps: Path) -> Direct:
        """The same conductor, keeping its steps in a run's folder."""
        return replace(self, steps=steps, _places=Places())

    def run(self, function: Callable[..., Any], item: Any, *rest: Any) -> Any:
        """Do one step, in this process.

        Raises
        ------
        MillraceError
            Of the step.
        """
        self._places.claim(function, [item])
        return finish([self._here(function, item, rest)])[0]

    def map(self, function: Callable[..., Any], items: Iterable[Any], *rest: Any) -> list[Any]:
        """Do one step for each item; results in the items' order.

        Raises
        ------
        MillraceError
            The error where one failed, StepsFailed where several did; all others were finished first.
        """
        items = list(items)
        self._places.claim(function, items)
        if self.workers == 1 or len(items) < 2:
            return finish([self._here(function, item, rest) for item in items])
        return finish(self._side_by_side(function, items, rest))

    def note(self, key: str, *, link: str | None = None, table: Table | None = None, text: str = "") -> None:
        """Log it: what people see on the terminal is the command's business."""
        _log.info("%s: %s", key, text or link or f"{len(table or ())} rows")

    def _here(self, function: Callable[..., Any], item: Any, rest: tuple[Any, ...]) -> Any:
        self._tell(function, item, "started")
        found = tried(function, self.steps, item, rest)
        self._tell(function, item, "failed" if isinstance(found, MillraceError) else "done")
        return found

    def _side_by_side(self, function: Callable[..., Any], items: list[Any], rest: tuple[Any, ...]) -> list[Any]:
        crew = self._crew.at_work(self.workers, self.kind)
        futures = [_submitted(crew, function, self.steps, item, rest) for item in items]
        where = dict(zip(futures, items, strict=True))
        found: dict[Future[Any], Any] = {}
        for future in as_completed(futures):
            found[future] = _outcome(future, function, where[future])
            self._tell(function, where[future], "failed" if isinstance(found[future], MillraceError) else "done")
        if any(isinstance(each, MillraceError) and each.code == "STEP-DIED" for each in found.values()):
            self._crew.leave(wait=False)  # a broken pool takes no more work; the next map starts a new one
        return [found[future] for future in futures]

    def _tell(self, function: Callable[..., Any], item: Any, what: Literal["started", "done", "failed"]) -> None:
        _log.info("%s %s: %s", card(function).title, label(item), what)
        if self.watch:
            self.watch(card(function).title, label(item), what)


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


class Places:
    """Which kept steps a run has had: two must never share a folder."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()

    def claim(self, function: Callable[..., Any], items: list[Any]) -> None:
        """Note the places of a kept step's items.

        Raises
        ------
        RunError
            STEP-TWICE where a title and label come again.
        """
        about = card(function)
        for item in items if about.keep else ():
            place = (about.title, label(item))
            if place in self._taken:
                raise RunError(
                    "STEP-TWICE", f"the kept step «{about.title}» has the label {place[1]!r} twice", hint="give every item its own label"
                )
            self._taken.add(place)


def tried(function: Callable[..., Any], steps: Path | None, item: Any, rest: tuple[Any, ...]) -> Any:
    """A step's value, or its error after the tries that its card allows.

    The error is returned, so that it crosses process borders without a traceback.
    """
    about = card(function)
    for remaining in range(about.retries, -1, -1):
        try:
            return attempt(function, steps, item, rest)
        except MillraceError as error:
            failure = plain(error)
        if remaining:
            time.sleep(about.wait)
    return failure


def _submitted(crew: Executor, function: Callable[..., Any], steps: Path | None, item: Any, rest: tuple[Any, ...]) -> Future[Any]:
    """A future in any case: a pool that is broken already refuses at once."""
    try:
        return crew.submit(tried, function, steps, item, rest)
    except BrokenExecutor as error:
        failed: Future[Any] = Future()
        failed.set_exception(error)
        return failed


def _outcome(future: Future[Any], function: Callable[..., Any], item: Any) -> Any:
    error = future.exception()
    if error is None:
        return future.result()
    code = "STEP-DIED" if isinstance(error, BrokenExecutor) else type(error).__name__  # the latter: it could not be sent
    return StepFailed(code, card(function).title, label(item))


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


__all__ = ["Conductor", "Direct", "Kept", "StepCard", "Watch", "contained", "heed_signals", "leash", "step"]
