"""What a submission differs in from the feed's earlier ones, as what its intake takes for true in spite of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors.spec.feed import FeedSpec
from contracts.assumption import Assumption, read_assumptions, write_assumptions
from contracts.errors import MillraceError
from flows.earlier import changes, earlier
from flows.integrity import intact
from flows.stored import Stored
from flows.viewing import glance
from flows.workspace import Workspace

RENEWAL = "renewal.json"
"""Depends on what was taken in before, and when: it is not among the bytes that the same files always give."""
QUIET = ("moved", "same_file")
"""Changes that mean nothing."""


def renewed(space: Workspace, feed: FeedSpec, paths: Sequence[Path], rows: int) -> tuple[Assumption, ...]:
    """One for each change: columns renamed, new, gone or of another kind, words never seen, rows out of range, a late submission.

    Nothing where no earlier file is known.

    Parameters
    ----------
    rows : int
        Of the submission.
    """
    if earlier(space, feed.feed).sketch is None:
        return ()
    found = changes(space, feed, glance(paths, feed, rows))
    return tuple(change.assumption(feed.name) for change in found if change.kind not in QUIET)


def write_renewal(space: Workspace, feed: FeedSpec, paths: Sequence[Path], rows: int, folder: Path) -> tuple[tuple[Path, str], ...]:
    """The assumptions as a file for the submission; none where there is nothing to say, or where the files cannot be looked at again."""
    try:
        found = renewed(space, feed, paths, rows)
    except MillraceError:
        return ()
    if not found:
        return ()
    write_assumptions(found, folder / RENEWAL)
    return ((folder / RENEWAL, RENEWAL),)


def assumed_by(stored: Stored) -> list[Assumption]:
    """Everything that a run or an intake took for true.

    Raises
    ------
    RunError
        RUN-DAMAGED.
    """
    return [one for name in _files(stored) for one in read_assumptions(intact(stored, name))]


def _files(stored: Stored) -> Iterator[str]:
    yield "assumptions.json"
    if (stored.folder / RENEWAL).is_file():
        yield RENEWAL
