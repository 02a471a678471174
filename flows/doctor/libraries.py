"""The doctor on what is installed: Python, libraries and their versions, our own packages, the font of the charts."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from flows.doctor.finding import Finding
from flows.versions import PACKAGES, ROOT

FASTAPI_CAP = Version("0.155")


def python() -> Finding:
    """Python 3.11 to 3.13."""
    found = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Finding("python", "ok", f"Python {found}")
    return Finding("python", "wrong", f"Python {found}; Millrace is made for 3.11 to 3.13", "make env PYTHON=python3.11")


def versions(lock: Path | None = None) -> Iterator[Finding]:
    """Installed versions against the lock file where it is beside us, else against our own requirements."""
    lock = lock or ROOT / "requirements.lock"
    wanted = pinned(lock.read_text(encoding="utf-8")) if lock.is_file() else {}
    trouble = 0
    for requirement in required():
        name, exact = requirement.name, wanted.get(requirement.name.lower())
        found = installed(name)
        if found is None:
            trouble += 1
            yield Finding("versions", "wrong", f"{name} is not installed", "make env")
        elif not requirement.specifier.contains(found, prereleases=True):
            trouble += 1
            yield Finding("versions", "wrong", f"{name} {found} is installed, {requirement.specifier} is needed", "make env")
        elif exact and exact != found:
            trouble += 1
            text = f"{name} {found} is installed, the lock file says {exact}: bytes of packs may differ"
            yield Finding("versions", "missing", text, "make env")
    if not trouble:
        yield Finding("versions", "ok", f"{len(required())} libraries as {'the lock file' if wanted else 'pyproject.toml'} says")


def required() -> list[Requirement]:
    """What Millrace itself requires, without extras."""
    every = [Requirement(text) for text in metadata.requires("millrace") or []]
    return [each for each in every if each.marker is None or each.marker.evaluate({"extra": ""})]


def pinned(lock: str) -> dict[str, str]:
    """Name and version of each pin in a lock file that holds for this Python.

    Examples
    --------
    >>> pinned("fastapi==0.154.0 \\\\\\n    --hash=sha256:00\\ncolorama==0.4 ; sys_platform == 'win32' \\\\\\n")["fastapi"]
    '0.154.0'
    """
    lines = [line.rstrip("\\ ") for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    pins = [Requirement(line) for line in lines if "==" in line]
    return {p.name.lower(): next(iter(p.specifier)).version for p in pins if p.marker is None or p.marker.evaluate()}


def installed(name: str) -> str | None:
    """The installed version of a distribution."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def fastapi(found: str | None = None) -> Finding:
    """The cap without which Prefect's server dies at import.

    Examples
    --------
    >>> fastapi("0.154.0").state, fastapi("0.155.0").state
    ('ok', 'wrong')
    """
    found = found or installed("fastapi")
    if found and Version(found) < FASTAPI_CAP:
        return Finding("fastapi", "ok", f"FastAPI {found}, below {FASTAPI_CAP}")
    return Finding("fastapi", "wrong", f"FastAPI {found}: Prefect's server does not start with {FASTAPI_CAP} or later", "make env")


def ownership() -> Iterator[Finding]:
    """Our six packages come from our folder, and nothing else that is installed has packages of these names."""
    owners = metadata.packages_distributions()
    trouble = 0
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        place = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
        others = sorted(set(owners.get(package, ())) - {"millrace"})
        trouble += place is None or place.resolve() != ROOT / package or bool(others)
        if place is None or place.resolve() != ROOT / package:
            text = f"the package {package} does not come from Millrace's folder"
            yield Finding("packages", "wrong", text, "use Millrace's own environment: make env")
        elif others:
            text = f"{', '.join(others)} also has a package {package}"
            yield Finding("packages", "wrong", text, f"uninstall {others[0]}, or use Millrace's own environment: make env")
    if not trouble:
        yield Finding("packages", "ok", f"{', '.join(PACKAGES)} are ours")


def fonts() -> Finding:
    """The font of the charts comes with matplotlib: the same bytes on every machine."""
    spec = importlib.util.find_spec("matplotlib")
    folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    if folder and (folder / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf").is_file():
        return Finding("fonts", "ok", "DejaVu Sans comes with matplotlib")
    return Finding("fonts", "wrong", "matplotlib's own fonts are missing: charts cannot be drawn the same everywhere", "make env")
