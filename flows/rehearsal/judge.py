"""The judge of an intake: compares what it published with the truth of a rehearsal, damage by damage."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from contracts.origin import Origin
from flows.rehearsal.damage import BY_NAME, KINDS
from flows.rehearsal.taken import Spot, Taken, read_taken, spots_of
from flows.rehearsal.verdicts import OUTCOMES, KindVerdict, Verdicts


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
    spots = spots_of(truth)
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
