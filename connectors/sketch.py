"""What a submission looked like: enough to compare the next one with, and no value of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from connectors.mapping import fold
from connectors.proposing.column import Column
from contracts.digest import sha256_json
from contracts.errors import shape

FEW = 40
"""Different values up to which a column is a list of words, whose new ones are told."""


@dataclass(frozen=True)
class Look:
    """How a column looks, without a value.

    Parameters
    ----------
    fill : float
        Share of rows with a value.
    form : {"number", "date", "text", "empty"}
        What most values are.
    shapes : tuple of str
        The commonest.
    words : tuple of str
        Hashes of the different values where they are few; else empty.
    usual : tuple of str
        Those of them that a slip of the pen would not make: of ten rows, or one in a hundred.
    """

    fill: float
    form: str
    shapes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()

    @classmethod
    def of(cls, column: Column, *, personal: bool = False) -> Look:
        """The look of a column; of one that names persons, no words are kept, not even as hashes."""
        few = not personal and column.unique <= FEW and column.distinct < 0.5
        words = [_hash(text) for text in column.texts] if few else []
        least = max(2, min(10, column.rows // 100))
        usual = [word for word, count in zip(words, column.counts.tolist(), strict=False) if count >= least]
        return cls(round(column.fill, 4), _form(column), column.shapes(), tuple(sorted(set(words))), tuple(sorted(set(usual))))


@dataclass(frozen=True)
class Sketch:
    """A submission's columns, rows and files.

    Parameters
    ----------
    rows : int
        Records that were rows.
    files : tuple of str
        Hashes of their content.
    looks : mapping of str to Look
        By header, in the order of the file.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> Sketch.of(columns(pa.table({"Ort": ["Ulm", "Bonn"]})), 2, ("ab",)).looks["Ort"].form
    'text'
    """

    rows: int
    files: tuple[str, ...]
    looks: Mapping[str, Look] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Sequence[Column], rows: int, files: Sequence[str], personal: Collection[str] = ()) -> Sketch:
        """The sketch of a submission's columns; `personal` has the headers of those that name persons."""
        looks = {column.name: Look.of(column, personal=column.name in personal) for column in columns}
        return cls(rows, tuple(sorted(files)), looks)

    @property
    def shapes(self) -> dict[str, tuple[str, ...]]:
        """Commonest shapes by header."""
        return {header: look.shapes for header, look in self.looks.items()}

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Sketch:
        """The inverse of `as_dict`."""
        looks = {
            header: Look(float(one["fill"]), str(one["form"]), tuple(one["shapes"]), tuple(one["words"]), tuple(one["usual"]))
            for header, one in data["looks"].items()
        }
        return cls(int(data["rows"]), tuple(data["files"]), looks)


def _form(column: Column) -> str:
    if not column.filled:
        return "empty"
    dates = np.array([_dated(text) for text in column.texts[:200]])
    numbers = np.array([_numeric(text) for text in column.texts[:200]])
    weight = np.sqrt(column.counts[:200])
    if column.kinds.get("date", 0) > 0.8 * sum(column.kinds.values()) > 0 or weight[dates].sum() > 0.8 * weight.sum():
        return "date"
    return "number" if weight[numbers & ~dates].sum() > 0.8 * weight.sum() else "text"


def _dated(text: str) -> bool:
    parts = shape(text).partition(" ")[0].partition("T")[0]
    return any(parts.count(sign) == 2 and set(parts.replace(sign, "")) == {"9"} for sign in "./-")


def _numeric(text: str) -> bool:
    return set(shape(text)) <= set("9.,'-+€$£% ") and "9" in shape(text)


def _hash(text: str) -> str:
    return sha256_json(fold(text))[:16]
