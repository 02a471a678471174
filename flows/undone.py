"""What a mended workbook had mended, and is wrong again in the submission that takes the place of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from flows.disk import read_json
from flows.faults import faults, to_mend
from flows.home import Home
from flows.integrity import intact
from flows.mending import FILE
from flows.runs import of_owner
from flows.stored import Stored


@dataclass(frozen=True)
class Undone:
    """Mended rows that another submission of the same files does not have.

    Parameters
    ----------
    submission : str
        Id of the one whose place was taken.
    workbook : str
        Name of the mended workbook that it was made with.
    back : mapping of str to int
        Rows by fault, ``field:rule``, that it did not have.
    """

    submission: str
    workbook: str
    back: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {"submission": self.submission, "workbook": self.workbook, "back": dict(self.back)}


def undone(home: Home, stored: Stored) -> Undone | None:
    """What is wrong again in a submission, against the last one of the same files before it; None where that was not mended, or nothing is.

    The same files give the same row ids, so their faults can be compared row by row. It happens where the original file is taken in
    again, or another copy of the same error workbook.
    """
    key = stored.manifest["key"]
    same = [
        each
        for each in of_owner(home, "submissions", stored.client, stored.name)
        if each.number < stored.number and each.manifest["key"].get("files") == key["files"]
    ]
    last = max(same, key=lambda each: each.number, default=None)
    if last is None or not last.manifest["key"].get("mended") or not (last.folder / FILE).is_file():
        return None
    was, now = to_mend(faults(last.folder)), to_mend(faults(stored.folder))
    back = {name: len(rows) for name in now.keys if len(rows := np.setdiff1d(now.rows(name), was.rows(name)))}
    return Undone(last.id, str(read_json(intact(last, FILE))["workbook"]), back) if back else None
