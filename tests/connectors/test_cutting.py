"""Parts of columns on their way through an intake: cut once, derived, and failing where nothing can be cut without a guess."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.spec.feed import FeedSpec
from tests.connectors.taking import feed, take

NAMES = {"first_name": {"from": "Name", "part": "first"}, "last_name": {"from": "Name", "part": "last"}}
PLACES = {name: {"from": "Adresse", "part": name} for name in ("street", "postcode", "city", "country")}
FILE = """Nr;Name;Adresse;Jahr
1;Anna Weber;Hauptstr. 5, 10115 Berlin;1980
2;Weber GmbH;Am Markt 3, A-1010 Wien;80
3;Klein, Jan;Berlin;
4;n/a;n/a;2190
"""


def test_parts_are_cut_and_derived() -> None:
    taken = take({"a.csv": FILE}, feed(columns={"customer_id": "Nr", **NAMES, **PLACES}))
    assert taken.column("first_name") == ["Anna", None, "Jan", None]
    assert taken.column("last_name") == ["Weber", None, "Klein", None]
    assert taken.column("city") == ["Berlin", "Wien", None, None]
    assert taken.column("postcode") == ["10115", "1010", None, None]
    assert taken.column("country") == [None, "AT", None, None]
    assert [one["city"] for one in taken.origins] == [2, 2, 5, 5]
    assert taken.failed == ["city:part", "first_name:part", "last_name:part", "postcode:part", "street:part"]
    assert taken.described["columns"]["used"]["Name"] == ["first_name", "last_name"]


def test_a_salutation_in_the_name_tells_the_gender() -> None:
    columns = {
        "customer_id": "Nr", "salutation": {"from": "Name", "part": "salutation"},
        "gender": {"from": "Name", "part": "salutation", "values": {"Frau": "female", "Herr": "male", "Herr Dr.": "male"}},
    }  # fmt: skip
    taken = take({"a.csv": "Nr;Name\n1;Frau Eva Klein\n2;Herr Dr. Jan Klein\n3;Jan Klein\n"}, feed(columns=columns))
    assert taken.column("gender") == ["female", "male", None]
    assert taken.column("salutation") == ["Frau", "Herr Dr.", None]
    assert taken.failed == []


def test_years_of_birth_are_an_extension() -> None:
    year = {"from": "Jahr", "part": "birth_year", "title": "Birth year", "meaning": "Year of birth.", "type": "whole"}
    taken = take({"a.csv": FILE}, feed(columns={"customer_id": "Nr"}, extensions={"birth_year": year}))
    assert taken.column("birth_year") == [1980, None, None, None]
    assert taken.failed == ["birth_year:part", "birth_year:part"]


def test_an_order_of_names_is_said() -> None:
    turned = {name: {**spec, "names": "last_first"} for name, spec in NAMES.items()}
    taken = take({"a.csv": "Nr;Name\n1;Weber Anna\n2;Weber, Jan\n"}, feed(columns={"customer_id": "Nr", **turned}))
    assert taken.column("first_name") == ["Anna", "Jan"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"columns": {"age": {"from": "Jahr", "part": "birth_year"}}}, "belongs to an extension of the type whole"),
        ({"columns": {"age": {"constant": 5, "part": "first"}}}, "needs a column of the file"),
        ({"columns": {"city": {"from": "Ort", "names": "last_first"}}}, "belongs to a part of a full name"),
        ({"columns": {}, "extensions": {"n": {"from": "N", "part": "last", "title": "N", "meaning": "N.", "type": "real"}}}, "is a text"),
    ],
)
def test_a_part_out_of_place_is_a_mistake(content: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        FeedSpec.model_validate({"feed": "a/b", "contract": "customers@1.0", **content})
