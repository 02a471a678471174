"""The golden test: its sample is made, parses as the client's files do, is the same each time, and shows a changed connector."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.golden import Golden, differences, outcome, read_golden, sample, tried
from connectors.invented import cells
from connectors.library import feeds, load_client, load_feed
from connectors.proposing.column import columns
from connectors.sketch import Look, Sketch
from connectors.spec.client import ClientSpec
from connectors.spec.feed import FeedSpec
from contracts.errors import SettingsError, shape

CLIENT = ClientSpec(name="acme", title="Acme", country="DE", language="de", time_zone="Europe/Berlin", currency="EUR")
TABLE = {
    "Kundennr": [f"K{n:07d}" for n in range(40)],
    "Anrede": ["Frau", "Herr"] * 20,
    "Name": ["Wilhelmine"] * 40,
    "Mail": [f"wilhelmine{n}@firma.de" for n in range(40)],
    "Geb": ["31.01.1980", "02.12.1991"] * 20,
    "Umsatz": ["1.234,50 €"] * 20 + ["7,00 €"] * 19 + [""],
    "Bestellungen": ["3"] * 40,
    "Newsletter": ["J", "N"] * 20,
    "Letzte": ["2024-01-31"] * 40,
    "Notiz": ["geheim 7"] * 40,
}
COLUMNS = {
    "customer_id": "Kundennr", "gender": {"from": "Anrede", "values": {"Frau": "female", "Herr": "male"}}, "last_name": "Name",
    "email": "Mail", "birth_date": {"from": "Geb", "dates": "dmy"}, "marketing_consent": "Newsletter", "order_count": "Bestellungen",
    "total_spend": {"from": "Umsatz", "decimal": ",", "thousands": "."}, "last_order_date": {"from": "Letzte", "dates": "ymd"},
}  # fmt: skip
CONTENT = {"feed": "acme/people", "contract": "customers@1.0", "ignored": ["Notiz"], "columns": COLUMNS}


def feed(**more: object) -> FeedSpec:
    return FeedSpec.model_validate({**CONTENT, **more})


def sketch() -> Sketch:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in TABLE.items()})
    return Sketch.of(columns(table), 40, ("ab",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "people.sample.csv").write_text(sample(feed(), CLIENT, sketch()), encoding="utf-8")
    return tmp_path / "people.sample.csv"


def test_the_sample_holds_no_value_of_the_file_but_its_words_for_codes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    secret = {value for name, values in TABLE.items() if name not in ("Anrede", "Newsletter", "Bestellungen") for value in values if value}
    assert not [value for value in secret if value in text]
    assert next(csv.reader(io.StringIO(text), delimiter=";")) == list(TABLE)


def test_the_sample_has_the_files_shapes(path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=";"))
    for name in ("Kundennr", "Geb", "Letzte", "Name", "Anrede", "Newsletter"):
        assert {shape(row[name]) for row in rows} <= {shape(value) for value in TABLE[name]}, name
    assert rows[-1]["Umsatz"] == ""  # empty in some rows of the file
    assert len({row["Kundennr"] for row in rows}) == len(rows)


def test_every_made_row_is_accepted_and_every_field_filled(path: Path) -> None:
    got = outcome(feed(), CLIENT, path)
    assert got["ledger"]["quarantined"] == {}
    assert got["failures"] == {}
    assert all(got["rows"][0][name] is not None for name in feed().columns)
    assert got["rows"][0]["marketing_consent"] is True


def test_the_same_connector_gives_the_same_sample_and_outcome(path: Path) -> None:
    assert sample(feed(), CLIENT, sketch()) == path.read_text(encoding="utf-8")
    assert differences(json.loads(json.dumps(outcome(feed(), CLIENT, path))), outcome(feed(), CLIENT, path)) == []


@pytest.mark.parametrize(("field", "changed", "where"), [
    ("birth_date", {"from": "Geb", "dates": "mdy"}, "birth_date"),
    ("total_spend", {"from": "Umsatz", "decimal": ".", "thousands": ","}, "total_spend"),
    ("gender", {"from": "Anrede", "values": {"Frau": "male", "Herr": "female"}}, "gender"),
    ("first_name", "Notiz", "used"),
])  # fmt: skip
def test_a_changed_connector_is_told_by_where_it_differs(path: Path, field: str, changed: object, where: str) -> None:
    expected = outcome(feed(), CLIENT, path)
    got, error = tried(feed(columns={**COLUMNS, field: changed}), CLIENT, path)
    told = differences(expected, got)
    assert error is not None or any(where in line for line in told), told
    assert len(told) <= 13


def test_the_form_of_the_clients_files_does_not_matter_to_the_sample(path: Path) -> None:
    workbook = feed(reading={"sheet": "Kunden", "encoding": "cp1252", "header_row": 4})
    assert outcome(workbook, CLIENT, path)["rows"] == outcome(feed(), CLIENT, path)["rows"]


def test_what_is_kept_is_read_back_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    golden = Golden("acme/people", sketch(), "ab", {"dates:birth_date": "dmy"}, {"rows": []})
    (tmp_path / "g.json").write_text(golden.text(), encoding="utf-8")
    assert read_golden(tmp_path / "g.json") == golden
    assert read_golden(tmp_path / "none.json") is None
    (tmp_path / "g.json").write_text('{"feed": 1}', encoding="utf-8")
    with pytest.raises(SettingsError, match="GOLDEN-UNREADABLE"):
        read_golden(tmp_path / "g.json")


@pytest.mark.parametrize("name", [name for client in ("harbour", "telco", "bank", "sprocket", "onlineretail") for name in feeds(client)])
def test_rows_made_for_the_shipped_connectors_parse(name: str, tmp_path: Path) -> None:
    spec, client = load_feed(name), load_client(name.partition("/")[0])
    looks = {header: Look(1.0, "text", _form(spec, header)) for header in spec.headers}
    (tmp_path / "s.csv").write_text(sample(spec, client, Sketch(9, (), looks)), encoding="utf-8")
    got, error = tried(spec, client, tmp_path / "s.csv")
    assert error is None, error.lines()
    assert got["ledger"]["accepted"] == 12, got["ledger"]


def _form(spec: FeedSpec, header: str) -> tuple[str, ...]:
    name, column = next((name, column) for name, column in spec.all_columns.items() if header in column.headers)
    word = spec.table.fields[name].type_word
    order = {"dmy": "99.99.999", "mdy": "99/99/999", "ymd": "999-99-99"}[column.dates or spec.reading.dates or "ymd"]
    return {"day": (order,), "moment": (order,), "real": ("9,99",), "whole": ("99",)}.get(word, ("Aaa",))


def test_cells_are_the_same_for_the_same_header_whatever_else_is_there() -> None:
    shapes = sketch().shapes
    fewer = {name: forms for name, forms in shapes.items() if name != "Notiz"}
    assert cells(feed(), CLIENT, shapes)["Name"] == cells(feed(), CLIENT, fewer)["Name"]
