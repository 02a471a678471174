"""Free text: blanks at the edges, control characters, mojibake. Everything else stays as it is."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Mask, Parsed, Whole, layout, mended, owners

ODD = "\u00a0\u200b\ufeff\u2007\u202f\u200e\u200f\u00ad"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
LATIN = "\u017f"
"""The last of the letters that one pair of bytes is believed to be; of others two must come together: ``Spaß“`` is no mojibake."""
_PUNCTUATION = "‚„“”‘’–—…•‹›€™"
_UNDEFINED = {chr(byte): byte for byte in range(0x80, 0xA0)}
"""Bytes that cp1252 does not define, and Latin-1 not as signs; programs read them as themselves."""


def parse(values: pa.Array, nulls: frozenset[str]) -> Parsed:
    """Text as text: trimmed, one blank for control characters, mojibake mended; null words become null.

    Examples
    --------
    >>> parsed = parse(pa.array([" Ute ", "MÃ¼ller", "n/a", None, "A\\nB"]), frozenset({"n/a"}))
    >>> parsed.values.to_pylist(), parsed.repaired.tolist()
    (['Ute', 'Müller', None, None, 'A B'], [False, True, False, False, True])
    """
    values, repaired = tidy(values)
    empty = vacant(values, nulls)
    if empty.any():
        values = pc.if_else(pa.array(empty), pa.scalar(None, values.type), values)
        repaired &= ~empty
    return Parsed(values, np.zeros(len(values), bool), repaired, "text")


def vacant(values: pa.Array, nulls: frozenset[str]) -> Mask:
    """Cells that hold nothing: no text, or one of the null words in the same case."""
    words = pa.array(sorted({"", *nulls}), values.type)
    found: Mask = pc.is_in(values, value_set=words).to_numpy(zero_copy_only=False)
    return found


def tidy(values: pa.Array) -> tuple[pa.Array, Mask]:
    """Blanks at the edges go; control characters and mojibake are mended, and the mask says where."""
    data, start, length = layout(values)
    if not len(data):
        return values, np.zeros(len(values), bool)
    values, _ = mended(values, _edges(data, start, length), trim)
    low, high = (data < 32).any() or (data == 0x7F).any(), (data >= 0x80).any()
    if not (low or high):
        return values, np.zeros(len(values), bool)
    return _inner(values, bool(high))


def _edges(data: np.ndarray, start: Whole, length: Whole) -> Whole:
    """Texts that may begin or end with a blank of any kind."""
    full = np.flatnonzero(length > 0)
    first, last = data[start[full]], data[start[full] + length[full] - 1]
    ends_odd = np.isin(last, (0xA0, 0xAD, 0x8B, 0x8E, 0x8F, 0x87, 0xAF, 0xBF))
    rows: Whole = full[(first <= 32) | (last <= 32) | np.isin(first, (0xC2, 0xE2, 0xEF)) | ends_odd]
    return rows


def trim(text: str) -> str:
    """Without blanks of any kind at the edges."""
    return text.strip().strip(ODD + " \t\r\n")


def _inner(values: pa.Array, high: bool) -> tuple[pa.Array, Mask]:
    data, start, length = layout(values)
    low = owners(np.flatnonzero((data < 32) | (data == 0x7F)), start, length)
    values, changed = mended(values, low, lambda text: _CONTROL.sub(" ", text).strip())
    if high:
        data, start, length = layout(values)
        # Â to ô as UTF-8 (C3 82 to C3 B4), and another sign beyond ASCII behind it: an ordinary text has that very rarely.
        lead = (data[:-2] == 0xC3) & (data[1:-1] >= 0x82) & (data[1:-1] <= 0xB4) & (data[2:] >= 0xC2)
        values, mended_too = mended(values, owners(np.flatnonzero(lead), start, length), unscrambled)
        data, start, length = layout(values)
        # What is still a control character beyond ASCII (C2 80 to C2 9F as UTF-8) is no sign of any text.
        odd = (data[:-1] == 0xC2) & (data[1:] >= 0x80) & (data[1:] <= 0x9F)
        values, blanked = mended(values, owners(np.flatnonzero(odd), start, length), lambda text: _CONTROL.sub(" ", text).strip())
        changed |= mended_too | blanked
    return values, changed


def unscrambled(text: str) -> str:
    """UTF-8 that was read as cp1252, once or more often, put right; other text as it is.

    Examples
    --------
    >>> unscrambled("SchÃ¶n"), unscrambled("GrÃƒÂ¼n"), unscrambled("Ângström"), unscrambled("ÂµÃŸ§")
    ('Schön', 'Grün', 'Ângström', 'ÂµÃŸ§')
    """
    while True:
        better = _BEYOND.sub(_decoded, text)
        if len(better) >= len(text):
            return text
        text = better


def _decoded(run: re.Match[str]) -> str:
    try:
        fixed = b"".join(_byte(sign) for sign in run.group()).decode("utf-8")
    except UnicodeError:
        return run.group()
    far = sum(sign > LATIN and sign not in _PUNCTUATION for sign in fixed)
    return run.group() if _CONTROL.search(fixed) or far == 1 else fixed


def _byte(sign: str) -> bytes:
    return bytes([_UNDEFINED[sign]]) if sign in _UNDEFINED else sign.encode("cp1252")
