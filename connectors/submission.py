"""The end of an intake: the ledger proved, everything that did not stay written down, and what the submission is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors import landing
from connectors.assumed import assumed
from connectors.intake import take
from connectors.parsing.moments import day_of
from connectors.parsing.styles import Style
from connectors.plan import Plan, changed, plan
from connectors.quarantine import FAILURES, QUARANTINE
from connectors.reading.reading import BLOCK_ROWS
from connectors.returned import Changes
from connectors.settle import Done, left, settle, share, shares
from connectors.spec.client import ClientSpec
from connectors.spec.feed import FeedSpec
from connectors.stretch import expected
from contracts.assumption import write_assumptions
from contracts.errors import Place, RowsError, RunError
from contracts.ledger import Ledger

UNPARSABLE = 0.99
FEWEST = 20


def examine(planned: Plan, takes: Sequence[Done]) -> None:
    """Refuse a submission without rows, and one in which a whole field cannot be read.

    Raises
    ------
    RowsError
        ROWS-NONE where no file has a row below its header; FIELD-UNPARSABLE where at least 99 % of a column's cells, and 20 or more,
        are no values of its field.
    """
    if not any(done["parts"] for done in takes):
        raise RowsError(
            "ROWS-NONE", "there is no row below the header", place=_where(planned), hint="ask for the file again: its export is empty",
            found=f"records set aside: {sum(done['records'] for done in takes)}",
        )  # fmt: skip
    for name, spec in planned.feed.all_columns.items():
        counted = [done["tallies"][name] for done in takes if name in done["tallies"]]
        filled, bad = (sum(one[what] for one in counted) for what in ("filled", "bad"))
        if bad < FEWEST or bad < UNPARSABLE * (filled + bad):
            continue
        shapes: Counter[str] = Counter()
        for one in counted:
            shapes.update(one["shapes"])
        style = dict(planned.takes[0].styles).get(name, Style())
        raise RowsError(
            "FIELD-UNPARSABLE", f"the field {name} cannot be read: {bad} of {filled + bad} cells are no values",
            place=Place(client=planned.client.name, feed=planned.feed.feed, column=", ".join(spec.headers)),
            found=", ".join(f"{shape} ({n} times)" for shape, n in shapes.most_common(5)) + ", of the first ones",
            expected=expected(planned.feed.table.fields[name], spec, style),
            hint="check that the column holds what its header says, and what the connector says about its style",
        )  # fmt: skip


def _where(planned: Plan) -> Place:
    """The file where there is one only."""
    file = planned.files[0].name if len(planned.files) == 1 else None
    return Place(client=planned.client.name, feed=planned.feed.feed, file=file)


def finish(planned: Plan, takes: Sequence[Done], settled: Done, shared: Sequence[Mapping[str, Any]], out: Path) -> dict[str, Any]:
    """Write ``quarantine.parquet``, ``set_aside.parquet``, ``failures.parquet``, ``submission.json`` and ``assumptions.json``.

    Returns
    -------
    dict
        The content of ``submission.json``.

    Raises
    ------
    RowsError
        FIELD-UNPARSABLE.
    RunError
        LEDGER-UNBALANCED.
    """
    examine(planned, takes)
    ledger = _ledger(takes, settled)
    place = Place(client=planned.client.name, feed=planned.feed.feed)
    ledger.check(sum(done["records"] for done in takes), place)
    written = {
        "quarantined": landing.merge(list(left(takes, settled, "quarantine")), QUARANTINE, out / "quarantine.parquet"),
        "set aside": landing.merge(list(left(takes, settled, "aside")), landing.SET_ASIDE, out / "set_aside.parquet"),
        "accepted": sum(one["rows"] for one in shared),
    }
    landing.merge(list(left(takes, settled, "failures")), FAILURES, out / "failures.parquet")
    counted = {"quarantined": ledger.rows_quarantined, "set aside": ledger.rows_set_aside, "accepted": ledger.accepted}
    if written != counted:
        raise RunError(
            "LEDGER-UNBALANCED", "the files written do not match the ledger", place=place, found=str(written), expected=str(counted)
        )
    described = _described(planned, takes, settled, shared, ledger)
    (out / "submission.json").write_text(json.dumps(described, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_assumptions((*planned.assumptions, *assumed(planned, takes, settled)), out / "assumptions.json")
    return described


def _ledger(takes: Sequence[Done], settled: Done) -> Ledger:
    total = Ledger()
    for done in takes:
        total += Ledger.from_dict(done["ledger"])
    duplicates, clashes = settled["duplicates"], settled["clashes"]
    total += Ledger(0, {f"{settled['key']}:unique": clashes}, {"duplicate": duplicates})
    return Ledger(total.accepted - duplicates - clashes, total.quarantined, total.set_aside)


def _described(planned: Plan, takes: Sequence[Done], settled: Done, shared: Sequence[Mapping[str, Any]], ledger: Ledger) -> dict[str, Any]:
    feed = planned.feed
    files = [file for done in takes for file in done["files"]]
    origins = _origins(shared)
    failures: Counter[str] = Counter()
    for done in takes:
        failures.update(done["failures"])
    return {
        "client": planned.client.name, "feed": feed.feed, "mode": feed.mode, "contract": feed.table.id,
        "connector": {"digest": feed.digest, "status": feed.status},
        "files": files, "written": max((file["written"] for file in files if file["written"]), default=None),
        "ledger": ledger.as_dict(), "columns": _columns(files, feed),
        "fields": _fields(origins, _latest(shared, planned), ledger.accepted),
        "absent": [name for name in feed.table.fields if name not in origins],
        "failures": dict(sorted(failures.items())),
        "repaired": {name: found["repaired"] for name, found in origins.items() if "repaired" in found},
        "partitions": {"by": "customer_id" if settled["buckets"] else None, "count": len(shared)},
    }  # fmt: skip


def _origins(shared: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    total: dict[str, Counter[str]] = {}
    for one in shared:
        for name, found in one["origins"].items():
            total.setdefault(name, Counter()).update(found)
    return {name: dict(found) for name, found in total.items()}


def _fields(origins: Mapping[str, dict[str, int]], latest: Mapping[str, str | None], rows: int) -> dict[str, Any]:
    """What the accepted table holds in each field; `latest` is there where the field tells a day other than a birth."""
    counted = {name: {"filled": rows - found.get("absent", 0), "origins": found} for name, found in origins.items()}
    return {name: {**about, "latest": latest[name]} if name in latest else about for name, about in counted.items()}


def _latest(shared: Sequence[Mapping[str, Any]], planned: Plan) -> dict[str, str | None]:
    """The last day of each dated field on the client's calendar."""
    fields = planned.feed.table.fields
    found: dict[str, list[int]] = {}
    for one in shared:
        for name, value in one["latest"].items():
            found.setdefault(name, []).extend(() if value is None else (value,))
    zone = planned.client.time_zone
    return {name: _day(max(values), fields[name].type, zone) if values else None for name, values in found.items()}


def _day(count: int, kind: pa.DataType, zone: str) -> str:
    days = count if pa.types.is_date32(kind) else int(day_of(pa.array([count], kind), zone)[0])
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()


def _columns(files: Sequence[Mapping[str, Any]], feed: FeedSpec) -> dict[str, Any]:
    """Headers by what became of them: used (by which fields), ignored as the connector says, unknown to it, optional and missing."""
    absent = list(dict.fromkeys(name for file in files for name in file["absent"]))
    wanted = dict.fromkeys(name for spec in feed.all_columns.values() for name in spec.headers)
    met = {name for file in files for name in file["columns"]}
    used = {name: [field for field, spec in feed.all_columns.items() if name in spec.headers] for name in wanted if name in met}
    unknown = list(dict.fromkeys(name for file in files for name in file["unknown"]))
    ignored = [name for name in dict.fromkeys(name for file in files for name in file["unused"]) if name not in unknown]
    return {
        "used": used,
        "ignored": ignored,
        "unknown": unknown,
        "absent": absent,
    }


@dataclass(frozen=True)
class Finished:
    """A finished step as `Done`: for callers without a conductor."""

    out: Path
    result: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.result[key]


def take_in(
    paths: Sequence[Path],
    feed: FeedSpec,
    client: ClientSpec,
    out: Path,
    scratch: Path,
    *,
    received: date | None = None,
    block_rows: int = BLOCK_ROWS,
    changes: Changes | None = None,
) -> dict[str, Any]:
    """The whole intake, step after step, in this process: into `out`, with what lies between the steps in `scratch`.

    `changes` are what mended workbooks lay over the files.

    Raises
    ------
    MillraceError
        Of any step.
    """
    planned = plan(paths, feed, client, received=received, block_rows=block_rows)
    planned = changed(planned, changes) if changes else planned
    takes = []
    for n, item in enumerate(planned.takes):
        folder = scratch / f"take-{n}"
        folder.mkdir(parents=True)
        takes.append(Finished(folder, take(item, folder)))
    examine(planned, takes)
    (scratch / "settled").mkdir()
    settled = Finished(scratch / "settled", settle(takes, planned, scratch / "settled"))
    out.mkdir(parents=True, exist_ok=True)
    return finish(planned, takes, settled, [share(item, out) for item in shares(takes, settled, feed)], out)
