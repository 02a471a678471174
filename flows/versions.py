"""The versions that decide bytes: our own sources and the libraries that write or compute."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("connectors", "contracts", "enrichment", "flows", "models", "reports")
SOURCES = frozenset({".py", ".html", ".css", ".svg", ".j2", ".txt"})
DECIDING = (
    "evidently", "jinja2", "matplotlib", "numpy", "openpyxl", "pandas", "pandera", "pyarrow", "python-calamine", "rapidfuzz",
    "ruamel.yaml", "scikit-learn", "scipy", "skops",
)  # fmt: skip


@cache
def code() -> str:
    """A hash of our source files and templates; the clients' YAML is no part of it, a connector has its own hash.

    Examples
    --------
    >>> len(code())
    16
    """
    total = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            name = path.relative_to(ROOT)
            if path.suffix in SOURCES and name.parts[:2] != ("connectors", "clients") and "__pycache__" not in name.parts:
                data = path.read_bytes()
                total.update(f"{name.as_posix()} {len(data)}\n".encode())
                total.update(data)
    return total.hexdigest()[:16]


@cache
def libraries() -> dict[str, str]:
    """Python and the libraries whose version may change a byte of a run.

    Examples
    --------
    >>> libraries()["pandas"].startswith("2.3")
    True
    """
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in DECIDING}}
