"""What a value betrays beside its neighbours and the file's own date: impossible days, lost zeros, contradictions."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import BIRTH, Column, Setting
from connectors.parsing.cells import Mask, flags
from connectors.parsing.countries import POSTCODE_DIGITS
from connectors.parsing.moments import day_of
from connectors.relation import AMOUNT, amounts, successions
from contracts.contract import Contract
from contracts.origin import Origin

OLDEST = 120
PLACEHOLDERS = (date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1901, 1, 1), date(1, 1, 1), date(9999, 12, 31))
"""Days that systems write for nothing."""
EPOCH = date(1970, 1, 1)


def judge(columns: dict[str, Column], contract: Contract, setting: Setting) -> dict[str, Column]:
    """The columns with what their values betray: flagged, and zeros put back."""
    judged = dict(columns)
    if setting.multiplied and set(AMOUNT) <= set(columns):
        judged["amount"] = amounts(columns)
    for name, column in columns.items():
        word = contract.fields[name].type_word
        if word in ("day", "moment"):
            judged[name] = _plausible(name, column, word, setting)
    if "postcode" in judged:
        judged["postcode"] = _padded(judged["postcode"], judged.get("country"), setting)
    return successions(judged)


def _plausible(name: str, column: Column, word: str, setting: Setting) -> Column:
    days = (
        column.values.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False)
        if word == "day"
        else day_of(column.values, setting.time_zone)
    )
    there = flags(column.values.is_valid())
    marks = [_number(day) for day in PLACEHOLDERS if word == "day" or day.year in (1, 9999)]
    column = column.failing("placeholder", there & np.isin(days, marks))
    if setting.written is not None:
        column = column.failing("future", there & ~column.bad & (days > _number(setting.written)))
    if name == BIRTH:
        first = (
            _number(setting.written.replace(year=setting.written.year - OLDEST, day=1)) if setting.written else _number(date(1900, 1, 1))
        )
        column = column.failing("too_old", there & ~column.bad & (days < first))
    return column


def _number(day: date) -> int:
    return (day - EPOCH).days


def _padded(column: Column, country: Column | None, setting: Setting) -> Column:
    """Postcodes one digit short get the zero that some program took away."""
    if not len(column.values):
        return column
    length = pc.utf8_length(column.values)
    for code, digits in _countries(country, setting):
        short = flags(pc.equal(length, digits - 1))
        if not short.any():
            continue
        short &= flags(pc.match_substring_regex(column.values, r"^[0-9]+$")) & _lives(country, code, setting)
        if short.any():
            values = pc.if_else(pa.array(short), pc.binary_join_element_wise("0", column.values, ""), column.values)
            column = Column(values, np.where(short, np.uint8(Origin.REPAIRED), column.origins), column.failures)
    return column


def _countries(country: Column | None, setting: Setting) -> list[tuple[str, int]]:
    present = {setting.country, *(country.values.unique().to_pylist() if country else ())}
    return [(code, POSTCODE_DIGITS[code]) for code in sorted(c for c in present if c in POSTCODE_DIGITS)]


def _lives(country: Column | None, code: str, setting: Setting) -> Mask | bool:
    """Rows of a country; one without is taken for the client's own."""
    return setting.country == code if country is None else flags(pc.equal(country.values.fill_null(setting.country), code))
