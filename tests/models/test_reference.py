"""Reference rows: no keys, no names, one folder for one content."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from contracts.errors import ModelError
from models import reference
from models.scope import Scope
from models.tokens import tokens

SECRET = b"s" * 32
TABLE = pa.table({"customer_id": ["k-1", "k-2", "k-3"], "age": [30, None, 50], "churned": [True, False, True]})


def save(home: Path, table: Any = TABLE, **more: Any) -> str:
    given = {"scope": Scope("telco"), "source": "sub-1", "as_of": "2024-05-01", "label": "churned", "key": "customer_id", "secret": SECRET}
    return reference.save(home, "churn.telco", table, **{**given, **more})


def test_rows_come_back_with_tokens_in_place_of_keys(tmp_path: Path) -> None:
    digest = save(tmp_path)
    rows, facts = reference.load(tmp_path, "churn.telco", digest, client="telco")
    assert rows.column_names == ["token", "age", "churned"]
    assert rows["token"].to_pylist()[0] == hmac.new(SECRET, b"k-1", hashlib.sha256).hexdigest()
    assert rows.drop_columns("token").equals(TABLE.drop_columns("customer_id"))
    assert (facts.rows, facts.label, round(facts.label_rate or 0, 3)) == (3, "churned", 0.667)
    assert facts.columns == {"token": "string", "age": "int64", "churned": "bool"}
    held = b"".join(p.read_bytes() for p in (tmp_path / "references").rglob("*") if p.is_file())
    assert b"k-1" not in held
    assert SECRET not in held


def test_the_same_content_is_one_folder(tmp_path: Path) -> None:
    frame = TABLE.to_pandas(types_mapper=pd.ArrowDtype)
    chunked = pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)])
    digest = save(tmp_path)
    assert save(tmp_path, frame) == save(tmp_path, chunked) == digest
    assert reference.stored(tmp_path, "churn.telco") == (digest,)
    others = {save(tmp_path, TABLE.slice(1)), save(tmp_path, scope=Scope("telco", ("bank",))), save(tmp_path, secret=b"t" * 32)}
    assert set(reference.stored(tmp_path, "churn.telco")) == others | {digest}
    assert len(others) == 3


@pytest.mark.parametrize("column", ["email", "first_name", "phone", "street", "nickname"])
def test_columns_that_name_a_person_are_refused(tmp_path: Path, column: str) -> None:
    with pytest.raises(ModelError) as caught:
        save(tmp_path, TABLE.append_column(column, pa.array(["x"] * 3)), direct={"nickname"})
    assert caught.value.code == "REFERENCE-PERSONAL"
    assert caught.value.details == (f"- {column}",)
    assert not (tmp_path / "references").exists()


@pytest.mark.parametrize("wrong", [{"label": "nothing"}, {"key": "nothing"}, {"secret": None}])
def test_what_is_needed_must_be_there(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="REFERENCE-COLUMNS"):
        save(tmp_path, **wrong)


def test_a_label_with_gaps_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="MODEL-LABEL"):
        save(tmp_path, TABLE.set_column(2, "churned", pa.array([True, None, False])))


def test_scope_damage_and_absence(tmp_path: Path) -> None:
    digest = save(tmp_path)
    place = tmp_path / "references" / "churn.telco" / digest
    with pytest.raises(ModelError, match="MODEL-SCOPE"):
        reference.load(tmp_path, "churn.telco", digest, client="bank")
    with pytest.raises(ModelError, match="REFERENCE-MISSING"):
        reference.load(tmp_path, "churn.telco", "ab" * 16)
    whole = (place / "rows.parquet").read_bytes()
    for position in range(0, len(whole), 37):
        (place / "rows.parquet").write_bytes(whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :])
        with pytest.raises(ModelError, match="MODEL-DAMAGED"):
            reference.load(tmp_path, "churn.telco", digest)


def test_tokens() -> None:
    keys = pa.chunked_array([["a", None], ["b", "a"]])
    first = tokens(keys, SECRET).to_pylist()
    assert first[0] == first[3] != first[2]
    assert first[1] is None
    assert tokens(keys, b"t" * 32).to_pylist()[0] != first[0]
    assert tokens(pa.array([], pa.string()), SECRET).to_pylist() == []
