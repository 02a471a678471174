"""Rows that occur twice, over a whole submission: hashes are spilled to disk and merged range by range, texts decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from connectors.columns import Column
from connectors.parsing.cells import Mask, Whole, encode
from contracts.digest import key_hash

Hashes = npt.NDArray[np.uint64]
RANGE = 2_000_000
"""Hashes looked at together."""
TOGETHER = 200_000
"""Rows with hashes in common whose content is looked at together, about."""
KEPT, DUPLICATE, CLASH, REJECTED = range(4)
_MIX = np.uint64(0x9E3779B97F4A7C15)


def hash_rows(columns: Mapping[str, Column], names: Sequence[str]) -> Hashes:
    """One hash a row over some fields; equal rows have equal hashes."""
    total: Hashes | None = None
    for name in names:
        part = _hash(columns[name].values)
        total = part if total is None else (total ^ (total >> np.uint64(31))) * _MIX + part
    assert total is not None
    return total


def _hash(values: pa.Array) -> Hashes:
    if pa.types.is_string(values.type):
        return key_hash(encode(values) or values)
    plain = values.cast(pa.int8()) if pa.types.is_boolean(values.type) else values
    bits = np.frombuffer(plain.buffers()[1], np.uint8)[plain.offset * plain.type.byte_width :][: len(plain) * plain.type.byte_width]
    whole = bits.view({1: np.int8, 4: np.int32, 8: np.int64}[plain.type.byte_width]).astype(np.int64)
    there = plain.is_valid().to_numpy(zero_copy_only=False)
    mixed = np.where(there, whole, -1).astype(np.uint64) * _MIX
    found: Hashes = mixed ^ (mixed >> np.uint64(29)) ^ there.astype(np.uint64)
    return found


def spill(hashes: Hashes, rows: Whole, path: Path) -> None:
    """Write a partition's hashes in ascending order, and beside them the rows they belong to; rows ascend."""
    path.parent.mkdir(exist_ok=True)
    order = np.argsort(hashes, kind="stable")
    np.save(path, hashes[order])
    np.save(path.with_suffix(".rows.npy"), rows[order].astype(np.uint32))


def ranges(paths: Sequence[Path]) -> Iterator[tuple[Hashes, npt.NDArray[np.int32], Whole]]:
    """Hashes of all partitions in ascending order, some at a time, with the partition and row of each.

    Equal hashes come together; among them partitions and rows ascend.
    """
    hashes = [np.load(path, mmap_mode="r") for path in paths]
    rows = [np.load(path.with_suffix(".rows.npy"), mmap_mode="r") for path in paths]
    pieces = max(1, -(-sum(len(h) for h in hashes) // RANGE))
    borders = [int(n * 2**64 // pieces) for n in range(1, pieces)]
    cuts = [[0, *(np.searchsorted(h, np.array(borders, np.uint64)).tolist() if borders else []), len(h)] for h in hashes]
    for n in range(pieces):
        spans = [(cut[n], cut[n + 1]) for cut in cuts]
        found = np.concatenate([np.asarray(h[a:b]) for h, (a, b) in zip(hashes, spans, strict=True)])
        part = np.repeat(np.arange(len(paths), dtype=np.int32), [b - a for a, b in spans])
        row = np.concatenate([np.asarray(r[a:b]) for r, (a, b) in zip(rows, spans, strict=True)]).astype(np.int64)
        order = np.argsort(found, kind="stable")  # partitions are in order already, and rows within equal hashes
        yield found[order], part[order], row[order]


def candidates(paths: Sequence[Path]) -> Iterator[tuple[npt.NDArray[np.int32], Whole]]:
    """Partition and row of rows whose hash occurs more than once, some at a time; all rows of a hash come together."""
    for hashes, part, row in ranges(paths):
        same = hashes[1:] == hashes[:-1]
        twice = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        for piece in _pieces(hashes[twice]):
            yield part[twice[piece]], row[twice[piece]]


def _pieces(hashes: Hashes) -> Iterator[slice]:
    """Runs of about `TOGETHER` ascending hashes that never part equal ones."""
    begin = 0
    while begin < len(hashes):
        last = hashes[min(begin + TOGETHER, len(hashes)) - 1]
        end = int(np.searchsorted(hashes, last, side="right"))
        yield slice(begin, end)
        begin = end


def positions(paths: Sequence[Path], sizes: Sequence[int]) -> list[Whole]:
    """The number of each row within its group, from 1, in the order of partitions and rows.

    Two groups of one hash would be counted as one; their numbers are still unique.
    """
    found = [np.zeros(size, np.int64) for size in sizes]
    for hashes, part, row in ranges(paths):
        first = np.concatenate([[True], hashes[1:] != hashes[:-1]]) if len(hashes) else np.zeros(0, bool)
        start = np.flatnonzero(first)
        within = np.arange(len(hashes)) - np.repeat(start, np.diff(np.append(start, len(hashes)))) + 1
        for n in range(len(paths)):
            mine = part == n
            found[n][row[mine]] = within[mine]
    return found


def verdicts(rows: pa.Table, key: Sequence[str], set_aside: bool) -> npt.NDArray[np.uint8]:
    """What becomes of rows that may repeat one another, in the order of the submission.

    An exact repeat of an earlier row is a duplicate. Rows that then still share a key with different content clash, all of them: nothing
    says which one is right.

    Examples
    --------
    >>> rows = pa.table({"id": ["a", "a", "a", "b", "b", "c"], "n": [1, 1, 2, 5, 5, 7]})
    >>> verdicts(rows, ["id"], True).tolist()
    [2, 1, 2, 0, 1, 0]
    """
    frame = pd.DataFrame({name: _codes(rows.column(name)) for name in rows.column_names})
    repeat = frame.duplicated(keep="first").to_numpy() if set_aside else np.zeros(len(frame), bool)
    found = np.where(repeat, DUPLICATE, KEPT).astype(np.uint8)
    if key:
        left = frame.loc[~repeat, list(key)]
        named: Mask = (left >= 0).all(axis=1).to_numpy()
        found[np.flatnonzero(~repeat)[left.duplicated(keep=False).to_numpy() & named]] = CLASH
    return found


def _codes(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """A number for each different value; -1 for null."""
    encoded = column.combine_chunks().dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    codes: npt.NDArray[np.int64] = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes
