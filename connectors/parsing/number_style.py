"""How columns write numbers: marks, signs of currencies, grouping; and texts cleaned of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "zł": "PLN", "kr": "SEK", "CHF": "CHF", "Fr.": "CHF", "Kč": "CZK", "₹": "INR"}
CODES = ("EUR", "USD", "GBP", "JPY", "CHF", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "INR")
PERCENT_UNITS = {"percent": 1.0, "%": 1.0, "share": 0.01, "probability": 0.01}
BLANK = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]?"


@dataclass(frozen=True)
class NumberStyle:
    """How a column writes numbers.

    Parameters
    ----------
    decimal, thousands : str
        One character each; thousands may be empty.
    currency : str, optional
        The one that the client counts in; the sign or code of another makes a cell bad.
    unit : str, optional
        Of the field; decides what a percent sign means.
    whole : bool
        Only whole numbers are values.
    """

    decimal: str = "."
    thousands: str = ","
    currency: str | None = None
    unit: str | None = None
    whole: bool = False


@lru_cache(maxsize=64)
def _steps(style: NumberStyle) -> tuple[tuple[str, str], ...]:
    """What is taken off or turned round before a text can be a plain number; patterns that RE2 and Python read alike."""
    own = [re.escape(sign) for sign, code in SIGNS.items() if style.currency in (None, code)]
    own += [code for code in CODES if style.currency in (None, code)] + ([style.currency] if style.currency else [])
    money = "|".join(dict.fromkeys(own))
    return (
        ("\N{MINUS SIGN}|\N{EN DASH}", "-"),
        (rf"^(-?)(?:{money}){BLANK}(-?)", r"\1\2"),
        (rf"{BLANK}(?:{money})(-?)$", r"\1"),
        (r"^\+", ""),
        (r"^([0-9][^-]*[0-9]|[0-9]) ?-$", r"-\1"),
        (f"^-{BLANK}", "-"),
    )


@lru_cache(maxsize=64)
def _grouping(style: NumberStyle) -> tuple[str, str]:
    """The pattern of a grouped number, and of what groups it."""
    mark, signs = re.escape(style.decimal), (style.thousands, " ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "'", "’")
    group = "|".join(re.escape(sign) for sign in dict.fromkeys(signs) if sign)
    return rf"^-?[0-9]{{1,3}}(?:(?:{group})[0-9]{{3}})+(?:{mark}[0-9]+)?$", group


def cleaned(texts: pa.Array, style: NumberStyle) -> pa.Array:
    """Without currency and grouping, the minus in front; texts that are no such numbers stay as they are."""
    for pattern, instead in _steps(style):
        texts = pc.replace_substring_regex(texts, pattern, instead)
    pattern, group = _grouping(style)
    grouped = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    return pc.if_else(grouped, pc.replace_substring_regex(texts, group, ""), texts)


def clean(text: str, style: NumberStyle) -> str:
    """The same for one text."""
    steps, grouped, group = _compiled(style)
    for pattern, instead in steps:
        text = pattern.sub(instead, text)
    return group.sub("", text) if grouped.search(text) else text


@lru_cache(maxsize=64)
def _compiled(style: NumberStyle) -> tuple[tuple[tuple[re.Pattern[str], str], ...], re.Pattern[str], re.Pattern[str]]:
    grouped, group = _grouping(style)
    return tuple((re.compile(pattern), instead) for pattern, instead in _steps(style)), re.compile(grouped), re.compile(group)
