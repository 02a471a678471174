"""Gaps: which inputs a feed has on which rows, and labelled rows with the same gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from models.inputs import OTHER, Column

THERE, FILLED, EMPTY = np.uint8(0), np.uint8(1), np.uint8(2)
"""What a feed has in a cell: a value of its own, a usual one in its place, nothing."""

States = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Gaps:
    """The pattern of gaps of a feed.

    Parameters
    ----------
    names : tuple of str
        Inputs.
    states : array of uint8
        One row per sampled row of the feed and one column per input: `THERE`, `FILLED` or `EMPTY`.

    Examples
    --------
    >>> gaps = Gaps(("age", "income"), np.array([[0, 2], [0, 0]], dtype=np.uint8))
    >>> gaps.share("income"), gaps.closed(["income"]).share("income")
    (0.5, 0.0)
    """

    names: tuple[str, ...]
    states: States

    def share(self, name: str) -> float:
        """Share of the rows without a value of their own."""
        return float(np.mean(self.states[:, self.names.index(name)] != THERE))

    def closed(self, names: Sequence[str]) -> Gaps:
        """The pattern with some inputs there on every row."""
        return self._with(names, THERE)

    def opened(self, names: Sequence[str]) -> Gaps:
        """The pattern with some inputs there on no row."""
        return self._with(names, EMPTY)

    def _with(self, names: Sequence[str], state: np.uint8) -> Gaps:
        states = self.states.copy()
        states[:, [self.names.index(name) for name in names]] = state
        return replace(self, states=states)

    def beyond(self, table: pa.Table, seed: int) -> Gaps:
        """Fewer gaps, so that together with those that labelled rows have themselves as many cells are missing as in the feed.

        A cell that may be empty by its meaning, such as the days between the orders of who ordered once, is empty in both.

        Examples
        --------
        >>> gaps = Gaps(("age",), np.array([[2], [0]], dtype=np.uint8))
        >>> gaps.beyond(pa.table({"age": [None, 40]}), seed=1).share("age")
        0.0
        """
        states, draw = self.states.copy(), np.random.default_rng([seed, 1])
        for place, name in enumerate(self.names):
            column = table[name]
            here, own = self.share(name), column.null_count / max(len(column), 1)
            kept = 1.0 if not here or own in (0.0, 1.0) else max(0.0, (here - own) / (here * (1 - own)))
            states[draw.random(len(states)) >= kept, place] = THERE
        return replace(self, states=states)

    @classmethod
    def none(cls, names: Sequence[str]) -> Gaps:
        """No gaps at all."""
        return cls(tuple(names), np.zeros((1, len(names)), np.uint8))


def masked(table: pa.Table, columns: Sequence[Column], gaps: Gaps, row_of: npt.NDArray[np.int64]) -> pa.Table:
    """A table under gaps: cells that a feed fills hold what is typical of the column, cells that it lacks are empty.

    Parameters
    ----------
    columns : sequence of Column
        What training learned, to know what is typical; a column that it could not learn from is emptied.
    row_of : array of int
        Which row of the pattern each row takes.

    Examples
    --------
    >>> gaps = Gaps(("age",), np.array([[0], [1], [2]], dtype=np.uint8))
    >>> masked(pa.table({"age": [30, 40, 50]}), [Column("age", "number", typical=35.0)], gaps, np.arange(3))["age"].to_pylist()
    [30.0, 35.0, None]
    """
    known = {column.name: column for column in columns}
    for place, name in enumerate(gaps.names):
        if name not in table.column_names or (gaps.states[:, place] == THERE).all():
            continue
        state = gaps.states[row_of, place]
        table = table.set_column(table.column_names.index(name), name, _masked(table[name], known.get(name), state))
    return table


def _masked(values: pa.ChunkedArray, known: Column | None, state: States) -> pa.ChunkedArray:
    typical = _typical(known)
    if isinstance(typical, float):
        values = values.cast(pa.float64())
    elif pa.types.is_dictionary(values.type):
        values = values.cast(pa.string())
    usual = pa.scalar(typical, values.type)
    return pc.if_else(pa.array(state == THERE), values, pc.if_else(pa.array(state == FILLED), usual, pa.scalar(None, values.type)))


def _typical(known: Column | None) -> float | str | None:
    if known is None:
        return None
    if known.kind == "number":
        return float(known.typical)
    name = known.categories[int(known.typical)]
    return None if name == OTHER else name


def unknown(values: pa.Array, known: Column) -> npt.NDArray[np.bool_]:
    """Cells whose word training did not know, so that the model cannot tell them from missing ones; none of a number.

    Examples
    --------
    >>> unknown(pa.array(["a", "b", None]), Column("plan", "category", ("a",), 0.0)).tolist()
    [False, True, False]
    """
    if known.kind == "number":
        return np.zeros(len(values), np.bool_)
    named = pa.array([name for name in known.categories if name != OTHER], pa.string())
    strange = pc.and_(values.is_valid(), pc.invert(pc.is_in(values.cast(pa.string()), value_set=named)))
    return np.asarray(strange.to_numpy(zero_copy_only=False), dtype=np.bool_)
