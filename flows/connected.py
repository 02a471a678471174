"""What became of connecting a feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.proposing.proposal import Proposal
from connectors.renewal import Change
from contracts.errors import MillraceError
from flows.viewing import View


@dataclass(frozen=True)
class Connected:
    """A feed that was connected, confirmed, or left as it is.

    Parameters
    ----------
    feed : str
    status : str
        ``draft`` or ``confirmed``, as the file on disk says; ``unreadable`` where it cannot be used as it is.
    folder : Path
        Of the client's YAML.
    seen : View, optional
    proposal : Proposal, optional
    written : tuple of str
        Names of files that were written.
    kept : str, optional
        Why the YAML was left as it is.
    diff : tuple of str
        What would change in it.
    open : tuple of (str, str)
        Questions that stand open in it: id and text.
    changes : tuple of Change
        Against the feed's earlier files.
    teachers : mapping of str to tuple of str
        Fields that memory spoke for, and the feeds that taught it.
    newcomer : tuple of str
        What was drafted about a client that is new, and why.
    learnt : int
        Columns that the memory has learnt.
    problem : MillraceError, optional
        Why the connector cannot be used as it is.
    """

    feed: str
    status: str
    folder: Path
    seen: View | None = None
    proposal: Proposal | None = None
    written: tuple[str, ...] = ()
    kept: str | None = None
    diff: tuple[str, ...] = ()
    open: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()
    teachers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    newcomer: tuple[str, ...] = ()
    learnt: int = 0
    problem: MillraceError | None = None


def as_dict(found: Connected) -> dict[str, Any]:
    """JSON-able: the proposal, and what became of it."""
    proposal = found.proposal.as_dict() if found.proposal else {}
    return {
        "feed": found.feed, "status": found.status, **proposal, "memory": {name: list(feeds) for name, feeds in found.teachers.items()},
        "changes": [change.as_dict() for change in found.changes], "open": [{"id": id, "text": text} for id, text in found.open],
        "client": list(found.newcomer),
        "written": list(found.written), "kept": found.kept, "diff": list(found.diff), "learnt": found.learnt,
        "folder": str(found.folder), "problem": found.problem.as_dict() if found.problem else None,
    }  # fmt: skip
