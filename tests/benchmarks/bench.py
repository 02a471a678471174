"""What a benchmark works with: files rehearsed once, commands run several times, each into a folder of its own.

Nothing heavy is imported here: a child's peak memory is at least what its parent holds when it starts.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.child import MILLRACE, PYTHON, Spent, spend
from tests.benchmarks.table import Series

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Run:
    """A run of a command: its number, the folder it may write to, and what it took."""

    folder: Path
    spent: Spent


@dataclass(frozen=True)
class Runs:
    """All runs of a command; the folder of the last one is still there."""

    name: str
    runs: tuple[Run, ...]

    @property
    def cpu(self) -> Series:
        """CPU seconds."""
        return Series(f"{self.name}, CPU", tuple(run.spent.cpu for run in self.runs), "s")

    @property
    def peak(self) -> Series:
        """Peak memory."""
        return Series(f"{self.name}, peak memory", tuple(run.spent.peak for run in self.runs), "MiB")

    def said(self, figure: str, name: str) -> Series:
        """A figure that the command printed itself, in seconds."""
        return Series(name, tuple(run.spent.said[figure] for run in self.runs), "s")

    @property
    def last(self) -> Path:
        """Folder of the last run."""
        return self.runs[-1].folder


@dataclass(frozen=True)
class Client:
    """What was rehearsed."""

    folder: Path

    @property
    def customers(self) -> Path:
        """The customers' file."""
        return next(self.folder.glob("harbour_kunden_*.csv"))

    @property
    def orders(self) -> Path:
        """The order lines' file."""
        return next(self.folder.glob("harbour_bestellungen_*.csv"))

    @property
    def research(self) -> Path:
        """The research table."""
        return self.folder / "research.parquet"


@dataclass(frozen=True)
class Bench:
    """A session of benchmarks.

    Parameters
    ----------
    folder : Path
        Everything goes here.
    times : int
        Runs of each command.
    rows : int
        Rows of the file that most benchmarks take in.
    """

    folder: Path
    times: int = 3
    rows: int = 1_000_000

    def customers(self, rows: int) -> Path:
        """A rehearsed file of so many customers with 20 columns."""
        return self._rehearsed(f"customers-{rows}", rows, "customers").customers

    def client(self, customers: int, orders_per_customer: float = 2.5) -> Client:
        """Customers, their order lines, and the research table."""
        return self._rehearsed(f"client-{customers}", customers, "everything", orders_per_customer)

    def _rehearsed(self, name: str, customers: int, what: str, orders_per_customer: float = 2.5) -> Client:
        folder = self.folder / name
        if not folder.exists():  # in a process of its own: a child's peak memory is at least what its parent holds when it starts
            spend(script("rehearsing", folder, str(customers), what, str(orders_per_customer)))
        return Client(folder)

    def repeat(
        self, name: str, command: Callable[[Path], Sequence[str]], *, home: Path | None = None, allowed: tuple[int, ...] = (0,)
    ) -> Runs:
        """Run a command several times, each in a fresh folder; `MILLRACE_HOME` is in it, a copy of `home` where one is given."""
        place = self.folder / "runs" / name.replace(" ", "-").replace(",", "")
        runs = []
        for number in range(self.times):
            shutil.rmtree(place, ignore_errors=True)
            (place / "out").mkdir(parents=True)
            shutil.copytree(home, place / "home") if home else None
            spent = spend(command(place / "out"), home=place / "home", allowed=allowed)
            print(f"  {name}, run {number + 1}: {spent.cpu:.2f} s CPU, {spent.peak:.0f} MiB, {spent.wall:.1f} s", flush=True)
            runs.append(Run(place, spent))
        return Runs(name, tuple(runs))

    def clear(self) -> None:
        """Remove what runs have left; rehearsed files stay."""
        shutil.rmtree(self.folder / "runs", ignore_errors=True)


def millrace(*words: str | Path) -> list[str]:
    """A `millrace` command."""
    return [MILLRACE, *map(str, words)]


def script(name: str, *words: str | Path) -> list[str]:
    """A script beside this file."""
    return [PYTHON, "-m", f"tests.benchmarks.{name}", *map(str, words)]
