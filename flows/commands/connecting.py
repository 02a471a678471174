"""`millrace connect`, `millrace check`: from an unknown file to a confirmed connector, and what would fail of a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.console import FAILED, Console, Json, Quiet, speaking
from flows.loading import loading

if TYPE_CHECKING:
    from connectors.proposing.proposal import Question
    from flows.connect import Ask
    from flows.workspace import Workspace

Feed = Annotated[str, typer.Argument(metavar="CLIENT/FEED", help="The feed, such as acme/customers.")]
MOST_LINES = 9
"""Options that stand in lines of their own, with numbers; more are given by their words."""
Clients = Annotated[
    Path | None, typer.Option(help="Folder of clients; else MILLRACE_CLIENTS, else that of this version.", metavar="FOLDER")
]


def connect(
    feed: Feed,
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Files of one submission; a folder stands for its files.")
    ] = None,
    contract: Annotated[
        str | None, typer.Option(help="The contract, where another one than the proposed is meant.", metavar="NAME")
    ] = None,
    country: Annotated[str | None, typer.Option(help="Of a new client: DE, NL, US and so on.", metavar="CODE")] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Make the connector usable, and let the memory learn from it.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Undo what the memory has learnt from this feed.")] = False,
    clients: Clients = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Propose a connector for a feed's files, ask what only a person can say, and write it as a commented draft.

    Written are the connector's YAML, a made sample and its golden test; one that was edited is left as it is, and the difference shown.

    Questions are asked at a terminal only; an empty answer leaves one open.
    """
    if not files and not confirm and not forget:
        raise typer.BadParameter("name a file, or say --confirm or --forget", param_hint="FILE...")
    if forget and (files or confirm):
        raise typer.BadParameter("it goes alone", param_hint="--forget")
    with speaking(as_json=as_json, quiet=quiet) as console:
        space = _space(clients, make=bool(files))
        if forget:
            _forget(console, space, feed)
            return
        with loading():
            from flows.arrivals import expanded
            from flows.commands.connection import lines
            from flows.connect import Wish
            from flows.connect import connect as run
            from flows.connected import as_dict

        paths = tuple(path for word in files or () for path in expanded(word))
        console.say(f"looking at {', '.join(path.name for path in paths[:3])}") if paths else None
        found = run(space, Wish(feed, paths, contract, country and country.upper(), confirm), _asker(console))
        console.result(lines(found, paths), as_dict(found))
        if found.status == "unreadable":
            raise typer.Exit(FAILED)


def check(
    feed: Feed,
    files: Annotated[list[str] | None, typer.Argument(metavar="[FILE...]", help="Files of one submission; none: the golden test.")] = None,
    errors: Annotated[
        Path | None, typer.Option(help="Write the faulty rows into a workbook for the client to mend.", metavar="OUT.xlsx")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the workbook that is there.")] = False,
    clients: Clients = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What would become of files, without taking them in: counts, failures by field and rule with shapes, what is new since the last ones.

    An error workbook that came back, given as a file, shows what was fixed, what remains and what was changed besides.

    Without files: whether the connector still gets from its made sample what it must. Ends with 1 while more fails than is tolerated.
    """
    if errors is not None and not files:
        raise typer.BadParameter("name the files whose faults are wanted", param_hint="--errors")
    if errors is not None and errors.suffix.lower() != ".xlsx":
        raise typer.BadParameter("it is an Excel workbook: its name ends in .xlsx", param_hint="--errors")
    with speaking(as_json=as_json, quiet=quiet) as console:
        space = _space(clients)
        with loading():
            from flows.arrivals import expanded
            from flows.checking import Errors, golden
            from flows.checking import check as run
            from flows.commands import checked

        passed: bool
        if files:
            paths = tuple(path for word in files for path in expanded(word))
            found = run(space, feed, paths, Errors(errors, force) if errors else None)
            passed = found.passed
            console.result(checked.lines(found, paths, errors), checked.document(found))
        else:
            outcome = golden(space, feed)
            passed = outcome.passed
            console.result(checked.golden_lines(outcome), checked.golden_document(outcome))
        if not passed:
            raise typer.Exit(FAILED)


def _space(clients: Path | None, *, make: bool = False) -> Workspace:
    """The workspace, with another folder of clients where one is stated; a new client's is made."""
    with loading():
        from flows.settings import load
        from flows.workspace import Workspace

    if clients is not None and make:
        clients.mkdir(parents=True, exist_ok=True)
    return Workspace.of(load(clients=clients) if clients else load())


def _forget(console: Console, space: Workspace, feed: str) -> None:
    from flows.connect import forget
    from reports.words import plural

    count = forget(space, feed)
    said = f"{feed}: {plural(count, 'column')} forgotten" if count else f"{feed}: nothing was learnt from it"
    console.result([said], {"feed": feed, "forgotten": count})


def _asker(console: Console) -> Ask | None:
    """Who asks: a terminal, if there is one on both sides."""
    if console.quiet or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return lambda question: _ask(console, question)


def _ask(console: Console, question: Question) -> str | None:
    """Ask one question; an empty line leaves it open."""
    from flows.commands.connection import wrapped

    if question.words:
        from flows.commands.explaining import explained

        return explained(question, console.say, sys.stdin.readline)
    options = (*question.options, *(("blank",) if question.id.startswith("values:") else ()))
    said = ["", *wrapped("? ", question.text)]
    said += list(wrapped("  values look like ", " · ".join(question.examples))) if question.examples else []
    codes = len(options) > MOST_LINES
    said += wrapped("  ", ", ".join(options)) if codes else [f"  {n}  {option}" for n, option in enumerate(options, 1)]
    console.say("\n".join(said))
    while True:
        sys.stderr.write(f"  {'code' if codes else 'number'}, or enter to leave it open: ")
        sys.stderr.flush()
        given = sys.stdin.readline().strip()
        if not given:
            return None
        if given in options or given.upper() in options:
            return given if given in options else given.upper()
        if not codes and given.isdecimal() and 1 <= int(given) <= len(options):
            chosen: str = options[int(given) - 1]
            return chosen
        console.say("  it is one of these codes" if codes else f"  it is a number from 1 to {len(options)}")
