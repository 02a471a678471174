"""`millrace rehearse`: an invented client's messy files, with the truth about them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.console import Json, Quiet, speaking


def rehearse(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    customers: Annotated[int, typer.Option(min=1, max=10_000_000, help="Customers on the last day.")] = 20_000,
    periods: Annotated[int, typer.Option(min=1, max=60, help="Monthly exports.")] = 3,
    form: Annotated[str, typer.Option(metavar="csv|xlsx", help="Form of the files.")] = "csv",
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 7,
    rate: Annotated[float, typer.Option(min=0, max=1, help="Share of rows to be damaged.")] = 0.06,
    as_of: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the last export.")] = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Invent a German mail-order house: messy monthly exports, a rich research table with outcomes, and the truth about every damage."""
    if form not in ("csv", "xlsx"):
        raise typer.BadParameter("it is csv or xlsx", param_hint="--form")
    with speaking(as_json=as_json, quiet=quiet) as console:
        from flows.rehearsal.rehearsal import AS_OF
        from flows.rehearsal.rehearsal import rehearse as write
        from reports.words import plural, whole

        console.say(f"inventing {plural(customers, 'customer')}")
        done = write(
            folder,
            seed=seed,
            customers=customers,
            periods=periods,
            form="xlsx" if form == "xlsx" else "csv",
            rate=rate,
            as_of=as_of.date() if as_of else AS_OF,
        )
        files = [f"{file.path}  {whole(file.records)} records, {plural(file.damages, 'damage')}" for file in done.files]
        document = {
            "folder": str(folder),
            "as_of": done.as_of.isoformat(),
            "research": str(done.research),
            "damages": str(done.damages),
            "outcomes": str(done.outcomes),
            "files": [
                {"path": str(f.path), "feed": f.feed, "period": f.period, "records": f.records, "damages": f.damages} for f in done.files
            ],
        }
        console.result([*files, f"{done.research}  research with outcomes", f"{done.damages}  the truth"], document)
