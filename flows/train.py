"""Train as a pipeline: reference rows stored with tokens, a model fitted and measured out of fold, both kept as a version."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from contracts.assumption import Assumption
from contracts.contract import Contract
from contracts.errors import SettingsError
from contracts.profile import layout, profile
from flows import products, versions
from flows.asof import as_of
from flows.conductor import Conductor
from flows.folding import FOLDS
from flows.lessons import lesson_rows
from flows.limits import Limits
from flows.order import Order, sources
from flows.preparing import input_kind, read_prepared
from flows.product import Product
from flows.propensity import SEED, Task
from flows.run import open_run
from flows.table import Table, read_table
from flows.workspace import Workspace
from models import estimator, reference, store
from models.card import Card, TooGood, Trained, libraries
from models.inputs import Input
from models.leaks import leaks
from models.metrics import quality
from models.scope import HOUSE, Scope


@dataclass(frozen=True)
class Lessons:
    """Rows to learn from.

    Parameters
    ----------
    table : pyarrow.Table
        Key, inputs, fields known only after the outcome, and the outcome.
    inputs : tuple of Input
    leaks : tuple of str
    key : str, optional
    scope : Scope
    source, as_of : str
    assumptions : tuple of Assumption
    """

    table: pa.Table
    inputs: tuple[Input, ...]
    leaks: tuple[str, ...]
    key: str | None
    scope: Scope
    source: str
    as_of: str
    assumptions: tuple[Assumption, ...] = ()


@dataclass(frozen=True)
class Trainee:
    """A model that is asked for.

    Parameters
    ----------
    model : str
        Product, or ``product.client``.
    reference : str
        ``client/feed``, or the path of a table with one row per case and its outcome.
    allowed : tuple of str
        Clients that it may be used for, beside the owner of the rows; for a table, all that order the product where none is named.
    as_of : datetime.date, optional
    """

    model: str
    reference: str
    allowed: tuple[str, ...] = ()
    as_of: date | None = None

    @property
    def product(self) -> Product:
        """The product of the model.

        Raises
        ------
        SettingsError
            PRODUCT-UNKNOWN; PRODUCT-FITTED for one whose model is fitted on each submission.
        """
        found = products.get(self.model.partition(".")[0])
        if found.kind != "propensity":
            raise SettingsError(
                "PRODUCT-FITTED",
                f"the model of {found.name} is fitted on each submission: there is nothing to train",
                hint=f"millrace deliver CLIENT --product {found.name}",
            )
        return found


def train(conduct: Conductor, workspace: Workspace, trainee: Trainee) -> tuple[store.Version, Card]:
    """Train and store a version; the first one of a name is put in use at once.

    Returns
    -------
    (Version, Card)
        The same rows under the same versions give the version that is stored already.

    Raises
    ------
    SettingsError
        PRODUCT-UNKNOWN, PRODUCT-FITTED, REFERENCE-UNKNOWN, LABEL-MISSING.
    ModelError
        MODEL-MISSING where a feed holds no outcome, MODEL-NOT-FITTED, MODEL-LABEL.
    """
    product = trainee.product
    path = Path(trainee.reference)
    if path.suffix or path.exists():
        lessons, name = of_table(workspace, trainee, read_table(path)), trainee.model
        return learn(workspace, product, lessons, name)
    client = trainee.reference.partition("/")[0]
    with open_run(workspace.home, "runs", (client, f"train.{product.name}"), _key(trainee), now=workspace.now) as run:
        lessons = of_feed(conduct.at(run.steps), workspace, trainee)
        return learn(workspace, product, lessons, trainee.model if "." in trainee.model else f"{product.name}.{client}")


def _key(trainee: Trainee) -> dict[str, Any]:
    return {"train": trainee.model, "reference": trainee.reference, "as_of": str(trainee.as_of), "code": versions.code()}


def of_table(workspace: Workspace, trainee: Trainee, table: Table) -> Lessons:
    """The rows of a table: every column but key, outcome, identifiers and days is an input.

    Raises
    ------
    SettingsError
        LABEL-MISSING.
    """
    product, owner = trainee.product, trainee.model.partition(".")[2] or HOUSE
    label = str(product.label)
    rows = table.with_outcome(label)
    contract = _contract(product)
    known, late = product.inputs(contract), product.leaks(contract)
    hidden = {name for name, field in contract.fields.items() if field.personal == "direct" or (field.role == "info" and name not in known)}
    names = [name for name in rows.column_names if name not in {label, *contract.key, *hidden}]
    inputs = tuple(given for name in names if (given := _input(rows, name)) is not None)
    key = contract.key[0] if contract.key[0] in rows.column_names else None
    used = [*([key] if key else []), *(given.name for given in inputs), label]
    orders = tuple(name for name in workspace.clients() if product.name in workspace.client(name).products)
    allowed = tuple(sorted({*(trainee.allowed or orders)} - {owner}))
    return Lessons(
        rows.select(used),
        inputs,
        tuple(name for name in late if name in names),
        key,
        Scope(owner, allowed),
        table.sha256,
        trainee.as_of.isoformat() if trainee.as_of else "",
    )


def _contract(product: Product) -> Contract:
    from contracts import contract as contracts

    return contracts.get(product.base)


def _input(rows: pa.Table, name: str) -> Input | None:
    kind = rows.column(name).type
    if any(test(kind) for test in (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean)):
        return Input(name, "number")
    return Input(name, "category") if pa.types.is_string(kind) or pa.types.is_dictionary(kind) else None


def of_feed(conduct: Conductor, workspace: Workspace, trainee: Trainee) -> Lessons:
    """The rows of a feed's newest submission, with the outcomes that it holds or that its history shows."""
    product, name = trainee.product, trainee.reference.partition("/")[0]
    client = workspace.client(name)
    workspace.feed(trainee.reference)
    order = Order(name, product.name, as_of=trainee.as_of)
    given = sources(workspace, order, product)
    day = as_of(trainee.as_of, given.values())
    task = Task(workspace, client, product, given, day, Limits())
    past, _, _, fields, about = lesson_rows(conduct, task)
    batch, label = read_prepared(past), str(product.label)
    late = tuple(product.leaks(task.base.feed.table))
    table = batch.table.filter(batch.column(label).is_valid())
    names = [*task.base.feed.table.key, *(field.name for field in fields), *(leak for leak in late if leak in table.column_names), label]
    submissions = ",".join(each.id for source in given.values() for each in source.submissions)
    return Lessons(
        table.select(list(dict.fromkeys(names))),
        tuple(input_kind(field) for field in fields),
        late,
        task.base.feed.table.key[0],
        Scope(name, tuple(sorted(set(trainee.allowed) - {name}))),
        submissions,
        day.iso,
        about.assumptions,
    )


def learn(workspace: Workspace, product: Product, lessons: Lessons, name: str) -> tuple[store.Version, Card]:
    """Store the rows, fit, measure out of fold, store the model with the profile of its rows."""
    home, label = workspace.home, str(product.label)
    outcome = lessons.table.column(label).to_numpy().astype(bool)
    found = leaks(lessons.table, outcome, lessons.inputs, lessons.leaks)
    inputs = [given for given in lessons.inputs if given.name not in {leak.name for leak in found}]
    secret = home.secret(lessons.scope.owner) if lessons.key else None
    digest = reference.save(
        home.root,
        name,
        lessons.table,
        scope=lessons.scope,
        source=lessons.source,
        as_of=lessons.as_of,
        label=label,
        key=lessons.key,
        secret=secret,
    )
    if known := _stored(workspace, name, digest, inputs):
        return known
    folds = estimator.out_of_fold(lessons.table, outcome, inputs, seed=SEED, folds=FOLDS)
    model = estimator.fit(lessons.table, outcome, inputs, seed=SEED)
    late = [given for given in lessons.inputs if given not in inputs] + _late(lessons)
    card = Card(
        name,
        product.name,
        lessons.scope,
        Trained(digest, len(outcome), label, float(outcome.mean()), lessons.as_of),
        seed=SEED,
        quality=quality(outcome, folds.scores, folds.folds),
        too_good=_too_good(lessons.table, outcome, inputs, late),
        assumptions=lessons.assumptions,
    )
    edges = layout(lessons.table, {given.name: given.kind for given in inputs})
    described = {"layout": edges.as_dict(), "profile": profile(lessons.table, edges).as_dict()}
    version = store.save(home.root, card, model, described)
    if store.champion(home.root, name) is None:
        version = store.promote(home.root, name, version.version)
    return version, store.show(home.root, name, version.version)


def _late(lessons: Lessons) -> list[Input]:
    return [given for name in lessons.leaks if name in lessons.table.column_names and (given := _input(lessons.table, name)) is not None]


def _stored(workspace: Workspace, name: str, digest: str, inputs: list[Input]) -> tuple[store.Version, Card] | None:
    """A version that was fitted on these rows with these inputs, by the libraries that are here."""
    if store.champion(workspace.home.root, name) is None:
        return None
    for version in store.versions(workspace.home.root, name):
        card = store.show(workspace.home.root, name, version.version)
        same = card.trained.reference == digest and {*card.inputs, *card.dropped} == set(inputs) and card.seed == SEED
        if same and card.libraries == libraries():
            return version, card
    return None


def _too_good(table: pa.Table, outcome: npt.NDArray[np.bool_], inputs: list[Input], late: list[Input]) -> TooGood | None:
    late = list(dict.fromkeys(late))
    if not late:
        return None
    scores = estimator.ranking_out_of_fold(table, outcome, [*inputs, *late], seed=SEED, folds=FOLDS)
    found = quality(outcome, scores)
    return None if math.isnan(found.auc) else TooGood(tuple(given.name for given in late), found.auc, found.auc_se)
