"""A header that is one name short: which column has none, told by what names say of their values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.reading import heading

Rows = Sequence[Sequence[str]]

DATE, TIME, NUMBER, MAIL, LINK, FLAG, CODE, TEXT = "date", "time", "number", "mail", "link", "flag", "code", "text"
"""What a column holds, and what a name says of it."""
WORDS = {
    DATE: "date day datum tag data dato datas fecha jour dob birthday birthdate geburtstag since seit am on",
    TIME: "time uhrzeit zeit heure hora godzina ora",
    NUMBER: "qty quantity count amount price cost total sum sales revenue items pieces units pay salary income rate percent share discount "
    "age weight height score balance value year betrag preis menge stück anzahl umsatz summe netto brutto rabatt alter jahr gehalt "
    "prix montant quantité remise âge année cantidad precio importe edad año kwota cena sztuk rabat ilość rok prezzo importo",
    MAIL: "mail email courriel correo",
    LINK: "url link website web homepage uri site",
    FLAG: "active flag aktiv actif consent",
    CODE: "id no nr num number code key ref sku kundennr kundennummer numer numéro número zip postcode plz",
    TEXT: "name names surname firstname lastname vorname nachname nom prénom nombre imię nazwisko city town ort stadt ville ciudad miasto "
    "street straße strasse rue comment comments remark remarks note notes bemerkung uwagi remarque description beschreibung title titel "
    "address adresse country land pays region region supplier merchant department organisation purpose",
}
"""Words of names, by what they say the values are."""
SAYS = {word: kind for kind, words in WORDS.items() for word in words.split()}
FITS = {
    DATE: {DATE, TIME}, TIME: {TIME, DATE}, NUMBER: {NUMBER, FLAG}, MAIL: {MAIL}, LINK: {LINK}, FLAG: {FLAG, NUMBER}, CODE: {CODE, NUMBER},
    TEXT: {TEXT},
}  # fmt: skip
"""What a column may hold under a name that says so."""
LOOKED_AT = 200
"""Rows below a header that are looked at."""
SURE = 0.8
"""Share of a column's cells of one kind."""

_PART = re.compile(r"[A-ZÄÖÜÉ]?[a-zà-öø-ÿąćęłńóśźż]+|[A-ZÄÖÜÉ]+(?![a-z])|%|\d+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp][Mm])?")
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")


@dataclass(frozen=True)
class Gap:
    """The column that has no name.

    Parameters
    ----------
    column : int
        From 0; the names from there on belong one column further right.
    why : str
        For people.
    """

    column: int
    why: str


def gap(names: Sequence[str], below: Rows) -> Gap | None:
    """Where the one name is missing; None where nothing tells.

    Nothing is told by a column too many at the end: it may as well be part of a value, cut by an unquoted delimiter.

    Parameters
    ----------
    names : sequence of str
        One less than the rows have cells.
    below : sequence of sequences of str
        Rows, all of the same number of cells.

    Examples
    --------
    >>> rows = [["1", "Ute", "3.50", "2024-05-01"], ["2", "Max", "4.00", "2024-05-02"]]
    >>> gap(["Name", "Price", "Date"], rows).column, gap(["id", "Price", "Date"], rows).column, gap(["id", "name", "price"], rows)
    (0, 1, None)
    """
    width, below = len(names) + 1, below[:LOOKED_AT]
    if not below or not any(name.strip() for name in names):
        return None
    kinds = [_kind([row[j] for row in below]) for j in range(width)]
    points = [sum(_fit(name, kinds[j + (j >= at)]) for j, name in enumerate(names)) for at in range(width)]
    if points[0] == max(points) and _counts(below) and not {CODE, NUMBER}.intersection(said(names[0])):
        return Gap(0, "the first column counts the rows, as programs write row numbers without a name")
    best = [at for at, score in enumerate(points) if score == max(points)]
    if max(points) < 2 or best[-1] - best[0] > 1 or _halved(kinds, best):
        return None
    first, last = best[0], best[-1]
    if first == last:
        return None if first == width - 1 else Gap(first, f"only so do {max(points)} names say what stands below them")
    # One name may stand over either of two columns.
    if last == width - 1 and not _both(names[first], kinds[first], kinds[last]):
        return None
    return Gap(last, f"only so do {max(points)} names say what stands below them; the name before may belong to both columns")


def said(name: str) -> list[str]:
    """What the words of a name say that its values are.

    Examples
    --------
    >>> said("Order date"), said("NameItems"), said("Kundennr"), said("x")
    (['date'], ['text', 'number'], ['code'], [])
    """
    words = [part.casefold() for part in _PART.findall(name.replace("E-", "E").replace("e-m", "em"))]
    tails = [SAYS[tail] for tail in ("datum", "date", "time", "preis", "betrag", "name") if name.casefold().endswith(tail)]
    return [SAYS[word] for word in words if word in SAYS] or tails[:1]


def _fit(name: str, kind: str) -> int:
    says = said(name)
    return 0 if not says or not kind else 1 if any(kind in FITS[one] for one in says) else -1


def _both(name: str, left: str, right: str) -> bool:
    """Whether a name has words for two columns side by side."""
    says = said(name)
    return any(left in FITS[a] and right in FITS[b] for i, a in enumerate(says) for b in says[i + 1 :] if a != b)


def _halved(kinds: Sequence[str], gaps: Sequence[int]) -> bool:
    """Whether the column without a name may be the end of a number whose decimal comma was taken for a delimiter."""
    return any(kinds[at] in (NUMBER, CODE) and kinds[at - 1] in (NUMBER, CODE) for at in gaps if at)


def _counts(below: Rows) -> bool:
    """Whether the first column is 1, 2, 3 … or 0, 1, 2 …"""
    found = [row[0].strip() for row in below]
    start = 1 if found[0] == "1" else 0
    return len(found) > 2 and found == [str(n) for n in range(start, start + len(found))]


def _kind(cells: Sequence[str]) -> str:
    """What a column holds; empty where it holds nothing, or this and that."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return ""
    kind, count = Counter(map(_one, filled)).most_common(1)[0]
    if kind == NUMBER and any(cell.startswith("0") and cell.isdigit() and len(cell) > 1 for cell in filled):
        return CODE
    if kind == TEXT and len(filled) > 3 and len({cell.casefold() for cell in filled}) <= 2 and max(map(len, filled)) <= 5:
        return FLAG
    return kind if count >= SURE * len(filled) else ""


def _one(cell: str) -> str:
    if _CLOCK.fullmatch(cell):
        return TIME
    if _LINK.fullmatch(cell):
        return LINK
    if _MAIL.fullmatch(cell):
        return MAIL
    if heading.kind_of(cell) in (DATE, NUMBER):
        return heading.kind_of(cell)
    return CODE if " " not in cell and any(sign.isdigit() for sign in cell) else TEXT
