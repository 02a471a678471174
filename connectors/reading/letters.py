"""Which code page the bytes above 127 come from, by the letters that languages use."""

from __future__ import annotations

from connectors.reading.decision import Decision

LANGUAGES = {
    "cp1252": (
        "äöüß", "àâæçéèêëîïôœùûüÿ", "áéíóúüñªº", "áâãàçéêíóôõúüªº", "àèéìíîòóùú",
        "ëïéèöüáóêç", "æøåéäö", "åäöé", "áðéíóúýþæö", "àçèéíïòóúü",
    ),
    "cp1250": ("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "iso8859-2": ("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıöşüâîûİ",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
}  # fmt: skip
"""Letters beyond ASCII of the languages that are written in each code page, one string a language."""
FEWEST = 4
"""Bytes above 127 below which nothing is said about a language."""
SURE = 0.15
"""What another code page must have over cp1252, the most usual one."""


def guess(high: bytes) -> Decision | None:
    """Another code page of Latin letters than cp1252, where one language explains the letters and none of the West does.

    Parameters
    ----------
    high : bytes
        Text around bytes above 127.

    Examples
    --------
    >>> guess("Příliš žluťoučký kůň, Číslo účtu".encode("cp1250")).value, guess("Käthe Größe, café".encode("cp1252"))
    ('cp1250', None)
    """
    count = sum(byte > 127 for byte in high)
    shares = {page: _share(high, page) for page in LANGUAGES}
    page = max(shares, key=lambda name: shares[name])
    if count < FEWEST or shares[page] < 0.9 or shares[page] < shares["cp1252"] + SURE:
        return None
    evidence = f"{shares[page]:.0%} of {count} bytes above 127 are letters of one language in it, {shares['cp1252']:.0%} in cp1252"
    return Decision(page, evidence, round(min(0.95, 0.6 + 0.4 * (shares[page] - shares["cp1252"])), 2))


def _share(high: bytes, page: str) -> float:
    """The share of letters above 127 that the best single language of a page explains; C1 controls count against it."""
    text = [sign for sign in high.decode(page, "replace") if sign > "\x7f" and (sign.isalpha() or sign < "\xa0" or sign == "\ufffd")]
    if not text:
        return 0.0
    return max(sum(sign.lower() in letters or sign in letters for sign in text) for letters in LANGUAGES[page]) / len(text)
