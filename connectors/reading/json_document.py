"""JSON as blocks: an array of objects, an object on each line, or the list of objects within one.

One object is one row, or one array where all are arrays: these are named by their first, or by a list beside them. Objects within it
become columns with dotted names. A list within it stays one cell, its JSON text, unless the connector names it in `path`: then each of
its elements is a row, and the cells around it are repeated. Cells keep their kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa

from connectors.reading import chaff, encoding, flatten, json_stream, positional, totals
from connectors.reading.block import BLANK, Block, Kinds, aside_table, kept, unique_names
from connectors.reading.decision import Decision, Reading, ReadingHints
from connectors.reading.json_stream import ARRAY, DOCUMENT, LINES, SEQUENCE, Fault, Item, Text
from connectors.reading.positional import Positional
from connectors.reading.source import Source
from connectors.reading.spool import Part, Spool
from contracts.errors import Place, SourceError

WIDEST = 20_000
"""Columns beyond which a file is refused."""
CELLS = 20_000_000
"""Cells of a block, blank ones counted."""
HEAVIEST = 256 << 20
"""Bytes of a block."""
SPARSEST = 500
"""Cells for a filled one, beyond which a large file is refused."""
FREE = 1 << 30
STEEPEST = 50
"""From `FREE` bytes of rows on, bytes of rows for one of the file beyond which it is refused."""
NAMED = 5
"""Lists that are named at most."""
NESTED = frozenset((dict, list, json_stream.Doubled))
SIEVE = chaff.Sieve((), 0.0, totals.pattern())
"""Nothing but blank rows is set aside: programs write no totals."""


@dataclass(frozen=True)
class _Shape:
    """Where the rows are.

    Parameters
    ----------
    name : str
        As in `json_stream`.
    path : str
        Of the list in the document; empty where it is the file itself.
    inner : str
        Of the list within each row whose elements are rows.
    decisions : dict
    names : tuple of lists of str
        Lists in the document that may be names of columns.
    arrays : Positional, optional
        Where the rows are arrays.
    """

    name: str
    path: str
    inner: str
    decisions: dict[str, Decision]
    names: tuple[list[str], ...] = ()
    arrays: Positional | None = None


def read(source: Source, hints: ReadingHints, block_rows: int) -> tuple[Reading, Iterator[Block]]:
    """What a JSON file is, and its blocks.

    Raises
    ------
    SourceError
        SOURCE-TRUNCATED where it is cut or no JSON, SOURCE-EMPTY, SOURCE-KIND where it holds no objects, SOURCE-TOO-LARGE, PATH-MISSING.
    """
    spool, names, decisions = _spooled(source, hints.encoding, hints.path, hints.header_row)
    return Reading("json", decisions, unique_names(names)), _blocks(spool, names, block_rows)


@lru_cache(maxsize=1)
def _spooled(
    source: Source, encoded: str | None, path: str | None, header_row: int | None
) -> tuple[Spool, tuple[str, ...], dict[str, Decision]]:
    """A file read to its end; the last one is kept, as a plan and an intake ask for the same."""
    assert source.survey is not None
    chosen = encoding.decide(source.survey, encoded)
    shaped = _of_arrays(source, str(chosen.value), _shaped(source, str(chosen.value), path), header_row)
    seen = flatten.Seen()
    spool = _filled(source, str(chosen.value), shaped, seen)
    names = _names(spool, source)
    decisions = {"encoding": chosen, **shaped.decisions, "columns": Decision(len(names), _seen(spool, len(names)), 1.0)}
    if seen.lists:
        decisions["lists"] = _of_lists(seen.lists, shaped.inner)
    return spool, names, decisions


def _shaped(source: Source, name: str, path: str | None) -> _Shape:
    text = Text(source, name)
    found = json_stream.shape(text)
    why = {ARRAY: "the file is one array", LINES: "a value on each line"}
    if found in why:
        return _Shape(found, "", path or "", {"shape": Decision(found, why[found], 0.99), **_told(path)})
    lists = {where: _counted(items) for where, items in json_stream.lists(text)}
    if text.sign() == "{":
        evidence = "objects one after the other"
        return _Shape(SEQUENCE, "", path or "", {"shape": Decision(SEQUENCE, evidence, 0.9), **_told(path)})
    json_stream.ended(text)
    return _within(lists, path, source.place)


def _of_arrays(source: Source, name: str, shaped: _Shape, header_row: int | None) -> _Shape:
    """The shape with what its rows are called, where they are arrays."""
    values = [value for value, _, _ in islice(_items(source, name, shaped), positional.LOOKED_AT) if value is not None]
    found = positional.positional(values, shaped.names, header_row)
    if found is None:
        return shaped
    return replace(shaped, arrays=found, decisions={**shaped.decisions, "header_row": found.why})


def _told(path: str | None) -> dict[str, Decision]:
    return {"path": Decision.told(path)} if path else {}


@dataclass(frozen=True)
class _Met:
    """What a list of a document holds: objects or arrays, where these prevail; names that it may give; cells of most arrays."""

    objects: int
    arrays: int
    names: list[str] | None
    width: int


def _counted(items: Iterator[Item]) -> _Met:
    counts: Counter[type] = Counter()
    first: list[Any] = []
    for value, _, _ in items:
        counts[dict if isinstance(value, dict) else list if isinstance(value, list) else object] += 1
        if len(first) <= WIDEST:
            first.append(value)
    most = {kind: counts[kind] if 2 * counts[kind] > counts.total() else 0 for kind in (dict, list)}
    widths = Counter(len(value) for value in first if isinstance(value, list)) if most[list] else Counter()
    width = widths.most_common(1)[0][0] if widths else 0
    return _Met(most[dict], most[list], positional.named(first) if len(first) <= WIDEST else None, width)


def _within(lists: dict[str, _Met], path: str | None, place: Place) -> _Shape:
    """The list of an object's rows: the one that was named, or the longest list of objects, the first of equals."""
    shape = {"shape": Decision(DOCUMENT, "the file is one object", 0.99)}
    if path:
        outer = max((where for where in lists if path == where or path.startswith(f"{where}.")), key=len, default=None)
        if outer is None:
            raise _missing(path, [where for where, met in lists.items() if met.objects or met.arrays], place)
        return _Shape(DOCUMENT, outer, path[len(outer) + 1 :], {**shape, **_told(path)}, _names_beside(lists, lists[outer]))
    arrays = {where: met for where, met in lists.items() if met.arrays > 1}
    described = {where: met.arrays for where, met in arrays.items() if _names_beside(lists, met)}
    objects = {where: met.objects for where, met in lists.items() if met.objects}
    full = described or objects or {where: met.arrays for where, met in arrays.items()}
    what = "objects" if full is objects else "arrays"
    if not full:
        return _Shape(SEQUENCE, "", "", {"shape": Decision(DOCUMENT, "the file is one object without a list of objects: one row", 0.7)})
    best = max(full, key=lambda where: full[where])
    others = f"; {len(full) - 1} shorter or later ones are not read" if len(full) > 1 else ""
    evidence = f"the longest list of {what}, {full[best]} in it{others}"
    decisions = {**shape, "path": Decision(best, evidence, 0.6 if others else 0.9)}
    return _Shape(DOCUMENT, best, "", decisions, _names_beside(lists, lists[best]))


def _names_beside(lists: dict[str, _Met], rows: _Met) -> tuple[list[str], ...]:
    """Lists of as many names as the rows, which are arrays, have cells."""
    return tuple(met.names for met in lists.values() if met is not rows and met.names and rows.width and len(met.names) == rows.width)


def _missing(path: str, known: list[str], place: Place) -> SourceError:
    return SourceError(
        "PATH-MISSING", f"the file has no list at {path!r}, where the connector says the rows are", place=place,
        found=f"{len(known)} other lists of objects", details=[f"list {where!r}" for where in known[:50]],
        hint="correct reading.path, or leave it out",
    )  # fmt: skip


def _items(source: Source, name: str, shaped: _Shape) -> Iterator[Item]:
    text = Text(source, name)
    if shaped.name == LINES:
        yield from json_stream.of_lines(text)
    elif shaped.name == ARRAY:
        yield from json_stream.of_array(text)
        json_stream.ended(text)
    elif shaped.name == SEQUENCE:
        yield from json_stream.of_sequence(text)
    else:
        for where, items in json_stream.lists(text):
            if where == shaped.path:
                yield from items
            else:
                for _ in items:
                    pass


def _filled(source: Source, name: str, shaped: _Shape, seen: flatten.Seen) -> Spool:
    spool, record = Spool(), 0
    for value, line, raw in _items(source, name, shaped):
        rows = _rows(value, shaped, seen, first=not record)
        if isinstance(rows, str):
            record += 1
            spool.add_faulty((record, line, rows, raw))
            continue
        for row in rows:
            record += 1
            if len(row) > WIDEST:
                raise _wide(source, f"{len(row)} columns")
            spool.add(record, line, raw, row, len(raw) if len(rows) == 1 else _length(row))
        _limit(spool, source)
    spool.flush()
    if not record:
        raise SourceError("SOURCE-EMPTY", "the file holds no rows", place=source.place, hint="ask for the file again")
    if not spool.rows:
        raise SourceError(
            "SOURCE-KIND", "the file is JSON without objects or arrays that could be rows", place=source.place,
            expected="one object, or one array, for each row", hint="ask for the table as objects, as CSV or as xlsx",
        )  # fmt: skip
    if shaped.inner and not seen.met:
        raise _missing(shaped.inner, sorted(seen.lists), source.place)
    return spool


def _rows(value: object, shaped: _Shape, seen: flatten.Seen, *, first: bool) -> list[flatten.Row] | str:
    """A value as rows, or the reason why it is none."""
    if value is None:
        return "blank"
    inner = shaped.inner
    if shaped.arrays is not None and isinstance(value, list):
        row = shaped.arrays.row(value)
        if row is None or (first and shaped.arrays.headed):
            return "ragged" if row is None else "header"
        value = row
    if not isinstance(value, dict):
        return value.reason if isinstance(value, Fault) else "ragged"
    if not value:
        return "blank"
    if not inner and type(value) is dict and NESTED.isdisjoint(map(type, value.values())):
        return [value]
    try:
        return flatten.rows(value, inner, seen)
    except (flatten.NoRow, RecursionError):
        return "ragged"


def _length(row: flatten.Row) -> int:
    return sum(len(cell) for cell in row.values() if isinstance(cell, str))


def _wide(source: Source, found: str) -> SourceError:
    return json_stream.too_large(source.place, None, found, f"at most {WIDEST} columns")


def _limit(spool: Spool, source: Source) -> None:
    if len(spool.names) > WIDEST:
        raise _wide(source, f"more than {WIDEST} columns")
    if spool.size > FREE and source.survey is not None and spool.size > STEEPEST * source.survey.size:
        raise json_stream.too_large(
            source.place, None, "cells that are repeated beside each element of a list, far beyond the file", "rows"
        )


def _names(spool: Spool, source: Source) -> tuple[str, ...]:
    """The columns; one that never holds anything and stands for an object that is missing in some rows is none."""
    _limit(spool, source)
    outer = {name[:at] for name in spool.names for at, sign in enumerate(name) if sign == "."}
    names = tuple(name for name, count in spool.names.items() if count or name not in outer)
    cells, filled = spool.rows * len(names), sum(spool.names.values())
    if cells > CELLS and cells > SPARSEST * filled:
        raise json_stream.too_large(
            source.place, None, f"{len(names)} columns with one cell of {cells // max(filled, 1)} filled", "full columns"
        )
    return names


def _seen(spool: Spool, columns: int) -> str:
    return f"{columns} columns in the order of first sight, all of {spool.rows} rows looked at"


def _of_lists(lists: dict[str, int], inner: str) -> Decision:
    named = ", ".join(f"{name!r} in {count} rows" for name, count in list(lists.items())[:NAMED])
    more = f" and {len(lists) - NAMED} others" if len(lists) > NAMED else ""
    hint = "" if inner else "; to have a row for each element, name the list in reading.path"
    return Decision(len(lists), f"lists of objects kept as JSON text, one cell each: {named}{more}{hint}", 0.8)


def _blocks(spool: Spool, names: tuple[str, ...], block_rows: int) -> Iterator[Block]:
    most = max(1, min(block_rows, CELLS // max(len(names), 1)))
    held: list[Part] = []
    for part in spool.parts():
        while len(part) > (room := most - sum(map(len, held))):
            yield _block([*held, part.cut(0, room)], names)
            held, part = [], part.cut(room, len(part))
        held.append(part)
        if sum(one.size for one in held) > HEAVIEST:
            yield _block(held, names)
            held = []
    if held:
        yield _block(held, names)


def _block(parts: list[Part], names: tuple[str, ...]) -> Block:
    record, line = (np.concatenate([getattr(part, name) for part in parts]) for name in ("record", "line"))
    columns = [pa.concat_arrays([part.texts.get(name, pa.nulls(len(part), pa.string())) for part in parts]) for name in names]
    codes = chaff.sift(columns, SIEVE) if columns else np.zeros(len(record), np.uint8)
    keep, left = codes == 0, np.flatnonzero(codes)
    own = unique_names(names)
    kinds = {called: _kinds(parts, name)[keep] for called, name in zip(own, names, strict=True)}
    aside = aside_table(record[left], line[left], [chaff.REASONS[code] for code in codes[left]], [""] * len(left))
    table = pa.table(kept(columns, keep), names=list(own))
    return Block(table, record[keep], line[keep], pa.concat_tables([*(part.aside for part in parts), aside]).combine_chunks(), kinds)


def _kinds(parts: list[Part], name: str) -> Kinds:
    return np.concatenate([part.kinds[name] if name in part.kinds else np.full(len(part), BLANK, np.uint8) for part in parts])
