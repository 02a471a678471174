"""What is decided about a delimited file before its records are read, on a sample of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from connectors.reading import dialect, encoding, layout, totals
from connectors.reading.chaff import Sieve
from connectors.reading.decision import Reading, ReadingHints
from connectors.reading.dialect import Dialect
from connectors.reading.layout import Layout, Spans
from connectors.reading.quotes import Marks, fields_at, loose
from connectors.reading.scan import PROPER, Records, scan
from connectors.reading.source import Source
from contracts.errors import Place, SourceError

SAMPLE = 512 << 10
SAMPLED = 1500
"""Records of the sample that are looked at for headers and further tables."""
LONGEST = 64 << 20
"""Bytes of one line beyond which a file is refused."""
WIDEST = 20_000
"""Columns beyond which a file is refused."""


@dataclass(frozen=True)
class Plan:
    """Everything decided about a file."""

    place: Place
    dialect: Dialect
    marks: Marks
    layout: Layout
    sieve: Sieve
    others: Spans
    sampled: int


@lru_cache(maxsize=4)  # a file is sampled before it is taken in
def planned(source: Source, hints: ReadingHints) -> tuple[Plan, Reading]:
    """What is decided about a file, for its reader and for people.

    Raises
    ------
    SourceError
        See `reading.read`.
    """
    assert source.survey is not None
    chosen = encoding.decide(source.survey, hints.encoding)
    name = str(chosen.value)
    sample = _sample(source, name)
    if (widest := max(sample.split(b"\n", 1)[0].count(sign) for sign in b",;\t|")) > WIDEST:
        raise too_large(source.place, f"{widest + 1} columns", f"at most {WIDEST} columns")
    found, decisions = dialect.decide(encoding.text(sample, name), name, hints)
    if found.width > WIDEST:
        raise too_large(source.place, f"{found.width} columns", f"at most {WIDEST} columns")
    marks = Marks(ord(found.signs.delimiter), ord(found.quote) if found.quote else -1, found.ends, found.width)
    records, _, _ = scan(_put(sample, found, source), marks, True)
    count = min(len(records), SAMPLED)
    rows = [cells_of(records, i, marks, found) for i in range(count)]
    laid, others = layout.among(rows, (records.line[:count] + 1).tolist(), found.width, hints, source.place)
    headers = [tuple(row) for row in rows[laid.header : laid.first]] if laid.header is not None else []
    sieve = Sieve(max(headers, key=_filled, default=()), laid.usual, totals.pattern(hints.total_words))
    plan = Plan(source.place, found, replace(marks, width=laid.width), laid, sieve, others, count)
    return plan, Reading("delimited", {"encoding": chosen, **decisions, **laid.decisions}, laid.names, filed=laid.filed)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _put(sample: bytes, found: Dialect, source: Source) -> bytes:
    """The sample with the dialect's stand-ins in it."""
    return b"".join(found.signs.content(iter([sample]), encoding.written(found.encoding), source.place))


def content(source: Source, plan: Plan) -> Iterator[bytes]:
    """The text of the file in pieces, with the dialect's stand-ins in it."""
    found = plan.dialect
    return found.signs.content(encoding.content(source, found.encoding), encoding.written(found.encoding), source.place)


def _sample(source: Source, name: str) -> bytes:
    """The beginning of the content up to a line end."""
    data = b""
    for piece in encoding.content(source, name):
        data += piece
        cut = max(data.rfind(b"\n", 0, SAMPLE), data.rfind(b"\r", 0, SAMPLE))
        if len(data) > SAMPLE and cut > 0:
            return data[: cut + 1]
        if len(data) > LONGEST:
            raise too_large(source.place, "one line of more than 64 MiB", "lines")
    return data


def too_large(place: Place, found: str, expected: str) -> SourceError:
    """SOURCE-TOO-LARGE."""
    hint = "check the delimiter and the line ends of the file"
    return SourceError("SOURCE-TOO-LARGE", "the file is not shaped like a table", place=place, found=found, expected=expected, hint=hint)


def cells_of(records: Records, index: int, marks: Marks, found: Dialect) -> list[str]:
    """The cells of one record as text, read leniently where its quotes are not regular."""
    start, end = int(records.start[index]), int(records.end[index])
    data = records.data[start:end]
    if marks.quote < 0 or marks.quote not in data:
        text = encoding.text(data, found.encoding)
        if "\\x" not in text:  # each byte is text, and the delimiter is ASCII: what is cut behind decoding is what is cut before
            return [found.signs.back(cell) for cell in text.split(chr(marks.delimiter))]
        cells = data.split(bytes([marks.delimiter]))
    else:
        fields = fields_at(data, 0, marks) if records.fault[index] == PROPER else None
        cells = fields[0] if fields else loose(data, marks)
        if len(cells) != marks.width and len(other := loose(data, marks)) == marks.width:
            cells = other
    return [found.signs.back(encoding.text(cell, found.encoding)) for cell in cells]
