"""Expecting: purchases to come, by a model of customer lifetimes fitted on the submission itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors.landing import read_arrow, write_arrow
from contracts.errors import ModelError
from flows.checkpoint import Kept
from flows.histories import Bucket, bucket_lines
from flows.scoring import SCORED
from flows.steps import step
from models.lifetimes import BgNbd, fit
from models.metrics import quality
from models.purchases import histories

FEWEST_DAYS = 90
"""The part of the history before the cut must be at least as long, or nothing is checked."""


@dataclass(frozen=True)
class Horizon:
    """How far ahead, in days, and on which day a check cuts the history."""

    days: int
    label: str = ""

    def cut(self, as_of: date) -> date:
        """The last day that the check may know."""
        return as_of - timedelta(days=self.days)


@step("count purchases", keep=True)
def purchases(item: Bucket, out: Path, horizon: Horizon) -> dict[str, Any]:
    """Purchase histories of a bucket's customers: now, and as of the cut with the purchase days that followed."""
    lines, repeated = bucket_lines(item)
    there = pa.compute.count_distinct(lines.column("customer_id")).as_py()
    if "cancelled" in lines.column_names:
        lines = lines.filter(pa.compute.invert(pa.compute.fill_null(lines.column("cancelled"), False)))
    now = histories(lines, item.as_of, unit="days", time_zone=item.time_zone)
    cut = histories(lines, horizon.cut(item.as_of), unit="days", time_zone=item.time_zone)
    place = pa.compute.index_in(cut.customers, value_set=now.customers).to_numpy(zero_copy_only=False).astype(np.int64)
    followed = now.x[place] - cut.x if len(place) else np.zeros(0)
    _write(out / "now.arrow", customer_id=now.customers, x=now.x, t_x=now.t_x, T=now.T)
    _write(out / "cut.arrow", x=cut.x, t_x=cut.t_x, T=cut.T, followed=followed)
    longest = float(now.T.max()) if len(now.T) else 0.0
    return {"lines": lines.num_rows, "repeated": repeated, "customers": len(now.x), "without": there - len(now.x), "longest": longest}


def _write(path: Path, **columns: pa.Array | npt.NDArray[np.float64]) -> None:
    write_arrow(pa.table({name: pa.array(values) for name, values in columns.items()}), path)


def _numbers(parts: Sequence[Kept], name: str, columns: Sequence[str]) -> list[npt.NDArray[np.float64]]:
    tables = [read_arrow(part.out / name) for part in parts]
    return [np.concatenate([np.zeros(0), *(table.column(column).to_numpy() for table in tables)]) for column in columns]


@step("fit lifetimes", keep=True)
def fit_lifetimes(item: Horizon, _out: Path, parts: Sequence[Kept]) -> dict[str, Any]:
    """Fit on all customers, and, where the history is long enough, on what was known a horizon ago to see how it would have done.

    Returns
    -------
    dict
        JSON-able: ``model`` (parameters), ``check`` or None: AUC, expected and actual purchase days of the horizon.
    """
    model = fit(*_numbers(parts, "now.arrow", ("x", "t_x", "T")), unit="days")
    longest = max(part["longest"] for part in parts)
    return {"model": model.as_dict(), "check": _checked(item, parts) if longest >= item.days + FEWEST_DAYS else None}


def _checked(item: Horizon, parts: Sequence[Kept]) -> dict[str, Any] | None:
    x, t_x, T, followed = _numbers(parts, "cut.arrow", ("x", "t_x", "T", "followed"))
    try:
        model = fit(x, t_x, T, unit="days")
    except ModelError:  # too little was known by then: there is no check, and the pack says so
        return None
    if not 0 < int((followed > 0).sum()) < len(followed):
        return None
    found = quality(followed > 0, model.probability_of_purchase(item.days, x, t_x, T))
    expected = float(model.expected_purchases(item.days, x, t_x, T).sum())
    return {"auc": found.auc, "auc_se": found.auc_se, "customers": len(x), "expected": expected, "actual": float(followed.sum())}


@step("expect", keep=True)
def expect(item: Bucket, out: Path, counted: Sequence[Kept], fitted: Kept, horizon: Horizon) -> dict[str, Any]:
    """Score a bucket's customers: probability of a purchase in the horizon, and how many to expect."""
    model = BgNbd.from_dict(fitted["model"])
    known = read_arrow(counted[item.number].out / "now.arrow")
    x, t_x, T = (known.column(name).to_numpy() for name in ("x", "t_x", "T"))
    table = pa.table({
        "customer_id": known.column("customer_id"), "score": pa.array(model.probability_of_purchase(horizon.days, x, t_x, T)),
        "expected_purchases": pa.array(model.expected_purchases(horizon.days, x, t_x, T)), "purchases": pa.array((x + 1).astype(np.int64)),
        "repeats": pa.array(x.astype(np.int64)), "last_purchase_days": pa.array(t_x), "observed_days": pa.array(T),
    })  # fmt: skip
    write_arrow(table, out / SCORED)
    return {"rows": table.num_rows, "expected": float(np.sum(table.column("expected_purchases").to_numpy()))}
