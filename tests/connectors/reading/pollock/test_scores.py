"""The scorer, the damages, and the reader on a sample of them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.reading.pollock.benchmark import benchmark
from tests.connectors.reading.pollock.copying import copy
from tests.connectors.reading.pollock.damaged import Damaged
from tests.connectors.reading.pollock.figures import layout, scored, simple, weighted
from tests.connectors.reading.pollock.invented import invented
from tests.connectors.reading.pollock.loading import Loaded, load
from tests.connectors.reading.pollock.own import own
from tests.connectors.reading.pollock.places import SHARED, SOURCE
from tests.connectors.reading.pollock.score import score
from tests.connectors.reading.pollock.table import Style, Table, parsed, table, text

ROWS = [["id", "name"], ["1", "Ute"], ["2", "Max"], ["3", "Jo"]]


# The scorer


def test_a_table_read_as_it_is_scores_ten() -> None:
    assert score(ROWS, ROWS).total == 10


def test_the_order_of_records_does_not_count() -> None:
    assert score(ROWS, [ROWS[0], *ROWS[:0:-1]]).total == 10


def test_precision_is_of_the_truth_and_recall_of_what_was_read() -> None:
    got = score(ROWS, ROWS[:-1])
    assert got.records == pytest.approx((2 / 3, 1, 0.8))
    assert got.cells == pytest.approx((6 / 8, 1, 6 / 7))
    assert got.header == (1, 1, 1)


def test_records_compare_numbers_by_value_and_cells_by_text() -> None:
    got = score([["pay"], ["2.50"]], [["PAY"], ["2.5"]])
    assert (got.header, got.records, got.cells) == ((1, 1, 1), (1, 1, 1), (0, 0, 0))


def test_a_repeated_record_counts_once_for_each_time_it_is_there() -> None:
    assert score([["a"], ["1"], ["1"]], [["a"], ["1"]]).records[0] == 0.5


# The damages


@pytest.mark.shared
def test_the_benchmarks_own_files_come_out_of_its_table() -> None:
    """Their line ends were made LF when they were published here; else each is equal to one of the damages."""
    made = {file.content.replace(b"\r\n", b"\n") for file in benchmark(source())}
    files = sorted((SHARED / SOURCE).parent.iterdir())
    assert len(files) == 18
    assert [file.name for file in files if file.read_bytes().replace(b"\r\n", b"\n") not in made] == []


@pytest.mark.shared
def test_there_are_2290_of_the_weight_of_its_survey() -> None:
    files = list(benchmark(source()))
    assert (len(files), len({file.name for file in files})) == (2290, 2290)
    assert sum(file.weight for file in files) == pytest.approx(4740.06, abs=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_a_clean_table_is_written_and_parsed_again(seed: int) -> None:
    clean = invented(seed)
    content = text(clean.rows, Style())
    assert parsed(content).texts == clean.texts
    assert tuple(map(tuple, csv.reader(io.StringIO(content, newline="")))) == clean.texts


@pytest.mark.parametrize("seed", range(4))
def test_a_copy_of_a_file_without_damage_scores_ten(seed: int) -> None:
    assert scored([next(benchmark(invented(seed)))], copy)[0].score.total == 10


# The reader


def sample() -> list[Any]:
    """Every damage of small tables."""
    files = list(benchmark(table([row[:4] for row in invented(0).texts[:8]])))
    files += [file for seed in (101, 102) for file in own(seed)]
    return [pytest.param(file, id=file.name) for file in files]


@pytest.mark.parametrize("file", sample())
def test_every_record_of_a_damaged_file_is_a_row_or_set_aside(tmp_path: Path, file: Damaged) -> None:
    loaded = read(tmp_path, file)
    assert loaded.refused == ("" if file.content else "SOURCE-EMPTY")
    rows = len(loaded.rows) - loaded.headed
    assert loaded.records == list(range(1, rows + sum(loaded.aside.values()) + 1))
    assert file.lines in (None, len(loaded.records))


def read(folder: Path, file: Damaged) -> Loaded:
    path = folder / "file.csv"
    path.write_bytes(file.content)
    return load(path)


@pytest.mark.shared
def test_a_sample_of_the_benchmark_scores_no_less_than_it_did() -> None:
    """Every file with a damage to all of it, and each tenth with one to a record."""
    files = list(benchmark(source()))
    those = scored([*files[:22], *files[22::10]])
    assert simple(those) >= 9.94
    assert weighted(those) >= 9.96
    assert simple(layout(those)) >= 9.65


def source() -> Table:
    """The benchmark's clean table."""
    return parsed((SHARED / SOURCE).read_bytes().decode())
