"""Writing into the empty cells of a batch, and nowhere else."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from contracts.batch import Batch, missing
from contracts.origin import Origin, Origins


def put(batch: Batch, name: str, values: pa.Array | pa.ChunkedArray, origins: Origins | Origin) -> Batch:
    """Put values where a field has none; what is there stays, with its origin.

    Parameters
    ----------
    name : str
        A field that the batch lacks is made, of the type of `values`; otherwise the values take the type of the field.
    values : pyarrow array
        One per row; null leaves the cell as it is.
    origins : uint8 array or Origin
        Of the values that are put in.

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"age": [31, None, None]}), np.array([1, 2, 3]))
    >>> done = put(batch, "age", pa.array([99, 40, None]), Origin.IMPUTED)
    >>> done.table["age"].to_pylist(), done.origins["age"].tolist()
    ([31, 40, None], [0, 4, 5])
    """
    known, there = empty(batch, name, values.type), _valid(values)
    gaps = missing(known, name) & there
    if not gaps.any():
        return known
    own = known.column(name)
    if pa.types.is_dictionary(own.type):
        own = own.cast(own.type.value_type)
    put_in = pc.if_else(pa.array(gaps), values.cast(own.type), own)
    mine = np.uint8(origins) if isinstance(origins, Origin) else origins
    return known.with_field(name, put_in, np.where(gaps, mine, known.origins[name]))


def empty(batch: Batch, name: str, kind: pa.DataType) -> Batch:
    """The batch with a field, absent in every row where the batch lacks it.

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"age": [31]}), np.array([1]))
    >>> empty(batch, "income", pa.float64()).origins["income"].tolist()
    [5]
    """
    if name in batch.table.column_names:
        return batch
    return batch.with_field(name, pa.nulls(batch.rows, kind), np.full(batch.rows, Origin.ABSENT, np.uint8))


def filled(before: Batch, after: Batch, names: tuple[str, ...]) -> int:
    """How many cells of some fields have a value now and had none before."""
    return sum(_gaps(before, name) - _gaps(after, name) for name in names)


def _gaps(batch: Batch, name: str) -> int:
    return int(batch.table.column(name).null_count) if name in batch.table.column_names else batch.rows


def _valid(values: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    there = values.is_valid()
    return np.asarray(there.to_numpy() if isinstance(there, pa.ChunkedArray) else there.to_numpy(zero_copy_only=False), dtype=np.bool_)
