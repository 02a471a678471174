"""Damages beyond the benchmark's, done to invented tables: held apart from it, so that the reader is not made for one set of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from random import Random

from tests.connectors.reading.pollock.damaged import LAYOUT, Damaged
from tests.connectors.reading.pollock.invented import Language, crosstab, invented, language
from tests.connectors.reading.pollock.table import Row, Style, Table, line, table, text

COMMA, SEMICOLON = Style(), Style(";", end="\n")
DELIMITERS = ("|", "::", "\t ", "^", "~", ";", "\t", ", ", "||", ";;")
Texts = Sequence[Sequence[str]]


def own(seed: int) -> Iterator[Damaged]:
    """All damages of the table of a seed.

    Examples
    --------
    >>> files = list(own(3))
    >>> len({file.name for file in files}) == len(files), files == list(own(3))
    (True, True)
    """
    clean, words, random = invented(seed), language(seed), Random(seed)
    style = random.choice((COMMA, SEMICOLON))
    for make in (dialects, headers, above, below, stacked, ends, shapes):
        for file in make(clean, style, words, random):
            yield replace(file, name=f"{seed} {words.code} {style.delimiter} {file.name}")
    for name, content, legacy in encoded(clean, style, words):
        yield Damaged(f"{seed} {words.code} {name}", "encoding", content, clean.texts, lines=legacy)


def dialects(clean: Table, style: Style, words: Language, random: Random) -> Iterator[Damaged]:
    """Delimiters, quotes and escapes."""
    for delimiter in DELIMITERS:
        yield _layout(f"delimiter {delimiter!r}", "delimiter", text(clean.rows, replace(style, delimiter=delimiter)), clean.texts)
    yield _layout("single quotes", "quote", text(clean.rows, replace(style, quote="'")), clean.texts)
    everywhere = tuple(tuple(replace(cell, quoted=True) for cell in row) for row in clean.rows)
    yield _layout("single quotes everywhere", "quote", text(everywhere, replace(style, quote="'")), clean.texts)
    yield _layout("double quotes everywhere", "quote", text(everywhere, style), clean.texts)
    yield _layout("backslash in quotes", "escape", text(everywhere, replace(style, escape="\\")), clean.texts)
    yield _layout("backslash without quotes", "escape", _bare(clean.texts, style), clean.texts)
    yield _layout("sep=", "preamble", f"sep={style.delimiter}{style.end}{text(clean.rows, style)}", clean.texts)


def headers(clean: Table, style: Style, words: Language, random: Random) -> Iterator[Damaged]:
    """Several header rows, and none."""
    names = list(clean.texts[0])
    rows: Texts = clean.texts[1:]
    starts = range(1, len(names), 2)
    groups = [""] * len(names)
    for start in starts:
        groups[start] = f"{words.names['amount']} {start}"
    held = [groups[place - 1] if place and not groups[place] else groups[place] for place in range(len(names))]
    inner = [names[0], *(("A", "B")[(place - 1) % 2] for place in range(1, len(names)))]
    grouped = [" ".join(f"{group} {name}".split()) for group, name in zip(held, inner, strict=True)]
    yield _texts("merged groups", "several header rows", [groups, inner, *rows], [grouped, *rows], style)
    units = ["(EUR)" if name in (words.names["amount"], words.names["share"]) else "" for name in names]
    if any(units):
        both = [f"{name} {unit}".strip() for name, unit in zip(names, units, strict=True)]
        yield _texts("units below", "several header rows", [names, units, *rows], [both, *rows], style)
    yield _texts("twice", "several header rows", [names, names, *rows], [[f"{name} {name}" for name in names], *rows], style)
    split = [name.partition(" ")[::2] for name in names]
    if any(last for _, last in split):
        yield _texts("names split", "several header rows", [[a for a, _ in split], [b for _, b in split], *rows], [names, *rows], style)
    yield replace(_texts("no header", "no header", rows, rows, style), headed=False)
    repeated = [row for number, row in enumerate(rows) for row in ([names, row] if number and number % 10 == 0 else [row])]
    yield _texts("header repeated", "header repeated", [names, *repeated], [names, *rows], style)
    years = crosstab(random.randrange(10**6)).texts
    yield _texts("header of years", "header of years", years, years, style)


def above(clean: Table, style: Style, words: Language, random: Random) -> Iterator[Damaged]:
    """Lines above the header."""
    title, body = f"{words.names['count']} 2024", text(clean.rows, style)
    facts = [f"{words.names[kind]}: {random.randint(1, 99)}" for kind in ("day", "person", "place", "code")]
    padding = style.delimiter * (clean.width - 1)
    pairs = [style.delimiter.join(fact.split(": ")) for fact in facts]
    for name, lines in (
        ("a line", [title]),
        ("a line and a blank", [title, ""]),
        ("five lines", [title, *facts]),
        ("five lines and a blank", [title, *facts, ""]),
        ("padded lines", [each + padding for each in (title, *facts)]),
        ("padded lines and a padded blank", [each + padding for each in (title, *facts, "")]),
        ("pairs", pairs),
        ("padded pairs and a blank", [*(pair + padding[len(style.delimiter) :] for pair in pairs), ""]),
        ("blanks", ["", "", ""]),
        ("padded blanks", [padding] * 3),
    ):
        yield _layout(f"preamble: {name}", "preamble", "".join(each + style.end for each in lines) + body, clean.texts)


def below(clean: Table, style: Style, words: Language, random: Random) -> Iterator[Damaged]:
    """Footnotes and totals."""
    body, padding = text(clean.rows, style), style.delimiter * (clean.width - 1)
    notes = [f"* {words.notes[0].split(',')[0]} {number}" for number in (1, 2, 3)]
    for name, lines in (
        ("a line", notes[:1]),
        ("a blank and a line", ["", notes[0]]),
        ("padded lines", [note + padding for note in notes]),
        ("padded blanks and lines", [padding, padding, *(note + padding for note in notes)]),
        ("padded blanks", [padding] * 20),
        ("blanks", [""] * 20),
    ):
        yield _file(f"footer: {name}", "footer", body + "".join(each + style.end for each in lines), clean.texts)
    counts = [place for place, name in enumerate(clean.texts[0]) if name == words.names["count"]]
    if counts:
        total = ["Total", *[""] * (clean.width - 1)]
        for place in counts:
            total[place] = str(sum(int(row[place]) for row in clean.texts[1:]))
        yield _texts("total", "total", [*clean.texts, total], clean.texts, style)
        yield _texts("total below a blank", "total", [*clean.texts, [""] * clean.width, total], clean.texts, style)


def stacked(clean: Table, style: Style, words: Language, random: Random) -> Iterator[Damaged]:
    """Several tables in a file, the largest being the truth."""
    body = text(clean.rows, style)
    small = text(crosstab(random.randrange(10**6)).rows[:5], style)
    blank, padding = style.end, style.delimiter * (clean.width - 1) + style.end
    title = f"{words.names['note']} 2{style.end}"
    for name, between in (
        ("at once", ""), ("a blank", blank), ("two blanks", blank * 2), ("a padded blank", padding), ("a blank and a title", blank + title)
    ):  # fmt: skip
        yield _layout(f"smaller below: {name}", "stacked tables", body + between + small, clean.texts)
    yield _layout("smaller above: a blank", "stacked tables", small + blank + body, clean.texts)
    yield _layout("smaller above: titles", "stacked tables", title + small + blank + title + body, clean.texts)
    again: Texts = (*clean.texts, *clean.texts[1:8])
    yield _layout("goes on under its header", "stacked tables", body + blank + text(clean.rows[:8], style), again)


def ends(clean: Table, style: Style, words: Language, random: Random) -> Iterator[Damaged]:
    """Record ends."""
    for name, end in (("CR", "\r"), ("LF", "\n"), ("CRLF", "\r\n")):
        yield _file(name, "record ends", text(clean.rows, replace(style, end=end)), clean.texts)
    mixed = "".join(line(row, style) + random.choice(("\n", "\r\n")) for row in clean.rows)
    yield _file("LF and CRLF", "record ends", mixed, clean.texts)
    yield _file(
        "LF, CRLF and CR", "record ends", "".join(line(row, style) + random.choice(("\n", "\r\n", "\r")) for row in clean.rows), clean.texts
    )
    yield _file("blank lines between", "blank lines", text(clean.rows, style).replace(style.end, style.end * 2), clean.texts)
    rows = [
        [f"{cell}\n{cell}" if place == 1 and number % 5 == 2 else cell for place, cell in enumerate(row)]
        for number, row in enumerate(clean.texts)
    ]
    yield replace(_texts("line ends in cells", "line ends in cells", rows, rows, style), lines=None)


def shapes(clean: Table, style: Style, words: Language, random: Random) -> Iterator[Damaged]:
    """Widths and lengths; a faulty record counts as the row that it was."""
    names, rows = list(clean.texts[0]), list(clean.texts[1:])
    at, place = random.randrange(2, len(rows)), random.randrange(1, clean.width)
    yield _texts("a short row", "ragged", [names, *_changed(rows, at, rows[at][:-1])], clean.texts, style)
    yield _texts("a long row", "ragged", [names, *_changed(rows, at, [*rows[at], "x"])], clean.texts, style)
    yield _texts("trailing delimiters below", "trailing delimiters", [names, *([*row, ""] for row in rows)], clean.texts, style)
    wider = [[*row, ""] for row in clean.texts]
    yield _texts("trailing delimiters", "trailing delimiters", wider, wider, style)
    hollow = [[*row[:place], "", *row[place:]] for row in clean.texts]
    yield _texts("a blank column", "blank column", hollow, hollow, style)
    ahead = [["", *row] for row in clean.texts]
    yield _texts("a blank first column", "blank column", ahead, ahead, style)
    nul = _changed(rows, at, [*rows[at][:-1], rows[at][-1] + "\0"])
    yield _texts("a NUL", "NUL", [names, *nul], [names, *nul], style)
    for count in (1, 2, 3):
        yield _texts(f"{count} rows", "few rows", clean.texts[: count + 1], clean.texts[: count + 1], style)
    wide = [
        [cell for copy in range(4) for cell in (f"{value} {copy}" if number == 0 else value for value in row)]
        for number, row in enumerate(clean.texts)
    ]
    yield _texts("four times as wide", "wide", wide, wide, style)
    single = [row[:1] for row in clean.texts]
    yield _texts("one column", "one column", single, single, style)


def encoded(clean: Table, style: Style, words: Language) -> Iterable[tuple[str, bytes, int]]:
    """Other encodings: name, content, records."""
    body, count = text(clean.rows, style), len(clean.rows)
    for name in ("utf-8", "utf-8-sig", "utf-16", words.legacy):
        yield name, body.encode(name), count
    for name, mark in (("utf-16-le", ""), ("utf-16-be", "\ufeff"), ("utf-16-be", "")):
        yield f"{name} {'with' if mark else 'without'} a mark", (mark + body).encode(name), count


def _bare(rows: Texts, style: Style) -> str:
    """No quotes: a delimiter or quote in a cell stands after a backslash."""
    marks = {ord(mark): f"\\{mark}" for mark in (style.delimiter, "\\")}
    return "".join(style.delimiter.join(cell.translate(marks) for cell in row) + style.end for row in rows)


def _changed(rows: Texts, at: int, row: Sequence[str]) -> Texts:
    return [*rows[:at], row, *rows[at + 1 :]]


def _texts(name: str, kind: str, rows: Texts, truth: Texts, style: Style) -> Damaged:
    """A file of these rows, which may be ragged."""
    make = _layout if kind == "several header rows" else _file
    cells: list[Row] = [table([row]).rows[0] for row in rows]
    return make(name, kind, text(cells, style), truth)


def _file(name: str, kind: str, content: str, truth: Texts) -> Damaged:
    lines = len(content.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n"))
    return Damaged(name, kind, content.encode(), truth, lines=lines)


def _layout(name: str, kind: str, content: str, truth: Texts) -> Damaged:
    return replace(_file(name, kind, content, truth), part=LAYOUT)
