"""Errors say what, where and what next; they travel between processes; none quotes a value."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import errors
from contracts.errors import ColumnsError, MillraceError, Place, RowsError, SourceError, StepFailed, StepsFailed, shape

PLACE = Place(client="acme", feed="acme/people", file="a.csv", sheet="S", record=8, line=9, column="Ort")


def kinds() -> list[type[MillraceError]]:
    return [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MillraceError)]


def plain(kind: type[MillraceError]) -> MillraceError:
    return kind("A-CODE", "what is wrong", place=PLACE, found="f", expected="e", hint="h", details=("one", "two"))


PLAIN = [kind for kind in kinds() if not issubclass(kind, StepFailed | StepsFailed)]


@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.__name__)
def test_lines_values_and_pickles(kind: type[MillraceError]) -> None:
    error = plain(kind)
    assert error.lines() == [
        "A-CODE: what is wrong",
        "  where: client acme, feed acme/people, file a.csv, sheet S, record 8, line 9, column Ort",
        "  found: f", "  expected: e", "  one", "  two", "  next: h",
    ]  # fmt: skip
    assert json.loads(json.dumps(error.as_dict()))["place"]["line"] == 9
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(again) is kind
    assert again.lines() == error.lines()
    assert again.as_dict() == error.as_dict()


def test_what_is_not_known_is_not_shown() -> None:
    error = SourceError("SOURCE-EMPTY", "the file is empty")
    assert error.lines() == ["SOURCE-EMPTY: the file is empty"]
    assert error.as_dict() == {"code": "SOURCE-EMPTY", "message": "the file is empty"}


def test_steps_that_failed() -> None:
    one, two = StepFailed("ValueError", "parse part", "part 3"), plain(RowsError)
    many = StepsFailed([one, two])
    assert many.code == "STEPS-FAILED"
    assert "part 3" in "\n".join(many.lines())
    assert "A-CODE: what is wrong" in "\n".join(many.lines())
    for error in (one, many):
        again = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert (type(again), again.lines()) == (type(error), error.lines())
    assert pickle.loads(pickle.dumps(one)).item == "part 3"  # noqa: S301


def test_every_error_is_one_of_ours() -> None:
    assert issubclass(ColumnsError, MillraceError)
    assert len(kinds()) == 10


@given(st.text(max_size=60))
def test_a_shape_gives_no_letter_and_no_digit_away(text: str) -> None:
    found = shape(text)
    assert len(found) <= 24
    assert {sign for sign in found if sign.isalpha() or sign.isdigit()} <= {"a", "A", "9"}
    assert not {"\n", "\r", "\t", "\x00"} & set(found)


def test_shapes() -> None:
    known = {"": "", "Müller": "Aaa", "4711": "999", "a@b.de": "a@a.aa", "31.02.1980": "99.99.999", "=cmd|x": "=aa|a"}
    assert {text: shape(text) for text in known} == known
