"""Finding what is stored."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from contracts.errors import RunError
from flows import submissions
from flows.home import Home
from flows.integrity import verify
from flows.runs import find, of_owner, stored
from flows.stored import Stored
from tests.flows.delivering import here
from tests.flows.publishing import publish


def test_list_is_newest_first_and_filtered(home: Home) -> None:
    a, b, c = publish(home, 1), publish(home, 2, ("acme", "response")), publish(home, 3, ("beta", "churn"))
    assert [each.id for each in stored(home)] == [c.id, b.id, a.id]
    assert [each.id for each in stored(home, client="acme")] == [b.id, a.id]
    assert stored(home, "submissions") == []


def test_find_by_id_beginning_and_latest(home: Home) -> None:
    first, second = publish(home, 1), publish(home, 2)
    assert find(home, first.id) == find(home, first.id[:6]) == find(home, f"acme/churn@{first.id}") == first
    assert find(home, "acme/churn@latest") == second


def test_latest_survives_a_clock_set_back(home: Home) -> None:
    publish(home, 9)
    later = publish(home, 3)
    assert find(home, "acme/churn@latest") == later


@pytest.mark.parametrize("what", ["feedface", "acme/chrun@latest", "acme/churn@", "", "acme/churn@feedface"])
def test_unknown_run_names_what_is_near(home: Home, what: str) -> None:
    publish(home, 1)
    with pytest.raises(RunError) as met:
        find(home, what)
    assert met.value.code == "RUN-UNKNOWN"
    assert met.value.hint
    if "chrun" in what:
        assert met.value.hint == "did you mean acme/churn@latest?"


def test_ambiguous_beginning(home: Home) -> None:
    begins = [publish(home, n).id[0] for n in range(1, 18)]
    twice = next(each for each in begins if begins.count(each) > 1)
    with pytest.raises(RunError, match="RUN-AMBIGUOUS"):
        find(home, twice)


def test_unfinished_folders_are_no_runs(home: Home) -> None:
    owner = home.runs("acme", "churn")
    (owner / ".abc.x.part").mkdir()
    (owner / "noise").mkdir()
    assert stored(home) == []


def test_submissions_newest_and_replaced(home: Home) -> None:
    feed = ("acme", "customers")
    january = publish(home, 1, feed, "submissions")
    february = publish(home, 2, feed, "submissions")
    assert submissions.newest(home, *feed) == february
    corrected = publish(home, 3, feed, "submissions", replaces=january.id)
    assert submissions.newest(home, *feed) == february  # a correction of January is not newer than February
    assert [each.id for each in submissions.current(home, *feed)] == [corrected.id, february.id]
    again = publish(home, 4, feed, "submissions", replaces=corrected.id)
    assert [each.id for each in submissions.current(home, *feed)] == [again.id, february.id]
    assert submissions.replaced_by(home, *feed) == {january.id: corrected.id, corrected.id: again.id}
    assert submissions.by_id(home, *feed, "latest") == february
    assert submissions.by_id(home, *feed, january.id[:8]) == january


def test_no_submission_yet(home: Home) -> None:
    with pytest.raises(RunError, match="SUBMISSION-MISSING") as met:
        submissions.newest(home, "acme", "customers")
    assert met.value.hint == "name a file: millrace intake acme/customers FILE"
    assert not Path(home.root / "submissions").exists()  # asking makes nothing


@pytest.mark.parametrize("file", ["manifest.json", "run.json"])
@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}'])
def test_one_damaged_record_hides_no_other_run(home: Home, file: str, content: str) -> None:
    bad, good = publish(home, 1), publish(home, 2)
    (bad.folder / file).write_text(content)
    assert {each.id for each in stored(home)} == {bad.id, good.id}
    assert find(home, good.id) == good
    assert verify(Stored("runs", "acme", "churn", bad.id, bad.folder)) != []
    with pytest.raises(RunError, match="RUN-DAMAGED"):
        _ = Stored("runs", "acme", "churn", bad.id, bad.folder).manifest, Stored("runs", "acme", "churn", bad.id, bad.folder).run
    done = here("runs", "list", home=home.root)
    assert done.exit_code == 0
    assert f"acme/churn@{bad.id}  damaged" in done.stdout


@pytest.mark.parametrize("noted", [True, False])
def test_a_run_without_its_record_stops_no_other_and_keeps_its_number(home: Home, noted: bool) -> None:
    first, second = publish(home, 1), publish(home, 2)
    (second.folder / "run.json").write_text("{")
    if not noted:
        (home.root / "runs/acme/.churn.numbers.json").unlink()
    third = publish(home, 3)
    assert third.number == 3
    assert [damage.path for damage in verify(find(home, second.id))] == ["run.json"]
    order = [first.id, second.id, third.id] if noted else [first.id, third.id, second.id]
    assert [each.id for each in of_owner(home, "runs", "acme", "churn")] == order
    shutil.rmtree(first.folder)
    shutil.rmtree(third.folder)
    assert publish(home, 4).number == (4 if noted else 5)  # one is left out rather than given twice
    assert f"acme/churn@{second.id}  damaged" in here("runs", "list", home=home.root).stdout
