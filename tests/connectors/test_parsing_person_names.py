"""Full names in their parts: what is cut, and what is left alone and said."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.parsing import person_names
from connectors.parsing.person_names import cut, cut_one

SOUND = [
    ("Anna Maria Müller", "Anna Maria", "Müller"),
    ("Müller, Anna", "Anna", "Müller"),
    ("van der Berg, Jan", "Jan", "van der Berg"),
    ("Jan van der Berg", "Jan", "van der Berg"),
    ("Herr Dr. Hans Meier", "Hans", "Meier"),
    ("Frau Müller", None, "Müller"),
    ("MÜLLER Anna", "Anna", "MÜLLER"),
    ("ANNA MÜLLER", "ANNA", "MÜLLER"),
    ("John Smith Jr.", "John", "Smith"),
    ("Mevr. E.M. van Dijk-de Boer", "E.M.", "van Dijk-de Boer"),
    ("Ute Bauer, geb. Klein", "Ute", "Bauer"),
    ("Anna Bauer (geb. Schmidt)", "Anna", "Bauer"),
    ("'t Hart, Piet", "Piet", "'t Hart"),
    ("O'Brien, Sean", "Sean", "O'Brien"),
    ("Freiherr von Stein, Karl", "Karl", "Freiherr von Stein"),
    ("de heer Jan de Vries", "Jan", "de Vries"),
]
UNSAFE = [
    "Peter", "Meier GmbH", "Mr. & Mrs. John Smith", "Anna und Peter Müller", "Familie Schmidt", "Van Morrison", "Müller Anna",
    "Anna Maria Schmidt Weber", "Hauptstr. 5", "a@b.de", "Smith, John, Berlin", "Dr.", "Nguyễn Văn An",
]  # fmt: skip


@pytest.mark.parametrize(("text", "first", "last"), SOUND)
def test_a_full_name_is_cut(text: str, first: str | None, last: str) -> None:
    found = cut(pa.array([text]))
    assert (found.first[0].as_py(), found.last[0].as_py(), found.unsafe.tolist()) == (first, last, [False])


@pytest.mark.parametrize("text", UNSAFE)
def test_what_cannot_be_cut_without_a_guess_is_left_and_said(text: str) -> None:
    found = cut(pa.array([text]))
    assert (found.first[0].as_py(), found.last[0].as_py(), found.unsafe.tolist()) == (None, None, [True])


@pytest.mark.parametrize(
    ("text", "language", "first", "last"),
    [
        ("Juan García López", "es", "Juan", "García López"),
        ("Juan Carlos García", "es", "Juan Carlos", "García"),
        ("Juan Carlos García López", "es", "Juan Carlos", "García López"),
        ("García López, Juan", "es", "Juan", "García López"),
        ("M. Dupont", "fr", None, "Dupont"),
        ("Jean de La Fontaine", "fr", "Jean", "de La Fontaine"),
    ],
)
def test_languages_differ(text: str, language: str, first: str | None, last: str) -> None:
    found = cut(pa.array([text]), language=language)
    assert (found.first[0].as_py(), found.last[0].as_py()) == (first, last)


def test_family_names_first() -> None:
    found = cut(pa.array(["Müller Anna Maria", "Weber, Hans", "Anna Müller", "von Stein Karl"]), "last_first")
    assert found.last.to_pylist() == ["Müller", "Weber", None, None]
    assert found.unsafe.tolist() == [False, False, True, True]


@pytest.mark.parametrize("order", ["first_last", "last_first"])
@pytest.mark.parametrize("language", ["de", "es"])
def test_the_quick_way_and_the_slow_way_agree(order: person_names.Order, language: str) -> None:
    texts = [text for text, _, _ in SOUND] + UNSAFE
    texts += ["Herr Karl Weber", "Klein, Eva Maria", "Eva von Klein", "MEIER, EVA", "X Y", "Ng Li"]
    values = pa.array(texts)
    _, plain = person_names._plain(values, order, language)
    found = cut(values, order, language)
    assert plain.any()
    for row in plain.nonzero()[0].tolist():
        quick = None if found.unsafe[row] else tuple(part[row].as_py() for part in (found.salutation, found.first, found.last))
        assert quick == cut_one(texts[row], order, language)


def test_a_repeated_text_is_cut_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    slow = person_names.cut_one

    def watched(text: str, order: person_names.Order, language: str) -> tuple[str | None, str | None, str | None] | None:
        seen.append(text)
        return slow(text, order, language)

    monkeypatch.setattr(person_names, "cut_one", watched)
    found = cut(pa.array(["Prof. h.c. Eva Klein", None] * 500))
    assert len(seen) == 1
    assert found.last.null_count == 500
    assert not found.unsafe.any()
