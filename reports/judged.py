"""What was judged, as pages say it: models and accuracy, drift, gates, assumptions, and the evidence for all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.assumption import Assumption
from reports import words
from reports.facts import Facts
from reports.feed import SourceFile
from reports.trust import Accuracy, Drift, Gate, Model

OUTCOMES = {"pass": "passed", "fail": "failed", "cannot tell": "cannot tell"}
VERDICTS = {
    "refuted": "Turned out wrong",
    "untested": "Not tested",
    "held": "Tested and held",
}


def by_chance(found: Accuracy | None) -> bool:
    """Whether a measured accuracy could be that of drawing lots: less than two standard errors above one half.

    Examples
    --------
    >>> by_chance(Accuracy("AUC", 0.51, 0.011, 3000, "")), by_chance(Accuracy("AUC", 0.8, 0.01, 3000, "")), by_chance(None)
    (True, False, False)
    """
    return found is not None and found.value - 2 * (found.error or 0.0) <= 0.5


def tone(outcome: str) -> str:
    """The class of an outcome on the page: pass, fail or cannot."""
    return outcome.split()[0]


def judgement(facts: Facts) -> dict[str, Any]:
    """The sections that the client's page and our own share."""
    return {
        "trust": trust(facts),
        "gates": [gate(entry) for entry in facts.gates],
        "assumptions": assumptions(facts.assumptions),
        "evidence": evidence(facts),
    }


def trust(facts: Facts) -> dict[str, Any]:
    """Models, accuracy and drift."""
    known = facts.trust
    return {
        "models": [_model(entry) for entry in known.models],
        "accuracy": _accuracy(known.accuracy) if known.accuracy else None,
        "too_good": _accuracy(known.too_good) if known.too_good else None,
        "leak": known.leak or "",
        "drift": [_drift(entry) for entry in sorted(known.drift, key=lambda e: (e.outcome == "pass", e.title.casefold()))],
        "judged": known.drift_judged,
        "drift_sentence": known.drift_sentence,
    }


def _model(model: Model) -> dict[str, Any]:
    rows = f" ({words.plural(model.rows, 'row')})" if model.rows is not None else ""
    return {"label": label(model), "trained_on": words.prose(model.trained_on) + rows, "out_of_fold": model.out_of_fold}


def label(model: Model) -> str:
    """A model by name and version; one that was fitted on the file has no version.

    Examples
    --------
    >>> label(Model("churn", "0003", "")), label(Model("churn.telco", "this file", ""))
    ('churn, version 0003', 'churn.telco')
    """
    return model.name if model.version == "this file" else f"{model.name}, version {model.version}"


def _accuracy(found: Accuracy) -> dict[str, str]:
    value = f"{found.value:.3f}" + (f" ± {found.error:.3f}" if found.error is not None else "")
    return {"name": found.name, "value": value, "rows": words.plural(found.rows, "row"), "sentence": found.sentence}


def _drift(entry: Drift) -> dict[str, Any]:
    return {
        "title": entry.title,
        "psi": words.measured(entry.psi, "PSI"),
        "missing_training": words.share(entry.missing_training),
        "missing_input": words.share(entry.missing_input),
        "tone": tone(entry.outcome),
        "word": {"pass": "alike", "fail": "differs", "cannot tell": "cannot tell"}[entry.outcome],
        "sentence": entry.sentence,
    }


def gate(entry: Gate) -> dict[str, Any]:
    """One check with its limit."""
    return {
        "title": entry.title,
        "measured": words.short(words.measured(entry.measured, entry.unit)),
        "limit": _limit(entry),
        "tone": tone(entry.outcome),
        "word": OUTCOMES[entry.outcome],
        "sentence": entry.sentence,
    }


def _limit(entry: Gate) -> str:
    return words.real(entry.limit) if entry.unit == "PSI" else words.short(words.measured(entry.limit, entry.unit))


def assumptions(entries: tuple[Assumption, ...]) -> list[dict[str, Any]]:
    """Assumptions by verdict, those that turned out wrong first."""
    groups = []
    for verdict, title in VERDICTS.items():
        found = [{"step": e.step, "statement": statement(e), "evidence": pairs(e.evidence)} for e in entries if e.verdict == verdict]
        groups.append({"verdict": verdict, "title": title, "count": words.whole(len(found)), "entries": found})
    return groups


def statement(entry: Assumption) -> str:
    """What was assumed, as a sentence.

    Examples
    --------
    >>> statement(Assumption("days", "signup_date holds days up to 2026-08-31"))
    'Signup date holds days up to 31 August 2026'
    """
    text = words.prose(entry.statement)
    return text[:1].upper() + text[1:]


def pairs(evidence: Mapping[str, Any]) -> str:
    """Measured quantities on one line.

    Examples
    --------
    >>> pairs({"cells with a day above 12": 211, "share": 0.5, "orders": {"dmy": 3}})
    'cells with a day above 12: 211; share: 0.5; orders: dmy = 3'
    """
    return "; ".join(f"{key.replace('_', ' ')}: {_value(value)}" for key, value in evidence.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} = {_value(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words.real(value, 4) if isinstance(value, int | float) else "–" if value is None else words.prose(str(value))


def files_of(facts: Facts) -> list[SourceFile]:
    """Every file once: a workbook may hold several feeds."""
    return list({(file.name, file.sha256): file for feed in facts.feeds for file in feed.files}.values())


def evidence(facts: Facts) -> dict[str, Any]:
    """What the pack was made of."""
    known = facts.evidence
    files = [{"name": file.name, "sha256": file.sha256, "size": words.size(file.size)} for file in files_of(facts)]
    feeds = [{"title": f.title, "contract": f.contract, "connector": f.connector, "submission": f.submission} for f in facts.feeds]
    return {
        "run": known.run,
        "code": known.code,
        "as_of": words.day(known.as_of),
        "as_of_how": known.as_of_how,
        "files": files,
        "feeds": feeds,
        "connectors": [{"name": k, "digest": v} for k, v in sorted(known.connectors.items())],
        "libraries": ", ".join(f"{k} {v}" for k, v in sorted(known.libraries.items())),
        "settings": ", ".join(f"{k} {_value(v)}" for k, v in sorted(known.settings.items())),
    }
