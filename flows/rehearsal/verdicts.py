"""What an intake made of every known damage: repaired, flagged, harmless, or silently wrong; and what it harmed that was sound.

- harmless: the accepted value is the truth and counts as supplied; only the form of the text was hurt.
- repaired: the accepted value is the truth and its origin says repaired; a record that is no row was set aside.
- flagged: the row is in quarantine, or the cell became null, or a failure names it.
- wrong: another value was accepted and nothing says so, or the record is nowhere.
- unread: the connector does not take the column.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.origin import Origin
from flows.rehearsal.damage import BY_NAME, KINDS

OUTCOMES = ("harmless", "repaired", "flagged", "unread", "wrong")
"""From best to worst; a damage of several cells counts by its worst."""

Spot = tuple[str, int]


@dataclass(frozen=True)
class Taken:
    """What an intake published, in memory.

    Parameters
    ----------
    rows : pyarrow.Table
        ``file`` (name) and ``line`` of each accepted row, in the order of `values`.
    row_ids : numpy.ndarray
        Of each accepted row.
    values : dict of pyarrow arrays
        Accepted values by field, direct identifiers included.
    origins : dict of numpy.ndarray
        Origins by field; a field without is taken as supplied.
    quarantined : dict
        ``(file, line)`` to reasons.
    set_aside : dict
        ``(file, line)`` to the reason.
    failures : set of (int, str)
        Row id and field.
    """

    rows: pa.Table
    row_ids: npt.NDArray[np.int64]
    values: Mapping[str, pa.ChunkedArray]
    origins: Mapping[str, npt.NDArray[np.uint8]]
    quarantined: Mapping[Spot, tuple[str, ...]]
    set_aside: Mapping[Spot, str]
    failures: frozenset[tuple[int, str]]

    @cached_property
    def places(self) -> dict[Spot, int]:
        """Position of each accepted row by its spot."""
        return {spot: n for n, spot in enumerate(_spots(self.rows))}


@dataclass(frozen=True)
class KindVerdict:
    """How the damages of one kind ended."""

    kind: str
    betrayed: bool
    damages: int
    harmless: int
    repaired: int
    flagged: int
    unread: int
    wrong: int


@dataclass(frozen=True)
class Verdicts:
    """How all damages ended, and what was harmed.

    Parameters
    ----------
    kinds : tuple of KindVerdict
        Kinds that occur, in the order of `damage.KINDS`.
    harmed_cells : dict
        Accepted cells that differ from the truth though nothing had hurt them, by field.
    harmed_rows : int
        Sound rows that were not accepted.
    wrong_at : tuple of (str, str, int)
        Kind, file and line of the silently wrong damages that the files betray.
    """

    kinds: tuple[KindVerdict, ...]
    harmed_cells: Mapping[str, int]
    harmed_rows: int
    wrong_at: tuple[tuple[str, str, int], ...] = ()

    def count(self, outcome: str, betrayed: bool = True) -> int:
        """Damages of an outcome (or ``"damages"`` for all) that the files betray, or do not."""
        return sum(getattr(kind, outcome) for kind in self.kinds if kind.betrayed is betrayed)

    @property
    def sentence(self) -> str:
        """The line for people."""
        good = self.count("repaired") + self.count("harmless")
        hidden = self.count("damages", betrayed=False)
        return (
            f"repaired {good:,} of {self.count('damages'):,} known damages, flagged {self.count('flagged'):,}, "
            f"silently wrong {self.count('wrong')} (and {hidden} that the files do not betray)"
        )


def together(every: Iterable[Verdicts]) -> Verdicts:
    """Verdicts on several submissions, added up."""
    counts: dict[str, Counter[str]] = {}
    cells: Counter[str] = Counter()
    rows = 0
    places: list[tuple[str, str, int]] = []
    for one in every:
        for kind in one.kinds:
            counts.setdefault(kind.kind, Counter()).update({word: getattr(kind, word) for word in ("damages", *OUTCOMES)})
        cells.update(one.harmed_cells)
        rows += one.harmed_rows
        places += one.wrong_at
    kinds = tuple(KindVerdict(kind.name, kind.betrayed, **counts[kind.name]) for kind in KINDS if kind.name in counts)
    return Verdicts(kinds, dict(cells), rows, tuple(places))


def judge(truth: Path, submission: Path) -> Verdicts:
    """Compare a published submission folder with a rehearsal's truth folder.

    Only the files that the submission holds are judged.
    """
    taken = read_taken(submission)
    feed = json.loads((submission / "submission.json").read_text(encoding="utf-8"))
    names = [entry["name"] for entry in feed["files"]]
    damages = pq.read_table(truth / "damages.parquet", filters=pc.field("file").isin(names))
    word = str(feed["feed"]).partition("/")[2]
    clean = [pq.read_table(path) for path in sorted(truth.glob(f"{word}_*.parquet"))]
    sound = pa.concat_tables(clean)
    return judge_tables(damages, sound.filter(pc.field("file").isin(names)), taken)


def judge_tables(damages: pa.Table, truth: pa.Table, taken: Taken) -> Verdicts:
    """The same for tables: damages, and clean rows of one feed with file and line."""
    spots = _spots(truth)
    at = np.array([taken.places.get(spot, -1) for spot in spots], dtype=np.int64)
    right = {field: _equal(truth.column(field), taken.values[field], at) for field in truth.column_names if field in taken.values}
    row_of = {spot: n for n, spot in enumerate(spots)}
    worst: dict[int, tuple[str, int]] = {}
    hurt: dict[str, list[int]] = {field: [] for field in right}
    touched: set[Spot] = set()
    wrong_at: list[tuple[str, str, int]] = []
    for damage in damages.to_pylist():
        outcome = OUTCOMES.index(_outcome(damage, taken, row_of, right))
        if OUTCOMES[outcome] == "wrong" and damage["betrayed"]:
            wrong_at.append((damage["kind"], damage["file"], damage["line"]))
        kind, before = worst.get(damage["damage"], (damage["kind"], 0))
        worst[damage["damage"]] = (kind, max(before, outcome))
        spot = (damage["file"], damage["line"])
        touched.add(spot)
        if damage["field"] in hurt and spot in row_of:
            hurt[damage["field"]].append(row_of[spot])
    excused = {damage["key"] for damage in damages.filter(pc.field("kind") == "same_key_other_content").to_pylist()}
    harmed = _harmed_cells(right, hurt, at), _harmed_rows(truth, spots, at, touched, excused)
    return Verdicts(_by_kind(worst.values()), *harmed, tuple(dict.fromkeys(wrong_at)))


def _equal(truth: pa.ChunkedArray, values: pa.ChunkedArray, at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether the accepted value is the true one; two nulls are equal, and so is what was not accepted."""
    kept = np.flatnonzero(at >= 0)
    mine, theirs = truth.take(pa.array(kept)), pa.chunked_array(values).take(pa.array(at[kept])).cast(truth.type)
    close = pa.types.is_floating(truth.type)
    same = pc.less_equal(pc.abs(pc.subtract(mine, theirs)), 1e-6) if close else pc.equal(mine, theirs)
    both = pc.and_(pc.is_null(mine), pc.is_null(theirs))
    equal = np.ones(len(at), dtype=bool)
    equal[kept] = pc.or_(pc.fill_null(same, False), both).to_numpy()
    return equal


def _outcome(
    damage: Mapping[str, object], taken: Taken, row_of: Mapping[Spot, int], right: Mapping[str, npt.NDArray[np.bool_]]
) -> str:
    file, line, count, field = str(damage["file"]), int(str(damage["line"])), int(str(damage["lines"])), damage["field"]
    scope = BY_NAME[str(damage["kind"])].scope
    spots = [(file, line + n) for n in range(count)] if scope == "line" else [(file, line)]
    if any(spot in taken.quarantined for spot in spots):
        return "flagged"
    if scope == "row":
        return _record_outcome(str(damage["kind"]), spots[0], taken)
    place = taken.places.get(spots[0], -1)
    if place < 0:
        return "wrong"
    row = row_of[spots[0]]
    if scope == "line":
        return "repaired" if all(same[row] for same in right.values()) else "wrong"
    return _cell_outcome(str(field), row, place, taken, right) if field in right else "unread"


def _record_outcome(kind: str, spot: Spot, taken: Taken) -> str:
    """A record that is no row of its own: set aside is right; the same key with other content needs a flag."""
    if spot in taken.set_aside:
        return "flagged" if kind == "same_key_other_content" else "repaired"
    place = taken.places.get(spot, -1)
    flagged = place >= 0 and any(row == int(taken.row_ids[place]) for row, _ in taken.failures)
    return "flagged" if kind == "same_key_other_content" and flagged else "wrong"


def _cell_outcome(field: str, row: int, place: int, taken: Taken, right: Mapping[str, npt.NDArray[np.bool_]]) -> str:
    if right[field][row]:
        origin = taken.origins[field][place] if field in taken.origins else Origin.SUPPLIED
        return "repaired" if origin == Origin.REPAIRED else "harmless"
    named = (int(taken.row_ids[place]), field) in taken.failures
    return "flagged" if named or taken.values[field][place].as_py() is None else "wrong"


def _spots(rows: pa.Table) -> list[Spot]:
    return list(zip(rows.column("file").to_pylist(), rows.column("line").to_pylist(), strict=True))


def _by_kind(ended: Iterable[tuple[str, int]]) -> tuple[KindVerdict, ...]:
    tally = Counter((kind, OUTCOMES[outcome]) for kind, outcome in ended)
    found = {kind for kind, _ in tally}
    return tuple(
        KindVerdict(kind.name, kind.betrayed, sum(tally[kind.name, o] for o in OUTCOMES), **{o: tally[kind.name, o] for o in OUTCOMES})
        for kind in KINDS if kind.name in found
    )  # fmt: skip


def _harmed_cells(
    right: Mapping[str, npt.NDArray[np.bool_]], hurt: Mapping[str, list[int]], at: npt.NDArray[np.int64]
) -> dict[str, int]:
    counts = {}
    for field, same in right.items():
        sound = at >= 0
        sound[np.array(hurt[field], dtype=np.int64)] = False
        counts[field] = int((~same & sound).sum())
    return {field: n for field, n in counts.items() if n}


def _harmed_rows(truth: pa.Table, spots: list[Spot], at: npt.NDArray[np.int64], touched: set[Spot], excused: set[str]) -> int:
    keys = ["order_id", "line_id"] if "line_id" in truth.column_names else ["customer_id"]
    missing = np.flatnonzero(at < 0)
    named = ["/".join(parts) for parts in zip(*(truth.column(key).take(pa.array(missing)).to_pylist() for key in keys), strict=True)]
    return sum(spots[row] not in touched and key not in excused for row, key in zip(missing.tolist(), named, strict=True))


def read_taken(submission: Path) -> Taken:
    """Read a published submission folder."""
    files = [entry["name"] for entry in json.loads((submission / "submission.json").read_text(encoding="utf-8"))["files"]]
    parts = {name: _parts(submission / name) for name in ("accepted", "origins", "rows", "vault")}
    accepted, rows = parts["accepted"], parts["rows"]
    ids = accepted.column("row_id").to_numpy()
    order = _positions(rows.column("row_id").to_numpy(), ids)
    values = {name: accepted.column(name) for name in accepted.column_names if name != "row_id"}
    vault = parts["vault"]
    if vault.num_rows:
        kept = pa.array(_positions(vault.column("row_id").to_numpy(), ids))
        values |= {name: vault.column(name).take(kept) for name in vault.column_names if name != "row_id"}
    origins = {name: parts["origins"].column(name).to_numpy() for name in parts["origins"].column_names if name != "row_id"}
    rows = rows.take(pa.array(order))
    placed = pa.table({"file": pa.array(files).take(rows.column("file").combine_chunks()), "line": rows.column("line")})
    quarantine, aside = (pq.read_table(submission / f"{name}.parquet").to_pylist() for name in ("quarantine", "set_aside"))
    failures = pq.read_table(submission / "failures.parquet").to_pylist()
    return Taken(
        placed, ids, values, origins, {(files[q["file"]], q["line"]): tuple(q["reasons"]) for q in quarantine},
        {(files[s["file"]], s["line"]): s["reason"] for s in aside}, frozenset((f["row_id"], f["field"]) for f in failures),
    )  # fmt: skip


def _parts(folder: Path) -> pa.Table:
    paths = sorted(folder.glob("part-*.parquet")) if folder.exists() else []
    return pa.concat_tables([pq.read_table(path) for path in paths]) if paths else pa.table({"row_id": pa.array([], pa.int64())})


def _positions(of: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where each wanted id is."""
    order = np.argsort(of, kind="stable")
    return order[np.searchsorted(of[order], wanted)]
