"""A dry intake, and a golden test, in lines for a terminal and as one document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Any

from connectors.mapping import shown
from connectors.spec.feed import FeedSpec
from flows.checking import Checked, Golden
from flows.commands.connection import change_lines, row, wrapped
from flows.commands.mended import mended_lines, shown_lines
from flows.failing import Group
from flows.wording import done, reason
from reports.words import plural, share, whole

FIXES = {
    "not_null": "the contract needs a value in every row: ask the sender, or map another column",
    "unique": "each row needs a key of its own: is it the key, or are rows of several states in one file?",
    "date": "look at `dates:` of the column; words for nothing go under `null_words:`",
    "number": "look at `decimal:` and `thousands:` of the column; words for nothing go under `null_words:`",
    "whole_number": "the field is a whole number: is it the right column?",
    "scientific": "ask for the file as the system writes it: a spreadsheet has cut these numbers",
    "category": "say under `values:` what the words mean, or `otherwise: blank`",
    "isin": "say under `values:` what the words mean, or `otherwise: blank`",
    "flag": "say under `values:` which words mean true and false",
    "country": "say under `values:` which country the words mean",
    "currency": "say under `values:` which currency the words mean",
    "future": "ask the sender; or is another column meant, such as the end of a contract?",
    "placeholder": "the sender's system writes this day for nothing: say it under `null_words:` of the column, as the file writes it",
    "too_old": "ask the sender; two-digit years may be meant",
    "short": "hardly one is as long as those of the country: is it the right country, in client.yaml and in the country's column?",
    "ragged": "the row has too many or too few cells: a delimiter inside an unquoted text, most likely; ask the sender to quote",
    "undecodable": "say the right `encoding:` under `reading:`, or ask for UTF-8",
    "unclosed_quote": 'ask the sender to double quotes inside texts; or say `quote: ""` under `reading:`',
    "withdrawn": "the sender deleted the row from the error workbook: nothing need be done",
    "unstored": "ask the sender to open the workbook in a spreadsheet program and save it: a program wrote formulas without their values",
    "product": "is it the amount of the line, before or after discount and tax?",
    "part": "nothing was guessed, the cell is empty: look at the shapes, or ask the sender for columns of their own",
    "str_matches": "look at the shapes: is it the right column?",
    "str_length": "look at the shapes: is it the right column?",
}
MOST_FILES = 10
"""Files that the next step names one by one."""
OTHERWISE = "ask the sender, or look whether it is the right column"


def fix(key: str) -> str:
    """What may be done about a failure.

    Examples
    --------
    >>> fix("gender:category"), fix("income:ge")
    ('say under `values:` what the words mean, or `otherwise: blank`', 'ask the sender, or look whether it is the right column')
    """
    rule = key.rpartition(":")[2]
    return FIXES.get(rule, "ask the sender: one of the two dates is wrong" if rule.startswith(("before_", "after_")) else OTHERWISE)


def lines(found: Checked, paths: tuple[Path, ...], errors: Path | None = None) -> list[str]:
    """Counts first, then failures by field and rule, then what is different from earlier files."""
    about, ledger = found.described, found.ledger
    said = [f"{found.feed.feed}  {_verdict(found.passed, found.feed)}"]
    first, more = found.names[0], f" and {len(found.names) - 1} more" if len(found.names) > 1 else ""
    said += row("file", f"{first}{more}")
    said += row(
        "records",
        f"{whole(ledger.records)} = {whole(ledger.accepted)} accepted + {whole(ledger.rows_quarantined)} quarantined"
        f" + {whole(ledger.rows_set_aside)} set aside",
    )
    said += row("columns", _columns(found))
    repaired = sum(about["repaired"].values())
    said += row("repaired", f"{plural(repaired, 'cell')} in {', '.join(about['repaired'])}") if repaired else []
    said += change_lines(found.changes)
    if found.held_back > found.quarantine_limit:
        held = f"{share(found.held_back)} of the rows would be held back, {share(found.quarantine_limit)} may be"
        said += row("failing", f"! {held}")
    said += mended_lines(found.mended, found.feed.table) if found.mended else []
    said += [line for n, (id, text) in enumerate(found.open) for line in row("" if n else "open", f"? {id}: {text}")]
    said += [line for group in found.groups for line in _group(group, found)]
    said += ["", *shown_lines(found.shown, found.feed.feed, errors)] if errors else []
    return [line.replace("\u00a0", " ").rstrip() for line in (*said, *_next(found, paths))]


def _verdict(passed: bool, feed: FeedSpec) -> str:
    return ("passes" if passed else "FAILS") + (" (the connector is a draft)" if feed.status == "draft" else "")


def _columns(found: Checked) -> str:
    columns = found.described["columns"]
    unknown = f", not known to the connector: {', '.join(map(shown, columns['unknown'][:20]))}" if columns["unknown"] else ""
    absent = f", optional and not there: {', '.join(map(shown, columns['absent']))}" if columns["absent"] else ""
    return f"{len(columns['used'])} used, {len(columns['ignored'])} ignored{unknown}{absent}"


def _group(group: Group, found: Checked) -> Iterator[str]:
    contract = found.feed.table
    yield ""
    beyond = f", {share(group.tolerated)} may" if group.beyond else ""
    of = f" ({share(group.share)}{beyond})"
    what = f": {done(group.key, contract)}" if ":" in group.key else ": row not used"
    yield from wrapped(f"{'!' if group.beyond else ' '} {whole(group.rows):>7}  ", f"{reason(group.key, contract)}{of}{what}")
    several = len(found.names) > 1
    for one in group.examples:
        sheet = f"{one.sheet}, " if one.sheet else ""
        where = f"{one.file}, {sheet}line {whole(one.line)}" if several else f"{sheet}line {whole(one.line)}"
        column = f"{' + '.join(map(shown, group.columns))} shaped {one.shape!r}" if one.shape else "empty" if one.shape == "" else ""
        yield from wrapped(" " * 11, f"{where}" + (f": {column}" if column else ""))
    yield from wrapped(" " * 11, f"fix: {fix(group.key)}")


def _next(found: Checked, paths: tuple[Path, ...]) -> Iterator[str]:
    files = " ".join(quote(str(path)) for path in paths) if len(paths) <= MOST_FILES else f"FILE...  (the same {len(paths)} files)"
    yield ""
    if not found.passed:
        yield from row("next", "correct the connector or the file where a line begins with !, then check again")
    elif found.open:
        yield from row("next", f"answer what is open: millrace connect {found.feed.feed} {files}")
    elif found.feed.status == "draft":
        yield from row("next", f"millrace connect {found.feed.feed} --confirm")
    else:
        yield from row("next", f"millrace intake {found.feed.feed} {files}")


def document(found: Checked) -> dict[str, Any]:
    """The same for machines."""
    about = found.described
    return {
        "feed": found.feed.feed, "status": found.feed.status, "passed": found.passed, "contract": about["contract"],
        "ledger": about["ledger"], "columns": about["columns"],
        "absent": about["absent"], "repaired": about["repaired"], "held_back": round(found.held_back, 6),
        "held_back_limit": found.quarantine_limit, "failures": [group.as_dict() for group in found.groups],
        "changes": [change.as_dict() for change in found.changes], "open": [id for id, _ in found.open],
        "mended": found.mended.as_dict() if found.mended else None,
        "errors": {"rows": found.shown.rows, "left_out": found.shown.left_out, "language": found.shown.language} if found.shown else None,
    }  # fmt: skip


def golden_lines(found: Golden) -> list[str]:
    """Whether the connector gets from its made sample what it must."""
    said = [f"{found.feed.feed}  {_verdict(found.passed, found.feed)}"]
    said += row("golden", f"{plural(found.rows, 'made row')} give what they must" if found.passed else "the outcome is another one:")
    said += [line for text in found.differences for line in row("", text)]
    said += row("late", f"! {found.late.text}") if found.late else []
    if not found.passed:
        said += row("next", f"correct the connector; if the change is meant: millrace connect {found.feed.feed} --confirm")
    return said


def golden_document(found: Golden) -> dict[str, Any]:
    """The same for machines."""
    late = found.late.as_dict() if found.late else None
    return {"feed": found.feed.feed, "status": found.feed.status, "passed": found.passed, "golden": list(found.differences), "late": late}
