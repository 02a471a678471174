"""The 2,290 kinds of damage of the Pollock benchmark, done to any clean table.

The benchmark's own source table has 84 records of 9 columns, which makes 22 files with one damage each and 2,268 in which one record is
damaged. Weights say how often a damage was met in its survey of real files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tests.connectors.reading.pollock.damaged import LAYOUT, Damaged
from tests.connectors.reading.pollock.table import Cell, Row, Style, Table, text, written

ROW_WEIGHT = 0.36775106082036774
"""Of each file with one damaged record."""
CLEAN = Style()


def benchmark(clean: Table) -> Iterator[Damaged]:
    """All damages of a table; its cells hold no line ends.

    Examples
    --------
    >>> from tests.connectors.reading.pollock.table import table
    >>> files = list(benchmark(table([["id", "pay"], ["1", "2"], ["2", "4"]])))
    >>> len(files), sum(file.part == LAYOUT for file in files), files[-1].content
    (40, 13, b'id,pay\\r\\n1,2\\r\\n2 4\\r\\n')
    """
    yield from ends(clean)
    yield from layouts(clean)
    for row in range(len(clean.rows)):
        yield from records(clean, row)


def ends(clean: Table) -> Iterator[Damaged]:
    """Damages to the ends of a file, and files of few records."""
    rows, whole = clean.texts, text(clean.rows, CLEAN)
    yield _file("source", "none", whole, clean, 1)
    yield replace(_file("file_no_payload", "empty file", "", clean, 15), truth=())
    yield _file("file_no_trailing_newline", "no last line end", whole[:-2], clean, 184)
    yield _file("file_double_trailing_newline", "two last line ends", whole + "\r\n", clean, 5)
    yield replace(_file("file_no_header", "no header", text(clean.rows[1:], CLEAN), clean, 470), truth=rows[1:], headed=False)
    yield replace(_file("file_header_only", "header only", text(clean.rows[:1], CLEAN), clean, 3), truth=rows[:1])
    yield replace(_file("file_one_data_row", "one data row", text(clean.rows[:2], CLEAN), clean, 4), truth=rows[:2])
    yield _file("file_record_delimiter_0xD", "CR", text(clean.rows, Style(end="\r")), clean, 7)
    yield _file("file_record_delimiter_0xA", "LF", text(clean.rows, Style(end="\n")), clean, 1691)


def layouts(clean: Table) -> Iterator[Damaged]:
    """Damages to what a reader has to find out."""
    for name, delimiter, weight in (("0x9", "\t", 4), ("0x3B", ";", 834), ("0x2C_0x20", ", ", 101)):
        yield _layout(f"file_field_delimiter_{name}", "other delimiter", text(clean.rows, Style(delimiter)), clean, weight)
    blanks = "".join(" ".join(written(cell, CLEAN) for cell in row) + "\r\n" for row in clean.rows)  # blanks in cells are not quoted
    yield _layout("file_field_delimiter_0x20", "blanks for delimiters", blanks, clean, 4)
    for copies in (2, 3):
        names = tuple(" ".join([name] * copies) for name in clean.texts[0])
        top = [tuple(Cell(cell.text) for cell in clean.rows[0])] * (copies - 1)
        file = _layout(f"file_header_multirow_{copies}", "several header rows", text([*top, *clean.rows], CLEAN), clean, 47)
        yield replace(file, truth=(names, *clean.texts[1:]))
    empty = "," * (clean.width - 1) + "\r\n"
    yield _layout("file_preamble", "preamble", "PREAMBLE" + empty + empty + text(clean.rows, CLEAN), clean, 282)
    yield from stacks(clean)
    quoted = "".join(",".join(_other_quotes(cell) for cell in row) + "\r\n" for row in clean.rows)
    yield _layout("file_quotation_char_0x27", "other quote", quoted, clean, 11)
    yield _layout("file_escape_char_0x5C", "other escape", text(clean.rows, Style(escape="\\")), clean, 1)
    yield _layout("file_escape_char_0x00", "no escape", text(clean.rows, Style(escape="")), clean, 7)


def stacks(clean: Table) -> Iterator[Damaged]:
    """Two tables in a file, the second one column narrower, as wide, or one wider; the first is the truth.

    As in the benchmark, the second has one record less, and a cell with a quote in it is two cells there, which move the others.
    """
    second = [[piece for name in row for piece in re.split('(?=")', name)] for row in clean.texts[:-1]]
    wide = [[*row, row[-1] if number else "col1"] for number, row in enumerate(second)]
    for name, rows, width in (("less", second, -1), ("same", second, 0), ("more", wide, 1)):
        under = "".join(",".join(map(_piece, row[: clean.width + width])) + "\r\n" for row in rows)
        yield _layout(f"file_multitable_{name}", "stacked tables", text(clean.rows, CLEAN) + under, clean, 188 / 3)


def _piece(piece: str) -> str:
    """In quotes where there is a comma; a quote is doubled either way."""
    doubled = piece.replace('"', '""')
    return f'"{doubled}"' if "," in piece else doubled


def records(clean: Table, row: int) -> Iterator[Damaged]:
    """Damages to one record: a delimiter too few or too many, a quote too many, blanks for delimiters."""
    parts = [written(cell, CLEAN) for cell in clean.rows[row]]
    where = "header" if row == 0 else "row"
    for column in range(clean.width):
        if column:
            short = ",".join([*parts[: column - 1], parts[column - 1] + parts[column], *parts[column + 1 :]])
            yield _record(f"row_less_sep_row{row}_col{column}", f"short {where}", short, clean, row)
        long = ",".join([*parts[:column], "", *parts[column:]])
        yield _record(f"row_more_sep_row{row}_col{column}", f"long {where}", long, clean, row)
        cell = clean.rows[row][column]
        extra = '""' + parts[column][1:] if parts[column][:1] == '"' else '"' + parts[column]
        wrong = ",".join([*parts[:column], extra, *parts[column + 1 :]])
        truth = clean.but(row, column, '"' + cell.text)
        yield replace(_record(f"row_extra_quote{row}_col{column}", f"quote too many in a {where}", wrong, clean, row), truth=truth.texts)
    yield _record(f"row_field_delimiter_{row}_0x20", f"{where} with other delimiters", " ".join(parts), clean, row)


def _other_quotes(cell: Cell) -> str:
    """A cell between single quotes; what stands in it stays as it was, a doubled double quote too."""
    plain = written(cell, CLEAN)
    return f"'{plain[1:-1]}'" if plain[:1] == '"' else plain


def _file(name: str, kind: str, content: str, clean: Table, weight: float) -> Damaged:
    lines = len(content.splitlines())
    return Damaged(name, kind, content.encode(), clean.texts, weight, lines=lines)


def _layout(name: str, kind: str, content: str, clean: Table, weight: float) -> Damaged:
    return replace(_file(name, kind, content, clean, weight), part=LAYOUT)


def _record(name: str, kind: str, damaged: str, clean: Table, row: int) -> Damaged:
    rows: tuple[Row, ...] = clean.rows
    content = text(rows[:row], CLEAN) + damaged + "\r\n" + text(rows[row + 1 :], CLEAN)
    return _file(name, kind, content, clean, ROW_WEIGHT)
