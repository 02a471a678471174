"""The main job on an invented client, through a real Prefect flow: ``make demo``. Everything is written below ``demo/``."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from contracts.errors import MillraceError
from flows.commands.console import calm_threads

FOLDER = Path("demo")
SEED = 7
CUSTOMERS = 12_000


def main() -> int:
    """Rehearse, train, deliver, and tell the story; 0 whatever the verdict, 1 where something broke."""
    home = Path(os.environ.setdefault("PREFECT_HOME", str((FOLDER / "prefect").absolute())))
    home.mkdir(parents=True, exist_ok=True)  # Prefect warns at import where there is none
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    calm_threads()
    try:
        for line in story(FOLDER):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
    except MillraceError as error:
        sys.stderr.write("\n".join(error.lines()) + "\n")
        return 1
    return 0


def story(folder: Path) -> Iterator[str]:
    """What happens, line by line, each figure measured in this run."""
    from flows.commands import summary
    from flows.deliver import deliver
    from flows.direct_conductor import Direct
    from flows.disk import make_private
    from flows.prefect_conductor import PrefectConductor
    from flows.rehearsal.rehearsal import rehearse
    from flows.settings import load
    from flows.train import train
    from flows.trainee import Trainee
    from flows.workspace import Workspace
    from reports.internal import read_facts

    began = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    make_private(Path(os.environ["PREFECT_HOME"]))
    yield f"inventing {CUSTOMERS:,} customers of a mail-order house, their orders, and the mess in their files"
    made = rehearse(folder / "files", seed=SEED, customers=CUSTOMERS)
    space = Workspace.of(load(home=folder / "home"), datetime.now(UTC))
    yield "training on the research panel: other people, complete data, known outcomes"
    Direct().conduct(train, space, Trainee("repurchase", str(made.research)), title="train repurchase")
    yield "delivering through Prefect (a temporary server starts with it)"
    run = PrefectConductor().conduct(deliver, space, order(made), title="deliver harbour/repurchase")
    facts = read_facts(run.folder / "facts.json")
    yield ""
    yield from (summary.row("received" if n == 0 else "", text) for n, text in enumerate(summary.received(facts.feeds)))
    yield from (summary.row("rows" if n == 0 else "", summary.account(feed)) for n, feed in enumerate(facts.feeds))
    yield summary.row("repaired", repaired(space, made))
    yield summary.row("inputs", summary.inputs(facts))
    yield summary.row("verdict", f"{facts.status.word}: {facts.verdict.sentence}")
    yield summary.row("pack", str(run.folder / "pack" / "client" / "index.html"))
    yield summary.row("took", f"{time.monotonic() - began:.0f} s")


def order(made: object) -> object:
    """All periods of the orders, the last of the customers."""
    from flows.intake import Arrival
    from flows.order import Order
    from flows.rehearsal.rehearsal import Rehearsal

    assert isinstance(made, Rehearsal)
    lines = [Arrival("harbour/transactions", (file.path,)) for file in made.of("transactions")]
    return Order("harbour", "repurchase", (Arrival("harbour/customers", (made.newest("customers").path,)), *lines))


def repaired(space: object, made: object) -> str:
    """What the intake made of every known damage in the files that were delivered."""
    from flows.rehearsal.judge import judge
    from flows.rehearsal.rehearsal import Rehearsal
    from flows.rehearsal.verdicts import together
    from flows.runs import stored
    from flows.workspace import Workspace

    assert isinstance(space, Workspace)
    assert isinstance(made, Rehearsal)
    truth = made.damages.parent
    return together(judge(truth, each.folder) for each in stored(space.home, "submissions")).sentence.removeprefix("repaired ")


if __name__ == "__main__":
    sys.exit(main())
