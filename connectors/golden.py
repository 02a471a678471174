"""The golden test of a connector: a made sample, and what the connector must get from it."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.invented import cells
from connectors.sketch import Sketch
from connectors.spec.client import ClientSpec
from connectors.spec.feed import FeedSpec
from connectors.spec.reading import ReadingSpec
from connectors.submission import take_in
from contracts.errors import MillraceError, Place, SettingsError

KEPT = ("total_words", "null_words", "decimal", "thousands", "dates")
"""What the sample takes of a connector's reading section; the rest is about the form of the client's files, and the sample is plain CSV."""
MOST = 12
"""Differences told at most."""


@dataclass(frozen=True)
class Golden:
    """What is kept beside a feed's YAML.

    Parameters
    ----------
    feed : str
        As ``client/feed``.
    sketch : Sketch
        Of the file that the connector was made from.
    drafted : str, optional
        Hash of the YAML as it was last written by the command: with another one, somebody edited it.
    answers : mapping of str to str
        Answers given at the terminal, by the question's id.
    expected : mapping
        What the connector must get from the sample, as `outcome`; empty where it could not be run.

    Examples
    --------
    >>> Golden.from_dict(Golden("a/b", Sketch(0, ())).as_dict()).feed
    'a/b'
    """

    feed: str
    sketch: Sketch
    drafted: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "feed": self.feed, "drafted": self.drafted, "answers": dict(self.answers), "sketch": self.sketch.as_dict(),
            "expected": dict(self.expected),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Golden:
        """The inverse of `as_dict`."""
        return cls(data["feed"], Sketch.from_dict(data["sketch"]), data["drafted"], dict(data["answers"]), dict(data["expected"]))

    def text(self) -> str:
        """As a file."""
        return json.dumps(self.as_dict(), indent=1, ensure_ascii=False) + "\n"


def read_golden(path: Path) -> Golden | None:
    """What is kept beside a feed's YAML; None where there is nothing.

    Raises
    ------
    SettingsError
        GOLDEN-UNREADABLE.
    """
    if not path.is_file():
        return None
    try:
        return Golden.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SettingsError(
            "GOLDEN-UNREADABLE", "the golden test cannot be read", place=Place(client=path.parent.name, file=path.name),
            hint="take it from the version control, or remove it: millrace connect writes a new one",
        ) from None  # fmt: skip


def sample(feed: FeedSpec, client: ClientSpec, sketch: Sketch) -> str:
    """Made rows under the file's own headers, as CSV with semicolons.

    A column that the file leaves empty in some rows has an empty cell here too, unless its field may not be empty.

    Examples
    --------
    >>> feed = FeedSpec.model_validate({"feed": "a/b", "contract": "customers@1.0", "columns": {"customer_id": "Nr"}})
    >>> from connectors.sketch import Look
    >>> client = ClientSpec(name="a", title="A", country="DE", currency="EUR")
    >>> sample(feed, client, Sketch(9, (), {"Nr": Look(1.0, "text", ("A-999",))})).splitlines()[:2]
    ['Nr', 'D-101']
    """
    made = cells(feed, client, sketch.shapes)
    needed = {header for name, spec in feed.all_columns.items() if not feed.table.fields[name].nullable for header in spec.headers}
    for header, look in sketch.looks.items():
        if look.fill < 0.999 and header not in needed:
            made[header][-1] = ""
        if look.form == "empty":
            made[header] = [""] * len(made[header])
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([list(made), *zip(*made.values(), strict=True)])
    return text.getvalue()


def outcome(feed: FeedSpec, client: ClientSpec, path: Path) -> dict[str, Any]:
    """What a connector gets from its sample: the account of its records, its columns, its failures, its rows.

    Raises
    ------
    MillraceError
        As `connectors.submission.take_in`.
    """
    plain = ReadingSpec.model_validate({name: getattr(feed.reading, name) for name in KEPT})
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        about = take_in([path], feed.model_copy(update={"reading": plain, "joins": ()}), client, out, Path(name) / "scratch")
        rows = _rows(out, feed)
    kept = {key: about[key] for key in ("contract", "ledger", "failures", "repaired")}
    return {**kept, "used": about["columns"]["used"], "rows": rows}


def _rows(out: Path, feed: FeedSpec) -> list[dict[str, Any]]:
    """Accepted rows with their direct identifiers: they are made, nobody's."""
    found: dict[int, dict[str, Any]] = {}
    for kind in ("accepted", "vault"):
        for path in sorted((out / kind).glob("*.parquet")):
            for row in pq.read_table(path).to_pylist():
                found.setdefault(row["row_id"], {}).update(row)
    names = [name for name in feed.table.fields if any(name in row for row in found.values())]
    return [{name: _plain(found[key].get(name)) for name in names} for key in sorted(found)]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float | bool) else value.isoformat()


def differences(expected: Mapping[str, Any], got: Mapping[str, Any]) -> list[str]:
    """Where an outcome is not the expected one, in words; empty where it is.

    Examples
    --------
    >>> differences({"rows": [{"age": 1, "city": "U"}]}, {"rows": [{"age": 2, "city": "U"}]})
    ['row 1, age: 2 instead of 1']
    """
    said = [_said(key, expected.get(key), got.get(key)) for key in ("contract", "used", "ledger", "failures", "repaired")]
    found = [text for text in said if text]
    before, after = expected.get("rows", ()), got.get("rows", ())
    if len(before) != len(after):
        found.append(f"accepted rows: {len(after)} instead of {len(before)}")
    else:
        found += _cells(before, after)
    more = [f"and {len(found) - MOST} more differences"] if len(found) > MOST else []
    return [*found[:MOST], *more]


def _said(key: str, expected: Any, got: Any) -> str | None:
    if expected == got:
        return None
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        changed = [name for name in dict.fromkeys((*expected, *got)) if expected.get(name) != got.get(name)]
        return f"{key}: " + ", ".join(f"{name} is {_short(got.get(name))} instead of {_short(expected.get(name))}" for name in changed[:4])
    return f"{key}: {_short(got)} instead of {_short(expected)}"


def _short(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping | list) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _cells(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for n, (old, new) in enumerate(zip(before, after, strict=True), 1):
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) != new.get(name):
                yield f"row {n}, {name}: {_short(new.get(name))} instead of {_short(old.get(name))}"


def tried(feed: FeedSpec, client: ClientSpec, path: Path) -> tuple[dict[str, Any], MillraceError | None]:
    """The outcome of a sample, or why there is none."""
    try:
        return outcome(feed, client, path), None
    except MillraceError as error:
        return {}, error
