"""Quoted stretches of delimited bytes, found at once where quoting is regular, record by record where it is not.

A quote opens only at the beginning of a field and closes only before a delimiter or a record end (or is doubled). As long as all
quotes of a stretch obey, their pairs are simply every second one. The first one that does not is looked at in its record by
`record_at`, and pairing starts anew behind it. So one unclosed quote costs one record, never the rows after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

MOST_LINES = 1000
MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class Marks:
    """The bytes that shape a delimited file.

    Parameters
    ----------
    delimiter, quote : int
        Byte values; quote is -1 where there is none.
    ends : str
        ``lf``, ``cr`` or ``any``, see `Dialect`.
    width : int
        Fields of a proper record; 0 where not known yet.
    """

    delimiter: int
    quote: int
    ends: str
    width: int = 0


@dataclass(frozen=True)
class Odd:
    """A record that had to be looked at by itself.

    Parameters
    ----------
    start, end, beyond : int
        Its content, and where the next record starts.
    fields : int
    clean : bytes, optional
        The same record with regular quoting; None for an unclosed quote.
    """

    start: int
    end: int
    beyond: int
    fields: int
    clean: bytes | None


@dataclass(frozen=True)
class Pairs:
    """Regularly quoted stretches: positions of the opening and closing quotes, and the odd records between them."""

    opened: Whole
    closed: Whole
    odd: tuple[Odd, ...]
    unfinished: int | None = None


@cache
def _breaks(ends: str) -> re.Pattern[bytes]:
    return re.compile(rb"\r*\n" if ends == "lf" else rb"\r\n|\n|\r")


def fields_at(data: bytes, start: int, marks: Marks) -> tuple[list[bytes], int, int, list[bool]] | None:
    """The fields of the record that starts at `start`, its end, the start of the next, and which fields were quoted.

    A quote that neither opens nor closes is text. None when a quoted field does not end within reason.

    Examples
    --------
    >>> fields_at(b'a;"b ""x"" c";5" d\\nnext', 0, Marks(59, 34, "lf"))[0]
    [b'a', b'b "x" c', b'5" d']
    """
    stop, delimiter, quote = _breaks(marks.ends), bytes([marks.delimiter]), marks.quote
    cells, quoted, at = [], [], start
    row = stop.search(data, start)
    while True:
        opened = quote >= 0 and at < len(data) and data[at] == quote
        quoted.append(opened)
        if opened:
            close = _closing(data, at, marks)
            if close is None:
                return None
            sign = bytes([quote])
            cells.append(data[at + 1 : close].replace(sign + sign, sign))
            at = close + 1
            if row is not None and row.start() < at:
                row = stop.search(data, at)
        else:
            cells.append(b"")
        end, beyond = (row.start(), row.end()) if row is not None else (len(data), len(data))
        cut = data.find(delimiter, at, end)
        cells[-1] += data[at : cut if cut >= 0 else end]
        at = cut if cut >= 0 else end
        if at >= end:
            return cells, end, beyond, quoted
        at += 1


def loose(record: bytes, marks: Marks) -> list[bytes]:
    """The fields of a record with a quote that never closes: it is taken for text, and those that do close are read as quotes.

    Examples
    --------
    >>> loose(b'id;"day;"the name";x', Marks(59, 34, "lf"))
    [b'id', b'"day', b'the name', b'x']
    """
    sign, delimiter = bytes([marks.quote]), bytes([marks.delimiter])
    parts, cells = record.split(delimiter), []
    while parts:
        run = 1 if parts[0][:1] == sign else 0
        while 0 < run <= len(parts) and not _closes(parts[:run], sign):
            run = run + 1 if run < len(parts) and parts[run][:1] != sign else 0
        cell = delimiter.join(parts[: max(run, 1)])
        cells.append(cell[1:-1].replace(sign + sign, sign) if run else cell)
        parts = parts[max(run, 1) :]
    return cells


def _closes(parts: list[bytes], sign: bytes) -> bool:
    return parts[-1].endswith(sign) and (len(parts) > 1 or len(parts[0]) > 1)


def _closing(data: bytes, opening: int, marks: Marks) -> int | None:
    sign, lines, at = bytes([marks.quote]), 0, opening + 1
    stops = {marks.delimiter, 10, 13}
    while True:
        close = data.find(sign, at, opening + MOST_BYTES)
        if close < 0:
            return None
        lines += data.count(b"\n", at, close)
        if lines > MOST_LINES:
            return None
        if close + 1 >= len(data) or data[close + 1] in stops:
            return close
        at = close + 2 if data[close + 1] == marks.quote else close + 1


def record_at(data: bytes, start: int, marks: Marks) -> Odd:
    """The record at `start`, read leniently, or its first line as an unclosed one."""
    found = fields_at(data, start, marks)
    line = _breaks(marks.ends).search(data, start)
    end, beyond = (line.start(), line.end()) if line is not None else (len(data), len(data))
    if found is not None:
        cells, last, after, quoted = found
        proper = not marks.width or len(cells) == marks.width
        if last <= end or (proper and not _swallows(data, start, last, marks) and not _opens_again(data[start:last], cells, quoted, marks)):
            return Odd(start, last, after, len(cells), requoted(cells, quoted, marks))
    return Odd(start, end, beyond, 0, None)


def _opens_again(record: bytes, cells: list[bytes], quoted: list[bool], marks: Marks) -> bool:
    """Whether a quote within a quoted field of a record looks like the opening one of another field: then the field never closed."""
    sign = re.escape(bytes([marks.quote]))
    edge = re.escape(bytes([marks.delimiter])) + rb"\r\n"
    opening = len(re.findall(rb"(?:^|[" + edge + rb"])" + sign + rb"[^" + edge + sign + rb"]", record))
    own = sum(was and not re.match(rb"[" + edge + sign + rb"]|$", cell) for cell, was in zip(cells, quoted, strict=True))
    return opening > own


def _swallows(data: bytes, start: int, end: int, marks: Marks) -> bool:
    lines = _breaks(marks.ends).split(data[start:end])
    full = sum(line.count(marks.delimiter) == marks.width - 1 for line in lines)
    return bool(swallowing(np.array([len(lines) - 2]), np.array([full]), marks.width)[0] == 1)


def swallowing(inner: Whole, full: Whole, width: int) -> npt.NDArray[np.bool_]:
    """Whether quoted stretches over several lines hold what look like rows of their own.

    Parameters
    ----------
    inner : int64 array
        Whole lines between the first and the last.
    full : int64 array
        Lines, first and last included, with as many delimiters as a whole row.
    width : int
        Fields of a row.

    Examples
    --------
    >>> swallowing(np.array([0, 5, 5]), np.array([0, 7, 0]), 6).tolist()
    [False, True, False]
    """
    many = inner + 2 > MOST_LINES
    if width < 2:
        return many
    enough = 2 if width > 3 else 4
    return many | ((full >= enough) & (full * 2 > inner + 2))


def requoted(cells: list[bytes], quoted: list[bool], marks: Marks) -> bytes:
    """The record again, quoted by the rules; unquoted fields stay so where they can."""
    sign = bytes([marks.quote]) if marks.quote >= 0 else b'"'
    special = (bytes([marks.delimiter]), sign, b"\r", b"\n")
    parts = [
        sign + cell.replace(sign, sign + sign) + sign if was or any(s in cell for s in special) else cell
        for cell, was in zip(cells, quoted, strict=True)
    ]
    return bytes([marks.delimiter]).join(parts) + b"\n"


def pairs(data: bytes, array: Bytes, breaks: Whole, counts: Whole, marks: Marks, final: bool) -> Pairs:
    """Pair the quotes of a chunk that ends with a record end (or with the file, when `final`).

    Parameters
    ----------
    data : bytes
    array : uint8 array
        The same bytes.
    breaks, counts : int64 arrays
        Where lines end, and the delimiters in each line.
    marks : Marks
    final : bool
    """
    quotes = np.flatnonzero(array == marks.quote) if marks.quote >= 0 else np.empty(0, np.int64)
    if not len(quotes):
        return Pairs(quotes, quotes, ())
    quotes, inner = _without_inner(quotes, array, marks)
    rows = np.concatenate(([0], np.cumsum(counts == marks.width - 1)))
    walk = _Walk(data, array, breaks, rows, marks, quotes, final)
    opened, closed, odd = [], [], []
    for first, last, record in walk.stretches():
        opened.append(quotes[first:last:2])
        closed.append(quotes[first + 1 : last : 2])
        if record is not None:
            odd.append(record)
    a, b = (np.concatenate(x) if x else quotes[:0] for x in (opened, closed))
    odd += _with_inner(data, inner, a, b, breaks, marks)
    return Pairs(a, b, tuple(sorted(odd, key=lambda o: o.start)), walk.unfinished)


def _sides(quotes: Whole, array: Bytes, marks: Marks) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which quotes stand at the beginning of a field, and which before the end of one."""
    edge = np.zeros(256, bool)
    edge[[marks.delimiter, 10, 13]] = True
    if marks.ends == "lf":
        before_edge = edge.copy()
        before_edge[13] = False
    else:
        before_edge = edge
    begins = before_edge[array[quotes - 1]] | (quotes == 0)
    last = quotes + 1 >= len(array)
    ends = edge[array[np.where(last, 0, quotes + 1)]] | last
    return begins, ends


def _without_inner(quotes: Whole, array: Bytes, marks: Marks) -> tuple[Whole, Whole]:
    """Quotes that can open or close, and those within text (``5" wide``) that can do neither."""
    begins, ends = _sides(quotes, array, marks)
    touching = np.diff(quotes) == 1
    near = np.concatenate((touching, [False])) | np.concatenate(([False], touching))
    inner = ~(begins | ends | near)
    return (quotes, quotes[:0]) if not inner.any() else (quotes[~inner], quotes[inner])


def _with_inner(data: bytes, inner: Whole, opened: Whole, closed: Whole, breaks: Whole, marks: Marks) -> Iterator[Odd]:
    """Records with a single quote within a quoted field: other readers would close the field there."""
    if not len(inner) or not len(opened):
        return
    at = np.searchsorted(opened, inner) - 1
    within = inner[(at >= 0) & (inner < closed[np.maximum(at, 0)])]
    done = -1
    for position in within.tolist():
        if position >= done:
            record = record_at(data, _record_start(position, breaks, opened, closed), marks)
            done = record.beyond
            yield record


def _record_start(position: int, breaks: Whole, opened: Whole, closed: Whole) -> int:
    """Where the record around `position` starts: behind the last break that is not within quotes."""
    index = int(np.searchsorted(breaks, position)) - 1
    while index >= 0:
        pair = int(np.searchsorted(opened, breaks[index])) - 1
        if pair < 0 or breaks[index] > closed[pair]:
            return int(breaks[index]) + 1
        index = int(np.searchsorted(breaks, opened[pair])) - 1
    return 0


class _Walk:
    """Goes from one irregular quote to the next; everything between is paired without a look."""

    def __init__(self, data: bytes, array: Bytes, breaks: Whole, rows: Whole, marks: Marks, quotes: Whole, final: bool) -> None:
        self.data, self.breaks, self.rows, self.marks, self.quotes, self.final = data, breaks, rows, marks, quotes, final
        self.unfinished: int | None = None
        begins, ends = _sides(quotes, array, marks)
        after = np.concatenate(([False], np.diff(quotes) == 1))
        opens, closes = begins | after, ends | np.concatenate((after[1:], [False]))
        even = np.arange(len(quotes)) % 2 == 0
        # A quote is wrong when its turn is to open and it cannot, or to close and it cannot; turns depend on where pairing began.
        self.wrong = tuple(np.flatnonzero(np.where(even == (parity == 0), ~opens, ~closes)) for parity in (0, 1))

    def stretches(self) -> Iterator[tuple[int, int, Odd | None]]:
        """Index ranges of regular quotes, each with the odd record that ends it."""
        first, begun, count = 0, 0, len(self.quotes)
        while first < count:
            wrong = self.wrong[first % 2]
            place = int(np.searchsorted(wrong, first))
            stop = int(wrong[place]) if place < len(wrong) else count
            last = stop - (stop - first) % 2
            swallow = self._swallowing(first, last)
            if swallow is not None:
                last = stop = swallow
            if last == count:
                yield first, last, None
                return
            opened, closed = self.quotes[first:last:2], self.quotes[first + 1 : last : 2]
            start = max(_record_start(int(self.quotes[last]), self.breaks, opened, closed), begun)
            last = first + 2 * int(np.searchsorted(opened, start))
            record = record_at(self.data, start, self.marks)
            if record.clean is None and not self.final and len(self.data) - start < MOST_BYTES:
                self.unfinished = start  # its end may be in the next chunk
                yield first, last, None
                return
            yield first, last, record
            begun = record.beyond
            first = int(np.searchsorted(self.quotes, begun))

    def _swallowing(self, first: int, last: int) -> int | None:
        """Index of the first pair that holds rows of its own."""
        low = np.searchsorted(self.breaks, self.quotes[first:last:2])
        high = np.searchsorted(self.breaks, self.quotes[first + 1 : last : 2])
        long = np.flatnonzero(high > low)
        if not len(long):
            return None
        low, high = low[long], high[long]
        full = self.rows[np.minimum(high + 1, len(self.rows) - 1)] - self.rows[low]
        bad = np.flatnonzero(swallowing(high - low - 1, full, self.marks.width))
        return first + 2 * int(long[bad[0]]) if len(bad) else None
