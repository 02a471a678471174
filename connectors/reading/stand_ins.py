"""Stand-ins: while records are cut, one control character stands for a delimiter of several characters or for an escaped sign.

The scanner and Arrow know delimiters of one byte and doubled quotes. Files with ``::`` or ``\\,`` are brought to that form by replacing
bytes, and their cells are brought back at the end; both are exact inverses, so nothing is guessed about quoting on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.reading.decision import Decision
from contracts.errors import Place, SourceError

CONTROLS = ("\x1f", "\x1e", "\x1d", "\x1c", "\x05", "\x06", "\x0e", "\x0f")
"""Characters that text does not hold."""
HELD = 64 << 20
"""Bytes without a line end beyond which they are not held back."""


@dataclass(frozen=True)
class StandIns:
    """What is replaced before records are cut, and put back into cells.

    Parameters
    ----------
    delimiter : str
        The one character that divides fields afterwards.
    swaps : tuple of (str, str, str)
        In order: what the file holds, what stands for it, what the cell holds.

    Examples
    --------
    >>> signs = stand_ins("::", '"', "\\\\", "a::b")
    >>> signs.put('1::"x::y"::5\\\\" disk').split(signs.delimiter)
    ['1', '"x', 'y"', '5\\x1e disk']
    >>> signs.back('5\\x1e disk')
    '5" disk'
    """

    delimiter: str
    swaps: tuple[tuple[str, str, str], ...] = ()

    def put(self, text: str) -> str:
        """Text with the stand-ins in it."""
        for own, sign, _ in self.swaps:
            text = text.replace(own, sign)
        return text

    def back(self, text: str) -> str:
        """A cell, or a stretch of text, as the file means it."""
        for _, sign, meant in self.swaps:
            text = text.replace(sign, meant)
        return text

    def raw(self, text: str) -> str:
        """A record as it is in the file."""
        for own, sign, _ in self.swaps:
            text = text.replace(sign, own)
        return text

    def cells(self, column: pa.Array) -> pa.Array:
        """A string column as the file means it."""
        data = column.buffers()[2]
        held = np.frombuffer(data, np.uint8) if data is not None and self.swaps else np.empty(0, np.uint8)
        for _, sign, meant in self.swaps:
            if (held == ord(sign)).any():
                column = pc.replace_substring(column, sign, meant)
        return column

    def content(self, pieces: Iterator[bytes], encoding: str, place: Place) -> Iterator[bytes]:
        """The pieces of a file with the stand-ins in them, cut at line ends.

        Raises
        ------
        SourceError
            READER-DISAGREES when the file itself holds a character that stands for another.
        """
        if not self.swaps:
            yield from pieces
            return
        swaps = [(own.encode(encoding), sign.encode()) for own, sign, _ in self.swaps]
        held = b""
        for piece in pieces:
            data = held + piece
            cut = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
            cut = cut if cut or len(data) < HELD else len(data)
            held = data[cut:]
            yield _swapped(data[:cut], swaps, place)
        yield _swapped(held, swaps, place)


def _swapped(data: bytes, swaps: list[tuple[bytes, bytes]], place: Place) -> bytes:
    for _, sign in swaps:
        if sign in data:
            raise SourceError(
                "READER-DISAGREES", "the file holds a control character that the reader needs for itself", place=place,
                found=f"0x{sign[0]:02x} inside text", hint="ask for the file with a delimiter of one character, without escapes",
            )  # fmt: skip
    for own, sign in swaps:
        data = data.replace(own, sign)
    return data


def stand_ins(delimiter: str, quote: str, escape: str, sample: str) -> StandIns:
    """What has to be replaced in a file of this dialect; nothing where the delimiter is one ASCII character and nothing is escaped.

    Parameters
    ----------
    delimiter, quote, escape : str
        As in the file; the last two may be empty.
    sample : str
        Text of the file, to choose characters that it does not hold.

    Examples
    --------
    >>> stand_ins(";", '"', "", "a;b").swaps
    ()
    """
    free = iter(sign for sign in CONTROLS if sign not in sample and sign != delimiter)
    swaps = [(escape + own, next(free), own) for own in dict.fromkeys((escape, quote, delimiter)) if own] if escape else []
    if len(delimiter) == 1 and delimiter.isascii():
        return StandIns(delimiter, tuple(swaps))
    sign = next(free)
    return StandIns(sign, (*swaps, (delimiter, sign, delimiter)))


def escaped(lines: list[str], delimiter: str, quote: str, told: str | None) -> Decision | None:
    """Whether backslashes escape delimiters or quotes; None where no line holds such a pair, so that nothing is decided.

    Examples
    --------
    >>> escaped(["a,b", "1,x", r"2,y\\, z"], ",", '"', None).value
    '\\\\'
    """
    if told is not None:
        return Decision.told(told)
    pairs = tuple(f"\\{sign}" for sign in (delimiter, quote) if sign)
    count = sum(any(pair in line for pair in pairs) for line in lines)
    return Decision("\\", f"{count} lines of the sample hold a backslash before a delimiter or quote", 0.5) if count else None
