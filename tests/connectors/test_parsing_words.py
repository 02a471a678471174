"""Words of closed lists: known ones in any case, misspelt ones where only one can be meant, others are bad."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.parsing.countries import names
from connectors.parsing.words import FLAGS, WordList, closest, fold, parse

NONE: frozenset[str] = frozenset()
CHANNELS = WordList({"Online-Shop": "online", "App": "app", "Filiale": "store", "Telefon": "phone", "Katalog": "catalogue"})


def one(text: str | None, words: WordList, nulls: frozenset[str] = NONE) -> tuple[object, bool, bool]:
    """Value, bad, repaired."""
    found = parse(pa.array([text], pa.string()), words, nulls)
    return found.values[0].as_py(), bool(found.bad[0]), bool(found.repaired[0])


@pytest.mark.parametrize(("text", "word"), [("Filiale", "store"), ("FILIALE", "store"), ("  filiale ", "store"), ("online-SHOP", "online")])
def test_good(text: str, word: str) -> None:
    assert one(text, CHANNELS) == (word, False, False)


@pytest.mark.parametrize("text", [None, "", " ", "k.A."])
def test_null(text: str | None) -> None:
    assert one(text, CHANNELS, frozenset({"k.A."})) == (None, False, False)


@pytest.mark.parametrize("text", ["Fax", "Ap", "Apps", "99", "Post", "App;Filiale"])
def test_bad(text: str) -> None:
    assert one(text, CHANNELS) == (None, True, False)


@pytest.mark.parametrize(
    ("text", "word"),
    [("Filliale", "store"), ("Kataolg", "catalogue"), ("Telefno", "phone"), ("Online Shop", "online"), ("Onlineshop", "online")],
)
def test_repaired(text: str, word: str) -> None:
    assert one(text, CHANNELS) == (word, False, True)


def test_mojibake_is_settled_among_the_words() -> None:
    assert one("BÃ¼cher", WordList({"Bücher": "books", "Möbel": "furniture"})) == ("books", False, True)


def test_between_two_words_nothing_is_settled() -> None:
    assert one("Sporx", WordList({"Sport": "sport", "Spore": "spore"})) == (None, True, False)
    assert closest("rote", {"rose": "a", "rots": "b"}) is None


def test_the_connector_says_what_unknown_words_become() -> None:
    assert one("Fax", WordList({"App": "app"}, otherwise="other")) == ("other", False, False)
    assert one("Fax", WordList({"App": "app"}, blank=True)) == (None, False, False)


def test_words_that_folding_makes_one_are_told_apart_by_case_only() -> None:
    words = WordList({"m": "married", "M": "male"})
    assert [one(text, words)[0] for text in ("m", "M")] == ["married", "male"]
    assert one("µ", words)[1]


@pytest.mark.parametrize(("text", "value"), [("Ja", True), ("0", False), ("N", False), ("TRUE", True), ("1.0", True), ("no", False)])
def test_flags(text: str, value: bool) -> None:
    assert one(text, WordList(FLAGS, "flag", fuzzy=False)) == (value, False, False)


@pytest.mark.parametrize("text", ["x", "jaein", "2", "vielleicht", "-1"])
def test_no_flags(text: str) -> None:
    assert one(text, WordList(FLAGS, "flag", fuzzy=False)) == (None, True, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"), ("DE", "DE"), ("EIRE", "IE"), ("RSA", "ZA"), ("USA", "US"), ("United Kingdom", "GB"), ("NO", "NO"),
        ("Österreich", "AT"), ("Nambia", "NA"), ("Germny", "DE"),
    ],
)  # fmt: skip
def test_countries(text: str, code: str) -> None:
    assert one(text, WordList(names(), "country"))[0] == code


@pytest.mark.parametrize("text", ["Channel Islands", "European Community", "Unspecified", "XX", "Entenhausen", "Nirgendwo"])
def test_no_countries(text: str) -> None:
    assert one(text, WordList(names(), "country")) == (None, True, False)


@given(st.sampled_from(sorted(names())), st.integers(0, 30), st.sampled_from("abcdefgh"))
def test_a_slip_never_makes_another_country(name: str, place: int, letter: str) -> None:
    """One letter exchanged in a long name: the same country, or bad."""
    if len(name) < 9:
        return
    at = place % len(name)
    slip = name[:at] + letter + name[at + 1 :]
    assert one(slip, WordList(names(), "country"))[0] in (names()[name], None)


@given(st.text(max_size=12))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
