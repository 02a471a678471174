"""The command: help for everything, nothing heavy before it is needed, one JSON document and nothing else, exit codes."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from flows.cli import app
from flows.home import Home
from tests.flows.conftest import ROOT, Held, plain_environment
from tests.flows.delivering import environment, here, millrace, subscribers

HEAVY = (
    "pandas",
    "pyarrow",
    "numpy",
    "sklearn",
    "scipy",
    "pandera",
    "prefect",
    "evidently",
    "matplotlib",
    "openpyxl",
    "jinja2",
)


def commands(group: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield (*before, name), command
            yield from commands(command, (*before, name))
        else:
            yield (*before, name), command


EVERY = dict(commands(get_command(app)))


@pytest.fixture
def home(tmp_path: Path, held: Held) -> Path:
    """A copy of the home with the held pack."""
    shutil.copytree(held.space.home.root, tmp_path / "home")
    return tmp_path / "home"


def test_the_commands_of_this_version_are_there() -> None:
    wanted = {"deliver", "intake", "train", "models list", "models show", "models promote", "models rollback", "runs list", "runs show"}
    wanted |= {"runs open", "runs verify", "release", "assumptions", "products", "doctor", "rehearse"}
    assert wanted <= {" ".join(words) for words in EVERY}


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_every_command_and_every_option_has_help(words: tuple[str, ...], tmp_path: Path) -> None:
    command = EVERY[words]
    assert command.help
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert parameter.help, parameter.name
    done = here(*words, "--help", home=tmp_path / "home")
    assert done.exit_code == 0
    assert "Usage: " in done.stdout
    assert not (tmp_path / "home").exists()  # asking for help makes nothing


@pytest.mark.parametrize("words", [("--help",), ("deliver", "--help"), ("runs", "verify", "--help"), ("--version",)], ids=" ".join)
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    code = f"""
import sys
sys.argv = ["millrace", *{words!r}]
from flows.cli import main
try:
    main()
except SystemExit as end:
    print("\\nexit", end.code, [name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], env=plain_environment(), capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "exit 0 []"


def test_an_intake_needs_no_models(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "a.csv", 30)
    code = f"""
import sys
sys.argv = ["millrace", "intake", "telco/subscribers", {str(path)!r}]
from flows.cli import main
try:
    main()
except SystemExit as end:
    pass
print([name for name in ("sklearn", "prefect", "evidently", "matplotlib") if name in sys.modules])
"""
    made = environment(tmp_path / "home")
    done = subprocess.run([sys.executable, "-c", code], env=made, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "= 30 accepted + " in done.stdout


def test_exit_codes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = here("deliver", "telco/subscribers", subscribers(tmp_path / "a.csv", 400), "--pages", "none", home=home)
    assert (first.exit_code, "READY" in first.stdout) == (0, True)
    assert here("train", "churn", "--reference", "telco/subscribers", "--quiet", home=home).exit_code == 0
    few = subscribers(tmp_path / "b.csv", 60, seed=9)
    unsure = millrace("deliver", "telco/subscribers", few, "--pages", "none", home=home)
    assert unsure.returncode == 3, unsure.stdout + unsure.stderr  # too few rows to compare distributions
    assert "We cannot say whether these scores can be used" in unsure.stdout
    held = here("deliver", "telco/subscribers", subscribers(tmp_path / "c.csv", 400, tenure="69"), "--pages", "none", home=home)
    assert (held.exit_code, "HELD" in held.stdout) == (1, True)
    assert "next       look at the checks in the pack; millrace release telco/churn@" in held.stdout
    assert here("deliver", home=home).exit_code == 2


def test_results_and_messages_go_separate_ways(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "a.csv", 100)
    loud = here("intake", "telco/subscribers", path, home=tmp_path / "a")
    assert loud.stderr.splitlines() == ["  take in", "  settle", "  write", "  account"]
    assert loud.stdout.splitlines()[1] == "records    101 = 100 accepted + 0 quarantined + 1 set aside"
    quiet = here("intake", "telco/subscribers", path, "--quiet", home=tmp_path / "b")
    assert quiet.stderr == ""
    assert quiet.stdout.splitlines()[1:-2] == loud.stdout.splitlines()[1:-2]
    every = here("intake", "telco/subscribers", path, "--verbose", home=tmp_path / "c")
    assert "  started  take in telco/subscribers part 1" in every.stderr or "  started  take in subscribers part 1" in every.stderr


JSON_WORDS = [
    ("products",), ("products", "telco"), ("runs", "list"), ("runs", "list", "harbour", "--submissions"),
    ("runs", "show", "harbour/repurchase@latest"), ("runs", "show", "harbour/customers@latest", "--submission"),
    ("runs", "open", "harbour/repurchase@latest"), ("runs", "verify"), ("assumptions", "harbour/repurchase@latest"),
    ("assumptions", "harbour/customers@latest", "--submission"), ("models", "list"), ("models", "show", "repurchase"),
]  # fmt: skip


@pytest.mark.parametrize("words", JSON_WORDS, ids=" ".join)
def test_json_is_one_document_and_nothing_else(words: tuple[str, ...], held: Held) -> None:
    done = here(*words, "--json", home=held.space.home.root)
    assert done.exit_code == 0, done.stdout
    assert done.stderr == ""
    assert json.loads(done.stdout)


def test_runs_are_listed_and_shown(home: Path, held: Held) -> None:
    listed = here("runs", "list", home=home)
    when = held.run.run["published"][:16].replace("T", " ")
    assert listed.stdout.splitlines() == [f"{held.run.label}  {when} UTC  HELD  1,488 scored"]
    assert here("runs", "list", "telco", home=home).stdout == f"no run was published yet in {home}\n"
    assert here("runs", "list", "telco", "--submissions", home=home).stdout == f"no submission was taken in yet in {home}\n"
    submissions = here("runs", "list", "--submissions", home=home).stdout.splitlines()
    assert len(submissions) == 4
    assert all(line.endswith(" accepted") for line in submissions)
    shown = here("runs", "show", held.run.id[:8], home=home).stdout.splitlines()
    assert shown[0] == f"{held.run.label}  HELD"
    names = [line.split("  ")[0] for line in shown[1:] if not line.startswith(" ")]
    assert [name for name in names if name in ("received", "rows", "inputs", "verdict", "pack")] == [
        "received",
        "rows",
        "inputs",
        "verdict",
        "pack",
    ]
    opened = here("runs", "open", held.run.id, home=home).stdout.strip()
    assert Path(opened).read_bytes().startswith(b"<!")


def test_a_submission_is_found_by_the_name_that_verify_prints(held: Held) -> None:
    home = held.space.home.root
    label = next(line.split("  ")[0] for line in here("runs", "verify", home=home).stdout.splitlines() if "/customers@" in line)
    shown = here("runs", "show", label, home=home)
    assert shown.stdout == here("runs", "show", label, "--submission", home=home).stdout
    assert shown.stdout.splitlines()[0] == label
    assert shown.stdout.splitlines()[-1] == "next       millrace deliver harbour"
    assert here("runs", "verify", label, home=home).stdout == f"{label}  whole\n"
    opened = here("runs", "open", label, home=home)
    assert (opened.exit_code, "RUN-NO-PAGE" in opened.stderr, f"millrace runs show {label}" in opened.stderr) == (1, True, True)
    assert "RUN-UNKNOWN: there is no such run" in here("runs", "show", "harbour/nobody@latest", home=home).stderr


def test_the_account_of_an_intake_is_in_words(tmp_path: Path) -> None:
    path = subscribers(tmp_path / "a.csv", 100)
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[5].split(",")
    cells[1] = "Hovercraft"
    path.write_text("\n".join([*lines[:5], ",".join(cells), lines[6] + ",one,more", *lines[7:]]) + "\n", encoding="utf-8")
    said = here("intake", "telco/subscribers", path, home=tmp_path / "home").stdout.splitlines()
    assert said[1] == "records    101 = 99 accepted + 1 quarantined + 1 set aside"
    assert "quarantine 1  The row has more or fewer cells than the header" in said
    assert "set aside  1  The header itself" in said
    assert "values     1  Gender is a word whose meaning was not agreed: cell left blank" in said
    assert "Hovercraft" not in "".join(said)


def test_a_stored_model_says_where_its_accuracy_was_measured(held: Held) -> None:
    line = next(e for e in here("runs", "show", held.run.label, home=held.space.home.root).stdout.splitlines() if e.startswith("accuracy"))
    assert "Measured at training, on rows that were held out." in line


def test_verify_names_what_is_damaged(home: Path, held: Held) -> None:
    whole = here("runs", "verify", home=home)
    assert whole.exit_code == 0
    assert len(whole.stdout.splitlines()) == 7  # four submissions, a run, the reference of its model, and a secret
    page = home / "runs/harbour/repurchase" / held.run.id / "pack/client/index.html"
    page.write_bytes(page.read_bytes().replace(b"HELD", b"held", 1))
    damaged = here("runs", "verify", "harbour/repurchase@latest", home=home)
    assert damaged.exit_code == 1
    assert damaged.stdout.splitlines() == [f"{held.run.label}  1 damaged", f"  {held.run.label}: pack/client/index.html: changed"]
    document = json.loads(here("runs", "verify", "--json", home=home).stdout)
    assert document[held.run.label] == [{"path": "pack/client/index.html", "what": "changed"}]


def test_assumptions_show_what_turned_out_wrong_first(held: Held) -> None:
    lines = here("assumptions", held.run.label, home=held.space.home.root).stdout.splitlines()
    verdicts = [line.split("  ")[0] for line in lines]
    assert verdicts == sorted(verdicts, key=["refuted", "untested", "held"].index)
    assert {"refuted", "untested", "held"} <= {verdict.strip() for verdict in verdicts}
    assert any("as-of date: ages, tenures and horizons are counted at 2026-08-31" in line for line in lines)


def test_products_say_for_whom(tmp_path: Path) -> None:
    document = {entry["name"]: entry for entry in json.loads(here("products", "--json", home=tmp_path / "home").stdout)}
    assert set(document) == {"churn", "lifetimes", "repurchase", "response"}
    assert document["repurchase"]["needs"] == ["customers", "transactions"]
    assert {"harbour", "sprocket"} <= set(document["repurchase"]["clients"])
    assert document["churn"]["clients"] == ["telco"]
    assert "Who is about to leave?" in here("products", "telco", home=tmp_path / "home").stdout
    assert "lifetimes" not in here("products", "telco", home=tmp_path / "home").stdout


def test_doctor_names_what_is_installed(tmp_path: Path) -> None:
    found = {entry["name"]: entry for entry in json.loads(here("doctor", "--json", home=tmp_path / "home").stdout)}
    assert {"pandas", "prefect", "evidently"} & set(found) or any("pandas" in str(entry) for entry in found.values())
    assert all(entry["state"] for entry in found.values())


def test_rehearse_writes_the_files_that_it_names(tmp_path: Path) -> None:
    words = ("rehearse", tmp_path / "files", "--customers", "60", "--periods", "2", "--seed", "3")
    document = json.loads(here(*words, "--json", home=tmp_path / "home").stdout)
    assert len(document["files"]) == 4
    assert all(Path(file["path"]).is_file() for file in document["files"])
    assert Path(document["research"]).is_file()
    again = here(*words, home=tmp_path / "home")
    assert (again.exit_code, again.stderr.splitlines()[1].split(":")[0]) == (1, "REHEARSAL-FOLDER")
    assert here("rehearse", tmp_path / "x", "--form", "pdf", home=tmp_path / "home").exit_code == 2


def test_no_colour_where_none_is_wanted(tmp_path: Path) -> None:
    """On a terminal, with and without NO_COLOR: wrong usage is what is coloured."""
    coloured, plain = (on_a_terminal(["deliver"], {**environment(tmp_path / "home"), **more}) for more in ({}, {"NO_COLOR": "1"}))
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
    assert colour.search(coloured)
    assert not colour.search(plain)
    assert "CLIENT" in plain


def on_a_terminal(words: list[str], variables: dict[str, str]) -> str:
    """What the command writes to a terminal of its own."""
    ours, theirs = pty.openpty()
    variables = {**{name: value for name, value in variables.items() if name not in ("NO_COLOR", "CI")}, "TERM": "xterm-256color"} | {
        name: value for name, value in variables.items() if name == "NO_COLOR"
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *words], env=variables, stdout=theirs, stderr=theirs, stdin=theirs, cwd=ROOT
    )
    os.close(theirs)
    written = b""
    try:
        while data := os.read(ours, 65_536):
            written += data
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
    assert process.wait(30) == 2
    return written.decode()


def test_a_fault_of_ours_shows_no_value_and_no_stack_trace(tmp_path: Path) -> None:
    code = """
import sys
sys.argv = ["millrace", "products"]
from flows import cli
from flows.workspace import Workspace
def clients(self): raise ValueError("Quirinusla77131")
Workspace.clients = clients
cli.main()
"""
    made = environment(tmp_path / "home")
    done = subprocess.run([sys.executable, "-c", code], env=made, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "INTERNAL: this is a fault of Millrace (ValueError)"
    assert "Quirinusla" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_home_is_private(tmp_path: Path) -> None:
    here("runs", "list", home=tmp_path / "home")
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
    assert isinstance(Home.open(tmp_path / "home"), Home)
