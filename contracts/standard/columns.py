"""Properties of a table of the standard as fields, with what they say beyond themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from open_data_contract_standard.model import Relationship, SchemaProperty

from contracts.batch import ROW_ID
from contracts.extent import extent, passing
from contracts.fields import TYPES, Field, OnBad, Personal, Role
from contracts.rules import ForeignKey, Rule
from contracts.standard import custom, options, quality, relations
from contracts.standard.check import logical
from contracts.standard.custom import Custom
from contracts.standard.naming import folded, titled
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

    def relate(self, relation: Relationship, own: Sequence[str], path: Path) -> None:
        """A key of another contract, or the note why it is none."""
        key = relations.reference(relation, own, self.document, path)
        if isinstance(key, str):
            self.notes.append(key)
        else:
            self.references.append(key)


def columns(properties: Sequence[SchemaProperty], path: Path, found: Found) -> None:
    """Take a table's columns in, with what they say beyond themselves.

    Raises
    ------
    ContractError
        ODCS-NAMES, ODCS-INVALID, ODCS-UNSUPPORTED, PATTERN-UNKNOWN, CHECK-UNKNOWN.
    """
    where: dict[str, Path] = {}
    for here, fresh in _fields(properties, path, found, (), True):
        if fresh.name in found.fields:
            hint = f"rename one of them; the other is in line {found.document.place(where[fresh.name]).line}"
            raise found.document.refused("ODCS-NAMES", here, f"two properties are named {fresh.name!r}, but for signs", hint=hint)
        where[fresh.name], found.fields[fresh.name] = here, fresh
    for name, fresh in found.fields.items():
        if fresh.currency is not None and fresh.currency not in found.fields:
            raise found.document.refused("ODCS-INVALID", where[name], f"there is no field {fresh.currency[:60]!r} for its currency")


def _fields(
    properties: Sequence[SchemaProperty], path: Path, found: Found, above: tuple[str, ...], sure: bool
) -> Iterator[tuple[Path, Field]]:
    """Fields with their places; those of a nested object stand for themselves, named after both."""
    for n, one in enumerate(properties):
        here, kind = (*path, n), one.logicalType or "string"
        if one.semanticType == "measure" or (one.semanticType == "dimension" and one.transformLogic):
            found.note(here, f"the {one.semanticType} {one.name} is computed and no column")
        elif kind == "object" and one.properties:
            yield from _fields(one.properties, (*here, "properties"), found, (*above, str(one.name)), sure and bool(one.required))
        elif kind not in options.WORDS:
            _refuse_key(one, here, found)
            found.note(here, f"a property of the type {kind} is no column: {one.name} is left out")
        else:
            yield here, _field(one, here, found, above, sure)


def _refuse_key(one: SchemaProperty, path: Path, found: Found) -> None:
    if one.primaryKey:
        what = f"a key of the type {one.logicalType} is not supported"
        raise found.document.refused("ODCS-UNSUPPORTED", path, what, expected="a plain type")


def _field(one: SchemaProperty, path: Path, found: Found, above: tuple[str, ...], sure: bool) -> Field:
    name = folded(".".join((*above, str(one.name))))
    if not name:
        raise found.document.refused("ODCS-NAMES", path, "the name has no Latin letter or digit", hint="give it a name such as order_date")
    if name == ROW_ID:
        raise found.document.refused("ODCS-NAMES", path, f"{ROW_ID} is a name that Millrace needs itself", hint="give it another name")
    mine, word = custom.ours(one.customProperties, custom.FIELD, found.document, path), _word(one, path, found)
    needed = bool(one.primaryKey) or (bool(one.required) and sure)
    made = Field(
        name, one.businessName if one.businessName is not None else titled(name), one.description or "", TYPES[word],
        unit=mine.text("unit"), currency=mine.text("currency"), synonyms=_synonyms(one, name, above),
        personal=_personal(one, path, found), nullable=not needed, unique=bool(one.unique),
        required=mine.flag("present", needed),
    )  # fmt: skip
    made = _consequences(made, one, mine)
    rules, notes = options.read(one.logicalTypeOptions or {}, word, found.document, (*path, "logicalTypeOptions"))
    made = replace(made, rules=rules)
    made = quality.coded(made, [each.value for each in one.enum], found.document, (*path, "enum")) if one.enum else made
    asked = quality.of_field(made, one.quality or [], found.document, (*path, "quality"))
    found.notes += [*notes, *asked.notes]
    found.rules += asked.rules
    _remember(one, name, path, found, mine)
    if contradicts(asked.field):
        raise found.document.refused("ODCS-INVALID", path, "no value can meet all that is asked of it", hint="look at its bounds and codes")
    return asked.field


def contradicts(field: Field) -> bool:
    """Whether no value can pass a field's rules.

    Examples
    --------
    >>> import pyarrow as pa
    >>> contradicts(Field("n", "N", "N.", pa.int64(), rules=(("ge", 9), ("le", 1))))
    True
    """
    found = extent(field)
    return found.empty or (found.codes is not None and not passing(field, found.codes))


def _remember(one: SchemaProperty, name: str, path: Path, found: Found, mine: Custom) -> None:
    """What a property says beyond its own column: it is part of the key, an extension, a key of another table."""
    if one.primaryKey:
        place = one.primaryKeyPosition
        found.keys.append((place if place is not None and place > 0 else 1_000_000 + len(found.keys), name))
    if mine.flag("extension"):
        found.extensions.append(name)
    for n, relation in enumerate(one.relationships or []):
        found.relate(relation, [name], (*path, "relationships", n))


def _word(one: SchemaProperty, path: Path, found: Found) -> str:
    """The type's word; a day whose column holds times is a moment, as 3.0 knows no time stamps."""
    kind = str(one.logicalType)
    if kind == "time":
        found.note(path, "a time of day is kept as text")
    if kind == "date" and logical(one.physicalType or "") == "timestamp":
        kind = "timestamp"
    return options.WORDS[kind]


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


def _consequences(made: Field, one: SchemaProperty, mine: Custom) -> Field:
    """Role, what a bad value does, and what is tolerated: as we wrote it, else by what the file says of the column."""
    severities = {each.severity for each in one.quality or [] if each.severity}
    mild = bool(severities) and severities <= {"info", "warning"}
    usual: Role = "key" if one.primaryKey else "info" if made.personal == "direct" else "input"
    return replace(
        made, role=mine.word("role", get_args(Role), usual), tolerated=mine.share("tolerated", made.tolerated),
        on_bad=mine.word("onBad", get_args(OnBad), "reject" if one.primaryKey else "warn" if mild else "blank"),
        tolerances=mine.shares("tolerances"),
    )  # fmt: skip
