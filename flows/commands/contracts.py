"""`millrace contracts`: what tables must be, as pages and as files of the Open Data Contract Standard, and what a new version breaks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import MillraceError
from flows.commands.console import FAILED, Json, Quiet, speaking, workspace
from flows.loading import loading

if TYPE_CHECKING:
    from contracts.contract import Contract
    from contracts.rules import ForeignKey
    from flows.commands.clauses import Known
    from flows.workspace import Workspace

contracts = typer.Typer(no_args_is_help=True, help="What tables must be: pages, files of the Open Data Contract Standard, differences.")
FILES = (".yaml", ".yml", ".json")
Name = Annotated[str, typer.Argument(metavar="NAME", help="NAME, NAME@VERSION, or a file of the standard.")]
Table = Annotated[str | None, typer.Option(metavar="NAME", help="Which one, where a file describes several.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file of that name.")]


@contracts.command("list")
def list_contracts(as_json: Json = False) -> None:
    """All contracts: what a row is, where it is from, which products need it, which feeds are of it."""
    with speaking(as_json=as_json) as console:
        space = workspace()
        with loading():
            from flows.commands import clauses

        found = list(_every(space))
        known = [one for one in found if not isinstance(one, MillraceError)]
        broken = [one for one in found if isinstance(one, MillraceError)]
        lines = [*clauses.list_lines(known), *(f"damaged: {error.place}: {error}" for error in broken)]
        console.result(lines, [*clauses.list_document(known), *({"damaged": error.as_dict()} for error in broken)])


def _every(space: Workspace) -> Iterator[Known | MillraceError]:
    """Every contract in every version; of an imported file that was damaged since, or has the name of a shipped one, the error."""
    from contracts import contract, shelf

    for name in contract.names():
        shipped = (name,) if name in contract.SHIPPED else ()
        for one in (*shipped, *(f"{name}@{version}" for version in shelf.versions(name))):
            try:
                yield _known(space, contract.get(one))
            except MillraceError as error:
                yield error


def _known(space: Workspace, found: Contract, file: str = "") -> Known:
    """A contract with where it is from and the feeds of it; of one in use those that ask for this version."""
    from contracts import shelf
    from contracts.contract import SHIPPED
    from flows.commands.clauses import Known
    from flows.usage import feeds

    places = (folder / f"{found.id}{shelf.ENDING}" for folder in shelf.folders())
    kept = next((str(place) for place in places if place.is_file()), "")
    of_it = (feed for feed in feeds(space, found.name) if file or feed.asks_for in ("", found.name, found.id))
    return Known(found, file or ("shipped" if found.name in SHIPPED else kept), tuple(of_it))


def _resolved(word: str, table: str | None = None) -> tuple[Contract, str]:
    """A contract by its name or from a file, and the file."""
    from contracts.contract import get, names

    if word.endswith(FILES) or (word.partition("@")[0] not in names() and _is_file(word)):
        from contracts.odcs import load

        return load(Path(word), table), word
    return get(word), ""


def _is_file(word: str) -> bool:
    try:
        return Path(word).is_file()
    except OSError:  # no name that a file could have
        return False


@contracts.command()
def show(
    name: Name,
    html: Annotated[
        Path | None,
        typer.Option(metavar="PAGE", help="Write it as a page; into a folder: NAME.html, with the pages of contracts it belongs to."),
    ] = None,
    table: Table = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """A contract: what it asks of each field, and what for."""
    with speaking(as_json=as_json, quiet=quiet) as console:
        space = workspace()
        with loading():
            from flows.commands import clauses

        found, file = _resolved(name, table)
        one = _known(space, found, file)
        pages = _write_pages(found, html, force=force) if html is not None else []
        document = {**clauses.show_document(one), **({"pages": [str(path) for path in pages]} if html is not None else {})}
        console.result([str(path) for path in pages] if html is not None else clauses.show_lines(one), document)


def _write_pages(found: Contract, where: Path, *, force: bool) -> list[Path]:
    """The page of a contract; in a folder also those of all contracts that it belongs to, linked with one another."""
    from flows.outlet import outlets
    from reports.dictionary import page

    together = where.is_dir()
    every = _belonging(found)
    shown = list(every.values()) if together else [found]
    paths = [where / f"{one.name}.html" for one in shown] if together else [where]
    with outlets(paths, force=force) as files:
        for file, one in zip(files, shown, strict=True):
            file.write(page(one, _serving(one.name), every, tuple(every) if together else ()).encode())
    return paths


def _belonging(found: Contract) -> dict[str, Contract]:
    """A contract and all that it belongs to, by name; those that are not known are left out."""
    from contracts.contract import get, names

    every, open_ = {found.name: found}, [found]
    while open_:
        for reference in open_.pop().references:
            if reference.contract not in every and reference.contract in names():
                every[reference.contract] = get(reference.contract)
                open_.append(every[reference.contract])
    return every


def _serving(name: str) -> Any:
    from flows.commands.clauses import serving
    from flows.products import get
    from reports.dictionary import Serving

    found = {kind: tuple((get(one).title, get(one).question) for one in names) for kind, names in serving(name).items()}
    return Serving(found["needed_by"], found["better_for"], found["delivered_by"])


@contracts.command()
def export(
    name: Name,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="Where to; standard output by default.")] = None,
    table: Table = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write a contract as a YAML file of the Open Data Contract Standard 3.2."""
    with speaking(as_json=as_json, quiet=quiet) as console:
        workspace()
        with loading():
            from contracts import odcs

        found, _ = _resolved(name, table)
        text = odcs.export(found)
        if out is not None:
            from flows.outlet import outlets

            with outlets([out], force=force) as (file,):
                file.write(text.encode())
            console.result([f"{out}: {found.id}"], {"id": found.id, "file": str(out)})
        elif as_json:
            console.result([], {"id": found.id, "text": text})
        else:
            sys.stdout.write(text)


@contracts.command("import")
def import_contract(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of the Open Data Contract Standard, 3.0 to 3.2.")],
    table: Table = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Take a contract in: it is checked, and used by its name from then on."""
    with speaking(as_json=as_json, quiet=quiet) as console:
        space = workspace()
        with loading():
            from contracts import odcs, shelf
            from flows.commands import clauses
            from flows.commands.connection import row
            from reports.words import plural

        before = {name: shelf.versions(name) for name in shelf.names()}
        found = odcs.import_file(file, shelf.folders()[0], table)
        one = _known(space, found)
        earlier = [version for version in before.get(found.name, ()) if version != found.version]
        said = [f"{found.id}  taken in: {plural(len(found.fields), 'field')}, {found.row}"]
        said += [line for text in found.unjudged for line in row("not judged", text)]
        said += [line for reference in found.references for line in row("belongs to", _belonging_to(reference))]
        console.result([*said, *row("next", _next(found, earlier))], {**clauses.show_document(one), "earlier": earlier})


def _belonging_to(reference: ForeignKey) -> str:
    """What becomes of a key of another contract, which may not be known yet."""
    from contracts.contract import get, names

    if reference.contract not in names():
        return f"{reference}: there is no contract {reference.contract} here yet"
    try:
        missing = [name for name in reference.to if name not in get(reference.contract).fields]
    except MillraceError as error:
        return f"{reference}: {error}"
    return f"{reference}: {reference.contract} has no field {missing[0]}" if missing else f"{reference}: counted where both are delivered"


def _next(found: Contract, earlier: list[str]) -> str:
    if earlier:
        return f"millrace contracts diff {found.name}@{earlier[-1]} {found.id}"
    return f"millrace connect CLIENT/FEED FILE --contract {found.name}"


@contracts.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="NAME, NAME@VERSION or a file; a file alone is compared with what is in use.")],
    new: Annotated[str | None, typer.Argument(metavar="[NEW]", help="The same.")] = None,
    table: Table = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What changes from one version of a contract to another, whom it breaks and whom it touches; exit code 1 where it breaks anybody."""
    with speaking(as_json=as_json, quiet=quiet) as console:
        space = workspace()
        with loading():
            from flows.commands import clauses
            from flows.usage import usage

        was, now = _two(old, new, table)
        found = clauses.compared(was, now, usage(space, was))
        console.result(clauses.diff_lines(found), clauses.diff_document(found))
        if found.breaking:
            raise typer.Exit(FAILED)


def _two(old: str, new: str | None, table: str | None) -> tuple[Contract, Contract]:
    if new is not None:
        return _resolved(old, table)[0], _resolved(new, table)[0]
    from contracts.contract import get

    now, file = _resolved(old, table)
    if not file:
        raise typer.BadParameter("name two versions, or a file that is compared with what is in use", param_hint="NEW")
    return get(now.name), now
