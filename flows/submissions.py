"""Stored submissions of a feed: the newest, one by id, which one replaces which.

A submission whose fact `replaces` names an earlier one takes its place in the order: a correction of January does not become
newer than February. The same files taken in again, as under another version of the connector, take the place of the first as well.
"""

from __future__ import annotations

from contracts.errors import Place, RunError
from flows.home import Home
from flows.runs import find, of_owner
from flows.stored import Stored

REPLACES = "replaces"


def by_id(home: Home, client: str, feed: str, submission: str) -> Stored:
    """A submission of this feed by its id, the beginning of its id, or ``latest``.

    Raises
    ------
    RunError
        RUN-UNKNOWN, RUN-AMBIGUOUS.
    """
    return newest(home, client, feed) if submission == "latest" else find(home, f"{client}/{feed}@{submission}", "submissions")


def replaced_by(home: Home, client: str, feed: str) -> dict[str, str]:
    """For each replaced submission the id that replaces it; the last one, where several do."""
    every = of_owner(home, "submissions", client, feed)
    return {earlier: each.id for each in every for earlier in _replaces(each, every)}


def _replaces(submission: Stored, every: list[Stored]) -> list[str]:
    """The submission that it says it replaces, and earlier ones of the same files."""
    files = submission.manifest["key"].get("files")
    same = [each.id for each in every if files and each.number < submission.number and each.manifest["key"].get("files") == files]
    return [*same, *([submission.facts[REPLACES]] if submission.facts.get(REPLACES) else [])]


def current(home: Home, client: str, feed: str) -> list[Stored]:
    """The submissions that stand, in the order of what they stand for; the last is the newest."""
    every = {each.id: each for each in of_owner(home, "submissions", client, feed)}
    replaced = replaced_by(home, client, feed)
    standing = [each for each in every.values() if each.id not in replaced]
    return sorted(standing, key=lambda each: (_origin(each, every, replaced).number, each.number))


def newest(home: Home, client: str, feed: str) -> Stored:
    """The newest submission that is not replaced.

    Raises
    ------
    RunError
        SUBMISSION-MISSING.
    """
    standing = current(home, client, feed)
    if not standing:
        raise RunError(
            "SUBMISSION-MISSING", f"nothing of the feed {client}/{feed} has been taken in yet",
            place=Place(client=client, feed=f"{client}/{feed}"), hint=f"name a file: millrace intake {client}/{feed} FILE",
        )  # fmt: skip
    return standing[-1]


def _origin(submission: Stored, every: dict[str, Stored], replaced: dict[str, str]) -> Stored:
    """The first submission of a chain of replacements."""
    seen: set[str] = set()
    while submission.id not in seen:
        seen.add(submission.id)
        earlier = [every[old] for old, new in replaced.items() if new == submission.id and old in every]
        submission = min(earlier, key=lambda each: each.number, default=submission)
    return submission
