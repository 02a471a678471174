"""Quality rules of the standard as what a contract asks: of a field, between fields, or only a note that nobody judges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from open_data_contract_standard.model import CustomProperty, DataQuality

from contracts import checks
from contracts.errors import ContractError
from contracts.fields import Field
from contracts.rules import Rule
from contracts.standard import options
from contracts.standard.text import Document, Path

ENGINE = "millrace"
"""Engine and vendor of what only we understand."""


@dataclass(frozen=True)
class Asked:
    """A field with the rules of its quality entries, rules between fields, and notes."""

    field: Field
    rules: tuple[Rule, ...] = ()
    notes: tuple[str, ...] = ()


def ours(properties: Sequence[CustomProperty] | None) -> dict[str, Any]:
    """Custom properties that are ours, by name.

    Examples
    --------
    >>> ours([CustomProperty(property="role", value="key", vendor="millrace"), CustomProperty(property="role", value="owner")])
    {'role': 'key'}
    """
    return {str(one.property): one.value for one in properties or () if one.vendor == ENGINE}


def of_field(field: Field, entries: Sequence[DataQuality], document: Document, path: Path) -> Asked:
    """What a property's quality entries ask.

    Raises
    ------
    ContractError
        CHECK-UNKNOWN for a check of ours that is not registered, PATTERN-UNKNOWN.
    """
    asked = Asked(field)
    for n, entry in enumerate(entries):
        here = (*path, n)
        if entry.type == "custom" and entry.engine == ENGINE:
            asked = replace(asked, field=_own(asked.field, entry, document, here))
        elif entry.metric is not None:
            asked = _metric(asked, entry, document, here)
        else:
            asked = _noted(asked, entry, document, here)
    return asked


def _noted(asked: Asked, entry: DataQuality, document: Document, path: Path) -> Asked:
    kinds = {"text": "a rule in words", "sql": "a rule in SQL", "custom": f"a rule for {str(entry.engine)[:40]}"}
    return replace(asked, notes=(*asked.notes, f"{document.at(path)}: {kinds.get(str(entry.type), 'a rule')} is not judged"))


def _own(field: Field, entry: DataQuality, document: Document, path: Path) -> Field:
    asked = entry.implementation if isinstance(entry.implementation, dict) else {}
    rule = str(asked.get("check"))
    if rule not in options.SIMPLE:
        raise document.refused(
            "CHECK-UNKNOWN", (*path, "implementation"), f"there is no check of one field named {rule[:60]!r}",
            expected=", ".join(sorted(options.SIMPLE)),
        )  # fmt: skip
    value = options.taken(asked.get("value"), field.type_word)
    if rule in ("str_matches", "str_contains"):
        options.pattern(str(value), document, (*path, "implementation", "value"))
    return replace(field, rules=(*field.rules, (rule, value)))


def _metric(asked: Asked, entry: DataQuality, document: Document, path: Path) -> Asked:
    """A metric of the library, where it is one of cells that must not fail; a share that may fail becomes what is tolerated."""
    field, arguments = asked.field, entry.arguments or {}
    share = _share(entry)
    if entry.metric == "nullValues" and share == 0:
        return replace(asked, field=replace(field, nullable=False, required=True))
    if entry.metric == "duplicateValues" and share == 0:
        return replace(asked, field=replace(field, unique=True))
    if entry.metric == "missingValues" and share == 0:
        return replace(asked, field=_missing(field, arguments.get("missingValues") or []))
    if entry.metric == "invalidValues" and share is not None and set(arguments) <= {"validValues", "pattern"} and arguments:
        return replace(asked, field=_valid(field, arguments, share, document, path))
    return replace(asked, notes=(*asked.notes, f"{document.at(path)}: the metric {entry.metric} is not judged so"))


def _missing(field: Field, words: Sequence[Any]) -> Field:
    texts = tuple(each for each in words if isinstance(each, str) and each)
    made = replace(field, nullable=False, required=True) if None in words or "" in words or not words else field
    return replace(made, rules=(*made.rules, ("notin", texts))) if texts and field.type_word == "text" else made


def _valid(field: Field, arguments: Mapping[str, Any], share: float, document: Document, path: Path) -> Field:
    if codes := arguments.get("validValues"):
        field = coded(field, codes)
        field = _tolerating(field, "isin", share)
    if wanted := arguments.get("pattern"):
        rule = options.pattern(str(wanted), document, (*path, "arguments", "pattern"))
        field = _tolerating(replace(field, rules=(*field.rules, rule)), rule[0], share)
    return field


def coded(field: Field, codes: Sequence[Any]) -> Field:
    """A field that has only some codes: the words of a text, or the numbers of a number."""
    if field.type_word == "text":
        return replace(field, allowed=tuple(_code(each) for each in codes if each is not None))
    return replace(field, rules=(*field.rules, ("isin", tuple(options.taken(each, field.type_word) for each in codes if each is not None))))


def _code(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _tolerating(field: Field, rule: str, share: float) -> Field:
    kept = tuple(one for one in field.tolerances if one[0] != rule)
    return replace(field, tolerances=(*kept, (rule, share))) if share != field.tolerated else field


def _share(entry: DataQuality) -> float | None:
    """The share of rows that may fail; None where it is asked in another way."""
    if entry.mustBe == 0 and not isinstance(entry.mustBe, bool):
        return 0.0
    most = entry.mustBeLessOrEqualTo if entry.mustBeLessOrEqualTo is not None else entry.mustBeLessThan
    if most is None or entry.unit != "percent" or not 0 <= most <= 100:
        return 0.0 if entry.mustBeLessOrEqualTo == 0 else None
    return float(most) / 100


def of_table(entries: Sequence[DataQuality], fields: Mapping[str, Field], document: Document, path: Path) -> tuple[list[Rule], list[str]]:
    """Rules between fields among a table's quality entries, and notes on the others.

    Raises
    ------
    ContractError
        CHECK-UNKNOWN, RULE-FIELD for a field that is not there, RULE-ARGUMENTS.
    """
    rules: list[Rule] = []
    notes: list[str] = []
    for n, entry in enumerate(entries):
        here = (*path, n)
        if entry.type == "custom" and entry.engine == ENGINE:
            rules.append(_rule(entry, fields, document, here))
        elif entry.metric is not None:
            notes.append(f"{document.at(here)}: the metric {entry.metric} of the whole table is not judged")
        else:
            notes += _noted(Asked(next(iter(fields.values()))), entry, document, here).notes
    return rules, notes


def _rule(entry: DataQuality, fields: Mapping[str, Field], document: Document, path: Path) -> Rule:
    asked = entry.implementation if isinstance(entry.implementation, dict) else {}
    names = asked.get("fields")
    tolerated = ours(entry.customProperties).get("tolerated")
    given = asked.get("arguments")
    rule = Rule(
        str(entry.name), str(asked.get("check")), tuple(map(str, names)) if isinstance(names, list) else (),
        arguments=tuple((name, options.taken(value, "text")) for name, value in given.items()) if isinstance(given, dict) else (),
        words=entry.description or "", tolerated=tolerated,
    )  # fmt: skip
    return checked(rule, fields, document, path)


def checked(rule: Rule, fields: Mapping[str, Field], document: Document, path: Path) -> Rule:
    """The rule, if its check, its fields and its arguments are there."""
    try:
        check = checks.get(rule.check)
    except ContractError as error:
        raise document.refused(error.code, (*path, "implementation"), error.message, expected=error.expected, hint=error.hint) from None
    if foreign := [name for name in rule.fields if name not in fields]:
        raise document.refused(
            "RULE-FIELD", (*path, "implementation", "fields"), f"there is no field {foreign[0][:60]!r}", expected=", ".join(fields)
        )
    if set(dict(rule.arguments)) != set(check.takes) or len(rule.fields) < 1 or (check.fields and len(rule.fields) != check.fields):
        wanted = f"{check.fields or 'two or more'} fields; arguments: {', '.join(check.takes) or 'none'}"
        raise document.refused("RULE-ARGUMENTS", (*path, "implementation"), f"the check {rule.check} is asked wrongly", expected=wanted)
    return rule
