"""Words of categories, flags, countries and currencies: mapped word by word, asked about once, explained one by one."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.answering import answered
from connectors.drafting import Draft, compose
from connectors.proposing.column import columns
from connectors.proposing.proposal import Match, Proposal, Question
from connectors.proposing.signals import Signals
from connectors.proposing.wording import token
from connectors.proposing.writing import write
from connectors.reading.decision import Reading
from contracts import contract
from flows.commands.explaining import explained
from tests.connectors.taking import feed, take

TABLES = {"contract_term": "subscribers", "churned": "subscribers", "responded": "prospects", "currency": "transactions"}


def written(field: str, words: dict[str, int], header: str = "x") -> tuple[Match, tuple[Question, ...]]:
    texts = [text for text, count in words.items() for _ in range(count)]
    target = contract.get(TABLES.get(field, "customers")).fields[field]
    found = write(Match(field, (header,), "", 0.9, "accepted", ()), target, Signals(columns(pa.table({header: texts}))[0]))
    return found.match, found.questions


@pytest.mark.parametrize(
    ("field", "words", "values"),
    [
        ("gender", {"Frau": 30, "Herr": 30}, {"Frau": "female", "Herr": "male"}),
        ("gender", {"weiblich": 30, "Männlich": 30, "divers": 1}, {"weiblich": "female", "Männlich": "male", "divers": "other"}),
        ("marital_status", {"gehuwd": 30, "ongehuwd": 9}, {"gehuwd": "married", "ongehuwd": "single"}),
        ("education", {"hbo": 30, "vmbo": 9}, {"hbo": "tertiary", "vmbo": "secondary"}),
        ("contract_term", {"24 meses": 30, "mensual": 9, "other": 3}, {"24 meses": "two_year", "mensual": "month", "other": "other"}),
        ("country", {"Alemania": 30, "Deutschland": 9, "pays-bas": 2}, {"Alemania": "DE", "pays-bas": "NL"}),
        ("currency", {"Euro": 30, "EUR": 9, "€": 2, "Schweizer Franken": 1}, {"Euro": "EUR", "Schweizer Franken": "CHF"}),
        ("marketing_consent", {"ja": 30, "nein": 9}, {}),
        ("marketing_consent", {"abonniert": 30, "abgemeldet": 9, "ja": 1}, {"abonniert": True, "abgemeldet": False, "ja": True}),
        ("churned", {"aktiv": 30, "gekündigt": 9}, {"aktiv": False, "gekündigt": True}),
    ],
)
def test_known_words_are_mapped(field: str, words: dict[str, int], values: dict[str, object]) -> None:
    match, questions = written(field, words)
    assert (dict(match.values), questions) == (values, ())


@pytest.mark.parametrize(
    ("header", "letters", "values"),
    [
        ("Geslacht", "vm", {"v": "female", "m": "male"}),
        ("sexo", "vm", {"v": "male", "m": "female"}),
        ("Sexo", "hm", {"h": "male", "m": "female"}),
        ("sexe", "hf", {"h": "male", "f": "female"}),
        ("sex", "mw", {"m": "male", "w": "female"}),
        ("sex", "vm", {}),
    ],
)
def test_letters_of_genders_are_read_as_their_language_has_them_or_asked_about(header: str, letters: str, values: dict[str, str]) -> None:
    match, questions = written("gender", dict.fromkeys(letters, 30), header)
    assert dict(match.values) == values
    assert bool(questions) == (not values)


def asked() -> tuple[Match, Question]:
    match, (question,) = written("contract_term", {"24 Monate": 40, "Prepaid": 20, "Flex": 15, "Bonus": 2}, "Vertrag")
    return match, question


def test_one_question_names_the_words_that_no_list_knows() -> None:
    match, question = asked()
    assert [word.shown for word in question.words] == ["'Prepaid' (20 rows)", "'Flex' (15 rows)"]
    assert question.text.startswith("No list knows 3 words of 'Vertrag', in 48% of the cells, 1 of them in few rows: what means what")
    assert match.otherwise == "fail"


def test_words_of_a_field_about_persons_are_shown_by_their_shape() -> None:
    _, (question,) = written("marital_status", {"verheiratet": 40, "Trauschein 7": 20})
    assert [word.shown for word in question.words] == ["a word shaped 'Aaa 9' (20 rows)"]
    assert "Trauschein" not in repr(question)


def test_words_that_are_shaped_alike_can_be_told_by_their_order() -> None:
    match, (question,) = written("gender", {"2": 30, "1": 20})
    assert "in the order of the alphabet" in question.text
    assert [match.unknown[word.token] for word in question.words] == ["1", "2"]


def test_a_word_is_explained_and_the_question_is_about_the_others() -> None:
    match, question = asked()
    proposal = Proposal("subscribers", {}, (match,), (), (), (question,))
    once = answered(proposal, {question.id: f"{token('Prepaid')}=month"})
    assert dict(once.matches[0].values) == {"24 Monate": "two_year", "Prepaid": "month"}
    assert [word.shown for word in once.questions[0].words] == ["'Flex' (15 rows)"]
    both = answered(proposal, {question.id: f"{token('Prepaid')}=month {token('Flex')}=blank"})
    assert (both.questions, both.matches[0].null_words, both.matches[0].decision) == ((), ("Flex",), "accepted")
    other = answered(proposal, {question.id: f"{token('never seen')}=month"})
    assert (other.matches[0].values, len(other.questions[0].words)) == (match.values, 2)


def test_words_without_an_answer_stand_open_in_the_draft_and_fail_in_a_file() -> None:
    match, question = asked()
    text = compose(Draft("acme/people", Proposal("subscribers", {}, (match,), (), (), (question,)), Reading("delimited")))
    assert "  # ?   'Prepaid' (20 rows)\n" in text
    assert "\n  contract_term: {from: Vertrag, values: {24 Monate: two_year}}\n" in text
    term = {"from": "Vertrag", "values": {"24 Monate": "two_year"}}
    spec = feed(contract="subscribers@1.0", columns={"customer_id": "Nr", "contract_term": term})
    assert take({"a.csv": "Nr;Vertrag\n1;24 Monate\n2;Prepaid\n"}, spec).failed == ["contract_term:category"]


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (["1=month 2=blank"], "{0}=month {1}=blank"),
        (["1 = month, 2=other"], "{0}=month {1}=other"),
        (["other"], "other"),
        (["3=month", "1=monthly", "prepaid", ""], None),
    ],
)
def test_what_is_typed_at_the_terminal(lines: list[str], answer: str | None) -> None:
    _, question = asked()
    told: list[str] = []
    given = iter(lines)
    tokens = [word.token for word in question.words]
    assert explained(question, told.append, lambda: next(given) + "\n") == (answer.format(*tokens) if answer else None)
    if answer is None:
        assert [line.strip() for line in told if "no " in line][-2:] == ["there is no word 3", "'monthly' is no code of this field"]


def test_countries_are_explained_by_their_codes() -> None:
    _, (question,) = written("country", {"Deutschland": 40, "Absurdistan": 20})
    assert question.words[0].shown == "'Absurdistan' (20 rows)"
    given = iter(["1=XX", "1=LU"])
    assert explained(question, lambda text: None, lambda: next(given)) == f"{token('Absurdistan')}=LU"
