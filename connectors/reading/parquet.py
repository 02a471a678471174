"""Parquet as blocks: read by a limited child that writes every value as text, as it comes through a pipe.

Columns of structs have dotted names; a list is one cell, its JSON text. Cells keep their kind. A record is a row, its line its number.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from connectors.reading import chaff, inflate, limited, parquet_child, totals
from connectors.reading.block import Block, aside_table, kept, unique_names
from connectors.reading.decision import Decision, Reading, ReadingHints
from connectors.reading.source import Source
from contracts.errors import Place, RunError, SourceError

CELLS = 20_000_000
"""Cells of a block, blank ones counted."""
HEAVIEST = 128 << 20
"""Bytes of a block as the file counts them."""
MEMORY, MOST_MEMORY = 1 << 30, 4 << 30
"""Bytes of address space of the child: for a small file, and for any."""
CPU, PER_SECOND = 60, 300_000
"""Seconds of computing of the child, and cells for which it gets one more."""
FREE, FREE_CELLS, STEEPEST = 1 << 30, 200_000_000, 1000
"""From so many bytes of text or so many cells on, those for one byte of the file beyond which it is refused."""
NAMED = 10
"""Columns that an error names."""
SIEVE = chaff.Sieve((), 0.0, totals.pattern())
"""Nothing but blank rows is set aside: programs write no totals."""


@dataclass(frozen=True)
class _Plan:
    """What a file says of itself.

    Parameters
    ----------
    source : Source
    names : tuple of str
        Columns as the tables have them.
    rows : int
    memory, cpu : int
        What the child may use.
    weight : int
        Bytes of an ordinary row.
    binary : tuple of str
        Columns of bytes.
    """

    source: Source
    names: tuple[str, ...]
    rows: int
    memory: int
    cpu: int
    weight: int
    binary: tuple[str, ...]


def read(source: Source, hints: ReadingHints, block_rows: int) -> tuple[Reading, Iterator[Block]]:
    """What a Parquet file is, and its blocks.

    Raises
    ------
    SourceError
        SOURCE-TRUNCATED, SOURCE-ENCRYPTED, SOURCE-KIND for types and packings that are not read, SOURCE-TOO-LARGE, SOURCE-BOMB,
        SOURCE-EMPTY.
    """
    plan, types = _planned(source)
    columns = Decision(len(plan.names), f"{len(plan.names)} columns: {types}", 1.0)
    rows = Decision(plan.rows, f"{plan.rows} rows by the file's own account", 1.0)
    return Reading("parquet", {"columns": columns, "rows": rows}, plan.names), _blocks(plan, block_rows)


def _planned(source: Source) -> tuple[_Plan, str]:
    with source.path.open("rb") as file:
        if file.read(4) == b"PARE":
            raise inflate.locked(source.place)
    blank = _Plan(source, (), 0, MEMORY, CPU, 0, ())
    with _child(blank, 0) as child:
        assert child.stdout is not None
        told = child.stdout.read()
    about = json.loads(told)
    if not about["rows"] or not about["names"]:
        raise SourceError("SOURCE-EMPTY", "the file holds no rows", place=source.place, hint="ask for the file again")
    return _allowed(about, source), _counted(about["types"])


def _allowed(about: dict[str, Any], source: Source) -> _Plan:
    """Room for a file by what it says of itself: a file that lies gets no more than any."""
    rows, names = int(about["rows"]), unique_names(about["names"])
    if rows * len(names) > max(FREE_CELLS, STEEPEST * source.size):
        raise _bomb(source, f"{rows} rows of {len(names)} columns in {source.size >> 10} KiB")
    largest = max((size for _, size in about["groups"]), default=0)
    memory = max(MEMORY, min(MEMORY + 4 * largest, MOST_MEMORY))
    weight = max((size // max(count, 1) for count, size in about["groups"]), default=0)
    return _Plan(source, names, rows, memory, CPU + rows * len(names) // PER_SECOND, weight, tuple(about["binary"]))


def _counted(types: list[str]) -> str:
    counts = {kind: types.count(kind) for kind in dict.fromkeys(types)}
    return ", ".join(f"{count} {kind}" for kind, count in list(counts.items())[:NAMED])


@contextmanager
def _child(plan: _Plan, rows: int) -> Iterator[subprocess.Popen[bytes]]:
    """A child at work; its end is put into words, unless what it gives is no longer wanted."""
    job = {"path": str(plan.source.path.resolve()), "rows": rows, "memory": plan.memory, "cpu": plan.cpu}
    own = {name: os.environ[name] for name in ("SYSTEMROOT", "LANG", "TMPDIR") if name in os.environ}
    command = [sys.executable, "-I", parquet_child.__file__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**own, **limited.ENVIRONMENT}
    ) as child:
        assert child.stdin is not None
        child.stdin.write(json.dumps(job).encode())
        child.stdin.close()
        try:
            yield child
        except pa.ArrowInvalid:  # the stream ends within a message
            if not child.wait():
                raise
        except BaseException:
            child.kill()
            raise
    if child.returncode != parquet_child.DONE:
        raise _refusal(child.returncode, plan)


def _blocks(plan: _Plan, block_rows: int) -> Iterator[Block]:
    rows = max(1, min(block_rows, CELLS // len(plan.names), HEAVIEST // max(plan.weight, 1)))
    first = size = 0
    with _child(plan, rows) as child:
        for batch in pa.ipc.open_stream(child.stdout):
            size += batch.nbytes
            if size > FREE and size > STEEPEST * plan.source.size:
                raise _bomb(plan.source, f"more than {size >> 20} MiB of text from {plan.source.size >> 10} KiB")
            yield _block(batch, plan, first)
            first += batch.num_rows
    if first != plan.rows:
        raise inflate.cut(plan.source.place, "Parquet")


def _block(batch: pa.RecordBatch, plan: _Plan, first: int) -> Block:
    columns = batch.columns[::2]
    codes, record = chaff.sift(columns, SIEVE), np.arange(first + 1, first + 1 + batch.num_rows)
    keep, left = codes == 0, np.flatnonzero(codes)
    kinds = {name: np.frombuffer(k.buffers()[1], np.uint8)[: len(k)][keep] for name, k in zip(plan.names, batch.columns[1::2], strict=True)}
    aside = aside_table(record[left], record[left], [chaff.REASONS[code] for code in codes[left]], [""] * len(left))
    return Block(pa.table(kept(columns, keep), names=list(plan.names)), record[keep], record[keep], aside, kinds)


def _bomb(source: Source, found: str) -> SourceError:
    return SourceError(
        "SOURCE-BOMB", "the file unpacks far beyond what a table does", place=source.place, found=found,
        expected=f"at most {STEEPEST} cells or bytes for one byte of a large file", hint="ask for the table as CSV",
    )  # fmt: skip


def _refusal(status: int, plan: _Plan) -> Exception:
    place: Place = plan.source.place
    if status == parquet_child.LOCKED:
        return inflate.locked(place)
    if status == parquet_child.BYTES:
        return SourceError(
            "SOURCE-KIND", "a column of the file holds bytes that are no text", place=place, found=f"{len(plan.binary)} columns of bytes",
            details=[f"column {name!r}" for name in plan.binary[:NAMED]],
            hint="ask for the file without these columns, or with text in them",
        )  # fmt: skip
    if status == parquet_child.KIND:
        return SourceError(
            "SOURCE-KIND", "the Parquet file holds a type or a packing that is not read", place=place,
            expected="numbers, texts, dates, times, flags, lists and structs of them", hint="ask for the table as CSV",
        )  # fmt: skip
    if status == parquet_child.TOO_LARGE or status in limited.OUT_OF_MEANS:
        return SourceError(
            "SOURCE-TOO-LARGE", "the file needs more than reading one may take", place=place,
            expected=f"at most {plan.memory >> 20} MiB of memory, {plan.cpu} s of computing", hint="ask for smaller files, or for CSV",
        )  # fmt: skip
    if status < 0 or status == parquet_child.DAMAGED:
        return inflate.cut(place, "Parquet")
    return RunError(
        "READER-BROKEN", "the process that reads Parquet cannot start", found=f"exit status {status}", hint="run: millrace doctor"
    )
