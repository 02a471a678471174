"""Customer lifetimes: who will buy again, and how often, from the order lines alone."""

from __future__ import annotations

from typing import Any

from contracts.assumption import Assumption
from contracts.errors import ModelError, Place, RowsError
from flows import histories
from flows.asof import later
from flows.checkpoint import Kept
from flows.conductor import Conductor
from flows.expecting import Horizon, expect, fit_lifetimes, purchases
from flows.propensity import Task
from flows.scored import Scored, auc, ranks_first
from models.lifetimes import BgNbd
from reports.trust import Accuracy, Model
from reports.words import PER_CENT, plural, whole

SMALLEST_LOSS = 0.001
"""The mean chance to be lost after a purchase, below which the model tells nobody apart."""


def by_lifetimes(conduct: Conductor, task: Task) -> Scored:
    """Fit on the submission, and say how the same fit, a horizon ago, foresaw what followed.

    Raises
    ------
    RowsError
        DATES-NONE where no line has a date.
    ModelError
        MODEL-NOT-FITTED where nobody bought twice.
    """
    product, base = task.product, task.base
    if task.day.day is None:
        raise RowsError(
            "DATES-NONE",
            "no order line has a date",
            place=Place(client=task.client.name, feed=base.feed.feed),
            hint="ask for the dates of the orders",
        )
    horizon = Horizon(product.horizon_days)
    buckets = histories.buckets(base, task.day.day, task.client.time_zone, "bucket")
    counted = conduct.map(purchases, buckets, horizon)
    fitted = _fitted(conduct, task, horizon, counted)
    done = conduct.map(expect, buckets, counted, fitted, horizon)
    model, name = BgNbd.from_dict(fitted["model"]), f"{product.name}.{task.client.name}"
    expected, who = sum(part["expected"] for part in done), plural(model.customers, "customer")
    return Scored(
        tuple(done),
        name,
        "this file",
        (Model(name, "this file", "BG/NBD, fitted on this very file", model.customers, out_of_fold=False),),
        accuracy=_accuracy(fitted["check"], product.horizon_days),
        drift_sentence="Fitted on this file; drift not judged.",
        why_not="the model was fitted on this very file",
        assumptions=_assumptions(model, fitted["check"], counted),
        notes=(
            f"In the next {product.horizon_days} days, {plural(round(expected), 'purchase day')} are expected of {who}.",
            *_nobody_left(model),
            *_without(sum(part["without"] for part in counted)),
        ),
    )


def _fitted(conduct: Conductor, task: Task, horizon: Horizon, counted: list[Kept]) -> Kept:
    """The fit; where too little is known up to a day that was given, the error says which days there are."""
    try:
        found: Kept = conduct.run(fit_lifetimes, horizon, counted)
    except ModelError as error:
        hint = later(task.day, task.base, task.client.time_zone) if error.code == "MODEL-NOT-FITTED" else None
        if hint is None:
            raise
        place = Place(client=task.client.name, feed=task.base.feed.feed)
        raise ModelError(error.code, error.message, place=place, found=error.found, expected=error.expected, hint=hint) from None
    return found


def _nobody_left(model: BgNbd) -> tuple[str, ...]:
    """What the fit cannot answer: without a measurable loss after a purchase every customer counts as active."""
    if model.a / (model.a + model.b) >= SMALLEST_LOSS:
        return ()
    return ("This history shows no sign of customers who left for good, so every customer counts as still active here.",)


def _without(count: int) -> tuple[str, ...]:
    """Customers who have lines but no purchase: returns only, or nothing up to the as-of date."""
    who = plural(count, "customer")
    return (
        (f"{who} with order lines, but without a purchase up to the as-of date, {'has' if count == 1 else 'have'} no score.",)
        if count
        else ()
    )


def _accuracy(check: dict[str, Any] | None, days: int) -> Accuracy | None:
    if check is None:
        return None
    gap = check["expected"] / check["actual"] - 1
    apart = f"{abs(gap):.0%}".replace("%", PER_CENT) + (" too many" if gap > 0 else " too few")
    first = ranks_first(check["auc"], f"buy within {days} days")
    sentence = (
        f"{first} Fitted on what was known {days} days ago, it expected {whole(check['expected'])} purchase days "
        f"since; {whole(check['actual'])} came, so it expected {apart}."
    )
    return auc(check["auc"], check["auc_se"], check["customers"], sentence)


def _assumptions(model: BgNbd, check: dict[str, Any] | None, counted: list[Kept]) -> tuple[Assumption, ...]:
    parameters = {name: round(getattr(model, name), 6) for name in ("r", "alpha", "a", "b")}
    repeated = sum(part["repeated"] for part in counted)
    made = [
        Assumption(
            "fit lifetimes",
            "customers buy at their own steady rate and may be lost after any purchase after the first (BG/NBD, days)",
            {**parameters, "log-likelihood": round(model.log_likelihood, 3)},
            "untested",
        ),
        Assumption("fit lifetimes", "all purchases of a day are one; a return is none", {}, "untested"),
    ]
    if check is not None:
        near = abs(check["expected"] / check["actual"] - 1) <= 0.25
        evidence = {"expected purchase days": round(check["expected"], 1), "actual": check["actual"], "AUC": round(check["auc"], 4)}
        made.append(
            Assumption(
                "fit lifetimes",
                "the next horizon will be like the last: the total came within a quarter",
                evidence,
                "held" if near else "refuted",
            )
        )
    if model.at_bound:
        statement = "the history is rich enough to tell steady customers from those who left"
        made.append(Assumption("fit lifetimes", statement, {"parameters at a bound": ", ".join(model.at_bound)}, "refuted"))
    if repeated:
        made.append(
            Assumption(
                "join submissions", "an order line that a later file sends again counts once, as sent last", {"lines": repeated}, "held"
            )
        )
    return tuple(made)
