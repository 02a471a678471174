"""Learned: what a fill knows of a sample, in values that can be stored as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from contracts.fields import TYPES
from enrichment.groups import Codes

ENOUGH = 30
"""Values that a group must have to stand for itself."""
UNEVEN = 0.2
"""Difference of the shares of gaps between groups that cannot be called alike."""
BY_CHANCE = 4.0
"""Standard errors that a group's share of gaps may lie off the overall one."""

Value = str | int | float | bool
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """The typical value of one group, and how many values it rests on."""

    by: tuple[str, ...]
    value: Value
    values: int


@dataclass(frozen=True)
class Learned:
    """What a fill has learned from a sample.

    Parameters
    ----------
    type : str
        Word for the type of the field; empty where nothing was learned.
    overall : value or None
        For rows of no group.
    groups : tuple of Group
    evidence : mapping
        Rows, gaps, and how evenly these fall on the groups.
    """

    type: str = ""
    overall: Value | None = None
    groups: tuple[Group, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Learned:
        """The inverse of `dataclasses.asdict`, after a way through JSON too."""
        found = tuple(Group(tuple(group["by"]), group["value"], group["values"]) for group in data["groups"])
        return cls(data["type"], data["overall"], found, dict(data["evidence"]))


NOTHING = Learned()
"""Before `fit`."""


def type_word(kind: pa.DataType) -> str:
    """The word for a type.

    Examples
    --------
    >>> type_word(pa.dictionary(pa.int32(), pa.string())), type_word(pa.int16())
    ('text', 'whole')
    """
    if pa.types.is_dictionary(kind):
        return type_word(kind.value_type)
    if pa.types.is_integer(kind):
        return "whole"
    if pa.types.is_floating(kind):
        return "real"
    return next((word for word, one in TYPES.items() if one.equals(kind)), str(kind))


def evenness(gaps: Flags, codes: Codes) -> dict[str, Any]:
    """Rows, gaps, and the lowest and highest share of gaps among groups of 30 rows and more.

    ``uneven`` says that the shares lie more than 0.2 apart and one of them further off the overall share than chance would have it.

    Examples
    --------
    >>> found = evenness(np.arange(200) < 50, np.repeat([0, 1], 100))
    >>> found["missing_share"], found["lowest_share"], found["highest_share"], found["uneven"]
    (0.25, 0.0, 0.5, True)
    """
    overall = float(gaps.mean()) if len(gaps) else 0.0
    found = {"rows": len(gaps), "missing": int(gaps.sum()), "missing_share": round(overall, 4)}
    sizes = np.bincount(codes[codes >= 0])
    large = sizes >= ENOUGH
    if large.sum() < 2:
        return found
    sizes, shares = sizes[large], np.bincount(codes[codes >= 0], gaps[codes >= 0])[large] / sizes[large]
    off = np.abs(shares - overall) > BY_CHANCE * np.sqrt(overall * (1 - overall) / sizes)
    uneven = bool(off.any() and np.ptp(shares) > UNEVEN)
    return {**found, "lowest_share": round(float(shares.min()), 4), "highest_share": round(float(shares.max()), 4), "uneven": uneven}
