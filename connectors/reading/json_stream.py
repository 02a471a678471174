"""The values of a JSON file, one after the other, from a stream of its text: of an array, of lines, or of a list deep in one object.

No more of the text is held than one value needs, so memory does not grow with the file. Numbers keep the very digits of the file.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from connectors.reading import encoding, inflate
from connectors.reading.source import Source
from contracts.errors import Place, SourceError

ARRAY, LINES, SEQUENCE, DOCUMENT = "array", "lines", "sequence", "document"
"""Shapes of a file: one array; a value on each line; values one after the other; one object, with its rows inside or a row itself."""
PIECE = 1 << 20
"""Bytes that are decoded at once."""
LONGEST = 2 << 20
"""Characters of one row beyond which a file is refused."""
DEEPEST = 50
"""Objects within one another among which a list of rows is looked for."""
GLANCED = 20
"""Lines from which the shape is told."""
BLANKS = " \t\r\n"

Item = tuple[Any, int, str]
"""A value (or the reason why there is none), the line on which it starts, its text."""


class Number(str):
    """A number as the file writes it."""

    __slots__ = ()


class Word(str):
    """NaN or Infinity, which JSON does not know and some programs write: a text where a number is meant."""

    __slots__ = ()


class Doubled(dict[str, Any]):
    """An object with a key that occurs twice; it cannot be a row, as one of the two values would be lost."""


@dataclass(frozen=True)
class Fault:
    """Stands for a value that could not be read.

    Parameters
    ----------
    reason : str
        ``ragged``, ``undecodable`` or ``unclosed_quote``.
    """

    reason: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(pairs)


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=Word, strict=False)


def line_value(line: str) -> Any:
    """The value of a line, or a `Fault`.

    Examples
    --------
    >>> line_value('{"id": 007}'), line_value('{"id": 1e5, "zip": "007"}'), line_value('{"id": "7')
    (Fault(reason='ragged'), {'id': '1e5', 'zip': '007'}, Fault(reason='unclosed_quote'))
    """
    try:
        return DECODER.decode(line)
    except json.JSONDecodeError as error:
        return Fault("unclosed_quote" if error.msg.startswith("Unterminated") else "ragged")
    except RecursionError:
        return Fault("ragged")


class Text:
    """The text of a file while it is read: what is held of it, where the next value starts, and on which line that is.

    Parameters
    ----------
    source : Source
    name : str
        Encoding.
    """

    def __init__(self, source: Source, name: str) -> None:
        self.place = source.place
        self.pieces = _decoded(source, name)
        self.text, self.at, self.line = "", 0, 1
        self.done = False
        self.more()
        self.end_of_line = "\n" if "\n" in self.text or "\r" not in self.text else "\r"

    def more(self) -> bool:
        """Read on, if there is anything."""
        piece = next(self.pieces, None)
        if piece is None:
            self.done = True
            return False
        self.text, self.at = self.text[self.at :] + piece, 0
        return True

    def move(self, to: int) -> None:
        """Go on at a position of the text that is held."""
        self.line += self.text.count(self.end_of_line, self.at, to)
        self.at = to

    def sign(self) -> str:
        """The next character that is no blank, at which the text then stands; empty at its end."""
        while True:
            to = self.at
            while to < len(self.text) and self.text[to] in BLANKS:
                to += 1
            self.move(to)
            if to < len(self.text) or not self.more():
                return self.text[to : to + 1]

    def take(self, *signs: str) -> str:
        """Pass the next character, which must be one of some.

        Raises
        ------
        SourceError
            SOURCE-TRUNCATED.
        """
        found = self.sign()
        if found not in signs or not found:
            self.refuse()
        self.move(self.at + 1)
        return found

    def value(self) -> Item:
        """Pass the next value.

        Raises
        ------
        SourceError
            SOURCE-TRUNCATED where there is none; SOURCE-TOO-LARGE.
        """
        self.sign()
        while True:
            try:
                value, end = DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                near = error.pos >= len(self.text) - 16 or error.msg.startswith("Unterminated")
                if not near or not self._longer():
                    self.refuse(error.pos)
                continue
            except RecursionError:
                raise too_large(self.place, self.line, "values within values, thousands deep", "rows") from None
            if end == len(self.text) and isinstance(value, Number) and self._longer():
                continue
            raw, line = self.text[self.at : end], self.line
            self.move(end)
            return value, line, raw

    def _longer(self) -> bool:
        if len(self.text) - self.at > LONGEST:
            raise too_large(self.place, self.line, f"one value of more than {LONGEST >> 20} Mi characters", "rows")
        return not self.done and self.more()

    def refuse(self, at: int | None = None) -> NoReturn:
        """Say where the text stops being JSON."""
        at = self.at if at is None else at
        line = self.line + self.text.count(self.end_of_line, self.at, at)
        place = Place(file=self.place.file, line=line)
        if at >= len(self.text.rstrip(BLANKS)) and self.done:
            raise inflate.cut(place, "JSON")
        raise SourceError(
            "SOURCE-TRUNCATED", "the file stops being JSON", place=place, found=f"no JSON from line {line} on",
            expected="one array, one object, or an object on each line", hint="ask for the file again; it is cut or damaged",
        )  # fmt: skip


def _decoded(source: Source, name: str) -> Iterator[str]:
    """The text in pieces; bytes that are no text come as lone surrogates."""
    decoder = codecs.getincrementaldecoder(encoding.written(name))("surrogateescape")
    for piece in encoding.content(source, name):
        for first in range(0, len(piece), PIECE):
            yield decoder.decode(piece[first : first + PIECE])
    yield decoder.decode(b"", final=True)


def too_large(place: Place, line: int | None, found: str, expected: str) -> SourceError:
    """The error for what is no table by its size or depth."""
    return SourceError(
        "SOURCE-TOO-LARGE", "the file is not shaped like a table", place=Place(file=place.file, line=line), found=found, expected=expected,
        hint="ask for one flat object per row",
    )  # fmt: skip


def shape(text: Text) -> str:
    """The shape of a file by its beginning; `DOCUMENT` where more than one value may follow."""
    if text.sign() == "[" and not _arrays_in_lines(text):
        return ARRAY
    lines = [line for line in text.text[text.at :].split(text.end_of_line) if line.strip()]
    if len(lines) < 2:
        return DOCUMENT
    glanced = lines[:GLANCED] if len(lines) <= GLANCED or text.done else lines[: min(GLANCED, len(lines) - 1)]
    return LINES if 2 * sum(isinstance(line_value(line), dict | list) for line in glanced) >= len(glanced) else DOCUMENT


def _arrays_in_lines(text: Text) -> bool:
    """Whether each of the first lines is an array of its own."""
    lines = [line for line in text.text[text.at :].split(text.end_of_line)[:GLANCED] if line.strip()]
    return len(lines) > 1 and all(isinstance(line_value(line), list) for line in lines[: max(len(lines) - 1, 2)])


def of_lines(text: Text) -> Iterator[Item]:
    """A value for each line; blank lines give None."""
    text.text, text.at = text.text[text.at :], 0
    while True:
        lines = text.text.split(text.end_of_line)
        rest = lines.pop()
        for number, line in enumerate(lines, text.line):
            yield line_value(line) if line.strip() else None, number, line.rstrip("\r")
        text.line, text.text, text.at = text.line + len(lines), rest, 0
        if len(rest) > LONGEST:
            raise too_large(text.place, text.line, f"one line of more than {LONGEST >> 20} Mi characters", "rows")
        if not text.more():
            break
    if text.text:
        yield line_value(text.text) if text.text.strip() else None, text.line, text.text


def of_array(text: Text) -> Iterator[Item]:
    """The elements of an array, and past its end."""
    text.take("[")
    if text.sign() == "]":
        text.take("]")
        return
    while True:
        yield text.value()
        if text.take(",", "]") == "]":
            return


def of_sequence(text: Text) -> Iterator[Item]:
    """Values one after the other, up to the end."""
    while text.sign():
        yield text.value()


def ended(text: Text) -> None:
    """Make sure that nothing follows.

    Raises
    ------
    SourceError
        SOURCE-TRUNCATED.
    """
    if text.sign():
        text.refuse()


def lists(text: Text, path: str = "", depth: int = 0) -> Iterator[tuple[str, Iterator[Item]]]:
    """The lists within an object and the objects in it, each with its path and its elements, which must be taken before going on."""
    text.take("{")
    if text.sign() == "}":
        text.take("}")
        return
    while True:
        if text.sign() != '"':
            text.refuse()
        key = str(text.value()[0])
        text.take(":")
        yield from _within(text, f"{path}.{key}" if depth else key, depth)
        if text.take(",", "}") == "}":
            return


def _within(text: Text, path: str, depth: int) -> Iterator[tuple[str, Iterator[Item]]]:
    sign = text.sign()
    if sign == "[":
        yield path, of_array(text)
    elif sign == "{" and depth < DEEPEST:
        yield from lists(text, path, depth + 1)
    else:
        text.value()
