"""Nested objects as flat rows: dotted columns, lists as their JSON text or as rows of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.reading.json_stream import Doubled, Number, Word

Row = dict[str, Any]
"""Cells by column: texts, numbers as written, true, false, or None."""


@dataclass
class Seen:
    """What was met in objects so far.

    Parameters
    ----------
    lists : dict of str to int
        Lists of objects that became text: by column, in how many rows.
    met : bool
        Whether any object had the list whose elements become rows.
    """

    lists: dict[str, int] = field(default_factory=dict)
    met: bool = False


class NoRow(ValueError):
    """An object that cannot be a row without loss: a key twice, or two values for one column."""


def rows(value: Mapping[str, Any], path: str, seen: Seen) -> list[Row]:
    """An object as rows: one, or one for each element of a list in it.

    Parameters
    ----------
    value : mapping
    path : str
        Where the list is whose elements become rows, the other cells repeated beside them; empty for none. An object without it, or with
        an empty one, is one row.
    seen : Seen
        Is kept up.

    Raises
    ------
    NoRow
    RecursionError
        Where values lie too deep within one another.

    Examples
    --------
    >>> rows({"id": "7", "at": {"zip": "00123"}, "tags": ["a", "b"]}, "", Seen())
    [{'id': '7', 'at.zip': '00123', 'tags': '["a","b"]'}]
    >>> rows({"id": "7", "lines": [{"sku": "a"}, {"sku": "b"}]}, "lines", Seen())
    [{'id': '7', 'lines.sku': 'a'}, {'id': '7', 'lines.sku': 'b'}]
    """
    outer: Row = {}
    inner: list[Any] = []
    for name, cell in _cells(value, "", path):
        if path and name == path and isinstance(cell, list):
            inner, seen.met = cell, True
        else:
            _put(outer, name, _one(cell, name, seen))
    return [_joined(outer, element, path, seen) for element in inner] or [outer]


def _joined(outer: Row, element: Any, path: str, seen: Seen) -> Row:
    row = dict(outer)
    for name, cell in _cells(element, f"{path}.", "") if isinstance(element, dict) else ((path, element),):
        _put(row, name, _one(cell, name, seen))
    return row


def _put(row: Row, name: str, cell: Any) -> None:
    if name in row:
        raise NoRow
    row[name] = cell


def _cells(value: Mapping[str, Any], before: str, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Doubled):
        raise NoRow
    for key, cell in value.items():
        name = before + key
        if isinstance(cell, dict):
            yield from _cells(cell, f"{name}.", path)
        else:
            yield name, cell


def _one(cell: Any, name: str, seen: Seen) -> Any:
    if not isinstance(cell, list):
        return cell
    if any(isinstance(element, dict) for element in cell):
        seen.lists[name] = seen.lists.get(name, 0) + 1
    return written(cell)


def written(value: Any) -> str:
    """A value as JSON text without blanks, numbers as they were.

    Examples
    --------
    >>> written([Number("1.50"), "a", None, {"b": True}])
    '[1.50,"a",null,{"b":true}]'
    """
    if isinstance(value, Doubled):
        raise NoRow
    if isinstance(value, dict):
        return "{" + ",".join(f"{written(key)}:{written(cell)}" for key, cell in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return str(value) if isinstance(value, Number | Word) else json.dumps(value, ensure_ascii=False)
