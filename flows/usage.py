"""Usage: who uses a contract, and whom a change of it touches: clients' feeds by what they map, products and models by what they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from connectors.spec.column import POSITION, WITHIN
from connectors.spec.feed import FeedSpec
from contracts.change import Change, Kind
from contracts.contract import Contract
from contracts.errors import MillraceError, ModelError
from flows.product import Product
from flows.products import every
from flows.workspace import Workspace

WORDING: frozenset[Kind] = frozenset({
    "title", "meaning", "synonyms", "row", "name", "version not raised", "rule rewritten", "fields in another order",
})  # fmt: skip
"""Changes that touch nobody's work."""
FITTED = ("customer_id", "ordered_at", "quantity", "amount")
"""Fields of order lines that a model fitted on them reads."""
MOST = 3


@dataclass(frozen=True)
class Feed:
    """A feed of a contract.

    Parameters
    ----------
    name : str
        ``client/feed``.
    status : str
        ``draft`` or ``confirmed``; the error's code where its YAML is wrong.
    columns : mapping
        By field, where it comes from.
    extensions : tuple of str
        Fields of its own.
    asks_for : str
        The contract as its YAML names it.
    """

    name: str
    status: str
    columns: Mapping[str, str]
    extensions: tuple[str, ...] = ()
    asks_for: str = ""


@dataclass(frozen=True)
class Reader:
    """A product or a model, and what it reads.

    Parameters
    ----------
    what : {"product", "model"}
    name : str
    reads : mapping
        By field of the contract, the inputs that are made of it.
    """

    what: Literal["product", "model"]
    name: str
    reads: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Usage:
    """Everybody who uses a contract.

    Parameters
    ----------
    feeds : tuple of Feed
    readers : tuple of Reader
    unread : tuple of str
        Models that could not be looked at, with the code of the error.
    """

    feeds: tuple[Feed, ...] = ()
    readers: tuple[Reader, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Touch:
    """Somebody who is touched by a change, and how."""

    what: Literal["feed", "product", "model"]
    name: str
    how: str

    def as_dict(self) -> dict[str, str]:
        """JSON-able."""
        return {"what": self.what, "name": self.name, "how": self.how}


def usage(space: Workspace, contract: Contract) -> Usage:
    """Who uses a contract: all clients' feeds, all products, and the models in the home."""
    from models import store

    reading = {product.name: reads(product, contract) for product in every()}
    found = [Reader("product", name, read) for name, read in reading.items() if read]
    unread: list[str] = []
    for name in store.names(space.home.root):
        try:
            found += _models(space, name, reading)
        except ModelError as error:
            unread.append(f"{name} ({error.code})")
    return Usage(tuple(feeds(space, contract.name)), tuple(found), tuple(unread))


def feeds(space: Workspace, contract: str) -> Iterator[Feed]:
    """Feeds of a contract; one whose YAML is wrong is named where its text names the contract."""
    for client in space.clients():
        for name in space.feeds(client):
            try:
                spec = space.feed(name)
            except MillraceError as error:
                if _named_in(space, name, contract):
                    yield Feed(name, error.code, {})
                continue
            if spec.contract.partition("@")[0] == contract:
                columns = {field: _source(spec, field) for field in spec.all_columns}
                yield Feed(name, spec.status, columns, tuple(spec.extensions), spec.contract)


def _named_in(space: Workspace, feed: str, contract: str) -> bool:
    """Whether the contract's name stands in a feed's file that cannot be used."""
    from connectors.library import home_of, read_yaml

    client, _, name = feed.partition("/")
    try:
        data = read_yaml(home_of(client, space.settings.clients) / f"{name}.yaml")
    except (MillraceError, OSError):
        return False
    return isinstance(data, Mapping) and str(data.get("contract", "")).partition("@")[0] == contract


def _source(spec: FeedSpec, field: str) -> str:
    column = spec.all_columns[field]
    said = {POSITION: "its record's number", WITHIN: "its place in the group"}
    return " + ".join(said.get(source, source) for source in column.source) if column.source else f"always {column.constant}"


def reads(product: Product, contract: Contract) -> dict[str, tuple[str, ...]]:
    """What a product reads of a contract: by field, the inputs that are made of it; its key and its label read themselves.

    Examples
    --------
    >>> from contracts.contract import get
    >>> from flows.products import get as product
    >>> found = reads(product("repurchase"), get("customers"))
    >>> found["birth_date"], found["income"], found["postcode"]
    (('age',), ('income',), ('region',))
    >>> reads(product("churn"), get("transactions"))
    {}
    """
    found: dict[str, dict[str, None]] = {}
    for field, name in _pairs(product, contract):
        found.setdefault(field, {})[name] = None
    return {field: tuple(found[field]) for field in contract.fields if field in found}


def _pairs(product: Product, contract: Contract) -> Iterator[tuple[str, str]]:
    """Fields with an input that is made of them."""
    from flows.supply import LINES, TOLD_BY

    if contract.name == product.base:
        yield from _own(product, contract)
    elif contract.name == LINES and LINES in product.needs:
        made = {field.name for field in product.derived}
        yield from ((field, name) for name, ways in TOLD_BY.items() if name in made for way in ways for field in way)


def _own(product: Product, contract: Contract) -> Iterator[tuple[str, str]]:
    from flows.supply import ANY_DAY

    told = FITTED if product.kind == "lifetimes" else (*contract.key, *((product.label,) if product.label else ()))
    yield from ((name, name) for name in told if name in contract.fields)
    if product.kind == "lifetimes":
        return
    inputs = product.inputs(contract)
    yield from ((name, name) for name in inputs if name in contract.fields)
    for step in (*product.before(ANY_DAY), *product.after(ANY_DAY)):
        yield from ((need, made) for need in step.needs for made in step.fills if made in inputs and need in contract.fields)


def _models(space: Workspace, name: str, reading: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[Reader]:
    """Stored versions of a model, by the inputs that they have."""
    from models import store

    for version in store.versions(space.home.root, name):
        card = store.show(space.home.root, name, version.version)
        has = {one.name for one in card.inputs} | ({card.trained.label} if card.trained.label else set())
        found = {field: tuple(n for n in names if n in has) for field, names in reading.get(card.product, {}).items()}
        if used := {field: names for field, names in found.items() if names}:
            yield Reader("model", version.id, used)


def touches(change: Change, used: Usage) -> tuple[Touch, ...]:
    """Whom a change touches; a change of wording touches nobody.

    Parameters
    ----------
    change : Change
    used : Usage
        Of the contract before the change.
    """
    if change.kind in WORDING:
        return ()
    found = [Touch("feed", feed.name, how) for feed in used.feeds if (how := _feed(change, feed))]
    return (*found, *(Touch(reader.what, reader.name, how) for reader in used.readers if (how := _reader(change, reader))))


def _feed(change: Change, feed: Feed) -> str:
    """How a feed is touched; empty where it is not."""
    if not feed.columns and feed.status not in ("draft", "confirmed"):
        return f"its YAML is wrong: {feed.status}"
    clash = [name for name in change.fields if name in feed.extensions]
    if change.kind == "field added":
        return f"has a field of its own named {clash[0]}" if clash else "must send it" if change.senders.breaks else ""
    if change.kind == "required now":
        return "" if any(name in feed.columns for name in change.fields) else "does not send it"
    if change.kind == "version":
        return f"asks for {feed.asks_for}" if "@" in feed.asks_for else ""
    if not change.fields:
        return "is a feed of this contract"
    mapped = [name for name in change.fields if name in feed.columns and name not in feed.extensions]
    if len(mapped) == 1:
        return f"sends it as {feed.columns[mapped[0]]}"
    return f"sends {', '.join(mapped)}" if mapped else ""


def _reader(change: Change, reader: Reader) -> str:
    made = dict.fromkeys(name for field in change.fields for name in reader.reads.get(field, ()))
    own = [name for name in made if name in change.fields]
    others = [name for name in made if name not in change.fields]
    said = ["reads it"] if own else []
    said += [f"makes {', '.join(others[:MOST])}{f' and {len(others) - MOST} more' if len(others) > MOST else ''} of it"] if others else []
    return " and ".join(said)
