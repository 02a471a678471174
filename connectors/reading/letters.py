"""Which code page the bytes above 127 come from, by the letters that single languages use."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from connectors.reading.decision import Decision

ICELANDIC = "áðéíóúýþæö"
_WEST = (
    "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíóúüñªº", "áâãàçéêíóôõúüªº", "àèéìíîòóùú", "ëïéèöüáóêç", "æøåéäö", "åäöé", "àçèéíïòóúü", ICELANDIC,
)  # fmt: skip
_CENTRAL = ("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž")
_BALTIC = ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž")
_CYRILLIC = ("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "абвгдђежзијклљмнњопрстћуфхцчџш")
_GREEK = ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",)
_HEBREW = ("אבגדהוזחטיךכלםמןנסעףפץצקרשת",)
_ARABIC = ("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",)
LANGUAGES = {
    "cp1252": _WEST, "cp1254": ("çğıöşüâîû",), "cp1250": _CENTRAL, "cp1255": _HEBREW, "cp1251": _CYRILLIC, "cp1253": _GREEK,
    "cp1256": _ARABIC, "cp1257": _BALTIC, "iso8859-15": _WEST, "iso8859-2": _CENTRAL, "koi8-r": _CYRILLIC, "iso8859-5": _CYRILLIC,
    "iso8859-7": _GREEK, "cp866": _CYRILLIC, "mac-roman": _WEST, "cp850": _WEST,
}  # fmt: skip
"""Letters beyond ASCII of the languages that are written in each code page, one string a language; the more usual pages first."""
SCRIPTS = frozenset(page for page, letters in LANGUAGES.items() if letters in (_CYRILLIC, _GREEK, _HEBREW, _ARABIC))
"""Pages of other scripts than Latin."""
SIGNS = frozenset("€–—‘’‚“”„…•°§´«»©®·×±½¼¾²³¿¡™†‰\u00a0µ£¥")
"""Signs that say nothing about a language."""
ALONE = frozenset("£¥¼½¾³²©®±µ¡")
"""Those of them that stand in no word."""
FEWEST = 4
"""Bytes above 127 below which nothing is said about a language."""
MOST = 16 << 10
"""Bytes of text that are weighed."""
SURE = 0.15
"""What another code page must have over cp1252, the most usual one."""


@lru_cache(maxsize=8)  # every way to read a file asks for the same text
def guess(high: bytes) -> Decision | None:
    """The code page in which the letters are those of one language; None where that is cp1252 or not sure.

    Parameters
    ----------
    high : bytes
        Text around bytes above 127.

    Examples
    --------
    >>> guess("Příliš žluťoučký kůň, Číslo účtu".encode("cp1250")).value, guess("Käthe Größe, café".encode("cp1252"))
    ('cp1250', None)
    >>> guess("Иванов Иван, Москва".encode("koi8-r")).value, guess("Müller, Größe, Käthe".encode("mac-roman")).value
    ('koi8-r', 'mac-roman')
    """
    high = high[:MOST]
    count, west = sum(byte > 127 for byte in high), share(high, "cp1252", tuple(letters for letters in _WEST if letters != ICELANDIC))
    if count < FEWEST or west + SURE > 1:
        return None
    shares = {page: share(high, page) for page in LANGUAGES}
    if shares["cp1254"] >= share(high, "cp1252", (ICELANDIC,)):  # Turkish reads like Icelandic, and is more likely
        shares["cp1252"] = west
    page = max(shares, key=lambda name: shares[name])
    if page == "cp1252" or shares[page] < 0.9 or shares[page] < shares["cp1252"] + SURE:
        return None
    evidence = f"{shares[page]:.0%} of {count} bytes above 127 are letters of one language in it, {shares['cp1252']:.0%} in cp1252"
    return Decision(page, evidence, round(min(0.95, 0.6 + 0.4 * (shares[page] - shares["cp1252"])), 2))


def share(high: bytes, page: str, languages: tuple[str, ...] = ()) -> float:
    """The share of characters above 127 that the best single language of a page explains.

    What no word is written like counts against it: capitals within words, ASCII letters beside those of another script, words of Latin
    letters with accents only.

    Examples
    --------
    >>> share("Łódź".encode("cp1250"), "cp1250"), round(share("Łódź".encode("cp1250"), "cp1252"), 2)
    (1.0, 0.33)
    """
    text = high.decode(page, "replace")
    signs = Counter(sign for sign in text if sign > "\x7f" and sign not in SIGNS)
    for (before, sign), n in Counter(pairwise(text)).items():
        if (sign in ALONE and before.isalpha()) or (before in ALONE and sign.isalpha()):
            signs[sign] += n
    if not signs:
        return 0.0
    known = max(sum(n for sign, n in signs.items() if _low(sign) in letters) for letters in languages or LANGUAGES[page])
    words = Counter(re.findall(r"[^\W\d_]{2,}", text))
    return max(0, known - sum(n * _odd(word, page in SCRIPTS) for word, n in words.items())) / signs.total()


def _odd(word: str, script: bool) -> int:
    """Letters beyond ASCII in a word that nobody writes so."""
    high = sum(sign > "\x7f" for sign in word)
    mixed = 0 < high < len(word) if script else high == len(word) > 2
    return high if mixed else sum(a.islower() and b.isupper() and b > "\x7f" for a, b in pairwise(word))


def _low(sign: str) -> str:
    return "ı" if sign == "İ" else sign.lower()
