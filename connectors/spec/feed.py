"""A feed's connector: how its files become the contract's table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from connectors.spec.column import ColumnSpec
from connectors.spec.extension import ExtensionSpec
from connectors.spec.reading import ReadingSpec
from connectors.spec.values import Frozen, Value, Words
from contracts import contract as contracts
from contracts.batch import ROW_ID
from contracts.contract import Contract
from contracts.digest import sha256_json


class JoinSpec(Frozen):
    """Another sheet of the same workbook, joined to the left before mapping; `on` is a header of both."""

    sheet: str
    on: str


def _short(value: Any) -> Any:
    """``field: Header`` stands for ``field: {from: Header}``."""
    return {"from": value} if isinstance(value, str) else value


class FeedSpec(Frozen):
    """One connector: how a feed's files become the contract's table.

    Examples
    --------
    >>> spec = FeedSpec.model_validate({"feed": "acme/customers", "contract": "customers@1.0", "columns": {"customer_id": "Nr"}})
    >>> spec.client, spec.name, spec.columns["customer_id"].source
    ('acme', 'customers', ('Nr',))
    """

    feed: Annotated[str, Field(pattern=r"^[a-z0-9_-]+/[a-z0-9_-]+$")]
    contract: str
    status: Literal["draft", "confirmed"] = "draft"
    mode: Literal["snapshot", "append", "correction"] = "snapshot"
    duplicates: Literal["set_aside", "keep"] | None = None
    reading: ReadingSpec = ReadingSpec()
    columns: dict[str, Annotated[ColumnSpec, BeforeValidator(_short)]]
    extensions: dict[str, ExtensionSpec] = Field(default={})
    ignored: Words = ()
    joins: tuple[JoinSpec, ...] = ()
    defaults: dict[str, Value] = Field(default={})

    @model_validator(mode="after")
    def _parts_fit(self) -> FeedSpec:
        """A year of birth is no age and no day: nothing may take it for one."""
        if wrong := [name for name, spec in self.columns.items() if spec.part == "birth_year"]:
            raise ValueError(f"`part: birth_year` belongs to an extension of the type whole, not to {', '.join(wrong)}")
        several = {name: spec.type for name, spec in self.extensions.items() if spec.part}
        if wrong := [name for name, kind in several.items() if kind != ("whole" if self.extensions[name].part == "birth_year" else "text")]:
            raise ValueError(f"a part of a column is a text, and a year of birth a whole number: {', '.join(wrong)}")
        return self

    @field_validator("extensions")
    @classmethod
    def _names(cls, extensions: dict[str, ExtensionSpec]) -> dict[str, ExtensionSpec]:
        if wrong := [name for name in extensions if name == ROW_ID or not re.fullmatch("[a-z][a-z0-9_]{0,62}", name)]:
            raise ValueError(f"a field's name is small letters, digits and underscores, and not {ROW_ID}: {', '.join(map(repr, wrong))}")
        return extensions

    @property
    def client(self) -> str:
        """The client's name."""
        return self.feed.split("/")[0]

    @property
    def name(self) -> str:
        """The feed's name within its client."""
        return self.feed.split("/")[1]

    @cached_property
    def table(self) -> Contract:
        """The contract with this feed's extensions."""
        added = tuple(extension.field(name) for name, extension in self.extensions.items())
        base = contracts.get(self.contract)
        return contracts.extend(base, added) if added else base

    @cached_property
    def all_columns(self) -> dict[str, ColumnSpec]:
        """Columns and extensions in the contract's order of fields, then the defaults as constants."""
        given = {**self.columns, **self.extensions}
        given |= {name: ColumnSpec(constant=value) for name, value in self.defaults.items() if name not in given}
        return {name: given[name] for name in self.table.fields if name in given}

    @property
    def unknown_fields(self) -> tuple[str, ...]:
        """Names under `columns` and `defaults` that the contract does not have."""
        return tuple(name for name in (*self.columns, *self.defaults) if name not in self.table.fields)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that a file must have."""
        return tuple(dict.fromkeys(_headers(self.all_columns.values())))

    @cached_property
    def digest(self) -> str:
        """Identity of the connector's content."""
        return sha256_json(self.model_dump(mode="json", by_alias=True))


def _headers(columns: Any) -> Iterator[str]:
    for column in columns:
        if not column.optional:
            yield from column.headers
