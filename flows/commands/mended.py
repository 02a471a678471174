"""What a mended error workbook brings, and one that was written, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from connectors.mapping import shown
from contracts.contract import Contract
from flows.commands.connection import row
from flows.wording import reason
from reports.words import plural, whole

if TYPE_CHECKING:
    from flows.checking import Shown
    from flows.mending import Mending

MOST = 10
"""Rows, headers or faults that are named one by one."""


def mended_lines(found: Mending, contract: Contract) -> Iterator[str]:
    """What was fixed, what remains, what is new, what was changed besides."""
    yield from row("mended", f"{found.workbook}: {plural(found.asked, 'row')} asked about")
    for name, counts in (("fixed", found.fixed), ("remain", found.remaining), ("new", found.new)):
        yield from _counted(name, counts, contract)
    yield from () if found.fixed or found.new else row("", "no fault is gone: was it saved after it was mended?")
    for n, text in enumerate(_besides(found)):
        yield from row("besides" if n == 0 else "", text)


def _counted(name: str, counts: Mapping[str, int], contract: Contract) -> Iterator[str]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    wide = max((len(whole(count)) for _, count in ordered), default=0)
    for n, (key, count) in enumerate(ordered[:MOST]):
        yield from row(name if n == 0 else "", f"{whole(count):>{wide}}  {reason(key, contract)}")
    if len(ordered) > MOST:
        yield from row("", f"and {plural(len(ordered) - MOST, 'other fault')}")


def _besides(found: Mending) -> Iterator[str]:
    if found.cells:
        columns = ", ".join(f"{shown(name)} ({whole(count)})" for name, count in list(found.cells.items())[:MOST])
        yield f"{plural(sum(found.cells.values()), 'cell')} that had no fault changed: {columns}"
    if found.withdrawn:
        yield f"{plural(found.withdrawn, 'row')} deleted that had not been used: withdrawn, they stay out"
    if found.left:
        yield f"{plural(found.left, 'row')} deleted that had been used: they stay as they were"
    if found.unsure:
        yield f"{plural(found.unsure, 'row')} gone, or under the code of another: they stay as they were, none is taken for deleted"
    if found.over:
        yield f"{plural(found.over, 'mended row')} with something left over still, in the last column: not used until that is empty"
    if found.added:
        yield f"{plural(len(found.added), 'row')} added, not taken in; new rows come in a file of their own ({_places(found.added)})"
    if found.repeated:
        yield f"{plural(len(found.repeated), 'row')} with a code that is there twice: they stay as they were ({_places(found.repeated)})"
    if found.missing:
        yield f"columns gone or renamed: {_named(found.missing)}: their cells stay as they were"
    if found.foreign:
        yield f"columns that were not there: {_named(found.foreign)}: not used"
    if found.doubled:
        yield f"columns that are there twice: {_named(found.doubled)}: the first one counts"
    if found.sheets:
        yield f"further sheets with row codes: {_named(found.sheets)}: not used"
    if found.moved:
        yield "columns in another order, which changes nothing"


def _places(rows: tuple[int, ...]) -> str:
    more = f" and {whole(len(rows) - MOST)} more" if len(rows) > MOST else ""
    return f"row {', '.join(map(whole, rows[:MOST]))}{more} of the sheet"


def _named(headers: tuple[str, ...]) -> str:
    more = f" and {len(headers) - MOST} more" if len(headers) > MOST else ""
    return ", ".join(map(shown, headers[:MOST])) + more


def shown_lines(found: Shown | None, feed: str, path: Path) -> Iterator[str]:
    """The error workbook that was written, if there was anything to write."""
    if found is None:
        yield from row("errors", "nothing is wrong: no error workbook was written")
        return
    language = {"en": "English", "de": "German"}[found.language]
    more = f"; {plural(found.left_out, 'row')} more had no room" if found.left_out else ""
    yield from row("errors", f"{path}: {plural(found.rows, 'row')} for the client to mend, in {language}{more}")
    yield from row("", f"when it is back: millrace intake {feed} {quote(path.name)}")
