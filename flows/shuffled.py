"""Rows of a mended workbook whose cells seem to be those of other records: sorted or pasted apart from the codes that name them.

Two signs: rows of which most cells that had no fault are other ones, and columns whose other cells are those that stood in other rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

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
"""From so many rows on, and this share of those that came back, it is no mending of single rows."""


@dataclass(frozen=True)
class Other:
    """A cell that had no fault, and holds something else now, not only in another form.

    Parameters
    ----------
    header : str
    row_id : int
    was, now : str
    filled : int
        Cells of its row that held something.
    """

    header: str
    row_id: int
    was: str
    now: str
    filled: int


def others(block: Block, number: int, found: Returned, sound: Sequence[Touched]) -> Iterator[Other]:
    """Such cells of a block, as it was before.

    Parameters
    ----------
    block : Block
    number : int
        Of its file.
    found : Returned
    sound : sequence of Touched
        Changed cells that had no fault.
    """
    names = [name for name in block.table.column_names if name in found.kinds]
    every: Iterable[npt.NDArray[np.int64]] = (block.table.column(name).is_valid().to_numpy().astype(np.int64) for name in names)
    filled = sum(every, np.zeros(len(block.record), np.int64))
    kinds: Mapping[str, npt.NDArray[np.uint8]] = block.kinds or {}
    for one in sound:
        ids = one.row_id[np.isin(one.row_id & ((1 << SHIFT) - 1), block.record)]
        was, now, forms = block.table.column(one.header), found.table.column(one.header), found.kinds[one.header]
        old, new = np.searchsorted(block.record, ids & ((1 << SHIFT) - 1)), np.searchsorted(found.row_id, ids)
        for row_id, at, place in zip(ids.tolist(), old.tolist(), new.tolist(), strict=True):
            before, after = was[at].as_py() or "", now[place].as_py() or ""
            if not alike(before, int(kinds[one.header][at]) if kinds else TEXT, after, int(forms[place])):
                yield Other(one.header, row_id, before, after, int(filled[at]))


def refuse_shuffled(found: Returned, cells: Sequence[Other], place: Place) -> None:
    """Refuse a workbook many of whose rows hold the cells of others.

    Raises
    ------
    SourceError
        WORKBOOK-SHUFFLED.
    """
    counts, filled = Counter(one.row_id for one in cells), {one.row_id: one.filled for one in cells}
    rewritten = sum(count > 1 and count * 2 > filled[row_id] for row_id, count in counts.items())
    headers = {one.header for one in cells}
    moved = max((_moved([one for one in cells if one.header == header]) for header in headers), default=0)
    count = max(rewritten, moved)
    if count >= FEWEST and count >= SHARE * len(found.row_id):
        raise SourceError(
            "WORKBOOK-SHUFFLED", "rows of the error workbook hold the cells of others: they got apart from their row codes", place=place,
            found=f"{count:,} of {len(found.row_id):,} rows with other cells than they had, where nothing was wrong",
            expected="rows that were sorted, moved and copied as a whole",
            hint="nothing was taken in; ask for the workbook again, mended in a fresh copy of the one that was sent",
        )  # fmt: skip


def _moved(column: Sequence[Other]) -> int:
    """Rows of a column that hold what stood in other rows of it; none where they do not tell rows apart, as a word that was filled down.

    Examples
    --------
    >>> _moved([Other("Nr", n, was, now, 9) for n, (was, now) in enumerate(("12", "23", "31"))])
    3
    >>> _moved([Other("Ort", n, "Ulm", "Bonn", 9) for n in range(3)])
    0
    """
    was, now = Counter(one.was for one in column), Counter(one.now for one in column if one.now)
    same = (was & now).total()
    return same if 2 * len(now) > len(column) and 2 * same > len(column) else 0
