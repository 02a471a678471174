"""Where records begin and end in a chunk of delimited bytes, how many fields they have, and on which line they stand.

This is the reader's own account of a file, made without Arrow: the ledger rests on it, and Arrow's row count must agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.reading.quotes import Bytes, Marks, Odd, Pairs, Whole, pairs, record_at

PROPER, UNCLOSED, UNDECODABLE = range(3)


@dataclass(frozen=True)
class Records:
    """The records of a chunk, in order.

    Parameters
    ----------
    data : bytes
    start, end, beyond : int64 arrays
        Content of each record, without its line end, and where the next one begins.
    fields : int64 array
    line : int64 array
        Line on which it starts, counted from 0 at the chunk's first line.
    fault : uint8 array
        PROPER, UNCLOSED or UNDECODABLE.
    rewritten : mapping of int to bytes
        By index: records with regular quoting in place of their own.
    """

    data: bytes
    start: Whole
    end: Whole
    beyond: Whole
    fields: Whole
    line: Whole
    fault: npt.NDArray[np.uint8]
    rewritten: dict[int, bytes]

    def __len__(self) -> int:
        return len(self.start)

    def cut(self, first: int, last: int) -> Records:
        """The records from index `first` up to `last`."""
        own = {i - first: clean for i, clean in self.rewritten.items() if first <= i < last}
        start, end, beyond = (a[first:last] for a in (self.start, self.end, self.beyond))
        return Records(self.data, start, end, beyond, self.fields[first:last], self.line[first:last], self.fault[first:last], own)


def scan(data: bytes, marks: Marks, final: bool) -> tuple[Records, int, int]:
    """The whole records of a chunk, the position of what is left, and the lines passed.

    Parameters
    ----------
    data : bytes
        Begins with a record.
    marks : Marks
    final : bool
        Whether the file ends here; its last record may then lack a line end.

    Examples
    --------
    >>> records, rest, lines = scan(b'id;name\\n1;"a\\nb"\\n2;c', Marks(59, 34, "lf", 2), True)
    >>> records.fields.tolist(), records.line.tolist(), rest, lines
    ([2, 2, 2], [0, 1, 3], 19, 4)
    """
    array = np.frombuffer(data, np.uint8)
    breaks = _breaks(array, data, marks.ends)
    if final and len(data) and (not len(breaks) or breaks[-1] != len(data) - 1):
        breaks = np.append(breaks, len(data))
    stop = min(int(breaks[-1]) + 1, len(data)) if len(breaks) else 0
    array = array[:stop]
    delimiters = np.flatnonzero(array == marks.delimiter)
    upto = np.searchsorted(delimiters, breaks)
    quoted = pairs(data, array, breaks, np.diff(upto, prepend=0), marks, final)
    return _assembled(data, array, breaks, delimiters, upto, quoted, marks, stop)


def _breaks(array: Bytes, data: bytes, ends: str) -> Whole:
    """Positions of the last byte of each line end."""
    if ends == "lf":
        return np.flatnonzero(array == 10)
    returns = array == 13
    returns[:-1] &= array[1:] != 10
    if data.endswith(b"\r"):  # its LF may be in the next chunk
        returns[-1] = False
    return np.flatnonzero((array == 10) | returns)


def _assembled(
    data: bytes, array: Bytes, breaks: Whole, delimiters: Whole, upto: Whole, quoted: Pairs, marks: Marks, stop: int
) -> tuple[Records, int, int]:
    outer = _outer(breaks, quoted)
    if quoted.unfinished is not None:
        stop = quoted.unfinished
        outer &= breaks < stop
    kept = np.flatnonzero(outer)
    ends = breaks[kept]
    start = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    fields = np.diff(upto[kept], prepend=0) + 1
    _discount(fields, ends, delimiters, quoted)
    line = np.concatenate(([0], kept[:-1] + 1)) if len(kept) else kept
    records = Records(data, start, _trimmed(array, start, ends), ends + 1, fields, line, np.zeros(len(ends), np.uint8), {})
    _mark_odd(records, ends, quoted.odd)
    _mark_returns(records, data, array, ends, quoted, marks)
    lines = int(kept[-1]) + 1 if len(kept) else 0
    return records, stop if len(kept) else 0, lines


def _outer(breaks: Whole, quoted: Pairs) -> npt.NDArray[np.bool_]:
    """Which line ends also end a record."""
    outer = np.ones(len(breaks), bool)
    low, high = np.searchsorted(breaks, quoted.opened), np.searchsorted(breaks, quoted.closed)
    for i in np.flatnonzero(high > low):
        outer[low[i] : high[i]] = False
    for odd in quoted.odd:
        first, last = np.searchsorted(breaks, (odd.start, odd.beyond - 1))
        outer[first:last] = False
    return outer


def _discount(fields: Whole, ends: Whole, delimiters: Whole, quoted: Pairs) -> None:
    """Take delimiters within quotes out of the count of fields."""
    within = np.searchsorted(delimiters, quoted.closed) - np.searchsorted(delimiters, quoted.opened)
    some = np.flatnonzero(within)
    if len(some):
        np.subtract.at(fields, np.searchsorted(ends, quoted.opened[some]), within[some])


def _trimmed(array: Bytes, start: Whole, ends: Whole) -> Whole:
    """Ends of content: line ends of CR LF (or CR CR LF) are no content."""
    stop = ends.copy()
    while len(stop):
        returned = (stop > start) & (array[np.maximum(stop - 1, 0)] == 13)
        if not returned.any():
            break
        stop -= returned
    return stop


def _mark_odd(records: Records, ends: Whole, odd: tuple[Odd, ...]) -> None:
    for one in odd:
        index = int(np.searchsorted(ends, one.start))
        if index == len(ends):
            return  # behind the unfinished record
        records.fields[index] = one.fields
        if one.clean is None:
            records.fault[index] = UNCLOSED
        else:
            records.rewritten[index] = one.clean


def _mark_returns(records: Records, data: bytes, array: Bytes, ends: Whole, quoted: Pairs, marks: Marks) -> None:
    """A CR within an unquoted cell would end the record for other readers: such records are rewritten."""
    if marks.ends != "lf" or np.count_nonzero(array == 13) == int((ends - records.end).sum()):
        return
    returns = np.flatnonzero(array == 13)
    after = np.searchsorted(ends, returns)
    within = (after < len(ends)) & (returns < records.end[np.minimum(after, max(len(ends) - 1, 0))]) if len(ends) else returns < 0
    lone = returns[within]
    pair = np.searchsorted(quoted.opened, lone) - 1
    lone = lone[(pair < 0) | (lone > quoted.closed[np.maximum(pair, 0)])] if len(quoted.opened) else lone
    for index in np.unique(np.searchsorted(ends, lone)).tolist():
        if index < len(ends) and index not in records.rewritten and records.fault[index] == PROPER:
            one = record_at(data, int(records.start[index]), marks)
            records.rewritten[index] = one.clean or b""
