"""Histories: order lines of all submissions that stand, as one row per customer, a bucket of customers at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from connectors.landing import write_arrow
from contracts.assumption import Assumption
from contracts.batch import part_names, read_part
from contracts.digest import key_hash
from enrichment import gaps
from enrichment.history import FEATURES, history, outcome
from enrichment.joined import Joined
from flows.checkpoint import Kept
from flows.conductor import Conductor
from flows.order import Source
from flows.steps import step

OUTCOME = "repurchased"
LINES = ("order_id", "line_id", "customer_id", "ordered_at", "quantity", "unit_price", "amount", "category", "channel", "cancelled")
"""Fields of order lines that a history is made of."""


@dataclass(frozen=True)
class Bucket:
    """Customers of one stretch of the key's hash.

    Parameters
    ----------
    label : str
        For people.
    number, bits : int
        The stretch: the hash's first `bits` bits are `number`.
    folders : tuple of Path
        The submissions, oldest first; each has its own number of buckets, a power of two.
    as_of : datetime.date
    time_zone : str
    horizon_days : int
        0 for the history; otherwise what followed in so many days goes with it.
    """

    label: str
    number: int
    bits: int
    folders: tuple[Path, ...]
    as_of: date
    time_zone: str
    horizon_days: int = 0


@dataclass(frozen=True)
class Histories:
    """Features of all customers as of a day, in files by bucket."""

    paths: tuple[Path, ...]
    bits: int
    lines: int
    repeated: int
    customers: int
    gaps: Mapping[str, int]

    def joined(self, *more: str) -> Joined:
        """The step that joins them, and further fields of the files, to customers."""
        return Joined(self.paths, self.bits, (*FEATURES, *more))

    def assumptions(self) -> tuple[Assumption, ...]:
        """What the lines do not tell, and what was made of lines that came twice."""
        again = Assumption(
            "join submissions", "an order line that a later file sends again counts once, as sent last", {"lines": self.repeated}, "held"
        )
        return (*gaps.assumptions(self.gaps), *((again,) if self.repeated else ()))


@step("history", keep=True)
def history_of(item: Bucket, out: Path) -> dict[str, Any]:
    """One row per customer of a bucket, and, where a horizon is given, whether a purchase followed."""
    lines, repeated = bucket_lines(item)
    made = history(lines, item.as_of, item.time_zone)
    if item.horizon_days:
        made = _with_outcome(made, outcome(lines, item.as_of, item.horizon_days, item.time_zone))
    write_arrow(made, out / "history.arrow")
    return {"lines": lines.num_rows, "repeated": repeated, "customers": made.num_rows, "gaps": gaps.gaps(lines)}


def _with_outcome(made: pa.Table, after: pa.Table) -> pa.Table:
    bought = after.filter(after.column("bought")).column("customer_id")
    return made.append_column(OUTCOME, pc.is_in(made.column("customer_id"), value_set=bought.combine_chunks()))


def bucket_lines(item: Bucket) -> tuple[pa.Table, int]:
    """The lines of a bucket; a line that a later submission sends again counts once, as it was sent last."""
    tables = [table for folder in item.folders for table in _mine(folder, item)]
    lines = pa.concat_tables(tables, promote_options="default")
    if len(item.folders) < 2 or not lines.num_rows:
        return lines, 0
    again = lines.select(["order_id", "line_id"]).to_pandas(types_mapper=pd.ArrowDtype).duplicated(keep="last").to_numpy()
    return lines.filter(pa.array(~again)), int(again.sum())


def _mine(folder: Path, item: Bucket) -> list[pa.Table]:
    names = part_names(folder)
    own = len(names).bit_length() - 1
    if own > item.bits:
        step_ = 1 << (own - item.bits)
        return [_read(folder, name) for name in names[item.number * step_ : (item.number + 1) * step_]]
    table = _read(folder, names[item.number >> (item.bits - own)])
    if own == item.bits:
        return [table]
    mine = key_hash(table.column("customer_id")) >> np.uint64(64 - item.bits) == item.number
    return [table.filter(pa.array(mine))]


def _read(folder: Path, name: str) -> pa.Table:
    return read_part(folder, name, LINES).table


def buckets(source: Source, as_of: date, time_zone: str, what: str, horizon_days: int = 0) -> tuple[Bucket, ...]:
    """The buckets of a source: as many as its largest submission has."""
    folders = tuple(each.folder for each in source.submissions)
    count = max(len(part_names(folder)) for folder in folders)
    bits = count.bit_length() - 1
    return tuple(Bucket(f"{what} {n + 1}", n, bits, folders, as_of, time_zone, horizon_days) for n in range(count))


def gather(conduct: Conductor, source: Source, as_of: date, time_zone: str) -> Histories:
    """The history of every customer as of a day."""
    return collected(conduct.map(history_of, buckets(source, as_of, time_zone, "bucket")))


def collected(parts: Sequence[Kept]) -> Histories:
    """Finished buckets as one."""
    lines, repeated, customers = (sum(part[what] for part in parts) for what in ("lines", "repeated", "customers"))
    lacking = {what: sum(part["gaps"][what] for part in parts) for what in parts[0]["gaps"]}
    paths = tuple(part.out / "history.arrow" for part in parts)
    return Histories(paths, len(parts).bit_length() - 1, lines, repeated, customers, lacking)
