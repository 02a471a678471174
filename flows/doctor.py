"""What is installed, what is missing, and the remedy, one finding a line."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import stat
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from packaging.requirements import Requirement
from packaging.version import Version

from contracts.errors import MillraceError
from flows.disk import room
from flows.home import Home
from flows.lock import held
from flows.settings import Settings
from flows.standing import standing
from flows.versions import PACKAGES, ROOT

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.s3fs", "fuse.gcsfuse"})
FREE_GIB = 2.0
FASTAPI_CAP = Version("0.155")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OFFICES = ("soffice", "libreoffice")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Parameters
    ----------
    name : str
        Stable, for `--json`.
    state : {"ok", "missing", "wrong"}
        `missing` costs something that is said; `wrong` must be mended before a run can be trusted.
    text : str
        What was found, and what it costs.
    remedy : str
        The next step; empty when all is well.
    """

    name: str
    state: Literal["ok", "missing", "wrong"]
    text: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; nothing is changed but that MILLRACE_HOME is made where it is missing.

    Examples
    --------
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


def healthy(findings: list[Finding]) -> bool:
    """Whether nothing is wrong; missing things do not count."""
    return all(finding.state != "wrong" for finding in findings)


def python() -> Finding:
    """Python 3.11 to 3.13."""
    found = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Finding("python", "ok", f"Python {found}")
    return Finding("python", "wrong", f"Python {found}; Millrace is made for 3.11 to 3.13", "make env PYTHON=python3.11")


def versions(lock: Path | None = None) -> Iterator[Finding]:
    """Installed versions against the lock file where it is beside us, else against our own requirements."""
    lock = lock or ROOT / "requirements.lock"
    wanted = pinned(lock.read_text(encoding="utf-8")) if lock.is_file() else {}
    trouble = 0
    for requirement in required():
        name, exact = requirement.name, wanted.get(requirement.name.lower())
        found = installed(name)
        if found is None:
            trouble += 1
            yield Finding("versions", "wrong", f"{name} is not installed", "make env")
        elif not requirement.specifier.contains(found, prereleases=True):
            trouble += 1
            yield Finding("versions", "wrong", f"{name} {found} is installed, {requirement.specifier} is needed", "make env")
        elif exact and exact != found:
            trouble += 1
            text = f"{name} {found} is installed, the lock file says {exact}: bytes of packs may differ"
            yield Finding("versions", "missing", text, "make env")
    if not trouble:
        yield Finding("versions", "ok", f"{len(required())} libraries as {'the lock file' if wanted else 'pyproject.toml'} says")


def required() -> list[Requirement]:
    """What Millrace itself requires, without extras."""
    every = [Requirement(text) for text in metadata.requires("millrace") or []]
    return [each for each in every if each.marker is None or each.marker.evaluate({"extra": ""})]


def pinned(lock: str) -> dict[str, str]:
    """Name and version of each pin in a lock file that holds for this Python.

    Examples
    --------
    >>> pinned("fastapi==0.154.0 \\\\\\n    --hash=sha256:00\\ncolorama==0.4 ; sys_platform == 'win32' \\\\\\n")["fastapi"]
    '0.154.0'
    """
    lines = [line.rstrip("\\ ") for line in lock.splitlines() if re.match(r"[A-Za-z0-9]", line)]
    pins = [Requirement(line) for line in lines if "==" in line]
    return {p.name.lower(): next(iter(p.specifier)).version for p in pins if p.marker is None or p.marker.evaluate()}


def installed(name: str) -> str | None:
    """The installed version of a distribution."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def fastapi(found: str | None = None) -> Finding:
    """The cap without which Prefect's server dies at import.

    Examples
    --------
    >>> fastapi("0.154.0").state, fastapi("0.155.0").state
    ('ok', 'wrong')
    """
    found = found or installed("fastapi")
    if found and Version(found) < FASTAPI_CAP:
        return Finding("fastapi", "ok", f"FastAPI {found}, below {FASTAPI_CAP}")
    return Finding("fastapi", "wrong", f"FastAPI {found}: Prefect's server does not start with {FASTAPI_CAP} or later", "make env")


def ownership() -> Iterator[Finding]:
    """Our six packages come from our folder, and nothing else that is installed has packages of these names."""
    owners = metadata.packages_distributions()
    trouble = 0
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        place = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
        others = sorted(set(owners.get(package, ())) - {"millrace"})
        trouble += place is None or place.resolve() != ROOT / package or bool(others)
        if place is None or place.resolve() != ROOT / package:
            text = f"the package {package} does not come from Millrace's folder"
            yield Finding("packages", "wrong", text, "use Millrace's own environment: make env")
        elif others:
            text = f"{', '.join(others)} also has a package {package}"
            yield Finding("packages", "wrong", text, f"uninstall {others[0]}, or use Millrace's own environment: make env")
    if not trouble:
        yield Finding("packages", "ok", f"{', '.join(PACKAGES)} are ours")


def home(root: Path) -> Iterator[Finding]:
    """MILLRACE_HOME: writable, private, on a local disk with room and with locks that hold."""
    try:
        found = Home.open(root)
        with room(), tempfile.TemporaryFile(dir=found.root) as probe:
            probe.write(b"x")
        _locks(found.root)
    except (MillraceError, OSError) as error:
        code = error.code if isinstance(error, MillraceError) else type(error).__name__
        yield Finding("home", "wrong", f"MILLRACE_HOME cannot be used ({code})", "set MILLRACE_HOME to a folder of yours on a local disk")
        return
    mode = stat.S_IMODE(found.root.stat().st_mode)
    if mode == 0o700:
        yield Finding("home", "ok", "MILLRACE_HOME is writable and private")
    else:
        yield Finding("home", "wrong", f"MILLRACE_HOME has mode {mode:04o}: others may read it", "use a disk that keeps modes")
    yield _disk(found.root)
    yield from stored(found)


def stored(home: Home) -> Iterator[Finding]:
    """References and secrets, on which everything trained rests; `millrace runs verify` looks at the runs, too."""
    found = standing(home)
    damaged = [(place, one) for place, damages in found.items() for one in damages]
    for place, one in damaged:
        remedy = "restore it from a backup" if place.startswith("keys/") else "restore it from a backup, or train again"
        yield Finding("stored", "wrong", f"{place} is damaged: {one.what}", remedy)
    if found and not damaged:
        yield Finding("stored", "ok", f"{len(found)} references and secrets are whole")


def _locks(root: Path) -> None:
    with held(root / ".doctor.lock", {}, code="FEED-LOCKED", what="the home"):
        pass


def _disk(root: Path) -> Finding:
    kind, free = file_system(root), shutil.disk_usage(root).free / 2**30
    if kind in NETWORK:
        return Finding("disk", "wrong", f"MILLRACE_HOME is on a network drive ({kind}): locks and renames are not safe", "use a local disk")
    if free < FREE_GIB:
        return Finding("disk", "missing", f"{free:.1f} GiB free: large submissions may not fit", "free some space")
    return Finding("disk", "ok", f"{kind or 'a disk of unknown kind'}, {free:.0f} GiB free")


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """The kind of file system a path is on; None where the system does not tell."""
    if not mounts.is_file():
        return None
    lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    fits = [(len(where), kind) for _, where, kind, *_ in lines if path.resolve().is_relative_to(where.replace("\\040", " "))]
    return max(fits)[1] if fits else None


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


def fonts() -> Finding:
    """The font of the charts comes with matplotlib: the same bytes on every machine."""
    spec = importlib.util.find_spec("matplotlib")
    folder = Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None
    if folder and (folder / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf").is_file():
        return Finding("fonts", "ok", "DejaVu Sans comes with matplotlib")
    return Finding("fonts", "wrong", "matplotlib's own fonts are missing: charts cannot be drawn the same everywhere", "make env")
