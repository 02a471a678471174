"""The account of a file: shapes, filled and distinct cells, reasons and their first lines; what is written reads back the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.reading import account as accounts
from connectors.reading import output
from connectors.reading.account import Tally, account
from connectors.reading.block import Block, aside_table
from connectors.reading.reading import read
from connectors.reading.shapes import LONGEST, shape_counts
from contracts.errors import RunError

TEXTS = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40))
LONG = st.text("aAäß9 ,-€\n", max_size=300)


def plain_shape(text: str) -> str:
    """The same, sign by sign."""
    import unicodedata

    def sign(c: str) -> str:
        if c.isdigit():
            return "9"
        if c.isupper():
            return "A"
        if c.isalpha() or unicodedata.category(c)[0] == "M":
            return "a"
        return " " if c.isspace() else c

    rough = "".join(map(sign, text[:200]))
    short = re.sub(r"([^a9])\1{3,}", r"\1\1\1", re.sub("a{3,}", "aa", rough), flags=re.DOTALL)
    return (short if len(short) <= LONGEST else short[: LONGEST - 1] + "…").replace("\x1a", "…")


@given(st.lists(st.one_of(TEXTS, LONG), max_size=20))
def test_shapes_are_those_of_each_cell(texts: list[str | None]) -> None:
    assert shape_counts(pa.array(texts, pa.string())) == Counter(plain_shape(text) for text in texts if text is not None)
    tail = pa.array(["x9", *texts], pa.string()).slice(1)
    assert shape_counts(tail) == Counter(plain_shape(text) for text in texts if text is not None)


def block(cells: list[str | None], first: int = 1, **aside: list[int]) -> Block:
    """Rows of one column, then records that are none."""
    numbers = np.arange(first, first + len(cells), dtype=np.int64)
    found = [(record, reason) for reason, records in aside.items() for record in records]
    left = np.array([record for record, _ in found], np.int64)
    table = pa.table({"a": pa.array(cells, pa.string())})
    return Block(table, numbers, numbers, aside_table(left, left, [reason for _, reason in found], ["x"] * len(left)))


def test_filled_and_distinct_cells_are_counted_over_blocks() -> None:
    found = account([block(["1", "", " ", None, "2"]), block(["2", "22", "x"], 6)], ["a"]).columns[0]
    assert (found.filled, found.distinct, found.exact) == (5 / 8, 5 - 1, True)
    assert dict(found.shapes) == {"9": 3, "99": 1, "a": 1}


def test_many_distinct_values_are_estimated_in_flat_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "MOST_DISTINCT", 4_096)
    tally = Tally(["a"])
    for part in range(4):
        tally.add(block([str(n) for n in range(part * 15_000, part * 15_000 + 30_000)], part * 30_000 + 1))
    found = tally.account().columns[0]
    assert not found.exact
    assert found.distinct == pytest.approx(75_000, rel=0.05)


def test_first_lines_of_each_reason_go_over_blocks() -> None:
    first = block(["1"], 3, header=[1], ragged=[2])
    second = block([], ragged=list(range(4, 12)))
    found = account([first, second])
    assert found.first_lines == {"header": (1,), "ragged": (2, 4, 5, 6, 7)}
    assert (found.ledger.accepted, found.ledger.quarantined, found.ledger.set_aside) == (1, {"ragged": 9}, {"header": 1})


def test_a_record_that_is_in_no_block_is_an_error() -> None:
    with pytest.raises(RunError, match="LEDGER-UNBALANCED"):
        account([block(["1"], 1), block(["2"], 3)])


def written(table: pa.Table, form: str) -> bytes:
    file = io.BytesIO()
    with output.opened(file, form, table.schema) as write:
        write(table.slice(0, 1))
        write(table.slice(1))
    return file.getvalue()


TABLES = st.integers(1, 3).flatmap(lambda width: st.lists(st.tuples(*[TEXTS] * width), min_size=1, max_size=8))


@given(TABLES)
def test_every_form_gives_the_cells_back(rows: list[tuple[str | None, ...]]) -> None:
    names = [f'c"{j},' for j in range(len(rows[0]))]
    table = pa.table([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], names=names)
    read_back = list(csv.reader(io.StringIO(written(table, "csv").decode(), newline=""), strict=True))
    assert read_back == [names, *([cell or "" for cell in row] for row in rows)]
    assert [list(json.loads(line).values()) for line in written(table, "jsonl").decode().split("\n")[:-1]] == [list(row) for row in rows]
    assert pq.read_table(io.BytesIO(written(table, "parquet"))).equals(table)


def test_csv_is_quoted_only_where_it_must_be() -> None:
    table = pa.table({"a": ["1", "x,y", None, ""], "b": ["p", 'q"', "=1+1", "é\nü"]})
    assert written(table, "csv").decode() == 'a,b\n1,p\n"x,y","q"""\n,=1+1\n,"é\nü"\n'
    assert written(table.select(["b"]).slice(0, 3), "csv").decode() == 'b\np\n"q"""\n=1+1\n'
    assert written(pa.table({"a": [None, "1"]}), "csv") == b'a\n""\n1\n'  # a blank line would be no row


def test_the_ledger_has_every_record_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Export\nid;name\n1;Ute\n2;Max;x\n\n3;Jo\nid;name\n4;Al\n", encoding="utf-8")
    _, blocks = read(path)
    found = pa.concat_tables([output.ledger_of(one) for one in blocks]).to_pydict()
    assert found["record"] == list(range(1, 9))
    assert found["state"] == ["preamble", "header", "row", "ragged", "blank", "row", "repeated_header", "row"]
    assert found["raw"] == ["Export", "id;name", None, "2;Max;x", "", None, "id;name", None]
