"""What a header says: its words, and what they mean in five languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from connectors.mapping import fold
from connectors.proposing.shorthand import BESIDE, foreign, known, meanings, neutral

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_NO = r"\b(?:number|no|num|nr|nro|nbr|nombre|numero|n|nº|qty) "
_COUNTED = re.compile(
    _NO + r"(?:(?:of |de |d |van )(?=\w*s\b)|(?=(?:orders|purchases|pedidos|compras|commandes|achats|bestellungen|bestellingen|aankopen"
    r"|kaufe|transactions|transacciones|transaktionen|transacties|contacts|contactos|kontakte|contacten|visits)\b))"
)
_WITH_TAX = re.compile(
    r"(?i)\b(?:inc|incl|inkl|inclu[sd]\w*|excl?|exkl|exclu[sd]\w*|zzgl|hors|avec|con|sin|mit|ohne|with|without)\b\.? ?(?:de |la )?"
    r"\b(?:btw|mwst|ust|vat|tax|taxes|tva|iva)\b\.?"
)
_INITIALS = re.compile(r"(?<!\w)(?:\w\.){2,}")
_SEXES = re.compile(r"(?i)\s*[mfhvw]\s*[/|_ \-]\s*[mfhvw](\s*[/|_ \-]\s*[dx])?\s*")
_LETTERS = re.compile(r"[^\W\d_]+")
TAILS = ("nummer", "nr", "datum", "name", "naam", "code", "number")
"""Ends of compounds that say what a thing is, whatever stands before them."""
AND = frozenset({"and", "und", "et", "y", "en"})
BETWEEN = frozenset({"de", "du", "des", "di", "of", "al", "et", "en", "y", "el", "la", "le"})
BEFORE = frozenset({"nb", "no", "dt", "kd"})
"""Small words that may stand between the words of a compound, and cut ones that may begin it."""
VOWELS = frozenset("aeiouy")
SIGNS = {"☎": " phone ", "✉": " email ", "#": " nr ", "№": " nr ", "€": " ", "&": " and ", "@": " email "}


@dataclass(frozen=True)
class Header:
    """A header taken apart.

    Parameters
    ----------
    folded : str
        As `connectors.mapping.fold`.
    words : frozenset of str
        Meanings of its words, and words that have none as they are.
    number : int
        A number at its end or within, as in ``phone2``; 0 for none.
    typo : bool
        A word was taken for the one known word that is a slip away.
    """

    folded: str
    words: frozenset[str]
    number: int = 0
    typo: bool = False


@lru_cache(maxsize=20_000)
def header(name: str) -> Header:
    """Take a header apart.

    Examples
    --------
    >>> sorted(header("Geburtsdatum").words), sorted(header("Customer E-Mail *").words), header("phone2").number
    (['birth', 'date'], ['customer', 'email'], 2)
    >>> sorted(header("Nmae").words), sorted(header("Number of orders").words), sorted(header("order number").words)
    (['name'], ['count', 'order'], ['id', 'order'])
    """
    number, typo = 0, False
    meant: dict[str, frozenset[str]] = {}
    for word in _tokens(name):
        if word.isdigit():
            number = number or (int(word) if len(word) < 3 else 0)
            continue
        meant[word], slip = _meant(word)
        typo |= slip
    words = _beside(meant)
    return Header(fold(name), words | _joined(words) if AND & set(meant) else words, number, typo)


def _joined(words: frozenset[str]) -> frozenset[str]:
    """What two words with an "and" between them are: a full name, a street with its house number."""
    if "name" in words and words & {"first", "last"}:
        return frozenset({"first", "last"})
    return frozenset({"house"}) if {"street", "id"} <= words else frozenset()


def _beside(meant: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """All meanings; a word that stands for something else beside another is taken for that."""
    found = dict(meant)
    for word, others, other in BESIDE:
        if (place := word if word in meant else next((w for w in meant if meant[w] == {word}), None)) and len(meant) > 1:
            rest = frozenset().union(*(those for w, those in meant.items() if w != place))
            if rest & others:
                found[place] = frozenset((other,))
    return frozenset().union(*found.values())


def _tokens(name: str) -> list[str]:
    if _SEXES.fullmatch(name):
        return ["gender"]
    name = _INITIALS.sub(lambda match: match[0].replace(".", "") + " ", _WITH_TAX.sub(" ", re.sub(r"(?i) [-:/] value$", "", name)))
    plain = _ASIDE.sub(" ", name) if _ASIDE.sub("", name).strip(" *:") else name
    for sign, word in SIGNS.items():
        plain = plain.replace(sign, word)
    plain = _LETTERS.sub(lambda match: match[0] if ascii_of(match[0]) in known() else _CAMEL.sub(" ", match[0]), plain)
    plain = re.sub(r"(?i)(?<![a-z])contact[-_ ]ids?(?![a-z])", "contactid", plain)
    plain = re.sub(r"(?i)primer[-_ ]?apellido", "apellido", plain)
    plain = re.sub(r"(?i)opt[-_ ]in(?![a-z])", "optin", re.sub(r"(?i)opt(ed)?[-_ ]?out", "optout", plain))
    plain = re.sub(r"(?i)(?<![a-z])e[-_ ]mail", "email", plain)
    return _WORD.findall(_COUNTED.sub("count ", ascii_of(re.sub(r"[^\w]+|_", " ", plain))))


def ascii_of(text: str) -> str:
    """Small letters without accents; ``ß`` as ``ss``; letters of other scripts stay.

    Examples
    --------
    >>> ascii_of("Größe Édition")
    'grosse edition'
    """
    split = unicodedata.normalize("NFD", text.casefold())
    return unicodedata.normalize("NFC", "".join(sign for sign in split if not "\u0300" <= sign <= "\u036f"))


@lru_cache(maxsize=20_000)
def _meant(word: str) -> tuple[frozenset[str], bool]:
    """What one word means, and whether a slip was taken back."""
    for form in (word, word.replace("ae", "a").replace("oe", "o").replace("ue", "u")):
        if form in meanings():
            return meanings()[form], False
    if word in neutral():
        return frozenset(), False
    if word in foreign():
        return frozenset((word,)), False
    parts = _compound(word)
    if parts:
        return frozenset().union(*(meanings().get(part, frozenset((part,)) if part in foreign() else frozenset()) for part in parts)), False
    near = _slip(word) or _short(word)
    if near:
        return meanings()[near], True
    tail = next((tail for tail in TAILS if word.endswith(tail) and len(word) > len(tail) + 2), "")
    return (meanings()[tail] | {word.removesuffix(tail)} if tail else frozenset((word,))), False


def _compound(word: str, inside: bool = False) -> tuple[str, ...]:
    """Known words that make up one, such as ``kundennummer``; between them a small word, as in ``codigodecliente``."""
    if len(word) < 6:
        return ()
    for cut in range(len(word) - 2, 0, -1):
        head, tail = word[:cut], word[cut:]
        if cut < 3:
            head = head if head in (BETWEEN if inside else BEFORE) else ""
        else:
            head = next((h for h in (head, head.removesuffix("s"), head.removesuffix("n")) if len(h) > 1 and h in known()), "")
        if not head:
            continue
        if tail in known() and len(tail) > 1 and (cut > 2 or len(tail) > 3):
            return (head, tail)
        rest = _compound(tail, True)
        if rest:
            return (head, *rest)
    return ()


def _slip(word: str) -> str:
    """The one known word that is a slip away: swapped, missing, doubled letters."""
    if len(word) < 4:
        return ""
    near = [
        form for form in known()
        if (len(form) > 4 or sorted(form) == sorted(word)) and abs(len(form) - len(word)) < 2
        and OSA.distance(word, form, score_cutoff=1) < 2
    ]  # fmt: skip
    senses = {meanings().get(form, frozenset((form,))) for form in near}
    return next((form for form in near if form in meanings()), "") if len(senses) == 1 else ""


def _short(word: str) -> str:
    """The one known word that loses its vowels, or its end, to become this one."""
    if len(word) < 3:
        return ""
    if set(word) & VOWELS:
        near = [form for form in known() if len(word) > 3 and form.startswith(word)]
    else:
        near = [form for form in known() if form[0] == word[0] and bones(form) == bones(word)]
        near = near or [form for form in known() if len(word) > 3 and form[0] == word[0] and bones(form).startswith(bones(word))]
    senses = {meanings().get(form, frozenset((form,))) for form in near}
    return next((form for form in sorted(near) if form in meanings()), "") if len(senses) == 1 else ""


def bones(word: str) -> str:
    """A word without its vowels and doubled letters.

    Examples
    --------
    >>> bones("address"), bones("adrs")
    ('drs', 'drs')
    """
    return re.sub(r"(.)\1+", r"\1", "".join(sign for sign in word if sign not in VOWELS))
