"""Rows kept on disk while a file is read to its end, because only then all of its columns are known."""

from __future__ import annotations

import io
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from connectors.reading.block import BLANK, BOOLEAN, NUMBER, TEXT, Kinds, Whole, aside_table
from connectors.reading.flatten import Row
from connectors.reading.json_stream import Number, Word

KINDS = {str: TEXT, Word: TEXT, Number: NUMBER, bool: BOOLEAN, type(None): BLANK}
BATCH = 20_000
"""Rows that are held as Python values at once."""
CELLS = 2_000_000
"""Cells, blank ones counted, that are held so."""
SIZE = 8 << 20
"""Characters that are held so."""

Faulty = tuple[int, int, str, str]
"""Record, line, reason, raw text."""


@dataclass(frozen=True)
class Part:
    """Some rows as they come back: one array of texts and one of kinds for each column that they have."""

    record: Whole
    line: Whole
    texts: dict[str, pa.Array]
    kinds: dict[str, Kinds]
    aside: pa.Table

    def __len__(self) -> int:
        return len(self.record)

    @property
    def size(self) -> int:
        """Bytes of its cells."""
        return sum(texts.nbytes for texts in self.texts.values())

    def cut(self, first: int, last: int) -> Part:
        """Rows from `first` up to `last`; the records that are none go with the first row."""
        own = slice(first, last)
        texts = {name: cells.slice(first, last - first) for name, cells in self.texts.items()}
        kinds = {name: cells[own] for name, cells in self.kinds.items()}
        return Part(self.record[own], self.line[own], texts, kinds, self.aside if not first else self.aside.slice(0, 0))


@dataclass(frozen=True)
class _Span:
    start: int
    length: int
    names: tuple[str, ...]


class Spool:
    """Rows in a file without a name: it is gone with the process, or with this object.

    Attributes
    ----------
    names : dict
        Every column so far, in the order of first sight; its value counts filled cells.
    rows, size : int
        Rows and bytes written so far.
    """

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with this object
        weakref.finalize(self, self.file.close)
        self.spans: list[_Span] = []
        self.names: dict[str, int] = {}
        self.rows = self.size = 0
        self._held: list[tuple[int, int, str, Row]] = []
        self._faulty: list[Faulty] = []
        self._seen: dict[str, None] = {}
        self._size = 0

    def add(self, record: int, line: int, raw: str, row: Row, size: int) -> None:
        """Keep a row of about so many characters."""
        self._held.append((record, line, raw, row))
        self._seen.update(dict.fromkeys(row))
        self._size += size
        if len(self._held) >= BATCH or self._size > SIZE or len(self._held) * len(self._seen) > CELLS:
            self.flush()

    def add_faulty(self, faulty: Faulty) -> None:
        """Keep a record that is no row."""
        self._faulty.append(faulty)
        self._size += len(faulty[3])
        if len(self._faulty) >= BATCH or self._size > SIZE:
            self.flush()

    def flush(self) -> None:
        """Write what is held."""
        if not self._held and not self._faulty:
            return
        try:
            self._write(self._table())
        except UnicodeEncodeError:
            self._sort_out()
            self._write(self._table())
        self._held, self._faulty, self._seen, self._size = [], [], {}, 0

    def _sort_out(self) -> None:
        """Set aside rows with text that is none: bytes outside the encoding, or half of a character."""
        sound = [held for held in self._held if _is_text(held[3])]
        kept = {held[0] for held in sound}
        self._faulty += [(record, line, "undecodable", _shown(raw)) for record, line, raw, _ in self._held if record not in kept]
        self._held = sound
        self._seen = {name: None for held in sound for name in held[3]}

    def _table(self) -> tuple[pa.Table, pa.Table]:
        rows = [held[3] for held in self._held]
        columns: dict[str, Any] = {
            "record": pa.array([held[0] for held in self._held], pa.int64()), "line": pa.array([held[1] for held in self._held], pa.int64())
        }  # fmt: skip
        for number, name in enumerate(self._seen):
            texts, kinds = _column([row.get(name) for row in rows])
            columns[f"t{number}"], columns[f"k{number}"] = texts, kinds
        self._faulty.sort()
        record, line, reason, raw = zip(*self._faulty, strict=True) if self._faulty else ((), (), (), ())
        aside = aside_table(np.array(record, np.int64), np.array(line, np.int64), reason, [_shown(text) for text in raw])
        return pa.table(columns), aside

    def _write(self, tables: tuple[pa.Table, pa.Table]) -> None:
        names, start = tuple(self._seen), self.file.tell()
        for name, texts in zip(names, tables[0].columns[2::2], strict=True):
            name.encode()
            self.names[name] = self.names.get(name, 0) + len(texts) - texts.null_count
        for table in tables:
            with pa.ipc.new_stream(self.file, table.schema) as stream:
                stream.write_table(table)
        self.spans.append(_Span(start, self.file.tell() - start, names))
        self.rows += tables[0].num_rows
        self.size = self.file.tell()

    def parts(self) -> Iterator[Part]:
        """Everything kept, in order; several may read at once."""
        for span in self.spans:
            content = io.BytesIO(self._content(span))
            table, aside = pa.ipc.open_stream(content).read_all(), pa.ipc.open_stream(content).read_all()
            arrays = [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]
            record, line = (array.to_numpy(zero_copy_only=False) for array in arrays[:2])
            texts = dict(zip(span.names, arrays[2::2], strict=True))
            kinds = {name: _numbers(array) for name, array in zip(span.names, arrays[3::2], strict=True)}
            yield Part(record, line, texts, kinds, aside)

    def _content(self, span: _Span) -> bytes:
        self.file.seek(span.start)
        return self.file.read(span.length)


def _numbers(array: pa.Array) -> Kinds:
    return np.frombuffer(array.buffers()[1], np.uint8)[array.offset : array.offset + len(array)] if len(array) else np.empty(0, np.uint8)


def _column(values: Sequence[Any]) -> tuple[pa.Array, pa.Array]:
    """Cells as text, and the kind of each.

    Examples
    --------
    >>> texts, kinds = _column(["007", Number("1e5"), True, None, ""])
    >>> texts.to_pylist(), kinds.to_pylist()
    (['007', '1e5', 'true', None, ''], [0, 1, 3, 4, 0])
    """
    kinds = np.fromiter(map(KINDS.__getitem__, map(type, values)), np.uint8, len(values))
    if (kinds == BOOLEAN).any():
        values = ["true" if value is True else "false" if value is False else value for value in values]
    return pa.array(values, pa.string()), pa.array(kinds)


def _is_text(row: Row) -> bool:
    try:
        "".join(row).encode()
        "".join(cell for cell in row.values() if isinstance(cell, str)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(raw: str) -> str:
    """Text for people: bytes that are none are written out."""
    if raw.isascii():
        return raw
    wrong = (sign for sign in raw if "\ud800" <= sign <= "\udfff")
    how = "surrogateescape" if all("\udc80" <= sign <= "\udcff" for sign in wrong) else "surrogatepass"
    return raw.encode("utf-8", how).decode("utf-8", "backslashreplace")
