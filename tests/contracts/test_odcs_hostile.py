"""ODCS files as nobody should write them: refused with a code, a place and a next step, and nothing of them is kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from contracts import contract as known
from contracts import odcs, shelf
from contracts.errors import ContractError

HEAD = "version: 1.0.0\nkind: DataContract\nid: x\napiVersion: v3.2.0\nschema:\n  - name: things\n"
PROPERTY = "    properties:\n      - {name: id, logicalType: string, primaryKey: true}\n"
OTHER = "      - {name: start, logicalType: date}\n      - {name: end, logicalType: date}\n"


def of(kind: str, more: str) -> str:
    """A file with a property of this type and something said of it."""
    return f"{HEAD}{PROPERTY}      - name: a\n        logicalType: {kind}\n        {more}\n"


def own(check: str, value: str) -> str:
    return f"quality: [{{type: custom, engine: millrace, implementation: {{check: {check}, value: {value}}}}}]"


def mine(name: str, value: str) -> str:
    return f"customProperties: [{{property: {name}, value: {value}, vendor: millrace}}]"


def library(metric: str, arguments: str) -> str:
    return f"quality: [{{metric: {metric}, arguments: {arguments}, mustBe: 0}}]"


def between(more: str, head: str = PROPERTY + OTHER) -> str:
    rule = f"    quality:\n      - {{type: custom, engine: millrace, {more}}}\n"
    return HEAD + rule + head


INVALID = {
    "a bound beyond 64 bits": of("integer", "logicalTypeOptions: {minimum: 99999999999999999999999}"),
    "a moment before all time": of("timestamp", "logicalTypeOptions: {minimum: '0001-01-01T00:00:00+14:00'}"),
    "bounds that cross": of("integer", "logicalTypeOptions: {minimum: 9, maximum: 1}"),
    "bounds that leave nothing": of("integer", "logicalTypeOptions: {exclusiveMinimum: 1, exclusiveMaximum: 2}"),
    "lengths that cross": of("string", "logicalTypeOptions: {minLength: 9, maxLength: 1}"),
    "days that cross": of("date", "logicalTypeOptions: {minimum: '2021-01-01', maximum: '2020-01-01'}"),
    "codes below the least": of("integer", "logicalTypeOptions: {minimum: 9}\n        enum: [{value: 1}]"),
    "a code that is no day": of("date", "enum: [{value: soon}]"),
    "a code that is no number": of("integer", "enum: [{value: many}]"),
    "no code but null": of("string", "enum: [{value: null}]"),
    "codes that are in no list": of("string", "enum: [{value: A}]\n        " + library("invalidValues", "{validValues: [B]}")),
    "valid values that are a text": of("string", library("invalidValues", "{validValues: abc}")),
    "valid values that are a number": of("integer", library("invalidValues", "{validValues: 5}")),
    "valid values of another type": of("integer", library("invalidValues", "{validValues: [1, two]}")),
    "valid values in lists": of("string", library("invalidValues", "{validValues: [[a]]}")),
    "missing values that are a number": of("string", library("missingValues", "{missingValues: 5}")),
    "a pattern that is a list": of("string", library("invalidValues", "{pattern: [1]}")),
    "a text for a number": of("integer", own("ge", "many")),
    "no value": of("integer", own("ge", "null")),
    "a list for a bound": of("integer", own("ge", "[1, 2]")),
    "a range of one end": of("integer", own("in_range", "[1]")),
    "a range that crosses": of("integer", own("in_range", "[5, 1]")),
    "a number for a day": of("date", own("ge", "5")),
    "half a moment": of("timestamp", own("le", "'2020'")),
    "a number for a pattern": of("string", own("str_matches", "5")),
    "a pattern of numbers": of("integer", own("str_matches", "a")),
    "keys for a bound": of("string", own("ge", "{a: 1}")),
    "codes of another type": of("integer", own("notin", "[a]")),
    "a number for a beginning": of("string", own("str_startswith", "5")),
    "an order of true and false": of("boolean", own("ge", "true")),
    "tolerances that are a number": of("number", mine("tolerances", "5")),
    "tolerances that are a list": of("number", mine("tolerances", "[1, 2]")),
    "a share above one": of("number", mine("tolerated", "7")),
    "a word for true": of("number", mine("extension", "'yes'")),
    "a currency of no field": of("number", mine("currency", "nosuch")),
    "a unit in keys": of("number", mine("unit", "{a: 1}")),
    "a property of ours that is not known": of("number", mine("tolerate", "0.5")),
    "a property of ours twice": of("number", "customProperties: [{property: role, value: leak, vendor: millrace}, "
                                             "{property: role, value: input, vendor: millrace}]"),
    "a direction that is none": HEAD + PROPERTY + mine("direction", "sideways") + "\n",
    "a history of nobody": HEAD + PROPERTY + mine("history", "true") + "\n",
    "a rule without a name": between("implementation: {check: not_after, fields: [start, end]}"),
    "a rule whose share is a word": between("name: r, implementation: {check: not_after, fields: [start, end]}, "
                                            + mine("tolerated", "lots")),
    "two rules of one name": between("name: r, implementation: {check: not_after, fields: [start, end]}}\n      - {type: custom, "
                                     "engine: millrace, name: r, implementation: {check: not_before, fields: [start, end]}"),
    "a relationship to no column": of("string", "relationships: [{to: customers}]"),
    "tables by their names": HEAD.replace("  - name: things\n", "  orders: {}\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", INVALID)
def test_what_a_rule_or_a_property_of_ours_cannot_be_is_refused_where_it_stands(name: str) -> None:
    with pytest.raises(ContractError) as caught:
        odcs.parse(INVALID[name], "x.yaml")
    error = caught.value
    assert (error.code, error.place.file, bool(error.hint)) == ("ODCS-INVALID", "x.yaml", True)
    assert (error.place.line or 0) >= 5


OTHERWISE = {
    "fields that cannot be compared": (between("name: r, implementation: {check: not_after, fields: [id, start]}"), "RULE-ARGUMENTS"),
    "a name that we need": (of("string", "").replace("name: a", "name: row_id"), "ODCS-NAMES"),
    "tables of one name": (HEAD + PROPERTY + "  - name: Things\n" + PROPERTY, "ODCS-NAMES"),
    "another YAML": ("%YAML 1.1\n---\n" + HEAD + PROPERTY, "ODCS-UNREADABLE"),
    "a YAML that is none": ("%YAML 1.3\n---\n" + HEAD + PROPERTY, "ODCS-UNREADABLE"),
    "a tag of a list": (HEAD.replace("schema:", "schema: !foo") + PROPERTY, "ODCS-UNREADABLE"),
    "a truth that is none": (of("string", "required: !!bool maybe"), "ODCS-UNREADABLE"),
    "no number": (of("number", "logicalTypeOptions: {minimum: .nan}"), "ODCS-UNREADABLE"),
    "a number without end": (of("number", "logicalTypeOptions: {minimum: -.inf}"), "ODCS-UNREADABLE"),
    "several documents": (HEAD + PROPERTY + "---\na: b\n", "ODCS-UNREADABLE"),
    "a control character": (HEAD.replace("id: x", "id: \x01") + PROPERTY, "ODCS-UNREADABLE"),
    "a bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "ODCS-UNREADABLE"),
    "itself": ("a: &a [*a]\n", "ODCS-UNREADABLE"),
    "a great depth": ("[" * 100_000, "ODCS-UNREADABLE"),
    "very many entries": ("[" + "1," * 150_000 + "1]", "ODCS-UNREADABLE"),
    "the other specification": ("dataContractSpecification: 1.1.0\nid: x\n", "ODCS-VERSION"),
    "a version without its sign": (HEAD.replace("v3.2.0", "3.2.0"), "ODCS-VERSION"),
    "a version to come": (HEAD.replace("v3.2.0", "v4.0.0"), "ODCS-VERSION"),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_everything_else_is_refused_with_its_own_code(name: str) -> None:
    text, code = OTHERWISE[name]
    with pytest.raises(ContractError) as caught:
        odcs.parse(text, "x.yaml")
    assert (caught.value.code, bool(caught.value.hint)) == (code, True)


def test_a_version_that_is_nearly_right_is_named() -> None:
    hints = {}
    for version in ("3.2.0", "v3.2", "2.2.2", "v9.0.0"):
        with pytest.raises(ContractError) as caught:
            odcs.parse(HEAD.replace("v3.2.0", version) + PROPERTY)
        hints[version] = str(caught.value.hint)
    assert ["v3.2.0" in hints[one] for one in hints] == [True, True, False, True]


RICH = f"""{HEAD}{PROPERTY}      - name: code
        logicalType: string
        enum: [{{value: A}}, {{value: B}}, {{value: C}}]
        logicalTypeOptions: {{pattern: "^[A-Z]"}}
        quality:
          - {{metric: invalidValues, arguments: {{validValues: [B, C, D]}}, mustBe: 0}}
          - {{metric: invalidValues, arguments: {{pattern: "^[^C]"}}, mustBe: 0}}
      - name: mail
        logicalType: string
        logicalTypeOptions: {{format: email, pattern: "^[a-z]"}}
      - name: size
        logicalType: integer
        logicalTypeOptions: {{minimum: 1, multipleOf: 2, format: i32}}
        {own("ge", "5")}
      - name: open
        logicalType: boolean
        logicalTypeOptions: {{minimum: 1}}
      - {{name: month, logicalType: date, semanticType: dimension, transformLogic: x}}
      - {{name: prénom, logicalType: string}}
"""


def test_rules_that_are_asked_twice_all_hold_and_nothing_of_them_is_lost() -> None:
    contract = odcs.parse(RICH)
    assert list(contract.fields) == ["id", "code", "mail", "size", "open", "prenom"]
    assert contract.fields["code"].allowed == ("B", "C")
    texts = {"code": ["B", "C", "B"], "mail": ["a@b.cd", "x", "A@b.cd"]}
    for name, good in (("code", [True, False, True]), ("mail", [True, False, False])):
        column = pd.Series(texts[name], dtype=pd.ArrowDtype(pa.string()))
        passes = pd.DataFrame([check(column).check_output.astype(bool) for check in contract.fields[name].checks])
        assert passes.all().tolist() == good
    assert [value for rule, value in contract.fields["size"].rules if rule == "ge"] == [1, 5]
    told = "\n".join(contract.unjudged)
    assert all(word in told for word in ("schema[things].properties[size]", "multipleOf", "i32", "minimum", "dimension month"))
    assert odcs.parse(odcs.export(contract)) == contract


PEOPLE = "{id: t1, name: people, properties: [{id: p1, name: personId, logicalType: string, primaryKey: true}]}"
LINKED = f"""{HEAD.replace("name: things", PEOPLE)}
  - id: t2
    name: visits
    relationships:
      - {{from: /schema/t2/properties/p3, to: schema/t1/properties/p1}}
      - {{from: people.personId, to: visits.id}}
    properties:
      - {{id: p2, name: id, logicalType: string, primaryKey: true, relationships: [{{to: "other.yaml#/schema/t1/properties/p1"}}]}}
      - {{id: p3, name: who, logicalType: string, relationships: [{{to: /schema/t1/properties/p1}}]}}
"""


def test_relationships_by_ids_lead_to_the_names() -> None:
    contract = odcs.parse(LINKED, table="visits")
    assert [str(one) for one in contract.references] == ["id -> t1.p1", "who -> people.person_id", "who -> people.person_id"]
    assert len(contract.unjudged) == 1
    again = odcs.parse(odcs.export(contract))
    assert (again, len(again.unjudged)) == (contract, 1)


def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "link.yaml").symlink_to("nowhere")
    (tmp_path / "round.yaml").symlink_to("round.yaml")
    for path in (*tmp_path.iterdir(), Path("/dev/zero"), Path(), tmp_path / ("x" * 300)):
        with pytest.raises(ContractError, match="ODCS-MISSING"):
            odcs.load(path)
    with (tmp_path / "large.yaml").open("wb") as file:
        file.truncate(1 << 33)
    with pytest.raises(ContractError, match="ODCS-UNREADABLE"):
        odcs.load(tmp_path / "large.yaml")


def test_a_large_contract_is_read_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    path.write_text(HEAD + PROPERTY + "".join(f"      - {{name: c{n}, logicalType: string}}\n" for n in range(300)), encoding="utf-8")
    started = time.process_time()
    odcs.load(path)
    once = time.process_time() - started
    started = time.process_time()
    odcs.import_file(path, tmp_path / "contracts")
    assert time.process_time() - started < 2 * once + 0.2


def test_a_folder_of_contracts_may_hold_what_is_none(tmp_path: Path) -> None:
    (tmp_path / "dangling@1.0.odcs.yaml").symlink_to("nowhere")
    (tmp_path / "folder@1.0.odcs.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe@1.0.odcs.yaml")
    (tmp_path / "good.yaml").write_text(HEAD + PROPERTY, encoding="utf-8")
    odcs.import_file(tmp_path / "good.yaml", tmp_path)
    shelf.use([tmp_path])
    assert known.get("things").id == "things@1.0.0"
    assert len(shelf.state()) == 4
    for name in ("dangling", "folder", "pipe"):
        with pytest.raises(ContractError, match="ODCS-MISSING") as caught:
            known.get(name)
        assert str(tmp_path) in str(caught.value.place)


def test_a_damaged_file_is_named_and_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(HEAD + PROPERTY, encoding="utf-8")
    kept = tmp_path / "things@1.0.0.odcs.yaml"
    kept.write_text("a: [", encoding="utf-8")
    with pytest.raises(ContractError, match="CONTRACT-EXISTS") as caught:
        odcs.import_file(tmp_path / "good.yaml", tmp_path)
    assert (caught.value.found, kept.read_text(encoding="utf-8")) == (str(kept), "a: [")


def test_what_cannot_be_kept_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good.yaml").write_text(HEAD + PROPERTY, encoding="utf-8")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ContractError, match="ODCS-UNWRITABLE"):
        odcs.import_file(tmp_path / "good.yaml", tmp_path / "file")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ContractError, match="ODCS-UNWRITABLE"):
        odcs.import_file(tmp_path / "good.yaml", tmp_path / "contracts")
    assert list((tmp_path / "contracts").iterdir()) == []
