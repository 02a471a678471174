"""Fixed width as blocks: columns given, or found by the characters that are blank in every line of the file.

Columns that touch cannot be told apart; the connector gives their widths. Cells are trimmed; an empty one is null.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.reading import chaff, dialect, encoding, layout, ruler, stretches, tail, totals
from connectors.reading.block import Block, Whole, aside_table, kept
from connectors.reading.chaff import REASONS, Codes, Sieve
from connectors.reading.decision import Decision, Reading, ReadingHints
from connectors.reading.layout import Layout, Part, Spans
from connectors.reading.ruler import Profile, Ruler
from connectors.reading.source import Source, valid_utf8
from connectors.reading.tables import Table
from contracts.errors import SourceError

GLANCED = 300
"""Lines in which columns are looked for, before the whole file is."""
SAMPLED = 600
"""Lines from which the layout is decided."""
REACHED = 0.5
"""The share of lines that reach the last column, where lines are of different lengths."""
PADDED = 0.2
"""The share of lines with two blanks or more between two columns from which they are padding."""
ALIGNED = 0.5
"""The share of a column's cells that reach one of its edges."""
DIVIDED = 0.8
"""The share of lines with the same number of delimiters from which these divide them."""
WEAK = frozenset(" :#")
"""What stands in cells and between them without dividing them."""
CHUNK = 4 << 20
HEAVIEST = 256 << 20
"""Bytes of text in a block."""
KEPT = 64
"""Lines kept back at the end of a block, so that the end of the file is never a block of its own."""


Characters = npt.NDArray[np.uint32]
"""One row per line, one column per character."""


@dataclass(frozen=True)
class _Plan:
    """Everything decided about a file."""

    source: Source
    encoding: str
    ends: str
    ruler: Ruler
    layout: Layout
    sieve: Sieve
    others: Spans


@dataclass(frozen=True)
class _Lines:
    """Some lines of a file: number, text, and whether it is text at all; records that are none stand as empty."""

    text: pa.Array
    first: int
    broken: dict[int, str]

    def __len__(self) -> int:
        return len(self.text)


def read(source: Source, hints: ReadingHints, block_rows: int) -> tuple[Reading, Iterator[Block]] | None:
    """What a fixed-width file is, and its blocks; None where a file of lines is no such file.

    Raises
    ------
    SourceError
        HEADER-MISSING, TABLE-MISSING, SOURCE-EMPTY, SOURCE-TOO-LARGE.
    """
    assert source.survey is not None
    if not hints.widths and (hints.delimiter or not _may_be(source.survey.head)):
        return None
    chosen = encoding.decide(source.survey, hints.encoding)
    name = str(chosen.value)
    ends = _ends(source, name)
    lines = next(_pieces(source, name, ends), [])
    part = stretches.parted(lines[:SAMPLED], hints.table, source.place) if _several(lines, hints) else _whole(lines)
    own = lines[part.table.first : part.table.last] if part.others else lines
    if not hints.widths and not _looks(own, name, hints):
        return None
    found = ruler.given(hints.widths) if hints.widths else _ruled(source, name, ends, part)
    if found is None:
        return None
    plan, decisions = _planned(source, name, ends, found, hints, part)
    return Reading("fixed", {"encoding": chosen, **decisions}, plan.layout.names), _blocks(plan, block_rows)


def _may_be(head: bytes) -> bool:
    """A cheap look: there are blanks in nearly all of the first lines, and hardly a tab."""
    lines = [line for line in head[: 64 << 10].replace(b"\x00", b"").replace(b"\r", b"\n").split(b"\n") if line.strip()][:GLANCED]
    blank = sum(b" " in line.rstrip() for line in lines)
    tabs = sum(b"\t" in line for line in lines)
    return len(lines) > ruler.FEWEST and blank >= 0.9 * len(lines) and 10 * tabs < len(lines)


def _several(lines: Sequence[str], hints: ReadingHints) -> bool:
    """Whether tables are looked for: where the connector says which, or nothing of where they are."""
    return hints.table is not None or (hints.header_row is None and not hints.widths and any(not line.strip() for line in lines[:SAMPLED]))


def _whole(lines: Sequence[str]) -> Part:
    return Part(Table(0, min(len(lines), SAMPLED), len(lines), 0), (), None)


def _ends(source: Source, name: str) -> str:
    piece = next(encoding.content(source, name), b"")
    return "\n" if b"\n" in piece or b"\r" not in piece else "\r"


def _looks(lines: Sequence[str], name: str, hints: ReadingHints) -> bool:
    """Whether the first lines have columns, and no delimiter divides them better."""
    lines = [line for line in lines if line.strip()][: GLANCED + ruler.FIRST]
    body = lines[ruler.FIRST :] if len(lines) > ruler.SHORT else lines[1:]
    if len(body) < ruler.FEWEST or max(map(len, body)) > ruler.LONGEST:
        return False
    table = ruler.table(body)
    spans = ruler.columns(np.count_nonzero(table > 32, axis=0).astype(np.int64), len(body))
    if len(spans) < 2 or not _reach(body, spans[-1][0]) or not _padded(table, spans):
        return False
    found, why = dialect.decide("\n".join(lines[:GLANCED]) + "\n", name, hints)
    sign = found.delimiter if why["delimiter"].value else ""
    return all(_aligned(table[:, first:last]) for first, last in spans) and not _divides(sign, found.quote, lines, table)


def _reach(lines: Sequence[str], start: int) -> bool:
    """Whether lines are long enough to say something about the last column: of one length, or mostly beyond where it starts."""
    even = max(Counter(map(len, lines)).values()) >= ruler.EVEN * len(lines)
    return even or sum(len(line.rstrip()) > start for line in lines) >= REACHED * len(lines)


def _aligned(cells: Characters) -> bool:
    """Whether a column's cells reach its left or its right edge."""
    holds = cells > 32
    full = max(1, int(holds.any(axis=1).sum()))
    return bool(max(holds[:, 0].sum(), holds[:, -1].sum()) >= ALIGNED * full)


def _padded(table: Characters, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether cells are filled up with blanks: between two columns, or before the first, there is often more than one."""
    holds = table > 32
    for (first, _), (start, last) in pairwise(spans):
        left, right = holds[:, first:start], holds[:, start:last]
        both = left.any(axis=1) & right.any(axis=1)
        gap = np.argmax(left[:, ::-1], axis=1) + np.argmax(right, axis=1)
        if (both & (gap > 1)).sum() >= PADDED * len(table):
            return True
    return False


def _divides(sign: str, quote: str, lines: Sequence[str], table: Characters) -> bool:
    """Whether a delimiter, and not the columns, divides the lines: as often in most, and always at the same place if they are padded."""
    if set(sign) <= WEAK:
        return False
    plain = (line.replace("\r", " ") for line in lines)
    rows = csv.reader(plain, delimiter=sign, quotechar=quote or None) if len(sign) == 1 else [line.split(sign) for line in lines]
    counts = Counter(len(row) for row in rows if len(row) > 1)
    usual = max(counts.values(), default=0)
    upright = (np.count_nonzero(table == ord(sign[0]), axis=0) >= ruler.EVEN * len(table)).any()
    return bool(usual >= DIVIDED * len(lines) and (upright or sign[0] not in ",."))


def _ruled(source: Source, name: str, ends: str, part: Part) -> Ruler | None:
    """The columns of the table that is read, over the whole file."""
    profile, number = Profile(), 0
    first = part.table.first if part.others else 0
    last = part.others[-1][0] if part.others and part.others[-1][1] is None else None
    for lines in _pieces(source, name, ends):
        own = lines[max(first - number, 0) : None if last is None else max(last - number, 0)]
        profile.add([line for line in own if "\x00" not in line])
        number += len(lines)
    return profile.ruler()


def _pieces(source: Source, name: str, ends: str) -> Iterator[list[str]]:
    """Lines in pieces; bytes that are no text come as lone surrogates."""
    for data in _data(source, name, ends):
        yield [line.rstrip("\r") for line in data.decode("utf-8", "surrogateescape").removesuffix(ends).split(ends)]


def _data(source: Source, name: str, ends: str) -> Iterator[bytes]:
    """The content as UTF-8, cut behind line ends."""
    rest = b""
    for piece in encoding.content(source, name):
        data = rest + (piece.decode(name, "surrogateescape").encode("utf-8", "surrogateescape") if encoding.bytewise(name) else piece)
        cut = data.rfind(ends.encode()) + 1
        rest = data[cut:]
        if cut:
            yield data[:cut]
        if len(rest) > ruler.LONGEST * 4:
            raise SourceError(
                "SOURCE-TOO-LARGE", "the file is not shaped like a table", place=source.place,
                found=f"a line of more than {ruler.LONGEST} characters", expected="lines", hint="check the line ends of the file",
            )  # fmt: skip
    if rest:
        yield rest


def _planned(source: Source, name: str, ends: str, found: Ruler, hints: ReadingHints, part: Part) -> tuple[_Plan, dict[str, Decision]]:
    lines = next(_pieces(source, name, ends), [])[part.table.first : part.table.last]
    width = len(found.cuts) + 1
    rows = [found.cells(line) if line.strip() else [] for line in lines]
    laid = layout.decide(rows, list(range(part.table.first + 1, part.table.first + len(rows) + 1)), width, hints, source.place)
    header = tuple(rows[laid.header]) if laid.header is not None else ()
    laid = layout.placed(laid, part)
    plan = _Plan(source, name, ends, found, laid, Sieve(header, laid.usual, totals.pattern(hints.total_words)), part.others)
    return plan, {"widths": _told(found, hints), **laid.decisions}


def _told(found: Ruler, hints: ReadingHints) -> Decision:
    value = ", ".join(str((last or 0) - first) if last else "rest" for first, last in found.spans)
    if hints.widths:
        return Decision.told(value)
    even = f"; nearly all lines have {found.least} characters" if found.least else ""
    blank = "one character is" if len(found.cuts) == 1 else f"{len(found.cuts)} characters are"
    evidence = f"{blank} blank in every line of the file{even}; columns that touch cannot be told apart"
    return Decision(value, evidence, 0.9 if found.least else 0.75)


def _blocks(plan: _Plan, block_rows: int) -> Iterator[Block]:
    held: list[_Lines] = []
    for lines in _numbered(plan):
        held.append(lines)
        while (count := sum(map(len, held))) > block_rows + KEPT or (sum(h.text.nbytes for h in held) > HEAVIEST and count > 2 * KEPT):
            cut = min(block_rows, count - KEPT)
            ready = _joined(held)
            yield _block(_part(ready, 0, cut), plan, ends=False)
            held = [_part(ready, cut, count)]
    yield _block(_joined(held), plan, ends=True)


def _numbered(plan: _Plan) -> Iterator[_Lines]:
    first = 1
    for data in _data(plan.source, plan.encoding, plan.ends):
        lines = _arrow(data, plan.ends, first)
        yield lines
        first += len(lines)


def _arrow(data: bytes, ends: str, first: int) -> _Lines:
    """Lines as an Arrow array, without their ends."""
    if b"\x00" in data or not valid_utf8(data):
        return _repaired(data, ends, first)
    data = data if data.endswith(ends.encode()) else data + ends.encode()
    breaks = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(ends)).astype(np.int32) + 1
    bounds = pa.py_buffer(np.concatenate([np.zeros(1, np.int32), breaks]).astype(np.int32))
    text = pa.Array.from_buffers(pa.string(), len(breaks), [None, bounds, pa.py_buffer(data)])
    return _Lines(pc.utf8_rtrim(text, "\r\n"), first, {})


def _repaired(data: bytes, ends: str, first: int) -> _Lines:
    parts = [part.rstrip(b"\r") for part in data.removesuffix(ends.encode()).split(ends.encode())]
    broken = {i: part.decode("utf-8", "backslashreplace") for i, part in enumerate(parts) if b"\x00" in part or not valid_utf8(part)}
    return _Lines(pa.array(["" if i in broken else part.decode() for i, part in enumerate(parts)], pa.string()), first, broken)


def _joined(held: Sequence[_Lines]) -> _Lines:
    broken = {lines.first + i - held[0].first: text for lines in held for i, text in lines.broken.items()}
    return _Lines(pa.concat_arrays([lines.text for lines in held]), held[0].first, broken)


def _part(lines: _Lines, first: int, last: int) -> _Lines:
    broken = {i - first: text for i, text in lines.broken.items() if first <= i < last}
    return _Lines(lines.text.slice(first, last - first), lines.first + first, broken)


def _block(lines: _Lines, plan: _Plan, ends: bool) -> Block:
    record: Whole = np.arange(lines.first, lines.first + len(lines))
    columns = [_column(lines.text, first, last) for first, last in plan.ruler.spans]
    codes = _codes(lines, columns, plan)
    tail.sift_closing(columns, codes, plan.sieve, ends)
    if ends:
        _name_footer(lines, codes)
    keep, left = codes == 0, np.flatnonzero(codes)
    raw = [lines.broken.get(i) or lines.text[i].as_py() for i in left.tolist()]
    aside = aside_table(record[left], record[left], [REASONS[code] for code in codes[left]], raw)
    return Block(pa.table(kept(columns, keep), names=list(plan.layout.names)), record[keep], record[keep], aside)


def _column(text: pa.Array, first: int, last: int | None) -> pa.Array:
    cells = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(text, first, last))
    return pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)


def _codes(lines: _Lines, columns: Sequence[pa.Array], plan: _Plan) -> Codes:
    codes = chaff.sift(columns, plan.sieve)
    odd = _odd(lines.text, plan.ruler)
    for i in np.flatnonzero(odd & (codes != chaff.BLANK)).tolist():
        cells = plan.ruler.cells(lines.text[i].as_py())
        codes[i] = chaff.irregular(cells, plan.sieve) if len(cells) != len(columns) else _of_words(cells, plan.sieve)
    codes[list(lines.broken)] = chaff.UNDECODABLE
    laid = plan.layout
    above, behind = (0 if laid.header is None else laid.header) + 1 - lines.first, laid.first + 1 - lines.first
    if behind > 0:
        codes[: max(above, 0)][codes[: max(above, 0)] != chaff.BLANK] = chaff.PREAMBLE
        codes[max(above, 0) : behind] = chaff.HEADER
    for start, stop in plan.others:
        low, high = max(start + 1 - lines.first, 0), len(codes) if stop is None else stop + 1 - lines.first
        if low < len(codes) and high > low:
            codes[low:high][codes[low:high] != chaff.BLANK] = chaff.OTHER_TABLE
    return codes


def _of_words(cells: Sequence[str], sieve: Sieve) -> int:
    """The code of a line that does not fit the columns and has as many words: a header said again, or ragged."""
    return chaff.REPEATED_HEADER if tuple(cells) == sieve.header else chaff.RAGGED


def _odd(text: pa.Array, found: Ruler) -> chaff.Flags:
    """Lines that do not fit the columns."""
    odd = chaff.flags(pc.less(pc.utf8_length(text), found.least))
    for cut in found.cuts if found.blank else ():
        odd |= chaff.flags(pc.not_equal(pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(text, cut, cut + 1)), ""))
    if found.width:
        odd |= chaff.flags(pc.not_equal(pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(text, found.width, None)), ""))
    return odd


def _name_footer(lines: _Lines, codes: Codes) -> None:
    """Remarks of another shape behind the last row."""
    for i in range(len(codes) - 1, max(0, len(codes) - tail.TAIL) - 1, -1):
        if codes[i] == chaff.RAGGED and tail.remark([lines.text[i].as_py()]):
            codes[i] = chaff.FOOTER
        elif codes[i] not in (chaff.BLANK, chaff.TOTAL, chaff.FOOTER):
            return
