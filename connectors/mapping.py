"""Which columns of a file feed which fields, or why the file does not fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from connectors.spec.feed import FeedSpec
from contracts.errors import ColumnsError, Place, shape

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
MOST_LINES = 60


@dataclass(frozen=True)
class Fit:
    """How a header fits a connector.

    Parameters
    ----------
    columns : mapping of str to str
        Header in the connector: header in the file.
    near : tuple of (str, str)
        Those that are equal only after folding case, blanks and umlauts.
    unused : tuple of str
        Headers of the file that the connector does not take.
    unknown : tuple of str
        Those of them that it does not name under `ignored` either.
    absent : tuple of str
        Optional headers that the file lacks.
    """

    columns: Mapping[str, str]
    near: tuple[tuple[str, str], ...]
    unused: tuple[str, ...]
    unknown: tuple[str, ...]
    absent: tuple[str, ...]


def fold(header: str) -> str:
    """A header without case, blanks, dashes, underscores and umlauts.

    Examples
    --------
    >>> fold("Straße  Nr."), fold("STRASSE_NR.")
    ('strassenr.', 'strassenr.')
    """
    plain = unicodedata.normalize("NFC", header).casefold().replace("ß", "ss").translate(_UMLAUTS)
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "-_")


def fit(header: Sequence[str], feed: FeedSpec, place: Place) -> Fit:
    """Find every column of the connector in a file's header: exactly, or equal after `fold`; nothing looser.

    Raises
    ------
    ColumnsError
        COLUMNS-WRONG-FEED where most of the expected columns are missing, COLUMN-MISSING where some are; the details are the difference.
    """
    wanted = tuple(dict.fromkeys(h for column in feed.all_columns.values() for h in column.headers))
    keys = tuple(join.on for join in feed.joins)
    found = {name: _find(name, header) for name in dict.fromkeys((*wanted, *keys))}
    required = {*feed.headers, *keys}
    missing = [name for name in found if found[name] is None and name in required]
    columns = {name: there for name, there in found.items() if there is not None}
    if missing:
        raise _misfit(missing, required, header, columns, feed, place)
    unused = tuple(name for name in header if name not in columns.values())
    ignored = {fold(name) for name in feed.ignored}
    return Fit(
        columns, tuple((name, there) for name, there in columns.items() if name != there), unused,
        tuple(name for name in unused if fold(name) not in ignored), tuple(name for name in wanted if found[name] is None),
    )  # fmt: skip


def _find(name: str, header: Sequence[str]) -> str | None:
    if name in header:
        return name
    equal = [there for there in header if fold(there) == fold(name)]
    return equal[0] if len(equal) == 1 else None


def _misfit(
    missing: Sequence[str], required: set[str], header: Sequence[str], columns: Mapping[str, str], feed: FeedSpec, place: Place
) -> ColumnsError:
    free = [name for name in header if name not in columns.values()]
    known = {fold(name) for name in feed.ignored}
    lines = [f"- expected {name!r}{_fields(name, feed)}: not in the file{_closest(name, free)}" for name in missing]
    lines += [f"+ {shown(name)}: not in the connector" for name in free if fold(name) not in known]
    more = [f"… and {len(lines) - MOST_LINES} more"] if len(lines) > MOST_LINES else []
    wrong = len(missing) * 2 > len(required)
    return ColumnsError(
        "COLUMNS-WRONG-FEED" if wrong else "COLUMN-MISSING",
        f"the file is no {feed.feed}: {len(missing)} of {len(required)} expected columns are missing" if wrong
        else f"{len(missing)} of {len(required)} expected columns {'is' if len(missing) == 1 else 'are'} missing",
        place=place, details=[*lines[:MOST_LINES], *more],
        hint="check that it is the right file, or name the feed it belongs to" if wrong
        else "ask the sender for the column, or correct its header in the connector; `optional: true` lets a file lack it",
    )  # fmt: skip


def _fields(header: str, feed: FeedSpec) -> str:
    fields = [name for name, column in feed.all_columns.items() if header in column.headers]
    return f" ({', '.join(fields)})" if fields else ""


def shown(header: str) -> str:
    """A header as it is; a text that looks like a value, as of a file without a header, by its shape.

    Examples
    --------
    >>> shown("Anrede"), shown("anna@example.org")
    ("'Anrede'", 'a column shaped aa@aa.aa')
    """
    looks_like_value = "@" in header or sum(sign.isdigit() for sign in header) > 3 or len(header) > 60
    return f"a column shaped {shape(header)}" if looks_like_value else repr(header)


def _closest(name: str, free: Sequence[str]) -> str:
    near = process.extractOne(fold(name), {there: fold(there) for there in free}, scorer=fuzz.ratio)
    return f"; closest: {shown(near[2])} {near[1]:.0f} %" if near and near[1] >= 50 else ""
