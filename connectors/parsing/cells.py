"""Cells of one column as Arrow and numpy see them, and what a parser makes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

SAMPLE = 4096
FEW, HARDLY = 0.4, 0.1
"""Share of different texts in a sample, or expected in the column, below which a column is parsed by its different texts."""


@dataclass(frozen=True)
class Parsed:
    """A parsed column, cell by cell.

    Parameters
    ----------
    values : pyarrow.Array
        Of the field's type; null where there was nothing or the cell is bad.
    bad : bool array
        Cells that hold something which is no value of the field.
    repaired : bool array
        Cells whose content was changed to make it a value.
    rule : str
        What a bad cell breaks.
    """

    values: pa.Array
    bad: Mask
    repaired: Mask
    rule: str

    def take(self, places: npt.NDArray[Any]) -> Parsed:
        """The cells at some places, a place may come more than once; a negative one gives an empty cell."""
        gone = places < 0
        kept = np.where(gone, 0, places)
        if not len(self.values):
            return empty(self.values.type, len(places), self.rule)
        values = self.values.take(pa.array(kept, mask=gone if gone.any() else None))
        return Parsed(values, self.bad[kept] & ~gone, self.repaired[kept] & ~gone, self.rule)


def empty(kind: pa.DataType, count: int, rule: str) -> Parsed:
    """Cells without content."""
    return Parsed(pa.nulls(count, kind), np.zeros(count, bool), np.zeros(count, bool), rule)


def joined(parts: Sequence[Parsed]) -> Parsed:
    """Stretches of a column, one after the other."""
    values = pa.concat_arrays([p.values for p in parts])
    return Parsed(values, np.concatenate([p.bad for p in parts]), np.concatenate([p.repaired for p in parts]), parts[0].rule)


def by_unique(values: pa.Array, parse: Callable[[pa.Array], Parsed]) -> Parsed:
    """Parse the different texts once where there are few of them; the outcome is the same either way.

    Examples
    --------
    >>> parse = lambda texts: Parsed(texts, np.zeros(len(texts), bool), np.zeros(len(texts), bool), "text")
    >>> by_unique(pa.array(["a", None, "a"]), parse).values.to_pylist()
    ['a', None, 'a']
    """
    encoded = encode(values)
    if encoded is None:
        return parse(values)
    return parse(encoded.dictionary).take(indices(encoded))


def encode(values: pa.Array) -> pa.DictionaryArray | None:
    """The column by its different texts, or nothing where most differ."""
    sample = values.slice(0, SAMPLE)
    if len(sample) == SAMPLE:
        different = len(sample.unique())
        expected = SAMPLE * SAMPLE / (2 * max(SAMPLE - different, 1))  # as many different birthdays give so many pairs
        if different > FEW * SAMPLE and expected > HARDLY * len(values):
            return None
    return values.dictionary_encode()


def indices(encoded: pa.DictionaryArray) -> npt.NDArray[np.int32]:
    """Places in the dictionary; -1 for null."""
    found = encoded.indices
    places: npt.NDArray[np.int32] = (found.fill_null(-1) if found.null_count else found).to_numpy(zero_copy_only=False)
    return places


def flags(values: pa.Array) -> Mask:
    """A bool array as numpy; null is False."""
    plain: Mask = (pc.fill_null(values, False) if values.null_count else values).to_numpy(zero_copy_only=False)
    return plain


def layout(texts: pa.Array) -> tuple[Bytes, Whole, Whole]:
    """Bytes of all texts, and where each begins and how long it is; a null is as long as nothing.

    Examples
    --------
    >>> data, start, length = layout(pa.array(["ab", None, "c"]))
    >>> start.tolist(), length.tolist()
    ([0, 2, 2], [2, 0, 1])
    """
    texts = texts.cast(pa.large_string()) if not pa.types.is_large_string(texts.type) else texts
    _, bounds, data = texts.buffers()
    if bounds is None or not len(texts):
        return np.zeros(0, np.uint8), np.zeros(0, np.int64), np.zeros(0, np.int64)
    edges = np.frombuffer(bounds, np.int64, count=len(texts) + 1, offset=texts.offset * 8)
    flat = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    return flat[: edges[-1]], edges[:-1], np.diff(edges)


def owners(places: Whole, start: Whole, length: Whole) -> Whole:
    """The texts in which some places of the bytes lie; each text once, in order."""
    row = np.searchsorted(start, places, side="right") - 1
    inside = (row >= 0) & (places < start[row] + length[row])
    return np.unique(row[inside])


def put(values: pa.Array, rows: Whole, fresh: Sequence[Any] | pa.Array) -> pa.Array:
    """The column with some cells exchanged; rows ascend."""
    if not len(rows):
        return values
    places = np.arange(len(values), dtype=np.int32)
    places[rows] = np.arange(len(values), len(values) + len(rows), dtype=np.int32)
    fresh = fresh if isinstance(fresh, pa.Array) else pa.array(fresh, values.type)
    return pa.concat_arrays([values, fresh]).take(pa.array(places))  # a third of the time of replace_with_mask


def mended(values: pa.Array, rows: Whole, change: Callable[[str], str | None]) -> tuple[pa.Array, Mask]:
    """Some cells passed through a function, each different text once; and which of them changed."""

    def settle(text: str) -> tuple[str | None, bool]:
        fresh = change(text)
        return fresh, fresh != text

    return settled(values, rows, settle)


def settled(values: pa.Array, rows: Whole, settle: Callable[[str], tuple[str | None, bool]]) -> tuple[pa.Array, Mask]:
    """The same with a function that also says whether a cell counts as changed; where no text differs, nothing is copied."""
    changed = np.zeros(len(values), bool)
    if not len(rows):
        return values, changed
    picked = values.take(pa.array(rows)).dictionary_encode()
    before = picked.dictionary.to_pylist()
    outcomes = [settle(text) for text in before]
    places = indices(picked)
    changed[rows] = np.array([*(marked for _, marked in outcomes), False])[places]
    fresh = [text for text, _ in outcomes]
    if fresh == before:
        return values, changed
    return put(values, rows, pa.array(fresh, values.type).take(pa.array(places, mask=places < 0))), changed
