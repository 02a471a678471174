"""Whether Millrace and the plain way found the same: what they accepted, and what they quarantined.

``python -m tests.benchmarks.agreement HOME CLIENT/FEED PLAIN KEY``
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def submission(home: Path, feed: str) -> Path:
    """The only submission of a feed in a home."""
    (found,) = (path.parent for path in (home / "submissions" / feed).glob("*/manifest.json"))
    return found


def assert_same(taken: Path, plain: Path, key: str) -> None:
    """Compare accepted keys with their lines, and the lines in quarantine.

    Raises
    ------
    AssertionError
        Where they differ.
    """
    mine = pa.table({key: _part(taken, "accepted", key), "line": _part(taken, "rows", "line")}).sort_by("line")
    theirs = pq.read_table(plain / "accepted.parquet", columns=[key, "line"]).sort_by("line")
    assert mine.column("line").equals(theirs.column("line")), "other lines were accepted"
    assert mine.column(key).equals(theirs.column(key)), "other keys were accepted"
    lines = [sorted(pq.read_table(folder / "quarantine.parquet", columns=["line"]).column("line").to_pylist()) for folder in (taken, plain)]
    assert lines[0] == lines[1], "other lines are in quarantine"


def _part(taken: Path, kind: str, column: str) -> pa.ChunkedArray:
    return pa.concat_tables([pq.read_table(path, columns=[column]) for path in sorted((taken / kind).glob("*.parquet"))]).column(column)


if __name__ == "__main__":
    home, feed, plain, key = sys.argv[1:]
    assert_same(submission(Path(home), feed), Path(plain), key)
