"""A client's accent colour, checked, and made dark enough to read."""

from __future__ import annotations

import re

from contracts.errors import RunError

DEFAULT = "#1f5f8b"
HEX = re.compile(r"#[0-9a-fA-F]{6}")


def accent(colour: str | None) -> str:
    """The accent of a page: six hexadecimal digits, or the house's own where none is given.

    Raises
    ------
    RunError
        THEME-ACCENT for anything but ``#rrggbb``.

    Examples
    --------
    >>> accent(None), accent("#AA0000")
    ('#1f5f8b', '#aa0000')
    """
    if colour is None:
        return DEFAULT
    if not HEX.fullmatch(colour):
        raise RunError(
            "THEME-ACCENT", "the accent colour of the client is not a colour", expected="# and six hexadecimal digits, such as #1f5f8b",
            hint="correct theme: accent: in client.yaml",
        )  # fmt: skip
    return colour.lower()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG defines it.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, paper: str = "#ffffff", least: float = 4.5) -> str:
    """The colour, darkened until text in it can be read on the paper.

    Examples
    --------
    >>> contrast(readable("#ffee00"), "#ffffff") >= 4.5
    True
    """
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    while contrast(colour, paper) < least:
        parts = [int(part * 0.94) for part in parts]
        colour = "#" + "".join(f"{part:02x}" for part in parts)
    return colour


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
