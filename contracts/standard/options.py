"""Logical types and their options (least, most, length, pattern, codes) as types and rules of fields, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from contracts.fields import Field
from contracts.patterns import RULES, fault
from contracts.standard.text import Document, Path
from contracts.standard.values import fitting, told

LOGICAL = {"text": "string", "whole": "integer", "real": "number", "flag": "boolean", "day": "date", "moment": "timestamp"}
WORDS = {**{logical: word for word, logical in LOGICAL.items()}, "time": "text"}
BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_RULES = {option: rule for rule, option in BOUNDS.items()}
FORMATS = {
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s]{2,}$",
    "uuid": r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$",
    "ipv4": r"^(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}$",
}
"""Formats of text that are judged, as patterns."""
AGREED = frozenset({("format", "day"), ("format", "moment")})
"""How files write days and moments is agreed for each feed."""
SIMPLE = frozenset({"eq", "ne", "gt", "ge", "lt", "le", "in_range", "isin", "notin", "str_matches", "str_contains", "str_startswith",
                    "str_endswith", "str_length"})  # fmt: skip
"""Rules of one cell that pandera knows by name."""

Rules = tuple[tuple[str, Any], ...]


def written(field: Field) -> tuple[dict[str, Any], Rules]:
    """The options that say a field's rules, and the rules that no option can say.

    Examples
    --------
    >>> import pyarrow as pa
    >>> written(Field("a", "A", "A.", pa.int64(), rules=(("ge", 0), ("ne", 7))))
    ({'minimum': 0}, (('ne', 7),))
    """
    options: dict[str, Any] = {}
    rest = []
    for rule, value in field.rules:
        found = _option(rule, value, field.type_word)
        if found is None or set(found) & set(options):  # a pattern is said once only
            rest.append((rule, value))
        else:
            options.update(found)
    return options, tuple(rest)


def _option(rule: str, value: Any, word: str) -> dict[str, Any] | None:
    if rule in BOUNDS and _bounds(value, word):
        return {BOUNDS[rule]: told(value)}
    if word != "text":
        return None
    if rule == "str_length" and isinstance(value, tuple) and len(value) == 2 and all(each is None or each >= 0 for each in value):
        return {name: each for name, each in zip(("minLength", "maxLength"), value, strict=True) if each is not None} or None
    if isinstance(value, str) and ((rule == "str_matches" and _held(value)) or (rule == "str_contains" and not _held(value))):
        return {"pattern": value}
    return None


def _bounds(value: Any, word: str) -> bool:
    if word in ("whole", "real"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if word == "moment":
        return isinstance(value, datetime) and value.tzinfo is UTC
    return word == "day" and type(value) is date


def read(options: Mapping[str, Any], word: str, document: Document, path: Path) -> tuple[Rules, tuple[str, ...]]:
    """The rules that options say, and notes on those that nobody judges.

    Raises
    ------
    ContractError
        PATTERN-UNKNOWN for a pattern that RE2 does not know, ODCS-INVALID for a bound that is no value of the type.
    """
    rules: list[tuple[str, Any]] = []
    notes: list[str] = []
    for name, value in options.items():
        here = (*path, name)
        if name in _RULES and word != "flag":
            rules.append((_RULES[name], value_of(_RULES[name], value, word, document, here)))
        elif name == "pattern":
            rules.append(pattern(value, document, here))
        elif name == "format" and word == "text" and value in FORMATS:
            rules.append(("str_matches", FORMATS[value]))
        elif name not in ("minLength", "maxLength", "timezone") and (name, word) not in AGREED:
            notes.append(f"{document.at(here)}: {f'the format {str(value)[:40]}' if name == 'format' else 'it'} is not judged")
    lengths = tuple(options.get(name) for name in ("minLength", "maxLength"))
    if any(each is not None for each in lengths):
        rules.append(("str_length", value_of("str_length", list(lengths), word, document, path)))
    return tuple(rules), tuple(notes)


def value_of(rule: str, value: Any, word: str, document: Document, path: Path) -> Any:
    """The value of a rule as a field of this type has it.

    Raises
    ------
    ContractError
        ODCS-INVALID where it does not fit the rule or the type, PATTERN-UNKNOWN.
    """
    try:
        found = fitting(rule, value, word)
    except ValueError as error:
        raise document.refused("ODCS-INVALID", path, "this value does not fit", expected=str(error)) from None
    if rule in RULES:
        pattern(found, document, path)
    return found


def pattern(value: str, document: Document, path: Path) -> tuple[str, str]:
    """The rule of a pattern: it is sought anywhere in the text, unless it is held to the start."""
    if why := fault(value):
        raise document.refused(
            "PATTERN-UNKNOWN", path, f"the pattern cannot be used: {why}",
            expected="a pattern of RE2, which needs no longer for a long text",
            hint="write it without looking around and without references to groups, or leave it out",
        )  # fmt: skip
    return ("str_matches" if _held(value) else "str_contains"), value


def _held(pattern: str) -> bool:
    """Whether all of a pattern is held to the start of the text."""
    return pattern.startswith("^") and "|" not in pattern
