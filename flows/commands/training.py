"""`millrace train`, `millrace models`: first training, versions, and which of them is in use."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.console import Json, Quiet, Verbose, conduct, speaking, workspace

if TYPE_CHECKING:
    from models.card import Card
    from models.store import Version

models = typer.Typer(no_args_is_help=True, help="Stored versions of models, and which one is in use.")


def train(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="Product, or PRODUCT.CLIENT for a model of that client alone.")],
    reference: Annotated[
        str,
        typer.Option(metavar="TABLE|CLIENT/FEED", help="Rows with known outcomes: a Parquet or CSV file, or a feed's newest submission."),
    ],
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--for", metavar="CLIENT", help="Client that the model may be used for; for a table, all that order the product by default."
        ),
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day at which ages and tenures of the rows were counted.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Store the reference rows (tokens in place of keys) and train a model on them; the first version is in use at once."""
    with speaking(as_json=as_json, quiet=quiet, verbose=verbose) as console:
        from flows.train import train as pipeline
        from flows.trainee import Trainee

        space = workspace()
        for name in allow or ():
            space.client(name)
        trainee = Trainee(model, reference, tuple(allow or ()), as_of.date() if as_of else None)
        version, card = conduct("direct", console, pipeline, space, trainee, title=f"train {model}")
        console.result([*card_lines(version, card), *_use(version)], card_document(version, card))


def _use(version: Version) -> list[str]:
    return [] if version.champion else [f"next       millrace models promote {version.id}"]


def card_lines(version: Version, card: Card) -> list[str]:
    """A model card for a terminal."""
    from flows.commands.summary import row
    from models.scope import HOUSE
    from reports.words import plural, share

    said = [f"{version.id}  {'in use' if version.champion else 'not in use'}", row("product", card.product)]
    whose = "of our own research" if card.scope.owner == HOUSE else f"of {card.scope.owner}"
    said += [row("trained", f"on {plural(card.trained.rows, 'row')} {whose}, {share(card.trained.label_rate)} with the event")]
    said += [row("may serve", ", ".join(sorted({card.scope.owner, *card.scope.allowed} - {HOUSE})) or "nobody")]
    if card.quality:
        found = card.quality
        more = f"Brier {found.brier:.4f}, lift {found.lift:.2f}"
        said.append(row("accuracy", f"AUC {found.auc:.4f} ± {found.auc_se:.4f}, out of fold; {more}"))
    if card.too_good:
        said.append(
            row("too good", f"AUC {card.too_good.auc:.4f} with {', '.join(card.too_good.fields)}: known only after the outcome, set aside")
        )
    said.append(row("inputs", ", ".join(given.name for given in card.inputs)))
    said += [row("left out", ", ".join(given.name for given in card.dropped) + " (too few values)")] if card.dropped else []
    return said


def card_document(version: Version, card: Card) -> dict[str, Any]:
    """A model card for machines."""
    return {"champion": version.champion, "seal": version.seal, **card.as_dict()}


@models.command("list")
def list_models(as_json: Json = False) -> None:
    """All versions, the one in use marked."""
    with speaking(as_json=as_json) as console:
        from models import store

        home = workspace().home.root
        versions = [version for name in store.names(home) for version in store.versions(home, name)]
        shown = [f"{version.id}{'  in use' if version.champion else ''}" for version in versions]
        document = [{"id": version.id, "champion": version.champion, "seal": version.seal} for version in versions]
        console.result(shown or ["no model yet: millrace train MODEL --reference TABLE|CLIENT/FEED"], document)


@models.command()
def show(model: Annotated[str, typer.Argument(metavar="MODEL[@VERSION]")], as_json: Json = False) -> None:
    """The card of a version, of the one in use where none is named."""
    with speaking(as_json=as_json) as console:
        from models import store

        home, (name, _, number) = workspace().home.root, model.partition("@")
        card = store.show(home, name, number or None)
        version = next(each for each in store.versions(home, name) if each.version == card.version)
        console.result(card_lines(version, card), card_document(version, card))


@models.command()
def promote(model: Annotated[str, typer.Argument(metavar="MODEL@VERSION")], as_json: Json = False) -> None:
    """Put a version in use."""
    with speaking(as_json=as_json) as console:
        from contracts.errors import SettingsError
        from models import store

        name, _, number = model.partition("@")
        if not number:
            raise SettingsError(
                "MODEL-VERSION", "no version is named", found=name, expected=f"{name}@0001", hint="millrace models list shows all"
            )
        version = store.promote(workspace().home.root, name, number)
        console.result([f"{version.id}  in use"], {"id": version.id, "champion": True})


@models.command()
def rollback(model: Annotated[str, typer.Argument(metavar="MODEL")], as_json: Json = False) -> None:
    """Put the version in use that was before the present one."""
    with speaking(as_json=as_json) as console:
        from models import store

        version = store.rollback(workspace().home.root, model)
        console.result([f"{version.id}  in use"], {"id": version.id, "champion": True})
