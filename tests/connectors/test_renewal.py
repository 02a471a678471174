"""The next submission against the last: each kind of change is told once, what means nothing is not grave, and no value is kept."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from connectors.proposing.column import columns
from connectors.renewal import Change, compare, rhythm, whose
from connectors.sketch import Sketch
from connectors.spec.feed import FeedSpec

LAST = {
    "Kundennr": [f"K-{n:05d}" for n in range(200)],
    "Ort": [("Ulm", "Bonn", "Celle")[n % 3] for n in range(200)],
    "Geburtsdatum": [f"{1 + n % 28:02d}.0{1 + n % 9}.19{50 + n % 40}" for n in range(200)],
    "Umsatz": [f"{n},50" for n in range(200)],
    "Bemerkung": [f"text {'x' * (n % 9)}" for n in range(200)],
}
FEED = FeedSpec.model_validate({
    "feed": "acme/people", "contract": "customers@1.0", "ignored": ["Bemerkung"],
    "columns": {"customer_id": "Kundennr", "city": "Ort", "birth_date": "Geburtsdatum", "total_spend": "Umsatz"},
})  # fmt: skip


def sketch(data: dict[str, Any], *files: str, personal: tuple[str, ...] = ()) -> Sketch:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in data.items()})
    return Sketch.of(columns(table), table.num_rows, files, personal)


def told(data: dict[str, Any], counts: tuple[int, ...] = ()) -> dict[str, Change]:
    found = compare(sketch(data, "new"), sketch(LAST, "old"), FEED, counts)
    assert len({change.kind for change in found}) == len(found), found
    return {change.kind: change for change in found}


def test_a_next_file_like_the_last_is_told_by_nothing() -> None:
    assert told({**LAST, "Kundennr": [f"K-{n + 7:05d}" for n in range(200)]}) == {}


def test_reordering_columns_changes_nothing() -> None:
    found = told(dict(reversed(LAST.items())))
    assert list(found) == ["moved"]
    assert not found["moved"].grave


def test_a_renamed_column_is_told_with_its_new_name() -> None:
    data = {("Geb.-Datum" if name == "Geburtsdatum" else name): values for name, values in LAST.items()}
    found = told(data)
    assert list(found) == ["renamed"]
    assert found["renamed"].columns == ("Geburtsdatum", "Geb.-Datum")
    assert found["renamed"].grave


def test_a_near_name_with_other_values_is_no_renaming() -> None:
    data = {("Umsatzgruppe" if name == "Umsatz" else name): values for name, values in LAST.items()}
    data["Umsatzgruppe"] = ["A"] * 200
    assert set(told(data)) == {"gone", "new"}


def test_new_and_gone_columns_are_grave_only_where_the_connector_needs_them() -> None:
    found = told({**{name: values for name, values in LAST.items() if name != "Bemerkung"}, "Filiale": ["7"] * 200})
    assert {kind: change.grave for kind, change in found.items()} == {"gone": False, "new": False}
    assert told({name: values for name, values in LAST.items() if name != "Ort"})["gone"].grave


def test_a_column_of_another_kind_is_told_by_shapes() -> None:
    found = told({**LAST, "Umsatz": ["viel"] * 200})
    assert list(found) == ["retyped"]
    assert found["retyped"].grave
    assert found["retyped"].evidence["is"] == ["aa"]


def test_words_never_seen_are_counted_and_not_kept() -> None:
    found = told({**LAST, "Ort": [("Ulm", "Bonn", "Jena")[n % 3] for n in range(200)]})
    assert list(found) == ["unseen"]
    assert found["unseen"].evidence == {"words": 1}
    kept = json.dumps([sketch(LAST, "old").as_dict(), found["unseen"].as_dict()])
    assert not any(word in kept for word in ("Ulm", "Bonn", "Jena", "K-00001"))
    assert sketch(LAST, personal=("Ort",)).looks["Ort"].words == ()


def test_rows_out_of_range_are_told_by_what_is_usual() -> None:
    few = {name: values[:60] for name, values in LAST.items()}
    assert "rows" in told(few)
    assert "rows" not in told(few, (60, 190, 70, 200))
    assert "rows" in told(LAST, (1000, 1010, 990, 1000))


def test_the_same_file_again_is_told_and_nothing_else() -> None:
    found = compare(sketch(LAST, "old"), sketch(LAST, "old"), FEED)
    assert [change.kind for change in found] == ["same_file"]


def test_a_sketch_survives_its_json() -> None:
    one = sketch(LAST, "b", "a")
    assert Sketch.from_dict(json.loads(json.dumps(one.as_dict()))) == one
    assert one.files == ("a", "b")


def test_a_file_of_another_feed_is_known_by_its_headers() -> None:
    orders = FeedSpec.model_validate({
        "feed": "acme/orders", "contract": "transactions@1.0",
        "columns": {"order_id": "Bestellnr", "line_id": "Pos", "customer_id": "Kundennr", "ordered_at": "Datum"},
    })  # fmt: skip
    known = {"acme/people": FEED, "acme/orders": orders}
    bought = {"Bestellnr": ["1"], "Pos": ["1"], "Kundennr": ["K-1"], "Datum": ["01.02.2024"]}
    found = whose(sketch(bought, "x"), "acme/people", known, {})
    assert found is not None
    assert found.evidence["feed"] == "acme/orders"
    assert whose(sketch(LAST, "x"), "acme/people", known, {}) is None


def test_a_file_of_another_client_with_the_same_headers_is_known_by_its_shapes() -> None:
    theirs = FEED.model_copy(update={"feed": "best/people"})
    other = {**LAST, "Kundennr": [f"{n:08d}" for n in range(200)], "Geburtsdatum": ["1970-01-31"] * 200, "Umsatz": ["7.50"] * 200}
    known = {"acme/people": FEED, "best/people": theirs}
    sketches = {"acme/people": sketch(LAST, "a"), "best/people": sketch(other, "b")}
    assert whose(sketch(LAST, "x"), "acme/people", known, sketches) is None
    found = whose(sketch(other, "x"), "acme/people", known, sketches)
    assert found is not None
    assert found.evidence["feed"] == "best/people"
    assert whose(sketch(LAST, "b"), "acme/people", known, sketches) is not None  # their very file


@pytest.mark.parametrize(("today", "arrived", "kind"), [
    (date(2026, 6, 5), False, None), (date(2026, 6, 20), False, "late"), (date(2026, 6, 20), True, "late"),
    (date(2026, 8, 5), True, "missing"), (date(2026, 5, 6), True, None),
])  # fmt: skip
def test_late_and_missing_by_the_rhythm_of_earlier_ones(today: date, arrived: bool, kind: str | None) -> None:
    found = rhythm([date(2026, month, 3) for month in (1, 2, 3, 4, 5)], today, arrived=arrived)
    assert (found.kind if found else None) == kind


def test_two_submissions_have_no_rhythm() -> None:
    assert rhythm([date(2025, 1, 1), date(2025, 1, 2)], date(2026, 1, 1)) is None


def test_a_change_becomes_an_assumption_without_values() -> None:
    found = told({**LAST, "Umsatz": ["viel"] * 200})["retyped"].assumption("people")
    assert found.verdict == "untested"
    assert "viel" not in json.dumps(found.as_dict())
