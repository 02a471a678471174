"""`millrace inspect`, `millrace read`: any file, without a connector: what it is, and its rows as a plain table."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, cast

import typer

from flows.commands.console import Console, Json, Quiet, harmless, speaking

if TYPE_CHECKING:
    from connectors.reading.decision import ReadingHints
    from connectors.reading.source import Source

LARGE = 50_000_000
"""Bytes from which a command says that it is reading."""


def _sign(value: str | None) -> str | None:
    if value is not None and len(value) > 1:
        raise typer.BadParameter('it is one character, or "" for none')
    return value


def _known(value: str | None) -> str | None:
    try:
        return codecs.lookup(value).name if value else None
    except LookupError:
        raise typer.BadParameter("there is no such encoding; examples: utf-8, cp1252, utf-16, shift_jis") from None


def _typed(value: str | None) -> str | None:
    if value == "":
        raise typer.BadParameter("it is one character or several; a file of one column needs none")
    return "\t" if value in ("tab", "\\t") else value


def _numbers(value: str | None) -> Any:
    try:
        widths = tuple(int(part) for part in value.split(",")) if value is not None else None
    except ValueError:
        widths = ()
    if widths is not None and (not widths or min(widths) < 1):
        raise typer.BadParameter("it is the characters of each column, such as 1,21,13")
    return widths


def _rows_form(value: str) -> str:
    if value != "-" and Path(value).suffix not in (".csv", ".parquet", ".jsonl"):
        raise typer.BadParameter("its ending says what to write: .csv, .parquet or .jsonl; - is standard output")
    return value


def _ledger_form(value: Path | None) -> Path | None:
    if value is not None and value.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter("its ending says what to write: .csv or .parquet")
    return value


File = Annotated[Path, typer.Argument(metavar="FILE", help="Delimited text, workbook, fixed width, JSON or Parquet; packed or not.")]
Encoding = Annotated[str | None, typer.Option(callback=_known, help="As Python names it: utf-8, cp1252, utf-16.", metavar="NAME")]
Delimiter = Annotated[str | None, typer.Option(callback=_typed, help="One or several characters; tab for a tab.", metavar="SIGNS")]
Quote = Annotated[str | None, typer.Option(callback=_sign, help='One character; "" for a file without quoting.', metavar="SIGN")]
Escape = Annotated[str | None, typer.Option(callback=_sign, help='One character; "" for a file without escaping.', metavar="SIGN")]
Widths = Annotated[str | None, typer.Option(callback=_numbers, help="Fixed width: characters of each column.", metavar="1,21,13")]
RowsPath = Annotated[str | None, typer.Option("--path", help="JSON: where the rows are, as data.customers.", metavar="PATH")]
Sheet = Annotated[str | None, typer.Option(help="Workbook: name of the sheet.", metavar="NAME")]
Table = Annotated[int | None, typer.Option(min=1, help="Which of several tables in the file or sheet, from 1.")]
HeaderRow = Annotated[int | None, typer.Option(min=0, help="Line of the file (row of the sheet) with the header, from 1; 0 for none.")]
HeaderRows = Annotated[int | None, typer.Option(min=1, help="Rows that the header takes.")]
TotalWord = Annotated[list[str] | None, typer.Option(help="A word that marks a totals row; may be given again.", metavar="WORD")]


def inspect(
    context: typer.Context,
    file: File,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    quote: Quote = None,
    escape: Escape = None,
    widths: Widths = None,
    path: RowsPath = None,
    sheet: Sheet = None,
    table: Table = None,
    header_row: HeaderRow = None,
    header_rows: HeaderRows = None,
    total_word: TotalWord = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """What a file is: every decision with its evidence, what its columns look like, and what became of each record.

    Nothing need be said about the file; what an option says is taken as given.

    Cells are shown by their shape only: letters as a and A, digits as 9.
    """
    with speaking(as_json=as_json, quiet=quiet) as console:
        from connectors.reading.account import account
        from connectors.reading.reading import read as read_file
        from connectors.reading.reading import sheets
        from flows.commands import sight

        source = _opened(file, console)
        reading, blocks = read_file(source, _hints(context.params))
        found = account(blocks, reading.header, source.place)
        seen = sight.Sight(file, source, reading, found, sheets(source))
        console.result(sight.lines(seen), sight.document(seen))


def read(
    context: typer.Context,
    file: File,
    output: Annotated[
        str,
        typer.Option("--output", "-o", callback=_rows_form, help=".csv, .parquet or .jsonl; - is CSV on standard output.", metavar="OUT"),
    ] = "-",
    ledger: Annotated[
        Path | None, typer.Option(callback=_ledger_form, help=".csv or .parquet: what became of each record, line by line.", metavar="OUT")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    quote: Quote = None,
    escape: Escape = None,
    widths: Widths = None,
    path: RowsPath = None,
    sheet: Sheet = None,
    table: Table = None,
    header_row: HeaderRow = None,
    header_rows: HeaderRows = None,
    total_word: TotalWord = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """A file's rows as a plain table, all text: CSV (UTF-8, comma), Parquet or JSON lines.

    Cells are written as they are, for machines: one that begins with = + - or @ may run as a formula where a spreadsheet opens the file.

    Records that are faulty, or no rows, are left out and counted; the ledger has them all.
    """
    if as_json and output == "-":
        raise typer.BadParameter("the rows go to standard output already; name a file with -o", param_hint="--json")
    with speaking(as_json=as_json, quiet=quiet) as console:
        from flows.commands import sight
        from flows.process import heed_signals

        heed_signals()
        source = _opened(file, console)
        out = None if output == "-" else Path(output)
        seen = _written(file, source, _hints(context.params), out, ledger, force=force)
        if as_json:
            console.result([], sight.written_document(seen, out, ledger))
        else:
            console.say("\n".join(sight.written_lines(seen, out, ledger)))


def _opened(file: Path, console: Console) -> Source:
    from connectors.reading.source import open_source
    from reports.words import size

    if file.is_file() and file.stat().st_size >= LARGE:
        console.say(f"  reading {file.name} ({size(file.stat().st_size)})")
    return open_source(file)


def _hints(given: Mapping[str, Any]) -> ReadingHints:
    """What was said on the command line."""
    from dataclasses import fields

    from connectors.reading.decision import ReadingHints

    said = {**given, "total_words": tuple(given["total_word"] or ())}
    return ReadingHints(**{field.name: said[field.name] for field in fields(ReadingHints) if said.get(field.name) is not None})


def _written(file: Path, source: Source, hints: ReadingHints, out: Path | None, ledger: Path | None, *, force: bool) -> Any:
    """Read, write, count; what was met."""
    from connectors.reading import output
    from connectors.reading.account import Tally
    from connectors.reading.reading import read as read_file
    from flows.commands.sight import Sight
    from flows.outlet import outlets

    with outlets([path for path in (out, ledger) if path], [file], force=force) as files, ExitStack() as stack:
        reading, blocks = read_file(source, hints)
        rows_file = files[0] if out else stack.enter_context(_standard_output())
        rows = stack.enter_context(output.rows(rows_file, out.suffix[1:] if out else output.CSV, reading))
        records = stack.enter_context(output.opened(files[-1], ledger.suffix[1:], output.LEDGER)) if ledger else None
        tally = Tally()
        for block in blocks:
            tally.add(block)
            rows(block.table)
            if records:
                records(output.ledger_of(block))
        account = tally.account(source.place)
    return Sight(file, source, reading, account)


@contextmanager
def _standard_output() -> Iterator[IO[bytes]]:
    """Standard output for bytes; on a terminal nothing that would steer it."""
    sys.stdout.flush()
    yield cast(IO[bytes], _Terminal()) if sys.stdout.isatty() else sys.stdout.buffer
    sys.stdout.flush()


class _Terminal(io.RawIOBase):
    """A terminal that takes bytes of UTF-8; control characters become spaces."""

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        sys.stdout.write(harmless(bytes(data).decode("utf-8", "replace")))
        return len(data)
