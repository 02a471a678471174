"""Addresses of one cell in their parts."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.parsing.addresses import PARTS, cut

SOUND = [
    ("Hauptstr. 5, 10115 Berlin", "Hauptstr. 5", "10115", "Berlin", None, None),
    ("Hauptstr. 5\n10115 Berlin", "Hauptstr. 5", "10115", "Berlin", None, None),
    ("Hauptstr. 5 10115 Berlin", "Hauptstr. 5", "10115", "Berlin", None, None),
    ("10115 Berlin, Hauptstr. 5", "Hauptstr. 5", "10115", "Berlin", None, None),
    ("Am Markt 3a; D-04109 Leipzig", "Am Markt 3a", "04109", "Leipzig", None, "DE"),
    ("Straße des 17. Juni 135, 10623 Berlin, Deutschland", "Straße des 17. Juni 135", "10623", "Berlin", None, "Deutschland"),
    ("12 High Street, London SW1A 1AA", "12 High Street", "SW1A 1AA", "London", None, None),
    ("Flat 2, 12 High Street, Camden, London, NW1 2AB, UK", "Flat 2, 12 High Street, Camden", "NW1 2AB", "London", None, "UK"),
    ("12 High Street, Guildford, Surrey GU1 3AA", "12 High Street", "GU1 3AA", "Guildford", "Surrey", None),
    ("123 Main St, Apt 4, Springfield, IL 62704-1234, USA", "123 Main St, Apt 4", "62704-1234", "Springfield", "IL", "USA"),
    ("Keizersgracht 12, 1015 CJ Amsterdam", "Keizersgracht 12", "1015 CJ", "Amsterdam", None, None),
    ("Laan 5, 2500 AA 's-Gravenhage", "Laan 5", "2500 AA", "'s-Gravenhage", None, None),
    ("12 rue de la Paix, 75002 Paris Cedex 02, France", "12 rue de la Paix", "75002", "Paris Cedex 02", None, "France"),
    ("Calle Mayor 5, 3ºB, 28013 Madrid", "Calle Mayor 5, 3ºB", "28013", "Madrid", None, None),
    ("C/ Mayor, 5, 28013 Madrid (Madrid)", "C/ Mayor, 5", "28013", "Madrid", "Madrid", None),
    ("12 Smith St, Melbourne VIC 3000", "12 Smith St", "3000", "Melbourne", "VIC", None),
    ("Hauptstr. 5, Berlin", "Hauptstr. 5", None, "Berlin", None, None),
    ("Hauptstr. 5", "Hauptstr. 5", None, None, None, None),
]


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case[0])
def test_an_address_is_cut(case: tuple[str, ...]) -> None:
    found = cut(pa.array([case[0]]), "DE")
    assert tuple(part[0].as_py() for part in found.parts) == case[1:]
    assert not any(mask.any() for mask in found.unsafe)


UNSAFE = ["Berlin", "Hauptstr. 5 Berlin", "Hauptstr. 5, 10115 Berlin, Mitte", "12 High Street London", "siehe Notiz"]


@pytest.mark.parametrize("text", UNSAFE)
def test_what_cannot_be_cut_without_a_guess_is_left_and_said(text: str) -> None:
    found = cut(pa.array([text]), "DE")
    assert [part[0].as_py() for part in found.parts] == [None] * len(PARTS)
    assert found.part("street")[1].all()
    assert found.part("city")[1].all()


def test_a_postcode_can_be_told_where_street_and_town_cannot() -> None:
    found = cut(pa.array(["12 High Street London SW1A 1AA", "123 Main St Springfield, IL 62704"]))
    assert found.part("postcode")[0].to_pylist() == ["SW1A 1AA", "62704"]
    assert found.part("postcode")[1].tolist() == [False, False]
    assert found.part("city")[1].tolist() == [True, True]


def test_repeats_and_empty_cells() -> None:
    found = cut(pa.array(["Hauptstr. 5, 10115 Berlin", None, "Hauptstr. 5, 10115 Berlin"] * 3), "DE")
    assert found.part("city")[0].to_pylist() == ["Berlin", None, "Berlin"] * 3
    assert not found.part("street")[1].any()
