"""An amount is quantity times unit price, where the file shows that it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import Column
from connectors.parsing.cells import Mask, flags
from contracts.origin import Origin

AMOUNT = ("quantity", "unit_price", "amount")
"""Two factors and their product, by their names in contracts."""
NEAR = 0.0051
"""Half a cent, and what floating point adds."""
MOST, FEWEST = 0.9, 20

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Products:
    """How often a product was met among rows that have all three numbers."""

    rows: int
    equal: int

    @property
    def kept(self) -> bool:
        """Whether a row that contradicts is in error: nearly all others agree.

        Examples
        --------
        >>> Products(100, 95).kept, Products(100, 60).kept, Products(5, 5).kept
        (True, False, False)
        """
        return self.rows >= FEWEST and self.equal >= MOST * self.rows


def count(samples: Iterable[tuple[pa.Array, pa.Array, pa.Array]]) -> Products:
    """Count rows of samples in which the third number is the product of the first two.

    Examples
    --------
    >>> count([(pa.array([2.0, 3.0, None]), pa.array([1.5, 1.0, 1.0]), pa.array([3.0, 4.0, 1.0]))])
    Products(rows=2, equal=1)
    """
    rows = equal = 0
    for arrays in samples:
        there = np.logical_and.reduce([flags(values.is_valid()) for values in arrays])
        one, other, product = (_numbers(values) for values in arrays)
        rows += int(there.sum())
        equal += int((there & (np.abs(one * other - product) < NEAR)).sum())
    return Products(rows, equal)


def _numbers(values: pa.Array) -> Reals:
    plain: Reals = pc.fill_null(values.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
    return plain


def amounts(columns: Mapping[str, Column]) -> Column:
    """Amounts beside quantities and unit prices of a file that multiplies them.

    A whole amount that is a hundred times the product has lost its decimal mark and gets it back; any other contradiction is flagged.
    """
    one, other, column = (columns[name] for name in AMOUNT)
    product, amount = _numbers(one.values) * _numbers(other.values), _numbers(column.values)
    there = np.logical_and.reduce([_sound(each) for each in (one, other, column)])
    there &= _numbers(other.values) >= 0  # a price below zero is wrong by itself, and its amount is not
    shifted = there & (np.abs(product * 100 - amount) < NEAR * 100) & (np.abs(product) >= NEAR) & (amount == np.round(amount))
    if shifted.any():
        values = pc.if_else(pa.array(shifted), pa.array(np.round(amount) / 100), column.values)
        column = Column(values, np.where(shifted, np.uint8(Origin.REPAIRED), column.origins), column.failures)
    return column.failing("product", there & ~shifted & (np.abs(product - amount) >= NEAR))


def _sound(column: Column) -> Mask:
    found: Mask = flags(column.values.is_valid()) & ~column.bad
    return found
