"""A contract as a document of the standard, in the newest version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    Description,
    EnumValue,
    OpenDataContractStandard,
    Relationship,
    SchemaObject,
    SchemaProperty,
    Synonym,
)

from contracts.contract import Contract
from contracts.fields import Field
from contracts.rules import ForeignKey, Rule
from contracts.standard.custom import ENGINE
from contracts.standard.options import LOGICAL, written
from contracts.standard.relations import USUAL
from contracts.standard.values import told

API = "v3.2.0"


def document_of(contract: Contract) -> dict[str, Any]:
    """The contract's values in the standard's form; nothing of it is lost.

    Examples
    --------
    >>> from contracts.contract import get
    >>> document = document_of(get("transactions"))
    >>> document["schema"][0]["relationships"]
    [{'from': 'transactions.customer_id', 'to': 'customers.customer_id'}]
    """
    table = SchemaObject(
        name=contract.name, physicalType="table", businessName=contract.title, description=contract.meaning,
        dataGranularityDescription=contract.row, properties=[_property(each, contract) for each in contract.fields.values()],
        relationships=[_relationship(each, contract.name) for each in contract.references] or None,
        quality=[_rule(each) for each in contract.rules] or None,
    )  # fmt: skip
    made = OpenDataContractStandard(
        apiVersion=API, kind="DataContract", id=contract.name, name=contract.title, version=contract.version, status="active",
        description=Description(purpose=contract.meaning), schema=[table],
        customProperties=_ours({
            "direction": contract.direction, "duplicates": contract.duplicates, "repeats": contract.repeats or None,
            "history": contract.history or None,
        }),
    )  # fmt: skip
    plain: dict[str, Any] = made.model_dump(by_alias=True, exclude_none=True)
    return plain


def _ours(values: dict[str, Any]) -> list[CustomProperty] | None:
    return [CustomProperty(property=name, value=value, vendor=ENGINE) for name, value in values.items() if value is not None] or None


def _property(field: Field, contract: Contract) -> SchemaProperty:
    options, rest = written(field)
    coded = field.allowed is not None and len(field.allowed) == len(set(field.allowed)) > 0
    keyed = field.name in contract.key
    return SchemaProperty(
        name=field.name, businessName=field.title, description=field.meaning, logicalType=LOGICAL[field.type_word],
        logicalTypeOptions=options or None, primaryKey=keyed or None,
        primaryKeyPosition=contract.key.index(field.name) + 1 if keyed else None,
        required=True if not field.nullable else None, unique=field.unique or None, classification=field.personal,
        synonyms=[Synonym(synonym=each) for each in field.synonyms] or None,
        enum=[EnumValue(value=code) for code in field.allowed or ()] if coded else None,
        quality=list(_checks(rest)) or None, customProperties=_ours(_consequences(field, keyed, field in contract.extensions)),
    )  # fmt: skip


def _consequences(field: Field, keyed: bool, added: bool) -> dict[str, Any]:
    """What the standard has no word for; a usual value is left out where reading finds it again."""
    needed = keyed or not field.nullable
    return {
        "role": field.role, "onBad": field.on_bad, "tolerated": field.tolerated, "tolerances": dict(field.tolerances) or None,
        "unit": field.unit, "currency": field.currency, "present": field.required if field.required != needed else None,
        "extension": added or None,
    }  # fmt: skip


def _checks(rules: Iterable[tuple[str, Any]]) -> Iterable[DataQuality]:
    for rule, value in rules:
        yield _custom(name=rule, implementation={"check": rule, "value": told(value)})


def _custom(**said: Any) -> DataQuality:
    return DataQuality.model_validate({"type": "custom", "engine": ENGINE, **said})


def _relationship(key: ForeignKey, name: str) -> Relationship:
    ends = [[f"{name}.{each}" for each in key.fields], [f"{key.contract}.{each}" for each in key.to]]
    one, other = (end[0] if len(end) == 1 else end for end in ends)
    tolerated = _ours({"tolerated": key.tolerated if key.tolerated != USUAL else None})
    return Relationship.model_validate({"from": one, "to": other, "customProperties": tolerated})


def _rule(rule: Rule) -> DataQuality:
    asked: dict[str, Any] = {"check": rule.check, "fields": list(rule.fields)}
    if rule.arguments:
        asked["arguments"] = {name: told(value) for name, value in rule.arguments}
    tolerated = _ours({"tolerated": rule.tolerated})
    return _custom(name=rule.name, description=rule.words or None, implementation=asked, customProperties=tolerated)
