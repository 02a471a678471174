"""Totals rows: a word for total in one cell, and cells around it that a row of data would not have so."""

from __future__ import annotations

import re
from collections.abc import Sequence

WORDS = (
    "total", "totals", "grand total", "grand totals", "sub total", "subtotal", "sub-total", "overall total", "sum",
    "summe", "summen", "gesamt", "gesamtsumme", "gesamtergebnis", "gesamtbetrag", "zwischensumme", "endsumme", "insgesamt",
    "somme", "total général", "total general", "sous-total", "totaal", "subtotaal", "eindtotaal", "totale", "totale generale",
    "suma", "suma total", "soma", "total geral", "razem", "ogółem", "suma końcowa", "celkem", "součet", "spolu", "összesen", "yhteensä",
    "totalt", "i alt", "sammanlagt", "итого", "всего", "genel toplam", "toplam", "σύνολο",
)  # fmt: skip

_BESIDE = r"(?:\s*[:=]?\s*(?:[\W\d_]*|eur|usd|gbp|chf|brutto|netto|gross|net|amount|betrag|umsatz|sales|sum|rows|zeilen|overall|alle|all))*"

_NUMBER = re.compile(r"\s*\(?[-+]?\s?[$€£¥]?\s?[-+]?\d[\d.,'’\u00a0\u202f ]*\)?\s?(?:[%€$£¥-]|EUR|USD|GBP|CHF)?\s*")


def pattern(more: Sequence[str] = ()) -> re.Pattern[str]:
    """Matches a cell that says total and little else.

    Examples
    --------
    >>> said = pattern(["Endstand"])
    >>> [said.fullmatch(cell) is not None for cell in ("Summe:", "Grand Total (12)", "Endstand", "Total Fitness Ltd", "Sumatra")]
    [True, True, True, False, False]
    """
    words = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted({*WORDS, *(m.lower() for m in more)}, key=len, reverse=True))
    return re.compile(rf"[\W_]*(?:{words}){_BESIDE}", re.IGNORECASE)


def numeric(cell: str) -> bool:
    """Whether a cell looks like a number or an amount.

    Examples
    --------
    >>> numeric("2.499.336,87"), numeric("(1,200.00) EUR"), numeric("12 Main St")
    (True, True, False)
    """
    return _NUMBER.fullmatch(cell) is not None


def number(cell: str, grouped: bool = False) -> float | None:
    """The amount in a cell, whichever of comma and point comes last being the decimal mark; None where that is not sure.

    Parameters
    ----------
    cell : str
    grouped : bool
        A comma before three digits groups thousands.

    Examples
    --------
    >>> number("1.234,50"), number("1,234.5"), number("12,5"), number("x"), number("2,666"), number("2,666", grouped=True)
    (1234.5, 1234.5, 12.5, None, 2.666, 2666.0)
    """
    if not numeric(cell):
        return None
    digits = re.sub(r"[^\d.,-]", "", cell).strip("-") or "0"
    negative = "-" in cell or cell.strip().startswith("(")
    if grouped and re.fullmatch(r"-?\d{1,3}(?:,\d{3})+", digits):
        digits = digits.replace(",", "")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma > point:
        digits = digits.replace(".", "").replace(",", "." if digits.count(",") == 1 else "")
    else:
        digits = digits.replace(",", "")
        digits = digits.replace(".", "") if digits.count(".") > 1 else digits
    try:
        return -float(digits) if negative else float(digits)
    except ValueError:
        return None


def is_total(cells: Sequence[str], said: re.Pattern[str]) -> bool:
    """Whether a sparsely filled row is a totals row: one cell says so, the others are numbers.

    Examples
    --------
    >>> is_total(["", "Summe", "", "2.499,87"], pattern()), is_total(["Summe", "Ute", "", "1"], pattern())
    (True, False)
    """
    filled = [cell for cell in cells if cell.strip()]
    words = [cell for cell in filled if said.fullmatch(cell)]
    return len(words) >= 1 and all(numeric(cell) for cell in filled if cell not in words)


def agrees(columns: Sequence[Sequence[str]], cells: Sequence[str]) -> bool:
    """Whether at least one number of a row is the sum of its column above, and more agree than disagree.

    Parameters
    ----------
    columns : sequence of sequences of str
        The cells above, by column.
    cells : sequence of str
        The row.

    Examples
    --------
    >>> agrees([["a", "b"], ["1,5", "2,5"]], ["Summe", "4,0"])
    True
    """
    right = wrong = 0
    for above, cell in zip(columns, cells, strict=True):
        if not number(cell):
            continue
        if any(_sums_up(above, cell, grouped) for grouped in (False, True)):
            right += 1
        else:
            wrong += 1
    return right > 0 and right >= wrong


def _sums_up(above: Sequence[str], cell: str, grouped: bool) -> bool:
    value, parts = number(cell, grouped), [number(text, grouped) for text in above if text]
    total = sum(part for part in parts if part is not None)
    return value is not None and len(parts) > 1 and abs(total - value) <= 0.005 * len(parts) + 1e-6 * abs(value)
