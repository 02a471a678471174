"""`millrace inspect` and `millrace read` on any file: what they say, what they write, and that records add up."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import resource
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.reading.decision import ReadingHints
from connectors.reading.reading import read as read_file
from tests.flows.conftest import ROOT
from tests.flows.delivering import environment, here, millrace

MESSY = (
    "Kundenliste\n\nNr;Name;Mail;PLZ\n"
    "001;Käthe Quirinusla;kaethe@example.org;01067\n002;Ute;;80331\n003;Max;x;99999;zu viel\n"
    "Nr;Name;Mail;PLZ\n004;'=1+1';-;1067\n\nSumme;;;3\n"
)
VALUES = ("Quirinusla", "kaethe@", "01067", "80331", "zu viel")


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "messy.csv"
    path.write_bytes(MESSY.encode("cp1252"))
    return path


def inspected(path: Path, *words: str | Path) -> dict[str, Any]:
    """The document of `inspect`."""
    done = here("inspect", path, *words, "--json", home=path.parent / "home")
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_inspect_tells_what_a_file_is_without_a_value_of_it(messy: Path) -> None:
    found = inspected(messy)
    assert (found["kind"], found["size"], found["sheet"], found["sheets"]) == ("delimited", len(MESSY.encode("cp1252")), None, [])
    assert found["header"] == ["Nr", "Name", "Mail", "PLZ"]
    assert found["records"] == {
        "all": 10, "rows": 3, "quarantined": {"ragged": 1},
        "set_aside": {"preamble": 1, "blank": 2, "header": 1, "repeated_header": 1, "total": 1},
    }  # fmt: skip
    assert found["first_lines"]["ragged"] == [6]
    assert found["first_lines"]["blank"] == [2, 9]
    assert found["decisions"]["delimiter"]["value"] == ";"
    assert found["columns"][3] == {
        "name": "PLZ", "filled": 1.0, "distinct": 3, "distinct_exact": True,
        "shapes": [{"shape": "99999", "rows": 2}, {"shape": "9999", "rows": 1}],
    }  # fmt: skip
    assert found["columns"][2]["filled"] == pytest.approx(2 / 3, abs=1e-5)
    for words in ((), ("--json",)):
        said = here("inspect", messy, *words, home=messy.parent / "home").output
        assert not [value for value in VALUES if value in said]
    assert not (messy.parent / "home").exists()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_inspect_fits_the_terminal_and_points_to_what_is_doubtful(messy: Path, width: int) -> None:
    done = here("inspect", messy, home=messy.parent / "home", settings={"COLUMNS": str(width)})
    lines = done.stdout.splitlines()
    assert max(len(line) for line in lines if not line.startswith("    millrace read ")) <= width
    assert any(line.startswith("  10 = 3 rows + 1 quarantined + 6 set aside") for line in lines)
    doubtful = {name for name, one in inspected(messy)["decisions"].items() if one["confidence"] < 0.7}
    assert {line[2:].split("  ")[0].replace(" ", "_") for line in lines if line.startswith("? ")} == doubtful
    told = inspected(messy, "--encoding", "cp1252", "--header-row", "3")
    assert told["decisions"]["header_row"] == {"value": 3, "evidence": "given by the connector", "confidence": 1.0, "given": True}


def test_a_doubtful_decision_names_the_option_that_settles_it(tmp_path: Path) -> None:
    path = tmp_path / "one column.txt"
    path.write_text("Ute\nMax\nJo\n", encoding="utf-8")
    doubts = [name for name, one in inspected(path)["decisions"].items() if one["confidence"] < 0.7]
    said = here("inspect", path, home=tmp_path / "home").stdout
    assert "delimiter" in doubts
    assert "delimiter is doubtful: look at the file; --delimiter SIGNS says it" in said
    assert "millrace read" in said
    assert "one column.txt' -o rows.csv" in said


def test_a_row_taken_for_a_header_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Quirinusla7712345,ute@example.org\n4477123,max@example.org\n4477124,jo@example.org\n", encoding="utf-8")
    for words in ((), ("--json",)):
        said = here("inspect", path, "--header-row", "1", *words, home=tmp_path / "home").output
        assert "(shaped Aaa999)" in said
        assert "(shaped aa@aa.aa)" in said
        assert "7712345" not in said


def test_hints_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Saldo\t1\nNr\tName\n1\t'a\tb'\n2\tJo\n".encode("utf-16"))
    words = ("--encoding", "UTF-16", "--delimiter", "tab", "--quote", "'", "--header-row", "2", "--total-word", "Saldo")
    done = here("read", path, *words, home=tmp_path / "home")
    assert done.stdout == "Nr,Name\n1,a\tb\n2,Jo\n"
    bare = here("read", path, "--delimiter", "\\t", "--quote", "", "--header-row", "0", "-q", home=tmp_path / "home")
    assert bare.stdout.splitlines()[0] == "Saldo,1"  # no header in the file, none in the output
    assert bare.stderr == ""


WRONG: list[tuple[str, ...]] = [
    ("--quote", "''"), ("--escape", "ab"), ("--delimiter", ""), ("--encoding", "utf-81"), ("--widths", "1,x"), ("--widths", "3,0"),
    ("--header-row", "-1"), ("--table", "0"), ("-o", "rows.txt"), ("-o", "rows"), ("--ledger", "ledger.jsonl"), ("--json",),
]  # fmt: skip


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_usage_is_told_before_anything_is_read(words: tuple[str, ...], messy: Path) -> None:
    done = here("read", messy, *words, home=messy.parent / "home")
    assert done.exit_code == 2
    assert done.stdout == ""


def test_sheets_are_listed_and_hidden_ones_marked(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Kunden"
    for row in (["id", "name"], ["001", "Ute"], ["002", "Max"]):
        book.active.append(row)
    book.create_sheet("Notizen").sheet_state = "hidden"
    book["Notizen"].append(["geheim"])
    path = tmp_path / "a.xlsx"
    book.save(path)
    found = inspected(path)
    assert found["kind"] == "workbook"
    assert found["sheet"] == "Kunden"
    assert [(sheet["name"], sheet["hidden"]) for sheet in found["sheets"]] == [("Kunden", False), ("Notizen", True)]
    said = here("inspect", path, home=tmp_path / "home").stdout
    assert "(hidden)" in said
    assert "(read)" in said
    assert here("read", path, "--sheet", "Kunden", home=tmp_path / "home").stdout == "id,name\n001,Ute\n002,Max\n"
    missing = here("read", path, "--sheet", "Kundn", home=tmp_path / "home")
    assert (missing.exit_code, missing.stderr.split(":")[0]) == (1, "SHEET-MISSING")


ROWS = [["Nr", "Name", "Mail", "PLZ"], ["001", "Käthe Quirinusla", "kaethe@example.org", "01067"], ["002", "Ute", "", "80331"]]
ROWS += [["004", "'=1+1'", "-", "1067"]]


def test_each_form_has_the_rows_and_the_ledger_every_record(messy: Path) -> None:
    folder, home = messy.parent, messy.parent / "home"
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        done = here("read", messy, "-o", folder / name, "--ledger", folder / f"{name}.ledger.parquet", "--json", home=home)
        assert (done.exit_code, done.stderr) == (0, "")
        assert json.loads(done.stdout)["records"]["rows"] == 3
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert (folder / "a.csv").read_bytes() == "".join(",".join(row) + "\n" for row in ROWS).encode()
    objects = [json.loads(line) for line in (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [list(one) for one in objects] == [ROWS[0]] * 3
    assert [[value or "" for value in one.values()] for one in objects] == ROWS[1:]
    assert pq.read_table(folder / "a.parquet").to_pylist() == objects
    kept = pq.read_table(folder / "a.csv.ledger.parquet").to_pydict()
    assert kept["record"] == list(range(1, 11))
    assert kept["state"].count("row") == 3
    assert kept["raw"][5] == "003;Max;x;99999;zu viel"
    assert sorted(path.name for path in folder.iterdir() if path.name.startswith(".")) == []


def test_nothing_that_is_there_is_overwritten(messy: Path) -> None:
    folder, home = messy.parent, messy.parent / "home"
    out = folder / "out.csv"
    out.write_text("mine", encoding="utf-8")
    refused = here("read", messy, "-o", out, home=home)
    assert (refused.exit_code, refused.stderr.split(":")[0], out.read_text(encoding="utf-8")) == (1, "OUTPUT-EXISTS", "mine")
    assert here("read", messy, "-o", out, "--force", home=home).exit_code == 0
    assert out.read_bytes().startswith(b"Nr,Name")
    itself = here("read", messy, "-o", messy, "--force", home=home)
    assert (itself.exit_code, itself.stderr.split(":")[0], messy.read_bytes()) == (1, "OUTPUT-TWICE", MESSY.encode("cp1252"))
    both = here("read", messy, "-o", folder / "x.csv", "--ledger", folder / "x.csv", home=home)
    assert (both.exit_code, both.stderr.split(":")[0]) == (1, "OUTPUT-TWICE")
    nowhere = here("read", messy, "-o", folder / "not" / "there.csv", home=home)
    assert (nowhere.exit_code, nowhere.stderr.split(":")[0]) == (1, "OUTPUT-FOLDER")
    (folder / "folder.csv").mkdir()
    assert here("read", messy, "-o", folder / "folder.csv", "--force", home=home).stderr.startswith("OUTPUT-EXISTS")
    assert not (folder / "x.csv").exists()


def test_a_file_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"")
    done = here("read", path, "-o", tmp_path / "b.csv", home=tmp_path / "home")
    assert (done.exit_code, done.stderr.split(":")[0]) == (1, "SOURCE-EMPTY")
    missing = here("inspect", tmp_path / "none.csv", "--json", home=tmp_path / "home")
    assert json.loads(missing.stdout)["error"]["code"] == "SOURCE-MISSING"
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_full_disk_leaves_nothing(form: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,name\n" + "".join(f"{n},{n * 7919 % 1_000_003}\n" for n in range(60_000)), encoding="utf-8")

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = millrace("read", path, "-o", tmp_path / f"b.{form}", home=tmp_path / "home", preexec_fn=small)
    assert (done.returncode, done.stderr.splitlines()[0].split(":")[0]) == (1, "DISK-FULL")
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_reader_that_stops_listening_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,name\n" + "1,Ute\n" * 200_000, encoding="utf-8")
    command = f"{sys.executable} -m flows.cli read {path} | head -2"
    done = subprocess.run(command, shell=True, env=environment(tmp_path / "home"), cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "id,name\n1,Ute\n"
    assert "Traceback" not in done.stderr
    assert "INTERNAL" not in done.stderr


def test_a_cell_cannot_steer_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,name\n1,\x1b[31mUte\n" + "2,Max\n" * 100, encoding="utf-8")
    ours, theirs = pty.openpty()
    variables = environment(tmp_path / "home")
    with subprocess.Popen([sys.executable, "-m", "flows.cli", "read", str(path), "-q"], env=variables, stdout=theirs, cwd=ROOT) as process:
        os.close(theirs)
        written = b""
        try:
            while data := os.read(ours, 65_536):
                written += data
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    assert process.returncode == 0
    assert b"Ute" in written
    assert b"\x1b" not in written


CELL = st.text(st.sampled_from("aZ9 ,;\"'\n\r\t=é€"), max_size=6)
TABLES = st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=12))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TABLES, st.data())
def test_records_add_up_and_the_output_reads_back_the_same(tmp_path: Path, rows: list[list[str]], data: st.DataObject) -> None:
    """Told how the file is written, we read what we wrote, and so does Python's own reader."""
    names = [f"name {j}" for j in range(len(rows[0]))]
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows([names, *rows])
    for _ in range(data.draw(st.integers(0, 2))):
        content.write(data.draw(st.sampled_from(["\n", "short\n", ",".join(names) + "\n", "1,2,3,4,5,6\n"])))
    path, out = tmp_path / "a.csv", tmp_path / "b.csv"
    path.write_bytes(content.getvalue().encode())
    told = ("--encoding", "utf-8", "--delimiter", ",", "--quote", '"', "--escape", "", "--header-row", "1")
    done = here("read", path, "-o", out, "--ledger", tmp_path / "l.parquet", "--force", "--json", *told, home=tmp_path / "home")
    assert done.exit_code == 0, done.output
    records = json.loads(done.stdout)["records"]
    assert records["all"] == records["rows"] + sum(records["quarantined"].values()) + sum(records["set_aside"].values())
    ledger = pq.read_table(tmp_path / "l.parquet").column("state").to_pylist()
    assert (len(ledger), ledger.count("row")) == (records["all"], records["rows"])
    text = out.read_bytes().decode()
    plain = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    _, blocks = read_file(path, ReadingHints(encoding="utf-8", delimiter=",", quote='"', escape="", header_row=1))
    first = [[cell or "" for cell in row.values()] for block in blocks for row in block.table.to_pylist()]
    assert plain == [names, *first]


@pytest.mark.parametrize("name", ["telco-churn", "bank-marketing", "superstore", "kpmg-sprocket", "us-500"])
def test_real_files(name: str, shared: Path, tmp_path: Path) -> None:
    paths = [path for path in sorted((shared / "data" / name).rglob("*")) if path.suffix in (".csv", ".xlsx", ".xls")]
    assert paths
    for path in paths[:2]:
        found = json.loads(here("inspect", path, "--json", home=tmp_path / "home").stdout)
        records = found["records"]
        assert records["all"] == records["rows"] + sum(records["quarantined"].values()) + sum(records["set_aside"].values())
        done = here("read", path, "-o", tmp_path / "out.csv", "--force", home=tmp_path / "home")
        assert done.exit_code == 0, done.output
        with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, strict=True))
        assert len(rows) == records["rows"] + bool(found["decisions"]["header_row"]["value"])
        again = inspected(tmp_path / "out.csv")
        assert (again["records"]["rows"], again["header"]) == (records["rows"], found["header"])
        columns = [(one["name"], one["filled"], one["distinct"]) for one in again["columns"]]
        assert columns == [(one["name"], one["filled"], one["distinct"]) for one in found["columns"]]
