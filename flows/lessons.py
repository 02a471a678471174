"""Lessons: rows whose outcome is known, from the file itself or cut from its history, and a file that scores itself by them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from contracts.assumption import Assumption
from contracts.fields import Field
from flows import choosing, folding, histories
from flows.checkpoint import Kept
from flows.conductor import Conductor
from flows.preparing import Portion, Recipe, portions, prepare, present
from flows.propensity import SEED, TOO_GOOD, Task, labelled, recipe_of
from flows.scored import Scored, auc, deed, filled, ranks_first
from reports.trust import Model


def by_folds(conduct: Conductor, task: Task) -> Scored:
    """Score a file by what it holds itself: its own outcomes, or those that its history shows.

    Raises
    ------
    ModelError
        MODEL-MISSING where it holds none.
    """
    product, base = task.product, task.base
    past, now, made, fields, about = lesson_rows(conduct, task)
    leaks = tuple(product.leaks(base.feed.table).values()) if past is now else ()
    item = folding.Lesson(product.label or "", (*fields, *leaks), tuple(field.name for field in leaks), SEED)
    done = conduct.run(folding.fold, item, now, past)
    used = [field for field in fields if field.name in done["inputs"]]
    found, name = done["quality"], f"{product.name}.{task.client.name}"
    sentence = f"{ranks_first(found['auc'], deed(product.event))} {about.how}"
    return Scored(
        (done,),
        name,
        "this file",
        (Model(name, "this file", about.trained, done["known"], out_of_fold=True),),
        filled(used, [done["origins"]], made.steps),
        auc(found["auc"], found["auc_se"], found["rows"], sentence),
        _seemed(done),
        ", ".join(_titles(done["too_good"]["fields"], [*fields, *leaks])) if done["too_good"] else None,
        (),
        "Trained on this file; drift not judged.",
        "the scores were trained on this file",
        None,
        (*made.assumptions(now), *about.assumptions, *_leaks(done, [*fields, *leaks])),
    )


@dataclass(frozen=True)
class About:
    """How the rows that are learned from came about, in words."""

    trained: str
    how: str
    assumptions: tuple[Assumption, ...] = ()


def lesson_rows(conduct: Conductor, task: Task) -> tuple[list[Kept], list[Kept], Recipe, tuple[Field, ...], About]:
    """Prepared rows with outcomes, the prepared rows to be scored (the same ones where a field holds the outcome), and how they are made.

    Raises
    ------
    ModelError
        MODEL-MISSING where no outcome can be found.
    """
    product, base = task.product, task.base
    history = task.history(conduct)
    steps = (*product.before(task.day.day), *((history.joined(),) if history else ()))
    fields = present(task.known.values(), base, steps)
    made = recipe_of(conduct, task, fields, history)
    if labelled(task):
        now = conduct.map(prepare, portions(base), made)
        return now, now, made, fields, About("trained on this file", "Each row was scored by a model that had not seen it.")
    if not product.from_history or task.day.day is None:
        raise choosing.untrained(product, task.client.name, base.feed.feed)
    return _from_history(conduct, task, made, fields)


def _from_history(
    conduct: Conductor, task: Task, made: Recipe, fields: tuple[Field, ...]
) -> tuple[list[Kept], list[Kept], Recipe, tuple[Field, ...], About]:
    """Rows as they were a horizon ago, with what the history shows to have followed, and rows as they are now."""
    product, base, lines = task.product, task.base, task.sources["transactions"]
    assert task.day.day is not None
    cut = task.day.day - timedelta(days=product.horizon_days)
    buckets = histories.buckets(lines, cut, task.client.time_zone, "earlier bucket", product.horizon_days)
    then = histories.collected(conduct.map(histories.history_of, buckets))
    if then.customers < 2 * folding.FOLDS * 10:
        raise choosing.untrained(product, task.client.name, lines.feed.feed)
    fills = made.steps[len(made.steps) - len(product.after(cut)) :]
    earlier = Recipe((*product.before(cut), then.joined(histories.OUTCOME), *fills), fields, (*made.keep, product.label or ""))
    past = conduct.map(prepare, _renamed(portions(base)), earlier)
    now = conduct.map(prepare, portions(base), made)
    about = About(
        f"trained on this file: on what its customers did in the {product.horizon_days} days up to {task.day.iso}",
        f"Measured on those {product.horizon_days} days, each customer by a model that had not seen that customer.",
        (
            Assumption(
                "learn from history",
                f"the {product.horizon_days} days after {cut.isoformat()} show what the next ones will be like",
                {"customers with an order by then": then.customers},
                "untested",
            ),
            Assumption(
                "learn from history",
                f"what the {base.feed.table.title.lower()} file says was the same on {cut.isoformat()}",
                {},
                "untested",
            ),
        ),
    )
    return past, now, made, fields, replace(about, assumptions=(*about.assumptions, *then.assumptions()))


def _renamed(parts: Iterable[Portion]) -> list[Portion]:
    return [replace(part, label=f"earlier {part.label}") for part in parts]


def _seemed(done: Kept) -> Any:
    found = done["too_good"]
    return None if found is None else auc(found["auc"], found["auc_se"], found["rows"], TOO_GOOD)


def _titles(names: Iterable[str], fields: Iterable[Field]) -> list[str]:
    known = {field.name: field.title for field in fields}
    return [known.get(name, name) for name in names]


def _leaks(done: Kept, fields: Sequence[Field]) -> list[Assumption]:
    """Fields that were set aside because they know the outcome."""
    titles = {field.name: field.title for field in fields}
    return [
        Assumption(
            "learn",
            f"{titles.get(leak['name'], leak['name'])} is known only after the outcome and was set aside",
            {
                "AUC of it alone": leak["auc"],
                "because": {"declared": "the connector says so", "too good": "it is too good to be true"}[leak["why"]],
            },
            "held" if leak["why"] == "declared" else "untested",
        )
        for leak in done["leaks"]
    ]
