"""The fit-gap map as one page that opens from disk: the drawing, what the gaps cost, what would help, and every input."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from contracts.accuracy import Accuracy, Shift
from reports import words
from reports.fitgap import Connected, Cost, FitGap, Help, Input
from reports.fitgap_drawing import drawing, sign
from reports.fitgap_graph import in_order
from reports.page import render
from reports.theme import accent, readable

MEANINGS = {
    "supplied": "the client sends it",
    "derived": "worked out from what the client sends",
    "looked_up": "found in a table by something the client sends",
    "imputed": "not sent; a usual value of similar customers stands in",
    "absent": "in no column of the files",
}
STATUS = {
    "confirmed": "confirmed by a person",
    "draft": "a draft with open questions",
    "proposed": "proposed from the file, confirmed by nobody",
}
ASSUMED = (
    "The client’s customers are like those that the model learned from; only the gaps differ.",
    "A gap says nothing of the outcome: each labelled row took the gaps of a row of the sample, drawn by chance.",
    "What stands in a filled gap is the usual value of the labelled rows.",
)
MOST_HELPS = 12


def page(shown: FitGap) -> str:
    """The page.

    Raises
    ------
    RunError
        THEME-ACCENT where the client's colour is none.
    """
    return render("fitgap.html.j2", view(shown))


def view(shown: FitGap) -> dict[str, Any]:
    """Everything that the template may ask for."""
    colour, drawn = accent(shown.accent), drawing(shown)
    return {
        "theme": {"accent": colour, "ink": readable(colour)},
        "client": shown.client,
        "product": {"title": shown.title, "question": shown.question},
        "model": shown.model,
        "verdict": verdict(shown),
        "answer": {"word": answer(shown), "tone": {"can serve": "pass", "cannot serve": "fail"}.get(answer(shown), "cannot")},
        "unconfirmed": unconfirmed(shown),
        "without": ", ".join(words.prose(name) for name in shown.without),
        "chart": {"wide": Markup(drawn.wide), "narrow": Markup(drawn.narrow), "says": drawn.says} if shown.inputs else None,
        "legend": [{"mark": Markup(sign(kind)), "word": kind.replace("_", " "), "meaning": meaning} for kind, meaning in MEANINGS.items()],
        "cost": cost(shown.cost) if shown.cost else None,
        "measured": accuracy(shown.measured) if shown.measured else None,
        "helps": [help_(one, shown) for one in (shown.cost.helps if shown.cost else ())[:MOST_HELPS]],
        "rows": words.plural(shown.rows, "row"),
        "inputs": [input_(one) for one in in_order(shown.inputs)],
        "feeds": [feed(one) for one in shown.feeds],
        "notes": list(shown.notes),
        "assumed": list(ASSUMED) if shown.cost else [],
    }


def answer(shown: FitGap) -> str:
    """Whether a pack could be made.

    Examples
    --------
    >>> answer(FitGap("Acme", "churn", "Churn", "Who?", missing=("subscribers",)))
    'cannot serve'
    """
    if not shown.serves:
        return "cannot serve"
    return "can serve" if shown.confirmed else "could serve, once the connector is confirmed"


def verdict(shown: FitGap) -> str:
    """The map in a sentence or two, for the page and for a terminal.

    Examples
    --------
    >>> verdict(FitGap("Acme", "churn", "Churn", "Who?", missing=("subscribers",)))
    'It needs a feed that is not there: subscribers.'
    """
    said = [f"It needs {'a feed that is' if len(shown.missing) == 1 else 'feeds that are'} not there: {', '.join(shown.missing)}."]
    said = [] if shown.serves else said
    if shown.inputs:
        there = sum(one.kind in ("supplied", "derived", "looked_up") for one in shown.inputs)
        said.append(f"{there} of {words.plural(len(shown.inputs), 'input')} can be had from what the client sends.")
    if shown.cost:
        said.append(_cost_in_words(shown.cost))
    return " ".join(said)


def _cost_in_words(cost: Cost) -> str:
    full, here, again = (f"{one.auc:.3f}" for one in (cost.full, cost.as_is, cost.retrained))
    if cost.lost.auc == 0:
        chance = ", which is no better than chance" if cost.full.chance else ""
        return (
            f"A model trained on the files reaches an AUC of {full}" if cost.own else f"Nothing is missing: the AUC is {full}"
        ) + f"{chance}."
    if cost.own:
        return f"Trained without what is left out, the AUC is {again} in place of {full}."
    if not cost.lost.clear:
        return f"What is missing costs nothing that can be told from chance: AUC {here} in place of {full}."
    gained = f"a model trained for them reaches {again}" if cost.regained.clear else "training for them does not help clearly"
    return f"The gaps cost accuracy: AUC {here} in place of {full}; {gained}."


def unconfirmed(shown: FitGap) -> str:
    """What must be said while a connector is not confirmed; empty where all are."""
    open_ = [one for one in shown.feeds if one.status != "confirmed"]
    if not open_:
        return ""
    said = "; ".join(f"{one.name} is {STATUS.get(one.status, one.status)}" + _asked(one) for one in open_)
    return f"Nobody has confirmed yet which column is which: {said}. The map holds as far as these proposals are right."


def _asked(one: Connected) -> str:
    return f" ({words.plural(one.questions, 'open question')})" if one.questions else ""


def accuracy(score: Accuracy) -> dict[str, str]:
    """An accuracy in figures."""
    return {"auc": f"{score.auc:.3f} ± {score.auc_se:.3f}", "brier": f"{score.brier:.4f} ± {score.brier_se:.4f}"}


def change(one: Shift) -> str:
    """A change of the AUC with its sign and standard error.

    Examples
    --------
    >>> change(Shift(0.0123, 0.002)), change(Shift(-0.00001, 0.002))
    ('+0.012 ± 0.002', '0.000 ± 0.002')
    """
    said = f"{one.auc:+.3f}"
    return f"{'0.000' if said in ('+0.000', '-0.000') else said.replace('-', '−')} ± {one.se:.3f}"


def cost(found: Cost) -> dict[str, Any]:
    """The accuracies side by side, and how they were measured."""
    said = (
        _of_own(found)
        if found.own
        else [
            ("With full data", "every input as the model learned it", found.full, None),
            ("As the files are", "the present model under the gaps of the files", found.as_is, found.lost),
            ("Retrained for the gaps", "a model that learned under the same gaps", found.retrained, found.regained),
        ]
    )
    rows = [{"title": t, "meaning": m, **accuracy(s), "change": change(c) if c else ""} for t, m, s, c in said]
    how = f"Measured on {words.plural(found.rows, 'labelled row')} of {found.of}, {words.whole(found.events)} of them with the event, "
    return {
        "rows": rows,
        "own": found.own,
        "how": f"{how}each scored by a model that had not seen it ({found.folds} folds, seed {found.seed}).",
    }


def _of_own(found: Cost) -> list[tuple[str, str, Accuracy, Shift | None]]:
    """The same on the files' own rows, where full data is what they hold."""
    first = ("As the files are", "a model trained on them", found.full, None)
    if found.lost.auc == 0:
        return [first]
    return [
        first,
        ("Without what is left out", "the same model, its cells empty", found.as_is, found.lost),
        ("Trained without it", "a model that never had it", found.retrained, found.regained),
    ]


def help_(one: Help, shown: FitGap) -> dict[str, str]:
    """What one more thing would bring."""
    titles = {each.name: each.title for each in shown.inputs}
    clear = one.retrained.clear and one.retrained.auc > 0
    return {
        "title": one.title,
        "inputs": ", ".join(titles.get(name, name) for name in one.inputs),
        "retrained": change(one.retrained),
        "as_is": change(one.as_is),
        "word": "helps" if clear else "not told from chance",
        "tone": "pass" if clear else "cannot",
    }


def help_said(one: Help) -> str:
    """What must be added where a gain may be chance."""
    return "" if one.retrained.clear and one.retrained.auc > 0 else " (not told from chance)"


def input_(one: Input) -> dict[str, Any]:
    """An input's line."""
    return {
        "title": one.title,
        "meaning": one.meaning,
        "mark": Markup(sign(one.kind)),
        "word": one.kind.replace("_", " "),
        "fill": words.share(one.fill),
        "origin": origin(one),
        "how": words.prose(gaps(one)),
    }


def gaps(one: Input) -> str:
    """What stands in the gaps of an input, and words that the model does not know.

    Examples
    --------
    >>> gaps(Input("plan", "Plan", "", "supplied", 1.0, {}, unknown=0.25)).replace("\u00a0", " ")
    '25.0 % of the rows hold a word that the model does not know'
    """
    strange = f"{words.share(one.unknown)} of the rows hold a word that the model does not know" if one.unknown else ""
    return "; ".join(text for text in (one.how, strange) if text)


def origin(one: Input) -> str:
    """Where an input comes from, or would come from, in words.

    Examples
    --------
    >>> from reports.fitgap import Link
    >>> origin(Input("age", "Age", "", "derived", 1.0, {}, (Link("customers", "birth_date", "Birth date", ("Geburtsdatum",)),), "age"))
    'from Geburtsdatum (age)'
    """
    columns = list(dict.fromkeys(column for link in one.links for column in link.columns))
    if columns:
        return f"from {', '.join(columns)}{f' ({one.step})' if one.step else ''}"
    wanted = ", ".join(link.title.lower() for link in one.links)
    if one.links and one.step:
        return f"would follow from {wanted}"
    return "a field of the contract that is not sent" if one.links and one.links[0].known else "a column that no contract knows"


def feed(one: Connected) -> dict[str, Any]:
    """A feed's line."""
    return {
        "name": one.name,
        "contract": one.contract,
        "status": STATUS.get(one.status, one.status) + _asked(one),
        "rows": words.whole(one.rows),
        "files": ", ".join(one.files[:3]) + (f" and {len(one.files) - 3} more" if len(one.files) > 3 else ""),
        "unused": ", ".join(one.unused) or "none",
    }
