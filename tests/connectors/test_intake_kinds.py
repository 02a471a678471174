"""One table as CSV, JSON, Parquet and fixed width: whole intakes accept the same rows."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.connectors.taking import Taken, feed, take

PEOPLE = feed(
    columns={
        "customer_id": "Nr", "last_name": "Name", "birth_date": {"from": "Geburt", "dates": "dmy"},
        "income": {"from": "Geld", "decimal": ","}, "marketing_consent": "Post",
    },
)  # fmt: skip
HEADER = ("Nr", "Name", "Geburt", "Geld", "Post")
ROWS = [
    (f"{i:05}", ("Müller", "Meier-Lang")[i % 2], date(1980, 1 + i % 12, 1 + i % 28), 1000 + i * 1.25, bool(i % 3)) for i in range(1, 60)
]


def written(cells: tuple[str, str, date, float, bool]) -> list[str]:
    """A row as a spreadsheet in German shows it."""
    number, name, day, amount, flag = cells
    return [number, name, f"{day:%d.%m.%Y}", f"{amount:.2f}".replace(".", ","), "true" if flag else "false"]


def accepted(name: str, content: str | bytes) -> list[dict[str, Any]]:
    taken: Taken = take({name: content}, PEOPLE)
    assert taken.ledger["accepted"] == len(ROWS)
    return [{key: row[key] for key in ("customer_id", "last_name", "birth_date", "income", "marketing_consent")} for row in taken.rows]


@pytest.fixture(scope="module")
def plain() -> list[dict[str, Any]]:
    """The rows as they come from CSV."""
    return accepted("a.csv", "\n".join(";".join(row) for row in (list(HEADER), *map(written, ROWS))) + "\n")


def objects() -> list[dict[str, Any]]:
    return [{**dict(zip(HEADER, row, strict=True)), "Geburt": row[2].isoformat()} for row in ROWS]


@pytest.mark.parametrize("form", ["array", "lines", "document"])
def test_json_is_taken_in_with_typed_cells(plain: list[dict[str, Any]], form: str) -> None:
    array = json.dumps(objects(), indent=1)
    content = {"array": array, "lines": "\n".join(map(json.dumps, objects())), "document": f'{{"data": {array}}}'}[form]
    assert accepted("a.json", content) == plain


def test_parquet_is_taken_in_with_typed_cells(plain: list[dict[str, Any]]) -> None:
    out = io.BytesIO()
    pq.write_table(pa.table(dict(zip(HEADER, map(list, zip(*ROWS, strict=True)), strict=True))), out)
    assert accepted("a.parquet", out.getvalue()) == plain


def test_fixed_width_is_taken_in(plain: list[dict[str, Any]]) -> None:
    lines = ["".join(cell.ljust(14) for cell in row) for row in (list(HEADER), *map(written, ROWS))]
    assert accepted("a.txt", "\n".join(lines) + "\n") == plain
