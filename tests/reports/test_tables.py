"""CSV and Parquet say the same, whatever the parts; formulas are guarded and nothing else changes."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import RunError
from reports import tables
from reports.scores import OutputColumn
from reports.tables import guarded, write_tables
from tests.reports.hostile import hostile_texts
from tests.reports.sample import facts, parts, scores

COLUMNS = facts(0).columns


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_both_hold_the_scores(tmp_path: Path) -> None:
    table = scores(500)
    assert write_tables(parts(table, tmp_path / "parts", 3), COLUMNS, tmp_path) == 500
    assert pq.read_table(tmp_path / "scores.parquet").equals(table)
    rows = read(tmp_path / "scores.csv")
    assert rows[0] == table.column_names
    assert [row[0] for row in rows[1:]] == table["customer_id"].to_pylist()
    assert [float(row[3]) for row in rows[1:]] == table["score"].to_pylist()
    assert rows[-1][6] == ""  # null reasons


def test_the_bytes_do_not_depend_on_the_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BLOCK", 100)
    got = []
    for count in (1, 2, 7):
        out = tmp_path / str(count)
        write_tables(parts(scores(990), out / "parts", count), COLUMNS, out)
        got.append(((out / "scores.csv").read_bytes(), (out / "scores.parquet").read_bytes()))
    assert got[0] == got[1] == got[2]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(hostile_texts(14).to_pylist())))
def test_no_text_begins_like_a_formula(texts: list[str]) -> None:
    for before, after in zip(texts, guarded(pa.array(texts, pa.string())).to_pylist(), strict=True):
        assert after in (before, f"'{before}")
        harmless = before.strip().lstrip("+-").replace(".", "").replace(",", "").replace(" ", "").isdigit()
        if before.lstrip()[:1] in tuple("=@＝＠") and before:
            assert after == f"'{before}" or not before.lstrip()
        if before[:1] in ("+", "-", "\t", "\r") and not harmless:
            assert (
                after == f"'{before}"
                or before.replace("(", "").replace(")", "").replace("/", "").replace("-", "").strip("+ .").replace(" ", "").isdigit()
            )
        if before[:1].isalnum():
            assert after == before


@pytest.mark.parametrize("text", ["-12", "+3,5", "-1.234,50", "+49 (170) 123-4567", "", "2025-01-01", "a=b", "1-2", "'=x"])
def test_harmless_texts_stay(text: str) -> None:
    assert guarded(pa.array([text, None])).to_pylist() == [text, None]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1", "－1+A1", "\x00=1", "-A1", "+49x"]
)
def test_dangerous_texts_are_guarded(text: str) -> None:
    assert guarded(pa.array([text])).to_pylist() == [f"'{text}"]


def test_hostile_rows_keep_their_places(tmp_path: Path) -> None:
    table = scores(64).set_column(0, "customer_id", hostile_texts(64)).set_column(4, "band", hostile_texts(64).dictionary_encode())
    write_tables(parts(table, tmp_path / "parts"), COLUMNS, tmp_path)
    rows = read(tmp_path / "scores.csv")
    assert {len(row) for row in rows} == {13}
    assert [row[0].removeprefix("'") for row in rows[1:]] == [text.removeprefix("'") for text in table["customer_id"].to_pylist()]
    stored = pq.read_table(tmp_path / "scores.parquet")
    assert stored["customer_id"].to_pylist() == table["customer_id"].to_pylist()
    assert stored.schema.field("band").type == pa.string()


def test_a_header_is_guarded_too(tmp_path: Path) -> None:
    table = pa.table({"=1+1": ["a"]})
    write_tables(parts(table, tmp_path / "parts"), (OutputColumn("=1+1", "t", "", "", "text"),), tmp_path)
    assert read(tmp_path / "scores.csv")[0] == ["'=1+1"]
    assert pq.read_schema(tmp_path / "scores.parquet").names == ["=1+1"]


def test_no_rows_at_all(tmp_path: Path) -> None:
    assert write_tables(parts(scores(1).slice(0, 0), tmp_path / "parts"), COLUMNS, tmp_path) == 0
    assert read(tmp_path / "scores.csv") == [scores(1).column_names]


def test_columns_must_be_declared(tmp_path: Path) -> None:
    extra = scores(3).append_column("email", pa.array(["a@b.de"] * 3))
    with pytest.raises(RunError, match="SCORES-COLUMNS") as caught:
        write_tables(parts(extra, tmp_path / "parts"), COLUMNS, tmp_path)
    assert "not declared: email" in caught.value.details
    short = [*parts(scores(3), tmp_path / "a"), *parts(scores(3).drop_columns(["band"]), tmp_path / "b")]
    with pytest.raises(RunError, match="SCORES-COLUMNS"):
        write_tables(short, COLUMNS, tmp_path)
    with pytest.raises(RunError, match="SCORES-NONE"):
        write_tables([], COLUMNS, tmp_path)
