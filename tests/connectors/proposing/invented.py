"""Tables of systems that no file at hand comes from: headers from memory of their layouts, values from a seed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from ruamel.yaml import YAML

from connectors.reading.block import Block, aside_table
from tests.connectors.proposing.kinds import CODES, ROWS, cells
from tests.connectors.proposing.truth import ASK, HERE, Entry, Wanted

APART, DEVELOPED = ("invented", "apart"), ("developed",)
"""Files of layouts: those that no word list and no weight was chosen by, and those that are worked on."""
DECIMALS = {"money_comma": ",", "money_dot": ".", "money_group": ",", "money_eur": ",", "money_usd": "."}


def tables(*files: str, seed: int = 1) -> Iterator[tuple[Entry, Block]]:
    """Every layout of some files with its truth."""
    for file in files or APART:
        for place, raw in enumerate(YAML(typ="safe").load(HERE / f"{file}.yaml")):
            rng = np.random.default_rng((seed, place))
            found = {
                str(header): pa.array([cell or None for cell in cells(kind, rng).tolist()], pa.string())
                for header, _, kind in raw["columns"]
            }
            numbers = np.arange(1, ROWS + 1)
            yield _entry(raw), Block(pa.table(found), numbers, numbers + 1, aside_table(numbers[:0], numbers[:0], [], []))


def _entry(raw: Any) -> Entry:
    """A field's name may have a sign before it: ``~`` may be taken, ``+`` is as good, ``*`` joined to the one before."""
    fields: dict[str, Wanted] = {}
    may: dict[str, tuple[str, ...]] = {}
    more: dict[str, list[tuple[str, ...]]] = {}
    for header, names, kind in raw["columns"]:
        for name in names.split(","):
            field = name.lstrip("~+*")
            if name.startswith("~"):
                may[field] = (*may.get(field, ()), str(header))
            elif name.startswith("+"):
                more.setdefault(field, []).append((str(header),))
            elif name.startswith("*"):
                fields[field] = Wanted(((*fields[field].choices[0], str(header)),))
            elif name != "-":
                fields[field] = _wanted(str(header), field, kind)
    fields |= {name: Wanted(((word,),)) for name, word in raw.get("made", {}).items()}
    if raw["contracts"] == ["transactions"]:
        fields.setdefault("line_id", Wanted((("position_within",),)))
    for name, choices in more.items():
        wanted = fields[name]
        fields[name] = Wanted((*wanted.choices, *choices), wanted.part, wanted.dates, wanted.decimal, wanted.values)
    return Entry(f"invented/{raw['name']}", tuple(raw["contracts"]), fields=fields, may=may)


def _wanted(header: str, field: str, kind: Any) -> Wanted:
    if not isinstance(kind, str):
        codes = {str(word): (str(code),) for word, code in kind.items() if code} if isinstance(kind, dict) else {}
        return Wanted(((header,),), values=codes)
    kind = kind.rstrip("%")
    part = field.partition("_")[0] if kind.startswith("full") else "birth_year" if kind == "year_birth" else None
    dates = ASK if "open" in kind else kind[:3] if kind[:3] in ("dmy", "mdy", "ymd") else None
    return Wanted(((header,),), part, dates, DECIMALS.get(kind), CODES.get(kind, {}))
