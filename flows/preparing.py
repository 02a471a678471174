"""Preparing: partitions of stored submissions, joined with their history and enriched, as a model reads them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from contracts.assumption import Assumption
from contracts.batch import Batch, concat, part_names, read_part, write_part
from contracts.fields import Field
from contracts.origin import Origin
from enrichment.step import Chain, Counts, Step, added
from flows.checkpoint import Kept
from flows.conductor import Conductor
from flows.histories import Histories
from flows.order import Source
from flows.product import Product
from flows.steps import step
from models.inputs import Input

PART = "part-00000.parquet"
SAMPLE_ROWS = 200_000
"""Rows that fills are learned from at most, drawn evenly over all partitions."""


@dataclass(frozen=True)
class Portion:
    """One partition of a stored submission."""

    label: str
    folder: Path
    part: str


@dataclass(frozen=True)
class Recipe:
    """How a portion becomes the inputs of a model.

    Parameters
    ----------
    steps : tuple of Step
        Fitted, in their order.
    fields : tuple of Field
        The inputs; one that a batch lacks is added, empty.
    keep : tuple of str
        Further fields to be kept: key, label, leaks.
    """

    steps: tuple[Step, ...]
    fields: tuple[Field, ...]
    keep: tuple[str, ...]

    @property
    def reads(self) -> set[str]:
        """Every field that may be of use."""
        told = {name for one in self.steps for name in (*one.needs, *one.fills, *getattr(one, "witness", ()))}
        return {*(field.name for field in self.fields), *self.keep, *told}

    def __call__(self, batch: Batch) -> tuple[Batch, dict[str, Counts]]:
        """The batch with every input, and nothing but the inputs and the fields to be kept; and what the steps counted."""
        made, counts = Chain(self.steps).apply(batch)
        for field in self.fields:
            if field.name not in made.table.column_names:
                made = made.with_field(field.name, pa.nulls(made.rows, field.type), np.full(made.rows, Origin.ABSENT, np.uint8))
        names = list(dict.fromkeys([*(f.name for f in self.fields), *(name for name in self.keep if name in made.table.column_names)]))
        return Batch(made.table.select(names), {name: made.origins[name] for name in names}, made.row_ids), counts

    def assumptions(self, parts: Iterable[Kept]) -> tuple[Assumption, ...]:
        """What the steps take for true, with what they counted in all portions."""
        return Chain(self.steps).assumptions(added(part["counts"] for part in parts))


def portions(source: Source) -> tuple[Portion, ...]:
    """All partitions of a source, in the order of its submissions."""
    places = [(each.folder, name) for each in source.submissions for name in part_names(each.folder)]
    return tuple(Portion(f"part {n}", folder, name) for n, (folder, name) in enumerate(places, 1))


def input_kind(field: Field) -> Input:
    """A field as a model's input."""
    return Input(field.name, "category" if field.type_word == "text" else "number")


def present(fields: Iterable[Field], source: Source, made: Iterable[Step]) -> tuple[Field, ...]:
    """Fields that the submissions carry, or that a step makes from what they carry."""
    there = source.filled
    for one in made:
        there |= set(one.fills) if not one.needs or set(one.needs) & there else set()
    return tuple(field for field in fields if field.name in there)


@step("learn fills", keep=True)
def learn(item: Sample, out: Path) -> dict[str, Any]:
    """Rows that fills are learned from, as one partition: only the fields that they read."""
    size = max(1, SAMPLE_ROWS // max(1, len(item.portions)))
    parts = [read_part(one.folder, one.part, item.fields) for one in item.portions]
    taken = [part.take(np.unique(np.linspace(0, part.rows - 1, min(size, part.rows)).astype(np.int64))) for part in parts if part.rows]
    if taken:
        write_part(concat(taken), out, PART)
    return {"rows": sum(part.rows for part in taken)}


@dataclass(frozen=True)
class Sample:
    """Which fields of which partitions fills are learned from."""

    portions: tuple[Portion, ...]
    fields: tuple[str, ...]

    @property
    def label(self) -> str:
        """Empty: there is one."""
        return ""


def fitted(conduct: Conductor, steps: Sequence[Step], parts: tuple[Portion, ...], there: set[str]) -> tuple[Step, ...]:
    """Steps fitted on a sample of the rows; those that need nothing to learn come back as they are."""
    fields = tuple(sorted({name for one in steps for name in (*one.needs, *one.fills)} & there))
    if not steps or not fields:
        return tuple(steps)
    sample = conduct.run(learn, Sample(parts, fields))
    if not sample["rows"]:
        return tuple(steps)
    batch = read_part(sample.out, PART)
    return Chain(tuple(steps)).fit(batch).steps


def recipe(
    conduct: Conductor,
    product: Product,
    source: Source,
    as_of: date | None,
    histories: Histories | None,
    fields: Sequence[Field],
    keep: Sequence[str],
) -> Recipe:
    """The recipe of a product for a source: derive, join the history, fill."""
    fills = fitted(conduct, product.after(as_of), portions(source), source.filled)
    joined = () if histories is None else (histories.joined(),)
    return Recipe((*product.before(as_of), *joined, *fills), tuple(fields), tuple(keep))


def prepared(item: Portion, made: Recipe) -> tuple[Batch, dict[str, Counts]]:
    """A portion as a model reads it, and what the steps counted; only the fields that the recipe can use are read from disk."""
    return made(read_part(item.folder, item.part, sorted(made.reads)))


@step("prepare", keep=True)
def prepare(item: Portion, out: Path, made: Recipe) -> dict[str, Any]:
    """Prepare a portion and keep it as a partition."""
    batch, counts = prepared(item, made)
    write_part(batch, out, PART)
    return {"rows": batch.rows, "counts": counts}


def read_prepared(parts: Sequence[Kept]) -> Batch:
    """All prepared portions as one batch."""
    return concat([read_part(part.out, PART) for part in parts])
