"""Joined: features kept in buckets of customers, joined to a batch one bucket at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from contracts.assumption import Assumption, Verdict
from contracts.batch import Batch, one_chunk
from contracts.digest import key_hash
from contracts.errors import RunError
from contracts.origin import Origin
from enrichment.cells import put
from enrichment.history import COUNTED, FEATURES
from enrichment.step import Counts, Step

ENOUGH = 30
TOLERATED = 0.05
"""Share of rows whose own number of orders may lie above the one counted."""

Flags = npt.NDArray[np.bool_]


def bucket_of(keys: pa.Array | pa.ChunkedArray, bits: int) -> npt.NDArray[np.int64]:
    """The bucket of each key: the first bits of its hash.

    Examples
    --------
    >>> bucket_of(pa.array(["a", "b"]), 0).tolist()
    [0, 0]
    """
    if not bits:
        return np.zeros(len(keys), np.int64)
    return (key_hash(keys) >> np.uint64(64 - bits)).astype(np.int64)


def write_buckets(table: pa.Table, bits: int, folder: Path, key: str = "customer_id") -> tuple[Path, ...]:
    """Write a table as one Arrow file per bucket; all of them, empty ones too.

    A partition of the transactions is a bucket of its own already: its history needs no further cut.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bucket = bucket_of(table.column(key), bits)
    paths = tuple(folder / f"bucket-{number:05d}.arrow" for number in range(1 << bits))
    for number, path in enumerate(paths):
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table.filter(pa.array(bucket == number)))
    return paths


@dataclass(frozen=True)
class Joined(Step):
    """Features of customers, by default those of their history.

    A customer without a row in the files has no order lines: the counts and sums of `zeros` are 0, the other fields stay absent. A field
    of which the files know nothing at all stays absent for everybody.

    Parameters
    ----------
    paths : tuple of Path
        Arrow files, one per bucket of the customer's key, in order; each customer has at most one row.
    bits : int
        There are 2**bits buckets, told apart by the first bits of the key's hash.
    fields : tuple of str
        What is joined.
    zeros : tuple of str
        Fields that are 0 for a customer without a row.
    key : str
    witness : tuple of two str
        A field of the batch and a joined one: where the client's own number lies above ours, the lines are not whole.

    Raises
    ------
    RunError
        JOIN-BUCKETS, on transforming, where files are missing or there are not 2**bits of them.

    Examples
    --------
    >>> import tempfile
    >>> known = pa.table({"customer_id": ["a"], "orders": [3], "recency_days": [12.0]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     step = Joined(write_buckets(known, 1, Path(folder)), 1, ("orders", "recency_days"))
    ...     done, counts = step.apply(Batch.supplied(pa.table({"customer_id": ["a", "b"]}), np.array([1, 2])))
    >>> done.table["orders"].to_pylist(), done.table["recency_days"].to_pylist(), counts["unmatched"]
    ([3, 0], [12.0, None], 1)
    >>> done.origins["orders"].tolist(), done.origins["recency_days"].tolist()
    ([2, 2], [2, 5])
    """

    paths: tuple[Path, ...]
    bits: int
    fields: tuple[str, ...] = FEATURES
    zeros: tuple[str, ...] = COUNTED
    key: str = "customer_id"
    witness: tuple[str, str] = ("order_count", "orders")

    name = "history"
    why = "What a customer bought follows from the order lines."
    how = "counted from the order lines up to the as-of date; for a customer without any, counts are 0 and the rest stays empty"

    @property
    def needs(self) -> tuple[str, ...]:
        """The key, and the client's own number to compare with."""
        return (self.key, self.witness[0])

    @property
    def fills(self) -> tuple[str, ...]:
        """What is joined."""
        return self.fields

    def transform(self, batch: Batch) -> Batch:
        """Join the features."""
        return self.apply(batch)[0]

    def apply(self, batch: Batch) -> tuple[Batch, Counts]:
        """Join the features, and count rows with (`matched`) and without (`unmatched`) a row in the files.

        `compared` and `short` count the rows with a number of orders of the client's own, and those of them where it lies above ours.
        """
        if self.key not in batch.table.column_names:
            return batch, {}
        found, matched = self._found(batch.column(self.key))
        told = self._told()
        done = batch
        for name in self.fields:
            zero = pa.array(~matched) if name in self.zeros and name in told else None
            done = put(done, name, _with_zeros(one_chunk(found.column(name)), zero), Origin.DERIVED)
        counts = {"matched": int(matched.sum()), "unmatched": int((~matched).sum()), **_short(batch, done, *self.witness)}
        return done, counts

    def _found(self, keys: pa.Array) -> tuple[pa.Table, Flags]:
        """The features of each key, null where the files do not have it, and whether they do."""
        self._check()
        bucket, keys = bucket_of(keys, self.bits), keys.cast(pa.string())
        rows = np.argsort(bucket, kind="stable")
        bounds = np.searchsorted(bucket[rows], np.arange((1 << self.bits) + 1))
        parts, hits = [_open(self.paths[0]).select(self.fields).slice(0, 0)], [np.zeros(0, np.bool_)]
        for number in np.flatnonzero(np.diff(bounds)).tolist():
            mine = keys.take(pa.array(rows[bounds[number] : bounds[number + 1]]))
            part, hit = _looked_up(_open(self.paths[number]), mine, self.key, self.fields)
            parts.append(part)
            hits.append(hit)
        back = np.empty(len(rows), np.int64)
        back[rows] = np.arange(len(rows))
        return pa.concat_tables(parts).combine_chunks().take(pa.array(back)), np.concatenate(hits)[back]

    def _told(self) -> frozenset[str]:
        """Fields of which some file knows a value."""
        return frozenset(name for table in self._tables() for name in self.fields if table.column(name).null_count < table.num_rows)

    def _tables(self) -> Iterator[pa.Table]:
        return (_open(path) for path in self.paths)

    def _check(self) -> None:
        there = sum(path.is_file() for path in self.paths)
        if len(self.paths) != 1 << self.bits or there != len(self.paths):
            raise RunError(
                "JOIN-BUCKETS", "the features to be joined are not whole", found=f"{there} files", expected=str(1 << self.bits),
                hint="run again; finished steps are kept",
            )  # fmt: skip

    def assumptions(self) -> tuple[Assumption, ...]:
        """That the history is whole."""
        return self.judged({})

    def judged(self, counts: Counts) -> tuple[Assumption, ...]:
        """With what was matched; refuted by the client's own numbers of orders, or where nothing matches."""
        histories = sum(table.num_rows for table in self._tables()) if counts else 0
        evidence = {**counts, **({"customers with lines": histories} if counts else {})}
        statement = "the order lines are whole: a customer without any has not bought"
        return (Assumption(self.name, statement, evidence, _verdict(counts, histories)),)


def _verdict(counts: Counts, histories: int) -> Verdict:
    """Refuted where nothing matches, or the client's own numbers lie above ours; held where they do not."""
    matched, unmatched, compared, short = (counts.get(what, 0) for what in ("matched", "unmatched", "compared", "short"))
    if histories and not matched and unmatched >= ENOUGH:
        return "refuted"
    if compared < ENOUGH:
        return "untested"
    return "refuted" if short > TOLERATED * compared else "held"


def _open(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def _looked_up(known: pa.Table, keys: pa.Array, key: str, fields: tuple[str, ...]) -> tuple[pa.Table, Flags]:
    at = pc.index_in(keys, value_set=one_chunk(known.column(key)).cast(pa.string()), skip_nulls=True)
    return known.select(fields).take(at), at.is_valid().to_numpy(zero_copy_only=False)


def _with_zeros(values: pa.Array, where: pa.Array | None) -> pa.Array:
    return values if where is None else pc.if_else(where, pa.scalar(0).cast(values.type), values)


def _short(before: Batch, after: Batch, own: str, counted: str) -> dict[str, int]:
    """Rows with a number of the client's own beside ours, and those where theirs is higher."""
    if own not in before.table.column_names or counted not in after.table.column_names:
        return {"compared": 0, "short": 0}
    above = pc.greater(before.column(own).cast(pa.float64()), after.column(counted).cast(pa.float64()))
    return {"compared": len(above) - above.null_count, "short": pc.sum(above).as_py() or 0}
