"""Reference: the rows a model was trained on, with their outcome, a token instead of each key, and a data scope."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts import contract
from contracts.digest import canonical_json, sha256_bytes
from contracts.errors import ModelError
from models import folder
from models.scope import Scope
from models.tokens import tokens

TOKEN = "token"
HASH_LENGTH = 32
ROWS, FACTS = "rows.parquet", "reference.json"


@dataclass(frozen=True)
class Reference:
    """What is known of stored reference rows.

    Parameters
    ----------
    name : str
        Such as ``churn.telco``.
    label : str, optional
        The column with the outcome.
    label_rate : float, optional
        Share of rows with the event.
    rows : int
    columns : mapping of str to str
        Arrow types by name.
    scope : Scope
    source : str
        Where they came from: a submission's id, or the hash of a table.
    as_of : str
        ISO day that ages and tenures were counted at.
    """

    name: str
    label: str | None
    label_rate: float | None
    rows: int
    columns: Mapping[str, str]
    scope: Scope
    source: str
    as_of: str

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {**asdict(self), "columns": dict(self.columns), "scope": self.scope.as_dict()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reference:
        """The inverse of `as_dict`."""
        return cls(**{**data, "scope": Scope.from_dict(data["scope"])})


def save(
    home: Path,
    name: str,
    table: pa.Table | pd.DataFrame,
    *,
    scope: Scope,
    source: str,
    as_of: str,
    label: str | None = None,
    key: str | None = None,
    secret: bytes | None = None,
    direct: Collection[str] = (),
) -> str:
    """Store rows under ``references/<name>/<hash>/``; return the hash. The same rows are stored once.

    Parameters
    ----------
    key : str, optional
        Column with the client's keys; it is replaced by a column of tokens.
    secret : bytes, optional
        The client's secret; needed with `key`.
    direct : collection of str
        Columns that identify a person, besides those the shipped contracts name.

    Raises
    ------
    ModelError
        REFERENCE-PERSONAL where such a column is among them, REFERENCE-COLUMNS where key or label is not, MODEL-LABEL.
    """
    rows = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table, preserve_index=False)
    _check(rows, label, key, secret, {*direct, *_direct()})
    if key is not None and secret is not None:
        place = rows.column_names.index(key)
        rows = rows.set_column(place, TOKEN, tokens(rows[key], secret))
    rows = rows.combine_chunks().replace_schema_metadata(None)
    columns = {f.name: str(f.type) for f in rows.schema}
    facts = Reference(name, label, _rate(rows, label), len(rows), columns, scope, source, as_of)
    files = {ROWS: _parquet(rows), FACTS: canonical_json(facts.as_dict())}
    digest = _digest(files)
    final = folder.named(home, "references", name, digest)
    with folder.alone(final.parent):
        if final.exists():
            check(home, name, digest)  # stored before, and still whole
        else:
            folder.publish(final, files)
    return digest


def load(home: Path, name: str, digest: str, *, client: str | None = None) -> tuple[pa.Table, Reference]:
    """Rows and facts of a stored reference.

    Raises
    ------
    ModelError
        REFERENCE-MISSING, MODEL-DAMAGED, MODEL-SCOPE where `client` is given and not allowed.
    """
    final = folder.named(home, "references", name, digest)
    if not final.is_dir():
        raise ModelError("REFERENCE-MISSING", f"there are no reference rows {digest[:8]} of {name}", hint=f"millrace train {name} anew")
    files = check(home, name, digest)
    facts = Reference.from_dict(json.loads(files[FACTS]))
    if client is not None:
        facts.scope.check(client, f"the reference {name}")
    return pq.read_table(pa.BufferReader(files[ROWS])), facts


def check(home: Path, name: str, digest: str) -> dict[str, bytes]:
    """The files of a stored reference, if they are those that were published under this hash.

    Raises
    ------
    ModelError
        MODEL-DAMAGED.
    """
    files, _ = folder.read(folder.named(home, "references", name, digest), f"the reference {name}")
    if set(files) != {ROWS, FACTS} or _digest(files) != digest:
        raise folder.damaged(f"the reference {name}", "the files of another reference")
    return files


def _digest(files: Mapping[str, bytes]) -> str:
    return sha256_bytes(b"".join(sha256_bytes(files[name]).encode() for name in (ROWS, FACTS)))[:HASH_LENGTH]


def stored(home: Path, name: str) -> tuple[str, ...]:
    """Hashes of a name's references, in the order of the hashes."""
    place = folder.named(home, "references", name)
    return tuple(sorted(p.name for p in place.iterdir() if p.is_dir() and not p.name.startswith("."))) if place.exists() else ()


def _direct() -> set[str]:
    """Fields of the shipped contracts that identify a person."""
    return {field.name for name in contract.names() for field in contract.get(name).fields.values() if field.personal == "direct"}


def _check(rows: pa.Table, label: str | None, key: str | None, secret: bytes | None, direct: set[str]) -> None:
    personal = [name for name in rows.column_names if name in direct and name != key]
    if personal:
        raise ModelError(
            "REFERENCE-PERSONAL", "reference rows may not name a person", details=[f"- {name}" for name in personal],
            hint="leave these columns out; nothing is learnt from them",
        )  # fmt: skip
    absent = [name for name in (label, key) if name is not None and name not in rows.column_names]
    if absent or (key is not None and secret is None) or (key is not None and TOKEN in rows.column_names):
        expected = "the key with a secret, the label, and no column named token"
        raise ModelError("REFERENCE-COLUMNS", "the reference lacks what it needs", details=[f"- {n}" for n in absent], expected=expected)
    if label is not None and (rows[label].null_count or not pc.all(pc.is_in(rows[label].cast(pa.float64()), pa.array([0.0, 1.0]))).as_py()):
        raise ModelError("MODEL-LABEL", "the label must be yes or no on every row", found=f"{rows[label].null_count} missing")


def _rate(rows: pa.Table, label: str | None) -> float | None:
    return None if label is None or not len(rows) else float(pc.mean(rows[label].cast(pa.float64())).as_py())


def _parquet(rows: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="zstd")
    return sink.getvalue()
