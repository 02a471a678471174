"""Files rehearsed: ``python -m tests.benchmarks.rehearsing FOLDER CUSTOMERS customers|everything [ORDERS_PER_CUSTOMER]``.

``customers`` leaves out the order lines and the research table.
"""

from __future__ import annotations

import sys
from pathlib import Path

from flows.rehearsal.rehearsal import rehearse

SEED = 20_260_831


def main(folder: str, customers: str, what: str, orders_per_customer: str = "2.5") -> None:
    """Write one period's files."""
    alone = what == "customers"
    rehearse(
        Path(folder), seed=SEED, customers=int(customers), periods=1, orders_per_customer=float(orders_per_customer),
        feeds=("customers",) if alone else ("customers", "transactions"), panel=0 if alone else 12_000,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
