"""JSON rows that are arrays: named by a list beside them, by the first of them, or by position."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.reading.block import NUMBER, TEXT
from connectors.reading.decision import ReadingHints
from tests.connectors.reading.conftest import Taker

NAMES = ["id", "name", "zip", "pay"]
ROWS: list[list[Any]] = [[n, f"Ute {n}", f"0{n}", n + 0.5] for n in range(1, 9)]
WANTED = [{"id": str(n), "name": f"Ute {n}", "zip": f"0{n}", "pay": f"{n}.5"} for n in range(1, 9)]


@pytest.mark.parametrize("indent", [None, 1])
def test_the_first_array_is_the_header(take: Taker, indent: int | None) -> None:
    taken = take(json.dumps([NAMES, *ROWS], indent=indent), name="a.json")
    assert taken.rows == WANTED
    assert taken.reasons == [(1 if indent is None else 2, "header")]
    kinds = taken.blocks[0].kinds
    assert kinds is not None
    assert [int(kinds[name][0]) for name in NAMES] == [NUMBER, TEXT, TEXT, NUMBER]


def test_an_array_on_each_line(take: Taker) -> None:
    taken = take("\n".join(map(json.dumps, [NAMES, *ROWS])) + "\n", name="a.jsonl")
    assert taken.rows == WANTED
    assert taken.reasons == [(1, "header")]


@pytest.mark.parametrize("key", ["columns", "fields", "names"])
@pytest.mark.parametrize("described", [False, True])
def test_names_stand_beside_the_rows(take: Taker, key: str, described: bool) -> None:
    names = [{"id": f"c{n}", "name": name, "type": "text"} for n, name in enumerate(NAMES)] if described else NAMES
    taken = take(json.dumps({"meta": {key: names, "count": 8}, "data": ROWS}), name="a.json")
    assert taken.rows == WANTED
    assert taken.reasons == []


def test_names_may_stand_behind_the_rows(take: Taker) -> None:
    assert take(json.dumps({"data": ROWS[:2], "columns": NAMES, "index": [0, 1]}), name="a.json").rows == WANTED[:2]


def test_arrays_without_names_are_called_by_position(take: Taker) -> None:
    taken = take(json.dumps(ROWS), name="a.json")
    assert taken.reading.header == ("column 1", "column 2", "column 3", "column 4")
    assert len(taken.rows) == len(ROWS)


@pytest.mark.parametrize(("given", "rows"), [(0, 9), (1, 8)])
def test_the_connector_may_say_it(take: Taker, given: int, rows: int) -> None:
    assert len(take(json.dumps([NAMES, *ROWS]), ReadingHints(header_row=given), name="a.json").rows) == rows


@pytest.mark.parametrize("row", [[1, "x"], [1, "x", "y", 2, 3], [], {"id": 1, "name": "x"}, 7, None])
def test_a_row_of_another_width_is_set_aside(take: Taker, row: Any) -> None:
    taken = take(json.dumps([NAMES, *ROWS[:4], row, *ROWS[4:]]), name="a.json")
    reasons = dict(enumerate(reason for _, reason in taken.reasons))
    assert len(taken.rows) == len(ROWS) + isinstance(row, dict)
    assert set(reasons.values()) == ({"header"} if isinstance(row, dict) else {"header", "blank" if row is None else "ragged"})


def test_cells_with_lists_and_nulls_stay(take: Taker) -> None:
    rows = [[1, None, True], [2, ["a", "b"], False], *([n, "x", True] for n in range(3, 9))]
    taken = take(json.dumps([["id", "tags", "ok"], *rows]), name="a.json")
    assert [tuple(row.values()) for row in taken.rows[:2]] == [("1", None, "true"), ("2", '["a","b"]', "false")]
