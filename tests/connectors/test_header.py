"""A row that holds the connector's headers is the header, whatever the rows around it look like."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.header import read_for
from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read
from connectors.reading.source import open_source
from contracts.errors import ColumnsError
from tests.connectors.taking import feed, take

SPEC = feed(columns={"customer_id": "Nr", "last_name": "Name", "city": "Ort", "segment": "Art"})
LIKE_ROWS = "Nr;Name;Ort;Art\n" + "K1;Name;Ulm;Art\n" * 3 + "K2;Jan;Bon;Alt\nK3;Eva;Hof;Neu\n"
BELOW_NAMES = "Stand;August;2026;neu\nNr;Name;Ort;Art\nK1;Ute;Ulm;Neu\nK2;Jan;Bonn;Alt\n"


@pytest.mark.parametrize(("text", "line"), [(LIKE_ROWS, 1), (BELOW_NAMES, 2)])
def test_the_reader_alone_takes_another_row(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    source = open_source(path)
    assert "Nr" not in read(source)[0].header
    reading, blocks = read_for(SPEC, source, ReadingHints(), 1000)
    assert reading.header == ("Nr", "Name", "Ort", "Art")
    assert reading.decisions["header_row"].value == line
    assert not reading.decisions["header_row"].given
    assert next(iter(blocks)).table.num_rows >= 2


def test_whole_intakes_of_such_files() -> None:
    taken = take({"a.csv": LIKE_ROWS, "b.csv": BELOW_NAMES.replace("K", "L")}, SPEC)
    assert sorted(taken.column("customer_id")) == ["K1", "K2", "K3", "L1", "L2"]
    assert taken.ledger["set_aside"] == {"duplicate": 2, "header": 2, "preamble": 1}


def test_a_line_that_the_connector_names_stays() -> None:
    spec = SPEC.model_copy(update={"reading": SPEC.reading.model_copy(update={"header_row": 1})})
    with pytest.raises(ColumnsError):
        take({"a.csv": BELOW_NAMES}, spec)


def test_a_file_of_another_feed_stays_one() -> None:
    with pytest.raises(ColumnsError, match="COLUMNS-WRONG-FEED"):
        take({"a.csv": "a;b;c;d\n1;2;3;4\nNr;x;y;z\n5;6;7;8\n"}, SPEC)
