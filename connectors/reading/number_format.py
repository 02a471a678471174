"""Numbers that a sheet shows as codes: a format such as ``00000`` shows 1003 as 01003, and the code is what was meant."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.reading.block import TEXT
from connectors.reading.chaff import flags

Codes: TypeAlias = dict[str, dict[int, "array[int]"]]
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


def coded(table: pa.Table, start: Sequence[int], codes: Codes) -> pa.Table:
    """A sheet's cells with codes as it shows them, as text: their zeros are no part of the numbers stored.

    Parameters
    ----------
    table : pyarrow.Table
        For each column of the sheet's used area its text and the kind of each cell.
    start : sequence of int
        Row and column of the used area, from 0.
    codes : Codes

    Examples
    --------
    >>> sheet = pa.table({"text 0": ["zip", "1003"], "kind 0": pa.array([0, 1], pa.uint8())})
    >>> coded(sheet, (0, 0), {"00000": {1: array("i", [2])}}).to_pydict()
    {'text 0': ['zip', '01003'], 'kind 0': [0, 0]}
    """
    for template, columns in codes.items():
        for number, rows in columns.items():
            at, index = 2 * (number - 1 - start[1]), np.unique(np.array(rows, np.int64) - 1 - start[0])
            index = index[(index >= 0) & (index < table.num_rows)]
            if 0 <= at < table.num_columns and len(index):
                table = _replaced(table, at, index, template)
    return table


def _replaced(table: pa.Table, at: int, index: np.ndarray[tuple[int], np.dtype[np.int64]], template: str) -> pa.Table:
    texts, kinds = (table.column(j).combine_chunks() for j in (at, at + 1))
    found = shown(texts.take(pa.array(index)), template)
    changed = np.zeros(len(texts), bool)
    changed[index[flags(found.is_valid())]] = True
    mask = pa.array(changed)
    table = table.set_column(at, table.field(at), pc.replace_with_mask(texts, mask, found.drop_null()))
    return table.set_column(at + 1, table.field(at + 1), pc.if_else(mask, pa.scalar(TEXT, pa.uint8()), kinds))
