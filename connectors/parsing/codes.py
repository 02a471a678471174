"""Codes: texts that name things. Zeros stay, long numbers stay, nothing is ever a number."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Parsed, Whole, flags, layout, mended, owners
from connectors.parsing.texts import tidy, unmarked, vacant

SCIENTIFIC = r"^-?[0-9]([.,][0-9]+[eE][+]?[0-9]+|[eE][+][0-9]+)$"
"""A long number as a narrow column of a spreadsheet shows it; its last digits are lost. A bare ``1E5`` may be a code and stays."""
FLOATED = r"^[0-9]+\.0$"
"""A whole number that some program took for a real one."""
DOTTED = r"^[0-9]+\.[0-9]+$"


def parse(values: pa.Array, nulls: frozenset[str], *, floated: bool = True) -> Parsed:
    """Codes of a column; with `floated`, ``17850.0`` is 17850.

    Examples
    --------
    >>> parsed = parse(pa.array([" 00123", "17850.0", "1,0020E+11", "1E5", "'007", "", None]), frozenset())
    >>> parsed.values.to_pylist(), parsed.bad.tolist()
    (['00123', '17850', None, '1E5', '007', None, None], [False, False, True, False, False, False, False])
    """
    values, repaired = tidy(values)
    values, bared = mended(values, _marked(values), unmarked)
    repaired |= bared
    data, _, _ = layout(values)
    bad = np.zeros(len(values), bool)
    if floated and (data == 0x2E).any():
        values = pc.if_else(pc.match_substring_regex(values, FLOATED), pc.utf8_slice_codeunits(values, 0, -2), values)
    marked = _with_exponent(values)
    bad[marked] = flags(pc.match_substring_regex(values.take(pa.array(marked)), SCIENTIFIC))
    empty = vacant(values, nulls)
    gone = bad | empty
    if gone.any():
        values = pc.if_else(pa.array(gone), pa.scalar(None, values.type), values)
    return Parsed(values, bad & ~empty, repaired & ~gone, "scientific")


def _marked(values: pa.Array) -> Whole:
    """Texts that begin with an apostrophe."""
    data, start, length = layout(values)
    full = np.flatnonzero(length > 0)
    found: Whole = full[data[start[full]] == ord("'")]
    return found


def _with_exponent(values: pa.Array) -> Whole:
    """Texts with a sign that a number with an exponent has."""
    data, start, length = layout(values)
    return owners(np.flatnonzero((data == 0x2B) | ((data | 0x20) == 0x65)), start, length)
