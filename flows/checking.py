"""A dry intake: files are taken in to see what would fail and where; nothing is stored."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.answering import open_questions
from connectors.golden import differences, outcome, read_golden
from connectors.library import home_of
from connectors.renewal import Change
from connectors.spec.feed import FeedSpec
from contracts.errors import ColumnsError, Place, SettingsError
from contracts.ledger import Ledger
from flows.earlier import changes, due, golden_path
from flows.failing import Group, groups
from flows.faults import faults, to_mend
from flows.limits import Limits
from flows.mending import Mending, mending, taken
from flows.outlet import outlets
from flows.repair import Repair, write_repair
from flows.repairs import Given, keep, recognised, refuse_stray
from flows.viewing import view
from flows.workspace import Workspace


@dataclass(frozen=True)
class Checked:
    """What a dry intake met.

    Parameters
    ----------
    feed : FeedSpec
    names : tuple of str
        Of the files.
    described : mapping
        The content of a ``submission.json``.
    groups : tuple of Group
        Those beyond what is tolerated first, then by rows.
    quarantine_limit : float
        Share of rows that may be held back.
    changes : tuple of Change
        Against the feed's earlier files; of a mended workbook's own files they were told before.
    mended : Mending, optional
        What a mended error workbook brings.
    shown : Shown, optional
        The error workbook that was written.
    open : tuple of (str, str)
        Questions that stand open in the connector's YAML: id and text.
    """

    feed: FeedSpec
    names: tuple[str, ...]
    described: Mapping[str, Any]
    groups: tuple[Group, ...]
    quarantine_limit: float
    changes: tuple[Change, ...] = ()
    mended: Mending | None = None
    shown: Shown | None = None
    open: tuple[tuple[str, str], ...] = ()

    @property
    def ledger(self) -> Ledger:
        """The account of every record."""
        return Ledger.from_dict(self.described["ledger"])

    @property
    def rows(self) -> int:
        """Records that were rows, or should have been."""
        return self.ledger.accepted + self.ledger.rows_quarantined

    @property
    def held_back(self) -> float:
        """Share of rows that would be quarantined."""
        return self.ledger.rows_quarantined / self.rows if self.rows else 0.0

    @property
    def passed(self) -> bool:
        """Whether nothing fails beyond what is tolerated."""
        return not any(group.beyond for group in self.groups) and self.held_back <= self.quarantine_limit


@dataclass(frozen=True)
class Errors:
    """Where an error workbook is wanted, and whether it may replace a file."""

    path: Path
    force: bool = False


@dataclass(frozen=True)
class Shown:
    """An error workbook that was written: where, with how many rows, how many it has no room for, in which language."""

    path: Path
    rows: int
    left_out: int
    language: str


def check(space: Workspace, name: str, paths: Sequence[Path], errors: Errors | None = None) -> Checked:
    """Take files in without storing anything; a mended error workbook among them is laid over the files that it is about.

    Parameters
    ----------
    space : Workspace
    name : str
        Of the feed, as ``client/feed``.
    paths : sequence of Path
    errors : Errors, optional
        Write what failed into an error workbook for the client.

    Raises
    ------
    MillraceError
        As `connectors.submission.take_in`, `flows.repairs.recognised` and `flows.outlet.outlets`;
        a file whose columns do not fit is told with the feed that it does fit, where there is one.
    """
    feed, client = space.feed(name), space.client(name.partition("/")[0])
    limits = Limits().with_policies(client.policies, client.name)
    given = recognised(space, name, paths)
    found = changes(space, feed, view(given.files, feed).sketch(feed))
    with tempfile.TemporaryDirectory() as folder:
        try:
            every = list(taken(given.files, feed, client, given.mended, Path(folder)))
        except ColumnsError as error:
            raise _pointed(error, found) from None
        out, planned, described = every[-1]
        refuse_stray(described["columns"]["unknown"], name)
        ledger = Ledger.from_dict(described["ledger"])
        failing = groups(out, planned, ledger.accepted + ledger.rows_quarantined, limits)
        mended = mending(every[-2][0], out, planned) if given.mended else None
        shown = _written(space, name, Repair(planned, to_mend(faults(out))), given, errors) if errors else None
    names = tuple(file.name for file in planned.files)
    return Checked(feed, names, described, failing, limits.quarantine_share, () if mended else found, mended, shown, _open(space, name))


def _open(space: Workspace, name: str) -> tuple[tuple[str, str], ...]:
    """What nobody has answered yet about a connector."""
    client, _, feed = name.partition("/")
    return open_questions((home_of(client, space.settings.clients) / f"{feed}.yaml").read_text(encoding="utf-8"))


def _written(space: Workspace, name: str, repair: Repair, given: Given, errors: Errors) -> Shown | None:
    """Write the error workbook and keep what it was made from; nothing where nothing is wrong."""
    if not len(repair.rows):
        return None
    sources = [*given.files, *(one.path for one in given.mended)]
    with outlets([errors.path], sources, force=errors.force) as (out,), tempfile.TemporaryDirectory() as scratch:
        keep(space, name, [*((f.path, f.sha256) for f in repair.planned.files), *((m.path, m.sha256) for m in given.mended)])
        rows = write_repair(repair, space.home.secret(repair.planned.client.name), out, Path(scratch))
    return Shown(errors.path, rows, repair.identity.left_out, repair.language)


def _pointed(error: ColumnsError, found: Sequence[Change]) -> ColumnsError:
    """The error, and what the comparison with earlier files says about it."""
    told = [change for change in found if change.kind in ("renamed", "other_feed", "retyped")]
    if not told:
        return error
    details = (*error.details, *(f"! {change.text}" for change in told))
    whose = next((change.evidence["feed"] for change in told if change.kind == "other_feed"), None)
    names = [change for change in told if change.kind == "renamed"]
    hint = f"is it meant for {whose}?" if whose else None
    hint = hint or ("correct the renamed headers in the connector, or ask the sender for the old ones" if names else error.hint)
    return ColumnsError(
        error.code, error.message, place=error.place, found=error.found, expected=error.expected, hint=hint, details=details
    )


@dataclass(frozen=True)
class Golden:
    """What the golden test of a connector gave.

    Parameters
    ----------
    feed : FeedSpec
    rows : int
        Of the sample.
    differences : tuple of str
        Where the outcome is not the expected one.
    late : Change, optional
        The feed's next submission is late.
    """

    feed: FeedSpec
    rows: int
    differences: tuple[str, ...]
    late: Change | None = None

    @property
    def passed(self) -> bool:
        """Whether the connector gets from its sample what it must."""
        return not self.differences


def golden(space: Workspace, name: str) -> Golden:
    """Run a connector on its made sample.

    Raises
    ------
    SettingsError
        GOLDEN-MISSING.
    MillraceError
        As `connectors.submission.take_in`.
    """
    feed, client = space.feed(name), space.client(name.partition("/")[0])
    path = golden_path(space, name)
    kept = read_golden(path) if path else None
    rows = path.with_name(f"{feed.name}.sample.csv") if path else None
    if kept is None or rows is None or not rows.is_file() or not kept.expected:
        raise SettingsError(
            "GOLDEN-MISSING", "the connector has no golden test", place=Place(client=feed.client, feed=name),
            hint=f"name a file: millrace check {name} FILE; millrace connect writes the test along with a connector",
        )  # fmt: skip
    got = outcome(feed, client, rows)
    return Golden(feed, len(kept.expected["rows"]), tuple(differences(kept.expected, got)), due(space, name))
