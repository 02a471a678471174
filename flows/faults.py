"""What failed in a dry intake, row by row: failed checks and the reasons of the quarantine, without rows that are exact repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.reading.block import WITHDRAWN
from connectors.stretch import row_ids

Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Faults:
    """Faults of rows, each once.

    Parameters
    ----------
    keys : tuple of str
        ``field:rule``, or why a record is no row; sorted.
    of, row_id : int64 array
        One per fault: the place of its key in `keys`, and the row; by key, then by row.
    rejected : int64 array
        Ids of the rows that are held back, ascending.

    Examples
    --------
    >>> found = Faults(("age:ge", "id:unique"), np.array([0, 0, 1, 1]), np.array([4, 9, 5, 9]), np.array([5, 9]))
    >>> found.rows("age:ge").tolist(), found.counts, found.every.tolist()
    ([4, 9], {'age:ge': 2, 'id:unique': 2}, [4, 5, 9])
    """

    keys: tuple[str, ...]
    of: Whole
    row_id: Whole
    rejected: Whole

    @cached_property
    def _starts(self) -> Whole:
        return np.searchsorted(self.of, np.arange(len(self.keys) + 1))

    def rows(self, key: str) -> Whole:
        """Ids of the rows with a fault, ascending."""
        place = self.keys.index(key) if key in self.keys else len(self.keys)
        return self.row_id[self._starts[place] : self._starts[place + 1]] if place < len(self.keys) else np.zeros(0, np.int64)

    @property
    def counts(self) -> dict[str, int]:
        """Rows by fault."""
        return dict(zip(self.keys, np.diff(self._starts).tolist(), strict=True))

    @cached_property
    def every(self) -> Whole:
        """Ids of all rows that have a fault, ascending."""
        return np.unique(self.row_id)

    def without(self, key: str) -> Faults:
        """The others."""
        if key not in self.keys:
            return self
        place = self.keys.index(key)
        keep = self.of != place
        of = self.of[keep]
        return Faults(tuple(each for each in self.keys if each != key), of - (of > place), self.row_id[keep], self.rejected)

    def chosen(self, most: int) -> Whole:
        """At most so many rows, ascending: of each fault in turn its first row, then its second, so that none is crowded out.

        Examples
        --------
        >>> many = Faults(("a", "b"), np.array([0] * 5 + [1] * 2), np.array([1, 2, 3, 4, 5, 8, 9]), np.array([], int))
        >>> many.chosen(4).tolist()
        [1, 2, 8, 9]
        """
        if len(self.every) <= most:
            return self.every
        turn = np.arange(len(self.row_id)) - self._starts[self.of]
        order = np.lexsort((turn, self.row_id))
        ids, first = np.unique(self.row_id[order], return_index=True)
        found: Whole = np.sort(ids[np.lexsort((ids, turn[order][first]))[:most]])
        return found

    def by_row(self, wanted: Whole) -> Iterator[tuple[int, list[str]]]:
        """Some rows, ascending, each with its faults."""
        mine = np.isin(self.row_id, wanted)
        order = np.lexsort((self.of[mine], self.row_id[mine]))
        ids, of = self.row_id[mine][order], self.of[mine][order]
        starts = np.searchsorted(ids, wanted)
        for row_id, start, end in zip(wanted.tolist(), starts.tolist(), [*starts[1:].tolist(), len(ids)], strict=True):
            yield row_id, [self.keys[n] for n in of[start:end].tolist()]


def faults(out: Path) -> Faults:
    """The faults of an intake, in its folder."""
    keys, of, ids = _failed(out)
    more, also, those = _held(out, keys)
    of, ids = np.concatenate([of, also + len(keys)]), np.concatenate([ids, those])
    repeats = _repeats(out)
    keep = ~np.isin(ids, repeats) if len(repeats) else slice(None)
    rejected = pq.read_table(out / "quarantine.parquet", columns=["row_id"]).column("row_id").to_numpy()
    return _sorted([*keys, *more], of[keep], ids[keep], np.sort(rejected))


def _failed(out: Path) -> tuple[list[str], Codes, Whole]:
    """Failed checks: the different ones, and for each failure the place of its check, and the row."""
    table = pq.read_table(out / "failures.parquet", read_dictionary=["field", "rule"])
    (fields, field), (rules, rule) = (_coded(table.column(name)) for name in ("field", "rule"))
    pair = field * np.int32(len(rules)) + rule
    pairs = np.flatnonzero(np.bincount(pair))
    place = np.zeros(len(fields) * len(rules) + 1, np.int32)
    place[pairs] = np.arange(len(pairs))
    keys = [f"{fields[one // len(rules)]}:{rules[one % len(rules)]}" for one in pairs.tolist()]
    return keys, place[pair], table.column("row_id").to_numpy()


def _held(out: Path, known: Sequence[str]) -> tuple[list[str], Codes, Whole]:
    """The same of the quarantine's reasons, but for those of checks: they are failures too, row by row."""
    table = pq.read_table(out / "quarantine.parquet", columns=["row_id", "reasons"], read_dictionary=[REASON])
    keys, reason = _coded(pc.list_flatten(table.column("reasons")))
    beside = np.flatnonzero(np.array([key not in known for key in keys], bool)[reason])
    parents = pc.list_parent_indices(table.column("reasons").combine_chunks())
    rows = table.column("row_id").combine_chunks().take(parents.take(pa.array(beside)))
    return keys, reason[beside], rows.to_numpy()


REASON = "reasons.list.element"
"""The column of single reasons in a quarantine's file. A million rows have millions of reasons, and few different ones."""


def _coded(words: pa.ChunkedArray) -> tuple[list[str], Codes]:
    """The different words of a column, and for each row the place of its word; no text a row."""
    found = words.unify_dictionaries().combine_chunks()
    found = found if pa.types.is_dictionary(found.type) else found.dictionary_encode()
    return found.dictionary.to_pylist(), found.indices.to_numpy()


def _sorted(keys: list[str], of: Codes, ids: Whole, rejected: Whole) -> Faults:
    """Each fault once, in order; keys that no row is left for are gone."""
    ordered = sorted(set(keys))
    of = np.array([ordered.index(key) for key in keys] or [0], np.int32)[of]
    order = np.lexsort((ids, of))
    of, ids = of[order], ids[order]
    once = np.append(True, (of[1:] != of[:-1]) | (ids[1:] != ids[:-1]))[: len(of)]
    of, ids = of[once], ids[once]
    present = np.flatnonzero(np.bincount(of, minlength=len(ordered)))
    return Faults(tuple(ordered[n] for n in present.tolist()), np.searchsorted(present, of), ids, rejected)


def _repeats(out: Path) -> Whole:
    """Ids of rows that are set aside as repeats: what is wrong in them is wrong in the row that they repeat."""
    table = pq.read_table(out / "set_aside.parquet", columns=["file", "record", "reason"])
    table = table.filter(pc.equal(table.column("reason"), "duplicate"))
    return row_ids(table.column("file").to_numpy(), table.column("record").to_numpy())


def to_mend(found: Faults) -> Faults:
    """Those that a client is asked to mend: not those of rows that the client took back."""
    return found.without(WITHDRAWN)
