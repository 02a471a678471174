"""The usual value at training, for inputs that training never missed."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from contracts.assumption import Assumption
from contracts.batch import Batch
from contracts.origin import Origin
from enrichment.cells import filled, put
from enrichment.step import Counts, Step


@dataclass(frozen=True)
class Usual(Step):
    """Fill gaps with one value a field, where the model has never seen a gap.

    Parameters
    ----------
    values : tuple of (str, float or str)
        Fields, and the median, or most frequent category, of the rows that the model learned from. A field that the batch lacks is made.

    Examples
    --------
    >>> import numpy as np
    >>> batch = Batch.supplied(pa.table({"visits": [3.0, None]}), np.array([1, 2]))
    >>> done, counts = Usual((("visits", 5.0),)).apply(batch)
    >>> done.table["visits"].to_pylist(), done.origins["visits"].tolist(), counts
    ([3.0, 5.0], [0, 4], {'visits': 1})
    """

    values: tuple[tuple[str, float | str], ...]

    name = "usual values"
    how = "the usual value at training"
    why = "The model learned from rows without a gap here, so what it does with one means nothing."
    needs = ()

    @property
    def fills(self) -> tuple[str, ...]:
        """Its fields."""
        return tuple(field for field, _ in self.values)

    def transform(self, batch: Batch) -> Batch:
        """Fill the gaps; what is there stays."""
        return self.apply(batch)[0]

    def apply(self, batch: Batch) -> tuple[Batch, Counts]:
        """Fill the gaps, and count them by field."""
        counts: dict[str, int] = {}
        for field, value in self.values:
            before, batch = batch, put(batch, field, _repeated(value, batch, field), Origin.IMPUTED)
            counts[field] = filled(before, batch, (field,))
        return batch, counts

    def assumptions(self) -> tuple[Assumption, ...]:
        """Nothing before it is known what was filled."""
        return ()

    def judged(self, counts: Counts) -> tuple[Assumption, ...]:
        """That who has no value is like the usual person at training; untested, as nobody knows the values."""
        made = {field: counts[field] for field in self.fills if counts.get(field)}
        statement = "who has no value in these inputs is like the usual person at training"
        return (Assumption("fill", statement, {"cells": made}, "untested"),) if made else ()


def _repeated(value: float | str, batch: Batch, field: str) -> pa.Array:
    """The value in every row, of the field's own type where the batch has the field."""
    own = pa.string() if isinstance(value, str) else pa.float64()
    kind = batch.table.schema.field(field).type if field in batch.table.column_names else own
    whole = not isinstance(value, str) and (pa.types.is_integer(kind) or pa.types.is_boolean(kind))
    return pa.repeat(pa.scalar(round(float(value)) if whole else value).cast(kind), batch.rows)
