"""Quality rules of the standard as what a contract asks: of a field, between fields, or only a note that nobody judges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
from open_data_contract_standard.model import DataQuality

from contracts import checks
from contracts.errors import ContractError
from contracts.fields import Field
from contracts.rules import Rule
from contracts.standard import custom, options
from contracts.standard.custom import ENGINE
from contracts.standard.text import Document, Path
from contracts.standard.values import taken


@dataclass(frozen=True)
class Asked:
    """A field with the rules of its quality entries, rules between fields, and notes."""

    field: Field
    rules: tuple[Rule, ...] = ()
    notes: tuple[str, ...] = ()


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
    here, rule = (*path, "implementation"), str(asked.get("check"))
    if rule not in options.SIMPLE:
        raise document.refused(
            "CHECK-UNKNOWN", here, f"there is no check of one field named {rule[:60]!r}" if "check" in asked else "`check` is missing",
            expected=", ".join(sorted(options.SIMPLE)),
        )  # fmt: skip
    value = options.value_of(rule, asked.get("value"), field.type_word, document, (*here, "value"))
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
        return replace(asked, field=_missing(field, _list(arguments, "missingValues", document, path) or [None]))
    judged = {"validValues", "pattern"} if field.type_word == "text" else {"validValues"}
    if entry.metric == "invalidValues" and share is not None and set(arguments) <= judged and arguments:
        return replace(asked, field=_valid(field, arguments, share, document, path))
    return replace(asked, notes=(*asked.notes, f"{document.at(path)}: the metric {entry.metric} is not judged so"))


def _list(arguments: Mapping[str, Any], name: str, document: Document, path: Path) -> list[Any]:
    found = arguments.get(name)
    if found is not None and not isinstance(found, list):
        raise document.refused("ODCS-INVALID", (*path, "arguments", name), f"{name} is no list", expected="a list of values")
    return found or []


def _missing(field: Field, words: Sequence[Any]) -> Field:
    texts = tuple(each for each in words if isinstance(each, str) and each)
    made = replace(field, nullable=False, required=True) if None in words or "" in words else field
    return replace(made, rules=(*made.rules, ("notin", texts))) if texts and field.type_word == "text" else made


def _valid(field: Field, arguments: Mapping[str, Any], share: float, document: Document, path: Path) -> Field:
    here = (*path, "arguments")
    if "validValues" in arguments:
        field = coded(field, _list(arguments, "validValues", document, path), document, (*here, "validValues"))
        field = _tolerating(field, "isin", share)
    if "pattern" in arguments:
        wanted = options.value_of("str_contains", arguments["pattern"], "text", document, (*here, "pattern"))
        rule = options.pattern(wanted, document, (*here, "pattern"))
        field = _tolerating(replace(field, rules=(*field.rules, rule)), rule[0], share)
    return field


def coded(field: Field, codes: Sequence[Any], document: Document, path: Path) -> Field:
    """A field that has only some codes: the words of a text, or the values of another type; of two lists what is in both.

    Raises
    ------
    ContractError
        ODCS-INVALID where nothing is left, or a code is no value of the type.
    """
    given = [each for each in codes if each is not None]  # whether a cell may be empty is said elsewhere
    word = field.type_word
    words = [_code(each) for each in given] if word == "text" else given
    found = options.value_of("isin", words, word, document, path)
    if word != "text":
        return replace(field, rules=(*field.rules, ("isin", found)))
    both = found if field.allowed is None else tuple(each for each in field.allowed if each in found)
    if not both:
        raise document.refused("ODCS-INVALID", path, "no code is in both lists", hint="let both say the same, or keep one of them")
    return replace(field, allowed=both)


def _code(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


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
        CHECK-UNKNOWN, RULE-FIELD for a field that is not there, RULE-ARGUMENTS, ODCS-INVALID for one without a name of its own.
    """
    rules: list[Rule] = []
    notes: list[str] = []
    for n, entry in enumerate(entries):
        here = (*path, n)
        if entry.type == "custom" and entry.engine == ENGINE:
            rules.append(_rule(entry, fields, document, here))
            if rules[-1].name in {one.name for one in rules[:-1]}:
                raise document.refused("ODCS-INVALID", here, f"two rules are named {rules[-1].name[:40]!r}", hint="rename one of them")
        elif entry.metric is not None:
            notes.append(f"{document.at(here)}: the metric {entry.metric} of the whole table is not judged")
        else:
            notes += _noted(Asked(next(iter(fields.values()))), entry, document, here).notes
    return rules, notes


def _rule(entry: DataQuality, fields: Mapping[str, Field], document: Document, path: Path) -> Rule:
    asked = entry.implementation if isinstance(entry.implementation, dict) else {}
    here, names, given = (*path, "implementation"), asked.get("fields"), asked.get("arguments")
    if not entry.name:
        raise document.refused("ODCS-INVALID", path, "the rule has no name", hint="give it a name such as paid_after_ordered")
    rule = Rule(
        entry.name, str(asked.get("check")), tuple(map(str, names)) if isinstance(names, list) else (),
        arguments=tuple((name, taken(value, "text")) for name, value in given.items()) if isinstance(given, dict) else (),
        words=entry.description or "",
        tolerated=custom.ours(entry.customProperties, custom.SHARE, document, path).share("tolerated"),
    )  # fmt: skip
    return checked(rule, fields, document, here)


def checked(rule: Rule, fields: Mapping[str, Field], document: Document, path: Path) -> Rule:
    """The rule, if its check, its fields and its arguments are there and fit one another."""
    try:
        check = checks.get(rule.check)
    except ContractError as error:
        raise document.refused(
            error.code, path, error.message, expected=error.expected, hint=error.hint or f"name one of {', '.join(checks.REGISTERED)}"
        ) from None
    if foreign := [name for name in rule.fields if name not in fields]:
        known = ", ".join(fields)[:400]
        raise document.refused("RULE-FIELD", (*path, "fields"), f"there is no field {foreign[0][:60]!r}", expected=known)
    if set(dict(rule.arguments)) != set(check.takes) or len(rule.fields) < 1 or (check.fields and len(rule.fields) != check.fields):
        wanted = f"{check.fields or 'two or more'} fields; arguments: {', '.join(check.takes) or 'none'}"
        raise document.refused("RULE-ARGUMENTS", path, f"the check {rule.check} is asked wrongly", expected=wanted)
    try:
        checks.judged(rule.check, tuple(pa.chunked_array([], fields[name].type) for name in rule.fields), dict(rule.arguments))
    except (pa.ArrowException, TypeError, ValueError):
        kinds = " and ".join(fields[name].type_word for name in rule.fields)
        raise document.refused("RULE-ARGUMENTS", path, f"the check {rule.check} cannot be made of {kinds}") from None
    return rule
