"""The YAML of a client and of its feeds as frozen values: ``client.yaml`` and ``<feed>.yaml``."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from connectors.parsing.countries import CODES as COUNTRIES
from contracts import contract as contracts
from contracts.batch import ROW_ID
from contracts.contract import Contract
from contracts.digest import sha256_json
from contracts.fields import TYPES
from contracts.fields import Field as ContractField
from contracts.patterns import fault

POSITION = "record_position"
WITHIN = "position_within"
RESERVED = (POSITION, WITHIN)
"""Words under `from:` that are no header: the record's number in its file; its number within the group of another field."""

Order = Literal["dmy", "mdy", "ymd"]
Value = str | bool | int | float
Part = Literal["first", "last", "salutation", "street", "postcode", "city", "region", "country", "birth_year"]
"""What of a column a field takes: of a full name, of an address in one cell, or a year of birth."""
Names = Literal["first_last", "last_first"]
Kind = Literal["text", "code", "category", "number", "date", "flag", "country", "currency", "email", "postcode"]


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _texts(value: Any) -> Any:
    """Keys and null words are texts, whatever YAML takes them for."""
    if isinstance(value, Mapping):
        return {_text(k): v for k, v in value.items()}
    return tuple(_text(v) for v in value) if isinstance(value, list | tuple) else value


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else "" if value is None else str(value)


Several = Annotated[tuple[str, ...], BeforeValidator(_several)]
Words = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Map = Annotated[dict[str, Value], BeforeValidator(_texts)]
Share = Annotated[float, Field(ge=0, le=1)]
Counted = Annotated[int, Field(ge=1)]
"""Characters, tables and rows are counted from 1."""


class Frozen(BaseModel):
    """Unknown keys are errors; values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ReadingSpec(Frozen):
    """How the files are written; what is absent is found out.

    `encoding` counts for text of every kind; `delimiter`, `quote` and `escape` for delimited text; `widths` (characters of each column)
    makes a file fixed width; `path` says where the rows of JSON are; `sheet` names a workbook's sheet; `table`, `header_row` and
    `header_rows` count wherever a header is a record of the file. JSON and Parquet name their columns themselves.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    widths: tuple[Counted, ...] = ()
    path: str | None = None
    sheet: str | None = None
    table: Counted | None = None
    header_row: Annotated[int, Field(ge=0)] | None = None
    header_rows: Counted | None = None
    total_words: Words = ()
    null_words: Words = ()
    decimal: Literal[",", "."] | None = None
    thousands: str | None = None
    dates: Order | None = None

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str | None) -> str | None:
        try:
            text = name is None or codecs.lookup(name)._is_text_encoding
        except (LookupError, ValueError):
            text = False
        if not text:
            raise ValueError("there is no such encoding; names are utf-8, cp1252, utf-16")
        return name

    @field_validator("delimiter", "quote", "escape")
    @classmethod
    def _signs(cls, sign: str | None, about: ValidationInfo) -> str | None:
        if sign is None:
            return sign
        if set(sign) & set("\r\n\0"):
            raise ValueError("it holds the end of a line")
        if about.field_name == "delimiter" and not 0 < len(sign) <= 8:
            raise ValueError("it is one to eight characters")
        if about.field_name != "delimiter" and len(sign) > 1:
            raise ValueError("it is one character, or none")
        return sign

    @model_validator(mode="after")
    def _marks_differ(self) -> ReadingSpec:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("`decimal` and `thousands` are the same mark")
        return self


class ColumnSpec(Frozen):
    """Where a field's values come from and how they are written.

    Parameters
    ----------
    source : tuple of str
        YAML ``from``: a header, several headers, or a word of `RESERVED`.
    of : str, optional
        For ``position_within``: the field whose groups are counted.
    constant : str, number or bool, optional
        One value for all rows.
    join : str
        Between several columns.
    part : str, optional
        What of each cell the field takes: ``first``, ``last`` or ``salutation`` of a full name; ``street``, ``postcode``, ``city``,
        ``region`` or ``country`` of an address; ``birth_year`` for an extension that holds years of birth.
    names : {"first_last", "last_first"}
        The order of full names without a comma; ``first_last`` where nothing is said.
    values : dict
        The file's words and what they mean in the contract.
    otherwise : str
        What an unknown word becomes: ``fail``, ``blank``, or a value.
    null_words : tuple of str
        Words of this column that mean nothing was recorded.
    parse : str, optional
        Another parser than the field's type asks for.
    optional : bool
        The file may lack the column.

    Examples
    --------
    >>> ColumnSpec.model_validate({"from": "Anrede", "values": {"Frau": "female"}}).source
    ('Anrede',)
    >>> ColumnSpec.model_validate({"from": "Name", "part": "last"}).part
    'last'
    """

    source: Several = Field(default=(), alias="from")
    of: str | None = None
    constant: Value | None = None
    join: str = " "
    part: Part | None = None
    names: Names | None = None
    dates: Order | None = None
    decimal: Literal[",", "."] | None = None
    thousands: str | None = None
    values: Map = {}
    otherwise: Value = "fail"
    null_words: Words = ()
    parse: Kind | None = None
    optional: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers it needs."""
        return () if set(self.source) & set(RESERVED) else self.source

    @model_validator(mode="after")
    def _one_source(self) -> ColumnSpec:
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("`decimal` and `thousands` are the same mark")
        if bool(self.source) == (self.constant is not None):
            raise ValueError("give either `from` or `constant`")
        if (self.source == (WITHIN,)) != (self.of is not None):
            raise ValueError("`of` belongs to `from: position_within`")
        if self.part is not None and not self.headers:
            raise ValueError("`part` needs a column of the file under `from`")
        if self.names is not None and self.part not in ("first", "last", "salutation"):
            raise ValueError("`names` belongs to a part of a full name: first, last or salutation")
        return self


class ExtensionSpec(ColumnSpec):
    """A field that the contract does not have, fully declared.

    Parameters
    ----------
    title, meaning, type, unit, role, personal, on_bad, tolerated
        As `contracts.fields.Field` has them.
    currency : str, optional
        Field of the same row that names the currency of the money.
    synonyms : tuple of str
        Other names.
    tolerances : dict of rule to share
        Other shares for single rules.
    required, unique : bool
        No cell may be empty; no value occurs twice.
    least, most : number or day, optional
        Bounds of a number, a day or a moment; of a text's length in characters.
    pattern : str, optional
        What a text must match, as RE2 has it.
    codes : tuple of str
        What a text may be; without them the targets of `values`.

    Examples
    --------
    >>> said = {"from": "Schuhe", "title": "Shoe size", "meaning": "Size.", "type": "whole", "least": 20, "most": 50}
    >>> ExtensionSpec.model_validate(said).field("shoe_size").rules
    (('ge', 20), ('le', 50))
    """

    title: str
    meaning: str
    type: Literal["text", "whole", "real", "flag", "day", "moment"]
    unit: str | None = None
    role: Literal["input", "label", "leak", "info"] = "input"
    personal: Literal["none", "quasi", "sensitive", "direct"] = "none"
    on_bad: Literal["reject", "blank", "warn"] = "blank"
    tolerated: Share = 0.05
    currency: str | None = None
    synonyms: Words = ()
    tolerances: dict[str, Share] = {}
    required: bool = False
    unique: bool = False
    least: int | float | date | datetime | None = None
    most: int | float | date | datetime | None = None
    pattern: str | None = None
    codes: Words = ()

    def field(self, name: str) -> ContractField:
        """The contract field it declares; a text's allowed codes are those said, or the targets of `values`."""
        targets = [*self.values.values(), *([self.otherwise] if self.otherwise not in ("fail", "blank") else [])]
        codes = self.codes or (tuple(dict.fromkeys(str(v) for v in targets)) if self.values else ())
        return ContractField(
            name=name, title=self.title, meaning=self.meaning, type=TYPES[self.type], unit=self.unit, currency=self.currency,
            synonyms=self.synonyms, role=self.role, personal=self.personal, on_bad=self.on_bad, tolerated=self.tolerated,
            tolerances=tuple(self.tolerances.items()), nullable=not self.required, required=self.required, unique=self.unique,
            allowed=codes if codes and self.type == "text" else None, rules=self._rules(),
        )  # fmt: skip

    def _rules(self) -> tuple[tuple[str, Any], ...]:
        found: list[tuple[str, Any]] = [("str_matches", self.pattern)] if self.pattern is not None else []
        if self.type == "text":
            return (*found, ("str_length", (self.least, self.most))) if (self.least, self.most) != (None, None) else tuple(found)
        bounds = [("ge", self.least), ("le", self.most)]
        return (*found, *((rule, _bound(value, self.type)) for rule, value in bounds if value is not None))

    @model_validator(mode="after")
    def _fits_its_type(self) -> ExtensionSpec:
        if (self.pattern or self.codes) and self.type != "text":
            raise ValueError("`pattern` and `codes` belong to a text")
        if self.pattern is not None and (why := fault(self.pattern)):
            raise ValueError(f"the pattern cannot be used: {why}")
        if not all(bound is None or _fits(bound, self.type) for bound in (self.least, self.most)):
            raise ValueError("`least` and `most` are values of the field's type; of a text, lengths")
        return self


def _fits(bound: Any, kind: str) -> bool:
    """Whether a bound is a value of a type that has an order, or a text's length."""
    if kind == "text":
        return isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0
    if kind in ("day", "moment"):
        return isinstance(bound, date)
    return kind in ("whole", "real") and isinstance(bound, int | float) and not isinstance(bound, bool)


def _bound(value: Any, kind: str) -> Any:
    """A bound as the rule has it: moments are in UTC, and a day is its first moment."""
    if kind == "moment":
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return value.date() if isinstance(value, datetime) else value


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
    extensions: dict[str, ExtensionSpec] = {}
    ignored: Words = ()
    joins: tuple[JoinSpec, ...] = ()
    defaults: dict[str, Value] = {}

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


class ClientSpec(Frozen):
    """A client company."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")]
    title: str
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    language: str = "en"
    time_zone: str = "UTC"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    products: tuple[str, ...] = ()
    theme: dict[str, str] = {}
    policies: dict[str, Any] = {}

    @field_validator("country")
    @classmethod
    def _country(cls, code: str) -> str:
        if code not in COUNTRIES.split():
            raise ValueError("there is no such country; it is a code of ISO 3166, such as DE")
        return code

    @field_validator("products")
    @classmethod
    def _once(cls, products: tuple[str, ...]) -> tuple[str, ...]:
        if twice := sorted({name for name in products if products.count(name) > 1}):
            raise ValueError(f"named twice: {', '.join(twice)}")
        return products

    @field_validator("theme")
    @classmethod
    def _colours(cls, theme: dict[str, str]) -> dict[str, str]:
        if "accent" in theme and not re.fullmatch("#[0-9a-fA-F]{6}", theme["accent"]):
            raise ValueError("accent is # and six hexadecimal digits, such as #1f5f8b")
        return theme
