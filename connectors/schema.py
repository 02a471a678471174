"""The JSON Schema of a feed's YAML, for editors: its keys, and the fields of its contract with what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.spec.feed import FeedSpec
from contracts import contract as contracts
from contracts.fields import Field

DRAFT = "http://json-schema.org/draft-07/schema#"
_PART = (
    "What of each cell the field takes: of a full name, of an address in one cell, or a year of birth. What cannot be cut without a guess "
    "is left empty, and fails."
)
_SCALAR = {"type": ["string", "number", "boolean"]}


def feed_schema(contract: str) -> dict[str, Any]:
    """The schema of the feeds of a contract: the short forms that YAML may use are allowed, other fields than the contract's are not.

    Raises
    ------
    ContractError
        CONTRACT-UNKNOWN.

    Examples
    --------
    >>> schema = feed_schema("customers")
    >>> schema["properties"]["columns"]["properties"]["birth_date"]["description"]
    'Birth date: Day of birth.'
    >>> schema["properties"]["columns"]["additionalProperties"]
    False
    >>> schema["$defs"]["ColumnSpec"]["properties"]["part"]["anyOf"][0]["enum"][:3]
    ['first', 'last', 'salutation']
    """
    table = contracts.get(contract)
    schema = FeedSpec.model_json_schema(by_alias=True)
    for name in ("ColumnSpec", "ExtensionSpec"):
        schema["$defs"][name]["properties"] |= _short_forms(schema["$defs"][name]["properties"])
    for definition in (*schema["$defs"].values(), schema):
        definition.pop("description", None)
    _say_words(schema["$defs"]["ReadingSpec"]["properties"], ("total_words", "null_words"))
    _say_words(schema["$defs"]["ExtensionSpec"]["properties"], ("synonyms", "codes"))
    _say_words(schema["properties"], ("ignored",))
    schema["properties"]["columns"] = _fields(table.fields)
    schema["properties"]["contract"]["const"] = table.id
    return {"$schema": DRAFT, "title": f"A feed of the contract {table.id}", **{k: v for k, v in schema.items() if k != "title"}}


def _short_forms(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What the models take beside what pydantic says: one header for a list of headers, bare numbers and booleans as words."""
    texts = {"type": "string"}
    _say_words(properties, ("null_words",))
    return {
        "from": {"anyOf": [texts, {"type": "array", "items": texts, "minItems": 1}], "description": "Header, or headers, of the file."},
        "values": {**properties["values"], "description": "The file's words, and what they mean in the contract."},
        "null_words": properties["null_words"],
        "part": {**properties["part"], "description": _PART},
        "names": {**properties["names"], "description": "The order of full names without a comma; first_last where nothing is said."},
    }


def _say_words(properties: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        properties[name]["items"] = _SCALAR


def _fields(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {
        "type": "object", "title": "Columns", "additionalProperties": False,
        "properties": {name: _field(field) for name, field in fields.items()},
    }  # fmt: skip


def _field(field: Field) -> dict[str, Any]:
    codes = f" Codes: {', '.join(field.allowed)}." if field.allowed else ""
    unit = f" In {field.unit}." if field.unit else ""
    forms = [{"type": "string"}, {"$ref": "#/$defs/ColumnSpec"}]
    return {"anyOf": forms, "description": f"{field.title}: {field.meaning}{unit}{codes}"}
