"""Which column feeds which field: decided for all columns at once, and left open where nothing speaks for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from connectors.proposing.evidence import ASKED, Evidence, weigh
from connectors.proposing.signals import Signals
from contracts.contract import Contract

SAME = 0.95
CLOSE = 0.25
"""Two columns whose evidence differs by less are both possible."""

EITHER = frozenset({"phone", "product_id"})
"""Fields of which a row may have several, and any is right: a number to call, a key of the product."""
APART: Mapping[str, float] = dict.fromkeys(("signup_date", "last_order_date", "birth_date", "contacted_on", "ordered_at"), 0.5)
"""Days of one meaning under different names are asked about more readily than other columns."""
MORE_FILLED = 1.0
"""Of several such columns the one that more rows have is taken."""


@dataclass(frozen=True)
class Choice:
    """A field's column.

    Parameters
    ----------
    column : int
        Position of the column.
    evidence : Evidence
        For it.
    rivals : tuple of int
        Other columns that could as well be the field's source.
    """

    column: int
    evidence: Evidence
    rivals: tuple[int, ...] = ()


Weights = npt.NDArray[np.float64]
Grid = dict[str, list[Evidence]]


def grid(contract: Contract, seen: Sequence[Signals], recalled: Sequence[Mapping[str, float]]) -> Grid:
    """The evidence of every field of a contract and every column."""
    return {
        name: [weigh(contract, field, column, known) for column, known in zip(seen, recalled, strict=True)]
        for name, field in contract.fields.items()
    }


def assign(weighed: Grid, seen: Sequence[Signals]) -> dict[str, Choice]:
    """The choice of columns with the most evidence in all; a field without enough is left out, and no column is taken twice.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from connectors.proposing.column import columns
    >>> from contracts import contract
    >>> seen = [Signals(column) for column in columns(pa.table({"Ort": ["Ulm", "Bonn"], "Nr": ["1", "2"]}))]
    >>> {name: choice.column for name, choice in assign(grid(contract.get("customers"), seen, [{}, {}]), seen).items()}
    {'customer_id': 1, 'city': 0}
    """
    from scipy.optimize import linear_sum_assignment

    names = list(weighed)
    weights = np.array([[evidence.weight for evidence in weighed[name]] for name in names])
    fill = np.array([column.column.fill for column in seen])
    weights[[name in EITHER for name in names]] += MORE_FILLED * (fill - 1)
    least = np.log(ASKED / (1 - ASKED))
    worth = np.clip(weights - least, 0, None)
    rows, places = linear_sum_assignment(worth, maximize=True)
    taken = {int(place) for row, place in zip(rows, places, strict=True) if worth[row, place] > 0}
    return {
        names[row]: Choice(int(place), weighed[names[row]][place], _rivals(names[row], weights[row], int(place), taken, seen))
        for row, place in zip(rows.tolist(), places.tolist(), strict=True)
        if worth[row, place] > 0
    }  # fmt: skip


def _rivals(name: str, weights: Weights, place: int, taken: set[int], seen: Sequence[Signals]) -> tuple[int, ...]:
    if name in EITHER:
        return ()
    close = weights > weights[place] - APART.get(name, CLOSE)
    near = [int(other) for other in np.flatnonzero(close) if other != place and int(other) not in taken]
    return tuple(other for other in near if not same(seen[place], seen[other]))


def same(one: Signals, other: Signals) -> bool:
    """Two columns hold the same values, so that it does not matter which one is taken; or the other one holds none."""
    if not other.column.filled:
        return True
    first, second = set(one.column.texts[:500]), set(other.column.texts[:500])
    return len(first & second) >= SAME * max(len(first), len(second), 1)
