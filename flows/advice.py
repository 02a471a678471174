"""What is wrong with a client's cell, what is expected there, and an example of a right value: in plain words, English and German."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.columns import kind_of
from connectors.parsing.styles import Style
from connectors.spec.column import ColumnSpec
from connectors.spec.feed import FeedSpec
from contracts.fields import Field

LANGUAGES = ("en", "de")
MOST_WORDS = 15
"""Allowed words that are listed."""

WRONG: Mapping[str, tuple[str, str]] = {
    "not_null": ("is missing", "fehlt"),
    "present": ("is missing", "fehlt"),
    "unique": ("occurs in several rows with different content", "kommt in mehreren Zeilen mit verschiedenem Inhalt vor"),
    "date": ("is not a date that exists", "ist kein Datum, das es gibt"),
    "future": ("lies after the day on which the file was written", "liegt nach dem Tag, an dem die Datei erstellt wurde"),
    "placeholder": ("is a stand-in for an unknown date", "ist ein Platzhalter für ein unbekanntes Datum"),
    "too_old": ("is more than 120 years ago", "liegt mehr als 120 Jahre zurück"),
    "number": ("is not a number", "ist keine Zahl"),
    "whole_number": ("is not a whole number", "ist keine ganze Zahl"),
    "scientific": ("was cut by a spreadsheet program, as in 1.23E+11", "wurde von einem Tabellenprogramm gekürzt, wie bei 1,23E+11"),
    "category": ("is a word that was not agreed", "ist ein Wort, das nicht vereinbart ist"),
    "isin": ("is a word that was not agreed", "ist ein Wort, das nicht vereinbart ist"),
    "flag": ("says neither yes nor no", "sagt weder ja noch nein"),
    "country": ("is not a known country", "ist kein bekanntes Land"),
    "currency": ("is not a known currency", "ist keine bekannte Währung"),
    "email": ("is not an e-mail address", "ist keine E-Mail-Adresse"),
    "text": ("is not readable text", "ist kein lesbarer Text"),
    "undecoded": ("holds signs that are no letters", "enthält Zeichen, die keine Buchstaben sind"),
    "lost_letter": ("has a question mark in place of a letter", "hat ein Fragezeichen anstelle eines Buchstabens"),
    "digits": ("has no digits", "enthält keine Ziffern"),
    "words": ("is only digits", "besteht nur aus Ziffern"),
    "short": ("is a digit too short for its country", "hat für das Land eine Ziffer zu wenig"),
    "str_matches": ("does not have the right form", "hat nicht die richtige Form"),
    "str_length": ("is too short or too long", "ist zu kurz oder zu lang"),
    "ge": ("is smaller than allowed", "ist kleiner als erlaubt"),
    "gt": ("is smaller than allowed", "ist kleiner als erlaubt"),
    "le": ("is larger than allowed", "ist größer als erlaubt"),
    "lt": ("is larger than allowed", "ist größer als erlaubt"),
    "in_range": ("is outside of what is allowed", "liegt außerhalb des Erlaubten"),
    "unstored": ("is a formula whose value is not in the file", "ist eine Formel, deren Wert nicht in der Datei steht"),
    "product": ("is not quantity times price", "ist nicht Menge mal Preis"),
    "part": ("holds several things that cannot be told apart", "enthält mehrere Angaben, die sich nicht trennen lassen"),
    "before": ("lies before {}", "liegt vor {}"),
    "after": ("lies after {}", "liegt nach {}"),
    "ragged": ("This row has more or fewer cells than the header", "Diese Zeile hat mehr oder weniger Felder als die Kopfzeile"),
    "undecodable": ("This row holds signs that cannot be read", "Diese Zeile enthält Zeichen, die sich nicht lesen lassen"),
    "unclosed_quote": ("A quotation mark is opened here and never closed",
                       "Hier wird ein Anführungszeichen geöffnet und nie geschlossen"),
}  # fmt: skip
OTHER = ("breaks the rule “{}”", "verletzt die Regel „{}“")
WHOLE_ROW = ("the whole row", "die ganze Zeile")
EXPECTED: Mapping[str, tuple[str, str]] = {
    "unique": ("each value in one row only; delete the row that is wrong", "jeder Wert in nur einer Zeile; die falsche Zeile löschen"),
    "scientific": ("the number with all its digits", "die Nummer mit allen Ziffern"),
    "placeholder": ("the real date, or an empty cell", "das echte Datum oder eine leere Zelle"),
    "future": ("a date up to the day of the file", "ein Datum bis zum Tag der Datei"),
    "lost_letter": ("the word as it is spelt", "das Wort, wie es geschrieben wird"),
    "unstored": ("the value itself; open the file in a spreadsheet program and save it again",
                 "der Wert selbst; die Datei in einem Tabellenprogramm öffnen und neu speichern"),
    "product": ("quantity times price of one piece", "Menge mal Einzelpreis"),
    "before": ("two dates in the right order", "zwei Daten in der richtigen Reihenfolge"),
    "after": ("two dates in the right order", "zwei Daten in der richtigen Reihenfolge"),
    "too_old": ("the real date, or an empty cell", "das echte Datum oder eine leere Zelle"),
    "ragged": ("one value under each header, and nothing in the last column",
               "unter jeder Überschrift ein Wert, in der letzten Spalte nichts"),
    "undecodable": ("the words as they are spelt", "die Wörter, wie sie geschrieben werden"),
    "unclosed_quote": ("one value under each header", "unter jeder Überschrift ein Wert"),
}
BOUNDS: Mapping[str, tuple[str, str]] = {
    "ge": ("{} or more", "{} oder mehr"), "gt": ("more than {}", "mehr als {}"),
    "le": ("{} or less", "{} oder weniger"), "lt": ("less than {}", "weniger als {}"),
    "in_range": ("from {} to {}", "von {} bis {}"), "str_length": ("{} to {} characters", "{} bis {} Zeichen"),
}  # fmt: skip
KINDS: Mapping[str, tuple[str, str]] = {
    "text": ("text", "Text"), "code": ("a number or code", "eine Nummer oder ein Kürzel"), "number": ("a number", "eine Zahl"),
    "category": ("one of the agreed words", "eines der vereinbarten Wörter"), "email": ("an e-mail address", "eine E-Mail-Adresse"),
    "day": ("a date", "ein Datum"), "moment": ("a date, with its time where it is known", "ein Datum, mit Uhrzeit, wo sie bekannt ist"),
    "flag": ("yes or no", "ja oder nein"), "country": ("the name of a country or its code", "der Name eines Landes oder sein Kürzel"),
    "currency": ("a currency’s code of three letters", "das Kürzel einer Währung aus drei Buchstaben"),
    "postcode": ("a postcode", "eine Postleitzahl"),
}  # fmt: skip
ORDERS: Mapping[str, tuple[str, str]] = {
    "dmy": (", day before month", ", Tag vor Monat"), "mdy": (", month before day", ", Monat vor Tag"),
    "ymd": (", year first", ", Jahr zuerst"),
}  # fmt: skip
DAYS = {"dmy": ("31/12/1985", "31.12.1985"), "mdy": ("12/31/1985", "12/31/1985"), "ymd": ("1985-12-31", "1985-12-31")}
FIELDS: Mapping[str, tuple[tuple[str, str], str]] = {
    "phone": (("a telephone number", "eine Telefonnummer"), "+49 30 1234567"),
}  # fmt: skip
"""Fields of text that have a form of their own, and an example."""
PARTS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "name": (("the whole name", "der ganze Name"), ("Meier, Anna", "Meier, Anna")),
    "address": (("the whole address: street, postcode, city", "die ganze Anschrift: Straße, Postleitzahl, Ort"),
                ("", "Hauptstr. 1, 12345 Neustadt")),
}  # fmt: skip
"""Cells of which a field takes a part: they hold more than the field does."""
EXAMPLES = {"email": ("name@example.com", "name@example.com"), "currency": ("EUR", "EUR"), "country": ("Germany, DE", "Deutschland, DE"),
            "flag": ("yes, no", "ja, nein")}  # fmt: skip


@dataclass(frozen=True)
class Advice:
    """What is said of one fault.

    Parameters
    ----------
    wrong, expected, example : str
        In the client's language; the last two may be empty.
    """

    wrong: str
    expected: str
    example: str


def language_of(code: str) -> str:
    """The language that a client is spoken to in: its own where we speak it, else English.

    Examples
    --------
    >>> language_of("de"), language_of("de-AT"), language_of("nl")
    ('de', 'de', 'en')
    """
    base = code.partition("-")[0].lower()
    return base if base in LANGUAGES else LANGUAGES[0]


def advice(key: str, feed: FeedSpec, styles: Mapping[str, Style], language: str) -> Advice:
    """What is said of a fault, ``field:rule`` or why a record is no row.

    Examples
    --------
    >>> from connectors.library import load_feed
    >>> feed = load_feed("harbour/customers")
    >>> advice("birth_date:date", feed, {"birth_date": Style(dates="dmy")}, "de")
    Advice(wrong='ist kein Datum, das es gibt', expected='ein Datum, Tag vor Monat', example='31.12.1985')
    >>> advice("marketing_consent:flag", feed, {}, "en").expected
    'one of: J, N'
    >>> advice("income:ge", feed, {}, "de").expected
    '0 oder mehr'
    >>> whole = FeedSpec.model_validate({"feed": "a/b", "contract": "customers@1.0", "columns": {
    ...     "customer_id": "Nr", "postcode": {"from": "Address", "part": "postcode"}}})
    >>> advice("postcode:part", whole, {}, "en").expected  # of the cell, not of the field alone
    'the whole address: street, postcode, city'
    """
    n = LANGUAGES.index(language)
    name, _, rule = key.partition(":")
    if not rule:
        return Advice(WRONG[name][n], EXPECTED[name][n], "") if name in WRONG else Advice(OTHER[n].format(name), "", "")
    return Advice(_wrong(rule, feed, n), *_right(name.partition("+")[0], rule, feed, styles, n))


def _wrong(rule: str, feed: FeedSpec, n: int) -> str:
    way, _, other = rule.partition("_")
    if rule not in WRONG and way in ("before", "after"):
        return WRONG[way][n].format(titled(other, feed))
    return WRONG[rule][n] if rule in WRONG else OTHER[n].format(rule.replace("_", " "))


def titled(name: str, feed: FeedSpec) -> str:
    """A field as the client calls it: its headers; else its title.

    Examples
    --------
    >>> from connectors.library import load_feed
    >>> titled("birth_date", load_feed("harbour/customers")), titled("age", load_feed("harbour/customers"))
    ('Geburtsdatum', 'Age')
    """
    headers = feed.all_columns[name].headers if name in feed.all_columns else ()
    field = feed.table.fields.get(name)
    return " + ".join(headers) or (field.title if field else name.replace("_", " "))


def _right(name: str, rule: str, feed: FeedSpec, styles: Mapping[str, Style], n: int) -> tuple[str, str]:
    """What is expected, and an example."""
    field, spec = feed.table.fields.get(name), feed.all_columns.get(name)
    if field is None or spec is None:
        return EXPECTED.get(rule, ("", ""))[n], ""
    kind, style = kind_of(field, spec), styles.get(name, Style())
    said = EXPECTED.get("before" if rule.startswith("before_") else "after" if rule.startswith("after_") else rule)
    if spec.part and spec.part != "birth_year" and rule not in EXPECTED:
        said, example = PARTS["name" if spec.part in ("first", "last", "salutation") else "address"]
        return said[n], "Anna Meier" if spec.names == "first_last" else example[n]
    if rule in BOUNDS and (bound := dict(field.rules).get(rule)) is not None:
        return BOUNDS[rule][n].format(*(bound if isinstance(bound, tuple) else (bound,))), ""
    if said:
        return said[n], _example(kind, field, spec, style, n) if kind in ("day", "moment") else ""
    words = _words(kind, field, spec)
    if words:
        more = " …" if len(words) > MOST_WORDS else ""
        return f"{('one of', 'eines von')[n]}: {', '.join(words[:MOST_WORDS])}{more}", words[0]
    if name in FIELDS:
        return FIELDS[name][0][n], FIELDS[name][1]
    if kind == "text":
        return "", ""
    return KINDS[kind][n] + (ORDERS[style.dates][n] if kind in ("day", "moment") else ""), _example(kind, field, spec, style, n)


def _words(kind: str, field: Field, spec: ColumnSpec) -> list[str]:
    """The client's own words where they were agreed; else the contract's."""
    return list(spec.values) or (list(field.allowed or ()) if kind == "category" else [])


def _example(kind: str, field: Field, spec: ColumnSpec, style: Style, n: int) -> str:
    if kind in ("day", "moment"):
        return DAYS[style.dates][n]
    if kind == "number":
        return "12" if field.type_word == "whole" else f"1234{style.decimal}50"
    forms: Any = {"postcode": ("12345", "12345")} | EXAMPLES
    return str(forms[kind][n]) if kind in forms else ""
