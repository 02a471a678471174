"""Histories of real order lines, against what pandas counts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from contracts.batch import Batch
from enrichment.gaps import gaps
from enrichment.history import history, outcome
from enrichment.joined import Joined, write_buckets

pytestmark = pytest.mark.shared


def arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def by_customer(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame.set_index("customer_id").sort_index()


@pytest.fixture(scope="module")
def cdnow(shared: Path) -> pd.DataFrame:
    path = shared / "data" / "cdnow" / "CDNOW_master.txt"
    frame = pd.read_csv(path, sep=r"\s+", skiprows=1, names=["customer_id", "day", "quantity", "amount"], dtype={"customer_id": str})
    return frame.assign(order_id=[f"{number}" for number in range(len(frame))], ordered_at=pd.to_datetime(frame["day"], format="%Y%m%d"))


def test_cdnow(cdnow: pd.DataFrame) -> None:
    found = by_customer(history(arrow(cdnow), date(1998, 6, 30), "America/New_York"))
    mine = cdnow.groupby("customer_id")
    days = mine["ordered_at"].agg(["min", "max", "nunique"])
    assert len(found) == 23_570
    assert found["orders"].sum() == 69_659
    np.testing.assert_array_equal(found["recency_days"], (pd.Timestamp("1998-06-30") - days["max"]).dt.days)
    np.testing.assert_array_equal(found["tenure_days"], (pd.Timestamp("1998-06-30") - days["min"]).dt.days)
    np.testing.assert_allclose(found["mean_gap_days"], (days["max"] - days["min"]).dt.days / (days["nunique"] - 1).replace(0, np.nan))
    np.testing.assert_allclose(found["spend"], mine["amount"].sum(), atol=1e-6)
    np.testing.assert_array_equal(found["items"], mine["quantity"].sum())
    assert (found["returns"] == 0).all()
    assert found[["categories", "online_share"]].isna().all(axis=None)


def test_an_outcome_within_cdnow(cdnow: pd.DataFrame) -> None:
    found = by_customer(outcome(arrow(cdnow), date(1997, 9, 30), 273, "UTC"))
    later = cdnow[cdnow["ordered_at"] > "1997-09-30"].groupby("customer_id")["order_id"].count()
    assert found["bought"].sum() == len(later)
    assert set(found.index[found["bought"]]) == set(later.index)


@pytest.fixture(scope="module")
def retail(shared: Path) -> pd.DataFrame:
    files = sorted((shared / "data" / "online-retail" / "by-day").glob("*.csv*"))
    frame = pd.concat([pd.read_csv(path, dtype={"InvoiceNo": str, "CustomerID": str}) for path in files], ignore_index=True)
    names = {"InvoiceNo": "order_id", "Quantity": "quantity", "UnitPrice": "unit_price", "InvoiceDate": "moment"}
    frame = frame.rename(columns=names).assign(customer_id=frame["CustomerID"].str.removesuffix(".0"))
    return frame.assign(ordered_at=pd.to_datetime(frame["moment"]).dt.tz_localize("Europe/London"))


def test_online_retail(retail: pd.DataFrame) -> None:
    lines = arrow(retail[["order_id", "customer_id", "ordered_at", "quantity", "unit_price"]])
    found = by_customer(history(lines, date(2011, 8, 31), "Europe/London"))
    known = retail.dropna(subset=["customer_id"]).assign(amount=lambda t: t["quantity"] * t["unit_price"])
    bought = known[known["quantity"] > 0]
    np.testing.assert_array_equal(found["orders"], bought.groupby("customer_id")["order_id"].nunique().reindex(found.index, fill_value=0))
    np.testing.assert_allclose(found["spend"], known.groupby("customer_id")["amount"].sum(), atol=1e-6)
    pieces = known.assign(back=-known["quantity"].clip(upper=0)).groupby("customer_id")["back"].sum()
    np.testing.assert_array_equal(found["returns"], pieces)
    last = bought.groupby("customer_id")["ordered_at"].max().dt.tz_localize(None).dt.normalize().reindex(found.index)
    np.testing.assert_array_equal(found["recency_days"], (pd.Timestamp("2011-08-31") - last).dt.days)
    assert gaps(lines) == {
        "lines": 320_705,
        "usable": len(known),
        "cancelled": 0,
        "returned": len(known) - len(bought),
        "amount computed": len(known),
        "amount unknown": 0,
        "quantity computed": 0,
        "quantity unknown": 0,
    }


def test_sprocket(shared: Path, tmp_path: Path) -> None:
    path = shared / "data" / "kpmg-sprocket" / "KPMG_VI_New_raw_data_update_final.xlsx"
    sheets = {name: pd.read_excel(path, sheet_name=name, engine="calamine") for name in ("Transactions", "CustomerDemographic")}
    sold, known = sheets["Transactions"], sheets["CustomerDemographic"]
    lines = pd.DataFrame({
        "order_id": sold["transaction_id"].astype(str),
        "customer_id": sold["customer_id"].astype(str),
        "ordered_at": sold["transaction_date"].dt.date,
        "amount": sold["list_price"],
        "category": sold["product_line"],
        "channel": sold["online_order"].map({1: "online", 0: "store"}),
        "cancelled": sold["order_status"] == "Cancelled",
    })  # fmt: skip
    made = history(arrow(lines), date(2017, 12, 31), "Australia/Sydney")
    kept = lines[~lines["cancelled"]]
    found = by_customer(made)
    assert found["orders"].sum() == len(kept) == 19_821
    np.testing.assert_allclose(found["online_share"].fillna(-1), kept.groupby("customer_id")["channel"].apply(online).fillna(-1))
    assert found["categories"].between(1, 4).sum() > 3400
    assert found["items"].isna().all()
    joined = Joined(write_buckets(made, 2, tmp_path), 2)
    ids = pa.array(known["customer_id"].astype(str))
    done, counts = joined.apply(Batch.supplied(pa.table({"customer_id": ids}), np.arange(len(ids))))
    assert counts["matched"] == len(set(ids.to_pylist()) & set(kept["customer_id"]))
    assert counts["matched"] + counts["unmatched"] == 4000
    assert done.table["items"].null_count == 4000


def online(channels: pd.Series[str]) -> float:
    return float((channels.dropna() == "online").mean())
