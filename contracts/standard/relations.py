"""Relationships of the standard as keys of other contracts, in all the notations that the standard has for where they lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from open_data_contract_standard.model import Relationship

from contracts.rules import ForeignKey
from contracts.standard import custom
from contracts.standard.naming import folded
from contracts.standard.text import Document, Path

USUAL = 0.05
"""Share of rows that may find nothing, where nothing is said."""
End = tuple[str, str]
"""A table and a column, by the names that contracts and fields have."""


def reference(relation: Relationship, own: Sequence[str], document: Document, path: Path) -> ForeignKey | str:
    """The key of another contract that a relationship says, or a note on why nobody judges it.

    Parameters
    ----------
    relation : Relationship
    own : sequence of str
        The fields here.
    document : Document
    path : path
        Of the relationship.
    """
    ends = [end(each, document) for each in several(relation.to)]
    tables = {table for table, _ in ends}
    tolerated = custom.ours(relation.customProperties, custom.SHARE, document, path).share("tolerated", USUAL)
    if len(tables) != 1:
        return f"{document.at(path)}: a relationship to several tables is not judged"
    if len(ends) != len(own):
        return f"{document.at(path)}: a relationship of {len(own)} columns to {len(ends)} is not judged"
    return ForeignKey(tuple(own), tables.pop(), tuple(name for _, name in ends), tolerated=tolerated)


def several(value: str | list[str] | None) -> list[str]:
    """One end, or the ends of a key of several columns."""
    return [value] if isinstance(value, str) else list(value or [])


def end(said: str, document: Document) -> End:
    """Where a relationship begins or leads: by names, ``orders.id``, or by the ids of this or of another file.

    Examples
    --------
    >>> from contracts.standard.text import read
    >>> document = read("schema: [{id: o1, name: orders, properties: [{id: p1, name: orderId}]}]", "x.yaml")
    >>> end("orders.orderId", document), end("/schema/o1/properties/p1", document), end("c.yaml#/schema/people/properties/id", document)
    (('orders', 'order_id'), ('orders', 'order_id'), ('people', 'id'))
    """
    if "/" not in said:
        table, _, column = said.partition(".")
        return folded(table), folded(column)
    elsewhere, _, inner = said.rpartition("#")
    steps = inner.strip("/").split("/")[1::2]
    parts: Any = None if elsewhere else document.data.get("schema")
    names = []
    for step in steps:
        one = _of_id(parts, step)
        names.append(str(one["name"]) if one and isinstance(one.get("name"), str) else step)
        parts = one.get("properties") if one else None
    return folded(names[0]), folded(".".join(names[1:]))


def by_names(part: Any, document: Document) -> Any:
    """A part of a document whose relationships lead by names alone, as it must be where the rest of its document is gone.

    Examples
    --------
    >>> from contracts.standard.text import read
    >>> document = read("schema: [{id: o1, name: orders, properties: [{id: p1, name: id}]}]", "x.yaml")
    >>> by_names({"relationships": [{"to": "schema/o1/properties/p1"}]}, document)
    {'relationships': [{'to': 'orders.id'}]}
    """
    if isinstance(part, list):
        return [by_names(each, document) for each in part]
    if not isinstance(part, dict):
        return part
    links = part.get("relationships")
    if not isinstance(links, list):
        return {key: by_names(value, document) for key, value in part.items()}
    named = [{key: _named(value, document) if key in ("from", "to") else value for key, value in link.items()} for link in links]
    return {key: named if key == "relationships" else by_names(value, document) for key, value in part.items()}


def _named(said: Any, document: Document) -> Any:
    if isinstance(said, list):
        return [_named(each, document) for each in said]
    return ".".join(end(said, document)) if "/" in said and "#" not in said.lstrip("#") else said


def _of_id(parts: Any, wanted: str) -> Mapping[str, Any] | None:
    """The part of a list that has this id, else this name."""
    there = [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
    return next((one for name in ("id", "name") for one in there if one.get(name) == wanted), None)
