"""How the files of a feed are written, as far as it is said."""

from __future__ import annotations

import codecs
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from connectors.spec.values import Counted, Frozen, Order, Words


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
