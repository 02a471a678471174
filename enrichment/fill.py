"""Fill: a typical value of similar customers in the place of a missing one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from contracts.assumption import Assumption, Verdict
from contracts.batch import Batch, missing
from contracts.errors import RunError
from contracts.fields import TYPES
from contracts.origin import Origin
from enrichment import groups
from enrichment.cells import put
from enrichment.groups import Codes
from enrichment.learned import ENOUGH, NOTHING, Group, Learned, Value, evenness, type_word
from enrichment.step import Step


@dataclass(frozen=True)
class Fill(Step):
    """What the fills share: the groups, what is learned, and putting it in.

    Parameters
    ----------
    field : str
        What is filled. A batch without the field gets it, where a value was learned.
    by : tuple of str
        Similar customers are those with the same values in these fields; a group with fewer than 30 values takes the overall one.
    digits : int, optional
        Compare only so many characters from the beginning: 2 for the region of a German postcode.
    learned : Learned
        Nothing before `fit`; then nothing is filled.

    Raises
    ------
    RunError
        FILL-KIND, on fitting, where the field's type has no such typical value.
    """

    field: str
    by: tuple[str, ...] = ()
    digits: int | None = None
    learned: Learned = NOTHING

    word: ClassVar[str]
    types: ClassVar[tuple[str, ...]]

    @property
    def name(self) -> str:
        """Names the field and the groups."""
        return " by ".join([f"{self.word} {self.field}", *([" and ".join(self.by)] if self.by else [])])

    @property
    def needs(self) -> tuple[str, ...]:
        """The field itself, to learn from, and the groups."""
        return (self.field, *self.by)

    @property
    def fills(self) -> tuple[str, ...]:
        """The field."""
        return (self.field,)

    @property
    def why(self) -> str:
        """Similar customers have similar values."""
        return f"Nothing better is known about {self.field} where it is missing."

    @property
    def how(self) -> str:
        """In the client's words."""
        first = f"first {self.digits} characters of the " if self.digits is not None else ""
        same = [f"{first}{name.replace('_', ' ')}" for name in self.by]
        return f"the {self.word} among customers with the same {' and '.join(same)}" if same else f"the {self.word} of all customers"

    @abstractmethod
    def typical(self, values: pa.Array, codes: Codes, count: int) -> list[Value]:
        """The typical value of each of `count` groups; every group has a value."""

    @abstractmethod
    def fitness(self, values: pa.Array, put_in: pa.Array) -> dict[str, float]:
        """How well the typical values would have stood for known ones."""

    def fit(self, sample: Batch) -> Self:
        """Learn the typical values; cells that were imputed before are not learned from."""
        if self.field not in sample.table.column_names:
            return self
        column = sample.column(self.field)
        kind = type_word(column.type)
        if kind not in self.types:
            raise RunError("FILL-KIND", f"the {self.word} of {self.field} cannot be taken", found=kind, expected=" or ".join(self.types))
        known = ~missing(sample, self.field) & (sample.origins[self.field] < Origin.IMPUTED)
        codes, named = groups.numbered(groups.keys(sample, self.by, self.digits), sample.rows)
        values = _plain(column).cast(TYPES[kind]).filter(pa.array(known))
        learned = self._learned(kind, values, codes[known], named)
        fitness = self.fitness(values, replace(self, learned=learned).values(sample).filter(pa.array(known))) if len(values) else {}
        evidence = {**evenness(~known, codes), "learned_groups": len(learned.groups), **fitness}
        return replace(self, learned=replace(learned, evidence=evidence))

    def _learned(self, kind: str, values: pa.Array, codes: Codes, named: list[tuple[str, ...]]) -> Learned:
        if not len(values):
            return Learned(kind)
        counts = np.bincount(codes[codes >= 0], minlength=len(named))
        large = np.flatnonzero(counts >= ENOUGH)
        renamed = np.full(len(named) + 1, -1, np.int64)  # the last is for rows of no group
        renamed[large] = np.arange(len(large))
        mine = renamed[codes]
        typical = self.typical(values.filter(pa.array(mine >= 0)), mine[mine >= 0], len(large))
        overall = self.typical(values, np.zeros(len(values), np.int64), 1)[0]
        found = (Group(named[place], value, int(counts[place])) for place, value in zip(large.tolist(), typical, strict=True))
        return Learned(kind, overall, tuple(found))

    def values(self, batch: Batch) -> pa.Array:
        """The value that would be put into each row."""
        learned = self.learned
        place = groups.found_in(groups.keys(batch, self.by, self.digits), [group.by for group in learned.groups], batch.rows)
        known = pa.array([*(group.value for group in learned.groups), learned.overall], TYPES[learned.type])
        return known.take(pa.array(np.where(place < 0, len(learned.groups), place)))

    def transform(self, batch: Batch) -> Batch:
        """Fill the gaps; what is there stays."""
        if self.learned.overall is None:
            return batch
        if self.field in batch.table.column_names and not missing(batch, self.field).any():
            return batch
        return put(batch, self.field, self.values(batch), Origin.IMPUTED)

    def assumptions(self) -> tuple[Assumption, ...]:
        """That gaps fall on all alike; never proved, as nobody knows what is missing, but refuted where groups differ strongly."""
        verdict: Verdict = "refuted" if self.learned.evidence.get("uneven") else "untested"
        statement = f"the gaps in {self.field} fall on all kinds of customers alike, so that {self.how} may stand for a missing value"
        return (Assumption(self.name, statement, dict(self.learned.evidence), verdict),)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`, after a way through JSON too."""
        return cls(data["field"], tuple(data["by"]), data["digits"], Learned.from_dict(data["learned"]))


@dataclass(frozen=True)
class Median(Fill):
    """The median of similar customers; whole for whole numbers.

    Examples
    --------
    >>> batch = Batch.supplied(pa.table({"segment": ["vip"] * 31 + ["new"], "income": [50.0] * 30 + [None, None]}), np.arange(32))
    >>> step = Median("income", by=("segment",)).fit(batch)
    >>> step.how, step.transform(batch).table["income"].to_pylist()[-2:]
    ('the median among customers with the same segment', [50.0, 50.0])
    >>> step.assumptions()[0].evidence["missing_share"]
    0.0625
    """

    word = "median"
    types = ("whole", "real")

    def typical(self, values: pa.Array, codes: Codes, count: int) -> list[Value]:
        """Medians by group."""
        numbers = values.to_numpy(zero_copy_only=False)
        numbers = numbers[np.lexsort((numbers, codes))]
        sizes = np.bincount(codes, minlength=count)
        starts = np.cumsum(sizes) - sizes
        medians = (numbers[starts + (sizes - 1) // 2] + numbers[starts + sizes // 2]) / 2 if count else numbers
        return [round(one) if pa.types.is_integer(values.type) else one for one in medians.tolist()]

    def fitness(self, values: pa.Array, put_in: pa.Array) -> dict[str, float]:
        """The mean distance from the known values, over that of one median for all: 1 where the groups say nothing."""
        numbers = values.to_numpy(zero_copy_only=False)
        plain = float(np.abs(numbers - np.median(numbers)).mean())
        mine = float(np.abs(numbers - put_in.to_numpy(zero_copy_only=False)).mean())
        return {"distance_ratio": round(mine / plain, 4)} if plain else {}


@dataclass(frozen=True)
class MostFrequent(Fill):
    """The most frequent value of similar customers; of equally frequent ones the first in order.

    Examples
    --------
    >>> table = pa.table({"postcode": ["53113"] * 30 + ["53225", None], "region": ["NRW"] * 30 + [None, None]})
    >>> step = MostFrequent("region", by=("postcode",), digits=2).fit(Batch.supplied(table, np.arange(32)))
    >>> step.how
    'the most frequent value among customers with the same first 2 characters of the postcode'
    >>> step.learned.groups
    (Group(by=('53',), value='NRW', values=30),)
    """

    word = "most frequent value"
    types = ("text", "flag", "whole")

    def typical(self, values: pa.Array, codes: Codes, count: int) -> list[Value]:
        """Most frequent values by group."""
        found, kinds = _ranked(values)
        pairs, counts = np.unique(codes * max(len(found), 1) + kinds, return_counts=True)
        group, kind = np.divmod(pairs, max(len(found), 1))
        order = np.lexsort((kind, -counts, group))
        first = np.searchsorted(group, np.arange(count))  # pairs are sorted by group, and so is `order`
        return list(found.take(pa.array(kind[order][first])).to_pylist())

    def fitness(self, values: pa.Array, put_in: pa.Array) -> dict[str, float]:
        """The share of known values that would have been hit."""
        _, kinds = _ranked(pa.concat_arrays([values, put_in]))
        return {"right_share": round(float((kinds[: len(values)] == kinds[len(values) :]).mean()), 4)}


def _ranked(values: pa.Array) -> tuple[pa.Array, Codes]:
    """Distinct values in order, and the rank of each value among them."""
    encoded = values.dictionary_encode()
    sortable = encoded.dictionary.cast(pa.int8()) if pa.types.is_boolean(values.type) else encoded.dictionary
    order = pc.array_sort_indices(sortable)
    rank = np.empty(len(order), np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    return encoded.dictionary.take(order), rank[encoded.indices.to_numpy()] if len(values) else np.zeros(0, np.int64)


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
