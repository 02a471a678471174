"""The page in a real browser, from disk, on a desk and on a phone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from reports.facts import Facts, Status
from reports.feed import Decision
from reports.internal import evidence_page
from reports.page import page
from tests.reports.conftest import Opener
from tests.reports.hostile import hostile_facts
from tests.reports.sample import facts

pytestmark = pytest.mark.browser
WIDTHS = (1280, 360)
STATUSES = {
    "READY": ("", None),
    "HELD": ("One check failed: income is missing far more often than at training.", None),
    "DRAFT": ("Three questions about the customer file are open.", None),
    "RELEASED": ("The client confirmed by phone that income is optional.", "R. Meier"),
}
# For each visible text: the contrast of its colour with the nearest painted background, as WCAG defines it.
CONTRAST = """() => {
  const parts = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                                 return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
  const under = element => { for (let e = element; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor);
                             if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(parts(element.closest('svg') ? style.fill : style.color)), light(under(element))];
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), walk.currentNode.data.trim().slice(0, 40)]);
  }
  return found.sort((x, y) => x[0] - y[0]).slice(0, 3);
}"""
HEADINGS = "() => [...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))"
UNNAMED = """() => [...document.querySelectorAll('svg:not([aria-hidden=true])')].filter(s => !s.closest('[role=img][aria-label]')).length
  + [...document.querySelectorAll('table')].filter(t => !t.querySelector('thead th[scope=col]')).length"""


# Answers such as "semicolon" that are drawn on two lines although they are one word.
CUT_WORDS = """() => [...document.querySelectorAll('td.answer')].filter(cell => {
  const range = document.createRange(); range.selectNodeContents(cell);
  return /^[a-z0-9]{1,10}$/.test(cell.innerText) && new Set([...range.getClientRects()].map(r => r.top)).size > 1;
}).map(cell => cell.innerText)"""


def written(made: Facts, folder: Path, draw: Any = page) -> Path:
    path = folder / "index.html"
    path.write_text(draw(made), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("word", STATUSES)
def test_the_page_opens_from_disk(opened: Opener, tmp_path: Path, word: Any, width: int) -> None:
    reason, name = STATUSES[word]
    shown = opened(written(facts(14_169, Status(word, reason, name, name and "2025-07-02")), tmp_path), width)
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    banner = shown.locator(".banner")
    assert banner.is_visible()
    assert word in banner.inner_text()
    assert reason in banner.inner_text()
    assert banner.bounding_box()["y"] < 900  # type: ignore[index]  # seen without scrolling, on a phone too


def test_short_answers_stay_on_one_line(opened: Opener, tmp_path: Path) -> None:
    full = facts()
    why = "100% of 144 bytes above 127 are Western European letters and signs in it"
    decisions = (Decision("encoding", "cp1252", why), Decision("delimiter", "semicolon", why), Decision("lines above the header", "3", why))
    feeds = tuple(replace(feed, files=tuple(replace(file, decisions=decisions) for file in feed.files)) for feed in full.feeds)
    shown = opened(written(replace(full, feeds=feeds), tmp_path), 1280)
    shown.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert "semicolon" in shown.evaluate("[...document.querySelectorAll('td.answer')].map(cell => cell.innerText)")
    assert shown.evaluate(CUT_WORDS) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_can_be_read(opened: Opener, tmp_path: Path, width: int) -> None:
    shown = opened(written(facts(), tmp_path), width)
    shown.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    worst = shown.evaluate(CONTRAST)
    assert worst[0][0] >= 4.5, worst
    levels = shown.evaluate(HEADINGS)
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert shown.evaluate(UNNAMED) == 0
    assert shown.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("draw", [page, evidence_page])
def test_hostile_texts_stay_text(opened: Opener, tmp_path: Path, width: int, draw: Any) -> None:
    shown = opened(written(hostile_facts(), tmp_path, draw), width)
    shown.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    assert shown.evaluate("window.millraceHit") is None
    assert shown.evaluate("document.scripts.length + document.images.length") == 0


def test_the_chart_for_a_phone_is_another_drawing(opened: Opener, tmp_path: Path) -> None:
    path = written(facts(), tmp_path)
    for width, (there, gone) in {1280: (".wide", ".narrow"), 360: (".narrow", ".wide")}.items():
        shown = opened(path, width)
        assert shown.locator(there).first.is_visible()
        assert not shown.locator(gone).first.is_visible()
        sizes = shown.eval_on_selector_all(f"{there} text", "all => all.map(t => t.getBoundingClientRect().height)")
        assert min(sizes) >= 9


def test_it_prints(opened: Opener, tmp_path: Path) -> None:
    shown = opened(written(facts(), tmp_path), 1280)
    shown.emulate_media(media="print")
    assert not shown.locator("nav").is_visible()
    pdf = shown.pdf(format="A4")
    assert 3 <= pdf.count(b"/Type /Page\n") <= 12
