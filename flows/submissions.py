"""Stored submissions of a feed: the newest, one by id, which one replaces which.

A submission whose fact `replaces` names an earlier one takes its place in the order: a correction of January does not become
newer than February.
"""

from __future__ import annotations

from contracts.errors import Place, RunError
from flows.home import Home
from flows.runs import Stored, find, of_owner

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
    return {each.facts[REPLACES]: each.id for each in every if each.facts.get(REPLACES)}


def current(home: Home, client: str, feed: str) -> list[Stored]:
    """The submissions that stand, in the order of what they stand for; the last is the newest."""
    every = {each.id: each for each in of_owner(home, "submissions", client, feed)}
    replaced = replaced_by(home, client, feed)
    standing = [each for each in every.values() if each.id not in replaced]
    return sorted(standing, key=lambda each: (_origin(each, every).number, each.number))


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
            "SUBMISSION-MISSING", f"nothing of the feed {client}/{feed} has been taken in yet", place=Place(client=client, feed=feed),
            hint=f"name a file: millrace intake {client}/{feed} FILE",
        )  # fmt: skip
    return standing[-1]


def _origin(submission: Stored, every: dict[str, Stored]) -> Stored:
    """The first submission of a chain of replacements."""
    seen: set[str] = set()
    while (earlier := submission.facts.get(REPLACES)) in every and submission.id not in seen:
        seen.add(submission.id)
        submission = every[earlier]
    return submission
