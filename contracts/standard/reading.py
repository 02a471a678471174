"""A document of the standard as a contract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from open_data_contract_standard.model import OpenDataContractStandard, Relationship, SchemaObject, SchemaProperty

from contracts.contract import Contract
from contracts.fields import TYPES, Field, OnBad, Personal, Role
from contracts.rules import ForeignKey, Rule
from contracts.standard import options, quality
from contracts.standard.check import checked, logical
from contracts.standard.text import Document, Path

PERSONAL: dict[str, Personal] = {
    "public": "none", "internal": "none", "none": "none", "quasi": "quasi", "sensitive": "sensitive", "confidential": "sensitive",
    "direct": "direct", "restricted": "direct", "pii": "direct", "personal": "direct", "secret": "direct", "highly confidential": "direct",
}  # fmt: skip
"""What others write as classification; what is not known counts as sensitive."""
UNKNOWN: Personal = "sensitive"


@dataclass
class Found:
    """What has been read of a table so far."""

    document: Document
    fields: dict[str, Field] = field(default_factory=dict)
    keys: list[tuple[int, str]] = field(default_factory=list)
    extensions: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    references: list[ForeignKey] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def note(self, path: Path, what: str) -> None:
        """Something that the file asks and nobody judges."""
        self.notes.append(f"{self.document.at(path)}: {what}")


def folded(name: str) -> str:
    """A name as fields and contracts have it: small letters, digits and underscores.

    Examples
    --------
    >>> folded("customerID"), folded("Order Date"), folded("rcvr-cntry"), folded("Größe"), folded("2nd")
    ('customer_id', 'order_date', 'rcvr_cntry', 'groesse', 'n2nd')
    """
    for letter, plain in {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}.items():
        name = name.replace(letter, plain)
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    plain = re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")
    return (f"n{plain}" if plain[:1].isdigit() else plain)[:63].rstrip("_")


def contract_of(document: Document, table: str | None = None) -> Contract:
    """The contract that a document holds.

    Parameters
    ----------
    document : Document
    table : str, optional
        Which one, where the document has several tables.

    Raises
    ------
    ContractError
        ODCS-VERSION, ODCS-INVALID, ODCS-TABLES where one must be named, ODCS-NAMES for names that are alike, ODCS-UNSUPPORTED,
        PATTERN-UNKNOWN, CHECK-UNKNOWN, RULE-FIELD, RULE-ARGUMENTS.
    """
    data, notes = checked(document)
    model = OpenDataContractStandard.model_validate(data)
    place, chosen = _table(model, document, table)
    found = Found(document, notes=list(notes))
    path: Path = ("schema", place)
    for fresh in _fields(chosen.properties or [], (*path, "properties"), found, (), True):
        if fresh.name in found.fields:
            raise document.refused("ODCS-NAMES", path, f"two properties are named {fresh.name!r}, but for signs", hint="rename one of them")
        found.fields[fresh.name] = fresh
    if not found.fields:
        raise document.refused("ODCS-INVALID", path, "the table has no property that can be a column", expected="one under `properties:`")
    _of_table(chosen, path, found)
    return _contract(model, chosen, found)


def _table(model: OpenDataContractStandard, document: Document, table: str | None) -> tuple[int, SchemaObject]:
    named = [(n, one) for n, one in enumerate(model.schema_ or []) if table is None or table in (one.name, folded(str(one.name)))]
    if len(named) == 1:
        return named[0]
    known = [str(one.name) for one in model.schema_ or []]
    if not known:
        raise document.refused("ODCS-INVALID", (), "the file describes no table", expected="one under `schema:`")
    raise document.refused(
        "ODCS-TABLES", ("schema",), f"there is no table {table[:60]!r}" if table else f"the file describes {len(known)} tables",
        expected=", ".join(known)[:400], hint="a contract is of one table: name it, `--table NAME`",
    )  # fmt: skip


def _contract(model: OpenDataContractStandard, table: SchemaObject, found: Found) -> Contract:
    mine = quality.ours(model.customProperties)
    name = folded(str(table.name))
    if not name:
        hint = "give it a name such as orders"
        raise found.document.refused("ODCS-NAMES", ("schema",), "the table's name has no letter or digit", hint=hint)
    own = [each for each in found.fields.values() if each.name not in found.extensions]
    return Contract(
        name, str(model.version), table.businessName if table.businessName is not None else _titled(str(table.name)),
        table.dataGranularityDescription if table.dataGranularityDescription is not None else "one row per record",
        tuple(key for _, key in sorted(found.keys, key=lambda one: one[0])), tuple(own), meaning=table.description or "",
        direction="output" if mine.get("direction") == "output" else "input",
        duplicates="keep" if mine.get("duplicates") == "keep" else "set_aside", repeats=str(mine.get("repeats", "")),
        history=mine.get("history") is True and "customer_id" in found.fields, references=tuple(found.references), rules=tuple(found.rules),
        extensions=tuple(each for each in found.fields.values() if each.name in found.extensions), unjudged=tuple(found.notes),
    )  # fmt: skip


def _titled(name: str) -> str:
    return folded(name).replace("_", " ").capitalize()


def _fields(properties: Sequence[SchemaProperty], path: Path, found: Found, above: tuple[str, ...], sure: bool) -> Iterator[Field]:
    """The columns of some properties; those of a nested object stand for themselves, named after both."""
    for n, one in enumerate(properties):
        here, kind = (*path, n), one.logicalType or "string"
        if one.semanticType == "measure":
            found.note(here, f"the measure {one.name} is computed and no column")
        elif kind == "object" and one.properties:
            yield from _fields(one.properties, (*here, "properties"), found, (*above, str(one.name)), sure and bool(one.required))
        elif kind not in options.WORDS:
            _refuse_key(one, here, found)
            found.note(here, f"a property of the type {kind} is no column: {one.name} is left out")
        else:
            yield _field(one, here, found, above, sure)


def _refuse_key(one: SchemaProperty, path: Path, found: Found) -> None:
    if one.primaryKey:
        what = f"a key of the type {one.logicalType} is not supported"
        raise found.document.refused("ODCS-UNSUPPORTED", path, what, expected="a plain type")


def _field(one: SchemaProperty, path: Path, found: Found, above: tuple[str, ...], sure: bool) -> Field:
    name = folded(".".join((*above, str(one.name))))
    if not name:
        raise found.document.refused("ODCS-NAMES", path, "the name has no letter or digit", hint="give it a name such as order_date")
    mine, word = quality.ours(one.customProperties), _word(one, path, found)
    needed = bool(one.primaryKey) or (bool(one.required) and sure)
    made = Field(
        name, one.businessName if one.businessName is not None else _titled(name), one.description or "", TYPES[word],
        unit=_text(mine, "unit"), currency=_text(mine, "currency"), synonyms=_synonyms(one, name, above),
        personal=_personal(one, path, found), nullable=not needed, unique=bool(one.unique),
        required=bool(mine.get("present", needed)),
    )  # fmt: skip
    made = _consequences(made, one, mine, path, found)
    rules, notes = options.read(one.logicalTypeOptions or {}, word, found.document, (*path, "logicalTypeOptions"))
    made = replace(made, rules=rules)
    made = quality.coded(made, [each.value for each in one.enum]) if one.enum else made
    asked = quality.of_field(made, one.quality or [], found.document, (*path, "quality"))
    found.notes += [*notes, *asked.notes]
    found.rules += asked.rules
    _remember(one, name, path, found, mine)
    return asked.field


def _remember(one: SchemaProperty, name: str, path: Path, found: Found, mine: dict[str, Any]) -> None:
    """What a property says beyond its own column: it is part of the key, an extension, a key of another table."""
    if one.primaryKey:
        place = one.primaryKeyPosition
        found.keys.append((place if place is not None and place > 0 else 1_000_000 + len(found.keys), name))
    if mine.get("extension") is True:
        found.extensions.append(name)
    for n, relation in enumerate(one.relationships or []):
        found.references += _reference(relation, (name,), (*path, "relationships", n), found)


def _word(one: SchemaProperty, path: Path, found: Found) -> str:
    """The type's word; a day whose column holds times is a moment, as 3.0 knows no time stamps."""
    kind = str(one.logicalType)
    if kind == "time":
        found.note(path, "a time of day is kept as text")
    if kind == "date" and logical(one.physicalType or "") == "timestamp":
        kind = "timestamp"
    return options.WORDS[kind]


def _text(mine: dict[str, Any], name: str) -> str | None:
    return str(mine[name]) if mine.get(name) is not None else None


def _synonyms(one: SchemaProperty, name: str, above: tuple[str, ...]) -> tuple[str, ...]:
    """Other names; what the column is called where it comes from is one."""
    named = [str(each.synonym) for each in one.synonyms or []]
    elsewhere = [each for each in (".".join((*above, str(one.name))), one.physicalName) if each and each != name]
    return tuple(dict.fromkeys([*named, *(each for each in elsewhere if each.casefold() not in {word.casefold() for word in named})]))


def _personal(one: SchemaProperty, path: Path, found: Found) -> Personal:
    if not one.classification:
        return "none"
    word = PERSONAL.get(one.classification.strip().lower())
    if word is None:
        found.note((*path, "classification"), f"this class is not known here and counts as {UNKNOWN}")
        return UNKNOWN
    if word == "direct" and one.primaryKey:
        found.note((*path, "classification"), "a key is needed to join and counts as quasi-identifying")
        return "quasi"
    return word


def _consequences(made: Field, one: SchemaProperty, mine: dict[str, Any], path: Path, found: Found) -> Field:
    """Role, what a bad value does, and what is tolerated: as we wrote it, else by what the file says of the column."""
    severities = {each.severity for each in one.quality or [] if each.severity}
    mild = bool(severities) and severities <= {"info", "warning"}
    usual: Role = "key" if one.primaryKey else "info" if made.personal == "direct" else "input"
    role = _one_of(mine, "role", get_args(Role), usual, path, found)
    on_bad = _one_of(mine, "onBad", get_args(OnBad), "reject" if one.primaryKey else "warn" if mild else "blank", path, found)
    tolerated = _share(mine, "tolerated", mine.get("tolerated", made.tolerated), path, found)
    shares = mine.get("tolerances", {})
    tolerances = tuple((str(rule), _share(mine, "tolerances", share, path, found)) for rule, share in dict(shares).items())
    return replace(made, role=role, on_bad=on_bad, tolerated=tolerated, tolerances=tolerances)


def _one_of(mine: dict[str, Any], name: str, known: Sequence[Any], usual: Any, path: Path, found: Found) -> Any:
    value = mine.get(name, usual)
    if value not in known:
        raise found.document.refused("ODCS-INVALID", (*path, "customProperties"), f"{name} has no such value", expected=", ".join(known))
    return value


def _share(mine: dict[str, Any], name: str, value: Any, path: Path, found: Found) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise found.document.refused("ODCS-INVALID", (*path, "customProperties"), f"{name} is no share", expected="a number from 0 to 1")
    return float(value)


def _of_table(table: SchemaObject, path: Path, found: Found) -> None:
    """Rules between fields, and keys of other tables, which the table itself states."""
    rules, notes = quality.of_table(table.quality or [], found.fields, found.document, (*path, "quality"))
    found.rules += rules
    found.notes += notes
    for n, relation in enumerate(table.relationships or []):
        here = (*path, "relationships", n)
        own = [_end(each)[1] for each in _several(relation.from_)]
        if foreign := [name for name in own if name not in found.fields]:
            found.note(here, f"{foreign[0]} is no column of this contract: the relationship is not judged")
        else:
            found.references += _reference(relation, tuple(own), here, found)


def _reference(relation: Relationship, own: tuple[str, ...], path: Path, found: Found) -> list[ForeignKey]:
    ends = [_end(each) for each in _several(relation.to)]
    tables = {table for table, _ in ends}
    if len(tables) != 1 or len(ends) != len(own):
        found.note(path, "a relationship to several tables is not judged")
        return []
    tolerated = quality.ours(relation.customProperties).get("tolerated", 0.05)
    return [ForeignKey(own, tables.pop(), tuple(name for _, name in ends), tolerated=_share({}, "tolerated", tolerated, path, found))]


def _several(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _end(reference: str) -> tuple[str, str]:
    """Table and column of ``orders.id`` or ``file.yaml#/schema/orders/properties/id``.

    Examples
    --------
    >>> _end("orders.customerId"), _end("https://example.com/c.yaml#/schema/orders/properties/id")
    (('orders', 'customer_id'), ('orders', 'id'))
    """
    if "/" in reference:
        steps = reference.rpartition("#")[2].strip("/").split("/")
        named = dict(zip(steps[::2], steps[1::2], strict=False))
        return folded(named.get("schema", steps[0])), folded(named.get("properties", steps[-1]))
    table, _, column = reference.partition(".")
    return folded(table), folded(column)
