"""Repeats and clashes over a whole submission, and numbers within groups."""

from __future__ import annotations

import pytest

from tests.connectors.taking import feed, take

PEOPLE = feed(columns={"customer_id": "Nr", "city": "Ort", "income": "Geld"})
HEAD = "Nr;Ort;Geld\n"


def test_an_exact_repeat_is_set_aside_and_its_first_stays() -> None:
    taken = take({"a.csv": HEAD + "1;Ulm;5\n2;Bonn;6\n1;Ulm;5\n1;Ulm;5,0\n"}, PEOPLE)
    assert taken.ledger["set_aside"] == {"duplicate": 2, "header": 1}
    assert [(row["customer_id"], place["line"]) for row, place in zip(taken.rows, taken.places, strict=True)] == [("1", 2), ("2", 3)]
    assert [(one["line"], one["reason"]) for one in taken.aside] == [(1, "header"), (4, "duplicate"), (5, "duplicate")]


def test_rows_of_one_key_with_different_content_are_all_quarantined_with_their_text() -> None:
    taken = take({"a.csv": HEAD + "1;Ulm;5\n2;Bonn;6\n1;Kiel;5\n1;Ulm;5\n"}, PEOPLE)
    assert taken.ledger == {
        "records": 5, "accepted": 1, "quarantined": {"customer_id:unique": 2}, "set_aside": {"duplicate": 1, "header": 1},
    }  # fmt: skip
    assert [(one["line"], one["reasons"], one["raw"]) for one in taken.quarantine] == [
        (2, ["customer_id:unique"], "1;Ulm;5"),
        (4, ["customer_id:unique"], "1;Kiel;5"),
    ]
    assert "refuted" in [one["verdict"] for one in taken.assumptions]


def test_repeats_over_files_and_partitions() -> None:
    files = {"a.csv": HEAD + "1;Ulm;5\n2;Bonn;6\n", "b.csv": HEAD + "3;Jena;7\n1;Ulm;5\n", "c.csv": HEAD + "2;Kiel;6\n"}
    for block_rows in (1, 2, 250_000):
        taken = take(files, PEOPLE, block_rows=block_rows)
        assert sorted(taken.column("customer_id")) == ["1", "3"]
        assert taken.ledger["set_aside"] == {"duplicate": 1, "header": 3}
        assert taken.ledger["quarantined"] == {"customer_id:unique": 2}


def test_blank_keys_do_not_repeat_one_another() -> None:
    taken = take({"a.csv": HEAD + ";Ulm;5\n;Bonn;6\n3;Jena;7\n"}, PEOPLE)
    assert taken.ledger["quarantined"] == {"customer_id:not_null": 2}


def test_positions_are_keys_that_never_repeat() -> None:
    spec = feed(columns={"customer_id": {"from": "record_position"}, "city": "Ort"})
    taken = take({"a.csv": "Ort\nUlm\nUlm\n"}, spec)
    assert taken.column("customer_id") == ["2", "3"]
    assert [one["customer_id"] for one in taken.origins] == [2, 2]
    assert [one["verdict"] for one in taken.assumptions if one["step"].startswith("settle")] == ["untested"]
    several = take({"a.csv": "Ort\nUlm\nUlm\n", "b.csv": "Ort\nBonn\n"}, spec)
    assert sorted(several.column("customer_id")) == sorted(f"{place['file'] + 1}-{place['record']}" for place in several.places)


LINES = {
    "order_id": "Nr", "line_id": {"from": "position_within", "of": "order_id"}, "customer_id": "Kunde",
    "ordered_at": "Am", "product_id": "Artikel",
}  # fmt: skip
ORDERS = "Nr;Kunde;Am;Artikel\n7;K;01.02.2020;X\n8;K;01.02.2020;X\n7;K;01.02.2020;Y\n7;K;01.02.2020;X\n8;;01.02.2020;Y\n8;K;01.02.2020;Z\n"


@pytest.mark.parametrize("block_rows", [1, 2, 3, 1000])
def test_lines_are_numbered_within_their_order(block_rows: int) -> None:
    spec = feed(contract="transactions@1.0", duplicates="keep", columns=LINES)
    taken = take({"a.csv": ORDERS}, spec, block_rows=block_rows)
    numbered = [(row["order_id"], row["line_id"], row["product_id"]) for row in taken.rows]
    assert numbered == [("7", "1", "X"), ("8", "1", "X"), ("7", "2", "Y"), ("7", "3", "X"), ("8", "2", "Z")]
    assert {one["line_id"] for one in taken.origins} == {2}


def test_equal_lines_are_set_aside_unless_the_feed_keeps_them() -> None:
    taken = take({"a.csv": ORDERS}, feed(contract="transactions@1.0", columns=LINES))
    assert taken.ledger["set_aside"] == {"duplicate": 1, "header": 1}
    assert [(row["order_id"], row["line_id"], row["product_id"]) for row in taken.rows][2:] == [("7", "2", "Y"), ("8", "2", "Z")]
