"""The floor: pyarrow reading the client's file as text, in one thread.

``python -m tests.benchmarks.text FILE.csv``; records that pyarrow cannot read are left out by it, silently.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

ABOVE = 3
"""Lines above the header."""


def read(path: Path) -> pa.Table:
    """The file's cells as text."""
    with path.open("rb") as file:
        names = [file.readline() for _ in range(ABOVE + 1)][-1].decode("cp1252").strip().split(";")
    return pa.csv.read_csv(
        path,
        pa.csv.ReadOptions(skip_rows=ABOVE + 1, column_names=names, encoding="cp1252", block_size=8 << 20, use_threads=False),
        pa.csv.ParseOptions(delimiter=";", newlines_in_values=True, invalid_row_handler=lambda _: "skip"),
        pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True),
    )


if __name__ == "__main__":
    print(read(Path(sys.argv[1])).num_rows, "rows")
