"""Steps: plain module-level functions with a card, and the one way in which a conductor calls them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from contracts.errors import MillraceError, StepFailed, StepsFailed
from flows.checkpoint import keep
from flows.disk import disk_full, is_full

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class StepCard:
    """What a conductor knows of a step.

    Parameters
    ----------
    title : str
        For people: ``"parse part"``.
    retries : int
        How often it is tried again.
    wait : float
        Seconds between tries.
    keep : bool
        The step writes files and is not done twice; see `flows.checkpoint`.
    """

    title: str
    retries: int = 0
    wait: float = 0.0
    keep: bool = False


def step(title: str, *, retries: int = 0, wait: float = 0.0, keep: bool = False) -> Callable[[Function], Function]:
    """Mark a plain module-level function as a step and return it unchanged, so that it pickles by its name.

    Examples
    --------
    >>> @step("count rows")
    ... def count(item): return 3
    >>> count.step.title, count(None)
    ('count rows', 3)
    """

    def mark(function: Function) -> Function:
        function.step = StepCard(title, retries, wait, keep)  # type: ignore[attr-defined]
        return function

    return mark


def card(function: Callable[..., Any]) -> StepCard:
    """The card of a step.

    Raises
    ------
    TypeError
        The function is not marked with `step`.
    """
    found = getattr(function, "step", None)
    if not isinstance(found, StepCard):
        raise TypeError(f"{getattr(function, '__qualname__', type(function).__name__)} is not marked as a step")
    return found


def label(item: Any) -> str:
    """The item's own label, never its text: values would become the names of tasks."""
    found = getattr(item, "label", "")
    return found if isinstance(found, str) else ""


def attempt(function: Callable[..., Any], steps: Path | None, item: Any, rest: tuple[Any, ...]) -> Any:
    """Call a step; the only thing a conductor ever calls.

    Raises
    ------
    MillraceError
        Our own errors with the step added to their details; StepFailed with the class name as code for any other.
    """
    about = card(function)
    try:
        return keep(function, about.title, label(item), steps, item, rest) if about.keep else function(item, *rest)
    except Exception as error:
        failure = told(error, about.title, label(item))
    raise failure  # after the block: an error with values must not ride along as its context


def contained(pipeline: Callable[..., Any], conductor: Any, *args: Any) -> Any:
    """Call a whole pipeline; nothing but our own errors leaves it.

    Raises
    ------
    MillraceError
        As `attempt`.
    """
    try:
        return pipeline(conductor, *args)
    except Exception as error:
        failure = told(error, getattr(pipeline, "__name__", "pipeline"), "", inside=False)
    raise failure


def told(error: Exception, title: str, item: str, *, inside: bool = True) -> MillraceError:
    """The error that may be shown: ours as they are, a full disk by name, any other by its class.

    Examples
    --------
    >>> told(ValueError("a client's value"), "parse part", "part 3").code
    'ValueError'
    """
    if isinstance(error, MillraceError):
        where = f"step: {title}" + (f", {item}" if item else "")
        return plain(error, () if isinstance(error, StepFailed | StepsFailed) or not inside else (where,))
    return disk_full() if is_full(error) else StepFailed(type(error).__name__, title, item)


def plain(error: MillraceError, more: tuple[str, ...] = ()) -> MillraceError:
    """The same error without cause, context and traceback, with further details."""
    build, arguments = error.__reduce__()
    fresh: MillraceError = build(*arguments)
    fresh.details = (*fresh.details, *more)
    return fresh


def finish(outcomes: list[Any]) -> list[Any]:
    """The values of mapped steps, or their errors once all have ended.

    Raises
    ------
    MillraceError
        The error itself where one step failed, StepsFailed where several did.
    """
    errors = [outcome for outcome in outcomes if isinstance(outcome, MillraceError)]
    if len(errors) == 1:
        raise plain(errors[0])
    if errors:
        raise StepsFailed([plain(error) for error in errors])
    return outcomes
