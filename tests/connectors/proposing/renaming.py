"""The same tables under other headers: a seeded generator, so that figures do not rest on the files at hand alone."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ruamel.yaml import YAML

from connectors.reading.block import Block, unique_names
from connectors.spec.column import RESERVED
from tests.connectors.proposing.tables import renamed
from tests.connectors.proposing.truth import HERE, Entry, Wanted

LANGUAGES = ("en", "de", "nl", "fr", "es")
KINDS = ("style", "prefix", "short", *LANGUAGES, "anonymous")
STREETS = ("street_number", "street_name")
PARTS = {"first": "full_name", "last": "full_name", "birth_year": "birth_year"}
SHORT = {"customer": "cust", "number": "no", "date": "dt", "address": "addr", "quantity": "qty", "product": "prod", "amount": "amt",
         "country": "ctry", "description": "desc", "telephone": "tel", "category": "cat", "invoice": "inv", "name": "nm"}  # fmt: skip
"""Abbreviations that are no cut."""
VOWELS = re.compile("[aeiouäöüáéíóú]")
FRONTS = ("crm_", "T1.", "dim_cust_", "kd_", "x_", "SRC:", "Export.", "f_")
BACKS = ("*", " (txt)", "_1", " [raw]", "_c", " :")


@dataclass(frozen=True)
class Variant:
    """A table under other headers, and its truth under them."""

    kind: str
    entry: Entry
    block: Block


def variant(entry: Entry, table: Block, kind: str, seed: int) -> Variant:
    """Rename every column and shuffle them."""
    rng = random.Random(f"{seed}:{kind}:{entry.name}")
    headers = list(table.table.column_names)
    order = rng.sample(headers, len(headers))
    names = dict(zip(order, unique_names(_named(entry, order, kind, rng)), strict=True))
    return Variant(kind, _moved(entry, names), renamed(table, names, order))


def _named(entry: Entry, headers: Sequence[str], kind: str, rng: random.Random) -> list[str]:
    if kind == "anonymous":
        form = rng.choice(("col{}", "Column{}", "F{}", "var_{}", "Feld{}"))
        return [form.format(place) for place in range(1, len(headers) + 1)]
    if kind in LANGUAGES:
        said, style = _said(entry, kind, rng), rng.choice(STYLES)
        return [style(words(said.get(header, header))) if rng.random() < 0.9 else said.get(header, header) for header in headers]
    if kind == "prefix":
        front, back = rng.choice((("", rng.choice(BACKS)), (rng.choice(FRONTS), "")))
        return [f"{front}{header}{back}" for header in headers]
    style, change = rng.choice(STYLES), _short if kind == "short" else list
    return [style(change(words(header))) for header in headers]


def words(header: str) -> list[str]:
    """Parts of a header.

    Examples
    --------
    >>> words("MntWines"), words("E-mail 1 - Value"), words("customerID")
    (['Mnt', 'Wines'], ['E', 'mail', '1', 'Value'], ['customer', 'ID'])
    """
    return re.findall(r"[^\W\d_]+|\d+", re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", " ", header)) or [header]


def _short(those: Sequence[str]) -> list[str]:
    """Known abbreviations, else without vowels behind the first letter, else cut."""
    return [SHORT.get(word.casefold(), word if len(word) < 5 else (word[0] + VOWELS.sub("", word[1:]))[:4]) for word in those]


def _plain(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))


STYLES: tuple[Callable[[Sequence[str]], str], ...] = (
    lambda those: "_".join(word.lower() for word in those),
    lambda those: "_".join(_plain(word).upper() for word in those),
    lambda those: those[0].lower() + "".join(word.capitalize() for word in those[1:]),
    lambda those: "".join(word.capitalize() for word in those),
    lambda those: " ".join(word.capitalize() for word in those),
    lambda those: "-".join(_plain(word).lower() for word in those),
    lambda those: "".join(_plain(word).lower() for word in those),
)
"""Snake, upper snake, camel, Pascal, title, kebab, and nothing between."""


def _said(entry: Entry, language: str, rng: random.Random) -> dict[str, str]:
    """Words for the columns that have a meaning; the best column of each first, another of one meaning is numbered."""
    said: dict[str, str] = {}
    for best in (True, False):
        for name, wanted in entry.fields.items():
            for choice in wanted.choices[:1] if best else wanted.choices[1:]:
                for place, header in enumerate(choice):
                    if header not in said and header not in RESERVED:
                        meaning = _meaning(name, wanted, choice, place) if best or len(choice) == 1 else "street_extra"
                        word = rng.choice(_words_for(meaning, language))
                        said[header] = word if best or len(choice) > 1 else f"{word} 2"
    return said


def _meaning(name: str, wanted: Wanted, choice: Sequence[str], place: int) -> str:
    return PARTS[wanted.part] if wanted.part else STREETS[min(place, 1)] if name == "street" and len(choice) > 1 else name


@cache
def _dictionary() -> Mapping[str, Mapping[str, list[str]]]:
    found: Mapping[str, Mapping[str, list[str]]] = YAML(typ="safe").load(HERE / "headers.yaml")
    return found


def _words_for(meaning: str, language: str) -> list[str]:
    return _dictionary()[meaning][language]


def _moved(entry: Entry, names: Mapping[str, str]) -> Entry:
    def move(headers: Sequence[str]) -> tuple[str, ...]:
        return tuple(names.get(header, header) for header in headers)

    fields = {name: replace(wanted, choices=tuple(map(move, wanted.choices))) for name, wanted in entry.fields.items()}
    near = {name: {names.get(header, header): why for header, why in those.items()} for name, those in entry.near.items()}
    return replace(entry, fields=fields, may={name: move(those) for name, those in entry.may.items()}, near=near)
