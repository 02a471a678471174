"""Which rows fail which check of a pandera schema, as masks by position.

pandera's lazy report drops nulls, loses positions and costs time for each failing cell; its check backend's first two phases do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.engines.pandas_engine import Engine

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Failing:
    """One failed check.

    Parameters
    ----------
    column : str or None
        None for a check of the whole table.
    check : str
        The rule's name: ``present``, ``dtype``, ``not_null``, ``unique`` or the check's own.
    bad : bool array or None
        By position; None where no row is to blame.
    broke : str or None
        Class of the exception when the check itself crashed: our fault, not the client's.
    warns : bool
        The check only warns.
    """

    column: str | None
    check: str
    bad: Mask | None = None
    broke: str | None = None
    warns: bool = False


def failing(schema: pandera.DataFrameSchema, table: pd.DataFrame) -> Iterator[Failing]:
    """Yield every failed check of `schema` on `table`.

    A null is never a duplicate, and a null fails only ``not_null``.

    Examples
    --------
    >>> import pyarrow as pa
    >>> schema = pandera.DataFrameSchema({"n": pandera.Column(pd.ArrowDtype(pa.int64()), pandera.Check.ge(0, error="ge"), nullable=True)})
    >>> table = pd.DataFrame({"n": pd.array([1, -1, None], dtype=pd.ArrowDtype(pa.int64()))})
    >>> [(f.column, f.check, f.bad.tolist()) for f in failing(schema, table)]
    [('n', 'ge', [False, True, False])]
    """
    table = table.set_axis(pd.RangeIndex(len(table)), axis=0)
    for name, column in schema.columns.items():
        if name in table:
            yield from _of_column(column, name, table)
        elif column.required:
            yield Failing(name, "present")
    if schema.unique:
        yield from _some(None, "unique", table.duplicated(schema.unique, keep=False))
    for check in schema.checks:
        yield from _judged(check, None, table)


def _of_column(column: pandera.Column, name: str, table: pd.DataFrame) -> Iterator[Failing]:
    values = table[name]
    if column.dtype and column.dtype.check(Engine.dtype(values.dtype), values) is not True:
        yield Failing(name, "dtype")
        return  # its checks could only crash
    if not column.nullable:
        yield from _some(name, "not_null", values.isna())
    if column.unique:
        yield from _some(name, "unique", values.duplicated(keep=False) & values.notna())
    for check in column.checks:
        yield from _judged(check, name, table if check.groupby else values)


def _judged(check: pandera.Check, name: str | None, subject: pd.DataFrame | pd.Series) -> Iterator[Failing]:
    label = check.error or check.name or "check"
    try:
        backend: Any = check.get_backend(subject)(check)
        passed = backend.apply(subject if _bears_nulls(check, subject) else backend.preprocess(subject, name if check.groupby else None))
    except Exception as error:  # a check is foreign code: its crash is a finding of its own
        yield Failing(name, label, broke=type(error).__name__, warns=check.raise_warning)
        return
    if isinstance(passed, pd.DataFrame):
        passed = passed.fillna(True).all(axis=1)
    if not isinstance(passed, pd.Series):
        if not passed:
            yield Failing(name, label, warns=check.raise_warning)
        return
    bad = _refused(passed, subject.notna()) if _bears_nulls(check, subject) else _put_back(passed, len(subject))
    if bad is not None:
        yield Failing(name, label, bad, warns=check.raise_warning)


def _refused(passed: pd.Series, there: pd.DataFrame | pd.Series) -> Mask | None:
    """Rows that a check of a whole Arrow column refuses, of those where a value is there; None where there is none."""
    answers = pa.array(passed.array)
    if pc.all(answers).as_py() is not False:  # null for a column of nulls, or without rows
        return None
    refused: Mask = pc.invert(pc.fill_null(answers, True)).to_numpy(zero_copy_only=False)
    bad = refused & there.to_numpy(bool)
    return bad if bad.any() else None


def _put_back(passed: pd.Series, count: int) -> Mask | None:
    """Rows that a check refuses, where its answer leaves out some; None where there is none."""
    refused = ~passed.fillna(True).to_numpy(bool)
    if not refused.any():
        return None
    bad = np.zeros(count, dtype=bool)
    bad[passed.index[refused]] = True
    return bad


def _bears_nulls(check: pandera.Check, subject: pd.DataFrame | pd.Series) -> bool:
    """Whether pandera's own check of an Arrow column can be asked about nulls too: leaving them out first would copy the column."""
    own = check.name is not None and pandera.Check.is_builtin_check(check.name) and not check.groupby and not check.element_wise
    return own and bool(check.ignore_na) and isinstance(subject, pd.Series) and isinstance(subject.dtype, pd.ArrowDtype)


def _some(name: str | None, check: str, bad: pd.Series) -> Iterator[Failing]:
    mask = bad.to_numpy(bool)
    if mask.any():
        yield Failing(name, check, mask)
