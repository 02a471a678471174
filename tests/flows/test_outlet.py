"""Files that a command writes: whole, or nothing of them, wherever it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows import outlet
from flows.outlet import outlets
from tests.flows.conftest import ROOT

KILLED = """
import os, signal, sys
from pathlib import Path
from flows.outlet import outlets
with outlets([Path(sys.argv[1])]) as (file,):
    file.write(b"x" * 5_000_000)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="a system without files that have no name")
def test_a_killed_writer_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "rows.csv")], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("nameless", [True, False])
@pytest.mark.parametrize("closed", [True, False])
def test_a_file_gets_its_name_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool, closed: bool) -> None:
    if not nameless:
        monkeypatch.setattr(outlet, "HANDLES", tmp_path / "nowhere")
    path = tmp_path / "rows.csv"
    for content in (b"first", b"second"):
        with outlets([path], force=True) as (file,):
            file.write(content)
            if closed:
                file.close()
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("nameless", [True, False])
def test_an_error_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool) -> None:
    if not nameless:
        monkeypatch.setattr(outlet, "HANDLES", tmp_path / "nowhere")
    path = tmp_path / "rows.csv"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), outlets([path, tmp_path / "other.csv"], force=True) as (file, _):
        file.write(b"new" * (1 // 0))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
