"""Texts, codes, addresses, currencies: nothing is ever a number, blanks go, mojibake is mended and said."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.parsing import codes, currencies, mail, texts
from connectors.parsing.cells import Parsed, by_unique, layout
from connectors.parsing.texts import unscrambled

NONE: frozenset[str] = frozenset()
GERMAN = st.text("abcdefgXYZ äöüÄÖÜßé-. ", max_size=15)


def outcome(found: Parsed) -> tuple[object, bool, bool]:
    """Value, bad, repaired."""
    return found.values[0].as_py(), bool(found.bad[0]), bool(found.repaired[0])


@pytest.mark.parametrize(
    ("text", "value", "repaired"),
    [
        ("Müller", "Müller", False),
        ("  Müller\u00a0", "Müller", False),
        ("\ufeffUte", "Ute", False),
        ("MÃ¼ller", "Müller", True),
        ("MÃƒÂ¼ller", "Müller", True),
        ("GroÃ\x9f", "Groß", True),  # read as Latin-1
        ("A\nB", "A B", True),
        ("A\x00B", "A B", True),
        ("A\x85B", "A B", True),
        ("groĂ\x83Ĺ¸", "groß", True),  # twice, and the file read as ISO 8859-2
        ("Ãœ-Wagen", "Ü-Wagen", True),
        ("São Paulo", "São Paulo", False),
        ("NÃO", "NÃO", False),
        ("日本", "日本", False),
        ("æ—¥æœ¬", "日本", True),
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет", True),
        ("„Spaß“ für 5 €", "„Spaß“ für 5 €", False),
        ("CAFÉ\u00a0!", "CAFÉ\u00a0!", False),
        ("passé…”", "passé…”", False),
        ("=1+1", "=1+1", False),
        ("", None, False),
        ("n/a", None, False),
        (None, None, False),
    ],
)
def test_texts(text: str | None, value: str | None, repaired: bool) -> None:
    assert outcome(texts.parse(pa.array([text], pa.string()), frozenset({"n/a"}))) == (value, False, repaired)


def test_signs_that_no_text_holds_are_flagged() -> None:
    assert outcome(texts.parse(pa.array(["M\x9fller"]), NONE)) == (None, True, False)
    assert texts.parse(pa.array(["M\x9fller"]), NONE).rule == "undecoded"


@given(GERMAN)
def test_mojibake_comes_back(text: str) -> None:
    broken = text.encode("utf-8").decode("cp1252", "replace")
    if "\ufffd" not in broken:
        assert unscrambled(broken) == text


SOUND = ("Spaß“", "„Öl“", "Ö€", "Ü–Wagen", "CAFÉ\u00a0!", "passé…”", "Ångström", "ß", "x")


@given(st.lists(st.sampled_from(SOUND), max_size=6).map(" ".join))
def test_sound_texts_stay(text: str) -> None:
    assert unscrambled(text) == text
    assert texts.parse(pa.array([text]), NONE).values[0].as_py() == (text.strip() or None)


@pytest.mark.parametrize(
    ("text", "value", "bad"),
    [
        ("00123", "00123", False),
        (" 00123 ", "00123", False),
        ("123456789012345678", "123456789012345678", False),
        ("17850.0", "17850", False),
        ("1.5", "1.5", False),
        ("1E5", "1E5", False),
        ("1,0020E+11", None, True),
        ("1E+11", None, True),
        ("85123A", "85123A", False),
        ("-", "-", False),
        ("k.A.", None, False),
        (None, None, False),
    ],
)
def test_codes(text: str | None, value: str | None, bad: bool) -> None:
    assert outcome(codes.parse(pa.array([text], pa.string()), frozenset({"k.A."}))) == (value, bad, False)


def test_codes_with_points_stay_where_the_column_has_other_points() -> None:
    assert codes.parse(pa.array(["1.0", "1.10"]), NONE, floated=False).values.to_pylist() == ["1.0", "1.10"]


@given(st.from_regex(r"[0-9A-Za-z][0-9A-Za-z_/-]{0,20}", fullmatch=True))
def test_a_code_is_itself(code: str) -> None:
    assert outcome(codes.parse(pa.array([code]), NONE)) == (code, False, False)


@pytest.mark.parametrize(
    ("text", "value"), [("Ute.M@Example.ORG", "Ute.M@example.org"), (" a@b.de ", "a@b.de"), ("kein", "kein"), ("", None), (None, None)]
)
def test_mail(text: str | None, value: str | None) -> None:
    assert outcome(mail.parse(pa.array([text], pa.string()), NONE)) == (value, False, False)


@pytest.mark.parametrize(("text", "value"), [("€", "EUR"), ("eur", "EUR"), (" usd", "USD"), ("zł", "PLN"), ("", None), ("Taler", "TALER")])
def test_currencies(text: str, value: str | None) -> None:
    assert outcome(currencies.parse(pa.array([text]), NONE))[0] == value


@given(st.lists(st.one_of(st.none(), st.text(max_size=6)), max_size=30), st.integers(0, 5))
def test_the_layout_of_texts(cells: list[str | None], offset: int) -> None:
    array = pa.array(["x" * 3] * offset + cells, pa.string()).slice(offset)
    data, start, length = layout(array)
    found = [data[a : a + n].tobytes().decode() for a, n in zip(start.tolist(), length.tolist(), strict=True)]
    assert found == [text or "" for text in cells]


@given(st.lists(st.one_of(st.none(), st.sampled_from(["a", "MÃ¼", " b ", "n/a"])), max_size=30))
def test_by_unique_is_the_same(cells: list[str | None]) -> None:
    array = pa.array(cells, pa.string())
    once, each = by_unique(array, lambda unique: texts.parse(unique, frozenset({"n/a"}))), texts.parse(array, frozenset({"n/a"}))
    assert once.values.to_pylist() == each.values.to_pylist()
    assert once.repaired.tolist() == each.repaired.tolist()
