"""A document with changes of its contract taken in, and all that others wrote kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.errors import ContractError
from contracts.standard.naming import folded

_NAMES = ("name", "property", "synonym", "value")
_ABSENT = object()


def merged(document: Any, before: Any, after: Any) -> Any:
    """The document with the difference between `before` and `after` made in it.

    Parameters
    ----------
    document : object
        What others wrote.
    before, after : object
        What we would write of it, and what we would write now.

    Raises
    ------
    ContractError
        ODCS-NESTED where a change is in a nested object.

    Examples
    --------
    >>> merged({"name": "a", "team": "x"}, {"name": "a"}, {"name": "b"})
    {'name': 'b', 'team': 'x'}
    """
    if before == after:
        return after if document is _ABSENT else document
    if all(isinstance(each, dict) for each in (document, before, after)):
        return _mapping(document, before, after)
    if all(isinstance(each, list) for each in (document, before, after)) and (named := _named(after)):
        return _list(document, before, after, named)
    return after


def _mapping(document: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in document.items() if key in after or key not in before}
    for key, value in after.items():
        if key not in document and before.get(key, _ABSENT) == value:
            continue  # others leave it unsaid
        kept[key] = merged(document.get(key, _ABSENT), before.get(key, _ABSENT), value)
    return kept


def _named(items: list[Any]) -> Callable[[Any], Any] | None:
    """How items of a list are told apart, where they are."""
    for name in _NAMES:
        if all(isinstance(each, dict) and name in each for each in items) and items:
            return lambda each: folded(str(each.get(name))) if name == "name" else str(each.get(name))
    return None


def _list(document: list[Any], before: list[Any], after: list[Any], named: Callable[[Any], Any]) -> list[Any]:
    theirs, then, now = ({named(each): each for each in items if isinstance(each, dict)} for items in (document, before, after))
    made = [merged(each, then.get(name, _ABSENT), now[name]) if name in now else each for name, each in theirs.items()
            if name in now or name not in then]  # fmt: skip
    for name, each in now.items():
        if name in theirs or each == then.get(name):  # the latter stands within a nested object
            continue
        if name in then:
            raise ContractError("ODCS-NESTED", f"a change of {name} cannot be written into the nested object that it comes from")
        made.append(each)
    return made
