"""Every trouble the doctor can find is found, with its remedy."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from flows.doctor import examination, libraries, storage
from flows.doctor.examination import examine
from flows.doctor.finding import Finding, healthy
from flows.settings import Settings
from flows.versions import PACKAGES, ROOT, code


def states(findings: Any) -> dict[str, str]:
    return {finding.name: finding.state for finding in findings}


def test_this_environment_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    found = examine(Settings(home=tmp_path / "home"))
    assert healthy(found), [each for each in found if each.state == "wrong"]
    assert all(each.remedy for each in found if each.state != "ok")
    assert found[0].as_dict() == {"name": "python", "state": "ok", "text": found[0].text, "remedy": ""}


def test_version_other_than_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("numpy==1.0.0 \\\n    --hash=sha256:00\n")
    found = list(libraries.versions(lock))
    assert [(each.state, "numpy" in each.text, "1.0.0" in each.text) for each in found] == [("missing", True, True)]


def test_library_missing_or_out_of_range(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(libraries, "installed", lambda name: None if name == "skops" else "0.0.1")
    found = list(libraries.versions(tmp_path / "none"))
    assert {each.state for each in found} == {"wrong"}
    assert [each.text for each in found if "skops" in each.text] == ["skops is not installed"]


@pytest.mark.parametrize(("version", "state"), [("0.139.0", "ok"), ("0.154.9", "ok"), ("0.155.0", "wrong"), ("1.0", "wrong")])
def test_fastapi_cap(version: str, state: str) -> None:
    assert libraries.fastapi(version).state == state


def test_another_distribution_with_our_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.packages_distributions", lambda: {"models": ["intruder", "millrace"], "reports": ["millrace"]})
    found = list(libraries.ownership())
    assert [(each.state, each.text) for each in found] == [("wrong", "intruder also has a package models")]


def test_packages_from_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(libraries, "ROOT", tmp_path)
    assert {each.state for each in libraries.ownership()} == {"wrong"}


def test_home_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = list(storage.home(tmp_path / "file" / "home"))
    assert [(each.name, each.state) for each in found] == [("home", "wrong")]
    assert str(tmp_path) not in found[0].text


def test_network_drive(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/x {tmp_path} nfs4 rw 0 0\n")
    assert storage.file_system(tmp_path / "home", mounts) == "nfs4"
    assert storage.file_system(Path("/elsewhere"), mounts) == "ext4"
    assert storage.file_system(tmp_path, tmp_path / "none") is None
    assert "nfs4" in storage.NETWORK


class Answer(io.BytesIO):
    pass


@pytest.mark.parametrize(("body", "state"), [(b"true", "ok"), (b"<html>", "missing"), (None, "missing")])
def test_prefect_server(body: bytes | None, state: str) -> None:
    def ask(url: str, timeout: float) -> Answer:
        assert url == "http://127.0.0.1:1/api/health"
        if body is None:
            raise OSError
        return Answer(body)

    assert examination.prefect("http://127.0.0.1:1/api", ask).state == state


def test_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    found = examination.program("browser", examination.BROWSERS, "tests are skipped", "apt install chromium")
    assert (found.state, found.remedy) == ("missing", "apt install chromium")
    assert healthy([found])
    assert not healthy([found, Finding("x", "wrong", "y")])


def test_code_hash_follows_sources_and_not_clients() -> None:
    assert set(PACKAGES) <= {path.name for path in ROOT.iterdir()}
    look = "from flows import versions; print(versions.code())"
    again = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    assert again == code()


def test_code_hash_changes_with_one_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import versions

    monkeypatch.setattr(versions, "ROOT", tmp_path)
    seen = []
    for name, text in [("flows/a.py", "1"), ("flows/a.py", "2"), ("reports/t.html", "x"), ("connectors/clients/acme/feed.py", "x")]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        versions.code.cache_clear()
        seen.append(versions.code())
    versions.code.cache_clear()
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[2]
