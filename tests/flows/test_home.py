"""Names, modes and secrets."""

from __future__ import annotations

import multiprocessing
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import RunError, SettingsError
from flows.home import Home, safe
from flows.standing import standing

UNSAFE = ("", ".", "..", "a/b", "../a", "/a", "a\\b", "A", "a b", "con", "nul.txt", "a.", "-a", "a..b", "ä", "a\n", "x" * 64)


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_names(name: str) -> None:
    with pytest.raises(SettingsError, match="NAME-UNSAFE"):
        safe(name)


@given(st.text(max_size=70))
def test_a_safe_name_stays_in_its_folder(name: str) -> None:
    try:
        path = Path("/home/root") / safe(name)
    except SettingsError:
        return
    assert Path(os.path.normpath(path)).parent == Path("/home/root")
    assert name == name.strip().lower()


def test_secret_is_made_once_and_private(home: Home) -> None:
    secret = home.secret("acme")
    assert len(secret) == 32
    assert home.secret("acme") == secret != home.secret("beta")
    assert [stat.S_IMODE(p.stat().st_mode) for p in home.keys.iterdir()] == [0o600, 0o600]
    assert sorted(p.name for p in home.keys.iterdir()) == ["acme.key", "beta.key"]


def test_secret_asked_for_at_once_is_one(tmp_path: Path) -> None:
    for round_ in range(5):
        home = Home.open(tmp_path / str(round_))
        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(lambda _, home=home: home.secret("acme"), range(8)))) == 1
    home = Home.open(tmp_path / "processes")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert len(set(pool.map(home.secret, ["acme"] * 8))) == 1


def test_damaged_secret(home: Home) -> None:
    (home.keys / "acme.key").write_bytes(b"short")
    with pytest.raises(RunError, match="KEY-DAMAGED"):
        home.secret("acme")


@pytest.mark.parametrize("harm", ["changed", "exchanged", "lost", "cut", "check of another"])
def test_another_secret_than_the_first_is_noticed(home: Home, harm: str) -> None:
    home.check_secret("acme")  # none was made, and none is made by asking
    assert home.holders() == ()
    before, other = home.secret("acme"), home.secret("beta")
    key, check = home.keys / "acme.key", home.root / "checks"
    match harm:
        case "changed":
            key.write_bytes(bytes([before[0] ^ 1]) + before[1:])
        case "exchanged":
            key.write_bytes(other)
        case "lost":
            key.unlink()
        case "cut":
            key.write_bytes(before[:31])
        case _:
            (check / "acme.check").write_bytes((check / "beta.check").read_bytes())
    for ask in (home.secret, home.check_secret):
        with pytest.raises(RunError, match="KEY-DAMAGED") as met:
            ask("acme")
        assert "restore keys/acme.key" in str(met.value.hint)
    assert home.secret("beta") == other
    assert {place: len(found) for place, found in standing(home).items()} == {"keys/acme": 1, "keys/beta": 0}


def test_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        home = Home.open(tmp_path / "a" / "home")
        folders = [home.runs("acme", "churn"), home.submissions("acme", "customers"), home.models, home.references, home.memory, home.keys]
    finally:
        os.umask(before)
    for folder in (home.root, home.root.parent, *folders, folders[0].parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="HOME-UNUSABLE"):
        Home.open(tmp_path / "file" / "home")


def test_a_place_that_is_not_ours_is_left_as_it_is(tmp_path: Path) -> None:
    shared, file = tmp_path / "shared", tmp_path / "file"
    (shared / "of others").mkdir(parents=True)
    file.touch()
    for place in (shared, file):
        place.chmod(0o755)
        with pytest.raises(SettingsError, match="HOME-UNUSABLE"):
            Home.open(place)
        assert stat.S_IMODE(place.stat().st_mode) == 0o755
    (shared / "of others").rename(shared / "runs")
    assert stat.S_IMODE(Home.open(shared).root.stat().st_mode) == 0o700
