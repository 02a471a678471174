"""The text of some records as they stand in their file: for the quarantine of rows that turned out bad only at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from connectors import landing
from connectors.header import read_for
from connectors.overlay import stream
from connectors.parsing.cells import Whole
from connectors.plan import GivenFile, hints, opened
from connectors.reading import encoding as encodings
from connectors.reading.block import Block
from connectors.reading.reading import BLOCK_ROWS
from connectors.reading.signature import WORKBOOK
from connectors.returned import Changes
from connectors.spec.feed import FeedSpec

LONGEST = 1 << 16
"""Bytes of one record at most."""


def raw_records(file: GivenFile, reading: Mapping[str, Any], feed: FeedSpec, record: Whole, line: Whole) -> list[str]:
    """The text of some records of a file; `line` is where each begins.

    Parameters
    ----------
    file : GivenFile
    reading : mapping
        What the file was taken for, as `Reading.as_dict`.
    feed : FeedSpec
    record, line : int64 arrays
        Ascending.
    """
    if reading["kind"] == WORKBOOK:
        return _of_sheet(file, feed, record)
    said = {name: decision["value"] for name, decision in reading["decisions"].items()}
    quote, name = str(said["quote"] or ""), str(said["encoding"])
    source = opened(file.path, file.name)
    found = _lines(encodings.content(source, name), str(said["record_ends"]), quote.encode(), line.tolist())
    return [encodings.text(text.rstrip(b"\r"), name) for text in found]


def _lines(content: Iterator[bytes], ends: str, quote: bytes, wanted: list[int]) -> list[bytes]:
    """The wanted lines, counted from 1, each with those behind it while a quote is open."""
    texts: list[bytes] = []
    first, unfinished = 1, False
    for lines in _stretches(content, ends):
        edges = np.flatnonzero(np.frombuffer(lines, np.uint8) == 10)
        at = 0
        while unfinished or (len(texts) < len(wanted) and wanted[len(texts)] < first + len(edges)):
            at = at if unfinished else wanted[len(texts)] - first
            line = lines[edges[at - 1] + 1 if at else 0 : edges[at]]
            if unfinished:
                texts[-1] += b"\n" + line
            else:
                texts.append(line)
            unfinished = bool(quote) and texts[-1].count(quote) % 2 == 1 and len(texts[-1]) < LONGEST
            at += 1
            if unfinished and at >= len(edges):
                break
        first += len(edges)
        if len(texts) == len(wanted) and not unfinished:
            break
    return texts


def _stretches(content: Iterator[bytes], ends: str) -> Iterator[bytes]:
    """The content in pieces of whole lines, each of which ends with LF."""
    held = b""
    for data in content:
        held = held + data if held else data
        cut = held.rfind(b"\n") if ends == "lf" else max(held.rfind(b"\n"), held.rfind(b"\r", 0, -1))
        if cut >= 0:
            yield _plain(held[: cut + 1], ends)
            held = held[cut + 1 :]
    if held:
        yield _plain(held + b"\n", ends)


def _plain(data: bytes, ends: str) -> bytes:
    return data if ends == "lf" else data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def mended_records(file: GivenFile, feed: FeedSpec, changes: Changes, record: Whole) -> list[str]:
    """The text of some records, ascending, as mended workbooks left them."""
    reading, blocks, _ = stream(feed, file, hints(feed), BLOCK_ROWS, changes)
    decided = reading.decisions.get("delimiter")
    return _of_blocks(blocks, record, str(decided.value) if decided else "\t")


def _of_sheet(file: GivenFile, feed: FeedSpec, record: Whole) -> list[str]:
    _, blocks = read_for(feed, opened(file.path, file.name), hints(feed), BLOCK_ROWS)
    return _of_blocks(blocks, record, "\t")


def _of_blocks(blocks: Iterator[Block], record: Whole, delimiter: str) -> list[str]:
    texts: list[str] = []
    for block in blocks:
        rows = np.flatnonzero(np.isin(block.record, record))
        texts += landing.raw_texts(block.table.take(pa.array(rows)), delimiter).to_pylist()
    return texts
