"""Bad input through the command: a stable code, the place, the rule and the next step, exit code 1 or 2, and nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from contracts.errors import SettingsError
from flows.asof import AsOf, as_of, assumptions
from flows.lock import held as lock
from flows.rehearsal.rehearsal import Rehearsal
from tests.flows.containers import encrypted
from tests.flows.delivering import TELCO, clients, here, millrace, order_lines, subscribers

CELL = "Quirinusla77131"
"""In every bad file; in no message."""


@dataclass(frozen=True)
class Bench:
    """Where a case makes its files."""

    folder: Path
    home: Path
    trained: Path
    rehearsed: Rehearsal

    def file(self, name: str, data: bytes = b"") -> Path:
        path = self.folder / name
        path.write_bytes(data)
        return path

    def workbook(self) -> bytes:
        book = openpyxl.Workbook()
        for row in [("customer_id", "first_name"), *((n, CELL) for n in range(400))]:
            book.active.append(row)
        path = self.folder / "whole.xlsx"
        book.save(path)
        return path.read_bytes()

    def subscribers(self, **changed: Any) -> Path:
        return subscribers(self.folder / "subscribers.csv", 60, **changed)


@dataclass(frozen=True)
class Case:
    """A command that must be refused.

    Parameters
    ----------
    code : str
        Of the error; empty for wrong usage.
    words : callable
        The words of the command, from the bench.
    place : dict
        What the error says of the place, in part.
    more : tuple of str
        What must be among expected, found, hint or details.
    settings : callable, optional
        Further variables, from the bench.
    """

    code: str
    words: Callable[[Bench], list[str | Path]]
    place: dict[str, Any] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    settings: Callable[[Bench], dict[str, str]] = lambda bench: {}


IN_A_PROCESS = {"missing file", "truncated workbook", "wrong feed", "damaged model", "broken YAML", "unknown option", "field unparsable"}
"""Started as a user does; the others in this process, which is quicker and says the same."""


def without(bench: Bench, column: str) -> Path:
    path = bench.subscribers(customerID=CELL)
    lines = [line.split(",") for line in path.read_text().splitlines()]
    at = lines[0].index(column)
    path.write_text("\n".join(",".join(cells[:at] + cells[at + 1 :]) for cells in lines) + "\n")
    return path


def broken_yaml(bench: Bench) -> dict[str, str]:
    folder = clients(bench.folder / "clients", "telco", subscribers=("columns:", "columns: [a: {"))
    return {"MILLRACE_CLIENTS": str(folder)}


def strange_connector(bench: Bench) -> dict[str, str]:
    folder = clients(bench.folder / "clients", "telco", subscribers=("tenure_months: tenure", "tenure_month: tenure"))
    return {"MILLRACE_CLIENTS": str(folder)}


def strange_policy(bench: Bench) -> dict[str, str]:
    folder = clients(bench.folder / "clients", "telco", client=("products: [churn]", "products: [churn]\npolicies: {pass_rat: 0.9}"))
    return {"MILLRACE_CLIENTS": str(folder)}


def damaged_model(bench: Bench) -> list[str | Path]:
    shutil.copytree(bench.trained, bench.home)
    path = bench.home / "models/repurchase/0001/model.skops"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    files = [f"customers={bench.rehearsed.newest('customers').path}", f"transactions={bench.rehearsed.newest('transactions').path}"]
    return ["deliver", "harbour", *files]


FEED = "telco/subscribers"
TELCO_FEED = {"client": "telco", "feed": FEED}
CASES = {
    "missing file": Case("SOURCE-MISSING", lambda b: ["intake", FEED, "nowhere.csv"], {"file": "nowhere.csv"}, ("path",)),
    "missing file of a delivery": Case("SOURCE-MISSING", lambda b: ["deliver", FEED, "nowhere.csv"], {"file": "nowhere.csv"}),
    "empty file": Case("SOURCE-EMPTY", lambda b: ["intake", FEED, b.file("empty.csv")], {"file": "empty.csv"}, ("again",)),
    "no name": Case("SOURCE-NONE", lambda b: ["deliver", "telco", "subscribers="], {}, ("name the files",)),
    "name too long": Case("SOURCE-MISSING", lambda b: ["intake", FEED, "x" * 5_000 + ".csv"], {}, ("path",)),
    "header only": Case(
        "ROWS-NONE", lambda b: ["intake", FEED, subscribers(b.folder / "s.csv", 0)], {**TELCO_FEED, "file": "s.csv"}, ("again",)
    ),
    "truncated workbook": Case(
        "SOURCE-TRUNCATED", lambda b: ["intake", "sprocket/customers", b.file("cut.xlsx", b.workbook()[:4_000])], {"file": "cut.xlsx"}
    ),
    "encrypted workbook": Case(
        "SOURCE-ENCRYPTED",
        lambda b: ["intake", "sprocket/customers", b.file("locked.xlsx", encrypted())],
        {"file": "locked.xlsx"},
        ("password",),
    ),
    "sheet missing": Case(
        "SHEET-MISSING", lambda b: ["intake", "sprocket/customers", b.file("other.xlsx", b.workbook())], {"file": "other.xlsx"}
    ),
    "wrong feed": Case(
        "COLUMNS-WRONG-FEED",
        lambda b: ["intake", "harbour/customers", b.rehearsed.newest("transactions").path],
        {"feed": "harbour/customers", "file": "harbour_bestellungen_2026-08.csv"},
        ("- expected 'Geburtsdatum'", "closest", "+ 'Bestelldatum'"),
    ),
    "no feed fits": Case(
        "FILE-UNCLEAR", lambda b: ["deliver", "telco", b.rehearsed.newest("customers").path], {"client": "telco"}, ("FEED=FILE",)
    ),
    "column missing": Case(
        "COLUMN-MISSING", lambda b: ["intake", FEED, without(b, "Contract")], {**TELCO_FEED, "file": "subscribers.csv"}, ("'Contract'",)
    ),
    "field unparsable": Case(
        "FIELD-UNPARSABLE",
        lambda b: ["intake", FEED, b.subscribers(MonthlyCharges=CELL)],
        {**TELCO_FEED, "column": "MonthlyCharges"},
        ("Aaa999 (60 times)",),
    ),
    "the same file twice": Case(
        "SOURCE-TWICE", lambda b: ["intake", FEED, p := b.subscribers(), shutil.copy(p, b.folder / "b.csv")], TELCO_FEED
    ),
    "damaged model": Case("MODEL-DAMAGED", damaged_model, {}, ("train",)),
    "no model": Case(
        "MODEL-MISSING",
        lambda b: [
            "deliver",
            "harbour",
            "customers=" + str(b.rehearsed.newest("customers").path),
            "transactions=" + str(order_lines(b.folder / "lines.csv", [("A1", "1", CELL, b.rehearsed.as_of, 1, "9,99")])),
        ],
        {"client": "harbour"},
        ("millrace train repurchase --reference TABLE|CLIENT/FEED",),
    ),
    "unknown product": Case(
        "PRODUCT-UNKNOWN", lambda b: ["deliver", "telco", "--product", "chrun"], {}, ("did you mean 'churn'?", "lifetimes")
    ),
    "unknown client": Case("CLIENT-UNKNOWN", lambda b: ["deliver", "telko"], {}, ("telco", "harbour")),
    "unknown client of a feed": Case("CLIENT-UNKNOWN", lambda b: ["intake", "telko/subscribers", b.subscribers()], {}, ("telco",)),
    "unknown feed": Case("FEED-UNKNOWN", lambda b: ["intake", "telco/subscriber", b.subscribers()], {}, (FEED,)),
    "unknown feed of a file": Case("FEED-UNKNOWN", lambda b: ["deliver", "telco", f"subs={b.subscribers()}"], {}, (FEED,)),
    "product not served": Case(
        "PRODUCT-NOT-SERVED",
        lambda b: ["deliver", "onlineretail", "--product", "repurchase"],
        {"client": "onlineretail"},
        ("the feeds of onlineretail can serve: lifetimes", "customers"),
    ),
    "nothing taken in": Case("SUBMISSION-MISSING", lambda b: ["deliver", "telco"], TELCO_FEED, ("millrace intake telco/subscribers FILE",)),
    "broken YAML": Case(
        "CONNECTOR-UNREADABLE",
        lambda b: ["intake", FEED, b.subscribers()],
        {"client": "telco", "file": "subscribers.yaml", "line": 8},
        settings=broken_yaml,
    ),
    "no such field": Case(
        "CONNECTOR-INVALID", lambda b: ["intake", FEED, b.subscribers()], {"feed": FEED}, ("tenure_months",), settings=strange_connector
    ),
    "unknown policy": Case(
        "POLICY-UNKNOWN",
        lambda b: ["deliver", FEED, b.subscribers()],
        {"client": "telco"},
        ("did you mean pass_rate?",),
        settings=strange_policy,
    ),
    "unknown setting": Case("SETTINGS-UNKNOWN", lambda b: ["runs", "list"], {}, ("MILLRACE_WORKERS",), lambda b: {"MILLRACE_WORKER": "2"}),
    "no folder of clients": Case(
        "SETTINGS-VALUE", lambda b: ["runs", "list"], {}, ("MILLRACE_CLIENTS",), lambda b: {"MILLRACE_CLIENTS": "/no"}
    ),
    "unknown run": Case("RUN-UNKNOWN", lambda b: ["runs", "show", "telco/churn@latest"], {}, ("runs list",)),
    "day that does not exist": Case("", lambda b: ["deliver", "telco", "--as-of", "2026-02-30"], {}, ("2026-02-30",)),
    "unknown option": Case("", lambda b: ["deliver", "telco", "--prodct", "churn"], {}, ("--product",)),
    "unknown command": Case("", lambda b: ["delivr", "telco"], {}, ("deliver",)),
    "wrong way": Case("", lambda b: ["deliver", "telco", "--via", "dask"], {}, ("direct or prefect",)),
    "wrong pages": Case("", lambda b: ["deliver", "telco", "--pages", "some"], {}, ("all, client or none",)),
    "no client": Case("", lambda b: ["deliver"], {}, ("CLIENT",)),
}


def left(home: Path) -> list[str]:
    """Runs and submissions, finished or not."""
    places = [path for kind in ("runs", "submissions") for path in (home / kind).glob("*/*/*")]
    return [path.name for path in places if not path.name.endswith(".lock")]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def process(words: list[str | Path], home: Path, settings: dict[str, str]) -> Done:
    done = millrace(*words, home=home, settings=settings)
    return Done(done.returncode, done.stdout, done.stderr)


def in_this_one(words: list[str | Path], home: Path, settings: dict[str, str]) -> Done:
    done = here(*words, home=home, settings=settings)
    assert isinstance(done.exception, SystemExit | None), done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


@pytest.mark.parametrize("name", CASES)
def test_bad_input(tmp_path: Path, trained: Path, rehearsed: Rehearsal, name: str) -> None:
    case, bench = CASES[name], Bench(tmp_path, tmp_path / "home", trained, rehearsed)
    words, settings = case.words(bench), case.settings(bench)
    words += ["--json"] if case.code else []
    done = (process if name in IN_A_PROCESS else in_this_one)(words, bench.home, settings)
    assert "Traceback" not in done.stderr + done.stdout
    assert CELL not in done.stderr + done.stdout
    assert str(tmp_path) not in done.stderr + done.stdout  # a place is a file's name
    if not case.code:
        assert done.returncode == 2, done.stderr
        assert done.stdout == ""
        assert all(word in " ".join(done.stderr.split()) for word in case.more), done.stderr
        return
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    error = json.loads(done.stdout)["error"]
    assert error["code"] == case.code
    assert {key: error.get("place", {}).get(key) for key in case.place} == case.place
    assert error["message"]
    assert error.get("hint") or error.get("expected") or error.get("details")
    told = " ".join(str(error.get(key, "")) for key in ("found", "expected", "hint", "details"))
    assert [word for word in case.more if word not in told] == [], told
    kept = {"damaged model": 2, "no model": 2}.get(name, 0)  # the files themselves are sound, and stay
    assert len(left(bench.home)) == kept


def test_locked_feed(tmp_path: Path) -> None:
    from flows.home import Home

    folder = Home.open(tmp_path / "home").submissions("telco", "subscribers")
    with lock(folder / ".lock", {"run": "abc", "since": "then"}, code="X", what="it"):
        done = here("intake", FEED, subscribers(tmp_path / "a.csv", 60), home=tmp_path / "home")
    assert done.exit_code == 1
    lines = done.stderr.splitlines()
    assert lines[0] == "FEED-LOCKED: the feed telco/subscribers is locked by another process"
    assert lines[1].startswith("  where: client telco, feed telco/subscribers")
    assert lines[2].startswith("  found: run abc, since then, process ")
    assert lines[3].startswith("  next: wait until it has ended")
    assert left(tmp_path / "home") == []


def test_a_file_for_humans_shows_the_difference_line_by_line(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "a.csv", 30)
    text = path.read_text()
    path.write_text(text.replace("tenure", "tenure_in_months", 1).replace("Contract", "Vertrag", 1))
    done = millrace("intake", FEED, path, home=tmp_path / "home")
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0] == f"COLUMN-MISSING: 2 of {len(TELCO) - 1} expected columns are missing"  # the outcome may be missing
    assert any(line.startswith("  - expected 'tenure'") and "closest: 'tenure_in_months'" in line for line in lines), lines
    assert any(line.startswith("  + 'Vertrag'") for line in lines)
    assert lines[-1].startswith("  next: ")


def test_headers_and_names_of_files_cannot_steer_the_terminal_nor_show_people(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "a.csv", 30)
    lines = path.read_text().splitlines()
    heads = [lines[0], f"{CELL.lower()}@example.org", "\x1b[2J\u202eabc", "z" * 5_000]
    lines = [",".join(heads), *(line + ",1,2,3" for line in lines[1:])]
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b[31m.csv"))  # no UTF-8, and a colour
    odd.write_text("\n".join([*lines, ""]), encoding="utf-8")
    done = millrace("intake", FEED, odd, home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert "not known to the connector: a column shaped" in done.stdout
    assert "abc" in done.stdout
    assert not set(done.stdout + done.stderr) & {"\x1b", "\u202e"}
    assert CELL.lower() not in done.stdout
    assert max(map(len, done.stdout.splitlines())) < 400
    told = millrace("intake", "harbour/customers", odd, "--json", home=tmp_path / "home")
    assert json.loads(told.stdout)["error"]["code"] == "COLUMNS-WRONG-FEED"


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_at_which_nothing_can_be_counted(day: str) -> None:
    with pytest.raises(SettingsError, match="AS-OF-RANGE") as caught:
        as_of(date.fromisoformat(day), [])
    assert "--as-of" in str(caught.value.hint)


def test_a_day_long_after_the_data_is_a_refuted_assumption() -> None:
    near, far = (assumptions(AsOf(date(year, 6, 1), "given", date(2026, 5, 1))) for year in (2026, 2036))
    assert [made.verdict for made in near] == ["untested"]
    assert [made.verdict for made in far] == ["untested", "refuted"]
    assert far[1].evidence == {"latest date in the data": "2026-05-01", "days later": 3684}


def test_a_product_that_cannot_be_served_does_not_stop_the_others(tmp_path: Path) -> None:
    folder = clients(tmp_path / "clients", "telco", client=("[churn]", "[lifetimes, churn]"))
    words = ["deliver", "telco", f"subscribers={subscribers(tmp_path / 'a.csv', 400)}", "--pages", "none"]
    settings = {"MILLRACE_CLIENTS": str(folder)}
    done = here(*words, home=tmp_path / "home", settings=settings)
    assert done.exit_code == 1
    assert done.stdout.startswith("telco/churn@")
    assert "telco/lifetimes could not be delivered\nPRODUCT-NOT-SERVED: " in done.stderr
    shown = json.loads(here(*words, "--json", home=tmp_path / "home", settings=settings).stdout)
    assert [one["product"] for one in shown] == ["churn", "lifetimes"]
    assert shown[1]["error"]["code"] == "PRODUCT-NOT-SERVED"


def test_a_file_that_cannot_be_taken_in_is_told_once(tmp_path: Path) -> None:
    folder = clients(tmp_path / "clients", "telco", client=("[churn]", "[lifetimes, churn]"))
    (tmp_path / "a.csv").write_bytes(b"")
    done = here("deliver", "telco", f"subscribers={tmp_path / 'a.csv'}", home=tmp_path / "home", settings={"MILLRACE_CLIENTS": str(folder)})
    assert (done.exit_code, done.stderr.count("SOURCE-EMPTY")) == (1, 1)
