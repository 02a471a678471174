"""A document of the standard as a contract."""

from __future__ import annotations

from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject

from contracts.contract import Contract
from contracts.standard import custom, quality, relations
from contracts.standard.check import checked
from contracts.standard.columns import Found, columns
from contracts.standard.naming import folded, titled
from contracts.standard.text import Document, Path


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
        ODCS-VERSION, ODCS-INVALID, ODCS-TABLES where one must be named, ODCS-NAMES for names that are alike or are taken,
        ODCS-UNSUPPORTED, PATTERN-UNKNOWN, CHECK-UNKNOWN, RULE-FIELD, RULE-ARGUMENTS.
    """
    data, notes = checked(document)
    model = OpenDataContractStandard.model_validate(data)
    place, chosen = _table(model, document, table)
    found = Found(document, notes=list(notes))
    path: Path = ("schema", place)
    columns(chosen.properties or [], (*path, "properties"), found)
    if not found.fields:
        raise document.refused("ODCS-INVALID", path, "the table has no property that can be a column", expected="one under `properties:`")
    _of_table(chosen, path, found)
    return _contract(model, chosen, path, found)


def _table(model: OpenDataContractStandard, document: Document, table: str | None) -> tuple[int, SchemaObject]:
    tables = list(enumerate(model.schema_ or []))
    if not tables:
        raise document.refused("ODCS-INVALID", (), "the file describes no table", expected="one under `schema:`")
    alike: dict[str, int] = {}
    for n, one in tables:
        if alike.setdefault(folded(str(one.name)), n) != n:
            raise document.refused("ODCS-NAMES", ("schema", n), "two tables have this name, but for signs", hint="rename one of them")
    named = [(n, one) for n, one in tables if table is None or folded(table) == folded(str(one.name))]
    if len(named) == 1:
        return named[0]
    raise document.refused(
        "ODCS-TABLES", ("schema",), f"there is no table {table[:60]!r}" if table else f"the file describes {len(tables)} tables",
        expected=", ".join(str(one.name) for _, one in tables)[:400], hint="a contract is of one table: name it, `--table NAME`",
    )  # fmt: skip


def _contract(model: OpenDataContractStandard, table: SchemaObject, path: Path, found: Found) -> Contract:
    mine = custom.ours(model.customProperties, custom.CONTRACT, found.document, ())
    name = folded(str(table.name))
    if not name:
        hint = "give it a name such as orders"
        raise found.document.refused("ODCS-NAMES", path, "the name has no Latin letter or digit", hint=hint)
    history = mine.flag("history")
    if history and "customer_id" not in found.fields:
        raise mine.refused("history", "true only where a property is customer_id")
    own = [each for each in found.fields.values() if each.name not in found.extensions]
    return Contract(
        name, str(model.version), table.businessName if table.businessName is not None else titled(str(table.name)),
        table.dataGranularityDescription if table.dataGranularityDescription is not None else "one row per record",
        tuple(key for _, key in sorted(found.keys, key=lambda one: one[0])), tuple(own), meaning=table.description or "",
        direction=mine.word("direction", ("input", "output"), "input"),
        duplicates=mine.word("duplicates", ("set_aside", "keep"), "set_aside"), repeats=mine.text("repeats") or "",
        history=history, references=tuple(found.references), rules=tuple(found.rules),
        extensions=tuple(each for each in found.fields.values() if each.name in found.extensions), unjudged=tuple(found.notes),
    )  # fmt: skip


def _of_table(table: SchemaObject, path: Path, found: Found) -> None:
    """Rules between fields, and keys of other tables, which the table itself states."""
    rules, notes = quality.of_table(table.quality or [], found.fields, found.document, (*path, "quality"))
    found.rules += rules
    found.notes += notes
    for n, relation in enumerate(table.relationships or []):
        here = (*path, "relationships", n)
        ends = [relations.end(each, found.document) for each in relations.several(relation.from_)]
        if foreign := [name for where, name in ends if where != folded(str(table.name)) or name not in found.fields]:
            found.note(here, f"{foreign[0]} is no column of this contract: the relationship is not judged")
        else:
            found.relate(relation, [name for _, name in ends], here)
