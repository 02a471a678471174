"""How each kind of damage changes the text of a cell; `None` where the cell cannot be hurt in this way.

A spoiler gets the row's clean texts, the field, a number in [0, 1) and the day of the export, and gives the new text, or several fields'
new texts where a damage needs two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html.entities import codepoint2name

from flows.rehearsal.wording import KNOWN_WORDS


@dataclass(frozen=True)
class Cell:
    """A clean cell in its row.

    Parameters
    ----------
    text : str
        The clean text; never empty.
    field : str
        Contract field.
    row : mapping
        The row's clean texts by field.
    draw : float
        In [0, 1); decides between variants.
    day : datetime.date
        Day of the export.
    """

    text: str
    field: str
    row: Mapping[str, str | None]
    draw: float
    day: date

    def pick(self, count: int) -> int:
        """A whole number below `count`."""
        return int(self.draw * count)


Spoilt = str | dict[str, str] | None

NULL_WORDS = ("k.A.", "n/a", "unbekannt", "-", "keine Angabe", "#NV")
UNKNOWN = {"segment": "Z9", "marketing_consent": "?", "gender": "Firma", "channel": "99"}
SERIAL_ZERO = date(1899, 12, 30)
_INNER = re.compile(r"(?<=[^\W\d_])[^\x00-\x7f](?=[^\W\d_])")
MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")


def german(day: date) -> str:
    """A day as the files write it."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}"


def parsed(text: str) -> date:
    """The day of a clean text."""
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def misspelt_category(cell: Cell) -> Spoilt:
    """One letter lost, doubled, or changed place with the next.

    Examples
    --------
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


def swap_one(text: str, old: str, new: str, draw: float) -> str | None:
    """One of the occurrences of a character replaced."""
    places = [at for at, character in enumerate(text) if character == old]
    if not places:
        return None
    at = places[int(draw * len(places))]
    return text[:at] + new + text[at + 1 :]


def letter_o_for_zero(cell: Cell) -> Spoilt:
    """A zero becomes the letter O."""
    return swap_one(cell.text, "0", "O", cell.draw)


def letter_l_for_one(cell: Cell) -> Spoilt:
    """A one becomes the letter l."""
    return swap_one(cell.text, "1", "l", cell.draw)


def decimal_point(cell: Cell) -> Spoilt:
    """A point where the comma belongs."""
    return cell.text.replace(",", ".")


def thousands_dot(cell: Cell) -> Spoilt:
    """Thousands grouped."""
    whole, _, cents = cell.text.partition(",")
    return f"{int(whole):,}".replace(",", ".") + "," + cents if len(whole.lstrip("-")) > 3 else None


def currency_sign(cell: Cell) -> Spoilt:
    """A sign or code of the currency beside the number."""
    return (f"{cell.text} €", f"{cell.text}€", f"EUR {cell.text}", f"{cell.text} EUR")[cell.pick(4)]


def thousands_blank(cell: Cell) -> Spoilt:
    """Thousands grouped by a blank, a no-break space or an apostrophe."""
    grouped = thousands_dot(cell)
    sign = (" ", "\N{NO-BREAK SPACE}", "'", "’")[cell.pick(4)]
    return grouped.replace(".", sign) if isinstance(grouped, str) else None


def apostrophe_before_number(cell: Cell) -> Spoilt:
    """The sign with which a spreadsheet is told to take a number for text."""
    return f"'{cell.text}"


def unit_behind_number(cell: Cell) -> Spoilt:
    """A unit that the column does not count in."""
    return f"{cell.text}{(' %', '%', ' kg', ' Stk.', ' h')[cell.pick(5)]}"


def trailing_minus(cell: Cell) -> Spoilt:
    """The minus goes behind."""
    return f"{cell.text[1:]}-" if cell.text.startswith("-") else None


def number_as_text(cell: Cell) -> Spoilt:
    """The same digits, stored as text."""
    return cell.text


def negative_money(cell: Cell) -> Spoilt:
    """A minus before a number that cannot be negative."""
    return f"-{cell.text}"


def factor_ten(cell: Cell) -> Spoilt:
    """Ten times, or a tenth, where that still is an ordinary income."""
    cents = int(cell.text.replace(",", ""))
    moved = cents * 10 if cents * 10 < 39_000_000 else cents // 10
    return f"{moved // 100},{moved % 100:02d}" if 500_000 < moved < 39_000_000 else None


def digit_changed(text: str, last: int, draw: float) -> str | None:
    """Another digit at a place before `last`, the first digit excepted."""
    places = [at for at, character in enumerate(text[:last]) if character.isdigit()][1:]
    if not places:
        return None
    at = places[int(draw * len(places))]
    return text[:at] + str((int(text[at]) + 1 + int(draw * 8009) % 9) % 10) + text[at + 1 :]


def typo_in_income(cell: Cell) -> Spoilt:
    """A digit of the whole part changed."""
    return digit_changed(cell.text, cell.text.index(","), cell.draw)


def typo_in_amount(cell: Cell) -> Spoilt:
    """A digit changed."""
    return digit_changed(cell.text, len(cell.text), cell.draw)


def lost_comma(cell: Cell) -> Spoilt:
    """A hundred times as much."""
    return cell.text.replace(",", "")


def return_as_sale(cell: Cell) -> Spoilt:
    """Quantity and amount of a return without their signs."""
    return {"quantity": cell.text[1:], "amount": (cell.row["amount"] or "")[1:]} if cell.text.startswith("-") else None


def two_digit_year(cell: Cell) -> Spoilt:
    """The century left out."""
    return cell.text[:6] + cell.text[8:]


def iso_date(cell: Cell) -> Spoilt:
    """Year, month, day."""
    return f"{cell.text[6:]}-{cell.text[3:5]}-{cell.text[:2]}"


def month_name_date(cell: Cell) -> Spoilt:
    """The month as a word."""
    return f"{int(cell.text[:2])}. {MONTHS[int(cell.text[3:5]) - 1]} {cell.text[6:]}"


def serial_date(cell: Cell) -> Spoilt:
    """Days since the last but one day of 1899, as spreadsheets count them.

    Examples
    --------
    >>> serial_date(Cell("03.05.1987", "birth_date", {}, 0.0, date(2026, 6, 30)))
    '31900'
    """
    return str((parsed(cell.text) - SERIAL_ZERO).days)


def month_first(cell: Cell) -> Spoilt:
    """Month and day in American order, the day above twelve."""
    sign = "/" if cell.draw < 0.5 else "."
    return sign.join((cell.text[3:5], cell.text[:2], cell.text[6:])) if int(cell.text[:2]) > 12 else None


def day_month_swapped(cell: Cell) -> Spoilt:
    """Day and month changed places, both possible."""
    day, month = cell.text[:2], cell.text[3:5]
    return f"{month}.{day}.{cell.text[6:]}" if int(day) <= 12 and day != month else None


def impossible_day(cell: Cell) -> Spoilt:
    """A day that no year has."""
    return ("31.02.", "30.02.", "31.04.", "31.11.")[cell.pick(4)] + cell.text[6:]


def future_birth_date(cell: Cell) -> Spoilt:
    """Born some years after the export."""
    return f"{cell.text[:6]}{cell.day.year + 1 + cell.pick(30)}"


def birth_in_1843(cell: Cell) -> Spoilt:
    """Born in 1843."""
    return f"{cell.text[:6]}1843" if cell.text[:5] != "29.02" else None


def placeholder_date(cell: Cell) -> Spoilt:
    """The day zero of many systems."""
    return "01.01.1900"


def future_order_date(cell: Cell) -> Spoilt:
    """Ordered some time after the export."""
    return german(cell.day + timedelta(days=2 + cell.pick(300)))


def before_signup(cell: Cell) -> Spoilt:
    """Some time before the customer signed up."""
    return german(parsed(cell.row["signup_date"] or cell.text) - timedelta(days=20 + cell.pick(600)))


def lost_leading_zero(cell: Cell) -> Spoilt:
    """A postcode taken for a number."""
    return cell.text[1:] if cell.text.startswith("0") else None


def neighbours_swapped(cell: Cell) -> Spoilt:
    """Postcode and town in each other's column."""
    return {"postcode": cell.row["city"] or "", "city": cell.text} if cell.row["city"] else None


def phone_with_letters(cell: Cell) -> Spoilt:
    """A letter for the last digit, or a word behind."""
    return f"{cell.text[:-1]}x" if cell.draw < 0.5 else f"{cell.text} abends"


def email_without_at(cell: Cell) -> Spoilt:
    """The @ is gone, or became (at)."""
    return cell.text.replace("@", "" if cell.draw < 0.5 else "(at)")


def email_with_blank(cell: Cell) -> Spoilt:
    """A blank after the first point or before the @."""
    return cell.text.replace(".", ". ", 1) if cell.draw < 0.5 else cell.text.replace("@", " @")


def scientific_id(cell: Cell) -> Spoilt:
    """A long number as a narrow column of a spreadsheet shows it.

    Examples
    --------
    >>> scientific_id(Cell("100200123457", "customer_id", {}, 0.0, date(2026, 6, 30)))
    '1,0020E+11'
    """
    return f"{float(cell.text):.4E}".replace(".", ",")


def line_break_in_cell(cell: Cell) -> Spoilt:
    """A line break for the first blank."""
    return cell.text.replace(" ", "\n", 1) if " " in cell.text and '"' not in cell.text else None


def extra_delimiter(cell: Cell) -> Spoilt:
    """An unquoted delimiter before the last word; the text goes into the file as it is."""
    return ";".join(cell.text.rsplit(" ", 1)) if " " in cell.text and not set(cell.text) & {";", '"'} else None


def bare_line_break(cell: Cell) -> Spoilt:
    """An unquoted line end before the last word; the text goes into the file as it is."""
    return "\r\n".join(cell.text.rsplit(" ", 1)) if " " in cell.text and not set(cell.text) & {";", '"'} else None


def open_quote(cell: Cell) -> Spoilt:
    """A quote before the value and none behind; the text goes into the file as it is."""
    return f'"{cell.text}' if not set(cell.text) & {";", '"'} else None


def other_content(cell: Cell) -> Spoilt:
    """Another value of the same sort."""
    return f"{cell.text.split(';')[0]} {cell.pick(90) + 10}".replace('"', "")


SPOILERS: Mapping[str, Callable[[Cell], Spoilt]] = {
    **{
        function.__name__: function
        for function in (
            misspelt_category, wrong_case, stray_blanks, null_word, flag_in_another_word, html_entity, lost_letter, thousands_blank,
            apostrophe_before_number, unit_behind_number, serial_date, neighbours_swapped, names_swapped, mojibake, double_mojibake,
            letter_o_for_zero, letter_l_for_one, decimal_point, thousands_dot, currency_sign, trailing_minus, number_as_text,
            negative_money, factor_ten, typo_in_income, typo_in_amount, lost_comma, return_as_sale, two_digit_year, iso_date,
            month_name_date, month_first, day_month_swapped, impossible_day, future_birth_date, birth_in_1843, placeholder_date,
            future_order_date, lost_leading_zero, phone_with_letters, email_without_at, email_with_blank, scientific_id,
            line_break_in_cell, extra_delimiter, bare_line_break, open_quote,
        )
    },
    "no_break_space": lambda cell: f"{cell.text}\N{NO-BREAK SPACE}",
    "unknown_code": lambda cell: UNKNOWN[cell.field],
    "blank_key": lambda cell: "",
    "last_order_before_signup": before_signup,
    "order_before_signup": before_signup,
    "same_key_other_content": other_content,
}  # fmt: skip
"""One spoiler for every kind that changes a cell."""
