"""What a mended error workbook brings: faults that are gone, that remain and that are new, and whatever else was changed in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from connectors.mapping import fit
from connectors.overlay import Touched, patched, stream
from connectors.plan import Plan, changed, hints, plan
from connectors.reading.block import BAD
from connectors.reading.reading import BLOCK_ROWS
from connectors.returned import Changes, Mended, Returned, returned
from connectors.spec.client import ClientSpec
from connectors.spec.feed import FeedSpec
from connectors.submission import take_in
from contracts.errors import Place
from flows.faults import Faults, faults, to_mend
from flows.repair import blames
from flows.shuffled import Other, others, refuse_shuffled

FILE = "mended.json"
"""What a mended workbook brought, in the submission that it made."""


@dataclass(frozen=True)
class Mending:
    """What a mended workbook brings; counts and positions, no value.

    Parameters
    ----------
    workbook : str
        Its name.
    sha256 : str
        Of its content.
    asked : int
        Rows that it showed.
    left_out : int
        Faulty rows that it did not show.
    fixed, remaining, new : mapping of str to int
        Rows by fault, ``field:rule``.
    cells : mapping of str to int
        Changed cells by header that had no fault.
    added, repeated : tuple of int
        Rows of the sheet that stand for no record, or for one that stands there twice: not used.
    withdrawn, left : int
        Rows deleted from the sheet whose records had been held back, and whose records stay as they were.
    missing, foreign : tuple of str
        Headers that are gone (their cells stay as they were), and headers that were not there (not used).
    moved : bool
        Columns stand in another order, which changes nothing.
    unsure : int
        Rows that are gone while others stand there under a code that is not theirs: nobody knows whether they were deleted, and they
        stay as they were.
    over : int
        Records that were mended, and of which something is left over still.
    doubled, sheets : tuple of str
        Headers that stand there twice (the first one counts), and further sheets with codes (not used).
    """

    workbook: str
    sha256: str
    asked: int
    left_out: int
    fixed: Mapping[str, int]
    remaining: Mapping[str, int]
    new: Mapping[str, int]
    cells: Mapping[str, int]
    added: tuple[int, ...]
    repeated: tuple[int, ...]
    withdrawn: int
    left: int
    missing: tuple[str, ...]
    foreign: tuple[str, ...]
    moved: bool
    unsure: int = 0
    over: int = 0
    doubled: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Mending:
        """The inverse of `as_dict`."""
        given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
        return cls(**given)


def taken(
    files: Sequence[Path], feed: FeedSpec, client: ClientSpec, mended: Sequence[Mended], folder: Path, *, block_rows: int = BLOCK_ROWS
) -> Iterator[tuple[Path, Plan, dict[str, Any]]]:
    """Dry intakes of the files alone, then with one mended workbook after the other; each time its folder, plan and submission.json."""
    changes, planned = Changes(), plan(files, feed, client, block_rows=block_rows)
    for count in range(len(mended) + 1):
        out = folder / f"{count}"
        if count:
            changes = Changes(tuple(mended[:count]), folder / f"{count - 1}" / "set_aside.parquet")
        scratch = folder / f"scratch-{count}"
        yield out, changed(planned, changes), take_in(files, feed, client, out, scratch, block_rows=block_rows, changes=changes)


def mending(before: Path, after: Path, planned: Plan) -> Mending:
    """Compare an intake with the one before the last mended workbook was applied.

    Parameters
    ----------
    before, after : Path
        Folders of the intakes.
    planned : Plan
        With all mended workbooks.

    Raises
    ------
    SourceError
        WORKBOOK-SHUFFLED where rows got apart from their codes.
    """
    last = planned.takes[0].changes.mended[-1]
    was, now, found = to_mend(faults(before)), to_mend(faults(after)), returned(last)
    keys = sorted({*was.keys, *now.keys})
    old, new = ({key: each.rows(key) for key in keys} for each in (was, now))
    fixed, remaining, fresh = (
        {key: len(ids) for key in keys if len(ids := over(old[key], new[key]))}
        for over in (np.setdiff1d, np.intersect1d, lambda was, now: np.setdiff1d(now, was))
    )
    cells, over = _besides(was, now, found, planned)
    left, withdrawn = len(found.gone) - len(found.withdrawn), len(found.withdrawn)
    return Mending(
        last.name, last.sha256, sum(len(file.records) for file in found.identity.files), found.identity.left_out,
        fixed, remaining, fresh, cells, found.added, found.repeated, withdrawn, 0 if found.strayed else left,
        found.missing, found.foreign, found.moved, left if found.strayed else 0, over, found.doubled, found.sheets,
    )  # fmt: skip


def _besides(was: Faults, now: Faults, found: Returned, planned: Plan) -> tuple[dict[str, int], int]:
    """Changed cells that had no fault, by header; and how many changed records are no rows still.

    Raises
    ------
    SourceError
        WORKBOOK-SHUFFLED.
    """
    counts: Counter[str] = Counter()
    changes = planned.takes[0].changes
    earlier = replace(changes, mended=changes.mended[:-1], apart=None)
    torn, cells = [np.zeros(0, np.int64)], list[Other]()
    still = np.concatenate([np.zeros(0, np.int64), *(now.rows(key) for key in now.keys if key in BAD)])
    for file in planned.files:
        place = Place(client=planned.client.name, feed=planned.feed.feed, file=file.name)
        reading, blocks, _ = stream(planned.feed, file, hints(planned.feed), BLOCK_ROWS, earlier)
        columns = fit(reading.header, planned.feed, place).columns
        blamed = {key: blames(key, planned.feed, columns, reading.header) for key in was.keys}
        bad = {name: [np.zeros(0, np.int64), *(was.rows(key) for key, names in blamed.items() if name in names)] for name in reading.header}
        for block in blocks:
            touched = patched(block, file.number, found, reading)[1]
            sound = [Touched(one.header, np.setdiff1d(one.row_id, np.concatenate(bad[one.header]))) for one in touched]
            for one in sound:
                counts[one.header] += len(one.row_id)
            cells += others(block, file.number, found, sound)
            torn += [np.intersect1d(one.row_id, still) for one in touched]
    refuse_shuffled(found, cells, Place(client=planned.client.name, feed=planned.feed.feed, file=changes.mended[-1].name))
    return {name: count for name, count in sorted(counts.items()) if count}, len(np.unique(np.concatenate(torn)))
