"""What confirmed connectors teach the next proposal: folded headers and shapes of values, never a value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from connectors.mapping import fold
from connectors.proposing import headers
from connectors.proposing.evidence import BLANK
from connectors.spec.feed import FeedSpec
from contracts import contract as contracts
from contracts.errors import Place, SettingsError

DECIDED, OWN, OTHERS = 1.0, 0.9, 0.5
"""Weight of what was confirmed for this very feed, by the client itself, and by another client, where the shapes agree."""
MOST = 0.95
BARE = frozenset({"id", "name", "title", "code", "value"})
"""Meanings that alone say too little to be carried from one client to another."""
ALIKE = 0.5
"""Share of common shapes from which a column is the one that was confirmed."""


@dataclass(frozen=True)
class Lesson:
    """One column of a confirmed connector.

    Parameters
    ----------
    feed : str
        As ``client/feed``.
    header : str
        Folded.
    field : str
        Of the contract.
    shapes : tuple of str
        Commonest shapes of its values, as `contracts.errors.shape`.
    contract : str
        Name of the contract; empty where it is not known.
    """

    feed: str
    header: str
    field: str
    shapes: tuple[str, ...]
    contract: str = ""

    @property
    def client(self) -> str:
        """Who confirmed it."""
        return self.feed.partition("/")[0]


@dataclass(frozen=True)
class Memory:
    """The confirmed mappings in a folder, one JSON file a feed.

    Parameters
    ----------
    folder : Path
    client : str, optional
        Whose file is looked at: what this client confirmed weighs more than what others did.
    without : str, optional
        A client or a feed whose lessons are left out.
    feed : str, optional
        As ``client/feed``: what was confirmed for this very feed decides, where header and shapes are as they were.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> content = {"feed": "acme/customers", "contract": "customers@1.0", "status": "confirmed", "columns": {"customer_id": "KdNr"}}
    >>> Memory(folder).teach(FeedSpec.model_validate(content), {"KdNr": ("AA-999",)})
    1
    >>> Memory(folder, "acme").recall("KDNR", ("AA-999",)), Memory(folder, "other").recall("KdNr", ("AA-999",))
    ({'customer_id': 0.9}, {'customer_id': 0.5})
    >>> Memory(folder, "acme", feed="acme/customers").recall("KdNr", ("AA-999",), "customers")
    {'customer_id': 1.0}
    >>> Memory(folder).forget("acme/customers"), Memory(folder, "acme").recall("KDNR", ("AA-999",))
    (1, {})
    """

    folder: Path
    client: str | None = None
    without: str | None = None
    feed: str | None = None

    @cached_property
    def lessons(self) -> dict[str, tuple[Lesson, ...]]:
        """Everything known, by folded header.

        Raises
        ------
        SettingsError
            MEMORY-DAMAGED.
        """
        found: dict[str, list[Lesson]] = {}
        for path in sorted(self.folder.glob("*.json")):
            for lesson in _read(path):
                if self.without not in (lesson.client, lesson.feed):
                    found.setdefault(lesson.header, []).append(lesson)
        return {header: tuple(lessons) for header, lessons in found.items()}

    def recall(self, header: str, shapes: Sequence[str], contract: str = "") -> dict[str, float]:
        """What a column may be, with weights between 0 and 1; the same header with other shapes weighs half.

        Parameters
        ----------
        contract : str, optional
            Its name: what was confirmed for tables of another kind says nothing. Without one all lessons are told.
        """
        those = [lesson for lesson in self.lessons.get(fold(header), ()) if _akin(lesson.contract, contract)]
        decided = {lesson.field: DECIDED for lesson in those if lesson.feed == self.feed and alike(shapes, lesson.shapes) >= ALIKE}
        if decided:
            return decided
        doubt: dict[str, float] = {}
        for _, field_name, weight in sorted(self._votes(those, shapes)):
            doubt[field_name] = doubt.get(field_name, 1.0) * (1 - weight)
        return {name: min(MOST, round(1 - rest, 4)) for name, rest in doubt.items()}

    def _votes(self, those: Iterable[Lesson], shapes: Sequence[str]) -> list[tuple[str, str, float]]:
        """The strongest lesson of each client for each field: a client with many feeds has one voice."""
        best: dict[tuple[str, str], float] = {}
        for lesson in those:
            own = lesson.client == self.client
            if not own and _bare(lesson.header):
                continue
            weight = (OWN if own else OTHERS) * (0.5 + 0.5 * alike(shapes, lesson.shapes))
            pair = (lesson.client, lesson.field)
            best[pair] = max(best.get(pair, 0.0), weight)
        return [(client, name, weight) for (client, name), weight in best.items()]

    def teachers(self, header: str, field_name: str) -> tuple[str, ...]:
        """Feeds that taught that a header is a field, in order."""
        return tuple(sorted({lesson.feed for lesson in self.lessons.get(fold(header), ()) if lesson.field == field_name}))

    def teach(self, feed: FeedSpec, shapes: Mapping[str, Sequence[str]]) -> int:
        """Learn from a confirmed connector the columns that it takes whole; what it taught before is replaced.

        Parameters
        ----------
        feed : FeedSpec
        shapes : mapping
            Commonest shapes of values, by header.

        Returns
        -------
        int
            Columns learnt.

        Raises
        ------
        SettingsError
            CONNECTOR-DRAFT: only a confirmed mapping teaches.
        """
        if feed.status != "confirmed":
            place = Place(client=feed.client, feed=feed.feed)
            raise SettingsError("CONNECTOR-DRAFT", "only a confirmed connector teaches", place=place, expected="status: confirmed")
        columns = [
            {"header": fold(header), "field": name, "shapes": list(shapes.get(header, ()))}
            for name, spec in feed.columns.items() for header in spec.headers
            if len(spec.headers) == 1 and spec.part is None and not like_a_value(header)
        ]  # fmt: skip
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps({"feed": feed.feed, "contract": feed.contract, "columns": columns}, indent=1, ensure_ascii=False) + "\n"
        fresh = self._path(feed.feed).with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self._path(feed.feed))
        self.__dict__.pop("lessons", None)
        return len(columns)

    def forget(self, feed: str) -> int:
        """Undo what a feed taught; gives the number of columns that are forgotten."""
        path = self._path(feed)
        if not path.is_file():
            return 0
        try:
            count = len(_read(path))
        except SettingsError:  # to forget is the remedy for a damaged one
            count = 1
        path.unlink()
        self.__dict__.pop("lessons", None)
        return count

    def _path(self, feed: str) -> Path:
        return self.folder / f"{feed.replace('/', '.')}.json"


def alike(some: Iterable[str], others: Iterable[str]) -> float:
    """How much two columns' commonest shapes have in common: 0 to 1; unknown shapes count as half.

    Examples
    --------
    >>> alike(("99.99.999",), ("99.99.999", "9.9.999")), alike((), ("9",)), alike(("a",), ("9",))
    (1.0, 0.5, 0.0)
    """
    one, other = set(some), set(others)
    return len(one & other) / min(len(one), len(other)) if one and other else 0.5


def _bare(header: str) -> bool:
    """A header that says nothing, or no more than "id" or "name", means in each client's files what that client means."""
    return bool(BLANK.fullmatch(header)) or headers.header(header).words <= BARE


def _akin(taught: str, asked: str) -> bool:
    """Two contracts of one kind of rows, such as customers and subscribers: of the same key."""
    if not taught or not asked or taught == asked:
        return True
    keys = [contracts.get(name).key for name in (taught, asked) if name in contracts.names()]
    return len(keys) == 2 and keys[0] == keys[1]


def like_a_value(header: str) -> bool:
    """Whether a header may be a value, as of a file without a header: it is not to be kept.

    Examples
    --------
    >>> like_a_value("Umsatz 2024"), like_a_value("anna@example.org"), like_a_value("0171 5550199")
    (False, True, True)
    """
    digits = sum(sign.isdigit() for sign in header)
    return "@" in header or digits > 4 or len(header) > 60 or not any(sign.isalpha() for sign in header)


def _read(path: Path) -> list[Lesson]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        contract = str(found.get("contract", "")).partition("@")[0]
        return [Lesson(str(found["feed"]), one["header"], one["field"], tuple(one["shapes"]), contract) for one in found["columns"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise SettingsError(
            "MEMORY-DAMAGED", "what was learnt from a connector cannot be read", place=Place(file=path.name),
            hint=f"forget it: millrace connect {path.stem.replace('.', '/', 1)} --forget; --confirm learns it again",
        ) from None  # fmt: skip
