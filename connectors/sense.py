"""What a value betrays beside its neighbours and the file's own date: impossible days, lost zeros and letters, contradictions."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import BIRTH, Column, Setting
from connectors.parsing.cells import Mask, flags, layout, owners
from connectors.parsing.countries import POSTCODE_DIGITS
from connectors.parsing.moments import day_of
from connectors.relation import AMOUNT, amounts
from contracts.contract import Contract
from contracts.origin import Origin

OLDEST = 120
PLACEHOLDERS = (date(1900, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1901, 1, 1), date(1, 1, 1), date(9999, 12, 31))
"""Days that systems write for nothing."""
NAMES = frozenset(("first_name", "last_name", "street", "city", "region", "occupation"))
"""Fields of words in which no question mark stands before a letter; free text may hold one."""
FULL, FEW = 0.05, 20
"""Share of a country's postcodes in digits that are as long as they should be, from which those a digit short have lost a zero; with fewer
that many short ones are postcodes of another country."""
LOST = r"(?:^|\pL)\?\pL"
EPOCH = date(1970, 1, 1)


def judge(columns: dict[str, Column], contract: Contract, setting: Setting) -> dict[str, Column]:
    """The columns with what their values betray: flagged, or zeros and towns put back in their place."""
    judged = dict(columns)
    if setting.multiplied and set(AMOUNT) <= set(columns):
        judged["amount"] = amounts(columns)
    for name, column in columns.items():
        word = contract.fields[name].type_word
        if word in ("day", "moment"):
            judged[name] = _plausible(name, column, word, setting)
    for name in sorted(NAMES & set(judged)):
        judged[name] = judged[name].failing("lost_letter", _without_letter(judged[name].values))
    if "postcode" in judged:
        judged |= _in_place(judged, setting)
        judged["postcode"] = _padded(judged["postcode"], judged.get("country"), setting)
    return judged


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


def _without_letter(values: pa.Array) -> Mask:
    """Words with a question mark for a letter that some program could not write."""
    found = np.zeros(len(values), bool)
    data, start, length = layout(values)
    rows = owners(np.flatnonzero(data == ord("?")), start, length)
    found[rows] = flags(pc.match_substring_regex(values.take(pa.array(rows)), LOST))
    return found


def _in_place(columns: dict[str, Column], setting: Setting) -> dict[str, Column]:
    """Postcode and town, in each other's column put right; a postcode without a digit and a town of digits alone are flagged."""
    code, town = columns["postcode"], columns.get("city")
    wordy = _matching(code.values, False, r"^[^0-9]*\pL[^0-9]*$") & _lives_in_digits(columns.get("country"), setting)
    if town is None:
        return {"postcode": code.failing("digits", wordy)}
    digits = _matching(town.values, True, r"^[0-9]+$")
    both = wordy & digits & _matching(town.values, True, r"^[0-9]{4,5}$")
    code, town = _exchanged(code, town, both), _exchanged(town, code, both)
    return {"postcode": code.failing("digits", wordy & ~both), "city": town.failing("words", digits & ~both)}


def _matching(values: pa.Array, digit: bool, pattern: str) -> Mask:
    """Texts that begin with a digit, or with none, and match; few columns have many of the wrong sort."""
    data, start, length = layout(values)
    full = np.flatnonzero(length > 0)
    first = data[start[full]]
    rows = full[((first >= ord("0")) & (first <= ord("9"))) == digit]
    found = np.zeros(len(values), bool)
    found[rows] = flags(pc.match_substring_regex(values.take(pa.array(rows)), pattern))
    return found


def _exchanged(column: Column, other: Column, rows: Mask) -> Column:
    """A column with another's values in some rows."""
    if not rows.any():
        return column
    values = pc.if_else(pa.array(rows), other.values, column.values)
    return Column(values, np.where(rows, np.uint8(Origin.REPAIRED), column.origins), column.failures)


def _lives_in_digits(country: Column | None, setting: Setting) -> Mask | bool:
    """Rows of countries whose postcodes are digits."""
    if country is None:
        return setting.country in POSTCODE_DIGITS
    known = pa.array(sorted(POSTCODE_DIGITS), country.values.type)
    return flags(pc.is_in(country.values.fill_null(setting.country), value_set=known))


def _padded(column: Column, country: Column | None, setting: Setting) -> Column:
    """Postcodes one digit short get the zero that some program took away; where hardly any is as long as it should be they are flagged."""
    if not len(column.values):
        return column
    length = pc.utf8_length(column.values)
    for code, digits in _countries(country, setting):
        short = flags(pc.equal(length, digits - 1))
        if not short.any():
            continue
        figures = flags(pc.match_substring_regex(column.values, r"^[0-9]+$")) & _lives(country, code, setting)
        short &= figures
        full = int((figures & flags(pc.equal(length, digits))).sum())
        if short.sum() >= FEW and full < FULL * (full + short.sum()):
            column = column.failing("short", short)
        elif short.any():
            values = pc.if_else(pa.array(short), pc.binary_join_element_wise("0", column.values, ""), column.values)
            column = Column(values, np.where(short, np.uint8(Origin.REPAIRED), column.origins), column.failures)
    return column


def _countries(country: Column | None, setting: Setting) -> list[tuple[str, int]]:
    present = {setting.country, *(country.values.unique().to_pylist() if country else ())}
    return [(code, POSTCODE_DIGITS[code]) for code in sorted(c for c in present if c in POSTCODE_DIGITS)]


def _lives(country: Column | None, code: str, setting: Setting) -> Mask | bool:
    """Rows of a country; one without is taken for the client's own."""
    return setting.country == code if country is None else flags(pc.equal(country.values.fill_null(setting.country), code))
