"""A small pipeline with everything in it, for tests; also a command, so that it can be killed, starved and locked out.

``python tests/flows/sample.py HOME [--via direct|threads|processes|prefect] [--parts N]``; a fault comes by the environment, so that it
is no part of the run's key: ``SAMPLE_FAULT="parse part 2:kill"``. ``SAMPLE_LOG`` names a file to which every step that runs adds a line.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.errors import MillraceError, Place, SourceError
from flows.conductor import Conductor
from flows.direct_conductor import Direct
from flows.home import Home
from flows.opening import open_run
from flows.process import heed_signals
from flows.steps import step
from flows.stored import Stored

CANARY = "Canary-Quittenbaum-77131"
TABLE = [{"reason": "accepted", "rows": 12}, {"reason": "header", "rows": 1}]


@dataclass(frozen=True)
class Spec:
    """What is run; the label is all that a conductor shows of it."""

    home: Path
    client: str = "acme"
    product: str = "churn"
    parts: int = 3
    name: str = CANARY

    @property
    def label(self) -> str:
        return self.client


@dataclass(frozen=True)
class Part:
    """One partition."""

    number: int
    folder: Path

    @property
    def label(self) -> str:
        return f"part {self.number}"


def happen(where: str) -> None:
    """Write the log line, then do what SAMPLE_FAULT asks for here."""
    if log := os.environ.get("SAMPLE_LOG"):
        with Path(log).open("a") as file:
            file.write(f"{where}\n")
    place, _, fault = os.environ.get("SAMPLE_FAULT", "").partition(":")
    if place != where:
        return
    if fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault == "foreign":
        raise ValueError(f"{CANARY} is not a number")
    elif fault == "ours":
        found = SourceError("SOURCE-EMPTY", "the file is empty", place=Place(file="x.csv", line=7), hint="ask for it again")
        raise found from KeyError(CANARY)
    elif fault == "sleep":
        Path(os.environ["SAMPLE_READY"]).touch()
        time.sleep(60)


@step("cut", keep=True)
def cut(spec: Spec, out: Path) -> dict[str, Any]:
    """Write one text per part."""
    happen("cut")
    for number in range(spec.parts):
        (out / f"block-{number}.txt").write_text(f"{number} {spec.name}\n" * 4)
    return {"parts": spec.parts}


@step("parse", keep=True)
def parse(part: Part, out: Path, factor: int) -> dict[str, Any]:
    """Turn a text into another, in a folder of its own."""
    happen(f"parse {part.label}")
    text = (part.folder / f"block-{part.number}.txt").read_text()
    (out / "accepted").mkdir()
    (out / "accepted" / f"part-{part.number}.txt").write_text(text.upper() * factor)
    return {"rows": len(text.splitlines()), "pair": (1, 2)}


@step("total")
def total(rows: list[int]) -> int:
    """A step that keeps nothing."""
    happen("total")
    return sum(rows)


def deliver(conduct: Conductor, spec: Spec) -> Stored:
    """The pipeline."""
    happen("pipeline")
    key = {"client": spec.client, "product": spec.product, "parts": spec.parts}
    with open_run(Home.open(spec.home), "runs", (spec.client, spec.product), key) as run:
        if run.stored:
            return run.stored
        conduct = conduct.at(run.steps)
        blocks = conduct.run(cut, spec)
        parts = conduct.map(parse, [Part(n, blocks.out) for n in range(blocks["parts"])], 3)
        rows = conduct.run(total, [part["rows"] for part in parts])
        (run.work / "total.json").write_text(json.dumps({"rows": rows}))
        (run.work / "page.html").write_text(f"drawn {time.time_ns()}")
        (run.scratch / "temporary.xml").write_text(spec.name)
        conduct.note("verdict", text=f"**pass**, {rows} rows")
        conduct.note("ledger", table=TABLE, text="every record")
        conduct.note("pack", link="http://localhost/pack", text="the pack")
        happen("publish")
        return run.publish([(part, "") for part in parts], facts={"rows": rows}, loose=["page.html"], notes={"workers": 1})


def conductor(via: str) -> Any:
    """The conductor of a name."""
    if via == "prefect":
        from flows.prefect_conductor import PrefectConductor

        return PrefectConductor()
    return Direct() if via == "direct" else Direct(2, "threads" if via == "threads" else "processes")


def main(arguments: list[str]) -> int:
    """The command: the published folder on standard output, our errors on standard error."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--via", default="direct")
    parser.add_argument("--parts", type=int, default=3)
    given = parser.parse_args(arguments)
    heed_signals()
    try:
        stored = conductor(given.via).conduct(deliver, Spec(given.home, parts=given.parts), title="deliver acme/churn")
    except MillraceError as error:
        sys.stderr.write("\n".join(error.lines()) + "\n")
        return 1
    sys.stdout.write(f"{stored.folder}\n")
    return 0


if __name__ == "__main__":
    from tests.flows import sample  # steps pickle by the name of their module, which must not be __main__

    sys.exit(sample.main(sys.argv[1:]))
