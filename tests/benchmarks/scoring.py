"""Scoring and gates by themselves: ``python -m tests.benchmarks.scoring RESEARCH.parquet ROWS`` prints CPU seconds as JSON.

A model is fitted on the research table; as many rows as wanted are then drawn from it. Drawn, not repeated in order: the processor would
learn the order of the rows, and with it every branch of every tree. Each figure is the median of three.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.layout import layout
from contracts.profile import profile
from flows.drift import compare
from flows.drift_gates import drift_gates
from flows.limits import Limits
from models.estimator import fit
from models.inputs import Input

LABEL, KEY = "repurchased", "customer_id"


def main(research: str, rows: int) -> None:
    """Measure and print."""
    panel = pq.read_table(research)
    text = [field.name for field in panel.schema if pa.types.is_string(field.type)]
    names = [name for name in panel.column_names if name not in (LABEL, KEY)]
    panel = panel.select([*names, LABEL])
    inputs = [Input(name, "category" if name in text else "number") for name in names]
    model = fit(panel, pc.cast(panel.column(LABEL), pa.int8()).to_numpy(), inputs, seed=1)
    edges = layout(panel, {given.name: given.kind for given in inputs})
    reference = profile(panel, edges)
    table = panel.take(pa.array(np.random.default_rng(1).integers(0, panel.num_rows, rows)))
    ready = model.matrix(table).values
    bare, probabilities = timed(lambda: model.estimator.predict_proba(ready)[:, 1])
    score, found = timed(lambda: model.score(table))
    assert np.array_equal(found.scores, probabilities)
    titles = {name: name for name in names}
    gates, judged = timed(lambda: drift_gates(compare(reference, profile(table, edges), titles, Limits()), Limits()))
    assert judged
    print(json.dumps({"bare": bare, "score": score, "gates": gates}))


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds, the median of three runs, and outcome."""
    spent = []
    for _ in range(3):
        before = process_time()
        outcome = act()
        spent.append(process_time() - before)
    return median(spent), outcome


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
