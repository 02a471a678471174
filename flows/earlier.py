"""Earlier submissions of a feed, as far as the next one is compared with them: how many rows, on which days, how the last looked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from connectors.golden import read_golden
from connectors.library import home_of
from connectors.renewal import Change, compare, rhythm, whose
from connectors.sketch import Look, Sketch
from connectors.spec.feed import FeedSpec
from contracts.errors import MillraceError
from contracts.ledger import Ledger
from flows.disk import read_json
from flows.stored import Stored
from flows.submissions import current
from flows.workspace import Workspace


@dataclass(frozen=True)
class Earlier:
    """What is known about a feed's earlier files.

    Parameters
    ----------
    sketch : Sketch, optional
        Of the file that the connector was made from; with the newest submission's rows, files and columns where there is one.
    counts : tuple of int
        Rows of each submission, in order.
    days : tuple of datetime.date
        When each was taken in.
    """

    sketch: Sketch | None
    counts: tuple[int, ...] = ()
    days: tuple[date, ...] = ()


def earlier(space: Workspace, feed: str) -> Earlier:
    """What is known about a feed's earlier files; a damaged submission counts for nothing."""
    client, _, name = feed.partition("/")
    stored = [each for each in current(space.home, client, name) if _readable(each)]
    golden = _golden(space, feed)
    counts = tuple(_rows(each) for each in stored)
    days = tuple(date.fromisoformat(str(each.run["published"])[:10]) for each in stored)
    return Earlier(_newest(stored[-1], golden) if stored else golden, counts, days)


def _readable(stored: Stored) -> bool:
    try:
        return bool(read_json(stored.folder / "submission.json")["files"]) and bool(stored.run["published"])
    except (OSError, ValueError, KeyError, TypeError, MillraceError):
        return False


def _rows(stored: Stored) -> int:
    """Records of a submission that were rows."""
    ledger = read_json(stored.folder / "submission.json")["ledger"]
    return Ledger.from_dict(ledger).accepted + Ledger.from_dict(ledger).rows_quarantined


def _newest(stored: Stored, golden: Sketch | None) -> Sketch:
    """The newest submission; how its columns looked is known where the connector's first file had them too."""
    files = read_json(stored.folder / "submission.json")["files"]
    header = list(dict.fromkeys(name for file in files for name in file["reading"]["header"]))
    unknown = Look(1.0, "empty")
    looks = {name: golden.looks.get(name, unknown) if golden else unknown for name in header}
    return Sketch(_rows(stored), tuple(sorted(file["sha256"] for file in files)), looks)


def _golden(space: Workspace, feed: str) -> Sketch | None:
    path = golden_path(space, feed)
    try:
        golden = read_golden(path) if path else None
    except MillraceError:
        return None
    return golden.sketch if golden else None


def golden_path(space: Workspace, feed: str) -> Path | None:
    """Where the golden test of a feed is, or would be; None for a client that is not known."""
    client, _, name = feed.partition("/")
    try:
        return home_of(client, space.settings.clients) / f"{name}.golden.json"
    except MillraceError:
        return None


def changes(space: Workspace, feed: FeedSpec, sketch: Sketch) -> tuple[Change, ...]:
    """What a file differs in from the feed's earlier ones, whose it seems to be, and whether it comes late."""
    known = earlier(space, feed.feed)
    found = list(compare(sketch, known.sketch, feed, known.counts) if known.sketch else ())
    if any(change.kind == "same_file" for change in found):  # where nothing was taken in, it is only the file that the connector is from
        return tuple(found) if known.counts else ()
    other = whose(sketch, feed.feed, dict(_connectors(space)), _sketches(space))
    late = rhythm(known.days, space.today, arrived=True)
    return (other,) if other else (*found, *([late] if late else ()))


def due(space: Workspace, feed: str) -> Change | None:
    """Whether the next submission of a feed is late."""
    return rhythm(earlier(space, feed).days, space.today)


def _connectors(space: Workspace) -> Iterator[tuple[str, FeedSpec]]:
    """Every connector that can be read."""
    for client in space.clients():
        for feed in space.feeds(client):
            try:
                yield feed, space.feed(feed)
            except MillraceError:
                continue


def _sketches(space: Workspace) -> dict[str, Sketch]:
    names = [feed for client in space.clients() for feed in space.feeds(client)]
    found = {name: earlier(space, name).sketch for name in names}
    return {name: sketch for name, sketch in found.items() if sketch}
