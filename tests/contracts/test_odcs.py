"""A contract to ODCS and back is the same contract; what others wrote is read, or refused where it stands."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings

from contracts import contract as known
from contracts import odcs, shelf
from contracts.contract import Contract, extend
from contracts.errors import ContractError
from contracts.fields import Field
from contracts.masks import failing
from contracts.rules import ForeignKey, Rule
from contracts.standard import text as yaml
from contracts.standard.check import faults_of
from contracts.standard.writing import document_of
from tests.contracts.generated import contracts


@settings(max_examples=60, deadline=None)
@given(contracts())
def test_to_odcs_and_back_is_the_same(contract: Contract) -> None:
    text = odcs.export(contract)
    back = odcs.parse(text)
    assert back == contract
    assert back.digest == contract.digest
    assert (back.document, back.unjudged) == ("", ())
    assert faults_of(document_of(contract)) == []
    assert odcs.export(back) == text


@pytest.mark.parametrize("name", known.SHIPPED)
def test_every_contract_that_is_shipped_keeps_all_it_says(name: str) -> None:
    contract = known.get(name)
    back = odcs.parse(odcs.export(contract))
    assert back == contract
    assert (back.document, back.unjudged) == ("", ())
    assert list(back.fields) == list(contract.fields)
    assert faults_of(document_of(contract)) == []


def test_a_feed_s_own_fields_stay_extensions() -> None:
    wide = extend(known.get("customers"), (Field("tier", "Tier", "Tier.", pa.string(), allowed=("gold", "NO")),))
    back = odcs.parse(odcs.export(wide))
    assert back == wide
    assert [field.name for field in back.extensions] == ["tier"]


def test_texts_are_read_alike_by_any_yaml(tmp_path: Path) -> None:
    """PyYAML takes NO for false and 1e3 for text; both must read what was written."""
    words = ["12:30:45", "1_000", "="]
    words += ["NO", "yes", "1.0", "1e3", "0o17", "2026-08-31", "~", "null", "", " x", "Köln", "a: b", "#c", "- d", "\u2028", "\x85", "é"]
    contract = known.get("scores")
    own = tuple(replace(one, synonyms=tuple(words)) if one.name == "band" else one for one in contract.own)
    text = odcs.export(replace(contract, own=own))
    other = importlib.import_module("yaml")
    read = next(one for one in other.safe_load(text)["schema"][0]["properties"] if one["name"] == "band")
    assert [one["synonym"] for one in read["synonyms"]] == words
    assert odcs.parse(text).fields["band"].synonyms == tuple(words)


OTHERS = """\
# What others wrote, with much that a contract here does not hold
version: 2.1.0
kind: DataContract
id: 7d1c5b1e-0a2f-4d41-9a55-2f3f8f6f2b11
apiVersion: v3.1.0
status: active
domain: loyalty
team: {name: loyalty, members: [{username: anna}]}
slaProperties:
  - {property: frequency, value: 1, unit: d}
schema:
  - name: VisitLog
    physicalType: table
    description: Who came to which shop.
    tags: [shops]
    properties:
      - name: visitId
        primaryKey: true
        logicalType: string
        classification: restricted
        logicalTypeOptions: {minLength: 4, maxLength: 12}
      - name: cameAt
        physicalName: CAME_AT
        businessName: Came at
        logicalType: date
        physicalType: timestamp
        required: true
        logicalTypeOptions: {minimum: "2020-01-01"}
      - name: shop
        logicalType: object
        required: true
        properties:
          - {name: country, logicalType: string, required: true, logicalTypeOptions: {pattern: "^(DE|NO)$"}}
          - {name: floors, logicalType: integer, logicalTypeOptions: {minimum: 1, exclusiveMaximum: 100}}
      - name: card
        logicalType: string
        classification: secret sauce
        quality:
          - {metric: invalidValues, arguments: {validValues: [gold, tin]}, mustBeLessThan: 5, unit: percent, severity: warning}
          - {type: sql, query: "SELECT 1", mustBe: 0}
      - name: mail
        logicalType: string
        classification: PII
        logicalTypeOptions: {format: email}
      - name: basket
        logicalType: array
        items: {logicalType: string}
      - name: memberId
        logicalType: string
        relationships:
          - {to: members.id}
    quality:
      - {metric: rowCount, mustBeGreaterThan: 0}
"""


def test_what_others_wrote_becomes_a_contract() -> None:
    contract = odcs.parse(OTHERS, "visits.yaml")
    assert (contract.id, contract.key, contract.title) == ("visit_log@2.1.0", ("visit_id",), "Visit log")
    fields = contract.fields
    assert list(fields) == ["visit_id", "came_at", "shop_country", "shop_floors", "card", "mail", "member_id"]
    assert [field.type_word for field in fields.values()] == ["text", "moment", "text", "whole", "text", "text", "text"]
    assert fields["visit_id"].rules == (("str_length", (4, 12)),)
    assert (fields["visit_id"].personal, fields["visit_id"].role, fields["visit_id"].on_bad) == ("quasi", "key", "reject")
    assert fields["came_at"].rules == (("ge", datetime(2020, 1, 1, tzinfo=UTC)),)
    assert fields["came_at"].synonyms == ("cameAt", "CAME_AT")
    assert (fields["shop_country"].nullable, fields["shop_country"].rules) == (False, (("str_contains", "^(DE|NO)$"),))
    assert dict(fields["shop_floors"].rules) == {"ge": 1, "lt": 100}
    assert (fields["card"].allowed, fields["card"].tolerance("isin"), fields["card"].on_bad) == (("gold", "tin"), 0.05, "warn")
    assert (fields["card"].personal, fields["mail"].personal, fields["mail"].role) == ("sensitive", "direct", "info")
    assert contract.references == (ForeignKey(("member_id",), "members", ("id",)),)


def test_what_is_not_judged_is_named_with_its_place() -> None:
    notes = odcs.parse(OTHERS, "visits.yaml").unjudged
    lines = OTHERS.splitlines()
    told = {"classification: restricted", "classification: secret sauce", "type: sql", "name: basket", "metric: rowCount"}
    assert {next(word for word in told if word in lines[int(note.split("(line ")[1].split(")")[0]) - 1]) for note in notes} == told
    assert len(notes) == len(told)


def test_what_others_wrote_is_written_back_as_it_was() -> None:
    contract = odcs.parse(OTHERS)
    assert yaml.read(odcs.export(contract), "x").data == yaml.read(OTHERS, "x").data


def test_a_change_is_made_in_the_document_of_others() -> None:
    contract = odcs.parse(OTHERS)
    own = tuple(replace(one, nullable=False, meaning="Card.") if one.name == "card" else one for one in contract.own)
    changed = replace(contract, version="2.2.0", own=own)
    text = odcs.export(changed)
    assert odcs.parse(text) == changed
    before, after = yaml.read(OTHERS, "x").data, yaml.read(text, "x").data
    assert after["team"] == before["team"]
    assert after["slaProperties"] == before["slaProperties"]
    assert after["schema"][0]["tags"] == ["shops"]
    card = after["schema"][0]["properties"][3]
    assert (card["description"], card["required"], card["name"]) == ("Card.", True, "card")
    assert [one for one in after["schema"][0]["properties"] if one["name"] != "card"] == [
        one for one in before["schema"][0]["properties"] if one["name"] != "card"
    ]


def test_a_change_within_a_nested_object_is_refused() -> None:
    contract = odcs.parse(OTHERS)
    own = tuple(replace(one, meaning="Land.") if one.name == "shop_country" else one for one in contract.own)
    with pytest.raises(ContractError, match="ODCS-NESTED"):
        odcs.export(replace(contract, own=own))


PLAIN = """\
version: 1.0.0
kind: DataContract
id: x
apiVersion: v3.2.0
schema:
  - name: things
    properties:
      - name: id
        logicalType: string
        primaryKey: true
      - name: amount
        logicalType: number
        logicalTypeOptions:
          minimum: 0
"""
RULE = "    quality:\n      - {type: custom, engine: millrace, name: r, implementation: {check: %s, fields: [%s]}}\n"
MORE = "  - name: others\n    properties:\n      - {name: a, logicalType: string}\n"
BAD = {
    "a number for a version": (("version: 1.0.0", "version: 1.0"), "ODCS-INVALID", 1),
    "no kind": (("kind: DataContract\n", ""), "ODCS-INVALID", 1),
    "a key misspelt": (("        logicalType: number", "        logicalTyp: number"), "ODCS-INVALID", 11),
    "a type that is none": (("logicalType: number", "logicalType: numbr"), "ODCS-INVALID", 12),
    "an option misspelt": (("minimum: 0", "minimun: 0"), "ODCS-INVALID", 13),
    "a bound that is no day": (("number\n        logicalTypeOptions:\n          minimum: 0", "date\n        logicalTypeOptions:\n"
                                "          minimum: soon"), "ODCS-INVALID", 14),
    "an older standard": (("v3.2.0", "v2.2.2"), "ODCS-VERSION", 4),
    "a key twice": (("id: x", "id: x\nid: y"), "ODCS-UNREADABLE", 4),
    "an alias": (("id: x", "id: &a x\nname: *a"), "ODCS-UNREADABLE", 3),
    "a tag": (("id: x", "id: !!python/object:os.system x"), "ODCS-UNREADABLE", 3),
    "a tabulator": (("    properties:", "\tproperties:"), "ODCS-UNREADABLE", 7),
    "two names alike": (("name: amount", "name: ID"), "ODCS-NAMES", 11),
    "several tables": (("          minimum: 0\n", "          minimum: 0\n" + MORE), "ODCS-TABLES", 5),
    "a key that is a list": (("logicalType: string", "logicalType: array"), "ODCS-UNSUPPORTED", 8),
    "a pattern that looks ahead": (("logicalType: string", "logicalType: string\n        logicalTypeOptions: {pattern: '(?=a)b'}"),
                                   "PATTERN-UNKNOWN", 10),
    "a check that nobody registered": (("          minimum: 0\n", "          minimum: 0\n" + RULE % ("os.system", "id, amount")),
                                       "CHECK-UNKNOWN", 16),
    "a rule of a field that is not there": (("          minimum: 0\n", "          minimum: 0\n" + RULE % ("not_after", "id, amoun")),
                                            "RULE-FIELD", 16),
    "a rule of one field too few": (("          minimum: 0\n", "          minimum: 0\n" + RULE % ("not_after", "id")),
                                    "RULE-ARGUMENTS", 16),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_an_invalid_file_is_refused_where_it_is_wrong(name: str) -> None:
    (old, new), code, line = BAD[name]
    assert odcs.parse(PLAIN).id == "things@1.0.0"
    assert old in PLAIN
    with pytest.raises(ContractError) as caught:
        odcs.parse(PLAIN.replace(old, new), "x.yaml")
    assert (caught.value.code, caught.value.place.file, caught.value.place.line) == (code, "x.yaml", line)


def test_one_of_several_tables_is_taken_by_its_name() -> None:
    assert odcs.parse(PLAIN + MORE, table="others").id == "others@1.0.0"
    assert list(odcs.parse(PLAIN + MORE, table="things").fields) == ["id", "amount"]


def test_every_fault_is_told_at_once() -> None:
    text = PLAIN.replace("kind: DataContract\n", "").replace("minimum: 0", "minimum: low").replace("primaryKey: true", "primaryKey: maybe")
    with pytest.raises(ContractError) as caught:
        odcs.parse(text)
    assert len(caught.value.details) == 3


def test_rules_between_fields_are_checked_by_their_name() -> None:
    rule = Rule("after_end", "not_after", ("start", "end"), words="It starts before it ends.", tolerated=0.1)
    contract = replace(
        known.get("customers"), name="stays", key=(), rules=(rule,),
        own=tuple(Field(name, name.title(), "Day.", pa.date32()) for name in ("start", "end")),
    )  # fmt: skip
    back = odcs.parse(odcs.export(contract))
    assert back == contract
    assert [(check.name, check.error) for check in back.schema().checks] == [("after_end", "start:after_end")]


def test_an_imported_contract_is_found_by_its_name(tmp_path: Path) -> None:
    path, folder = tmp_path / "visits.yaml", tmp_path / "home" / "contracts"
    path.write_text(OTHERS, encoding="utf-8")
    contract = odcs.import_file(path, folder)
    shelf.use([folder])
    assert known.get("visit_log") == contract
    assert known.get("visit_log@2.1.0") == contract
    assert known.get("visit_log").unjudged == contract.unjudged
    assert "visit_log" in known.names()
    with pytest.raises(ContractError, match="CONTRACT-VERSION"):
        known.get("visit_log@9")
    assert odcs.import_file(path, folder) == contract
    for version in ("2.10.0", "2.9.0"):
        path.write_text(OTHERS.replace("2.1.0", version), encoding="utf-8")
        odcs.import_file(path, folder)
    assert known.get("visit_log").version == "2.10.0"
    path.write_text(OTHERS.replace("Who came", "Who went"), encoding="utf-8")
    with pytest.raises(ContractError, match="CONTRACT-EXISTS"):
        odcs.import_file(path, folder)


def test_what_cannot_be_imported(tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    for text, code in [
        (odcs.export(known.get("customers")), "CONTRACT-TAKEN"),
        (PLAIN.replace("1.0.0", "../1"), "ODCS-VERSION-NAME"),
        (PLAIN.replace("kind", "kin"), "ODCS-INVALID"),
    ]:
        (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(ContractError, match=code):
            odcs.import_file(tmp_path / "x.yaml", folder)
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ContractError, match="ODCS-UNREADABLE"):
        odcs.import_file(tmp_path / "x.yaml", folder)
    with pytest.raises(ContractError, match="ODCS-MISSING"):
        odcs.import_file(tmp_path / "nowhere.yaml", folder)
    assert not folder.exists()


def test_bounds_of_days_and_moments_judge_rows() -> None:
    bound = 'date\n        logicalTypeOptions: {minimum: "2020-01-01"}'
    text = PLAIN.replace("number\n        logicalTypeOptions:\n          minimum: 0", bound)
    schema = odcs.parse(text).schema()
    table = pa.table({"id": ["a", "b", None], "amount": pa.array([date(2019, 1, 1), date(2021, 1, 1), None])})
    judged = list(failing(schema, table.to_pandas(types_mapper=pd.ArrowDtype)))
    found = {(one.column, one.check): one.bad.tolist() for one in judged if one.bad is not None}
    assert found == {("amount", "ge"): [True, False, False], ("id", "not_null"): [False, False, True]}
