"""JSON rows that are arrays: what their columns are called, by a list of names beside them or by the first of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.reading import heading
from connectors.reading.block import unique_names
from connectors.reading.decision import Decision
from connectors.reading.flatten import Row, written
from connectors.reading.json_stream import Number

SAID = ("name", "fieldName", "field", "id", "key", "title", "label", "header")
"""Keys of an object that describes a column, under which its name may be; the first that all of them have."""
LOOKED_AT = 200
"""Rows from which their columns are told."""
SURE = 0.8
"""Share of values that are arrays of cells from which they are rows."""


@dataclass(frozen=True)
class Positional:
    """Rows that are arrays.

    Parameters
    ----------
    names : tuple of str
        Of the columns, unique.
    headed : bool
        Whether the first row is their header.
    why : Decision
    """

    names: tuple[str, ...]
    headed: bool
    why: Decision

    def row(self, value: Sequence[Any]) -> Row | None:
        """An array as a row; None where it has more or fewer cells than there are columns."""
        return dict(zip(self.names, value, strict=True)) if len(value) == len(self.names) else None


def positional(values: Sequence[Any], names: Sequence[Sequence[str]] = (), header_row: int | None = None) -> Positional | None:
    """What rows are called that are arrays; None where most values are none.

    Parameters
    ----------
    values : sequence
        The first ones of a list.
    names : sequence of sequences of str
        Lists beside it that may be the names of its columns.
    header_row : int, optional
        Where the connector says it: 0 for no header, else the first.

    Examples
    --------
    >>> positional([["id", "name"], [Number("1"), "Ute"], [Number("2"), "Max"]]).names
    ('id', 'name')
    >>> positional([[Number("1"), "Ute"], [Number("2"), "Max"]], [["id", "name"]]).headed, positional([{"id": "1"}])
    (False, None)
    """
    arrays = [value for value in values if isinstance(value, list) and value and not any(isinstance(cell, dict | list) for cell in value)]
    if not arrays or len(arrays) < SURE * len(values):
        return None
    width = Counter(map(len, arrays)).most_common(1)[0][0]
    beside = [found for found in names if len(found) == width]
    if header_row is None and beside:
        return Positional(unique_names(beside[0]), False, Decision(0, f"the file lists {width} names beside the rows", 0.95))
    texts = [[text(cell) for cell in value] for value in arrays if len(value) == width]
    if header_row is not None:
        headed, why = header_row > 0, Decision.told(min(header_row, 1))
    else:
        index, why = heading.find(texts, width, float(width))
        headed = index == 0 and len(values[0]) == width
    return Positional(unique_names(texts[0] if headed else [""] * width), headed, why)


def text(cell: Any) -> str:
    """A cell as text; empty for null."""
    if isinstance(cell, str):
        return str(cell)
    return "" if cell is None else {True: "true", False: "false"}[cell] if isinstance(cell, bool) else written(cell)


def named(values: Sequence[Any]) -> list[str] | None:
    """The names that a list gives: words, or objects that each describe a column.

    Examples
    --------
    >>> named(["id", "pay"]), named([{"id": "7", "name": "Nr"}, {"id": "8", "name": "Ort"}]), named([Number("1")])
    (['id', 'pay'], ['Nr', 'Ort'], None)
    """
    if not values:
        return None
    if all(isinstance(value, str) and not isinstance(value, Number) for value in values):
        return [str(value) for value in values]
    objects = [value for value in values if isinstance(value, Mapping)]
    key = next((key for key in SAID if len(objects) == len(values) and all(isinstance(one.get(key), str) for one in objects)), None)
    return None if key is None else [str(one[key]) for one in objects]
