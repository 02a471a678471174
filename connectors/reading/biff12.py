"""The records of an xlsb sheet, looked at as bytes: what it holds beside the values that a reader tells."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from connectors.reading import number_format
from connectors.reading.sight import Growing, SheetSight

ROW, COLUMNS, MERGED, FILTER = 0, 60, 176, 162
RUNNING = {2: 12, 4: 9, 5: 16, 7: 12}
"""Cells of one size: packed number, boolean, number, shared text."""
CELLS = range(2, 12)
"""Cells that hold something."""
NUMBERS = (2, 5, 9)
"""Cells, and formulas, whose value is a number."""
FORMAT, STYLE, STYLES, STYLES_END = 44, 47, 617, 618
"""Records of the part with styles: a format, the formats of a cell, where those of cells begin and end."""
ERRORS = (3, 11)
"""A cell, and a formula, whose value is an error."""
LONGEST = 8 << 20
"""Bytes of one record beyond which a sheet is looked at no further."""

_CELL = b"|".join(re.escape(bytes([kind, size])) + b".{%d}" % size for kind, size in RUNNING.items())
_RUN = re.compile(b"(?:(" + _CELL + b"))+", re.DOTALL)


@dataclass
class _Look:
    """A sheet as it is being looked at, and the row one is in, counted from 0."""

    sight: Growing = field(default_factory=Growing)
    row: int = 0
    masks: Mapping[int, str] = field(default_factory=dict)


def survey(pieces: Iterator[bytes], masks: Mapping[int, str] = MappingProxyType({})) -> SheetSight:
    """Look through the part of a sheet.

    Parameters
    ----------
    pieces : iterator of bytes
    masks : mapping of int to str
        By number of a style, how it shows whole numbers, of those that fill them up with zeros (see `number_format`).

    Examples
    --------
    >>> row = bytes([0, 25]) + struct.pack("<IIHBBBII", 4, 0, 300, 0, 0b10000, 0, 0, 0) + bytes(4)
    >>> survey(iter([row[:9], row[9:] + bytes([2, 12]) + bytes(12)])).hidden_rows
    ((5, 5),)
    """
    look, rest = _Look(masks=masks), b""
    for piece in pieces:
        data = rest + piece
        rest = data[_taken(look, data) :]
        if len(rest) > LONGEST:
            break
    return look.sight.done()


def _taken(look: _Look, data: bytes) -> int:
    """Take in the records that are whole; where they end."""
    at = 0
    while True:
        run = None if look.masks else _RUN.match(data, at)
        if run:
            look.sight.cells += max((run.end() - at) // 16, 1)
            look.sight.span(look.row + 1, _number(data, run.start(1) + 2) + 1)
            at = run.end()
        head = _head(data, at)
        if head is None or head[2] + head[1] > len(data):
            return at
        kind, size, start = head
        if kind in CELLS and size >= 4:
            _cell(look, data, start, kind)
        elif kind in _READ and size >= _READ[kind][0]:
            _READ[kind][1](look, data, start)
        at = start + size


def _head(data: bytes, at: int) -> tuple[int, int, int] | None:
    """Number and size of the record there, and where its content begins; None where it is not all there."""
    kind, size, shift = 0, 0, 0
    for n in range(2):
        if at >= len(data):
            return None
        kind, more, at = kind | (data[at] & 0x7F) << 7 * n, data[at] & 0x80, at + 1
        if not more:
            break
    for shift in range(0, 28, 7):
        if at >= len(data):
            return None
        size, more, at = size | (data[at] & 0x7F) << shift, data[at] & 0x80, at + 1
        if not more:
            break
    return kind, size, at


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def masks(data: bytes) -> dict[int, str]:
    """From a workbook's part with styles: those that fill whole numbers up with zeros."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    at, within = 0, False
    while (head := _head(data, at)) is not None and head[2] + head[1] <= len(data):
        kind, size, start = head
        if kind == FORMAT and size >= 6:
            length = min(_number(data, start + 2), (size - 6) // 2)
            text = data[start + 6 : start + 6 + 2 * length].decode("utf-16-le", "replace")
            codes[int.from_bytes(data[start : start + 2], "little")] = text
        elif kind in (STYLES, STYLES_END):
            within = kind == STYLES
        elif kind == STYLE and within and size >= 4:
            styles.append(int.from_bytes(data[start + 2 : start + 4], "little"))
        at = start + size
    return number_format.masks(codes, styles)


def _cell(look: _Look, data: bytes, at: int, kind: int) -> None:
    look.sight.cells += 1
    look.sight.errors += kind in ERRORS
    look.sight.span(look.row + 1, _number(data, at) + 1)
    if look.masks and kind in NUMBERS and (mask := look.masks.get(_number(data, at + 4) & 0xFFFFFF)):
        number_format.note(look.sight.codes, mask, _number(data, at) + 1, look.row + 1)


def _row(look: _Look, data: bytes, at: int) -> None:
    look.row = _number(data, at)
    if data[at + 11] & 0x10:
        look.sight.hide_rows(look.row + 1, look.row + 1)


def _columns(look: _Look, data: bytes, at: int) -> None:
    if data[at + 16] & 1:
        look.sight.hide_columns(_number(data, at) + 1, _number(data, at + 4) + 1)


def _merged(look: _Look, data: bytes, at: int) -> None:
    top, bottom, left, right = struct.unpack_from("<4I", data, at)
    look.sight.merge((top, left, bottom, right))


def _filter(look: _Look, _data: bytes, _at: int) -> None:
    look.sight.filtered = True


_READ: dict[int, tuple[int, Callable[[_Look, bytes, int], None]]] = {
    ROW: (12, _row), COLUMNS: (18, _columns), MERGED: (16, _merged), FILTER: (0, _filter),
}  # fmt: skip
"""Records other than cells: their least size, and what is done with them."""
