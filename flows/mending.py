"""What a mended error workbook brings: faults that are gone, that remain and that are new, and whatever else was changed in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from connectors.mapping import fit
from connectors.overlay import patched, stream
from connectors.plan import Plan, changed, hints, plan
from connectors.reading.reading import BLOCK_ROWS
from connectors.returned import Changes, Mended, Returned, returned
from connectors.spec import ClientSpec, FeedSpec
from connectors.submission import take_in
from contracts.errors import Place
from flows.faults import Faults, faults, to_mend
from flows.repair import blames

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
    """
    last = planned.takes[0].changes.mended[-1]
    was, now, found = to_mend(faults(before)), to_mend(faults(after)), returned(last)
    keys = sorted({*was.keys, *now.keys})
    old, new = ({key: each.rows(key) for key in keys} for each in (was, now))
    fixed, remaining, fresh = (
        {key: len(ids) for key in keys if len(ids := over(old[key], new[key]))}
        for over in (np.setdiff1d, np.intersect1d, lambda was, now: np.setdiff1d(now, was))
    )
    return Mending(
        last.name, last.sha256, sum(len(file.records) for file in found.identity.files), found.identity.left_out,
        fixed, remaining, fresh, _besides(was, found, planned), found.added, found.repeated,
        len(found.withdrawn), len(found.gone) - len(found.withdrawn), found.missing, found.foreign, found.moved,
    )  # fmt: skip


def _besides(was: Faults, found: Returned, planned: Plan) -> dict[str, int]:
    """Changed cells that had no fault, by header."""
    counts: Counter[str] = Counter()
    changes = planned.takes[0].changes
    earlier = replace(changes, mended=changes.mended[:-1], apart=None)
    for file in planned.files:
        reading, blocks, _ = stream(planned.feed, file, hints(planned.feed), BLOCK_ROWS, earlier)
        columns = fit(reading.header, planned.feed, Place(client=planned.client.name, feed=planned.feed.feed, file=file.name)).columns
        blamed = {key: blames(key, planned.feed, columns, reading.header) for key in was.keys}
        bad = {name: [was.rows(key) for key, names in blamed.items() if name in names] for name in reading.header}
        for block in blocks:
            for one in patched(block, file.number, found, reading)[1]:
                right = np.setdiff1d(one.row_id, np.concatenate([*bad[one.header], np.zeros(0, np.int64)]))
                counts[one.header] += len(right)
    return {name: count for name, count in sorted(counts.items()) if count}
