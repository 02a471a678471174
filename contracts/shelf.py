"""Contracts that were imported: folders of ODCS files in which this process, and those that it starts, look for a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts.contract import Contract

ENDING = ".odcs.yaml"

_places: tuple[Path, ...] = ()


def use(folders: Iterable[Path]) -> None:
    """Look for contracts in these folders, in their order, from now on; one that is not there holds none."""
    global _places
    _places = tuple(folders)


def folders() -> tuple[Path, ...]:
    """Where contracts are looked for."""
    return _places


def state() -> tuple[tuple[str, int, int], ...]:
    """What tells one state of the folders from another, for who keeps what was made of a contract."""
    return tuple((str(path), *_age_and_size(path)) for _, _, path in _files())


def names() -> tuple[str, ...]:
    """Names of the contracts that were imported."""
    return tuple(sorted({name for name, _, _ in _files()}))


def versions(name: str) -> tuple[str, ...]:
    """Versions of a contract that was imported, the newest last."""
    return tuple(sorted({version for known, version, _ in _files() if known == name}, key=_age))


def find(name: str, version: str | None = None) -> Contract | None:
    """A contract that was imported, in its newest version where none is named.

    Raises
    ------
    ContractError
        Of a file that was changed since, as `contracts.odcs.load`; CONTRACT-MISPLACED where a file holds another contract than it says.
    """
    wanted = version or next(reversed(versions(name)), None)
    for known, found, path in _files():
        if (known, found) == (name, wanted):
            return _load(path, *_age_and_size(path))
    return None


def _age_and_size(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:  # a link that leads nowhere: whoever reads it is told
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _load(path: Path, _changed: int, _size: int) -> Contract:
    from contracts.errors import ContractError, Place
    from contracts.odcs import load

    try:
        contract = load(path)
    except ContractError as error:  # nobody has named this file: say where it lies
        error.place = replace(error.place, file=str(path))
        raise
    if f"{contract.id}{ENDING}" != path.name:
        raise ContractError(
            "CONTRACT-MISPLACED", "the file holds another contract than its name says", place=Place(file=str(path)), found=contract.id,
            hint="take it in with `millrace contracts import`",
        )  # fmt: skip
    return contract


def _files() -> Iterator[tuple[str, str, Path]]:
    for folder in _places:
        for path in sorted(folder.glob(f"*@*{ENDING}")):
            name, _, version = path.name.removesuffix(ENDING).partition("@")
            if not name.startswith("."):
                yield name, version, path


def _age(version: str) -> list[tuple[int, str]]:
    """Order of versions: 1.10 comes after 1.9.

    Examples
    --------
    >>> sorted(["1.10", "1.9", "1.9.1"], key=_age)
    ['1.9', '1.9.1', '1.10']
    """
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.+_-]", version)]
