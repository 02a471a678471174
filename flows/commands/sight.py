"""A file that was looked at, or read, in lines for a terminal and as one JSON document; no value of the file, only shapes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import quote
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

from connectors.reading.account import Account, ColumnFacts
from connectors.reading.decision import Decision, Reading
from connectors.reading.source import Source
from contracts.errors import shape
from reports.words import DELIMITERS, plural, share, size, whole

if TYPE_CHECKING:
    from connectors.reading.workbook import Sheet

DOUBTFUL = 0.7
"""Confidence below which a decision is pointed out."""
MOST_COLUMNS = 60
"""Columns shown on a terminal; the document has all."""
LONGEST_NAME = 32
HOUSE = re.compile(r"(?!(?:19|20)\d\d)\d{4,6}[ ,]+[^\W\d_]{3,}")
"""A number that is no year before a word: an address, not a name."""
OPTIONS = {
    "encoding": "--encoding NAME",
    "delimiter": "--delimiter SIGNS",
    "quote": "--quote SIGN",
    "escape": "--escape SIGN",
    "widths": "--widths 1,21,13",
    "path": "--path PATH",
    "sheet": "--sheet NAME",
    "table": "--table NUMBER",
    "header_row": "--header-row LINE (0 for none)",
    "header_rows": "--header-rows NUMBER",
}
"""What to say instead of a decision."""
KINDS = {"delimited": "delimited text", "fixed": "text of fixed width", "json": "JSON", "parquet": "Parquet"}


@dataclass(frozen=True)
class Sight:
    """A file and what was met in it.

    Parameters
    ----------
    file : Path
        As it was named.
    source : Source
    reading : Reading
    account : Account
    sheets : sequence of Sheet
        Of a workbook.
    """

    file: Path
    source: Source
    reading: Reading
    account: Account
    sheets: Sequence[Sheet] = ()


def lines(seen: Sight) -> list[str]:
    """What the file is, for people; as wide as the terminal."""
    width = max(60, get_terminal_size((100, 24)).columns)
    parts = [_file(seen), _sheets(seen), _decisions(seen.reading, width), _records(seen, width), _columns(seen, width)]
    return [line.replace("\u00a0", " ").rstrip() for part in (*parts, _next(seen, width)) for line in part]


def _file(seen: Sight) -> Iterator[str]:
    source = seen.source
    packed = f", packed with {source.compression}" if source.compression else ""
    yield source.name
    yield f"  {KINDS.get(seen.reading.kind, seen.reading.kind)}{packed}, {size(source.size)}, sha256 {source.sha256[:16]}…"


def _sheets(seen: Sight) -> Iterator[str]:
    if not seen.sheets:
        return
    yield ""
    yield "sheets"
    for sheet in seen.sheets:
        marks = ["hidden"] * sheet.hidden + ["read"] * (sheet.name == seen.reading.sheet)
        extent = f"{plural(sheet.rows, 'row')}, {plural(sheet.columns, 'column')}" if sheet.rows else "empty"
        yield f"  {_cut(sheet.name, LONGEST_NAME):<{LONGEST_NAME}}  {extent}" + (f"  ({', '.join(marks)})" if marks else "")


def _decisions(reading: Reading, width: int) -> Iterator[str]:
    """Name, value, confidence, evidence; a doubtful one begins with a question mark."""
    shown = {name: _value(name, one.value, "row" if reading.kind == "workbook" else "line") for name, one in reading.decisions.items()}
    first, second = max(map(len, shown), default=0), min(24, max(map(len, shown.values()), default=0))
    yield ""
    yield "decisions"
    for name, one in reading.decisions.items():
        sure = "given" if one.given else f"{one.confidence:.0%}"
        front = f"{'?' if doubtful(one) else ' '} {name.replace('_', ' '):<{first}}  {shown[name]:<{second}}  {sure:>5}  "
        yield from _wrapped(front, "" if one.evidence == "given by the connector" else one.evidence, width)


def doubtful(decision: Decision) -> bool:
    """Whether a decision should be looked at by a person."""
    return not decision.given and decision.confidence < DOUBTFUL


def _value(name: str, value: Any, line: str) -> str:
    if value is None or value == "" or (name == "header_row" and value == 0):
        return "none"
    if name == "header_row":
        return f"{line} {value}"
    if name == "record_ends":
        return {"lf": "LF or CRLF", "cr": "CR", "any": "CR and LF, mixed"}.get(str(value), str(value))
    return DELIMITERS.get(value, ascii(value)[1:-1] if not value.isprintable() else value) if isinstance(value, str) else str(value)


def _wrapped(front: str, text: str, width: int) -> Iterator[str]:
    """A text behind its front, its further lines below its first."""
    if width - len(front) < 24:
        yield front
        front = " " * 6
    found = textwrap.wrap(text, width - len(front), break_on_hyphens=False) or [""]
    yield front + found[0]
    yield from (" " * len(front) + line for line in found[1:])


def _records(seen: Sight, width: int) -> Iterator[str]:
    account, ledger, word = seen.account, seen.account.ledger, "row" if seen.reading.kind == "workbook" else "line"
    yield ""
    yield "records"
    yield (
        f"  {whole(ledger.records)} = {plural(ledger.accepted, 'row')} + {whole(ledger.rows_quarantined)} quarantined"
        f" + {whole(ledger.rows_set_aside)} set aside"
    )
    for title, reasons in (("quarantined", ledger.quarantined), ("set aside", ledger.set_aside)):
        for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
            front = f"  {title:<11}  {whole(count):>9}  {reason.replace('_', ' '):<15}  "
            yield from _wrapped(front, _first(account.first_lines[reason], count, word), width)


def _first(found: Sequence[int], count: int, word: str) -> str:
    numbers = ", ".join(map(str, found))
    return f"{word if count == 1 else word + 's'} {numbers}" + (", …" if count > len(found) else "")


def _columns(seen: Sight, width: int) -> Iterator[str]:
    rows, facts = seen.account.ledger.accepted, seen.account.columns
    shown = [("", "name", "filled", "distinct")]
    for number, one in enumerate(facts[:MOST_COLUMNS], 1):
        shown.append((str(number), _cut(named(one.name), LONGEST_NAME), share(one.filled), _distinct(one)))
    first, second, third, fourth = (max(map(len, texts)) for texts in zip(*shown, strict=True))
    yield ""
    yield "columns"
    for (place, name, filled, distinct), shapes in zip(shown, ["usual shapes", *(_shapes(one, rows) for one in facts)], strict=False):
        yield from _wrapped(f"  {place:>{first}}  {name:<{second}}  {filled:>{third}}  {distinct:>{fourth}}  ", shapes, width)
    if len(facts) > MOST_COLUMNS:
        yield f"  and {plural(len(facts) - MOST_COLUMNS, 'more column')}: see --json"


def named(name: str) -> str:
    """A column's name; one that looks like a value, as where a file's first row was taken for its header, by its shape.

    Examples
    --------
    >>> named("Umsatz 2024"), named("2024 Q1"), named("B01001_001E"), named("80331"), named("ute@example.org"), named("4848 Elm Street")
    ('Umsatz 2024', '2024 Q1', 'B01001_001E', '(shaped 999)', '(shaped aa@aa.aa)', '(shaped 999 Aaa Aaa)')
    """
    digits = max(map(len, re.findall(r"\d+", name)), default=0)
    bare = not any(sign.isalpha() for sign in name)
    value = "@" in name or digits > (4 if bare else 6) or HOUSE.match(name)
    return f"(shaped {shape(name)})" if value else name


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _distinct(column: ColumnFacts) -> str:
    """Different values; an estimate to three digits."""
    return whole(column.distinct) if column.exact else f"~{whole(float(f'{column.distinct:.3g}'))}"


def _shapes(column: ColumnFacts, rows: int) -> str:
    """Share and shape of the most usual ones; none is broken over lines, blanks at its edges show."""
    return "\u00a0· ".join(_edged(f"{_part(count, rows)} {shape}", len(shape)) for shape, count in column.shapes.items())


def _part(count: int, rows: int) -> str:
    return f"{100 * count // rows} %" if 100 * count >= rows else plural(count, "row")


def _edged(text: str, length: int) -> str:
    bare = text[-length:].strip(" ")
    shape = text[-length:].replace(bare, "\0") if bare else text[-length:]
    return (text[:-length] + shape.replace(" ", "␣").replace("\0", bare)).replace(" ", "\u00a0")


def _next(seen: Sight, width: int) -> Iterator[str]:
    yield ""
    yield "next"
    for name in _doubts(seen.reading):
        yield from _step(f"{name.replace('_', ' ')} is doubtful: look at the file; {OPTIONS[name]} says it", width)
    lost = seen.account.ledger.rows_quarantined
    more = f"; with --ledger ledger.csv also the raw text of {plural(lost, 'faulty record')}" if lost else ""
    yield from _step(f"its rows as a plain table{more}:", width)
    yield f"    millrace read {quote(str(seen.file))} -o rows.csv"


def _step(text: str, width: int) -> Iterator[str]:
    found = textwrap.wrap(text, width - 4, break_long_words=False, break_on_hyphens=False)
    yield from (("  " if n == 0 else "    ") + line for n, line in enumerate(found))


def _doubts(reading: Reading) -> list[str]:
    """Doubtful decisions that an option can say; what follows from the header is not told apart."""
    return [name for name, one in reading.decisions.items() if doubtful(one) and name in OPTIONS]


def document(seen: Sight) -> dict[str, Any]:
    """The same for machines."""
    return {
        **_about(seen),
        "kind": seen.reading.kind,
        "compression": seen.source.compression,
        "sheet": seen.reading.sheet,
        "sheets": [asdict(sheet) for sheet in seen.sheets],
        "header": [named(name) for name in seen.reading.header],
        "columns": [_column(column) for column in seen.account.columns],
        **_account(seen),
    }


def _about(seen: Sight) -> dict[str, Any]:
    return {"file": str(seen.file), "sha256": seen.source.sha256, "size": seen.source.size}


def _column(column: ColumnFacts) -> dict[str, Any]:
    shapes = [{"shape": shape, "rows": count} for shape, count in column.shapes.items()]
    filled = round(column.filled, 6)
    return {"name": named(column.name), "filled": filled, "distinct": column.distinct, "distinct_exact": column.exact, "shapes": shapes}


def _account(seen: Sight) -> dict[str, Any]:
    ledger = seen.account.ledger
    records = {"all": ledger.records, "rows": ledger.accepted, "quarantined": dict(ledger.quarantined), "set_aside": dict(ledger.set_aside)}
    decisions = {name: one.as_dict() for name, one in seen.reading.decisions.items()}
    lines = {name: list(found) for name, found in seen.account.first_lines.items()}
    return {"decisions": decisions, "records": records, "first_lines": lines}


def written_lines(seen: Sight, out: Path | None, ledger: Path | None) -> list[str]:
    """What was written and what was left out, for people."""
    width = max(60, get_terminal_size((100, 24)).columns)
    rows = f"{plural(seen.account.ledger.accepted, 'row')}, {plural(len(seen.reading.header), 'column')}"
    said = [f"{out}: {rows}, {size(out.stat().st_size)}"] if out else [rows]
    said += [f"{ledger}: {plural(seen.account.ledger.records, 'record')}, {size(ledger.stat().st_size)}"] if ledger else []
    said += list(_records(seen, width))[2:]
    doubts = [name.replace("_", " ") for name in _doubts(seen.reading)]
    said += list(_step(f"doubtful: {', '.join(doubts)}; millrace inspect {quote(str(seen.file))} says why", width)) if doubts else []
    return [line.replace("\u00a0", " ").rstrip() for line in said]


def written_document(seen: Sight, out: Path | None, ledger: Path | None) -> dict[str, Any]:
    """The same for machines."""
    places = {"output": str(out) if out else None, "ledger": str(ledger) if ledger else None}
    return {**_about(seen), **places, "header": [named(name) for name in seen.reading.header], **_account(seen)}
