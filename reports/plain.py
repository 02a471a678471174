"""Frozen dataclasses to JSON values and back."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from contracts.errors import RunError

T = TypeVar("T")
SCALARS = (str, int, float, bool)


def as_plain(value: Any) -> Any:
    """A value made of dicts, lists, text, numbers, true, false and null only.

    Raises
    ------
    RunError
        FACTS-VALUE for anything else, NaN and infinity included.

    Examples
    --------
    >>> as_plain({"rows": (1, None)})
    {'rows': [1, None]}
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: as_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [as_plain(entry) for entry in value]
    if value is None or type(value) in (str, int, bool) or (type(value) is float and math.isfinite(value)):
        return value
    raise RunError(
        "FACTS-VALUE", "facts hold plain, finite values only", found=type(value).__name__, expected="text, number, true, false or null"
    )


def of_plain(kind: type[T], data: Any) -> T:
    """The inverse of `as_plain` for a dataclass, by its annotations.

    Raises
    ------
    RunError
        FACTS-SHAPE where a name is unknown or missing, or a value has another type.

    Examples
    --------
    >>> from contracts.ledger import Ledger
    >>> of_plain(Ledger, as_plain(Ledger(2, {"ragged": 1}))).records
    3
    """
    built: T = _built(kind, data, kind.__name__)
    return built


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _built(hint: Any, data: Any, where: str) -> Any:
    base = get_origin(hint)
    if hint is Any or hint is object:
        return data
    if base in (Union, types.UnionType):
        return _union(get_args(hint), data, where)
    if base is tuple:
        return _many(get_args(hint)[0], data, where)
    if isinstance(base, type) and issubclass(base, Mapping):
        inner = get_args(hint)[1]
        return {key: _built(inner, entry, f"{where}.{key}") for key, entry in _of(data, Mapping, where).items()}
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint, _of(data, Mapping, where), where)
    return _scalar(hint, data, where)


def _many(inner: Any, data: Any, where: str) -> tuple[Any, ...]:
    entries = _of(data, list | tuple, where)
    return tuple(_built(inner, entry, f"{where}[{number}]") for number, entry in enumerate(entries))


def _union(options: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and types.NoneType in options:
        return None
    rest = [option for option in options if option is not types.NoneType]
    if len(rest) == 1:
        return _built(rest[0], data, where)
    return _of(data, tuple(rest), where)


def _dataclass(kind: type, data: Mapping[str, Any], where: str) -> Any:
    names = {f.name for f in fields(kind)}
    unknown = sorted(set(data) - names)
    if unknown:
        raise RunError("FACTS-SHAPE", f"unknown names in {where}", found=", ".join(unknown), expected=", ".join(sorted(names)))
    hints = _hints(kind)
    given = {name: _built(hints[name], entry, f"{where}.{name}") for name, entry in data.items()}
    try:
        return kind(**given)
    except TypeError as error:
        raise RunError("FACTS-SHAPE", f"{where} is incomplete", found=", ".join(sorted(data)), expected=", ".join(sorted(names))) from error


def _scalar(hint: Any, data: Any, where: str) -> Any:
    if get_args(hint):  # Literal
        if data not in get_args(hint):
            raise RunError("FACTS-SHAPE", f"{where} has a value outside its list", expected=", ".join(map(str, get_args(hint))))
        return data
    if hint is float and type(data) is int:
        return float(data)
    if type(data) is bool and hint is not bool:
        raise RunError("FACTS-SHAPE", f"{where} has another type", found="bool", expected=hint.__name__)
    return _of(data, hint, where)


def _of(data: Any, kind: Any, where: str) -> Any:
    if not isinstance(data, kind):
        raise RunError("FACTS-SHAPE", f"{where} has another type", found=type(data).__name__, expected=str(getattr(kind, "__name__", kind)))
    return data
