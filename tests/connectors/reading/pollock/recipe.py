"""What a real file holds, written down by looking at it: which lines are rows, why others are not, and hashes of its columns.

The recipes are in ``truth/FOLDER.yaml``. Their cells come from Python's own `csv`, told everything, so that the truth does not depend on
the reader that is judged by it.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.connectors.reading.pollock.places import HERE, SHARED

Numbered = dict[int, list[str]]
"""Records by the line on which they start."""


@dataclass(frozen=True)
class Recipe:
    """One file.

    Parameters
    ----------
    name : str
        Of the file in the shared folder's ``data``.
    encoding, delimiter, quote, escape : str
        Escape is empty where a quote is doubled.
    header : tuple of int
        Lines of the header's records; empty without a header.
    spread : tuple of int
        Those of them in which a name holds for the empty cells to its right.
    rows : tuple of int
        Lines on which rows start.
    aside : mapping of str to tuple of int
        Lines of the other records, by the reason why they are no rows.
    shape : tuple of two int
        Rows and columns of the clean table.
    names : tuple of str
        The header's records joined by column, trimmed; empty for a column without a name.
    hashes : tuple of str
        Of each column of the clean table.
    cells_of : str
        File whose rows these are, where `csv` cannot be told how this one escapes; empty otherwise.
    """

    name: str
    encoding: str
    delimiter: str
    quote: str
    escape: str
    header: tuple[int, ...]
    spread: tuple[int, ...]
    rows: tuple[int, ...]
    aside: Mapping[str, tuple[int, ...]]
    shape: tuple[int, int]
    names: tuple[str, ...]
    hashes: tuple[str, ...]
    cells_of: str = ""

    @property
    def path(self) -> Path:
        """Where the file is."""
        return SHARED / "data" / self.name

    @property
    def ledger(self) -> dict[int, str]:
        """The reason of each record that is no row, by its line."""
        asides = {line: reason for reason, lines in self.aside.items() for line in lines}
        return dict(sorted({**asides, **dict.fromkeys(self.header, "header")}.items()))


def recipes(*folders: str) -> list[Recipe]:
    """The recipes of some folders, or of all."""
    paths = [HERE / "truth" / f"{folder}.yaml" for folder in folders] or sorted((HERE / "truth").glob("*.yaml"))
    found = []
    for path in paths:
        facts = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        found += [recipe(f"{path.stem}/{name}", given) for name, given in facts.items()]
    return found


def recipe(name: str, given: Mapping[str, Any]) -> Recipe:
    """A recipe as its file says it."""
    return Recipe(
        name=name,
        encoding=given.get("encoding", "utf-8"),
        delimiter=given.get("delimiter", ","),
        quote=given.get("quote", '"'),
        escape=given.get("escape", ""),
        header=spans(given.get("header", "")),
        spread=spans(given.get("spread", "")),
        rows=spans(given.get("rows", "")),
        aside={reason: spans(lines) for reason, lines in (given.get("aside") or {}).items()},
        shape=(given["shape"][0], given["shape"][1]),
        names=tuple(given.get("names", ())),
        hashes=tuple(given.get("hashes", ())),
        cells_of=given.get("cells_of", ""),
    )


def spans(written: str | int) -> tuple[int, ...]:
    """Lines as a recipe names them.

    Examples
    --------
    >>> spans("1 3-5"), spans(7), spans("")
    ((1, 3, 4, 5), (7,), ())
    """
    ends = [part.partition("-") for part in str(written).split()]
    return tuple(line for first, _, last in ends for line in range(int(first), int(last or first) + 1))


def records(given: Recipe) -> Numbered:
    """All records of a file, as Python's own reader takes them."""
    raw = gzip.decompress(given.path.read_bytes()) if given.name.endswith(".gz") else given.path.read_bytes()
    reader = csv.reader(
        _lines(raw.decode(given.encoding)),
        delimiter=given.delimiter[:1],
        quotechar=given.quote or None,
        quoting=csv.QUOTE_MINIMAL if given.quote else csv.QUOTE_NONE,
        escapechar=given.escape or None,
        doublequote=not given.escape,
        skipinitialspace=given.delimiter == ", ",
    )
    found, line = {}, 1
    for cells in reader:
        found[line] = cells
        line = reader.line_num + 1
    return found


def _lines(content: str) -> list[str]:
    """Lines as an editor counts them: a CR among line feeds ends none."""
    end = "\n" if "\n" in content else "\r"
    return [line + end for line in content.removesuffix(end).split(end)]


def clean(given: Recipe, *, totals: bool = False) -> list[list[str]]:
    """The clean table: its names where it has some, then its rows, with or without those that sum others up."""
    every = records(given)
    lines = given.rows + (given.aside.get("total", ()) if totals else ())
    cells = every if not given.cells_of else _other_cells(given)
    return ([joined(given, every)] if given.header else []) + [cells[line] for line in sorted(lines)]


def _other_cells(given: Recipe) -> Numbered:
    folder = given.name.partition("/")[0]
    other = next(one for one in recipes(folder) if one.name == f"{folder}/{given.cells_of}")
    return records(other)


def joined(given: Recipe, every: Numbered) -> list[str]:
    """The names of the columns."""
    parts = [_spread(every[line]) if line in given.spread else every[line] for line in given.header]
    return [" ".join(" ".join(cells).split()) for cells in zip(*parts, strict=True)]


def _spread(cells: Sequence[str]) -> list[str]:
    spread: list[str] = []
    for cell in cells:
        spread.append(cell if cell.strip() or not spread else spread[-1])
    return spread


def column_hash(cells: Sequence[str]) -> str:
    """A column's hash: of its cells in order.

    Examples
    --------
    >>> column_hash(["1", ""]), column_hash(["1"])
    ('f14a0b8e', '43de3a41')
    """
    return hashlib.sha256(json.dumps(list(cells)).encode()).hexdigest()[:8]


def hashes(rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """A hash for each column of rows of this width."""
    return tuple(column_hash([row[place] for row in rows]) for place in range(width))
