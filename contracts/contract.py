"""Contract: a versioned table definition, one frozen value."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import Literal

import pandas as pd
import pandera.pandas as pandera
from rapidfuzz import process

from contracts.errors import ContractError
from contracts.fields import Field

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
    model : type of pandera.DataFrameModel
        The fields and their row-local checks.
    duplicates : {"set_aside", "keep"}
        What an exact repeat of a whole record means.
    history : bool
        Rows are a customer's history: accepted rows are partitioned by a hash of `customer_id`.
    extensions : tuple of Field
        Fields that a feed adds.

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
    model: type[pandera.DataFrameModel]
    duplicates: Literal["set_aside", "keep"] = "set_aside"
    history: bool = False
    extensions: tuple[Field, ...] = ()

    @property
    def id(self) -> str:
        """``name@version``."""
        return f"{self.name}@{self.version}"

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Fields by name: the model's, then the extensions."""
        own = {name: _plain(column) for name, column in self.model.to_schema().columns.items()}
        return {**own, **{f.name: f for f in self.extensions}}

    def schema(self) -> pandera.DataFrameSchema:
        """The pandera schema with the extensions; built once per thread."""
        known = _cache.__dict__.setdefault("schemas", {})
        if self not in known:
            added = {f.name: _column(f) for f in self.extensions}
            known[self] = self.model.to_schema().add_columns(added) if added else self.model.to_schema()
        schema: pandera.DataFrameSchema = known[self]
        return schema

    def __hash__(self) -> int:
        return hash((self.id, self.extensions))


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


SHIPPED = ("customers", "prospects", "scores", "lifetimes", "subscribers", "transactions")


def names() -> tuple[str, ...]:
    """Names of the contracts that are shipped."""
    return tuple(sorted(SHIPPED))


def get(name: str) -> Contract:
    """The contract of a name or an id such as ``customers@1.0``.

    Raises
    ------
    ContractError
        CONTRACT-UNKNOWN with the closest name, CONTRACT-VERSION for another version.
    """
    base, _, version = name.partition("@")
    if base not in SHIPPED:
        near = process.extractOne(base, SHIPPED)
        raise ContractError(
            "CONTRACT-UNKNOWN", f"there is no contract named {base!r}", expected=", ".join(names()),
            hint=f"did you mean {near[0]!r}?" if near and near[1] > 60 else "millrace products lists what contracts serve",
        )  # fmt: skip
    contract: Contract = import_module(f"contracts.{base}").CONTRACT
    if version and version != contract.version:
        raise ContractError("CONTRACT-VERSION", f"the contract {base!r} is at another version", found=contract.version, expected=version)
    return contract


def _plain(column: pandera.Column) -> Field:
    meta = dict(column.metadata)
    return Field(
        name=column.name, title=column.title, meaning=column.description, type=column.dtype.type.pyarrow_dtype,
        nullable=column.nullable, required=column.required, **meta,
    )  # fmt: skip


def _column(field: Field) -> pandera.Column:
    return pandera.Column(
        pd.ArrowDtype(field.type), checks=field.checks, nullable=field.nullable, required=False, coerce=False,
        title=field.title, description=field.meaning,
    )  # fmt: skip
