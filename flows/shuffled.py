"""Rows of a mended workbook whose cells seem to be those of other records: sorted or pasted apart from the codes that name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from connectors.overlay import Touched
from connectors.reading.block import TEXT, Block
from connectors.returned import Returned
from connectors.sameness import alike
from connectors.stretch import SHIFT
from contracts.errors import Place, SourceError

Whole = npt.NDArray[np.int64]
FEWEST, SHARE = 3, 0.1
"""From so many rows on, and this share of those that came back, they are no mending of single rows."""


def rewritten(block: Block, number: int, found: Returned, sound: Sequence[Touched]) -> int:
    """Rows of which most cells that had no fault hold something else now, and not only in another form.

    Parameters
    ----------
    block : Block
        As it was before.
    number : int
        Of its file.
    found : Returned
    sound : sequence of Touched
        Changed cells that had no fault.
    """
    ids = np.concatenate([np.zeros(0, np.int64), *(one.row_id for one in sound)])
    rows, counts = np.unique(ids[np.isin(ids & ((1 << SHIFT) - 1), block.record)], return_counts=True)
    some = rows[counts > 1]
    at = np.searchsorted(block.record, some & ((1 << SHIFT) - 1))
    names = [name for name in block.table.column_names if name in found.kinds]
    filled = sum((block.table.column(name).is_valid().to_numpy()[at].astype(int) for name in names), np.zeros(len(at), int))
    suspects = set(some[counts[counts > 1] * 2 > filled].tolist())
    changed = Counter(row for one in sound for row in _other(block, number, found, one, suspects))
    return sum(changed[row] > 1 and changed[row] * 2 > many for row, many in zip(some.tolist(), filled.tolist(), strict=True))


def _other(block: Block, number: int, found: Returned, one: Touched, wanted: set[int]) -> list[int]:
    """Rows whose cell in a column holds something else."""
    ids = np.array([row for row in one.row_id.tolist() if row in wanted], np.int64)
    was = block.table.column(one.header).combine_chunks()
    now, place = found.table.column(one.header), np.searchsorted(found.row_id, ids)
    at = np.searchsorted(block.record, ids & ((1 << SHIFT) - 1))
    kinds: Mapping[str, npt.NDArray[np.uint8]] = block.kinds or {}
    return [
        row
        for row, old, new in zip(ids.tolist(), at.tolist(), place.tolist(), strict=True)
        if not alike(was[old].as_py() or "", int(kinds[one.header][old]) if kinds else TEXT, now[new].as_py() or "",
                     int(found.kinds[one.header][new]))
    ]  # fmt: skip


def refuse_shuffled(count: int, found: Returned, place: Place) -> None:
    """Refuse a workbook many of whose rows were rewritten.

    Raises
    ------
    SourceError
        WORKBOOK-SHUFFLED.
    """
    if count >= FEWEST and count >= SHARE * len(found.row_id):
        raise SourceError(
            "WORKBOOK-SHUFFLED", "rows of the error workbook hold the cells of others: they got apart from their row codes", place=place,
            found=f"{count:,} of {len(found.row_id):,} rows with mostly other cells than they had, where nothing was wrong",
            expected="rows that were sorted, moved and copied as a whole",
            hint="nothing was taken in; ask for the workbook again, mended in a fresh copy of the one that was sent",
        )  # fmt: skip
