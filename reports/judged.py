"""What was judged, as pages say it: models and accuracy, drift, gates, assumptions, and the evidence for all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.assumption import Assumption
from reports import words
from reports.facts import Accuracy, Drift, Facts, Gate, Model

OUTCOMES = {"pass": "passed", "fail": "failed", "cannot tell": "cannot tell"}
VERDICTS = {
    "refuted": "Turned out wrong",
    "untested": "Not tested",
    "held": "Tested and held",
}


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
        "drift": [_drift(entry) for entry in known.drift],
        "judged": known.drift_judged,
        "drift_sentence": known.drift_sentence,
    }


def _model(model: Model) -> dict[str, Any]:
    rows = f" ({words.plural(model.rows, 'row')})" if model.rows is not None else ""
    return {"name": model.name, "version": model.version, "trained_on": model.trained_on + rows, "out_of_fold": model.out_of_fold}


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
        "measured": words.measured(entry.measured, entry.unit),
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
        found = [{"step": e.step, "statement": e.statement, "evidence": pairs(e.evidence)} for e in entries if e.verdict == verdict]
        groups.append({"verdict": verdict, "title": title, "count": words.whole(len(found)), "entries": found})
    return groups


def pairs(evidence: Mapping[str, Any]) -> str:
    """Measured quantities on one line.

    Examples
    --------
    >>> pairs({"cells with a day above 12": 211, "share": 0.5, "orders": {"dmy": 3}})
    'cells with a day above 12: 211; share: 0.5; orders: dmy 3'
    """
    return "; ".join(f"{key.replace('_', ' ')}: {_value(value)}" for key, value in evidence.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{str(key).replace('_', ' ')} {_value(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return words.real(value, 4) if isinstance(value, int | float) else "–" if value is None else str(value)


def evidence(facts: Facts) -> dict[str, Any]:
    """What the pack was made of."""
    known = facts.evidence
    files = [
        {"feed": f.title, "name": file.name, "sha256": file.sha256, "size": words.size(file.size)} for f in facts.feeds for file in f.files
    ]
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
