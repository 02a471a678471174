"""Damages of words: misspelt, in another case or encoding, or a word for nothing."""

from __future__ import annotations

import re
from html.entities import codepoint2name

from flows.rehearsal.spoilers.cell import Cell, Spoilt
from flows.rehearsal.wording import KNOWN_WORDS

NULL_WORDS = ("k.A.", "n/a", "unbekannt", "-", "keine Angabe", "#NV")
_INNER = re.compile(r"(?<=[^\W\d_])[^\x00-\x7f](?=[^\W\d_])")


def misspelt_category(cell: Cell) -> Spoilt:
    """One letter lost, doubled, or changed place with the next.

    Examples
    --------
    >>> from datetime import date
    >>> misspelt_category(Cell("Filiale", "channel", {}, 0.5, date(2026, 6, 30)))
    'Filiael'
    """
    word = cell.text
    if len(word) < 5:
        return None
    at = 1 + int(cell.draw * 7919) % (len(word) - 2)
    variants = (word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at + 1 :], word[: at + 1] + word[at:])
    start = cell.pick(3)
    fresh = (v for v in (*variants[start - 1 :], *variants) if v != word and v.lower() not in KNOWN_WORDS)
    return next(fresh, None)


def wrong_case(cell: Cell) -> Spoilt:
    """All letters large or all small."""
    changed = cell.text.upper() if cell.draw < 0.5 else cell.text.lower()
    return changed if len(cell.text) > 2 and changed != cell.text and "ß" not in cell.text else None


def stray_blanks(cell: Cell) -> Spoilt:
    """Blanks before, behind, or both."""
    return (f" {cell.text}", f"{cell.text}  ", f"  {cell.text} ")[cell.pick(3)]


def null_word(cell: Cell) -> Spoilt:
    """A word for nothing."""
    return NULL_WORDS[cell.pick(len(NULL_WORDS))]


def flag_in_another_word(cell: Cell) -> Spoilt:
    """Yes or no in another language or another system's words."""
    return (("yes", "no"), ("Ja", "Nein"), ("oui", "non"), ("true", "false"), ("1", "0"))[cell.pick(5)][cell.text != "J"]


def names_swapped(cell: Cell) -> Spoilt:
    """First and last name in each other's column."""
    return {"first_name": cell.row["last_name"] or "", "last_name": cell.text}


def mojibake(cell: Cell) -> Spoilt:
    """UTF-8 bytes read as cp1252.

    Examples
    --------
    >>> from datetime import date
    >>> mojibake(Cell("Schön", "city", {}, 0.0, date(2026, 6, 30)))
    'SchÃ¶n'
    """
    return None if cell.text.isascii() else cell.text.encode().decode("cp1252")


def double_mojibake(cell: Cell) -> Spoilt:
    """The same twice."""
    return None if cell.text.isascii() else cell.text.encode().decode("cp1252").encode().decode("cp1252")


def html_entity(cell: Cell) -> Spoilt:
    """Letters beyond ASCII as a page of the web names or numbers them.

    Examples
    --------
    >>> from datetime import date
    >>> html_entity(Cell("Schön", "city", {}, 0.0, date(2026, 6, 30))), html_entity(Cell("Schön", "city", {}, 0.9, date(2026, 6, 30)))
    ('Sch&ouml;n', 'Sch&#246;n')
    """
    if cell.text.isascii():
        return None
    named = codepoint2name if cell.draw < 0.5 else {}
    return "".join(sign if sign.isascii() else f"&{named.get(ord(sign), f'#{ord(sign)}')};" for sign in cell.text)


def lost_letter(cell: Cell) -> Spoilt:
    """A question mark for a letter beyond ASCII that stands between others."""
    changed = _INNER.sub("?", cell.text)
    return changed if changed != cell.text else None
