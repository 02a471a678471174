"""Files taken in for tests: of an invented client, and of those whose connectors are in the repository."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.library import load_client, load_feed
from connectors.spec.client import ClientSpec
from connectors.spec.feed import FeedSpec
from connectors.submission import take_in

ACME = ClientSpec(name="acme", title="Acme", country="DE", language="de", time_zone="Europe/Berlin", currency="EUR")


@dataclass(frozen=True)
class Taken:
    """What an intake wrote, in memory; accepted rows with their identifiers and origins, by row id."""

    described: dict[str, Any]
    rows: list[dict[str, Any]]
    origins: list[dict[str, int]]
    places: list[dict[str, int]]
    quarantine: list[dict[str, Any]]
    aside: list[dict[str, Any]]
    failures: list[dict[str, Any]]
    assumptions: list[dict[str, Any]]

    @property
    def ledger(self) -> dict[str, Any]:
        """Counts of records."""
        return dict(self.described["ledger"])

    def column(self, name: str) -> list[Any]:
        """A field's accepted values."""
        return [row[name] for row in self.rows]

    @property
    def failed(self) -> list[str]:
        """Failures as field:rule, in order."""
        return sorted(f"{one['field']}:{one['rule']}" for one in self.failures)


def feed(**content: Any) -> FeedSpec:
    """A connector of the invented client."""
    return FeedSpec.model_validate({"feed": "acme/things", "contract": "customers@1.0", **content})


def take(
    files: Mapping[str, str | bytes] | Sequence[Path],
    spec: FeedSpec,
    *,
    client: ClientSpec = ACME,
    received: date | None = None,
    block_rows: int = 250_000,
) -> Taken:
    """Take files in, given by name and content or by path."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = _written(files, folder) if isinstance(files, Mapping) else list(files)
        out = folder / "out"
        described = take_in(paths, spec, client, out, folder / "scratch", received=received, block_rows=block_rows)
        return _read(out, described)


def shipped(name: str, paths: list[Path]) -> Taken:
    """Files of a client whose connectors are in the repository."""
    spec = load_feed(name)
    return take(paths, spec, client=load_client(spec.client))


def plain(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a file, read by Python alone."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter))


def origins(taken: Taken, name: str) -> dict[str, int]:
    """Cells of a field by origin."""
    found: dict[str, int] = taken.described["fields"][name]["origins"]
    return found


def _written(files: Mapping[str, str | bytes], folder: Path) -> list[Path]:
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return [folder / name for name in files]


def _read(out: Path, described: dict[str, Any]) -> Taken:
    parts = {kind: _by_id(out / kind) for kind in ("accepted", "origins", "rows", "vault")}
    ids = sorted(parts["accepted"])
    assert ids == sorted(parts["rows"]) == sorted(parts["origins"])
    rows = [{**parts["accepted"][n], **parts["vault"].get(n, {})} for n in ids]
    left = {name: pq.read_table(out / f"{name}.parquet").to_pylist() for name in ("quarantine", "set_aside", "failures")}
    assumptions = json.loads((out / "assumptions.json").read_text(encoding="utf-8"))
    assert json.loads((out / "submission.json").read_text(encoding="utf-8")) == described
    return Taken(
        described, rows, [parts["origins"][n] for n in ids], [parts["rows"][n] for n in ids],
        left["quarantine"], left["set_aside"], left["failures"], assumptions,
    )  # fmt: skip


def _by_id(folder: Path) -> dict[int, dict[str, Any]]:
    tables = [pq.read_table(path) for path in sorted(folder.glob("*.parquet"))] if folder.exists() else []
    rows = pa.concat_tables(tables).to_pylist() if tables else []
    found = {row["row_id"]: row for row in rows}
    assert len(found) == len(rows), "a row id twice"
    return found
