"""Histories of order lines, and the CDNOW files that the published numbers rest on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest
from scipy.optimize import minimize

from models.lifetimes import fit
from models.likelihood import loss, rows
from models.purchases import Histories, histories


def cdnow(path: Path, names: list[str], skip: int) -> pa.Table:
    """A fixed-width CDNOW file as order lines."""
    frame = pd.read_csv(path, sep=r"\s+", header=None, skiprows=skip, names=names, dtype=str)
    ordered = pa.array(pd.to_datetime(frame["date"], format="%Y%m%d").dt.date)
    return pa.table({"customer_id": pa.array(frame["id"], pa.string()), "ordered_at": ordered})


@pytest.fixture
def sample(shared: Path) -> Histories:
    lines = cdnow(shared / "data" / "cdnow" / "CDNOW_sample.txt", ["id", "second", "date", "cds", "money"], 0)
    return histories(lines, date(1997, 9, 30), unit="weeks")


@pytest.mark.shared
def test_the_cdnow_sample_is_the_published_summary(sample: Histories) -> None:
    lifetimes = pytest.importorskip("lifetimes")
    known = pa_csv.read_csv(Path(lifetimes.__file__).parent / "datasets" / "cdnow_customers_summary.csv")
    assert len(sample.x) == 2357
    for mine, theirs in ((sample.x, "frequency"), (sample.t_x, "recency"), (sample.T, "T")):
        np.testing.assert_array_equal(mine.round(2), known[theirs].to_numpy().round(2))


@pytest.mark.shared
def test_the_cdnow_sample_gives_the_published_model(sample: Histories) -> None:
    model = fit(sample.x, sample.t_x, sample.T, unit="weeks")
    assert (round(model.r, 3), round(model.alpha, 3), round(model.a, 3), round(model.b, 3)) == (0.243, 4.414, 0.793, 2.426)
    assert round(model.log_likelihood, 1) == -9582.4


@pytest.mark.shared
def test_all_of_cdnow_in_days(shared: Path) -> None:
    lines = cdnow(shared / "data" / "cdnow" / "CDNOW_master.txt", ["id", "date", "cds", "money"], 1)
    all_of_it = histories(lines, date(1998, 6, 30), unit="days")
    assert len(all_of_it.x) == 23570
    assert (all_of_it.x + 1).sum() == 67591  # customer-days
    model = fit(all_of_it.x, all_of_it.t_x, all_of_it.T, unit="days")
    assert (round(model.r, 4), round(model.alpha, 3), round(model.a, 4), round(model.b, 4)) == (0.2671, 41.905, 0.4835, 2.1116)
    assert round(model.log_likelihood, 2) == -259086.83
    assert model.distinct < model.customers / 2
    assert model.p_alive(10, 367, 545).round(3) == [0.360]
    each = rows(all_of_it.x, all_of_it.t_x / 400, all_of_it.T / 400, np.full(23570, 1 / 23570))  # nothing joined
    found = np.exp(minimize(loss, np.zeros(4), args=(each,), jac=True, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-9}).x)
    np.testing.assert_allclose([model.r, model.alpha / 400, model.a, model.b], found, rtol=1e-5)


def test_returns_blanks_and_later_lines_do_not_count() -> None:
    day = [date(2024, 3, d) for d in (1, 5, 9, 9, 20, 2, 4)]
    lines = pa.table(
        {
            "customer_id": ["a", "a", "a", "a", "a", None, "b"],
            "ordered_at": pa.array(day),
            "quantity": [1.0, -1.0, 2.0, None, 1.0, 1.0, -3.0],
        }
    )
    found = histories(lines, date(2024, 3, 15), unit="days")
    assert found.customers.to_pylist() == ["a"]
    assert (found.x.tolist(), found.t_x.tolist(), found.T.tolist()) == ([1.0], [8.0], [14.0])


def test_the_day_is_the_day_on_the_clients_clock() -> None:
    moments = [datetime(2024, 1, 1, 22, 30, tzinfo=UTC), datetime(2024, 1, 1, 23, 30, tzinfo=UTC)]
    lines = pa.table({"customer_id": ["a", "a"], "ordered_at": pa.array(moments, pa.timestamp("us", "UTC"))})
    assert histories(lines, date(2024, 1, 9), unit="days").x.tolist() == [0.0]
    assert histories(lines, date(2024, 1, 9), unit="days", time_zone="Europe/Berlin").x.tolist() == [1.0]
    frame = lines.to_pandas(types_mapper=pd.ArrowDtype)
    assert histories(frame, date(2024, 1, 9), unit="days", time_zone="Europe/Berlin").x.tolist() == [1.0]


def test_no_lines_at_all() -> None:
    lines = pa.table({"customer_id": pa.array([], pa.string()), "ordered_at": pa.array([], pa.timestamp("us", "UTC"))})
    assert len(histories(lines, date(2024, 1, 1), unit="days").x) == 0
