"""The reader on real files: what each holds was written down by looking at it."""

from __future__ import annotations

import codecs
import functools
from pathlib import Path
from typing import Any

import pytest

from connectors.reading.reading import read
from contracts.errors import SourceError
from tests.connectors.reading.conftest import Taken
from tests.connectors.reading.pollock.loading import trimmed
from tests.connectors.reading.pollock.recipe import Recipe, clean, hashes, joined, recipes, records

ALL = {recipe.name: recipe for recipe in recipes()}
ASPECTS = ("dialect", "names", "rows", "ledger")
SAME = {"ascii": "utf-8", "utf-8-sig": "utf-8", "utf-16-le": "utf-16", "iso8859-1": "cp1252"}
"""Encodings that make the same of these files."""

def asked() -> list[Any]:
    """Every file and each thing asked of it."""
    return [pytest.param(name, aspect, id=f"{aspect} of {name}") for name in ALL for aspect in ASPECTS]


@functools.cache
def taken(path: Path) -> Taken:
    """A file read once."""
    reading, blocks = read(path)
    return Taken(reading, list(blocks))


@pytest.mark.shared
@pytest.mark.parametrize("name", ALL)
def test_a_recipe_names_every_record_once_and_its_hashes_hold(name: str) -> None:
    recipe, every = ALL[name], records(ALL[name])
    assert sorted((*recipe.rows, *recipe.ledger)) == sorted(every)
    assert list(recipe.names) == (joined(recipe, every) if recipe.header else [])
    rows = clean(recipe)[bool(recipe.header) :]
    assert recipe.shape == (len(rows), len(recipe.hashes))
    assert recipe.hashes == hashes(rows, recipe.shape[1])
    assert all(len(row) == recipe.shape[1] for row in rows)


@pytest.mark.shared
@pytest.mark.parametrize(("name", "aspect"), asked())
def test_a_real_file_is_read_as_what_it_is(name: str, aspect: str) -> None:
    recipe = ALL[name]
    found = taken(recipe.path)
    assert seen(found, aspect) == wanted(recipe, aspect)


@pytest.mark.shared
def test_a_file_of_no_bytes_is_refused(shared: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read(shared / "data/polluted-csv/csv/file_no_payload.csv")
    assert caught.value.code == "SOURCE-EMPTY"


def wanted(recipe: Recipe, aspect: str) -> object:
    """What a file must give."""
    if aspect == "dialect":
        return encoding(recipe.encoding), recipe.delimiter
    if aspect == "names":
        return bool(recipe.header), list(recipe.names)
    return (recipe.shape, recipe.rows, recipe.hashes) if aspect == "rows" else list(recipe.ledger.items())


def seen(found: Taken, aspect: str) -> object:
    """What the reader gave."""
    header, decisions = found.reading.header, found.reading.decisions
    if aspect == "dialect":
        return encoding(str(decisions["encoding"].value)), decisions["delimiter"].value
    if aspect == "names":
        return bool(decisions["header_row"].value), trimmed(found.reading.filed)
    rows = [[cell or "" for cell in row.values()] for row in found.rows]
    shape = (len(rows), len(header))
    return (shape, tuple(found.line), hashes(rows, len(header))) if aspect == "rows" else found.reasons


def encoding(name: str) -> str:
    """An encoding by one name."""
    plain = codecs.lookup(name).name
    return SAME.get(plain, plain)
