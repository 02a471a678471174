"""The way from a client's file to the pack as one drawing: columns, fields, steps, inputs, model; broken connections marked.

What is broken differs from what holds by its dashes, its cross and its words, not by colour alone. On a phone two lanes are left: columns
and inputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from statistics import fmean

from reports.charts import Drawing
from reports.fitgap import KINDS, FitGap
from reports.fitgap_graph import Graph, Node, graph_of
from reports.words import PER_CENT, plural, visible

ROW, HIGH, TOP = 30, 24, 34
"""Pixels from row to row, a box's height, and where the first row begins."""
PAD = 1
"""Pixels around the drawing, for the lines of the outermost boxes."""
MARKS = {"supplied": "●", "derived": "◐", "looked_up": "◆", "imputed": "○", "absent": "✕"}
WIDE = {"columns": (0, 205), "fields": (250, 195), "steps": (490, 150), "inputs": (690, 235), "pack": (975, 141)}
NARROW = {"columns": (0, 140), "inputs": (180, 174)}
TITLES = {
    "columns": "Columns of the file",
    "fields": "Fields of the contract",
    "steps": "Steps",
    "inputs": "Inputs of the model",
    "pack": "Pack",
}
STYLE = (
    ".fg text{font-size:12.5px;fill:#26292c}.fg .lane{font-weight:600;fill:#5d6369}.fg .paper{fill:#fff}.fg .box{fill:none;stroke:#8d949a}"
    ".fg .ok{stroke:#1d4e6f;stroke-width:1.5}.fg .made{stroke:#9a5a1e;stroke-width:1.5;stroke-dasharray:5 3}"
    ".fg .gap{stroke:#9c1c1c;stroke-width:1.5;stroke-dasharray:2 3}.fg .fill{fill:#dbe7ee}"
    ".fg .ring{fill:none;stroke:#26292c}"
    ".fg path{fill:none;stroke:#7d97a7;stroke-width:1.3}.fg path.made{stroke:#b4702a;stroke-dasharray:5 3}"
    ".fg path.gap{stroke:#9c1c1c;stroke-dasharray:2 4;stroke-width:1.5}.fg .cross{fill:#9c1c1c;font-weight:700;font-size:14px}"
    ".fg .full,.fg path.full{fill:#26292c;stroke:none}.fg path.cut{stroke:#9c1c1c;stroke-width:2}"
)


def drawing(shown: FitGap) -> Drawing:
    """The map, wide and for a phone.

    Examples
    --------
    >>> from reports.fitgap import Input
    >>> made = drawing(FitGap("Acme", "churn", "Churn", "Who?", inputs=(Input("age", "Age", "", "absent", 0.0, {"absent": 1.0}),)))
    >>> ">Age</text>" in made.wide, made.says
    (True, 'Of 1 input, 1 is absent.')
    """
    graph = graph_of(shown)
    says = _says(shown)
    return Drawing(_svg(graph, WIDE, says), _svg(_short(graph, shown), NARROW, says), says)


def _says(shown: FitGap) -> str:
    counts = [(len(shown.of_kind(kind)), kind.replace("_", " ")) for kind in KINDS]
    said = ", ".join(f"{count} {'is' if count == 1 else 'are'} {kind}" for count, kind in counts if count)
    return f"Of {plural(len(shown.inputs), 'input')}, {said or 'none is known'}."


def _short(graph: Graph, shown: FitGap) -> Graph:
    """Columns and inputs alone, each input with the columns that it comes from."""
    made = Graph({key: node for key, node in graph.nodes.items() if node.lane in NARROW})
    for one in shown.inputs:
        for link in one.links:
            for column in link.columns:
                made.line(f"column {link.contract} {column}", f"input {one.name}", "ok")
    return made


def _svg(graph: Graph, lanes: Mapping[str, tuple[int, int]], says: str) -> str:
    placed = _placed(graph, list(lanes))
    high = round(max((node.y for node in placed.values()), default=0) + ROW)
    wide = max(x + width for x, width in lanes.values())
    parts = [f'<text class="lane" x="{x}" y="14">{TITLES[lane]}</text>' for lane, (x, _) in lanes.items()]
    for (start, end), style in sorted(graph.lines.items(), key=lambda entry: entry[1] == "gap"):
        parts.append(_line(placed[start], placed[end], style, lanes))
    parts += [_box(node, lanes) for node in placed.values()]
    view = f"{-PAD} 0 {wide + 2 * PAD} {high}"
    head = f'<svg class="fg" xmlns="http://www.w3.org/2000/svg" viewBox="{view}" role="img" aria-label="{escape(says)}">'
    return f"{head}<style>{STYLE}</style>{''.join(parts)}</svg>"


def _placed(graph: Graph, lanes: Sequence[str]) -> dict[str, Node]:
    """Boxes with their height: inputs in their order, every other lane as near to what its boxes lead to as there is room."""
    last = "inputs"
    placed = {key: replace(node, y=TOP + place * ROW) for place, (key, node) in enumerate(_in(graph, last))}
    bottom = max((node.y for node in placed.values()), default=float(TOP))
    for lane in reversed([name for name in lanes if name not in (last, "pack")]):
        wanted = {key: _middle((end for start, end in graph.lines if start == key), placed, bottom) for key, _ in _in(graph, lane)}
        placed |= _spread({key: (graph.nodes[key], y) for key, y in wanted.items()}, bottom)
    if "pack" in lanes:
        placed |= {key: replace(node, y=(TOP + bottom) / 2) for key, node in _in(graph, "pack")}
    return placed


def _in(graph: Graph, lane: str) -> list[tuple[str, Node]]:
    return [(key, node) for key, node in graph.nodes.items() if node.lane == lane]


def _middle(ends: Iterable[str], placed: Mapping[str, Node], bottom: float) -> float:
    heights = [placed[end].y for end in ends if end in placed]
    return fmean(heights) if heights else bottom + ROW


def _spread(wanted: Mapping[str, tuple[Node, float]], bottom: float) -> dict[str, Node]:
    """Boxes at the heights that they want, pushed apart where they would touch, and up again where they would leave the page."""
    keys = sorted(wanted, key=lambda key: (wanted[key][1], list(wanted).index(key)))
    heights, last = [], float(TOP - ROW)
    for key in keys:
        last = max(wanted[key][1], last + ROW)
        heights.append(last)
    limit = max(bottom, TOP + ROW * (len(keys) - 1.0))
    for place in reversed(range(len(heights))):
        heights[place] = min(heights[place], limit)
        limit = heights[place] - ROW
    return {key: replace(wanted[key][0], y=y) for key, y in zip(keys, heights, strict=True)}


def _line(start: Node, end: Node, style: str, lanes: Mapping[str, tuple[int, int]]) -> str:
    x1, x2 = sum(lanes[start.lane]), lanes[end.lane][0]
    y1, y2 = start.y + HIGH / 2, end.y + HIGH / 2
    bend = (x1 + x2) / 2
    drawn = f'<path class="{style}" d="M{x1} {y1:.0f}C{bend:.0f} {y1:.0f} {bend:.0f} {y2:.0f} {x2} {y2:.0f}"/>'
    cross = f'<text class="cross" x="{x2 - 13}" y="{y2 + 5:.0f}">✕</text>' if style == "gap" else ""
    return drawn + cross


def _box(node: Node, lanes: Mapping[str, tuple[int, int]]) -> str:
    x, width = lanes[node.lane]
    y, told = round(node.y), "" if node.fill is None else _per_cent(node.fill)
    text, left = visible(node.text), x + (24 if node.kind else 8)
    high = HIGH + 19 * len(node.more)
    parts = [f"<title>{escape(text)}</title>", _rect("paper", x, y, width, high)]
    parts += [_rect("fill", x + 1, y + 1, round((width - 2) * node.fill), HIGH - 2)] if node.fill else []
    parts += [_rect(f"box {node.style}", x, y, width, high), _mark(node.kind, x + 13, y + HIGH // 2)]
    parts += [_text(left, y, _cut(text, int((x + width - 8 - left) / 7.1) - len(told) - bool(told)))]
    parts += [_text(x + width - 7, y, told, "end")] if told else []
    parts += [_text(left, y + 19 * (place + 1), line) for place, line in enumerate(node.more)]
    return f"<g>{''.join(parts)}</g>"


def _mark(kind: str, x: int, y: int) -> str:
    """The sign of a kind, drawn, as not every font has it: full, half, diamond, ring, cross."""
    ring = f'<circle class="ring" cx="{x}" cy="{y}" r="4.5"/>'
    return {
        "supplied": f'<circle class="full" cx="{x}" cy="{y}" r="5"/>',
        "derived": f'{ring}<path class="full" d="M{x} {y - 5}a5 5 0 0 0 0 10z"/>',
        "looked_up": f'<path class="full" d="M{x} {y - 6}l6 6l-6 6l-6 -6z"/>',
        "imputed": ring,
        "absent": f'<path class="cut" d="M{x - 4} {y - 4}l8 8m0 -8l-8 8"/>',
    }.get(kind, "")


def sign(kind: str) -> str:
    """The sign of a kind as a picture of its own, for a legend or a table."""
    return f'<svg class="fg key" viewBox="0 0 14 14" aria-hidden="true"><style>{STYLE}</style>{_mark(kind, 7, 7)}</svg>'


def _per_cent(part: float) -> str:
    """A share in whole per cent, rounded so that almost all and almost nothing do not look like all and nothing.

    Examples
    --------
    >>> _per_cent(0.9996), _per_cent(0.001), _per_cent(0.5)
    ('99\xa0%', '1\xa0%', '50\xa0%')
    """
    whole = 0 if part <= 0 else 100 if part >= 1 else min(max(round(100 * part), 1), 99)
    return f"{whole}{PER_CENT}"


def _rect(style: str, x: int, y: int, width: int, height: int) -> str:
    return f'<rect class="{style}" x="{x}" y="{y}" width="{width}" height="{height}" rx="3"/>'


def _text(x: int, y: int, text: str, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y + 16}" text-anchor="{anchor}">{escape(text)}</text>'


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"
