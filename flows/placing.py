"""The files of a connector on disk: the YAML, the schema for editors, the made sample and the golden test."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path

from connectors import library
from connectors.golden import Golden, sample, tried
from connectors.schema import feed_schema
from connectors.spec.client import ClientSpec
from contracts.errors import MillraceError, SettingsError


@dataclass(frozen=True)
class Files:
    """The files of a connector."""

    folder: Path
    name: str

    @property
    def yaml(self) -> Path:
        """The connector."""
        return self.folder / f"{self.name}.yaml"

    @property
    def sample(self) -> Path:
        """Made rows."""
        return self.folder / f"{self.name}.sample.csv"

    @property
    def golden(self) -> Path:
        """What must be got from them."""
        return self.folder / f"{self.name}.golden.json"


def schema_text(contract: str) -> str:
    """The schema of a contract's feeds, for editors."""
    return json.dumps(feed_schema(contract), indent=1, ensure_ascii=False) + "\n"


def goldens(files: Files, client: ClientSpec, golden: Golden) -> tuple[list[str | None], MillraceError | None]:
    """Write the sample and what is got from it; where the connector cannot be used yet, only what was seen is kept."""
    try:
        feed = library.read_feed(files.yaml)
    except SettingsError as error:
        return [put(files.golden, golden.text())], error
    names = [put(files.sample, sample(feed, client, golden.sketch))]
    expected, problem = tried(feed, client, files.sample)
    return [*names, put(files.golden, replace(golden, expected=expected).text())], problem


def put(path: Path, text: str) -> str | None:
    """Write a file, whole or not at all; gives its name, or None where it holds that already."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return None
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return path.name
