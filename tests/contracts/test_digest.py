"""Hashes are the same on every machine, on every day, and however a column is stored."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.digest import canonical_json, key_hash, sha256_bytes, sha256_file, sha256_json

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
)


@given(JSON)
def test_one_text_for_one_value(value: object) -> None:
    text = canonical_json(value)
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


def test_the_order_of_keys_does_not_matter() -> None:
    assert sha256_json({"a": 1, "b": [1, {"d": 2, "c": 3}]}) == sha256_json({"b": [1, {"c": 3, "d": 2}], "a": 1})
    assert sha256_json({"a": 1}) != sha256_json({"a": 1.5})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"a": {1, 2}}])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical_json(value)


def test_files(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    (tmp_path / "a").write_bytes(data)
    assert sha256_file(tmp_path / "a") == sha256_bytes(data) == hashlib.sha256(data).hexdigest()


def test_known_hashes_of_keys_never_change() -> None:
    """Accepted tables on disk are partitioned by these numbers."""
    keys = ["", "a", "K-100-2003", "12345678", "123456789", "Müller", "x" * 40]
    assert key_hash(pa.array(keys)).tolist() == KNOWN


KNOWN = [
    15452995758062724585, 9400028492523343547, 13663596480561415382, 11329458450610847101,
    12935177744409172121, 11289479782692253308, 15052530761042829428,
]  # fmt: skip

TEXTS = st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=30)


@given(TEXTS, st.integers(0, 3))
def test_storage_does_not_matter(texts: list[str | None], cut: int) -> None:
    plain = pa.array(texts, pa.string())
    hashes = key_hash(plain).tolist()
    padded = pa.array(["xyz"] * cut + texts + ["xyz"], pa.string()).slice(cut, len(texts))
    chunks = pa.chunked_array([plain.slice(0, cut), plain.slice(cut)])
    for other in (plain.cast(pa.large_string()), padded, plain.dictionary_encode(), chunks):
        assert key_hash(other).tolist() == hashes


@given(TEXTS)
def test_equal_texts_have_equal_hashes_and_others_not(texts: list[str | None]) -> None:
    hashes = key_hash(pa.array(texts, pa.string())).tolist()
    known: dict[str, int] = {}
    for text, number in zip(texts, hashes, strict=True):
        assert known.setdefault(text or "", number) == number
    assert len(set(known.values())) == len(known)


def test_hashes_spread() -> None:
    """Running numbers fill buckets evenly, by their first bits too."""
    hashes = key_hash(pa.array([f"K{n:07d}" for n in range(40_000)]))
    assert len(np.unique(hashes)) == 40_000
    counts = np.bincount((hashes >> np.uint64(60)).astype(int), minlength=16)
    assert counts.min() > 2300
    assert counts.max() < 2700


def test_no_keys() -> None:
    assert len(key_hash(pa.array([], pa.string()))) == len(key_hash(pa.chunked_array([], pa.string()))) == 0
