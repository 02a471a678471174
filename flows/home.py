"""MILLRACE_HOME: where everything is kept, private to its user."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import Place, RunError, SettingsError, shape
from flows.disk import make_private, sync

SECRET_BYTES = 32
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
KINDS = frozenset({"submissions", "runs", "references", "models", "memory", "keys", "checks", "repairs", "contracts"})
"""What a home holds."""
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")


def safe(name: str, what: str = "name") -> str:
    """Return a name that may be a folder's, or refuse it.

    Lower-case letters, digits, dash, underscore and inner dots, at most 63; no reserved word of any system.

    Raises
    ------
    SettingsError
        NAME-UNSAFE.

    Examples
    --------
    >>> safe("acme"), safe("churn.telco")
    ('acme', 'churn.telco')
    >>> safe("../acme", "client")
    Traceback (most recent call last):
    contracts.errors.SettingsError: NAME-UNSAFE: this cannot be the name of a client
    """
    if not _NAME.fullmatch(name) or ".." in name or name.partition(".")[0] in RESERVED:
        raise SettingsError(
            "NAME-UNSAFE", f"this cannot be the name of a {what}", found=shape(name),
            expected="lower-case letters, digits, dashes, underscores and inner dots, at most 63", hint="choose another name",
        )  # fmt: skip
    return name


@dataclass(frozen=True)
class Home:
    """The folders under MILLRACE_HOME; each is made, with mode 0700, when it is asked for.

    Parameters
    ----------
    root : Path
        Use `Home.open` for one that exists and is private.

    Examples
    --------
    >>> import tempfile
    >>> home = Home.open(Path(tempfile.mkdtemp()) / "home")
    >>> home.runs("acme", "churn").relative_to(home.root).as_posix()
    'runs/acme/churn'
    """

    root: Path

    @classmethod
    def open(cls, root: Path) -> Home:
        """The home at a path, made where it is missing, private in any case.

        Raises
        ------
        SettingsError
            HOME-UNUSABLE when it cannot be made or is not a folder of ours.
        """
        root = root.expanduser().absolute()
        try:
            make_private(root)
            found = _not_ours(root)
            if found is None:
                root.chmod(0o700)
        except OSError as error:
            found = type(error).__name__
        if found is not None:
            raise SettingsError(
                "HOME-UNUSABLE", "MILLRACE_HOME cannot be used", found=found,
                expected="a folder on a local disk that is yours: a new one, an empty one, or one that holds nothing but a home",
                hint="set MILLRACE_HOME to another folder",
            )  # fmt: skip
        return cls(root)

    def owner(self, kind: str, client: str, name: str) -> Path:
        """The folder of a client's feed (kind submissions) or product (kind runs)."""
        return make_private(self.root / kind / safe(client, "client") / safe(name, "feed" if kind == "submissions" else "product"))

    def submissions(self, client: str, feed: str) -> Path:
        """Submissions of a feed."""
        return self.owner("submissions", client, feed)

    def runs(self, client: str, product: str) -> Path:
        """Runs of a product."""
        return self.owner("runs", client, product)

    def repairs(self, client: str, feed: str) -> Path:
        """Files that error workbooks of a feed were made from."""
        return make_private(self.root / "repairs" / safe(client, "client") / safe(feed, "feed"))

    @property
    def references(self) -> Path:
        """Rows that models were trained on."""
        return make_private(self.root / "references")

    @property
    def models(self) -> Path:
        """Stored models."""
        return make_private(self.root / "models")

    @property
    def memory(self) -> Path:
        """Confirmed mappings."""
        return make_private(self.root / "memory")

    @property
    def keys(self) -> Path:
        """Secrets, one per client."""
        return make_private(self.root / "keys")

    def secret(self, client: str) -> bytes:
        """The client's secret for tokens: 32 random bytes, made once, with a check value beside the keys by which another one is noticed.

        Two processes that ask at the same moment get the same secret: the file appears by a hard link, which the second cannot make.

        Raises
        ------
        RunError
            KEY-DAMAGED when the file is lost, does not hold 32 bytes, or holds others than those that tokens were made with.
        """
        path, noted = self._key(client), self._check(client)
        known = noted.exists()  # before the key is looked for: another process writes the key first
        if not known and not path.exists():
            _publish(path, secrets.token_bytes(SECRET_BYTES))
        data = self._sound(client)
        if not known:
            make_private(noted.parent)
            _publish(noted, _check_value(data, client))
        return data

    def check_secret(self, client: str) -> None:
        """Refuse a secret that is not the one that the client's tokens were made with; one that was never made is fine.

        Raises
        ------
        RunError
            KEY-DAMAGED.
        """
        if self._key(client).exists() or self._check(client).exists():
            self._sound(client)

    def holders(self) -> tuple[str, ...]:
        """Clients that have, or had, a secret."""
        folders = (self.root / "keys", self.root / "checks")
        return tuple(sorted({path.stem for folder in folders if folder.is_dir() for path in folder.glob("[!.]*.*")}))

    def _key(self, client: str) -> Path:
        return self.keys / f"{safe(client, 'client')}.key"

    def _check(self, client: str) -> Path:
        return self.root / "checks" / f"{safe(client, 'client')}.check"

    def _sound(self, client: str) -> bytes:
        path, noted = self._key(client), self._check(client)
        data = path.read_bytes() if path.is_file() else b""
        found = "no file" if not path.is_file() else f"{len(data)} bytes" if len(data) != SECRET_BYTES else None
        if found is None and noted.exists() and not hmac.compare_digest(noted.read_bytes(), _check_value(data, client)):
            found = "another secret than the one that its tokens were made with"
        if found is not None:
            raise RunError(
                "KEY-DAMAGED", f"the secret of client {client} is damaged", place=Place(client=client), found=found,
                expected=f"the {SECRET_BYTES} bytes that were made for it",
                hint=f"restore keys/{client}.key from a backup: with another secret, tokens no longer match earlier ones",
            )  # fmt: skip
        return data


def _not_ours(root: Path) -> str | None:
    """Why a folder must be left as it is: to close one to others that holds more than a home, such as /tmp, would harm whoever needs it."""
    if not root.is_dir():
        return "no folder"
    if not root.stat().st_mode & 0o077:
        return None
    others = [each.name for each in root.iterdir() if each.name not in KINDS]
    return f"a folder that is open to others and holds {len(others)} other entries" if others else None


def _check_value(secret: bytes, client: str) -> bytes:
    """Says whether a secret is the same, and nothing else of it."""
    return hmac.digest(secret, f"the secret of {client}".encode(), "sha256")


def _publish(path: Path, data: bytes) -> None:
    """Write a private file that appears whole, unless another process was first."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o600)
        try:
            os.link(fresh, path)
        except FileExistsError:
            return  # another process was first: what it wrote counts
        sync(path.parent)
    finally:
        fresh.unlink(missing_ok=True)
