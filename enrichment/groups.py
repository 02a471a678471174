"""Groups of customers, by what some fields say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from contracts.batch import Batch

Codes = npt.NDArray[np.int64]


def keys(batch: Batch, by: Sequence[str], digits: int | None = None) -> tuple[pa.Array, ...]:
    """What each row's group is told by: one array of text per field, null where the field says nothing.

    Parameters
    ----------
    by : sequence of str
        Fields; one that the batch lacks says nothing.
    digits : int, optional
        Only so many characters from the beginning.

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"postcode": ["53113", None]}), np.array([1, 2]))
    >>> [found.to_pylist() for found in keys(batch, ("postcode", "city"), 2)]
    [['53', None], [None, None]]
    """
    return tuple(_texts(batch, name, digits) for name in by)


def _texts(batch: Batch, name: str, digits: int | None) -> pa.Array:
    if name not in batch.table.column_names:
        return pa.nulls(batch.rows, pa.string())
    texts = batch.column(name).cast(pa.string())
    return texts if digits is None else pc.utf8_slice_codeunits(texts, 0, digits)


def numbered(found: Sequence[pa.Array], rows: int) -> tuple[Codes, list[tuple[str, ...]]]:
    """The group of each row as a code (-1 where a field says nothing), and what each code stands for, in a fixed order.

    Examples
    --------
    >>> numbered((pa.array(["b", "a", None, "b"]),), 4)
    (array([ 1,  0, -1,  1]), [('a',), ('b',)])
    """
    sets = [pc.unique(one.drop_null()) for one in found]
    sets = [one.take(pc.sort_indices(one)) for one in sets]
    wide = _placed(found, sets, rows)
    there, codes = np.unique(wide[wide >= 0], return_inverse=True)
    wide[wide >= 0] = codes
    sizes = [len(one) for one in sets]
    places = np.unravel_index(there, sizes) if sizes else ()
    named = [one.take(pa.array(place)).to_pylist() for one, place in zip(sets, places, strict=True)]
    return wide, list(zip(*named, strict=True)) if named else []


def found_in(found: Sequence[pa.Array], groups: Sequence[Sequence[str]], rows: int) -> Codes:
    """The place of each row's group in a list of groups; -1 where it is not there.

    Examples
    --------
    >>> found_in((pa.array(["b", "x", None]),), [("a",), ("b",)], 3).tolist()
    [1, -1, -1]
    """
    if not groups:
        return np.full(rows, -1, np.int64)
    listed = tuple(pa.array(column, pa.string()) for column in zip(*groups, strict=True))
    sets = [pc.unique(one) for one in listed]
    known, wide = _placed(listed, sets, len(groups)), _placed(found, sets, rows)
    order = np.argsort(known)
    at = np.minimum(np.searchsorted(known[order], wide), len(known) - 1)
    return np.where(known[order][at] == wide, order[at], -1)


def _placed(found: Sequence[pa.Array], sets: Sequence[pa.Array], rows: int) -> Codes:
    """One number per row for its texts, each looked up in the set of its field; -1 where one is not there."""
    wide = np.zeros(rows, np.int64)
    for texts, known in zip(found, sets, strict=True):
        place = pc.fill_null(pc.index_in(texts, value_set=known, skip_nulls=True), -1).to_numpy(zero_copy_only=False).astype(np.int64)
        wide = np.where((wide < 0) | (place < 0), -1, wide * len(known) + place)
    return wide if len(found) else np.full(rows, -1, np.int64)
