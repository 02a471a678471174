"""Grounds: labelled rows on which a product's model can be measured under a feed's gaps, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from contracts.errors import ModelError
from flows.choosing import Choice, choose, described, loaded
from flows.conductor import Conductor
from flows.folding import Known, Lesson
from flows.home import Home
from flows.lessons import lesson_rows
from flows.preparing import input_kind, read_prepared
from flows.product import Product
from flows.propensity import SEED, Task, labelled
from flows.scoring import usual
from models import reference, store
from models.estimator import Propensity
from models.inputs import Column, Input
from models.leaks import leaks
from models.scope import HOUSE

FITTED = "The model is fitted on each submission: nothing is trained beforehand, and the pack says how well it foresaw the last days."
OWN_ROWS = "There is no model yet. The file itself tells outcomes, so a first model can be trained on it; its own gaps are in every figure."
NOTHING = "There is no model yet, and the file holds no outcome: what the gaps cost cannot be measured, only where they are. "


@dataclass(frozen=True, eq=False)
class Ground:
    """Rows with outcomes.

    Parameters
    ----------
    inputs : tuple of Input
        What the model reads; empty where there is none.
    table : pyarrow.Table or None
    label : array of bool
    of : str
        Whose rows, in words.
    model : str
        ``name@version``, or empty.
    own : bool
        The rows are those of the file itself, with its own gaps.
    columns : tuple of Column
        What the model learned of its inputs.
    usual : tuple of str
        Inputs whose gaps the scoring fills with the usual value at training.
    notes : tuple of str
    left_out : tuple of str
        Inputs that know the outcome.
    """

    inputs: tuple[Input, ...] = ()
    table: pa.Table | None = None
    label: npt.NDArray[np.bool_] | None = None
    of: str = ""
    model: str = ""
    own: bool = False
    columns: tuple[Column, ...] = ()
    usual: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def ground(conduct: Conductor, task: Task, *, known: bool) -> Ground:
    """The reference of the model that would serve, else the file's own rows where it holds outcomes, else nothing."""
    choice, notes = _choice(task.workspace.home, task.product, task.client.name if known else "")
    if choice is not None:
        return _of_model(task.workspace.home, choice, notes)
    try:
        if labelled(task) or set(task.product.needs) <= set(task.sources):
            return _of_file(conduct, task)
    except ModelError as error:
        if error.code not in ("MODEL-MISSING", "MODEL-NOT-FITTED", "MODEL-LABEL"):
            raise
    return Ground(notes=(f"{NOTHING}Next: millrace train {task.product.name} --reference TABLE, with rows whose outcome is known.",))


def _choice(home: Home, product: Product, client: str) -> tuple[Choice | None, tuple[str, ...]]:
    """The model that would serve the client; for one that may not be served yet, our own, with a note."""
    found = choose(home, product, client) if client else None
    if found is not None:
        return found, ()
    version = store.champion(home.root, product.name)
    if version is None:
        return None, ()
    stored = loaded(home.root, product.name, version)
    if stored.card.scope.owner != HOUSE:
        return None, ()
    layout, profile = described(stored.profile)
    made = Choice(product.name, stored.version.version, stored.version.seal, stored.card, profile, layout)
    return made, (
        f"The model {made.id} may not serve this client yet: millrace train {product.name} --reference TABLE --for CLIENT allows it.",
    )


def _of_model(home: Home, choice: Choice, notes: tuple[str, ...]) -> Ground:
    trained, model = choice.card.trained, loaded(home.root, choice.name, choice.version).model
    assert isinstance(model, Propensity)
    table, facts = reference.load(home.root, choice.card.name, trained.reference)
    label = table.column(trained.label).to_numpy(zero_copy_only=False).astype(bool)
    whose = "our own research rows" if facts.scope.owner == HOUSE else f"rows of {facts.scope.owner}"
    filled = tuple(name for name, _ in usual(choice, model.columns).values)
    inputs = tuple(given for given in choice.card.inputs if given.name in table.column_names)
    return Ground(
        inputs, table.select([given.name for given in inputs]), label, whose, choice.id, columns=model.columns, usual=filled, notes=notes
    )


def _of_file(conduct: Conductor, task: Task) -> Ground:
    """The file's own rows, each with the outcome that it holds or that its history shows.

    Raises
    ------
    ModelError
        MODEL-MISSING where it holds none.
    """
    product = task.product
    past, now, _, fields, about = lesson_rows(conduct, task)
    late = tuple(product.leaks(task.base.feed.table).values()) if past is now else ()
    item = Lesson(product.label or "", (*fields, *late), tuple(field.name for field in late), SEED)
    rows = Known.of(read_prepared(past), item.outcome)
    found = {leak.name for leak in leaks(rows.table, rows.outcome, [input_kind(field) for field in item.fields], item.leaks)}
    inputs = tuple(given for given in item.inputs if given.name not in found)
    table = rows.table.select([given.name for given in inputs])
    of = "the file itself" if past is now else f"the file itself: {about.trained.removeprefix('trained on this file: ')}"
    return Ground(inputs, table, rows.outcome, of, own=True, notes=(OWN_ROWS,), left_out=tuple(sorted(found)))
