"""Workspace: the home, the settings and the day that a command works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from connectors import library
from connectors.spec.client import ClientSpec
from connectors.spec.feed import FeedSpec
from contracts import shelf
from flows.home import Home
from flows.settings import Settings


@dataclass(frozen=True)
class Workspace:
    """What every pipeline needs beside its own arguments.

    Parameters
    ----------
    home : Home
    settings : Settings
    now : datetime.datetime
        Moment of the command, in UTC; decides no byte of a run, only what is recorded beside it.
    """

    home: Home
    settings: Settings
    now: datetime

    @classmethod
    def of(cls, settings: Settings, now: datetime | None = None) -> Workspace:
        """The workspace of some settings, its imported contracts found by name; the clock is read here and nowhere else."""
        home = Home.open(settings.home)
        shelf.use((home.root / "contracts", *([settings.clients / "contracts"] if settings.clients else [])))
        return cls(home, settings, now or datetime.now(UTC))

    @property
    def today(self) -> date:
        """The day of the command, in UTC."""
        return self.now.date()

    def client(self, name: str) -> ClientSpec:
        """A client by name."""
        return library.load_client(name, self.settings.clients)

    def feed(self, name: str) -> FeedSpec:
        """A connector by ``client/feed``."""
        return library.load_feed(name, self.settings.clients)

    def feeds(self, client: str) -> tuple[str, ...]:
        """Names of a client's feeds, as ``client/feed``."""
        return library.feeds(client, self.settings.clients)

    def clients(self) -> tuple[str, ...]:
        """Names of all clients."""
        return library.clients(self.settings.clients)
