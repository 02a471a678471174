"""Taking files in: read, map, parse, check, split; one step for some files, in memory that does not grow with them.

::

    plan     open the files, fit headers, vote on styles                          once
    take     read blocks, parse and judge them, write partitions                  per group of files
    settle   repeats and keys over the whole submission                           once
    share    write one partition of the accepted table                            per partition
    finish   ledger, failures, quarantine, submission.json                        once

`take` and `share` are pure: the same item gives the same files. Between the steps travel folders and small dictionaries.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors import landing, quarantine, repeats
from connectors.check import Judged, check
from connectors.mapping import Fit, fit
from connectors.overlay import stream
from connectors.parsing.date_style import DateStyle
from connectors.parsing.date_texts import local_of
from connectors.plan import GivenFile, Take, opened
from connectors.reading.block import BAD, BLANK, TEXT, Block
from connectors.reading.decision import Reading
from connectors.sheets import Joined
from connectors.spec.column import POSITION, WITHIN
from connectors.spec.feed import FeedSpec
from connectors.stretch import Stretch, Tally, parse, row_ids
from contracts.digest import key_hash, sha256_file
from contracts.errors import Place, SourceError
from contracts.ledger import Ledger

_DATE = re.compile(r"\b\d{1,2}[./]\d{1,2}[./]\d{4}\b|\b\d{4}-\d{2}-\d{2}\b")
_EXPORTED = re.compile(r"export|stand|erstellt|datum|date|created|generated|printed|as of|per ", re.IGNORECASE)


@dataclass
class Account:
    """What a take has counted so far."""

    ledger: Ledger = field(default_factory=Ledger)
    records: int = 0
    parts: list[dict[str, Any]] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Opened:
    """A file being taken in: what it is taken for and how it fits."""

    file: GivenFile
    reading: Reading
    fit: Fit
    sheets: tuple[Joined, ...]


def take(item: Take, out: Path) -> dict[str, Any]:
    """Take some files in: partitions of sound rows, and everything else with its reason, as Arrow files in `out`.

    Returns
    -------
    dict
        JSON-able: ``files``, ``parts``, ``ledger``, ``tallies``, ``failures``, ``repaired``.

    Raises
    ------
    SourceError, ColumnsError
        Of reading and mapping; SOURCE-CHANGED where a file is no longer the one that was planned.
    RunError
        LEDGER-UNBALANCED; CHECK-BROKEN.
    """
    account, files = Account(), []
    held: list[tuple[Stretch, Opened, date | None]] = []
    for file in item.files:
        given = _open(item, file)
        before, written = account.records, None
        for block in given[1]:
            written = written or _written(block, item)
            account.records += block.records
            _put_aside(block, file, item, out, account)
            held = _hold(held, (_stretch(block, file), given[0], written), item, out, account)
        _unchanged(file, sha256_file(file.path) if file.path.stat().st_mtime_ns != given[2] else file.sha256, item)
        files.append(_described(given[0], account.records - before, written))
    _flush(held, item, out, account)
    account.ledger.check(account.records, Place(client=item.client.name, feed=item.feed.feed))
    return {
        "files": files, "parts": account.parts, "ledger": account.ledger.as_dict(), "records": account.records,
        "tallies": {name: tally.as_dict() for name, tally in account.tallies.items()},
        "failures": {f"{name}:{rule}": n for (name, rule), n in sorted(account.failures.items())},
        "repaired": dict(sorted(account.repaired.items())),
    }  # fmt: skip


def _unchanged(file: GivenFile, sha256: str, item: Take) -> None:
    """Refuse a file that is another than the one that was planned: the submission would be known by the wrong content."""
    if sha256 != file.sha256:
        place = Place(client=item.client.name, feed=item.feed.feed, file=file.name)
        hint = "wait until it is written in full, then start again"
        raise SourceError("SOURCE-CHANGED", "the file changed while it was taken in", place=place, hint=hint)


def _open(item: Take, file: GivenFile) -> tuple[Opened, Iterator[Block], int]:
    touched = file.path.stat().st_mtime_ns
    _unchanged(file, opened(file.path, file.name).sha256, item)
    reading, blocks, sheets = stream(item.feed, file, item.hints, item.block_rows, item.changes)
    place = Place(client=item.client.name, feed=item.feed.feed, file=file.name, sheet=reading.sheet)
    return Opened(file, reading, fit(reading.header, item.feed, place), tuple(sheets)), blocks, touched


def _described(given: Opened, records: int, written: date | None) -> dict[str, Any]:
    file, found = given.file, given.fit
    return {
        "number": file.number, "name": file.name, "sha256": file.sha256, "size": file.size,
        "reading": given.reading.as_dict(), "records": records,
        "written": written.isoformat() if written else None, "columns": dict(found.columns), "unused": list(found.unused),
        "unknown": list(found.unknown), "absent": list(found.absent), "joined": [sheet.account() for sheet in given.sheets],
    }  # fmt: skip


def _written(block: Block, item: Take) -> date | None:
    """The day on which the file was written, where lines above the header name one day, or one beside a word for it."""
    above = block.aside.filter(pc.equal(block.aside.column("reason"), "preamble")).column("raw").to_pylist()
    named = _days_in([line for line in above if _EXPORTED.search(line)], item.feed)
    days = named if len(named) == 1 else _days_in(above, item.feed)
    return days.pop() if len(days) == 1 else None


def _days_in(lines: list[str], feed: FeedSpec) -> set[date]:
    style = DateStyle(feed.reading.dates or "dmy")
    found = (local_of(text, style)[0] for line in lines for text in _DATE.findall(line))
    return {moment.date() for moment in found if moment is not None}


def _stretch(block: Block, file: GivenFile) -> Stretch:
    return Stretch(block.table, block.kinds, np.full(len(block.record), file.number, np.int16), block.record, block.line)


def _hold(
    held: list[tuple[Stretch, Opened, date | None]], one: tuple[Stretch, Opened, date | None], item: Take, out: Path, account: Account
) -> list[tuple[Stretch, Opened, date | None]]:
    """Gather small blocks of equal header and date of writing into one partition."""
    same = held and held[0][2] == one[2] and held[0][0].table.schema == one[0].table.schema and held[0][1].fit.columns == one[1].fit.columns
    room = sum(len(stretch.record) for stretch, _, _ in held) + len(one[0].record) <= item.block_rows
    if held and not (same and room):
        _flush(held, item, out, account)
        held = []
    return [*held, one]


def _flush(held: list[tuple[Stretch, Opened, date | None]], item: Take, out: Path, account: Account) -> None:
    stretches = [stretch for stretch, _, _ in held]
    if not sum(len(stretch.record) for stretch in stretches):
        return
    _, given, written = held[0]
    process_block(_together(stretches), given, written, item, out, account)


def _together(stretches: list[Stretch]) -> Stretch:
    if len(stretches) == 1:
        return stretches[0]
    table = pa.concat_tables([s.table for s in stretches]).combine_chunks()
    kinds = None
    if any(s.kinds for s in stretches):
        kinds = {n: np.concatenate([_kinds(s, n) for s in stretches]) for n in table.column_names}
    file, record, line = (np.concatenate([getattr(s, name) for s in stretches]) for name in ("file", "record", "line"))
    return Stretch(table, kinds, file, record, line)


def _kinds(stretch: Stretch, name: str) -> npt.NDArray[np.uint8]:
    """Kinds of a column's cells; where the file does not say them, all are text."""
    if stretch.kinds is None:
        return np.full(len(stretch.record), TEXT, np.uint8)
    return stretch.kinds.get(name, np.full(len(stretch.record), BLANK, np.uint8))


def _put_aside(block: Block, file: GivenFile, item: Take, out: Path, account: Account) -> None:
    """Records that are no rows: faulty ones to the quarantine, the others set aside."""
    if not block.aside.num_rows:
        return
    number = len(list((out / "aside").glob("*"))) if (out / "aside").exists() else 0
    faulty = pc.is_in(block.aside.column("reason"), value_set=pa.array(BAD))
    bad, fine = block.aside.filter(faulty), block.aside.filter(pc.invert(faulty))
    quarantine.write_records(_places(bad, file), quarantine.single(bad.column("reason")), bad.column("raw"), out, f"records-{number:05d}")
    places = _places(fine, file)
    del places["row_id"]
    landing.write_arrow(
        pa.table({**places, "reason": fine.column("reason")}, schema=landing.SET_ASIDE),
        out / "aside" / f"{landing.part_name(number)}.arrow",
    )
    account.ledger += Ledger(0, Counter(bad.column("reason").to_pylist()), Counter(fine.column("reason").to_pylist()))


def _places(aside: pa.Table, file: GivenFile) -> dict[str, pa.Array]:
    record, line = (aside.column(name).to_numpy() for name in ("record", "line"))
    numbers = np.full(len(record), file.number, np.int16)
    return landing.place_columns(row_ids(numbers, record), numbers, record, line)


def process_block(stretch: Stretch, given: Opened, written: date | None, item: Take, out: Path, account: Account) -> None:
    """Parse and judge a partition; write its sound rows, its quarantine and its failures."""
    columns, tallies = parse(stretch, given.fit, item.feed, dict(item.styles), item.setting(written), item.several)
    judged = check(columns, item.feed.table)
    name = landing.part_name(len(account.parts))
    places = landing.place_columns(stretch.row_ids, stretch.file, stretch.record, stretch.line)
    delimiter = str(given.reading.decisions["delimiter"].value) if "delimiter" in given.reading.decisions else "\t"
    reasons = quarantine.write_rows(judged, stretch, places, delimiter, out, name)
    quarantine.write_failures(judged, stretch, out, name)
    _write_part(judged, places, item.feed, out, name)
    rejected = int(judged.rejected.sum())
    account.parts.append({"name": name, "rows": len(stretch.record), "rejected": rejected})
    account.ledger += Ledger(len(stretch.record) - rejected, reasons, {})
    _count(account, tallies, judged)


def _write_part(judged: Judged, places: Mapping[str, pa.Array], feed: FeedSpec, out: Path, name: str) -> None:
    """Write all rows of the block, and which of them are rejected: rows are left out once, when the accepted table is written."""
    columns, kept, bucket = judged.columns, np.flatnonzero(~judged.rejected), None
    if feed.table.history:
        bucket = (key_hash(columns["customer_id"].values) >> np.uint64(48)).astype(np.uint16)
    landing.write_arrow(landing.parted(places, columns, bucket), out / "parts" / f"{name}.arrow")
    np.save(out / "parts" / f"{name}.npy", np.where(judged.rejected, repeats.REJECTED, repeats.KEPT).astype(np.uint8))
    compared, group = compared_fields(feed, tuple(columns)), grouped_by(feed)
    if compared:
        repeats.spill(repeats.hash_rows(columns, compared)[kept], kept, out / "keys" / f"{name}.npy")
    if group is not None:
        repeats.spill(repeats.hash_rows(columns, (group[1],))[kept], kept, out / "groups" / f"{name}.npy")


def compared_fields(feed: FeedSpec, present: tuple[str, ...]) -> tuple[str, ...]:
    """Fields whose equality makes two rows candidates for being one: the key, or all where the key counts within a group.

    None where the key is the record's position: it cannot repeat, and equal rows are different people; nor where the key counts within a
    group and repeats are kept.

    Examples
    --------
    >>> from connectors.library import load_feed
    >>> compared_fields(load_feed("harbour/customers"), ("customer_id", "income"))
    ('customer_id',)
    """
    sources = {name: spec.source for name, spec in feed.all_columns.items()}
    key = feed.table.key
    if any(sources.get(name) == (POSITION,) for name in key):
        return ()
    if not key or any(sources.get(name) == (WITHIN,) for name in key):
        kept = bool(key) and (feed.duplicates or feed.table.duplicates) == "keep"
        return () if kept else tuple(name for name in present if sources.get(name) != (WITHIN,))
    return key


def grouped_by(feed: FeedSpec) -> tuple[str, str] | None:
    """The field that counts within a group, and the field that names the group."""
    for name, spec in feed.all_columns.items():
        if spec.source == (WITHIN,) and spec.of:
            return name, spec.of
    return None


def _count(account: Account, tallies: Mapping[str, Tally], judged: Judged) -> None:
    for name, tally in tallies.items():
        before = account.tallies.get(name, Tally(0, 0, {}))
        shapes = Counter(before.shapes) + Counter(tally.shapes)
        account.tallies[name] = Tally(before.filled + tally.filled, before.bad + tally.bad, dict(sorted(shapes.most_common(5))))
    counts = np.bincount(judged.of, minlength=len(judged.rule))
    for name, rule, n in zip(judged.field, judged.rule, counts.tolist(), strict=True):
        account.failures[name, rule] += n
    for name, column in judged.columns.items():
        account.repaired[name] += int((column.origins == 1).sum())
