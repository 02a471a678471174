"""Assessing: for each input of a product whether a client's files have it, and what the gaps cost, before anything is built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from rapidfuzz import process

from connectors.mapping import fold
from contracts import contract as contracts
from contracts.batch import Batch, concat, read_part
from contracts.errors import SettingsError
from contracts.fields import Field
from contracts.origin import Origin
from enrichment.step import Step
from flows import grounds, products
from flows.asof import as_of
from flows.conductor import Conductor
from flows.grounds import Ground
from flows.limits import Limits
from flows.order import Source
from flows.preparing import Recipe, fitted, portions
from flows.product import Product
from flows.propensity import SEED, Task
from flows.scored import fields_of
from flows.supply import LINES, Ask, Flags, Gone, Sent, asks, inputs, lacking, lines_of, states, strange
from flows.trial import Trial, trial
from flows.workspace import Workspace
from models.gaps import Gaps
from models.replay import FOLDS, Replay, replay
from reports.fitgap import Connected, Cost, FitGap, Help

SAMPLE = 20_000
"""Rows of the feed that fill rates and patterns of gaps are taken from."""


@dataclass(frozen=True)
class Question:
    """What is to be assessed.

    Parameters
    ----------
    words : tuple of str
        Files, ``client/feed`` or ``client``, as on the command line.
    product : str, optional
        All products where none is named.
    without : tuple of str
        Fields, columns, inputs or whole contracts that are left out to try it.
    folds : int
        Of the replay: fewer are quicker.
    """

    words: tuple[str, ...]
    product: str | None = None
    without: tuple[str, ...] = ()
    folds: int = FOLDS


def assess(conduct: Conductor, workspace: Workspace, question: Question, scratch: Path) -> tuple[FitGap, ...]:
    """The fit-gap map of a product, or of every one.

    Parameters
    ----------
    scratch : Path
        A private folder for what is read; nothing is taken into the store.

    Raises
    ------
    SettingsError
        PRODUCT-UNKNOWN; FIELD-UNKNOWN for something that no product has.
    MillraceError
        Of reading and intake.
    """
    wanted = (products.get(question.product),) if question.product else products.every()
    found = trial(conduct.at(scratch / "steps"), workspace, question.words, scratch)
    maps = [_map(conduct, workspace, found, one, question, scratch / one.name) for one in wanted]
    if question.without and not any(one.without for one in maps):
        raise _unknown(question.without, wanted, found)
    return tuple(maps)


def _map(conduct: Conductor, workspace: Workspace, found: Trial, product: Product, question: Question, scratch: Path) -> FitGap:
    gone = _gone(question.without, product, found)
    lost = {contract for contract, name in gone if not name}
    sources = {name: source for name, source in found.sources.items() if name not in lost}
    made = FitGap(
        found.client.title, product.name, product.title, product.question, tuple(_connected(found, sources, product)),
        tuple(name for name in product.contracts if name not in sources), without=tuple(dict.fromkeys(name or at for at, name in gone)),
        accent=found.client.theme.get("accent"),
    )  # fmt: skip
    if product.base not in sources:
        return made
    task = Task(workspace, found.client, product, sources, as_of(None, sources.values()), Limits())
    return _measured(conduct, task, found, made, gone, question.folds, scratch)


def _connected(found: Trial, sources: Mapping[str, Source], product: Product) -> list[Connected]:
    wanted = {*product.contracts, *product.better_with}
    return [_one(found, contract, source) for contract, source in sources.items() if contract in wanted]


def _one(found: Trial, contract: str, source: Source) -> Connected:
    proposal = found.proposals.get(contract)
    accounts = source.accounts
    return Connected(
        source.feed.feed,
        source.feed.table.id,
        "proposed" if proposal else source.feed.status,
        sum(account["ledger"]["accepted"] for account in accounts),
        tuple(sorted({file["name"] for account in accounts for file in account["files"]})),
        tuple(dict.fromkeys(name for account in accounts for name in (*account["columns"]["ignored"], *account["columns"]["unknown"]))),
        len(proposal.questions) if proposal else 0,
    )


def _measured(conduct: Conductor, task: Task, found: Trial, made: FitGap, gone: Gone, folds: int, scratch: Path) -> FitGap:
    """The map with its inputs and, where there is something to measure on, the cost of the gaps."""
    product, sent = task.product, _sent(task, gone)
    if product.kind != "propensity":
        return replace(made, inputs=lines_of(sent, task.base), rows=made.feeds[0].rows, notes=(grounds.FITTED,))
    ground = grounds.ground(conduct.at(scratch / "ground"), task, known=found.known)
    fields = _fields(ground, task)
    recipe, fills = _recipe(conduct.at(scratch / "sample"), task, fields, gone)
    batch = sampled(task.base, recipe, {name for at, name in gone if at == product.base}, SAMPLE)
    away = {name for _, name in gone if name in batch.origins} | lacking(product, batch.origins, gone, sent)
    batch = _emptied(batch, away)
    foreign = strange(batch, ground.columns)
    lines = inputs(product, fields, batch, sent, fills, foreign)
    cost = _cost(ground, batch, asks(product, lines, sent), tuple(sorted(away)), foreign, folds)
    return replace(made, inputs=lines, rows=batch.rows, model=ground.model, cost=cost, notes=ground.notes)


def _fields(ground: Ground, task: Task) -> tuple[Field, ...]:
    """What the model reads; without one, what the product knows, less what knows the outcome."""
    if ground.model:
        return fields_of(ground.inputs, task.known)
    return tuple(field for name, field in task.known.items() if name not in ground.left_out)


def _sent(task: Task, gone: Gone) -> Sent:
    away = set(gone)
    feeds = {contract: source.feed for contract, source in task.sources.items()}
    filled = {
        contract: frozenset(name for name in source.filled if (contract, name) not in away) for contract, source in task.sources.items()
    }
    return Sent(feeds, filled)


def _recipe(conduct: Conductor, task: Task, fields: Sequence[Field], gone: Gone) -> tuple[Recipe, tuple[Step, ...]]:
    """How a portion becomes inputs, as a delivery does it, with fills that never saw what is left out; and the fills."""
    product, day = task.product, task.day.day
    away = {name for at, name in gone if at == product.base}
    fills = fitted(conduct, product.after(day), portions(task.base), task.base.filled - away)
    history = task.history(conduct)
    joined = (history.joined(),) if history else ()
    return Recipe((*product.before(day), *joined, *fills), tuple(fields), ()), fills


def sampled(source: Source, recipe: Recipe, away: Iterable[str], most: int) -> Batch:
    """So many rows of a source after the steps, evenly drawn over its partitions; some fields are left out before any step."""
    parts, gone = portions(source), set(away)
    size, made = max(1, most // len(parts)), []
    for part in parts:
        batch = read_part(part.folder, part.part, sorted(recipe.reads - gone))
        batch = batch.take(np.unique(np.linspace(0, max(batch.rows - 1, 0), min(size, batch.rows)).astype(np.int64)))
        made.append(recipe(batch)[0])
    return concat(made)


def _emptied(batch: Batch, names: Iterable[str]) -> Batch:
    for name in names:
        kind = batch.table.schema.field(name).type
        batch = batch.with_field(name, pa.nulls(batch.rows, kind), np.full(batch.rows, Origin.ABSENT, np.uint8))
    return batch


def _cost(ground: Ground, batch: Batch, open_: Sequence[Ask], away: Sequence[str], foreign: Mapping[str, Flags], folds: int) -> Cost | None:
    """The gaps replayed: all of the sample's on a model's reference; on the file's own rows, which have theirs, what is tried."""
    if ground.table is None or ground.label is None or not batch.rows:
        return None
    names = [given.name for given in ground.inputs]
    if ground.own:
        gaps, give = Gaps.none(names).opened([name for name in away if name in names]), {}
    else:
        gaps, give = Gaps(tuple(names), states(batch, names, ground.usual, foreign)), {one.title: one.inputs for one in open_}
    return costs(replay(ground.table, ground.label, ground.inputs, gaps, seed=SEED, give=give, folds=folds), ground.of, own=ground.own)


def costs(found: Replay, of: str, *, own: bool = False) -> Cost:
    """A replay as the map shows it."""
    helps = tuple(Help(gain.name, gain.inputs, gain.as_is, gain.retrained) for gain in found.gains)
    measured = (found.rows, found.events, found.folds, found.seed)
    return Cost(*measured, of, found.full, found.as_is, found.retrained, found.lost, found.regained, helps, own)


def _gone(without: Sequence[str], product: Product, found: Trial) -> Gone:
    """What is left out, as (contract, field); a whole contract has no field."""
    made: list[tuple[str, str]] = []
    for word in without:
        here = [(at, name) for at in (product.base, *product.needs) for name in _names(word, at, found)]
        if word in product.contracts and word != product.base:
            here = [(word, "")]
        derived = {field.name for field in product.derived}
        made += here or ([(product.base, word)] if word in derived else [])
    return made


def _names(word: str, contract: str, found: Trial) -> list[str]:
    """Fields of a contract of that name, or read from a column of that name."""
    source = found.sources.get(contract)
    fields = source.feed.table.fields if source else contracts.get(contract).fields
    if word in fields:
        return [word]
    columns = source.feed.all_columns if source else {}
    return [name for name, column in columns.items() if any(fold(header) == fold(word) for header in column.headers)]


def _unknown(without: Sequence[str], wanted: Iterable[Product], found: Trial) -> SettingsError:
    known = {name for product in wanted for name in (*product.contracts, *product.inputs(contracts.get(product.base)))}
    near = process.extractOne(without[0], sorted(known), score_cutoff=50)
    return SettingsError(
        "FIELD-UNKNOWN", "what is to be left out is no field, column or contract of the product", found=", ".join(without)[:80],
        expected=f"a field such as {', '.join(sorted(known)[:4])}, a column of the file, or {LINES}",
        hint=f"did you mean {near[0]!r}?" if near else "millrace assess without it lists the inputs",
    )  # fmt: skip
