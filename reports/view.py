"""Facts to what a page says: words, formatted numbers and drawings, one function per section; templates only place them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from reports import words
from reports.charts import ORIGIN_COLOURS, Bar, Drawing, Histogram, histogram, stacked, ticks
from reports.facts import Facts, Status
from reports.feed import Feed, SourceFile
from reports.judged import OUTCOMES, by_chance, files_of, judgement, tone
from reports.scores import Filled, Measure
from reports.theme import accent, readable

BANNERS = {
    "READY": "Ready for use",
    "HELD": "Held back: do not use these scores yet",
    "DRAFT": "Draft: for discussion, not for use",
    "RELEASED": "Released by a person although a check held it back",
}
WARNED = "The checks passed, but these scores are no better than chance"
DRAWN = 40


def head(facts: Facts) -> dict[str, Any]:
    """What stands above every page."""
    colour = accent(facts.client.accent)
    return {
        "theme": {"accent": colour, "ink": readable(colour)},
        "client": facts.client.title,
        "product": {"title": facts.product.title, "question": facts.product.question},
        "as_of": words.day(facts.evidence.as_of),
        "banner": banner(facts.status, by_chance(facts.trust.accuracy)),
        "verdict": verdict(facts),
    }


def page(facts: Facts) -> dict[str, Any]:
    """Everything the page's templates may ask for."""
    return (
        head(facts)
        | judgement(facts)
        | {
            "short": in_short(facts),
            "notes": list(facts.notes),
            "feeds": [feed(entry) for entry in facts.feeds],
            "not_scored": not_scored(facts),
            "filled": filled(facts.filled),
            "measures": [measure(entry, facts) for entry in facts.measures],
        }
    )


def verdict(facts: Facts) -> dict[str, str]:
    """The verdict; checks of the files alone are no good word for scores that foresee nothing."""
    found = facts.verdict
    useless = found.outcome == "pass" and by_chance(facts.trust.accuracy)
    said = ("passed, with a warning", "cannot") if useless else (OUTCOMES[found.outcome], tone(found.outcome))
    title = "The verdict before the release" if facts.status.word == "RELEASED" else "The verdict"
    return {"title": title, "word": said[0], "tone": said[1], "sentence": found.sentence}


def banner(status: Status, useless: bool = False) -> dict[str, str]:
    """The status in words; `useless` scores are never called ready for use.

    Examples
    --------
    >>> banner(Status("RELEASED", "checked by phone", "R. Meier", "2025-07-02"))["signed"]
    'R. Meier, 2 July 2025'
    """
    signed = ", ".join(part for part in (status.by or "", words.day(status.on) if status.on else "") if part)
    warned = useless and status.word == "READY"
    title = WARNED if warned else BANNERS[status.word]
    return {
        "word": status.word,
        "title": title,
        "tone": "draft" if warned else status.word.lower(),
        "reason": status.reason,
        "signed": signed,
    }


def in_short(facts: Facts) -> list[str]:
    """The pack in three or four sentences."""
    records = sum(feed.ledger.records for feed in facts.feeds)
    files = len(files_of(facts))
    accepted = sum(feed.ledger.accepted for feed in facts.feeds)
    held = sum(feed.ledger.rows_quarantined for feed in facts.feeds)
    aside = sum(feed.ledger.rows_set_aside for feed in facts.feeds)
    said = [
        f"{words.plural(records, 'record')} came in {words.plural(files, 'file')}: {words.whole(accepted)} could be used, "
        f"{words.whole(held)} could not, and {_not_data(aside)} (headers, totals, blank lines, repeats)."
    ]
    if facts.measures:
        said.append(f"{words.plural(facts.measures[0].count, 'customer')} received a score.")
    if facts.filled:
        said.append(rests_on(facts.filled))
    if facts.trust.accuracy:
        said.append(facts.trust.accuracy.sentence)
    return said


def _not_data(count: int) -> str:
    return "1 was not a data row" if count == 1 else f"{words.whole(count)} were not data rows"


def rests_on(entries: tuple[Filled, ...]) -> str:
    """How much of the inputs is the client's own, in one sentence.

    Examples
    --------
    >>> rests_on((Filled("age", "Age", supplied=1, derived=1, imputed=2),)).replace("\u00a0", " ")
    'Of the values behind the scores, 25.0 % are as you sent them, 25.0 % are worked out from them, and 50.0 % are filled or left empty.'
    """
    cells = max(sum(sum(_origins(e).values()) for e in entries), 1)
    sent = sum(e.supplied + e.repaired for e in entries) / cells
    worked = sum(e.derived + e.looked_up for e in entries) / cells
    gaps = sum(e.imputed + e.absent for e in entries) / cells
    return (
        f"Of the values behind the scores, {words.share(sent)} are as you sent them, {words.share(worked)} are worked out from them, "
        f"and {words.share(gaps)} are filled or left empty."
    )


def feed(feed: Feed) -> dict[str, Any]:
    """What came in and what became of it, in rows that add up."""
    ledger = feed.ledger
    rows = [_entry("Used", "used", ledger.accepted, ledger.records)]
    rows += [_entry(feed.quarantine_words.get(key, _spaced(key)), "held", n, ledger.records) for key, n in _largest(ledger.quarantined)]
    rows += [_entry(words.set_aside(key), "aside", n, ledger.records) for key, n in _largest(ledger.set_aside)]
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


def _entry(what: str, kind: str, count: int, records: int) -> dict[str, Any]:
    """One line of the account; a bar of something is never invisible."""
    part = count / max(records, 1)
    width = max(100 * part, 0.7) if count else 0.0
    return {"what": what, "kind": kind, "count": words.whole(count), "share": words.share(part), "width": round(width, 3)}


def _file(file: SourceFile) -> dict[str, Any]:
    read = [
        ("encoding", file.encoding),
        ("separated by", words.DELIMITERS.get(file.delimiter or "", file.delimiter)),
        ("sheet", file.sheet),
    ]
    said = [f"{title} {value}" for title, value in read if value]
    said += [f"{words.plural(file.preamble_lines, 'line')} before the header"] if file.preamble_lines else []
    said += [f"{words.plural(file.totals, 'totals row')} set aside"] if file.totals else []
    decisions = [
        {"title": d.title, "value": d.value, "evidence": d.evidence, "given": "agreed with you" if d.given else "seen in the file"}
        for d in file.decisions
    ]
    return {"name": file.name, "size": words.size(file.size), "kind": file.kind, "read": ", ".join(said), "decisions": decisions}


def _age(days: int) -> str:
    return (
        "its newest data is from the as-of day" if days == 0 else f"its newest data is {words.plural(days, 'day')} older than the as-of day"
    )


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
    legend = [
        {"word": words.ORIGIN_WORDS[o], "meaning": words.ORIGIN_MEANINGS[o], "colour": c, "name": o} for o, c in ORIGIN_COLOURS.items()
    ]
    rows = [
        {
            "title": e.title,
            "how": words.prose(e.how),
            "counts": [{"word": words.ORIGIN_WORDS[o], "count": words.whole(n), "none": n == 0} for o, n in _origins(e).items()],
        }
        for e in entries
    ]
    drawn = sorted(entries, key=_own)[:DRAWN]
    says = f"Share that rests on what you sent, for {words.plural(len(drawn), 'input')}: " + "; ".join(
        f"{e.title} {words.share(_own(e))}" for e in drawn
    )
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

    bands = [
        {"name": b.name, "count": words.whole(b.count), "low": said(b.low), "high": said(b.high), "mean": said(b.mean)} for b in entry.bands
    ]
    marks = [(b.name, f"from {said(b.low)}", b.low) for b in entry.bands if b.count and b.low > min(o.low for o in entry.bands)]
    says = f"Histogram of {words.plural(entry.count, 'value')} of {entry.title}: "
    says += f"from {said(entry.low)} to {said(entry.high)}, mean {said(entry.mean)}."
    chart = None
    if entry.counts and entry.edges[0] < entry.edges[-1]:
        scale = [(value, words.short(said(value))) for value in ticks(entry.edges[0], entry.edges[-1])]
        chart = _chart(histogram(Histogram(entry.edges, entry.counts, marks, scale, accent(facts.client.accent)), says))
    return {
        "title": entry.title, "unit": "" if entry.unit in ("probability", "money") else entry.unit, "count": words.whole(entry.count),
        "mean": said(entry.mean), "low": said(entry.low), "high": said(entry.high), "bands": bands, "chart": chart,
        "reasons": [{"text": r.text, "count": words.whole(r.count)} for r in entry.reasons],
    }  # fmt: skip


def _chart(drawing: Drawing) -> dict[str, Any]:
    # Drawings are the only markup that comes from outside the templates.
    return {"wide": Markup(drawing.wide), "narrow": Markup(drawing.narrow), "says": drawing.says}
