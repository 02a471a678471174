"""A block's columns as fields: the right parser for each, values with origins and failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing import codes, countries, currencies, dates, mail, moments, numbers, texts, words
from connectors.parsing.cells import Mask, Parsed, by_unique, empty, flags, joined, mended
from connectors.parsing.date_style import DateStyle
from connectors.parsing.number_style import NumberStyle
from connectors.parsing.styles import Style
from connectors.reading.block import BLANK, BOOLEAN, DATE, NUMBER, TEXT, UNSTORED
from connectors.spec.column import ColumnSpec
from connectors.spec.feed import FeedSpec
from contracts.fields import Field
from contracts.origin import Origin, Origins

NOTHING = frozenset(("(null)", "#N/A", "#NV", "#NAME?", "#REF!", "#VALUE!", "\\N", "n/a", "N/A", "k.A.", "k. A.", "keine Angabe"))
"""Words that mean nothing in any column."""
NO_NAME = frozenset(("NULL", "null", "None", "nan", "NaN", "<NA>", "nil"))
"""Words that mean nothing unless they may be the name of a person."""
NO_VALUE = frozenset(("NA", "-", "--", "—", ".", "unbekannt", "unknown", "Null", "keine", "none", "leer"))
"""Words that mean nothing in columns of numbers, dates and closed lists."""
PERSONS = frozenset(("first_name", "last_name"))
BIRTH = "birth_date"
FORMULA = "unstored"
"""Rule that a formula breaks whose value the workbook does not hold: nothing is known of the cell, and its field decides about the row."""
SPECIAL = {"email": "email", "country": "country", "currency": "currency", "postcode": "postcode"}
"""Fields of any contract that have a parser of their own."""

_FORMS = {TEXT: "text", NUMBER: "number", DATE: "date", BOOLEAN: "boolean", BLANK: "blank", UNSTORED: "blank"}


@dataclass(frozen=True)
class Setting:
    """What the columns of a file have in common.

    Parameters
    ----------
    country, currency, language, time_zone : str
        Of the client.
    null_words : tuple of str
        Of the feed.
    written : datetime.date, optional
        When the file was written, where that is known.
    multiplied : bool
        The file's amounts are quantity times unit price.
    """

    country: str
    currency: str
    language: str
    time_zone: str
    null_words: tuple[str, ...] = ()
    written: date | None = None
    multiplied: bool = False


@dataclass(frozen=True)
class Column:
    """One field of a block.

    Parameters
    ----------
    values : pyarrow.Array
        Of the field's type.
    origins : uint8 array
        One `Origin` a cell.
    failures : tuple of (str, bool array)
        Rules and the cells that break them.
    """

    values: pa.Array
    origins: Origins
    failures: tuple[tuple[str, Mask], ...] = ()

    @classmethod
    def of(cls, parsed: Parsed, origin: Origin = Origin.SUPPLIED) -> Column:
        """A parsed column with the origin of its sound cells."""
        origins = np.full(len(parsed.values), origin, np.uint8)
        if parsed.repaired.any():
            origins[parsed.repaired] = Origin.REPAIRED
        if parsed.values.null_count:
            origins[flags(parsed.values.is_null())] = Origin.ABSENT
        return cls(parsed.values, origins, ((parsed.rule, parsed.bad),) if parsed.bad.any() else ())

    def failing(self, rule: str, bad: Mask) -> Column:
        """The column with one more failure."""
        return replace(self, failures=(*self.failures, (rule, bad))) if bad.any() else self

    def blanked(self, bad: Mask) -> Column:
        """The column with some cells emptied."""
        if not bad.any():
            return self
        values = pc.if_else(pa.array(bad), pa.scalar(None, self.values.type), self.values)
        return replace(self, values=values, origins=np.where(bad, np.uint8(Origin.ABSENT), self.origins))

    @property
    def bad(self) -> Mask:
        """Cells that break any rule so far."""
        found = np.zeros(len(self.values), bool)
        for _, bad in self.failures:
            found |= bad
        return found

    def take(self, keep: Mask) -> Column:
        """Some rows; failures are left behind."""
        return Column(self.values.filter(pa.array(keep)), self.origins[keep])


def kind_of(field: Field, spec: ColumnSpec) -> str:
    """The parser of a field.

    Examples
    --------
    >>> from contracts import contract
    >>> fields = contract.get("customers").fields
    >>> [kind_of(fields[name], ColumnSpec(source=("x",))) for name in ("customer_id", "email", "gender", "city", "income", "birth_date")]
    ['code', 'email', 'category', 'text', 'number', 'day']
    """
    own = {"text": "text", "whole": "number", "real": "number", "flag": "flag", "day": "day", "moment": "moment"}[field.type_word]
    if spec.parse and own == "text":
        return spec.parse
    if field.name in SPECIAL and own == "text":
        return SPECIAL[field.name]
    if field.role == "key":
        return "code"
    return "category" if own == "text" and (spec.values or field.allowed) else own


def null_words(field: Field, kind: str, spec: ColumnSpec, feed: tuple[str, ...]) -> frozenset[str]:
    """Words that mean nothing in a column.

    Examples
    --------
    >>> from contracts import contract
    >>> fields, spec = contract.get("customers").fields, ColumnSpec(source=("x",))
    >>> [("NULL" in null_words(fields[name], kind_of(fields[name], spec), spec, ())) for name in ("last_name", "city")]
    [False, True]
    """
    found = NOTHING | frozenset((*feed, *spec.null_words))
    if field.name in PERSONS:
        return found
    return found | NO_NAME if kind in ("text", "code", "postcode") else found | NO_NAME | NO_VALUE


def parse_column(
    values: pa.Array, kinds: npt.NDArray[np.uint8] | None, field: Field, spec: ColumnSpec, style: Style, setting: Setting
) -> Parsed:
    """A column's cells as values of a field; cells of a workbook each by its own kind."""
    present = [] if kinds is None else np.unique(kinds).tolist()
    if not set(present) - {TEXT, BLANK, UNSTORED}:
        return _parsed("text", values, field, spec, style, setting)
    assert kinds is not None
    parts = [(rows, _FORMS[kind]) for kind in present if len(rows := np.flatnonzero(kinds == kind))]
    outcomes = [_parsed(form, values.take(pa.array(rows)), field, spec, style, setting) for rows, form in parts]
    back = np.empty(len(values), np.int64)
    back[np.concatenate([rows for rows, _ in parts])] = np.arange(len(values))
    return joined(outcomes).take(back)


def _parsed(form: str, values: pa.Array, field: Field, spec: ColumnSpec, style: Style, setting: Setting) -> Parsed:
    kind = kind_of(field, spec)
    nulls = null_words(field, kind, spec, setting.null_words)
    if form == "blank":
        return empty(field.type, len(values), kind)
    if kind == "number":
        return _number(form, values, field, spec, style, setting, nulls)
    if kind in ("day", "moment"):
        return _date(form, values, field, style, setting, nulls)
    if kind in ("category", "flag", "country"):
        return words.parse(values, _words(kind, field, spec, frozenset((*setting.null_words, *spec.null_words))), nulls)
    if kind in ("code", "postcode"):
        return codes.parse(values, nulls, floated=style.floated or form == "number")
    if kind == "currency":
        return currencies.parse(values, nulls, {word: str(value) for word, value in spec.values.items()})
    return {"email": mail.parse, "text": texts.parse}[kind](values, nulls)


def _number(form: str, values: pa.Array, field: Field, spec: ColumnSpec, style: Style, setting: Setting, nulls: frozenset[str]) -> Parsed:
    currency = setting.currency if field.unit and field.unit.startswith("currency") else None
    values = numbers.unitless(values, field.unit) if form == "text" else values
    written = NumberStyle(style.decimal, style.thousands, currency, field.unit, field.type_word == "whole")
    if spec.values:
        stand_ins = {str(word): str(value).replace(".", style.decimal) for word, value in spec.values.items()}
        values, _ = mended(values, np.arange(len(values)), lambda text: stand_ins.get(texts.trim(text), text))
    return numbers.typed(values, written, nulls) if form == "number" else numbers.parse(values, written, nulls)


def _date(form: str, values: pa.Array, field: Field, style: Style, setting: Setting, nulls: frozenset[str]) -> Parsed:
    written = DateStyle("ymd" if form == "date" else style.dates, setting.written, field.name == BIRTH)
    if form == "number":
        found = dates.serial(values)
        return moments.placed(found, setting.time_zone) if field.type_word == "moment" else dates.days(found)
    if field.type_word == "day":
        return by_unique(values, lambda unique: dates.parse(unique, written, nulls))
    return by_unique(values, lambda unique: moments.parse(unique, written, setting.time_zone, nulls))


def _words(kind: str, field: Field, spec: ColumnSpec, nulls: frozenset[str]) -> words.WordList:
    """The words of a column; a null word of the connector means nothing even where the contract knows it, unless `values` names it."""
    otherwise = None if spec.otherwise in ("fail", "blank") else spec.otherwise
    if not isinstance(otherwise, bool | str):
        otherwise = None
    own = {word: value if isinstance(value, bool) else str(value) for word, value in spec.values.items()}
    blank = spec.otherwise == "blank"
    if kind == "country":
        return words.WordList(
            {**{word: code for word, code in countries.names().items() if word not in nulls}, **own}, "country", otherwise, blank
        )
    if kind == "flag":
        meaning = {
            word: value if isinstance(value, bool) else words.FLAGS.get(words.fold(str(value)), False) for word, value in own.items()
        }
        said = {words.fold(word) for word in meaning}
        typed = {word: target for word, target in (("true", True), ("false", False)) if meaning and word not in said}
        return words.WordList({**(meaning or words.FLAGS), **typed}, "flag", otherwise, blank, bool(meaning))
    return words.WordList(own or {word: word for word in field.allowed or () if word not in nulls}, "category", otherwise, blank)


def source_column(
    table: pa.Table, kinds: Mapping[str, npt.NDArray[np.uint8]] | None, headers: list[str], join: str
) -> tuple[pa.Array, npt.NDArray[np.uint8] | None]:
    """The cells that feed a field: one column, or several joined with what is not empty."""
    arrays = [_one_chunk(table.column(name)) for name in headers]
    if len(arrays) == 1:
        return arrays[0], None if kinds is None else kinds.get(headers[0])
    full = [pc.if_else(pc.equal(pc.utf8_trim_whitespace(a), ""), pa.scalar(None, a.type), pc.utf8_trim_whitespace(a)) for a in arrays]
    text = full[0]
    for more in full[1:]:  # binary_join_element_wise(null_handling="skip") leaves out rows in which all are null
        text = pc.coalesce(pc.binary_join_element_wise(text, more, join), text, more)
    return text, None


def without_value(kinds: Mapping[str, npt.NDArray[np.uint8]] | None, headers: Sequence[str], count: int) -> Mask:
    """Rows in which a cell that feeds a field is a formula whose value the workbook does not hold.

    Examples
    --------
    >>> without_value({"pay": np.array([NUMBER, UNSTORED], np.uint8)}, ["pay"], 2).tolist()
    [False, True]
    """
    found = np.zeros(count, bool)
    for name in headers if kinds is not None else ():
        found |= kinds[name] == UNSTORED if kinds is not None and name in kinds else False
    return found


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() if column.num_chunks else pa.array([], column.type)


def constant(value: str | bool | int | float, field: Field, count: int) -> Column:
    """One value for all rows; its origin is derived."""
    values = pa.repeat(pa.scalar(value).cast(field.type), count)
    return Column(values, np.full(count, Origin.DERIVED, np.uint8))


def declared_style(spec: ColumnSpec, feed: FeedSpec) -> dict[str, str]:
    """What the connector says about a column's style, by the names of `Style`."""
    reading = feed.reading
    said = {"decimal": spec.decimal or reading.decimal, "dates": spec.dates or reading.dates}
    thousands = spec.thousands if spec.thousands is not None else reading.thousands
    if said["decimal"] and (thousands is None or thousands == said["decimal"]):
        thousands = "." if said["decimal"] == "," else ","
    return {name: value for name, value in {**said, "thousands": thousands}.items() if value is not None}
