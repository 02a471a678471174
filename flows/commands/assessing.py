"""`millrace assess`: what a product needs, what a client's files have of it, and what the gaps cost, before anything is built."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.console import Json, Quiet, Verbose, conduct, speaking, workspace
from flows.loading import loading

if TYPE_CHECKING:
    from reports.fitgap import Cost, FitGap, Input

WIDTH = 10
CANNOT = 1
MOST_HELPS = 5
FEW = 5
"""Files that the next step names one by one."""


def assess(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...|CLIENT/FEED [FILE...]", help="Files, or a client's feed (CLIENT: all its feeds), with files or as stored."
        ),
    ],
    product: Annotated[
        str | None, typer.Option(metavar="P", help="One product, with every input; all in one line each by default.")
    ] = None,
    without: Annotated[list[str] | None, typer.Option(metavar="FIELD", help="Try it without a field, column, input or contract.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="PAGE.html", help="The map as a page; needs --product.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a page of that name.")] = False,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Show what a product needs and what the files have of it, and measure what the gaps cost; nothing is taken into the store."""
    if out is not None and product is None:
        raise typer.BadParameter("the page is of one product: name it with --product", param_hint="--out")
    with speaking(as_json=as_json, quiet=quiet, verbose=verbose) as console:
        with loading():
            from flows.assessing import Question
            from flows.assessing import assess as pipeline
            from flows.outlet import outlets
            from reports.fitgap_page import page
        began = time.process_time()
        with tempfile.TemporaryDirectory(prefix="millrace-assess-") as scratch:
            question = Question(tuple(words), product, tuple(without or ()))
            maps: Sequence[FitGap] = conduct("direct", console, pipeline, workspace(), question, Path(scratch), title="assess")
        if out is not None:
            with outlets([out], force=force) as (file,):
                file.write(page(maps[0]).encode())
        console.say(f"  measured in {time.process_time() - began:.0f} s of processor time")
        command = f"millrace assess {' '.join(map(quote, words)) if len(words) <= FEW else 'FILE...'}"
        said = list(one_line_each(maps, command)) if product is None else list(lines(maps[0], out, command))
        console.result(said, maps[0].as_dict() if product is not None else [one.as_dict() for one in maps])
    if not any(one.serves for one in maps):
        raise typer.Exit(CANNOT)


def one_line_each(maps: Sequence[FitGap], command: str) -> Iterator[str]:
    """Every product in one line, those that can be served first; then what must be known."""
    from reports.fitgap_page import answer, unconfirmed, verdict

    for one in sorted(maps, key=lambda one: not one.serves):
        said = verdict(one) or "nothing to measure beforehand"
        yield f"{one.product:<12} {answer(one) if one.serves else 'cannot serve'}: {said}"
    feeds = {feed.name: feed for one in maps for feed in one.feeds}
    if maps and (said := unconfirmed(replace(maps[0], feeds=tuple(feeds.values())))):
        yield said
    named = next((one.product for one in maps if one.serves), None)
    if named:
        yield f"next         {command} --product {named} shows every input"


def lines(shown: FitGap, out: Path | None, command: str) -> Iterator[str]:
    """A map for a terminal."""
    from reports.fitgap_page import answer, unconfirmed, verdict
    from reports.words import plural, whole

    yield f"{shown.product} for {shown.client}: {answer(shown)}"
    for place, feed in enumerate(shown.feeds):
        files = feed.files[0] + (f" and {len(feed.files) - 1} more" if len(feed.files) > 1 else "") if feed.files else ""
        yield _row("feeds" if not place else "", f"{feed.name} ({feed.contract}, {feed.status}): {whole(feed.rows)} rows of {files}")
    yield _row("in short", verdict(shown))
    for place, text in enumerate((*([unconfirmed(shown)] if unconfirmed(shown) else []), *shown.notes)):
        yield _row("note" if not place else "", text)
    if shown.without:
        yield _row("without", ", ".join(shown.without))
    yield ""
    yield f"inputs ({plural(shown.rows, 'row')} of the sample)"
    yield from _inputs(shown.inputs)
    if shown.cost:
        yield ""
        yield from _cost(shown.cost)
    yield _row("page", str(out)) if out else _row("next", f"{command} --product {shown.product} --out PAGE.html draws the map")


def _row(name: str, text: str) -> str:
    return f"{name:<{WIDTH}} {text}".replace("\u00a0", " ")


def _inputs(inputs: Sequence[Input]) -> Iterator[str]:
    """One line an input, by kind."""
    from reports.fitgap_drawing import MARKS
    from reports.fitgap_graph import in_order
    from reports.fitgap_page import gaps, origin
    from reports.words import share

    wide = max((len(one.title) for one in inputs), default=0)
    for one in in_order(inputs):
        more = f"; gaps: {gaps(one)}" if gaps(one) else ""
        fill = share(one.fill).replace("\u00a0", " ")
        yield f"  {MARKS[one.kind]} {one.title:<{wide}}  {one.kind.replace('_', ' '):<9} {fill:>11}  {origin(one)}{more}".replace(
            "\u00a0", " "
        )


def _cost(cost: Cost) -> Iterator[str]:
    """Accuracies, then what would help most."""
    from reports.fitgap_page import change, help_said
    from reports.fitgap_page import cost as said

    shown = said(cost)
    yield "accuracy"
    for row in shown["rows"]:
        yield f"  {row['title']:<24} AUC {row['auc']}  Brier {row['brier']}{'  ' + row['change'] if row['change'] else ''}"
    if not cost.own:
        yield "  On the client's outcomes not yet: it will stand here once they have come in"
    yield f"  {shown['how']}"
    clear = [one for one in cost.helps if one.retrained.clear and one.retrained.auc > 0]
    if cost.helps:
        yield ""
        yield "what would help most (one more from the client, the model retrained)"
        for one in (clear or cost.helps)[:MOST_HELPS]:
            yield f"  {one.title}: AUC {change(one.retrained)}{help_said(one)}"
        if rest := len(cost.helps) - len((clear or cost.helps)[:MOST_HELPS]):
            yield f"  {rest} more: no help that can be told from chance" if len(clear) <= MOST_HELPS else f"  {rest} more on the page"
