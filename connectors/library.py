"""Clients and their feeds by name: YAML files in ``connectors/clients`` or in another folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ValidationError
from rapidfuzz import process
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

from connectors.spec.client import ClientSpec
from connectors.spec.column import ColumnSpec
from connectors.spec.extension import ExtensionSpec
from connectors.spec.feed import FeedSpec
from connectors.spec.reading import ReadingSpec
from contracts import shelf
from contracts.errors import ContractError, Place, SettingsError

SHIPPED = Path(__file__).parent / "clients"
LARGEST = 1 << 20
DEEPEST = 20
LONGEST = 100
"""Characters of a client's or a feed's name."""
LEAST = 50
"""Per cent of likeness from which a name is called the closest."""

Spec = TypeVar("Spec", bound=BaseModel)


def clients(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the clients that are known.

    Examples
    --------
    >>> "harbour" in clients()
    True
    """
    return tuple(sorted({path.parent.name for root in _roots(folder) for path in root.glob("*/client.yaml")}))


def feeds(client: str, folder: Path | None = None) -> tuple[str, ...]:
    """Names of a client's feeds, as ``client/feed``.

    Examples
    --------
    >>> feeds("harbour")
    ('harbour/customers', 'harbour/transactions')
    """
    return tuple(f"{client}/{path.stem}" for path in sorted(home_of(client, folder).glob("*.yaml")) if path.stem != "client")


def load_client(name: str, folder: Path | None = None) -> ClientSpec:
    """A client by name.

    Raises
    ------
    SettingsError
        CLIENT-UNKNOWN, CONNECTOR-UNREADABLE, CONNECTOR-INVALID.

    Examples
    --------
    >>> load_client("harbour").currency
    'EUR'
    """
    spec = _validated(ClientSpec, home_of(name, folder) / "client.yaml")
    place = Place(client=name, file="client.yaml")
    if spec.name != name:
        raise SettingsError(
            "CONNECTOR-INVALID", "the client is another one than its folder says", place=place, found=spec.name, expected=name,
            hint="give `name:` and the folder the same name",
        )  # fmt: skip
    try:
        ZoneInfo(spec.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last: a folder of zones
        raise SettingsError(
            "CONNECTOR-INVALID", "the time zone is unknown", place=place, found=spec.time_zone, expected="a name such as Europe/Berlin",
            hint="correct `time_zone:`",
        ) from None  # fmt: skip
    return spec


def load_feed(feed: str, folder: Path | None = None) -> FeedSpec:
    """A connector by ``client/feed``.

    Raises
    ------
    SettingsError
        CLIENT-UNKNOWN, FEED-UNKNOWN, CONNECTOR-UNREADABLE, CONNECTOR-INVALID.

    Examples
    --------
    >>> load_feed("harbour/customers").contract
    'customers@1.0'
    """
    client, _, name = feed.partition("/")
    path = home_of(client, folder) / f"{name}.yaml"
    if not name or name == "client" or len(name) > LONGEST or not path.is_file():
        raise _unknown("FEED-UNKNOWN", f"the client {client} has no feed {name[:60]!r}", feed, feeds(client, folder))
    spec = read_feed(path)
    if spec.feed != feed:
        place = Place(client=client, feed=feed, file=path.name)
        raise SettingsError("CONNECTOR-INVALID", "the connector is of another feed", place=place, found=spec.feed, expected=feed)
    return spec


def read_feed(path: Path) -> FeedSpec:
    """A connector from a file; one that has not changed is not read again.

    Raises
    ------
    SettingsError
        CONNECTOR-UNREADABLE, CONNECTOR-INVALID.
    """
    state = path.stat()
    return _read_feed(path, state.st_mtime_ns, state.st_size, shelf.state())


@lru_cache(maxsize=64)
def _read_feed(path: Path, _changed: int, _size: int, _shelf: object) -> FeedSpec:
    spec = _validated(FeedSpec, path)
    place = Place(client=spec.client, feed=spec.feed, file=path.name)
    try:
        unknown, fields = spec.unknown_fields, tuple(spec.table.fields)
        missing = [f.name for f in spec.table.fields.values() if f.required and f.name not in spec.all_columns]
    except ContractError as error:
        raise SettingsError(
            "CONNECTOR-INVALID", error.message, place=place, found=error.found, expected=error.expected, hint=error.hint
        ) from None
    if unknown:
        details = [f"{name}: no such field; closest: {_closest(name, fields)}" for name in unknown]
        raise SettingsError("CONNECTOR-INVALID", f"{spec.table.id} has no such field", place=place, details=details)
    if missing:
        hint = f"map {', '.join(missing)} under `columns:`; a file without a key may say {{from: record_position}}"
        raise SettingsError("CONNECTOR-INVALID", f"fields that {spec.table.id} requires are not mapped", place=place, hint=hint)
    if foreign := list(_foreign(spec)):
        hint = "the right side of `values:` is a code of the contract"
        raise SettingsError("CONNECTOR-INVALID", f"{spec.table.id} has no such code", place=place, details=foreign, hint=hint)
    return spec


def _foreign(spec: FeedSpec) -> Iterator[str]:
    """Codes that words are mapped to and that their field does not have."""
    for name, column in spec.columns.items():
        allowed = spec.table.fields[name].allowed
        for code in dict.fromkeys(map(str, column.values.values())) if allowed else ():
            if code not in (allowed or ()):
                yield f"{name}: no such code {code!r}; allowed: {', '.join(allowed or ())}"


def _roots(folder: Path | None) -> tuple[Path, ...]:
    return (folder, SHIPPED) if folder else (SHIPPED,)


def home_of(client: str, folder: Path | None = None) -> Path:
    """The folder of a client's YAML.

    Raises
    ------
    SettingsError
        CLIENT-UNKNOWN.

    Examples
    --------
    >>> home_of("harbour").name
    'harbour'
    """
    for root in _roots(folder):
        if client and "/" not in client and len(client) <= LONGEST and (root / client / "client.yaml").is_file():
            return root / client
    raise _unknown("CLIENT-UNKNOWN", f"there is no client {client[:60]!r}", client, clients(folder))


def _unknown(code: str, message: str, name: str, known: tuple[str, ...]) -> SettingsError:
    near = _closest(name, known)
    hint = None if not known else f"closest: {near}" if near != "none" else "choose one of these"
    return SettingsError(code, message, expected=", ".join(known) or None, hint=hint)


def _closest(name: str, among: tuple[str, ...]) -> str:
    near = process.extractOne(name, among, score_cutoff=LEAST)
    return f"{near[0]} ({near[1]:.0f} %)" if near else "none"


def read_yaml(path: Path) -> Any:
    """The content of a YAML 1.2 file; aliases and tags are refused.

    Raises
    ------
    SettingsError
        CONNECTOR-UNREADABLE.
    """
    place = Place(client=path.parent.name, file=path.name)
    if path.stat().st_size > LARGEST:
        raise SettingsError("CONNECTOR-UNREADABLE", "the file is too large for a connector", place=place)
    try:
        text = path.read_text(encoding="utf-8")
        _harmless(text, place)
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise SettingsError(
            "CONNECTOR-UNREADABLE", "the file is no plain YAML 1.2", place=replace(place, line=mark.line + 1 if mark else None),
            found=str(getattr(error, "problem", None) or type(error).__name__),
            hint="mend it at this line or just above: `key: value`, the same indent for what belongs together, quotes around : and #",
        ) from None  # fmt: skip


def _harmless(text: str, place: Place) -> None:
    """Refuse what can grow beyond measure: aliases, and deep nests."""
    depth = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise SettingsError("CONNECTOR-UNREADABLE", "anchors and aliases are not allowed", place=place, hint="write the value twice")
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise SettingsError("CONNECTOR-UNREADABLE", f"entries lie more than {DEEPEST} levels deep", place=place)


def _validated(kind: type[Spec], path: Path) -> Spec:
    data = read_yaml(path)
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        details = [_line(kind, part) for part in error.errors(include_url=False)]
        place = Place(client=path.parent.name, file=path.name)
        wrong = "1 entry is wrong" if len(details) == 1 else f"{len(details)} entries are wrong"
        raise SettingsError("CONNECTOR-INVALID", wrong, place=place, details=details, hint="correct it in this file") from None


def _line(kind: type[BaseModel], part: Any) -> str:
    where = ".".join(str(step) for step in part["loc"])
    if part["type"] == "greater_than_equal":
        return f"{where}: it must be {part['ctx']['ge']} or more"
    if part["type"] != "extra_forbidden":
        return f"{where or 'the whole file'}: {_WANTED.get(part['type'], part['msg'].removeprefix('Value error, '))}"
    allowed = _allowed(kind, part["loc"])
    return f"{where}: unknown key; closest: {_closest(str(part['loc'][-1]), allowed)}; allowed: {', '.join(allowed)}"


_WANTED = {
    "model_type": "it must be keys with values, such as `key: value`",
    "dict_type": "it must be keys with values, such as `key: value`",
    "tuple_type": "it must be a list, such as [a, b]",
}
"""What pydantic calls by the names of Python's types, in words of YAML."""


def _allowed(kind: type[BaseModel], loc: tuple[Any, ...]) -> tuple[str, ...]:
    parts: dict[Any, type[BaseModel]] = {"columns": ColumnSpec, "extensions": ExtensionSpec, "reading": ReadingSpec}
    model = kind if len(loc) == 1 else parts.get(loc[0], kind)
    return tuple(field.alias or name for name, field in model.model_fields.items())
