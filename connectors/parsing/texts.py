"""Free text: blanks at the edges, control characters, entities of the web, mojibake. Everything else stays as it is."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from connectors.parsing.cells import Bytes, Mask, Parsed, Whole, flags, layout, owners, settled

ODD = "\u00a0\u200b\ufeff\u2007\u202f\u200e\u200f\u00ad"
_WIDE = np.zeros(256, bool)
_WIDE[[0xC2, 0xE1, 0xE2, 0xE3, 0xEF]] = True
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LOW, _LINE_END = re.compile(r"[\x00-\x1f\x7f]"), re.compile("\x85")
UNDECODED = r"[\x{80}-\x{84}\x{86}-\x{9f}]"
"""Signs that no text holds: a letter that was read in another encoding than it was written in."""
KIN = ("iso8859-2", "iso8859-15", "iso8859-9", "iso8859-13", "iso8859-16")
"""Code pages that give such signs, tried in this order."""
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
MARKED = re.compile(r"'[-+]?[0-9][-+0-9.,:/()%€ ]*")
"""A number for which a spreadsheet was told that it is text."""
LATIN = "\u017f"
"""The last of the letters that one pair of bytes is believed to be; of others two must come together: ``Spaß“`` is no mojibake."""
_PUNCTUATION = "‚„“”‘’–—…•‹›€™"
_UNDEFINED = {chr(byte): byte for byte in range(0x80, 0xA0)}
"""Bytes that cp1252 does not define, and Latin-1 not as signs; programs read them as themselves."""


def parse(values: pa.Array, nulls: frozenset[str]) -> Parsed:
    """Text as text: trimmed, one blank for control characters, entities and mojibake mended; null words become null.

    Examples
    --------
    >>> parsed = parse(pa.array([" Ute ", "MÃ¼ller", "n/a", None, "A\\nB"]), frozenset({"n/a"}))
    >>> parsed.values.to_pylist(), parsed.repaired.tolist()
    (['Ute', 'Müller', None, None, 'A B'], [False, True, False, False, True])
    """
    values, repaired = tidy(values, nulls)
    bad = _undecoded(values)
    if bad.any():
        values = pc.if_else(pa.array(bad), pa.scalar(None, values.type), values)
    return Parsed(values, bad, repaired & ~bad, "undecoded")


def _undecoded(values: pa.Array) -> Mask:
    """Texts with control characters beyond ASCII, which begin with C2 as UTF-8."""
    data, start, length = layout(values)
    found = np.zeros(len(values), bool)
    if not len(data) or data.max() < 0x80:
        return found
    odd = np.flatnonzero(data[:-1] == 0xC2)
    rows = owners(odd[(data[odd + 1] >= 0x80) & (data[odd + 1] <= 0x9F)], start, length)
    found[rows] = flags(pc.match_substring_regex(values.take(pa.array(rows)), UNDECODED))
    return found


def vacant(values: pa.Array, nulls: frozenset[str]) -> Mask:
    """Cells that hold nothing: no text, or one of the null words in the same case."""
    data, start, length = layout(values)
    found: Mask = (length == 0) & flags(values.is_valid())
    words = [word.encode() for word in nulls if word]
    if len(data) and words:
        maybe = _like(data, start, length, words)
        found[maybe] = flags(pc.is_in(values.take(pa.array(maybe)), value_set=pa.array(sorted(nulls), values.type)))
    return found


def _like(data: Bytes, start: Whole, length: Whole, words: list[bytes]) -> Whole:
    """Texts as long as one of some words that begin as one of them does."""
    first, long = np.zeros(256, bool), np.zeros(max(map(len, words)) + 1, bool)
    first[[word[0] for word in words]] = long[[len(word) for word in words]] = True
    short = np.flatnonzero((length > 0) & (length < len(long)))
    short = short[long[length[short]]]
    rows: Whole = short[first[data[start[short]]]]
    return rows


def tidy(values: pa.Array, nulls: frozenset[str] | None = None) -> tuple[pa.Array, Mask]:
    """Blanks at the edges go, and words for nothing; control characters, entities and mojibake are mended, and the mask says where."""
    data, start, length = layout(values)
    suspect = np.zeros(len(values), bool) if nulls is None else vacant(values, nulls)
    for rows in _suspects(data, start, length) if len(data) else ():
        suspect[rows] = True
    return settled(values, np.flatnonzero(suspect), lambda text: _settled(text, nulls))


def _settled(text: str, nulls: frozenset[str] | None) -> tuple[str | None, bool]:
    bare = trim(text)
    clean = unscrambled(_spaced(trim(unescaped(bare)), _LOW))
    clean = _LINE_END.sub(" ", clean).strip()
    if nulls is not None and (not clean or clean in nulls):
        return None, False
    return clean, clean != bare


def _spaced(text: str, control: re.Pattern[str]) -> str:
    return _CONTROL.sub(" ", text).strip() if control.search(text) else text


def _suspects(data: Bytes, start: Whole, length: Whole) -> Iterator[Whole]:
    """Texts that may have blanks at the edges, control characters, entities or mojibake."""
    yield _edges(data, start, length)
    yield owners(np.flatnonzero(data == ord("&")), start, length)
    if data.min() < 32 or (data == 0x7F).any():
        yield owners(np.flatnonzero((data < 32) | (data == 0x7F)), start, length)
    if data.max() >= 0x80:
        # Â to ô as UTF-8 (C3 82 to C3 B4), and another sign beyond ASCII behind it: an ordinary text has that very rarely.
        lead = np.flatnonzero(data[:-2] == 0xC3)
        yield owners(lead[(data[lead + 1] >= 0x82) & (data[lead + 1] <= 0xB4) & (data[lead + 2] >= 0xC2)], start, length)
        odd = np.flatnonzero(data[:-1] == 0xC2)  # C2 80 to C2 9F are control characters
        yield owners(odd[(data[odd + 1] >= 0x80) & (data[odd + 1] <= 0x9F)], start, length)


def _edges(data: Bytes, start: Whole, length: Whole) -> Whole:
    """Texts that may begin or end with a blank of any kind; beyond ASCII these begin with C2, E1, E2, E3 or EF as UTF-8."""
    full = np.flatnonzero(length > 0)
    end = start[full] + length[full] - 1
    first, last = data[start[full]], data[end]
    odd = (first <= 32) | (last <= 32) | _WIDE[first]
    high = np.flatnonzero(last >= 0x80)
    odd[high] |= _WIDE[data[end[high] - 1]] | _WIDE[data[np.maximum(end[high] - 2, 0)]]
    rows: Whole = full[odd]
    return rows


def unmarked(text: str) -> str:
    """A number without the apostrophe by which a spreadsheet was told to take it for text.

    Examples
    --------
    >>> unmarked("'00123"), unmarked("'n'"), unmarked("'68er'")
    ('00123', "'n'", "'68er'")
    """
    return text[1:] if MARKED.fullmatch(text) else text


def trim(text: str) -> str:
    """Without blanks of any kind at the edges."""
    return text.strip().strip(ODD + " \t\r\n")


def unescaped(text: str) -> str:
    """Letters that the web's entities stand for, escaped once or more often; an ampersand of another kind stays.

    Examples
    --------
    >>> unescaped("Gr&uuml;n &amp;amp; S&#246;hne"), unescaped("AT&T; Fish & Chips")
    ('Grün & Söhne', 'AT&T; Fish & Chips')
    """
    while "&" in text:
        better = _ENTITY.sub(lambda entity: html.unescape(entity.group()), text)
        if better == text:
            break
        text = better
    return text


def unscrambled(text: str) -> str:
    """UTF-8 that was read as cp1252, or visibly as one of its kin, once or more often, put right; other text as it is.

    Examples
    --------
    >>> unscrambled("SchÃ¶n"), unscrambled("GrÃƒÂ¼n"), unscrambled("Ângström"), unscrambled("ÂµÃŸ§")
    ('Schön', 'Grün', 'Ângström', 'ÂµÃŸ§')
    """
    while True:
        better = _BEYOND.sub(_decoded, text)
        if len(better) >= len(text):
            return text
        text = better


def _decoded(run: re.Match[str]) -> str:
    text = run.group()
    odd = _CONTROL.search(text) is not None
    for page in ("", *KIN) if odd else ("",):
        try:
            fixed = (text.encode(page) if page else b"".join(_byte(sign) for sign in text)).decode("utf-8")
        except UnicodeError:
            continue
        far = sum(sign > LATIN and sign not in _PUNCTUATION for sign in fixed)
        if not _CONTROL.search(fixed) and far != 1:
            return fixed
    return text


def _byte(sign: str) -> bytes:
    return bytes([_UNDEFINED[sign]]) if sign in _UNDEFINED else sign.encode("cp1252")
