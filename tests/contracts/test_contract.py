"""Every contract says what its fields are; names and versions are found or explained; feeds add fields without breaking others."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from connectors.proposing.choosing import CANDIDATES
from contracts import contract as contracts
from contracts.contract import Contract, extend, get
from contracts.errors import ContractError
from contracts.fields import TYPES, Field
from contracts.masks import failing

ALL = [get(name) for name in contracts.names()]
FIELDS = [(contract, field) for contract in ALL for field in contract.fields.values()]


def named(value: object) -> str:
    return value.name if isinstance(value, Contract | Field) else str(value)


@pytest.mark.parametrize(("contract", "field"), FIELDS, ids=named)
def test_every_field_has_title_meaning_and_a_known_type(contract: Contract, field: Field) -> None:
    assert field.title
    assert field.title[0].isupper()
    assert field.meaning.endswith(".")
    assert field.type_word in TYPES
    assert field.name == field.name.lower().replace(" ", "_")
    assert 0 <= field.tolerated <= 1


@pytest.mark.parametrize("contract", ALL, ids=named)
def test_keys_are_fields_that_may_not_be_null(contract: Contract) -> None:
    for name in contract.key:
        assert not contract.fields[name].nullable
        assert contract.fields[name].required


@pytest.mark.parametrize("contract", ALL, ids=named)
def test_a_bad_key_costs_its_row(contract: Contract) -> None:
    assert all(contract.fields[key].on_bad == "reject" for key in contract.key)


@pytest.mark.parametrize("contract", ALL, ids=named)
def test_a_contract_says_what_it_is_of(contract: Contract) -> None:
    assert contract.title
    assert contract.row.startswith("one row per ")
    assert contract.meaning.endswith(".")
    assert contract.repeats.endswith(".")


@pytest.mark.parametrize("contract", ALL, ids=named)
def test_what_it_asks_has_a_scope_and_names_fields_that_are_there(contract: Contract) -> None:
    for each in contract.stated:
        assert each.scope in ("row", "key", "global")
        assert set(each.fields) <= set(contract.fields)
        assert 0 <= each.tolerated <= 1
    assert all(field.currency is None or contract.fields[field.currency].type_word == "text" for field in contract.fields.values())
    names = [rule.name for rule in contract.rules]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("contract", ALL, ids=named)
def test_keys_of_other_contracts_are_of_one_type(contract: Contract) -> None:
    for reference in contract.references:
        other = get(reference.contract)
        assert reference.to == other.key
        assert [contract.fields[name].type for name in reference.fields] == [other.fields[name].type for name in reference.to]


@pytest.mark.parametrize("contract", [each for each in ALL if each.direction == "input"], ids=named)
def test_fields_of_files_have_other_names_in_several_languages(contract: Contract) -> None:
    assert all(len(field.synonyms) >= 4 for field in contract.fields.values())


def test_what_is_delivered_is_never_proposed_for_a_file() -> None:
    assert {get(name).direction for name in CANDIDATES} == {"input"}


@pytest.mark.parametrize("contract", ALL, ids=named)
def test_a_table_without_rows_is_valid(contract: Contract) -> None:
    table = pd.DataFrame({name: pd.Series([], dtype=pd.ArrowDtype(field.type)) for name, field in contract.fields.items()})
    assert list(failing(contract.schema(), table)) == []
    contract.schema().validate(table)


@pytest.mark.parametrize("contract", ALL, ids=named)
def test_synonyms_name_one_field_only(contract: Contract) -> None:
    words = [word.casefold() for field in contract.fields.values() for word in {synonym.casefold() for synonym in field.synonyms}]
    assert sorted(words) == sorted(set(words))


def test_contracts_that_hold_customers_share_their_fields() -> None:
    base = get("customers").fields
    for name in ("prospects", "subscribers"):
        assert all(get(name).fields[field] == base[field] for field in base)


def test_labels_and_identifiers_never_are_inputs() -> None:
    assert get("subscribers").fields["churned"].role == "label"
    assert get("prospects").fields["responded"].role == "label"
    direct = {field.name for _, field in FIELDS if field.personal == "direct"}
    assert {"first_name", "last_name", "email", "phone", "street"} <= direct
    assert all(field.role != "input" for _, field in FIELDS if field.personal == "direct")


def test_unknown_names_and_versions() -> None:
    with pytest.raises(ContractError, match="CONTRACT-UNKNOWN") as caught:
        get("custmers")
    assert caught.value.hint == "did you mean 'customers'?"
    with pytest.raises(ContractError, match="CONTRACT-VERSION") as caught:
        get("customers@0.9")
    assert (caught.value.found, caught.value.expected) == ("1.0", "0.9")
    assert get("customers@1.0") is get("customers")


TIER = Field("tier", "Tier", "Tier.", pa.string(), allowed=("gold", "tin"))
SHOES = Field("shoe_size", "Shoe size", "Shoe size.", pa.int64(), rules=(("ge", 10), ("le", 60)))


def test_an_extension_is_a_field_like_others() -> None:
    wide = extend(extend(get("customers"), (TIER,)), (SHOES,))
    assert list(wide.fields)[-2:] == ["tier", "shoe_size"]
    assert wide.id == "customers@1.0"
    columns = pa.table({"customer_id": ["a", "b"], "tier": ["gold", "wood"], "shoe_size": [5, 42]})
    table = columns.to_pandas(types_mapper=pd.ArrowDtype)
    found = {(one.column, one.check): one.bad for one in failing(wide.schema(), table)}
    assert {key: bad.tolist() for key, bad in found.items() if bad is not None} == {
        ("tier", "isin"): [False, True],
        ("shoe_size", "ge"): [True, False],
    }


def test_an_extension_changes_no_other_feed() -> None:
    wide = extend(get("customers"), (TIER,))
    assert wide.schema() is wide.schema()
    assert "tier" in wide.schema().columns
    assert "tier" not in get("customers").schema().columns
    assert wide != get("customers")


def test_an_extension_does_not_take_a_name_that_is_there() -> None:
    with pytest.raises(ContractError, match="EXTENSION-CLASH"):
        extend(get("customers"), (Field("city", "City", "City.", pa.string()),))
    with pytest.raises(ContractError, match="EXTENSION-CLASH"):
        extend(extend(get("customers"), (TIER,)), (TIER,))
