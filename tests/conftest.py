"""What tests need beyond the lock file: the shared data, a browser, LibreOffice, a local port.

A test says so by a marker, or by using a fixture that stands for one. Where it is absent the test is skipped and counted at the end; in CI
(the variable `CI` is set) it fails instead.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from contracts import shelf

# The same examples every time, and no time limit for one: the machine may be busy.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OFFICES = ("soffice", "libreoffice")
FIXTURES = {"shared": "shared", "chromium": "browser", "office": "libreoffice", "prefect_server": "prefect"}
"""Markers that a test gets from the fixtures it uses."""
ABSENT = pytest.StashKey[Counter[str]]()


def shared_folder() -> Path:
    """Where the shared folder is, if it is."""
    return Path(os.environ.get("MILLRACE_SHARED") or ROOT.parent / "shared").resolve()


def program(names: tuple[str, ...]) -> str | None:
    """The first of these programs that is installed."""
    return next((found for name in names if (found := shutil.which(name))), None)


def listens() -> bool:
    """Whether a server may listen on this machine's own address."""
    try:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
    except OSError:
        return False
    return True


PRESENT: dict[str, tuple[str, Callable[[], bool]]] = {
    "shared": ("the shared data (MILLRACE_SHARED or ../shared)", lambda: (shared_folder() / "data").is_dir()),
    "browser": ("Chromium", lambda: program(BROWSERS) is not None),
    "libreoffice": ("LibreOffice", lambda: program(OFFICES) is not None),
    "prefect": ("a local port for Prefect's server", listens),
}


@pytest.fixture(autouse=True)
def no_imported_contracts() -> Iterator[None]:
    """Contracts that a test imports are gone after it."""
    yield
    shelf.use(())


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; its real files are under ``data``."""
    return shared_folder()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ABSENT] = Counter()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job in the background; processes that tests start would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, marker in FIXTURES.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, (what, present) in PRESENT.items():
        if item.get_closest_marker(marker) is None or present():
            continue
        if os.environ.get("CI"):
            pytest.fail(f"needs {what}, which CI must have", pytrace=False)
        item.config.stash[ABSENT][what] += 1
        pytest.skip(f"needs {what}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for what, count in sorted(config.stash[ABSENT].items()):
        terminalreporter.write_line(f"not run for want of {what}: {count} test{'' if count == 1 else 's'}", yellow=True)
