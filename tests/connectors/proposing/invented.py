"""Tables of systems that no file at hand comes from: headers from memory of their layouts, values from a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ruamel.yaml import YAML

from connectors.reading.block import Block, aside_table
from tests.connectors.proposing.truth import HERE, Entry, Wanted

ROWS = 400
Rng = np.random.Generator
Cells = npt.NDArray[np.str_]

WORDS: dict[str, tuple[str, ...]] = {
    "first": ("Anna", "Jonas", "Lena", "Paul", "Mia", "Lukas", "Emma", "Noah", "Clara", "Felix", "Sofia", "Hugo", "Ines", "Pedro", "Julie"),
    "last": ("Keller", "Brandt", "Vogel", "Martin", "Dubois", "Jansen", "Garcia", "Smith", "Walker", "Lopez", "Bakker", "Roth", "Moreau"),
    "street": ("Lindenweg", "Hauptstraße", "Station Road", "Rue Haute", "Kerkstraat", "Calle Mayor", "Mill Lane", "Am Markt"),
    "city": ("Ulm", "Bremen", "Leeds", "Lyon", "Gent", "Sevilla", "Utrecht", "Kassel", "York", "Nantes", "Graz"),
    "state": ("Bayern", "Hessen", "Sachsen", "Bremen", "Saarland", "Berlin"),
    "country": ("Germany", "France", "Spain", "Netherlands"), "iso": ("DE", "FR", "ES", "NL"), "language": ("D", "E", "F"),
    "company": ("Keller GmbH", "Roth & Co", "Vogel AG", "Smith Ltd"), "currency": ("EUR", "EUR", "CHF"),
    "stage": ("Retail", "Wholesale", "VIP"), "source": ("Web", "Partner", "Trade show"), "status": ("completed", "refunded", "processing"),
    "salutation": ("Mr.", "Ms.", "Dr."), "anrede": ("Herr", "Frau"), "gender": ("Female", "Male"), "sexo": ("Mujer", "Hombre"),
    "truth": ("true", "false"), "janein": ("ja", "nein"), "sino": ("Sí", "No"), "yesno": ("yes", "no"),
    "contrato": ("Mensual", "Un año", "Dos años"), "payment": ("Card", "Transfer", "Direct debit"), "coupon": ("SPRING", "WELCOME", ""),
    "category": ("Garden", "Kitchen", "Toys"), "product": ("Blue lamp", "Oak table", "Tea pot", "Toy train", "Wool rug", "Steel pan"),
    "marital": ("single", "married", "divorced"), "job": ("Nurse", "Teacher", "Clerk"), "outcome": ("success", "failure", "none"),
}  # fmt: skip
CODES = {
    "gender": {"Female": ("female",), "Male": ("male",)}, "sexo": {"Mujer": ("female",), "Hombre": ("male",)},
    "contrato": {"Mensual": ("month",), "Un año": ("one_year",), "Dos años": ("two_year",)},
    "marital": {"single": ("single",), "married": ("married",), "divorced": ("divorced",)},
}  # fmt: skip


def tables(seed: int = 1) -> Iterator[tuple[Entry, Block]]:
    """Every layout with its truth."""
    for place, raw in enumerate(YAML(typ="safe").load(HERE / "invented.yaml")):
        rng = np.random.default_rng((seed, place))
        cells = {header: pa.array(_cells(kind, rng).tolist(), pa.string()) for header, _, kind in raw["columns"]}
        numbers = np.arange(1, ROWS + 1)
        yield _entry(raw), Block(pa.table(cells), numbers, numbers + 1, aside_table(numbers[:0], numbers[:0], [], []))


def _entry(raw: Any) -> Entry:
    fields: dict[str, Wanted] = {}
    may: dict[str, tuple[str, ...]] = {}
    for header, names, kind in raw["columns"]:
        for name in names.split(","):
            if name.startswith("~"):
                may[name[1:]] = (header,)
            elif name != "-":
                fields[name] = _wanted(header, name.partition("_")[0] if kind == "full" else None, kind)
    if raw["contracts"] == ["transactions"]:
        fields.setdefault("line_id", Wanted((("position_within",),)))
    return Entry(f"invented/{raw['name']}", tuple(raw["contracts"]), fields=fields, may=may)


def _wanted(header: str, part: str | None, kind: str) -> Wanted:
    dates = kind[:3] if kind[:3] in ("dmy", "mdy", "ymd") else None
    decimal = {"money_comma": ",", "money_dot": "."}.get(kind)
    return Wanted(((header,),), part, dates, decimal, CODES.get(kind, {}))


def _cells(kind: str, rng: Rng) -> Cells:
    if kind in KINDS:
        return KINDS[kind](rng)
    if kind[:3] in ("dmy", "mdy", "ymd"):
        return _days(kind[:3], 1950 if kind.endswith("birth") else 2019, 50 if kind.endswith("birth") else 5, rng)
    chosen = rng.choice(np.array(WORDS[kind]), ROWS)
    return _plus(chosen, " ", rng.integers(1, 120, ROWS).astype(str)) if kind == "street" else chosen


def _plus(*parts: Cells | str) -> Cells:
    joined = parts[0]
    for part in parts[1:]:
        joined = np.char.add(joined, part)
    return np.asarray(joined)


def _days(order: str, year: int, years: int, rng: Rng) -> Cells:
    days = (np.datetime64(f"{year}-01-01") + rng.integers(0, years * 365, ROWS)).astype(str)
    forms = {"dmy": "{2}.{1}.{0}", "mdy": "{1}/{2}/{0}", "ymd": "{0}-{1}-{2}"}
    return np.array([forms[order].format(*day.split("-")) for day in days.tolist()])


def _money(mark: str) -> Callable[[Rng], Cells]:
    return lambda rng: _plus(rng.integers(1, 300, ROWS).astype(str), mark, np.char.zfill(rng.integers(0, 100, ROWS).astype(str), 2))


def _email(rng: Rng) -> Cells:
    names = np.char.lower(rng.choice(np.array(WORDS["last"]), ROWS))
    return _plus(names, np.arange(ROWS).astype(str), "@example.org")


KINDS: dict[str, Callable[[Rng], Cells]] = {
    "digits": lambda rng: rng.permutation(np.arange(100_000, 100_000 + ROWS)).astype(str),
    "code": lambda rng: _plus("003", rng.permutation(np.arange(5_000, 5_000 + ROWS)).astype(str), "AbQ"),
    "owner": lambda rng: _plus("005", rng.integers(10, 14, ROWS).astype(str), "XyZ"),
    "customers": lambda rng: _plus("C", rng.integers(1_000, 1_120, ROWS).astype(str)),
    "groups": lambda rng: (np.arange(ROWS) // 3 + 70_000).astype(str),
    "line": lambda rng: (np.arange(ROWS) % 3 + 1).astype(str),
    "sku": lambda rng: _plus("SKU-", rng.integers(100, 160, ROWS).astype(str)),
    "count": lambda rng: rng.integers(1, 9, ROWS).astype(str),
    "age": lambda rng: rng.integers(18, 85, ROWS).astype(str),
    "income": lambda rng: rng.integers(18_000, 90_000, ROWS).astype(str),
    "zip": lambda rng: rng.integers(10_000, 99_999, ROWS).astype(str),
    "phone": lambda rng: _plus("+49 151 ", rng.integers(1_000_000, 9_999_999, ROWS).astype(str)),
    "full": lambda rng: _plus(rng.choice(np.array(WORDS["first"]), ROWS), " ", rng.choice(np.array(WORDS["last"]), ROWS)),
    "email": _email,
    "money_comma": _money(","),
    "money_dot": _money("."),
}
"""Kinds of values that are no choice of words."""
