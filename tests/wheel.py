"""Look into a built wheel: is all that it needs at run time inside, and nothing else? ``python tests/wheel.py dist/*.whl``"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("connectors", "contracts", "enrichment", "flows", "models", "reports")
TRIAL = """
import importlib, sys
from importlib.resources import files
for name in {packages!r}:
    place = importlib.import_module(name).__file__
    assert place.startswith({folder!r}), f"{{name}} comes from {{place}}"
from connectors.library import clients, feeds, load_client, load_feed
for client in clients():
    load_client(client)
    for feed in feeds(client):
        load_feed(feed)
from reports.page import page
assert any(path.name.endswith(".j2") for path in (files("reports") / "templates").iterdir())
"""


def difference(wheel: Iterable[str], repository: Iterable[str]) -> list[str]:
    """Files of the six packages that are in one and not in the other, each on a line.

    Examples
    --------
    >>> difference(["models/card.py", "tests/a.py", "millrace-0.1.dist-info/RECORD"], ["models/card.py", "reports/a.j2", "Makefile"])
    ['missing: reports/a.j2', 'surplus: tests/a.py']
    """
    packed = {name for name in wheel if ".dist-info/" not in name}
    wanted = {name for name in repository if name.split("/")[0] in PACKAGES}
    return [f"missing: {name}" for name in sorted(wanted - packed)] + [f"surplus: {name}" for name in sorted(packed - wanted)]


def tracked() -> list[str]:
    """Files that git knows, but those that are deleted in the working tree."""
    listed = subprocess.run(["git", "ls-files", "-z", *PACKAGES], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def try_out(wheel: Path) -> None:
    """Import the packages from the wheel alone, load every client and the templates."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(folder)
        environment = {**{k: v for k, v in os.environ.items() if not k.startswith("MILLRACE_")}, "PYTHONPATH": folder}
        script = TRIAL.format(packages=PACKAGES, folder=folder)
        subprocess.run([sys.executable, "-P", "-c", script], cwd=folder, env=environment, check=True)


def main(wheels: list[str]) -> int:
    """0 where every wheel is whole."""
    if not wheels:
        sys.stderr.write("no wheel was named\n")
        return 2
    for path in map(Path, wheels):
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
        lines = difference(names, tracked())
        if lines:
            sys.stderr.write("\n".join([f"{path.name} does not hold what the repository holds", *lines]) + "\n")
            return 1
        try_out(path)
        templates, clients = (sum(name.endswith(end) for name in names) for end in (".j2", "client.yaml"))
        sys.stdout.write(f"{path.name}: {len(names)} files, {templates} templates, {clients} clients; works from the wheel alone\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
