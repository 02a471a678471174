"""One file of a submission while it is written: preamble, header, rows with their damages, the header once more, totals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from flows.rehearsal.damage import BY_NAME, Feed, Form, Kind
from flows.rehearsal.delimited import DelimitedForm
from flows.rehearsal.draws import Draws, Numbers
from flows.rehearsal.inflict import BARE_BREAKS, LOST_DELIMITER, Extra, Harm, Wound, inflict
from flows.rehearsal.rows import Rows
from flows.rehearsal.spoilers.dates import german
from flows.rehearsal.truth import DAMAGES, SteadyParquet
from flows.rehearsal.wording import COMPANY, CUSTOMER_HEADERS, SHEETS, STEMS, TITLES, TRANSACTION_HEADERS
from flows.rehearsal.workbook import WorkbookForm

HEADERS = {"customers": CUSTOMER_HEADERS, "transactions": TRANSACTION_HEADERS}
SUMS = {"customers": ("order_count", "total_spend"), "transactions": ("quantity", "amount")}
PREAMBLE = 3


class Writer(Protocol):
    """What a form of file can do; records are its own kind of sequence."""

    def extra_lines(self, kind_name: str) -> int: ...
    def render(self, rows: Rows, wounds: Any, lost: Any) -> Any: ...
    def own(self, records: Any) -> Any: ...
    def arrange(self, parts: Any, order: Numbers) -> Any: ...
    def write(self, records: Any) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True)
class Written:
    """A file of a submission as it was written."""

    name: str
    feed: Feed
    period: str
    path: Path
    rows: int
    records: int
    damages: int


@dataclass(frozen=True)
class Late:
    """An extra record that waits for the end of the file."""

    record: Any
    extra: Extra
    key: str


class Sending:
    """Writes one file and, beside it, the truth about it.

    Parameters
    ----------
    folder, truth : Path
        Where the file goes, and where the truth goes.
    feed, form, period, day
        What it is: ``harbour_kunden_2026-06.csv`` of the export of a day.
    seed, rate
        Chance, and the share of rows to be hurt; zero also leaves out the repeated header and the totals.
    shares : mapping of str to float
        Weights of kinds, for those whose own is not wanted.
    schema : pyarrow.Schema
        Of the typed truth.
    """

    def __init__(
        self, folder: Path, truth: Path, *, feed: Feed, form: Form, period: str, day: date, seed: int, rate: float,
        shares: Mapping[str, float], schema: pa.Schema,
    ) -> None:  # fmt: skip
        self.feed, self.form, self.period, self.day, self.rate = feed, form, period, day, rate
        self._shares = shares
        self.path = folder / f"{STEMS[feed]}_{period}.{form}"
        self.damages_path = truth / f"{self.path.stem}.damages.parquet"
        self._headers = HEADERS[feed]
        self._draws = Draws(seed, f"damage {feed} {period}")
        self._writer: Writer = DelimitedForm(self.path) if form == "csv" else WorkbookForm(self.path, SHEETS[feed])
        placed = schema.append(pa.field("file", pa.string())).append(pa.field("record", pa.int64())).append(pa.field("line", pa.int64()))
        self._truth = SteadyParquet(truth / f"{feed}_{period}.parquet", placed)
        self._damages = SteadyParquet(self.damages_path, DAMAGES)
        self._record = self._line = 1
        self._rows = self._hurt = 0
        self._late: list[Late] = []
        self._sums = dict.fromkeys(SUMS[feed], 0)
        self._begin()

    def _begin(self) -> None:
        note = "Vertraulich - nur für den internen Gebrauch"
        head = [[f"{COMPANY} – {TITLES[self.feed]}"], [f"Exportdatum: {german(self.day)}"], [note] if self.feed == "customers" else []]
        self._plain(self._writer.own([*head, list(self._headers.values())]), PREAMBLE + 1)

    def _plain(self, records: Any, count: int) -> None:
        """Write records of one line each."""
        self._writer.write(records)
        self._record += count
        self._line += count

    def add(self, rows: Rows, header_before: int | None = None) -> None:
        """Append rows; the header comes once more before the row at `header_before`."""
        if not len(rows):
            return
        harm = inflict(rows, self.form, self._draws, self.rate, self.day, self._shares)
        soon = [extra for extra in harm.extras if not extra.late]
        repeats = [] if header_before is None or not self.rate else [header_before]
        places = np.concatenate([np.arange(len(rows)) * 4 + 1, [e.row * 4 + 2 for e in soon], [row * 4 for row in repeats]])
        records = [self._writer.render(rows, harm.wounds, harm.lost)]
        records += [self._extras(rows, soon)] if soon else []
        records += [self._writer.own([list(self._headers.values())])] if repeats else []
        order = np.argsort(places, kind="stable")
        record, line = self._number(rows, harm, order)
        self._writer.write(self._writer.arrange(records, order))
        self._tell(rows, harm, soon, bool(repeats), record, line)
        self._wait(rows, [extra for extra in harm.extras if extra.late])

    def _number(self, rows: Rows, harm: Harm, order: Numbers) -> tuple[Numbers, Numbers]:
        """Record and line number of rows, extras and the repeated header, in the order of `places`; moves the counters on."""
        records, lines = np.ones(len(order), dtype=np.int64), np.ones(len(order), dtype=np.int64)
        for wound in harm.wounds:
            bare = wound.kind.name == BARE_BREAKS
            records[wound.row] += bare
            lines[wound.row] += bare or self._writer.extra_lines(wound.kind.name)
        numbers = []
        for steps, start in ((records, self._record), (lines, self._line)):
            first = np.empty_like(steps)
            first[order] = start + np.cumsum(steps[order]) - steps[order]
            numbers.append(first)
        self._record += int(records.sum())
        self._line += int(lines.sum())
        self._rows += len(rows)
        return numbers[0], numbers[1]

    def _extras(self, rows: Rows, extras: list[Extra]) -> Any:
        """The records that come after some rows: copies, altered copies, blank lines."""
        copied = rows.take(np.array([extra.row for extra in extras], dtype=np.int64))
        altered = [Wound(place, e.kind, e.field, e.before or "", e.after or "") for place, e in enumerate(extras) if e.field]
        blank = [place for place, extra in enumerate(extras) if extra.kind.name == "blank_line"]
        rendered = self._writer.render(copied, altered, ())
        width = len(self._headers)
        empty = self._writer.own([[""] * width if rows.number[extras[place].row] % 2 else [] for place in blank])
        order = np.arange(len(extras))
        order[blank] = len(extras) + np.arange(len(blank))
        return self._writer.arrange([rendered, empty], order)

    def _tell(self, rows: Rows, harm: Harm, soon: list[Extra], repeated: bool, record: Numbers, line: Numbers) -> None:
        """Write the truth about a portion; extras and the repeated header are numbered behind the rows."""
        count = len(rows)
        name = pa.array([self.path.name], pa.string()).take(pa.array(np.zeros(count, np.int64)))
        placed = rows.truth.append_column("file", name).append_column("record", pa.array(record[:count]))
        self._truth.add(placed.append_column("line", pa.array(line[:count])))
        for field in self._sums:
            values = rows.truth.column(field).to_numpy()
            self._sums[field] += int(np.round(values * 100).astype(np.int64).sum())
        keys = dict(zip(_touched(harm), rows.key.take(pa.array(_touched(harm), pa.int64())).to_pylist(), strict=True))
        notes = [self._cell(w, int(record[w.row]), int(line[w.row]), keys[w.row]) for w in harm.wounds]
        notes += [self._whole(BY_NAME[LOST_DELIMITER], int(record[row]), int(line[row]), keys[row]) for row, _ in harm.lost]
        for place, extra in enumerate(soon, start=count):
            notes.append(self._extra(extra, int(record[place]), int(line[place]), keys[extra.row]))
        notes += [self._whole(BY_NAME["repeated_header"], int(record[-1]), int(line[-1]))] if repeated else []
        self._note(sorted(notes, key=lambda note: note["record"]))

    def _wait(self, rows: Rows, late: list[Extra]) -> None:
        if late:
            records = self._extras(rows, late)
            keys = rows.key.take(pa.array([extra.row for extra in late])).to_pylist()
            self._late += [Late(self._writer.arrange([records], np.array([n])), e, keys[n]) for n, e in enumerate(late)]

    def _note(self, damages: list[dict[str, Any]]) -> None:
        """Number damages (cells of one row belong to one damage) and keep them."""
        previous: tuple[int, str] | None = None
        for damage in damages:
            self._hurt += (damage["record"], damage["kind"]) != previous
            previous = (damage["record"], damage["kind"])
            damage["damage"] = self._hurt - 1
        if damages:
            self._damages.add(pa.Table.from_pylist(damages, DAMAGES))

    def _whole(self, kind: Kind, record: int, line: int, key: str | None = None) -> dict[str, Any]:
        return {
            "file": self.path.name, "feed": self.feed, "period": self.period, "record": record, "line": line, "lines": 1, "key": key,
            "kind": kind.name, "betrayed": kind.betrayed,
        }  # fmt: skip

    def _cell(self, wound: Wound, record: int, line: int, key: str) -> dict[str, Any]:
        lines = 1 + (wound.kind.name == BARE_BREAKS or self._writer.extra_lines(wound.kind.name))
        cell = {"column": self._headers[wound.field], "field": wound.field, "before": wound.before, "after": wound.after, "lines": lines}
        return {**self._whole(wound.kind, record, line, key), **cell}

    def _extra(self, extra: Extra, record: int, line: int, key: str) -> dict[str, Any]:
        whole = self._whole(extra.kind, record, line, None if extra.kind.name == "blank_line" else key)
        if not extra.field:
            return whole
        return {**whole, "column": self._headers[extra.field], "field": extra.field, "before": extra.before, "after": extra.after}

    def close(self) -> Written:
        """Write the late records and the totals, and finish."""
        for late in self._late:
            self._note([self._extra(late.extra, self._record, self._line, late.key)])
            self._plain(late.record, 1)
        if self.rate:
            self._note([self._whole(BY_NAME["totals_row"], self._record, self._line)])
            self._plain(self._writer.own([self._totals()]), 1)
        for part in (self._writer, self._truth, self._damages):
            part.close()
        return Written(self.path.name, self.feed, self.period, self.path, self._rows, self._record - 1, self._hurt)

    def _totals(self) -> list[object]:
        """The word, then the sums under their columns."""
        cells: list[object] = ["Summe", *[""] * (len(self._headers) - 1)]
        for field, hundredths in self._sums.items():
            whole = field in ("order_count", "quantity")
            text = str(hundredths // 100) if whole else f"{hundredths // 100},{hundredths % 100:02d}"
            value = text if self.form == "csv" else hundredths / 100
            cells[list(self._headers).index(field)] = value
        return cells




def _touched(harm: Harm) -> list[int]:
    """The rows that a harm names, once each."""
    return sorted({w.row for w in harm.wounds} | {row for row, _ in harm.lost} | {extra.row for extra in harm.extras})
