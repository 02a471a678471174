"""Layout: the fixed bins on which the fields of a table are counted, learned from a reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from contracts.errors import ContractError

Kind = Literal["number", "category"]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MOST_BINS = 100
MOST_NAMES = 50
FEWEST_ROWS = 10
"""Fewer rows make no bin and no named category of their own: too few to compare, and they might tell who the rows are about."""
OTHER = "(other)"

NUMBERS = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_null)
CATEGORIES = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_boolean, pa.types.is_null)


@dataclass(frozen=True)
class FieldLayout:
    """How one field is counted.

    Parameters
    ----------
    kind : {"number", "category"}
    edges : tuple of float
        Of a number: bin ``i`` holds the values above ``edges[i - 1]`` up to and with ``edges[i]``; the first and the last are open.
    names : tuple of str
        Of a category: one bin each; all other values share a last one, `OTHER`.
    """

    kind: Kind
    edges: tuple[float, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def bins(self) -> int:
        """How many."""
        return 1 + len(self.edges if self.kind == "number" else self.names)


@dataclass(frozen=True)
class Layout:
    """How a table is counted, by field; made once from a reference and kept with it.

    Examples
    --------
    >>> made = layout(pa.table({"plan": ["a"] * 12 + ["b"] * 10 + ["c"]}), {"plan": "category"})
    >>> made.fields["plan"].names, Layout.from_dict(made.as_dict()) == made
    (('a', 'b'), True)
    """

    fields: Mapping[str, FieldLayout]

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {name: asdict(found) for name, found in self.fields.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Layout:
        """The inverse of `as_dict`."""
        return cls({name: FieldLayout(d["kind"], tuple(d["edges"]), tuple(d["names"])) for name, d in data.items()})


def layout(table: pa.Table, kinds: Mapping[str, Kind], missing: Mapping[str, Mask] | None = None) -> Layout:
    """The layout that a reference's own values suggest; days and moments are not profiled.

    Parameters
    ----------
    table : pyarrow.Table
        The reference; a field that it lacks gets a single bin.
    kinds : mapping
        ``"number"`` or ``"category"`` by field; a flag is the number 0 or 1.
    missing : mapping of str to bool array, optional
        As in `profile`.

    Raises
    ------
    ContractError
        PROFILE-KIND where a column cannot be counted so, PROFILE-MASK.

    Examples
    --------
    >>> made = layout(pa.table({"n": [1, 2] * 50, "flag": [True] * 100}), {"n": "number", "flag": "number"})
    >>> made.fields["n"].edges, made.fields["flag"].edges
    ((0.999999999, 1.5, 2.000000002), (0.5,))
    """
    return Layout({name: _field_layout(table, name, kind, missing or {}) for name, kind in kinds.items()})


def _field_layout(table: pa.Table, name: str, kind: Kind, missing: Mapping[str, Mask]) -> FieldLayout:
    if name not in table.column_names:
        return FieldLayout(kind)
    column, mask = table.column(name), mask_of(table, name, missing)
    if kind == "category":
        return FieldLayout(kind, names=_frequent(column, name, mask))
    if pa.types.is_boolean(column.type):
        return FieldLayout(kind, edges=(0.5,))
    values = numbers(column, name, mask)
    return FieldLayout(kind, edges=_quantiles(np.sort(values[np.isfinite(values)])))


def _quantiles(values: Floats) -> tuple[float, ...]:
    """Edges at equal shares of sorted values, each midway to the next distinct value: there a rounding error moves no row to another bin.

    Where the smallest or the largest value is frequent, an edge beyond it tells values that the reference does not have.
    """
    bins = min(MOST_BINS, len(values) // FEWEST_ROWS)
    if bins < 2:
        return ()
    cuts = np.unique(values[np.arange(1, bins) * len(values) // bins - 1])
    after = np.searchsorted(values, cuts, side="right")
    following = values[np.minimum(after, len(values) - 1)]
    edges = np.where(after < len(values), cuts / 2 + following / 2, _beyond(cuts, 1))
    below = _beyond(cuts[:1], -1) if cuts[0] == values[0] else cuts[:0]
    return tuple(np.unique(np.concatenate([below, edges])).tolist())


def _beyond(values: Floats, sign: int) -> Floats:
    return values + sign * 1e-9 * np.maximum(np.abs(values), 1)


def _frequent(column: pa.ChunkedArray, name: str, mask: Mask | None) -> tuple[str, ...]:
    """Categories by falling frequency, then by name."""
    every = texts(column, name)
    counted = pc.value_counts(every if mask is None else every.filter(pa.array(~mask)))
    enough = counted.filter(pc.greater_equal(counted.field("counts"), FEWEST_ROWS))
    pairs = [(pair["counts"], pair["values"]) for pair in enough.to_pylist() if pair["values"] is not None]
    return tuple(text for _, text in sorted(pairs, key=lambda pair: (-pair[0], pair[1]))[:MOST_NAMES])


def mask_of(table: pa.Table, name: str, missing: Mapping[str, Mask]) -> Mask | None:
    """A field's mask, if it has one.

    Raises
    ------
    ContractError
        PROFILE-MASK where it does not have one cell a row.
    """
    mask = missing.get(name)
    if mask is not None and mask.shape != (table.num_rows,):
        raise ContractError(
            "PROFILE-MASK", f"the mask of {name} does not have one cell a row", found=str(mask.shape), expected=str(table.num_rows),
            hint="this is a fault of Millrace",
        )  # fmt: skip
    return mask


def numbers(column: pa.ChunkedArray, name: str, mask: Mask | None = None) -> Floats:
    """The values that are there, as reals, without nan.

    Raises
    ------
    ContractError
        PROFILE-KIND.
    """
    _demand(column.type, name, NUMBERS, "numbers or flags")
    values: Floats = pc.cast(column, pa.float64(), safe=False).to_numpy()
    there = ~np.isnan(values) if mask is None else ~(np.isnan(values) | mask)
    return values if there.all() else values[there]


def texts(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """All values as texts.

    Raises
    ------
    ContractError
        PROFILE-KIND.
    """
    _demand(column.type.value_type if pa.types.is_dictionary(column.type) else column.type, name, CATEGORIES, "texts, codes or flags")
    return pc.cast(column, pa.string())


def _demand(kind: pa.DataType, name: str, tests: tuple[Callable[[pa.DataType], bool], ...], expected: str) -> None:
    if not any(test(kind) for test in tests):
        raise ContractError("PROFILE-KIND", f"the field {name} cannot be counted as its layout says", found=str(kind), expected=expected)
