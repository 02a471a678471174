"""Received: what a pack says about the files of a feed, and the rows that have no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.contract import Contract
from contracts.ledger import Ledger
from flows.asof import AsOf, newest_day
from flows.order import Source
from flows.wording import done, reason, titled
from reports.feed import Column, Decision, Fault, Feed, NotScored, Reason, SourceFile
from reports.words import DELIMITERS

TITLES = {
    "encoding": "encoding",
    "delimiter": "delimiter",
    "quote": "quotation mark",
    "header_row": "header",
    "preamble": "lines above the header",
    "columns": "columns",
    "sheet": "sheet",
}
MOST_FILES = 20
"""Files shown one by one; of more, the rest is one line."""
NOT_SCORED = pa.schema(
    [
        ("feed", pa.string()),
        ("file", pa.string()),
        ("sheet", pa.string()),
        ("line", pa.int64()),
        ("record", pa.int64()),
        ("reason", pa.string()),
    ]
)


def feed(source: Source, day: AsOf, wanted: Iterable[str] = ()) -> Feed:
    """A feed with all its submissions.

    Parameters
    ----------
    wanted : iterable of str
        Fields that the product would use.
    """
    accounts, contract = source.accounts, source.feed.table
    total = ledger(source)
    newest = newest_day(accounts)
    return Feed(
        name=source.feed.feed,
        title=contract.title,
        contract=contract.id,
        connector=source.feed.feed,
        submission=", ".join(each.id for each in source.submissions),
        files=tuple(_files(source)),
        ledger=total,
        columns=tuple(_columns(accounts, contract)),
        unused=tuple(dict.fromkeys(n for a in accounts for n in (*a["columns"]["ignored"], *a["columns"]["unknown"]))),
        absent=tuple(contract.fields[name].title for name in wanted if name in contract.fields and name not in source.filled),
        faults=tuple(_faults(source)),
        age_days=(day.day - newest).days if day.day and newest else None,
        connector_draft=source.feed.status == "draft",
        quarantine_words={key: reason(key, contract) for key in total.quarantined},
    )


def ledger(source: Source) -> Ledger:
    """The ledgers of all its submissions, added up."""
    return sum((Ledger.from_dict(account["ledger"]) for account in source.accounts), Ledger())


def faulty_rows(source: Source) -> int:
    """Accepted rows with any failed rule: a blanked or flagged cell."""
    total = 0
    for each in source.submissions:
        failed = pc.unique(pq.read_table(each.folder / "failures.parquet", columns=["row_id"]).column("row_id"))
        held = pq.read_table(each.folder / "quarantine.parquet", columns=["row_id"]).column("row_id").combine_chunks()
        total += len(failed) - int(pc.sum(pc.is_in(failed, value_set=held)).as_py() or 0)
    return total


def _files(source: Source) -> Iterator[SourceFile]:
    found = [
        (file, _totals(each.folder)) for each, account in zip(source.submissions, source.accounts, strict=True) for file in account["files"]
    ]
    files = sorted(found, key=lambda pair: str(pair[0]["name"]))
    for file, totals in files:
        decisions = file["reading"]["decisions"]
        said = {name: made["value"] for name, made in decisions.items()}
        yield SourceFile(
            name=file["name"],
            sha256=file["sha256"],
            size=file["size"],
            kind="workbook" if file["reading"]["kind"] == "workbook" else "delimited text",
            encoding=_text(said.get("encoding")),
            delimiter=_text(said.get("delimiter")),
            sheet=file["reading"]["sheet"],
            preamble_lines=int(said.get("preamble") or 0),
            totals=totals.get(file["number"], 0),
            decisions=tuple(_decisions(decisions)) if len(files) <= MOST_FILES else (),
        )


def _totals(folder: Path) -> dict[int, int]:
    """Totals rows by the number of the file."""
    aside = pq.read_table(folder / "set_aside.parquet", columns=["file", "reason"], filters=pc.field("reason") == "total")
    return {int(one["values"]): int(one["counts"]) for one in aside.column("file").value_counts().to_pylist()}


def _decisions(made: Mapping[str, Any]) -> Iterator[Decision]:
    for name, found in made.items():
        if name == "record_ends":  # says how our parser splits, not what the file has
            continue
        value = found["value"]
        shown = "none" if value in (None, "") else DELIMITERS.get(str(value), str(value))
        yield Decision(TITLES.get(name, name.replace("_", " ")), shown, found["evidence"], found["given"])


def _text(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _columns(accounts: Sequence[Mapping[str, Any]], contract: Contract) -> Iterator[Column]:
    used: dict[str, list[str]] = {}
    for account in accounts:
        for header, fields in account["columns"]["used"].items():
            used.setdefault(header, []).extend(name for name in fields if name not in used[header])
    for header, fields in used.items():
        titles = [titled(name, contract) for name in fields]
        yield Column(header, ", ".join(titles))


def _faults(source: Source) -> Iterator[Fault]:
    failures: Counter[str] = Counter()
    repaired: Counter[str] = Counter()
    for account in source.accounts:
        failures.update(account["failures"])
        repaired.update(account["repaired"])
    contract = source.feed.table
    for key, count in sorted(failures.items(), key=lambda pair: (-pair[1], pair[0])):
        name = key.partition(":")[0]
        title = contract.fields[name].title if name in contract.fields else name
        yield Fault(title, reason(key, contract), count, done(key, contract))
    for name, count in sorted(repaired.items(), key=lambda pair: (-pair[1], pair[0])):
        yield Fault(contract.fields[name].title, "A slip in how the value was written", count, "put right")


def write_not_scored(sources: Iterable[Source], path: Path) -> NotScored:
    """Write the rows that were not used, as the client knows them, with the reason in words; streamed."""
    counted: Counter[str] = Counter()
    with pq.ParquetWriter(path, NOT_SCORED, compression="zstd") as writer:
        for source in sources:
            for each, account in zip(source.submissions, source.accounts, strict=True):
                with pq.ParquetFile(each.folder / "quarantine.parquet") as file:
                    for batch in file.iter_batches(50_000, columns=["file", "record", "line", "reasons"]):
                        table = _said(pa.table(batch), source, account)
                        counted.update(
                            {str(one["values"]): int(one["counts"]) for one in table.column("reason").value_counts().to_pylist()}
                        )
                        writer.write_table(table)
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return NotScored(sum(counted.values()), tuple(Reason(text, count) for text, count in ordered))


def _said(rows: pa.Table, source: Source, account: Mapping[str, Any]) -> pa.Table:
    """Quarantined rows with file names and the reasons in words; a list of reasons is worded once."""
    contract, files = source.feed.table, account["files"]
    flat = pc.binary_join(rows.column("reasons").combine_chunks(), "\n").dictionary_encode()
    words = ["; ".join(dict.fromkeys(reason(key, contract) for key in text.split("\n"))) for text in flat.dictionary.to_pylist()]
    number = rows.column("file").combine_chunks().cast(pa.int64())
    names, sheets = (
        pa.array([file["name"] for file in files], pa.string()),
        pa.array([file["reading"]["sheet"] for file in files], pa.string()),
    )
    return pa.table(
        {
            "feed": pa.repeat(pa.scalar(contract.title), rows.num_rows),
            "file": names.take(number),
            "sheet": sheets.take(number),
            "line": rows.column("line"),
            "record": rows.column("record"),
            "reason": pa.array(words, pa.string()).take(flat.indices),
        },
        schema=NOT_SCORED,
    )
