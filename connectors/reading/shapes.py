"""What the cells of a column look like, without what they say: letters as a and A, digits as 9."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

LONGEST = 24
"""Signs of a shape; what goes beyond is cut, and the last one is an ellipsis."""
LOOKED_AT = 200
"""Signs of a cell that count."""
PIECE = 1 << 16
"""Cells looked at together."""
_CUT = 0x1A
"""Stands for the ellipsis until the shapes are few."""

Codes = npt.NDArray[Any]


def shape_counts(texts: pa.Array) -> dict[str, int]:
    """Cells by shape; null has none.

    Runs of small letters are cut to two, runs of capitals and of other signs to three; digits are all kept, so that a postcode that has
    lost its zero shows.

    Parameters
    ----------
    texts : pyarrow string array

    Examples
    --------
    >>> shape_counts(pa.array(["Ute", "Käthe", "80331", "", None, "2024-05-01", "a@example.org"]))
    {'Aaa': 2, '99999': 1, '': 1, '9999-99-99': 1, 'a@aa.aa': 1}
    """
    counts: dict[str, int] = {}
    for first in range(0, len(texts), PIECE):
        piece = texts.slice(first, PIECE)
        found = pc.value_counts(_shapes(piece.drop_null()))
        for shape, count in zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True):
            name = shape.replace(chr(_CUT), "…")
            counts[name] = counts.get(name, 0) + count
    return counts


def _shapes(texts: pa.Array) -> pa.Array:
    if not len(texts):
        return pa.array([], pa.string())
    if pc.max(pc.binary_length(texts)).as_py() > LOOKED_AT:
        texts = pc.utf8_slice_codeunits(texts, 0, LOOKED_AT)
    codes, bounds = _codes(texts)
    keep = ~_in_long_run(codes, bounds)
    bounds = np.concatenate(([0], np.cumsum(keep)))[bounds]
    codes, bounds = _cut(codes[keep], bounds)
    return _texts(codes, bounds)


def _codes(texts: pa.Array) -> tuple[Codes, npt.NDArray[np.int64]]:
    """The class of every sign, one byte each where all cells are ASCII, and where each cell begins and ends."""
    _, offsets, values = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    data = memoryview(values)[bounds[0] : bounds[-1]] if values is not None else memoryview(b"")
    octets = np.frombuffer(data, np.uint8)
    if not len(octets) or octets.max() < 0x80:
        return _ASCII[octets], bounds - bounds[0]
    signs = np.frombuffer(str(data, "utf-8").encode("utf-32-le"), np.uint32)
    wide, where = np.unique(signs, return_inverse=True)
    lengths = pc.utf8_length(texts).to_numpy()
    return np.array([_class(code) for code in wide.tolist()], np.uint32)[where], np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))


def _class(code: int) -> int:
    sign = chr(code)
    if sign.isdigit():
        return ord("9")
    if sign.isupper():
        return ord("A")
    if sign.isalpha() or unicodedata.category(sign)[0] == "M":
        return ord("a")
    return ord(" ") if sign.isspace() else code


_ASCII = np.array([_class(code) for code in range(128)], np.uint8)


def _in_long_run(codes: Codes, bounds: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Signs that go on a run for longer than is shown."""
    again = np.zeros(len(codes), bool)
    again[1:] = codes[1:] == codes[:-1]
    starts = bounds[:-1]
    again[starts[starts < bounds[1:]]] = False
    third = again & _before(again)
    fourth = third & _before(_before(again))
    found: npt.NDArray[np.bool_] = np.where(codes == ord("a"), third, fourth) & (codes != ord("9"))
    return found


def _before(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    return np.concatenate(([False], flags[:-1]))


def _cut(codes: Codes, bounds: npt.NDArray[np.int64]) -> tuple[Codes, npt.NDArray[np.int64]]:
    lengths = np.diff(bounds)
    if not len(lengths) or lengths.max() <= LONGEST:
        return codes, bounds
    place = np.arange(len(codes)) - np.repeat(bounds[:-1], lengths)
    codes = codes.copy()
    codes[bounds[:-1][lengths > LONGEST] + LONGEST - 1] = _CUT
    return codes[place < LONGEST], np.concatenate(([0], np.cumsum(np.minimum(lengths, LONGEST))))


def _texts(codes: Codes, bounds: npt.NDArray[np.int64]) -> pa.Array:
    if codes.dtype != np.uint8:
        size = 1 + (codes >= 0x80).astype(np.int64) + (codes >= 0x800) + (codes >= 0x10000)
        bounds = np.concatenate(([0], np.cumsum(size)))[bounds]
        data = codes.tobytes().decode("utf-32-le").encode("utf-8")
    else:
        data = codes.tobytes()
    return pa.Array.from_buffers(pa.string(), len(bounds) - 1, [None, pa.py_buffer(bounds.astype(np.int32).tobytes()), pa.py_buffer(data)])
