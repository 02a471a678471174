"""The usual value at training, for an input that training never missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts.assumption import Assumption
from contracts.batch import Batch, missing
from contracts.origin import Origin


@dataclass(frozen=True)
class Usual:
    """Fill one field's gaps with one value, as the model has never seen a gap there.

    Parameters
    ----------
    field : str
        What is filled; a field that the batch lacks is made.
    value : float or str
        Median, or most frequent category, of the rows that the model learned from.

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"visits": [3.0, None]}), np.array([1, 2]))
    >>> done = Usual("visits", 5.0).transform(batch)
    >>> done.table["visits"].to_pylist(), done.origins["visits"].tolist()
    ([3.0, 5.0], [0, 4])
    """

    field: str
    value: float | str

    how = "the usual value at training"
    why = "The model learned from rows without a gap here, so what it does with one means nothing."

    @property
    def name(self) -> str:
        """For people."""
        return f"usual {self.field}"

    @property
    def needs(self) -> tuple[str, ...]:
        """Nothing."""
        return ()

    @property
    def fills(self) -> tuple[str, ...]:
        """The one field."""
        return (self.field,)

    def fit(self, sample: Batch) -> Usual:
        """Nothing is learned from the file."""
        return self

    def transform(self, batch: Batch) -> Batch:
        """Fill the gaps; what is there stays."""
        if self.field not in batch.table.column_names:
            kind = pa.string() if isinstance(self.value, str) else pa.float64()
            return batch.with_field(
                self.field, pa.repeat(pa.scalar(self.value, kind), batch.rows), np.full(batch.rows, Origin.IMPUTED, np.uint8)
            )
        gaps = missing(batch, self.field)
        if not gaps.any():
            return batch
        values = batch.column(self.field)
        filled = pc.fill_null(values, self._scalar(values.type))
        return batch.with_field(self.field, filled, np.where(gaps, np.uint8(Origin.IMPUTED), batch.origins[self.field]))

    def _scalar(self, kind: pa.DataType) -> pa.Scalar:
        if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
            return pa.scalar(round(float(self.value))).cast(kind)
        return pa.scalar(self.value).cast(kind)

    def assumptions(self) -> tuple[Assumption, ...]:
        """That the customers without a value are like the usual one."""
        return (Assumption("fill", f"{self.field}: who has no value here is like the usual person at training", {}, "untested"),)
