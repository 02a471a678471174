"""A run and a submission in a few lines for a terminal, and as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.mapping import shown
from contracts.ledger import Ledger
from flows.disk import read_json
from flows.runs import Stored, intact
from reports.facts import Facts, Feed
from reports.words import DELIMITERS, plural, share, whole

WIDTH = 10
MOST_HEADERS = 30
"""Headers named on a terminal; all are in the submission."""


def row(name: str, text: str) -> str:
    """A line with its name in front.

    Examples
    --------
    >>> row("pack", "here")
    'pack       here'
    """
    return f"{name:<{WIDTH}} {text}".replace("\u00a0", " ")


def _facts(run: Stored) -> Facts:
    from reports.internal import read_facts  # brings what draws pages, which an intake does not need

    return read_facts(intact(run, "facts.json"))


def lines(run: Stored) -> list[str]:
    """What came in, what became of it, the verdict, and where the pack is."""
    facts = _facts(run)
    said = [f"{run.label}  {facts.status.word}"]
    said += [row("received" if n == 0 else "", text) for n, text in enumerate(received(facts.feeds))]
    said += [row("rows" if n == 0 else "", account(feed)) for n, feed in enumerate(facts.feeds)]
    said += [row("inputs", inputs(facts))] if facts.filled else []
    said += [row("scores", scores(facts))]
    said += [row("accuracy", accuracy(facts))] if facts.trust.accuracy else []
    said += [row("verdict", facts.verdict.sentence)]
    said += [row("note", note) for note in facts.notes]
    said += [row("pack", str(run.folder / "pack" / "client"))]
    return [*said, *_next(run, facts)]


def _next(run: Stored, facts: Facts) -> Iterator[str]:
    if facts.status.word == "HELD":
        yield row("next", f"look at the checks in the pack; millrace release {run.label} --by NAME --reason TEXT")


def received(feeds: Sequence[Feed]) -> Iterator[str]:
    """How each feed's files were read; many alike are one line."""
    for feed in feeds:
        first = feed.files[0]
        read = [first.encoding, DELIMITERS.get(first.delimiter or "", first.delimiter), f"sheet {first.sheet}" if first.sheet else None]
        read += [f"{plural(first.preamble_lines, 'line')} above the header"] if first.preamble_lines else []
        totals = sum(file.totals for file in feed.files)
        read += [plural(totals, "totals row")] if totals else []
        many = f"{first.name} and {whole(len(feed.files) - 1)} more" if len(feed.files) > 1 else first.name
        yield f"{feed.title.lower()}: {many} ({', '.join(filter(None, read))})"


def account(feed: Feed) -> str:
    """A feed's ledger on one line."""
    ledger = feed.ledger
    return (
        f"{feed.title.lower()}: {whole(ledger.records)} = {whole(ledger.accepted)} accepted + {whole(ledger.rows_quarantined)} quarantined "
        f"+ {whole(ledger.rows_set_aside)} set aside"
    )


def inputs(facts: Facts) -> str:
    """Cells of all inputs by origin."""
    total = {
        word: sum(getattr(entry, word) for entry in facts.filled)
        for word in ("supplied", "repaired", "derived", "looked_up", "imputed", "absent")
    }
    cells = max(sum(total.values()), 1)
    words = {
        "supplied": "supplied",
        "repaired": "repaired",
        "derived": "derived",
        "looked_up": "looked up",
        "imputed": "filled",
        "absent": "absent",
    }
    return ", ".join(f"{words[word]} {share(count / cells)}" for word, count in total.items() if count)


def scores(facts: Facts) -> str:
    """How many, and their mean."""
    found = facts.measures[0]
    return f"{plural(found.count, 'customer')}, mean {share(found.mean)}; {plural(facts.not_scored.count, 'row')} without a score"


def accuracy(facts: Facts) -> str:
    """The measured accuracy, beside the one that is too good to use."""
    found, much = facts.trust.accuracy, facts.trust.too_good
    assert found is not None
    error = f" ± {found.error:.3f}" if found.error is not None else ""
    more = f"; {much.value:.3f} with {facts.trust.leak}, which is known only afterwards and was set aside" if much else ""
    return f"{found.name} {found.value:.3f}{error} on {plural(found.rows, 'row')}{more}"


def document(run: Stored) -> dict[str, Any]:
    """The same for machines."""
    facts = _facts(run)
    return {
        "run": run.label,
        "client": run.client,
        "product": run.name,
        "status": facts.status.word,
        "outcome": facts.verdict.outcome,
        "sentence": facts.verdict.sentence,
        "as_of": facts.evidence.as_of,
        "ledger": {feed.name: feed.ledger.as_dict() for feed in facts.feeds},
        "scored": facts.measures[0].count,
        "not_scored": facts.not_scored.count,
        "gates": facts.as_dict()["gates"],
        "model": run.facts["model"],
        "folder": str(run.folder),
        "pack": str(run.folder / "pack" / "client"),
    }


def submission_lines(stored: Stored) -> list[str]:
    """A submission's account."""
    about = read_json(intact(stored, "submission.json"))
    ledger = Ledger.from_dict(about["ledger"])
    said = [stored.label, row("records", whole(ledger.records)), row("accepted", whole(ledger.accepted))]
    said += [row("held" if n == 0 else "", f"{whole(count)}  {key}") for n, (key, count) in enumerate(sorted(ledger.quarantined.items()))]
    said += [
        row("set aside" if n == 0 else "", f"{whole(count)}  {key}") for n, (key, count) in enumerate(sorted(ledger.set_aside.items()))
    ]
    unknown = [shown(header) for header in about["columns"]["unknown"]]
    more = [f"{len(unknown) - MOST_HEADERS} more"] if len(unknown) > MOST_HEADERS else []
    said += [row("columns", f"not known to the connector: {', '.join([*unknown[:MOST_HEADERS], *more])}")] if unknown else []
    return [*said, row("folder", str(stored.folder))]


def submission_document(stored: Stored) -> dict[str, Any]:
    """The same for machines."""
    about = read_json(intact(stored, "submission.json"))
    kept = {name: about[name] for name in ("contract", "ledger", "columns", "absent", "failures", "repaired", "written")}
    return {"submission": stored.label, **kept, "folder": str(stored.folder)}
