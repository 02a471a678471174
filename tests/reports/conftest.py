"""A real browser that fails on anything it complains about, and LibreOffice; where they are absent, no test gets here."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import BROWSERS, OFFICES, program

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
Opener = Callable[[Path, int], Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(BROWSERS), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Opener]:
    """Open a file at a width; any console message, page error or request beyond the file fails the test at its end."""
    complaints: list[str] = []
    pages: list[Page] = []

    def open_file(path: Path, width: int) -> Page:
        page = chromium.new_page(viewport={"width": width, "height": 900})
        pages.append(page)
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on(
            "request", lambda request: None if request.url.startswith(("file:", "data:")) else complaints.append(f"request: {request.url}")
        )
        page.goto(path.as_uri())
        return page

    yield open_file
    for page in pages:
        page.close()
    assert not complaints


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Convert a file with LibreOffice."""
    profile, out = tmp_path_factory.mktemp("profile"), tmp_path_factory.mktemp("converted")

    def convert(path: Path, kind: str) -> Path:
        command = [
            str(program(OFFICES)),
            "--headless",
            f"-env:UserInstallation={profile.as_uri()}",
            "--convert-to",
            kind,
            "--outdir",
            str(out),
            str(path),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return out / f"{path.stem}.{kind.split(':')[0]}"

    return convert
