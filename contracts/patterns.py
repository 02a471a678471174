"""Patterns that somebody else writes: they run on RE2, in time that grows with the text alone, or are refused."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

UNKNOWN = {
    r"\(\?<?[=!]": "it looks ahead or behind",
    r"\\[1-9]|\(\?P=|\\k<": "it refers back to a group",
    r"\(\?>|[*+?}]\+": "it has groups or repeats that do not give back",
}
"""What other engines know and RE2 does not, in words."""


def fault(pattern: str) -> str | None:
    """Why a pattern cannot be used, or None.

    Examples
    --------
    >>> fault(r"^[A-Z]{2}$"), fault(r"(?=a)b"), fault(r"(a)\\1"), fault("(a+)+$")
    (None, 'it looks ahead or behind', 'it refers back to a group', None)
    """
    try:
        for each in (pattern, anchored(pattern)):
            pc.match_substring_regex(pa.array([""]), each)  # where there is no text at all, the pattern is not looked at
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return next((why for sign, why in UNKNOWN.items() if re.search(sign, pattern)), "it is no regular expression that RE2 knows")
    return None


def anchored(pattern: str) -> str:
    """The pattern held to the start of a text, all its alternatives; to the end only where it says so itself.

    Examples
    --------
    >>> pc.match_substring_regex(pa.array(["ab", "xb"]), anchored("^a|b")).to_pylist()
    [True, False]
    """
    return rf"\A(?:{pattern})"
