"""Numbers that a sheet shows as codes: a format such as ``00000`` shows 1003 as 01003, and the code is what was meant."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Rows: TypeAlias = "array[int]"
Codes: TypeAlias = dict[str, dict[int, Rows]]
"""By mask, by column from 1: the rows, from 1, of the cells that have it."""

LONGEST = 15
"""Digits that a number in a workbook has at most."""

_PIECE = re.compile(r"0+|\\(.)|\"([^\"]*)\"|([-: ()])")


def mask(code: str) -> str | None:
    """What a format shows of a whole number, a 0 for each digit; None for a format that does more than fill up with zeros.

    Examples
    --------
    >>> mask("00000"), mask("000-00-0000"), mask('00000\\\\-0000;@'), mask("0"), mask("0.00"), mask("#,##0"), mask("00/00")
    ('00000', '000-00-0000', '00000-0000', None, None, None, None)
    """
    first, found, at = code.split(";")[0].strip(), "", 0
    while at < len(first):
        piece = _PIECE.match(first, at)
        if piece is None:
            return None
        literal = next((part for part in piece.groups() if part is not None), None)
        if literal is not None and any(sign.isdigit() for sign in literal):
            return None
        found, at = found + (piece[0] if literal is None else literal), piece.end()
    return found if 2 <= found.count("0") <= LONGEST else None


def masks(codes: Mapping[int, str], styles: Iterable[int]) -> dict[int, str]:
    """Mask by number of a style, of those that have one.

    Parameters
    ----------
    codes : mapping of int to str
        Format by its number.
    styles : iterable of int
        Number of the format of each style, in order.

    Examples
    --------
    >>> masks({164: "00000", 165: "0.0"}, [0, 164, 165, 164])
    {1: '00000', 3: '00000'}
    """
    known = {number: found for number, code in codes.items() if (found := mask(code)) is not None}
    return {style: known[number] for style, number in enumerate(styles) if number in known} if known else {}


def note(codes: Codes, template: str, column: int, row: int, times: int = 1) -> None:
    """Keep that a cell, and as many below it, have a mask."""
    codes.setdefault(template, {}).setdefault(column, array("i")).extend(range(row, row + times))


def shown(texts: pa.Array, template: str) -> pa.Array:
    """Whole numbers as a mask shows them; null for what it changes nothing of.

    Examples
    --------
    >>> shown(pa.array(["1003", "123456", "1.5", "-7", None]), "00000").to_pylist()
    ['01003', None, None, None, None]
    >>> shown(pa.array(["78051120", "123"]), "000-00-0000").to_pylist()
    ['078-05-1120', '000-00-0123']
    """
    count = template.count("0")
    plain = pc.match_substring_regex(texts, f"^[0-9]{{1,{count}}}$")
    filled = pc.utf8_lpad(pc.if_else(plain, texts, None), count, "0")
    if template == "0" * count:
        return pc.if_else(pc.equal(filled, texts), None, filled)
    parts: list[pa.Array | str] = []
    at = 0
    for piece in re.findall("0+|[^0]+", template):
        digits = len(piece) if piece[0] == "0" else 0
        parts.append(pc.utf8_slice_codeunits(filled, at, at + digits) if digits else piece)
        at += digits
    return pc.binary_join_element_wise(*parts, "")
