"""The page of a contract: complete, in words, with examples that hold; it opens from disk, on a desk and on a phone."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from contracts import contract as contracts
from contracts import odcs
from contracts.contract import Contract, get
from contracts.extent import passing
from contracts.fields import TYPES, Field
from contracts.rules import Rule
from reports.dictionary import Serving, page
from reports.examples import example
from tests.reports.conftest import Opener
from tests.reports.hostile import ATTACKS
from tests.reports.test_page_in_browser import CONTRAST, HEADINGS, UNNAMED

ALL = [get(name) for name in contracts.names()]
WIDTHS = (1280, 390)
SERVING = Serving((("Repurchase", "Who will buy again?"),), (("Churn", "Who is about to leave?"),))


def text(html: str) -> str:
    """What a reader reads."""
    body = html[html.index("<body>") :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def entry(html: str, name: str) -> str:
    """One field's entry as text."""
    found = re.search(rf'<article class="field" id="{name}">.*?</article>', html, re.S)
    assert found is not None
    return text("<body>" + found[0])


@pytest.mark.parametrize("contract", ALL, ids=lambda each: each.name)
def test_every_field_is_there_with_all_that_it_says(contract: Contract) -> None:
    html = page(contract, SERVING)
    for field in contract.fields.values():
        said = entry(html, field.name)
        for word in (field.title, field.name, field.meaning, *map(str, field.allowed or ())):
            assert " ".join(str(word).split()) in said, (field.name, word)
        assert ("may be empty" in said) == field.nullable
        if contract.direction == "input":
            assert all(name in said for name in field.synonyms)
            assert "Tolerated: up to 5 % of the rows." in said or field.tolerated != 0.05
    assert contract.id in html
    assert contract.row in text(html)
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.parametrize("contract", ALL, ids=lambda each: each.name)
def test_every_example_passes_the_rules_of_its_field(contract: Contract) -> None:
    made = {name: example(field) for name, field in contract.fields.items()}
    assert [name for name, value in made.items() if value is None] == []
    for name, field in contract.fields.items():
        if field.type_word == "text":
            assert passing(field, [made[name]])
        elif field.type_word in ("whole", "real"):
            assert passing(field, [int(str(made[name])) if field.type_word == "whole" else float(str(made[name]))])


HARD = [
    Field("a", "A", "A.", TYPES["text"], rules=(("str_matches", r"^ZQ[0-9]{9}$"),)),
    Field("a", "A", "A.", TYPES["whole"], rules=(("in_range", (1_000, 1_010)),)),
    Field("a", "A", "A.", TYPES["real"], rules=(("gt", -0.1), ("lt", 0))),
    Field("a", "A", "A.", TYPES["whole"], rules=(("lt", -7),)),
]


def test_an_example_that_may_be_wrong_is_left_out() -> None:
    assert [example(field) for field in HARD] == [None, "1005", "-0.05", "-8"]
    html = page(Contract("t", "1.0", "T", "one row per thing", (), tuple(HARD[:1])), Serving())
    assert "Example" not in entry(html, "a").replace("as in the example", "")


def test_it_says_in_words_what_a_contract_asks() -> None:
    customers = page(get("customers"), SERVING)
    assert "money per year, in the client’s currency" in entry(customers, "income")
    assert "sensitive: a matter that people keep to themselves" in entry(customers, "income")
    assert "names a person directly: kept apart" in entry(customers, "email")
    assert "The whole row is set apart and not used." in entry(customers, "customer_id")
    assert "The cell is left empty, the rest of the row is used." in entry(customers, "age")
    assert "a whole number, 0 to 120" in entry(customers, "age")
    assert "PLZ → Postcode" in text(customers)
    assert "Repurchase (Who will buy again?)" in text(customers)
    transactions = page(get("transactions"), SERVING, {name: get(name) for name in contracts.names()}, ["customers"])
    assert "Order id and Line id together: no two rows have the same." in text(transactions)
    assert "the Customer id of a row is looked for there, as Customer id; up to 5 % of the rows may find none." in text(transactions)
    assert 'href="customers.html"' in transactions
    assert 'href="customers.html"' not in page(get("transactions"), SERVING)
    assert "money, in the currency that stands in Currency" in entry(transactions, "amount")
    assert "Find a column" not in page(get("scores"), Serving(delivers=SERVING.needed))


def test_tolerances_of_single_rules_and_rules_between_fields() -> None:
    fields = (
        Field("begun", "Begun", "First day.", TYPES["day"], on_bad="blank", tolerances=(("not_null", 0.5),)),
        Field("ended", "Ended", "Last day.", TYPES["day"], on_bad="warn", tolerated=1.0),
        Field("state", "State", "How it is.", TYPES["text"], allowed=("not_yet", "done"), tolerated=0.0),
    )
    rules = (Rule("in_order", "not_after", ("begun", "ended"), tolerated=0.01), Rule("one_state", "one_value", ("state", "ended")))
    html = page(Contract("t", "1.0", "T", "one row per thing", (), fields, rules=rules), Serving())
    assert "up to 5 % of the rows; where a value is empty: 50 %." in entry(html, "begun")
    assert "Tolerated: any number of rows." in entry(html, "ended")
    assert "Tolerated: not a single row." in entry(html, "state")
    assert "not_yet not yet" in entry(html, "state")
    assert "Begun is not after Ended" in text(html)
    assert "up to 1 % of the rows" in text(html)
    assert "the rows stay; the check of a file says how many there are" in text(html)
    assert "Nothing names a row" in text(html)


def hostile() -> Contract:
    """A contract as a stranger's file may bring it."""
    fields = tuple(
        Field(f"f{n}", attack, attack, TYPES["text"], unit=attack, synonyms=(attack,), allowed=(attack,), rules=(("str_contains", "a"),))
        for n, attack in enumerate(ATTACKS)
    )
    return Contract("t", "1.0", ATTACKS[1], ATTACKS[2], ("f0",), fields, meaning=ATTACKS[8], repeats=ATTACKS[8])


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("contract", [*ALL, replace(hostile(), name="hostile")], ids=lambda each: each.name)
def test_it_opens_from_disk_and_can_be_read(opened: Opener, tmp_path: Path, contract: Contract, width: int) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(contract, SERVING), encoding="utf-8")
    shown = opened(path, width)
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    assert shown.evaluate("window.millraceHit") is None
    assert shown.evaluate("document.scripts.length + document.images.length") == 0
    assert shown.evaluate(CONTRAST)[0][0] >= 4.5
    assert shown.evaluate(UNNAMED) == 0
    levels = shown.evaluate(HEADINGS)
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.browser
def test_a_column_s_name_leads_to_its_field(opened: Opener, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(get("customers"), SERVING), encoding="utf-8")
    shown = opened(path, 1280)
    shown.locator(".names li", has_text=re.compile("^PLZ")).locator("a").click()
    assert shown.url.endswith("#postcode")
    assert shown.locator("#postcode h3").bounding_box()["y"] < 200  # type: ignore[index]


LABELLED = """\
version: 1.0.0
kind: DataContract
id: x
apiVersion: v3.2.0
schema:
  - name: cards
    businessName: "Cards\\u202e <b>"
    properties:
      - {name: table, logicalType: string, logicalTypeOptions: {pattern: "^M[0-9]{5}$"}}
      - {name: main, logicalType: string, description: "\\u2066turned"}
      - name: owner
        logicalType: object
        properties:
          - name: tier
            logicalType: string
            enum: [{value: G, label: Gold, description: The best.}, {value: S, label: Silver}, {value: B}]
"""


def test_a_page_of_what_others_wrote_says_what_codes_stand_for_and_is_not_led_astray() -> None:
    html = page(odcs.parse(LABELLED), Serving())
    assert "G Gold: The best S Silver B" in entry(html, "owner_tier")
    assert "of a set form (for" in entry(html, "table")
    assert not set("\u202e\u2066") & set(html)
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)
