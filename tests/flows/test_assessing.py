"""Assessing a rehearsed client: what its files have of a product's inputs, what the gaps cost, and what is said where nothing is known."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from contracts.errors import MillraceError
from flows.assessing import Question, assess
from flows.direct_conductor import Direct
from flows.disk import files_in
from flows.workspace import Workspace
from reports.fitgap import FitGap
from tests.flows.delivering import here, workspace

if TYPE_CHECKING:
    from flows.rehearsal.rehearsal import Rehearsal
    from tests.flows.conftest import Held

RESEARCH_ONLY = {"household_size", "visits_90", "emails_opened_90", "nps", "web_minutes_90", "complaints_365", "app_user"}


def maps(space: Workspace, folder: Path, *words: str, product: str | None = "repurchase", without: tuple[str, ...] = ()) -> list[FitGap]:
    """The maps of some words."""
    folder.mkdir(exist_ok=True)
    found: tuple[FitGap, ...] = Direct().conduct(assess, space, Question(tuple(words), product, without, folds=2), folder)
    return list(found)


@pytest.fixture(scope="module")
def whole(held: Held, tmp_path_factory: pytest.TempPathFactory) -> FitGap:
    """The map of what was taken in."""
    return maps(held.space, tmp_path_factory.mktemp("whole"), "harbour/customers")[0]


def test_every_input_is_said_to_come_from_where_it_does(whole: FitGap) -> None:
    kinds = {one.name: one.kind for one in whole.inputs}
    assert {kinds[name] for name in ("gender", "region", "income", "segment")} == {"supplied"}
    assert {kinds[name] for name in ("age", "signup_days", "orders", "spend", "categories")} == {"derived"}
    assert {name for name, kind in kinds.items() if kind == "absent"} >= RESEARCH_ONLY
    links = {one.name: [(link.field, link.columns) for link in one.links] for one in whole.inputs}
    assert links["age"] == [("birth_date", ("Geburtsdatum",))]
    assert links["categories"] == [("category", ("Warengruppe",))]
    assert links["education"] == [("education", ())]
    assert whole.serves
    assert whole.confirmed


def test_fill_rates_are_those_of_the_rows_that_were_taken_in(whole: FitGap, held: Held) -> None:
    account = json.loads((next((held.space.home.root / "submissions/harbour/customers").glob("[0-9a-f]*")) / "submission.json").read_text())
    income = next(one for one in whole.inputs if one.name == "income")
    assert whole.rows == account["ledger"]["accepted"]
    assert income.fill == pytest.approx(account["fields"]["income"]["filled"] / whole.rows, abs=1e-9)
    assert sum(income.shares.values()) == pytest.approx(1)
    assert "segment" in income.how


def test_the_gaps_cost_accuracy_and_what_was_left_out_of_the_files_would_help(whole: FitGap) -> None:
    cost = whole.cost
    assert cost is not None
    assert cost.rows == 1_200
    assert cost.lost.auc == pytest.approx(cost.as_is.auc - cost.full.auc)
    assert cost.lost.clear
    assert cost.lost.auc < -0.03
    best = [one.title for one in cost.helps[:2]]
    assert set(best) <= {"Visits 90", "Web minutes 90", "Emails opened 90"}
    assert {one.title for one in cost.helps} >= {"Education", "Income on every row"}
    assert whole.model == "repurchase@0001"
    assert whole.measured is None


def test_files_are_read_by_the_connector_and_nothing_is_taken_in(held: Held, rehearsed: Rehearsal, whole: FitGap, tmp_path: Path) -> None:
    before = files_in(held.space.home.root)
    found = maps(held.space, tmp_path / "scratch", "harbour/customers", str(rehearsed.newest("customers").path))[0]
    assert found.inputs == whole.inputs
    assert found.cost == whole.cost
    assert files_in(held.space.home.root) == before


def test_without_a_field_the_inputs_made_of_it_are_gone(held: Held, whole: FitGap, tmp_path: Path) -> None:
    found = maps(held.space, tmp_path / "scratch", "harbour/customers", without=("Geburtsdatum", "channel", "income"))[0]
    changed = {one.name for one, old in zip(found.inputs, whole.inputs, strict=True) if one.kind != old.kind}
    assert changed == {"age", "online_share", "income"}
    assert found.without == ("birth_date", "channel", "income")
    income = next(one for one in found.inputs if one.name == "income")
    assert income.fill == 0
    assert not income.shares.get("imputed")  # no median of a column that is not there


def test_without_the_order_lines_the_product_cannot_be_served_and_they_are_asked_for(held: Held, tmp_path: Path, whole: FitGap) -> None:
    found = maps(held.space, tmp_path / "scratch", "harbour", without=("transactions",))[0]
    assert found.missing == ("transactions",)
    assert not found.serves
    assert {one.kind for one in found.inputs if one.step == "history of orders"} == {"absent"}
    assert found.cost is not None
    assert whole.cost is not None
    assert found.cost.as_is.auc < whole.cost.as_is.auc
    assert "the order lines" in [one.title for one in found.cost.helps]


def test_what_no_product_has_is_refused_with_the_closest(held: Held, tmp_path: Path) -> None:
    with pytest.raises(MillraceError, match="FIELD-UNKNOWN") as error:
        maps(held.space, tmp_path / "scratch", "harbour", without=("incme",))
    assert "'income'" in str(error.value.hint)


def test_a_feed_of_which_nothing_came_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MillraceError, match="SUBMISSION-MISSING") as error:
        maps(workspace(tmp_path / "home"), tmp_path / "scratch", "harbour/customers")
    assert "assess harbour/customers FILE" in str(error.value.hint)


def test_without_a_model_the_gaps_are_shown_and_nothing_is_pretended(rehearsed: Rehearsal, tmp_path: Path) -> None:
    found = maps(workspace(tmp_path / "home"), tmp_path / "scratch", "harbour/customers", str(rehearsed.newest("customers").path))[0]
    assert found.cost is None
    assert found.model == ""
    assert "millrace train repurchase" in found.notes[0]
    assert {one.kind for one in found.inputs} >= {"supplied", "derived", "absent"}


def subscribers(path: Path, rows: int = 400) -> Path:
    """An invented file of a client that nobody set up, with outcomes that follow from tenure."""
    rng, lines = random.Random(2), ["customerID,gender,tenure,Contract,MonthlyCharges,PaymentMethod,Churn"]
    for number in range(rows):
        tenure = rng.randrange(1, 72)
        left = rng.random() < (0.6 if tenure < 20 else 0.1)
        term = rng.choice(["Month-to-month", "One year", "Two year"])
        paid = rng.choice(["Mailed check", "Bank transfer"])
        money, who = f"{rng.uniform(20, 110):.2f}", rng.choice(["Male", "Female"])
        lines.append(f"{number:04d}-ABCDE,{who},{tenure},{term},{money},{paid},{'Yes' if left else 'No'}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_file_nobody_knows_is_proposed_and_measured_on_its_own_outcomes(tmp_path: Path) -> None:
    found = maps(workspace(tmp_path / "home"), tmp_path / "scratch", str(subscribers(tmp_path / "crm.csv")), product=None)
    by_name = {one.product: one for one in found}
    assert [name for name, one in by_name.items() if one.serves] == ["churn"]
    churn = by_name["churn"]
    assert not churn.confirmed
    assert churn.feeds[0].status == "proposed"
    assert churn.cost is not None
    assert churn.cost.own
    assert churn.cost.full.auc > 0.7
    assert by_name["repurchase"].missing == ("customers", "transactions")


def test_what_is_tried_on_a_file_of_its_own_outcomes_is_measured(tmp_path: Path) -> None:
    path = str(subscribers(tmp_path / "crm.csv"))
    found = maps(workspace(tmp_path / "home"), tmp_path / "scratch", path, product="churn", without=("tenure",))[0]
    assert found.cost is not None
    assert found.cost.retrained.auc < found.cost.full.auc - 0.1


def test_the_command_prints_lines_and_draws_the_page(held: Held, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    words = ("assess", "harbour/customers", "--product", "repurchase")
    shown = here(*words, "--out", page, home=held.space.home.root)
    assert shown.exit_code == 0, shown.stderr
    assert "20 of 31 inputs" in shown.stdout
    assert "✕ Education" in shown.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_document_holds_the_map_and_nothing_else(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "crm.csv")
    shown = here("assess", path, "--product", "churn", "--json", home=tmp_path / "home")
    document = json.loads(shown.stdout)
    assert document["counts"] == {"supplied": 5, "derived": 0, "looked_up": 0, "imputed": 0, "absent": 13}
    assert (document["serves"], document["confirmed"], document["measured"]) == (True, False, None)
    assert {one["name"] for one in document["inputs"]} >= {"tenure_months", "contract_term"}
    assert document["cost"]["own"]


def test_one_line_a_product_and_exit_codes(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "crm.csv")
    shown = here("assess", path, home=tmp_path / "home")
    assert shown.exit_code == 0, shown.stderr
    assert [line.split()[0] for line in shown.stdout.splitlines()[:4]] == ["churn", "lifetimes", "repurchase", "response"]
    assert "Nobody has confirmed" in shown.stdout
    assert here("assess", path, "--product", "response", home=tmp_path / "home").exit_code == 1
    assert here("assess", path, "--out", tmp_path / "x.html", home=tmp_path / "home").exit_code == 2
