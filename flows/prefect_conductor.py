"""The same pipelines on Prefect: a task per step and partition, artifacts for people.

Prefect gets names, states and counts. No argument, no result and no error with a value reaches its database, and nothing is taken from
its caches: what was done before is known by our own checkpoints.
"""

from __future__ import annotations

import os

# Read when Prefect is imported: nothing is reported anywhere, and the temporary server may take its time on a busy machine.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "90")

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from prefect import Flow, Task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.context import FlowRunContext
from prefect.settings import PREFECT_API_URL
from prefect.task_runners import ThreadPoolTaskRunner

from contracts.errors import MillraceError, RunError, StepFailed
from flows.conductor import Places, Table
from flows.steps import attempt, card, contained, finish, label, plain


class Call:
    """A step with its arguments, opaque to Prefect, which would walk through collections and dataclasses."""

    def __init__(self, function: Callable[..., Any], steps: Path | None, item: Any, rest: tuple[Any, ...]) -> None:
        self._all = (function, steps, item, rest)

    def __call__(self) -> Any:
        return attempt(*self._all)

    def __repr__(self) -> str:
        return "Call"


def called(call: Call) -> Any:
    """What every task runs."""
    return call()


@cache
def as_task(function: Callable[..., Any]) -> Any:
    """The Prefect task of a step: its own name and retries, no cache, no stored result."""
    about = card(function)
    return Task(
        called, name=about.title, retries=about.retries, retry_delay_seconds=about.wait,
        cache_policy=NO_CACHE, persist_result=False, log_prints=False,
    )  # fmt: skip


@dataclass(frozen=True)
class PrefectConductor:
    """Run pipelines as Prefect flows, on the server that is configured or on Prefect's temporary one.

    Parameters
    ----------
    workers : int
        Threads that run mapped steps side by side.
    steps : Path, optional
        Where kept steps are; see `at`.
    """

    workers: int = 2
    steps: Path | None = None
    _places: Places = field(default_factory=Places, repr=False)

    def conduct(self, pipeline: Callable[..., Any], *args: Any, title: str | None = None) -> Any:
        """Run a whole pipeline as a flow named after it; inside a running flow, as part of that one.

        The flow is a closure: Prefect sees neither parameters nor a result.

        Raises
        ------
        MillraceError
            Of the pipeline; PREFECT-UNREACHABLE when the configured server does not answer.
        """
        if FlowRunContext.get() is not None:
            return contained(pipeline, self, *args)
        reach()
        results: list[Any] = []

        def body() -> None:
            results.append(contained(pipeline, self, *args))

        runner: Any = ThreadPoolTaskRunner(max_workers=self.workers)
        whole: Flow[[], None] = Flow(
            body, name=getattr(pipeline, "__name__", "pipeline"), flow_run_name=title, task_runner=runner,
            persist_result=False, validate_parameters=False, log_prints=False,
        )  # fmt: skip
        contained(lambda _: whole(), self)
        return results[0]

    def at(self, steps: Path) -> PrefectConductor:
        """The same conductor, keeping its steps in a run's folder."""
        return replace(self, steps=steps, _places=Places())

    def run(self, function: Callable[..., Any], item: Any, *rest: Any) -> Any:
        """Do one step as a task.

        Raises
        ------
        MillraceError
            Of the step.
        """
        return self.map(function, [item], *rest)[0]

    def map(self, function: Callable[..., Any], items: Iterable[Any], *rest: Any) -> list[Any]:
        """Do one step for each item, a task each; results in the items' order.

        Raises
        ------
        MillraceError
            The error where one failed, StepsFailed where several did; all others were finished first.
        """
        items = list(items)
        self._places.claim(function, items)
        futures = [self._submit(function, item, rest) for item in items]
        return finish([_outcome(future, function, item) for future, item in zip(futures, items, strict=True)])

    def note(self, key: str, *, link: str | None = None, table: Table | None = None, text: str = "") -> None:
        """An artifact: a table, a link, or the text as markdown; counts and codes only."""
        if table is not None:
            create_table_artifact([dict(row) for row in table], key=key, description=text)
        if link is not None:
            create_link_artifact(link, key=key if table is None else f"{key}-link", link_text=text or key, description=text)
        if table is None and link is None:
            create_markdown_artifact(text, key=key)

    def _submit(self, function: Callable[..., Any], item: Any, rest: tuple[Any, ...]) -> Any:
        name = f"{card(function).title} {label(item)}".strip()
        return as_task(function).with_options(task_run_name=name).submit(Call(function, self.steps, item, rest))


def _outcome(future: Any, function: Callable[..., Any], item: Any) -> Any:
    found = future.result(raise_on_failure=False)
    if isinstance(found, MillraceError):
        return plain(found)
    if isinstance(found, BaseException):  # Prefect's own: crashed, cancelled
        return StepFailed(type(found).__name__, card(function).title, label(item))
    return found


def reach() -> None:
    """Ask the configured server whether it is there; where none is configured Prefect starts a temporary one.

    Raises
    ------
    RunError
        PREFECT-UNREACHABLE.
    """
    if not PREFECT_API_URL.value():
        return
    with get_client(sync_client=True) as client:
        trouble = client.api_healthcheck()
    if trouble is not None:
        raise RunError(
            "PREFECT-UNREACHABLE", "the Prefect server does not answer", found=type(trouble).__name__,
            expected="an answer at PREFECT_API_URL", hint="start it (prefect server start), or leave out --via prefect: same result",
        )  # fmt: skip
