"""What the values of a column look like: shares of shapes, words of lists, numbers and dates with their votes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import flags
from connectors.parsing.date_style import DAY, DateStyle, order_votes
from connectors.parsing.dates import local
from connectors.parsing.moments import with_offset
from connectors.parsing.styles import vote_decimal
from connectors.proposing.column import Column
from connectors.proposing.vocabulary import REGIONS, STATES, folded, words

PATTERNS: Mapping[str, str] = {
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s.]{2,}$",
    "url": r"(?i)^(https?://|www\.)|^[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|de|nl|fr|es|io|co\.uk)(/|$)",
    "phone": r"^(\+|00|\(|0)?[0-9][0-9 ()/.\-]{5,20}( ?(x|ext\.?) ?[0-9]+)?$",
    "phone_marked": r"^(\+[0-9]|00[1-9]|\(?0[1-9])[0-9 ()/.\-]{5,}( ?(x|ext).*)?$|^\(?[0-9]{2,4}[) /.\-]{1,2}[0-9]{2,4}[ /.\-]?[0-9]{2,5}",
    "ip": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$",
    "hash": r"^[0-9a-f]{16,}$|^[0-9a-f]{8}-[0-9a-f]{4}-",
    "json": r"^[\[{].*[\]}]$",
    "digits": r"^[0-9]+(\.0)?$",
    "whole": r"^-?[0-9]{1,3}([., '][0-9]{3})*$|^-?[0-9]+([.,]0+)?$",
    "number": r"^[-+(]?\s?[^\w\s]{0,1}\s?[-+]?[0-9][0-9., '\x{a0}\x{202f}]*\s?(€|\$|£|¥|%|EUR|USD|GBP|CHF|kr|zł|Kč)?\)?-?$"
    r"|^(EUR|USD|GBP|CHF|[-+] ?[€$£])\s?-?[0-9][0-9., ']*$",
    "code": r"^[\p{L}0-9][\p{L}0-9:_/.#\-]*$|^#[0-9A-Za-z\-]+$",
    "letters": r"^[\p{L}\p{M}][\p{L}\p{M}'’.`\- ,/&]*$",
    "one_word": r"^[\p{L}\p{M}'’.\-]+$",
    "capital": r"^\p{Lu}",
    "two_words": r"^[\p{L}\p{M}'’.\-]{1,}[, ]+[\p{L}\p{M}'’.\-]+( [\p{L}\p{M}'’.\-]+){0,4}$",
    "street": r"^([0-9]+[\p{L}]?[ ,]+.*\p{L}|\p{L}.*[ .]+[0-9]+ ?[\p{L}]?([-/ ].{0,12})?)$",
    "postcode": r"^[0-9]{3,6}(-[0-9]{3,4})?$|^[A-Za-z]{1,2}[0-9][0-9A-Za-z]?( ?[0-9][A-Za-z]{2})?$|^[A-Za-z][0-9][A-Za-z] ?[0-9A-Za-z]{3}$"
    r"|^[0-9]{4} ?[A-Za-z]{2}$|^[A-Za-z]{1,2}-[0-9]{4,5}$|^[0-9]{2,5}\.0$|^[0-9]{2,3}[- ][0-9]{2,4}$",
    "band": r"^(<|>|≤|≥|under|over|unter|über|ab|bis)? ?[0-9]{1,3} ?(-|–|bis|to|à|a|tot|y) ?[0-9]{1,3}( .*)?$|^[0-9]{2} ?\+$"
    r"|^(<|>|under|over|unter|über) ?[0-9]{2}$",
    "number_sign": r"^#[A-Za-z\-]{0,4}[0-9]{3,}$",
    "percent": r"%$",
    "sign": r"[€$£¥]|^(EUR|USD|GBP|CHF) | (EUR|USD|GBP|CHF)$",
    "text": r"\s\S+\s\S+\s\S+",
    "lead_zero": r"^0[0-9]+$",
    "compact_date": r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$",
    "date": r"^[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}([T ].*)?$|^[0-9]{1,2}(st|nd|rd|th)?[. -]+\p{L}{3,10}\.?[, -]+[0-9]{2,4}([ ,].*)?$"
    r"|^\p{L}{3,10}\.? [0-9]{1,2}(st|nd|rd|th)?,? [0-9]{4}([ ,].*)?$",
    "clock": r"[0-9]{1,2}:[0-9]{2}",
    "checkable": r"(?i)^[A-Z]{0,2}[0-9XYZ][0-9A-Z \-]{6,38}$",
    "time_only": r"^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?$",
}
LISTS = ("flag", "gender", "salutation", "country", "currency", "marital_status", "education", "contract_term", "contact_month", "channel")


@dataclass(frozen=True)
class Numbers:
    """Values of a column as numbers, and what they are like.

    Parameters
    ----------
    share : float
        Of the different values that are numbers.
    low, middle, high : float
        Smallest, weighted median, largest.
    whole, negative : float
        Shares of the numbers.
    """

    share: float = 0.0
    low: float = 0.0
    middle: float = 0.0
    high: float = 0.0
    whole: float = 0.0
    negative: float = 0.0


@dataclass(frozen=True)
class Dates:
    """Values of a column as dates.

    Parameters
    ----------
    share : float
        Of the different values that are dates.
    votes : mapping of str to int
        Values that can only be read in one order.
    first, middle, last : int
        Years.
    timed : float
        Share with a time of day other than midnight.
    ambiguous : bool
        Nothing says whether days or months come first.
    """

    share: float = 0.0
    votes: Mapping[str, int] | None = None
    first: int = 0
    middle: int = 0
    last: int = 0
    timed: float = 0.0
    ambiguous: bool = False

    @property
    def order(self) -> str:
        """The order that the votes give."""
        votes = self.votes or {}
        if votes.get("ymd") and not votes.get("dmy") and not votes.get("mdy"):
            return "ymd"
        return "mdy" if votes.get("mdy", 0) > votes.get("dmy", 0) else "dmy"


class Signals:
    """What a column's values look like; each thing is found out when it is first asked for.

    Examples
    --------
    >>> from connectors.proposing.column import columns
    >>> seen = Signals(columns(pa.table({"x": ["31.12.1980", "01.02.1990", "24.12.2001"]}))[0])
    >>> seen.dates.share, seen.dates.order, seen.dates.ambiguous, seen.of("email")
    (1.0, 'dmy', False, 0.0)
    """

    def __init__(self, column: Column, label: str | None = None, country: str = "") -> None:
        self.column, self.country = column, country
        self.label = label or column.name
        """The header without what it shares with most others. `country` is the client's, empty where it is not known."""
        self._found: dict[str, float] = {}

    def of(self, pattern: str) -> float:
        """Share of values with a pattern of `PATTERNS`."""
        return self.matching(PATTERNS[pattern])

    def matching(self, form: str) -> float:
        """Share of values that a regular expression finds something in."""
        if form not in self._found:
            self._found[form] = self.column.share(flags(pc.match_substring_regex(self.column.values, form)))
        return self._found[form]

    def listed(self, kind: str) -> float:
        """Share of values among the words of a list."""
        return self._among(kind, words(kind))

    @property
    def states(self) -> float:
        """Share of words for the state of a record."""
        return self._among("states", STATES)

    @property
    def regions(self) -> float:
        """Share of known states and provinces."""
        return self._among("regions", REGIONS)

    def _among(self, name: str, known: frozenset[str]) -> float:
        key = f"in {name}"
        if key not in self._found:
            self._found[key] = self.column.share(np.array([word in known for word in self.words], bool))
        return self._found[key]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The different values, folded."""
        return tuple(folded(text[:60]) for text in self.column.texts)

    @cached_property
    def numbers(self) -> Numbers:
        """As numbers."""
        fine = flags(pc.match_substring_regex(self.column.values, PATTERNS["number"]))
        if not fine.any() or self.of("date") > 0.5 or self.of("ip") > 0.5:
            return Numbers()
        comma = vote_decimal(self.column.values, "en").value == ","
        found = figures(self.column.values.filter(pa.array(fine)), comma)
        counts = self.column.counts[fine][~np.isnan(found)]
        found = found[~np.isnan(found)]
        if not len(found):
            return Numbers()
        order = np.argsort(found)
        middle = found[order][np.searchsorted(np.cumsum(counts[order]), counts.sum() / 2)]
        return Numbers(
            self.column.share(fine), float(found.min()), float(middle), float(found.max()), float(np.mean(found == np.round(found))),
            float(np.mean(found < 0)),
        )  # fmt: skip

    @cached_property
    def dates(self) -> Dates:
        """As dates."""
        shaped = flags(pc.match_substring_regex(self.column.values, PATTERNS["date"]))
        compact = self.of("compact_date") > 0.5
        shaped |= flags(pc.match_substring_regex(self.column.values, PATTERNS["compact_date"])) if compact else False
        if not shaped.any():
            return Dates()
        values = self.column.values.filter(pa.array(shaped))
        votes = {str(order): count for order, count in order_votes(values).items()}
        order = Dates(votes=votes).order
        stamps = _stamps(values, order)
        good = ~np.isnan(stamps)
        if not good.any():
            return Dates()
        shaped[shaped] = good
        years = np.sort(1970 + stamps[good] / DAY / 365.2425).astype(int)
        undecided = not any(votes[name] for name in ("dmy", "mdy")) and _open(values)
        timed = float(np.mean(stamps[good] % DAY != 0))
        return Dates(self.column.share(shaped), votes, int(years[0]), int(years[len(years) // 2]), int(years[-1]), timed, undecided)


def figures(values: pa.Array, comma: bool) -> npt.NDArray[np.float64]:
    """Texts as numbers; NaN where they are none."""
    bare = pc.replace_substring_regex(values, r"[^0-9.,\-()]", "")
    bare = pc.replace_substring_regex(bare, r"^\((.*)\)$|^(.*)-$", r"-\1\2")
    bare = pc.replace_substring(
        pc.replace_substring(bare, ".", "") if comma else pc.replace_substring(bare, ",", ""), "," if comma else " ", "." if comma else ""
    )
    fine = pc.match_substring_regex(bare, r"^-?[0-9]{1,15}(\.[0-9]*)?$|^-?\.[0-9]+$")
    found = pc.if_else(fine, bare, pa.scalar(None, pa.string())).cast(pa.float64())
    return np.asarray(pc.fill_null(found, float("nan")).to_numpy(zero_copy_only=False))


def _stamps(values: pa.Array, order: str) -> npt.NDArray[np.float64]:
    """Microseconds since 1970; NaN where a text is no date."""
    style = DateStyle(order)  # type: ignore[arg-type]
    parsed = local(values, style, frozenset())
    stamps = np.where(flags(parsed.values.is_valid()), pc.fill_null(parsed.values, 0).to_numpy(zero_copy_only=False).astype(float), np.nan)
    for place in np.flatnonzero(np.isnan(stamps))[:300]:
        text = values[int(place)].as_py().removesuffix(" UTC").replace(" UTC", "")
        found = with_offset(text, style) if "+" in text or text[-1:] == "Z" or "-" in text[-6:] else None
        again = local(pa.array([text]), style, frozenset()).values[0].as_py() if found is None else found
        stamps[place] = np.nan if again is None else again
    return stamps


def _open(values: pa.Array) -> bool:
    """Some value puts the day or the month first, and the two differ."""
    first = pc.extract_regex(values, r"^(?P<a>[0-9]{1,2})[./-](?P<b>[0-9]{1,2})[./-][0-9]{2,4}")
    rows = first.drop_null()
    if not len(rows):
        return False
    return bool(pc.any(pc.not_equal(rows.field("a").cast(pa.int64()), rows.field("b").cast(pa.int64()))).as_py())
