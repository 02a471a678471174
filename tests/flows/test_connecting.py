"""From an unknown file to a confirmed connector and back: what is written, what is left alone, what is asked, told and never shown."""

from __future__ import annotations

import json
import os
import pty
import select
import sys
from pathlib import Path
from typing import Any

import pytest

from connectors.library import load_client, load_feed
from connectors.memory import Memory
from tests.flows.conftest import ROOT, plain_environment
from tests.flows.delivering import here

HEADER = "Kundennummer;Vorname;Nachname;E-Mail;PLZ;Ort;Geburtsdatum;Newsletter;Umsatz gesamt;Filialcode"
TOWNS = ("Ulm", "Bonn", "Celle", "Jena")
FIRST = ("Wilhelmine", "Kunigunde", "Ottokar", "Leberecht", "Hildegunde", "Eberhard", "Roswitha")
LAST = ("Musterfrau", "Probst", "Zitterbart", "Achilles", "Wunderlich", "Kesselring", "Hasenpflug", "Butterweck", "Ohnesorg")


def people(day: int = 13, rows: int = 120, header: str = HEADER) -> str:
    """A list of customers; with days up to 12 nobody can tell days from months."""
    lines = [
        f"K{n:06d};{FIRST[n % 7]};{LAST[n % 9]};w.muster{n}@firma.de;{10115 + n};{TOWNS[n % 4]};{_day(n, day)};"
        f"{'JN'[n % 2]};1.{n % 900 + 100},50;F{n % 3}"
        for n in range(rows)
    ]
    return "\n".join([header, *lines]) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kunden.csv"
    path.write_text(people(28), encoding="utf-8")
    return path


def _day(n: int, days: int) -> str:
    sign = "." if days > 12 else "/"
    return f"{1 + n % days:02d}{sign}{1 + n * 5 % 12:02d}{sign}19{50 + n % 45}"


class Desk:
    """A user's folder of clients and home."""

    def __init__(self, root: Path) -> None:
        self.clients, self.home = root / "clients", root / "home"

    def run(self, *words: object, code: int = 0) -> Any:
        done = here(*map(str, words), "--clients", str(self.clients), home=self.home)
        assert done.exit_code == code, done.output
        return done

    def json(self, *words: object, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(*words, "--json", code=code).stdout)
        return found

    def path(self, name: str) -> Path:
        return self.clients / "acme" / name


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_unknown_file_becomes_a_draft_that_loads_with_its_sample_and_golden_test(desk: Desk, file: Path) -> None:
    found = desk.json("connect", "acme/people", file)
    assert found["contract"] == "customers"
    assert {column["field"]: column["from"] for column in found["columns"]}["birth_date"] == ["Geburtsdatum"]
    assert found["open"] == []
    assert sorted(found["written"]) == [
        "../customers.schema.json", "client.yaml", "people.golden.json", "people.sample.csv", "people.yaml"
    ]  # fmt: skip
    assert load_client("acme", desk.clients).country == "DE"
    spec = load_feed("acme/people", desk.clients)
    assert spec.status == "draft"
    assert spec.columns["birth_date"].dates == "dmy"
    first = desk.path("people.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert (desk.path("people.yaml").parent / first.partition("$schema=")[2]).resolve().is_file()
    assert desk.json("check", "acme/people")["passed"]


def test_nothing_that_is_written_or_shown_holds_a_value_of_the_file(desk: Desk, file: Path) -> None:
    shown = desk.run("connect", "acme/people", file).output + desk.run("check", "acme/people", file).output
    kept = "".join(path.read_text(encoding="utf-8") for path in desk.clients.rglob("*") if path.is_file())
    desk.run("connect", "acme/people", "--confirm")
    kept += "".join(path.read_text(encoding="utf-8") for path in (desk.home / "memory").glob("*"))
    for value in ("Wilhelmine", "Musterfrau", "w.muster", "K000001", "10116", "Celle"):
        assert value not in shown
        assert value not in kept


def test_what_only_a_person_can_say_is_left_open_and_holds_up_the_confirmation(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "kunden.csv"
    file.write_text(people(12), encoding="utf-8")
    found = desk.json("connect", "acme/people", file)
    assert [one["id"] for one in found["open"]] == ["dates:birth_date"]
    spec = load_feed("acme/people", desk.clients)
    assert "birth_date" not in spec.columns
    refused = desk.json("connect", "acme/people", "--confirm", code=1)
    assert refused["error"]["code"] == "CONNECTOR-OPEN"
    assert Memory(desk.home / "memory").lessons == {}
    text = desk.path("people.yaml").read_text(encoding="utf-8")
    answered = [line for line in text.splitlines() if "# ? dates:birth_date" not in line]
    text = "\n".join(answered).replace("  # birth_date: {", "  birth_date: {") + "\n"
    desk.path("people.yaml").write_text(text, encoding="utf-8")
    assert desk.json("connect", "acme/people", "--confirm")["status"] == "confirmed"
    assert load_feed("acme/people", desk.clients).status == "confirmed"


def test_an_edited_connector_is_never_overwritten_but_the_difference_is_shown(desk: Desk, file: Path) -> None:
    desk.run("connect", "acme/people", file)
    path = desk.path("people.yaml")
    edited = path.read_text(encoding="utf-8").replace("city: Ort", "region: Ort")
    path.write_text(edited, encoding="utf-8")
    found = desk.json("connect", "acme/people", file)
    assert path.read_text(encoding="utf-8") == edited
    assert found["kept"] == "it was edited"
    assert found["written"] == []
    assert {"-  region: Ort", "+  city: Ort"} <= set(found["diff"])


def test_a_draft_that_nobody_edited_is_written_anew_and_the_same_twice(desk: Desk, file: Path) -> None:
    desk.run("connect", "acme/people", file)
    before = {path.name: path.read_bytes() for path in desk.path("").iterdir()}
    assert desk.json("connect", "acme/people", file)["written"] == []
    assert {path.name: path.read_bytes() for path in desk.path("").iterdir()} == before


def test_a_confirmed_connector_teaches_another_client_until_it_is_forgotten(desk: Desk, file: Path) -> None:
    desk.run("connect", "acme/people", file)
    assert desk.json("connect", "best/people", file)["memory"] == {}  # a draft teaches nobody
    desk.run("connect", "acme/people", "--confirm")
    assert desk.json("connect", "best/people", file)["memory"]["birth_date"] == ["acme/people"]
    assert desk.json("connect", "acme/people", "--forget")["forgotten"] > 5
    assert desk.json("connect", "best/people", file)["memory"] == {}
    assert load_feed("acme/people", desk.clients).status == "confirmed"


def test_a_draft_is_checked_but_not_taken_in_and_a_confirmed_one_is(desk: Desk, file: Path) -> None:
    desk.run("connect", "acme/people", file)
    assert desk.json("check", "acme/people", file)["passed"]
    assert not (desk.home / "submissions").exists()
    known = {"MILLRACE_CLIENTS": str(desk.clients)}
    refused = here("intake", "acme/people", str(file), "--json", home=desk.home, settings=known)
    assert json.loads(refused.stdout)["error"]["code"] == "CONNECTOR-DRAFT"
    desk.run("connect", "acme/people", "--confirm")
    taken = here("intake", "acme/people", str(file), "--json", home=desk.home, settings=known)
    assert json.loads(taken.stdout)["ledger"]["accepted"] == 120
    again = desk.json("check", "acme/people", file)
    assert [change["kind"] for change in again["changes"]] == ["same_file"]


def test_check_groups_failures_and_fails_beyond_what_is_tolerated(desk: Desk, file: Path, tmp_path: Path) -> None:
    desk.run("connect", "acme/people", file)
    bad = people(28).replace("@firma.de;101", " at firma;101").replace("K000007;", ";")
    (tmp_path / "bad.csv").write_text(bad, encoding="utf-8")
    found = desk.json("check", "acme/people", tmp_path / "bad.csv", code=1)
    groups = {(one["field"], one["rule"]): one for one in found["failures"]}
    mails = next(one for (field, _), one in groups.items() if field == "email")
    assert mails["beyond"]
    assert mails["rows"] == sum(" at firma" in line for line in bad.splitlines())
    assert len(mails["examples"]) == 5
    lines = bad.splitlines()
    for example in mails["examples"]:
        assert " at firma" in lines[example["line"] - 1]
        assert example["shape"].startswith("a.aa9")
    assert not groups["customer_id", "not_null"]["beyond"]
    assert groups["customer_id", "not_null"]["examples"][0]["line"] == 9
    shown = desk.run("check", "acme/people", tmp_path / "bad.csv", code=1).stdout
    assert "fix:" in shown
    assert "at firma" not in shown


def test_check_without_files_tells_where_a_changed_connector_differs(desk: Desk, file: Path) -> None:
    desk.run("connect", "acme/people", file)
    path = desk.path("people.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace("city: Ort", "region: Ort"), encoding="utf-8")
    found = desk.json("check", "acme/people", code=1)
    assert any("region" in line for line in found["golden"])
    desk.run("connect", "acme/people", "--confirm")  # the change is meant
    assert desk.json("check", "acme/people")["passed"]


def test_the_next_file_is_compared_with_the_last(desk: Desk, file: Path, tmp_path: Path) -> None:
    desk.run("connect", "acme/people", file)
    desk.run("connect", "acme/people", "--confirm")
    (tmp_path / "next.csv").write_text(people(27, header=HEADER.replace("Geburtsdatum", "Geb.-Datum")), encoding="utf-8")
    changes = desk.json("connect", "acme/people", tmp_path / "next.csv")["changes"]
    assert [(change["kind"], change["columns"]) for change in changes] == [("renamed", ["Geburtsdatum", "Geb.-Datum"])]
    (tmp_path / "few.csv").write_text(people(28, rows=20), encoding="utf-8")
    assert [change["kind"] for change in desk.json("check", "acme/people", tmp_path / "few.csv")["changes"]] == ["rows"]
    reordered = "\n".join(";".join(reversed(line.split(";"))) for line in people(28).splitlines()) + "\n"
    (tmp_path / "reordered.csv").write_text(reordered, encoding="utf-8")
    assert [change["kind"] for change in desk.json("check", "acme/people", tmp_path / "reordered.csv")["changes"]] == ["moved"]


def test_a_file_of_another_feed_is_pointed_to_its_own(desk: Desk, file: Path, tmp_path: Path) -> None:
    desk.run("connect", "acme/people", file)
    headers = list(load_feed("harbour/transactions").headers)
    (tmp_path / "orders.csv").write_text("\n".join([";".join(headers), *(["1;" * (len(headers) - 1) + "1"] * 5)]) + "\n", encoding="utf-8")
    error = desk.json("check", "acme/people", tmp_path / "orders.csv", code=1)["error"]
    assert error["code"] == "COLUMNS-WRONG-FEED"
    assert error["hint"] == "is it meant for harbour/transactions?"


@pytest.mark.parametrize(("words", "code"), [
    (("connect", "acme/people"), 2), (("connect", "acme/people", "--forget", "--confirm"), 2), (("connect", "Acme", "x.csv"), 1),
    (("connect", "acme/client", "x.csv"), 1), (("connect", "acme/people", "nothing.csv"), 1), (("connect", "acme/people", "--confirm"), 1),
    (("check", "acme/people"), 1),
])  # fmt: skip
def test_wrong_usage_and_unknown_names_are_told(desk: Desk, words: tuple[str, ...], code: int) -> None:
    desk.clients.mkdir()
    done = desk.run(*words, code=code)
    assert "Traceback" not in done.output
    assert not list(desk.clients.iterdir())


def test_questions_are_asked_one_by_one_at_a_terminal(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "kunden.csv"
    file.write_text(people(12), encoding="utf-8")
    said = _typed(["7", "mdy"], "connect", "acme/people", str(file), "--clients", str(desk.clients), home=desk.home)
    assert "write days or months first?" in said
    assert "it is a number from 1 to 2" in said
    assert load_feed("acme/people", desk.clients).columns["birth_date"].dates == "mdy"
    said = _typed([], "connect", "acme/people", str(file), "--clients", str(desk.clients), home=desk.home)
    assert "days or months first?" not in said  # the answer is kept
    assert load_feed("acme/people", desk.clients).columns["birth_date"].dates == "mdy"


def _typed(answers: list[str], *words: str, home: Path) -> str:
    """Run the command at a terminal of 80 columns, answering what it asks."""
    process, handle = pty.fork()
    if process == 0:
        environment = {**plain_environment(), "MILLRACE_HOME": str(home), "COLUMNS": "80", "OMP_NUM_THREADS": "1"}
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, "-m", "flows.cli", *words], environment)
    said = b""
    while select.select([handle], [], [], 60)[0]:
        try:
            data = os.read(handle, 65536)
        except OSError:
            break
        if not data:
            break
        said += data
        if data.endswith(b"open: "):
            os.write(handle, f"{answers.pop(0) if answers else ''}\n".encode())
    os.close(handle)
    os.waitpid(process, 0)
    return said.decode("utf-8")


def test_a_country_that_nothing_tells_is_asked_for_once_and_never_changed_in_silence(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer_id,first_name,last_name,zip\n" + "".join(f"C{n:05d},Ottokar,Probst,{2000 + n}\n" for n in range(60)))
    words = ("connect", "acme/people", str(path), "--clients", str(desk.clients))
    told = _typed(["nowhere", "au"], *words, home=desk.home)
    assert "Which country is the client's?" in told
    assert "it is one of these codes" in told
    assert "new: AU, en, Australia/Sydney, AUD (country: as given)" in " ".join(told.split())
    assert load_client("acme", desk.clients).country == "AU"
    assert "Which country" not in _typed([], *words, home=desk.home)
    assert "COUNTRY-SET" in desk.run("connect", "acme/people", path, "--country", "US", code=1).output
    assert desk.run("connect", "acme/people", path, "--country", "au").exit_code == 0


def test_a_country_that_nothing_tells_and_nobody_says_is_assumed_and_said_to_be(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("customer_id,first_name,last_name\n" + "".join(f"C{n:05d},Ottokar,Probst\n" for n in range(60)))
    assert "assumed, as nothing in the file tells it" in desk.run("connect", "acme/people", path).stdout.replace("\n           ", " ")


def test_what_was_confirmed_holds_though_another_column_says_the_same(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    head = "customer_id,title,email,custom_email,country\n"
    path.write_text(head + "".join(f"C{n:05d},,u{n}@firma.de,u{n}@firma.de,DE\n" for n in range(60)), encoding="utf-8")
    words = ("connect", "acme/people", str(path), "--clients", str(desk.clients))
    _typed(["none"], *words, home=desk.home)
    desk.run("connect", "acme/people", "--confirm")
    again = desk.run("connect", "acme/people", path).stdout
    assert "nothing in it would change" in again
