"""The plain way of a whole delivery: both files, features of the order lines, fills, gradient boosting, CSV and Parquet.

::

    python tests/benchmarks/plain_delivery.py train RESEARCH.parquet MODEL
    python tests/benchmarks/plain_delivery.py deliver CUSTOMERS.csv ORDERS.csv MODEL FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import joblib  # type: ignore[import-untyped]
import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier

from tests.benchmarks.plain import FEEDS, take_in

BOOSTING = {"max_iter": 100, "learning_rate": 0.08, "max_leaf_nodes": 15, "l2_regularization": 5.0, "early_stopping": False}
WORDS = ("gender", "region", "segment", "preferred_channel", "education", "marital_status", "occupation")
BANDS = (("very high", 0.1), ("high", 0.3), ("medium", 0.7), ("low", 1.0))


def train(panel: pd.DataFrame, model: Path) -> None:
    """A calibrated model of the research table, and the codes of its words."""
    inputs = panel.drop(columns=["customer_id", "repurchased"])
    codes = {name: {word: n for n, word in enumerate(inputs[name].value_counts().index)} for name in WORDS}
    boosting = HistGradientBoostingClassifier(random_state=1, **BOOSTING)
    fitted = CalibratedClassifierCV(boosting, method="sigmoid", ensemble=False, cv=3).fit(matrix(inputs, codes), panel["repurchased"])
    joblib.dump((fitted, list(inputs.columns), codes), model)


def matrix(inputs: pd.DataFrame, codes: dict[str, dict[str, int]]) -> np.ndarray:
    """Numbers for all inputs; a word is its code."""
    return np.column_stack([(inputs[name].map(codes[name]) if name in codes else inputs[name]).astype(float) for name in inputs])


def features(lines: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """One row per customer: what the lines up to a day say."""
    lines = lines[lines["ordered_at"] <= as_of]
    bought, recent = lines[lines["quantity"] > 0], lines[lines["ordered_at"] > as_of - pd.Timedelta(days=90)]
    bought = bought.assign(online=bought["channel"].isin(("online", "app")))
    orders = bought.groupby(["customer_id", "order_id"], as_index=False).agg(
        day=("ordered_at", "min"), amount=("amount", "sum"), online=("online", "max")
    )
    found = lines.groupby("customer_id").agg(spend=("amount", "sum"), categories=("category", "nunique"))
    per = orders.groupby("customer_id")
    found["orders"], found["mean_basket"], found["online_share"] = per.size(), per["amount"].mean(), per["online"].mean()
    found["items"] = bought.groupby("customer_id")["quantity"].sum()
    found["returns"] = -lines[lines["quantity"] < 0].groupby("customer_id")["quantity"].sum()
    found["recency_days"], found["tenure_days"] = (as_of - per["day"].max()).dt.days, (as_of - per["day"].min()).dt.days
    days = per["day"].nunique()
    found["mean_gap_days"] = (found["tenure_days"] - found["recency_days"]) / (days - 1).where(days > 1)
    found["orders_90"] = recent[recent["quantity"] > 0].groupby("customer_id")["order_id"].nunique()
    found["spend_90"] = recent.groupby("customer_id")["amount"].sum()
    return found


def prepared(customers: pd.DataFrame, found: pd.DataFrame, as_of: pd.Timestamp, inputs: list[str]) -> pd.DataFrame:
    """Customers with every input: derived, joined, filled, or empty."""
    table = customers.merge(found, how="left", left_on="customer_id", right_index=True)
    counted = ["orders", "spend", "items", "returns", "orders_90", "spend_90", "categories"]
    table[counted] = table[counted].fillna(0)
    table["age"] = (as_of - table["birth_date"]).dt.days // 365.25
    table["signup_days"] = (as_of - table["signup_date"]).dt.days
    table["income"] = table["income"].fillna(table.groupby("segment")["income"].transform("median")).fillna(table["income"].median())
    place = table["postcode"].str[:2]
    usual = table.assign(place=place).value_counts(["place", "region"]).reset_index().drop_duplicates("place").set_index("place")["region"]
    table["region"] = table["region"].fillna(place.map(usual))
    table["marketing_consent"] = table["marketing_consent"].astype(float)
    return table.reindex(columns=["customer_id", *inputs])


def deliver(customers: Path, orders: Path, model: Path, out: Path) -> None:
    """From two files to scores."""
    take_in(FEEDS["customers"], customers, out / "customers")
    take_in(FEEDS["transactions"], orders, out / "transactions")
    table, lines = (pd.read_parquet(out / name / "accepted.parquet") for name in ("customers", "transactions"))
    fitted, inputs, codes = joblib.load(model)
    as_of = pd.Timestamp(max(lines["ordered_at"].max(), table["last_order_date"].max()))
    ready = prepared(table, features(lines, as_of), as_of, inputs)
    scores = ready[["customer_id"]].assign(score=fitted.predict_proba(matrix(ready[inputs], codes))[:, 1])
    scores["rank"] = scores["score"].rank(method="first", ascending=False).astype(int)
    edges, words = [0.0, *(share for _, share in BANDS)], [word for word, _ in BANDS]
    scores["band"] = pd.cut(scores["rank"] / len(scores), edges, labels=words).astype(str)
    scores.sort_values("rank").to_csv(out / "scores.csv", index=False, sep=";", decimal=",")
    scores.to_parquet(out / "scores.parquet", compression="zstd")


if __name__ == "__main__":
    if sys.argv[1] == "train":
        train(pd.read_parquet(sys.argv[2]), Path(sys.argv[3]))
    else:
        deliver(*(Path(word) for word in sys.argv[2:6]))
