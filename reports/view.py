"""Facts to what a page says: words, formatted numbers and drawings, one function per section; templates only place them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from contracts.assumption import Assumption
from reports import words
from reports.charts import ORIGIN_COLOURS, Bar, Drawing, Histogram, histogram, stacked, ticks
from reports.facts import Drift, Facts, Feed, Filled, Gate, Measure, Model, Status
from reports.theme import accent, readable

BANNERS = {
    "READY": "Ready for use",
    "HELD": "Held back: do not use these scores yet",
    "DRAFT": "Draft: for discussion, not for use",
    "RELEASED": "Released by a person although a check held it back",
}
OUTCOMES = {"pass": "passed", "fail": "failed", "cannot tell": "cannot tell"}
VERDICTS = {
    "refuted": "Turned out wrong",
    "untested": "Not tested",
    "held": "Tested and held",
}
DRAWN = 40


def head(facts: Facts) -> dict[str, Any]:
    """What stands above every page."""
    colour = accent(facts.client.accent)
    return {
        "theme": {"accent": colour, "ink": readable(colour)},
        "client": facts.client.title,
        "product": {"title": facts.product.title, "question": facts.product.question},
        "as_of": words.day(facts.evidence.as_of),
        "banner": banner(facts.status),
        "verdict": {"word": OUTCOMES[facts.verdict.outcome], "tone": tone(facts.verdict.outcome), "sentence": facts.verdict.sentence},
    }


def page(facts: Facts) -> dict[str, Any]:
    """Everything the page's templates may ask for."""
    return head(facts) | {
        "short": in_short(facts),
        "notes": list(facts.notes),
        "feeds": [feed(entry) for entry in facts.feeds],
        "not_scored": not_scored(facts),
        "filled": filled(facts.filled),
        "measures": [measure(entry, facts) for entry in facts.measures],
        "trust": trust(facts),
        "gates": [gate(entry) for entry in facts.gates],
        "assumptions": assumptions(facts.assumptions),
        "evidence": evidence(facts),
    }


def tone(outcome: str) -> str:
    """The class of an outcome on the page: pass, fail or cannot."""
    return outcome.split()[0]


def banner(status: Status) -> dict[str, str]:
    """The status in words.

    Examples
    --------
    >>> banner(Status("RELEASED", "checked by phone", "R. Meier", "2025-07-02"))["signed"]
    'R. Meier, 2 July 2025'
    """
    signed = ", ".join(part for part in (status.by or "", words.day(status.on) if status.on else "") if part)
    return {"word": status.word, "title": BANNERS[status.word], "reason": status.reason, "signed": signed}


def in_short(facts: Facts) -> list[str]:
    """The pack in three or four sentences."""
    records = sum(feed.ledger.records for feed in facts.feeds)
    files = sum(len(feed.files) for feed in facts.feeds)
    accepted = sum(feed.ledger.accepted for feed in facts.feeds)
    held = sum(feed.ledger.rows_quarantined for feed in facts.feeds)
    aside = sum(feed.ledger.rows_set_aside for feed in facts.feeds)
    said = [
        f"{words.plural(records, 'record')} came in {words.plural(files, 'file')}: {words.whole(accepted)} could be used, "
        f"{words.whole(held)} could not, and {words.whole(aside)} were no data rows (headers, totals, blank lines, repeats)."
    ]
    if facts.measures:
        said.append(f"{words.plural(facts.measures[0].count, 'customer')} received a score.")
    if facts.filled:
        said.append(rests_on(facts.filled))
    if facts.trust.accuracy:
        said.append(facts.trust.accuracy.sentence)
    return said


def rests_on(entries: tuple[Filled, ...]) -> str:
    """How much of the inputs is the client's own, in one sentence.

    Examples
    --------
    >>> rests_on((Filled("age", "Age", supplied=1, derived=1, imputed=2),)).replace("\u00a0", " ")
    'Of the values behind the scores, 25.0 % are as you sent them, 25.0 % are worked out from what you sent, and 50.0 % are filled or left empty.'
    """
    cells = max(sum(sum(_origins(e).values()) for e in entries), 1)
    sent = sum(e.supplied + e.repaired for e in entries) / cells
    worked = sum(e.derived + e.looked_up for e in entries) / cells
    gaps = sum(e.imputed + e.absent for e in entries) / cells
    return (
        f"Of the values behind the scores, {words.share(sent)} are as you sent them, {words.share(worked)} are worked out from what you sent, "
        f"and {words.share(gaps)} are filled or left empty."
    )


def feed(feed: Feed) -> dict[str, Any]:
    """What came in and what became of it, in rows that add up."""
    ledger = feed.ledger
    rows = [{"what": "Used", "kind": "used", "count": ledger.accepted}]
    rows += [{"what": feed.quarantine_words.get(key, _spaced(key)), "kind": "held", "count": n} for key, n in _largest(ledger.quarantined)]
    rows += [{"what": words.set_aside(key), "kind": "aside", "count": n} for key, n in _largest(ledger.set_aside)]
    for row in rows:
        row["share"] = words.share(int(row["count"]) / ledger.records if ledger.records else None)
        row["width"] = round(max(100 * int(row["count"]) / max(ledger.records, 1), 0.7 if row["count"] else 0), 3)
        row["count"] = words.whole(int(row["count"]))
    parts = (ledger.accepted, ledger.rows_quarantined, ledger.rows_set_aside)
    return {
        "title": feed.title,
        "name": feed.name,
        "files": [_file(entry) for entry in feed.files],
        "rows": rows,
        "records": words.whole(ledger.records),
        "sum": " + ".join(map(words.whole, parts)) + " = " + words.whole(sum(parts)),
        "age": "" if feed.age_days is None else _age(feed.age_days),
        "draft": feed.connector_draft,
        "columns": [{"header": c.header, "field": c.field} for c in feed.columns],
        "unused": list(feed.unused),
        "absent": list(feed.absent),
        "faults": [{"field": f.field, "sentence": f.sentence, "count": words.whole(f.count), "done": f.done} for f in feed.faults],
    }


def _file(file: Any) -> dict[str, Any]:
    read = [("encoding", file.encoding), ("separated by", words.DELIMITERS.get(file.delimiter or "", file.delimiter)), ("sheet", file.sheet)]
    said = [f"{title} {value}" for title, value in read if value]
    said += [f"{words.plural(file.preamble_lines, 'line')} before the header"] if file.preamble_lines else []
    said += [f"{words.plural(file.totals, 'totals row')} set aside"] if file.totals else []
    decisions = [{"title": d.title, "value": d.value, "evidence": d.evidence, "given": "agreed with you" if d.given else "seen in the file"} for d in file.decisions]
    return {"name": file.name, "size": words.size(file.size), "kind": file.kind, "read": ", ".join(said), "decisions": decisions}


def _age(days: int) -> str:
    return "its newest data is from the as-of day" if days == 0 else f"its newest data is {words.plural(days, 'day')} older than the as-of day"


def _largest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _spaced(key: str) -> str:
    name, _, rule = key.partition(":")
    return f"{name.replace('_', ' ')}: {rule.replace('_', ' ')}" if rule else name.replace("_", " ")


def not_scored(facts: Facts) -> dict[str, Any]:
    """Rows without a score, by reason."""
    reasons = [{"text": r.text, "count": words.whole(r.count)} for r in facts.not_scored.reasons]
    return {"count": facts.not_scored.count, "said": words.plural(facts.not_scored.count, "row"), "reasons": reasons}


def _origins(entry: Filled) -> dict[str, int]:
    return {origin: getattr(entry, origin) for origin in words.ORIGIN_WORDS}


def filled(entries: tuple[Filled, ...]) -> dict[str, Any]:
    """Cells by origin, per input; the drawing shows the inputs that rest least on the client first."""
    legend = [{"word": words.ORIGIN_WORDS[o], "meaning": words.ORIGIN_MEANINGS[o], "colour": c, "name": o} for o, c in ORIGIN_COLOURS.items()]
    rows = [
        {"title": e.title, "how": e.how, "counts": [{"word": words.ORIGIN_WORDS[o], "count": words.whole(n), "none": n == 0} for o, n in _origins(e).items()]}
        for e in entries
    ]
    drawn = sorted(entries, key=_own)[:DRAWN]
    says = f"Share that rests on what you sent, for {words.plural(len(drawn), 'input')}: " + "; ".join(f"{e.title} {words.share(_own(e))}" for e in drawn)
    chart = _chart(stacked([Bar(e.title, _origins(e)) for e in drawn], says)) if drawn else None
    said = rests_on(entries) if entries else ""
    return {"legend": legend, "rows": rows, "chart": chart, "said": said, "left_out": max(len(entries) - DRAWN, 0)}


def _own(entry: Filled) -> float:
    found = _origins(entry)
    return 1 - (found["imputed"] + found["absent"]) / max(sum(found.values()), 1)


def measure(entry: Measure, facts: Facts) -> dict[str, Any]:
    """One scored quantity: its histogram, bands and commonest reasons."""

    def said(value: float) -> str:
        return words.measured(value, entry.unit, facts.client.currency)

    bands = [{"name": b.name, "count": words.whole(b.count), "low": said(b.low), "high": said(b.high), "mean": said(b.mean)} for b in entry.bands]
    marks = [(b.name, f"from {said(b.low)}", b.low) for b in entry.bands if b.count and b.low > min(o.low for o in entry.bands)]
    says = f"Histogram of {words.plural(entry.count, 'value')} of {entry.title}: from {said(entry.low)} to {said(entry.high)}, mean {said(entry.mean)}."
    chart = None
    if entry.counts:
        scale = [(value, words.short(said(value))) for value in ticks(entry.edges[0], entry.edges[-1])]
        chart = _chart(histogram(Histogram(entry.edges, entry.counts, marks, scale, accent(facts.client.accent)), says))
    return {
        "title": entry.title, "unit": "" if entry.unit in ("probability", "money") else entry.unit, "count": words.whole(entry.count),
        "mean": said(entry.mean), "low": said(entry.low), "high": said(entry.high), "bands": bands, "chart": chart,
        "reasons": [{"text": r.text, "count": words.whole(r.count)} for r in entry.reasons],
    }  # fmt: skip


def _chart(drawing: Drawing) -> dict[str, Any]:
    return {"wide": Markup(drawing.wide), "narrow": Markup(drawing.narrow), "says": drawing.says}  # noqa: S704 (our own drawing)


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


def _accuracy(found: Any) -> dict[str, str]:
    value = f"{found.value:.3f}" + (f" ± {found.error:.3f}" if found.error is not None else "")
    return {"name": found.name, "value": value, "rows": words.plural(found.rows, "row"), "sentence": found.sentence}


def _drift(entry: Drift) -> dict[str, Any]:
    return {
        "title": entry.title, "psi": words.measured(entry.psi, "PSI"),
        "missing_training": words.share(entry.missing_training), "missing_input": words.share(entry.missing_input),
        "tone": tone(entry.outcome), "word": {"pass": "alike", "fail": "differs", "cannot tell": "cannot tell"}[entry.outcome], "sentence": entry.sentence,
    }  # fmt: skip


def gate(entry: Gate) -> dict[str, Any]:
    """One check with its limit."""
    return {
        "title": entry.title, "measured": words.measured(entry.measured, entry.unit), "limit": _limit(entry),
        "tone": tone(entry.outcome), "word": OUTCOMES[entry.outcome], "sentence": entry.sentence,
    }  # fmt: skip


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
    files = [{"feed": f.title, "name": file.name, "sha256": file.sha256, "size": words.size(file.size)} for f in facts.feeds for file in f.files]
    feeds = [{"title": f.title, "contract": f.contract, "connector": f.connector, "submission": f.submission} for f in facts.feeds]
    return {
        "run": known.run, "code": known.code, "as_of": words.day(known.as_of), "as_of_how": known.as_of_how, "files": files, "feeds": feeds,
        "connectors": [{"name": k, "digest": v} for k, v in sorted(known.connectors.items())],
        "libraries": ", ".join(f"{k} {v}" for k, v in sorted(known.libraries.items())),
        "settings": ", ".join(f"{k} {_value(v)}" for k, v in sorted(known.settings.items())),
    }  # fmt: skip
