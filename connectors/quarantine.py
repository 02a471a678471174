"""The quarantine: rows and records that are held back, each with all its reasons, its place and its text; and every failure, cell by cell.

Reasons are few and rows may be a million: they travel as numbers of a dictionary, never as a text a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors.check import Judged
from connectors.landing import ROWS, raw_texts, write_arrow
from connectors.stretch import Stretch

REASON = pa.dictionary(pa.int32(), pa.string())
QUARANTINE = pa.schema([*ROWS, ("reasons", pa.list_(REASON)), ("raw", pa.string())])
"""One row per record held back; `reasons` are ``field:rule`` or why a record is no row, the one that it is counted by first."""
FAILURES = pa.schema([("row_id", pa.int64()), ("field", REASON), ("rule", REASON)])
"""One row per failed check of a row, whatever became of the row."""


def write_rows(judged: Judged, stretch: Stretch, places: Mapping[str, pa.Array], delimiter: str, out: Path, name: str) -> dict[str, int]:
    """Write the rejected rows of a partition with all their reasons; count them by the first one."""
    rows = np.flatnonzero(judged.rejected)
    if not len(rows):
        return {}
    mine = judged.rejected[judged.row]
    of, starts = judged.of[mine], np.searchsorted(judged.row[mine], np.append(rows, rows[-1] + 1))
    names = [f"{field}:{rule}" for field, rule in zip(judged.field, judged.rule, strict=True)]
    chosen = pa.array(rows)
    raw = raw_texts(stretch.table.take(chosen), delimiter)
    write_records({n: values.take(chosen) for n, values in places.items()}, lists(_named(of, names), starts), raw, out, name)
    first = np.bincount(of[starts[:-1]], minlength=len(names))
    return {names[n]: int(count) for n, count in enumerate(first) if count}


def write_records(places: Mapping[str, pa.Array], reasons: pa.ListArray, raw: Any, out: Path, name: str) -> None:
    """Write records that are held back, with their places, reasons and texts."""
    if len(reasons):
        write_arrow(pa.table({**places, "reasons": reasons, "raw": raw}, schema=QUARANTINE), out / "quarantine" / f"{name}.arrow")


def write_failures(judged: Judged, stretch: Stretch, out: Path, name: str) -> None:
    """Write what failed in a partition, one row a failure."""
    if len(judged.row):
        fields, rules = (_named(judged.of, words) for words in (judged.field, judged.rule))
        table = pa.table({"row_id": stretch.row_ids[judged.row], "field": fields, "rule": rules}, schema=FAILURES)
        write_arrow(table, out / "failures" / f"{name}.arrow")


def lists(reasons: pa.DictionaryArray, starts: npt.NDArray[Any]) -> pa.ListArray:
    """Reasons as a list a record, where each begins given, and the end."""
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), reasons)


def single(reasons: pa.Array | pa.ChunkedArray) -> pa.ListArray:
    """One reason a record.

    Examples
    --------
    >>> single(pa.array(["ragged", "encoding", "ragged"])).to_pylist()
    [['ragged'], ['encoding'], ['ragged']]
    """
    plain = reasons.combine_chunks() if isinstance(reasons, pa.ChunkedArray) else reasons
    return lists(plain.dictionary_encode().cast(REASON), np.arange(len(plain) + 1))


def _named(of: npt.NDArray[np.int64], names: Sequence[str]) -> pa.DictionaryArray:
    words = pa.array(names, pa.string()).dictionary_encode()  # two rules may have one name
    return pa.DictionaryArray.from_arrays(words.indices.take(pa.array(of)), words.dictionary)
