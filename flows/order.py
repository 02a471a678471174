"""Order: what is to be delivered for whom, and which stored submissions it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from connectors.spec.client import ClientSpec
from connectors.spec.column import POSITION
from connectors.spec.feed import FeedSpec
from contracts.errors import Place, RunError, SettingsError
from flows import products
from flows.disk import read_json
from flows.intake import Arrival, usable
from flows.integrity import sound
from flows.product import Product
from flows.runs import of_owner, stored
from flows.stored import Stored
from flows.submissions import current, newest
from flows.workspace import Workspace

Pages = Literal["all", "client", "none"]


@dataclass(frozen=True)
class Order:
    """One pack that is asked for.

    Parameters
    ----------
    client, product : str
    arrivals : tuple of Arrival
        Files to take in first.
    submissions : tuple of str
        Ids of stored submissions to use instead of the newest.
    as_of : datetime.date, optional
        The latest date in the data where not given.
    draft : bool
        Connectors that are drafts may be used; the pack is marked DRAFT.
    pages : {"all", "client", "none"}
        Client's pages and Evidently's drift page, the former only, or tables alone.
    """

    client: str
    product: str
    arrivals: tuple[Arrival, ...] = ()
    submissions: tuple[str, ...] = ()
    as_of: date | None = None
    draft: bool = False
    pages: Pages = "all"

    @property
    def label(self) -> str:
        """For people."""
        return f"{self.client}/{self.product}"


@dataclass(frozen=True)
class Source:
    """A feed of the product with the submissions that are read: the newest, or all that stand where each adds to the others.

    Parameters
    ----------
    feed : FeedSpec
    submissions : tuple of Stored
        Oldest first.
    """

    feed: FeedSpec
    submissions: tuple[Stored, ...]

    @property
    def contract(self) -> str:
        """Name of its contract."""
        return self.feed.table.name

    @property
    def by_position(self) -> bool:
        """Whether the key is the record's position, as the file has none."""
        return any(self.feed.all_columns[name].source == (POSITION,) for name in self.feed.table.key if name in self.feed.all_columns)

    @cached_property
    def accounts(self) -> tuple[Mapping[str, Any], ...]:
        """The ``submission.json`` of each, read once: a submission never changes."""
        return tuple(read_json(each.folder / "submission.json") for each in self.submissions)

    @property
    def filled(self) -> set[str]:
        """Fields that hold a value somewhere."""
        return {name for account in self.accounts for name, field in account["fields"].items() if field["filled"]}


def ordered(workspace: Workspace, order: Order) -> tuple[ClientSpec, Product]:
    """The client and the product of an order.

    Raises
    ------
    SettingsError
        CLIENT-UNKNOWN, PRODUCT-UNKNOWN.
    """
    return workspace.client(order.client), products.get(order.product)


def feeds_for(workspace: Workspace, client: str, product: Product) -> dict[str, FeedSpec]:
    """The client's feed for each contract that the product needs.

    Raises
    ------
    SettingsError
        PRODUCT-NOT-SERVED where a feed is missing, with the products that could be served; FEED-AMBIGUOUS where several serve.
    """
    known = [workspace.feed(name) for name in workspace.feeds(client)]
    found = {contract: [feed for feed in known if feed.table.name == contract] for contract in product.contracts}
    missing = [contract for contract, feeds in found.items() if not feeds]
    if missing:
        could = products.serving({feed.table.name for feed in known})
        raise SettingsError(
            "PRODUCT-NOT-SERVED", f"the product {product.name} needs feeds that {client} does not have", place=Place(client=client),
            found=", ".join(f"{feed.feed} ({feed.table.name})" for feed in known) or "no feed", expected=", ".join(missing),
            hint=f"the feeds of {client} can serve: {', '.join(could)}" if could else "add a connector for the missing feed",
        )  # fmt: skip
    for contract, feeds in found.items():
        if len(feeds) > 1:
            names = ", ".join(feed.feed for feed in feeds)
            raise SettingsError("FEED-AMBIGUOUS", f"several feeds of {client} are {contract}", place=Place(client=client), found=names)
    return {contract: feeds[0] for contract, feeds in found.items()}


def sources(workspace: Workspace, order: Order, product: Product, arrived: Sequence[Stored] = ()) -> dict[str, Source]:
    """What each contract of the product is read from: the arrived submission, the one named by id, or what stands in the store.

    Raises
    ------
    SettingsError
        As `feeds_for`; CONNECTOR-DRAFT.
    RunError
        SUBMISSION-MISSING, RUN-UNKNOWN, RUN-DAMAGED.
    """
    feeds = feeds_for(workspace, order.client, product)
    for feed in feeds.values():
        usable(feed, draft=order.draft)
    return {contract: Source(feed, _chosen(workspace, order, feed, arrived)) for contract, feed in feeds.items()}


def _chosen(workspace: Workspace, order: Order, feed: FeedSpec, arrived: Sequence[Stored]) -> tuple[Stored, ...]:
    mine = [each for each in of_owner(workspace.home, "submissions", feed.client, feed.name) if _named(each, order.submissions)]
    if not mine and feed.mode == "append":
        mine = current(workspace.home, feed.client, feed.name)
    mine = mine or [each for each in arrived if each.name == feed.name][-1:]
    return tuple(sound(each) for each in mine or [newest(workspace.home, feed.client, feed.name)])


def _named(submission: Stored, wanted: Sequence[str]) -> bool:
    return any(each and submission.id.startswith(each.rpartition("@")[2]) for each in wanted)


def check_named(workspace: Workspace, order: Order) -> None:
    """Refuse an id that names no submission of the client.

    Raises
    ------
    RunError
        RUN-UNKNOWN.
    """
    every = stored(workspace.home, "submissions", order.client)
    for wanted in order.submissions:
        if not any(_named(each, [wanted]) for each in every):
            raise RunError(
                "RUN-UNKNOWN", f"{order.client} has no submission of this id", found=wanted[:40], hint="millrace runs list shows all"
            )
