"""Settings from the environment and the file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.errors import SettingsError
from flows.settings import Settings, load
from tests.flows.conftest import ROOT, plain_environment


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("MILLRACE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults() -> None:
    found = load()
    assert (found.home, found.workers, found.partition_rows, found.pack_url) == (Path("millrace-home"), 1, 250_000, None)


def test_environment_before_file(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "millrace.toml").write_text('home = "kept"\nworkers = 2\n')
    monkeypatch.setenv("MILLRACE_WORKERS", "3")
    monkeypatch.setenv("MILLRACE_PACK_URL", "")  # empty is not set
    found = load()
    assert (found.home, found.workers, found.pack_url) == (Path("kept"), 3, None)
    assert load(workers=4).workers == 4


def test_unknown_key_names_the_closest(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "millrace.toml").write_text("worker = 2\n")
    with pytest.raises(SettingsError) as met:
        load()
    assert (met.value.code, met.value.place.file, met.value.hint) == ("SETTINGS-UNKNOWN", "millrace.toml", "did you mean workers?")
    (nowhere / "millrace.toml").unlink()
    monkeypatch.setenv("MILLRACE_HOEM", "x")
    with pytest.raises(SettingsError) as met:
        load()
    assert (met.value.found, met.value.hint) == ("MILLRACE_HOEM", "did you mean MILLRACE_HOME?")


@pytest.mark.parametrize(
    ("name", "value"), [("WORKERS", "0"), ("WORKERS", "many"), ("PARTITION_ROWS", "3"), ("PACK_URL", "ftp://secret-77131")]
)
def test_value_that_does_not_fit(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"MILLRACE_{name}", value)
    with pytest.raises(SettingsError) as met:
        load()
    assert met.value.code == "SETTINGS-VALUE"
    assert name.lower() in met.value.message
    assert "77131" not in "\n".join(met.value.lines())


def test_file_that_is_no_toml(nowhere: Path) -> None:
    (nowhere / "millrace.toml").write_text("workers = 2\nhome = = 'x'\n")
    with pytest.raises(SettingsError, match="SETTINGS-SYNTAX") as met:
        load()
    assert met.value.found == "at line 2, column 8"


def test_echo_holds_no_path_and_no_address() -> None:
    assert Settings(home=Path("/secret/77131"), pack_url="https://user:word@host/").echo() == {"partition_rows": 250_000}
    assert "word" not in repr(Settings(pack_url="https://user:word@host/"))


def test_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().workers = 2


@pytest.mark.parametrize("module", ["settings", "home", "conductor", "run", "runs", "submissions", "doctor", "versions"])
def test_nothing_heavy_is_imported(module: str) -> None:
    heavy = ("pandas", "pyarrow", "numpy", "prefect", "sklearn", "evidently", "matplotlib", "openpyxl", "pandera")
    look = f"import sys, flows.{module}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", look], env=plain_environment(), cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
