"""A table's columns as the matrix that a model reads: numbers as they are, categories as codes learned at training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from contracts.errors import ModelError

Table: TypeAlias = pa.Table | pd.DataFrame
Floats = npt.NDArray[np.float64]
Kind = Literal["number", "category"]

MOST_CATEGORIES = 200
FEWEST_ROWS = 10
"""A category seen in fewer training rows is not kept by name: too rare to learn from, and it might tell who the row is about."""
FEWEST_VALUES = 20
"""An input with fewer values at training cannot be split on, and could be empty in a fold, which gradient boosting does not survive."""
OTHER = "(other)"
BLOCK = 100_000


@dataclass(frozen=True)
class Input:
    """A column that a model reads."""

    name: str
    kind: Kind


@dataclass(frozen=True)
class Column:
    """An input with what training learned of it.

    Parameters
    ----------
    name, kind : str
        As in `Input`.
    categories : tuple of str
        By falling frequency at training; a category's code is its place. Ends with `OTHER` where rare ones were joined.
    typical : float
        Median, or the code of the most frequent category.
    """

    name: str
    kind: Kind
    categories: tuple[str, ...] = ()
    typical: float = float("nan")

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {**asdict(self), "categories": list(self.categories)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Column:
        """The inverse of `as_dict`."""
        return cls(data["name"], data["kind"], tuple(data["categories"]), data["typical"])


@dataclass(frozen=True)
class Matrix:
    """Rows as a model reads them.

    Parameters
    ----------
    values : array of float, one row per row and one column per input
        Missing is nan.
    unseen : mapping of str to int
        Cells per input that training did not know: categories outside its list, numbers that are not finite.
    """

    values: Floats
    unseen: Mapping[str, int]


def learn(table: Table, inputs: Sequence[Input]) -> tuple[tuple[Column, ...], tuple[Input, ...]]:
    """Learn each input's column; the second value holds inputs with fewer than `FEWEST_VALUES` values, which a model leaves out.

    Examples
    --------
    >>> table = pa.table({"plan": ["a"] * 15 + ["b"] * 12 + ["c"], "age": pa.nulls(28, pa.int64())})
    >>> columns, dropped = learn(table, [Input("plan", "category"), Input("age", "number")])
    >>> columns[0].categories, [i.name for i in dropped]
    (('a', 'b', '(other)'), ['age'])
    """
    learned = [(given, _learned(_column(table, given), given)) for given in inputs]
    return tuple(c for _, c in learned if c is not None), tuple(i for i, c in learned if c is None)


def matrix(table: Table, columns: Sequence[Column]) -> Matrix:
    """The matrix of a table.

    Raises
    ------
    ModelError
        MODEL-INPUTS where a column is absent, line by line, or is of another kind.
    """
    absent = [c for c in columns if c.name not in _names(table)]
    if absent:
        raise ModelError(
            "MODEL-INPUTS", "the table lacks inputs of the model", found=f"{len(columns) - len(absent)} of {len(columns)}",
            details=[f"- {c.name} ({c.kind})" for c in absent], hint="add the columns, empty where nothing is known, or train without them",
        )  # fmt: skip
    values = np.empty((len(table), len(columns)))
    unseen = {c.name: _fill(values[:, place], _column(table, Input(c.name, c.kind)), c) for place, c in enumerate(columns)}
    return Matrix(values, unseen)


def blocks(table: Table, rows: int = BLOCK) -> list[Table]:
    """The table in pieces that fit the processor's cache better than the whole."""
    if isinstance(table, pa.Table):
        return [table.slice(start, rows) for start in range(0, len(table), rows)]
    return [table.iloc[start : start + rows] for start in range(0, len(table), rows)]


def _names(table: Table) -> set[str]:
    return set(table.column_names if isinstance(table, pa.Table) else table.columns)


def _column(table: Table, given: Input) -> pa.Array:
    """A column as one Arrow array: text (perhaps a dictionary) for a category, number or boolean for a number."""
    if given.name not in _names(table):
        raise ModelError("MODEL-INPUTS", "the table lacks an input", details=[f"- {given.name} ({given.kind})"])
    raw = table[given.name] if isinstance(table, pa.Table) else pa.array(table[given.name], from_pandas=True)
    column = raw.combine_chunks() if isinstance(raw, pa.ChunkedArray) else raw
    column = pa.array([], column.type) if isinstance(column, pa.ChunkedArray) else column
    if given.kind == "category":
        return column if pa.types.is_dictionary(column.type) else column.cast(pa.string())
    kind = column.type
    if not any(test(kind) for test in (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_null)):
        raise ModelError("MODEL-INPUTS", f"the input {given.name} is not a number", found=str(kind), expected="whole, real or flag")
    return column


def _learned(column: pa.Array, given: Input) -> Column | None:
    if len(column) - column.null_count < FEWEST_VALUES:
        return None
    if given.kind == "number":
        numbers = _numbers(column)
        finite = numbers[np.isfinite(numbers)]
        return Column(given.name, "number", typical=float(np.median(finite))) if len(finite) >= FEWEST_VALUES else None
    counts = _counts(column)
    kept = [name for name, count in counts if count >= FEWEST_ROWS]
    if len(kept) == len(counts) <= MOST_CATEGORIES:
        return Column(given.name, "category", tuple(kept), 0.0)
    kept = kept[: MOST_CATEGORIES - 1]
    rare = sum(count for name, count in counts[len(kept) :])
    typical = 0.0 if kept and counts[0][1] >= rare else float(len(kept))
    return Column(given.name, "category", (*kept, OTHER), typical)


def _counts(column: pa.Array) -> list[tuple[str, int]]:
    """Categories with their rows, most frequent first, ties by name."""
    codes = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    rows = np.bincount(_codes(codes)[_codes(codes) >= 0], minlength=len(codes.dictionary))
    pairs = zip(codes.dictionary.cast(pa.string()).to_pylist(), rows.tolist(), strict=True)
    return sorted(((name, count) for name, count in pairs if count and name is not None), key=lambda pair: (-pair[1], pair[0]))


def _codes(column: pa.DictionaryArray) -> npt.NDArray[np.int64]:
    return np.asarray(pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)


def _numbers(column: pa.Array) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _fill(place: Floats, column: pa.Array, known: Column) -> int:
    """Write a column of the matrix; return how many of its cells training did not know."""
    if known.kind == "number":
        numbers = _numbers(column)
        strange = np.isinf(numbers)
        place[:] = np.where(strange, np.nan, numbers) if strange.any() else numbers
        return int(strange.sum())
    codes = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    other = float(len(known.categories) - 1) if known.categories[-1:] == (OTHER,) else np.nan
    named = pa.array([c for c in known.categories if c != OTHER or np.isnan(other)], pa.string())
    texts = codes.dictionary.cast(pa.string())
    found = pc.index_in(texts, value_set=named)
    is_new = pc.and_(pc.is_null(found), pc.is_valid(texts)).to_numpy(zero_copy_only=False)
    numbers = np.where(is_new, other, _numbers(found))
    code = _codes(codes)
    place[:] = np.append(numbers, np.nan)[code]  # code -1, a null, takes the last
    return int(np.append(is_new, False)[code].sum())
