"""Whether a document is a contract of the standard: the packaged JSON Schema's verdict, in words and with the place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from rapidfuzz import process

from contracts.errors import ContractError
from contracts.standard.text import Document, Path

VERSIONS = ("v3.0.0", "v3.0.1", "v3.0.2", "v3.1.0", "v3.2.0")
MOST = 20
METRICS = {
    "nullCheck": "nullValues", "nullCount": "nullValues", "duplicateCount": "duplicateValues", "duplicateCheck": "duplicateValues",
    "uniqueCheck": "duplicateValues", "validValues": "invalidValues", "invalidCount": "invalidValues", "rowCount": "rowCount",
    "countCheck": "rowCount", "missingCount": "missingValues",
}  # fmt: skip
"""What 3.0 called `rule`, by today's metrics."""
_WORDS = {"string": "text", "array": "a list", "object": "keys with values", "boolean": "true or false", "number": "a number",
          "integer": "a whole number", "null": "empty"}  # fmt: skip
_OPERATORS = ("mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan", "mustBeLessOrEqualTo",
              "mustBeBetween", "mustNotBeBetween")  # fmt: skip


@cache
def schema() -> dict[str, Any]:
    """The standard's JSON Schema, as `open-data-contract-standard` carries it.

    Examples
    --------
    >>> schema()["title"]
    'Open Data Contract Standard (ODCS)'
    """
    found: dict[str, Any] = json.loads(resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
    return found


@cache
def _validator() -> Any:
    from jsonschema.validators import validator_for

    return validator_for(schema())(schema())


def checked(document: Document) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The document's values, those of older versions put as 3.2 has them, and notes on what older versions allow and nobody reads.

    Raises
    ------
    ContractError
        ODCS-VERSION for one that is not 3.0 to 3.2, ODCS-INVALID with every fault and its line.
    """
    data = document.data
    if not isinstance(data, dict):
        raise document.refused("ODCS-INVALID", (), "the file holds no keys with values", hint="it begins with `kind: DataContract`")
    _of_the_standard(data, document)
    version = data.get("apiVersion")
    renewed, notes = _renewed(data), []
    faults = faults_of(renewed)
    if version != VERSIONS[-1]:  # the packaged schema is the newest; what it calls unknown may have been known
        for fault in [one for one in faults if one.unknown]:
            notes += [f"{document.at((*fault.path, name))}: this key of {version} is not read" for name in fault.unknown]
            _drop(renewed, fault)
        faults = faults_of(renewed)
    if faults:
        raise _invalid(document, faults)
    return renewed, tuple(notes)


def _of_the_standard(data: Mapping[str, Any], document: Document) -> None:
    """Refuse what is of another standard, or of another version of this one; one that names none is told what is missing."""
    if "dataContractSpecification" in data:
        raise document.refused(
            "ODCS-VERSION", ("dataContractSpecification",), "the file is of the Data Contract Specification", expected="kind: DataContract",
            hint="bring it over to the Open Data Contract Standard, for example with datacontract-cli",
        )  # fmt: skip
    version = data.get("apiVersion")
    if version is None or version in VERSIONS:
        return
    near = next((one for one in VERSIONS if str(version).strip().lstrip("vV") in one[1:]), None)
    older = str(version).lstrip("vV")[:1] in ("0", "1", "2")
    hint = f"write {near}, if it is of that version" if near else "bring it to 3.x first" if older else f"write it in {VERSIONS[-1]}"
    raise document.refused(
        "ODCS-VERSION", ("apiVersion",), "this version of the standard is not read", found=str(version)[:20], expected=", ".join(VERSIONS),
        hint=hint,
    )  # fmt: skip


def _drop(data: Any, fault: Fault) -> None:
    for step in fault.path:
        data = data[step]
    for name in fault.unknown:
        data.pop(name, None)


def _invalid(document: Document, found: list[Fault]) -> ContractError:
    faults = sorted(found, key=lambda each: document.place(each.path).line or 0)
    lines = [f"line {document.place(one.path).line}, {document.shown(one.path) or 'the whole file'}: {one.what}" for one in faults[:MOST]]
    more = [f"and {len(faults) - MOST} more"] if len(faults) > MOST else []
    wrong = "1 entry is wrong" if len(faults) == 1 else f"{len(faults)} entries are wrong"
    return ContractError(
        "ODCS-INVALID", f"the file is no contract of the standard: {wrong}", place=document.place(faults[0].path), details=[*lines, *more],
        hint="correct it in this file",
    )  # fmt: skip


@dataclass(frozen=True, order=True)
class Fault:
    """What the schema finds wrong: where, in words, and which keys it does not know."""

    path: Path
    what: str
    unknown: tuple[str, ...] = ()


def faults_of(data: Any) -> list[Fault]:
    """What the schema finds wrong, in the order of the document.

    Examples
    --------
    >>> faults_of({"apiVersion": "v3.2.0", "kind": "DataContract", "id": "a", "version": 1.0})
    [Fault(path=('version',), what='it must be text: write it in quotes', unknown=())]
    """
    found = {_fault(error) for each in _validator().iter_errors(data) for error in _leaves(each)}
    loud = {fault.path[:end] for fault in found if not fault.unknown for end in range(len(fault.path) + 1)}
    kept = [fault for fault in found if not fault.unknown or fault.path not in loud]  # an object with a fault calls all its keys unknown
    return sorted(kept, key=lambda fault: ([str(step).zfill(9) for step in fault.path], fault.what))


def _fault(error: Any) -> Fault:
    unknown: tuple[str, ...] = ()
    if error.validator in ("additionalProperties", "unevaluatedProperties"):
        told = _quoted(error.message)
        unknown = tuple(name for name in told if isinstance(error.instance, Mapping) and name in error.instance)
    return Fault(tuple(error.absolute_path), _said(error, unknown), unknown)


def _quoted(message: str) -> list[str]:
    return re.findall(r"'([^']+)'", message)


def _leaves(error: Any) -> Iterator[Any]:
    """The faults behind one: of alternatives, those of the one that fits best."""
    inner = [each for each in error.context or () if each.validator != "not"]
    if not inner:
        yield error
        return
    if error.validator in ("anyOf", "oneOf"):
        deepest = max(len(each.absolute_path) for each in inner)
        same = [each for each in inner if len(each.absolute_path) == deepest]
        if deepest == len(error.absolute_path):  # no alternative goes further: its own words say it best
            yield error
            return
        inner = same
    for each in inner:
        yield from _leaves(each)


def _said(error: Any, unknown: tuple[str, ...]) -> str:
    """A fault in words."""
    kind, value = error.validator, error.validator_value
    if unknown:
        return "; ".join(f"unknown key {name[:40]!r}{_near(name, _known(error.schema))}" for name in unknown)
    if kind == "required":
        missing = [name for name in value if isinstance(error.instance, Mapping) and name not in error.instance]
        return f"{', '.join(f'`{name}`' for name in missing)} is missing"
    if kind == "type":
        wanted = [_WORDS.get(each, each) for each in ([value] if isinstance(value, str) else value)]
        number = isinstance(error.instance, int | float) and not isinstance(error.instance, bool)
        return f"it must be {' or '.join(wanted)}{': write it in quotes' if wanted == ['text'] and number else ''}"
    if kind == "enum":
        codes = tuple(map(str, value))
        return f"{str(error.instance)[:40]!r} is none of {', '.join(codes)}"[:400] + _near(str(error.instance), codes)
    if kind == "oneOf" and value and all("required" in each for each in value):
        return f"it must have exactly one of {', '.join(sorted({name for each in value for name in each['required']}))}"
    return _limit(str(kind), value) or f"it breaks the standard's rule {kind!r}"


def _limit(kind: str, value: Any) -> str | None:
    """What a rule of the schema that has a value asks for, in words."""
    if kind == "not" and isinstance(value, Mapping) and isinstance(value.get("required"), list):
        return f"{', '.join(f'`{name}`' for name in value['required'])} is not said here"
    if kind in ("oneOf", "anyOf") and "#/$defs/ShorthandReference" in str(value):
        return "it must lead to a column: table.column, or /schema/ID/properties/ID"
    words = {
        "pattern": "it does not have the form that the standard asks for", "minimum": "it must be at least {}",
        "maximum": "it must be at most {}", "minItems": "entries must be there, at least {}", "maxItems": "more than {} entries",
        "minLength": "it must not be empty", "uniqueItems": "an entry is there twice", "const": "it must be {}",
    }  # fmt: skip
    return words[kind].format(value) if kind in words else None


def _known(part: Any) -> tuple[str, ...]:
    """Keys that a part of the schema names, also by reference."""
    if not isinstance(part, Mapping):
        return ()
    found = list(part.get("properties", ()))
    for each in [part.get("$ref"), *[one.get("$ref") for one in part.get("allOf", ()) if isinstance(one, Mapping)]]:
        if isinstance(each, str):
            found += _known(schema()["$defs"].get(each.rpartition("/")[2]))
    return tuple(found)


def _near(name: str, known: tuple[str, ...]) -> str:
    near = process.extractOne(name, known, score_cutoff=70)
    return f", did you mean {near[0]!r}?" if near else ""


def _renewed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Older forms as 3.2 has them; the document itself stays as it is."""
    renewed = deepcopy(dict(data))
    if isinstance(renewed.get("schema"), list):
        renewed["schema"] = [_element(each) for each in renewed["schema"]]
    return renewed


def _element(part: Any) -> Any:
    """A table or a property: rules in today's words, and a type for every property, which the schema takes for granted."""
    if not isinstance(part, dict):
        return part
    made = dict(part)
    if isinstance(made.get("properties"), list):
        made["properties"] = [_typed(_element(each)) for each in made["properties"]]
    if isinstance(made.get("items"), dict):
        made["items"] = _typed(_element(made["items"]))
    if isinstance(made.get("quality"), list):
        made["quality"] = [_rule(each) for each in made["quality"]]
    return made


def _typed(part: Any) -> Any:
    if not isinstance(part, dict) or "logicalType" in part:
        return part
    kind = "object" if "properties" in part else "array" if "items" in part else logical(str(part.get("physicalType", "")))
    return {**part, "logicalType": kind}


def logical(physical: str) -> str:
    """The logical type behind a database's type; text where it is not known.

    Examples
    --------
    >>> [logical(each) for each in ("VARCHAR(20)", "decimal(14, 2)", "BIGINT", "timestamp_tz", "date", "bool", "")]
    ['string', 'number', 'integer', 'timestamp', 'date', 'boolean', 'string']
    """
    word = re.split(r"[^a-z0-9]", physical.strip().lower())[0]
    kinds = {
        "integer": ("int", "tinyint", "smallint", "bigint", "mediumint", "serial", "bigserial", "long", "short", "byte"),
        "number": ("decimal", "numeric", "number", "float", "double", "real", "money"),
        "boolean": ("bool", "bit"), "timestamp": ("timestamp", "datetime"), "date": ("date",),
    }  # fmt: skip
    for kind, words in kinds.items():
        if word in words or (kind in ("integer", "boolean", "timestamp", "number") and word.startswith(words[0])):
            return kind
    return "string"


def _rule(part: Any) -> Any:
    """A rule of 3.0 (`rule: validValues`, `validValues: [...]`) in today's words; one that has no metric today becomes a text."""
    if not isinstance(part, dict) or "metric" in part or "rule" not in part or part.get("type", "library") != "library":
        return part
    metric = METRICS.get(str(part["rule"]), part["rule"] if part["rule"] in METRICS.values() else None)
    made = {key: value for key, value in part.items() if key not in ("rule", "validValues", "type")}
    if metric is None:
        told = {key: value for key, value in made.items() if key not in _OPERATORS and key != "arguments"}
        return {**told, "type": "text", "name": told.get("name", str(part["rule"]))}
    if "validValues" in part:
        made["arguments"] = {**made.get("arguments", {}), "validValues": part["validValues"]}
    if not any(name in made for name in _OPERATORS):
        made["mustBe"] = 0
    return {**made, "type": "library", "metric": metric}
