"""Hashes of files, of JSON values and of keys."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


def canonical_json(value: Any) -> bytes:
    """The one JSON text of a value: sorted keys, no blanks, UTF-8.

    Examples
    --------
    >>> canonical_json({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256_bytes(data: bytes) -> str:
    """SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_json(value: Any) -> str:
    """SHA-256 of `canonical_json`."""
    return sha256_bytes(canonical_json(value))


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def key_hash(keys: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each text, the same on every machine; null hashes as the empty text.

    The texts are laid out in a matrix of eight-byte words, which are mixed one column at a time (multiply, rotate, xor). It spreads and
    finds candidates for equality; equality itself is decided on the texts.

    Examples
    --------
    >>> import pyarrow as pa
    >>> a, b, c = key_hash(pa.array(["x1", "x1", "1x"]))
    >>> bool(a == b), bool(a == c)
    (True, False)
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(keys, pa.ChunkedArray):
        keys = keys.combine_chunks()
    if isinstance(keys, pa.ChunkedArray):  # zero chunks stay chunked
        return np.zeros(0, dtype=np.uint64)
    if pa.types.is_dictionary(keys.type):
        if keys.null_count or not len(keys.dictionary):
            return key_hash(keys.cast(keys.type.value_type))
        hashed: npt.NDArray[np.uint64] = key_hash(keys.dictionary)[keys.indices.to_numpy(zero_copy_only=False)]
        return hashed
    texts = pc.fill_null(keys.cast(pa.large_string()), "")
    data, starts, lengths = _layout(texts)
    return _mixed(data, starts, lengths)


def _layout(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    import numpy as np

    _, offsets, values = texts.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64, count=len(texts) + 1, offset=texts.offset * 8) if len(texts) else np.zeros(1, np.int64)
    data = np.frombuffer(values, dtype=np.uint8) if values is not None else np.zeros(0, np.uint8)
    return data, bounds[:-1], np.diff(bounds)


def _mixed(
    data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    import numpy as np

    multiplier, shift = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)
    state = (lengths.astype(np.uint64) + np.uint64(1)) * multiplier
    padded = np.concatenate([data, np.zeros(8, np.uint8)])
    words = np.lib.stride_tricks.sliding_window_view(padded, 8)
    todo = np.flatnonzero(lengths > 0)
    position = 0
    while len(todo):
        rest = lengths[todo] - position
        word = np.ascontiguousarray(words[starts[todo] + position]).view(np.uint64).ravel()
        keep = np.where(rest >= 8, 8, rest).astype(np.uint64)
        word = np.where(keep == 8, word, word & ((np.uint64(1) << (keep * np.uint64(8))) - np.uint64(1)))
        mixed = (state[todo] ^ word) * multiplier
        state[todo] = mixed ^ (mixed >> shift)
        position += 8
        todo = todo[rest > 8]
    final = state * np.uint64(0xBF58476D1CE4E5B9)
    return final ^ (final >> np.uint64(32))
