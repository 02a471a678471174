"""A home for each test; for the whole session a rehearsed client, a model trained for it, its first delivery, a real Prefect server."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from flows.home import Home

if TYPE_CHECKING:
    from flows.rehearsal.rehearsal import Rehearsal
    from flows.stored import Stored
    from flows.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh, private home."""
    return Home.open(tmp_path / "home")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Many small fits: threads that wait for a busy core make them many times slower."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """Three monthly exports of the rehearsed client, with about 1,500 customers, and a research table."""
    from flows.rehearsal.rehearsal import rehearse

    return rehearse(tmp_path_factory.mktemp("rehearsed") / "files", seed=7, customers=1_500, panel=1_200)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, rehearsed: Rehearsal) -> Path:
    """A home with a model of repurchase, trained on the research table; copied, never changed."""
    from flows.direct_conductor import Direct
    from flows.train import train
    from flows.trainee import Trainee
    from tests.flows.delivering import workspace

    home = tmp_path_factory.mktemp("trained") / "home"
    Direct().conduct(train, workspace(home), Trainee("repurchase", str(rehearsed.research)))
    return home


@pytest.fixture
def space(tmp_path: Path, trained: Path) -> Workspace:
    """A workspace of the test's own, with the trained model."""
    from tests.flows.delivering import workspace

    shutil.copytree(trained, tmp_path / "home")
    return workspace(tmp_path / "home")


@dataclass(frozen=True)
class Held:
    """The rehearsed client's delivery, without the drift page, which is slow to draw; not to be changed."""

    space: Workspace
    run: Stored


@pytest.fixture(scope="session")
def held(tmp_path_factory: pytest.TempPathFactory, trained: Path, rehearsed: Rehearsal) -> Held:
    """One delivery for all tests that only look at it."""
    from tests.flows.delivering import delivered, harbour, workspace

    home = tmp_path_factory.mktemp("held") / "home"
    shutil.copytree(trained, home)
    made = workspace(home)
    return Held(made, delivered(made, harbour(rehearsed, pages="client")))


@dataclass(frozen=True)
class PrefectServer:
    """A running server and where its database and logs are."""

    url: str
    home: Path
    log: Path

    def run(self, script: Path, *arguments: str, home: Path, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a script in a process of its own, as a user of this server."""
        environment = {**plain_environment(), "PREFECT_API_URL": self.url, "PREFECT_HOME": str(home)}
        environment["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "false"  # a forgotten address must not start a second server
        command = [sys.executable, str(script), *arguments]
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)


def plain_environment() -> dict[str, str]:
    """This process's environment without settings of Prefect and of ours, and with our packages importable."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MILLRACE_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A real server on a free loopback port, with its own empty database; up when /api/health says true."""
    folder = tmp_path_factory.mktemp("prefect-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**plain_environment(), "PREFECT_HOME": str(folder), "PREFECT_SERVER_UI_ENABLED": "false"}
    log = folder / "server.log"
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
        try:
            _await_health(server, f"http://127.0.0.1:{port}/api/health", log)
            yield PrefectServer(f"http://127.0.0.1:{port}/api", folder, log)
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def _await_health(server: subprocess.Popen[bytes], url: str, log: Path, seconds: float = 90) -> None:
    """The banner is printed before the server can die at import; only the health address is to be believed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.read() == b"true":
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the Prefect server did not come up:\n{log.read_text(errors='replace')[-2000:]}")
