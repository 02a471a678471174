"""The conductor that needs no server: a plain loop, threads, or spawned processes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from contracts.errors import MillraceError, StepFailed
from flows.conductor import Places, Table, Watch
from flows.crew import Crew
from flows.steps import attempt, card, contained, finish, label, plain

_log = logging.getLogger("millrace.conductor")


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
    >>> from flows.steps import step
    >>> @step("square")
    ... def square(item): return item * item
    >>> Direct().conduct(lambda conduct: conduct.map(square, [1, 2, 3]))
    [1, 4, 9]
    """

    workers: int = 1
    kind: Literal["processes", "threads"] = "processes"
    watch: Watch | None = None
    steps: Path | None = None
    _crew: Crew = field(default_factory=Crew, repr=False)
    _places: Places = field(default_factory=Places, repr=False)

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
