"""Damages of numbers: letters among digits, other marks, signs and units, and amounts that are not the true ones."""

from __future__ import annotations

from flows.rehearsal.spoilers.cell import Cell, Spoilt


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
