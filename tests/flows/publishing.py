"""Small runs and submissions, published without a pipeline."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.home import Home
from flows.opening import open_run
from flows.stored import Kind, Stored


def publish(home: Home, n: int, owner: tuple[str, str] = ("acme", "churn"), kind: Kind = "runs", replaces: str | None = None) -> Stored:
    with open_run(home, kind, owner, {"n": n}) as run:
        (run.work / "pack" / "client").mkdir(parents=True)
        (run.work / "pack" / "client" / "scores.csv").write_text(f"customer_id,score\n{n},0.5\n")
        (run.work / "drift.html").write_text("drawn")
        return run.publish(facts={"replaces": replaces}, loose=["drift.html"], now=datetime(2026, 1, n, tzinfo=UTC))
