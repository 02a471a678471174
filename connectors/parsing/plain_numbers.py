"""Plain numbers, of digits with at most one decimal mark, a whole column at once on its bytes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors.parsing.cells import Mask, Whole, layout

LONGEST = 18
LARGEST = 2.0**53


def plain(values: pa.Array, decimal: str) -> tuple[npt.NDArray[np.float64], Mask]:
    """Numbers of digits with at most one decimal mark and a minus before them; the mask says which texts are such.

    A number of at most 18 digits is read as a whole number and divided by a power of ten. Both are exact in floating point up to 2**53
    and 10**22, so the quotient is the nearest one; longer ones are left to `number_of`.

    Examples
    --------
    >>> plain(pa.array(["-12,50", "1.2", ""]), ",")
    (array([-12.5,   0. ,   0. ]), array([ True, False, False]))
    """
    data, start, length = layout(values)
    result, fine = np.zeros(len(values)), np.zeros(len(values), bool)
    rows = np.flatnonzero((length > 0) & (length <= LONGEST))
    if not len(rows):
        return result, fine
    value, ok = _digits(data, start[rows], length[rows], ord(decimal))
    result[rows], fine[rows] = np.where(ok, value, 0.0), ok
    return result, fine


def _digits(data: npt.NDArray[np.uint8], start: Whole, length: Whole, mark: int) -> tuple[npt.NDArray[np.float64], Mask]:
    count = len(start)
    total, behind = np.zeros(count, np.int64), np.zeros(count, np.int8)
    minus = data[start] == ord("-")
    ok, marked, digit = np.ones(count, bool), np.zeros(count, bool), np.zeros(count, bool)
    last = len(data) - 1
    for position in range(int(length.max())):
        inside = length > position
        byte = data[np.minimum(start + position, last)]
        number = byte - 48  # wraps below the digits
        digit_here = (number < 10) & inside
        total = np.where(digit_here, total * 10 + number, total)
        behind += digit_here & marked
        mark_here = (byte == mark) & inside
        ok &= digit_here | ~inside | (mark_here & digit & ~marked) | (minus if position == 0 else False)
        marked |= mark_here
        digit |= digit_here
    ok &= digit & ~(marked & (behind == 0)) & (total < LARGEST)
    return np.where(minus, -total, total) / 10.0**behind, ok
