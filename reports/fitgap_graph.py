"""The way from a client's file to the pack as a graph: columns, fields, steps, inputs and the pack, and the lines between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from reports.fitgap import KINDS, FitGap, Input
from reports.words import plural

FOREIGN = 0.5
"""Share of words that the model does not know from which on an input is drawn as if it were made up."""


@dataclass(frozen=True)
class Node:
    """A box: its lane, what it says, how it is drawn; of an input its kind and the share of rows that it has; of the pack more lines."""

    lane: str
    text: str
    style: str = "box"
    fill: float | None = None
    kind: str = ""
    more: tuple[str, ...] = ()
    y: float = 0.0


@dataclass
class Graph:
    """Boxes by key, and lines between them with their style."""

    nodes: dict[str, Node] = field(default_factory=dict)
    lines: dict[tuple[str, str], str] = field(default_factory=dict)

    def node(self, key: str, made: Node) -> str:
        """A box, once."""
        self.nodes.setdefault(key, made)
        return key

    def line(self, start: str, end: str, style: str) -> None:
        """A line; what holds anywhere is drawn as holding."""
        if self.lines.get((start, end)) != "ok":
            self.lines[start, end] = style


def graph_of(shown: FitGap) -> Graph:
    """Boxes and lines of a map, inputs by kind."""
    graph = Graph()
    model = graph.node("pack", Node("pack", shown.title, "ok" if shown.serves else "gap", more=_accuracy(shown)))
    for one in in_order(shown.inputs):
        style = _style(one)
        key = graph.node(f"input {one.name}", Node("inputs", one.title, style, one.fill, one.kind))
        graph.line(key, model, style)
        _arrive(graph, one, key)
    unused = sum(len(feed.unused) for feed in shown.feeds)
    if unused:
        graph.node("unused", Node("columns", f"{plural(unused, 'column')} unused"))
    return graph


def in_order(inputs: Iterable[Input]) -> list[Input]:
    """Inputs by kind, those that no contract knows last."""
    return sorted(inputs, key=lambda one: (KINDS.index(one.kind), any(not link.known for link in one.links)))


def _accuracy(shown: FitGap) -> tuple[str, ...]:
    if shown.cost is None:
        return () if shown.serves else ("a feed is missing",)
    full, here, again = (f"AUC {one.auc:.3f}" for one in (shown.cost.full, shown.cost.as_is, shown.cost.retrained))
    if shown.cost.own and not shown.cost.lost.auc:  # trained on the files as they are: there is one figure
        return (f"{full} as the files are",)
    return (f"{here} as it is", f"{again} retrained", f"{full} full data")


def _style(one: Input) -> str:
    if one.unknown > FOREIGN:
        return "made"
    return {"imputed": "made", "absent": "gap"}.get(one.kind, "ok")


def _arrive(graph: Graph, one: Input, key: str) -> None:
    """The way to an input: through its fields, and a step where there is one."""
    end = key
    if one.step and one.links:
        end = graph.node(f"step {one.step}", Node("steps", one.step, "ok" if one.fill else "gap"))
        graph.line(end, key, "ok" if one.fill else "gap")
        if one.fill:
            graph.nodes[end] = replace(graph.nodes[end], style="ok")
    for link in one.links:
        if not link.known:
            graph.line(graph.node("no contract", Node("fields", "in no contract", "gap")), end, "gap")
            continue
        there = bool(link.columns)
        at = graph.node(f"field {link.contract} {link.field}", Node("fields", link.title, "ok" if there else "gap"))
        graph.line(at, end, "ok" if there else "gap")
        for column in link.columns:
            start = graph.node(f"column {link.contract} {column}", Node("columns", column, "ok"))
            graph.line(start, at, "ok")
    if one.kind == "imputed" and not one.fill:
        graph.line(graph.node("step fill", Node("steps", "a usual value", "made")), key, "made")
