"""The page holds what the facts say, and no text of a client becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from contracts.errors import RunError
from contracts.ledger import Ledger
from reports import view
from reports.facts import Client, Facts, Status, Verdict
from reports.feed import NotScored
from reports.internal import evidence_page
from reports.page import TEMPLATES, page, render
from reports.theme import contrast, readable
from reports.trust import Accuracy, Trust
from tests.reports.hostile import ATTACKS, hostile_facts
from tests.reports.sample import facts

STATUSES = [Status("READY"), Status("HELD", "why"), Status("DRAFT", "why"), Status("RELEASED", "asked", "R. Meier", "2025-07-02")]


class Elements(HTMLParser):
    """Start tags with the names of their attributes, the text, and the ids."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, ...]] = []
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, *(name for name, _ in attrs)))
        self.ids += [str(value) for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def without_charts(elements: Elements) -> list[tuple[str, ...]]:
    drawn = {"svg", "g", "path", "text", "defs", "use", "rect", "tspan"}
    return [entry for entry in elements.found if entry[0] not in drawn]


@pytest.mark.parametrize("draw", [page, evidence_page])
def test_hostile_texts_add_no_element(draw: type) -> None:
    calm, attacked = Elements(draw(facts(160))), Elements(draw(hostile_facts()))
    assert without_charts(attacked) == without_charts(calm)
    assert {name for entry in attacked.found for name in entry} == {name for entry in calm.found for name in entry}
    assert "<script>window.millraceHit=1</script>" in attacked.text
    assert not [name for entry in attacked.found for name in entry[1:] if name.startswith("on")]


def test_every_template_is_escaped_and_reached() -> None:
    for path in TEMPLATES.glob("*.j2"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup", text), path.name
    names = {path.name for path in TEMPLATES.glob("*.html.j2")}
    included = {name for path in TEMPLATES.glob("*.j2") for name in re.findall(r'include "([^"]+)"', path.read_text(encoding="utf-8"))}
    assert names - included == {"page.html.j2", "gates.html.j2", "fitgap.html.j2", "dictionary.html.j2", "_drift.html.j2"}
    assert "&lt;script" in render(
        "_drift.html.j2", {"about": ATTACKS[1], "verdict": ATTACKS[1], "training": 1, "current": 1, "left_out": [ATTACKS[1]]}
    )


def test_the_page_asks_for_nothing() -> None:
    text = page(facts())
    assert not re.search(r"""(src|href|url\()\s*=?\s*["'(]?(https?:)?//""", text.replace('xmlns:xlink="http://www.w3.org/1999/xlink"', ""))
    assert "<script" not in text
    assert "default-src 'none'" in text


def test_the_account_adds_up_on_the_page() -> None:
    text = Elements(page(facts(14_169))).text
    assert "14,169 + 46 + 122 = 14,337" in text
    assert "The date of birth does not exist" in text
    assert "46 rows could not be used" in text


@pytest.mark.parametrize("status", STATUSES)
def test_the_status_is_said_in_words(status: Status) -> None:
    text = Elements(page(facts(160, status))).text
    others = {"READY", "HELD", "DRAFT", "RELEASED"} - {status.word}
    assert f"{status.word} " in text
    assert not [word for word in others if f"{word} " in text]
    assert status.reason in text
    if status.by:
        assert "R. Meier, 2 July 2025" in text


def test_a_bare_pack_has_a_page() -> None:
    full = facts(0)
    bare = Facts(
        Client("acme", "Acme"),
        full.product,
        Status("DRAFT"),
        full.verdict,
        (),
        (),
        (),
        full.columns,
        Trust((), drift_sentence="Drift not judged."),
        (),
        (),
        full.evidence,
        NotScored(),
    )
    text = Elements(page(bare)).text
    assert "Drift not judged." in text
    assert "Every row that holds a customer was scored." in text


def test_ids_are_unique() -> None:
    ids = Elements(page(facts())).ids
    assert len(ids) == len(set(ids))


def test_a_long_text_is_cut_on_the_page() -> None:
    text = page(hostile_facts())
    assert "(shortened here)" in text
    assert "x" * 2_001 not in text


@pytest.mark.parametrize("colour", ["red", "#12345", "#1f5f8b;} body{display:none", "#1f5f8g", "url(//evil)"])
def test_a_theme_must_be_a_colour(colour: str) -> None:
    calm = facts(10).as_dict()
    with pytest.raises(RunError, match="THEME-ACCENT"):
        page(Facts.from_dict(calm | {"client": calm["client"] | {"accent": colour}}))


@pytest.mark.parametrize("colour", ["#ffffff", "#ffee00", "#00ff00", "#1f5f8b", "#000000"])
def test_any_accent_can_be_read(colour: str) -> None:
    assert contrast(readable(colour), "#ffffff") >= 4.5


def test_a_template_shows_plain_values_only() -> None:
    with pytest.raises(RunError, match="PAGE-VALUE"):
        render("_note.html.j2", {"text": None})


def test_equal_scores_have_no_histogram() -> None:
    calm = facts(160).as_dict()
    flat = calm["measures"][0] | {"edges": [0.5, 0.5], "counts": [160]}
    assert "Histogram of" in page(facts(160))
    assert "Histogram of" not in page(Facts.from_dict(calm | {"measures": [flat]}))


def test_a_pack_without_an_as_of_date_has_no_loose_end() -> None:
    shown = facts()
    html = page(replace(shown, evidence=replace(shown.evidence, as_of="", as_of_how="the data hold no date")))
    assert f"Prepared for {shown.client.title}</p>" in html
    assert "none: the data hold no date" in html


def test_scores_that_foresee_nothing_are_not_called_ready_for_use() -> None:
    shown = facts(status=Status("READY"))
    lots = Accuracy("AUC", 0.491, 0.011, 3456, "")
    useless = replace(shown, verdict=Verdict("pass", "They rank by chance."), trust=replace(shown.trust, accuracy=lots))
    head = view.head(useless)
    assert head["banner"]["title"] == view.WARNED
    assert head["verdict"]["word"] == "passed, with a warning"
    assert view.head(replace(useless, trust=shown.trust))["banner"]["title"] == "Ready for use"


def test_a_workbook_of_two_feeds_is_one_file() -> None:
    shown = facts()
    file = shown.feeds[0].files[0]
    twice = replace(shown, feeds=tuple(replace(feed, files=(file,)) for feed in shown.feeds))
    assert "came in 1 file:" in view.in_short(twice)[0]
    assert len(view.page(twice)["evidence"]["files"]) == 1


def test_one_header_is_not_many() -> None:
    first = facts().feeds[0]
    alone = replace(first, ledger=Ledger(3, {}, {"header": 1}))
    assert "1 was not a data row" in view.in_short(replace(facts(), feeds=(alone,)))[0]
