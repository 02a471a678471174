"""How columns write dates: the order of day, month and year, the words of months, the patterns; and votes on the order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pyarrow as pa

from connectors.parsing.texts import trim

Order = Literal["dmy", "mdy", "ymd"]
DAY = 86_400_000_000
"""Microseconds of a day."""
MONTHS: dict[str, int] = {}
for _n, _words in enumerate((
    "january jan januar jän jänner januari janvier enero ene",
    "february feb februar februari février fév febrero",
    "march mar märz mär maerz mrz maart mrt mars marzo",
    "april apr avril avr abril abr",
    "may mai mei mayo",
    "june jun juni juin junio",
    "july jul juli juillet julio",
    "august aug augustus août agosto ago",
    "september sep sept septembre septiembre",
    "october oct oktober okt octobre octubre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre déc diciembre dic",
), 1):  # fmt: skip
    MONTHS |= dict.fromkeys(_words.split(), _n)

_TIME = (
    r"(?:[T ]+(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r" ?(?P<ap>[AaPp]\.?[Mm]\.?)?(?: Uhr)? ?(?P<z>Z|[+-]\d{2}:?\d{2})?)?"
)
NUMERIC = re.compile(r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})" + _TIME)
DAY_WORD = re.compile(r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[. -]+(?P<w>[^\W\d]+)\.?[, -]+(?P<y>\d{4}|\d{2})" + _TIME)
WORD_DAY = re.compile(r"(?P<w>[^\W\d]+)\.? +(?P<d>\d{1,2})(?:st|nd|rd|th)?,? +(?P<y>\d{4})" + _TIME)
COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _TIME)


@dataclass(frozen=True)
class DateStyle:
    """How a column writes dates.

    Parameters
    ----------
    order : {"dmy", "mdy", "ymd"}
    latest : datetime.date, optional
        No two-digit year means a later day than this.
    birth : bool
        Two-digit years are years of birth: of people between 10 and 100 years old.
    """

    order: Order = "dmy"
    latest: date | None = None
    birth: bool = False


def order_votes(values: pa.Array) -> dict[Order, int]:
    """How many different texts can only be read in one order.

    Examples
    --------
    >>> order_votes(pa.array(["31.12.2020", "12/31/2020", "1.2.2020", "2020-01-31"]))
    {'dmy': 1, 'mdy': 1, 'ymd': 1}
    """
    votes: dict[Order, int] = {"dmy": 0, "mdy": 0, "ymd": 0}
    for text in values.unique().to_pylist():
        match = NUMERIC.fullmatch(trim(text or ""))
        if match:
            a, b = int(match["a"]), int(match["b"])
            votes["ymd"] += len(match["a"]) == 4
            votes["dmy"] += len(match["a"]) <= 2 and 12 < a <= 31 and b <= 12
            votes["mdy"] += len(match["a"]) <= 2 and 12 < b <= 31 and a <= 12
    return votes
