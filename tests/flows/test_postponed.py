"""Modules put off: whoever does not know of it sees them as they always were."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import pytest

from flows.postponed import Finder, Postponed, StandIn, loaded

PACKAGE = """
from put_off import inner
from put_off.inner import twice
__all__ = ["Base", "told"]
told = 7
class Base:
    size = 3
"""
CODE = {
    "__init__.py": PACKAGE,
    "inner.py": "ran = 1\ndef twice(n):\n    return 2 * n\n",
    "user.py": "from put_off import Base, twice\nfrom put_off import inner\n",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A package of the test's own, postponed."""
    (tmp_path / "put_off").mkdir()
    for name, text in CODE.items():
        (tmp_path / "put_off" / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", [Finder({"put_off": ("Base", "twice")}, ("put_off.denied",)), *sys.meta_path])
    yield importlib.import_module("put_off")
    for name in [name for name in sys.modules if name.partition(".")[0] == "put_off"]:
        del sys.modules[name]


def test_nothing_runs_before_a_name_is_used(package: ModuleType) -> None:
    user = importlib.import_module("put_off.user")
    assert type(package) is Postponed
    assert isinstance(user.twice, StandIn)
    assert user.twice(4) == 8
    assert type(package) is ModuleType
    assert user.twice(5) == 10
    assert package.twice is sys.modules["put_off.inner"].twice


def test_a_submodule_is_found_and_runs_alone(package: ModuleType) -> None:
    from put_off import inner  # type: ignore[import-not-found]

    assert inner.ran == 1
    assert type(package) is Postponed


@pytest.mark.parametrize("use", ["told", "__all__"])
def test_any_other_name_runs_it(package: ModuleType, use: str) -> None:
    assert getattr(package, use) is not None
    assert type(package) is ModuleType
    assert package.__spec__ is not None
    assert type(package.__loader__).__name__ == type(package.__spec__.loader).__name__ == "SourceFileLoader"


def test_a_name_that_is_not_there_is_missed_as_always(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'absent'"):
        getattr(package, "absent")  # noqa: B009
    with pytest.raises(ImportError, match="cannot import name 'absent'"):
        from put_off import absent  # noqa: F401
    assert not hasattr(package, "__warningregistry__")


def test_all_names_are_listed(package: ModuleType) -> None:
    assert {"Base", "twice", "inner"} <= set(dir(package))


def test_a_stand_in_is_the_class_it_stands_for(package: ModuleType) -> None:
    stand_in: Any = importlib.import_module("put_off.user").Base
    assert stand_in.size == 3

    class Child(stand_in):  # type: ignore[misc]
        pass

    assert isinstance(Child(), stand_in)
    assert issubclass(Child, stand_in)
    assert Child.__mro__[1] is package.Base
    assert not isinstance(3, stand_in)
    assert isinstance(stand_in(), package.Base)


def test_two_threads_run_it_once(package: ModuleType) -> None:
    found: list[object] = []
    threads = [Thread(target=lambda: found.append(package.told)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 8
    assert type(package) is ModuleType


def test_code_that_fails_fails_again(package: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "put_off" / "__init__.py").write_text("raise ImportError('not now')")
    for _ in range(2):
        with pytest.raises(ImportError, match="not now"):
            loaded(package)


def test_what_is_denied_is_not_installed(package: ModuleType) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("put_off.denied")


def test_an_absent_module_is_absent() -> None:
    assert Finder({"no_such_module_at_all": ()}).find_spec("no_such_module_at_all", None) is None
    assert Finder({"put_off": ()}).find_spec("json", None) is None
