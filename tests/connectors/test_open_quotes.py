"""A quote that is opened and never closed costs its own record, whatever quotes come behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read
from connectors.reading.source import open_source

HEAD = "id;name;street;city;pay\r\n"
PLAIN = "".join(f"{n};N{n};Weg {n};Ort;{n},50\r\n" for n in range(1, 30))
OPEN = '77;Ute;"Gasse 5;Ort;1,00\r\n'


def outcome(folder: Path, text: str) -> tuple[dict[str, list[str]], list[tuple[str, int]]]:
    """Accepted rows by id, and the others: reason and line."""
    path = folder / "f.csv"
    path.write_bytes(text.encode("cp1252"))
    rows: dict[str, list[str]] = {}
    aside: list[tuple[str, int]] = []
    for block in read(open_source(path), ReadingHints(), block_rows=1000)[1]:
        rows |= {str(row["id"]): [str(value) for value in row.values()] for row in block.table.to_pylist()}
        aside += [(row["reason"], row["line"]) for row in block.aside.to_pylist()]
    return rows, [one for one in aside if one[0] != "header"]


@pytest.mark.parametrize(
    "following",
    [
        '78;Jan;"Hof 2; Haus B";Ort;2,00\r\n',
        '78;Jan;"Hof 2\nHaus B";Ort;2,00\r\n',
        '78;Jan;"Hof 2";Ort;2,00\r\n',
        '78;"Jan";"Hof ""2""";Ort;2,00\r\n',
        '78;"Jan; K.";"Hof 2\nHaus B";Ort;2,00\r\n',
    ],
)
def test_open_quote_before_a_quoted_row(tmp_path: Path, following: str) -> None:
    rows, aside = outcome(tmp_path, HEAD + PLAIN + OPEN + following + "79;Eva;Weg 9;Ort;3,00\r\n")
    assert aside == [("unclosed_quote", 31)]
    assert "77" not in rows
    assert {"78", "79"} <= set(rows)
    assert rows["78"][2].startswith("Hof ")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('"Hof ""2""\nHaus B"', 'Hof "2"\nHaus B'),
        ('"""Hof""\n;""Haus"" B"', '"Hof"\n;"Haus" B'),
        ('"Hof; 5"" breit\nB"', 'Hof; 5" breit\nB'),
    ],
)
def test_doubled_quotes_in_a_cell_of_two_lines_open_nothing(tmp_path: Path, cell: str, value: str) -> None:
    rows, aside = outcome(tmp_path, HEAD + PLAIN + f"78;Jan;{cell};Ort;2,00\r\n79;Eva;5\" Weg;Ort;3,00\r\n")
    assert aside == []
    assert rows["78"][2] == value
    assert rows["79"][2] == '5" Weg'
