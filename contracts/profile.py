"""Profile: a table described by counts on fixed bins, so that descriptions of its parts add up to that of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from contracts.errors import ContractError
from contracts.layout import FieldLayout, Kind, Layout, Mask, layout, mask_of, numbers, texts

__all__ = ["FieldLayout", "FieldProfile", "Kind", "Layout", "Mask", "Profile", "empty", "layout", "profile"]


@dataclass(frozen=True)
class FieldProfile:
    """Counts of one field: rows, those without a value, and the others by bin."""

    rows: int
    nulls: int
    counts: tuple[int, ...]

    def __add__(self, other: FieldProfile) -> FieldProfile:
        counts = tuple(a + b for a, b in zip(self.counts, other.counts, strict=True))
        return FieldProfile(self.rows + other.rows, self.nulls + other.nulls, counts)

    @property
    def known(self) -> int:
        """Rows with a value."""
        return self.rows - self.nulls

    @property
    def missing(self) -> float | None:
        """Share of rows without a value; null where there are no rows."""
        return self.nulls / self.rows if self.rows else None


@dataclass(frozen=True)
class Profile:
    """Counts of a table, or of several parts of it.

    Parameters
    ----------
    layout : Layout
    rows : int
    fields : mapping of str to FieldProfile
        The fields of the layout.

    Raises
    ------
    ContractError
        PROFILE-LAYOUT where profiles of different layouts are added.

    Examples
    --------
    >>> made = layout(pa.table({"age": range(100)}), {"age": "number"})
    >>> part = profile(pa.table({"age": [5, 95, None]}), made)
    >>> (part + part).fields["age"].nulls, sum([part, part], empty(made)) == part + part
    (2, True)
    """

    layout: Layout
    rows: int = 0
    fields: Mapping[str, FieldProfile] = field(default_factory=dict)

    def __add__(self, other: Profile) -> Profile:
        if self.layout != other.layout:
            raise ContractError("PROFILE-LAYOUT", "profiles with different bins cannot be added", hint="count both on the same layout")
        return Profile(self.layout, self.rows + other.rows, {name: mine + other.fields[name] for name, mine in self.fields.items()})

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, with the layout."""
        counted = {name: {"nulls": found.nulls, "counts": list(found.counts)} for name, found in self.fields.items()}
        return {"layout": self.layout.as_dict(), "rows": self.rows, "fields": counted}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Profile:
        """The inverse of `as_dict`."""
        rows = int(data["rows"])
        fields = {name: FieldProfile(rows, int(d["nulls"]), tuple(d["counts"])) for name, d in data["fields"].items()}
        return cls(Layout.from_dict(data["layout"]), rows, fields)


def empty(layout: Layout) -> Profile:
    """The profile of no rows: the start of a sum."""
    return Profile(layout, 0, {name: FieldProfile(0, 0, (0,) * found.bins) for name, found in layout.fields.items()})


def profile(table: pa.Table, layout: Layout, missing: Mapping[str, Mask] | None = None) -> Profile:
    """Count a table, or a part of one.

    Parameters
    ----------
    table : pyarrow.Table
        A field of the layout that it lacks counts as missing in every row; nan counts as missing.
    layout : Layout
    missing : mapping of str to bool array, optional
        Cells that count as missing though they hold a value, such as imputed ones.

    Raises
    ------
    ContractError
        PROFILE-KIND where a column cannot be counted so, PROFILE-MASK where a mask does not have the table's rows.

    Examples
    --------
    >>> made = Layout({"age": FieldLayout("number", edges=(30.0, 60.0)), "city": FieldLayout("category", names=("Bonn",))})
    >>> found = profile(pa.table({"age": [30, 31, None, 99]}), made, {"age": np.array([False, True, False, False])})
    >>> found.fields["age"], found.fields["city"].nulls
    (FieldProfile(rows=4, nulls=2, counts=(1, 0, 1)), 4)
    """
    fields = {name: _counted(table, name, found, missing or {}) for name, found in layout.fields.items()}
    return Profile(layout, table.num_rows, fields)


def _counted(table: pa.Table, name: str, found: FieldLayout, missing: Mapping[str, Mask]) -> FieldProfile:
    if name not in table.column_names:
        return FieldProfile(table.num_rows, table.num_rows, (0,) * found.bins)
    column, mask = table.column(name), mask_of(table, name, missing)
    if found.kind == "number":
        places = np.searchsorted(np.array(found.edges), numbers(column, name, mask))
    else:
        places = _categories(column, name, mask, found.names)
    counts = np.bincount(places, minlength=found.bins)
    return FieldProfile(table.num_rows, table.num_rows - len(places), tuple(counts.tolist()))


def _categories(column: pa.ChunkedArray, name: str, mask: Mask | None, names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """The bins of the values that are there."""
    every = texts(column, name)
    known = every.is_valid().to_numpy()
    found = pc.index_in(every, value_set=pa.array(names, pa.string())).fill_null(len(names)).to_numpy()
    there = known if mask is None else known & ~mask
    return np.asarray(found if there.all() else found[there], dtype=np.int64)
