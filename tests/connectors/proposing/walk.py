"""From an unknown file to a connector in use, by the command itself and as a person would do it: what it takes, file by file.

``python -m tests.connectors.proposing.walk`` walks over files of the shared data for which no connector exists: inspect, connect (its
questions answered at a terminal), check, the golden test, confirm, connect once more, assess, intake. The table goes into README.md
beside this file; ``--only us-500`` takes those whose path has the word and keeps nothing, ``--show`` prints every line of output.
"""

from __future__ import annotations

import argparse
import json
import os
import pty
import re
import select
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.table import markdown
from tests.connectors.reading.pollock.places import SHARED

HERE, ROOT = Path(__file__).resolve().parent, Path(__file__).resolve().parents[3]
BEGIN, END = "<!-- walks begin -->", "<!-- walks end -->"
PROMPT = re.compile(r"leave it open: ?\s*$")
COLUMNS = "100"
FIGURES = ["file", "rows", "contract", "fields", "questions", "inspect", "connect", "check", "assess", "intake", "outcome"]


@dataclass(frozen=True)
class Walk:
    """A file, the feed that it becomes, and what is answered to the questions in their order; an empty answer leaves one open."""

    path: str
    feed: str
    answers: tuple[str, ...] = ()


WALKS = (
    Walk("us-500/us-500.csv", "us500/customers"),
    Walk("marketing-campaign/marketing_campaign.csv", "campaign/people", ("us", "1=tertiary")),
    Walk("superstore/Sample - Superstore.xls", "superstore/orders"),
    Walk("online-shoppers/online_shoppers_intention.csv", "shoppers/visits", ("us", "none")),
    Walk("hillstrom-email/hillstrom.csv", "hillstrom/mailing", ("us", "none")),
    Walk("splink-fake-people/fake_1000_from_splink_demos.csv", "splink/people", ("gb",)),
    Walk("febrl/dataset_C_5000.csv", "febrl/people"),
    Walk("cdnow/CDNOW_master.txt", "cdnow/sales", ("us",)),
    Walk("platform-exports/shopify-admin/orders_export.csv", "shop/orders", ("Email",)),
    Walk("platform-exports/mailchimp-audience/subscribed.csv", "audience/members", ("us",)),
    Walk("platform-exports/klaviyo-warehouse/person.csv", "klaviyo/people", ("none",)),
    Walk("platform-exports/prestashop/customers_import.csv", "presta/customers", ("fr",)),
)


@dataclass
class Done:
    """One command: its exit code, its output, processor and wall seconds, and how often it asked."""

    words: tuple[str, ...]
    code: int
    text: str
    cpu: float
    wall: float
    asked: int


@dataclass
class Desk:
    """A person's terminal, folder of clients and home; `done` is everything that was run."""

    root: Path
    tell: Callable[[str], object]
    done: list[Done] = field(default_factory=list)

    def run(self, *words: str, answers: tuple[str, ...] = ()) -> Done:
        """Run a command at the terminal."""
        made = typed(words, self.root, list(answers))
        self.tell(f"$ millrace {' '.join(words)}\n{made.text}\n({made.code}; {made.cpu:.1f} s CPU, {made.wall:.1f} s)\n\n")
        self.done.append(made)
        return made


def typed(words: tuple[str, ...], root: Path, answers: list[str]) -> Done:
    """Run the command at a pseudo-terminal, typing the answers where it waits for one."""
    began, said, asked, told = time.monotonic(), b"", 0, 0
    process, handle = pty.fork()
    if process == 0:
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, "-m", "flows.cli", *words], _environment(root))
    while select.select([handle], [], [], 600)[0]:
        try:
            data = os.read(handle, 65536)
        except OSError:
            break
        if not data:
            break
        said += data
        if PROMPT.search(said[told:].decode("utf-8", "replace")):
            asked, told = asked + 1, len(said)
            os.write(handle, f"{answers.pop(0) if answers else ''}\n".encode())
    os.close(handle)
    _, status, used = os.wait4(process, 0)
    text = said.decode("utf-8", "replace").replace("\r", "")
    return Done(words, os.waitstatus_to_exitcode(status), text, used.ru_utime + used.ru_stime, time.monotonic() - began, asked)


def _environment(root: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "MILLRACE_"))}
    own = {"MILLRACE_HOME": str(root / "home"), "MILLRACE_CLIENTS": str(root / "clients"), "COLUMNS": COLUMNS, "NO_COLOR": "1"}
    return {**kept, **own, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "DO_NOT_TRACK": "1"}


def walked(walk: Walk, desk: Desk) -> list[str]:
    """The whole way of one file, as a line of the table."""
    file = str(SHARED / "data" / walk.path)
    seconds = {"inspect": desk.run("inspect", file).cpu}
    first = desk.run("connect", walk.feed, file, answers=walk.answers)
    seconds |= {"connect": first.cpu}
    outcome = "no contract fits" if "CONTRACT-NONE" in first.text else _onwards(walk, file, desk, seconds)
    seconds |= {"assess": desk.run("assess", file).cpu}
    about = desk.root / "clients" / walk.feed.split("/")[0]
    golden = about / f"{walk.feed.split('/')[1]}.golden.json"
    rows = json.loads(golden.read_text())["sketch"]["rows"] if golden.exists() else None
    contract, fields = _named(first.text)
    return [
        walk.path.rpartition("/")[2], "–" if rows is None else f"{rows:,}", contract, fields, str(first.asked),
        *(f"{seconds[name]:.1f}" if name in seconds else "–" for name in FIGURES[5:10]), outcome,
    ]  # fmt: skip


def _onwards(walk: Walk, file: str, desk: Desk, seconds: dict[str, float]) -> str:
    """From the draft to rows that are taken in; what held it up, where something did."""
    checked = desk.run("check", walk.feed, file)
    seconds |= {"check": checked.cpu}
    golden = desk.run("check", walk.feed)
    confirmed = desk.run("connect", walk.feed, "--confirm")
    again = desk.run("connect", walk.feed, file)
    if "CONNECTOR-INVALID" in checked.text:
        return "its connector cannot be used"
    if golden.code:
        return "its golden test fails"
    if confirmed.code:
        return "questions stay open"
    if "kept" not in again.text:
        return "written anew although it is confirmed"
    taken = desk.run("intake", walk.feed, file)
    seconds |= {"intake": taken.cpu}
    failing = ", ".join(dict.fromkeys(re.findall(r"^! +[\d,]+  (.+?) \(", checked.text, re.MULTILINE)))
    if taken.code:
        return f"not taken in: {failing or 'see --show'}"
    return f"taken in; the check fails: {failing}" if checked.code else "taken in"


def _named(text: str) -> tuple[str, str]:
    """The contract and the number of fields that `connect` told."""
    contract = re.search(r"^contract +(\w+)", text, re.MULTILINE)
    fields = re.search(r"^columns +(\d+) fields? matched", text, re.MULTILINE)
    return (contract[1] if contract else "–", fields[1] if fields else "–")


def rows(only: str, tell: Callable[[str], object]) -> Iterator[list[str]]:
    """A line for each walk, each with a home of its own."""
    for walk in WALKS:
        if only in walk.path:
            with tempfile.TemporaryDirectory(prefix="millrace-walk-") as folder:
                root = Path(folder)
                (root / "clients").mkdir()
                yield walked(walk, Desk(root, tell))


def main(words: list[str]) -> int:
    """Walk, print the table, and keep it where every file was walked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args(words)
    text = markdown(FIGURES, rows(given.only, sys.stdout.write if given.show else str))
    sys.stdout.write(f"{text}\n")
    if not given.only:
        path = HERE / "README.md"
        before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
        path.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
