"""Modules that are imported when something in them is used: of what a library imports at its start, a command may need nothing.

`importlib.util.LazyLoader` is not enough: it loads at the second ``import`` of a module, and ``from module import name`` needs the name.
So a postponed module gives stand-ins for the names that others take from it at their start, and loads itself, in place, when any other
name is asked for, or a stand-in is used. Whoever does not know of this sees the module as it always was.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

_LOCK = RLock()


class Postponed(ModuleType):
    """A module whose code has not run; it becomes an ordinary one when it has."""

    _stand_ins: frozenset[str]
    _running: bool

    def __getattr__(self, name: str) -> Any:
        """What the module does not hold yet: a submodule, a stand-in, or, the code run, what it is asked for."""
        if name.startswith("__") and name != "__all__":  # others look through all modules for these
            raise AttributeError(name)
        with _LOCK:
            if type(self) is Postponed and self._running:  # by this thread: its code asks for what comes later
                raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}", name=name, obj=self)
            if type(self) is Postponed and hasattr(self, "__path__") and find_spec(f"{self.__name__}.{name}"):
                return import_module(f"{self.__name__}.{name}")
        return StandIn(self, name) if type(self) is Postponed and name in self._stand_ins else getattr(loaded(self), name)

    def __dir__(self) -> Sequence[str]:
        """All names."""
        return dir(loaded(self))


def loaded(module: ModuleType) -> ModuleType:
    """The same module, its code run.

    Examples
    --------
    >>> import json
    >>> loaded(json) is json
    True
    """
    with _LOCK:
        if isinstance(module, Postponed) and not module._running:
            _run(module)
    return module


def _run(module: Postponed) -> None:
    spec = module.__spec__
    assert spec is not None
    assert isinstance(spec.loader, _Loader)
    module._running = True
    try:
        spec.loader.real.exec_module(module)
    finally:
        module._running = False
    spec.loader = module.__loader__ = spec.loader.real
    module.__class__ = ModuleType  # type: ignore[assignment]


class StandIn:
    """What others took from a module that is postponed: called, asked, or built upon, it is the real thing."""

    def __init__(self, module: ModuleType, name: str) -> None:
        self._module, self._name = module, name

    @property
    def _real(self) -> Any:
        return getattr(loaded(self._module), self._name)

    def __call__(self, *given: Any, **named: Any) -> Any:
        """As a function, or a class."""
        return self._real(*given, **named)

    def __getattr__(self, name: str) -> Any:
        """As an object."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._real, name)

    def __instancecheck__(self, value: object) -> bool:
        """As a class."""
        return isinstance(value, self._real)

    def __subclasscheck__(self, other: type) -> bool:
        """As a class."""
        return issubclass(other, self._real)

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[Any]:
        """As a base."""
        return (self._real,)


class _Loader(Loader):
    """Makes a module, and leaves its code to later."""

    def __init__(self, real: Loader, stand_ins: Sequence[str]) -> None:
        self.real, self.stand_ins = real, frozenset(stand_ins)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = Postponed(spec.name)
        module._stand_ins, module._running = self.stand_ins, False
        return module

    def exec_module(self, module: ModuleType) -> None:
        pass


class Finder(MetaPathFinder):
    """Finds modules that are to be postponed, and denies others.

    Parameters
    ----------
    postponed : mapping of str to sequence of str
        Names of modules, each with the names that others take from it at their start. A module that is imported already stays as it is.
    denied : sequence of str
        Modules that are said not to be installed.
    """

    def __init__(self, postponed: Mapping[str, Sequence[str]], denied: Sequence[str] = ()) -> None:
        self.postponed, self.denied = postponed, frozenset(denied)

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As the finders behind this one, with the code put off."""
        if fullname in self.denied:
            raise ModuleNotFoundError(f"{fullname} is left out here", name=fullname)
        if fullname not in self.postponed:
            return None
        others = (finder for finder in sys.meta_path if not isinstance(finder, Finder))
        spec = next((spec for finder in others if (spec := finder.find_spec(fullname, path, target)) is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self.postponed[fullname])
        return spec
