"""What each package says it holds is what it holds, and our names are ours alone."""

from __future__ import annotations

import importlib
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = tuple(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["root_packages"])
EVERY = tuple(sorted(".".join(path.parent.relative_to(ROOT).parts) for name in PACKAGES for path in (ROOT / name).rglob("__init__.py")))


def modules(folder: Path) -> list[str]:
    """Modules and packages of a folder, without private ones."""
    inside = [path.stem for path in folder.glob("*.py")] + [path.parent.name for path in folder.glob("*/__init__.py")]
    return sorted(name for name in inside if not name.startswith("_"))


@pytest.mark.parametrize("name", EVERY)
def test_a_package_names_its_modules_and_says_what_it_is(name: str) -> None:
    package = importlib.import_module(name)
    folder = ROOT / name.replace(".", "/")
    listed, inside = list(package.__all__), set(modules(folder))
    subpackages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert listed == sorted(listed)
    assert (inside - subpackages - set(listed), set(listed) - inside) == (set(), set()), "modules not named, names without a module"
    assert package.__doc__


def test_all_six_packages_are_there() -> None:
    assert set(PACKAGES) <= set(EVERY)
    assert len(PACKAGES) == 6


def test_no_other_distribution_owns_one_of_our_names() -> None:
    owners = metadata.packages_distributions()
    assert {name: set(owners.get(name, ())) - {"millrace"} for name in PACKAGES} == {name: set() for name in PACKAGES}


def test_our_packages_come_from_this_folder() -> None:
    places = {name: Path(str(importlib.import_module(name).__file__)).resolve().parent for name in PACKAGES}
    assert places == {name: ROOT / name for name in PACKAGES}
