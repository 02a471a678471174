"""JSON: arrays, lines and lists within objects; every value as the file writes it, every record in one place."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.reading import json_document, json_stream
from connectors.reading.block import BLANK, BOOLEAN, NUMBER, TEXT
from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read
from contracts.errors import SourceError
from tests.connectors.reading.conftest import Taker, Writer, attempt

QUICK = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)


def refused(call: Any) -> SourceError:
    with pytest.raises(SourceError) as caught:
        call()
    assert caught.value.hint
    return caught.value


@pytest.fixture(autouse=True)
def nothing_spooled() -> None:
    json_document._spooled.cache_clear()


@pytest.mark.parametrize(
    ("content", "shape", "lines"),
    [
        ('[{"id":"1"},\n {"id":"2"}]', "array", [1, 2]),
        ('\n{"id":"1"}\n{"id":"2"}\n', "lines", [2, 3]),
        ('{"id":"1"} {"id":"2"}', "sequence", [1, 1]),
        ('{\n"id":"1"\n}\n{\n"id":"2"\n}\n', "sequence", [1, 4]),
        ('{"at": "x", "data": {\n"rows": [{"id":"1"},{"id":"2"}]}}', "document", [2, 2]),
        ('{"id":"1"}', "document", [1]),
        ('{"id":"1"}\r{"id":"2"}\r', "lines", [1, 2]),
    ],
)
def test_rows_are_found_in_every_shape(take: Taker, content: str, shape: str, lines: list[int]) -> None:
    taken = take(content)
    assert taken.reading.kind == "json"
    assert taken.reading.decisions["shape"].value == shape
    assert [row["id"] for row in taken.rows] == ["1", "2"][: len(lines)]
    assert taken.line == lines


def test_the_longest_list_of_objects_is_read_and_the_path_says_which(take: Taker) -> None:
    content = '{"links":[{"rel":"self"}],"data":{"people":[{"id":"1"},{"id":"2"}]},"codes":[1,2,3]}'
    assert take(content).reading.decisions["path"].value == "data.people"
    assert take(content, ReadingHints(path="links")).rows == [{"rel": "self"}]
    missing = refused(lambda: take(content, ReadingHints(path="data.persons")))
    assert missing.code == "PATH-MISSING"
    assert "list 'data.people'" in missing.details


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(take: Taker, encoding: str) -> None:
    content = json.dumps([{"name": "Käthe Müller, Köln", "n": i} for i in range(5)], ensure_ascii=False)
    assert [row["name"] for row in take(content.encode(encoding)).rows] == ["Käthe Müller, Köln"] * 5


def test_cp1252_and_gzip(take: Taker) -> None:
    assert take(gzip.compress('[{"name":"Käthe €"}]'.encode("cp1252"))).rows == [{"name": "Käthe €"}]


def test_bytes_that_are_no_text_set_one_record_aside(take: Taker) -> None:
    taken = take(b'{"a":"\xc3\xa4"}\n{"a":"\xff"}\n{"a":"x"}\n', ReadingHints(encoding="utf-8"))
    assert [row["a"] for row in taken.rows] == ["ä", "x"]
    assert taken.aside == [(2, 2, "undecodable", '{"a":"\\xff"}')]


def test_objects_become_dotted_columns_and_lists_stay_text(take: Taker) -> None:
    taken = take('[{"id":1,"at":{"zip":"00123","geo":{"x":1.50}},"tags":["a",2.0],"none":{}},{"id":2,"at":null,"tags":[]}]')
    assert taken.reading.header == ("id", "at.zip", "at.geo.x", "tags")
    assert taken.rows[0] == {"id": "1", "at.zip": "00123", "at.geo.x": "1.50", "tags": '["a",2.0]'}
    assert taken.rows[1] == {"id": "2", "at.zip": None, "at.geo.x": None, "tags": "[]"}


def test_a_list_of_objects_is_named_and_can_be_rows(take: Taker) -> None:
    content = '[{"id":1,"lines":[{"sku":"a","n":1},{"sku":"b","n":2}]},{"id":2,"lines":[]},{"id":3}]'
    plain = take(content)
    assert [row["lines"] for row in plain.rows] == ['[{"sku":"a","n":1},{"sku":"b","n":2}]', "[]", None]
    assert "reading.path" in plain.reading.decisions["lists"].evidence
    rows = take(content, ReadingHints(path="lines")).rows
    assert [(row["id"], row["lines.sku"], row["lines.n"]) for row in rows] == [
        ("1", "a", "1"),
        ("1", "b", "2"),
        ("2", None, None),
        ("3", None, None),
    ]
    assert refused(lambda: take(content, ReadingHints(path="line"))).code == "PATH-MISSING"


def test_columns_that_come_late_are_columns(take: Taker) -> None:
    taken = take("".join(json.dumps({"id": i} | ({"late": "x"} if i == 9 else {})) + "\n" for i in range(10)), block_rows=3)
    assert taken.reading.header == ("id", "late")
    assert [row["late"] for row in taken.rows] == [None] * 9 + ["x"]
    assert [len(block.record) for block in taken.blocks] == [3, 3, 3, 1]


def test_values_keep_their_text_and_kind(take: Taker) -> None:
    digits = "9" * 5000
    taken = take('[{"a":"00123","b":00},{"a":"1"}]'.replace("00}", digits + "}") + "\n")
    assert [row["a"] for row in taken.rows] == ["00123", "1"]
    assert taken.rows[0]["b"] == digits
    taken = take('{"t":"7","n":-0.10E+5,"f":false,"z":null,"e":"","x":NaN,"y":-Infinity}\n{"t":1}\n')
    assert taken.rows[0] == {"t": "7", "n": "-0.10E+5", "f": "false", "z": None, "e": "", "x": "NaN", "y": "-Infinity"}
    kinds = taken.blocks[0].kinds
    assert kinds is not None
    expected = {"t": [TEXT, NUMBER], "n": [NUMBER, BLANK], "f": [BOOLEAN, BLANK], "z": [BLANK] * 2, "x": [TEXT, BLANK], "y": [TEXT, BLANK]}
    assert {name: kinds[name].tolist() for name in expected} == expected


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id":1,"id":2}', "ragged"), ('{"a":{"b":1},"a.b":2}', "ragged"), ('{"id":1}x', "ragged"), ('{"id":007}', "ragged"),
        ('{"id":"1', "unclosed_quote"), ("[1,2]", "ragged"), ("7", "ragged"), ('{"id":"\\ud800"}', "undecodable"), ("", "blank"),
        ("{}", "blank"),
        ('{"id":' * 100_000 + "1" + "}" * 100_000, "ragged"), ('{"id":null}', "blank"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_row_is_set_aside_alone(take: Taker, line: str, reason: str) -> None:
    taken = take(f'{{"id":"a"}}\n{line}\n{{"id":"b"}}\n{{"id":"c"}}\n')
    assert [row["id"] for row in taken.rows] == ["a", "b", "c"]
    assert [(record, at, why) for record, at, why, _ in taken.aside] == [(2, 2, reason)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('[{"id":1},{"id":2}', "SOURCE-TRUNCATED"), ('[{"id":1},{"id":2}] x', "SOURCE-TRUNCATED"),
        ('[{"id":1} {"id":2}]', "SOURCE-TRUNCATED"),
        ('[{"id":1},]', "SOURCE-TRUNCATED"), ('{"data":[{"id":1}]', "SOURCE-TRUNCATED"), ('{"data":[{"id":1}]}}', "SOURCE-TRUNCATED"),
        ("[" * 100_000 + "]" * 100_000, "SOURCE-TOO-LARGE"), ('[{"a":' * 100_000, "SOURCE-TOO-LARGE"),
        ('{"a":' * 100_000, "SOURCE-TOO-LARGE"),
        ("[]", "SOURCE-EMPTY"), ('["a","b"]', "SOURCE-KIND"), ("[[[1]],[[2]]]", "SOURCE-KIND"), ('[{"id":"x', "SOURCE-TRUNCATED"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(take: Taker, content: str, code: str) -> None:
    started = time.process_time()
    assert refused(lambda: take(content)).code == code
    assert time.process_time() - started < 1


def test_a_cut_anywhere_is_never_a_table_of_an_array(write: Writer) -> None:
    content = json.dumps({"n": 2, "rows": [{"id": "00123", "pay": 1.5, "at": {"zip": "1"}}, {"id": "ä"}]}, indent=1).encode()
    assert len(read(write(content))[1].__next__().record) == 2
    for stop in range(2, len(content) - 1):
        path = write(content[:stop])
        found = attempt(lambda path=path: read(path))  # type: ignore[misc]
        if isinstance(found, SourceError):
            assert found.code in ("SOURCE-TRUNCATED", "SOURCE-EMPTY", "SOURCE-KIND")
        else:
            assert found.reading.kind == "delimited"
            assert stop < 5


def test_one_value_beyond_all_measure_is_refused(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LONGEST", 1 << 12)
    assert refused(lambda: take('[{"a":"' + "x" * (8 << 20) + '"}]')).code == "SOURCE-TOO-LARGE"
    assert refused(lambda: take('{"a":"1"}\n{"a":"' + "x" * (8 << 20) + '"}\n{"a":"3"}\n')).code == "SOURCE-TOO-LARGE"


def test_more_columns_than_a_table_has_and_far_too_few_cells_are_refused(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    content = "".join(f'{{"c{i}":1}}\n' for i in range(2000))
    assert len(take(content).reading.header) == 2000
    monkeypatch.setattr(json_document, "CELLS", 1 << 20)
    json_document._spooled.cache_clear()
    assert refused(lambda: take(content)).code == "SOURCE-TOO-LARGE"
    monkeypatch.setattr(json_document, "WIDEST", 1000)
    assert refused(lambda: take(content)).code == "SOURCE-TOO-LARGE"


def test_an_outer_cell_repeated_far_beyond_the_file_is_refused(take: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_document, "FREE", 1 << 20)
    content = json.dumps([{"text": "x" * 10_000, "lines": list(range(20_000))}])
    assert refused(lambda: take(content, ReadingHints(path="lines"))).code == "SOURCE-TOO-LARGE"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
KEYS = st.sampled_from(["id", "name", "at", "pay", "ä", "a b", "tags", 'q"', ""])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXTS)
VALUES = st.recursive(SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)))
OBJECTS = st.dictionaries(KEYS, VALUES)


def flat(value: dict[str, Any], before: str = "") -> dict[str, str | None]:
    """The cells of an object, by Python's own reading of it."""
    cells: dict[str, str | None] = {}
    for key, cell in value.items():
        if isinstance(cell, dict):
            cells |= flat(cell, f"{before}{key}.")
        elif cell is not None:
            cells[before + key] = cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False, separators=(",", ":"))
    return cells


def filled(cells: Iterable[str | None]) -> list[str]:
    return sorted(cell for cell in cells if cell is not None)


@QUICK
@given(st.lists(OBJECTS, min_size=2, max_size=12), st.sampled_from(["array", "lines", "indented"]), st.integers(1, 6))
def test_what_is_written_is_read(write: Writer, rows: list[dict[str, Any]], form: str, block_rows: int) -> None:
    rows = [{"id": "x"}, {"id": "y"}, *rows]
    text = "\n".join(json.dumps(row) for row in rows) if form == "lines" else json.dumps(rows, indent=2 if form == "indented" else None)
    taken = attempt(lambda: read(write(text), block_rows=block_rows))
    assert not isinstance(taken, SourceError)
    assert taken.records == list(range(1, len(rows) + 1))
    got = {record: row for b in taken.blocks for record, row in zip(b.record.tolist(), b.table.to_pylist(), strict=True)}
    for number, row in enumerate(rows, 1):
        expected = flat(row)
        if number in got:
            assert filled(got[number].values()) == filled(expected.values())
        else:
            assert all(not (cell or "").strip() for cell in expected.values())


@QUICK
@given(
    st.lists(
        st.sampled_from(['{"id":"1"}', '{"id":', "{}", "[", "]", "7", '"', "\n", "\n", "\r\n", " ", "\x00", "ä", '{"b":{"c":2}}']),
        max_size=30,
    )
)
def test_every_record_is_a_row_or_set_aside(write: Writer, pieces: list[str]) -> None:
    taken = attempt(lambda: read(write('{"id":"0"}\n{"id":"9"}\n' + "".join(pieces))))
    if isinstance(taken, SourceError):
        assert taken.code in ("SOURCE-TRUNCATED", "SOURCE-KIND", "SOURCE-EMPTY")
        return
    assert taken.records == list(range(1, len(taken.records) + 1))
    assert len(taken.records) == len(taken.rows) + len(taken.aside)


def test_millions_of_lines_take_no_more_memory_than_thousands(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    with path.open("w") as file:
        for i in range(200_000):
            file.write(f'{{"id":"{i:08}","name":"Ute {i}","pay":{i}.50,"at":{{"zip":"{i % 99999:05}"}},"a":1,"b":null,"c":true}}\n')
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom connectors.reading.reading import read\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "rows = sum(b.table.num_rows for b in read(Path(sys.argv[1]), block_rows=50_000)[1])\n"
        "print(rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    rows, grown = map(int, done.stdout.split())
    assert rows == 200_000
    assert grown < 250


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("csvkit-examples/testjson.json", 5, 7), ("csvkit-examples/testjson_nested.json", 2, 7),
        ("flight-summary-json/2015-summary.json", 256, 3), ("platform-exports/invoicing-api/get-customers-v2.json", 9, 9),
    ],
)  # fmt: skip
def test_real_files(take: Taker, shared: Path, name: str, rows: int, columns: int) -> None:
    taken = take(shared / "data" / name)
    assert (len(taken.rows), len(taken.reading.header), taken.aside) == (rows, columns, [])


def test_an_archive_of_several_tables_is_refused_with_their_names(take: Taker) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("kunden.json", '[{"id":"1"}]')
        archive.writestr("bestellungen.json", '[{"id":"2"}]')
    error = refused(lambda: take(out.getvalue(), name="a.zip"))
    assert (error.code, error.details) == ("SOURCE-KIND", ("file 'kunden.json'", "file 'bestellungen.json'"))


def test_an_archive_of_one_table_is_opened(take: Taker) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("kunden.json", '[{"id":"1"},{"id":"2"}]')
    assert [row["id"] for row in take(out.getvalue(), name="a.zip").rows] == ["1", "2"]


def test_an_object_of_too_many_keys_is_refused(take: Taker) -> None:
    content = "{" + ",".join(f'"k{i}":1' for i in range(100_000)) + "}"
    assert refused(lambda: take(content)).code == "SOURCE-TOO-LARGE"
