"""Fields that know the outcome."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pytest

from models.inputs import Input
from models.leaks import alone_auc, leaks

LABEL = np.random.default_rng(1).random(4000) < 0.3


def test_a_field_that_tells_all_is_found_whatever_its_shape() -> None:
    chance = np.random.default_rng(2)
    table = pa.table(
        {
            "middle": np.where(LABEL, chance.normal(size=4000) / 10, chance.choice([-3, 3], 4000) + chance.normal(size=4000) / 10),
            "blank": pa.array(chance.normal(size=4000), mask=LABEL),  # known only where nothing happened
            "code": np.where(LABEL, "left", chance.choice(["a", "b"], 4000)),
            "honest": chance.normal(size=4000) + LABEL,
            "empty": pa.nulls(4000, pa.float64()),
        }
    )
    inputs = [Input(n, "category" if n == "code" else "number") for n in table.column_names]
    assert [(leak.name, leak.why) for leak in leaks(table, LABEL, inputs)] == [(n, "too good") for n in ("middle", "blank", "code")]
    declared = leaks(table, LABEL, inputs, declared={"honest", "empty"})
    assert [(leak.name, leak.why) for leak in declared[:2]] == [("honest", "declared"), ("empty", "declared")]
    assert 0.6 < declared[0].auc < 0.85
    assert np.isnan(declared[1].auc)


def test_noise_is_no_leak() -> None:
    chance = np.random.default_rng(3)
    table = pa.table({"n": chance.normal(size=4000), "c": [f"c{i}" for i in chance.integers(0, 150, 4000)]})
    assert leaks(table, LABEL, [Input("n", "number"), Input("c", "category")]) == ()


@pytest.mark.shared
def test_the_calls_duration_of_the_bank(shared: Path) -> None:
    path = shared / "data" / "bank-marketing" / "bank-full.csv"
    table = pa_csv.read_csv(path, parse_options=pa_csv.ParseOptions(delimiter=";"))
    label = np.array(table["y"].to_pylist()) == "yes"
    found = alone_auc(table, label, Input("duration", "number"))
    assert 0.78 < found < 0.86  # strong, but not by itself beyond belief: the connector has to declare it


@pytest.mark.parametrize("rows", [30, 60, 150, 201])
def test_a_column_of_a_small_file_does_not_know_the_outcome_by_heart(rows: int) -> None:
    chance = np.random.default_rng(4)
    label = chance.random(rows) < 0.3
    table = pa.table({"all different": chance.normal(size=rows), "months": chance.integers(1, 70, rows), "told": label * 5.0})
    assert [leak.name for leak in leaks(table, label, [Input(n, "number") for n in table.column_names])] == ["told"]
