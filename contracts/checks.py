"""Checks by name: what contracts and ODCS files may ask of more than one cell. Only what is registered here can be asked for.

A new one is a function of Arrow columns in `REGISTERED`; it answers true, false, or null for a row that it does not judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process

from contracts.errors import ContractError

Judge = Callable[..., pa.ChunkedArray]


@dataclass(frozen=True)
class Check:
    """A registered check.

    Parameters
    ----------
    scope : {"row", "key", "global"}
        What it must see at once: a row, all rows of one key, the whole table.
    words : str
        The rule for people, with the fields' titles as ``{0}``, ``{1}`` and the arguments by name.
    judge : callable
        Given the fields' columns, in their order, and the arguments.
    takes : tuple of str
        Names of its arguments.
    fields : int
        How many fields it looks at; 0 for two or more.
    """

    scope: Literal["row", "key", "global"]
    words: str
    judge: Judge
    takes: tuple[str, ...] = ()
    fields: int = 2


def not_after(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether the first is not later, or not larger, than the second.

    Examples
    --------
    >>> not_after(pa.chunked_array([[1, 2, None]]), pa.chunked_array([[1, 1, 1]])).to_pylist()
    [True, False, None]
    """
    return pc.less_equal(one, other)


def not_before(one: pa.ChunkedArray, other: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether the first is not earlier, or not smaller, than the second."""
    return pc.greater_equal(one, other)


def together(*columns: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether a row has all of them, or none.

    Examples
    --------
    >>> together(pa.chunked_array([[1, 1, None]]), pa.chunked_array([[2, None, None]])).to_pylist()
    [True, False, True]
    """
    there = [pc.is_valid(column) for column in columns]
    every, some = there[0], there[0]
    for one in there[1:]:
        every, some = pc.and_(every, one), pc.or_(some, one)
    return pc.or_(every, pc.invert(some))


def one_value(*columns: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether all rows of a group have the same value; the last column is the value, those before it name the group; nulls say nothing.

    Examples
    --------
    >>> one_value(pa.chunked_array([["a", "a", "b"]]), pa.chunked_array([[1, 2, 3]])).to_pylist()
    [False, False, True]
    """
    names = [f"group_{n}" for n in range(len(columns) - 1)]
    table = pa.table(dict(zip((*names, "value"), columns, strict=True))).append_column("row", pa.array(np.arange(len(columns[0]))))
    found = table.group_by(names, use_threads=False).aggregate([("value", "count_distinct"), ("row", "list")])
    several = found.filter(pc.greater(found.column("value_count_distinct"), 1)).column("row_list")
    single = np.ones(len(table), bool)
    single[pc.list_flatten(several).to_numpy()] = False
    there = np.logical_and.reduce([pc.is_valid(column).to_numpy() for column in columns])
    return pa.chunked_array([pa.array(single, mask=~there)])


def ages_agree(age: pa.ChunkedArray, birth: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether ages in completed years are those of one and the same day: the one on which most rows agree.

    Examples
    --------
    >>> born = pa.chunked_array([pa.array([0, 200, 365], pa.date32())])
    >>> ages_agree(pa.chunked_array([[30, 29, 40]]), born).to_pylist()
    [True, True, False]
    """
    there = pc.and_(pc.is_valid(age), pc.is_valid(birth)).to_numpy()
    days = birth.cast(pa.int32()).fill_null(0).to_numpy()
    years = age.cast(pa.int64()).fill_null(0).to_numpy()
    first, last = _birthday(days, years), _birthday(days, years + 1)
    day = _commonest(first[there], last[there])
    return pa.chunked_array([pa.array((first <= day) & (day < last), mask=~there)])


def different(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether no other row has the value; nulls say nothing.

    Examples
    --------
    >>> different(pa.chunked_array([["a", "b", "a", None]])).to_pylist()
    [False, True, False, None]
    """
    counted = column.value_counts()
    once = counted.field("values").filter(pc.equal(counted.field("counts"), 1))
    return pc.if_else(pc.is_valid(column), pc.is_in(column, value_set=once), None)


Days = npt.NDArray[np.int64]


def _birthday(born: Days, years: Days) -> Days:
    """The day on which somebody turns so many years old, in days since 1970; the 29th of February counts as the 1st of March."""
    day = born.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    turned: Days = ((month + years * 12).astype("datetime64[D]") + (day - month.astype("datetime64[D]"))).astype(np.int64)
    return turned


def _commonest(first: Days, last: Days) -> int:
    """The first day that lies in most of the stretches, each from its first day up to before its last one."""
    days = np.concatenate([first, last])
    steps = np.concatenate([np.ones(len(first), np.int64), -np.ones(len(last), np.int64)])
    order = np.lexsort((steps, days))
    return int(days[order][np.argmax(np.cumsum(steps[order]))]) if len(days) else 0


REGISTERED: Mapping[str, Check] = MappingProxyType({
    "not_after": Check("row", "{0} is not after {1}", not_after),
    "not_before": Check("row", "{0} is not before {1}", not_before),
    "together": Check("row", "{0} and {1} are there together or not at all", together, fields=0),
    "one_value": Check("key", "all rows of one {0} have the same {1}", one_value),
    "one_value_within": Check("key", "all rows of one {0} and {1} have the same {2}", one_value, fields=3),
    "different": Check("global", "{0} is another one in every row", different, fields=1),
    "ages_agree": Check("global", "{0} and {1} are those of one and the same day", ages_agree),
})  # fmt: skip


def get(name: str) -> Check:
    """A check by its name.

    Raises
    ------
    ContractError
        CHECK-UNKNOWN with the closest name.

    Examples
    --------
    >>> get("not_after").scope
    'row'
    """
    if name not in REGISTERED:
        near = process.extractOne(name, REGISTERED.keys(), score_cutoff=60)
        raise ContractError(
            "CHECK-UNKNOWN", f"there is no check named {name[:60]!r}", expected=", ".join(sorted(REGISTERED)),
            hint=f"did you mean {near[0]!r}?" if near else "a check is looked up by its name among those of contracts/checks.py",
        )  # fmt: skip
    return REGISTERED[name]


def judged(name: str, columns: tuple[pa.ChunkedArray, ...], arguments: Mapping[str, Any]) -> pa.ChunkedArray:
    """What a check says of columns: true, false or null by row."""
    return get(name).judge(*columns, **arguments)
