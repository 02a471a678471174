"""Drafts: YAML that loads, open questions that are no guesses, answers, edits that survive, a schema that shipped connectors fit."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from connectors.answering import answered, confirmed, open_questions
from connectors.drafting import Draft, compose, difference, flow
from connectors.library import SHIPPED, read_feed
from connectors.newcomer import guessed
from connectors.proposing.proposal import Match, Proposal, Question
from connectors.reading.decision import Reading
from connectors.schema import feed_schema
from contracts.errors import SettingsError

HEADER = "Geb: 'dat' # x"
SURE = Match("customer_id", ("2024",), "code", 0.99, "accepted", ("every value differs",))
ASKED = Match("birth_date", (HEADER,), "day", 0.8, "question", ("the header",), dates="dmy")
CODES = Match("gender", ("no",), "category", 0.95, "accepted", (), values={"no": "male", "yes": "female", "null": "unknown"})
DATES = Question("dates:birth_date", "Days first?", "birth_date", (HEADER,), ("dmy", "mdy"), ("99/99/999",))
PROPOSAL = Proposal("customers", {}, (SURE, CODES, ASKED), ("Notiz", "ute@example.org"), ("city",), (DATES,))


def draft(proposal: Proposal = PROPOSAL) -> str:
    return compose(Draft("acme/people", proposal, Reading("delimited")))


def test_headers_and_words_that_yaml_would_take_for_something_else_come_back_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(draft(answered(PROPOSAL, {"dates:birth_date": "mdy"})), encoding="utf-8")
    spec = read_feed(tmp_path / "people.yaml")
    assert spec.columns["customer_id"].source == ("2024",)
    assert spec.columns["birth_date"].source == (HEADER,)
    assert spec.columns["birth_date"].dates == "mdy"
    assert spec.columns["gender"].source == ("no",)
    assert spec.columns["gender"].values == {"no": "male", "yes": "female", "null": "unknown"}
    assert spec.status == "draft"


def test_a_column_that_is_asked_about_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text(draft(), encoding="utf-8")
    assert "birth_date" not in read_feed(tmp_path / "people.yaml").columns
    assert open_questions(draft()) == (("dates:birth_date", "Days first?"),)
    assert "  # birth_date: {" in draft()


def test_a_header_that_may_be_a_value_is_not_listed() -> None:
    assert "ute@" not in draft()
    assert "ignored: [Notiz]" in draft()


@pytest.mark.parametrize(("id", "option", "wanted"), [
    ("column:city", "Ort", ("city", ("Ort",), "accepted")), ("column:city", "none", None),
    ("column:city", "Stadt", ("city", ("Stadt",), "accepted")),
])  # fmt: skip
def test_answers_place_a_column(id: str, option: str, wanted: tuple[object, ...] | None) -> None:
    asked = Question(id, "Which?", "city", ("Ort",), ("Ort", "Stadt", "none"))
    match = Match("city", ("Ort",), "text", 0.7, "question", ())
    found = answered(Proposal("customers", {}, (match,), ("Stadt",), (), (asked,)), {id: option})
    place = found.match("city")
    assert (place and (place.field, place.sources, place.decision)) == wanted
    assert set(found.unused) == {"Ort", "Stadt"} - set(place.sources if place else ())
    assert found.questions == ()
    assert ("city" in found.absent) == (wanted is None)


@pytest.mark.parametrize(("option", "mark"), [("decimal ,", ","), ("decimal .", "."), ("thousands .", ","), ("thousands ,", ".")])
def test_a_mark_is_answered_by_what_it_is(option: str, mark: str) -> None:
    asked = Question("decimal:income", "Which?", "income", ("Geld",), (option,))
    match = Match("income", ("Geld",), "number", 0.9, "question", ())
    found = answered(Proposal("customers", {}, (match,), (), (), (asked,)), {asked.id: option}).match("income")
    assert found is not None
    assert (found.decimal, found.thousands) == (mark, "." if mark == "," else ",")


def test_remarks_do_not_count_as_a_difference_and_questions_do() -> None:
    text = draft()
    assert difference(text, text.replace("99 %", "98 %"), "people.yaml") == []
    assert difference(text, draft(answered(PROPOSAL, {"dates:birth_date": "mdy"})), "people.yaml")


def test_confirming_changes_one_word() -> None:
    before, after = draft().splitlines(), confirmed(draft()).splitlines()
    assert [(a, b) for a, b in zip(before, after, strict=True) if a != b] == [("status: draft", "status: confirmed")]
    assert "status: confirmed" in confirmed("feed: a/b\ncontract: customers@1.0\ncolumns: {}\n")


def test_one_line_of_yaml_holds_any_text() -> None:
    said = ["", "~", "a\tb", "- x", "{", "é", "1e3", "x: y", "'"]
    assert YAML(typ="safe", pure=True).load(flow(said)) == said


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*/*.yaml")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_shipped_connectors_fit_the_schema_for_editors(path: Path) -> None:
    if path.stem == "client":
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jsonschema = pytest.importorskip("jsonschema")
    content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    schema = feed_schema(content["contract"].partition("@")[0])
    assert list(jsonschema.Draft7Validator(schema).iter_errors(content)) == []
    content["columns"]["no_such_field"] = "x"
    assert list(jsonschema.Draft7Validator(schema).iter_errors(content))


def test_a_new_client_is_guessed_by_its_headers_and_an_unknown_country_is_told() -> None:
    assert guessed("a", ("DE", "country: the headers"))[0].currency == "EUR"
    assert guessed("a", None, "GB")[0].time_zone == "Europe/London"
    with pytest.raises(SettingsError, match="COUNTRY-UNKNOWN"):
        guessed("a", None, "XX")
