"""Repeats are found the same way however many hashes are looked at together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from connectors import repeats
from contracts.digest import key_hash


def spilled(folder: Path, keys: list[list[str]]) -> list[Path]:
    """Hashes of some partitions' keys, on disk."""
    paths = [folder / f"part-{n}.npy" for n in range(len(keys))]
    for path, part in zip(paths, keys, strict=True):
        repeats.spill(key_hash(pa.array(part, pa.string())), np.arange(len(part)), path)
    return paths


def invented(parts: int, rows: int, repeated: float) -> list[list[str]]:
    """Keys of some partitions; a share of them comes more than once."""
    draws = np.random.default_rng(11)
    kinds = int(parts * rows * (1 - repeated))
    return [[f"k{n}" for n in draws.integers(0, kinds, rows)] for _ in range(parts)]


@pytest.mark.parametrize(("span", "together"), [(10**9, 10**9), (700, 100), (64, 1)])
def test_candidates_are_the_rows_whose_key_comes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, span: int, together: int) -> None:
    monkeypatch.setattr(repeats, "RANGE", span)
    monkeypatch.setattr(repeats, "TOGETHER", together)
    keys = invented(3, 1000, 0.5)
    groups = list(repeats.candidates(spilled(tmp_path, keys)))
    found = [(part, row) for parts, rows in groups for part, row in zip(parts.tolist(), rows.tolist(), strict=True)]
    counts = {key: sum(part.count(key) for part in keys) for part in keys for key in part}
    assert sorted(found) == [(n, row) for n, part in enumerate(keys) for row, key in enumerate(part) if counts[key] > 1]
    of_group = [{keys[part][row] for part, row in zip(parts.tolist(), rows.tolist(), strict=True)} for parts, rows in groups]
    assert sum(map(len, of_group)) == len(set().union(*of_group)), "a key was torn apart"
    assert len(groups) == 1 or span < 10**9


def test_without_repeats_there_is_nothing_to_look_at(tmp_path: Path) -> None:
    assert list(repeats.candidates(spilled(tmp_path, [["a", "b"], [], ["c"]]))) == []
    assert list(repeats.candidates(spilled(tmp_path, [[], []]))) == []


@pytest.mark.parametrize("span", [10**9, 50])
def test_positions_count_within_groups_over_partitions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, span: int) -> None:
    monkeypatch.setattr(repeats, "RANGE", span)
    keys = invented(3, 200, 0.8)
    found = repeats.positions(spilled(tmp_path, keys), [len(part) for part in keys])
    seen: dict[str, int] = {}
    for part, numbers in zip(keys, found, strict=True):
        for key, number in zip(part, numbers.tolist(), strict=True):
            seen[key] = seen.get(key, 0) + 1
            assert number == seen[key]
