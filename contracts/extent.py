"""Extent: which values a field lets through, so that two fields can be compared by what they accept and not by how it is written."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from contracts.fields import Field

SPANS = ("ge", "gt", "le", "lt", "in_range")
CODES = ("isin", "eq")
LENGTH = "str_length"
RANGE = ("min_value", "max_value", "include_min", "include_max")


@dataclass(frozen=True)
class Span:
    """A range; None is without end.

    Examples
    --------
    >>> Span(0, 120).holds(Span(1, 120)), Span(0, 120, open_low=True).holds(Span(0, 120)), Span().holds(Span(5))
    (True, False, True)
    """

    low: Any = None
    high: Any = None
    open_low: bool = False
    open_high: bool = False

    def holds(self, other: Span) -> bool:
        """Whether all of another range lies within this one; ranges of things that cannot be compared do not."""
        try:
            return other.empty or (self._below(other) and self._above(other))
        except TypeError:
            return False

    def _below(self, other: Span) -> bool:
        if self.low is None or other.low is None:
            return self.low is None
        return bool(self.low < other.low or (self.low == other.low and (other.open_low or not self.open_low)))

    def _above(self, other: Span) -> bool:
        if self.high is None or other.high is None:
            return self.high is None
        return bool(self.high > other.high or (self.high == other.high and (other.open_high or not self.open_high)))

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it."""
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high or (self.low == self.high and (self.open_low or self.open_high)))


@dataclass(frozen=True)
class Extent:
    """What a field lets through.

    Parameters
    ----------
    span : Span
        Of numbers, days and moments; of whole numbers always with its ends, so that more than 0 is at least 1.
    length : Span
        Characters of a text.
    codes : frozenset or None
        The only values, where they are listed.
    rest : tuple of (str, value)
        Other rules by name.
    """

    span: Span = Span()
    length: Span = Span()
    codes: frozenset[Any] | None = None
    rest: tuple[tuple[str, Any], ...] = ()

    @property
    def empty(self) -> bool:
        """Whether no value can pass."""
        return self.span.empty or self.length.empty or self.codes == frozenset()


def extent(field: Field) -> Extent:
    """The extent of a field.

    Examples
    --------
    >>> import pyarrow as pa
    >>> extent(Field("n", "N", "N.", pa.int64(), rules=(("gt", 0), ("le", 9.5)))).span
    Span(low=1, high=9, open_low=False, open_high=False)
    """
    rules = field.rules
    listed = [frozenset(each) for each in (field.allowed, *(_several(value) for name, value in rules if name in CODES)) if each is not None]
    found, length = _span(rules), Span()
    for name, value in rules:
        length = _both(length, _length(value)) if name == LENGTH else length
    rest = sorted((rule for rule in rules if rule[0] not in (*SPANS, *CODES, LENGTH)), key=lambda one: one[0])
    return Extent(
        span=_whole(found) if field.type_word == "whole" else found,
        length=length,
        codes=frozenset.intersection(*listed) if listed else None,
        rest=tuple(rest),
    )


def passing(field: Field, codes: Collection[Any]) -> frozenset[Any]:
    """Which of some values pass all of a field's rules; none where they are of another type than the field's.

    Examples
    --------
    >>> import pyarrow as pa
    >>> sorted(passing(Field("c", "C", "C.", pa.string(), allowed=("a", "bb"), rules=(("str_length", (2, 2)),)), ["a", "bb", "cc"]))
    ['bb']
    """
    ordered = sorted(codes, key=str)
    try:
        values = pd.Series(pd.arrays.ArrowExtensionArray(pa.array(ordered, field.type)))
    except (ValueError, TypeError):  # of Arrow, or of the text codec where half a character is left
        return frozenset()
    good = pd.Series(True, index=values.index)
    for check in field.checks if ordered else ():
        good &= check(values).check_output.astype(bool)
    return frozenset(code for code, fine in zip(ordered, good, strict=True) if fine)


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list | set | frozenset) else (value,)


def _length(value: Any) -> Span:
    """Characters, however they are given; no text is shorter than empty."""
    if isinstance(value, Mapping):
        least, most = value.get("min_value"), value.get("max_value")
    else:
        least, most = (*value, None, None)[:2] if isinstance(value, tuple | list) else (value, value)
    return Span(least if least and least > 0 else None, most)


def _span(rules: Sequence[tuple[str, Any]]) -> Span:
    """What all bounds leave together; a rule may be asked more than once."""
    found = Span()
    for name, value in rules:
        if name in SPANS:
            found = _both(found, _of(name, value))
    return found


def _of(name: str, value: Any) -> Span:
    if name == "in_range":
        given = dict(value) if isinstance(value, Mapping) else dict(zip(RANGE, value, strict=False))
        return Span(given["min_value"], given["max_value"], not given.get("include_min", True), not given.get("include_max", True))
    return Span(low=value, open_low=name == "gt") if name in ("ge", "gt") else Span(high=value, open_high=name == "lt")


def _both(one: Span, other: Span) -> Span:
    """What lies in both: of two ends the one that reaches less far."""
    lower = other if one._below(other) else one
    upper = other if one._above(other) else one
    return Span(lower.low, upper.high, lower.open_low, upper.open_high)


def _whole(found: Span) -> Span:
    """The same with ends that are whole numbers and lie within."""
    low, high = found.low, found.high
    if _finite(low):
        low = math.floor(low) + 1 if found.open_low else math.ceil(low)
    if _finite(high):
        high = math.ceil(high) - 1 if found.open_high else math.floor(high)
    return Span(low, high, found.open_low and not _finite(low), found.open_high and not _finite(high))


def _finite(end: Any) -> bool:
    return isinstance(end, int | float) and math.isfinite(end)
