"""The doctor's whole examination, the Prefect server and welcome programs included."""

from __future__ import annotations

import os
import shutil
import urllib.request
from collections.abc import Callable
from typing import Any

from flows.doctor.finding import Finding
from flows.doctor.libraries import fastapi, fonts, ownership, python, versions
from flows.doctor.storage import home
from flows.settings import Settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OFFICES = ("soffice", "libreoffice")


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; nothing is changed but that MILLRACE_HOME is made where it is missing.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> found = examine(Settings(home=Path(tempfile.mkdtemp()) / "home"))
    >>> sorted({finding.name for finding in found})[:4]
    ['browser', 'disk', 'fastapi', 'fonts']
    """
    return [
        python(), *versions(), fastapi(), *ownership(), *home(settings.home), prefect(),
        program("browser", BROWSERS, "tests of pages in a browser are skipped; packs open in any browser", "apt install chromium"),
        program("office", OFFICES, "tests that open workbooks in LibreOffice are skipped", "apt install libreoffice-calc"),
        fonts(),
    ]  # fmt: skip


def prefect(url: str | None = None, ask: Callable[..., Any] = urllib.request.urlopen) -> Finding:
    """The server at PREFECT_API_URL, where one is configured."""
    url = url or os.environ.get("PREFECT_API_URL")
    if not url:
        text = "no PREFECT_API_URL: --via prefect starts a temporary server (about 10 s each time); direct runs need none"
        return Finding("prefect", "ok", text)
    try:
        with ask(f"{url.rstrip('/')}/health", timeout=5) as answer:
            well = answer.read() == b"true"
    except (OSError, ValueError):
        well = False
    if well:
        return Finding("prefect", "ok", "the Prefect server answers")
    text = "the Prefect server at PREFECT_API_URL does not answer: --via prefect cannot run, direct runs can"
    return Finding("prefect", "missing", text, "prefect server start, or unset PREFECT_API_URL")


def program(name: str, candidates: tuple[str, ...], cost: str, remedy: str) -> Finding:
    """A program that is welcome and not needed."""
    found = next((each for each in candidates if shutil.which(each)), None)
    if found:
        return Finding(name, "ok", f"{found} is here")
    return Finding(name, "missing", f"{candidates[0]} is not here: {cost}", remedy)
