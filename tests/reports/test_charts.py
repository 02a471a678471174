"""Charts are small, the same every time, and safe with any label."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts import Bar, Histogram, histogram, label, stacked, ticks
from reports.words import ORIGIN_WORDS
from tests.reports.hostile import ATTACKS

TEXT = "text"


def bars(count: int) -> list[Bar]:
    return [Bar(f"Input {n}", {"supplied": 60 - n, "imputed": n, "absent": 5}) for n in range(count)]


def test_the_same_drawing_twice() -> None:
    shown = Histogram([0, 0.5, 1], [3, 1], [("high", "from 50 %", 0.5)], [(0, "0 %"), (1, "100 %")], "#1f5f8b")
    assert histogram(shown, "x") == histogram(shown, "x")
    assert stacked(bars(9), "x") == stacked(bars(9), "x")


def test_drawings_are_small() -> None:
    assert len(stacked(bars(40), "x").wide) < 60_000
    assert len(histogram(Histogram(list(range(41)), list(range(40)), [], [], "#1f5f8b"), "x").wide) < 20_000


@pytest.mark.parametrize("text", ATTACKS)
def test_any_label_is_a_text_and_nothing_else(text: str) -> None:
    calm = ET.fromstring(stacked([Bar("calm", {"supplied": 1})], "").wide)
    hit = ET.fromstring(stacked([Bar(text, {"supplied": 1})], "").wide)
    assert [element.tag for element in hit.iter()] == [element.tag for element in calm.iter()]
    assert label(text, 34) in {element.text or "" for element in hit.iter(TEXT)}


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_labels_are_short_and_known(text: str) -> None:
    made = label(text, 20)
    assert len(made) <= 20
    assert "\n" not in made


def test_each_origin_is_drawn_in_proportion() -> None:
    drawn = ET.fromstring(stacked([Bar("Age", dict.fromkeys(ORIGIN_WORDS, 10))], "").wide)
    widths = []
    for element in drawn.iter("path"):
        if "fill: #" in element.get("style", ""):
            across = [
                float(x) for x in element.get("d", "").replace("M", "L").replace("z", "").split("L") if x.strip() for x in [x.split()[0]]
            ]
            widths.append(max(across) - min(across))
    assert len(widths) == 6
    assert max(widths) - min(widths) < 0.01


@pytest.mark.parametrize("counts", [[], [0, 0], [5]])
def test_an_empty_or_flat_histogram_is_drawn(counts: list[int]) -> None:
    edges = [float(n) for n in range(len(counts) + 1)] if counts else [0.0, 1.0]
    assert histogram(Histogram(edges, counts or [0], [], [], "#1f5f8b"), "").wide.startswith("<svg")


def test_ticks_are_round() -> None:
    assert ticks(0.0, 0.93) == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert ticks(3.2, 3.2) in ([], [3.2])


def test_help_on_setters_is_left_out_at_the_import_only() -> None:
    code = (
        "import inspect, reports.charts; from matplotlib import artist; from matplotlib.axes import Axes;"
        "print(len(inspect.signature(Axes.set).parameters), len(artist.ArtistInspector(Axes).get_setters()), len(artist.kwdoc(Axes)))"
    )
    root = Path(__file__).parents[2]
    told = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60)
    left, setters, text = map(int, told.stdout.split())
    assert left == 1
    assert setters > 30
    assert text > 1000
