"""The runs and submissions of a home: list them, find one, number the next."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

from contracts.errors import RunError
from flows.disk import write_json
from flows.home import Home, safe
from flows.stored import ID_LENGTH, MANIFEST, Kind, Stored, numbers, numbers_file

_ID = re.compile(f"[0-9a-f]{{{ID_LENGTH}}}")


def stored(home: Home, kind: Kind = "runs", client: str | None = None, name: str | None = None) -> list[Stored]:
    """All published folders, newest first."""
    found = [each for owner, label in _owners(home, kind, client, name) for each in _in(owner, kind, *label)]
    return sorted(found, key=_when, reverse=True)


def _when(each: Stored) -> tuple[str, str, str, int]:
    """What orders runs; a damaged one is the oldest, so that it hides no other."""
    try:
        return str(each.run["published"]), each.client, each.name, each.number
    except RunError:
        return "", each.client, each.name, _placed(each)[1]


def of_owner(home: Home, kind: Kind, client: str, name: str) -> list[Stored]:
    """The published folders of one client and feed or product, in the order of their numbers.

    A damaged one whose number nobody knows is the last: it may be the newest, and to give out an older one in its place would be wrong.
    """
    owner = home.root / kind / safe(client, "client") / safe(name)
    return sorted(_in(owner, kind, client, name), key=_placed)


def _placed(each: Stored) -> tuple[bool, int]:
    try:
        return False, each.number
    except RunError:
        return True, 0


def take_number(owner: Path, run: str) -> int:
    """The next number of an owner's folder, whose lock is held, noted for a run; that of a damaged or removed run is never given again."""
    noted = numbers(owner)
    places = [_placed(Stored("runs", "", "", folder.name, folder)) for folder in _published(owner)]
    number = max([*noted.values(), *(known for _, known in places)], default=0) + sum(lost for lost, _ in places) + 1
    write_json(numbers_file(owner), {**noted, run: number})
    return number


def find(home: Home, what: str, kind: Kind = "runs") -> Stored:
    """A run by its id, the beginning of its id, ``client/name@id`` or ``client/name@latest``.

    Raises
    ------
    RunError
        RUN-UNKNOWN, with what there is; RUN-AMBIGUOUS for a beginning that several ids share.
    """
    owner, _, wanted = what.rpartition("@")
    client, _, name = owner.partition("/")
    if owner and wanted == "latest":
        choice = of_owner(home, kind, client, name)[-1:]
    else:
        pool = of_owner(home, kind, client, name) if owner else stored(home, kind)
        choice = [each for each in pool if wanted and each.id.startswith(wanted)]
        choice = [each for each in choice if each.id == wanted] or choice
    if len(choice) == 1:
        return choice[0]
    raise _not_one(home, what, kind, choice)


def _owners(home: Home, kind: Kind, client: str | None, name: str | None) -> Iterator[tuple[Path, tuple[str, str]]]:
    for folder in sorted((home.root / kind).glob("*/*")):
        owner = (folder.parent.name, folder.name)
        if folder.is_dir() and client in (None, owner[0]) and name in (None, owner[1]):
            yield folder, owner


def _in(owner: Path, kind: Kind, client: str, name: str) -> list[Stored]:
    return [Stored(kind, client, name, folder.name, folder) for folder in _published(owner)]


def _published(owner: Path) -> list[Path]:
    """Published folders only: a name with a dot is unfinished, and a folder that has neither a run's name nor a manifest is not ours.

    A run appears by one rename, so that one without its manifest is neither unfinished nor to be resumed, but damaged.
    """
    folders = [] if not owner.is_dir() else [f for f in owner.iterdir() if f.is_dir() and not f.name.startswith(".")]
    return [f for f in folders if _ID.fullmatch(f.name) or (f / MANIFEST).is_file()]


def _not_one(home: Home, what: str, kind: Kind, choice: list[Stored]) -> RunError:
    one = "submission" if kind == "submissions" else "run"
    if choice:
        return RunError("RUN-AMBIGUOUS", f"several {kind} begin so", found=f"{len(choice)} {kind}", details=[each.label for each in choice])
    names = [each.label for each in stored(home, kind)]
    near = difflib.get_close_matches(what, [*names, *(n.rpartition("@")[0] + "@latest" for n in names)], n=1)
    hint = f"did you mean {near[0]}?" if near else f"millrace runs list shows all; a {one} is named by its id or as client/name@latest"
    return RunError("RUN-UNKNOWN", f"there is no such {one}", found=what[:120], hint=hint)
