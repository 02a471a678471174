"""Step: one enrichment of a batch, and the chain of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np

from contracts.assumption import Assumption
from contracts.batch import Batch
from contracts.errors import RunError
from enrichment.cells import filled

Counts = Mapping[str, int]
"""What a step met, in numbers that add up over partitions; `filled` is the number of cells that it filled."""


class Step(Protocol):
    """One enrichment, scikit-learn style: `fit` gives a fitted copy, `transform` a batch with the same rows in the same order.

    A step looks at each row by itself (and at what it learned), so that the parts of a batch give the parts of the result. It writes into
    empty cells only.
    """

    @property
    def name(self) -> str:
        """Short, for people, unique in a chain."""
        raise NotImplementedError

    @property
    def needs(self) -> tuple[str, ...]:
        """Fields that it reads; a batch with none of them is left as it is."""
        raise NotImplementedError

    @property
    def fills(self) -> tuple[str, ...]:
        """Fields that it fills, or makes."""
        raise NotImplementedError

    @property
    def why(self) -> str:
        """Why it may: one sentence."""
        raise NotImplementedError

    @property
    def how(self) -> str:
        """What stands in a filled cell, in the client's words: ``"the median of the same segment"``."""
        raise NotImplementedError

    def fit(self, sample: Batch) -> Step:
        """A copy that has learned from a sample; the step itself where there is nothing to learn."""
        return self

    def transform(self, batch: Batch) -> Batch:
        """The batch with fewer gaps."""
        raise NotImplementedError

    def assumptions(self) -> tuple[Assumption, ...]:
        """What the step takes for true, with what it learned as evidence."""
        return ()


@runtime_checkable
class Counting(Protocol):
    """A step that counts what it meets, as evidence for its assumptions."""

    def apply(self, batch: Batch) -> tuple[Batch, Counts]:
        """`transform`, and what was counted."""
        ...

    def judged(self, counts: Counts) -> tuple[Assumption, ...]:
        """`assumptions`, with the counts of all partitions as evidence."""
        ...


@runtime_checkable
class Learner(Protocol):
    """A step whose learned state can be stored."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        ...

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        ...


@dataclass(frozen=True)
class Chain:
    """Steps in their order; a step none of whose needs is there is skipped.

    Parameters
    ----------
    steps : tuple of Step

    Raises
    ------
    RunError
        CHAIN-NAMES where two steps have one name; STEP-ROWS, on transforming, where a step changed the rows.

    Examples
    --------
    >>> from datetime import date
    >>> import pyarrow as pa
    >>> from enrichment.days import Age
    >>> chain = Chain((Age(date(2026, 6, 30)),))
    >>> done, counts = chain.apply(Batch.supplied(pa.table({"birth_date": [date(1990, 7, 1), None]}), np.array([1, 2])))
    >>> done.table["age"].to_pylist(), counts["age"]["filled"]
    ([35, None], 1)
    >>> chain.skipped(("income",))
    ('age',)
    """

    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        names = [one.name for one in self.steps]
        if len(set(names)) != len(names):
            raise RunError("CHAIN-NAMES", "two steps of a chain have the same name", hint="this is a fault of the product")

    def fit(self, sample: Batch) -> Chain:
        """Fit each step on the sample as the steps before it have left it."""
        done: list[Step] = []
        for one in self.steps:
            done.append(one if _idle(one, sample.table.column_names) else one.fit(sample))
            sample, _ = _applied(done[-1], sample)
        return replace(self, steps=tuple(done))

    def transform(self, batch: Batch) -> Batch:
        """The batch after all steps."""
        return self.apply(batch)[0]

    def apply(self, batch: Batch) -> tuple[Batch, dict[str, Counts]]:
        """The batch after all steps, and what each step counted, by its name; skipped steps counted nothing."""
        counts: dict[str, Counts] = {}
        for one in self.steps:
            if not _idle(one, batch.table.column_names):
                batch, counts[one.name] = _applied(one, batch)
        return batch, counts

    def skipped(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Names of steps that a table with these fields leaves out."""
        there, out = set(fields), []
        for one in self.steps:
            if _idle(one, there):
                out.append(one.name)
            else:
                there |= set(one.fills)
        return tuple(out)

    def assumptions(self, counts: Mapping[str, Counts] | None = None) -> tuple[Assumption, ...]:
        """What all steps take for true; with the counts of a run, what those that ran take for true."""
        if counts is None:
            return tuple(found for one in self.steps for found in one.assumptions())
        ran = [one for one in self.steps if one.name in counts]
        return tuple(found for one in ran for found in (one.judged(counts[one.name]) if isinstance(one, Counting) else one.assumptions()))

    def learned(self) -> dict[str, dict[str, Any]]:
        """What the steps have learned, by name, JSON-able."""
        return {one.name: one.as_dict() for one in self.steps if isinstance(one, Learner)}

    def with_learned(self, states: Mapping[str, Mapping[str, Any]]) -> Chain:
        """The inverse of `learned`, on a chain of the same steps."""
        known = [type(one).from_dict(states[one.name]) if isinstance(one, Learner) and one.name in states else one for one in self.steps]
        return replace(self, steps=tuple(known))


def added(parts: Iterable[Mapping[str, Counts]]) -> dict[str, dict[str, int]]:
    """The counts of several partitions as those of the whole.

    Examples
    --------
    >>> added([{"age": {"filled": 2}}, {"age": {"filled": 3}}])
    {'age': {'filled': 5}}
    """
    total: dict[str, dict[str, int]] = {}
    for part in parts:
        for name, counts in part.items():
            mine = total.setdefault(name, {})
            for what, count in counts.items():
                mine[what] = mine.get(what, 0) + count
    return total


def _idle(one: Step, there: Iterable[str]) -> bool:
    return bool(one.needs) and not set(one.needs) & set(there)


def _applied(one: Step, batch: Batch) -> tuple[Batch, Counts]:
    after, counts = one.apply(batch) if isinstance(one, Counting) else (one.transform(batch), {})
    if after.rows != batch.rows or not np.array_equal(after.row_ids, batch.row_ids):
        raise RunError("STEP-ROWS", f"the step «{one.name}» changed the rows", hint="this is a fault of the step")
    return after, {"filled": filled(batch, after, one.fills), **counts}
