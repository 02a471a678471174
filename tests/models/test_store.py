"""Stored models: whole or not there, never loaded when changed, one in use."""

from __future__ import annotations

import builtins
import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier

from contracts.assumption import Assumption
from contracts.digest import canonical_json
from contracts.errors import ModelError
from models import estimator_file, folder, store
from models.card import Card, TooGood, Trained
from models.estimator import Propensity, fit, out_of_fold
from models.inputs import Input
from models.lifetimes import BgNbd
from models.metrics import quality
from models.scope import Scope

CARD = Card("churn.telco", "churn", Scope("telco", ("bank",)), Trained("ab" * 16, 500, "churned", 0.4, "2024-05-01"))
BASE = BgNbd(0.3, 40.0, 0.8, 2.5, "days", -100.5, 10, 8, 1e-9)
TABLE = pa.table({"spend": np.random.default_rng(1).normal(size=500), "plan": ["a", "b", "c", "d", "e"] * 100})
LABEL = TABLE["spend"].to_numpy() + np.random.default_rng(2).normal(size=500) > 0
INPUTS = [Input("spend", "number"), Input("plan", "category")]


@pytest.fixture(scope="module")
def model() -> Propensity:
    return fit(TABLE, LABEL, INPUTS, seed=3)


@pytest.fixture
def stored(tmp_path: Path, model: Propensity) -> Path:
    """A home with one version in use."""
    store.promote(tmp_path, "churn.telco", store.save(tmp_path, CARD, model, {"rows": 500}).version)
    return tmp_path


def test_a_model_comes_back_with_the_same_scores(tmp_path: Path, model: Propensity) -> None:
    honest = out_of_fold(TABLE, LABEL, INPUTS, seed=3)
    card = replace(
        CARD, quality=quality(LABEL, honest.scores, honest.folds), too_good=TooGood(("duration",), 0.93, 0.01),
        assumptions=(Assumption("train", "rows are like the client's", {"rows": 500}),),
    )  # fmt: skip
    saved = store.save(tmp_path, card, model, {"rows": 500})
    back = store.load(tmp_path, "churn.telco", saved.version, client="bank")
    assert isinstance(back.model, Propensity)
    np.testing.assert_array_equal(back.model.scores(TABLE), model.scores(TABLE))
    assert (back.model.columns, back.model.dropped, back.model.seed) == (model.columns, model.dropped, 3)
    assert back.card == replace(card, version="0001", inputs=model.inputs, seed=3)
    assert back.card.id == saved.id == "churn.telco@0001"
    assert (back.profile, back.version) == ({"rows": 500}, saved)


def test_lifetimes_are_kept_in_the_card_alone(tmp_path: Path) -> None:
    store.promote(tmp_path, "lifetimes.shop", store.save(tmp_path, replace(CARD, name="lifetimes.shop"), BASE).version)
    assert sorted(p.name for p in (tmp_path / "models/lifetimes.shop/0001").iterdir()) == ["card.json", "manifest.json"]
    back = store.load(tmp_path, "lifetimes.shop")
    assert (back.model, back.profile, back.version.champion) == (BASE, None, True)


def test_everything_is_private(stored: Path) -> None:
    for path in (stored / "models").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_the_client_must_be_in_scope(stored: Path) -> None:
    with pytest.raises(ModelError) as caught:
        store.load(stored, "churn.telco", client="rival")
    assert caught.value.code == "MODEL-SCOPE"
    assert caught.value.expected == "bank, telco"


def code_of(home: Path, *names: str) -> str:
    with pytest.raises(ModelError) as caught:
        store.load(home, *names)
    return caught.value.code


def test_missing_names_the_next_step(tmp_path: Path, model: Propensity) -> None:
    def hint(*names: str) -> str | None:
        with pytest.raises(ModelError) as caught:
            store.load(tmp_path, *names)
        assert caught.value.code == "MODEL-MISSING"
        return caught.value.hint or caught.value.expected

    assert hint("churn.telco") == "millrace train churn --reference TABLE|CLIENT/FEED"
    store.save(tmp_path, CARD, BASE)
    assert hint("churn.telco") == "millrace models promote churn.telco@0001"
    assert hint("churn.telco", "0007") == "name one of these"
    assert store.names(tmp_path) == ("churn.telco",)


@pytest.mark.parametrize("name", ["../churn", "a/b", "", ".hidden", "A", "a..b"])
def test_names_stay_inside_the_home(stored: Path, name: str) -> None:
    assert code_of(stored, name) == "MODEL-NAME"
    assert code_of(stored, "churn.telco", name or "..") == "MODEL-NAME"


def test_every_flipped_bit_is_refused(stored: Path) -> None:
    place = stored / "models" / "churn.telco"
    chance = np.random.default_rng(0)
    for path in [*sorted((place / "0001").iterdir()), place / "champion.json"]:
        whole = path.read_bytes()
        sample = range(len(whole)) if len(whole) < 700 else sorted(chance.choice(len(whole), 60, replace=False))
        for position in (0, len(whole) - 1, *sample):
            bent = bytearray(whole)
            bent[position] ^= 1 << int(chance.integers(8))
            path.write_bytes(bent)
            assert code_of(stored, "churn.telco") == "MODEL-DAMAGED", (path.name, position)
        path.write_bytes(whole[:-1])
        assert code_of(stored, "churn.telco") == "MODEL-DAMAGED"
        path.write_bytes(whole)
    assert store.load(stored, "churn.telco").card.name == "churn.telco"


def test_a_file_too_many_or_too_few_is_refused(stored: Path) -> None:
    place = stored / "models" / "churn.telco" / "0001"
    (place / "extra.json").write_text("{}")
    assert code_of(stored, "churn.telco") == "MODEL-DAMAGED"
    (place / "extra.json").unlink()
    (place / "model.skops").unlink()
    assert code_of(stored, "churn.telco") == "MODEL-DAMAGED"


def forge(home: Path, files: dict[str, bytes]) -> None:
    """Put files into the stored version, with a manifest that fits them."""
    place = home / "models" / "churn.telco" / "0001"
    held = {p.name: p.read_bytes() for p in place.iterdir() if p.name != folder.MANIFEST} | files
    for name, data in {**held, folder.MANIFEST: canonical_json(folder.sealed(held))}.items():
        (place / name).write_bytes(data)


def test_a_foreign_type_is_refused_at_both_ends(stored: Path, model: Propensity, monkeypatch: pytest.MonkeyPatch) -> None:
    values = model.matrix(TABLE.slice(0, 100)).values
    forest = CalibratedClassifierCV(RandomForestClassifier(3), ensemble=False, cv=2).fit(values, LABEL[:100])
    foreign = replace(model, estimator=forest)
    with pytest.raises(ModelError) as caught:
        store.save(stored, CARD, foreign)
    assert caught.value.code == "MODEL-UNKNOWN-TYPE"
    assert "Tree" in str(caught.value.found)
    assert [v.version for v in store.versions(stored, "churn.telco")] == ["0001"]
    with monkeypatch.context() as patch:
        patch.setattr(estimator_file, "check_types", lambda data: None)
        forged = store._files(foreign)
    forge(stored, forged)
    assert code_of(stored, "churn.telco") == "MODEL-UNKNOWN-TYPE"


def test_a_forged_file_is_refused(stored: Path, model: Propensity) -> None:
    forge(stored, {"model.skops": b"not a zip at all"})
    assert code_of(stored, "churn.telco") == "MODEL-DAMAGED"
    fewer = fit(TABLE, LABEL, INPUTS[:1], seed=3)
    forge(stored, {"model.skops": store._files(fewer)["model.skops"]})
    assert code_of(stored, "churn.telco") == "MODEL-DAMAGED"


def test_a_model_of_another_scikit_learn_is_refused(stored: Path) -> None:
    card = json.loads((stored / "models/churn.telco/0001/card.json").read_bytes())
    card["libraries"]["scikit-learn"] = "1.2.0"
    forge(stored, {"card.json": canonical_json(card)})
    assert code_of(stored, "churn.telco") == "MODEL-OTHER-LIBRARY"


def test_promotion_and_rollback(tmp_path: Path) -> None:
    for _ in range(3):
        store.save(tmp_path, CARD, BASE)
    assert store.champion(tmp_path, "churn.telco") is None
    for version in ("0001", "0003", "0003", "0002"):
        assert store.promote(tmp_path, "churn.telco", version).champion
    assert [(v.version, v.champion) for v in store.versions(tmp_path, "churn.telco")] == [("0001", False), ("0002", True), ("0003", False)]
    assert store.rollback(tmp_path, "churn.telco").version == "0003"
    assert store.show(tmp_path, "churn.telco").version == "0003"
    assert store.rollback(tmp_path, "churn.telco").version == "0001"
    with pytest.raises(ModelError, match="MODEL-NO-EARLIER"):
        store.rollback(tmp_path, "churn.telco")
    assert store.champion(tmp_path, "churn.telco") == "0001"
    with pytest.raises(ModelError, match="MODEL-MISSING"):
        store.promote(tmp_path, "churn.telco", "0009")
    with pytest.raises(ModelError, match="MODEL-MISSING"):
        store.rollback(tmp_path, "other.name")


def test_a_damaged_version_is_not_put_in_use(tmp_path: Path) -> None:
    for _ in range(2):
        store.save(tmp_path, CARD, BASE)
    store.promote(tmp_path, "churn.telco", "0001")
    (tmp_path / "models/churn.telco/0002/card.json").write_bytes(b"{}")
    with pytest.raises(ModelError, match="MODEL-DAMAGED"):
        store.promote(tmp_path, "churn.telco", "0002")
    assert store.champion(tmp_path, "churn.telco") == "0001"


class Killed(BaseException):
    """The process ends here."""


CALLS = ("mkdir", "open", "fdopen", "fsync", "rename", "replace", "close")


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[str]]:
    """Arm a kill at the n-th call to the operating system; nothing is cleaned up after it, as nobody would be there to do so."""

    def arm(at: int) -> list[str]:
        seen: list[str] = []
        for name in CALLS:
            monkeypatch.setattr(os, name, deadly(getattr(os, name), name, seen, at))
        monkeypatch.setattr(builtins, "open", deadly(open, "plain open", seen, at))
        monkeypatch.setattr(io, "open", deadly(open, "plain open", seen, at))
        monkeypatch.setattr(shutil, "rmtree", deadly(shutil.rmtree, "rmtree", seen, at))
        monkeypatch.setattr(Path, "unlink", deadly(Path.unlink, "unlink", seen, at))
        return seen

    def deadly(real: Any, name: str, seen: list[str], at: int) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            if len(seen) == at:
                raise Killed
            seen.append(name)
            return real(*args, **kwargs)

        return call

    return arm


def test_a_kill_anywhere_leaves_only_whole_versions_and_a_pointer_to_one(
    tmp_path: Path, kill: Callable[[int], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.promote(tmp_path, "churn.telco", store.save(tmp_path, CARD, BASE).version)
    ends = set()
    for at in range(200):
        home = tmp_path / f"home{at}"
        shutil.copytree(tmp_path / "models", home / "models")
        seen = kill(at)
        try:
            store.promote(home, "churn.telco", store.save(home, CARD, BASE, {"rows": 1}).version)
            finished = True
        except Killed:
            finished = False
        monkeypatch.undo()
        known = [v.version for v in store.versions(home, "churn.telco")]
        current = store.load(home, "churn.telco").version.version
        assert known in (["0001"], ["0001", "0002"])
        assert current in known
        ends.add((len(known), current))
        again = store.promote(home, "churn.telco", store.save(home, CARD, BASE).version)  # what was left does not stand in the way
        assert store.load(home, "churn.telco").version.seal == again.seal
        assert not [p for p in (home / "models/churn.telco").iterdir() if p.name.endswith(".part")]
        if finished:
            assert len(seen) < 200
            break
    else:
        pytest.fail("it never finished")
    assert ends == {(1, "0001"), (2, "0001"), (2, "0002")}


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.save(tmp_path, CARD, BASE)
    assert [p.name for p in (tmp_path / "models/churn.telco").iterdir()] == [".lock"]


def test_another_writer_is_waited_for_and_then_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "WAIT", 0.05)
    with folder.alone(tmp_path / "models/churn.telco"), pytest.raises(ModelError, match="MODEL-LOCKED"):
        store.save(tmp_path, CARD, BASE)


def test_skops_trusts_no_list_of_its_own() -> None:
    import skops.io._trusted_types as lists
    from numpy import add
    from skops.io import _utils as helpers

    assert lists.SKLEARN_ESTIMATOR_TYPE_NAMES == lists.NUMPY_UFUNC_TYPE_NAMES == lists.SCIPY_UFUNC_TYPE_NAMES == []
    assert helpers.get_public_type_names(module=np, oftype=np.ufunc), "what was set aside for the import is back"
    with pytest.raises(ModelError) as caught:
        estimator_file.dumps({"a": add})
    assert caught.value.code == "MODEL-UNKNOWN-TYPE"
