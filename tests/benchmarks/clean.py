"""A clean file of 20 columns: written once, read by pyarrow's own reader, and by the reader with its ledger.

``python -m tests.benchmarks.clean write FILE.csv ROWS``, ``... arrow FILE.csv``, ``... read FILE.csv``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

NAMES = ("Anna", "Peter", "Käthe", "Jörg", "Maximilian", "Sophie Charlotte")


def write(path: Path, count: int) -> None:
    """Five columns each of whole numbers, amounts, names and days."""
    dice = np.random.default_rng(1)
    columns = {f"id {n}": pa.array(dice.integers(10**6, 10**8, count)) for n in range(5)}
    columns |= {f"amount {n}": pa.array(np.round(dice.random(count) * 1000, 2)) for n in range(5)}
    columns |= {f"name {n}": pa.array(np.array(NAMES)[dice.integers(0, len(NAMES), count)]) for n in range(5)}
    days = np.datetime64("2020-01-01") + dice.integers(0, 2000, (5, count))
    columns |= {f"day {n}": pa.array(days[n].astype(str)) for n in range(5)}
    pa.csv.write_csv(pa.table(columns), path, pa.csv.WriteOptions(quoting_style="none"))


def by_arrow(path: Path) -> int:
    """Rows that pyarrow's reader gives with its defaults, types and all."""
    return int(pa.csv.read_csv(path).num_rows)


def by_reader(path: Path) -> int:
    """Rows that the reader gives; every record is in a block, as a row or with a reason."""
    from connectors.reading.reading import read

    return sum(block.table.num_rows for block in read(path)[1])


if __name__ == "__main__":
    what, file = sys.argv[1], Path(sys.argv[2])
    if what == "write":
        write(file, int(sys.argv[3]))
    else:
        print({"arrow": by_arrow, "read": by_reader}[what](file), "rows")
