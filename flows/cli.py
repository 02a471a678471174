"""The `millrace` command: one function a command, each in a module of `flows.commands`, nothing heavy imported before it runs."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from flows.commands import assessing, catalogue, connecting, contracts, delivering, reading, rehearsing, stored, training

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Millrace: a client's messy consumer files to scored, explained deliveries, with a number for how far they can be trusted.",
)

app.command()(reading.inspect)
app.command()(reading.read)
app.command()(connecting.connect)
app.command()(connecting.check)
app.command()(assessing.assess)
app.command()(delivering.deliver)
app.command()(delivering.intake)
app.command()(training.train)
app.add_typer(training.models, name="models")
app.add_typer(stored.runs, name="runs")
app.command()(stored.release)
app.command()(stored.assumptions)
app.command()(catalogue.products)
app.add_typer(contracts.contracts, name="contracts")
app.command()(rehearsing.rehearse)
app.command()(catalogue.doctor)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        sys.stdout.write(f"millrace {version('millrace')}\n")
        raise typer.Exit


@app.callback()
def millrace(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")] = False,
) -> None:
    """Results on standard output, messages on standard error; exit codes: 0 done, 1 failed or held, 2 wrong usage, 3 cannot tell."""


def _untold(_: object) -> None:
    """What fails while a library tidies up after an error is not printed: the error itself was told, and a stack trace may hold a value."""


def main() -> None:
    """The console script: an error that is not ours is named by its class only, as its text may hold a value."""
    sys.unraisablehook = _untold
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no reason to fail
    try:
        app()
    except Exception as error:  # the one edge: nothing may end in a stack trace with a client's values
        sys.stderr.write(f"INTERNAL: this is a fault of Millrace ({type(error).__name__})\n  next: please report it with the command\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
