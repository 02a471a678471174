"""Propensity: the two ways to score by outcomes, with a stored model, or out of fold on a file that holds its outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from connectors.spec.client import ClientSpec
from contracts.assumption import Assumption
from contracts.fields import Field
from contracts.profile import Profile
from flows import histories, scoring
from flows.asof import AsOf
from flows.checkpoint import Kept
from flows.choosing import Choice
from flows.conductor import Conductor
from flows.drift import compare
from flows.histories import Histories
from flows.limits import Limits
from flows.measuring import Overlap, measure, measured
from flows.order import Source
from flows.preparing import Recipe, input_kind, portions, recipe
from flows.product import Product
from flows.scored import Picture, Scored, auc, deed, fields_of, filled
from flows.scoring import Naming, Pinned
from flows.workspace import Workspace
from models.estimator import Propensity
from models.scope import HOUSE
from reports.drift_page import DriftColumn
from reports.trust import Model

SEED = 20_250_101


@dataclass(frozen=True)
class Task:
    """What is scored.

    Parameters
    ----------
    workspace : Workspace
    client : ClientSpec
    product : Product
    sources : mapping of str to Source
        By contract.
    day : AsOf
    limits : Limits
    """

    workspace: Workspace
    client: ClientSpec
    product: Product
    sources: Mapping[str, Source]
    day: AsOf
    limits: Limits

    @property
    def base(self) -> Source:
        """The source of the rows that are scored."""
        return self.sources[self.product.base]

    @property
    def known(self) -> dict[str, Field]:
        """Every input that the product knows, by name."""
        return self.product.inputs(self.base.feed.table)

    def history(self, conduct: Conductor) -> Histories | None:
        """The history as of the day, where the product needs one."""
        lines = self.sources.get("transactions") if self.product.base != "transactions" else None
        return None if lines is None or self.day.day is None else histories.gather(conduct, lines, self.day.day, self.client.time_zone)


def labelled(task: Task) -> bool:
    """Whether the rows to be scored hold their outcome."""
    return task.product.label in task.base.filled


def by_model(conduct: Conductor, task: Task, choice: Choice) -> Scored:
    """Score with a stored model."""
    product, base = task.product, task.base
    pinned = Pinned(task.workspace.home.root, choice.name, choice.version, choice.seal, choice.layout)
    model = scoring.model_of(pinned)
    fields = fields_of(model.inputs, task.known)
    history = task.history(conduct)
    made = _with_usual(recipe_of(conduct, task, fields, history), choice, model)
    parts = portions(base)
    titles = tuple((field.name, field.title) for field in fields)
    done = conduct.map(scoring.score, parts, made, pinned, Naming(titles, len(parts), product.label))
    current = sum((Profile.from_dict(part["profile"]) for part in done[1:]), Profile.from_dict(done[0]["profile"]))
    own = choice.card.scope.owner == task.client.name
    seen = conduct.run(measure, _overlap(task, choice), done) if own or labelled(task) else None
    lacking = [
        name for name, known in current.fields.items() if known.rows and known.nulls == known.rows and choice.profile.fields[name].known
    ]
    accuracy, notes = measured(seen, choice, (len(lacking), len(fields)), deed(product.event))
    trained = choice.card.trained
    told = ("trained on our own research rows" if choice.card.scope.owner == HOUSE else f"trained on rows of {choice.card.scope.owner}") + (
        f" as of {trained.as_of}" if trained.as_of else ""
    )
    return Scored(
        tuple(done),
        choice.name,
        choice.version,
        (Model(choice.name, choice.version, told, trained.rows, out_of_fold=not (seen and seen["seen"])),),
        filled(fields, [part["origins"] for part in done], made.steps),
        accuracy,
        _too_good(choice),
        ", ".join(choice.card.too_good.fields) if choice.card.too_good else None,
        compare(choice.profile, current, dict(titles), task.limits),
        "",
        "",
        _picture(task, choice, fields, done),
        (*_of_history(history), *made.assumptions(done), *choice.card.assumptions, *_unseen(done, dict(titles))),
        notes,
    )


def _overlap(task: Task, choice: Choice) -> Overlap:
    ids, home = tuple(each.id for each in task.base.submissions), task.workspace.home.root
    return Overlap(home, task.client.name, choice.card.name, choice.card.trained.reference, ids, task.base.by_position)


def recipe_of(conduct: Conductor, task: Task, fields: Sequence[Field], history: Histories | None) -> Recipe:
    """The recipe of a task: its inputs, with key, outcome and what is known only afterwards kept beside them."""
    table = task.base.feed.table
    keep = [*table.key, *([task.product.label] if task.product.label in table.fields else []), *task.product.leaks(table)]
    return recipe(conduct, task.product, task.base, task.day.day, history, fields, keep)


def _with_usual(made: Recipe, choice: Choice, model: Propensity) -> Recipe:
    return replace(made, steps=(*made.steps, scoring.usual(choice, model.columns)))


def _picture(task: Task, choice: Choice, fields: Sequence[Field], done: Sequence[Kept]) -> Picture:
    rows = task.workspace.home.references / choice.card.name / choice.card.trained.reference / "rows.parquet"
    columns = tuple(DriftColumn(f.name, f.title, input_kind(f).kind, f.personal, "input") for f in fields)
    return Picture((rows,), tuple(part.out / "sample.parquet" for part in done), columns)


def _too_good(choice: Choice) -> Any:
    found = choice.card.too_good
    return None if found is None else auc(found.auc, found.auc_se, choice.card.trained.rows, TOO_GOOD)


TOO_GOOD = "It is known only once the outcome is known, so it cannot help to foresee it and was set aside."


def _unseen(done: Sequence[Kept], titles: Mapping[str, str]) -> list[Assumption]:
    """Cells that the model cannot tell apart, as training had no such value."""
    total: Counter[str] = Counter()
    for part in done:
        total.update(part["unseen"])
    return [
        Assumption(
            "score",
            f"{titles.get(name, name)}: a word that training did not know is like one that is missing",
            {"cells": count},
            "untested",
        )
        for name, count in total.items()
        if count
    ]


def _of_history(history: Histories | None) -> tuple[Assumption, ...]:
    return history.assumptions() if history else ()
