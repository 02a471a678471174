"""Train as a pipeline: reference rows stored with tokens, a model fitted and measured out of fold, both kept as a version."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from contracts.profile import layout, profile
from flows import versions
from flows.conductor import Conductor
from flows.folding import FOLDS
from flows.opening import open_run
from flows.product import Product
from flows.propensity import SEED
from flows.table import read_table
from flows.trainee import Lessons, Trainee, input_of, of_feed, of_table
from flows.workspace import Workspace
from models import estimator, reference, store
from models.card import Card, TooGood, Trained, libraries
from models.inputs import Input
from models.leaks import leaks
from models.metrics import quality


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
    return [given for name in lessons.leaks if name in lessons.table.column_names and (given := input_of(lessons.table, name)) is not None]


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
