"""Checks by name: what contracts and ODCS files may ask of more than one cell. Only what is registered here can be asked for.

A new one is a function of Arrow columns in `REGISTERED`; it answers true, false, or null for a row that it does not judge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

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


def one_value(group: pa.ChunkedArray, value: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether all rows of a group have the same value; nulls say nothing.

    Examples
    --------
    >>> one_value(pa.chunked_array([["a", "a", "b"]]), pa.chunked_array([[1, 2, 3]])).to_pylist()
    [False, False, True]
    """
    table = pa.table({"group": group, "value": value})
    found = table.group_by("group").aggregate([("value", "count_distinct")])
    single = found.filter(pc.less_equal(found.column("value_count_distinct"), 1)).column("group")
    return pc.if_else(pc.is_valid(group), pc.is_in(group, value_set=single.combine_chunks()), None)


REGISTERED: Mapping[str, Check] = MappingProxyType({
    "not_after": Check("row", "{0} is not after {1}", not_after),
    "not_before": Check("row", "{0} is not before {1}", not_before),
    "together": Check("row", "{0} and {1} are there together or not at all", together, fields=0),
    "one_value": Check("key", "all rows of one {0} have the same {1}", one_value),
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
