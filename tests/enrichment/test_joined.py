"""Joining histories to customers, bucket by bucket."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.batch import Batch, concat
from contracts.digest import key_hash
from contracts.errors import RunError
from contracts.origin import Origin
from enrichment.history import COUNTED, FEATURES, HISTORY
from enrichment.joined import Joined, bucket_of, write_buckets

IDS = [f"{number}" for number in range(40)]


def histories(ids: list[str], **other: list[float | None]) -> pa.Table:
    """A row per customer whose orders are its number."""
    columns = {name: pa.array([int(one) for one in ids], HISTORY.field(name).type) for name in FEATURES}
    return pa.table(
        {"customer_id": pa.array(ids, pa.string()), **columns} | {n: pa.array(v, HISTORY.field(n).type) for n, v in other.items()}
    )


def customers(ids: list[str], **other: list[object]) -> Batch:
    return Batch.supplied(pa.table({"customer_id": pa.array(ids, pa.string()), **other}), np.arange(len(ids)) * 3 + 1)


def test_a_bucket_is_the_first_bits_of_the_hash() -> None:
    keys = pa.array(IDS)
    assert bucket_of(keys, 3).tolist() == [int(found) >> 61 for found in key_hash(keys)]
    assert set(bucket_of(keys, 3).tolist()) == set(range(8))


@pytest.mark.parametrize("bits", [0, 1, 3])
def test_every_customer_gets_its_own_row(tmp_path: Path, bits: int) -> None:
    step = Joined(write_buckets(histories(IDS[:30]), bits, tmp_path), bits)
    asked = ["7", "35", "7", "0", "29", "x"]
    done, counts = step.apply(customers(asked))
    assert done.table["orders"].to_pylist() == [7, 0, 7, 0, 29, 0]
    assert done.table["recency_days"].to_pylist() == [7.0, None, 7.0, 0.0, 29.0, None]
    assert (counts["matched"], counts["unmatched"]) == (4, 2)
    for name in FEATURES:
        assert done.table.column(name).type == HISTORY.field(name).type
        gap = Origin.DERIVED if name in COUNTED else Origin.ABSENT
        assert done.origins[name].tolist() == [Origin.DERIVED, gap, Origin.DERIVED, Origin.DERIVED, Origin.DERIVED, gap]


def test_a_feature_that_the_lines_never_tell_is_not_zero(tmp_path: Path) -> None:
    nothing: list[float | None] = [None] * 4
    step = Joined(write_buckets(histories(IDS[:4], spend=nothing, items=[None, None, None, 5.0]), 2, tmp_path), 2)
    done = step.transform(customers(["0", "x"]))
    assert done.table["spend"].to_pylist() == [None, None]
    assert done.table["items"].to_pylist() == [None, 0.0]


def test_what_the_client_sent_stays(tmp_path: Path) -> None:
    step = Joined(write_buckets(histories(IDS), 1, tmp_path), 1, ("orders",))
    done = step.transform(customers(["3", "4", "x"], orders=pa.array([99, None, 98], pa.int64())))
    assert done.table["orders"].to_pylist() == [99, 4, 98]
    assert done.origins["orders"].tolist() == [Origin.SUPPLIED, Origin.DERIVED, Origin.SUPPLIED]


def test_an_outcome_may_be_joined_too_and_is_unknown_without_lines(tmp_path: Path) -> None:
    table = histories(IDS[:3]).append_column("repurchased", pa.array([True, False, True]))
    done = Joined(write_buckets(table, 0, tmp_path), 0, (*FEATURES, "repurchased")).transform(customers(["1", "2", "x"]))
    assert done.table["repurchased"].to_pylist() == [False, True, None]


@pytest.mark.parametrize(("own", "verdict"), [(0, "held"), (39, "held"), (50, "refuted")])
def test_the_clients_own_number_of_orders_is_evidence(tmp_path: Path, own: int, verdict: str) -> None:
    step = Joined(write_buckets(histories(IDS), 1, tmp_path), 1)
    mine = [min(own, int(one)) if own < 40 else own for one in IDS]
    _, counts = step.apply(customers(IDS, order_count=pa.array(mine, pa.int64())))
    found = step.judged(counts)[0]
    assert (found.verdict, found.evidence["customers with lines"], found.evidence["compared"]) == (verdict, 40, 40)
    assert step.assumptions()[0].verdict == "untested"


def test_keys_that_never_match_refute_the_join(tmp_path: Path) -> None:
    step = Joined(write_buckets(histories(IDS), 1, tmp_path), 1)
    _, counts = step.apply(customers([f"{one}.0" for one in IDS]))
    assert step.judged(counts)[0].verdict == "refuted"
    _, counts = step.apply(customers(IDS[:5]))
    assert step.judged(counts)[0].verdict == "untested"


def test_files_that_are_missing(tmp_path: Path) -> None:
    step = Joined(write_buckets(histories(IDS), 2, tmp_path), 2)
    with pytest.raises(RunError, match="JOIN-BUCKETS"):
        replace(step, bits=1).transform(customers(["1"]))
    step.paths[2].unlink()
    with pytest.raises(RunError, match="JOIN-BUCKETS"):
        step.transform(customers(["1"]))


def test_no_histories_and_no_customers(tmp_path: Path) -> None:
    step = Joined(write_buckets(histories([]), 2, tmp_path), 2)
    done = step.transform(customers(["1"]))
    assert done.table["orders"].to_pylist() == [None]
    assert step.transform(customers([])).rows == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*IDS, "x", "y", ""]), max_size=60), st.integers(0, 60), st.integers(0, 3))
def test_parts_join_as_the_whole(tmp_path: Path, asked: list[str], cut: int, bits: int) -> None:
    step = Joined(write_buckets(histories(IDS[::2]), bits, tmp_path), bits)
    whole = customers(asked)
    done = step.transform(whole)
    parts = concat([step.transform(whole.take(rows)) for rows in np.split(np.arange(len(asked)), [cut])])
    assert done.table.equals(parts.table.combine_chunks())
    assert all((done.origins[name] == parts.origins[name]).all() for name in done.origins)
    assert (done.row_ids == whole.row_ids).all()
    assert done.table["customer_id"].to_pylist() == asked
    assert done.table["orders"].to_pylist() == [int(one) if one in IDS[::2] else 0 for one in asked]
