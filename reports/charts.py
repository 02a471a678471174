"""Charts as small SVG texts for a page: the same bytes every time, one drawing for a wide page and one for a phone.

Labels are text elements in the page's own font. Whatever a label holds is shortened, and signs that the measuring font lacks are
replaced, because matplotlib would warn; the tables beside the charts carry the full text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import matplotlib as mpl
from matplotlib import artist

from reports.words import ORIGIN_WORDS, share, short, visible, whole


@contextmanager
def _without_help() -> Iterator[None]:
    """Import what is drawn without the signature and the text of its `set`: they cost 0.1 s, and serve people who look things up."""
    where: Any = artist
    setters, text = where.ArtistInspector.get_setters, where.kwdoc
    where.ArtistInspector.get_setters, where.kwdoc = lambda _: [], lambda _: ""
    try:
        yield
    finally:
        where.ArtistInspector.get_setters, where.kwdoc = setters, text


with _without_help():
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties, findfont, get_font
    from matplotlib.patches import Rectangle
    from matplotlib.ticker import MaxNLocator

INK, QUIET, RULE = "#26292c", "#5d6369", "#c9cdd1"
ORIGIN_COLOURS = {
    "supplied": "#1d4e6f",
    "repaired": "#6fa3bf",
    "derived": "#9cc3b0",
    "looked_up": "#ddc67a",
    "imputed": "#d9803f",
    "absent": "#ffffff",
}
SETTINGS: Any = {
    "svg.hashsalt": "millrace",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.unicode_minus": False,
}


@dataclass(frozen=True)
class Drawing:
    """One chart for a page: SVG for a wide page and for a phone, and what it shows in words."""

    wide: str
    narrow: str
    says: str


@dataclass(frozen=True)
class Bar:
    """One row of `stacked`: a label and cells by origin word."""

    label: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Histogram:
    """Counts on edges; `marks` are named lines (name, more words where there is room, value), `ticks` the labelled values below."""

    edges: Sequence[float]
    counts: Sequence[int]
    marks: Sequence[tuple[str, str, float]]
    ticks: Sequence[tuple[float, str]]
    colour: str


def histogram(shown: Histogram, says: str) -> Drawing:
    """A histogram with marks.

    Examples
    --------
    >>> shown = Histogram([0, 0.5, 1], [3, 1], [("high", "from 50 %", 0.5)], [(0.0, "0 %"), (1.0, "100 %")], "#1f5f8b")
    >>> drawn = histogram(shown, "4 scores")
    >>> "high from 50 %" in drawn.wide, "high from 50 %" in drawn.narrow
    (True, False)
    """

    def draw(axes: Axes, narrow: bool) -> None:
        edges, top = shown.edges, max([*shown.counts, 1])
        widths = [right - left for left, right in pairwise(edges)]
        axes.bar(edges[:-1], shown.counts, widths, align="edge", color=shown.colour, edgecolor="white", linewidth=0.6, clip_on=False)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(0, top * 1.42)
        _marks(axes, shown, top, narrow)
        ticks = shown.ticks[:: 2 if narrow and len(shown.ticks) > 4 else 1]
        axes.set_xticks([at for at, _ in ticks], [label(text, 14) for _, text in ticks])
        axes.set_yticks([max(shown.counts, default=0)], [whole(max(shown.counts, default=0))])
        for side in ("top", "right", "left"):
            axes.spines[side].set_visible(False)
        axes.spines["bottom"].set_color(QUIET)
        axes.tick_params(length=0, colors=QUIET)

    return _drawing("histogram", draw, says, 2.5, 2.3)


def _marks(axes: Axes, shown: Histogram, top: float, narrow: bool) -> None:
    """Lines from the left get shorter, so that no line crosses the name of another."""
    for level, (name, more, value) in enumerate(sorted(shown.marks, key=lambda mark: mark[2])):
        height = top * (1.37 - 0.1 * (level % 4))
        axes.plot([value, value], [0, height], color=INK, linewidth=0.8, clip_on=False)
        left = value > shown.edges[0] + 0.75 * (shown.edges[-1] - shown.edges[0])
        axes.annotate(
            label(name if narrow else f"{name} {more}", 26), (value, height), (-4 if left else 4, -3), textcoords="offset points",
            ha="right" if left else "left", va="center", color=INK, fontsize=8.5,
        )  # fmt: skip


def stacked(bars: Sequence[Bar], says: str) -> Drawing:
    """One bar of full length per row, split by origin; the share that rests on what was sent is written at its end.

    Examples
    --------
    >>> drawn = stacked([Bar("Age", {"supplied": 3, "imputed": 1})], "Age: 75 % sent")
    >>> "75\u00a0%" in drawn.narrow
    True
    """

    def draw(axes: Axes, narrow: bool) -> None:
        for row, bar in enumerate(bars):
            _stack(axes, row, bar)
        axes.set_xlim(0, 1)
        axes.set_ylim(len(bars) - 0.4, -0.6)
        axes.set_xticks([])
        axes.set_yticks(range(len(bars)), [label(bar.label, 19 if narrow else 34) for bar in bars])
        axes.tick_params(length=0, labelcolor=INK)
        for side in axes.spines.values():
            side.set_visible(False)

    height = 0.35 + 0.235 * len(bars)
    return _drawing("origins", draw, says, height, height)


def _stack(axes: Axes, row: int, bar: Bar) -> None:
    total = max(sum(bar.counts.values()), 1)
    start = 0.0
    for origin in ORIGIN_WORDS:
        part = bar.counts.get(origin, 0) / total
        if part:
            absent = origin == "absent"
            edge, colour = (QUIET if absent else "white"), ORIGIN_COLOURS[origin]
            line = "--" if absent else "-"
            bar_part = Rectangle((start, row - 0.34), part, 0.68, facecolor=colour, edgecolor=edge, lw=0.7, ls=line, clip_on=False)
            axes.add_artist(bar_part)  # `barh` would work out limits, which are set
        start += part
    own = 1 - (bar.counts.get("imputed", 0) + bar.counts.get("absent", 0)) / total
    axes.annotate(at_end(own), (1, row), (5, 0), textcoords="offset points", va="center", ha="left", color=INK, fontsize=8.5)


def at_end(part: float) -> str:
    """A share as short as a bar's end has room for.

    Examples
    --------
    >>> at_end(0.9999).replace("\u00a0", " ")
    '>99.9 %'
    """
    return short(share(part)).replace("over ", ">").replace("under ", "<")


def ticks(low: float, high: float) -> list[float]:
    """A few round values from low to high.

    Examples
    --------
    >>> ticks(0, 1)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    found = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    return [round(float(value), 10) for value in found if low <= value <= high]


def label(text: str, longest: int) -> str:
    """A label that the measuring font knows in full, shortened with an ellipsis.

    Examples
    --------
    >>> label("Bevorzugter Kanal", 11), label("電話", 5)
    ('Bevorzugte…', '□□')
    """
    line = " ".join(visible(text[: 4 * longest]).split())
    known = _glyphs()
    line = "".join(sign if ord(sign) in known else "□" for sign in line)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap())


def _drawing(name: str, draw: Callable[[Axes, bool], None], says: str, wide_height: float, narrow_height: float) -> Drawing:
    wide = _svg(f"{name}-wide", draw, 7.6, wide_height, False)
    return Drawing(wide, _svg(f"{name}-narrow", draw, 3.3, narrow_height, True), says)


def _svg(name: str, draw: Callable[[Axes, bool], None], width: float, height: float, narrow: bool) -> str:
    with mpl.rc_context(rc=SETTINGS):
        figure = Figure(figsize=(width, height), dpi=72)
        FigureCanvasSVG(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        draw(axes, narrow)
        _room(figure, axes, width, height)
        out = io.BytesIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return _inline(out.getvalue().decode(), name)


def _room(figure: Figure, axes: Axes, width: float, height: float) -> None:
    """Leave the room that labels need: measured for row labels, fixed elsewhere."""
    labels = [t.get_text() for t in axes.get_yticklabels()]
    left = 0.09 + 0.083 * max((len(text) for text in labels), default=0)
    rows = len(axes.get_xticks()) == 0
    bottom = 0.06 if rows else 0.27
    right = 0.62 if rows else 0.25
    axes.set_position((left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + 0.06) / height))


def _inline(svg: str, name: str) -> str:
    """The svg element alone, for use inside a page: no prolog, no metadata, no ids of groups, own names for the rest."""
    body = svg[svg.index("<svg") :].strip()
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<style.*?</style>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<defs>\s*</defs>\s*", "", body)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<[^>]+>", lambda tag: _named(tag.group(), name), body)
    body = re.sub(r"\n\s*", "\n", body)
    return re.sub(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>', r'<svg viewBox="\1" xmlns:xlink="http://www.w3.org/1999/xlink">', body, count=1)


def _named(tag: str, name: str) -> str:
    """One tag with its ids, and what refers to them, under the chart's name; a group needs none."""
    tag = re.sub(r'^<g id="[^"]*"', "<g", tag)
    tag = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', tag)
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", tag)
