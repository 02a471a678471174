"""`millrace contracts`: lists, shows, writes pages and files, takes files in, and says what a new version breaks and whom it touches."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contracts import contract as contracts
from contracts.contract import Contract, get
from contracts.difference import difference
from contracts.odcs import export, load
from flows.usage import Touch, Usage, touches, usage
from flows.workspace import Workspace
from tests.flows.conftest import Held
from tests.flows.delivering import clients, here, workspace

BOOKS = """\
kind: DataContract
apiVersion: v3.2.0
id: loans
version: "1.0"
status: active
schema:
  - name: loans
    businessName: Loans
    dataGranularityDescription: one row per loan
    properties:
      - name: loan_id
        businessName: Loan
        description: Number of the loan.
        logicalType: string
        primaryKey: true
        required: true
      - name: days
        businessName: Days
        description: Days of the loan.
        logicalType: integer
        logicalTypeOptions: {minimum: 1}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def changed(folder: Path, name: str, change: Callable[[Contract], Contract]) -> Path:
    """A file with a changed contract."""
    path = folder / f"{name}.yaml"
    path.write_text(export(change(get(name))), encoding="utf-8")
    return path


def field(name: str, **more: Any) -> Callable[[Contract], Contract]:
    """Change a field."""
    return lambda contract: replace(contract, own=tuple(replace(f, **more) if f.name == name else f for f in contract.own))


def test_list_names_every_contract_with_its_products_and_feeds(home: Path) -> None:
    document = {one["name"]: one for one in json.loads(here("contracts", "list", "--json", home=home).stdout)}
    assert set(contracts.SHIPPED) <= set(document)
    assert document["customers"]["row"] == "one row per consumer of the client"
    assert document["customers"]["needed_by"] == ["repurchase"]
    assert {"feed": "harbour/customers", "status": "confirmed"} in document["customers"]["feeds"]
    assert (document["scores"]["feeds"], document["scores"]["delivered_by"]) == ([], ["churn", "repurchase", "response"])
    said = " ".join(here("contracts", "list", home=home).stdout.split())
    assert "transactions@1.0 one row per order line: 13 fields, named by order_id and line_id" in said
    assert "harbour/transactions" in said


def test_feeds_of_another_folder_are_named_and_broken_ones_do_not_stop_it(home: Path, tmp_path: Path) -> None:
    folder = clients(tmp_path / "clients", "harbour", customers=("status: confirmed", "status: draft"))
    (folder / "harbour" / "orders.yaml").write_text("feed: harbour/orders\ncontract: transactions@1.0\ncolumns: {nobody: X}\n", "utf-8")
    said = " ".join(here("contracts", "list", home=home, settings={"MILLRACE_CLIENTS": str(folder)}).stdout.split())
    assert "harbour/customers (draft)" in said
    assert "harbour/orders (CONNECTOR-INVALID)" in said


@pytest.mark.parametrize("name", contracts.SHIPPED)
def test_show_tells_every_field(name: str, home: Path) -> None:
    contract, said = get(name), " ".join(here("contracts", "show", name, home=home).stdout.split())
    assert f"{contract.id} {contract.title}: {contract.row}" in said
    for each in contract.fields.values():
        assert f"{each.name} {each.type_word} {each.title}. {each.meaning}" in said
    document = json.loads(here("contracts", "show", name, "--json", home=home).stdout)
    assert [one["name"] for one in document["fields"]] == list(contract.fields)
    assert [one["allowed"] for one in document["fields"]] == [list(f.allowed) if f.allowed else None for f in contract.fields.values()]


def test_a_page_is_written_where_it_is_wanted_and_over_nothing(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    done = here("contracts", "show", "customers", "--html", path, home=home)
    assert (done.exit_code, done.stdout.strip()) == (0, str(path))
    assert "<h1>Customers</h1>" in path.read_text(encoding="utf-8")
    assert "harbour" not in path.read_text(encoding="utf-8")  # a page may go to another client
    again = here("contracts", "show", "customers", "--html", path, home=home)
    assert (again.exit_code, again.stderr.split(":")[0]) == (1, "OUTPUT-EXISTS")
    assert here("contracts", "show", "customers", "--html", path, "--force", home=home).exit_code == 0


def test_a_folder_gets_linked_pages(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    done = here("contracts", "show", "transactions", "--html", folder, "--quiet", home=home)
    assert (done.exit_code, done.stderr) == (0, "")
    assert sorted(path.name for path in folder.iterdir()) == ["customers.html", "transactions.html"]
    for path in folder.iterdir():
        assert all((folder / name).is_file() for name in re.findall(r'href="([^"#:]+\.html)"', path.read_text(encoding="utf-8")))
    assert 'href="customers.html"' in (folder / "transactions.html").read_text(encoding="utf-8")


def test_export_writes_what_compares_equal(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "customers.yaml"
    assert here("contracts", "export", "customers", "-o", path, home=home).exit_code == 0
    assert load(path) == get("customers")
    assert here("contracts", "export", "customers", home=home).stdout == path.read_text(encoding="utf-8")
    assert json.loads(here("contracts", "export", "customers", "--json", home=home).stdout)["text"] == path.read_text(encoding="utf-8")
    same = here("contracts", "diff", path, home=home)
    assert (same.exit_code, same.stdout) == (0, "customers@1.0 -> customers@1.0  no difference\n")


def test_an_imported_contract_is_used_by_its_name(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "loans.yaml"
    path.write_text(BOOKS, encoding="utf-8")
    done = here("contracts", "import", path, home=home)
    assert done.exit_code == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[0] == "loans@1.0  taken in: 2 fields, one row per loan"
    assert "loans@1.0" in here("contracts", "list", home=home).stdout
    shown = json.loads(here("contracts", "show", "loans", "--json", home=home).stdout)
    assert shown["source"].endswith("loans@1.0.odcs.yaml")
    path.write_text(BOOKS.replace('"1.0"', '"2.0"').replace("minimum: 1", "minimum: 2"), encoding="utf-8")
    second = here("contracts", "import", path, home=home)
    assert second.stdout.splitlines()[-1] == "next       millrace contracts diff loans@1.0 loans@2.0"
    found = here("contracts", "diff", "loans@1.0", "loans@2.0", home=home)
    assert found.exit_code == 1
    assert "rule tightened: at least 2, was at least 1" in found.stdout
    assert "loans" not in here("contracts", "list", home=tmp_path / "other").stdout  # each home has its own


def test_an_imported_file_that_was_damaged_since_does_not_stop_the_list(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "loans.yaml"
    path.write_text(BOOKS, encoding="utf-8")
    here("contracts", "import", path, home=home)
    kept = next(home.glob("contracts/loans*"))
    kept.write_text("a: [", encoding="utf-8")
    done = here("contracts", "list", home=home)
    assert (done.exit_code, f"damaged: file {kept}" in done.stdout, "customers@1.0" in done.stdout) == (0, True, True)
    assert [one["damaged"]["code"] for one in json.loads(here("contracts", "list", "--json", home=home).stdout) if "damaged" in one]
    assert here("contracts", "show", "loans", home=home).exit_code == 1


def test_a_change_that_breaks_ends_with_1_and_names_whom_it_touches(held: Held, tmp_path: Path) -> None:
    home = held.space.home.root
    path = changed(tmp_path, "customers", field("income", unit="currency per month"))
    done = here("contracts", "diff", path, home=home)
    assert done.exit_code == 1
    said = " ".join(done.stdout.split())
    assert "customers@1.0 -> customers@1.0 2 changes, BREAKING: 1 for senders and 1 for readers" in said
    assert "! income unit changed: in currency per month, was in currency per year" in said
    assert "harbour/customers (sends it as Jahreseinkommen)" in said
    assert "touches product repurchase (reads it)" in said
    assert "touches model repurchase@0001 (reads it)" in said
    assert "this should be 2.0, not 1.0" in said
    document = json.loads(here("contracts", "diff", path, "--json", home=home).stdout)
    assert document["breaking"]
    assert document["touched"]["models"] == ["repurchase@0001"]
    assert "harbour/customers" in document["touched"]["feeds"]


def test_a_change_that_breaks_nobody_ends_with_0(home: Path, tmp_path: Path) -> None:
    new = changed(tmp_path, "customers", lambda c: replace(field("income", title="Yearly income")(c), version="1.1"))
    done = here("contracts", "diff", "customers", new, home=home)
    assert done.exit_code == 0
    assert "none of them breaking" in done.stdout
    assert here("contracts", "diff", new, "customers", home=home).exit_code == 0


def test_what_is_derived_of_a_field_is_touched(held: Held) -> None:
    old = get("customers")
    used = usage(held.space, old)

    def touched(change: Callable[[Contract], Contract]) -> dict[str, str]:
        return {one.name: one.how for each in difference(old, change(old)) for one in touches(each, used)}

    assert touched(field("birth_date", nullable=False))["repurchase@0001"] == "makes age of it"
    assert touched(field("birth_date", nullable=False))["harbour/customers"] == "sends it as Geburtsdatum"
    assert touched(field("income", meaning="Another.")) == {}
    assert touched(lambda c: replace(c, version="2.0"))["harbour/customers"] == "asks for customers@1.0"
    assert "harbour/customers" in touched(lambda c: replace(c, duplicates="keep"))
    assert touched(field("education", required=True))["harbour/customers"] == "does not send it"
    gone = touched(lambda c: replace(c, own=tuple(f for f in c.own if f.name != "segment")))
    assert gone["harbour/customers"] == "sends it as Kundengruppe"
    lines = usage(held.space, get("transactions"))
    assert {reader.name for reader in lines.readers} == {"repurchase", "repurchase@0001", "lifetimes"}


def test_a_new_field_touches_who_must_send_it_and_who_has_one_of_that_name(tmp_path: Path) -> None:
    added = "extensions:\n  loyalty: {from: X, title: Loyalty, meaning: Points., type: whole}\ncolumns:"
    folder = clients(tmp_path / "clients", "harbour", customers=("columns:", added))
    space: Workspace = workspace(tmp_path / "home", clients=folder)
    old, mine = get("customers"), replace(get("transactions").own[0], name="loyalty")
    used = usage(space, old)
    optional = difference(old, replace(old, own=(*old.own, replace(mine, required=False))))
    assert [one for each in optional for one in touches(each, used) if one.what == "feed"] == [
        Touch("feed", "harbour/customers", "has a field of its own named loyalty")
    ]
    must = {one.name: one.how for each in difference(old, replace(old, own=(*old.own, mine))) for one in touches(each, used)}
    assert must["sprocket/customers"] == "must send it"
    assert touches(optional[0], Usage()) == ()


BAD = [
    (("contracts", "show", "custmers"), 1, "CONTRACT-UNKNOWN"),
    (("contracts", "show", "customers@7.0"), 1, "CONTRACT-VERSION"),
    (("contracts", "show", "nowhere.yaml"), 1, "ODCS-MISSING"),
    (("contracts", "show", "x" * 5_000), 1, "CONTRACT-UNKNOWN"),
    (("contracts", "show", "x" * 5_000 + ".yaml"), 1, "ODCS-MISSING"),
    (("contracts", "diff", "customers"), 2, "name two versions"),
    (("contracts", "export", "custmers"), 1, "CONTRACT-UNKNOWN"),
    (("contracts", "import", "nowhere.yaml"), 1, "ODCS-MISSING"),
    (("contracts", "show", "customers", "--html", "/nowhere/at/all.html"), 1, "OUTPUT-FOLDER"),
]


@pytest.mark.parametrize(("words", "code", "said"), BAD, ids=[" ".join(words[1:])[:40] for words, _, _ in BAD])
def test_bad_input_is_told_and_gives_no_stack_trace(words: tuple[str, ...], code: int, said: str, home: Path) -> None:
    done = here(*words, home=home)
    assert done.exit_code == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a: [", b"", b"- 1\n- 2\n", b"kind: DataContract\n", b"a: &x [*x]\n", b"\x00" * 99])
def test_a_file_that_is_no_contract_is_refused(content: bytes, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    for words in (("show",), ("diff",), ("import",)):
        done = here("contracts", *words, path, home=home)
        assert (done.exit_code, done.stderr.partition(":")[0].startswith("ODCS-")) == (1, True), done.stderr


def test_what_a_file_says_cannot_steer_a_terminal(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(BOOKS.replace("Number of the loan.", '"Number \\e[31m of the loan."'), encoding="utf-8")
    done = here("contracts", "show", path, home=home)
    assert done.exit_code == 0, done.stderr
    assert "\x1b" not in done.stdout


LINKED = """\
version: 1.0.0
kind: DataContract
id: x
apiVersion: v3.2.0
schema:
  - name: visits
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: who, logicalType: string, relationships: [{to: customers.customer_id}]}
      - {name: guest, logicalType: string, relationships: [{to: customers.nobody}]}
      - {name: shop, logicalType: string, relationships: [{to: shops.id}]}
"""


def test_what_becomes_of_keys_of_other_contracts_is_said(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "visits.yaml"
    path.write_text(LINKED, encoding="utf-8")
    said = here("contracts", "import", path, home=home).stdout
    for words in ("who -> customers.customer_id: counted", "customers has no field nobody", "no contract shops here yet"):
        assert words in said
    (home / "contracts" / "shops@1.0.odcs.yaml").write_text("a: [", encoding="utf-8")
    done = here("contracts", "import", path, home=home)
    assert (done.exit_code, "ODCS-UNREADABLE" in done.stdout) == (0, True)


def test_a_file_that_bears_the_name_of_a_shipped_contract_hides_none(home: Path, tmp_path: Path) -> None:
    folder = home / "contracts"
    here("contracts", "export", "customers", "-o", tmp_path / "customers.yaml", home=home)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "customers@9.0.odcs.yaml").write_text(LINKED, encoding="utf-8")
    done = here("contracts", "list", home=home)
    assert (done.exit_code, "customers@1.0" in done.stdout, "damaged" in done.stdout) == (0, True, True)
