"""A sheet read by a limited child process: its answer mapped into memory, and its end put into words."""

from __future__ import annotations

import errno
import json
import mmap
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from connectors.reading import inflate, workbook_child
from contracts.errors import Place, RunError, SourceError

BATCH = 20_000
"""Rows that the child holds as Python values at once."""
OUT_OF_MEANS = tuple(-getattr(signal, name) for name in ("SIGABRT", "SIGXCPU", "SIGKILL", "SIGXFSZ") if hasattr(signal, name))
"""Exit statuses of a child that wanted more than it may have; calamine aborts when memory is refused."""
ENVIRONMENT = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Limits:
    """What a child may use.

    Parameters
    ----------
    memory : int
        Bytes of address space.
    cpu, wall : int
        Seconds.
    file : int
        Bytes that it may write.
    cells : int
        That were counted in the file; its sheets may not span far more.
    """

    memory: int = 576 << 20
    cpu: int = 60
    wall: int = 180
    file: int = 4 << 30
    cells: int = 0

    def for_cells(self, cells: int, size: int = 0) -> Limits:
        """Room for a workbook in which so many cells were counted, in so many bytes; a small one gets little.

        Examples
        --------
        >>> [Limits().for_cells(cells, 48 * cells).memory >> 20 for cells in (100, 2_000_000, 10**9)]
        [576, 1506, 4096]
        """
        memory = min(self.memory + 200 * cells + 6 * size, max(self.memory, 4 << 30))
        return replace(self, memory=memory, cpu=self.cpu + cells // 200_000, wall=self.wall + cells // 70_000, cells=cells)


LIMITS = Limits()


@dataclass(frozen=True)
class Answer:
    """What a child found.

    Parameters
    ----------
    table : pyarrow.Table
        One row per row of the used area; for each column its text (null where blank) and the kind of each cell.
    about : dict
        ``sheets`` and ``hidden`` (all worksheets), ``sheet``, ``why``, ``tables`` (about how many cells the table of each sheet looked at
        has), ``alike`` (sheets with the same header), ``start`` (row and column of the used area, from 0), ``merged``; or ``sizes``.
    """

    table: pa.Table
    about: dict[str, Any]


def ask(path: Path, sheet: str | None, place: Place, limits: Limits, *, listing: bool = False) -> Answer:
    """Have a sheet read, or all sheets listed.

    The answer lies in a file without a name, so nothing of it is left wherever this process or the child ends.

    Raises
    ------
    SourceError
        SOURCE-KIND, SOURCE-TRUNCATED, SOURCE-ENCRYPTED, SOURCE-TOO-LARGE.
    RunError
        READER-BROKEN when the child cannot start.
    OSError
        When the disk is full.
    """
    job = {"path": str(path.resolve()), "sheet": sheet, "list": listing, "rows": BATCH, **asdict(limits)}
    with tempfile.TemporaryFile() as target:
        status = _run(job, limits, target)
        if status != workbook_child.DONE:
            raise _refusal(status, limits, place)
        content = pa.py_buffer(mmap.mmap(target.fileno(), 0, access=mmap.ACCESS_READ))
    table = pa.ipc.open_file(content).read_all()
    return Answer(table, json.loads(table.schema.metadata[b"about"]))


def _run(job: dict[str, Any], limits: Limits, target: IO[bytes]) -> int:
    command = [sys.executable, "-I", workbook_child.__file__]
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LANG", "TMPDIR") if name in os.environ}
    try:
        done = subprocess.run(
            command, input=json.dumps(job).encode(), stdout=target, stderr=subprocess.DEVNULL, env={**kept, **ENVIRONMENT},
            timeout=limits.wall, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return workbook_child.TOO_LARGE
    return done.returncode


def _refusal(status: int, limits: Limits, place: Place) -> Exception:
    if status == workbook_child.KIND:
        hint = "ask for the table as CSV or xlsx"
        return SourceError(
            "SOURCE-KIND", "the file is no workbook that can be read", place=place, expected="xlsx, xlsm, xls, xlsb, ods", hint=hint
        )
    if status == workbook_child.LOCKED:
        return inflate.locked(place)
    if status == workbook_child.FULL:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if status == workbook_child.TOO_LARGE or status in OUT_OF_MEANS:
        return SourceError(
            "SOURCE-TOO-LARGE", "the workbook needs more than reading one may take", place=place,
            expected=f"at most {limits.memory >> 20} MiB of memory, {limits.cpu} s of computing, {limits.wall} s in all",
            hint="ask for the sheet as CSV, or in several workbooks",
        )  # fmt: skip
    if status < 0 or status == workbook_child.DAMAGED:
        return inflate.cut(place, "workbook")
    return RunError(
        "READER-BROKEN", "the process that reads workbooks cannot start", found=f"exit status {status}", hint="run: millrace doctor"
    )
