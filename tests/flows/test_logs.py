"""The log of a run: a line that cannot be written is left out, without a word on the terminal."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

import pytest

from flows.logs import Quiet, logged


def test_a_line_that_cannot_be_written_is_no_stack_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(_handler: object) -> None:
        raise OSError(errno.EFBIG, "File too large")

    with logged(tmp_path) as name:
        logging.getLogger("millrace.run").info("first")
        with monkeypatch.context() as patched:
            patched.setattr(Quiet, "flush", full)
            logging.getLogger("millrace.run").info("second")
    assert "first" in (tmp_path / name).read_text(encoding="utf-8")
    assert capfd.readouterr().err == ""
