"""Labels of codes: what others' documents say that a code stands for, which is for people alone and no part of a contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.contract import Contract
from contracts.standard.naming import folded


def labels(contract: Contract) -> Mapping[str, Mapping[str, str]]:
    """What codes stand for, by field and code; fields without such words are left out.

    Examples
    --------
    >>> from contracts.contract import get
    >>> labels(get("customers"))
    {}
    """
    if not contract.document:
        return {}
    tables = json.loads(contract.document)["schema"]
    found = {name: {code: text for code, text in _of(codes) if text} for name, codes in _coded(tables[0].get("properties") or [], ())}
    return {name: said for name, said in found.items() if said}


def _coded(properties: Sequence[Mapping[str, Any]], above: tuple[str, ...]) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    """Lists of codes by the name of their field; those of nested objects too."""
    for one in properties:
        steps = (*above, str(one["name"]))
        if one.get("enum"):
            yield folded(".".join(steps)), one["enum"]
        yield from _coded(one.get("properties") or [], steps)


def _of(codes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for one in codes:
        words = [str(one[name]).strip() for name in ("label", "description") if one.get(name)]
        yield str(one["value"]), ": ".join(word.rstrip(".") for word in words)
