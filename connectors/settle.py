"""What only the whole submission can tell: repeats, clashing keys, numbers within groups; and the partitions of the accepted table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from connectors import landing, quarantine, repeats, whole
from connectors.intake import compared_fields, grouped_by
from connectors.landing import ORIGIN, PLACE
from connectors.parsing.cells import Whole
from connectors.plan import Plan
from connectors.raw import mended_records, raw_records
from connectors.repeats import CLASH, DUPLICATE, KEPT
from connectors.spec.feed import FeedSpec
from contracts.origin import Origin

BUCKET_ROWS = 250_000
BUCKET_BITS = 16


class Done(Protocol):
    """A finished step: its folder and its result."""

    @property
    def out(self) -> Path: ...
    def __getitem__(self, key: str) -> Any: ...


@dataclass(frozen=True)
class Part:
    """One partition of a take, between the steps."""

    folder: Path
    name: str
    rows: int
    number: int

    def file(self, kind: str, ending: str = "arrow") -> Path:
        """A file of the partition."""
        return self.folder / kind / f"{self.name}.{ending}"


@dataclass(frozen=True)
class Share:
    """One partition of the accepted table to be written: one part, or one bucket of customers out of all.

    Parameters
    ----------
    label : str
        For people.
    number : int
    parts : tuple of Part
    settled : Path
        Folder of `settle`.
    feed : FeedSpec
    bits : int
        Buckets are told apart by this many bits; 0 for one.
    """

    label: str
    number: int
    parts: tuple[Part, ...]
    settled: Path
    feed: FeedSpec
    bits: int = 0


def parts_of(takes: Sequence[Done]) -> tuple[Part, ...]:
    """The partitions of all takes, in order."""
    named = [(done.out, part["name"], part["rows"]) for done in takes for part in done["parts"]]
    return tuple(Part(out, name, rows, number) for number, (out, name, rows) in enumerate(named))


def settle(takes: Sequence[Done], planned: Plan, out: Path) -> dict[str, Any]:
    """Find repeats and clashes over all partitions, and number rows within their groups.

    Returns
    -------
    dict
        JSON-able: ``duplicates``, ``clashes``, ``buckets`` (a power of two), ``key``, ``whole`` as `connectors.whole.judge`.
    """
    feed, parts = planned.feed, parts_of(takes)
    codes = [np.load(part.file("parts", "npy")) for part in parts]
    present = tuple(pa_names(parts[0])) if parts else ()
    if compared_fields(feed, present):
        _judge_repeats(parts, feed, codes)
        _write_duplicates(parts, codes, out)
        _write_clashes(parts, codes, planned, {file["number"]: file["reading"] for done in takes for file in done["files"]}, out)
    _number_groups(parts, feed, out)
    (out / "verdicts").mkdir(exist_ok=True)
    for part, code in zip(parts, codes, strict=True):
        np.save(out / "verdicts" / f"{part.number:05d}.npy", code)
    counts = np.bincount(np.concatenate(codes), minlength=4) if codes else np.zeros(4, np.int64)
    buckets = _buckets(int(counts[KEPT])) if feed.table.history else 0
    judged = whole.judge(((part.file("parts"), code) for part, code in zip(parts, codes, strict=True)), feed)
    return {
        "duplicates": int(counts[DUPLICATE]), "clashes": int(counts[CLASH]), "buckets": buckets, "key": "+".join(feed.table.key),
        "whole": judged,
    }  # fmt: skip


def pa_names(part: Part) -> list[str]:
    """Fields of a partition."""
    return [name for name in landing.read_arrow(part.file("parts")).column_names if name[0] not in (ORIGIN, PLACE)]


def _buckets(rows: int) -> int:
    """How many buckets of about `BUCKET_ROWS` rows; a power of two.

    Examples
    --------
    >>> _buckets(0), _buckets(300_000), _buckets(1_000_000)
    (1, 2, 4)
    """
    count = 1
    while count * BUCKET_ROWS < rows and count < 1 << BUCKET_BITS:
        count *= 2
    return count


def _judge_repeats(parts: Sequence[Part], feed: FeedSpec, codes: list[npt.NDArray[np.uint8]]) -> None:
    contract, within = feed.table, grouped_by(feed)
    key = [] if within or not contract.key else list(contract.key)
    fields = [name for name in pa_names(parts[0]) if within is None or name != within[0]]
    set_aside = (feed.duplicates or contract.duplicates) == "set_aside"
    for part, row in repeats.candidates([p.file("keys", "npy") for p in parts]):
        order = np.lexsort((row, part))
        part, row = part[order], row[order]
        found = pa.concat_tables([_picked(parts[n], fields, row[part == n]) for n in np.unique(part).tolist()])
        verdict = repeats.verdicts(found, key, set_aside)
        for n in np.unique(part).tolist():
            codes[n][row[part == n]] = verdict[part == n]


def _picked(part: Part, fields: Sequence[str], rows: Whole) -> pa.Table:
    """Some rows of a partition; its file is mapped no longer than that, as mapped pages count as memory."""
    return landing.read_arrow(part.file("parts")).select(fields).take(pa.array(rows))


def _number_groups(parts: Sequence[Part], feed: FeedSpec, out: Path) -> None:
    if grouped_by(feed) is None:
        return
    (out / "lines").mkdir(exist_ok=True)
    numbers = repeats.positions([p.file("groups", "npy") for p in parts], [p.rows for p in parts])
    for part, found in zip(parts, numbers, strict=True):
        np.save(out / "lines" / f"{part.number:05d}.npy", found)


def _chosen(part: Part, code: npt.NDArray[np.uint8], what: int) -> dict[str, pa.Array]:
    """Places of the rows of a partition that have a verdict."""
    table, rows = landing.read_arrow(part.file("parts")), pa.array(np.flatnonzero(code == what))
    return {f.name: table.column(f"{PLACE}{f.name}").take(rows).combine_chunks() for f in landing.ROWS}


def _write_duplicates(parts: Sequence[Part], codes: Sequence[npt.NDArray[np.uint8]], out: Path) -> None:
    for part, code in zip(parts, codes, strict=True):
        if (code == DUPLICATE).any():
            places = _chosen(part, code, DUPLICATE)
            del places["row_id"]
            table = pa.table({**places, "reason": pa.repeat("duplicate", len(places["record"]))}, schema=landing.SET_ASIDE)
            landing.write_arrow(table, out / "aside" / f"settled-{part.number:05d}.arrow")


def _write_clashes(
    parts: Sequence[Part], codes: Sequence[npt.NDArray[np.uint8]], planned: Plan, readings: Mapping[int, Mapping[str, Any]], out: Path
) -> None:
    clashes = [_chosen(part, code, CLASH) for part, code in zip(parts, codes, strict=True) if (code == CLASH).any()]
    if not clashes:
        return
    places = {field.name: pa.concat_arrays([clash[field.name] for clash in clashes]) for field in landing.ROWS}
    files, record, line = (places[name].to_numpy() for name in ("file", "record", "line"))
    raw: list[str] = []
    for number in np.unique(files).tolist():  # rows are in the order of files and records
        mine = files == number
        file, changes = planned.files[number], planned.takes[0].changes
        if changes.mended:
            raw += mended_records(file, planned.feed, changes, record[mine])
        else:
            raw += raw_records(file, readings[number], planned.feed, record[mine], line[mine])
    reason = f"{'+'.join(planned.feed.table.key)}:unique"
    quarantine.write_records(places, quarantine.single(pa.repeat(reason, len(files))), raw, out, "settled")


def shares(takes: Sequence[Done], settled: Done, feed: FeedSpec) -> tuple[Share, ...]:
    """The partitions of the accepted table: those of the takes, or buckets of whole customers where rows are a history."""
    parts = parts_of(takes)
    if not settled["buckets"]:
        return tuple(Share(f"{feed.name} part {p.number + 1}", p.number, (p,), settled.out, feed) for p in parts)
    bits = int(settled["buckets"]).bit_length() - 1
    return tuple(Share(f"{feed.name} bucket {n + 1}", n, parts, settled.out, feed, bits) for n in range(settled["buckets"]))


def share(item: Share, out: Path) -> dict[str, Any]:
    """Write one partition of the accepted table.

    Returns
    -------
    dict
        JSON-able: ``rows``, ``origins`` and ``latest``, as `landing.write_accepted`.
    """
    tables = [table for part in item.parts if (table := _mine(part, item)).num_rows or len(item.parts) == 1]
    if not tables and item.parts:
        tables = [_mine(item.parts[0], item)]
    if not tables:
        return {"rows": 0, "origins": {}, "latest": {}}
    return landing.write_accepted(pa.concat_tables(tables), item.feed.table, out, item.number)


def _mine(part: Part, item: Share) -> pa.Table:
    table = landing.read_arrow(part.file("parts"))
    keep = np.load(item.settled / "verdicts" / f"{part.number:05d}.npy") == KEPT
    if item.bits:
        keep &= table.column(f"{PLACE}bucket").to_numpy() >> (BUCKET_BITS - item.bits) == item.number
    within = grouped_by(item.feed)
    if within is not None:
        numbers = np.load(item.settled / "lines" / f"{part.number:05d}.npy")
        table = _with(table, within[0], pa.array(numbers).cast(pa.string()))
    return table if keep.all() else table.filter(pa.array(keep))


def _with(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    table = table.set_column(table.column_names.index(name), name, values)
    origins = pa.array(np.full(len(values), Origin.DERIVED, np.uint8))
    return table.set_column(table.column_names.index(f"{ORIGIN}{name}"), f"{ORIGIN}{name}", origins)


def left(takes: Sequence[Done], settled: Done, kind: str) -> Iterator[Path]:
    """Arrow files of a kind (quarantine, aside, failures) of all steps, in order."""
    for done in (*takes, settled):
        yield from sorted((done.out / kind).glob("*.arrow")) if (done.out / kind).exists() else []
