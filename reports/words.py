"""Numbers, days and names in words that people read; English, the same on every machine."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import combining, normalize

SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}
ORIGIN_WORDS = {
    "supplied": "supplied",
    "repaired": "repaired",
    "derived": "derived",
    "looked_up": "looked up",
    "imputed": "imputed",
    "absent": "absent",
}
ORIGIN_MEANINGS = {
    "supplied": "taken over as you sent it",
    "repaired": "you sent it; a slip was put right",
    "derived": "worked out from what you sent",
    "looked_up": "found in a table by something you sent",
    "imputed": "not sent; a usual value stands in",
    "absent": "not sent and left empty",
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
CONTROL = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
MARK = "\ufffd"
ISO_DAY = re.compile(r"(?<![\w./-])\d{4}-\d\d-\d\d(?![\w/-]|\.\w)")
FIELD = re.compile(r"(?<![\w./-])[a-z]+(?:_[a-z0-9]+)+(?:\+[a-z]+(?:_[a-z0-9]+)+)*(?![\w/-]|\.\w)")
PER_CENT = "\u00a0%"


def visible(text: str) -> str:
    """Text without control characters: each becomes a visible mark; line ends become line feeds.

    Examples
    --------
    >>> visible("a\\x00b\\r\\nc") == "a\\ufffdb\\nc"
    True
    """
    return CONTROL.sub(MARK, text.replace("\r\n", "\n").replace("\r", "\n"))


def whole(number: float) -> str:
    """A count with separators.

    Examples
    --------
    >>> whole(1234567)
    '1,234,567'
    """
    return f"{round(number):,}"


def real(number: float | None, digits: int = 3) -> str:
    """A number to so many significant digits, never in powers of ten between a millionth and a billion; null is a dash.

    Examples
    --------
    >>> real(0.123456), real(1234.5), real(12), real(None), real(-0.00001)
    ('0.123', '1,234', '12', '–', '-0.00001')
    """
    if number is None:
        return "–"
    if abs(number) >= 10 ** (digits - 1) or float(number).is_integer():
        return f"{number:,.0f}"
    text = f"{number:.{digits}g}"
    return f"{number:.8f}".rstrip("0").rstrip(".") if "e" in text else text


def share(part: float | None) -> str:
    """A share as per cent with one decimal; what is not quite nothing or not quite all never reads as if it were.

    Examples
    --------
    >>> [share(part).replace("\u00a0", " ") for part in (0.1234, 0.25, 0.0, 1.0, 0.00001, 0.99999, None)]
    ['12.3 %', '25.0 %', '0 %', '100 %', 'under 0.1 %', 'over 99.9 %', '–']
    """
    if part is None:
        return "–"
    if part in (0, 1):
        return f"{100 * part:.0f}{PER_CENT}"
    if 0 < part < 0.001:
        return f"under 0.1{PER_CENT}"
    if 0.999 < part < 1:
        return f"over 99.9{PER_CENT}"
    return f"{100 * part:.1f}{PER_CENT}"


def short(text: str) -> str:
    """A share without a needless decimal, for limits and scales.

    Examples
    --------
    >>> short(share(0.25)).replace("\u00a0", " ")
    '25 %'
    """
    return text.replace(f".0{PER_CENT}", PER_CENT)


def money(amount: float, currency: str | None) -> str:
    """An amount with its currency.

    Examples
    --------
    >>> money(1234.5, "EUR"), money(-3, "CHF"), money(3, None)
    ('€1,234.50', 'CHF -3.00', '3.00')
    """
    if currency in SYMBOLS:
        return f"{'-' if amount < 0 else ''}{SYMBOLS[currency]}{abs(amount):,.2f}"
    return f"{currency} {amount:,.2f}" if currency else f"{amount:,.2f}"


def measured(value: float | None, unit: str, currency: str | None = None) -> str:
    """A measured value in its unit: ``share`` and ``probability`` as per cent, ``money`` in the currency, else a number.

    Examples
    --------
    >>> measured(None, "share"), measured(3, "money", "EUR"), measured(0.31, "PSI")
    ('–', '€3.00', '0.310')
    """
    if value is None:
        return "–"
    if unit in ("share", "probability"):
        return share(value)
    if unit == "PSI":
        return f"{value:.3f}"
    return money(value, currency) if unit == "money" else real(value)


def size(octets: int) -> str:
    """A file's size.

    Examples
    --------
    >>> size(512), size(2_000_000)
    ('512 bytes', '2.0 MB')
    """
    for unit, step in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if octets >= step:
            return f"{octets / step:,.1f} {unit}"
    return f"{octets} bytes"


def day(iso: str) -> str:
    """An ISO date as people write it; other text stays as it is.

    Examples
    --------
    >>> day("2025-06-03"), day("2025")
    ('3 June 2025', '2025')
    """
    try:
        found = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def prose(text: str) -> str:
    """A sentence with days as people write them and names of fields as words; names of files stay.

    Examples
    --------
    >>> prose("order_id+line_id names a row on 2026-08-31")
    'order id and line id names a row on 31 August 2026'
    >>> prose("in my_file_2026-08.csv and 2010-12-01.csv")
    'in my_file_2026-08.csv and 2010-12-01.csv'
    """
    text = ISO_DAY.sub(lambda found: day(found[0]), text)
    return FIELD.sub(lambda found: found[0].replace("_", " ").replace("+", " and "), text)


def plural(count: int, noun: str, many: str = "") -> str:
    """A count with its noun.

    Examples
    --------
    >>> plural(1, "row"), plural(2_000, "row"), plural(0, "entry", "entries")
    ('1 row', '2,000 rows', '0 entries')
    """
    return f"{whole(count)} {noun if count == 1 else many or noun + 's'}"


def folded(text: str) -> str:
    """A text as it is put in order: small letters, without accents.

    Examples
    --------
    >>> sorted(["zip", "état", "Alter"], key=folded)
    ['Alter', 'état', 'zip']
    """
    return "".join(sign for sign in normalize("NFD", text.casefold()) if not combining(sign))


def set_aside(reason: str) -> str:
    """A reason of the ledger's closed list in words.

    Examples
    --------
    >>> set_aside("repeated_header")
    'The header, repeated inside the data'
    """
    return {
        "preamble": "Lines before the header",
        "header": "The header itself",
        "repeated_header": "The header, repeated inside the data",
        "total": "Totals rows",
        "blank": "Blank lines",
        "duplicate": "Exact repeats of an earlier row",
        "footer": "Lines after the data",
        "other_table": "Records of another table in the same file",
    }.get(reason, reason.replace("_", " "))
