"""Where a field's values come from, and how they are written there."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from connectors.spec.values import Frozen, Map, Order, Several, Value, Words

POSITION = "record_position"
WITHIN = "position_within"
RESERVED = (POSITION, WITHIN)
"""Words under `from:` that are no header: the record's number in its file; its number within the group of another field."""

Part = Literal["first", "last", "salutation", "street", "postcode", "city", "region", "country", "birth_year"]
"""What of a column a field takes: of a full name, of an address in one cell, or a year of birth."""
Names = Literal["first_last", "last_first"]
Kind = Literal["text", "code", "category", "number", "date", "flag", "country", "currency", "email", "postcode"]


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
    values: Map = Field(default={})
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
