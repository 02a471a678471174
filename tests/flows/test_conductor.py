"""Verbs, errors and kept steps of the direct conductor."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ColumnsError, MillraceError, Place, RunError, StepFailed, StepsFailed
from flows.checkpoint import Kept, folder_of, keep
from flows.conductor import Conductor
from flows.direct_conductor import Direct
from flows.steps import card, contained, step

WAYS: list[tuple[int, Literal["processes", "threads"]]] = [(1, "threads"), (2, "threads"), (2, "processes")]
CANARY = "Canary-8831"


@dataclass(frozen=True)
class Item:
    number: int
    does: str = ""
    secret: str = CANARY

    @property
    def label(self) -> str:
        return f"part {self.number}"


@step("double")
def double(item: Item, more: int = 0) -> int:
    if item.does == "foreign":
        raise ValueError(item.secret)
    if item.does == "ours":
        raise ColumnsError("COLUMN-MISSING", "a column is missing", place=Place(column="PLZ"), expected="PLZ", hint="ask for it")
    if item.does == "unsendable":
        return lambda: None  # type: ignore[return-value]
    if item.does == "die":
        os._exit(9)
    return item.number * 2 + more


@step("write", keep=True)
def write(item: Item, out: Path, text: str) -> dict[str, Any]:
    (out / "deep").mkdir()
    (out / "deep" / "a.txt").write_text(f"{text}{item.number}")
    return {"n": item.number, "pair": (1, 2)}


@step("try again", retries=2)
def third_time(counter: Path) -> str:
    counter.write_text(counter.read_text() + "x")
    if len(counter.read_text()) < 3:
        raise OSError("not yet")
    return "done"


@pytest.mark.parametrize(("workers", "kind"), WAYS)
def test_map_keeps_the_order(workers: int, kind: Literal["processes", "threads"]) -> None:
    def pipeline(conduct: Conductor) -> list[int]:
        once = conduct.map(double, [Item(n) for n in range(7)], 1)
        return conduct.map(double, [Item(n) for n in once])

    assert Direct(workers, kind).conduct(pipeline) == [(2 * n + 1) * 2 for n in range(7)]


@pytest.mark.parametrize(("workers", "kind"), WAYS)
def test_one_failure_is_that_error_several_are_listed(workers: int, kind: Literal["processes", "threads"]) -> None:
    seen: list[tuple[str, str]] = []
    conduct = Direct(workers, kind, watch=lambda title, label, what: seen.append((label, what)))
    with pytest.raises(ColumnsError) as one:
        conduct.conduct(lambda c: c.map(double, [Item(0), Item(1, "ours"), Item(2)]))
    assert one.value.lines() == [
        "COLUMN-MISSING: a column is missing", "  where: column PLZ", "  expected: PLZ", "  step: double, part 1", "  next: ask for it",
    ]  # fmt: skip
    assert {("part 0", "done"), ("part 1", "failed"), ("part 2", "done")} <= set(seen)  # the others were finished
    with pytest.raises(StepsFailed) as several:
        conduct.conduct(lambda c: c.map(double, [Item(0, "foreign"), Item(1, "ours"), Item(2)]))
    assert [error.code for error in several.value.errors] == ["ValueError", "COLUMN-MISSING"]


@pytest.mark.parametrize(("workers", "kind"), WAYS)
def test_a_foreign_error_brings_its_class_and_nothing_else(workers: int, kind: Literal["processes", "threads"]) -> None:
    with pytest.raises(StepFailed) as met:
        Direct(workers, kind).conduct(lambda c: c.map(double, [Item(0), Item(1, "foreign")]))
    error: BaseException = met.value
    assert str(error) == "ValueError: the step «double» failed at part 1"
    assert error.__cause__ is None
    assert error.__context__ is None
    assert CANARY.encode() not in pickle.dumps(error)


def test_an_error_of_the_pipeline_itself_is_contained() -> None:
    def pipeline(conduct: Conductor) -> None:
        raise KeyError(CANARY)

    with pytest.raises(StepFailed) as met:
        Direct().conduct(pipeline)
    assert (met.value.code, met.value.__context__) == ("KeyError", None)
    with pytest.raises(ColumnsError) as ours:
        contained(lambda _: double(Item(1, "ours")), None)
    assert ours.value.details == ()  # no step to blame


def test_a_worker_that_dies_and_a_result_that_cannot_be_sent() -> None:
    def pipeline(conduct: Conductor) -> list[int]:
        with pytest.raises((StepFailed, StepsFailed), match=r"STEP-DIED|STEPS-FAILED") as met:
            conduct.map(double, [Item(0, "die"), Item(1, "die")])
        assert "STEP-DIED" in "\n".join(met.value.lines())
        with pytest.raises(StepFailed, match="«double» failed at part 1"):
            conduct.map(double, [Item(0), Item(1, "unsendable")])
        return conduct.map(double, [Item(0), Item(1)])  # a new pool takes over

    assert Direct(2).conduct(pipeline) == [0, 2]


def test_retries(tmp_path: Path) -> None:
    (tmp_path / "n").write_text("")
    assert Direct().run(third_time, tmp_path / "n") == "done"


def test_function_that_is_no_step() -> None:
    with pytest.raises(TypeError, match="is not marked as a step"):
        card(len)


@pytest.mark.parametrize(("workers", "kind"), WAYS)
def test_kept_steps_are_not_done_twice(tmp_path: Path, workers: int, kind: Literal["processes", "threads"]) -> None:
    def pipeline(conduct: Direct, text: str) -> list[Kept]:
        return conduct.at(tmp_path).map(write, [Item(1), Item(2)], text)

    first = Direct(workers, kind).conduct(pipeline, "a")
    assert first[0]["pair"] == [1, 2]  # the JSON form, also when it is fresh
    assert (first[0].label, list(first[0].files)) == ("part 1", ["deep/a.txt"])
    times = [path.stat().st_mtime_ns for path in sorted(tmp_path.rglob("*"))]
    assert Direct(workers, kind).conduct(pipeline, "a") == first
    assert [path.stat().st_mtime_ns for path in sorted(tmp_path.rglob("*"))] == times
    other = Direct(workers, kind).conduct(pipeline, "b")  # another argument: done again
    assert (other[0].out / "deep/a.txt").read_text() == "b1"
    assert other[0].digest != first[0].digest


def test_kept_step_needs_a_folder_its_own_place_and_json(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="STEP-FOLDER"):
        Direct().run(write, Item(1), "a")
    conduct = Direct().at(tmp_path)
    conduct.run(write, Item(1), "a")
    with pytest.raises(RunError, match="STEP-TWICE"):
        conduct.run(write, Item(1), "b")
    with pytest.raises(RunError, match="STEP-KEY") as met:
        keep(write, "write", "x", tmp_path, Item(1), (object(),))
    assert met.value.found == "object"
    with pytest.raises(RunError, match="STEP-RESULT"):
        keep(lambda item, out: {item: {1, 2}}, "odd", "", tmp_path, 1, ())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["write--part-1"]  # the failed one left nothing


class Colour(Enum):
    RED = "red"


PLAIN = [*Colour, Path("x")]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates() | st.sampled_from(PLAIN),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3) | st.frozensets(st.integers()),
        max_leaves=8,
    )
)
def test_any_argument_of_the_allowed_kinds_has_one_key(value: Any) -> None:
    from contracts.digest import sha256_json
    from flows.checkpoint import _comparable

    once, twice = (sha256_json(_comparable(each, Path("/steps"))) for each in (value, pickle.loads(pickle.dumps(value))))  # noqa: S301
    assert once == twice


def test_different_arguments_differ() -> None:
    from contracts.digest import sha256_json
    from flows.checkpoint import _comparable

    some: list[Any] = [None, 0, "", "0", 0.5, [], {}, date(2026, 1, 1), Path("a"), "a", b"a", frozenset(), Item(1), Item(2)]
    some += [{"a": 1}, [["a", 1]], {"a": 1, "b": 2}, {"b": 2, "a": 1}]
    assert len({sha256_json(_comparable(each, Path("/steps"))) for each in some}) == len(some)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=8)), min_size=2, max_size=2, unique=True))
def test_steps_never_share_a_folder(pairs: list[tuple[str, str]]) -> None:
    (a, b) = (folder_of(Path("/steps"), *pair) for pair in pairs)
    assert a != b
    assert a.parent == Path("/steps")
    assert not a.name.startswith(".")


def test_errors_of_conductors_pickle() -> None:
    errors = [StepFailed("ValueError", "s", "i"), StepsFailed([StepFailed("A", "s")]), RunError("X", "y", details=["z"])]
    for error in errors:
        again: MillraceError = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert again.lines() == error.lines()
