"""What commands share: results on standard output, messages on standard error, errors as lines, exit codes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any
from unicodedata import category

import typer

from contracts.errors import MillraceError
from flows.loading import loading

if TYPE_CHECKING:
    from flows.workspace import Workspace

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no messages, errors only.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Every step as it begins and ends.")]
Via = Annotated[str, typer.Option(help="direct: in this process; prefect: as a Prefect flow.", metavar="direct|prefect")]

FAILED, USAGE = 1, 2


@dataclass
class Console:
    """Where a command speaks.

    Parameters
    ----------
    as_json, quiet, verbose : bool
        As asked for on the command line.
    """

    as_json: bool = False
    quiet: bool = False
    verbose: bool = False
    _told: set[str] = field(default_factory=set)

    def result(self, lines: Sequence[str], document: Mapping[str, Any] | Sequence[Any]) -> None:
        """The result: lines for people, or the document."""
        text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=False) if self.as_json else "\n".join(lines)
        sys.stdout.write((text if self.as_json else harmless(text)) + "\n")

    def say(self, text: str) -> None:
        """A message for people."""
        if not self.quiet:
            sys.stderr.write(harmless(text) + "\n")

    def watch(self, title: str, label: str, what: str) -> None:
        """A step's progress: every step where that is asked for, else each kind of step once."""
        if self.verbose:
            self.say(f"  {what:>7}  {title} {label}".rstrip())
        elif what == "started" and title not in self._told:
            self._told.add(title)
            self.say(f"  {title}")

    def error(self, error: MillraceError) -> None:
        """An error: lines on standard error, or a document on standard output."""
        if self.as_json:
            sys.stdout.write(json.dumps({"error": error.as_dict()}, indent=1, ensure_ascii=False) + "\n")
        else:
            sys.stderr.write("\n".join(harmless(line, more="\n") for line in error.lines()) + "\n")


def harmless(text: str, more: str = "") -> str:
    """A text that cannot steer a terminal: control characters, as in a file's name or header, become spaces.

    Parameters
    ----------
    text : str
    more : str
        Further characters that become spaces, such as the end of a line.

    Examples
    --------
    >>> harmless("a\\x1b[31mb\\nc"), harmless("a\\u202eb\\nc", more="\\n")
    ('a [31mb\\nc', 'a b c')
    """
    return "".join(" " if sign in more or (category(sign) in _STEERING and sign != "\n") else sign for sign in text)


_STEERING = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Unicode categories of control, format (right-to-left overrides among them) and separator characters."""


def calm_threads() -> None:
    """Keep scikit-learn's threads to one, unless the user says otherwise: threads that wait for a busy core make fits many times slower.

    Called once by the command, before scikit-learn is imported.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@contextmanager
def speaking(*, as_json: bool = False, quiet: bool = False, verbose: bool = False) -> Iterator[Console]:
    """A console; an error of ours ends the command with its lines and exit code 1, Ctrl-C with 130."""
    calm_threads()
    console = Console(as_json, quiet or as_json, verbose)
    try:
        yield console
    except MillraceError as error:
        console.error(error)
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        console.say("stopped; finished steps are kept, the same command goes on from there")
        raise typer.Exit(130) from None
    except BrokenPipeError:
        raise typer.Exit(FAILED) from None
    except OSError as error:
        from flows.disk import disk_full, is_full

        if not is_full(error):
            raise
        console.error(disk_full())
        raise typer.Exit(FAILED) from None


def workspace() -> Workspace:
    """The workspace of this process's settings.

    Raises
    ------
    SettingsError
        Of settings and home.
    """
    with loading():
        from flows.settings import load
        from flows.workspace import Workspace

    return Workspace.of(load())


def conduct(via: str, console: Console, pipeline: Callable[..., Any], space: Workspace, *rest: Any, title: str) -> Any:
    """Run a pipeline the way that was asked for."""
    from flows.direct_conductor import Direct
    from flows.process import heed_signals

    heed_signals()
    if via == "prefect":
        from flows.prefect_conductor import PrefectConductor

        return PrefectConductor(workers=max(2, space.settings.workers)).conduct(pipeline, space, *rest, title=title)
    return Direct(workers=space.settings.workers, watch=console.watch).conduct(pipeline, space, *rest, title=title)


def way(via: str) -> str:
    """The way to conduct, checked: wrong usage is exit code 2."""
    if via not in ("direct", "prefect"):
        raise typer.BadParameter("it is direct or prefect", param_hint="--via")
    return via
