"""What is not as the manifest says is found and named."""

from __future__ import annotations

import json
import shutil

import pytest

from contracts.errors import RunError
from flows.home import Home
from flows.integrity import intact, sound, verify
from flows.runs import find, of_owner, stored
from tests.flows.delivering import here
from tests.flows.publishing import publish


def test_every_flipped_byte_is_found_and_named(home: Home) -> None:
    run = publish(home, 1)
    for name in ("pack/client/scores.csv", "drift.html"):
        whole = (run.folder / name).read_bytes()
        for position in range(len(whole)):
            changed = bytearray(whole)
            changed[position] ^= 1
            (run.folder / name).write_bytes(changed)
            assert [(d.path, d.what) for d in verify(run)] == [(name, "changed")]
        for length in range(len(whole)):
            (run.folder / name).write_bytes(whole[:length])
            assert [d.path for d in verify(run)] == [name]
        (run.folder / name).write_bytes(whole)
    assert verify(run) == []


def test_missing_added_and_foreign(home: Home) -> None:
    run = publish(home, 1)
    (run.folder / "drift.html").unlink()
    (run.folder / "extra.txt").write_text("x")
    assert [(d.path, d.what) for d in verify(run)] == [("drift.html", "missing"), ("extra.txt", "not in the manifest")]
    with pytest.raises(RunError) as met:
        sound(run)
    assert met.value.details == ("drift.html: missing", "extra.txt: not in the manifest")


def test_folder_of_another_client_is_refused(home: Home) -> None:
    run = publish(home, 1)
    shutil.copytree(run.folder, home.runs("beta", "churn") / run.id)
    assert [d.what for d in verify(of_owner(home, "runs", "beta", "churn")[0])] == ["its client is not this folder's"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"files": 3}'])
def test_unreadable_manifest(home: Home, text: str) -> None:
    run = publish(home, 1)
    (run.folder / "manifest.json").write_text(text)
    fresh = of_owner(home, "runs", "acme", "churn")[0]
    assert [(d.path, d.what) for d in verify(fresh)] == [("manifest.json", "missing or unreadable")]


def test_edited_key_is_found(home: Home) -> None:
    run = publish(home, 1)
    data = json.loads((run.folder / "manifest.json").read_text())
    data["key"]["n"] = 2
    (run.folder / "manifest.json").write_text(json.dumps(data))
    assert [d.what for d in verify(find(home, run.id))] == ["its key is not this folder's"]


def test_a_run_without_its_manifest_is_damaged(home: Home) -> None:
    lost, good = publish(home, 1), publish(home, 2)
    (lost.folder / "manifest.json").unlink()
    (home.runs("acme", "churn") / f".{'0' * 16}.steps").mkdir()
    assert {each.id for each in stored(home)} == {lost.id, good.id}
    assert find(home, "acme/churn@latest") == good
    told = here("runs", "verify", home=home.root)
    assert told.exit_code == 1
    assert f"acme/churn@{lost.id}: manifest.json: missing or unreadable" in told.stdout
    listed = here("runs", "list", home=home.root).stdout.splitlines()
    assert len(listed) == 2
    assert f"acme/churn@{lost.id}  damaged" in listed


def test_one_file_is_intact_or_the_run_is_damaged(home: Home) -> None:
    run = publish(home, 1)
    name = "pack/client/scores.csv"
    assert intact(run, name) == run.folder / name
    (run.folder / name).write_text("customer_id,score\n1,0.6\n")
    for lost in (name, "facts.json"):
        with pytest.raises(RunError, match="RUN-DAMAGED"):
            intact(run, lost)
