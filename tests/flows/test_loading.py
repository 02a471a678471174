"""What a delivery does not need is not imported, and the delivery is the same."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.disk import files_in
from flows.loading import DENIED, POSTPONED, loading
from tests.flows.conftest import ROOT, plain_environment
from tests.flows.delivering import subscribers

if TYPE_CHECKING:
    from flows.rehearsal.rehearsal import Rehearsal

COMMAND = """
import json, sys
import flows.loading
if sys.argv.pop(1) == "plain":
    flows.loading.POSTPONED, flows.loading.DENIED = {}, ()
from flows.cli import main
try:
    main()
except SystemExit:
    pass
from flows.postponed import Postponed, StandIn
modules = dict(sys.modules)
taken = [value for module in modules.values() for value in list(vars(module).values()) if type(value) is StandIn]
print(json.dumps({
    "postponed": sorted(name for name, module in modules.items() if type(module) is Postponed),
    "taken": sorted({(one._module.__name__, one._name) for one in taken}),
    "modules": sorted(modules),
}))
"""


Seen = tuple[dict[str, Any], dict[str, bytes]]
"""What a process has imported, and the files of its run that do not differ from run to run."""


def _delivery(way: str, home: Path, *words: str) -> Seen:
    """A delivery in a process of its own."""
    environment = {**plain_environment(), "MILLRACE_HOME": str(home), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", COMMAND, way, "deliver", *words, "--pages", "client", "--quiet"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    (told,) = home.glob("runs/*/*/*/run.json")
    loose = {*json.loads(told.read_text())["files"], "run.json"}
    return json.loads(done.stdout.splitlines()[-1]), {n: (told.parent / n).read_bytes() for n in files_in(told.parent) if n not in loose}


def _repurchase(way: str, home: Path, trained: Path, rehearsed: Rehearsal) -> Seen:
    """By a stored model."""
    shutil.copytree(trained, home)
    files = [f"{feed}={rehearsed.newest(feed).path}" for feed in ("customers", "transactions")]
    return _delivery(way, home, "harbour", "--product", "repurchase", *files)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory, trained: Path, rehearsed: Rehearsal) -> Seen:
    """A delivery as the command line makes it."""
    return _repurchase("quick", tmp_path_factory.mktemp("quick") / "home", trained, rehearsed)


def test_each_entry_is_asked_for_and_left_alone(quick: Seen) -> None:
    seen = quick[0]
    assert seen["postponed"] == sorted(POSTPONED), "an entry that is imported after all, or that nobody asks for any more"
    assert seen["taken"] == sorted([module, name] for module, names in POSTPONED.items() for name in names)
    assert not set(DENIED) & set(seen["modules"])


def test_the_delivery_is_the_same(quick: Seen, tmp_path: Path, trained: Path, rehearsed: Rehearsal) -> None:
    seen, files = _repurchase("plain", tmp_path / "home", trained, rehearsed)
    assert {*POSTPONED, *DENIED} <= set(seen["modules"]), "an entry that is never imported"
    assert not seen["postponed"]
    assert len(files) > 10
    assert files == quick[1]


def test_a_delivery_that_trains_uses_them_and_is_the_same(tmp_path: Path) -> None:
    words = ["telco", "--product", "churn", f"subscribers={subscribers(tmp_path / 'telco.csv', 300)}"]
    seen, files = _delivery("quick", tmp_path / "quick", *words)
    assert not {"scipy.optimize", "scipy.stats"} & set(seen["postponed"])
    assert files == _delivery("plain", tmp_path / "plain", *words)[1]


def test_the_collector_and_the_finders_are_as_before() -> None:
    before = list(sys.meta_path)
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert sys.meta_path == before
