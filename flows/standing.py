"""Standing: what a home rests on beside its runs: the rows that models learned from, and the secrets that tokens were made with."""

from __future__ import annotations

from contracts.errors import ModelError, RunError
from flows.home import Home
from flows.integrity import Damage


def standing(home: Home) -> dict[str, list[Damage]]:
    """What is damaged of each reference and each client's secret, by its place below the home; empty lists where all is well.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> home = Home.open(Path(tempfile.mkdtemp()) / "home")
    >>> _ = home.secret("acme")
    >>> standing(home)
    {'keys/acme': []}
    """
    return {**_references(home), **{f"keys/{client}": _secret(home, client) for client in home.holders()}}


def _references(home: Home) -> dict[str, list[Damage]]:
    folders = sorted(path for path in (home.root / "references").glob("*/*") if path.is_dir())
    return {path.relative_to(home.root).as_posix(): _reference(home, path.parent.name, path.name) for path in folders}


def _reference(home: Home, name: str, digest: str) -> list[Damage]:
    from models import reference  # brings pandas, which a home without references does not need

    try:
        reference.check(home.root, name, digest)
    except ModelError as error:
        return [Damage("files", str(error.found))]
    return []


def _secret(home: Home, client: str) -> list[Damage]:
    try:
        home.check_secret(client)
    except RunError as error:
        return [Damage(f"{client}.key", str(error.found))]
    return []
