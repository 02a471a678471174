"""Made cells of the same shape as a feed's columns: what a sample may hold in place of a client's values."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from connectors.columns import BIRTH, kind_of
from connectors.parsing import countries, words
from connectors.parsing.countries import POSTCODE_DIGITS
from connectors.parsing.styles import MONTH_FIRST
from connectors.spec.client import ClientSpec
from connectors.spec.column import ColumnSpec
from connectors.spec.feed import FeedSpec
from contracts.errors import shape
from contracts.fields import Field

ROWS = 12
SYLLABLES = ("ba", "do", "fe", "ga", "ki", "la", "mo", "na", "pe", "ro", "su", "ti", "va", "wo")
FLAGS = ("1", "0", "Ja", "Nein", "ja", "nein", "J", "N", "Yes", "No", "yes", "no", "Y", "TRUE", "FALSE", "true", "false", "oui", "non")
_LETTERS = re.compile(r"[Aa]+|9+")
_ORDER = {"dmy": "%d{0}%m{0}%Y", "mdy": "%m{0}%d{0}%Y", "ymd": "%Y{0}%m{0}%d"}
_FIRST = {BIRTH: date(1951, 2, 13), "signup_date": date(2016, 3, 14)}
_STEP = {BIRTH: 1_517, "signup_date": 97}


def cells(feed: FeedSpec, client: ClientSpec, shapes: Mapping[str, Sequence[str]], rows: int = ROWS) -> dict[str, list[str]]:
    """Made values of every column, by header: the same for the same feed and shapes.

    Parameters
    ----------
    feed : FeedSpec
    client : ClientSpec
    shapes : mapping
        Every header of the file, in its order, and the commonest shapes of its values.
    rows : int

    Examples
    --------
    >>> feed = FeedSpec.model_validate({"feed": "a/b", "contract": "customers@1.0", "columns": {"customer_id": "Nr", "city": "Ort"}})
    >>> client = ClientSpec(name="a", title="A", country="DE", currency="EUR")
    >>> cells(feed, client, {"Nr": ("A-999",), "Ort": ("Aaa",), "x": ("9,99",)}, 2)
    {'Nr': ['D-101', 'P-102'], 'Ort': ['Wobado', 'Fefefe'], 'x': ['3,33', '8,16']}
    """
    pairs = [(header, name, spec) for name, spec in feed.all_columns.items() for header in spec.headers]
    takers = {header: (name, spec) for header, name, spec in sorted(pairs, key=lambda pair: bool(pair[2].values))}
    made: dict[str, list[str]] = {}
    for header, forms in shapes.items():
        chance = random.Random(f"{feed.feed} {header}")
        if header not in takers:
            made[header] = [_like(forms[0] if forms else "", chance) for _ in range(rows)]
            continue
        name, spec = takers[header]
        field = feed.table.fields[name]
        several = len(spec.headers) > 1
        made[header] = [_cell(field, spec, feed, client, forms, n, chance, part=several) for n in range(rows)]
    return made


def _cell(
    field: Field, spec: ColumnSpec, feed: FeedSpec, client: ClientSpec, forms: Sequence[str], n: int, chance: random.Random, *, part: bool
) -> str:
    kind, form = kind_of(field, spec), forms[0] if forms else "Aaa"
    if spec.part == "birth_year":
        return str(1951 + 4 * n)
    if spec.part:
        return _like(form, chance)
    if spec.values:
        return list(spec.values)[n % len(spec.values)]
    if kind in ("day", "moment") and not (part and ":" in form and len(form) < 9):
        return _day(field, spec.dates or feed.reading.dates or _order(form, client), form, n)
    if kind == "number" and not part:
        return _number(field, spec.decimal or feed.reading.decimal or ".", form, n)
    if kind in ("category", "flag", "country", "currency"):
        return _word(kind, field, client, forms, n)
    if kind == "email":
        return f"{_made_word('aa', chance)}{n + 1}@example.org"
    if field.role == "key" and not part:
        return _key(form, n, chance)
    if kind == "postcode" and set(form) == {"9"}:
        return str(10_115 + 811 * n)[-POSTCODE_DIGITS.get(client.country, 5) :]
    return _like(form, chance)


def _word(kind: str, field: Field, client: ClientSpec, forms: Sequence[str], n: int) -> str:
    """A known word, of the shape that the column has where there is one."""
    if kind == "currency":
        return client.currency
    if kind == "country":
        known: Sequence[str] = tuple(countries.names())
    else:
        known = field.allowed or FLAGS
    alike = [word for word in known if shape(word) in forms] if kind != "category" else list(known)
    if kind == "country":
        alike = [word for word in alike if countries.names()[word] == client.country] or alike[:1] or [client.country]
    if kind == "flag":
        alike = _both(alike) or ["1", "0"]
    return alike[n % len(alike)]


def _both(known: Sequence[str]) -> list[str]:
    """One word for yes and one for no."""
    said = {words.FLAGS[word.casefold()]: word for word in reversed(known) if word.casefold() in words.FLAGS}
    return [said[True], said[False]] if len(said) == 2 else []


def _order(form: str, client: ClientSpec) -> str:
    """The order in which a day is most likely written where the connector leaves it open."""
    return "ymd" if form.startswith("999") else "mdy" if client.country in MONTH_FIRST else "dmy"


def _day(field: Field, order: str, form: str, n: int) -> str:
    """A day in the column's order, with its separator; days above 12 among them."""
    day = _FIRST.get(field.name, date(2024, 1, 15)) + timedelta(days=n * _STEP.get(field.name, 23))
    separator = next((sign for sign in form if sign in "./-"), "" if set(form) == {"9"} else "-")
    text = day.strftime(_ORDER[order].format(separator))
    return f"{text}{'T' if 'T' in form else ' '}{9 + n % 9:02d}:{(7 * n) % 60:02d}:00" if ":" in form else text


def _number(field: Field, decimal: str, form: str, n: int) -> str:
    """A number within the field's rules, with the marks and signs that the column has."""
    low, high = _range(field)
    value = low + (n * 37 + 11) % max(1, high - low + 1)
    digits = re.search(rf"{re.escape(decimal)}(9+)\D*$", form)
    text = str(value) + (f"{decimal}{(n * 29 + 5) % 100:02d}"[: 1 + len(digits[1])] if digits and field.type_word == "real" else "")
    sign = re.search(r"[€$£%]", form)
    if not sign:
        return text
    return f"{text} {sign[0]}" if form.index(sign[0]) > form.find("9") else f"{sign[0]}{text}"


def _range(field: Field) -> tuple[int, int]:
    rules: dict[str, Any] = dict(field.rules)
    low, high = rules.get("in_range", (rules.get("ge", rules.get("gt", 0)), rules.get("le", rules.get("lt", 500))))[:2]
    return int(low) + (1 if high > 1 else 0), int(min(high, int(low) + 500))


def _key(form: str, n: int, chance: random.Random) -> str:
    """A text of the shape, and another one in each row."""
    text = _like(form, chance)
    number = str(101 + n)
    if "9" not in form:
        return f"{text}{number}"
    last = max((found for found in _LETTERS.finditer(form) if found[0][0] == "9"), key=lambda found: (len(found[0]), found.start()))
    return _like(form[: last.start()], chance) + number + _like(form[last.end() :], chance)


def _like(form: str, chance: random.Random) -> str:
    """A text of a shape: digits for 9, made words for letters, other signs as they are."""
    return _LETTERS.sub(lambda found: _part(found[0], chance), form.replace("…", ""))


def _part(form: str, chance: random.Random) -> str:
    if form[0] == "9":
        return "".join(str(chance.randrange(1, 10)) for _ in form)
    return _made_word(form, chance)


def _made_word(form: str, chance: random.Random) -> str:
    """Three letters or more are a word of syllables; A is a capital."""
    text = "".join(chance.choice(SYLLABLES) for _ in range(3)) if len(form) > 2 else "".join(chance.choice("bdfgklmnprst") for _ in form)
    if form.isupper():
        return text.upper()
    return text.capitalize() if form[0] == "A" else text
