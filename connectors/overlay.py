"""Mended rows laid over the records of the files that they came from, while these are read.

An error workbook is no submission of its own. Its rows stand for records of the original files, so the originals are read again, and
where a mended row stands for a record, the cells that differ from what the workbook showed take the place of the record's own::

    original record   ->  block  ->  mended cells over it  ->  parse, check, settle as ever

So nothing that a spreadsheet does to a cell without changing its content reaches the data, rows that were good are taken from the
original, and every record keeps its number and line. A record that was no row (with too many cells, or bytes that are no text) becomes
the mended row once any of its cells was changed and nothing is left over of it. A record that had been held back, and whose row was
deleted from the workbook, stays held back as `WITHDRAWN`, and clashes with no other one; one that had been accepted stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.header import read_for
from connectors.landing import raw_texts
from connectors.parsing.cells import Mask, Whole
from connectors.plan import GivenFile, opened
from connectors.reading.block import BAD, BLANK, TEXT, WITHDRAWN, Block, Kinds, aside_table
from connectors.reading.decision import Reading, ReadingHints
from connectors.returned import Changes, Returned, returned
from connectors.sameness import alike, differing, same
from connectors.sheets import Joined, with_sheets
from connectors.spec.feed import FeedSpec
from connectors.stretch import SHIFT
from connectors.torn import joined, split


@dataclass(frozen=True)
class Touched:
    """Cells of one column that a mended workbook changed: the rows' ids, ascending."""

    header: str
    row_id: Whole


def stream(
    feed: FeedSpec, file: GivenFile, hints: ReadingHints, block_rows: int, changes: Changes
) -> tuple[Reading, Iterator[Block], list[Joined]]:
    """A file as the feed reads it, with sheets joined and mended rows laid over it.

    Raises
    ------
    SourceError, ColumnsError
        Of reading.
    """
    source = opened(file.path, file.name)
    reading, blocks = read_for(feed, source, hints, block_rows)
    reading, blocks, joined = with_sheets(source, reading, blocks, feed)
    for mended in changes.mended:
        blocks = _laid_over(blocks, file.number, returned(mended), reading)
    if changes.apart is not None:
        blocks = _kept_apart(blocks, _apart(changes.apart, file.number))
    return reading, blocks, joined


def _laid_over(blocks: Iterator[Block], number: int, found: Returned, reading: Reading) -> Iterator[Block]:
    for block in blocks:
        yield patched(block, number, found, reading)[0]


def _kept_apart(blocks: Iterator[Block], apart: Whole) -> Iterator[Block]:
    for block in blocks:
        yield _without(block, apart)


def patched(block: Block, number: int, found: Returned, reading: Reading) -> tuple[Block, list[Touched]]:
    """A block with the mended cells over its own, and which cells these are; of a record that was no row, all cells.

    Parameters
    ----------
    block : Block
    number : int
        Of the file in its submission.
    found : Returned
    reading : Reading
        Of the file: tells how its faulty records are split.
    """
    block = _withdrawn(block, number, found, reading)
    low, high = np.searchsorted(found.row_id, (number << SHIFT, (number + 1) << SHIFT)).tolist()
    mine = found.row_id[low:high] & ((1 << SHIFT) - 1)
    if not len(mine):
        return block, []
    block, touched = _cells_over(block, number, found, low, mine)
    block, freed = _rows_over(block, number, found, low, mine, reading)
    return block, [*touched, *freed]


def _withdrawn(block: Block, number: int, found: Returned, reading: Reading) -> Block:
    out = np.isin((number << SHIFT) | block.record, found.withdrawn)
    if not out.any():
        return block
    decided = reading.decisions.get("delimiter")
    raw = raw_texts(block.table.filter(pa.array(out)), str(decided.value) if decided else "\t").to_pylist()
    return _aside(block, out, WITHDRAWN, raw)


def _cells_over(block: Block, number: int, found: Returned, low: int, mine: Whole) -> tuple[Block, list[Touched]]:
    """Rows of the block that mended rows stand for, with their changed cells."""
    at = np.flatnonzero(np.isin(block.record, mine))
    if not len(at):
        return block, []
    take = pa.array(low + np.searchsorted(mine, block.record[at]))
    table, kinds, touched = block.table, {name: kind.copy() for name, kind in (block.kinds or {}).items()}, []
    for name in [name for name in table.column_names if name in found.kinds]:
        column = table.column(name).combine_chunks()
        given, forms = found.table.column(name).combine_chunks().take(take), found.kinds[name][take.to_numpy()]
        old = kinds[name][at] if kinds else np.zeros(len(at), np.uint8)
        differs = differing(column.take(pa.array(at)), old, given, forms)
        if not differs.any():
            continue
        mask = np.zeros(len(column), bool)
        mask[at[differs]] = True
        fresh = pc.replace_with_mask(column, pa.array(mask), given.filter(pa.array(differs)))
        table = table.set_column(table.column_names.index(name), name, fresh)
        if kinds or not np.isin(forms[differs], (TEXT, BLANK)).all():
            kinds = kinds or {each: np.zeros(table.num_rows, np.uint8) for each in table.column_names}
            kinds[name][at[differs]] = forms[differs]
        touched.append(Touched(name, (number << SHIFT) | block.record[at[differs]]))
    return replace(block, table=table, kinds=kinds or None), touched


def _rows_over(block: Block, number: int, found: Returned, low: int, mine: Whole, reading: Reading) -> tuple[Block, list[Touched]]:
    """Faulty records of the block whose mended rows were changed, as rows; those of which something is left over stay faulty."""
    aside, names = block.aside, block.table.column_names
    faulty = pc.and_(pc.is_in(aside.column("reason"), value_set=pa.array(BAD)), pc.is_in(aside.column("record"), value_set=pa.array(mine)))
    rows = np.flatnonzero(faulty.to_numpy(zero_copy_only=False))
    places = low + np.searchsorted(mine, aside.column("record").to_numpy()[rows])
    texts, kinds = _given(found, places, names)
    changed = _changed(aside.take(pa.array(rows)), texts, kinds, found, places, reading)
    if not changed.any():
        return block, []
    over = found.rest.take(pa.array(places))
    whole = changed & over.is_null().to_numpy(zero_copy_only=False)
    touched = [Touched(name, (number << SHIFT) | aside.column("record").to_numpy()[rows[changed]]) for name in names if name in found.kinds]
    part = changed & ~whole
    aside = _rewritten(aside, rows[part], texts.filter(pa.array(part)), over.filter(pa.array(part)), reading) if part.any() else aside
    record, line = (aside.column(name).to_numpy()[rows[whole]] for name in ("record", "line"))
    rest = aside.filter(pa.array(~np.isin(np.arange(aside.num_rows), rows[whole])))
    fresh, forms = texts.filter(pa.array(whole)), {name: kind[whole] for name, kind in kinds.items()}
    return (_inserted(block, fresh, forms, record, line, rest) if whole.any() else replace(block, aside=rest)), touched


def _changed(faulty: pa.Table, texts: pa.Table, kinds: Mapping[str, Kinds], found: Returned, places: Whole, reading: Reading) -> Mask:
    """Which faulty records hold something else now. A number or a day in another form says nothing of where the cells belong."""
    names, over = texts.column_names, found.rest.take(pa.array(places))
    changed = np.zeros(faulty.num_rows, bool)
    for n, (raw, reason) in enumerate(zip(faulty.column("raw").to_pylist(), faulty.column("reason").to_pylist(), strict=True)):
        cells, rest = split(raw, reading, len(names), reason)
        shown = dict(zip(names, cells, strict=True))
        changed[n] = (found.over and not same(rest, TEXT, over[n].as_py() or "", TEXT)) or any(
            not alike(shown[name] or "", TEXT, texts.column(name)[n].as_py() or "", int(kinds[name][n]))
            for name in names
            if name in found.kinds
        )
    return changed


def _rewritten(aside: pa.Table, rows: Whole, texts: pa.Table, over: pa.Array, reading: Reading) -> pa.Table:
    """Records with the cells of their mended rows, and what is left over of these."""
    raw, reason = aside.column("raw").to_pylist(), aside.column("reason").to_pylist()
    for row, cells, rest in zip(rows.tolist(), texts.to_pylist(), over.to_pylist(), strict=True):
        if (written := joined(list(cells.values()), rest, reading)) is not None:
            raw[row], reason[row] = written, "ragged"
    return aside_table(aside.column("record").to_numpy(), aside.column("line").to_numpy(), reason, raw)


def _given(found: Returned, places: Whole, names: Sequence[str]) -> tuple[pa.Table, dict[str, Kinds]]:
    """Some mended rows with the columns of a file; one that the workbook lacks is empty."""
    take, count = pa.array(places), len(places)
    there = {name: found.table.column(name).combine_chunks().take(take) for name in names if name in found.kinds}
    texts = {name: there[name] if name in there else pa.nulls(count, pa.string()) for name in names}
    kinds = {name: found.kinds[name][places] if name in there else np.full(count, BLANK, np.uint8) for name in names}
    return pa.table(texts), kinds


def _inserted(block: Block, fresh: pa.Table, forms: Mapping[str, Kinds], record: Whole, line: Whole, aside: pa.Table) -> Block:
    """The block with further rows at the places of their records."""
    order = np.argsort(np.concatenate([block.record, record]), kind="stable")
    table = pa.concat_tables([block.table, fresh.cast(block.table.schema)]).combine_chunks().take(pa.array(order))
    kinds = None
    if block.kinds or not all(np.isin(form, (TEXT, BLANK)).all() for form in forms.values()):
        own = block.kinds or {name: np.zeros(len(block.record), np.uint8) for name in table.column_names}
        kinds = {name: np.concatenate([own[name], forms[name]])[order] for name in table.column_names}
    both = (np.concatenate([block.record, record])[order], np.concatenate([block.line, line])[order])
    return Block(table.combine_chunks(), *both, aside, kinds)


def _without(block: Block, apart: Whole) -> Block:
    """The block with some of its records set aside as repeats."""
    out = np.isin(block.record, apart)
    return _aside(block, out, "duplicate", [""] * int(out.sum())) if out.any() else block


def _aside(block: Block, out: Mask, reason: str, raw: Sequence[str]) -> Block:
    """The block with some rows aside, for a reason."""
    more = aside_table(block.record[out], block.line[out], [reason] * len(raw), raw)
    kinds = {name: kind[~out] for name, kind in block.kinds.items()} if block.kinds else None
    aside = pa.concat_tables([block.aside, more]).sort_by("record")
    return Block(block.table.filter(pa.array(~out)).combine_chunks(), block.record[~out], block.line[~out], aside, kinds)


@lru_cache(maxsize=8)
def _apart(path: Path, number: int) -> Whole:
    """Records of a file that were set aside as exact repeats."""
    table = pq.read_table(path, columns=["file", "record", "reason"])
    mine = pc.and_(pc.equal(table.column("file"), number), pc.equal(table.column("reason"), "duplicate"))
    found: Whole = np.sort(table.filter(mine).column("record").to_numpy())
    return found
