"""Scores of many files, and their means."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.connectors.reading.pollock.damaged import LAYOUT, Damaged
from tests.connectors.reading.pollock.loading import Loaded, load
from tests.connectors.reading.pollock.score import REFUSED, Score, score


@dataclass(frozen=True)
class Scored:
    """A file and what the reader got for it."""

    file: Damaged
    score: Score
    refused: str


def scored(files: Iterable[Damaged], loading: Callable[[Path], Loaded] = load) -> list[Scored]:
    """Write each file, read it, score it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        return [_one(file, path, loading) for file in files]


def _one(file: Damaged, path: Path, loading: Callable[[Path], Loaded]) -> Scored:
    path.write_bytes(file.content)
    return judged(file, loading(path))


def judged(file: Damaged, loaded: Loaded) -> Scored:
    """The score of what was read; an empty file called empty is read as nothing."""
    if loaded.refused and not (loaded.refused == "SOURCE-EMPTY" and not file.truth):
        return Scored(file, REFUSED, loaded.refused)
    return Scored(file, score(file.truth, loaded.rows), loaded.refused)


def simple(those: list[Scored]) -> float:
    """The mean score."""
    return sum(one.score.total for one in those) / len(those)


def weighted(those: list[Scored]) -> float:
    """The mean score, each file as often as its damage was met."""
    return sum(one.score.total * one.file.weight for one in those) / sum(one.file.weight for one in those)


def layout(those: list[Scored]) -> list[Scored]:
    """Those with a damage to what a reader has to find out."""
    return [one for one in those if one.file.part == LAYOUT]


def by_kind(those: list[Scored]) -> dict[str, list[Scored]]:
    """Files by the kind of their damage, in the order they came."""
    kinds: dict[str, list[Scored]] = {}
    for one in those:
        kinds.setdefault(one.file.kind, []).append(one)
    return kinds
