"""Every row bad in three columns: ``python -m tests.benchmarks.quarantining FOLDER ROWS`` prints figures as JSON.

Order lines without a line number, with an order number that is too long and a negative price, parsed and taken to the checks in partitions
as an intake does. Measured is what follows: checks, quarantine, failures, both merged to Parquet. Extra memory is the growth of the
resident size over what the process held before, all partitions included; Linux tells the highest since it was reset.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors import landing, quarantine
from connectors.check import check
from connectors.columns import Column, Setting
from connectors.mapping import fit
from connectors.reading.reading import BLOCK_ROWS
from connectors.spec.feed import FeedSpec
from connectors.stretch import Stretch, parse
from contracts.errors import Place
from contracts.ledger import Ledger

KIB_PER_MIB = 1024
FEED = FeedSpec.model_validate({
    "feed": "acme/lines", "contract": "transactions@1.0",
    "columns": {"order_id": "Nr", "line_id": "Pos", "customer_id": "Kunde", "ordered_at": "Am", "unit_price": "Preis"},
})  # fmt: skip
FAULTS = {"order_id:str_length", "line_id:not_null", "unit_price:ge"}


def stretches(rows: int) -> Iterator[Stretch]:
    """Partitions of an invented file."""
    for start in range(0, rows, BLOCK_ROWS):
        record = np.arange(start, min(start + BLOCK_ROWS, rows), dtype=np.int64)
        number = pa.array(record).cast(pa.string())
        table = pa.table({
            "Nr": pc.utf8_lpad(number, 70, "0"), "Pos": pa.nulls(len(record), pa.string()),
            "Kunde": pc.binary_join_element_wise("C", number, ""),
            "Am": pa.repeat("01.02.2020", len(record)), "Preis": pc.binary_join_element_wise("-", number, ".50", ""),
        })  # fmt: skip
        yield Stretch(table, None, np.zeros(len(record), np.int16), record + 2, record + 2)


def parsed(stretch: Stretch) -> dict[str, Column]:
    """Its fields."""
    setting = Setting("DE", "EUR", "de", "Europe/Berlin")
    return parse(stretch, fit(tuple(stretch.table.column_names), FEED, Place()), FEED, {}, setting, False)[0]


def main(folder: Path, rows: int) -> None:
    """Measure and print."""
    parts = [(stretch, parsed(stretch)) for stretch in stretches(rows)]
    before = reset_peak()
    begin = process_time()
    ledger = Ledger()
    for number, (stretch, columns) in enumerate(parts):
        judged = check(columns, FEED.table)
        places = landing.place_columns(stretch.row_ids, stretch.file, stretch.record, stretch.line)
        name = landing.part_name(number)
        ledger += Ledger(int((~judged.rejected).sum()), quarantine.write_rows(judged, stretch, places, ";", folder, name), {})
        quarantine.write_failures(judged, stretch, folder, name)
    for kind, schema in (("quarantine", quarantine.QUARANTINE), ("failures", quarantine.FAILURES)):
        landing.merge(sorted((folder / kind).glob("*.arrow")), schema, folder / f"{kind}.parquet")
    spent = process_time() - begin
    extra = status("VmHWM") - before
    assert_complete(folder, ledger, rows)
    print(json.dumps({"quarantine": spent, "extra": extra}))


def assert_complete(folder: Path, ledger: Ledger, rows: int) -> None:
    """Count what was written.

    Raises
    ------
    AssertionError
        Where a row, a reason or a failure is missing.
    """
    held = pq.read_table(folder / "quarantine.parquet", columns=["row_id", "reasons"])
    assert (ledger.accepted, ledger.rows_quarantined, held.num_rows) == (0, rows, rows)
    assert pc.all(pc.equal(pc.list_value_length(held.column("reasons")), len(FAULTS))).as_py()
    assert pc.count_distinct(held.column("row_id")).as_py() == rows
    failures = pq.read_table(folder / "failures.parquet", columns=["field", "rule"])
    counted = failures.group_by(["field", "rule"]).aggregate([([], "count_all")]).to_pylist()
    assert {f"{one['field']}:{one['rule']}": one["count_all"] for one in counted} == dict.fromkeys(FAULTS, rows)


def reset_peak() -> float:
    """Forget the highest resident size so far; gives the present one in MiB."""
    Path("/proc/self/clear_refs").write_text("5")
    return status("VmRSS")


def status(name: str) -> float:
    """A size of this process as Linux tells it, in MiB."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found.group(1)) / KIB_PER_MIB


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
