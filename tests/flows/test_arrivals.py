"""Arrivals: files named on a command line or found in the inbox, given to the feed whose columns they have."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from contracts.errors import SettingsError, SourceError
from flows.arrivals import expanded, inbox, named
from flows.intake import Arrival
from flows.rehearsal.rehearsal import Rehearsal
from flows.workspace import Workspace
from tests.flows.delivering import here, millrace, subscribers, workspace

CUSTOMERS, TRANSACTIONS = "harbour/customers", "harbour/transactions"


@pytest.fixture
def bare(tmp_path: Path) -> Workspace:
    """A workspace without anything, with an inbox."""
    return workspace(tmp_path / "home", inbox=tmp_path / "inbox")


def paths(arrivals: tuple[Arrival, ...]) -> dict[str, list[str]]:
    return {each.feed: [path.name for path in each.paths] for each in arrivals}


def files(made: Rehearsal, feed: str) -> list[str]:
    return [str(file.path) for file in made.of("customers" if feed == CUSTOMERS else "transactions")]


def test_files_belong_to_the_feed_before_them(bare: Workspace, rehearsed: Rehearsal) -> None:
    one, lines = files(rehearsed, CUSTOMERS)[-1], files(rehearsed, TRANSACTIONS)
    found = named(bare, "harbour", [f"customers={one}", f"transactions={lines[0]}", *lines[1:]])
    assert [each.feed for each in found] == [CUSTOMERS, TRANSACTIONS]
    assert [str(path) for path in found[1].paths] == lines
    assert named(bare, "harbour", [f"harbour/customers={one}"]) == found[:1]


def test_files_without_a_feed_go_where_their_columns_are_known(bare: Workspace, rehearsed: Rehearsal) -> None:
    one, lines = files(rehearsed, CUSTOMERS)[-1], files(rehearsed, TRANSACTIONS)
    found = named(bare, "harbour", [*lines, one])
    assert paths(found) == {CUSTOMERS: [Path(one).name], TRANSACTIONS: [Path(line).name for line in lines]}


def test_folders_and_patterns_stand_for_their_files(bare: Workspace, rehearsed: Rehearsal, tmp_path: Path) -> None:
    lines = [Path(line) for line in files(rehearsed, TRANSACTIONS)]
    folder = tmp_path / "orders"
    folder.mkdir()
    for line in lines:
        shutil.copy(line, folder)
    (folder / ".hidden").write_text("x")
    (folder / "deeper").mkdir()
    assert expanded(str(folder)) == sorted(folder / line.name for line in lines)
    assert [path.name for path in expanded(str(folder / "*2026-0[67].csv"))] == [line.name for line in lines[:2]]
    assert paths(named(bare, "harbour", [f"transactions={folder}"])) == {TRANSACTIONS: [line.name for line in lines]}
    assert expanded(str(folder / "nowhere.csv")) == [folder / "nowhere.csv"]  # the reader says that it is missing
    for word in (str(folder / "*.xlsx"), str(folder / "deeper")):
        with pytest.raises(SourceError, match="SOURCE-NONE"):
            expanded(word)


def test_a_file_whose_name_has_an_equals_sign(bare: Workspace, rehearsed: Rehearsal, tmp_path: Path) -> None:
    path = shutil.copy(files(rehearsed, CUSTOMERS)[0], tmp_path / "period=2026-06.csv")
    assert paths(named(bare, "harbour", [str(path)])) == {CUSTOMERS: ["period=2026-06.csv"]}


def test_a_file_of_no_feed_is_refused_with_the_reasons(bare: Workspace, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="FILE-UNCLEAR") as met:
        named(bare, "harbour", [str(subscribers(tmp_path / "a.csv", 30))])
    assert [line.split(":")[0] for line in met.value.details] == [CUSTOMERS, TRANSACTIONS]
    assert met.value.hint == "say which feed it is: FEED=FILE"
    with pytest.raises(SettingsError, match="FEED-UNKNOWN"):
        named(bare, "harbour", ["kunden=a.csv"])


def test_a_workbook_of_several_feeds_is_given_to_each(bare: Workspace, tmp_path: Path) -> None:
    found = named(bare, "sprocket", [str(bikes(tmp_path / "all.xlsx"))])
    assert paths(found) == {"sprocket/customers": ["all.xlsx"], "sprocket/transactions": ["all.xlsx"]}


def bikes(path: Path) -> Path:
    """A workbook with the sheets and headers of both feeds of sprocket."""
    from connectors.library import load_feed

    book = openpyxl.Workbook()
    book.remove(book.active)
    customers, lines = load_feed("sprocket/customers"), load_feed("sprocket/transactions")
    address = {"customer_id", "address", "postcode", "state", "country", "property_valuation"}
    sheets = {
        "CustomerDemographic": ["customer_id", *(h for h in customers.headers if h not in address), "default"],
        "CustomerAddress": sorted(address),
        "Transactions": list(lines.headers),
    }
    for name, headers in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(headers)
        sheet.append([1] * len(headers))
    book.save(path)
    return path


def test_the_inbox_is_looked_through(bare: Workspace, rehearsed: Rehearsal, tmp_path: Path) -> None:
    assert inbox(bare, "harbour") == ()
    folder = tmp_path / "inbox" / "harbour"
    (folder / "transactions").mkdir(parents=True)
    lines, one = files(rehearsed, TRANSACTIONS), files(rehearsed, CUSTOMERS)[-1]
    for line in lines[:2]:
        shutil.copy(line, folder / "transactions")
    for loose in (lines[2], one):
        shutil.copy(loose, folder)
    found = inbox(bare, "harbour", draft=True)
    names = [Path(line).name for line in lines]
    assert paths(found) == {CUSTOMERS: [Path(one).name], TRANSACTIONS: [*names[:2], names[2]]}
    assert all(each.draft for each in found)


def test_several_whole_lists_in_the_inbox_are_not_mixed(bare: Workspace, rehearsed: Rehearsal, tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "harbour"
    folder.mkdir(parents=True)
    for file in rehearsed.of("customers")[:2]:
        shutil.copy(file.path, folder)
    with pytest.raises(SettingsError) as caught:
        inbox(bare, "harbour")
    assert (caught.value.code, caught.value.found) == ("INBOX-SEVERAL", "2 files")


def test_a_folder_of_folders_names_the_one_with_files(tmp_path: Path) -> None:
    (tmp_path / "by-day").mkdir()
    (tmp_path / "by-day" / "a.csv").write_text("id\n1\n")
    with pytest.raises(SourceError) as caught:
        expanded(str(tmp_path))
    assert "by-day" in str(caught.value.hint)


def test_a_delivery_without_files_takes_the_inbox(space: Workspace, rehearsed: Rehearsal, tmp_path: Path) -> None:
    folder = tmp_path / "inbox" / "harbour"
    folder.mkdir(parents=True)
    for path in (files(rehearsed, CUSTOMERS)[-1], *files(rehearsed, TRANSACTIONS)):
        shutil.copy(path, folder)
    done = millrace("deliver", "harbour", "--pages", "none", "--json", "--to", "sent", home=space.home.root)
    assert (done.returncode, done.stderr) == (1, "")  # held
    document = json.loads(done.stdout)
    assert (document["status"], document["outcome"], document["scored"]) == ("HELD", "fail", 1_488)
    assert sum(gate["outcome"] == "fail" for gate in document["gates"]) > 3
    assert document["ledger"][TRANSACTIONS]["records"] == sum(file.records for file in rehearsed.of("transactions"))
    pack = Path(document["pack"])
    assert {path.name: path.read_bytes() for path in (tmp_path / "sent").iterdir()} == {p.name: p.read_bytes() for p in pack.iterdir()}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("x")
    refused = here("deliver", "harbour", "--pages", "none", "--to", tmp_path / "other", home=space.home.root)
    assert (refused.exit_code, "PACK-FOLDER" in refused.stderr) == (1, True)
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["mine.txt"]


def test_the_short_form_names_one_feed(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "a.csv", 300)
    done = here("deliver", "telco/subscribers", path, "--pages", "none", "--json", home=tmp_path / "home")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["scored"] == 300
