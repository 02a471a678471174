"""First training: reference rows without keys, a model measured out of fold, leaks set aside, versions in and out of use."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from contracts.errors import MillraceError, ModelError, SettingsError, SourceError
from flows.choosing import choose
from flows.deliver import deliver
from flows.direct_conductor import Direct
from flows.doctor.storage import stored as doctor
from flows.order import Order
from flows.products import get as product
from flows.rehearsal.rehearsal import Rehearsal
from flows.train import train
from flows.trainee import Trainee
from flows.workspace import Workspace
from models import reference, store
from models.card import Card
from models.store import Version
from tests.flows.delivering import clients, here, millrace, subscribers, taken_in, workspace

FEED = "telco/subscribers"


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A workspace without anything."""
    return workspace(tmp_path / "home")


def trained_by(space: Workspace, model: str, source: Path | str, *allowed: str, **more: date) -> tuple[Version, Card]:
    version, card = Direct().conduct(train, space, Trainee(model, str(source), allowed, **more))
    assert isinstance(version, Version)
    assert isinstance(card, Card)
    return version, card


def research(rows: int = 400, **more: pa.Array) -> pa.Table:
    """An invented research table: people who visit come back."""
    draw = np.random.default_rng(5)
    visits = draw.poisson(3, rows)
    outcome = draw.random(rows) < 1 / (1 + np.exp(3 - visits))
    table = {
        "customer_id": pa.array([f"KEY-{n:05d}" for n in range(rows)]), "age": pa.array(draw.integers(18, 90, rows)),
        "segment": pa.array(draw.choice(["vip", "new"], rows)), "visits_90": pa.array(visits),
        "seen_on": pa.array([date(2026, 1, 1)] * rows),
    }  # fmt: skip
    return pa.table({**table, **more, "repurchased": pa.array(outcome)})


def written(table: pa.Table, path: Path) -> Path:
    (pq.write_table if path.suffix == ".parquet" else pacsv.write_csv)(table, path)
    return path


def test_a_table_becomes_a_model_in_use(bare: Workspace, tmp_path: Path) -> None:
    version, card = trained_by(bare, "repurchase", written(research(), tmp_path / "r.parquet"), as_of=date(2026, 1, 1))
    assert (version.id, version.champion) == ("repurchase@0001", True)
    assert [given.name for given in card.inputs] == ["age", "segment", "visits_90"]  # no key, no day, no outcome
    assert [given.kind for given in card.inputs] == ["number", "category", "number"]
    assert (card.scope.owner, card.scope.allowed) == ("house", ("harbour", "sprocket"))  # who order the product
    assert (card.trained.rows, card.trained.as_of, card.trained.label) == (400, "2026-01-01", "repurchased")
    assert card.quality is not None
    assert card.quality.auc > 0.7
    assert card.too_good is None


def test_csv_and_parquet_teach_the_same(tmp_path: Path) -> None:
    table = research().drop_columns("seen_on")
    cards = [
        trained_by(workspace(tmp_path / f"home-{kind}"), "repurchase", written(table, tmp_path / f"r.{kind}"))[1]
        for kind in ("csv", "parquet")
    ]
    assert cards[0].quality == cards[1].quality
    assert cards[0].inputs == cards[1].inputs


def test_the_reference_holds_tokens_and_no_key(bare: Workspace, tmp_path: Path) -> None:
    table = research()
    _, card = trained_by(bare, "repurchase", written(table, tmp_path / "r.parquet"))
    rows, facts = reference.load(bare.home.root, "repurchase", card.trained.reference)
    assert rows.column_names == ["token", "age", "segment", "visits_90", "repurchased"]
    assert len(pc.unique(rows.column("token"))) == 400
    assert facts.scope == card.scope
    for path in bare.home.root.rglob("*"):
        if path.is_file():
            assert b"KEY-0" not in path.read_bytes(), path.name
    assert not any("KEY-0" in str(rows.column(name).to_pylist()) for name in rows.column_names)


def test_identifiers_are_never_inputs(bare: Workspace, tmp_path: Path) -> None:
    people = {name: pa.array([f"Quirinusla {n}" for n in range(400)]) for name in ("last_name", "email", "street")}
    _, card = trained_by(bare, "repurchase", written(research(**people), tmp_path / "r.parquet"))
    assert {given.name for given in (*card.inputs, *card.dropped)} == {"age", "segment", "visits_90"}
    rows, _ = reference.load(bare.home.root, "repurchase", card.trained.reference)
    assert not {*people} & {*rows.column_names}


def test_the_same_rows_are_the_same_version(bare: Workspace, tmp_path: Path) -> None:
    path = written(research(), tmp_path / "r.parquet")
    first, again = trained_by(bare, "repurchase", path), trained_by(bare, "repurchase", path)
    assert again == first
    other, _ = trained_by(bare, "repurchase", written(research(410), tmp_path / "more.parquet"))
    assert (other.version, other.champion) == ("0002", False)  # a later version waits for promotion
    assert store.champion(bare.home.root, "repurchase") == "0001"


def test_what_knows_the_outcome_is_set_aside(bare: Workspace, tmp_path: Path) -> None:
    table = research()
    refund = pc.if_else(table.column("repurchased"), 5.0, 0.0).combine_chunks()
    _, card = trained_by(bare, "repurchase", written(research(refund=refund), tmp_path / "r.parquet"))
    assert "refund" not in {given.name for given in card.inputs}
    assert card.too_good is not None
    assert card.too_good.fields == ("refund",)
    assert card.quality is not None
    assert card.too_good.auc > 0.99 > card.quality.auc


def test_a_feed_teaches_its_own_client_alone(bare: Workspace, tmp_path: Path) -> None:
    submission = taken_in(bare, FEED, subscribers(tmp_path / "a.csv", 400))
    version, card = trained_by(bare, "churn", FEED)
    assert (version.id, version.champion) == ("churn.telco@0001", True)
    assert (card.scope.owner, card.scope.allowed) == ("telco", ())
    assert "contract_term" in {given.name for given in card.inputs}
    rows, facts = reference.load(bare.home.root, "churn.telco", card.trained.reference)
    assert (facts.source, facts.rows, facts.label) == (submission.id, 400, "churned")
    assert "customer_id" not in rows.column_names
    assert not [name for name in rows.column("token").to_pylist() if name.endswith("-TEST")]
    assert not list(bare.home.root.glob("runs/*/*/*.part")) + list(bare.home.root.glob("runs/*/*/.*.steps"))
    assert trained_by(bare, "churn", FEED)[0] == version
    newer = taken_in(bare, FEED, subscribers(tmp_path / "b.csv", 420))
    other, card = trained_by(bare, "churn", FEED, "bank")
    assert (other.version, card.scope.allowed) == ("0002", ("bank",))
    assert reference.load(bare.home.root, "churn.telco", card.trained.reference)[1].source == newer.id


def test_stored_models_of_which_none_is_in_use_are_not_passed_over(bare: Workspace, tmp_path: Path) -> None:
    taken_in(bare, FEED, subscribers(tmp_path / "a.csv", 300))
    trained_by(bare, "churn", FEED)
    assert (chosen := choose(bare.home, product("churn"), "telco")) is not None
    (bare.home.models / "churn.telco" / "champion.json").unlink()
    with pytest.raises(ModelError, match=r"MODEL-MISSING: .* stored, but none is in use") as met:
        Direct().conduct(deliver, bare, Order("telco", "churn", pages="none"))
    assert "millrace models promote churn.telco@0001" in str(met.value.hint)
    assert choose(bare.home, product("churn"), "bank") is None  # for whom it may not be used
    assert here("models", "promote", "churn.telco@0001", home=bare.home.root).exit_code == 0
    assert choose(bare.home, product("churn"), "telco") == chosen


@pytest.mark.parametrize("harm", ["a byte", "another reference", "secret"])
def test_damaged_references_and_secrets_are_named_and_stop_a_delivery(bare: Workspace, tmp_path: Path, harm: str) -> None:
    taken_in(bare, FEED, subscribers(tmp_path / "a.csv", 300))
    digest = trained_by(bare, "churn", FEED)[1].trained.reference
    place, code = bare.home.references / "churn.telco" / digest, "MODEL-DAMAGED"
    assert here("runs", "verify", home=bare.home.root).exit_code == 0
    if harm == "a byte":
        data = (place / "rows.parquet").read_bytes()
        (place / "rows.parquet").write_bytes(data[:50] + bytes([data[50] ^ 1]) + data[51:])
    elif harm == "another reference":
        other = trained_by(bare, "churn.bank", written(research(churned=research().column("repurchased")), tmp_path / "r.parquet"))[1]
        shutil.rmtree(place)
        shutil.copytree(bare.home.references / "churn.bank" / other.trained.reference, place)
    else:
        (bare.home.keys / "telco.key").write_bytes(bytes(32))
        place, code = bare.home.root / "keys" / "telco", "KEY-DAMAGED"
    told = here("runs", "verify", home=bare.home.root)
    assert told.exit_code == 1
    named = place.relative_to(bare.home.root).as_posix()
    assert f"{named}  1 damaged" in told.stdout.splitlines()
    assert [finding.text for finding in doctor(bare.home) if named in finding.text and finding.state == "wrong"]
    done = here("deliver", "telco", "--product", "churn", "--json", home=bare.home.root)
    assert (done.exit_code, json.loads(done.stdout)["error"]["code"]) == (1, code)


def test_a_history_teaches_what_followed(tmp_path: Path, rehearsed: Rehearsal) -> None:
    space = workspace(tmp_path / "home")
    taken_in(space, "harbour/customers", rehearsed.newest("customers").path)
    for file in rehearsed.of("transactions"):
        taken_in(space, "harbour/transactions", file.path)
    version, card = trained_by(space, "repurchase", "harbour/customers")
    assert version.name == "repurchase.harbour"
    assert (card.trained.label, card.trained.as_of) == ("repurchased", rehearsed.as_of.isoformat())
    assert card.quality is not None
    assert card.quality.auc > 0.6
    assert any(one.step == "learn from history" for one in card.assumptions)


def test_a_declared_leak_is_reported_and_not_read(bare: Workspace, tmp_path: Path) -> None:
    folder = clients(tmp_path / "clients", "telco", subscribers=("type: flag}\n  # Services", "type: flag, role: leak}\n  # Services"))
    space = workspace(tmp_path / "home", clients=folder)
    taken_in(space, FEED, subscribers(tmp_path / "a.csv", 400))
    _, card = trained_by(space, "churn", FEED)
    assert card.too_good is not None
    assert card.too_good.fields == ("paperless_billing",)
    assert "paperless_billing" not in {given.name for given in (*card.inputs, *card.dropped)}


REFUSED: dict[str, tuple[type[MillraceError], str]] = {
    "repurchased missing": (SettingsError, "LABEL-MISSING"),
    "repurchased in other words": (SettingsError, "LABEL-WORDS"),
    "repurchased with holes": (ModelError, "MODEL-LABEL"),
    "never repurchased": (ModelError, "MODEL-"),
    "no rows": (SourceError, "SOURCE-EMPTY"),
    "no table": (SourceError, "SOURCE-KIND"),
    "no file": (SourceError, "SOURCE-MISSING"),
}


def spoilt(name: str, path: Path) -> Path:
    table = research()
    column = table.column_names.index("repurchased")
    words = {"repurchased in other words": ["perhaps", "surely"], "repurchased with holes": ["yes", ""], "never repurchased": ["no", "no"]}
    if name in words:
        table = table.set_column(column, "repurchased", pa.array(words[name] * 200))
    elif name == "repurchased missing":
        table = table.rename_columns([*table.column_names[:-1], "repurchase"])
    elif name == "no rows":
        table = table.slice(0, 0)
    elif name != "no file":
        path.write_bytes(b"PAR1 nothing of the kind")
        return path
    return path if name == "no file" else written(table, path)


@pytest.mark.parametrize("name", REFUSED)
def test_rows_that_teach_nothing_are_refused(bare: Workspace, tmp_path: Path, name: str) -> None:
    kind, code = REFUSED[name]
    path = tmp_path / ("r.csv" if name == "repurchased with holes" else "r.parquet")
    with pytest.raises(kind, match=code) as met:
        trained_by(bare, "repurchase", spoilt(name, path))
    if name == "repurchased missing":
        assert met.value.hint == "is it 'repurchase'? rename it"
    assert "perhaps" not in "\n".join(met.value.lines())
    assert store.names(bare.home.root) == ()


@pytest.mark.parametrize(
    ("model", "source", "code"),
    [
        ("chrun", FEED, "PRODUCT-UNKNOWN"),
        ("lifetimes", FEED, "PRODUCT-FITTED"),
        ("churn", "telco/subscriber", "FEED-UNKNOWN"),
        ("churn", FEED, "SUBMISSION-MISSING"),
    ],
)
def test_what_cannot_be_trained(bare: Workspace, model: str, source: str, code: str) -> None:
    with pytest.raises(MillraceError, match=code):
        trained_by(bare, model, source)


def test_a_feed_without_outcomes_teaches_nothing(bare: Workspace, tmp_path: Path) -> None:
    taken_in(bare, FEED, subscribers(tmp_path / "a.csv", 60, labelled=False))
    with pytest.raises(ModelError, match="MODEL-MISSING"):
        trained_by(bare, "churn", FEED)


def test_train_promote_and_roll_back_by_the_command(tmp_path: Path) -> None:
    home = tmp_path / "home"
    for name, rows in (("a", 400), ("b", 410)):
        written(research(rows), tmp_path / f"{name}.parquet")
    a, b = (tmp_path / f"{name}.parquet" for name in "ab")
    first = here("train", "repurchase", "--reference", a, "--for", "harbour", "--as-of", "2026-01-01", home=home)
    assert first.exit_code == 0, first.stderr
    lines = first.stdout.splitlines()
    assert lines[0] == "repurchase@0001  in use"
    assert "may serve  harbour" in lines
    assert any(line.startswith("accuracy   AUC 0.") for line in lines)
    second = json.loads(here("train", "repurchase", "--reference", b, "--json", home=home).stdout)
    assert (second["version"], second["champion"]) == ("0002", False)
    assert here("models", "promote", "repurchase@0002", home=home).stdout == "repurchase@0002  in use\n"
    assert [each["champion"] for each in json.loads(here("models", "list", "--json", home=home).stdout)] == [False, True]
    back = millrace("models", "rollback", "repurchase", home=home)
    assert back.stdout == "repurchase@0001  in use\n"
    assert here("models", "show", "repurchase", home=home).stdout.splitlines()[0] == "repurchase@0001  in use"
    again = here("models", "rollback", "repurchase", home=home)
    assert again.exit_code == 1
    assert again.stderr.startswith("MODEL-NO-EARLIER")
    unknown = here("train", "repurchase", "--reference", a, "--for", "habour", home=home)
    assert (unknown.exit_code, unknown.stderr.split(":")[0]) == (1, "CLIENT-UNKNOWN")
    unnamed = here("models", "promote", "repurchase", home=home)
    assert (unnamed.exit_code, unnamed.stderr.split(":")[0]) == (1, "MODEL-VERSION")
