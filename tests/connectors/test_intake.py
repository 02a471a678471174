"""Whole intakes: every record is accounted for once, and nothing depends on how the rows were cut into partitions and files."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.spec.client import ClientSpec
from connectors.stretch import row_ids
from contracts.errors import ColumnsError, RowsError, SourceError
from contracts.ledger import SET_ASIDE
from tests.connectors.taking import Taken, feed, take

COLUMNS = {
    "customer_id": "Nr", "last_name": "Name", "city": "Ort", "birth_date": {"from": "Geburt", "dates": "dmy"},
    "income": {"from": "Geld", "decimal": ","}, "marketing_consent": {"from": "Post", "values": {"J": True, "N": False}},
    "segment": {"from": "Gruppe", "values": {"Stamm": "loyal", "Neu": "new"}},
}  # fmt: skip
PEOPLE = feed(columns=COLUMNS, reading={"delimiter": ";", "quote": '"', "encoding": "utf-8"})
HEADER = ["Nr", "Name", "Ort", "Geburt", "Geld", "Post", "Gruppe"]
CELLS = (
    st.one_of(st.integers(1, 9).map(str), st.sampled_from(["", "1,0E+11", "K 7", "00012"])),
    st.sampled_from(["Müller", "MÃ¼ller", "O'Neil", "", 'Ein "Zitat"', "Zwei\nZeilen", "a;b", "=1+1", "Null"]),
    st.sampled_from(["Ulm", " Bonn ", "k.A.", "", "Summe"]),
    st.sampled_from(["01.02.1980", "31.02.1980", "1.2.80", "2020-01-01", "", "gestern", "01.01.1900"]),
    st.sampled_from(["1.000,50", "12", "-5", "1O,5", "", "viel", "12.49"]),
    st.sampled_from(["J", "N", "j", "", "X"]),
    st.sampled_from(["Stamm", "Neu", "Stam", "", "Alt"]),
)
ROWS = st.lists(st.tuples(*CELLS), min_size=1, max_size=14)
QUICK = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def written(rows: Sequence[tuple[str, ...]], head: str = "") -> str:
    """A quoted file; every row has its number in a cell that must not be lost."""
    out = io.StringIO()
    maker = csv.writer(out, delimiter=";", lineterminator="\r\n")
    maker.writerow(HEADER)
    maker.writerows(rows)
    return head + out.getvalue()


def accounted(taken: Taken) -> None:
    """Every record is in one place, and the ledger, the files and the failures say the same."""
    ledger = taken.ledger
    assert ledger["records"] == ledger["accepted"] + sum(ledger["quarantined"].values()) + sum(ledger["set_aside"].values())
    assert ledger["records"] == sum(file["records"] for file in taken.described["files"])
    spots = [(one["file"], one["record"]) for kind in (taken.places, taken.quarantine, taken.aside) for one in kind]
    assert len(spots) == len(set(spots)) == ledger["records"]
    assert ledger["accepted"] == len(taken.rows)
    assert ledger["quarantined"] == Counter(one["reasons"][0] for one in taken.quarantine)
    assert ledger["set_aside"] == Counter(one["reason"] for one in taken.aside)
    assert set(ledger["set_aside"]) <= set(SET_ASIDE)
    ids = [one["row_id"] for kind in (taken.places, taken.quarantine) for one in kind]
    assert len(ids) == len(set(ids))
    assert all(one["row_id"] == (one["file"] << 32) + one["record"] for kind in (taken.places, taken.quarantine) for one in kind)
    repeats = [one for one in taken.aside if one["reason"] == "duplicate"]  # their cells were judged before they were known as repeats
    found = {*ids, *row_ids(np.array([one["file"] for one in repeats], int), np.array([one["record"] for one in repeats], int)).tolist()}
    assert {one["row_id"] for one in taken.failures} <= found
    for name, field in taken.described["fields"].items():
        assert sum(field["origins"].values()) == ledger["accepted"]
        assert field["filled"] == sum(value is not None for value in taken.column(name))


@QUICK
@given(ROWS)
def test_every_record_is_accounted_for(rows: list[tuple[str, ...]]) -> None:
    taken = take({"a.csv": written(rows, "Kunden\r\n\r\n")}, PEOPLE)
    accounted(taken)


@dataclass(frozen=True)
class Content:
    """What an intake says, whatever its files and partitions were."""

    rows: list[Any]
    quarantine: list[Any]
    ledger: dict[str, Any]
    failures: dict[str, int]
    repaired: dict[str, int]


def content(taken: Taken) -> Content:
    rows = [(sorted((k, str(v)) for k, v in row.items() if k != "row_id"), sorted((k, v) for k, v in marks.items() if k != "row_id"))
            for row, marks in zip(taken.rows, taken.origins, strict=True)]  # fmt: skip
    ledger = {**taken.ledger, "set_aside": {name: n for name, n in taken.ledger["set_aside"].items() if name != "header"}}
    del ledger["records"]
    held = sorted((one["reasons"], one["raw"]) for one in taken.quarantine)
    return Content(sorted(rows), held, ledger, taken.described["failures"], taken.described["repaired"])


@QUICK
@given(ROWS, st.integers(1, 15))
def test_partitions_change_nothing(rows: list[tuple[str, ...]], block_rows: int) -> None:
    text = written(rows)
    whole, cut = take({"a.csv": text}, PEOPLE), take({"a.csv": text}, PEOPLE, block_rows=block_rows)
    accounted(cut)
    assert content(cut) == content(whole)
    assert [one["row_id"] for one in cut.places] == [one["row_id"] for one in whole.places]


@QUICK
@given(ROWS, st.integers(1, 13))
def test_files_change_nothing(rows: list[tuple[str, ...]], at: int) -> None:
    """Rows parted into two files are the same rows; only which of two repeats is the first may change, and both say the same."""
    first, second = written(rows[:at]), written(rows[at:])
    if first == second or at >= len(rows):
        return
    parted = take({"a.csv": first, "b.csv": second}, PEOPLE)
    accounted(parted)
    assert content(parted) == content(take({"a.csv": written(rows)}, PEOPLE))


@QUICK
@given(ROWS)
def test_file_names_and_their_order_change_nothing(rows: list[tuple[str, ...]]) -> None:
    one, other = written(rows), written([("99", *rows[0][1:])])
    here, there = take({"a.csv": one, "b.csv": other}, PEOPLE), take({"z.csv": other, "c.csv": one}, PEOPLE)
    assert content(here) == content(there)
    assert [place["row_id"] for place in here.places] == [place["row_id"] for place in there.places]


@QUICK
@given(st.lists(st.tuples(st.text("ab\"';\n\r ,", max_size=5), st.text("xyzäß€", max_size=4)), min_size=1, max_size=8))
def test_whatever_a_cell_holds_is_kept_or_accounted_for(cells: list[tuple[str, str]]) -> None:
    rows = [(str(n), name, town, "", "", "", "") for n, (name, town) in enumerate(cells, 1)]
    taken = take({"a.csv": written(rows)}, PEOPLE)
    accounted(taken)
    names = {row["customer_id"]: row["city"] for row in taken.rows}
    assert all(names.get(str(n), town or None) == (town or None) for n, (_, town) in enumerate(cells, 1))


def test_the_same_files_give_the_same_words_and_another_order_of_arrival_too() -> None:
    files = {"a.csv": written([("1", "A", "Ulm", "", "5", "J", "Neu")]), "b.csv": written([("2", "B", "Ulm", "", "6", "N", "Stamm")])}
    first = take(files, PEOPLE).described
    assert take(dict(reversed(files.items())), PEOPLE).described == first


def test_quarantine_holds_all_reasons_the_place_and_the_text() -> None:
    rows = [("1", "A", "Ulm", "01.02.1980", "5", "J", "Neu"), ("", "B;C", "Ulm", "31.02.1980", "viel", "X", "Alt")]
    taken = take({"a.csv": written(rows, "Stand 31.08.2026\r\n\r\n")}, PEOPLE)
    (held,) = taken.quarantine
    assert held["reasons"] == [
        "customer_id:not_null", "birth_date:date", "income:number", "marketing_consent:flag", "segment:category",
    ]  # fmt: skip
    assert (held["file"], held["sheet"], held["record"], held["line"]) == (0, 0, 5, 5)
    assert held["raw"] == ';"B;C";Ulm;31.02.1980;viel;X;Alt'
    assert taken.described["written"] == "2026-08-31"


def test_records_that_are_no_rows_are_quarantined_or_set_aside() -> None:
    rows = [f"{n};A;Ulm;;{n},00;J;Neu" for n in range(1, 9)]
    bad = ["2;B;Ulm;;2,00;J", "3;C;Ulm;;3,00;J;Neu;zu viel", "", ";".join(HEADER)]
    taken = take({"a.csv": "\r\n".join([";".join(HEADER), *rows[:4], *bad, *rows[4:]]) + "\r\n"}, PEOPLE)
    accounted(taken)
    assert taken.ledger["quarantined"] == {"ragged": 2}
    assert taken.ledger["set_aside"] == {"blank": 1, "header": 1, "repeated_header": 1}
    assert taken.column("customer_id") == [str(n) for n in range(1, 9)]


def test_the_same_record_of_two_files_is_not_one_row() -> None:
    head = ";".join(HEADER) + "\r\n1;A;Ulm;;1,00;J;Neu\r\n2;B;Ulm;;2,00;J;Neu\r\n"
    taken = take({"a.csv": head + "3;B;Ulm\r\n", "b.csv": head.replace("A", "B") + "4;B;Ulm\r\n"}, PEOPLE)
    accounted(taken)
    assert [(one["file"], one["record"]) for one in taken.quarantine if one["reasons"] == ["ragged"]] == [(0, 4), (1, 4)]


def test_identifiers_are_kept_apart() -> None:
    taken = take({"a.csv": written([("1", "Meyer", "Ulm", "", "5", "J", "Neu")])}, PEOPLE)
    assert taken.rows[0]["last_name"] == "Meyer"
    assert "last_name" not in taken.origins[0]


ORDERS = feed(
    contract="transactions@1.0", defaults={"currency": "EUR"},
    extensions={"due": {"from": "Bis", "title": "Due", "meaning": "Due.", "type": "day"}},
    columns={"order_id": "Nr", "line_id": {"constant": "1"}, "customer_id": "Kunde", "ordered_at": {"from": "Am", "dates": "dmy"}},
)  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "text", "day"),
    [
        ("Europe/Berlin", "31.08.2026 23:30", "2026-08-31"),
        ("America/Los_Angeles", "31.08.2026 23:30", "2026-08-31"),
        ("Europe/Berlin", "2026-08-31T23:30:00Z", "2026-09-01"),
    ],
)
def test_the_latest_day_is_the_client_s(zone: str, text: str, day: str) -> None:
    client = ClientSpec(name="acme", title="Acme", country="DE", time_zone=zone, currency="EUR")
    taken = take({"a.csv": f"Nr;Kunde;Am;Bis\n1;K;01.02.2020;\n2;L;{text};\n"}, ORDERS, client=client)
    fields = taken.described["fields"]
    assert fields["ordered_at"]["latest"] == day
    assert fields["due"]["latest"] is None
    assert "latest" not in fields["order_id"]


def test_births_are_no_latest_day_and_neither_are_rows_in_the_quarantine() -> None:
    columns = {"customer_id": "Nr", "birth_date": "Geburt", "signup_date": "Seit"}
    taken = take({"a.csv": "Nr;Geburt;Seit\n1;01.02.1980;13.05.2019\n;01.02.1980;13.05.2021\n"}, feed(columns=columns))
    assert taken.described["fields"]["signup_date"]["latest"] == "2019-05-13"
    assert "latest" not in taken.described["fields"]["birth_date"]


def test_days_after_the_receipt_are_in_the_future() -> None:
    spec = feed(columns={"customer_id": "Nr", "signup_date": "Seit"})
    text = "Nr;Seit\n1;13.05.2019\n2;13.05.2027\n"
    assert take({"a.csv": text}, spec, received=date(2026, 8, 31)).failed == ["signup_date:future"]
    assert take({"a.csv": text}, spec).failed == []


def test_a_field_that_cannot_be_read_refuses_the_submission_without_a_value() -> None:
    rows = [(str(n), "A", "Ulm", f"Woche {n} 2019", "5", "J", "Neu") for n in range(30)]
    with pytest.raises(RowsError, match="FIELD-UNPARSABLE") as caught:
        take({"a.csv": written(rows)}, PEOPLE)
    text = "\n".join(caught.value.lines())
    assert "birth_date" in text
    assert "Geburt" in text
    assert "Woche" not in text
    assert "Aaa 9 999 (10 times)" in text
    mended = [*rows[1:], ("31", "A", "Ulm", "01.02.1980", "5", "J", "Neu")]
    assert take({"a.csv": written(mended)}, PEOPLE).described["failures"] == {"birth_date:date": 29}


def test_nothing_twice_nothing_missing_nothing_foreign() -> None:
    text = written([("1", "A", "Ulm", "", "5", "J", "Neu")])
    with pytest.raises(SourceError, match="SOURCE-TWICE"):
        take({"a.csv": text, "b.csv": text}, PEOPLE)
    with pytest.raises(SourceError, match="SOURCE-NONE"):
        take({}, PEOPLE)
    with pytest.raises(SourceError, match="SOURCE-EMPTY"):
        take({"a.csv": text, "b.csv": ""}, PEOPLE)
    with pytest.raises(ColumnsError, match="COLUMNS-WRONG-FEED"):
        take({"a.csv": text, "b.csv": "x;y\n1;2\n"}, PEOPLE)


def test_a_null_word_of_the_connector_outweighs_a_word_of_the_contract() -> None:
    spec = feed(columns={"customer_id": "Nr", "marital_status": "Stand", "income": {"from": "Geld", "null_words": ["-1"]}},
                reading={"null_words": ["unknown"], "decimal": "."})  # fmt: skip
    taken = take({"a.csv": "Nr;Stand;Geld\n1;unknown;-1\n2;single;-1.00\n3;married;7\n"}, spec)
    assert taken.column("marital_status") == [None, "single", "married"]
    assert taken.column("income") == [None, None, 7.0]
    assert taken.failed == []
    plain = take({"a.csv": "Nr;Stand\n1;unknown\n"}, feed(columns={"customer_id": "Nr", "marital_status": "Stand"}))
    assert plain.column("marital_status") == ["unknown"]
