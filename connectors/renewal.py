"""The next submission of a feed against the last: renamed, new, gone, of another kind, never seen, out of range, or not this feed's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any, Literal

import numpy as np
from rapidfuzz import fuzz

from connectors.mapping import fold, shown
from connectors.memory import alike
from connectors.sketch import Look, Sketch
from connectors.spec.feed import FeedSpec
from contracts.assumption import Assumption

Kind = Literal["same_file", "other_feed", "renamed", "gone", "new", "retyped", "unseen", "rows", "moved", "late", "missing"]
SURE, LIKE = 0.62, 0.15
"""Likeness from which a new column is taken for a gone one under another name; by how much another feed must fit better."""
EARLY = 3
"""Submissions from which their rhythm is known."""


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise than last time.

    Parameters
    ----------
    kind : str
    text : str
        A sentence for people; no value.
    columns : tuple of str
        Headers it is about; of a renamed one the old and the new.
    evidence : mapping
        Measured quantities, JSON-able.
    grave : bool
        Somebody should look before the file is used.
    """

    kind: Kind
    text: str
    columns: tuple[str, ...] = ()
    evidence: Mapping[str, Any] = field(default_factory=dict)
    grave: bool = True

    def as_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {"kind": self.kind, "text": self.text, "columns": list(self.columns), "evidence": dict(self.evidence), "grave": self.grave}

    def assumption(self, feed: str) -> Assumption:
        """The change as what an intake takes for true in spite of it."""
        return Assumption(f"renew {feed}", f"this submission is the feed's next one, though {self.text}", self.evidence, "untested")


def compare(new: Sketch, last: Sketch, feed: FeedSpec | None = None, counts: Sequence[int] = ()) -> tuple[Change, ...]:
    """What differs from the last submission.

    Parameters
    ----------
    new, last : Sketch
    feed : FeedSpec, optional
        The connector: a change of a column that it takes is grave, of another it is not.
    counts : sequence of int
        Rows of earlier submissions, the last one included.
    """
    if new.files == last.files and new.files:
        return (Change("same_file", "it is the same file as last time, byte for byte", evidence={"files": len(new.files)}),)
    used = {fold(header) for spec in feed.all_columns.values() for header in spec.headers} if feed else {fold(h) for h in last.looks}
    before = {fold(header): header for header in last.looks}
    after = {fold(header): header for header in new.looks}
    gone = [header for key, header in before.items() if key not in after]
    fresh = [header for key, header in after.items() if key not in before]
    pairs = renamed(gone, fresh, last, new)
    found = [*_renamings(pairs, used), *_gone(gone, pairs, used), *_fresh(fresh, pairs)]
    common = [(before[key], after[key]) for key in before if key in after] + [(old, there) for old, there, _ in pairs]
    for old, there in common:
        found += _otherwise(old, there, last.looks[old], new.looks[there], grave=fold(old) in used)
    found += [*_rows(new.rows, counts or (last.rows,)), *_moved(before, after)]
    return tuple(found)


def renamed(gone: Sequence[str], fresh: Sequence[str], last: Sketch, new: Sketch) -> list[tuple[str, str, float]]:
    """Pairs of a header that is gone and a new one that most likely holds the same, with their likeness; each header once."""
    scored = [(likeness(old, there, last, new), old, there) for old in gone for there in fresh]
    found: list[tuple[str, str, float]] = []
    for score, old, there in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if score >= SURE and not any(old == a or there == b for a, b, _ in found):
            found.append((old, there, round(score, 3)))
    return found


def likeness(old: str, there: str, last: Sketch, new: Sketch) -> float:
    """How much a new column is like a gone one: half its name, half its values; 0 where the values are of another kind."""
    one, other = last.looks[old], new.looks[there]
    if one.form != other.form and "empty" not in (one.form, other.form):
        return 0.0
    values = alike(one.shapes, other.shapes)
    if one.words and other.words:
        values = 0.5 * values + 0.5 * len(set(one.words) & set(other.words)) / min(len(one.words), len(other.words))
    position = 1 - abs(list(last.looks).index(old) / len(last.looks) - list(new.looks).index(there) / len(new.looks))
    return 0.45 * fuzz.token_sort_ratio(fold(old), fold(there)) / 100 + 0.35 * values + 0.2 * position


def _renamings(pairs: Sequence[tuple[str, str, float]], used: set[str]) -> Iterator[Change]:
    for old, there, score in pairs:
        text = f"the column {shown(old)} seems to be called {shown(there)} now"
        yield Change("renamed", text, (old, there), {"likeness": score}, fold(old) in used)


def _gone(gone: Sequence[str], pairs: Sequence[tuple[str, str, float]], used: set[str]) -> Iterator[Change]:
    for header in gone:
        if header not in {old for old, _, _ in pairs}:
            yield Change("gone", f"the column {shown(header)} is no longer there", (header,), {}, fold(header) in used)


def _fresh(fresh: Sequence[str], pairs: Sequence[tuple[str, str, float]]) -> Iterator[Change]:
    for header in fresh:
        if header not in {there for _, there, _ in pairs}:
            yield Change("new", f"the column {shown(header)} was not there before", (header,), {}, False)


def _otherwise(old: str, there: str, was: Look, now: Look, *, grave: bool) -> Iterator[Change]:
    """A column whose values are of another kind, that is empty now, or that holds words never seen."""
    if was.form != now.form and was.form != "empty":
        text = f"the column {shown(there)} held {_PLURAL[was.form]} and now holds {_PLURAL[now.form]}"
        yield Change("retyped", text, (there,), {"was": list(was.shapes[:3]), "is": list(now.shapes[:3])}, grave)
        return
    if was.words and now.form != "empty":
        unseen = len(set(now.usual) - set(was.words)) if now.words else None
        if unseen:
            words = "a word" if unseen == 1 else f"{unseen} words"
            yield Change("unseen", f"the column {shown(there)} holds {words} never seen in it before", (there,), {"words": unseen}, False)
        elif unseen is None:
            yield Change("unseen", f"the column {shown(there)} held few different words and now holds many", (there,), {}, grave)


_PLURAL = {"number": "numbers", "date": "dates", "text": "text", "empty": "nothing"}


def _rows(rows: int, counts: Sequence[int]) -> Iterator[Change]:
    usual = median(counts)
    low, high = (0.7 * min(counts), 1.4 * max(counts)) if len(counts) >= EARLY else (0.5 * usual, 2 * usual)
    if not low <= rows <= high:
        text = f"it has {rows:,} rows, where {round(low):,} to {round(high):,} would be usual"
        yield Change("rows", text, evidence={"rows": rows, "earlier": list(counts[-12:])})


def _moved(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    """The order of the columns that both have; it means nothing, as columns are found by name."""
    one, other = [key for key in before if key in after], [key for key in after if key in before]
    moved = [after[key] for key, there in zip(one, other, strict=True) if key != there]
    if moved:
        text = "the columns stand in another order, which changes nothing"
        yield Change("moved", text, tuple(moved), {"columns": len(moved)}, False)


def rhythm(days: Sequence[date], today: date, *, arrived: bool = False) -> Change | None:
    """Whether the next submission is late or some are missing, by the days of earlier ones.

    Parameters
    ----------
    days : sequence of datetime.date
        Of earlier submissions.
    today : datetime.date
    arrived : bool
        The next one is here today.

    Examples
    --------
    >>> days = [date(2026, month, 3) for month in (1, 2, 3, 4)]
    >>> rhythm(days, date(2026, 5, 4)), rhythm(days, date(2026, 5, 20)).text
    (None, 'the next submission was due about 2026-05-04 and is 16 days late')
    """
    ordered = sorted(set(days))
    if len(ordered) < EARLY:
        return None
    gaps = [(later - earlier).days for earlier, later in pairwise(ordered)]
    usual = median(gaps)
    due = ordered[-1] + timedelta(days=round(usual))
    late = (today - due).days
    if late <= max(2, usual / 4, max(gaps) - usual):
        return None
    evidence = {"usual days": usual, "due": due.isoformat(), "days late": late}
    whole = int(late / usual)
    if arrived and whole:
        text = f"{whole} submission{'s seem' if whole > 1 else ' seems'} to be missing: one came every {round(usual)} days until now"
        return Change("missing", text, evidence=evidence)
    word = "came" if arrived else "is"
    return Change("late", f"the next submission was due about {due.isoformat()} and {word} {late} days late", evidence=evidence)


def whose(new: Sketch, feed: str, known: Mapping[str, FeedSpec], sketches: Mapping[str, Sketch]) -> Change | None:
    """Whether a file fits another feed, of this client or another, clearly better than its own.

    Parameters
    ----------
    new : Sketch
    feed : str
        The feed that the file was given for, as ``client/feed``.
    known : mapping of str to FeedSpec
        Every connector.
    sketches : mapping of str to Sketch
        What each feed's last submission looked like, where that is known.
    """
    for name, sketch in sketches.items():
        if name != feed and new.files and set(new.files) & set(sketch.files):
            return Change("other_feed", f"it is a file of {name}, byte for byte", evidence={"feed": name})
    scores = {name: _fits(new, spec, sketches.get(name)) for name, spec in known.items()}
    best = max(sorted(scores), key=lambda name: scores[name], default=feed)
    if best == feed or scores[best] < 0.5 or scores[best] < scores.get(feed, 0.0) + LIKE:
        return None
    evidence = {"feed": best, "fit": round(scores[best], 3), "fit here": round(scores.get(feed, 0.0), 3)}
    return Change("other_feed", f"it looks like a file of {best}", evidence=evidence)


def _fits(new: Sketch, spec: FeedSpec, sketch: Sketch | None) -> float:
    """How well a file fits a connector: its headers, and, where they are known, the shapes under them."""
    there = {fold(header): look for header, look in new.looks.items()}
    wanted = {fold(header) for column in spec.all_columns.values() for header in column.headers}
    named = {*wanted, *(fold(header) for header in spec.ignored)}
    if not wanted or not there:
        return 0.0
    headers = 0.5 * len(wanted & set(there)) / len(wanted) + 0.5 * len(named & set(there)) / len(there)
    if sketch is None:
        return headers
    before = {fold(header): look for header, look in sketch.looks.items()}
    shared = [key for key in there if key in before and key in wanted]
    agree = float(np.mean([alike(there[key].shapes, before[key].shapes) for key in shared])) if shared else 0.0
    return headers * (0.5 + 0.5 * agree)
