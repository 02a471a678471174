"""A rehearsal: the same bytes every time, every damage listed, the truth in its place."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from contracts.errors import SettingsError
from flows.rehearsal.damage import BY_NAME, Feed, kinds_for
from flows.rehearsal.rehearsal import Rehearsal, rehearse
from flows.rehearsal.sending import HEADERS, PREAMBLE, Written

SEED = 11
CUSTOMERS = 6000


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return rehearse(tmp_path_factory.mktemp("messy"), seed=SEED, customers=CUSTOMERS, panel=300)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return rehearse(tmp_path_factory.mktemp("clean"), seed=SEED, customers=CUSTOMERS, panel=0, rate=0.0)


@pytest.fixture(scope="module")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    return rehearse(tmp_path_factory.mktemp("sheets"), seed=SEED, customers=1200, periods=1, panel=0, form="xlsx")


def hashes(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def damages(rehearsal: Rehearsal, file: Written) -> list[dict[str, Any]]:
    return [damage for damage in pq.read_table(rehearsal.damages).to_pylist() if damage["file"] == file.name]


def truth(rehearsal: Rehearsal, file: Written) -> pa.Table:
    return pq.read_table(rehearsal.folder / "truth" / f"{file.feed}_{file.period}.parquet")


def physical(file: Written) -> list[str]:
    """The lines of a delimited file; Windows ends part them, a lone line feed inside a quoted cell too."""
    return file.path.read_bytes().decode("cp1252").replace("\r\n", "\n").split("\n")[:-1]


def cells(line: str) -> list[str]:
    return next(csv.reader(io.StringIO(line), delimiter=";"), [])


def test_same_arguments_same_bytes_whatever_the_portions(tmp_path: Path) -> None:
    for name, chunk in (("a", 900), ("b", 900), ("c", 137), ("d", 10_000)):
        rehearse(tmp_path / name, seed=3, customers=900, periods=2, panel=50, rate=0.3, chunk=chunk)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b") == hashes(tmp_path / "c") == hashes(tmp_path / "d")


def test_another_seed_is_another_world(tmp_path: Path) -> None:
    for seed in (1, 2):
        rehearse(tmp_path / str(seed), seed=seed, customers=50, periods=1, panel=50)
    first, second = hashes(tmp_path / "1"), hashes(tmp_path / "2")
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())


def test_workbooks_have_the_same_bytes_too(tmp_path: Path) -> None:
    for name, chunk in (("a", 300), ("b", 71)):
        rehearse(tmp_path / name, seed=3, customers=300, periods=1, panel=0, form="xlsx", chunk=chunk)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_head_of_a_file(messy: Rehearsal) -> None:
    for file in messy.files:
        lines = physical(file)
        assert lines[0].startswith("Harbour Versandhaus – ")
        assert lines[1].startswith("Exportdatum: ")
        assert lines[PREAMBLE] == ";".join(HEADERS[file.feed].values())
        assert lines.count(lines[PREAMBLE]) == 2
        assert lines[-1].startswith("Summe;")
    assert [len(HEADERS[feed]) for feed in ("customers", "transactions")] == [20, 12]


@pytest.mark.parametrize("feed", ["customers", "transactions"])
def test_every_damage_is_listed_and_every_listed_damage_is_there(messy: Rehearsal, clean: Rehearsal, feed: Feed) -> None:
    """Removing the listed damages from the messy file gives the clean file, line by line."""
    for hurt, sound in zip(messy.of(feed), clean.of(feed), strict=True):
        lines, expected = physical(hurt), physical(sound)
        listed = damages(messy, hurt)
        by_line: dict[int, list[dict[str, Any]]] = {}
        for damage in listed:
            by_line.setdefault(damage["line"], []).append(damage)
        rebuilt, number = [], 1
        while number <= len(lines):
            here = by_line.get(number, [])
            scope = BY_NAME[here[0]["kind"]].scope if here else None
            span = here[0]["lines"] if here else 1
            text = "\n".join(lines[number - 1 : number - 1 + span])
            if scope is None:
                rebuilt.append(text)
            elif scope != "row":
                rebuilt.append(f"damaged {here[0]['key']}")
                assert text not in expected
                _assert_wounds(text, here, feed)
            number += span
        marks = [line for line in rebuilt if line.startswith("damaged ")]
        keys = _keys(expected[PREAMBLE + 1 :], feed)
        place = {f"damaged {key}": n for n, key in enumerate(keys, start=PREAMBLE + 1)}
        assert len(rebuilt) == len(expected)
        assert len(marks) == len(set(marks)) > 0
        for n, line in enumerate(rebuilt):
            assert place[line] == n if line.startswith("damaged ") else line == expected[n]


def _keys(lines: list[str], feed: Feed) -> list[str]:
    width = 1 if feed == "customers" else 2
    return ["/".join(cells(line)[:width]) for line in lines]


def _assert_wounds(text: str, wounds: list[dict[str, Any]], feed: Feed) -> None:
    headers = list(HEADERS[feed])
    kind = BY_NAME[wounds[0]["kind"]]
    if kind.name == "missing_delimiter":
        assert len(cells(text)) == len(headers) - 1
        return
    for wound in wounds:
        if kind.scope == "line":
            assert wound["after"].replace("\r\n", "\n") in text
        else:
            assert cells(text)[headers.index(wound["field"])] == wound["after"]
            assert wound["before"] != wound["after"]


def test_records_and_lines_of_the_truth_point_into_the_file(messy: Rehearsal) -> None:
    for file in messy.files:
        lines = physical(file)
        assert file.records == len(lines) - sum(d["lines"] - 1 for d in damages(messy, file) if d["kind"] == "line_break_in_cell")
        hurt = {damage["line"] for damage in damages(messy, file)}
        rows = truth(messy, file)
        key = rows.column("customer_id" if file.feed == "customers" else "order_id").to_pylist()
        for name, line in zip(key, rows.column("line").to_pylist(), strict=True):
            assert line in hurt or lines[line - 1].startswith(f"{name};")
        assert (np.diff(rows.column("record").to_numpy()) > 0).all()


def test_truth_is_keyed_and_typed(messy: Rehearsal) -> None:
    for file in messy.files:
        rows = truth(messy, file)
        keys = ["customer_id"] if file.feed == "customers" else ["order_id", "line_id"]
        assert rows.group_by(keys).aggregate([]).num_rows == rows.num_rows == file.rows
        assert set(HEADERS[file.feed]) | {"file", "record", "line"} == set(rows.column_names)
    assert pq.read_schema(messy.folder / "truth" / "customers_2026-08.parquet").field("birth_date").type == pa.date32()


def test_rates_and_kinds(messy: Rehearsal) -> None:
    everything = pq.read_table(messy.damages)
    assert everything.column("damage").to_numpy().tolist() == sorted(everything.column("damage").to_numpy().tolist())
    for file in messy.files:
        assert 0.035 < file.damages / file.rows < 0.06 or file.rows < 4000
    seen = set(everything.column("kind").to_pylist())
    assert seen >= {kind.name for feed in ("customers", "transactions") for kind in kinds_for(feed, "csv")}
    assert {"totals_row", "repeated_header"} <= seen
    assert len(seen) >= 40
    for damage in everything.to_pylist():
        assert damage["betrayed"] is BY_NAME[damage["kind"]].betrayed


def test_periods_append_orders_and_repeat_customers(messy: Rehearsal) -> None:
    sizes = [file.rows for file in messy.of("customers")]
    assert sizes == sorted(sizes)
    assert sizes[-1] == CUSTOMERS > sizes[0] > CUSTOMERS * 0.85
    sent = pa.concat_tables([truth(messy, file) for file in messy.of("transactions")]).select(["order_id", "line_id"]).to_pylist()
    assert len({(line["order_id"], line["line_id"]) for line in sent}) == len(sent)
    bought = [set(truth(messy, file).filter(pc.field("quantity") > 0)["order_id"].to_pylist()) for file in messy.of("transactions")]
    assert not bought[0] & bought[1]
    assert not bought[1] & bought[2]
    latest = [truth(messy, file).column("ordered_at").to_numpy().max() for file in messy.of("transactions")]
    assert latest == sorted(latest)
    assert str(latest[-1])[:10] <= "2026-08-31"


def test_customers_agree_with_their_orders(messy: Rehearsal) -> None:
    """Counts and sums in the customers' file follow from the order lines sent so far."""
    people = truth(messy, messy.newest("customers")).to_pandas().set_index("customer_id")
    lines = pa.concat_tables([truth(messy, file) for file in messy.of("transactions")]).to_pandas()
    spend = lines.groupby("customer_id").amount.sum().reindex(people.index, fill_value=0)
    assert np.allclose(spend, people.total_spend)
    bought = lines[lines.quantity > 0].groupby("customer_id").order_id.nunique().reindex(people.index, fill_value=0)
    assert (bought == people.order_count).all()
    assert ((lines.quantity * lines.unit_price - lines.amount).abs() < 1e-6).all()


def test_outcomes_come_from_orders_that_were_sent_later(messy: Rehearsal) -> None:
    june = pq.read_table(messy.folder / "truth" / "outcomes_2026-06.parquet").to_pandas()
    later = pa.concat_tables([truth(messy, file) for file in messy.of("transactions")[1:]]).to_pandas()
    later = set(later[later.quantity > 0].customer_id)  # two of the three months after June
    assert later & set(june.customer_id) <= set(june[june.repurchased].customer_id)
    assert 0.15 < june.repurchased.mean() < 0.35
    assert not (june.gone & june.repurchased).any()


def test_workbook_holds_what_the_truth_says(sheets: Rehearsal) -> None:
    for file in sheets.files:
        rows = CalamineWorkbook.from_path(file.path).get_sheet_by_index(0).to_python(skip_empty_area=False)
        headers = HEADERS[file.feed]
        assert list(rows[PREAMBLE]) == list(headers.values())
        assert len(rows) == file.records
        listed = damages(sheets, file)
        wounds = {(d["line"], d["field"]): d["after"] for d in listed if BY_NAME[d["kind"]].scope == "cell"}
        for row in truth(sheets, file).to_pylist():
            shown = dict(zip(headers, rows[row["line"] - 1], strict=True))
            for field, value in shown.items():
                after = wounds.get((row["line"], field))
                assert value == after if after is not None else _agrees(field, value, row[field]), (field, value)
        assert {"number_as_text"} <= {d["kind"] for d in listed}


def _agrees(field: str, shown: Any, true: Any) -> bool:
    if true is None:
        return bool(shown == "")
    if isinstance(true, float | int) and not isinstance(true, bool):
        return isinstance(shown, float | int) and abs(shown - true) < 1e-9
    if field in ("customer_id", "order_id", "line_id"):
        return isinstance(shown, float | int) and str(int(shown)) == true
    if isinstance(true, datetime):
        return isinstance(shown, date)
    if isinstance(true, date):
        return bool(shown == true)
    return isinstance(shown, str) and (shown == true or field in CODED)


CODED = ("gender", "country", "segment", "marketing_consent", "preferred_channel", "channel")


def test_refuses_nonsense(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="REHEARSAL-SIZE"):
        rehearse(tmp_path / "a", seed=1, customers=0)
    with pytest.raises(SettingsError, match="REHEARSAL-SIZE"):
        rehearse(tmp_path / "a", seed=1, customers=1_048_570, form="xlsx")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x").touch()
    with pytest.raises(SettingsError, match="REHEARSAL-FOLDER"):
        rehearse(tmp_path / "b", seed=1, customers=10)


def test_xlsx_transactions_do_not_overflow_the_sheet(tmp_path: Path) -> None:
    """Customers fit but their order lines would not: said before anything is written."""
    with pytest.raises(SettingsError, match="REHEARSAL-SIZE"):
        rehearse(tmp_path / "a", seed=1, customers=600_000, form="xlsx", periods=1)
    assert not (tmp_path / "a").exists()
