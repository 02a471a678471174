"""Patterns that somebody else writes: they run on RE2, in time that grows with the text alone, or are refused."""

from __future__ import annotations

import re

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

RULES = ("str_matches", "str_contains")
"""Rules whose value is a pattern."""
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


def check(rule: str, pattern: str) -> pandera.Check:
    """A rule as a check: ``str_matches`` holds from the start of a text, ``str_contains`` anywhere in it.

    pandera's own checks of these names have Python compile the pattern, which stops at what only RE2 knows, and pandas holds only the
    first of several alternatives to the start.

    Examples
    --------
    >>> texts = pd.Series(["ab", "xb", None], dtype=pd.ArrowDtype(pa.string()))
    >>> check("str_contains", r"\\pL\\z")(texts).check_passed, check("str_matches", "a|b")(texts).check_output.tolist()
    (True, [True, False])
    """
    sought = anchored(pattern) if rule == "str_matches" else pattern

    def matches(texts: pd.Series) -> pd.Series:
        found = pc.match_substring_regex(pa.array(texts.array), sought)
        return pd.Series(pd.arrays.ArrowExtensionArray(found), index=texts.index)

    return pandera.Check(matches, name=rule, error=rule)
