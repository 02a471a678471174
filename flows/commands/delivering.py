"""`millrace deliver`, `millrace intake`: the main job and its first part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contracts.errors import MillraceError
from flows.commands.console import FAILED, Console, Json, Quiet, Verbose, Via, conduct, speaking, way, workspace
from flows.loading import loading

if TYPE_CHECKING:
    from flows.intake import Arrival
    from flows.order import Order
    from flows.stored import Stored
    from flows.workspace import Workspace

Refused = list[tuple["Order", MillraceError]]

Draft = Annotated[bool, typer.Option(help="Use connectors that are drafts; the pack is marked DRAFT.")]


def deliver(
    client: Annotated[str, typer.Argument(metavar="CLIENT|CLIENT/FEED", help="Client, or one of its feeds.")],
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FEED=FILE...]", help="Files to take in first; a folder or a pattern stands for files.")
    ] = None,
    product: Annotated[str | None, typer.Option(help="Product; all of the client's where none is named.")] = None,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day at which ages and horizons are counted.")] = None,
    to: Annotated[Path | None, typer.Option(help="Copy the client's pack into this folder.")] = None,
    pages: Annotated[str, typer.Option(metavar="all|client|none", help="Which pages to draw: client leaves out the drift page.")] = "all",
    draft: Draft = False,
    via: Via = "direct",
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Take the files in, score, judge and pack: the main job. Without files: what lies in inbox/CLIENT, else what was taken in last."""
    way(via)
    if pages not in ("all", "client", "none"):
        raise typer.BadParameter("it is all, client or none", param_hint="--pages")
    with speaking(as_json=as_json, quiet=quiet, verbose=verbose) as console:
        space = workspace()
        orders = _orders(space, client, files or [], product, draft=draft, as_of=as_of.date() if as_of else None, pages=pages)
        with loading():  # after the order is known to be one: what follows is heavy
            from flows.commands.summary import document, lines
            from flows.deliver import deliver as pipeline
            from flows.gates import EXIT_CODES
            from flows.intake import intake as take_in
            from flows.parcel import copy_pack

        if len(orders) > 1:  # a file that cannot be taken in is told once, before any product
            for arrival in orders[0].arrivals:
                conduct(via, console, take_in, space, arrival, title=f"intake {arrival.feed}")
        runs, refused = _delivered(
            console, orders, lambda order: conduct(via, console, pipeline, space, order, title=f"deliver {order.label}")
        )
        if to is not None and runs:
            places = [copy_pack(run, to if len(orders) == 1 else to / run.name) for run in runs]
            console.say("copied to " + ", ".join(map(str, places)))
        _show(console, runs, refused, lambda run: [*lines(run), *_mended(space, run, orders[0].arrivals)], document)
        raise typer.Exit(max((FAILED if refused else 0, *(EXIT_CODES[run.facts["outcome"]] for run in runs)), key=[0, 3, 1].index))


def _orders(space: Workspace, client: str, files: list[str], product: str | None, **more: Any) -> list[Order]:
    with loading():
        from flows import products
        from flows.arrivals import inbox, named
        from flows.order import Order

    name, _, feed = client.partition("/")
    spec = space.client(name)
    if feed:
        contract = space.feed(client).table.name
        arrived = named(space, name, [f"{feed}={files[0]}", *files[1:]] if files else [], draft=more["draft"])
        names = [product] if product else [each for each in spec.products if contract in products.get(each).contracts]
    else:
        arrived = named(space, name, files, draft=more["draft"]) if files else inbox(space, name, draft=more["draft"])
        names = [product] if product else list(spec.products)
    if not names:
        raise _no_product(name)
    for each in names:
        products.get(each)  # before anything is taken in
    return [Order(name, each, arrived, **more) for each in names]


def _no_product(client: str) -> Exception:
    from contracts.errors import Place, SettingsError

    return SettingsError(
        "PRODUCT-NONE", f"no product is named, and {client} has none", place=Place(client=client, file="client.yaml"),
        hint="--product NAME; millrace products lists what can be delivered",
    )  # fmt: skip


def _delivered(console: Console, orders: list[Order], make: Callable[[Order], Stored]) -> tuple[list[Stored], Refused]:
    """The run of each order; of several, one that cannot be served does not stop the others."""
    runs: list[Stored] = []
    refused: Refused = []
    for order in orders:
        console.say(order.label)
        try:
            runs.append(make(order))
        except MillraceError as error:
            if len(orders) == 1:
                raise
            refused.append((order, error))
    return runs, refused


def _show(console: Console, runs: list[Stored], refused: Refused, lines: Any, document: Any) -> None:
    shown = [*map(document, runs), *({"product": order.product, "error": error.as_dict()} for order, error in refused)]
    if runs or console.as_json:
        console.result([line for run in runs for line in lines(run)], shown[0] if len(shown) == 1 else shown)
    for order, error in refused if not console.as_json else ():
        console.say(f"{order.label} could not be delivered")
        console.error(error)


def _mended(space: Workspace, run: Stored, arrivals: Iterable[Arrival]) -> list[str]:
    """What mended error workbooks among a run's files brought, in short, and what of earlier ones is wrong again."""
    from flows import products
    from flows.commands.summary import mended_short
    from flows.submissions import newest
    from flows.undone import undone

    contracts = products.get(run.name).contracts
    stored = [newest(space.home, one.client, one.name) for one in arrivals if space.feed(one.feed).table.name in contracts]
    return [line for each in stored for line in mended_short(each, undone(space.home, each))]


def intake(
    feed: Annotated[str, typer.Argument(metavar="CLIENT/FEED", help="The feed that the files belong to.")],
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="All files of the submission; a folder stands for its files.")],
    replaces: Annotated[str | None, typer.Option(metavar="ID", help="Submission that this one corrects; `latest` for the newest.")] = None,
    draft: Draft = False,
    via: Via = "direct",
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Take a submission in: read, map, parse, check, and keep what is sound, with a reason for everything that is not.

    An error workbook that came back goes over the files that it was made from, and the outcome takes the place of their submission.
    """
    way(via)
    with speaking(as_json=as_json, quiet=quiet, verbose=verbose) as console:
        from flows.arrivals import expanded
        from flows.commands.summary import Beside, submission_document, submission_lines
        from flows.intake import intake as pipeline
        from flows.submissions import replaced_by
        from flows.undone import undone

        space = workspace()
        arrival = _arrival(feed, [path for word in files for path in expanded(word)], replaces, draft=draft)
        stored = conduct(via, console, pipeline, space, arrival, title=f"intake {feed}")
        places = replaced_by(space.home, stored.client, stored.name)
        beside = Beside(
            tuple(old for old, new in places.items() if new == stored.id), places.get(stored.id), undone(space.home, stored),
            space.feed(feed).table, space.client(stored.client).products,
        )  # fmt: skip
        console.result(submission_lines(stored, beside), submission_document(stored, beside))


def _arrival(feed: str, paths: list[Path], replaces: str | None, *, draft: bool) -> Arrival:
    from flows.intake import Arrival

    return Arrival(feed, tuple(paths), replaces, draft)
