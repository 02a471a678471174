"""The main job: each customer scored once, by a model that may be used, from all that was sent; the same inputs, the same bytes."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from contracts import contract as contracts
from contracts.errors import ModelError, RowsError, RunError
from contracts.ledger import Ledger
from contracts.masks import failing
from contracts.origin import WORDS
from flows.deliver import deliver
from flows.direct_conductor import Direct
from flows.histories import gather
from flows.intake import Arrival
from flows.integrity import sound, verify
from flows.order import Order, sources
from flows.products import get as product
from flows.ranking import band_ends
from flows.rehearsal.rehearsal import Rehearsal
from flows.runs import of_owner
from flows.stored import Stored
from flows.submissions import newest
from flows.train import train
from flows.trainee import Trainee
from flows.workspace import Workspace
from models.metrics import quality
from tests.flows.conftest import Held
from tests.flows.delivering import (
    clients,
    delivered,
    facts_of,
    harbour,
    here,
    order_lines,
    reproducible,
    scores,
    subscribers,
    taken_in,
    watched,
    workspace,
)

TELCO = "telco/subscribers"
Lines = list[tuple[str, str, str, date, int, str]]


def submission_of(run: Stored, held: Held, contract: str = "customers") -> Stored:
    """A submission that the run was made of."""
    return newest(held.space.home, "harbour", contract)


def test_a_delivery_is_a_whole_folder(held: Held) -> None:
    assert verify(held.run) == []
    pack = held.run.folder / "pack"
    client = {"index.html", "scores.xlsx", "scores.csv", "scores.parquet", "manifest.json"}
    assert {path.name for path in (pack / "client").iterdir()} == client
    assert {path.name for path in (pack / "internal").iterdir()} == {"gates.html", "gates.json"}
    assert set(held.run.run["files"]) == {"log.jsonl"}  # all else is reproducible
    assert [path.name for path in held.run.folder.parent.iterdir() if not path.name.endswith(".lock")] == [held.run.id]


def test_the_panel_is_unlike_the_customers_so_the_pack_is_held(held: Held) -> None:
    facts = facts_of(held.run)
    assert (facts.status.word, facts.verdict.outcome, held.run.facts["outcome"]) == ("HELD", "fail", "fail")
    failed = [gate for gate in facts.gates if gate.outcome == "fail"]
    assert failed
    assert facts.status.reason.startswith(failed[0].sentence)
    absent = {drift.name for drift in facts.trust.drift if drift.missing_input == 1.0}
    assert {"household_size", "education", "occupation", "visits_90", "nps"} <= absent  # research columns that no file has
    assert facts.trust.models[0].version == "0001"
    assert facts.trust.accuracy is not None
    assert "inputs are missing here: expect less" in facts.trust.accuracy.sentence


def test_scores_keep_their_contract(held: Held) -> None:
    table = scores(held.run)
    contract = contracts.get("scores")
    assert table.column_names == [name for name in contract.fields if name in table.column_names]
    assert list(failing(contract.schema(), table.to_pandas(types_mapper=pd.ArrowDtype))) == []
    assert pc.unique(table.column("model")).to_pylist() == ["repurchase"]
    assert pc.unique(table.column("model_version")).to_pylist() == ["0001"]
    assert (held.run.folder / "pack/client/scores.csv").read_text(encoding="utf-8-sig").count("\n") == table.num_rows + 1


def test_every_accepted_customer_is_scored_once(held: Held) -> None:
    customers = submission_of(held.run, held)
    accepted = pq.read_table(customers.folder / "accepted", columns=["customer_id"]).column("customer_id").to_pylist()
    found = scores(held.run).column("customer_id").to_pylist()
    assert sorted(found) == sorted(accepted)
    assert len(set(found)) == len(found) == held.run.facts["scored"] == customers.facts["ledger"]["accepted"]


def test_ranks_run_from_one_and_bands_follow_them(held: Held) -> None:
    table = scores(held.run)
    rows, value = table.num_rows, table.column("score").to_numpy()
    assert table.column("rank").to_pylist() == list(range(1, rows + 1))
    assert (np.diff(value) <= 0).all()
    edges = [0, *band_ends(rows)]
    expected = [word for word, a, b in zip(("very high", "high", "medium", "low"), edges, edges[1:], strict=False) for _ in range(a, b)]
    assert table.column("band").to_pylist() == expected
    assert [band.count for band in facts_of(held.run).measures[0].bands] == np.diff(edges).tolist()


def test_origins_of_a_row_add_up_to_the_inputs(held: Held) -> None:
    table, facts = scores(held.run), facts_of(held.run)
    total = sum(table.column(word).to_numpy() for word in WORDS)
    assert (total == len(facts.filled)).all()
    for word in WORDS:
        assert sum(getattr(entry, word) for entry in facts.filled) == pc.sum(table.column(word)).as_py(), word
    assert table.column("imputed").to_numpy().min() >= 11  # what only the research table has is filled with what is usual there
    assert pc.sum(table.column("repaired")).as_py() > 0
    assert pc.sum(table.column("absent")).as_py() > 0


def test_the_highest_scores_have_reasons(held: Held) -> None:
    table = scores(held.run)
    given = table.column("reasons").is_valid().to_pylist()
    assert given == [rank <= 1_000 for rank in table.column("rank").to_pylist()]
    counted = sum(reason.count for reason in facts_of(held.run).measures[0].reasons)
    assert 0 < counted <= 1_000


def test_every_record_of_every_file_is_accounted_for(held: Held, rehearsed: Rehearsal) -> None:
    facts = facts_of(held.run)
    by_feed = {feed.name: feed.ledger for feed in facts.feeds}
    assert by_feed["harbour/customers"].records == rehearsed.newest("customers").records
    assert by_feed["harbour/transactions"].records == sum(file.records for file in rehearsed.of("transactions"))
    total = Ledger.from_dict(held.run.facts["ledger"])
    assert total == by_feed["harbour/customers"] + by_feed["harbour/transactions"]
    refused = pq.read_table(held.run.folder / "not_scored.parquet")
    assert refused.num_rows == total.rows_quarantined == facts.not_scored.count == sum(r.count for r in facts.not_scored.reasons)
    assert not refused.column("line").null_count
    assert not refused.column("reason").null_count


def test_assumptions_of_every_step_are_there(held: Held) -> None:
    steps = {one.step.split()[0] for one in facts_of(held.run).assumptions}
    assert {"read", "settle", "as-of", "parse"} <= steps
    assert any("median" in one.statement.lower() or "usual" in one.statement.lower() for one in facts_of(held.run).assumptions)
    assert {one.verdict for one in facts_of(held.run).assumptions} == {"held", "untested", "refuted"}


def test_the_same_inputs_are_one_run(space: Workspace, rehearsed: Rehearsal) -> None:
    order = harbour(rehearsed, pages="none")
    first, again = watched(deliver, space, order), watched(deliver, space, order)
    assert again.stored == first.stored
    assert "rank" in first.steps
    assert again.steps == []
    without_files = watched(deliver, space, replace(order, arrivals=()))
    assert without_files.stored == first.stored  # what is stored already is the same input
    assert len(of_owner(space.home, "runs", "harbour", "repurchase")) == 1


def test_two_homes_and_two_clocks_give_the_same_bytes(tmp_path: Path, space: Workspace, trained: Path, rehearsed: Rehearsal) -> None:
    shutil.copytree(trained, tmp_path / "other home")
    later = workspace(tmp_path / "other home", datetime(2031, 2, 3, 22, 59, tzinfo=UTC))
    files = tmp_path / "renamed folder"
    shutil.copytree(rehearsed.folder, files)
    order = harbour(rehearsed, pages="client")
    moved = tuple(replace(each, paths=tuple(files / path.name for path in each.paths)) for each in order.arrivals)
    first, other = delivered(space, order), delivered(later, replace(order, arrivals=moved))
    assert other.id == first.id
    mine, theirs = reproducible(other), reproducible(first)
    assert sorted(mine) == sorted(theirs)
    assert [name for name in mine if mine[name] != theirs[name]] == []
    assert {"manifest.json", "pack/client/index.html", "pack/client/scores.xlsx", "pack/internal/gates.html"} <= set(mine)
    assert other.run["published"] != first.run["published"]


def test_partitions_change_no_score(tmp_path: Path, trained: Path, held: Held, rehearsed: Rehearsal) -> None:
    shutil.copytree(trained, tmp_path / "home")
    small = workspace(tmp_path / "home", partition_rows=1_000)
    other = delivered(small, harbour(rehearsed, pages="none"))
    assert other.id != held.run.id
    assert len(list((newest(small.home, "harbour", "customers").folder / "accepted").iterdir())) == 2
    mine, theirs = scores(other).sort_by("customer_id"), scores(held.run).sort_by("customer_id")
    assert mine.drop_columns("rank").equals(theirs.drop_columns("rank"))
    assert facts_of(other).gates == facts_of(held.run).gates
    assert facts_of(other).filled == facts_of(held.run).filled


def test_as_of_is_the_latest_day_or_the_one_given(held: Held, rehearsed: Rehearsal, tmp_path: Path) -> None:
    shutil.copytree(held.space.home.root, tmp_path / "home")
    told = facts_of(held.run).evidence
    assert (told.as_of, told.as_of_how) == (rehearsed.as_of.isoformat(), "the day on which the newest file was written")
    given = delivered(workspace(tmp_path / "home"), Order("harbour", "repurchase", as_of=date(2026, 8, 15), pages="none"))
    assert facts_of(given).evidence.as_of == "2026-08-15"
    assert facts_of(given).evidence.as_of_how == "given"
    assert any(one.step == "as-of date" and "given" in one.statement for one in facts_of(given).assumptions)
    column = scores(given).join(scores(held.run), "customer_id", right_suffix="_later")
    assert not column.column("score").equals(column.column("score_later"))


def test_the_latest_day_in_the_data_where_no_file_says_when_it_was_written(tmp_path: Path) -> None:
    space = workspace(tmp_path / "home")
    run = delivered(space, Order("harbour", "lifetimes", arrived(tmp_path, "a"), pages="none"))
    assert (run.facts["as_of"], facts_of(run).evidence.as_of_how) == ("2026-06-28", "the latest date in the data")


@pytest.mark.parametrize(("day", "outcome"), [("2026-09-26", "pass"), ("2026-09-27", "fail"), ("2030-01-01", "fail")])
def test_a_day_far_after_the_data_holds_the_pack(tmp_path: Path, day: str, outcome: str) -> None:
    arrival = str(arrived(tmp_path, "a")[0].paths[0])
    done = here("deliver", "harbour/transactions", arrival, "--product", "lifetimes", "--as-of", day, "--json", home=tmp_path / "home")
    told = json.loads(done.stdout)
    assert (told["outcome"], done.exit_code) == (outcome, int(outcome == "fail"))
    found = next(gate for gate in told["gates"] if gate["name"] == "as_of")
    assert found["measured"] == (date.fromisoformat(day) - date(2026, 6, 28)).days
    assert (found["limit"], found["outcome"]) == (90, outcome)
    assert ("can be used" in told["sentence"]) == (outcome == "pass")


@pytest.mark.parametrize(("day", "code"), [("2026-01-27", "AS-OF-BEFORE"), ("2026-01-28", "MODEL-NOT-FITTED")])
def test_a_day_before_the_data_names_the_days_that_there_are(tmp_path: Path, day: str, code: str) -> None:
    arrival = str(arrived(tmp_path, "a")[0].paths[0])
    done = here("deliver", "harbour/transactions", arrival, "--product", "lifetimes", "--as-of", day, "--json", home=tmp_path / "home")
    error = json.loads(done.stdout)["error"]
    assert (done.exit_code, error["code"]) == (1, code)
    assert "the orders run from 2026-01-28 to 2026-06-28" in error["hint"]
    assert "--as-of" in error["hint"]
    assert error["place"] == {"client": "harbour", "feed": "harbour/transactions"}


def arrived(folder: Path, name: str, lines: Lines | None = None) -> tuple[Arrival, ...]:
    """An arrival of some order lines, in a clean file."""
    return (Arrival("harbour/transactions", (order_lines(folder / f"{name}.csv", lines or orders()),)),)


def orders(customers: int = 40) -> Lines:
    """Orders of two lines, on the 28th of some months."""
    days = [(c, m) for c in range(customers) for m in range(1, 7) if (c + m) % (1 + c % 4) == 0]
    return [(f"A{c:03d}{m}", line, f"C{c:03d}", date(2026, m, 28), 1 + c % 3, "10,00") for c, m in days for line in ("1", "2")]


def test_histories_run_over_all_submissions(held: Held, rehearsed: Rehearsal) -> None:
    given = sources(held.space, Order("harbour", "repurchase"), product("repurchase"))
    stored = given["transactions"].submissions
    assert [each.number for each in stored] == [1, 2, 3]
    accepted = pa.concat_tables(pq.read_table(each.folder / "accepted") for each in stored)
    own = accepted.group_by("customer_id").aggregate([("order_id", "count_distinct"), ("quantity", "sum")])
    made = gather(Direct().at(held.run.folder.parent / ".look.steps"), given["transactions"], rehearsed.as_of, "Europe/Berlin")
    shutil.rmtree(held.run.folder.parent / ".look.steps")
    assert made.customers == own.num_rows
    newest_only = pq.read_table(stored[-1].folder / "accepted").column("customer_id").unique()
    assert len(newest_only) < made.customers
    assert facts_of(held.run).feeds[1].submission == ", ".join(each.id for each in stored)


def test_a_line_sent_again_counts_once_as_sent_last(tmp_path: Path) -> None:
    space, lines = workspace(tmp_path / "home"), orders()
    again = [*((o, n, c, d, 9, p) for o, n, c, d, _, p in lines[:6]), ("Z1", "1", "C000", date(2026, 7, 1), 1, "10,00")]
    first = delivered(space, Order("harbour", "lifetimes", arrived(tmp_path, "a", lines), pages="none"))
    both = delivered(space, Order("harbour", "lifetimes", arrived(tmp_path, "b", again), pages="none"))
    assert scores(both).num_rows == scores(first).num_rows
    one, two = (dict(zip(*(scores(run).column(n).to_pylist() for n in ("customer_id", "purchases")), strict=True)) for run in (first, both))
    assert {name: two[name] - one[name] for name in one if two[name] != one[name]} == {"C000": 1}
    assert any(one.evidence == {"lines": 6} and one.step == "join submissions" for one in facts_of(both).assumptions)
    given = sources(space, Order("harbour", "lifetimes"), product("lifetimes"))["transactions"]
    steps = tmp_path / "steps"
    made = gather(Direct().at(steps), given, date(2026, 8, 1), "Europe/Berlin")
    assert (made.lines, made.repeated) == (len(lines) + 1, 6)
    history = pa.concat_tables(pa.ipc.open_file(path).read_all() for path in made.paths)
    sums = dict(zip(history.column("customer_id").to_pylist(), history.column("items").to_pylist(), strict=True))
    expected = {c: sum(q for _, _, other, _, q, _ in [*lines[6:], *again] if other == c) for c in sums}
    assert sums == expected


def test_without_model_and_outcome_the_error_names_the_command(tmp_path: Path) -> None:
    space = workspace(tmp_path / "home")
    path = subscribers(tmp_path / "a.csv", 60, labelled=False)
    with pytest.raises(ModelError, match="MODEL-MISSING") as met:
        delivered(space, Order("telco", "churn", (Arrival(TELCO, (path,)),)))
    assert "millrace train churn --reference TABLE|CLIENT/FEED" in str(met.value.hint)
    assert str(met.value.place) == f"client telco, feed {TELCO}"
    assert of_owner(space.home, "runs", "telco", "churn") == []
    assert newest(space.home, "telco", "subscribers")  # the submission itself is sound, and stays


def test_too_short_a_history_shows_no_outcome(tmp_path: Path) -> None:
    space = workspace(tmp_path / "home")
    from tests.flows.test_intake_flow import customers

    taken_in(space, "harbour/customers", customers(tmp_path / "customers.csv"))
    with pytest.raises(ModelError, match="MODEL-MISSING"):
        delivered(space, Order("harbour", "repurchase", arrived(tmp_path, "a"), pages="none"))


def test_a_model_that_may_not_serve_the_client_is_not_used(tmp_path: Path, rehearsed: Rehearsal) -> None:
    space = workspace(tmp_path / "home")
    version, card = Direct().conduct(train, space, Trainee("repurchase", str(rehearsed.research), ("sprocket",)))
    assert version.champion
    assert not card.scope.allows("harbour")
    run = delivered(space, harbour(rehearsed, pages="none"))
    trust = facts_of(run).trust
    assert (trust.models[0].name, trust.models[0].version) == ("repurchase.harbour", "this file")
    assert trust.models[0].out_of_fold
    assert not trust.drift_judged
    assert "Drift was not judged" in facts_of(run).verdict.sentence
    assert not [gate for gate in facts_of(run).gates if gate.unit == "PSI"]


def test_a_model_is_pinned_by_its_bytes(space: Workspace, rehearsed: Rehearsal) -> None:
    run = delivered(space, harbour(rehearsed, pages="none"))
    other = Direct().conduct(train, space, Trainee("repurchase", str(rehearsed.research), as_of=date(2026, 5, 1)))[0]
    assert (other.version, other.champion) == ("0002", False)
    assert delivered(space, harbour(rehearsed, pages="none")) == run  # not in use, so nothing changed
    from models import store

    store.promote(space.home.root, "repurchase", "0002")
    second = delivered(space, harbour(rehearsed, pages="none"))
    assert second.facts["model"] == "repurchase@0002"
    assert second.id != run.id


def test_out_of_fold_on_a_labelled_file(tmp_path: Path) -> None:
    space = workspace(tmp_path / "home")
    path = subscribers(tmp_path / "a.csv", 800, Churn=lambda n: "" if n % 8 == 0 else "Yes" if n % 3 == 0 else "No")
    run = delivered(space, Order("telco", "churn", (Arrival(TELCO, (path,)),), pages="none"))
    facts = facts_of(run)
    assert scores(run).num_rows == 800  # those without an outcome, too
    assert facts.trust.models[0].rows == 700
    assert facts.trust.accuracy is not None
    assert facts.trust.accuracy.value < 0.6  # the outcome follows the row number, which nothing may read
    score = dict(zip(*(scores(run).column(name).to_pylist() for name in ("customer_id", "score")), strict=True))
    ordered = np.array([score[f"{1000 + n}-TEST"] for n in range(800) if n % 8])
    outcome = np.array([n % 3 == 0 for n in range(800) if n % 8])
    assert quality(outcome, ordered).auc < 0.6  # a model that had seen the outcome would know it
    assert "do not choose customers by them" in facts.verdict.sentence
    assert run.facts["known_outcome"]


def test_the_pack_says_that_the_model_had_seen_the_outcomes(tmp_path: Path) -> None:
    space, path = workspace(tmp_path / "home"), subscribers(tmp_path / "a.csv")
    taken_in(space, TELCO, path)
    version, _ = Direct().conduct(train, space, Trainee("churn", TELCO))
    assert version.name == "churn.telco"
    run = delivered(space, Order("telco", "churn", pages="client"))
    facts = facts_of(run)
    said = "600 of 600 customers are among the rows that the model learned from"
    assert facts.notes == (f"{said}: when it scored them, it had seen the outcome that they had then.",)
    assert not facts.trust.models[0].out_of_fold
    page = (run.folder / "pack/client/index.html").read_text(encoding="utf-8")
    assert "it had seen the outcome that they had then" in page
    fresh = subscribers(tmp_path / "b.csv", 500, seed=4, customerID=lambda n: f"{9_000 + n}-NEW")
    other = facts_of(delivered(space, Order("telco", "churn", (Arrival(TELCO, (fresh,)),), pages="none")))
    assert other.trust.models[0].out_of_fold
    assert other.notes == ()
    assert other.trust.accuracy is not None
    assert (other.trust.accuracy.rows, other.trust.accuracy.value > 0.65) == (500, True)
    assert "whose outcomes the model had not seen" in other.trust.accuracy.sentence


def test_a_draft_marks_the_pack(tmp_path: Path) -> None:
    space = workspace(tmp_path / "home", clients=clients(tmp_path / "clients", "telco", subscribers=("status: confirmed", "status: draft")))
    arrival = Arrival(TELCO, (subscribers(tmp_path / "a.csv", 300),), draft=True)
    run = delivered(space, Order("telco", "churn", (arrival,), draft=True, pages="client"))
    assert run.facts["status"] == "DRAFT"
    assert TELCO in facts_of(run).status.reason
    assert "DRAFT" in (run.folder / "pack/client/index.html").read_text(encoding="utf-8")


def test_a_named_submission_is_used_instead_of_the_newest(tmp_path: Path) -> None:
    space = workspace(tmp_path / "home")
    old = taken_in(space, TELCO, subscribers(tmp_path / "a.csv", 300))
    taken_in(space, TELCO, subscribers(tmp_path / "b.csv", 350))
    assert delivered(space, Order("telco", "churn", pages="none")).facts["scored"] == 350
    assert delivered(space, Order("telco", "churn", submissions=(old.id[:10],), pages="none")).facts["scored"] == 300
    with pytest.raises(RunError, match="RUN-UNKNOWN"):
        delivered(space, Order("telco", "churn", submissions=("feedface",), pages="none"))


def test_no_usable_row_stops_the_delivery(tmp_path: Path) -> None:
    space = workspace(tmp_path / "home")
    path = subscribers(tmp_path / "a.csv", 30, customerID="")
    with pytest.raises(RowsError, match="ROWS-NONE"):
        delivered(space, Order("telco", "churn", (Arrival(TELCO, (path,)),)))


def test_a_damaged_submission_is_not_delivered(tmp_path: Path) -> None:
    space = workspace(tmp_path / "home")
    stored = taken_in(space, TELCO, subscribers(tmp_path / "a.csv", 300))
    path = next((stored.folder / "accepted").iterdir())
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(RunError, match="RUN-DAMAGED") as met:
        delivered(space, Order("telco", "churn"))
    assert met.value.details == ("accepted/part-00000.parquet: changed",)
    with pytest.raises(RunError):
        sound(stored)


@pytest.mark.shared
def test_telco_out_of_fold(shared: Path, tmp_path: Path) -> None:
    file = shared / "data/telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv"
    run = delivered(workspace(tmp_path / "home"), Order("telco", "churn", (Arrival(TELCO, (file,)),), pages="client"))
    facts = facts_of(run)
    assert run.facts["ledger"] == {"accepted": 7_043, "quarantined": {}, "records": 7_044, "set_aside": {"header": 1}}
    assert scores(run).num_rows == 7_043
    accuracy = facts.trust.accuracy
    assert accuracy is not None
    assert accuracy.value >= 0.84
    assert accuracy.error is not None
    assert 0.003 < accuracy.error < 0.008
    assert facts.trust.models[0].out_of_fold
    assert (facts.status.word, facts.trust.drift_judged) == ("READY", False)
    assert not [gate for gate in facts.gates if gate.unit == "PSI"]
    page = (run.folder / "pack/client/index.html").read_text(encoding="utf-8")
    assert "trained on this file; drift not judged" in page.lower()
    names = {entry.name for entry in facts.filled}
    assert {"internet_service", "senior_citizen", "tenure_months"} <= names  # the feed's own fields are inputs
    assert "churned" not in names
    assert facts.trust.too_good is None


@pytest.mark.shared
def test_bank_without_the_length_of_the_call(shared: Path, tmp_path: Path) -> None:
    space, whole = workspace(tmp_path / "home"), shared / "data/bank-marketing/bank-full.csv"
    lines = whole.read_bytes().splitlines(keepends=True)
    part = tmp_path / "bank.csv"
    part.write_bytes(b"".join([lines[0], *lines[1::5]]))
    run = delivered(space, Order("bank", "response", (Arrival("bank/prospects", (part,)),), pages="client"))
    facts = facts_of(run)
    accuracy, much = facts.trust.accuracy, facts.trust.too_good
    assert accuracy is not None
    assert much is not None
    assert 0.74 < accuracy.value < 0.84
    assert 0.89 < much.value < 0.96
    assert facts.trust.leak == "Length of the call"
    assert "call_seconds" not in {entry.name for entry in facts.filled}
    assert any(one.statement.startswith("Length of the call is known only after the outcome") for one in facts.assumptions)
    page = (run.folder / "pack/client/index.html").read_text(encoding="utf-8")
    assert "Length of the call" in page
    assert f"{much.value:.3f}" in page
    assert any("number of the record" in note for note in facts.notes)
    assert set(scores(run).column("customer_id").to_pylist()) <= {str(n) for n in range(1, len(lines) + 1)}
    assert (run.facts["as_of"], {"contact_day", "contacted_on"} & {entry.name for entry in facts.filled}) == ("", set())


@pytest.mark.shared
def test_some_days_of_online_retail(shared: Path, tmp_path: Path) -> None:
    files = tuple(sorted((shared / "data/online-retail/by-day").iterdir()))[::8]
    space = workspace(tmp_path / "home")
    run = delivered(space, Order("onlineretail", "lifetimes", (Arrival("onlineretail/transactions", files),), pages="client"))
    table, facts = scores(run), facts_of(run)
    assert list(failing(contracts.get("lifetimes").schema(), table.to_pandas(types_mapper=pd.ArrowDtype))) == []
    assert facts.trust.models[0].trained_on == "BG/NBD, fitted on this very file"
    assert "fitted on this very file" in (run.folder / "pack/client/index.html").read_text(encoding="utf-8")
    assert facts.feeds[0].ledger.quarantined.keys() == {"customer_id:not_null"}
    assert not [name for name in table.column("customer_id").to_pylist() if not name.isdecimal()]  # 17850.0 is customer 17850
    lines = pq.read_table(newest(space.home, "onlineretail", "transactions").folder / "accepted")
    assert pc.min(lines.column("quantity")).as_py() < 0
    bought = lines.filter(pc.greater(lines.column("quantity"), 0))
    assert set(table.column("customer_id").to_pylist()) <= set(bought.column("customer_id").to_pylist())
    expected = pc.sum(table.column("expected_purchases")).as_py()
    assert f"{round(expected):,} purchase days" in facts.notes[0]


@pytest.mark.shared
def test_all_of_online_retail(shared: Path, tmp_path: Path) -> None:
    files = tuple(sorted((shared / "data/online-retail/by-day").iterdir()))
    assert len(files) == 219
    space = workspace(tmp_path / "home")
    run = delivered(space, Order("onlineretail", "lifetimes", (Arrival("onlineretail/transactions", files),), pages="none"))
    ledger = Ledger.from_dict(run.facts["ledger"])
    assert ledger.set_aside == {"header": 219}
    assert ledger.quarantined.keys() == {"customer_id:not_null"}
    assert 0.25 < ledger.rows_quarantined / ledger.records < 0.3
    facts = facts_of(run)
    assert facts.trust.accuracy is not None
    assert facts.trust.accuracy.value > 0.72
    assert [one.verdict for one in facts.assumptions if "the next horizon will be like the last" in one.statement] == ["held"]
    assert facts.status.word == "READY"


@pytest.mark.shared
def test_sprocket_joins_the_sheets_of_one_workbook(shared: Path, tmp_path: Path) -> None:
    book = next((shared / "data/kpmg-sprocket").glob("*.xlsx"))
    arrivals = tuple(Arrival(f"sprocket/{feed}", (book,)) for feed in ("customers", "transactions"))
    space = workspace(tmp_path / "home")
    run = delivered(space, Order("sprocket", "repurchase", arrivals, pages="client"))
    facts = facts_of(run)
    assert {feed.name: feed.ledger.accepted for feed in facts.feeds} == {"sprocket/customers": 4_000, "sprocket/transactions": 20_000}
    filled = {entry.name: entry for entry in facts.filled}
    assert filled["property_valuation"].supplied + filled["property_valuation"].absent == 4_000  # of the address sheet
    assert 0 < filled["property_valuation"].absent <= 4
    assert filled["orders"].derived > 3_400
    assert "deceased_indicator" not in filled
    assert facts.trust.models[0].out_of_fold
    assert "no better than chance" in facts.verdict.sentence  # the days of these orders are drawn by lot
