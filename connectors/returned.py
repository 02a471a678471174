"""An error workbook that came back: its rows by the records they stand for, and what is odd about them."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors import identity
from connectors.identity import Identity, row_code
from connectors.reading import signature
from connectors.reading.block import BLANK, Kinds, Whole, unique_names
from connectors.reading.source import Source, open_source
from connectors.reading.workbook import cells, sheets
from connectors.stretch import SHIFT, row_ids
from contracts.errors import SourceError

LISTED, MOST_LISTED = "xl/workbook.xml", 4 << 20
"""The list of sheets of an xlsx, and how much of it is looked at."""
TOP = 50
"""Rows of a sheet among which its header is looked for."""


@dataclass(frozen=True)
class Mended:
    """A mended workbook: where it is, what it is called, its content hash."""

    path: Path
    name: str
    sha256: str


@dataclass(frozen=True)
class Changes:
    """What is laid over the files of a submission while they are read.

    Parameters
    ----------
    mended : tuple of Mended
        In the order in which they are applied.
    apart : Path, optional
        A ``set_aside.parquet`` of the submission before the last of them: exact repeats in it stay set aside, as the row that they
        repeat may have been mended.
    """

    mended: tuple[Mended, ...] = ()
    apart: Path | None = None


UNCHANGED = Changes()


@dataclass(frozen=True)
class Returned:
    """The rows of a mended workbook.

    Parameters
    ----------
    identity : Identity
    row_id : int64 array
        Ascending; one per row that stands for a record.
    table : pyarrow.Table
        Its cells as text, by the client's headers; those that are still there.
    kinds : mapping of str to uint8 array
    added, repeated : tuple of int
        Rows of the sheet without a code that the workbook had, and with one that stands there more than once; none of them is used.
    gone : int64 array
        Ids of the records that the workbook had, and no row stands for any more.
    withdrawn : int64 array
        Those of them that had been held back: who deletes such a row does not want it in. None while a row stands there under a code
        that is not its own, as it may be one of them.
    missing, foreign : tuple of str
        The client's headers that are gone, and headers that were not there.
    moved : bool
        The client's columns stand in another order.
    over : bool
        Our column for what is left over of a record is still there.
    rest : string array
        What is left over of each row; null where nothing is.
    strayed : int
        Rows under a code that is not theirs: one that stands there more than once, or none beside our other columns.
    doubled, sheets : tuple of str
        The client's headers that stand there more than once (the first one counts), and further sheets with codes (not used).
    """

    identity: Identity
    row_id: Whole
    table: pa.Table
    kinds: Mapping[str, Kinds]
    added: tuple[int, ...]
    repeated: tuple[int, ...]
    gone: Whole
    withdrawn: Whole
    missing: tuple[str, ...]
    foreign: tuple[str, ...]
    moved: bool
    over: bool
    rest: pa.Array
    strayed: int = 0
    doubled: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()


def hidden_cells(path: Path, name: str) -> tuple[str | None, ...] | None:
    """The cells of the hidden sheet of an error workbook; None for any other file.

    Raises
    ------
    SourceError
        As `open_source`.
    """
    if not _may_be(path):
        return None
    source = open_source(path, name)
    if source.kind != signature.WORKBOOK or identity.SHEET not in {sheet.name for sheet in sheets(source)}:
        return None
    return _hidden(source)


def _may_be(path: Path) -> bool:
    """Whether a file is an archive that may hold the hidden sheet: the list of sheets of an xlsx says it without reading them all."""
    try:
        with zipfile.ZipFile(path) as archive:
            if LISTED not in archive.namelist():
                return True  # another kind of workbook, or none
            with archive.open(LISTED) as file:
                return f'"{identity.SHEET}"'.encode() in file.read(MOST_LISTED)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError, NotImplementedError, RuntimeError):
        return False  # no archive, or one that its reader will refuse


def _hidden(source: Source) -> tuple[str | None, ...]:
    table, _, _ = cells(source, identity.SHEET)
    return tuple(table.column(0).to_pylist()) if table.num_columns else ()


@lru_cache(maxsize=2)
def returned(mended: Mended) -> Returned:
    """The rows of a mended workbook; its seal was compared before.

    Raises
    ------
    SourceError
        SOURCE-CHANGED; WORKBOOK-CODES where the column with the codes is gone.
    """
    source = open_source(mended.path, mended.name)
    if source.sha256 != mended.sha256:
        raise SourceError("SOURCE-CHANGED", "the file changed while it was taken in", place=source.place, hint="start again")
    hidden = _hidden(source)
    about = identity.opened(hidden, None, source.place)
    (table, top, head), others = _sheet(source, about)
    return _sorted_out(table, top, head, about, str([cell for cell in hidden if cell][1]), others)


def _sheet(source: Source, about: Identity) -> tuple[tuple[pa.Table, int, int], tuple[str, ...]]:
    """The sheet that has the codes, the number of its first row, and the place of its header; the one of the old title first.

    And the names of further sheets that have them.
    """
    names = [sheet.name for sheet in sheets(source) if sheet.name != identity.SHEET]
    found: dict[str, tuple[pa.Table, int, int]] = {}
    for name in sorted(names, key=lambda name: name != about.sheet):
        table, top, _ = cells(source, name)
        first = table.slice(0, TOP)
        heads = [row for row in range(first.num_rows) if about.own[-1] in _texts(first, row)]
        if heads:
            found[name] = (table, top, heads[0])
    if found:
        name, *others = found
        return found[name], tuple(others)
    raise SourceError(
        "WORKBOOK-CODES", f"no sheet of the error workbook has the column {about.own[-1]!r}", place=source.place,
        found=f"{len(names)} other sheets", hint="ask for the workbook with this column: it says which row is which",
    )  # fmt: skip


def _texts(table: pa.Table, row: int) -> list[str]:
    return [" ".join((column[row].as_py() or "").split()) for column in table.columns[::2]]


def _sorted_out(table: pa.Table, top: int, head: int, about: Identity, seal: str, others: tuple[str, ...]) -> Returned:
    written = unique_names((*about.own, *about.columns, about.rest))
    headers = dict(zip(written[len(about.own) : -1], about.columns, strict=True))
    titles = _texts(table, head)
    place: dict[str, int] = {}
    for column, title in enumerate(titles):
        if title:
            place.setdefault(title, column)
    body = table.slice(head + 1)
    rows, added, repeated, twice = _rows(body, place[about.own[-1]], about, seal, top + head + 2)
    found = {headers[title]: column for title, column in place.items() if title in headers}
    ids = np.array(sorted(rows), np.int64)
    take = np.array([rows[n] for n in ids.tolist()], np.int64)
    texts = {name: body.column(2 * column).combine_chunks().take(pa.array(take)) for name, column in found.items()}
    kinds = {name: body.column(2 * column + 1).to_numpy()[take] for name, column in found.items()}
    gone = np.setdiff1d(_ids(about, "records"), np.append(ids, twice))
    ours, rows_added = [place[title] for title in about.own if title in place], [row - top - head - 2 for row in added]
    strayed = len(repeated) + _marked(body, ours, rows_added)
    withdrawn = np.intersect1d(gone, _ids(about, "rejected")) if not strayed else np.zeros(0, np.int64)
    return Returned(
        about, ids, pa.table(texts) if texts else pa.table({"": pa.nulls(len(ids), pa.string())}), kinds, added, repeated,
        gone, withdrawn, tuple(name for name in about.columns if name not in found),
        tuple(title for title in place if title not in written), list(found) != [name for name in about.columns if name in found],
        written[-1] in place, _rest(body, place.get(written[-1]), take), strayed,
        tuple(headers[each] for each in headers if titles.count(each) > 1), others,
    )  # fmt: skip


def _rest(body: pa.Table, column: int | None, take: Whole) -> pa.Array:
    """What is left over of some rows; nothing where our column for it is gone."""
    if column is None:
        return pa.nulls(len(take), pa.string())
    texts = body.column(2 * column).combine_chunks().take(pa.array(take))
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), ""), pa.scalar(None, pa.string()), texts)


def _marked(body: pa.Table, own: Sequence[int], rows: Sequence[int]) -> int:
    """How many of some rows have anything in our own columns: a client's new row has not."""
    filled = np.zeros(body.num_rows, bool)
    for column in own:
        filled |= body.column(2 * column + 1).to_numpy() != BLANK
    return int(filled[np.array(rows, np.int64)].sum())


def _ids(about: Identity, which: str) -> Whole:
    parts = [row_ids(np.full(len(r), n, np.int64), np.array(r, np.int64)) for n, r in enumerate(getattr(f, which) for f in about.files)]
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _rows(
    body: pa.Table, codes: int, about: Identity, seal: str, first: int
) -> tuple[dict[int, int], tuple[int, ...], tuple[int, ...], list[int]]:
    """The place of each record's row; rows of the sheet that stand for none, those whose code is there twice, and their records."""
    known = {row_code(seal, n, record): (n << SHIFT) | record for n, file in enumerate(about.files) for record in file.records}
    given = [" ".join((cell or "").split()) for cell in body.column(2 * codes).to_pylist()]
    counts, filled = Counter(given), _filled(body)
    added = tuple(first + row for row, code in enumerate(given) if code not in known and filled[row])
    repeated = tuple(first + row for row, code in enumerate(given) if code in known and counts[code] > 1)
    twice = [known[code] for code, count in counts.items() if count > 1 and code in known]
    return {known[code]: row for row, code in enumerate(given) if code in known and counts[code] == 1}, added, repeated, twice


def _filled(body: pa.Table) -> list[bool]:
    blank = np.ones(body.num_rows, bool)
    for column in body.columns[1::2]:
        blank &= column.to_numpy() == BLANK
    found: list[bool] = (~blank).tolist()
    return found
