"""A run and a submission in a few lines for a terminal, and as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.mapping import shown
from contracts.contract import get
from contracts.ledger import Ledger
from flows.commands.mended import mended_lines
from flows.disk import read_json
from flows.mending import FILE, Mending
from flows.runs import Stored, intact
from flows.wording import done, reason
from reports.facts import Facts, Feed, Status
from reports.words import DELIMITERS, day, plural, set_aside, share, whole

WIDTH = 10
BEFORE_RELEASE = "before the release: "
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
    said += [row("verdict", f"{BEFORE_RELEASE if facts.status.by else ''}{facts.verdict.sentence}")]
    said += [row("released", released(facts.status))] if facts.status.by else []
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
    return f"{feed.title.lower()}: {adds_up(feed.ledger)}"


def adds_up(ledger: Ledger) -> str:
    """Where every record went.

    Examples
    --------
    >>> adds_up(Ledger(5, {"ragged": 1}, {"header": 1}))
    '7 = 5 accepted + 1 quarantined + 1 set aside'
    """
    return (
        f"{whole(ledger.records)} = {whole(ledger.accepted)} accepted + {whole(ledger.rows_quarantined)} quarantined "
        f"+ {whole(ledger.rows_set_aside)} set aside"
    )


def released(status: Status) -> str:
    """Who released a held pack, when and why.

    Examples
    --------
    >>> released(Status("RELEASED", "a trial", "R. Meier", "2025-07-02"))
    'by R. Meier on 2 July 2025: a trial'
    """
    return f"by {status.by} on {day(status.on or '')}: {status.reason}"


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
    """The measured accuracy and where it was measured, beside the one that is too good to use."""
    found, much = facts.trust.accuracy, facts.trust.too_good
    assert found is not None
    error = f" ± {found.error:.3f}" if found.error is not None else ""
    more = f"; {much.value:.3f} with {facts.trust.leak}, which is known only afterwards and was set aside" if much else ""
    where = found.sentence.partition(". ")[2]  # its first sentence says the figure for people
    return f"{found.name} {found.value:.3f}{error} on {plural(found.rows, 'row')}{more}{'. ' if where else ''}{where}"


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


def submission_lines(stored: Stored, replaced: Sequence[str] = ()) -> list[str]:
    """A submission's account, with the ids of those whose place it takes."""
    about = read_json(intact(stored, "submission.json"))
    ledger = Ledger.from_dict(about["ledger"])
    said = [stored.label, *(row("replaces", each) for each in replaced), row("records", adds_up(ledger))]
    contract = get(about["contract"])
    if (found := _mended(stored)) is not None:
        said += [*mended_lines(found, contract)]
    said += _counted("quarantine", [(reason(key, contract), count) for key, count in ledger.quarantined.items()])
    said += _counted("set aside", [(set_aside(key), count) for key, count in ledger.set_aside.items()])
    cells = {key: count for key, count in about["failures"].items() if key not in ledger.quarantined}
    said += _counted("values", [(f"{reason(key, contract)}: {done(key, contract)}", count) for key, count in cells.items()])
    unknown = [shown(header) for header in about["columns"]["unknown"]]
    more = [f"{len(unknown) - MOST_HEADERS} more"] if len(unknown) > MOST_HEADERS else []
    said += [row("columns", f"not known to the connector: {', '.join([*unknown[:MOST_HEADERS], *more])}")] if unknown else []
    return [*said, row("folder", str(stored.folder)), row("next", f"millrace deliver {stored.client}")]


def _mended(stored: Stored) -> Mending | None:
    """What a mended error workbook brought, where one was taken in."""
    return Mending.from_dict(read_json(intact(stored, FILE))) if (stored.folder / FILE).is_file() else None


def _counted(name: str, entries: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Counts in words, the most first."""
    ordered = sorted(entries, key=lambda entry: (-entry[1], entry[0]))
    wide = max((len(whole(count)) for _, count in ordered), default=0)
    yield from (row(name if n == 0 else "", f"{whole(count):>{wide}}  {text}") for n, (text, count) in enumerate(ordered))


def submission_document(stored: Stored, replaced: Sequence[str] = ()) -> dict[str, Any]:
    """The same for machines."""
    about = read_json(intact(stored, "submission.json"))
    kept = {name: about[name] for name in ("contract", "ledger", "columns", "absent", "failures", "repaired", "written")}
    found = _mended(stored)
    kept |= {"replaces": list(replaced)} if replaced else {}
    return {"submission": stored.label, **kept, **({"mended": found.as_dict()} if found else {}), "folder": str(stored.folder)}
