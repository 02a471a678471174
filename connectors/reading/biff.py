"""The records of an xls workbook, looked at as bytes: what its sheets hold beside the values that a reader tells."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Mapping

from connectors.reading import number_format
from connectors.reading.sight import Growing, SheetSight

MACROS, FORMAT, STYLE = 0xD3, 0x41E, 0xE0
BOUNDSHEET, BEGIN, END, ROW, COLUMNS, FORMULA, BOOLERR, MULTIPLE, BLANKS, FILTERED = (
    0x85, 0x809, 0x0A, 0x208, 0x7D, 0x06, 0x205, 0xBD, 0xBE, 0x9B,
)  # fmt: skip
NUMBERS = (0x203, 0x27E, FORMULA)
"""Cells, and formulas, that may be numbers."""
PLAIN = {0xFD: 10, 0x203: 14, 0x27E: 10}
"""Cells of one size: shared text, number, packed number."""
TEXT8 = 0x0600
"""The version from which names are Unicode."""

_CELL = b"|".join(re.escape(struct.pack("<HH", kind, size)) + b".{%d}" % size for kind, size in PLAIN.items())
_RUN = re.compile(b"(?:(" + _CELL + b"))+", re.DOTALL)


def survey(data: bytes) -> dict[str, SheetSight]:
    """Look through a workbook's stream; nothing that its records say is trusted beyond its end.

    Parameters
    ----------
    data : bytes
        The stream ``Workbook`` or ``Book``.

    Returns
    -------
    dict of str to SheetSight
        By sheet name, in the workbook's order.

    Examples
    --------
    >>> survey(b"no records")
    {}
    """
    found = masks(data)
    return {name: _sheet(data, at, found) for at, name in _listed(data)}


def masks(data: bytes) -> dict[int, str]:
    """From a workbook's stream: the styles that fill whole numbers up with zeros, by their number."""
    wide = struct.unpack_from("<H", data, 4)[0] >= TEXT8 if len(data) > 6 else True
    codes: dict[int, str] = {}
    styles: list[int] = []
    for kind, at, size in _records(data, 0):
        if kind == FORMAT and size > 4:
            text = data[at + 2 : at + 3] + data[at + 4 : at + size] if wide else data[at + 2 : at + size]
            codes[struct.unpack_from("<H", data, at)[0]] = _text(text, wide)
        elif kind == STYLE and size >= 4:
            styles.append(struct.unpack_from("<H", data, at + 2)[0])
        elif kind == END:
            break
    return number_format.masks(codes, styles)


def has_macros(data: bytes) -> bool:
    """Whether the workbook says that it holds a macro project."""
    return any(kind == MACROS for kind, _, _ in _records(data[:1_000_000], 0))


def _listed(data: bytes) -> list[tuple[int, str]]:
    """Where each sheet begins, and its name."""
    wide = struct.unpack_from("<H", data, 4)[0] >= TEXT8 if len(data) > 6 else True
    found = []
    for kind, at, size in _records(data, 0):
        if kind == BOUNDSHEET and size > 7:
            found.append((struct.unpack_from("<I", data, at)[0], _text(data[at + 6 : at + size], wide)))
        elif kind == END:
            break
    return found


def _text(data: bytes, wide: bool) -> str:
    if not wide:
        return data[1 : 1 + data[0]].decode("cp1252", "replace")
    return data[2 : 2 + 2 * data[0]].decode("utf-16-le", "replace") if data[1] & 1 else data[2 : 2 + data[0]].decode("latin-1")


def _records(data: bytes, at: int, *, each: bool = False) -> Iterator[tuple[int, int, int]]:
    """Number, place and size of each record; a run of plain cells has the number -1, the place of its last cell and its own size.

    Where `each` is asked for, no cells are taken together.
    """
    end = len(data) - 4
    while at <= end:
        run = None if each else _RUN.match(data, at)
        if run is not None:
            yield -1, run.start(1) + 4, run.end() - at
            at = run.end()
            continue
        kind, size = struct.unpack_from("<HH", data, at)
        if at + 4 + size > len(data):
            return
        yield kind, at + 4, size
        at += 4 + size


def _sheet(data: bytes, start: int, masks: Mapping[int, str]) -> SheetSight:
    sight, depth = Growing(), 0
    for kind, at, size in _records(data, start, each=bool(masks)):
        if masks and size >= 6:
            _codes(sight, data, kind, at, size, masks)
        if kind == BEGIN:
            depth += 1  # charts within a sheet have a beginning and an end of their own
        elif kind == END:
            depth -= 1
            if depth <= 0:
                break
        elif kind == -1:
            sight.cells += max(size // 16, 1)
            _reach(sight, data, at)
        elif kind in PLAIN and size >= 6:
            sight.cells += 1
            _reach(sight, data, at)
        elif kind in _READ and size >= _LEAST[kind]:
            _READ[kind](sight, data, at, size)
    return sight.done()


def _codes(sight: Growing, data: bytes, kind: int, at: int, size: int, masks: Mapping[int, str]) -> None:
    """Numbers in styles that fill them up with zeros."""
    row, column, style = struct.unpack_from("<3H", data, at)
    if kind == MULTIPLE:
        styles = [struct.unpack_from("<H", data, place)[0] for place in range(at + 4, at + size - 7, 6)]
    else:
        styles = [style] if kind in NUMBERS else []
    for j, one in enumerate(styles):
        if one in masks:
            number_format.note(sight.codes, masks[one], column + j + 1, row + 1)


def _reach(sight: Growing, data: bytes, at: int) -> None:
    row, column = struct.unpack_from("<HH", data, at)
    sight.span(row + 1, column + 1)


def _row(sight: Growing, data: bytes, at: int, _: int) -> None:
    row, first, last, _height, _unused, _also, flags = struct.unpack_from("<7H", data, at)
    if last > first:
        sight.span(0, last)
    if flags & 0x20:
        sight.hide_rows(row + 1, row + 1)


def _columns(sight: Growing, data: bytes, at: int, _: int) -> None:
    first, last, _width, _format, flags = struct.unpack_from("<5H", data, at)
    if flags & 1:
        sight.hide_columns(first + 1, last + 1)


def _formula(sight: Growing, data: bytes, at: int, _: int) -> None:
    sight.cells += 1
    _reach(sight, data, at)
    sight.errors += data[at + 6] == 2 and data[at + 12 : at + 14] == b"\xff\xff"


def _boolerr(sight: Growing, data: bytes, at: int, _: int) -> None:
    sight.cells += 1
    _reach(sight, data, at)
    sight.errors += data[at + 7] == 1


def _multiple(sight: Growing, data: bytes, at: int, size: int) -> None:
    sight.cells += (size - 6) // 6
    _reach(sight, data, at)


def _blanks(sight: Growing, _data: bytes, _at: int, size: int) -> None:
    sight.cells += (size - 6) // 2


def _filtered(sight: Growing, _data: bytes, _at: int, _size: int) -> None:
    sight.filtered = True


_READ: dict[int, Callable[[Growing, bytes, int, int], None]] = {
    ROW: _row, COLUMNS: _columns, FORMULA: _formula, BOOLERR: _boolerr, MULTIPLE: _multiple, BLANKS: _blanks, FILTERED: _filtered,
}  # fmt: skip
_LEAST = {ROW: 14, COLUMNS: 10, FORMULA: 14, BOOLERR: 8, MULTIPLE: 6, BLANKS: 6, FILTERED: 0}
