"""Contract: a versioned table definition, one frozen value."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pandera
from rapidfuzz import process

from contracts import shelf
from contracts.digest import sha256_json
from contracts.errors import ContractError
from contracts.fields import Field
from contracts.rules import ForeignKey, Rule, Stated, check_of, of_field

# The check registry is filled by type; a schema built before this line keeps a stale copy.
pandera.Check.get_backend(pd.Series(dtype="float64"))

_cache = threading.local()


@dataclass(frozen=True)
class Contract:
    """What a table must be.

    Parameters
    ----------
    name, version : str
        Together the id, ``name@major.minor``.
    title, row : str
        For people; `row` says what one row is.
    key : tuple of str
        Fields that name a row; unique over the whole table.
    own : tuple of Field
        The fields, in their order; see `of_model` for contracts that are written as a pandera model.
    meaning : str
        What the table is, for people.
    direction : {"input", "output"}
        Whether clients send it or we deliver it.
    duplicates : {"set_aside", "keep"}
        What is done with an exact repeat of a whole record.
    repeats : str
        What such a repeat means, for people.
    history : bool
        Rows are a customer's history: accepted rows are partitioned by a hash of `customer_id`.
    references : tuple of ForeignKey
        Fields that are keys of other contracts' tables.
    rules : tuple of Rule
        Checks of more than one field.
    extensions : tuple of Field
        Fields that a feed adds.
    document : str
        An ODCS file that it was read from, where that says more than this value holds; exported again, and no part of what it is.
    unjudged : tuple of str
        What that file asks and nobody judges, with its place; no part of what it is.

    Examples
    --------
    >>> get("customers").id
    'customers@1.0'
    >>> get("customers").fields["birth_date"].type_word
    'day'
    """

    name: str
    version: str
    title: str
    row: str
    key: tuple[str, ...]
    own: tuple[Field, ...]
    meaning: str = ""
    direction: Literal["input", "output"] = "input"
    duplicates: Literal["set_aside", "keep"] = "set_aside"
    repeats: str = ""
    history: bool = False
    references: tuple[ForeignKey, ...] = ()
    rules: tuple[Rule, ...] = ()
    extensions: tuple[Field, ...] = ()
    document: str = dataclasses.field(default="", compare=False, repr=False)
    unjudged: tuple[str, ...] = dataclasses.field(default=(), compare=False)

    @property
    def id(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Fields by name: its own, then the extensions."""
        return {f.name: f for f in (*self.own, *self.extensions)}

    @cached_property
    def digest(self) -> str:
        """Identity of the content: another word of a title changes it, what it was read from does not.

        Examples
        --------
        >>> len(get("customers").digest), get("customers").digest == get("subscribers").digest
        (64, False)
        """
        told = [f for f in dataclasses.fields(self) if f.compare]
        return sha256_json({f.name: _jsonable(getattr(self, f.name)) for f in told})

    @property
    def stated(self) -> tuple[Stated, ...]:
        """All that the contract asks, with the scope of each: of single fields, of its key, of its rules and its references.

        Examples
        --------
        >>> [(each.fields, each.rule, each.scope) for each in get("transactions").stated][-2:]
        [(('order_id', 'line_id'), 'unique', 'global'), (('customer_id',), 'references', 'global')]
        """
        single = [each for f in self.fields.values() for each in of_field(f)]
        keyed = [Stated(self.key, "unique", None, "global", "reject", 0.0)] if self.key else []
        across = [Stated(one.fields, "references", str(one), "global", "warn", one.tolerated) for one in self.references]
        between = [self._stated(rule) for rule in self.rules]
        return (*single, *between, *keyed, *across)

    def _stated(self, rule: Rule) -> Stated:
        blamed = self.fields[rule.blames]
        tolerated = blamed.tolerance(rule.name) if rule.tolerated is None else rule.tolerated
        on_bad = blamed.on_bad if rule.scope == "row" else "warn"
        return Stated(rule.fields, rule.name, rule.told(self.fields), rule.scope, on_bad, tolerated)

    def tolerance(self, name: str, rule: str) -> float:
        """Share of rows that may fail a rule of a field.

        Examples
        --------
        >>> get("customers").tolerance("age", "ge")
        0.05
        """
        found = [each.tolerated for each in self.stated if each.fields[0] == name and each.rule == rule]
        return found[0] if found else self.fields[name].tolerance(rule)

    def schema(self) -> pandera.DataFrameSchema:
        """The pandera schema: every field's checks and the rules that look at one row; built once per thread."""
        known = _cache.__dict__.setdefault("schemas", {})
        if self not in known:
            local = [check_of(rule) for rule in self.rules if rule.scope == "row"]
            columns = {f.name: f.column for f in self.fields.values()}
            known[self] = pandera.DataFrameSchema(columns, checks=local, name=self.name, title=self.title, description=self.meaning)
        schema: pandera.DataFrameSchema = known[self]
        return schema

    def __hash__(self) -> int:
        return hash((self.id, self.extensions))


def of_model(
    name: str, version: str, title: str, row: str, key: tuple[str, ...], model: type[pandera.DataFrameModel], **rest: Any
) -> Contract:
    """A contract whose fields are written as a pandera model with `contracts.fields.field`; its docstring is the meaning.

    Raises
    ------
    ContractError
        CHECK-UNREGISTERED where the model has checks of its own: a contract that can be written down names them, see `contracts.checks`.

    Examples
    --------
    >>> from contracts.customers import Customers
    >>> of_model("people", "1.0", "People", "one row per person", ("customer_id",), Customers).meaning
    'One row per consumer, as the client sees them on the day of the file.'
    """
    schema = model.to_schema()
    own = tuple(_plain(column) for column in schema.columns.values())
    nameless = [f.name for f in own if len(schema.columns[f.name].checks) != len(f.checks)]
    if schema.checks or nameless:
        raise ContractError(
            "CHECK-UNREGISTERED", f"the model of {name} has checks without a registered name", found=", ".join(nameless) or "of the table",
            hint="register the check in contracts/checks.py and name it under `rules`",
        )  # fmt: skip
    return Contract(name, version, title, row, key, own, meaning=" ".join((model.__doc__ or "").split()), **rest)


def extend(contract: Contract, extensions: tuple[Field, ...]) -> Contract:
    """A contract with a feed's own fields.

    Raises
    ------
    ContractError
        EXTENSION-CLASH where a field of that name exists.
    """
    clash = [f.name for f in extensions if f.name in contract.fields]
    if clash:
        raise ContractError(
            "EXTENSION-CLASH", f"the contract {contract.id} has these fields already: {', '.join(clash)}",
            hint="map the column under `columns:`, or give the extension another name",
        )  # fmt: skip
    return replace(contract, extensions=(*contract.extensions, *extensions))


SHIPPED = (
    "assignments", "audience", "contacts", "customers", "events", "interactions", "lifetimes", "prospects", "recommendations", "scores",
    "segments", "subscribers", "transactions",
)  # fmt: skip


def names() -> tuple[str, ...]:
    """Names of the contracts that are shipped or were imported."""
    return tuple(sorted({*SHIPPED, *shelf.names()}))


def get(name: str) -> Contract:
    """The contract of a name or an id such as ``customers@1.0``: one that is shipped, or one that was imported.

    Raises
    ------
    ContractError
        CONTRACT-UNKNOWN with the closest name, CONTRACT-VERSION for another version; of an imported file that was changed since, as
        `contracts.odcs.load`.
    """
    base, _, version = name.partition("@")
    if base not in SHIPPED:
        return _imported(base, version)
    contract: Contract = import_module(f"contracts.{base}").CONTRACT
    if version and version != contract.version:
        raise _another(base, contract.version, version)
    return contract


def _another(base: str, there: str, wanted: str) -> ContractError:
    return ContractError(
        "CONTRACT-VERSION", f"the contract {base!r} is at another version", found=there, expected=wanted[:60],
        hint=f"name one that is there, or {base} alone for the newest",
    )  # fmt: skip


def _imported(base: str, version: str) -> Contract:
    if found := shelf.find(base, version or None):
        return found
    if there := shelf.versions(base):
        raise _another(base, ", ".join(there), version)
    near = process.extractOne(base, names())
    raise ContractError(
        "CONTRACT-UNKNOWN", f"there is no contract named {base[:60]!r}", expected=", ".join(names()),
        hint=f"did you mean {near[0]!r}?" if near and near[1] > 75 else "millrace contracts import takes one in",
    )  # fmt: skip


def _plain(column: pandera.Column) -> Field:
    meta = dict(column.metadata)
    return Field(
        name=column.name, title=column.title, meaning=column.description, type=column.dtype.type.pyarrow_dtype,
        nullable=column.nullable, required=column.required, unique=column.unique, **meta,
    )  # fmt: skip


def _jsonable(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return [_jsonable(getattr(value, f.name)) for f in dataclasses.fields(value)]
    if isinstance(value, tuple | list):
        return [_jsonable(each) for each in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)
