"""The main job through a real Prefect server: the same bytes, names and artifacts for people, and no value of a client anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flows.arrivals import named
from flows.integrity import verify
from flows.order import Order
from flows.rehearsal.rehearsal import Rehearsal
from flows.runs import of_owner
from flows.workspace import Workspace
from tests.flows.conftest import PrefectServer
from tests.flows.delivering import delivered, environment, facts_of, reproducible, subscribers, taken_in, workspace
from tests.flows.test_deliver_faults import CANARIES, arguments, with_canaries

pytestmark = pytest.mark.prefect
TELCO = "telco/subscribers"


@dataclass(frozen=True)
class Client:
    """A user of the server, with a folder of its own."""

    server: PrefectServer
    folder: Path

    def run(self, *words: str | Path, home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """A Python process that knows the server."""
        mine = {"PREFECT_API_URL": self.server.url, "PREFECT_HOME": str(self.folder), "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false"}
        made = environment(home, {**mine, **settings})
        command = [sys.executable, *map(str, words)]
        return subprocess.run(command, env=made, cwd=home.parent, capture_output=True, text=True, timeout=180, check=False)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """What the server answers."""
        request = urllib.request.Request(f"{self.server.url}{path}", json.dumps(body or {}).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def flows(self, name: str) -> list[dict[str, Any]]:
        """Flow runs of a name, newest first."""
        body = {"sort": "START_TIME_DESC", "flow_runs": {"name": {"any_": [name]}}}
        found: list[dict[str, Any]] = self.ask("/flow_runs/filter", body)
        return found

    def holding(self) -> Iterator[str]:
        """Files of the server and of this user that hold a canary in any byte, in two encodings."""
        for folder in (self.server.home, self.folder):
            for path in sorted(folder.rglob("*")):
                data = path.read_bytes().lower() if path.is_file() else b""
                for canary in (*CANARIES, "quirinusla.q77131@example.net"):
                    if canary.lower().encode() in data or canary.lower().encode("utf-16-le") in data:
                        yield f"{path.name}: {canary}"


@pytest.fixture
def client(prefect_server: PrefectServer, tmp_path: Path) -> Client:
    """A user with an empty folder."""
    return Client(prefect_server, tmp_path / "prefect-home")


def test_the_same_delivery_through_a_server(client: Client, space: Workspace, trained: Path, rehearsed: Rehearsal, tmp_path: Path) -> None:
    made = with_canaries(rehearsed, tmp_path)
    words = ("-m", "flows.cli", "deliver", *arguments(made), "--pages", "client", "--via", "prefect", "--verbose")
    done = client.run(*words, home=space.home.root, MILLRACE_PACK_URL="https://packs.example.net/")
    assert done.returncode == 1, done.stderr  # held
    assert "HELD" in done.stdout
    run = of_owner(space.home, "runs", "harbour", "repurchase")[0]
    assert verify(run) == []

    shutil.copytree(trained, tmp_path / "direct")
    other = workspace(tmp_path / "direct")
    direct = delivered(other, Order("harbour", "repurchase", named(other, "harbour", arguments(made)[1:]), pages="client"))
    assert direct.id == run.id
    mine, theirs = reproducible(run), reproducible(direct)
    assert [name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)] == []

    flow = client.flows("deliver harbour/repurchase")[0]
    assert (flow["state_name"], flow["parameters"]) == ("Completed", {})
    tasks = client.ask("/task_runs/filter", {"flow_runs": {"id": {"any_": [flow["id"]]}}})
    names = sorted(task["name"] for task in tasks)
    assert names.count("settle") == 2
    assert {"take in customers part 1", "history bucket 1", "score part 1", "rank", "arrange part 1", "pack"} <= set(names)
    assert {task["state_name"] for task in tasks} == {"Completed"}
    assert not any(inputs for task in tasks for inputs in task["task_inputs"].values())

    found = [each for each in client.ask("/artifacts/filter", {"limit": 200}) if each["flow_run_id"] == flow["id"]]
    verdict = next(each for each in found if each["key"] == "verdict")
    assert verdict["type"] == "markdown"
    assert verdict["data"].startswith(f"**HELD**: {facts_of(run).verdict.sentence}")
    assert f"runs/harbour/repurchase/{run.id}/pack/client" in verdict["data"]
    link = next(each for each in found if each["key"] == "pack")
    assert f"https://packs.example.net/harbour/repurchase/{run.id}/pack/client/index.html" in link["data"]
    tables = [json.loads(each["data"]) for each in found if each["type"] == "table"]
    whole = next(table for table in tables if "feed" in table[0])
    accepted = sum(row["records"] for row in whole if row["what"] == "accepted")
    assert accepted == run.facts["ledger"]["accepted"]
    assert len(tables) == 3  # one a submission, one of the delivery

    assert not [canary for canary in CANARIES if canary.lower() in (done.stdout + done.stderr).lower()]
    assert list(client.holding()) == []
    assert not (client.folder / "storage").exists() or not any((client.folder / "storage").iterdir())


SERVED = """
import sys
from flows.served import deliver
try:
    deliver("bank", "churn")
except Exception as error:
    print(type(error).__name__, error)
deliver("telco", "churn", [sys.argv[1]])
"""


def test_the_entry_point_of_the_deployment(client: Client, tmp_path: Path) -> None:
    space = workspace(tmp_path / "home")
    old = taken_in(space, TELCO, subscribers(tmp_path / "a.csv", 300))
    taken_in(space, TELCO, subscribers(tmp_path / "b.csv", 350))
    done = client.run("-c", SERVED, old.id, home=space.home.root)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("SettingsError PRODUCT-NOT-SERVED: ")
    refused, flow = client.flows("deliver bank/churn")[0], client.flows("deliver telco/churn")[0]
    assert refused["state_name"] == "Failed"
    assert "PRODUCT-NOT-SERVED" in refused["state"]["message"]
    assert of_owner(space.home, "runs", "bank", "churn") == []
    run = of_owner(space.home, "runs", "telco", "churn")[0]
    assert run.facts["scored"] == 300
    given = {"client": "telco", "product": "churn", "submissions": [old.id]}
    assert (flow["state_name"], flow["parameters"]) == ("Completed", given)
    made = {each["key"] for each in client.ask("/artifacts/filter", {"limit": 200}) if each["flow_run_id"] == flow["id"]}
    assert {"verdict", "ledger"} <= made
