"""A run and a submission in a few lines for a terminal, and as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shlex import quote
from typing import TYPE_CHECKING, Any

from connectors.mapping import shown
from contracts.contract import Contract, get
from contracts.ledger import Ledger
from flows.commands.mended import mended_lines
from flows.disk import read_json
from flows.integrity import intact
from flows.mending import FILE, Mending
from flows.stored import Stored
from flows.wording import done, reason
from reports.facts import Facts, Status
from reports.feed import Feed
from reports.words import DELIMITERS, day, plural, set_aside, share, whole

if TYPE_CHECKING:
    from flows.undone import Undone

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


@dataclass(frozen=True)
class Beside:
    """What is told of a submission beside what it holds.

    Parameters
    ----------
    replaced : tuple of str
        Ids of those whose place it takes.
    by : str, optional
        Id of the one that has taken its own place.
    undone : Undone, optional
    contract : Contract, optional
        With the feed's own fields, in whose words its faults are told, where it is still that of the submission.
    products : tuple of str, optional
        The client's, where they are looked at: with none, a delivery must name one.
    """

    replaced: tuple[str, ...] = ()
    by: str | None = None
    undone: Undone | None = None
    contract: Contract | None = None
    products: tuple[str, ...] | None = None


def submission_lines(stored: Stored, beside: Beside = Beside()) -> list[str]:
    """A submission's account, and what is told beside it."""
    about = read_json(intact(stored, "submission.json"))
    ledger = Ledger.from_dict(about["ledger"])
    said = [stored.label, *(row("replaces", each) for each in beside.replaced)]
    contract = _contract(stored, beside)
    said += _standing(stored, beside, contract)
    said += [row("records", adds_up(ledger))]
    if (found := _mended(stored)) is not None:
        said += [*mended_lines(found, contract)]
    said += _counted("quarantine", [(reason(key, contract), count) for key, count in ledger.quarantined.items()])
    said += _counted("set aside", [(set_aside(key), count) for key, count in ledger.set_aside.items()])
    cells = {key: count for key, count in about["failures"].items() if key not in ledger.quarantined}
    said += _counted("values", [(f"{reason(key, contract)}{_done(key, contract)}", count) for key, count in cells.items()])
    unknown = [shown(header) for header in about["columns"]["unknown"]]
    more = [f"{len(unknown) - MOST_HEADERS} more"] if len(unknown) > MOST_HEADERS else []
    said += [row("columns", f"not known to the connector: {', '.join([*unknown[:MOST_HEADERS], *more])}")] if unknown else []
    named = " --product NAME  (millrace products: what can be delivered)" if beside.products == () else ""
    return [*said, row("folder", str(stored.folder)), row("next", f"millrace deliver {stored.client}{named}")]


def _contract(stored: Stored, beside: Beside) -> Contract:
    """The feed's contract as the submission was judged by it; where that has changed, the one that it extends."""
    name, digest = stored.manifest["key"]["contract"]
    return beside.contract if beside.contract and beside.contract.digest == digest else get(name)


def _done(key: str, contract: Contract) -> str:
    """What followed from a failure; nothing of a field that is not known any more."""
    return f": {done(key, contract)}" if key.partition(":")[0] in contract.fields else ""


def _standing(stored: Stored, beside: Beside, contract: Contract) -> Iterator[str]:
    """Whether it counts, and what was mended before and is not in it."""
    feed = f"{stored.client}/{stored.name}"
    if beside.by:
        yield row("replaced", f"! by {beside.by}, which stays the one that counts; to have this one instead, name its files again with")
        yield row("", f"millrace intake {feed} FILE... --replaces latest")
    if beside.undone:
        yield row("undone", f"! {beside.undone.workbook} had mended what is wrong again here:")
        yield from _counted("", [(reason(key, contract), count) for key, count in beside.undone.back.items()])
        again = f"millrace intake {feed} {quote(beside.undone.workbook)} --replaces latest"
        yield row("", f"if it should not be, take that workbook in again: {again}")


def mended_short(stored: Stored, undone: Undone | None) -> Iterator[str]:
    """What a mended workbook brought a submission, in two lines at most; all of it is in the submission."""
    found = _mended(stored)
    if found is not None:
        yield row("mended", f"{found.workbook}: {', '.join(_outcomes(found))} (millrace runs show {stored.label})")
    if undone is not None:
        many = plural(sum(undone.back.values()), "fault")
        yield row("undone", f"! {many} that {undone.workbook} had mended: wrong again in {stored.label}, which takes its place")


def _outcomes(found: Mending) -> Iterator[str]:
    """How many faults are gone, remain and are new, and how many other cells were changed; what there is none of is not said."""
    fixed, remaining, new, cells = (sum(each.values()) for each in (found.fixed, found.remaining, found.new, found.cells))
    yield f"{plural(fixed, 'fault')} fixed"
    yield from (f"{whole(count)} {what}" for count, what in ((remaining, "remain"), (new, "new")) if count)
    yield from (f"{plural(cells, 'other cell')} changed",) if cells else ()


def _mended(stored: Stored) -> Mending | None:
    """What a mended error workbook brought, where one was taken in."""
    return Mending.from_dict(read_json(intact(stored, FILE))) if (stored.folder / FILE).is_file() else None


def _counted(name: str, entries: Sequence[tuple[str, int]]) -> Iterator[str]:
    """Counts in words, the most first."""
    ordered = sorted(entries, key=lambda entry: (-entry[1], entry[0]))
    wide = max((len(whole(count)) for _, count in ordered), default=0)
    yield from (row(name if n == 0 else "", f"{whole(count):>{wide}}  {text}") for n, (text, count) in enumerate(ordered))


def submission_document(stored: Stored, beside: Beside = Beside()) -> dict[str, Any]:
    """The same for machines."""
    about = read_json(intact(stored, "submission.json"))
    kept = {name: about[name] for name in ("contract", "ledger", "columns", "absent", "failures", "repaired", "written")}
    found = _mended(stored)
    kept |= {"replaces": list(beside.replaced)} if beside.replaced else {}
    kept |= {"replaced_by": beside.by} if beside.by else {}
    kept |= {"undone": beside.undone.as_dict()} if beside.undone else {}
    return {"submission": stored.label, **kept, **({"mended": found.as_dict()} if found else {}), "folder": str(stored.folder)}
