"""The champion: which version of a model is in use, and which ones were before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from contracts.digest import canonical_json, sha256_json
from models import folder

CHAMPION = "champion.json"


def history(place: Path) -> list[str]:
    """Versions as they were put in use, the present one last.

    Raises
    ------
    ModelError
        MODEL-DAMAGED.
    """
    path = place / CHAMPION
    if not path.exists():
        return []
    raw = path.read_bytes()
    try:
        found = [str(version) for version in json.loads(raw)["history"]]
    except (ValueError, KeyError, TypeError):
        raise folder.damaged(f"the champion of {place.name}", "a file that is not ours") from None
    if raw != canonical_json(_sealed(found)):
        raise folder.damaged(f"the champion of {place.name}", "a changed file")
    return found


def point(place: Path, versions: Sequence[str]) -> None:
    """Put the last of the versions in use; only within `folder.alone(place)`."""
    folder.replace(place / CHAMPION, _sealed(versions))


def _sealed(versions: Sequence[str]) -> dict[str, Any]:
    return {"history": list(versions), "seal": sha256_json(list(versions))}
