"""What confirmed connectors teach: the memory of some tables' truth, and proposals for a client that is not among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.memory import Memory
from connectors.proposing.column import columns
from connectors.reading.block import Block
from connectors.spec.feed import FeedSpec
from tests.connectors.proposing.truth import Entry


@dataclass(frozen=True)
class Known:
    """A table, its truth, and the feed that it is taught as."""

    entry: Entry
    block: Block
    feed: str

    @property
    def client(self) -> str:
        """Whose feed it is."""
        return self.feed.partition("/")[0]


def known(tables: Iterable[tuple[Entry, Block]]) -> list[Known]:
    """A feed for each table; names are folded to what a feed may be called."""
    return [
        Known(entry, block, f"{_name(entry.client)}/{_name(entry.name.rpartition('/')[2])}{place}")
        for place, (entry, block) in enumerate(tables)
    ]


def _name(text: str) -> str:
    return re.sub("[^a-z0-9]+", "_", text.lower()).strip("_")


def memory(folder: Path, those: Sequence[Known]) -> Memory:
    """Everything that is true of them, confirmed."""
    store = Memory(folder)
    for one in those:
        # A connector takes whole columns: a part of one is in no confirmed mapping.
        whole = {name: wanted for name, wanted in one.entry.fields.items() if not wanted.made and wanted.part is None}
        sources = {name: {"from": list(wanted.choices[0])} for name, wanted in whole.items()}
        content = {"feed": one.feed, "contract": one.entry.contract.id, "status": "confirmed", "columns": sources}
        shapes = {column.name: column.shapes() for column in columns(one.block.table)}
        store.teach(FeedSpec.model_validate(content), shapes)
    return store


def of_others(store: Memory, one: Known) -> Memory:
    """What the other clients taught."""
    return Memory(store.folder, one.client, without=one.client)


def of_all(store: Memory, one: Known) -> Memory:
    """What everybody taught, this very feed's mapping included."""
    return Memory(store.folder, one.client, feed=one.feed)
